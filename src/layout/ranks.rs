//! The options of tiles that rank what is said and who says it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::widget::Window;

/// A list with numbers: what is named most, what rises, or who speaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RanksSpec {
    /// What it is about: the name of a topic. Left out: everything.
    pub topic: Option<String>,
    /// `all`, `words`, `hashtags`, `emoji`, `links` or `authors`.
    pub of: RanksOf,
    /// `most` used, or `rising`: used more than its own past lets expect. Not of authors.
    pub rank: Rank,
    /// Of authors: by `volume` (mentions) or by `reach`.
    pub by: Option<By>,
    /// `1h` or `24h`. What rises has its own time.
    pub window: Option<Past>,
    /// How many at most, 1 to 24.
    #[schemars(range(min = 1, max = 24))]
    pub count: u8,
}

impl Default for RanksSpec {
    fn default() -> Self {
        Self { topic: None, of: RanksOf::All, rank: Rank::Most, by: None, window: None, count: 8 }
    }
}

/// What is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RanksOf {
    /// Words and hashtags together.
    #[default]
    All,
    Words,
    Hashtags,
    Emoji,
    /// Pages that are linked to, by host and path.
    Links,
    Authors,
}

/// Which of them stand first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    /// Used most.
    #[default]
    Most,
    /// Used more than its own past lets expect.
    Rising,
}

/// Which authors stand first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Those with the most mentions.
    #[default]
    Volume,
    /// Those who reach the most people.
    Reach,
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
    /// Pages that are linked to, by host and path.
    Links,
}
