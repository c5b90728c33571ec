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

/// Edits of Wikipedia and its sisters, through Wikimedia EventStreams.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WikimediaTable {
    /// Where the stream is. Left out: Wikimedia's own, as `streams` says.
    pub url: Option<String>,
    /// Which of its streams to hear.
    pub streams: Vec<WikimediaStream>,
    /// Who runs this wall: an address of mail or of a page, as Wikimedia's rules for programs ask.
    pub contact: Option<String>,
    /// Only these wikis, as `enwiki` or `en.wikipedia.org`. Empty: all.
    pub wikis: Vec<String>,
    /// Which kinds of change are heard.
    pub kinds: Vec<Change>,
    /// Whether changes by programs are heard.
    pub bots: bool,
    /// Whether all pages are heard, also talk, users' and files'. Otherwise articles alone.
    pub all_pages: bool,
    /// At the very first start, how much of the past to bring along.
    pub look_back: Option<Lasting>,
}

/// A stream of Wikimedia's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WikimediaStream {
    /// Every change of every wiki.
    #[serde(rename = "recentchange")]
    RecentChange,
    /// New pages alone.
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

/// What may happen to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    Edit,
    New,
    /// Put into a category or taken out.
    Categorize,
    /// Moved, deleted, protected; a user blocked or made.
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
            say(
                "url",
                format!("`{url}` is not the address of a stream"),
                "Leave it out for Wikimedia's own.",
            );
        }
        let contact = self.contact.as_deref();
        if contact
            .is_some_and(|contact| !(contact.contains('@') || contact.contains("://")) || !is_plain(contact))
        {
            say(
                "contact",
                "this tells nobody whom to write to".into(),
                "Give an address of mail or of a page.",
            );
        }
        if let Some(wiki) = self.wikis.iter().find(|wiki| wiki.is_empty() || !is_plain(wiki)) {
            say("wikis", format!("`{wiki}` is not a wiki"), "Write it like `enwiki` or `en.wikipedia.org`.");
        }
        if self.kinds.is_empty() {
            say("kinds", "nothing would be heard".into(), "Leave it out for edits and new pages.");
        }
        if self.streams.is_empty() {
            say("streams", "nothing would be heard".into(), "Leave it out for `recentchange`.");
        }
        if self.look_back.is_some_and(|past| past > LOOK_BACK) {
            say("look_back", "Wikimedia keeps a week".into(), "At most \"168h\".");
        }
        faults
    }
}
