//! The table of a news feed.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::{fault, too_often, web_address};
use crate::layout::feed::{Fault, FeedKind};
use crate::layout::value::Lasting;
use crate::mention::Network;

/// Most addresses of one news feed.
const MAX_URLS: usize = 64;

/// A news feed: RSS, Atom or JSON Feed.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RssTable {
    /// URL of the feed.
    pub url: Option<String>,
    /// Several URLs that count as one feed, at most 64.
    pub urls: Vec<String>,
    /// Time between polls; longer if the publisher asks for it. Default: `5m`.
    pub every: Lasting,
    /// What its mentions count as: `news`, `blog`, `forum` or `video`.
    pub network: Press,
}

/// What a news feed carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Press {
    #[default]
    News,
    Blog,
    Forum,
    Video,
}

impl Press {
    /// As mentions name it.
    pub fn network(self) -> Network {
        match self {
            Self::News => Network::News,
            Self::Blog => Network::Blog,
            Self::Forum => Network::Forum,
            Self::Video => Network::Video,
        }
    }
}

impl Default for RssTable {
    fn default() -> Self {
        Self { url: None, urls: Vec::new(), every: Lasting::from_secs(300), network: Press::News }
    }
}

impl RssTable {
    /// All of its addresses.
    pub fn addresses(&self) -> Vec<&str> {
        self.url.iter().chain(&self.urls).map(String::as_str).collect()
    }
}

impl FeedKind for RssTable {
    fn silence(&self) -> Duration {
        (self.every.0 * 3).max(Duration::from_secs(3_600))
    }

    fn networks(&self) -> &'static [Network] {
        &[Network::News, Network::Blog, Network::Forum, Network::Video]
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<_> = self.url.iter().filter_map(|url| web_address("url", url)).collect();
        faults.extend(self.urls.iter().find_map(|url| web_address("urls", url)));
        match self.addresses().len() {
            0 => faults.push(fault(
                "url",
                "a news feed needs a URL",
                "Write `url = \"https://…\"`, or `urls = [\"https://…\", \"https://…\"]`.",
            )),
            1..=MAX_URLS => {}
            many => faults.push(fault(
                "urls",
                format!("{many} URLs exceed the limit of {MAX_URLS} per feed"),
                "Split them over several `[feed.…]`.",
            )),
        }
        faults.extend(too_often("every", self.every, 60));
        faults
    }
}
