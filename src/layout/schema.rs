//! The layout file as it is written. These structures are the schema: what they accept is what a
//! file may say, and their documentation is the help that `fishbowl check` gives.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::geometry::Rotation;
use crate::layout::alert::{AlertTable, BurstsTable};
use crate::layout::care::CareTable;
use crate::layout::event::EventTable;
use crate::layout::feed::FeedSpec;
use crate::layout::kind::TileSpec;
use crate::layout::places::Places;
use crate::layout::value::{Colour, Lasting};
use crate::layout::wall::{Audience, MonitorMatch, Motion};

/// Tables by their names, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Tables<T>(pub Vec<(String, T)>);

impl<T> Default for Tables<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Tables<T> {
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, table)| table)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, table)| (name.as_str(), table))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A Fishbowl layout: the wall, what it listens for, and what it shows.
#[derive(Clone, Debug, Default)]
pub struct LayoutFile {
    pub wall: WallTable,
    pub theme: ThemeTable,
    pub display: Tables<DisplayTable>,
    pub journal: JournalTable,
    pub event: Option<EventTable>,
    pub feed: Tables<FeedTable>,
    pub topic: Tables<TopicTable>,
    pub care: Option<CareTable>,
    pub bursts: BurstsTable,
    pub alert: Tables<AlertTable>,
    pub scene: Tables<SceneTable>,
    /// The folder that files named in it are relative to.
    pub dir: PathBuf,
    /// Where everything stands in the text.
    pub places: Places,
}

/// The wall as a whole.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WallTable {
    /// Name of the wall.
    pub name: Option<String>,
    /// Metres to the farthest person who must be able to read it. All type is sized for this
    /// person. Left out: 2.5 times the shorter side of the smallest display.
    #[schemars(range(min = 0.2, max = 200.0))]
    pub viewer_m: Option<f32>,
    /// Millimetres between two lit areas, for displays that have no `at_mm`.
    #[schemars(range(min = 0.0, max = 1000.0))]
    pub bezel_mm: f32,
    /// Height of running text for that person, in arc minutes; all other type grows and shrinks
    /// with it. 22 when left out; under 20 is a strain, under 16 nobody reads it.
    #[schemars(range(min = 1.0, max = 120.0))]
    pub text_arcmin: Option<f32>,
    /// Who may see it: `staff`, or `public` (names and handles of real people are not shown).
    pub audience: Audience,
    /// How much may move: `full`, `calm` (half the speed) or `still`.
    pub motion: Motion,
    /// IANA time zone for clocks and days, for example `Europe/Berlin`. Left out: the machine's.
    pub zone: Option<String>,
}

/// Colours. Each one that is left out comes from `base`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ThemeTable {
    /// `dark` for rooms with dimmed light, `light` for bright halls.
    pub base: Base,
    /// Behind everything.
    pub ground: Option<Colour>,
    /// Numbers and the text that matters.
    pub ink: Option<Colour>,
    /// Running text beside it.
    pub soft: Option<Colour>,
    /// Names of tiles, units, captions.
    pub quiet: Option<Colour>,
    /// Separating lines.
    pub hairline: Option<Colour>,
    /// Land on the map.
    pub land: Option<Colour>,
    /// Coasts and borders on the map.
    pub coast: Option<Colour>,
    /// Data that belongs to no topic.
    pub accent: Option<Colour>,
    /// Mentions that were meant well.
    pub positive: Option<Colour>,
    /// Mentions that were not.
    pub negative: Option<Colour>,
    /// Mentions that are neither.
    pub neutral: Option<Colour>,
    /// Mentions of which nobody knows how they were meant.
    pub unknown: Option<Colour>,
    /// Kept for alarms.
    pub alarm: Option<Colour>,
    /// Colours of the topics in their order, at most eight; the rest comes from `base`.
    #[schemars(length(max = 8))]
    pub topics: Vec<Colour>,
    /// The heat ramp from cold to hot, six colours; the first is the land's own.
    pub heat: Option<[Colour; 6]>,
}

/// Which set of colours to start from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Base {
    #[default]
    Dark,
    Light,
}

/// One screen of the wall.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisplayTable {
    /// The monitors that it may be, best first; the first entry that fits exactly one monitor
    /// wins. Left out: the next free monitor from left to right.
    #[serde(default, rename = "match")]
    pub matches: Vec<MonitorMatch>,
    /// Width and height of the lit area in millimetres, measured as it hangs on the wall.
    #[schemars(inner(range(min = 10.0, max = 100_000.0)))]
    pub size_mm: [f32; 2],
    /// Millimetres from the wall's left and top edge to the lit area. Left out: to the right of
    /// the display before it, `bezel_mm` apart.
    #[serde(default)]
    #[schemars(inner(range(min = -1_000_000.0, max = 1_000_000.0)))]
    pub at_mm: Option<[f32; 2]>,
    /// Pixels across and down, as it hangs on the wall, at most 8192 a side. Left out: those of the
    /// monitor.
    #[serde(default)]
    #[schemars(inner(range(min = 16, max = 8_192)))]
    pub pixels: Option<[u32; 2]>,
    /// How the panel is turned, clockwise: 0, 90, 180 or 270.
    #[serde(default)]
    #[schemars(extend("enum" = [0, 90, 180, 270]))]
    pub rotate: Rotation,
}

/// The record of what was heard, from which counts come back after a restart.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct JournalTable {
    /// `false` keeps everything in memory only. Demo and replay feeds are never recorded.
    pub record: bool,
    /// The file, relative to the layout file. Left out: a file with the layout's name in the
    /// user's state folder.
    pub file: Option<PathBuf>,
    /// How long mentions are kept, at least `24h`, which the wall's windows need.
    pub keep: Lasting,
    /// How large the file may grow, in megabytes; then the oldest mentions go first.
    #[schemars(range(min = 16, max = 10_000_000))]
    pub max_mb: u64,
}

impl Default for JournalTable {
    fn default() -> Self {
        Self { record: true, file: None, keep: Lasting::from_secs(30 * 86_400), max_mb: 10_000 }
    }
}

/// One source of mentions.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedTable {
    pub stale_after: Option<Lasting>,
    pub kind: FeedSpec,
}

/// What every feed may say beside its own keys.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FeedCommon {
    /// Silence after which its tiles say `stale`. Left out: `90s` for demo and replay, `5m` for
    /// streams.
    pub stale_after: Option<Lasting>,
}

/// What the wall listens for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicTable {
    /// What a mention must say, for example `"aurora phone" OR #auroraphone NOT borealis`.
    pub query: String,
    /// Its name on the wall. Left out: the table's name with a capital.
    #[serde(default)]
    pub label: Option<String>,
    /// Which of the theme's eight topic colours, 1 to 8. Left out: the topic's place in the file.
    #[serde(default)]
    #[schemars(range(min = 1, max = 8))]
    pub color: Option<u8>,
}

/// What stands on the wall at one time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SceneTable {
    pub head: SceneHead,
    pub tile: Tables<TileTable>,
}

/// What a scene says beside its tiles.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SceneHead {
    /// The question that this scene answers, in words.
    pub title: Option<String>,
    /// How long it stays when there are several scenes. Left out: `60s`.
    pub show_for: Option<Lasting>,
    /// The wall as a picture of words: each word is a cell, equal words that touch are one tile,
    /// `.` is empty, `|` and a row of `-` stand between displays, `8:` before a row makes it
    /// eight parts high.
    pub picture: Option<String>,
    /// One picture for each display, by its name, for a wall that is no grid.
    pub pictures: BTreeMap<String, String>,
    /// Tiles that run over several displays of `pictures`.
    pub span: BTreeMap<String, SpanTable>,
}

/// A tile that runs over several displays of a wall that is no grid.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SpanTable {
    /// The displays whose pictures hold its word; their parts must line up.
    pub displays: Vec<String>,
    /// Left, top, width and height on the wall in millimetres, instead of the parts' own place.
    #[schemars(inner(range(min = -1_000_000.0, max = 1_000_000.0)))]
    pub rect_mm: Option<[f32; 4]>,
}

/// A tile: a widget with its options.
#[derive(Clone, Debug, PartialEq)]
pub struct TileTable {
    pub title: Option<String>,
    pub text_arcmin: Option<f32>,
    pub widget: TileSpec,
}

/// What every tile may say beside its widget's own keys.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TileCommon {
    /// Small heading. Left out: the widget's own words; `""` shows none.
    pub title: Option<String>,
    /// Height of running text on this tile, as `text_arcmin` of the wall.
    #[schemars(range(min = 1.0, max = 120.0))]
    pub text_arcmin: Option<f32>,
}
