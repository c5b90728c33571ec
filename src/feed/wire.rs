//! The canonical mention as JSON, one object a line: what Fishbowl records and what a source that
//! knows Fishbowl sends.
//!
//! Fields are named as in [`Mention`]; `uid` alone is required. `ts` and `received` are
//! microseconds since 1970, UTC; RFC 3339 is read as well.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize as _, Serialize, Serializer};
use serde_json::Value;

use super::field;
use super::record::Garbage;
use crate::clock::Time;
use crate::mention::{
    Author, Geo, Kind, MAX_TAGS, Mention, Metrics, Network, Op, Origin, Reach, ReachKind, Sentiment,
};

/// Reads a mention that `source` handed over at `received`. Fields that are wrong are dropped;
/// `None` is a record that says nothing (`op` is `metrics` without any).
pub(super) fn read(value: &Value, source: &Arc<str>, received: Time) -> Result<Option<Mention>, Garbage> {
    let uid = field::id(value.get("uid")).ok_or(Garbage("no uid"))?;
    let ts = field::micros(value.get("ts")).unwrap_or(received);
    let mut mention = Mention::new(source, "", ts, received);
    mention.uid = uid.into();
    mention.network = word(value.get("network"));
    mention.op = word::<Op>(value.get("op"));
    mention.version = field::count(value.get("version")).unwrap_or(0);
    mention.kind = word::<Kind>(value.get("kind"));
    mention.url = field::url(value.get("url"));
    mention.author = value.get("author").and_then(author);
    mention.lang = field::lang(value.get("lang"));
    mention.geo = value.get("geo").and_then(geo);
    mention.sentiment = value.get("sentiment").and_then(sentiment);
    mention.reach = value.get("reach").and_then(reach);
    mention.parent = field::id(value.get("parent")).map(Into::into);
    mention.thread = field::id(value.get("thread")).map(Into::into);
    mention.metrics = value.get("metrics").and_then(metrics);
    mention.emotions = emotions(value.get("emotions"));
    mention.tags = tags(value.get("tags"));
    mention.sensitive = value.get("sensitive") == Some(&Value::Bool(true));
    if mention.op == Op::Metrics && mention.metrics.is_none() {
        return Ok(None);
    }
    Ok(Some(match field::text(value.get("text")) {
        Some(text) => mention.with_text(text),
        None => mention,
    }))
}

/// When the record arrived where it was recorded; its own time where that is not told.
pub(super) fn recorded_at(value: &Value) -> Option<Time> {
    field::micros(value.get("received")).or_else(|| field::micros(value.get("ts")))
}

/// One line without its line feed.
pub fn write(mention: &Mention) -> String {
    let line = Line {
        uid: &mention.uid,
        source: &mention.source,
        network: mention.network,
        op: mention.op,
        version: mention.version,
        ts: mention.ts.as_micros(),
        received: mention.received.as_micros(),
        kind: mention.kind,
        text: mention.text.as_deref(),
        url: mention.url.as_deref(),
        parent: mention.parent.as_deref(),
        thread: mention.thread.as_deref(),
        author: mention.author.as_ref(),
        lang: mention.lang.as_deref(),
        geo: mention.geo.as_ref(),
        sentiment: mention.sentiment,
        reach: mention.reach,
        metrics: mention.metrics.as_deref(),
        emotions: mention.emotions.iter().map(|(name, sure)| (&**name, *sure)).collect(),
        tags: &mention.tags,
        sensitive: mention.sensitive,
    };
    serde_json::to_string(&line).expect("a line has text keys and cannot fail to become JSON")
}

#[derive(Serialize)]
struct Line<'a> {
    uid: &'a str,
    source: &'a str,
    network: Network,
    op: Op,
    #[serde(skip_serializing_if = "is_nothing")]
    version: u64,
    ts: i64,
    received: i64,
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'a Author>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    geo: Option<&'a Geo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentiment: Option<Sentiment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reach: Option<Reach>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics: Option<&'a Metrics>,
    /// By name; JSON keeps their order as it is given.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_object")]
    emotions: Vec<(&'a str, f32)>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [Arc<str>],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sensitive: bool,
}

fn is_nothing(n: &u64) -> bool {
    *n == 0
}

fn as_object<S: Serializer>(pairs: &[(&str, f32)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(pairs.iter().copied())
}

/// One of the words of an enumeration; its default for any other.
fn word<T: DeserializeOwned + Default>(value: Option<&Value>) -> T {
    value.and_then(|v| T::deserialize(v).ok()).unwrap_or_default()
}

fn author(value: &Value) -> Option<Author> {
    let handle = field::handle(value.get("handle"));
    let id = field::id(value.get("id")).map(Arc::from).or_else(|| handle.clone())?;
    let (name, followers) = (field::name(value.get("name")), field::count(value.get("followers")));
    Some(Author { id, handle, name, followers })
}

fn geo(value: &Value) -> Option<Geo> {
    let mut geo = field::geo(value.get("lat"), value.get("lon"))?;
    geo.name = field::name(value.get("name")).or_else(|| field::name(value.get("city")));
    geo.country = field::country(value.get("country"));
    Some(geo)
}

/// An object with a `score`, or the score alone.
fn sentiment(value: &Value) -> Option<Sentiment> {
    let score = field::score(value.get("score").or(Some(value)))?;
    Some(Sentiment { score, origin: word::<Origin>(value.get("origin")) })
}

fn reach(value: &Value) -> Option<Reach> {
    let kind = ReachKind::deserialize(value.get("kind")?).ok()?;
    Some(Reach { value: field::count(value.get("value"))?, kind })
}

/// The counts that are given, if any is.
fn metrics(value: &Value) -> Option<Box<Metrics>> {
    let count = |name| field::count(value.get(name));
    let metrics = Metrics {
        likes: count("likes"),
        shares: count("shares"),
        replies: count("replies"),
        quotes: count("quotes"),
        views: count("views"),
        clicks: count("clicks"),
    };
    (metrics != Metrics::default()).then(|| Box::new(metrics))
}

/// An object of names with a confidence of 0 to 1 each.
fn emotions(value: Option<&Value>) -> Vec<(Arc<str>, f32)> {
    let pairs = value.and_then(Value::as_object).into_iter().flatten();
    let read = |(name, sure): (&String, &Value)| {
        let sure = sure.as_f64().filter(|sure| (0.0..=1.0).contains(sure))?;
        Some((field::name(Some(&Value::from(name.as_str())))?, sure as f32))
    };
    pairs.filter_map(read).take(MAX_TAGS).collect()
}

fn tags(value: Option<&Value>) -> Vec<Arc<str>> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|tag| field::name(Some(tag))).take(MAX_TAGS).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn parse(value: Value) -> Result<Option<Mention>, Garbage> {
        read(&value, &"feed".into(), NOW)
    }

    #[test]
    fn a_mention_survives_the_way_to_json_and_back() {
        let source = "feed".into();
        let mut mention = Mention::new(&source, "1", Time::from_micros(1_799_999_999_123_456), NOW);
        mention = mention.with_text("「電池」 good \u{1f50b}");
        mention.network = Network::Bluesky;
        mention.kind = Kind::Reply;
        mention.url = Some("https://example.org/1".into());
        mention.author =
            Some(Author { id: "a1".into(), handle: Some("ana".into()), name: None, followers: Some(7) });
        mention.lang = Some("ja".into());
        mention.geo = Geo::new(35.68, 139.69).map(|g| Geo {
            name: Some("Tokyo".into()),
            country: Some("JP".into()),
            ..g
        });
        mention.sentiment = Some(Sentiment { score: 0.4, origin: Origin::Model });
        mention.reach = Some(Reach { value: 12, kind: ReachKind::SiteVisitors });
        mention.version = 1_799_999_999_123_456;
        mention.parent = Some("feed:0".into());
        mention.thread = Some("feed:start".into());
        mention.metrics = Some(Box::new(Metrics { likes: Some(0), views: Some(9), ..Metrics::default() }));
        mention.emotions = vec![("anger".into(), 0.25), ("joy".into(), 1.0)];
        mention.tags = vec!["launch".into(), "eu west".into()];
        mention.sensitive = true;
        let value = serde_json::from_str(&write(&mention)).expect("what we write is JSON");
        assert_eq!(read(&value, &source, NOW), Ok(Some(mention)));
        assert_eq!(recorded_at(&value), Some(NOW));
    }

    #[test]
    fn hostile_fields_are_dropped_and_the_rest_is_kept() {
        let mention = parse(json!({
            "uid": "x:1", "ts": "99999-12-31T00:00:00Z", "text": "kept\u{202e}", "network": 5, "kind": "rant",
            "author": {"id": null, "handle": "@ana", "followers": -3}, "lang": ["en"],
            "geo": {"lat": 0.0, "lon": 0.0}, "sentiment": {"score": 1e9}, "reach": {"value": "many"},
            "url": "file:///etc/passwd", "op": {"a": 1}
        }));
        let mention = mention.expect("it has a uid").expect("it is an upsert");
        assert_eq!((mention.ts, mention.text.as_deref(), mention.op), (NOW, Some("kept"), Op::Upsert));
        let author = mention.author.expect("the handle stands for the id");
        assert_eq!((&*author.id, author.followers), ("ana", None));
        assert_eq!(
            (mention.geo, mention.sentiment, mention.reach, mention.url, mention.lang),
            (None, None, None, None, None)
        );
    }

    #[test]
    fn a_record_without_uid_is_garbage() {
        for value in [json!({}), json!([]), json!(null), json!({"uid": ""}), json!({"uid": {}}), json!("uid")]
        {
            assert!(parse(value.clone()).is_err(), "{value}");
        }
    }

    #[test]
    fn retractions_and_numbers_alone_are_read() {
        let op = |value| parse(value).expect("it has a uid").map(|m| m.op);
        assert_eq!(op(json!({"uid": "x:1", "op": "delete"})), Some(Op::Delete));
        assert_eq!(op(json!({"uid": "x:1", "op": "metrics"})), None);
        assert_eq!(op(json!({"uid": "x:1", "op": "metrics", "metrics": {"likes": -1}})), None);
        assert_eq!(op(json!({"uid": "x:1", "op": "metrics", "metrics": {"likes": 3}})), Some(Op::Metrics));
    }

    #[test]
    fn no_list_is_longer_than_it_may_be() {
        let many: Vec<String> = (0..999).map(|i| format!("tag {i}")).collect();
        let emotions: serde_json::Map<_, _> = (0..999).map(|i| (format!("e{i}"), json!(0.5))).collect();
        let mention = parse(json!({"uid": "x", "tags": many, "emotions": emotions})).expect("it has a uid");
        assert!(mention.is_some_and(|m| m.tags.len() == MAX_TAGS && m.emotions.len() == MAX_TAGS));
        let wrong = parse(json!({"uid": "x", "tags": {"a": 1}, "emotions": {"joy": 7}, "sensitive": "yes"}));
        let wrong = wrong.expect("it has a uid").expect("it is an upsert");
        assert!(wrong.tags.is_empty() && wrong.emotions.is_empty() && !wrong.sensitive);
    }

    #[test]
    fn sentiment_may_be_a_number_or_a_word() {
        let score = |v| parse(json!({"uid": "x", "sentiment": v})).ok().flatten().and_then(|m| m.sentiment);
        assert_eq!(score(json!(-0.5)).map(|s| s.score), Some(-0.5));
        assert_eq!(score(json!("neutral")).map(|s| s.score), Some(0.0));
        assert_eq!(score(json!({"score": 0.5, "origin": "model"})).map(|s| s.origin), Some(Origin::Model));
    }
}
