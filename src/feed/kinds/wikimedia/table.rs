//! The table of a Wikimedia feed.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::{is_address, is_plain};
use crate::layout::feed::{Fault, FeedKind};
use crate::layout::value::Lasting;
use crate::mention::Network;

/// How far back Wikimedia keeps its streams, at least.
const LOOK_BACK: Lasting = Lasting::from_secs(7 * 86_400);

/// Edits of Wikipedia and its sister projects, through Wikimedia EventStreams.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WikimediaTable {
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
    /// A page was added to a category or removed from one.
    Categorize,
    /// A page was moved, deleted or protected, or a user was blocked or created.
    Log,
}

impl Default for WikimediaTable {
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

impl FeedKind for WikimediaTable {
    fn silence(&self) -> Duration {
        Duration::from_secs(60)
    }

    fn networks(&self) -> &'static [Network] {
        &[Network::Other]
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
        if self.look_back.is_some_and(|past| past > LOOK_BACK) {
            say("look_back", "Wikimedia keeps one week".into(), "Use at most \"168h\".");
        }
        faults
    }
}
