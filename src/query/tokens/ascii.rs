//! The short way through plain ASCII. Takes a text apart into the same tokens as the rules of
//! Unicode do (UAX 29, WB6 to WB13), byte by byte.

use std::ops::Range;

use super::{
    Kind, MAX_TOKENS, Token, Tokens, address_length, hash, is_address, is_page, name_length, server_length,
    unmarked,
};

impl Tokens {
    /// Reads a stretch of ASCII from byte `done` on and says how far it is read. It is folded as a
    /// whole, and the tokens lie in there.
    pub(super) fn ascii(&mut self, raw: &str, stretch: Range<usize>, mut done: usize) -> usize {
        let folded = self.folded.len();
        self.folded.push_str(&raw[stretch.clone()]);
        self.folded[folded..].make_ascii_lowercase();
        let bytes = &raw.as_bytes()[..stretch.end];
        let (shift, mut at) = (folded.wrapping_sub(stretch.start), stretch.start);
        while at < bytes.len() && self.list.len() < MAX_TOKENS {
            let (end, class) = run(bytes, at);
            if end == at {
                at += 1;
            } else if at < done || class == UNDERSCORE {
                at = segment_end(bytes, end);
            } else if matches!(bytes[at] | 32, b'h' | b'w') && is_address(&raw[at..]) {
                self.link = true;
                done = at + address_length(&raw[at..]);
                at = done;
            } else if let Some(kind) = marked(&bytes[..at]) {
                let name = at + name_length(&raw[at..], kind);
                self.push_ascii(kind, at..name, shift);
                at = segment_end(bytes, end);
                done = name.max(at) + server_length(&raw[name..], kind);
            } else if matches!(bytes.get(end), Some(b'.' | b'-')) && is_page(&raw[at..]) {
                done = at + address_length(&raw[at..]);
                at = done;
            } else {
                at = self.words(bytes, at..end, class, shift);
            }
        }
        done
    }

    /// Reads the words of a segment, the first of which stands at `word`, and says where it ends.
    fn words(&mut self, bytes: &[u8], mut word: Range<usize>, mut class: u8, shift: usize) -> usize {
        loop {
            let kind = if class & LETTER == 0 { Kind::Number } else { Kind::Word };
            self.push_ascii(kind, unmarked(bytes, word.clone()), shift);
            if !joins(&bytes[word.end - 1..]) {
                return word.end;
            }
            word.start = word.end + 1;
            (word.end, class) = run(bytes, word.start);
        }
    }

    fn push_ascii(&mut self, kind: Kind, raw: Range<usize>, shift: usize) {
        let folded = raw.start.wrapping_add(shift)..raw.end.wrapping_add(shift);
        if !raw.is_empty() {
            let hash = hash(&self.folded[folded.clone()]);
            self.list.push(Token { kind, raw, folded, hash });
        }
    }
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const UNDERSCORE: u8 = 4;

/// What each byte is in a name; 0 for what ends it.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'_' => UNDERSCORE,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// Where the run of letters, digits and underscores ends that begins at `at`, and which there are.
fn run(bytes: &[u8], at: usize) -> (usize, u8) {
    let (mut end, mut classes) = (at, 0);
    while let Some(byte) = bytes.get(end) {
        match CLASSES[usize::from(*byte)] {
            0 => break,
            class => classes |= class,
        }
        end += 1;
    }
    (end, classes)
}

/// Where the segment ends whose first run ends at `end`: behind all that signs join.
fn segment_end(bytes: &[u8], mut end: usize) -> usize {
    while end > 0 && joins(&bytes[end - 1..]) {
        (end, _) = run(bytes, end + 1);
    }
    end
}

/// Whether letters or digits go on behind the second of these bytes.
fn joins(bytes: &[u8]) -> bool {
    let [before, sign @ (b'.' | b'\'' | b':' | b',' | b';'), after, ..] = *bytes else { return false };
    let class = CLASSES[usize::from(before)] & CLASSES[usize::from(after)];
    match sign {
        b'.' | b'\'' => class & (LETTER | DIGIT) != 0,
        b':' => class & LETTER != 0,
        _ => class & DIGIT != 0,
    }
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
