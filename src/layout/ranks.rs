//! The words of a layout for what is ranked, how, and over which past.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::window::Window;

/// Which of them stand first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    /// Most used.
    #[default]
    Most,
    /// Used more than expected from its own past.
    Rising,
}

/// How far back a list counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Past {
    #[default]
    #[serde(rename = "1h")]
    Hour,
    #[serde(rename = "24h")]
    Day,
}

impl Past {
    /// As people say it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Hour => "last hour",
            Self::Day => "last 24 hours",
        }
    }

    /// The window that it is.
    pub const fn window(self) -> Window {
        match self {
            Self::Hour => Window::H1,
            Self::Day => Window::H24,
        }
    }
}

/// What a cloud of words shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Terms {
    /// Words and hashtags together.
    #[default]
    All,
    Words,
    Hashtags,
    Emoji,
    /// Linked pages, by host and path.
    Links,
}
