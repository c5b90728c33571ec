//! A mention written as a line of canonical mentions.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::mention::{Author, Country, Geo, Kind, Mention, Metrics, Network, Op, Reach, Sentiment};

/// One line without its line feed.
pub fn write(mention: &Mention) -> String {
    let line = Written {
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
        langs: &mention.langs,
        geo: mention.geo.as_ref(),
        country: mention.country,
        sentiment: mention.sentiment,
        reach: mention.reach,
        metrics: mention.metrics.as_deref(),
        emotions: mention.emotions.iter().map(|(name, sure)| (&**name, *sure)).collect(),
        tags: &mention.tags,
        links: &mention.links,
        found_for: &mention.found_for,
        sensitive: mention.sensitive,
    };
    serde_json::to_string(&line).expect("a line has text keys and cannot fail to become JSON")
}

#[derive(Serialize)]
struct Written<'a> {
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
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    langs: &'a [Arc<str>],
    #[serde(skip_serializing_if = "Option::is_none")]
    geo: Option<&'a Geo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<Country>,
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
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    links: &'a [Arc<str>],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    found_for: &'a [Arc<str>],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sensitive: bool,
}

fn is_nothing(n: &u64) -> bool {
    *n == 0
}

fn as_object<S: Serializer>(pairs: &[(&str, f32)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(pairs.iter().copied())
}
