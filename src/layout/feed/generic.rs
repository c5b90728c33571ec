//! Wires that many services share.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Table;

/// A JSON document that is asked for again and again.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Json {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for Json {
    fn silence(&self) -> Duration {
        Duration::from_secs(600)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}

/// JSON messages of a WebSocket.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WebSocket {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for WebSocket {
    fn silence(&self) -> Duration {
        Duration::from_secs(300)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}
