//! The table of a Bluesky feed.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::{is_address, is_plain};
use crate::layout::feed::{Fault, FeedKind};
use crate::layout::value::Lasting;
use crate::mention::Network;

/// Most accounts that a Bluesky feed may be narrowed to: they stand in the address.
const MAX_DIDS: usize = 500;

/// Most collections, as the server has it.
const MAX_COLLECTIONS: usize = 100;

/// How far back a Jetstream server can be asked.
const LOOK_BACK: Lasting = Lasting::from_secs(36 * 3_600);

/// Bluesky, through a Jetstream server.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BlueskyTable {
    /// Host name of the Jetstream server. Default: `jetstream2.us-east.bsky.network`.
    pub host: Option<String>,
    /// The server's full URL, `wss://…`, instead of `host`.
    pub url: Option<String>,
    /// Which of the two protocols the server speaks. Default: taken from the URL, otherwise `v1`.
    pub wire: Option<Wire>,
    /// Which records to receive. Likes and reposts are added to their post.
    pub collections: Vec<String>,
    /// Only these accounts, as DIDs; also applies to likes and reposts.
    pub dids: Vec<String>,
    /// Only posts in these languages (`en`) and posts without a language. Empty: all.
    pub languages: Vec<String>,
    /// Whether the server may compress what it sends.
    pub compress: bool,
    /// How much of the past to fetch at the very first start.
    pub look_back: Option<Lasting>,
    /// Whether to look up the authors' handles, names and follower counts.
    pub profiles: bool,
    /// Where profiles are looked up.
    pub appview: String,
}

impl Default for BlueskyTable {
    fn default() -> Self {
        Self {
            host: None,
            url: None,
            wire: None,
            collections: ["post", "like", "repost"].map(|what| format!("app.bsky.feed.{what}")).into(),
            dids: Vec::new(),
            languages: Vec::new(),
            compress: true,
            look_back: None,
            profiles: false,
            appview: "https://public.api.bsky.app".into(),
        }
    }
}

/// The protocols of Jetstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// `/subscribe`
    V1,
    /// `/xrpc/network.bsky.jetstream.subscribeEvents`
    V2,
}

impl FeedKind for BlueskyTable {
    fn silence(&self) -> Duration {
        Duration::from_secs(75)
    }

    fn networks(&self) -> &'static [Network] {
        &[Network::Bluesky]
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut say = |key, what: String, help: &str| faults.push(Fault { key, what, help: help.into() });
        if self.url.is_some() && self.host.is_some() {
            say("host", "a feed has only one server".into(), "Keep `url` or `host`.");
        }
        if let Some(url) = self.url.as_deref().filter(|url| !is_address(url, &["wss://", "ws://"])) {
            say(
                "url",
                format!("`{url}` is not a WebSocket URL"),
                "Write the full URL: `wss://example.org/subscribe`.",
            );
        }
        if let Some(host) = self.host.as_deref().filter(|host| !is_host(host)) {
            say(
                "host",
                format!("`{host}` is not a host name"),
                "Write just the name: `jetstream1.us-west.bsky.network`.",
            );
        }
        if !is_address(&self.appview, &["https://", "http://"]) {
            say(
                "appview",
                format!("`{}` is not a web address", self.appview),
                "Remove it to use Bluesky's own.",
            );
        }
        if let Some(name) = self.collections.iter().find(|name| !is_collection(name)) {
            say(
                "collections",
                format!("`{name}` is not a collection"),
                "Write it like `app.bsky.feed.post` or `app.bsky.feed.*`.",
            );
        }
        if self.collections.is_empty() || self.collections.len() > MAX_COLLECTIONS {
            say(
                "collections",
                format!("a feed can have 1 to {MAX_COLLECTIONS} collections"),
                "Remove it for posts, likes and reposts.",
            );
        }
        if let Some(did) =
            self.dids.iter().find(|did| !did.starts_with("did:") || did.len() > 256 || !is_plain(did))
        {
            say(
                "dids",
                format!("`{did}` is not a DID"),
                "Write it like `did:plc:z72i7hdynmk6r22z27h6tvur`; a handle is not a DID.",
            );
        }
        if self.dids.len() > MAX_DIDS {
            say(
                "dids",
                format!("{} accounts are too many", self.dids.len()),
                "A feed can be limited to at most 500 accounts; listen to all, or use several feeds.",
            );
        }
        if let Some(language) = self.languages.iter().find(|language| !is_language(language)) {
            say(
                "languages",
                format!("`{language}` is not a language"),
                "Write two or three letters: `en`, `de`, `ja`.",
            );
        }
        if self.look_back.is_some_and(|past| past > LOOK_BACK) {
            say("look_back", "servers keep 36 hours".into(), "Use at most \"36h\".");
        }
        faults
    }
}

fn is_host(host: &str) -> bool {
    let letters =
        host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'));
    letters && !host.is_empty() && host.len() <= 255
}

/// A name of a collection (NSID), or all that begin alike.
fn is_collection(name: &str) -> bool {
    let stem = name.strip_suffix(".*").unwrap_or(name);
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    name.len() <= 317 && stem.contains('.') && stem.split('.').all(part)
}

fn is_language(language: &str) -> bool {
    (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic())
}
