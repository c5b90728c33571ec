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

/// Mentions of Brandwatch Consumer Research.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BrandwatchTable {
    /// Where the API is. Left out: `https://api.brandwatch.com`.
    pub url: Option<String>,
    /// Name of the environment variable that holds the access token.
    pub token_env: Option<String>,
    /// File that holds the access token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
    /// Number of the project.
    pub project: Option<u64>,
    /// Numbers of the queries to listen to, at most 50. All are asked for in one call.
    pub queries: Vec<u64>,
    /// Numbers of query groups to listen to, at most 50.
    pub query_groups: Vec<u64>,
    /// Rest between two rounds, at least `"20s"`: all who use the Brandwatch client have 30 calls
    /// within 10 minutes together.
    pub interval: Lasting,
    /// Mentions asked for in one call, at most 5,000.
    pub page_size: u32,
    /// How far back the first start reaches, at most `"7d"`.
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
        let help = "Projects and queries have their numbers in the address bar of Brandwatch.";
        let project = self.project.is_none().then(|| fault("project", "it needs a project", help));
        let many = self.queries.len().max(self.query_groups.len()) > MAX_QUERIES;
        let queries = match self.queries.is_empty() && self.query_groups.is_empty() {
            true => Some(fault("queries", "it listens to no query", help)),
            false if many => Some(fault("queries", "at most 50 queries and 50 groups", "Take two feeds.")),
            false => None,
        };
        project.into_iter().chain(queries)
    }

    fn pace_faults(&self) -> impl Iterator<Item = Fault> {
        let interval = (self.interval < SHORTEST).then(|| {
            fault(
                "interval",
                "Brandwatch allows 30 calls within 10 minutes, one every 20 seconds",
                "Write at least \"20s\"; more when other programs use the same client.",
            )
        });
        let page = !(1..=MAX_PAGE).contains(&self.page_size);
        let page =
            page.then(|| fault("page_size", "an answer holds 1 to 5,000 mentions", "Leave it out: 1,000."));
        let week = Lasting::from_secs(7 * 86_400);
        let history = (self.history > week).then(|| {
            fault("history", "the first start reaches back 7 days at most", "The wall shows 24 hours.")
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
        let token = token(&self.token_env, &self.token_file, "an access token");
        let address = address("url", &self.url);
        token.into_iter().chain(address).chain(self.scope_faults()).chain(self.pace_faults()).collect()
    }
}
