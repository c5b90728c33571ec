//! What a post of X refers to: other posts, and what came along with it (`includes`).

use serde_json::Value;

use crate::feed::decode::field;

/// What of `includes` has this id.
pub(super) fn included<'v>(includes: Option<&'v Value>, kind: &str, id: Option<&Value>) -> Option<&'v Value> {
    let id = id?.as_str()?;
    let all = includes?.get(kind)?.as_array()?;
    all.iter().find(|one| field::text(one.get("id")) == Some(id))
}

/// The post of `includes` that a repost repeats.
pub(super) fn repeated<'v>(post: &'v Value, includes: Option<&'v Value>) -> Option<&'v Value> {
    referenced(post, "retweeted").and_then(|other| included(includes, "tweets", other.get("id")))
}

/// The reference of this kind to another post.
pub(super) fn referenced<'v>(post: &'v Value, kind: &str) -> Option<&'v Value> {
    let all = post.get("referenced_tweets")?.as_array()?;
    all.iter().find(|other| field::text(other.get("type")) == Some(kind))
}
