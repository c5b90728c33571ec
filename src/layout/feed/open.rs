//! Services that anybody may listen to: no account, no key.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Fault, Table};
use crate::layout::value::Lasting;

/// Most accounts that a Bluesky feed may be narrowed to: they stand in the address.
const MAX_DIDS: usize = 500;
/// Most collections, as the server has it.
const MAX_COLLECTIONS: usize = 100;
/// How far back a Jetstream server can be asked.
const LOOK_BACK: Lasting = Lasting::from_secs(36 * 3_600);
/// How far back Wikimedia keeps its streams, at least.
const WIKIMEDIA_LOOK_BACK: Lasting = Lasting::from_secs(7 * 86_400);

/// Bluesky, through a Jetstream server.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Bluesky {
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

impl Default for Bluesky {
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

impl Table for Bluesky {
    fn silence(&self) -> Duration {
        Duration::from_secs(75)
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

/// Edits of Wikipedia and its sister projects, through Wikimedia EventStreams.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Wikimedia {
    /// URL of the stream. Default: Wikimedia's own, according to `streams`.
    pub url: Option<String>,
    /// Which of its streams to listen to.
    pub streams: Vec<WikimediaStream>,
    /// Who runs this wall: an email address or web page, as Wikimedia's rules for bots require.
    pub contact: Option<String>,
    /// Only these wikis, such as `enwiki` or `en.wikipedia.org`. Empty: all.
    pub wikis: Vec<String>,
    /// Which kinds of change to include.
    pub kinds: Vec<Change>,
    /// Whether to include edits by bots.
    pub bots: bool,
    /// Whether to include all pages (talk, user and file pages too) or only articles.
    pub all_pages: bool,
    /// How much of the past to fetch at the very first start.
    pub look_back: Option<Lasting>,
}

/// A Wikimedia stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WikimediaStream {
    /// Every change to every wiki.
    #[serde(rename = "recentchange")]
    RecentChange,
    /// Only new pages.
    #[serde(rename = "page-create")]
    PageCreate,
}

impl WikimediaStream {
    /// Its name in Wikimedia's addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::RecentChange => "recentchange",
            Self::PageCreate => "page-create",
        }
    }
}

/// A kind of change to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    Edit,
    New,
    /// Added to or removed from a category.
    Categorize,
    /// Moved, deleted or protected; a user blocked or created.
    Log,
}

impl Default for Wikimedia {
    fn default() -> Self {
        Self {
            url: None,
            streams: vec![WikimediaStream::RecentChange],
            contact: None,
            wikis: Vec::new(),
            kinds: vec![Change::Edit, Change::New],
            bots: false,
            all_pages: false,
            look_back: None,
        }
    }
}

impl Table for Wikimedia {
    fn silence(&self) -> Duration {
        Duration::from_secs(60)
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut say = |key, what: String, help: &str| faults.push(Fault { key, what, help: help.into() });
        if let Some(url) = self.url.as_deref().filter(|url| !is_address(url, &["https://", "http://"])) {
            say("url", format!("`{url}` is not a stream URL"), "Remove it to use Wikimedia's own.");
        }
        let contact = self.contact.as_deref();
        if contact
            .is_some_and(|contact| !(contact.contains('@') || contact.contains("://")) || !is_plain(contact))
        {
            say(
                "contact",
                "this is not a way to contact anyone".into(),
                "Write an email address or the URL of a page.",
            );
        }
        if let Some(wiki) = self.wikis.iter().find(|wiki| wiki.is_empty() || !is_plain(wiki)) {
            say("wikis", format!("`{wiki}` is not a wiki"), "Write it like `enwiki` or `en.wikipedia.org`.");
        }
        if self.kinds.is_empty() {
            say("kinds", "the feed would bring nothing".into(), "Remove it for edits and new pages.");
        }
        if self.streams.is_empty() {
            say("streams", "the feed would bring nothing".into(), "Remove it for `recentchange`.");
        }
        if self.look_back.is_some_and(|past| past > WIKIMEDIA_LOOK_BACK) {
            say("look_back", "Wikimedia keeps one week".into(), "Use at most \"168h\".");
        }
        faults
    }
}

/// Whether it is an address with one of these beginnings, a host, and neither a name and password
/// nor anything that no address has.
fn is_address(url: &str, schemes: &[&str]) -> bool {
    let rest = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    is_plain(url)
        && host.is_some_and(|host| !host.is_empty() && !host.starts_with(':') && !host.contains('@'))
}

fn is_host(host: &str) -> bool {
    let letters =
        host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'));
    letters && !host.is_empty() && host.len() <= 255
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(faults: Vec<Fault>) -> Vec<&'static str> {
        faults.into_iter().map(|fault| fault.key).collect()
    }

    fn bluesky(table: &str) -> Vec<&'static str> {
        keys(serde_json::from_str::<Bluesky>(table).expect("its types are right").faults())
    }

    #[test]
    fn what_is_left_out_is_right() {
        assert!(Bluesky::default().faults().is_empty() && Wikimedia::default().faults().is_empty());
    }

    #[test]
    fn every_fault_of_a_bluesky_feed_is_told_at_its_key() {
        for (table, key) in [
            (r#"{"url":"https://example.org"}"#, "url"),
            (r#"{"url":"wss://a:b@example.org/"}"#, "url"),
            (r#"{"host":"wss://example.org"}"#, "host"),
            (r#"{"host":"a.example","url":"wss://b.example/"}"#, "host"),
            (r#"{"collections":[]}"#, "collections"),
            (r#"{"collections":["posts"]}"#, "collections"),
            (r#"{"dids":["@ana.example"]}"#, "dids"),
            (r#"{"languages":["english"]}"#, "languages"),
            (r#"{"look_back":"48h"}"#, "look_back"),
            (r#"{"appview":"public.api"}"#, "appview"),
        ] {
            assert_eq!(bluesky(table), [key], "{table}");
        }
        let all = r#"{"host":"127.0.0.1:6008","wire":"v2","collections":["app.bsky.feed.*"],"dids":["did:web:a.example"],"look_back":"36h"}"#;
        assert!(bluesky(all).is_empty());
    }

    #[test]
    fn every_fault_of_a_wikimedia_feed_is_told_at_its_key() {
        for (table, key) in [
            (r#"{"url":"stream"}"#, "url"),
            (r#"{"contact":"us"}"#, "contact"),
            (r#"{"contact":"a@b.example\nx: y"}"#, "contact"),
            (r#"{"wikis":["en wiki"]}"#, "wikis"),
            (r#"{"kinds":[]}"#, "kinds"),
            (r#"{"streams":[]}"#, "streams"),
            (r#"{"look_back":"200h"}"#, "look_back"),
        ] {
            let table: Wikimedia = serde_json::from_str(table).expect("its types are right");
            assert_eq!(keys(table.faults()), [key]);
        }
        let all = r#"{"contact":"wall@example.org","streams":["recentchange","page-create"],"kinds":["log"],"wikis":["en.wikipedia.org"]}"#;
        assert!(serde_json::from_str::<Wikimedia>(all).is_ok_and(|table| table.faults().is_empty()));
    }
}
