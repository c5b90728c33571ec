//! What a tile may be: the options of each widget, as they stand in a layout file and as the
//! scene reads them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::ranks::{By, Past, Rank, RanksOf, RanksSpec, Terms};
pub use crate::layout::window::Window;

/// A widget with its options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum WidgetSpec {
    Heatmap(HeatmapSpec),
    Ticker(TickerSpec),
    Counter(CounterSpec),
    Trend(TrendSpec),
    Share(ShareSpec),
    Mentions(MentionsSpec),
    Words(WordsSpec),
    Ranks(RanksSpec),
    Sentiment(SentimentSpec),
    Care(CareTileSpec),
    Alerts(AlertsTile),
    Clock(ClockSpec),
    Text(TextSpec),
}

impl WidgetSpec {
    /// The word that stands in `kind`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Heatmap(_) => "heatmap",
            Self::Ticker(_) => "ticker",
            Self::Counter(_) => "counter",
            Self::Trend(_) => "trend",
            Self::Share(_) => "share",
            Self::Mentions(_) => "mentions",
            Self::Words(_) => "words",
            Self::Ranks(_) => "ranks",
            Self::Sentiment(_) => "sentiment",
            Self::Care(_) => "care",
            Self::Alerts(_) => "alerts",
            Self::Clock(_) => "clock",
            Self::Text(_) => "text",
        }
    }

    /// The topic that it is about; `None` is everything.
    pub fn topic(&self) -> Option<&str> {
        match self {
            Self::Heatmap(s) => s.topic.as_deref(),
            Self::Ticker(s) => s.topic.as_deref(),
            Self::Counter(s) => s.topic.as_deref(),
            Self::Trend(s) => s.topic.as_deref(),
            Self::Mentions(s) => s.topic.as_deref(),
            Self::Words(s) => s.topic.as_deref(),
            Self::Ranks(s) => s.topic.as_deref(),
            Self::Sentiment(s) => s.topic.as_deref(),
            Self::Share(s) => s.topic.as_deref(),
            Self::Alerts(s) => s.topic.as_deref(),
            Self::Care(_) | Self::Clock(_) | Self::Text(_) => None,
        }
    }

    /// The time that it tells of.
    pub const fn window(&self) -> Option<Window> {
        match self {
            Self::Heatmap(s) => Some(s.window),
            Self::Counter(s) => Some(s.window),
            Self::Trend(s) => Some(s.window),
            Self::Share(s) => Some(s.window),
            Self::Sentiment(s) => Some(s.window),
            _ => None,
        }
    }

    /// The series of plain numbers that it shows.
    pub fn series(&self) -> Option<&str> {
        match self {
            Self::Counter(s) => s.series.as_deref(),
            Self::Trend(s) => s.series.as_deref(),
            _ => None,
        }
    }

    /// True when it shows what single people wrote.
    pub const fn shows_text(&self) -> bool {
        matches!(self, Self::Ticker(_) | Self::Mentions(_) | Self::Words(_) | Self::Ranks(_))
    }
}

/// Where people are talking: a world map under a heat field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HeatmapSpec {
    /// What it is about: the name of a topic. Left out: everything.
    pub topic: Option<String>,
    /// At most `1h`.
    #[schemars(extend("enum" = ["1m", "5m", "10m", "15m", "1h"]))]
    pub window: Window,
    /// How many of the hottest places are named, 0 to 8.
    #[schemars(range(min = 0, max = 8))]
    pub name_places: u8,
}

impl Default for HeatmapSpec {
    fn default() -> Self {
        Self { topic: None, window: Window::M10, name_places: 3 }
    }
}

/// The latest mentions, walking from right to left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TickerSpec {
    /// What it is about: the name of a topic. Left out: everything.
    pub topic: Option<String>,
    /// Millimetres per second. Left out: 2.5° a second for the farthest viewer.
    #[schemars(range(min = 1.0, max = 10_000.0))]
    pub speed_mm: Option<f32>,
}

/// One number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CounterSpec {
    /// What it is about: the name of a topic. Left out: everything.
    pub topic: Option<String>,
    /// The time counted: `1m`, `5m`, `10m`, `15m`, `1h`, `24h`, `7d`, `today` (since midnight) or
    /// `event` (since the start of the `[event]`).
    pub window: Window,
    /// What is counted.
    pub metric: Metric,
    /// A plain number instead: the name of a feed of numbers (`kind = "prometheus"`), with the
    /// labels of the series where it has several, for example `load/zone=eu` or, as in PromQL,
    /// `load/up{zone="eu"}`.
    pub series: Option<String>,
    /// Unit behind the number of a series, for example `ms`.
    pub unit: Option<String>,
    /// Decimals of the number of a series, 0 to 3. Left out: as many as make three figures.
    #[schemars(range(min = 0, max = 3))]
    pub precision: Option<u8>,
}

impl CounterSpec {
    /// What counts mentions, and stands beside a series, by its key.
    pub fn counts(&self) -> Option<&'static str> {
        if self.topic.is_some() {
            return Some("topic");
        }
        (self.metric != Metric::default()).then_some("metric")
    }
}

/// What a counter counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    #[default]
    Mentions,
    /// Mentions per minute over the window.
    Rate,
    /// Followers of everyone who spoke, added up.
    Reach,
    /// Different people who spoke.
    Authors,
    Positive,
    Negative,
    /// (positive − negative) ÷ (positive + neutral + negative), in per cent.
    NetSentiment,
}

/// How many mentions, second by second.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TrendSpec {
    /// What it is about: the name of a topic. Left out: everything.
    pub topic: Option<String>,
    /// The time drawn: `15m`, `1h`, `24h`, `7d`, `today` (since midnight) or `event` (since the
    /// start of the `[event]`, at most 8 days).
    #[schemars(extend("enum" = ["15m", "1h", "24h", "7d", "today", "event"]))]
    pub window: Window,
    /// Plain numbers instead: the name of a feed of numbers (`kind = "prometheus"`), with the
    /// labels of the series where it has several, for example `load/zone=eu`.
    pub series: Option<String>,
    /// Unit of the numbers of a series, for example `ms`.
    pub unit: Option<String>,
    /// Decimals of the last number of a series, 0 to 3. Left out: as many as make three figures.
    #[schemars(range(min = 0, max = 3))]
    pub precision: Option<u8>,
}

/// Whose share of the voice: topic by topic, or of one stream by source, language or country.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShareSpec {
    /// What the parts are: `topic`, `source` (feeds), `language` or `country`.
    pub by: Parts,
    /// Names of the topics compared; empty takes all. Only for `by = "topic"`.
    pub topics: Vec<String>,
    /// What is divided: the name of a topic. Left out: everything. Not for `by = "topic"`.
    pub topic: Option<String>,
    /// The time compared: `1m`, `5m`, `10m`, `15m`, `1h`, `24h`, `7d`, `today` (since midnight) or
    /// `event` (since the start of the `[event]`).
    pub window: Window,
}

/// Of what a share is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Parts {
    #[default]
    Topic,
    Source,
    Language,
    Country,
}

/// A list of the latest mentions; a sample when more come than anyone can read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MentionsSpec {
    /// What it is about: the name of a topic. Left out: everything.
    pub topic: Option<String>,
    /// How many at most, 1 to 24.
    #[schemars(range(min = 1, max = 24))]
    pub count: u8,
}

impl Default for MentionsSpec {
    fn default() -> Self {
        Self { topic: None, count: 8 }
    }
}

/// What words people use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WordsSpec {
    /// What it is about: the name of a topic. Left out: everything.
    pub topic: Option<String>,
    /// How many at most, 1 to 80.
    #[schemars(range(min = 1, max = 80))]
    pub count: u8,
    /// `all`, `words`, `hashtags`, `emoji` or `links`.
    pub of: Terms,
    /// `most` used, or `rising`: used more than its own past lets expect.
    pub rank: Rank,
    /// `1h` or `24h`. What rises has its own time.
    pub window: Option<Past>,
}

impl Default for WordsSpec {
    fn default() -> Self {
        Self { topic: None, count: 40, of: Terms::All, rank: Rank::Most, window: None }
    }
}

/// How it is meant: positive, neutral, negative, and what nobody knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SentimentSpec {
    /// What it is about: the name of a topic. Left out: everything.
    pub topic: Option<String>,
    /// The time judged: `1m`, `5m`, `10m`, `15m`, `1h`, `24h`, `7d`, `today` (since midnight) or
    /// `event` (since the start of the `[event]`).
    pub window: Window,
}

/// Who waits for an answer of the brand's, and how long it takes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CareTileSpec {
    /// The answers that are measured: those of the last `1h` or `24h`.
    #[schemars(extend("enum" = ["1h", "24h"]))]
    pub window: Window,
}

/// What is unusual now, since when, and who has to act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AlertsTile {
    /// What it is about: the name of a topic. Left out: everything and every topic.
    pub topic: Option<String>,
    /// How many at most, 1 to 12.
    #[schemars(range(min = 1, max = 12))]
    pub count: u8,
}

impl Default for AlertsTile {
    fn default() -> Self {
        Self { topic: None, count: 6 }
    }
}

/// The time of day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClockSpec {
    /// IANA name, for example `Asia/Tokyo`. Left out: the wall's zone.
    pub zone: Option<String>,
    /// Show the seconds.
    pub seconds: bool,
    /// Show the day of the week and the date.
    pub date: bool,
}

impl Default for ClockSpec {
    fn default() -> Self {
        Self { zone: None, seconds: false, date: true }
    }
}

/// Words that stand in the layout file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TextSpec {
    /// The words.
    pub text: String,
    /// `body`, `title`, `number` or `hero`.
    pub size: TextSize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TextSize {
    #[default]
    Body,
    Title,
    Number,
    Hero,
}
