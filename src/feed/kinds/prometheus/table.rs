//! The table of a Prometheus feed.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::{DAY, fault, is_web, two};
use crate::layout::feed::{Fault, FeedKind, Secret};
use crate::layout::value::Lasting;

/// Most points of a series that a Prometheus server hands over at once.
const MAX_POINTS: u128 = 11_000;

/// Numbers of a Prometheus server.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PrometheusTable {
    /// The server, for example `http://prometheus.example.org:9090`. No secrets in here.
    pub url: String,
    /// What to ask, in PromQL.
    pub query: String,
    /// Time between two numbers.
    pub step: Lasting,
    /// Time between two questions. Left out: `step`, at least `5s`.
    pub every: Option<Lasting>,
    /// How much past to ask for at the start, at most `24h`.
    pub history: Lasting,
    /// Name of the user whose password the token is; without it the token is a bearer token.
    pub user: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Default for PrometheusTable {
    fn default() -> Self {
        Self {
            url: String::new(),
            query: String::new(),
            step: Lasting::from_secs(15),
            every: None,
            history: Lasting(DAY),
            user: None,
            token_env: None,
            token_file: None,
        }
    }
}

impl PrometheusTable {
    pub fn token(&self) -> Option<Secret> {
        Secret::of(&self.token_env, &self.token_file)
    }

    /// Time between two questions.
    pub fn interval(&self) -> Duration {
        self.every.unwrap_or(self.step).0.max(Duration::from_secs(if self.every.is_some() { 1 } else { 5 }))
    }
}

impl FeedKind for PrometheusTable {
    /// Two and a half questions or steps, and not less than a minute.
    fn silence(&self) -> Duration {
        (self.interval().max(self.step.0).saturating_mul(5) / 2).max(Duration::from_secs(60))
    }

    fn brings_numbers(&self) -> bool {
        true
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !is_web(&self.url) {
            let what = match self.url.as_str() {
                "" => "there is no server to ask".to_owned(),
                url => format!("`{url}` is not an address"),
            };
            faults.push(fault(
                "url",
                what,
                "Write it whole: `url = \"http://prometheus.example.org:9090\"`.",
            ));
        }
        if self.url.contains('@') {
            let help = "Name the user with `user`, and the password's environment variable with `token_env`.";
            faults.push(fault("url", "the address carries a name or a password", help));
        }
        if self.query.trim().is_empty() {
            let help = "Ask in PromQL: `query = \"sum(rate(http_requests_total[5m]))\"`.";
            faults.push(fault("query", "there is nothing to ask", help));
        }
        if !(Duration::from_secs(1)..=Duration::from_secs(3_600)).contains(&self.step.0) {
            let help = "Write \"1s\" to \"1h\".";
            faults.push(fault("step", "numbers come at most once a second, and at least once an hour", help));
        } else if self.history.0.as_nanos() / self.step.0.as_nanos() > MAX_POINTS {
            let what = format!("Prometheus hands over at most {MAX_POINTS} numbers at once");
            faults.push(fault("step", what, "Take a longer `step` or a shorter `history`."));
        }
        if self.history.0 > DAY {
            faults.push(fault("history", "the wall remembers 24 hours", "Write at most \"24h\"."));
        }
        faults.extend(two("token_file", "token_env", &self.token_env, &self.token_file));
        faults
    }
}
