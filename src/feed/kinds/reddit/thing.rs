//! Posts (`t3`) and comments (`t1`) of Reddit as mentions.

use std::sync::Arc;

use serde_json::Value;

use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::headline::headline;
use crate::feed::decode::{field, several};
use crate::mention::{Author, Kind, Mention, Metrics, Network, Op, UNDATED};

/// What stands in place of words that were taken back by their author or by a moderator.
const GONE: [&str; 2] = ["[deleted]", "[removed]"];

/// The full name of a thing: `t3_48f0th`.
pub fn name(thing: &Value) -> Option<&str> {
    let name = field::text(thing.get("data")?.get("name"))?;
    number(name).map(|_| name)
}

/// The number that a full name stands for; it grows with each new thing of the kind.
pub fn number(name: &str) -> Option<u64> {
    let id = name.strip_prefix("t3_").or(name.strip_prefix("t1_"))?;
    let plain = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    u64::from_str_radix(id, 36).ok().filter(|_| plain)
}

/// Reads a thing of a listing.
pub fn read(thing: &Value, source: &Arc<str>, received: Time) -> Result<Mention, DecodeError> {
    let name = name(thing).ok_or(DecodeError("an item without a name"))?;
    let data = &thing["data"];
    let created = field::moment(data.get("created_utc"));
    let mut mention = Mention::new(source, "", created.unwrap_or(UNDATED), received).with_uid("reddit", name);
    (mention.network, mention.version) = (Network::Reddit, version(data, created));
    if is_gone(data) {
        (mention.op, mention.version) = (Op::Delete, received.as_micros().unsigned_abs());
        return Ok(mention);
    }
    mention.kind = if name.starts_with("t1_") { Kind::Comment } else { Kind::Post };
    mention.url = permalink(data);
    mention.links = several::links(submitted(data));
    mention.parent = uid(data.get("parent_id"));
    mention.thread = uid(data.get("link_id"));
    mention.author = author(data);
    mention.metrics = metrics(data);
    mention.sensitive = flag(data, "over_18") || flag(data, "over18") || flag(data, "quarantine");
    let subreddit = field::name(data.get("subreddit")).map(|name| Arc::from(format!("r/{name}")));
    mention.tags.extend(subreddit);
    let text = |key: &str| field::text(data.get(key)).unwrap_or_default();
    let body = if mention.kind == Kind::Comment { text("body") } else { text("selftext") };
    Ok(mention.with_text(&headline(text("title"), body)))
}

/// When it was last edited, else made, µs since 1970. `edited` is `false` or seconds.
fn version(data: &Value, created: Option<Time>) -> u64 {
    let edited = data.get("edited").filter(|edited| edited.is_number());
    let at = field::moment(edited).or(created);
    at.map_or(1, |at| at.as_micros().unsigned_abs().max(1))
}

fn is_gone(data: &Value) -> bool {
    let stands = |key: &str| field::text(data.get(key)).is_some_and(|text| GONE.contains(&text.trim()));
    let removed = field::text(data.get("removed_by_category")).is_some();
    // Of a link that was deleted the title stays; of an account that was deleted the words.
    let link = data.get("title").is_some() && field::text(data.get("selftext")).is_none_or(str::is_empty);
    stands("body") || stands("selftext") || removed || (stands("author") && link)
}

fn flag(data: &Value, key: &str) -> bool {
    data.get(key).and_then(Value::as_bool) == Some(true)
}

fn uid(name: Option<&Value>) -> Option<Arc<str>> {
    let name = field::text(name).filter(|name| number(name).is_some())?;
    Some(format!("reddit:{name}").into())
}

fn permalink(data: &Value) -> Option<Arc<str>> {
    let path = field::text(data.get("permalink")).filter(|path| path.starts_with('/'))?;
    field::url(Some(&format!("https://www.reddit.com{path}").as_str()))
}

/// The page that a post was made for; its own pictures and films are none.
fn submitted(data: &Value) -> Option<&str> {
    let url = field::text(data.get("url_overridden_by_dest")).or_else(|| field::text(data.get("url")))?;
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?']).next().unwrap_or_default().to_ascii_lowercase();
    let is_media = host.ends_with("redd.it") || (host.ends_with("reddit.com") && rest.contains("/gallery/"));
    (!flag(data, "is_self") && !is_media).then_some(url)
}

fn author(data: &Value) -> Option<Author> {
    let handle = field::handle(data.get("author")).filter(|name| !GONE.contains(&&**name))?;
    let id = field::id(data.get("author_fullname")).map_or_else(|| handle.clone(), Arc::from);
    Some(Author { id, handle: Some(handle), ..Author::default() })
}

fn metrics(data: &Value) -> Option<Box<Metrics>> {
    // A new comment's score is shown as 1 until it may be seen.
    let hidden = flag(data, "score_hidden") || flag(data, "hide_score");
    let score = data.get("score").and_then(Value::as_i64).map(|score| score.max(0).unsigned_abs());
    // A comment tells the number of its post.
    let is_post = data.get("title").is_some();
    let metrics = Metrics {
        likes: score.filter(|_| !hidden),
        replies: field::count(data.get("num_comments")).filter(|_| is_post),
        ..Metrics::default()
    };
    (metrics != Metrics::default()).then(|| Box::new(metrics))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn mention(data: Value) -> Mention {
        read(&json!({"kind": "t3", "data": data}), &"r".into(), NOW).expect("it has a name")
    }

    #[test]
    fn a_post_becomes_a_mention() {
        let post = mention(json!({"name": "t3_48f0th", "title": "The battery", "selftext": "It lasts.",
            "author": "ana", "author_fullname": "t2_1a", "subreddit": "acme", "created_utc": 1_799_999_000.0,
            "edited": false, "score": 12, "num_comments": 3, "over_18": true,
            "permalink": "/r/acme/comments/48f0th/the_battery/"}));
        assert_eq!((&*post.uid, post.kind, post.sensitive), ("reddit:t3_48f0th", Kind::Post, true));
        assert_eq!(post.text.as_deref(), Some("The battery – It lasts."));
        assert_eq!(post.version, 1_799_999_000_000_000);
        assert_eq!(post.url.as_deref(), Some("https://www.reddit.com/r/acme/comments/48f0th/the_battery/"));
        assert_eq!(post.tags, [Arc::from("r/acme")]);
        assert_eq!(post.author.map(|a| (a.id, a.handle)), Some(("t2_1a".into(), Some("ana".into()))));
        let metrics = Metrics { likes: Some(12), replies: Some(3), ..Metrics::default() };
        assert_eq!(post.metrics.as_deref(), Some(&metrics));
    }

    #[test]
    fn the_page_of_a_link_post_is_a_link() {
        let links = |data: Value| mention(data).links.join(" ");
        let page = json!({"name": "t3_a", "title": "A", "url": "https://news.example/a", "is_self": false});
        assert_eq!(links(page), "https://news.example/a");
        for own in [
            json!({"name": "t3_a", "title": "A", "url": "https://www.reddit.com/r/x/comments/a/b/", "is_self": true}),
            json!({"name": "t3_a", "title": "A", "url": "https://i.redd.it/a.jpg", "is_self": false}),
            json!({"name": "t3_a", "title": "A", "url": "https://www.reddit.com/gallery/a"}),
            json!({"name": "t3_a", "title": "A", "url": "/r/y/comments/b/c/"}),
            json!({"name": "t1_a", "body": "A"}),
        ] {
            assert_eq!(links(own.clone()), "", "{own}");
        }
    }

    #[test]
    fn a_comment_knows_what_it_answers_and_hides_a_hidden_score() {
        let comment =
            mention(json!({"name": "t1_b", "body": "Mine too", "author": "bo", "parent_id": "t1_a",
            "link_id": "t3_9", "created_utc": 1_799_999_000.0, "edited": 1_799_999_500.0, "score": 1,
            "score_hidden": true, "num_comments": 90}));
        assert_eq!(comment.kind, Kind::Comment);
        assert_eq!(
            (comment.parent.as_deref(), comment.thread.as_deref()),
            (Some("reddit:t1_a"), Some("reddit:t3_9"))
        );
        assert_eq!((comment.metrics, comment.version), (None, 1_799_999_500_000_000));
    }

    #[test]
    fn what_was_taken_back_is_a_deletion() {
        for gone in [
            json!({"name": "t1_a", "body": "[removed]", "author": "bo"}),
            json!({"name": "t1_a", "body": "[deleted]", "author": "[deleted]"}),
            json!({"name": "t3_a", "title": "A link", "selftext": "", "author": "[deleted]"}),
            json!({"name": "t3_a", "title": "A", "selftext": "b", "author": "c", "removed_by_category": "moderator"}),
        ] {
            let mention = mention(gone.clone());
            assert_eq!((mention.op, mention.text), (Op::Delete, None), "{gone}");
        }
        // The account is gone, the words are not.
        let kept = mention(json!({"name": "t1_a", "body": "Still here", "author": "[deleted]"}));
        assert_eq!((kept.op, kept.author), (Op::Upsert, None));
        let post = mention(
            json!({"name": "t3_a", "title": "A", "selftext": "b", "author": "[deleted]", "score": -4}),
        );
        assert_eq!((post.op, post.metrics.and_then(|m| m.likes)), (Op::Upsert, Some(0)));
    }

    #[test]
    fn names_have_an_order_and_garbage_has_none() {
        assert!(number("t3_zz") < number("t3_100") && number("t1_9") < number("t1_a"));
        for garbage in ["t3_", "t3_A", "t5_abc", "48f0th", "t1_+5", "t1_zzzzzzzzzzzzzzzzzzzz"] {
            assert_eq!(number(garbage), None, "{garbage}");
        }
        for thing in [json!({}), json!({"data": {"name": "t2_a"}}), json!({"data": []}), json!(null)] {
            assert!(read(&thing, &"r".into(), NOW).is_err());
        }
    }
}
