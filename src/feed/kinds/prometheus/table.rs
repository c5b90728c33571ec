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

/// Numbers from a Prometheus server.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PrometheusTable {
    /// URL of the server, for example `http://prometheus.example.org:9090`. No secrets here.
    pub url: String,
    /// The query, in PromQL.
    pub query: String,
    /// Time between two values.
    pub step: Lasting,
    /// Time between polls. Default: `step`, at least `5s`.
    pub every: Option<Lasting>,
    /// How much of the past to fetch at the start, at most `24h`.
    pub history: Lasting,
    /// User name, with the token as password. Default: none; the token is sent as a bearer token.
    pub user: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that contains the token. Relative to the layout file.
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
                "" => "the server's URL is missing".to_owned(),
                url => format!("`{url}` is not an address"),
            };
            faults.push(fault(
                "url",
                what,
                "Write the full URL: `url = \"http://prometheus.example.org:9090\"`.",
            ));
        }
        if self.url.contains('@') {
            let help = "Put the user in `user`, and name the password's environment variable in `token_env`.";
            faults.push(fault("url", "the URL contains a user name or password", help));
        }
        if self.query.trim().is_empty() {
            let help = "Write it in PromQL: `query = \"sum(rate(http_requests_total[5m]))\"`.";
            faults.push(fault("query", "the query is missing", help));
        }
        if !(Duration::from_secs(1)..=Duration::from_secs(3_600)).contains(&self.step.0) {
            let help = "Use \"1s\" to \"1h\".";
            faults.push(fault("step", "the step must be between one second and one hour", help));
        } else if self.history.0.as_nanos() / self.step.0.as_nanos() > MAX_POINTS {
            let what = format!("Prometheus returns at most {MAX_POINTS} values at once");
            faults.push(fault("step", what, "Use a longer `step` or a shorter `history`."));
        }
        if self.history.0 > DAY {
            faults.push(fault("history", "the wall remembers 24 hours", "Use at most \"24h\"."));
        }
        faults.extend(two("token_file", "token_env", &self.token_env, &self.token_file));
        faults
    }
}
