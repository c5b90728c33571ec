//! The table of a demo feed.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::layout::check::FeedCheck;
use crate::layout::feed::{FeedKind, Rest};
use crate::layout::problem::Problem;
use crate::layout::value::Lasting;
use crate::mention::source::Nature;

/// Longest past that a demo feed may bring along.
const MAX_HISTORY: Lasting = Lasting::from_secs(86_400);

/// A seeded simulation of a brand's mentions.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DemoTable {
    /// Mean number of mentions per second over a day.
    #[schemars(range(min = 0.001, max = 5000.0))]
    pub rate_per_s: f32,
    /// The same seed always gives the same mentions.
    pub seed: u64,
    /// How much history it provides when the wall starts, at most `24h`.
    pub history: Lasting,
    /// `false` keeps the rate constant, without daily rhythm or bursts, for benchmarks.
    pub rhythm: bool,
    /// The handle under which people ask the brand, and under which it answers, filled in when the
    /// layout is solved; `None`: nobody does.
    #[serde(skip)]
    #[schemars(skip)]
    pub care: Option<String>,
}

impl Default for DemoTable {
    fn default() -> Self {
        Self { rate_per_s: 6.0, seed: 1, history: Lasting::from_secs(3_600), rhythm: true, care: None }
    }
}

impl FeedKind for DemoTable {
    fn silence(&self) -> Duration {
        Duration::from_secs(90)
    }

    fn nature(&self) -> Nature {
        Nature::Simulated
    }

    fn take_up(&mut self, rest: &Rest<'_>) {
        self.care = rest.care.map(str::to_owned);
    }

    fn check(&self, feed: &mut FeedCheck<'_, '_>) {
        if self.history > MAX_HISTORY {
            let problem = Problem::error("too-long", feed.value("history"), "the wall remembers 24 hours");
            feed.say(problem.label("at most \"24h\""));
        }
    }
}
