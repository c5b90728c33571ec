//! The table of a Meltwater feed.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::layout::feed::Table;

/// Documents that Meltwater pushes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Meltwater {
    /// Where the API is. Left out: `https://api.meltwater.com`.
    pub url: Option<String>,
    /// Name of the environment variable that holds the API token.
    pub token_env: Option<String>,
    /// File that holds the API token. Relative to the layout file.
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
