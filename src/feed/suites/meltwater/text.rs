//! What Meltwater posts, as JSON: its strings are of UTF-16, which shows where a text was cut.

use std::borrow::Cow;

use encoding_rs::Encoding;
use serde_json::Value;

/// Reads a body: UTF-8, or UTF-16 with its byte-order mark. Halves of characters that a cut left
/// behind (`\ud83d` alone) become replacement characters.
pub(super) fn json(body: &[u8]) -> Option<Value> {
    let text: Cow<'_, [u8]> = match Encoding::for_bom(body) {
        Some((encoding, _)) => encoding.decode(body).0.into_owned().into_bytes().into(),
        None => body.into(),
    };
    serde_json::from_slice(&text).or_else(|_| serde_json::from_slice(&mended(&text))).ok()
}

/// The same with every lone surrogate as `\ufffd`.
fn mended(text: &[u8]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        match (first, behind.first()) {
            (b'\\', Some(b'u')) => {
                let (kept, next) = escape(rest);
                mended.extend_from_slice(kept);
                rest = &rest[next..];
            }
            // Another escape: its second byte begins none.
            (b'\\', Some(second)) => {
                mended.extend([b'\\', *second]);
                rest = &rest[2..];
            }
            _ => {
                mended.push(*first);
                rest = behind;
            }
        }
    }
    mended
}

/// What stands for the `\u` escape at the head, and how many bytes it takes.
fn escape(text: &[u8]) -> (&[u8], usize) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6).filter(|digits| digits.starts_with(b"\\u"))?;
        u16::from_str_radix(std::str::from_utf8(&digits[2..]).ok()?, 16).ok()
    };
    match (unit(0), unit(6)) {
        (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (&text[..12], 12),
        (Some(0xd800..=0xdfff), _) => (b"\\ufffd", 6),
        (Some(_), _) => (&text[..6], 6),
        (None, _) => (&text[..2], 2),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_that_was_cut_within_a_character_is_read() {
        let cut = json(br#"["a\ud83d", "\ude00b", "\ud83d\ude00", "\\ud83d", "\u00e9"]"#);
        assert_eq!(cut, Some(serde_json::json!(["a\u{fffd}", "\u{fffd}b", "😀", "\\ud83d", "é"])));
        assert_eq!(json(br#"["\u12"]"#), None);
    }

    #[test]
    fn either_encoding_is_read() {
        let wide = |text: &str| -> Vec<u8> {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect()
        };
        let expected = Some(serde_json::json!({"a": "é"}));
        assert_eq!(json(&wide("{\"a\":\"é\"}")), expected);
        assert_eq!(json("\u{feff}{\"a\":\"é\"}".as_bytes()), expected);
        assert_eq!(json("{\"a\":\"é\"}".as_bytes()), expected);
        assert_eq!(json(b""), None);
    }

    proptest! {
        #[test]
        fn nothing_panics_and_good_json_stays_as_it_is(bytes in prop::collection::vec(any::<u8>(), 0..60), text in ".{0,20}") {
            let _ = json(&bytes);
            let good = serde_json::to_vec(&text).expect("a text is JSON");
            prop_assert_eq!(mended(&good), good);
        }
    }
}
