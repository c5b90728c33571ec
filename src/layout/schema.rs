//! The layout file as it is written. These structures are the schema: what they accept is what a
//! file may say, and their documentation is the help that `fishbowl check` gives.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::geometry::Rotation;
use crate::layout::alert::{AlertTable, BurstsTable, Severity};
use crate::layout::backlight::BacklightTable;
use crate::layout::care::CareTable;
use crate::layout::display::{IfMissing, MonitorMatch};
use crate::layout::event::EventTable;
use crate::layout::feed::FeedSpec;
use crate::layout::gate::GateTable;
use crate::layout::hours::{ModeTable, PowerTable, ScheduleTable};
use crate::layout::kind::TileSpec;
use crate::layout::panel::PanelTable;
use crate::layout::places::Places;
use crate::layout::remote::RemoteTable;
use crate::layout::value::{Audience, Base, Colour, Lasting, Motion, PeopleNamed};
use crate::layout::window::Window;

/// Tables of a layout.
pub(super) const ROOT: [&str; 16] = [
    "wall", "theme", "display", "journal", "remote", "event", "feed", "topic", "care", "bursts", "alert",
    "scene", "mode", "schedule", "gate", "power",
];

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
    pub remote: RemoteTable,
    pub gate: Option<GateTable>,
    pub bursts: BurstsTable,
    pub alert: Tables<AlertTable>,
    pub scene: Tables<SceneTable>,
    pub mode: Tables<ModeTable>,
    pub schedule: Tables<ScheduleTable>,
    pub power: Tables<PowerTable>,
    /// Tiles of `[scene.common]` that no scene shows.
    pub unshared: Vec<String>,
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
    /// Distance in metres to the farthest viewer who must be able to read the wall; all text is
    /// sized for it. Default: 2.5 times the shorter side of the smallest display.
    #[schemars(range(min = 0.2, max = 200.0))]
    pub viewer_m: Option<f32>,
    /// Millimetres between the lit areas of two displays, for displays without `at_mm`.
    #[schemars(range(min = 0.0, max = 1000.0))]
    pub bezel_mm: f32,
    /// Text size for the farthest viewer, in arc minutes; all other sizes scale with it. Below 20
    /// is hard to read, below 16 illegible. Default: 22.
    #[schemars(range(min = 1.0, max = 120.0))]
    pub text_arcmin: Option<f32>,
    /// Who can see the wall: `staff`, or `public` (names and handles of real people are hidden).
    pub audience: Audience,
    /// Who is named beside what they said: `full` (name and handle), `handle`, `initials` or `masked` (no one).
    /// Default: `full`, or `masked` where the audience is `public`; there the others need a `[gate]`.
    pub people: Option<PeopleNamed>,
    /// How much moves: `full`, `calm` (half speed) or `still`.
    pub motion: Motion,
    /// IANA time zone for clocks and days, for example `Europe/Berlin`. Default: the machine's.
    pub zone: Option<String>,
    /// Whether a band along the top of the wall shows the scene's question, the state of the feeds and
    /// the time. Default: `true` if a scene has a title and the tiles have room to spare.
    pub band: Option<bool>,
    /// From which severity on alerts that no one has acknowledged are shown in a strip on every display:
    /// `info`, `warning`, `alarm` or `off`. Default: `alarm`, or `off` where the audience is `public`.
    pub alert_strip: Option<AlertStrip>,
    /// Against burn-in: the whole picture moves by one pixel a minute, within so many pixels (of the finest display)
    /// in each direction. Default: 0, it does not move.
    #[schemars(range(min = 0, max = 8))]
    pub pixel_shift: u8,
    /// Who is welcomed in the band: `Dr. Mori` shows `Welcome, Dr. Mori`.
    #[schemars(length(max = 80))]
    pub visitor: Option<String>,
}

/// From which severity on alerts are shown in a strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AlertStrip {
    Off,
    Info,
    Warning,
    Alarm,
}

impl AlertStrip {
    /// `None` shows none.
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Alarm => Some(Severity::Alarm),
        }
    }
}

/// Colours. Any that are not set come from `base`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ThemeTable {
    /// `dark` for rooms with dimmed light, `light` for bright halls, `event` for stages and LED walls.
    pub base: Base,
    /// Your own typeface: TrueType or OpenType files of one family, the regular weight first. Relative
    /// to the layout file. Default: Inter.
    #[schemars(length(max = 6))]
    pub fonts: Vec<PathBuf>,
    /// A logo for the left end of the band: a PNG or JPEG file. Relative to the layout file.
    pub logo: Option<PathBuf>,
    /// A picture behind everything, across all displays: a PNG or JPEG file of at most 16 MB. It is dimmed as
    /// much as all colours need to be read on it. Relative to the layout file.
    pub background: Option<PathBuf>,
    /// Background.
    pub ground: Option<Colour>,
    /// Numbers and important text.
    pub ink: Option<Colour>,
    /// Body text.
    pub soft: Option<Colour>,
    /// Tile headings, units and captions.
    pub quiet: Option<Colour>,
    /// Dividing lines.
    pub hairline: Option<Colour>,
    /// Land on the map.
    pub land: Option<Colour>,
    /// Coastlines on the map.
    pub coast: Option<Colour>,
    /// Borders between countries on the map.
    pub border: Option<Colour>,
    /// Data that belongs to no topic.
    pub accent: Option<Colour>,
    /// Positive mentions.
    pub positive: Option<Colour>,
    /// Negative mentions.
    pub negative: Option<Colour>,
    /// Neutral mentions.
    pub neutral: Option<Colour>,
    /// Mentions whose sentiment is unknown.
    pub unknown: Option<Colour>,
    /// Alarms; used for nothing else.
    pub alarm: Option<Colour>,
    /// Colours of the first six topics, in order; those that are not given come from `base`. All
    /// other topics have the colour `soft`.
    #[schemars(length(max = 6))]
    pub topics: Vec<Colour>,
    /// The heat map's colours from cold to hot, six of them; the first must stand out from the land.
    pub heat: Option<[Colour; 6]>,
}

/// One display of the wall.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisplayTable {
    /// Which monitor this is, best entry first; the first entry that matches exactly one monitor
    /// wins. Default: the next free monitor from left to right.
    #[serde(default, rename = "match")]
    pub matches: Vec<MonitorMatch>,
    /// Width and height of the lit area in millimetres, measured as it hangs on the wall.
    #[schemars(inner(range(min = 10.0, max = 100_000.0)))]
    pub size_mm: [f32; 2],
    /// Millimetres from the wall's left and top edges to the lit area. Default: to the right of the
    /// previous display, `bezel_mm` apart.
    #[serde(default)]
    #[schemars(inner(range(min = -1_000_000.0, max = 1_000_000.0)))]
    pub at_mm: Option<[f32; 2]>,
    /// Width and height in pixels, as it hangs on the wall, at most 8192 per side. Default: those
    /// of the monitor.
    #[serde(default)]
    #[schemars(inner(range(min = 16, max = 8_192)))]
    pub pixels: Option<[u32; 2]>,
    /// How far the panel is rotated, in degrees clockwise: 0, 90, 180 or 270.
    #[serde(default)]
    #[schemars(extend("enum" = [0, 90, 180, 270]))]
    pub rotate: Rotation,
    /// How its panel is switched on and off. Default: not at all.
    #[serde(default)]
    pub panel: Option<PanelTable>,
    /// What dims its panel itself when a mode has `brightness`. Default: nothing; its picture is dimmed.
    #[serde(default)]
    pub backlight: Option<BacklightTable>,
    /// What happens to its part of the picture while it has no monitor: `blank` (it is not shown), `reflow` (the
    /// display beside it shows the tiles of both, each smaller) or `neighbour` (the display beside it shows its own
    /// part and this one in turn).
    #[serde(default)]
    pub if_missing: IfMissing,
}

/// The recording of mentions, from which counts are restored after a restart.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct JournalTable {
    /// `false` keeps everything in memory only. Demo and replay feeds are never recorded.
    pub record: bool,
    /// The file, relative to the layout file. Default: a file named after the layout in the user's
    /// state folder.
    pub file: Option<PathBuf>,
    /// How long mentions are kept, at least `24h`, which the wall's counts need.
    pub keep: Lasting,
    /// Maximum size of the file in megabytes; beyond it, the oldest mentions are deleted.
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
    /// Silence after which its tiles are marked `stale`. Default: `90s` for demo and replay, `5m`
    /// for streams.
    pub stale_after: Option<Lasting>,
}

/// A topic that the wall listens for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicTable {
    /// What a mention must contain, for example `"aurora phone" OR #auroraphone NOT borealis`.
    pub query: String,
    /// Name shown on the wall. Default: the table's name, capitalised.
    #[serde(default)]
    pub label: Option<String>,
    /// Which of the theme's six topic colours, 1 to 6; from 7 on, `soft`. Default:
    /// the topic's position in the file.
    #[serde(default)]
    #[schemars(range(min = 1, max = 12))]
    pub color: Option<u8>,
}

/// What stands on the wall at one time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SceneTable {
    pub head: SceneHead,
    pub tile: Tables<TileTable>,
}

/// A scene: what the wall shows at one time.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SceneHead {
    /// The question that this scene answers.
    pub title: Option<String>,
    /// How long it is shown if there are several scenes. Default: `60s`.
    pub show_for: Option<Lasting>,
    /// Shows this scene while an alert of at least this severity is active and not acknowledged, and at no
    /// other time. Afterwards the wall returns to the scene that it would have shown.
    pub on_alert: Option<Severity>,
    /// One time window for all tiles of this scene that have none of their own and whose kind can show
    /// it. Tiles of `[scene.common]` keep theirs.
    pub window: Option<Window>,
    /// One topic for all tiles of this scene that have none of their own. Tiles of `[scene.common]` keep
    /// theirs.
    pub topic: Option<String>,
    /// The wall as a picture made of words: each word is a cell, equal words that touch form one
    /// tile, `.` is empty, `|` and rows of `-` separate displays, `8:` before a row makes it eight
    /// parts high, and a line such as `cols: 2 1 | 3 1` gives the columns these widths.
    pub picture: Option<String>,
    /// One picture per display, by name, for walls that are not a grid.
    pub pictures: BTreeMap<String, String>,
    /// Tiles that span several displays of `pictures`.
    pub span: BTreeMap<String, SpanTable>,
}

/// A tile that spans several displays of a wall that is not a grid.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SpanTable {
    /// The displays whose pictures contain its word; the parts must line up.
    pub displays: Vec<String>,
    /// Left, top, width and height on the wall in millimetres, instead of the place in the
    /// pictures.
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
    /// Small heading; `""` shows none. Default: the widget's own.
    pub title: Option<String>,
    /// Text size on this tile in arc minutes, like the wall's `text_arcmin`.
    #[schemars(range(min = 1.0, max = 120.0))]
    pub text_arcmin: Option<f32>,
}
