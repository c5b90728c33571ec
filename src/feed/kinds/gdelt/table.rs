//! The table of a GDELT feed.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::{fault, too_often, web_address};
use crate::layout::feed::{Fault, FeedKind};
use crate::layout::value::Lasting;
use crate::mention::Network;

/// News of the world by the GDELT DOC API.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GdeltTable {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// What to look for, in GDELT's own words: `"aurora phone" sourcelang:english`.
    pub query: String,
    /// How often it is asked. GDELT has news every 15 minutes, which is also what it is when left
    /// out.
    pub every: Lasting,
}

impl Default for GdeltTable {
    fn default() -> Self {
        Self { url: None, query: String::new(), every: Lasting::from_secs(900) }
    }
}

impl FeedKind for GdeltTable {
    fn silence(&self) -> Duration {
        self.every.0 * 3
    }

    fn networks(&self) -> &'static [Network] {
        &[Network::News]
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<_> = self.url.iter().filter_map(|url| web_address("url", url)).collect();
        faults.extend(too_often("every", self.every, 60));
        if self.query.trim().len() < 3 {
            faults.push(fault(
                "query",
                "GDELT has to be told what to look for",
                "Write for example `query = '\"aurora phone\"'`; words of one or two letters are refused.",
            ));
        }
        faults
    }
}
