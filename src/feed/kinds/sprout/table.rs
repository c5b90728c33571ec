//! The table of a Sprout Social feed.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::fault;
use crate::feed::kinds::suites::faults::{address, token};
use crate::layout::feed::{Fault, FeedKind};
use crate::layout::value::Lasting;

/// What an account may call in a month.
const CALLS_A_MONTH: f64 = 250_000.0;
const MONTH: Duration = Duration::from_secs(30 * 86_400);
/// Most topics of one feed.
const MAX_TOPICS: usize = 50;

/// Messages from Sprout Social listening topics.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SproutTable {
    /// URL of the API. Default: `https://api.sproutsocial.com`.
    pub url: Option<String>,
    /// Name of the environment variable that contains the API token.
    pub token_env: Option<String>,
    /// File that contains the API token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
    /// Number of the customer.
    pub customer: Option<u64>,
    /// Ids of the listening topics, at most 50. Each takes one call per poll, or more.
    pub topics: Vec<String>,
    /// Networks to listen to, under Sprout's names (`"BLUESKY"`). Default: all that Sprout
    /// provides; X is not among them.
    pub networks: Vec<String>,
    /// Time between polls. An account has 60 calls per minute and 250,000 per month.
    pub interval: Lasting,
    /// How far back to go at the first start, at most `"7d"`.
    pub history: Lasting,
}

impl Default for SproutTable {
    fn default() -> Self {
        Self {
            url: None,
            token_env: None,
            token_file: None,
            customer: None,
            topics: Vec::new(),
            networks: Vec::new(),
            interval: Lasting::from_secs(60),
            history: Lasting::from_secs(3_600),
        }
    }
}

impl SproutTable {
    fn scope_faults(&self) -> impl Iterator<Item = Fault> {
        let customer = self.customer.is_none().then(|| {
            fault(
                "customer",
                "`customer` is missing",
                "`GET /v1/metadata/client` lists the customers of the token.",
            )
        });
        let help = "`GET /v1/CUSTOMER/metadata/customer/topics` lists them.";
        let plain = |word: &String| {
            !word.is_empty()
                && word.len() <= 128
                && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        let topics = match self.topics.len() {
            0 => Some(fault("topics", "there is no topic to listen to", help)),
            1..=MAX_TOPICS if self.topics.iter().all(plain) => None,
            1..=MAX_TOPICS => {
                Some(fault("topics", "a topic's id consists of letters, digits, `-` and `_`", help))
            }
            _ => Some(fault("topics", "at most 50 topics", "Use two feeds.")),
        };
        let networks = (self.networks.len() > MAX_TOPICS || !self.networks.iter().all(plain)).then(|| {
            fault(
                "networks",
                "a network is one word in capitals",
                "Such as \"BLUESKY\", \"REDDIT\" or \"WWW\".",
            )
        });
        customer.into_iter().chain(topics).chain(networks)
    }

    /// Too many calls for the month, if every round is one call a topic.
    fn pace_fault(&self) -> Option<Fault> {
        let rounds = MONTH.as_secs_f64() / self.interval.0.as_secs_f64().max(0.001);
        let topics = self.topics.len().max(1) as f64;
        (rounds * topics > CALLS_A_MONTH).then(|| {
            let least = (MONTH.as_secs_f64() * topics / CALLS_A_MONTH / 10.0).ceil() * 10.0;
            fault(
                "interval",
                format!("{topics} topics this often exceed the 250,000 calls a month that Sprout allows"),
                format!("Use \"{least}s\" or longer."),
            )
        })
    }
}

impl FeedKind for SproutTable {
    fn silence(&self) -> Duration {
        (self.interval.0 * 3).max(Duration::from_secs(1_800))
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let token = token(&self.token_env, &self.token_file, "the API token");
        let address = address("url", &self.url);
        let history = (self.history > Lasting::from_secs(7 * 86_400)).then(|| {
            fault("history", "the first start can go back at most 7 days", "The wall itself shows 24 hours.")
        });
        let all = token.into_iter().chain(address).chain(self.scope_faults());
        all.chain(self.pace_fault()).chain(history).collect()
    }
}
