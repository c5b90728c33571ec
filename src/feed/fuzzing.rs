//! The decoders as they are, for benches and fuzz targets outside of the crate. No part of the
//! program goes through here, and nothing is promised of it.

use std::sync::Arc;

use serde_json::Value;

use super::decode::html;
use super::kinds::{bluesky, mastodon, prometheus, reddit, suites, wikimedia, x};
use super::transport::signature;
use crate::clock::Time;
use crate::feed::decode::payload::Payload;
use crate::feed::decode::record::{RecordDecoder as _, Shape};
use crate::feed::framing::concat::Texts;
use crate::feed::framing::ndjson::{Line, Lines};
use crate::feed::framing::sse::{Event, Parser};
use crate::feed::kinds::gdelt::articles;
use crate::feed::kinds::hackernews::item::{self, Item};
use crate::feed::kinds::reddit::thing;
use crate::feed::kinds::rss::context::DocumentContext;
use crate::feed::kinds::rss::document;
use crate::feed::kinds::self_described::{CanonicalOrJetstream, read_recorded};
use crate::feed::transport::secret::Hidden;
use crate::layout::feed::polled::HackerKind;
use crate::layout::feed::pushed::Profile;
use crate::layout::wall::FieldMap;
use crate::mention::source::Sample;
use crate::mention::{Mention, Network};

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

/// An RSS, Atom or JSON Feed document.
pub fn rss(bytes: &[u8], source: &Arc<str>, now: Time) -> Vec<Mention> {
    let base = "https://news.example/feed";
    let frame = DocumentContext {
        source,
        network: Network::News,
        base,
        site: base,
        scope: "news.example",
        received: now,
    };
    document::read(bytes, None, &frame).map(|document| document.mentions).unwrap_or_default()
}

/// An item of Hacker News, an answer of GDELT, or a listing of Reddit, by the remainder of `service`.
pub fn polled(service: u8, bytes: &[u8], source: &Arc<str>, now: Time) -> Vec<Mention> {
    let value = || serde_json::from_slice::<Value>(bytes).unwrap_or_default();
    match service % 3 {
        0 => match item::read(&value(), &KINDS, source, now) {
            Ok(Item::Said(mention)) => vec![*mention],
            Ok(Item::Gone | Item::Other) | Err(_) => Vec::new(),
        },
        1 => articles::read(&String::from_utf8_lossy(bytes), source, now).unwrap_or_default().mentions,
        _ => {
            let (things, _) = reddit::children(value()).unwrap_or_default();
            things.iter().filter_map(|thing| thing::read(thing, source, now).ok()).collect()
        }
    }
}

const KINDS: [HackerKind; 4] = [HackerKind::Story, HackerKind::Comment, HackerKind::Job, HackerKind::Poll];

/// A message or a status of Mastodon's.
pub fn mastodon(json: &[u8], source: &Arc<str>, now: Time) -> Option<Mention> {
    mastodon::told(json, source, now)
}

/// A line of X's filtered stream.
pub fn x(json: &[u8], source: &Arc<str>, now: Time) -> Option<Mention> {
    x::told(json, source, now)
}

/// What Brandwatch, Talkwalker, Meltwater or Sprout sent, by the remainder of `suite`.
pub fn suites(suite: u8, json: &[u8], source: &Arc<str>, now: Time) -> Vec<Mention> {
    suites::told(suite, json, source, now)
}

/// The body of a webhook's call or of a message of NATS.
pub fn payload(body: &[u8], source: &Arc<str>, now: Time) -> Vec<Mention> {
    let found = Payload::new(None, None, &CanonicalOrJetstream)
        .ok()
        .and_then(|payload| payload.read(body, source, now).ok());
    found.map(|found| found.mentions).unwrap_or_default()
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

/// The samples of an answer of Prometheus.
pub fn samples(body: &[u8], source: &Arc<str>, now: Time) -> Vec<Sample> {
    prometheus::told(body, source, now)
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
