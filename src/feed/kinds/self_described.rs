//! Records that need no map: canonical mentions or Jetstream frames, told apart record by record.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::bluesky::{self, Frame};
use crate::clock::Time;
use crate::feed::decode::canonical::{self, Line};
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::json_text;
use crate::feed::decode::payload::Payload;
use crate::feed::decode::record::RecordDecoder;
use crate::mention::Mention;

/// Reads the records of a feed without a map.
#[derive(Debug)]
pub(in crate::feed) struct CanonicalOrJetstream;

impl RecordDecoder for CanonicalOrJetstream {
    fn read(&self, json: &[u8], source: &Arc<str>, received: Time) -> Result<Option<Mention>, DecodeError> {
        json_text::read(json, |text| own(text)?.mention(source, received))
    }

    fn read_value(
        &self,
        value: &Value,
        source: &Arc<str>,
        received: Time,
    ) -> Result<Option<Mention>, DecodeError> {
        own_value(value)?.mention(source, received)
    }
}

/// A record that was received: what a fuzz target gives.
pub(super) fn record(json: &[u8], source: &Arc<str>, now: Time) -> Option<Mention> {
    CanonicalOrJetstream.read(json, source, now).ok().flatten()
}

/// The body of a call or of a message that holds them.
pub(super) fn payload(body: &[u8], source: &Arc<str>, now: Time) -> Vec<Mention> {
    let payload = Payload::new(None, None, &CanonicalOrJetstream).ok();
    let found = payload.and_then(|payload| payload.read(body, source, now).ok());
    found.map(|found| found.mentions).unwrap_or_default()
}

/// Reads a line of a recording as of when it was recorded.
pub(in crate::feed) fn read_recorded(json: &[u8], source: &Arc<str>) -> Result<Option<Mention>, DecodeError> {
    json_text::read(json, |text| match own(text)? {
        Own::Frame(frame) => bluesky::read(frame, source, None),
        Own::Line(line) => {
            let received = canonical::recorded_at(&line).ok_or(DecodeError("a record without a time"))?;
            canonical::read(&line, source, received)
        }
    })
}

/// The two shapes that need no map.
enum Own<'a> {
    Frame(Box<Frame<'a>>),
    Line(Box<Line<'a>>),
}

impl Own<'_> {
    fn mention(self, source: &Arc<str>, received: Time) -> Result<Option<Mention>, DecodeError> {
        match self {
            Self::Frame(frame) => bluesky::read(frame, source, Some(received)),
            Self::Line(line) => canonical::read(&line, source, received),
        }
    }
}

/// Tells the shapes apart. A frame that is written as Jetstream writes it is read once.
fn own(json: &str) -> Result<Own<'_>, DecodeError> {
    if json.starts_with("{\"did\":") {
        let frame: Frame<'_> = typed(json)?;
        if frame.is_one() {
            return Ok(Own::Frame(Box::new(frame)));
        }
    }
    let line: Line<'_> = typed(json)?;
    if !line.may_be_frame() {
        return Ok(Own::Line(Box::new(line)));
    }
    let frame: Frame<'_> = typed(json)?;
    Ok(if frame.is_one() { Own::Frame(Box::new(frame)) } else { Own::Line(Box::new(line)) })
}

/// The same of JSON that is parsed already.
fn own_value(value: &Value) -> Result<Own<'_>, DecodeError> {
    let odd = |_| DecodeError("no record");
    let frame = Frame::deserialize(value).map_err(odd)?;
    if frame.is_one() {
        return Ok(Own::Frame(Box::new(frame)));
    }
    Line::deserialize(value).map_err(odd).map(|line| Own::Line(Box::new(line)))
}

fn typed<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, DecodeError> {
    serde_json::from_str(json).map_err(|_| json_text::NOT_JSON)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, json};

    use super::*;
    use crate::mention::{Kind, Op};

    const FRAMES: &str = include_str!("../../../tests/data/jetstream.jsonl");

    fn frames() -> Vec<Result<Option<Mention>, DecodeError>> {
        FRAMES.lines().map(|line| read_recorded(line.as_bytes(), &"bluesky".into())).collect()
    }

    #[test]
    fn posts_become_mentions_and_the_rest_is_passed_over() {
        let mentions: Vec<_> = frames().into_iter().filter_map(|f| f.expect("no frame is garbage")).collect();
        let of = |kind| mentions.iter().filter(|m| m.kind == kind && m.op == Op::Upsert).count();
        assert_eq!((of(Kind::Post), of(Kind::Reply), of(Kind::Quote)), (4, 1, 1));
        assert_eq!(mentions.iter().filter(|m| m.op == Op::Delete).count(), 1);
        assert!(FRAMES.lines().count() > mentions.len());
        assert!(mentions.iter().all(|m| m.ts <= m.received && m.author.is_some()));
    }

    #[test]
    fn an_update_and_a_deletion_have_the_uid_of_the_post() {
        let mentions: Vec<_> = frames().into_iter().flatten().flatten().collect();
        let deleted = mentions.iter().find(|m| m.op == Op::Delete).expect("one is deleted");
        assert_eq!(mentions.iter().filter(|m| m.uid == deleted.uid).count(), 3);
        assert_eq!(
            &*deleted.uid,
            "bluesky:at://did:plc:aaaaaaaaaaaaaaaaaaaaaaa1/app.bsky.feed.post/3kaaaaaaaaa2a"
        );
    }

    #[test]
    fn a_clock_that_is_ahead_is_not_believed() {
        let mentions: Vec<_> = frames().into_iter().flatten().flatten().collect();
        let ahead =
            mentions.iter().find(|m| m.text.as_deref() == Some("from the future")).expect("there is one");
        assert_eq!(ahead.ts, ahead.received);
    }

    #[test]
    fn no_text_makes_it_panic() {
        let deep = "[".repeat(100_000);
        let long = format!("{{\"uid\":\"{}\"}}", "x".repeat(5_000));
        for json in ["", "{", "NaN", "{\"uid\":NaN}", "{\"uid\":\"a\"", "\u{0}", &deep, &long] {
            assert!(
                CanonicalOrJetstream
                    .read(json.as_bytes(), &"a".into(), Time::from_secs(1_800_000_000))
                    .is_err()
            );
        }
        assert!(CanonicalOrJetstream.read(&[0xff, 0xfe], &"a".into(), Time::default()).is_err());
    }

    /// Any JSON, with a liking for keys that mean something and numbers at the edge.
    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
            Just(json!("2026-07-04T14:38:07Z")),
            Just(json!("app.bsky.feed.post")),
            Just(json!("create")),
        ];
        let keys = prop::sample::select(vec![
            "uid",
            "op",
            "ts",
            "received",
            "text",
            "author",
            "id",
            "handle",
            "geo",
            "lat",
            "lon",
            "sentiment",
            "reach",
            "value",
            "kind",
            "did",
            "time_us",
            "commit",
            "collection",
            "rkey",
            "operation",
            "record",
        ]);
        leaf.prop_recursive(4, 64, 8, move |inner| {
            let fields = prop::collection::vec((keys.clone(), inner.clone()), 0..8);
            let object = fields.prop_map(|fields| {
                Value::Object(
                    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>(),
                )
            });
            prop_oneof![4 => object, 1 => prop::collection::vec(inner, 0..4).prop_map(Value::from)]
        })
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_within_bounds(value in any_json()) {
            let (json, now) = (value.to_string(), Time::from_secs(1_800_000_000));
            if let Ok(Some(mention)) = CanonicalOrJetstream.read(json.as_bytes(), &"a".into(), now) {
                prop_assert!(!mention.uid.is_empty() && mention.ts.0 <= now.0 + crate::mention::MAX_AHEAD_NS);
                prop_assert!(mention.sentiment.is_none_or(|s| (-1.0..=1.0).contains(&s.score)));
                prop_assert!(mention.geo.is_none_or(|g| g.lat.abs() <= 90.0 && g.lon.abs() <= 180.0));
            }
            let _ = read_recorded(json.as_bytes(), &"a".into());
        }
    }
}
