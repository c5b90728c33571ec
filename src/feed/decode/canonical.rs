//! The canonical mention as JSON, one object a line: what Fishbowl records and what a source that
//! knows Fishbowl sends.
//!
//! Fields are named as in [`Mention`]; `uid` alone is required. `ts` and `received` are
//! microseconds since 1970, UTC; other moments are read as well. A `ts` of 0 is unknown; without one
//! it is the arrival.

use std::sync::Arc;

use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer as _};

use super::error::DecodeError;
use super::field;
use super::scalar::{Few, Leaf, Lone, Pairs, Scalar, object};
use super::several::{self, Several};
pub use super::write::write;
use crate::clock::Time;
use crate::mention::{
    Author, Country, Geo, MAX_LINKS, MAX_TAGS, MAX_TEXT_BYTES, Mention, Metrics, Op, Reach, Sentiment,
    UNDATED, clean_text,
};

object! {
    /// A line, as far as it can mean something.
    Line {
        uid: Scalar<'a> = "uid",
        network: Scalar<'a> = "network",
        op: Scalar<'a> = "op",
        version: Scalar<'a> = "version",
        ts: Scalar<'a> = "ts",
        received: Scalar<'a> = "received",
        kind: Scalar<'a> = "kind",
        text: Scalar<'a> = "text",
        url: Scalar<'a> = "url",
        parent: Scalar<'a> = "parent",
        thread: Scalar<'a> = "thread",
        author: Option<AuthorLine<'a>> = "author",
        lang: Several<'a> = "lang",
        langs: Several<'a> = "langs",
        geo: Option<GeoLine<'a>> = "geo",
        country: Scalar<'a> = "country",
        sentiment: Option<SentimentLine<'a>> = "sentiment",
        reach: Option<ReachLine<'a>> = "reach",
        metrics: Option<MetricsLine<'a>> = "metrics",
        emotions: Pairs<'a> = "emotions",
        tags: Few<Scalar<'a>, MAX_TAGS> = "tags",
        links: Few<Scalar<'a>, MAX_LINKS> = "links",
        found_for: Few<Scalar<'a>, MAX_TAGS> = "found_for",
        sensitive: Scalar<'a> = "sensitive",
        /// Fields of a Jetstream frame, by which it is known.
        did: Scalar<'a> = "did",
        time_us: Scalar<'a> = "time_us",
    }
}

object! {
    AuthorLine {
        id: Scalar<'a> = "id",
        handle: Scalar<'a> = "handle",
        name: Scalar<'a> = "name",
        followers: Scalar<'a> = "followers",
        place: Scalar<'a> = "place",
    }
}

object! {
    GeoLine {
        lat: Scalar<'a> = "lat",
        lon: Scalar<'a> = "lon",
        name: Scalar<'a> = "name",
        city: Scalar<'a> = "city",
        country: Scalar<'a> = "country",
    }
}

object! {
    SentimentLine {
        score: Scalar<'a> = "score",
        origin: Scalar<'a> = "origin",
    }
}

object! {
    ReachLine {
        value: Scalar<'a> = "value",
        kind: Scalar<'a> = "kind",
    }
}

object! {
    MetricsLine {
        likes: Scalar<'a> = "likes",
        shares: Scalar<'a> = "shares",
        replies: Scalar<'a> = "replies",
        quotes: Scalar<'a> = "quotes",
        views: Scalar<'a> = "views",
        clicks: Scalar<'a> = "clicks",
    }
}

impl<'a> Lone<'a> for Line<'a> {}
impl<'a> Lone<'a> for AuthorLine<'a> {}
impl<'a> Lone<'a> for GeoLine<'a> {}
impl<'a> Lone<'a> for ReachLine<'a> {}
impl<'a> Lone<'a> for MetricsLine<'a> {}
impl<'a> Lone<'a> for SentimentLine<'a> {
    fn lone(score: Scalar<'a>) -> Self {
        Self { score, origin: Scalar::Absent }
    }
}

impl Line<'_> {
    /// Whether it has what a Jetstream frame has and a mention has not.
    pub fn may_be_frame(&self) -> bool {
        self.did.is_there() && self.time_us.is_there()
    }
}

/// Reads a mention that `source` handed over at `received`. Fields that are wrong are dropped;
/// `None` is a record that says nothing (`op` is `metrics` without any).
pub(in crate::feed) fn read(
    line: &Line<'_>,
    source: &Arc<str>,
    received: Time,
) -> Result<Option<Mention>, DecodeError> {
    let uid = field::uid(Some(&line.uid)).ok_or(DecodeError("no uid"))?;
    let ts = if line.ts.is_there() { field::moment(Some(&line.ts)).unwrap_or(UNDATED) } else { received };
    let mut mention = Mention::of((*uid).into(), source, ts, received);
    mention.network = word(&line.network).unwrap_or_default();
    mention.op = word(&line.op).unwrap_or_default();
    mention.version = field::count(Some(&line.version)).unwrap_or(0);
    mention.kind = word(&line.kind).unwrap_or_default();
    mention.text = line.text.as_text().and_then(clean_text);
    mention.url = field::url(Some(&line.url));
    mention.author = line.author.as_ref().and_then(author);
    several::speak(&mut mention, line.lang.as_slice().iter().chain(line.langs.as_slice()));
    mention.geo = line.geo.as_ref().and_then(geo);
    mention.country = field::country(Some(&line.country)).or_else(|| within(line.geo.as_ref()?));
    mention.sentiment = line.sentiment.as_ref().and_then(sentiment);
    mention.reach = line.reach.as_ref().and_then(reach);
    mention.parent = field::uid(Some(&line.parent)).map(Into::into);
    mention.thread = field::uid(Some(&line.thread)).map(Into::into);
    mention.metrics = line.metrics.as_ref().and_then(metrics);
    mention.emotions = emotions(&line.emotions);
    mention.tags = line.tags.as_slice().iter().filter_map(|tag| field::name(Some(tag))).collect();
    mention.links = several::links(line.links.as_slice().iter().filter_map(Leaf::as_text));
    mention.found_for = line.found_for.as_slice().iter().filter_map(query).collect();
    mention.sensitive = line.sensitive == Scalar::Flag(true);
    let says_nothing = mention.op == Op::Metrics && mention.metrics.is_none();
    Ok((!says_nothing).then_some(mention))
}

/// When the record arrived where it was recorded; its own time where that is not told.
pub(in crate::feed) fn recorded_at(line: &Line<'_>) -> Option<Time> {
    field::moment(Some(&line.received)).or_else(|| field::moment(Some(&line.ts)))
}

/// The query of a topic, as it was written.
fn query(text: &Scalar<'_>) -> Option<Arc<str>> {
    text.as_text().filter(|query| (1..=MAX_TEXT_BYTES).contains(&query.len())).map(Arc::from)
}

/// One of the words of an enumeration.
fn word<T: DeserializeOwned>(word: &Scalar<'_>) -> Option<T> {
    let word: StrDeserializer<'_, ValueError> = word.as_text()?.into_deserializer();
    T::deserialize(word).ok()
}

fn author(line: &AuthorLine<'_>) -> Option<Author> {
    let handle = field::handle(Some(&line.handle));
    let id = field::key(Some(&line.id)).map(Arc::from).or_else(|| handle.clone())?;
    let (name, followers) = (field::name(Some(&line.name)), field::count(Some(&line.followers)));
    Some(Author { id, handle, name, followers, place: field::name(Some(&line.place)) })
}

fn geo(line: &GeoLine<'_>) -> Option<Geo> {
    let mut geo = field::geo(Some(&line.lat), Some(&line.lon))?;
    geo.name = field::name(Some(&line.name)).or_else(|| field::name(Some(&line.city)));
    Some(geo)
}

/// The country within a place, where older lines have it.
fn within(line: &GeoLine<'_>) -> Option<Country> {
    field::country(Some(&line.country))
}

/// An object with a `score`, or the score alone.
fn sentiment(line: &SentimentLine<'_>) -> Option<Sentiment> {
    let score = field::score(Some(&line.score))?;
    Some(Sentiment { score, origin: word(&line.origin).unwrap_or_default() })
}

fn reach(line: &ReachLine<'_>) -> Option<Reach> {
    Some(Reach { value: field::count(Some(&line.value))?, kind: word(&line.kind)? })
}

/// The counts that are given, if any is.
fn metrics(line: &MetricsLine<'_>) -> Option<Box<Metrics>> {
    let metrics = Metrics {
        likes: field::count(Some(&line.likes)),
        shares: field::count(Some(&line.shares)),
        replies: field::count(Some(&line.replies)),
        quotes: field::count(Some(&line.quotes)),
        views: field::count(Some(&line.views)),
        clicks: field::count(Some(&line.clicks)),
    };
    (metrics != Metrics::default()).then(|| Box::new(metrics))
}

/// An object of names with a confidence of 0 to 1 each.
fn emotions(line: &Pairs<'_>) -> Vec<(Arc<str>, f32)> {
    let read = |(name, sure): &(Scalar<'_>, Scalar<'_>)| {
        let sure = sure.as_real().filter(|sure| (0.0..=1.0).contains(sure))?;
        Some((field::name(Some(name))?, sure as f32))
    };
    line.as_slice().iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::mention::{Kind, Network, Origin, ReachKind};

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn line(json: &str) -> Line<'_> {
        serde_json::from_str(json).expect("it is JSON")
    }

    fn parse(value: Value) -> Result<Option<Mention>, DecodeError> {
        read(&line(&value.to_string()), &"feed".into(), NOW)
    }

    #[test]
    fn a_mention_survives_the_way_to_json_and_back() {
        let source = "feed".into();
        let mut mention = Mention::new(&source, "1", Time::from_micros(1_799_999_999_123_456), NOW);
        mention = mention.with_text("「電池」 good \u{1f50b}");
        mention.network = Network::Bluesky;
        mention.kind = Kind::Reply;
        mention.url = Some("https://example.org/1".into());
        mention.author = Some(Author {
            id: "a1".into(),
            handle: Some("ana".into()),
            followers: Some(7),
            ..Author::default()
        });
        mention.author.as_mut().expect("it has one").place = Some("Tokyo 🗼".into());
        several::speak(&mut mention, &[json!("ja"), json!("en")]);
        mention.geo = Geo::new(35.68, 139.69).map(|g| Geo { name: Some("Tokyo".into()), ..g });
        mention.country = Country::new("JP");
        mention.sentiment = Some(Sentiment { score: 0.4, origin: Origin::Model });
        mention.reach = Some(Reach { value: 12, kind: ReachKind::SiteVisitors });
        mention.version = 1_799_999_999_123_456;
        mention.parent = Some("feed:0".into());
        mention.thread = Some("feed:start".into());
        mention.metrics = Some(Box::new(Metrics { likes: Some(0), views: Some(9), ..Metrics::default() }));
        mention.emotions = vec![("anger".into(), 0.25), ("joy".into(), 1.0)];
        mention.tags = vec!["launch".into(), "eu west".into()];
        mention.links = vec!["https://news.example/a?b=1".into()];
        mention.found_for = vec!["aurora\n  OR \"a  phone\"".into()];
        mention.sensitive = true;
        let written = write(&mention);
        assert_eq!(read(&line(&written), &source, NOW), Ok(Some(mention)));
        assert_eq!(recorded_at(&line(&written)), Some(NOW));
    }

    #[test]
    fn a_country_may_stand_alone_or_in_its_place() {
        let country = |value| parse(value).ok().flatten().and_then(|m| m.country);
        let japan = Country::new("JP");
        assert_eq!(country(json!({"uid": "x", "country": "jp"})), japan);
        assert_eq!(country(json!({"uid": "x", "geo": {"country": "JP"}})), japan);
        assert_eq!(country(json!({"uid": "x", "country": "Japan", "geo": 5})), None);
    }

    #[test]
    fn hostile_fields_are_dropped_and_the_rest_is_kept() {
        let mention = parse(json!({
            "uid": "x:1", "ts": "99999-12-31T00:00:00Z", "text": "kept\u{202e}", "network": 5, "kind": "rant",
            "author": {"id": null, "handle": "@ana", "followers": -3}, "lang": {"a": "en"},
            "geo": {"lat": 0.0, "lon": 0.0}, "sentiment": {"score": 1e9}, "reach": {"value": "many"},
            "url": "file:///etc/passwd", "op": {"a": 1}
        }));
        let mention = mention.expect("it has a uid").expect("it is an upsert");
        assert_eq!((mention.ts, mention.text.as_deref(), mention.op), (UNDATED, Some("kept"), Op::Upsert));
        let author = mention.author.expect("the handle stands for the id");
        assert_eq!((&*author.id, author.followers), ("ana", None));
        assert_eq!(
            (mention.geo, mention.sentiment, mention.reach, mention.url, mention.lang),
            (None, None, None, None, None)
        );
    }

    #[test]
    fn a_mention_may_have_several_languages() {
        let langs = |value| {
            let mention = parse(value).ok().flatten().expect("it has a uid");
            (mention.lang.as_deref().unwrap_or_default().to_owned(), mention.langs.join(" "))
        };
        assert_eq!(langs(json!({"uid": "x", "lang": "en"})), ("en".into(), String::new()));
        assert_eq!(langs(json!({"uid": "x", "lang": ["en", "de"]})), ("en".into(), "en de".into()));
        assert_eq!(
            langs(json!({"uid": "x", "lang": "de", "langs": ["en", "de"]})),
            ("de".into(), "de en".into())
        );
        assert_eq!(langs(json!({"uid": "x", "langs": vec!["en"; 99]})), ("en".into(), String::new()));
        assert_eq!(
            langs(json!({"uid": "x", "lang": null, "langs": {"a": 1}})),
            (String::new(), String::new())
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
