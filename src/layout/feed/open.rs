//! Services that anybody may listen to: no account, no key.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Table;

/// Bluesky, through a Jetstream server.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Bluesky {
    /// The Jetstream server, `wss://…`. Left out: a public one.
    pub url: Option<String>,
}

impl Table for Bluesky {
    fn silence(&self) -> Duration {
        Duration::from_secs(75)
    }
}

/// Edits of Wikipedia and its sisters, through Wikimedia EventStreams.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Wikimedia {
    /// Where the stream is. Left out: Wikimedia's own `recentchange`.
    pub url: Option<String>,
}

impl Table for Wikimedia {
    fn silence(&self) -> Duration {
        Duration::from_secs(60)
    }
}
