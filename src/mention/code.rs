//! Short codes of countries and languages, small enough to be copied.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A country or territory by its two letters, ISO 3166-1 alpha-2, in capitals.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// Two ASCII letters in either case; whether they name a country is not looked up.
    pub fn new(code: &str) -> Option<Self> {
        let letters: [u8; 2] = code.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_alphabetic).then(|| Self(letters.map(|c| c.to_ascii_uppercase())))
    }

    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// For compact storage; read by [`Country::from_bytes`].
    pub fn to_bytes(self) -> [u8; 2] {
        self.0
    }

    pub fn from_bytes(bytes: [u8; 2]) -> Option<Self> {
        Self::new(str::from_utf8(&bytes).ok()?)
    }
}

/// A language by its code of two or three letters (ISO 639), the first part of a BCP 47 tag, in
/// small letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lang([u8; 3]);

impl Lang {
    pub const EN: Self = Self(*b"en\0");

    /// Of a whole tag (`pt-BR`, `zh_Hant`); `und`, `mul`, `zxx` and what is no tag are `None`.
    pub fn new(tag: &str) -> Option<Self> {
        let part = tag.split(['-', '_']).next()?.as_bytes();
        if !matches!(part.len(), 2 | 3) || !part.iter().all(u8::is_ascii_alphabetic) {
            return None;
        }
        let mut code = [0; 3];
        code.iter_mut().zip(part).for_each(|(to, from)| *to = from.to_ascii_lowercase());
        (![b"und", b"mul", b"zxx"].contains(&&code)).then_some(Self(code))
    }

    pub fn as_str(&self) -> &str {
        let length = if self.0[2] == 0 { 2 } else { 3 };
        str::from_utf8(&self.0[..length]).unwrap_or_default()
    }

    /// For compact storage; read by [`Lang::from_bytes`].
    pub fn to_bytes(self) -> [u8; 3] {
        self.0
    }

    pub fn from_bytes(bytes: [u8; 3]) -> Option<Self> {
        Self::new(str::from_utf8(&bytes).ok()?.trim_end_matches('\0'))
    }
}

macro_rules! as_text {
    ($code:ident, $wrong:literal) => {
        impl fmt::Display for $code {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $code {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $code {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $code {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(from)?;
                Self::new(&text).ok_or_else(|| serde::de::Error::custom($wrong))
            }
        }
    };
}

as_text!(Country, "a country is two letters");
as_text!(Lang, "a language is two or three letters");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_either_case_and_foreign_ones_refused() {
        assert_eq!(Country::new("us").map(|c| c.to_string()).as_deref(), Some("US"));
        assert!(["", "U", "USA", "U1", "é"].iter().all(|code| Country::new(code).is_none()));
        let langs =
            [("pt-BR", Some("pt")), ("ZH_Hant", Some("zh")), ("fil", Some("fil")), ("EN", Some("en"))];
        for (tag, code) in langs {
            assert_eq!(Lang::new(tag).map(|l| l.to_string()).as_deref(), code);
        }
        assert!(["", "und", "MUL", "zxx", "e", "engl", "日本"].iter().all(|tag| Lang::new(tag).is_none()));
        assert_eq!(Lang::new("en"), Some(Lang::EN));
        let back = |tag| Lang::new(tag).and_then(|lang| Lang::from_bytes(lang.to_bytes()));
        assert_eq!((back("en"), back("fil")), (Lang::new("en"), Lang::new("fil")));
        assert_eq!(Country::from_bytes(*b"us"), Country::new("US"));
        assert_eq!((Lang::from_bytes([0; 3]), Country::from_bytes([200; 2])), (None, None));
    }
}
