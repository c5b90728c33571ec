//! Reads JSON as it is really sent. What is right is read at once and costs nothing more; only what
//! serde_json refuses is mended, so that a bad character costs that character.
//!
//! Mended are: half a surrogate (`\ud83d` alone) and bytes that are not UTF-8, which become U+FFFD;
//! a byte-order mark, and UTF-16; raw control characters and unknown escapes within strings;
//! commas before a closing bracket; and, within a list or an object, numbers and words that JSON
//! does not have (`NaN`, `1e999`), which become null. In a document, a record that is beyond
//! mending is left out and counted ([`document`]).

mod salvage;

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::record::Garbage;

/// The text is not JSON, mended or not.
pub(super) const NOT_JSON: Garbage = Garbage("not JSON");

/// Reads one JSON text by `read`; where that finds no JSON, its mended form.
pub(super) fn read<T>(json: &[u8], read: impl Fn(&str) -> Result<T, Garbage>) -> Result<T, Garbage> {
    match std::str::from_utf8(json).map_err(|_| NOT_JSON).and_then(&read) {
        Err(NOT_JSON) => read(&mended(json)),
        other => other,
    }
}

/// Reads one JSON text as a type that owns what it holds.
pub(super) fn typed<T: DeserializeOwned>(json: &[u8]) -> Result<T, Garbage> {
    read(json, |text| serde_json::from_str(text).map_err(|_| NOT_JSON))
}

/// Reads a document of many records, and tells how many of them were left out because they are
/// beyond mending. One that was cut off is not JSON.
pub(super) fn document(json: &[u8]) -> Result<(Value, usize), Garbage> {
    match typed(json) {
        Ok(value) => Ok((value, 0)),
        Err(_) => salvage::salvage(&decoded(json)).ok_or(NOT_JSON),
    }
}

/// Reads JSON texts that follow one another, with nothing, white space or record separators between them.
pub(super) fn sequence(json: &[u8]) -> Result<Vec<Value>, Garbage> {
    let text = mended(json);
    serde_json::Deserializer::from_str(&text).into_iter().collect::<Result<_, _>>().map_err(|_| NOT_JSON)
}

/// The text as UTF-8, where it is not, and the answer names another encoding.
pub(super) fn by_charset<'b>(json: &'b [u8], content_type: Option<&str>) -> Cow<'b, [u8]> {
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

/// The text with what JSON does not allow made right, as far as that can be told.
pub(super) fn mended(json: &[u8]) -> String {
    let text = decoded(json);
    let mut out = String::with_capacity(text.len() + 16);
    let mut depth = 0_usize;
    let mut rest = &*text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '"' => string(rest, &mut out),
            '{' | '[' => {
                depth += 1;
                plain(first, &mut out)
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                without_comma(&mut out);
                plain(first, &mut out)
            }
            ',' | ':' => plain(first, &mut out),
            blank if is_blank(blank) => {
                plain(' ', &mut out);
                blank.len_utf8()
            }
            _ => bare(rest, depth, &mut out),
        };
        rest = &rest[taken..];
    }
    out
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == '\u{feff}'
}

fn plain(c: char, out: &mut String) -> usize {
    out.push(c);
    c.len_utf8()
}

fn without_comma(out: &mut String) {
    let kept = out.trim_end();
    if let Some(before) = kept.strip_suffix(',') {
        out.truncate(before.len());
    }
}

/// The bytes as text: UTF-16 where a byte-order mark or the zeros tell it, else UTF-8.
fn decoded(json: &[u8]) -> Cow<'_, str> {
    let wide = match json {
        [b'{' | b'[', 0, ..] => Some(UTF_16LE),
        [0, b'{' | b'[', ..] => Some(UTF_16BE),
        _ => None,
    };
    match (Encoding::for_bom(json), wide) {
        (Some((encoding, _)), _) => encoding.decode(json).0,
        (None, Some(encoding)) => encoding.decode_without_bom_handling(json).0,
        (None, None) => match joined(json) {
            Some(joined) => String::from_utf8_lossy(&joined).into_owned().into(),
            None => String::from_utf8_lossy(json),
        },
    }
}

/// The bytes with each pair of surrogates that stands in UTF-8 as two characters (CESU-8) as one; `None`
/// where there is none.
fn joined(json: &[u8]) -> Option<Vec<u8>> {
    let half = |at: usize, range: std::ops::RangeInclusive<u8>| match json.get(at..at + 3)? {
        [0xed, second, third @ 0x80..=0xbf] if range.contains(second) => {
            Some(u32::from(second & 0x0f) << 6 | u32::from(third & 0x3f))
        }
        _ => None,
    };
    let pair = |at: usize| Some((half(at, 0xa0..=0xaf)?, half(at + 3, 0xb0..=0xbf)? & 0x3ff));
    (0..json.len()).find(|at| pair(*at).is_some())?;
    let (mut out, mut at) = (Vec::with_capacity(json.len()), 0);
    while at < json.len() {
        match pair(at).and_then(|(high, low)| char::from_u32(0x10000 + (high << 10 | low))) {
            Some(c) => {
                out.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
                at += 6;
            }
            None => {
                out.push(json[at]);
                at += 1;
            }
        }
    }
    Some(out)
}

/// Writes the string at the head of `text`; gives its length there.
fn string(text: &str, out: &mut String) -> usize {
    out.push('"');
    let mut at = 1;
    while let Some(first) = text[at..].chars().next() {
        at += match first {
            '"' => {
                out.push('"');
                return at + 1;
            }
            '\\' => escape(&text[at..], out),
            '\n' => mark("\\n", out),
            '\r' => mark("\\r", out),
            '\t' => mark("\\t", out),
            control if control < ' ' => mark(&format!("\\u{:04x}", u32::from(control)), out),
            other => plain(other, out),
        };
    }
    at
}

/// Writes what stands for one byte.
fn mark(written: &str, out: &mut String) -> usize {
    out.push_str(written);
    1
}

/// Writes the escape at the head of `text`; gives its length there.
fn escape(text: &str, out: &mut String) -> usize {
    let unit = |at: usize| u32::from_str_radix(text.get(at..at + 6)?.strip_prefix("\\u")?, 16).ok();
    let (written, length) = match text[1..].chars().next() {
        Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => (&text[..2], 2),
        Some('u') => match (unit(0), unit(6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (&text[..12], 12),
            (Some(0xd800..=0xdfff), _) => ("\\ufffd", 6),
            (Some(_), _) => (&text[..6], 6),
            (None, _) => ("\\ufffd", 2),
        },
        Some('\'') => ("'", 2),
        // A backslash that begins no escape is one.
        Some(_) => ("\\\\", 1),
        None => ("", 1),
    };
    out.push_str(written);
    length
}

/// Writes the word at the head of `text`, which stands in no string; gives its length there.
fn bare(text: &str, depth: usize, out: &mut String) -> usize {
    let end = text.find(|c: char| is_blank(c) || ",:{}[]\"".contains(c)).unwrap_or(text.len());
    let word = &text[..end];
    let number = || word.parse().ok().and_then(serde_json::Number::from_f64);
    match serde_json::from_str::<Value>(word) {
        // A document that is nothing but a word is none of JSON.
        _ if depth == 0 => out.push_str(word),
        Ok(_) => out.push_str(word),
        Err(_) => out.push_str(&number().map_or("null".into(), |number| number.to_string())),
    }
    end
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
