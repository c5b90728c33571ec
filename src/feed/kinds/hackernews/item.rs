//! An item of Hacker News as a mention.

use std::sync::Arc;

use serde_json::Value;

use super::table::HackerKind;
use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::headline::headline;
use crate::feed::decode::{field, html, several};
use crate::mention::{Author, Kind, Mention, Metrics, Network, Op, UNDATED};

/// What an item is to us.
#[derive(Debug, PartialEq)]
pub enum Item {
    /// It has words.
    Said(Box<Mention>),
    /// Taken back by its author or by the moderators, or not there.
    Gone,
    /// Of a kind that nobody wants.
    Other,
}

/// Reads an item; `null` is one that is not there (yet, or any more).
pub fn read(
    value: &Value,
    kinds: &[HackerKind],
    source: &Arc<str>,
    received: Time,
) -> Result<Item, DecodeError> {
    let is = |key: &str| value.get(key).and_then(Value::as_bool) == Some(true);
    if value.is_null() || is("deleted") || is("dead") {
        return Ok(Item::Gone);
    }
    let id = field::count(value.get("id")).ok_or(DecodeError("an item without an id"))?;
    let kind = match field::text(value.get("type")) {
        Some("story") => HackerKind::Story,
        Some("comment") => HackerKind::Comment,
        Some("job") => HackerKind::Job,
        Some("poll") => HackerKind::Poll,
        // Options of a poll are no words of their own.
        Some(_) => return Ok(Item::Other),
        None => return Err(DecodeError("an item without a type")),
    };
    if !kinds.contains(&kind) {
        return Ok(Item::Other);
    }
    let said = field::moment(value.get("time")).unwrap_or(UNDATED);
    Ok(Item::Said(Box::new(mention(id, kind, value, Mention::new(source, "", said, received)))))
}

/// The news that an item is gone.
pub fn gone(id: u64, source: &Arc<str>, received: Time) -> Mention {
    let mut gone = named(id, Mention::new(source, "", received, received));
    (gone.op, gone.version) = (Op::Delete, received.as_micros().unsigned_abs());
    gone
}

fn named(id: u64, mention: Mention) -> Mention {
    let mut mention = mention.with_uid("hackernews", &id.to_string());
    mention.network = Network::Forum;
    mention
}

fn mention(id: u64, kind: HackerKind, value: &Value, blank: Mention) -> Mention {
    let mut mention = named(id, blank);
    mention.version = mention.ts.as_micros().unsigned_abs();
    mention.kind = if kind == HackerKind::Comment { Kind::Comment } else { Kind::Post };
    mention.url = Some(format!("https://news.ycombinator.com/item?id={id}").into());
    let parent = field::count(value.get("parent"));
    mention.parent = parent.map(|parent| format!("hackernews:{parent}").into());
    let by = field::handle(value.get("by"));
    mention.author = by.map(|by| Author { id: by.clone(), handle: Some(by), ..Author::default() });
    let metrics = Metrics {
        likes: field::count(value.get("score")),
        replies: field::count(value.get("descendants")),
        ..Metrics::default()
    };
    mention.metrics = (metrics != Metrics::default()).then(|| Box::new(metrics));
    // Both are HTML.
    let mut links = Vec::from_iter(field::text(value.get("url")).map(str::to_owned));
    let mut plain = |key: &str| html::read(field::text(value.get(key)).unwrap_or_default(), &mut links);
    let text = headline(&plain("title"), &plain("text"));
    mention.links = several::links(links.iter().map(String::as_str));
    mention.with_text(&text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);
    const ALL: [HackerKind; 4] = [HackerKind::Story, HackerKind::Comment, HackerKind::Job, HackerKind::Poll];

    fn said(value: Value) -> Mention {
        match read(&value, &ALL, &"hn".into(), NOW) {
            Ok(Item::Said(mention)) => *mention,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_story_and_a_comment_become_mentions() {
        let story =
            said(json!({"id": 8863, "type": "story", "by": "ana", "time": 1_799_999_000, "score": 111,
            "descendants": 71, "title": "Show HN: A wall &amp; a pond", "url": "https://a.example/"}));
        assert_eq!((&*story.uid, story.kind, story.network), ("hackernews:8863", Kind::Post, Network::Forum));
        assert_eq!(story.text.as_deref(), Some("Show HN: A wall & a pond"));
        let metrics = Metrics { likes: Some(111), replies: Some(71), ..Metrics::default() };
        assert_eq!(story.metrics.as_deref(), Some(&metrics));
        assert_eq!(story.url.as_deref(), Some("https://news.ycombinator.com/item?id=8863"));
        assert_eq!(story.links, [Arc::from("https://a.example/")]);
        let comment = said(json!({"id": 8864, "type": "comment", "by": "bo", "time": 1_799_999_001,
            "parent": 8863, "text": "I agree.<p>It&#x27;s <i>calm</i>. <a href=\"https:&#x2F;&#x2F;b.example&#x2F;a&#x2F;long\" \
             rel=\"nofollow\">https:&#x2F;&#x2F;b.example&#x2F;a...</a>"}));
        assert_eq!((comment.kind, comment.parent.as_deref()), (Kind::Comment, Some("hackernews:8863")));
        assert_eq!(comment.text.as_deref(), Some("I agree. It's calm. https://b.example/a..."));
        assert_eq!(comment.links, [Arc::from("https://b.example/a/long")]);
        assert_eq!((comment.metrics, comment.ts), (None, Time::from_secs(1_799_999_001)));
    }

    #[test]
    fn what_is_gone_or_not_wanted_is_told_apart_from_garbage() {
        let read = |value: Value| read(&value, &ALL[..1], &"hn".into(), NOW);
        assert_eq!(read(json!(null)), Ok(Item::Gone));
        assert_eq!(read(json!({"id": 1, "type": "comment", "deleted": true})), Ok(Item::Gone));
        assert_eq!(read(json!({"id": 1, "type": "story", "dead": true})), Ok(Item::Gone));
        assert_eq!(read(json!({"id": 1, "type": "comment", "text": "a"})), Ok(Item::Other));
        assert_eq!(read(json!({"id": 1, "type": "pollopt"})), Ok(Item::Other));
        for garbage in [json!({}), json!({"id": -1, "type": "story"}), json!([]), json!({"id": 1}), json!(5)]
        {
            assert!(read(garbage.clone()).is_err(), "{garbage}");
        }
    }
}
