//! The short way through plain ASCII. Takes a text apart into the same tokens as the rules of
//! Unicode do (UAX 29, WB6 to WB13), byte by byte.

use std::ops::Range;

use super::{Kind, MAX_TOKENS, Token, Tokens, hash, is_address, name_length, server_length};

/// Where the stretch that begins at `start` ends, and whether it is all ASCII. Stretches end behind
/// a space before an ASCII character, where no word goes on and nothing joins.
pub fn stretch(raw: &str, start: usize) -> (usize, bool) {
    let bytes = raw.as_bytes();
    if bytes[start..].is_ascii() {
        return (bytes.len(), true);
    }
    let (mut end, is_ascii) = piece(bytes, start);
    while end < bytes.len() {
        let (next, same) = piece(bytes, end);
        if same != is_ascii {
            break;
        }
        end = next;
    }
    (end, is_ascii)
}

/// The same up to the first such space.
fn piece(bytes: &[u8], start: usize) -> (usize, bool) {
    let mut is_ascii = true;
    for (at, pair) in bytes[start..].windows(2).enumerate() {
        is_ascii &= pair[0].is_ascii();
        if pair[0] == b' ' && pair[1].is_ascii() {
            return (start + at + 1, is_ascii);
        }
    }
    (bytes.len(), is_ascii && bytes.last().is_none_or(u8::is_ascii))
}

impl Tokens {
    /// Reads a stretch of ASCII from byte `done` on and says how far it is read.
    pub(super) fn ascii(&mut self, raw: &str, stretch: Range<usize>, mut done: usize) -> usize {
        let bytes = raw.as_bytes();
        let mut at = stretch.start;
        while at < stretch.end && self.list.len() < MAX_TOKENS {
            if !is_name(bytes[at]) {
                at += 1;
                continue;
            }
            let end = segment_end(&bytes[..stretch.end], at);
            if at >= done && has_word(&bytes[at..end]) {
                done = self.ascii_segment(raw, at..end);
            }
            at = end;
        }
        done
    }

    fn ascii_segment(&mut self, raw: &str, segment: Range<usize>) -> usize {
        let (bytes, at) = (raw.as_bytes(), segment.start);
        let rest = &raw[at..];
        if matches!(bytes[at] | 32, b'h' | b'w') && is_address(rest) {
            self.link = true;
            return at + rest.find(char::is_whitespace).unwrap_or(rest.len());
        }
        if let Some(kind) = marked(&bytes[..at]) {
            let end = at + name_length(rest, kind);
            self.push_ascii(kind, raw, at..end);
            return end.max(segment.end) + server_length(&raw[end..], kind);
        }
        let mut from = at;
        while from < segment.end {
            let length = bytes[from..segment.end].iter().take_while(|b| is_name(**b)).count();
            let word = from..from + length;
            let is_number = !bytes[word.clone()].iter().any(u8::is_ascii_alphabetic);
            self.push_ascii(if is_number { Kind::Number } else { Kind::Word }, raw, word);
            from += length + 1;
        }
        segment.end
    }

    fn push_ascii(&mut self, kind: Kind, raw: &str, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let start = self.folded.len();
        self.folded.push_str(&raw[range.clone()]);
        self.folded[start..].make_ascii_lowercase();
        let folded = start..self.folded.len();
        let hash = hash(&self.folded[folded.clone()]);
        self.list.push(Token { kind, raw: range, folded, hash });
    }
}

/// Where the segment ends that begins at `at`: behind words that a sign joins.
fn segment_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while end < bytes.len() && (is_name(bytes[end]) || joins(&bytes[end - 1..])) {
        end += 1;
    }
    end
}

/// Whether letters or digits go on behind the second of these bytes.
fn joins(bytes: &[u8]) -> bool {
    match *bytes {
        [before, b'.' | b'\'', after, ..] => {
            (before.is_ascii_alphabetic() && after.is_ascii_alphabetic())
                || (before.is_ascii_digit() && after.is_ascii_digit())
        }
        [before, b':', after, ..] => before.is_ascii_alphabetic() && after.is_ascii_alphabetic(),
        [before, b',' | b';', after, ..] => before.is_ascii_digit() && after.is_ascii_digit(),
        _ => false,
    }
}

/// Whether there is more than underscores.
fn has_word(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_alphanumeric)
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

/// Whether what comes next is a hashtag or a handle, from the text before it.
fn marked(before: &[u8]) -> Option<Kind> {
    let kind = match before.last()? {
        b'#' => Kind::Tag,
        b'@' => Kind::Handle,
        _ => return None,
    };
    let inside_a_word = before.iter().nth_back(1).is_some_and(u8::is_ascii_alphanumeric);
    (!inside_a_word).then_some(kind)
}
