//! Server-sent events by the rules of the WHATWG, as a parser that is fed with bytes.

use std::mem;
use std::time::Duration;

use super::ndjson::MAX_LINE;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// What the stream says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::feed) enum Event<'a> {
    Message {
        /// `message` when the stream gives none.
        kind: &'a str,
        data: &'a str,
    },
    /// How long to wait before connecting again.
    Retry(Duration),
    /// A comment: the source lives.
    Heartbeat,
    /// An event is longer than [`MAX_LINE`]; told as soon as it is.
    TooLong,
}

/// Keeps the line and the event that have not ended yet; at most [`MAX_LINE`] bytes each.
#[derive(Debug)]
pub(in crate::feed) struct Parser {
    line: Vec<u8>,
    after_cr: bool,
    /// A line has ended, so that no byte-order mark can come any more.
    begun: bool,
    /// The running line, or one of the running event, is too long.
    long_line: bool,
    too_long: bool,
    kind: String,
    data: String,
    id: String,
    last_id: String,
    limit: usize,
}

impl Parser {
    /// A parser for a stream that goes on after the event `last_id`; empty for none.
    pub fn new(last_id: &str) -> Self {
        Self {
            line: Vec::new(),
            after_cr: false,
            begun: false,
            long_line: false,
            too_long: false,
            kind: String::new(),
            data: String::new(),
            id: last_id.into(),
            last_id: last_id.into(),
            limit: MAX_LINE,
        }
    }

    /// The id of the last event that ended, for `Last-Event-ID`.
    pub fn last_id(&self) -> &str {
        &self.last_id
    }

    /// Whether a line or an event has begun that has not ended.
    pub fn is_open(&self) -> bool {
        let line = self.long_line || !self.line.is_empty();
        line || self.too_long || !self.data.is_empty() || !self.kind.is_empty()
    }

    /// Takes the next bytes and gives what ends in them to `each`. What has not ended when the
    /// stream does is void.
    pub fn push(&mut self, bytes: &[u8], each: &mut dyn FnMut(Event<'_>)) {
        if bytes.is_empty() {
            return;
        }
        let mut rest = bytes;
        if mem::take(&mut self.after_cr) {
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(end) = rest.iter().position(|b| matches!(b, b'\n' | b'\r')) {
            self.keep(&rest[..end], each);
            self.end_line(each);
            let cr = rest[end] == b'\r';
            rest = &rest[end + 1..];
            self.after_cr = cr && rest.is_empty();
            if cr {
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
        }
        self.keep(rest, each);
    }

    fn keep(&mut self, bytes: &[u8], each: &mut dyn FnMut(Event<'_>)) {
        if self.long_line {
            return;
        }
        if self.line.len() + bytes.len() > self.limit {
            self.long_line = true;
            self.line = Vec::new();
            self.give_up(each);
        } else {
            self.line.extend_from_slice(bytes);
        }
    }

    /// The running event is too long.
    fn give_up(&mut self, each: &mut dyn FnMut(Event<'_>)) {
        self.data = String::new();
        if !mem::replace(&mut self.too_long, true) {
            each(Event::TooLong);
        }
    }

    fn end_line(&mut self, each: &mut dyn FnMut(Event<'_>)) {
        let mut line = mem::take(&mut self.line);
        if !mem::take(&mut self.long_line) {
            let text = if self.begun { &line } else { line.strip_prefix(BOM).unwrap_or(&line) };
            self.read_line(&String::from_utf8_lossy(text), each);
        }
        self.begun = true;
        line.clear();
        self.line = line;
    }

    fn read_line(&mut self, line: &str, each: &mut dyn FnMut(Event<'_>)) {
        if line.is_empty() {
            return self.dispatch(each);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" => each(Event::Heartbeat),
            "data" => self.add_data(value, each),
            "event" => self.kind = value.into(),
            "id" if !value.contains('\0') => self.id = value.into(),
            "retry" if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) => {
                each(Event::Retry(Duration::from_millis(value.parse().unwrap_or(u64::MAX))));
            }
            _ => {}
        }
    }

    fn add_data(&mut self, value: &str, each: &mut dyn FnMut(Event<'_>)) {
        if self.too_long || self.data.len() + value.len() >= self.limit {
            self.give_up(each);
        } else {
            self.data.push_str(value);
            self.data.push('\n');
        }
    }

    fn dispatch(&mut self, each: &mut dyn FnMut(Event<'_>)) {
        if self.last_id != self.id {
            self.last_id.clone_from(&self.id);
        }
        let kind = mem::take(&mut self.kind);
        if mem::take(&mut self.too_long) {
            // That was told.
        } else if let Some(data) = self.data.strip_suffix('\n') {
            each(Event::Message { kind: if kind.is_empty() { "message" } else { &kind }, data });
        }
        self.data.clear();
    }
}

#[cfg(test)]
mod wpt;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What comes out for these chunks, as text, and the last id.
    fn told(chunks: &[&[u8]], limit: usize) -> (Vec<String>, String) {
        let mut parser = Parser { limit, ..Parser::new("") };
        let mut all = Vec::new();
        for chunk in chunks {
            parser.push(chunk, &mut |event| {
                all.push(match event {
                    Event::Message { kind, data } => format!("{kind}={data}"),
                    Event::Retry(wait) => format!("retry {}", wait.as_millis()),
                    Event::Heartbeat => ".".into(),
                    Event::TooLong => "!".into(),
                });
            });
        }
        (all, parser.last_id().to_owned())
    }

    fn events(text: &str) -> Vec<String> {
        told(&[text.as_bytes()], MAX_LINE).0
    }

    // After the format tests of web-platform-tests `eventsource/`, in own words.
    #[test]
    fn data_lines_join_and_end_with_a_blank_line() {
        assert_eq!(events("data:msg\ndata: msg\n\n:\nfalsefield:msg\n\n"), ["message=msg\nmsg", "."]);
        assert_eq!(events("data\n\ndata\ndata\n\ndata:test\n\n"), ["message=", "message=\n", "message=test"]);
        assert_eq!(events("data:  two spaces\n\n"), ["message= two spaces"]);
        assert_eq!(events("data: a:b\n\ndataa: x\n\nDATA: y\n\n"), ["message=a:b"]);
        assert_eq!(events("data: cut off\n"), Vec::<String>::new());
        assert_eq!(events("data:\u{0}\n data: 2\nData:1\n\n"), ["message=\u{0}"]);
    }

    #[test]
    fn lines_end_with_cr_lf_or_both_across_chunks() {
        assert_eq!(events("data:1\r\rdata:2\n\ndata:3\r\n\r\n"), ["message=1", "message=2", "message=3"]);
        let cut: [&[u8]; 4] = [b"data:1\r", b"\n\r", b"", b"\ndata:2\n\n"];
        assert_eq!(told(&cut, 99).0, ["message=1", "message=2"]);
        let parted: [&[u8]; 3] = [b"data:1\r", b"", b"\ndata:2\r\n\r\n"];
        assert_eq!(told(&parted, 99).0, ["message=1\n2"]);
    }

    #[test]
    fn one_byte_order_mark_is_passed_over() {
        assert_eq!(events("\u{feff}data:1\n\n\u{feff}data:2\n\ndata:3\n\n"), ["message=1", "message=3"]);
        assert_eq!(events("\u{feff}\u{feff}data:1\n\ndata:2\n\n"), ["message=2"]);
    }

    #[test]
    fn kinds_and_ids_and_waits() {
        assert_eq!(
            events("event:a\ndata:x\n\ndata:x\n\nevent:b\n\ndata:y\n\n"),
            ["a=x", "message=x", "message=y"]
        );
        assert_eq!(events("retry:3000\nretry:3x\nretry\nretry:-1\n"), ["retry 3000"]);
        assert_eq!(events("retry:99999999999999999999999\n").len(), 1);
        let id = |text: &str| told(&[text.as_bytes()], 99).1;
        assert_eq!(id("id:1\ndata:x\n\nid:2\ndata:y\n"), "1", "an event that was cut off is had again");
        assert_eq!(id("id:1\ndata:x\n\nid:a\u{0}b\ndata:y\n\n"), "1");
        assert_eq!(id("id:1\n\n"), "1");
        assert_eq!(id("id:1\ndata:x\n\nid\ndata:x\n\n"), "");
    }

    #[test]
    fn broken_utf8_is_replaced() {
        assert_eq!(told(&[b"data:a\xffb\xe2\x82\n\n"], 99).0, ["message=a\u{fffd}b\u{fffd}"]);
    }

    #[test]
    fn too_long_an_event_is_passed_over_and_the_next_is_whole() {
        assert_eq!(told(&[b"data:0123456789abcdef\n\ndata:1\n\n"], 12).0, ["!", "message=1"]);
        assert_eq!(told(&[b"data:0123456\ndata:0123456\n\ndata:1\n\n"], 12).0, ["!", "message=1"]);
    }

    proptest! {
        #[test]
        fn chunks_make_no_difference(
            parts in prop::collection::vec(prop::sample::select(vec![
                "data", ":", " ", "\n", "\r", "\r\n", "id", "retry", "event", "7", "\u{feff}", "\u{0}", "é", "\n\n",
            ]), 0..80),
            cuts in prop::collection::vec(0_usize..200, 0..12),
        ) {
            let text = parts.concat().into_bytes();
            let whole = told(&[&text], 24);
            let single: Vec<&[u8]> = text.chunks(1).collect();
            prop_assert_eq!(&told(&single, 24), &whole);
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let chunks: Vec<&[u8]> = cuts.windows(2).map(|w| &text[w[0]..w[1]]).collect();
            prop_assert_eq!(&told(&chunks, 24), &whole);
        }
    }
}
