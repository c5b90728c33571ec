//! Frames of Bluesky's Jetstream, first wire, as they are recorded: posts become mentions, what
//! else happens in the network is passed over.

use std::sync::Arc;

use serde_json::Value;

use super::field;
use super::record::Garbage;
use crate::clock::Time;
use crate::mention::{Author, Kind, Mention, Network, Op};

const POSTS: &str = "app.bsky.feed.post";

/// Whether the record has the shape of a frame.
pub(super) fn is_frame(value: &Value) -> bool {
    value.get("did").is_some() && value.get("time_us").is_some() && value.get("kind").is_some()
}

/// Reads a frame; `None` is one that is no post.
pub(super) fn read(frame: &Value, source: &Arc<str>, received: Time) -> Result<Option<Mention>, Garbage> {
    let Some(commit) = frame.get("commit") else { return Ok(None) };
    if field::text(commit.get("collection")) != Some(POSTS) {
        return Ok(None);
    }
    let did = field::id(frame.get("did")).ok_or(Garbage("a frame without did"))?;
    let rkey = field::id(commit.get("rkey")).ok_or(Garbage("a commit without rkey"))?;
    let heard = recorded_at(frame).unwrap_or(received);
    let native = format!("at://{did}/{POSTS}/{rkey}");
    let mut mention = Mention::new(source, &native, heard, received);
    mention.network = Network::Bluesky;
    match field::text(commit.get("operation")) {
        Some("delete") => mention.op = Op::Delete,
        Some("create" | "update") => {
            let record = commit.get("record").ok_or(Garbage("a commit without record"))?;
            mention = describe(mention, record);
            mention.url = Some(format!("https://bsky.app/profile/{did}/post/{rkey}").into());
        }
        _ => return Ok(None),
    }
    mention.author = Some(Author { id: did.into(), ..Author::default() });
    Ok(Some(mention))
}

/// When the server sent the frame.
pub(super) fn recorded_at(frame: &Value) -> Option<Time> {
    field::micros(frame.get("time_us"))
}

fn describe(mut mention: Mention, record: &Value) -> Mention {
    // The author's own clock may be ahead of the server's.
    let created = field::moment(record.get("createdAt"));
    mention.ts = created.map_or(mention.ts, |created| created.min(mention.ts));
    mention.kind = kind(record);
    mention.lang = field::lang(record.get("langs").and_then(|langs| langs.get(0)));
    mention.with_text(field::text(record.get("text")).unwrap_or_default())
}

fn kind(record: &Value) -> Kind {
    let embed = field::text(record.get("embed").and_then(|e| e.get("$type"))).unwrap_or_default();
    if record.get("reply").is_some() {
        Kind::Reply
    } else if embed.starts_with("app.bsky.embed.record") {
        Kind::Quote
    } else {
        Kind::Post
    }
}
