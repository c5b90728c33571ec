//! Cuts a stream of bytes into lines: newline-delimited JSON, however it is chunked.

/// Longest line, bytes; of a longer one nothing is kept.
pub(in crate::feed) const MAX_LINE: usize = 1 << 20;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::feed) enum Line<'a> {
    Record(&'a [u8]),
    /// A blank line: the source lives.
    Heartbeat,
    /// A line is longer than [`MAX_LINE`]; told as soon as it is.
    TooLong,
}

/// Keeps the line that has not ended yet; at most [`MAX_LINE`] bytes.
#[derive(Debug)]
pub(in crate::feed) struct Lines {
    partial: Vec<u8>,
    /// The running line is too long and being passed over.
    skipping: bool,
    /// A line has ended, so that no byte-order mark can come any more.
    begun: bool,
    limit: usize,
}

impl Default for Lines {
    fn default() -> Self {
        Self { partial: Vec::new(), skipping: false, begun: false, limit: MAX_LINE }
    }
}

impl Lines {
    /// Takes the next bytes and gives every line that ends in them to `each`.
    pub fn push(&mut self, bytes: &[u8], each: &mut dyn FnMut(Line<'_>)) {
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|b| *b == b'\n') {
            let (line, after) = rest.split_at(end);
            self.end_line(line, each);
            rest = &after[1..];
        }
        self.keep(rest, each);
    }

    /// Whether a line has begun that has not ended.
    pub fn is_open(&self) -> bool {
        self.skipping || !self.partial.is_empty()
    }

    /// The stream has ended as it should: what is left is a line.
    pub fn finish(&mut self, each: &mut dyn FnMut(Line<'_>)) {
        if self.is_open() {
            self.end_line(&[], each);
        }
    }

    fn end_line(&mut self, last: &[u8], each: &mut dyn FnMut(Line<'_>)) {
        let whole = self.partial.is_empty();
        if !whole || self.skipping {
            self.keep(last, each);
        }
        let line = if whole { last } else { &self.partial };
        let was_told = self.skipping;
        let too_long = line.len() > self.limit;
        let line = if self.begun { line } else { line.strip_prefix(BOM).unwrap_or(line) };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line {
            _ if was_told => {}
            _ if too_long => each(Line::TooLong),
            line if line.iter().all(u8::is_ascii_whitespace) => each(Line::Heartbeat),
            line => each(Line::Record(line)),
        }
        self.partial.clear();
        (self.skipping, self.begun) = (false, true);
    }

    fn keep(&mut self, bytes: &[u8], each: &mut dyn FnMut(Line<'_>)) {
        if self.skipping {
            return;
        }
        if self.partial.len() + bytes.len() > self.limit {
            self.skipping = true;
            self.partial = Vec::new();
            each(Line::TooLong);
        } else {
            self.partial.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What comes out for these chunks, as text: a record in quotes, `.` a heartbeat, `!` too long.
    fn told(chunks: &[&[u8]], limit: usize) -> Vec<String> {
        let mut lines = Lines { limit, ..Lines::default() };
        let mut all = Vec::new();
        let mut each = |line: Line<'_>| {
            all.push(match line {
                Line::Record(line) => format!("'{}'", String::from_utf8_lossy(line)),
                Line::Heartbeat => ".".into(),
                Line::TooLong => "!".into(),
            });
        };
        chunks.iter().for_each(|chunk| lines.push(chunk, &mut each));
        lines.finish(&mut each);
        all
    }

    #[test]
    fn lines_end_at_line_feeds_and_blank_ones_are_heartbeats() {
        assert_eq!(told(&[b"{1}\r\n\r\n{2}\n \n{3}"], 100), ["'{1}'", ".", "'{2}'", ".", "'{3}'"]);
        assert_eq!(told(&[b"\xef\xbb", b"\xbf{1}\n\xef\xbb\xbf{2}\n"], 100), ["'{1}'", "'\u{feff}{2}'"]);
        assert!(told(&[b""], 100).is_empty());
    }

    #[test]
    fn a_line_of_10_mb_is_passed_over_without_being_kept() {
        let mut lines = Lines::default();
        let mut seen = Vec::new();
        for _ in 0..160 {
            lines.push(&[b'x'; 65_536], &mut |line| seen.push(format!("{line:?}")));
            assert!(lines.partial.capacity() <= 2 * MAX_LINE && lines.is_open());
        }
        assert_eq!(seen, ["TooLong"], "it is told before it ends");
        lines.push(b"\n{}\n", &mut |line| seen.push(format!("{line:?}")));
        assert_eq!(seen, ["TooLong", "Record([123, 125])"]);
    }

    proptest! {
        #[test]
        fn chunks_make_no_difference(
            text in prop::collection::vec(prop::sample::select(b"{}\n\r \xefx".as_slice()), 0..200),
            cuts in prop::collection::vec(0_usize..200, 0..12),
        ) {
            let whole = told(&[&text], 12);
            let single: Vec<&[u8]> = text.chunks(1).collect();
            prop_assert_eq!(&told(&single, 12), &whole);
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let chunks: Vec<&[u8]> = cuts.windows(2).map(|w| &text[w[0]..w[1]]).collect();
            prop_assert_eq!(&told(&chunks, 12), &whole);
        }
    }
}
