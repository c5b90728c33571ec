//! Reads JSON as it is really sent. What is right is read at once and costs nothing more; only what
//! serde_json refuses is mended, so that a bad character costs that character.
//!
//! Mended are: half a surrogate (`\ud83d` alone) and bytes that are not UTF-8, which become U+FFFD;
//! a byte-order mark, and UTF-16; raw control characters and unknown escapes within strings;
//! commas before a closing bracket; and, within a list or an object, numbers and words that JSON
//! does not have (`NaN`, `1e999`), which become null. In a document, a record that is beyond
//! mending is left out and counted ([`document`]).

mod mend;
mod salvage;

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(in crate::feed) use self::mend::mended;
use super::error::DecodeError;

/// The text is not JSON, mended or not.
pub(in crate::feed) const NOT_JSON: DecodeError = DecodeError("not JSON");

/// Reads one JSON text by `read`; where that finds no JSON, its mended form.
pub(in crate::feed) fn read<T>(
    json: &[u8],
    read: impl Fn(&str) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    match std::str::from_utf8(json).map_err(|_| NOT_JSON).and_then(&read) {
        Err(NOT_JSON) => read(&mended(json)),
        other => other,
    }
}

/// Reads one JSON text as a type that owns what it holds.
pub(in crate::feed) fn typed<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    read(json, |text| serde_json::from_str(text).map_err(|_| NOT_JSON))
}

/// Reads a document of many records, and tells how many of them were left out because they are
/// beyond mending. One that was cut off is not JSON.
pub(in crate::feed) fn document(json: &[u8]) -> Result<(Value, usize), DecodeError> {
    match typed(json) {
        Ok(value) => Ok((value, 0)),
        Err(_) => salvage::salvage(&mend::decoded(json)).ok_or(NOT_JSON),
    }
}

/// Reads JSON texts that follow one another, with nothing, white space or record separators between them.
pub(in crate::feed) fn sequence(json: &[u8]) -> Result<Vec<Value>, DecodeError> {
    let text = mended(json);
    serde_json::Deserializer::from_str(&text).into_iter().collect::<Result<_, _>>().map_err(|_| NOT_JSON)
}

/// The text as UTF-8, where it is not, and the answer names another encoding.
pub(in crate::feed) fn by_charset<'b>(json: &'b [u8], content_type: Option<&str>) -> Cow<'b, [u8]> {
    let named = || {
        let (_, charset) = content_type?.split_once("charset=")?;
        let name = charset.split(';').next()?.trim().trim_matches(['"', '\'']);
        Encoding::for_label(name.as_bytes()).filter(|encoding| *encoding != UTF_8)
    };
    if std::str::from_utf8(json).is_ok() {
        return json.into();
    }
    named().map_or(json.into(), |encoding| encoding.decode(json).0.into_owned().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn value(json: &[u8]) -> Option<Value> {
        typed(json).ok()
    }

    #[test]
    fn a_text_that_was_cut_within_a_character_is_read() {
        let cut =
            value(br#"["a\ud83d", "\ude00b", "\ud83d\ude00", "\\ud83d", "\u00e9", "\ud83d\ud83d\ude00"]"#);
        let expected = json!(["a\u{fffd}", "\u{fffd}b", "😀", "\\ud83d", "é", "\u{fffd}😀"]);
        assert_eq!(cut, Some(expected));
        assert_eq!(
            value(br#"["\u12", "C:\Users\new", "it\'s"]"#),
            Some(json!(["\u{fffd}12", "C:\\Users\new", "it's"]))
        );
    }

    #[test]
    fn bytes_that_are_no_text_cost_themselves() {
        assert_eq!(value(b"{\"a\":\"caf\xe9\",\"b\":1}"), Some(json!({"a": "caf\u{fffd}", "b": 1})));
        assert_eq!(value(b"{\"a\":\"x\ny\tz\0\"}\0"), Some(json!({"a": "x\ny\tz\0"})));
        assert_eq!(value(b"\0\0{}\0"), Some(json!({})));
        let cesu = b"[\"x\xed\xa0\xbd\xed\xb8\x80y\", \"\xed\xa0\xbd\"]";
        assert_eq!(value(cesu), Some(json!(["x😀y", "\u{fffd}\u{fffd}\u{fffd}"])));
    }

    #[test]
    fn an_answer_may_name_its_encoding() {
        let named = by_charset(b"\"caf\xe9\"", Some("application/json; charset=ISO-8859-1"));
        assert_eq!(value(&named), Some(json!("café")));
        assert_eq!(value(&by_charset("\"é\"".as_bytes(), Some("a; charset=latin1"))), Some(json!("é")));
        assert_eq!(value(&by_charset(b"\"caf\xe9\"", None)), Some(json!("caf\u{fffd}")));
    }

    #[test]
    fn what_no_number_can_be_is_null_and_the_rest_stays() {
        let odd = br#"{"a":NaN,"b":-Infinity,"c":1e999,"d":.5,"e":01,"f":undefined,"g":[1,2,],"h":-0.5e3,}"#;
        let read = value(odd).expect("it is mended");
        assert_eq!(
            read,
            json!({"a": null, "b": null, "c": null, "d": 0.5, "e": 1.0, "f": null, "g": [1, 2], "h": -500.0})
        );
        for nothing in ["", "oops", "NaN", "a b", "{", "{\"a\"", "<feed/>", "\"open", "}{"] {
            assert_eq!(value(nothing.as_bytes()), None, "{nothing}");
        }
    }

    #[test]
    fn either_encoding_is_read() {
        let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let expected = Some(json!({"a": "é"}));
        assert_eq!(value(&wide("\u{feff}{\"a\":\"é\"}")), expected);
        assert_eq!(value(&wide("{\"a\":\"é\"}")), expected);
        assert_eq!(value("\u{feff}{\"a\":\"é\"}".as_bytes()), expected);
        assert_eq!(value("{\"a\":\"é\"}".as_bytes()), expected);
    }

    proptest! {
        #[test]
        fn nothing_panics_and_good_json_means_the_same(
            bytes in prop::collection::vec(any::<u8>(), 0..60),
            odd in prop::collection::vec(prop::sample::select(vec![
                "\"", "\\", "\\u", "d83d", "{", "}", "[", "]", ",", ":", "1", "NaN", "\n", "\0", "é", "\u{feff}", "id", " ",
            ]), 0..40),
            text in ".{0,20}",
            number in any::<f64>(),
        ) {
            let _ = document(&bytes);
            let _ = document(odd.concat().as_bytes());
            let good = json!({"a": [text, number, null, true], "b": {}});
            let text = good.to_string();
            let read = |text: &str| serde_json::from_str::<Value>(text).ok();
            prop_assert_eq!(read(&mended(text.as_bytes())), read(&text));
        }
    }
}
