//! Listening suites that a company pays for: Brandwatch, Talkwalker, Meltwater and Sprout Social.
//!
//! What a suite hands over was gathered elsewhere, so mentions bear its own ids
//! (`brandwatch:…`, `talkwalker:…`) and the network that they come from. Numbers of every field
//! may be null; what is null or of the wrong type is unknown, and only a record without an id is
//! garbage.

pub(super) mod brandwatch;
mod budget;
mod countries;
mod known;
pub(super) mod meltwater;
pub(super) mod sprout;
pub(super) mod talkwalker;

use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Url;
use serde_json::Value;

use self::known::Known;
use super::record::{self, Garbage};
use super::supervise::Stop;
use super::{field, web};
use crate::clock::Time;
use crate::mention::{MAX_TAGS, Mention, Metrics, Network};

/// An address of the service's API: a path of the server that the layout names, or of its own.
fn endpoint(server: &Option<String>, own: &str, path: &str) -> Result<Url, Stop> {
    let server = server.as_deref().unwrap_or(own).trim_end_matches('/');
    web::address(&format!("{server}/{path}"))
}

/// A moment as ISO 8601 in UTC, to the second and without its zone: `2026-11-22T08:00:00`.
fn stamp(at: Time) -> String {
    let at = Timestamp::from_second(at.as_secs()).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// What stands at the end of a path of keys.
fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(*key))
}

/// The first of several keys that holds a count.
fn count(value: &Value, keys: &[&str]) -> Option<u64> {
    keys.iter().find_map(|key| field::count(value.get(*key)))
}

/// Parts of a place, the smaller first: `Vienna, Austria`.
fn joined(parts: [Option<Arc<str>>; 2]) -> Option<Arc<str>> {
    match parts {
        [Some(place), Some(within)] => Some(format!("{place}, {within}").into()),
        [one, other] => one.or(other),
    }
}

/// A headline and what stands under it; one that is the beginning of the other is said once.
fn headed(title: Option<&str>, body: Option<&str>) -> String {
    let (title, body) = (title.unwrap_or_default().trim(), body.unwrap_or_default().trim());
    let bare = title.trim_end_matches(['.', '…', ' ']);
    match (title, body) {
        ("", text) | (text, "") => text.to_owned(),
        _ if !bare.is_empty() && body.starts_with(bare) => body.to_owned(),
        _ => format!("{title} — {body}"),
    }
}

/// Names of things as tags, each once, at most [`MAX_TAGS`].
fn tags<'v>(names: impl Iterator<Item = &'v Value>) -> Vec<Arc<str>> {
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
fn each(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

/// Metrics, unless nothing in them is known.
fn known_metrics(metrics: Metrics) -> Option<Box<Metrics>> {
    (metrics != Metrics::default()).then(|| Box::new(metrics))
}

/// The network that a suite's own word for a kind of source means.
fn network(word: &str) -> Option<Network> {
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
fn network_of(url: &str) -> Option<Network> {
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

/// What a suite sent: a page of Brandwatch or Sprout, a chunk of Talkwalker, a push of Meltwater,
/// by the remainder of `suite`.
pub(super) fn told(suite: u8, json: &[u8], source: &Arc<str>, now: Time) -> Vec<Mention> {
    let page: Value = record::parse(json).unwrap_or_default();
    let (records, read): (Vec<Value>, Read) = match suite % 4 {
        0 => (each(page.get("results")).cloned().collect(), brandwatch::decode::read),
        1 => return talkwalker::told(json, source, now).into_iter().collect(),
        2 => (meltwater::posted(json), meltwater::decode::read),
        _ => (each(page.get("data")).cloned().collect(), sprout::decode::read),
    };
    let mut known = Known::default();
    records.iter().filter_map(|record| read(record, source, now, &mut known).ok()).collect()
}

type Read = fn(&Value, &Arc<str>, Time, &mut Known) -> Result<Mention, Garbage>;

#[cfg(test)]
mod tests;
