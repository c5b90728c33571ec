//! A post of X as a mention: docs.x.com/x-api/fundamentals/data-dictionary.

use std::sync::Arc;

use serde_json::Value;

use super::includes::{self, included};
use super::{mark, text};
use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::field;
use crate::mention::{
    Author, Country, Geo, Kind, MAX_TAGS, Mention, Metrics, Network, Reach, ReachKind, UNDATED,
};

/// What the uid of every mention of the network begins with.
const NETWORK: &str = "x";
/// Parameters that ask for all that is read here.
pub(super) const FIELDS: [(&str, &str); 4] = [
    (
        "tweet.fields",
        "author_id,conversation_id,created_at,edit_history_tweet_ids,entities,geo,lang,note_tweet,possibly_sensitive,public_metrics,referenced_tweets",
    ),
    ("expansions", "author_id,geo.place_id,referenced_tweets.id"),
    ("user.fields", "location,name,public_metrics,username"),
    ("place.fields", "country_code,full_name,geo,place_type"),
];
/// Longest side of a place whose middle may stand for it, degrees; larger ones are regions.
const MAX_PLACE: f64 = 1.0;

/// Reads a post out of `data`; `includes` holds its author, its place and what it repeats. Without id
/// it is garbage.
pub(super) fn read(
    post: &Value,
    includes: Option<&Value>,
    source: &Arc<str>,
    received: Time,
) -> Result<Mention, DecodeError> {
    let id = field::id(post.get("id")).ok_or(DecodeError("a post without an id"))?;
    let history = post.get("edit_history_tweet_ids").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    // An edit is a post of its own; the first of them is what all are known by.
    let first = history.first().and_then(|id| field::id(Some(id))).unwrap_or_else(|| id.clone());
    let ts = field::moment(post.get("created_at")).or_else(|| mark::told_by(&id)).unwrap_or(UNDATED);
    let mut mention = Mention::new(source, &first, ts, received).with_uid(NETWORK, &first);
    mention.network = Network::X;
    mention.version =
        history.iter().position(|other| other.as_str() == Some(&id)).map_or(1, |at| at as u64 + 1);
    mention.author = author(post, includes);
    mention.url = Some(address(mention.author.as_ref(), &id));
    (mention.kind, mention.parent) = relation(post);
    mention.thread = field::id(post.get("conversation_id")).filter(|thread| *thread != id).map(|id| uid(&id));
    mention.lang = lang(post.get("lang"));
    mention.geo = geo(post, includes);
    mention.country = country(post, includes);
    mention.metrics = metrics(post.get("public_metrics"));
    mention.reach = reach(&mention);
    let is_sensitive = |post: &Value| post.get("possibly_sensitive") == Some(&Value::Bool(true));
    mention.sensitive = is_sensitive(post) || includes::repeated(post, includes).is_some_and(is_sensitive);
    let (words, links) = text::read(post, includes);
    mention.links = links;
    Ok(mention.with_text(&words))
}

/// The id of a post as a number; 0 where it is none.
pub(super) fn number(post: &Value) -> u64 {
    field::id(post.get("id")).and_then(|id| id.parse().ok()).unwrap_or_default()
}

/// The post of a line of the stream; `None` where only rules of others brought it.
pub(super) fn of_line(
    payload: &Value,
    prefix: Option<&str>,
    source: &Arc<str>,
    now: Time,
) -> Result<Option<Mention>, DecodeError> {
    let data = payload.get("data").ok_or(DecodeError("a line without a post"))?;
    let Some(tags) = tags(payload, prefix.unwrap_or_default()) else { return Ok(None) };
    let mention = read(data, payload.get("includes"), source, now)?;
    Ok(Some(Mention { tags, ..mention }))
}

/// The tags that our own rules gave a post: those that begin with `prefix`, without it. `None`
/// when it was only other people's rules that brought it.
pub(super) fn tags(payload: &Value, prefix: &str) -> Option<Vec<Arc<str>>> {
    let Some(rules) = payload.get("matching_rules").and_then(Value::as_array) else {
        return Some(Vec::new());
    };
    let mut tags: Vec<Arc<str>> = Vec::new();
    for rule in rules {
        let Some(tag) = field::text(rule.get("tag")).and_then(|tag| tag.strip_prefix(prefix)) else {
            continue;
        };
        if let Some(tag) = field::name(Some(&tag))
            && !tags.contains(&tag)
        {
            tags.push(tag);
        }
    }
    tags.truncate(MAX_TAGS);
    (rules.is_empty() || !tags.is_empty()).then_some(tags)
}

fn uid(id: &str) -> Arc<str> {
    format!("{NETWORK}:{id}").into()
}

fn address(author: Option<&Author>, id: &str) -> Arc<str> {
    let handle = author.and_then(|author| author.handle.as_deref());
    let plain = handle.filter(|handle| handle.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
    format!("https://x.com/{}/status/{id}", plain.unwrap_or("i")).into()
}

fn author(post: &Value, includes: Option<&Value>) -> Option<Author> {
    let id = field::id(post.get("author_id"))?;
    let user = included(includes, "users", post.get("author_id"));
    let field = |name: &str| user.and_then(|user| user.get(name));
    Some(Author {
        id: id.into(),
        handle: field::handle(field("username")),
        name: field::name(field("name")),
        followers: field("public_metrics").and_then(|m| field::count(m.get("followers_count"))),
        place: field::name(field("location")),
    })
}

/// What it is, and the uid of what it repeats, answers or quotes. A post that answers with a
/// quote is an answer.
fn relation(post: &Value) -> (Kind, Option<Arc<str>>) {
    for (word, kind) in [("retweeted", Kind::Repost), ("replied_to", Kind::Reply), ("quoted", Kind::Quote)] {
        if let Some(other) = includes::referenced(post, word) {
            return (kind, field::id(other.get("id")).map(|id| uid(&id)));
        }
    }
    (Kind::Post, None)
}

/// The language; X has codes of its own for what has none, and three old ones.
fn lang(value: Option<&Value>) -> Option<Arc<str>> {
    let code = field::lang(value)?;
    match &*code {
        "in" => Some("id".into()),
        "iw" => Some("he".into()),
        "ji" => Some("yi".into()),
        "zxx" | "art" | "mul" | "mis" => None,
        // Kept for private use by ISO 639: `qme` is media alone, `qht` hashtags alone.
        code if code.len() == 3 && code.starts_with('q') => None,
        _ => Some(code),
    }
}

/// Where it was said: a point, or the middle of a place no larger than a city.
fn geo(post: &Value, includes: Option<&Value>) -> Option<Geo> {
    let geo = post.get("geo")?;
    let place = included(includes, "places", geo.get("place_id"));
    let point = geo.pointer("/coordinates/coordinates").filter(|point| point.is_array());
    let found = match point {
        // Longitude first, as GeoJSON has it.
        Some(point) => field::geo(point.get(1), point.get(0)),
        None => middle(place?),
    }?;
    let name = place.and_then(|place| field::name(place.get("full_name")));
    Some(Geo { name, ..found })
}

/// The country of the place that it was said in, however large that is.
fn country(post: &Value, includes: Option<&Value>) -> Option<Country> {
    let place = included(includes, "places", post.pointer("/geo/place_id"))?;
    field::country(place.get("country_code"))
}

fn middle(place: &Value) -> Option<Geo> {
    let local = matches!(field::text(place.get("place_type")), Some("poi" | "neighborhood" | "city"));
    let side = |at: usize| field::number(place.pointer("/geo/bbox")?.get(at));
    let (west, south, east, north) = (side(0)?, side(1)?, side(2)?, side(3)?);
    let small = (0.0..=MAX_PLACE).contains(&(east - west)) && (0.0..=MAX_PLACE).contains(&(north - south));
    if local && small { Geo::new(f64::midpoint(south, north), f64::midpoint(west, east)) } else { None }
}

fn metrics(counts: Option<&Value>) -> Option<Box<Metrics>> {
    let counts = counts?;
    let metrics = Metrics {
        likes: field::count(counts.get("like_count")),
        shares: field::count(counts.get("retweet_count")),
        replies: field::count(counts.get("reply_count")),
        quotes: field::count(counts.get("quote_count")),
        views: field::count(counts.get("impression_count")),
        clicks: None,
    };
    (metrics != Metrics::default()).then(|| Box::new(metrics))
}

/// Its impressions; a post that is just made has none yet, and its author's followers count.
fn reach(mention: &Mention) -> Option<Reach> {
    let seen = mention.metrics.as_ref().and_then(|metrics| metrics.views).filter(|views| *views > 0);
    let followers = mention.author.as_ref().and_then(|author| author.followers);
    let seen = seen.map(|value| Reach { value, kind: ReachKind::Impressions });
    seen.or(followers.map(|value| Reach { value, kind: ReachKind::Followers }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn mention(post: Value, includes: Value) -> Mention {
        read(&post, Some(&includes), &"feed".into(), NOW).expect("it has an id")
    }

    #[test]
    fn a_post_is_read_with_its_author() {
        let post = json!({
            "id": "19", "text": "acme &amp; co &lt;3", "created_at": "2026-01-02T03:04:05.000Z", "lang": "en",
            "author_id": "7", "conversation_id": "19", "edit_history_tweet_ids": ["19"], "possibly_sensitive": false,
            "public_metrics": {"retweet_count": 1, "reply_count": 0, "like_count": 3, "quote_count": 2, "impression_count": 90},
        });
        let users = json!({"users": [{"id": "6"}, {"id": "7", "username": "z", "name": "Zoë", "location": "Lyon",
            "public_metrics": {"followers_count": 12}}]});
        let found = mention(post.clone(), users);
        assert_eq!((&*found.uid, found.version, found.text.as_deref()), ("x:19", 1, Some("acme & co <3")));
        assert_eq!(found.url.as_deref(), Some("https://x.com/z/status/19"));
        assert_eq!(found.reach, Some(Reach { value: 90, kind: ReachKind::Impressions }));
        let counts = found.metrics.expect("they are told");
        assert_eq!(
            (counts.likes, counts.shares, counts.replies, counts.quotes),
            (Some(3), Some(1), Some(0), Some(2))
        );
        let author = found.author.expect("it has one");
        assert_eq!((author.followers, author.place.as_deref()), (Some(12), Some("Lyon")));
        assert_eq!((found.geo, found.thread), (None, None), "where somebody lives is no place of the post");
        assert_eq!(mention(post, json!({})).url.as_deref(), Some("https://x.com/i/status/19"));
    }

    #[test]
    fn an_edit_has_the_uid_of_the_first_and_a_greater_version() {
        let edit = mention(json!({"id": "21", "edit_history_tweet_ids": ["19", "20", "21"]}), json!({}));
        assert_eq!((&*edit.uid, edit.version), ("x:19", 3));
        let first = mention(json!({"id": "19", "edit_history_tweet_ids": ["19"]}), json!({}));
        assert_eq!((first.uid, first.version), (edit.uid, 1));
    }

    #[test]
    fn a_long_post_is_read_whole_and_relations_are_told() {
        let post = json!({"id": "2", "text": "begins…", "note_tweet": {"text": "begins and ends"}, "conversation_id": "1",
            "referenced_tweets": [{"type": "quoted", "id": "5"}, {"type": "replied_to", "id": "1"}]});
        let found = mention(post, json!({}));
        assert_eq!((found.text.as_deref(), found.kind), (Some("begins and ends"), Kind::Reply));
        assert_eq!((found.parent.as_deref(), found.thread.as_deref()), (Some("x:1"), Some("x:1")));
        let repost =
            mention(json!({"id": "3", "referenced_tweets": [{"type": "retweeted", "id": "1"}]}), json!({}));
        assert_eq!((repost.kind, repost.parent.as_deref()), (Kind::Repost, Some("x:1")));
    }

    #[test]
    fn a_region_is_no_point() {
        let place = |kind: &str, bbox: [f64; 4]| {
            let includes = json!({"places": [{"id": "p", "place_type": kind, "full_name": "Lyon, France",
                "country_code": "FR", "geo": {"type": "Feature", "bbox": bbox}}]});
            let found = mention(json!({"id": "1", "geo": {"place_id": "p"}}), includes);
            assert_eq!(found.country, Country::new("FR"), "its country is known however large it is");
            found.geo
        };
        let city = place("city", [4.77, 45.71, 4.9, 45.81]).expect("a city is a place");
        assert_eq!(city.name.as_deref(), Some("Lyon, France"));
        assert!((city.lat - 45.76).abs() < 0.01 && (city.lon - 4.835).abs() < 0.01);
        assert_eq!(place("country", [4.77, 45.71, 4.9, 45.81]), None);
        assert_eq!(place("city", [-5.0, 42.0, 8.0, 51.0]), None);
        let point = json!({"id": "1", "geo": {"coordinates": {"type": "Point", "coordinates": [4.8, 45.7]}}});
        assert_eq!(mention(point, json!({})).geo, Geo::new(45.7, 4.8));
    }

    #[test]
    fn languages_that_are_none_are_dropped() {
        for (code, lang) in
            [("en", Some("en")), ("in", Some("id")), ("und", None), ("qme", None), ("zxx", None)]
        {
            assert_eq!(super::lang(Some(&json!(code))).as_deref(), lang, "{code}");
        }
    }

    #[test]
    fn only_our_own_rules_count() {
        let of = |tags: &[&str]| {
            let rules: Vec<Value> = tags.iter().map(|tag| json!({"id": "1", "tag": tag})).collect();
            super::tags(&json!({ "matching_rules": rules }), "fishbowl:x:").map(|tags| tags.join(" "))
        };
        assert_eq!(of(&["other", "fishbowl:x:a", "fishbowl:x:b", "fishbowl:x:a"]).as_deref(), Some("a b"));
        assert_eq!(of(&["other"]), None);
        assert_eq!(super::tags(&json!({}), "fishbowl:x:"), Some(Vec::new()), "a search names no rules");
    }

    /// Puts `leaf` in the place of the `at`th value of a document.
    fn put(value: &mut Value, at: &mut usize, leaf: &Value) {
        if *at == 0 {
            *value = leaf.clone();
        }
        *at = at.wrapping_sub(1);
        match value {
            Value::Object(fields) => fields.values_mut().for_each(|field| put(field, at, leaf)),
            Value::Array(items) => items.iter_mut().for_each(|item| put(item, at, leaf)),
            _ => {}
        }
    }

    proptest! {
        #[test]
        fn no_value_in_any_place_makes_it_panic(
            at in 0_usize..80,
            leaf in prop::sample::select(vec![
                json!(null), json!(-1), json!(1e300), json!(u64::MAX), json!(""), json!("\u{202e}\u{0}"), json!([]),
                json!([null, 1e308]), json!({}), json!("9".repeat(3_000)), json!(true), json!([{"id": {}}]),
            ]),
        ) {
            let mut payload = json!({
                "data": {"id": "19", "text": "a", "note_tweet": {"text": "b"}, "created_at": "2026-01-02T03:04:05.000Z",
                    "lang": "en", "author_id": "7", "conversation_id": "1", "edit_history_tweet_ids": ["18", "19"],
                    "geo": {"place_id": "p", "coordinates": {"coordinates": [4.0, 45.0]}},
                    "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://a.example/"}]},
                    "referenced_tweets": [{"type": "retweeted", "id": "5"}],
                    "public_metrics": {"retweet_count": 1, "impression_count": 90}},
                "includes": {"users": [{"id": "7", "username": "z", "public_metrics": {"followers_count": 12}}],
                    "tweets": [{"id": "5", "text": "a https://t.co/a", "note_tweet": {"text": "b"}}],
                    "places": [{"id": "p", "place_type": "city", "country_code": "FR", "geo": {"bbox": [4.0, 45.0, 4.1, 45.1]}}]},
                "matching_rules": [{"id": "5", "tag": "fishbowl:x:a"}],
            });
            put(&mut payload, &mut at.clone(), &leaf);
            let _ = tags(&payload, "fishbowl:x:");
            let _ = crate::feed::kinds::x::problem::in_band(&payload);
            if let Some(data) = payload.get("data")
                && let Ok(mention) = read(data, payload.get("includes"), &"x".into(), NOW)
            {
                prop_assert!(mention.uid.starts_with("x:") && mention.uid.len() < 1_100);
                prop_assert!(mention.geo.is_none_or(|g| g.lat.abs() <= 90.0 && g.lon.abs() <= 180.0));
                prop_assert!(mention.tags.len() <= MAX_TAGS);
            }
        }
    }
}
