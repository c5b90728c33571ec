//! The table of a Hacker News feed.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::{fault, too_often, web_address};
use crate::layout::feed::{Fault, FeedKind};
use crate::layout::value::Lasting;
use crate::mention::Network;

/// Hacker News.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HackerNewsTable {
    /// URL of the service. Default: its own.
    pub url: Option<String>,
    /// Time between polls. Default: `30s`.
    pub every: Lasting,
    /// What becomes a mention. Default: stories, comments, jobs and polls.
    pub kinds: Vec<HackerKind>,
    /// Maximum number of past items to fetch at the first start and after a gap; older ones are
    /// skipped. Default: 500, about an hour.
    #[schemars(range(max = 10_000))]
    pub backfill: u32,
}

/// A kind of Hacker News item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HackerKind {
    Story,
    Comment,
    Job,
    Poll,
}

impl Default for HackerNewsTable {
    fn default() -> Self {
        use HackerKind::*;
        let kinds = vec![Story, Comment, Job, Poll];
        Self { url: None, every: Lasting::from_secs(30), kinds, backfill: 500 }
    }
}

impl FeedKind for HackerNewsTable {
    fn silence(&self) -> Duration {
        (self.every.0 * 3).max(Duration::from_secs(300))
    }

    fn networks(&self) -> &'static [Network] {
        &[Network::Forum]
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<_> = self.url.iter().filter_map(|url| web_address("url", url)).collect();
        faults.extend(too_often("every", self.every, 5));
        if self.kinds.is_empty() {
            faults.push(fault(
                "kinds",
                "no kind of item would become a mention",
                "Remove `kinds` for all of them.",
            ));
        }
        faults
    }
}
