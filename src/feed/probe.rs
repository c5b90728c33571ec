//! The decoders as they are, for benches and fuzz targets outside of the crate. No part of the
//! program goes through here, and nothing is promised of it.

use std::sync::Arc;

use super::jetstream;
use super::ndjson::{Line, Lines};
use super::record::{Shape, read_recorded};
use super::sse::{Event, Parser};
use super::wikimedia;
use crate::clock::Time;
use crate::mention::Mention;

/// A record of a feed without a map: a canonical mention, or a frame of Jetstream's first wire.
pub fn record(json: &[u8], source: &Arc<str>, now: Time) -> Option<Mention> {
    Shape::Own.read(json, source, now).ok().flatten()
}

/// The same in a recording.
pub fn recorded(json: &[u8], source: &Arc<str>) -> Option<Mention> {
    read_recorded(json, source).ok().flatten()
}

/// A frame of Jetstream's as it comes over the wire; `second` is `subscribeEvents`.
pub fn frame(json: &[u8], second: bool, source: &Arc<str>, now: Time) -> Option<Mention> {
    jetstream::decode(json, second, source, now).ok().flatten()
}

/// A compressed frame of Jetstream's first wire: how long its text is.
pub fn unzip(frame: &[u8]) -> Option<usize> {
    jetstream::unzipped(frame)
}

/// An event of Wikimedia's.
pub fn edit(json: &str, source: &Arc<str>, now: Time) -> Option<Mention> {
    wikimedia::read(json, source, now).ok().flatten()
}

/// How many events a stream of server-sent events holds, cut into chunks of this many bytes.
pub fn events(stream: &[u8], chunk: usize) -> usize {
    let (mut parser, mut found) = (Parser::new(""), 0);
    for bytes in stream.chunks(chunk.max(1)) {
        parser.push(bytes, &mut |event| found += usize::from(matches!(event, Event::Message { .. })));
    }
    found
}

/// How many records a stream of lines holds, cut into chunks of this many bytes.
pub fn lines(stream: &[u8], chunk: usize) -> usize {
    let (mut lines, mut found) = (Lines::default(), 0);
    let mut each = |line: Line<'_>| found += usize::from(matches!(line, Line::Record(_)));
    for bytes in stream.chunks(chunk.max(1)) {
        lines.push(bytes, &mut each);
    }
    lines.finish(&mut each);
    found
}
