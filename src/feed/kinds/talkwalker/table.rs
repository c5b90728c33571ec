//! The table of a Talkwalker feed.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::fault;
use crate::feed::kinds::suites::faults::{address, token};
use crate::layout::feed::{Fault, FeedKind};

/// Results of a Talkwalker collector.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TalkwalkerTable {
    /// Where the API is. Left out: `https://api.talkwalker.com`.
    pub url: Option<String>,
    /// Name of the environment variable that holds the access token.
    pub token_env: Option<String>,
    /// File that holds the access token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
    /// Id of the collector. One wall reads it at a time.
    pub collector: Option<String>,
    /// Where the first start begins: `"earliest"` (what the collector kept, at most 7 days) or
    /// `"latest"`. Left out: `"earliest"`.
    pub from: Option<String>,
}

impl FeedKind for TalkwalkerTable {
    fn silence(&self) -> Duration {
        Duration::from_secs(300)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let token = token(&self.token_env, &self.token_file, "an access token");
        let address = address("url", &self.url);
        let collector = match &self.collector {
            None => Some(fault(
                "collector",
                "it needs a collector",
                "Make one with `PUT /api/v3/stream/c/ID` and name it with `collector`.",
            )),
            Some(id) if !is_id(id) => Some(fault(
                "collector",
                format!("`{id}` is not the id of a collector"),
                "Ids are of small letters, digits, `-` and `_`, and begin with a letter.",
            )),
            Some(_) => None,
        };
        let known = self.from.as_deref().is_none_or(|from| matches!(from, "earliest" | "latest"));
        let from = (!known).then(|| {
            fault(
                "from",
                "a first start begins at the earliest or at the latest",
                "Write \"earliest\" or \"latest\".",
            )
        });
        token.into_iter().chain(address).chain(collector).chain(from).collect()
    }
}

fn is_id(id: &str) -> bool {
    let all = id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
    all && id.starts_with(|c: char| c.is_ascii_lowercase()) && id.len() <= 256
}
