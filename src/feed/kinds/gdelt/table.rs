//! The table of a GDELT feed.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::{fault, too_often, web_address};
use crate::layout::feed::{Fault, FeedKind};
use crate::layout::value::Lasting;
use crate::mention::Network;

/// World news through the GDELT DOC API.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GdeltTable {
    /// URL of the service. Default: its own.
    pub url: Option<String>,
    /// What to look for, in GDELT's query language: `"aurora phone" sourcelang:english`.
    pub query: String,
    /// Time between polls. Default: `15m`, as often as GDELT is updated.
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
                "GDELT needs a query",
                "Write for example `query = '\"aurora phone\"'`; GDELT rejects words of one or two letters.",
            ));
        }
        faults
    }
}
