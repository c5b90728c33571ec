//! Social networks that want a token.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Table;

/// A Mastodon server.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mastodon {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for Mastodon {
    fn silence(&self) -> Duration {
        Duration::from_secs(40)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}

/// X, by its API v2.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct X {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for X {
    fn silence(&self) -> Duration {
        Duration::from_secs(60)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}
