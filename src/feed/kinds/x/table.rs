//! The table of an X feed.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::{fault, one_token, server_address};
use crate::layout::feed::{Fault, FeedKind, Rest, x_rules};
use crate::layout::value::Lasting;
use crate::mention::Network;

/// Most minutes of backfill that X gives.
const MAX_BACKFILL: u8 = 5;

/// X, through its API v2.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct XTable {
    /// A URL other than X's own `https://api.x.com`, for a proxy.
    pub url: Option<String>,
    /// Name of the environment variable that contains the app's bearer token.
    pub token_env: Option<String>,
    /// File that contains the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
    /// `stream` receives posts as they are made (filtered stream); `recent` polls for them every
    /// `interval` (recent search).
    pub mode: XMode,
    /// Rules in X's own operators. Default: the layout's topics, translated.
    pub rules: Vec<String>,
    /// Added to every rule, in X's own operators: `-is:retweet lang:en`.
    pub narrow: Option<String>,
    /// `false` leaves the app's rules as they are and accepts whatever they bring.
    pub sync_rules: bool,
    /// Minutes that X repeats after a gap, 1 to 5, if the plan includes it (Enterprise). Default:
    /// none.
    #[schemars(range(min = 0, max = 5))]
    pub backfill_minutes: u8,
    /// Whether to fetch what the stream missed during a gap, through recent search.
    pub recover: bool,
    /// Time between polls in `recent` mode.
    pub interval: Lasting,
    /// Maximum number of posts to read per day (UTC); each one costs money. The feed pauses when they
    /// are used up.
    #[schemars(range(min = 1))]
    pub max_posts_per_day: u64,
    /// The layout's topics by name and query, filled in when the layout is solved.
    #[serde(skip)]
    #[schemars(skip)]
    pub topics: Vec<(String, String)>,
}

/// How X is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum XMode {
    #[default]
    Stream,
    Recent,
}

impl Default for XTable {
    fn default() -> Self {
        Self {
            url: None,
            token_env: None,
            token_file: None,
            mode: XMode::Stream,
            rules: Vec::new(),
            narrow: None,
            sync_rules: true,
            backfill_minutes: 0,
            recover: true,
            interval: Lasting::from_secs(60),
            max_posts_per_day: 10_000,
            topics: Vec::new(),
        }
    }
}

impl XTable {
    /// What X is asked for: each a tag and a rule of at most `longest` characters.
    ///
    /// # Errors
    /// The topic that X cannot be asked for, and why.
    pub fn asked(&self, longest: usize) -> Result<Vec<(String, String)>, String> {
        let narrow = self.narrow.as_deref().unwrap_or_default();
        if !self.rules.is_empty() {
            return self.rules.iter().enumerate().map(|(i, rule)| own(i, rule, longest)).collect();
        }
        let mut asked = Vec::new();
        for (name, query) in &self.topics {
            let rules = x_rules::translate(query, narrow, longest);
            let rules = rules.map_err(|why| format!("topic `{name}` cannot be translated for X: {why}"))?;
            asked.extend(rules.into_iter().map(|rule| (name.clone(), rule)));
        }
        Ok(asked)
    }

    /// Longest rule or query of this mode, characters.
    pub fn longest(&self) -> usize {
        match self.mode {
            XMode::Stream => x_rules::MAX_RULE,
            XMode::Recent => x_rules::MAX_SEARCH,
        }
    }
}

fn own(i: usize, rule: &str, longest: usize) -> Result<(String, String), String> {
    let (rule, length) = (rule.trim(), rule.trim().chars().count());
    if length == 0 || length > longest {
        return Err(format!("rule {} has {length} characters; X allows 1 to {longest}", i + 1));
    }
    Ok((format!("rule {}", i + 1), rule.into()))
}

impl FeedKind for XTable {
    fn silence(&self) -> Duration {
        match self.mode {
            XMode::Stream => Duration::from_secs(60),
            XMode::Recent => self.interval.0.saturating_mul(3),
        }
    }

    fn networks(&self) -> &'static [Network] {
        &[Network::X]
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }

    fn take_up(&mut self, rest: &Rest<'_>) {
        self.topics = rest.topics.iter().map(|topic| (topic.name.clone(), topic.query.clone())).collect();
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        faults.extend(self.url.iter().filter_map(|url| server_address(url, &["http://", "https://"])));
        faults.extend(one_token(&self.token_env, &self.token_file, "X requires the bearer token of an app (console.x.com). Name the environment variable that holds it: `token_env = \"X_TOKEN\"`."));
        if self.backfill_minutes > MAX_BACKFILL {
            let what = format!("X repeats at most {MAX_BACKFILL} minutes");
            faults.push(fault("backfill_minutes", what, "For longer gaps, use `recover = true`."));
        }
        if self.interval < Lasting::from_secs(2) {
            let what = "X allows 450 searches in 15 minutes, one every 2 seconds";
            faults.push(fault("interval", what, "Use at least \"2s\"; \"60s\" is usual."));
        }
        let asks = self.mode == XMode::Recent || self.sync_rules;
        match self.asked(self.longest()) {
            Err(what) if asks => faults.push(fault(
                "rules",
                what,
                "Rephrase the topic, or write the rules \
                yourself in X's own operators: `rules = [\"aurora phone -is:retweet\"]`.",
            )),
            Ok(asked) if asks && asked.is_empty() => faults.push(fault(
                "rules",
                "there is no topic to ask X for",
                "Add a `[topic.…]`, or `rules` in X's own operators.",
            )),
            Ok(asked) if asked.len() > x_rules::MAX_RULES => faults.push(fault(
                "rules",
                format!("these are {} rules; X allows {}", asked.len(), x_rules::MAX_RULES),
                "Combine some of them with OR.",
            )),
            _ => {}
        }
        faults
    }
}
