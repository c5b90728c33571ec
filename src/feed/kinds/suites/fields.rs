//! What the suites' answers have in common: addresses, moments, and parts of a record.

use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Url;
use serde_json::Value;

use crate::clock::Time;
use crate::feed::decode::field;
use crate::feed::error::FeedError;
use crate::feed::transport::url;
use crate::mention::{MAX_TAGS, Metrics, Network};

/// An address of the service's API: a path of the server that the layout names, or of its own.
pub(in crate::feed::kinds) fn endpoint(
    server: &Option<String>,
    own: &str,
    path: &str,
) -> Result<Url, FeedError> {
    let server = server.as_deref().unwrap_or(own).trim_end_matches('/');
    url::address(&format!("{server}/{path}"))
}

/// A moment as ISO 8601 in UTC, to the second and without its zone: `2026-11-22T08:00:00`.
pub(in crate::feed::kinds) fn stamp(at: Time) -> String {
    let at = Timestamp::from_second(at.as_secs()).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// What stands at the end of a path of keys.
pub(in crate::feed::kinds) fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(*key))
}

/// The first of several keys that holds a count.
pub(in crate::feed::kinds) fn count(value: &Value, keys: &[&str]) -> Option<u64> {
    keys.iter().find_map(|key| field::count(value.get(*key)))
}

/// Parts of a place, the smaller first: `Vienna, Austria`.
pub(in crate::feed::kinds) fn joined(parts: [Option<Arc<str>>; 2]) -> Option<Arc<str>> {
    match parts {
        [Some(place), Some(within)] => Some(format!("{place}, {within}").into()),
        [one, other] => one.or(other),
    }
}

/// A headline and what stands under it; one that is the beginning of the other is said once.
pub(in crate::feed::kinds) fn headed(title: Option<&str>, body: Option<&str>) -> String {
    let (title, body) = (title.unwrap_or_default().trim(), body.unwrap_or_default().trim());
    let bare = title.trim_end_matches(['.', '…', ' ']);
    match (title, body) {
        ("", text) | (text, "") => text.to_owned(),
        _ if !bare.is_empty() && body.starts_with(bare) => body.to_owned(),
        _ => format!("{title} — {body}"),
    }
}

/// Names of things as tags, each once, at most [`MAX_TAGS`].
pub(in crate::feed::kinds) fn tags<'v>(names: impl Iterator<Item = &'v Value>) -> Vec<Arc<str>> {
    let mut tags = Vec::new();
    for tag in names.filter_map(|name| field::name(Some(name))) {
        let tag: Arc<str> = tag.trim_start_matches('#').into();
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
        if tags.len() == MAX_TAGS {
            break;
        }
    }
    tags
}

/// The elements of a list; none for anything else.
pub(in crate::feed::kinds) fn each(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

/// Metrics, unless nothing in them is known.
pub(in crate::feed::kinds) fn known_metrics(metrics: Metrics) -> Option<Box<Metrics>> {
    (metrics != Metrics::default()).then(|| Box::new(metrics))
}

/// The network that a suite's own word for a kind of source means.
pub(in crate::feed::kinds) fn network(word: &str) -> Option<Network> {
    /// Beginnings of words, in lower case.
    const WORDS: [(&str, Network); 27] = [
        ("twitter", Network::X),
        ("bluesky", Network::Bluesky),
        ("mastodon", Network::Mastodon),
        ("reddit", Network::Reddit),
        ("youtube", Network::Video),
        ("tiktok", Network::Video),
        ("twitch", Network::Video),
        ("vimeo", Network::Video),
        ("dailymotion", Network::Video),
        ("bilibili", Network::Video),
        ("douyin", Network::Video),
        ("youku", Network::Video),
        ("news", Network::News),
        ("onlinenews", Network::News),
        ("lexisnexis", Network::News),
        ("magazine", Network::News),
        ("broadcast", Network::News),
        ("radio", Network::News),
        ("print", Network::News),
        ("tv", Network::News),
        ("rss", Network::News),
        ("blog", Network::Blog),
        ("tumblr", Network::Blog),
        ("forum", Network::Forum),
        ("messageboard", Network::Forum),
        ("telegram", Network::Chat),
        ("discord", Network::Chat),
    ];
    let word = word.trim().to_ascii_lowercase();
    if word == "x" {
        return Some(Network::X);
    }
    WORDS.iter().find(|(start, _)| word.starts_with(start)).map(|(_, network)| *network)
}

/// The network that an address belongs to, by its host.
pub(in crate::feed::kinds) fn network_of(url: &str) -> Option<Network> {
    const HOSTS: [(&str, Network); 8] = [
        ("twitter.com", Network::X),
        ("x.com", Network::X),
        ("bsky.app", Network::Bluesky),
        ("reddit.com", Network::Reddit),
        ("youtube.com", Network::Video),
        ("youtu.be", Network::Video),
        ("tiktok.com", Network::Video),
        ("t.me", Network::Chat),
    ];
    let host = url.split_once("://")?.1.split(['/', '?', '#', ':']).next()?.to_ascii_lowercase();
    let of = |domain: &str| host.strip_suffix(domain).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'));
    HOSTS.iter().find(|(domain, _)| of(domain)).map(|(_, network)| *network)
}
