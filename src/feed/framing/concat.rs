//! Cuts a stream of bytes into JSON texts that follow each other with nothing or white space
//! between them, however they are laid out: concatenated JSON, as Talkwalker sends it.

use super::ndjson::{Line, MAX_LINE};

/// Keeps the text that has not ended yet; at most [`MAX_LINE`] bytes.
#[derive(Debug)]
pub(in crate::feed) struct Texts {
    partial: Vec<u8>,
    /// Brackets and braces that are open.
    depth: usize,
    place: Place,
    /// The running text is too long and being passed over.
    skipping: bool,
    /// The last byte was a line feed: a brace here begins a new text when the running one is
    /// beyond help, or within a string that never ended.
    line_start: bool,
    limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Between two texts.
    Between,
    Inside,
    String,
    Escape,
    /// In something that is no object and no array.
    Bare,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            partial: Vec::new(),
            depth: 0,
            place: Place::Between,
            skipping: false,
            line_start: true,
            limit: MAX_LINE,
        }
    }
}

impl Texts {
    /// Takes the next bytes and gives every text that ends in them to `each`; a line feed between
    /// two texts is a sign of life.
    pub fn push(&mut self, bytes: &[u8], each: &mut dyn FnMut(Line<'_>)) {
        for byte in bytes {
            self.step(*byte, each);
        }
    }

    /// Whether a text has begun that has not ended.
    pub fn is_open(&self) -> bool {
        self.place != Place::Between
    }

    /// The stream has ended: what is left is broken.
    pub fn finish(&mut self, each: &mut dyn FnMut(Line<'_>)) {
        if self.is_open() {
            self.end(each);
        }
    }

    fn step(&mut self, byte: u8, each: &mut dyn FnMut(Line<'_>)) {
        let lost = self.skipping || self.place == Place::String;
        let anew = lost && self.line_start && byte == b'{';
        self.line_start = byte == b'\n';
        if anew {
            self.end(each);
        }
        match self.place {
            Place::Between => self.begin(byte, each),
            Place::Bare if byte.is_ascii_whitespace() => self.end(each),
            Place::Bare if matches!(byte, b'{' | b'[') => {
                self.end(each);
                self.begin(byte, each);
            }
            Place::Bare => self.keep(byte, each),
            Place::Escape => self.go(Place::String, byte, each),
            Place::String => self.go(
                match byte {
                    b'"' => Place::Inside,
                    b'\\' => Place::Escape,
                    _ => Place::String,
                },
                byte,
                each,
            ),
            Place::Inside => self.inside(byte, each),
        }
    }

    fn begin(&mut self, byte: u8, each: &mut dyn FnMut(Line<'_>)) {
        match byte {
            b'{' | b'[' => {
                self.depth = 1;
                self.go(Place::Inside, byte, each);
            }
            b'\n' => each(Line::Heartbeat),
            // White space, what some servers fill up with, and the three bytes of a byte-order mark.
            byte if byte.is_ascii_whitespace() || matches!(byte, 0 | 0xef | 0xbb | 0xbf) => {}
            byte => self.go(Place::Bare, byte, each),
        }
    }

    fn inside(&mut self, byte: u8, each: &mut dyn FnMut(Line<'_>)) {
        match byte {
            b'"' => return self.go(Place::String, byte, each),
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth -= 1,
            _ => {}
        }
        self.keep(byte, each);
        if self.depth == 0 {
            self.end(each);
        }
    }

    fn go(&mut self, place: Place, byte: u8, each: &mut dyn FnMut(Line<'_>)) {
        self.place = place;
        self.keep(byte, each);
    }

    fn keep(&mut self, byte: u8, each: &mut dyn FnMut(Line<'_>)) {
        if self.partial.len() >= self.limit {
            self.skipping = true;
            self.partial = Vec::new();
            each(Line::TooLong);
        }
        if !self.skipping {
            self.partial.push(byte);
        }
    }

    fn end(&mut self, each: &mut dyn FnMut(Line<'_>)) {
        if !self.skipping {
            each(Line::Record(&self.partial));
        }
        self.partial.clear();
        (self.place, self.depth, self.skipping) = (Place::Between, 0, false);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What comes out for these chunks, as text: a record in quotes, `.` a heartbeat, `!` too long.
    fn told(chunks: &[&[u8]], limit: usize) -> Vec<String> {
        let mut texts = Texts { limit, ..Texts::default() };
        let mut all = Vec::new();
        let mut each = |line: Line<'_>| {
            all.push(match line {
                Line::Record(line) => format!("'{}'", String::from_utf8_lossy(line)),
                Line::Heartbeat => ".".into(),
                Line::TooLong => "!".into(),
            });
        };
        chunks.iter().for_each(|chunk| texts.push(chunk, &mut each));
        texts.finish(&mut each);
        all
    }

    #[test]
    fn texts_are_told_apart_however_they_are_laid_out() {
        assert_eq!(told(&[b"{\"a\":1}{\"b\":[2]} {}"], 99), ["'{\"a\":1}'", "'{\"b\":[2]}'", "'{}'"]);
        assert_eq!(
            told(&[b"{\n  \"a\": {\n  }\n}\n\n{}"], 99),
            ["'{\n  \"a\": {\n  }\n}'", ".", ".", "'{}'"]
        );
        assert_eq!(told(&[br#"{"a":"}{\"}\\"}{}"#], 99), [r#"'{"a":"}{\"}\\"}'"#, "'{}'"]);
        assert_eq!(told(&[b"\xef\xbb\xbf{}"], 99), ["'{}'"]);
    }

    #[test]
    fn what_is_no_object_is_given_as_it_is() {
        assert_eq!(told(&[b"oops {}5{}"], 99), ["'oops'", "'{}'", "'5'", "'{}'"]);
        assert_eq!(told(&[b"}{}"], 99), ["'}'", "'{}'"]);
        assert_eq!(told(&[b"{\"cut"], 99), ["'{\"cut'"]);
    }

    #[test]
    fn a_quotation_mark_too_many_costs_its_own_text() {
        assert_eq!(
            told(&[b"{\"a\":\"5\" x\"}\n{\"b\":1}\n{}"], 99),
            ["'{\"a\":\"5\" x\"}\n'", "'{\"b\":1}'", ".", "'{}'"]
        );
    }

    #[test]
    fn too_long_a_text_is_passed_over_and_the_next_is_whole() {
        assert_eq!(told(&[b"{\"a\":\"0123456789\"}{\"b\":1}"], 12), ["!", "'{\"b\":1}'"]);
        assert_eq!(told(&[b"{\"a\":\"0123456789 never closed\n{\"b\":1}"], 12), ["!", "'{\"b\":1}'"]);
    }

    proptest! {
        #[test]
        fn chunks_make_no_difference(
            text in prop::collection::vec(prop::sample::select(b"{}[]\"\\\n x\xef".as_slice()), 0..200),
            cuts in prop::collection::vec(0_usize..200, 0..12),
        ) {
            let whole = told(&[&text], 12);
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let chunks: Vec<&[u8]> = cuts.windows(2).map(|w| &text[w[0]..w[1]]).collect();
            prop_assert_eq!(&told(&chunks, 12), &whole);
        }
    }
}
