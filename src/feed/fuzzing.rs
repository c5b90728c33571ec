//! The decoders as they are, for benches and fuzz targets outside of the crate. No part of the
//! program goes through here, and nothing is promised of it.

use std::sync::Arc;

pub use super::adapter::Decoded;
use super::adapter::decoded_by;
use super::decode::html;
use super::decode::record::{RecordDecoder as _, Shape};
use super::framing::concat::Texts;
use super::framing::ndjson::{Line, Lines};
use super::framing::sse::{Event, Parser};
use super::kinds::self_described::{CanonicalOrJetstream, read_recorded};
use super::kinds::{KINDS, bluesky};
use super::transport::secret::Hidden;
use super::transport::signature::{self, Profile};
use crate::clock::Time;
use crate::layout::wall::FieldMap;
use crate::mention::Mention;

/// What the kind of feed of this name makes of a message; `None` where there is no such kind.
pub fn decoded(kind: &str, message: &[u8], source: &Arc<str>, now: Time) -> Option<Decoded> {
    let entry = KINDS.iter().find(|entry| entry.name == kind)?;
    decoded_by(entry, message, source, now)
}

/// A record of a feed without a map: a canonical mention, or a frame of Jetstream's first wire.
pub fn record(json: &[u8], source: &Arc<str>, now: Time) -> Option<Mention> {
    CanonicalOrJetstream.read(json, source, now).ok().flatten()
}

/// The same in a recording.
pub fn recorded(json: &[u8], source: &Arc<str>) -> Option<Mention> {
    read_recorded(json, source).ok().flatten()
}

/// A frame of Jetstream's as it comes over the wire; `second` is `subscribeEvents`.
pub fn frame(json: &[u8], second: bool, source: &Arc<str>, now: Time) -> Option<Mention> {
    bluesky::decode(json, second, source, now).ok().flatten()
}

/// A compressed frame of Jetstream's first wire: how long its text is.
pub fn unzip(frame: &[u8]) -> Option<usize> {
    bluesky::unzipped(frame)
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

/// How many texts concatenated JSON holds, cut into chunks of this many bytes, and their length.
pub fn texts(stream: &[u8], chunk: usize) -> (usize, usize) {
    let (mut texts, mut found) = (Texts::default(), (0, 0));
    let mut each = |line: Line<'_>| {
        if let Line::Record(json) = line {
            found = (found.0 + 1, found.1 + json.len());
        }
    };
    for bytes in stream.chunks(chunk.max(1)) {
        texts.push(bytes, &mut each);
    }
    texts.finish(&mut each);
    found
}

/// Whether a header's value shows that `secret` signed the body; `profile` chooses by its remainder.
pub fn signed(profile: u8, secret: &str, header: &str, body: &[u8], now: Time) -> bool {
    let keys: Vec<Hidden> = Hidden::new(secret).into_iter().collect();
    let of = |profile| signature::signed(profile, &keys, header, body, now).is_ok();
    match profile % 5 {
        0 => of(Profile::Github),
        1 => of(Profile::X),
        2 => of(Profile::Stripe),
        3 => of(Profile::Websub),
        _ => [Some(header), None].into_iter().any(|bearer| signature::bearer(&keys, bearer, header).is_ok()),
    }
}

/// HTML as plain text.
pub fn plain(html: &str) -> String {
    html::plain(html)
}

/// A foreign record whose text, headline, address and author stand at `path`.
pub fn mapped(path: &str, json: &[u8], source: &Arc<str>, now: Time) -> Option<Mention> {
    let at = || Some(path.to_owned());
    let (text, title, url, author, lat, ts) = (at(), at(), at(), at(), at(), at());
    let map =
        FieldMap { id: "$.id".into(), text, title, html: true, ts, url, author, lat, ..FieldMap::default() };
    Shape::new(Some(&map), &CanonicalOrJetstream).ok()?.read(json, source, now).ok().flatten()
}
