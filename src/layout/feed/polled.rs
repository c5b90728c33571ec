//! Sources that are asked again and again.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Table;

/// A news feed: RSS, Atom or JSON Feed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rss {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for Rss {
    fn silence(&self) -> Duration {
        Duration::from_secs(3600)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}

/// Hacker News.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HackerNews {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for HackerNews {
    fn silence(&self) -> Duration {
        Duration::from_secs(300)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}

/// News of the world by the GDELT DOC API.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Gdelt {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for Gdelt {
    fn silence(&self) -> Duration {
        Duration::from_secs(2700)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}

/// New posts and comments of Reddit.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Reddit {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
}

impl Table for Reddit {
    fn silence(&self) -> Duration {
        Duration::from_secs(300)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }
}
