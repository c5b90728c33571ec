//! Listening suites that a company pays for.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Table;

/// Mentions of a Brandwatch query.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Brandwatch {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for Brandwatch {
    fn silence(&self) -> Duration {
        Duration::from_secs(1800)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}

/// Results of a Talkwalker collector.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Talkwalker {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for Talkwalker {
    fn silence(&self) -> Duration {
        Duration::from_secs(120)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}

/// Documents that Meltwater pushes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Meltwater {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for Meltwater {
    fn silence(&self) -> Duration {
        Duration::from_secs(3600)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}

/// Messages of a Sprout Social listening topic.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sprout {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for Sprout {
    fn silence(&self) -> Duration {
        Duration::from_secs(600)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}
