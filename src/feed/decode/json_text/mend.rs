//! Makes right what JSON does not allow in a text, as far as that can be told.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use serde_json::Value;

/// The text with what JSON does not allow made right, as far as that can be told.
pub(in crate::feed) fn mended(json: &[u8]) -> String {
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
pub(super) fn decoded(json: &[u8]) -> Cow<'_, str> {
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
