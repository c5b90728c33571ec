//! Sources that hand over by themselves, and plain numbers.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Table;

/// A service that calls us.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Webhook {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for Webhook {
    fn silence(&self) -> Duration {
        Duration::from_secs(3600)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}

/// A stream of NATS JetStream.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Nats {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for Nats {
    fn silence(&self) -> Duration {
        Duration::from_secs(300)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}

/// Numbers of a Prometheus server.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Prometheus {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for Prometheus {
    fn silence(&self) -> Duration {
        Duration::from_secs(300)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}
