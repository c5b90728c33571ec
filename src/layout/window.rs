//! The spans of time over which a wall counts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A span of time that ends now: a length, or `today` (since midnight in the wall's zone) or `event`
/// (since the start of the wall's `[event]`).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum Window {
    #[serde(rename = "1m")]
    M1,
    #[serde(rename = "5m")]
    M5,
    #[serde(rename = "10m")]
    M10,
    #[serde(rename = "15m")]
    M15,
    #[default]
    #[serde(rename = "1h")]
    H1,
    #[serde(rename = "24h")]
    H24,
    #[serde(rename = "today")]
    Today,
    #[serde(rename = "7d")]
    D7,
    #[serde(rename = "event")]
    Event,
}

impl Window {
    pub const ALL: [Window; 9] =
        [Self::M1, Self::M5, Self::M10, Self::M15, Self::H1, Self::H24, Self::Today, Self::D7, Self::Event];

    /// Length in seconds; `None` for those that begin at a moment: how long they are now says
    /// [`crate::pulse::snapshot::Spans`].
    pub const fn secs(self) -> Option<u32> {
        match self {
            Self::M1 => Some(60),
            Self::M5 => Some(300),
            Self::M10 => Some(600),
            Self::M15 => Some(900),
            Self::H1 => Some(3_600),
            Self::H24 => Some(86_400),
            Self::D7 => Some(7 * 86_400),
            Self::Today | Self::Event => None,
        }
    }

    /// As it stands in a layout: `10m`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::M1 => "1m",
            Self::M5 => "5m",
            Self::M10 => "10m",
            Self::M15 => "15m",
            Self::H1 => "1h",
            Self::H24 => "24h",
            Self::Today => "today",
            Self::D7 => "7d",
            Self::Event => "event",
        }
    }

    /// As people say it: `last 10 minutes`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::M1 => "last minute",
            Self::M5 => "last 5 minutes",
            Self::M10 => "last 10 minutes",
            Self::M15 => "last 15 minutes",
            Self::H1 => "last hour",
            Self::H24 => "last 24 hours",
            Self::Today => "since midnight",
            Self::D7 => "last 7 days",
            Self::Event => "since the start",
        }
    }

    /// The same in little room: `10 min`.
    pub const fn short_words(self) -> &'static str {
        match self {
            Self::M1 => "1\u{202f}min",
            Self::M5 => "5\u{202f}min",
            Self::M10 => "10\u{202f}min",
            Self::M15 => "15\u{202f}min",
            Self::H1 => "1\u{202f}h",
            Self::H24 => "24\u{202f}h",
            Self::Today => "today",
            Self::D7 => "7\u{202f}days",
            Self::Event => "since the start",
        }
    }
}
