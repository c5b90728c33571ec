//! The table of a Brandwatch feed.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::fault;
use crate::feed::kinds::suites::faults::{address, token};
use crate::layout::feed::{Fault, FeedKind};
use crate::layout::value::Lasting;

/// 30 calls within 10 minutes are one every 20 seconds.
const SHORTEST: Lasting = Lasting::from_secs(20);
/// Most queries, and most query groups, of one feed: all stand in the address of a call.
const MAX_QUERIES: usize = 50;
/// Most mentions that Brandwatch gives in one answer.
const MAX_PAGE: u32 = 5_000;

/// Mentions from Brandwatch Consumer Research.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BrandwatchTable {
    /// URL of the API. Default: `https://api.brandwatch.com`.
    pub url: Option<String>,
    /// Name of the environment variable that contains the access token.
    pub token_env: Option<String>,
    /// File that contains the access token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
    /// Number of the project.
    pub project: Option<u64>,
    /// Numbers of the queries to listen to, at most 50. They share one call.
    pub queries: Vec<u64>,
    /// Numbers of query groups to listen to, at most 50.
    pub query_groups: Vec<u64>,
    /// Time between polls, at least `"20s"`: everyone who uses the same Brandwatch client shares 30
    /// calls per 10 minutes.
    pub interval: Lasting,
    /// Mentions per call, at most 5,000.
    pub page_size: u32,
    /// How far back to go at the first start, at most `"7d"`.
    pub history: Lasting,
}

impl Default for BrandwatchTable {
    fn default() -> Self {
        Self {
            url: None,
            token_env: None,
            token_file: None,
            project: None,
            queries: Vec::new(),
            query_groups: Vec::new(),
            interval: Lasting::from_secs(60),
            page_size: 1_000,
            history: Lasting::from_secs(86_400),
        }
    }
}

impl BrandwatchTable {
    fn scope_faults(&self) -> impl Iterator<Item = Fault> {
        let help = "The numbers of projects and queries are in Brandwatch's URLs.";
        let project = self.project.is_none().then(|| fault("project", "`project` is missing", help));
        let many = self.queries.len().max(self.query_groups.len()) > MAX_QUERIES;
        let queries = match self.queries.is_empty() && self.query_groups.is_empty() {
            true => Some(fault("queries", "there is no query to listen to", help)),
            false if many => Some(fault("queries", "at most 50 queries and 50 groups", "Use two feeds.")),
            false => None,
        };
        project.into_iter().chain(queries)
    }

    fn pace_faults(&self) -> impl Iterator<Item = Fault> {
        let interval = (self.interval < SHORTEST).then(|| {
            fault(
                "interval",
                "Brandwatch allows 30 calls within 10 minutes, one every 20 seconds",
                "Use at least \"20s\", and more if other programs use the same client.",
            )
        });
        let page = !(1..=MAX_PAGE).contains(&self.page_size);
        let page = page.then(|| fault("page_size", "a page has 1 to 5,000 mentions", "Remove it for 1,000."));
        let week = Lasting::from_secs(7 * 86_400);
        let history = (self.history > week).then(|| {
            fault("history", "the first start can go back at most 7 days", "The wall itself shows 24 hours.")
        });
        interval.into_iter().chain(page).chain(history)
    }
}

impl FeedKind for BrandwatchTable {
    fn silence(&self) -> Duration {
        (self.interval.0 * 3).max(Duration::from_secs(1_800))
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let token = token(&self.token_env, &self.token_file, "the access token");
        let address = address("url", &self.url);
        token.into_iter().chain(address).chain(self.scope_faults()).chain(self.pace_faults()).collect()
    }
}
