//! Values that a layout file writes as words: durations, colours, how much may move and who may see it;
//! and its names as they stand on the wall.

use std::borrow::Cow;
use std::time::Duration;

use jiff::{Span, SpanRelativeTo};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _};

use crate::color::Rgba;

/// A length of time, written `"90s"`, `"10m"`, `"1h 30m"`, `"30d"`. Never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lasting(pub Duration);

impl Lasting {
    pub const fn from_secs(secs: u64) -> Self {
        Self(Duration::from_secs(secs))
    }
}

impl<'de> Deserialize<'de> for Lasting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = String::deserialize(deserializer)?;
        length_of(&words).map(Self).ok_or_else(|| {
            D::Error::custom(format!(
                "`{words}` is not a duration\nWrite a number and a unit: \"90s\", \"10m\", \"1h 30m\"."
            ))
        })
    }
}

/// A day is 24 hours long, a week seven days; months and years are no lengths.
pub(crate) fn length_of(words: &str) -> Option<Duration> {
    let span: Span = words.parse().ok()?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    Duration::try_from(length).ok()
}

impl JsonSchema for Lasting {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A duration: numbers with units.",
            "examples": ["90s", "10m", "1h 30m"],
        })
    }
}

/// A colour, written `"#RRGGBB"` or `"#RGB"`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colour(pub Rgba);

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let plain = text.bytes().skip(1).all(|b| b.is_ascii_hexdigit());
        Rgba::parse(&text).filter(|_| plain).map(Self).ok_or_else(|| {
            D::Error::custom(format!(
                "`{text}` is not a colour\nWrite red, green and blue in hexadecimal: \"#56b4e9\"."
            ))
        })
    }
}

impl JsonSchema for Colour {
    fn schema_name() -> Cow<'static, str> {
        "Colour".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A colour: red, green and blue in hexadecimal.",
            "pattern": "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$",
            "examples": ["#56b4e9"],
        })
    }
}

/// Which set of colours to start from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Base {
    #[default]
    Dark,
    Light,
    Event,
}

/// How much may move.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Motion {
    #[default]
    Full,
    /// Half speed.
    Calm,
    /// Nothing moves; changes are instant.
    Still,
}

/// Who may see the wall.
/// How much of a name stands beside what somebody said.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum PeopleNamed {
    /// Name and handle.
    Full,
    /// The handle alone.
    Handle,
    /// `J. D.`
    Initials,
    /// No one is named.
    Masked,
}

impl PeopleNamed {
    /// Where the layout says nothing.
    pub const fn usual(audience: Audience) -> Self {
        match audience {
            Audience::Staff => Self::Full,
            Audience::Public => Self::Masked,
        }
    }

    /// Whether whoever reads it can find the person.
    pub const fn leads_to_people(self) -> bool {
        matches!(self, Self::Full | Self::Handle)
    }
}

#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    #[default]
    Staff,
    /// Visitors: names and handles of real people are hidden.
    Public,
}

/// The name of a table as it stands on the wall where the layout gives no other.
pub(super) fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    first + &chars.as_str().replace(['_', '-'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(words: &str) -> Option<u64> {
        serde_json::from_value::<Lasting>(words.into()).ok().map(|l| l.0.as_secs())
    }

    #[test]
    fn durations_are_words() {
        assert_eq!(secs("90s"), Some(90));
        assert_eq!(secs("1h 30m"), Some(5_400));
        assert_eq!(secs("10 minutes"), Some(600));
        assert_eq!(secs("30d"), Some(30 * 86_400));
        for wrong in ["", "90", "-5s", "5s ago", "soon", "1y", "99999999999999999999h"] {
            assert_eq!(secs(wrong), None, "{wrong}");
        }
    }
}
