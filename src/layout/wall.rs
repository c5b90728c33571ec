//! The solved wall: what the rest of the house works with once a layout file has been read,
//! checked and turned into millimetres. No file positions and no optional geometry in here.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::bitmap::Bitmap;
use crate::color::Theme;
use crate::geometry::{Rect, Rotation};
use crate::layout::alert::AlertsSpec;
use crate::layout::care::CareSpec;
use crate::layout::event::Event;
use crate::layout::feed::FeedSpec;
use crate::layout::kind::TileSpec;
use crate::layout::remote::RemoteSpec;
use crate::typeface::Typeface;

/// A wall of displays and what they show.
#[derive(Clone, Debug)]
pub struct Wall {
    pub name: String,
    /// Distance of the farthest person who must be able to read it, metres.
    pub viewer_m: f32,
    /// Height of running text, arc minutes for the farthest viewer, where a tile says nothing else.
    pub text_arcmin: f32,
    pub theme: Theme,
    /// In place of the bundled one.
    pub typeface: Option<Arc<Typeface>>,
    /// At the left end of the band.
    pub logo: Option<Arc<Bitmap>>,
    /// Who is welcomed in the band.
    pub visitor: Option<String>,
    pub motion: Motion,
    pub audience: Audience,
    /// IANA time zone for clocks and days; `None` is the machine's own.
    pub zone: Option<String>,
    /// What tiles count from that say `event`.
    pub event: Option<Event>,
    pub displays: Vec<Display>,
    /// The band along the top with the question, the state of the feeds and the time.
    pub band: Option<Rect>,
    /// Where a banner stands, one for each display that has room for it; empty while there is none.
    pub strips: Vec<Strip>,
    /// Pictures that tiles show, each once; what could not be read is left out.
    pub images: Vec<Image>,
    /// At least one; shown in turn when there are several.
    pub scenes: Vec<Scene>,
    pub topics: Vec<Topic>,
    /// Who answers for the brand, if anybody.
    pub care: Option<CareSpec>,
    /// What it watches for.
    pub alerts: AlertsSpec,
    pub journal: JournalSpec,
    /// Who may steer it.
    pub remote: RemoteSpec,
    pub feeds: Vec<Feed>,
}

impl Wall {
    /// The smallest rectangle around all displays, wall millimetres.
    pub fn bounds(&self) -> Rect {
        let mut rects = self.displays.iter().map(|d| d.rect);
        let first = rects.next().unwrap_or_default();
        rects.fold(first, |all, r| all.union(&r))
    }
}

/// Room for a banner along an edge of a display.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strip {
    /// Index of the display.
    pub display: usize,
    /// Wall millimetres.
    pub rect: Rect,
}

/// A picture that tiles show.
#[derive(Clone, Debug)]
pub struct Image {
    /// As the layout names it.
    pub file: PathBuf,
    pub bitmap: Arc<Bitmap>,
}

/// How much may move.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Motion {
    #[default]
    Full,
    /// Half speed.
    Calm,
    /// Nothing moves; changes are instant.
    Still,
}

/// Who may see the wall.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    #[default]
    Staff,
    /// Visitors: names and handles of real people are hidden.
    Public,
}

/// One display of the wall.
#[derive(Clone, Debug, PartialEq)]
pub struct Display {
    pub name: String,
    /// The lit area on the wall, millimetres, as it hangs (after rotation).
    pub rect: Rect,
    /// Pixels of the lit area as it hangs (after rotation).
    pub pixels: (u32, u32),
    /// How the panel is turned.
    pub rotate: Rotation,
    /// The monitors that it may be, best first; empty takes the next free one in order.
    pub matches: Vec<MonitorMatch>,
}

impl Display {
    /// Pixels per millimetre across.
    pub fn density(&self) -> f32 {
        self.pixels.0 as f32 / self.rect.w
    }
}

/// One way to recognise a monitor; every field given must match.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct MonitorMatch {
    /// `MAKE-MODEL-SERIAL` as printed by `fishbowl displays`, or the SHA-256 of the whole EDID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edid: Option<String>,
    /// Three letters, for example `DEL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub make: Option<String>,
    /// As printed by `fishbowl displays`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// As printed by `fishbowl displays`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// The connector, for example `DP-1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connector: Option<String>,
    /// Position among the machine's monitors, from 1: row by row from the top, each from the left.
    #[schemars(range(min = 1, max = 64))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<usize>,
}

/// What stands on the wall at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub name: String,
    /// The question that this scene answers.
    pub title: Option<String>,
    /// How long it stays when there are several scenes.
    pub show_for: Duration,
    pub tiles: Vec<Tile>,
}

/// A rectangle of the wall with one widget in it. May span displays; the content runs on behind
/// the bezel.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    pub name: String,
    /// Small quiet heading; `None` takes the widget's own words, an empty string shows none.
    pub title: Option<String>,
    pub rect: Rect,
    /// Height of running text, arc minutes for the farthest viewer.
    pub text_arcmin: f32,
    /// Displays it touches, as indices into [`Wall::displays`].
    pub displays: Vec<usize>,
    pub widget: TileSpec,
}

/// A topic that the wall listens for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    pub name: String,
    /// Name on the wall.
    pub label: String,
    pub query: String,
    /// Index into [`Theme::topics`].
    pub color: usize,
}

/// One source of mentions.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    pub name: String,
    /// Silence after which its tiles say `stale`.
    pub stale_after: Duration,
    pub spec: FeedSpec,
}

/// How and where the wall records what it hears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalSpec {
    pub record: bool,
    /// `None` is the usual place for the layout's name.
    pub file: Option<PathBuf>,
    /// How long mentions are kept.
    pub keep: Duration,
    /// How large the file may grow.
    pub max_bytes: u64,
}

/// JSONPath (RFC 9535) of each part of a mention in a foreign record.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct FieldMap {
    /// Required: the record's unique id. Records without one are counted as garbage.
    pub id: String,
    /// The text of the mention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Headline, placed before the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// `true`: text and headline are HTML; only their words are used.
    #[serde(default)]
    pub html: bool,
    /// When it was posted: a date in any common format, or seconds, milliseconds or microseconds
    /// since 1970. Default: the time it arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ts: Option<String>,
    /// Where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Name of the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Handle of the author, with or without `@`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// The author's number of followers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followers: Option<String>,
    /// Language, BCP 47; can be several, or a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Links besides those in the text: URLs, or lists of URLs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<String>,
    /// Latitude, degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<String>,
    /// Longitude, degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lon: Option<String>,
    /// Name of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Country it was posted from, two letters (ISO 3166-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Location in the author's profile, as free text; looked up in the gazetteer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// A number from −1 to 1, or `positive`, `neutral` or `negative`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<String>,
}

impl FieldMap {
    /// Its paths, each with its key.
    pub fn paths(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let parts = [
            ("id", Some(&self.id)),
            ("text", self.text.as_ref()),
            ("title", self.title.as_ref()),
            ("ts", self.ts.as_ref()),
            ("url", self.url.as_ref()),
            ("author", self.author.as_ref()),
            ("handle", self.handle.as_ref()),
            ("followers", self.followers.as_ref()),
            ("lang", self.lang.as_ref()),
            ("links", self.links.as_ref()),
            ("lat", self.lat.as_ref()),
            ("lon", self.lon.as_ref()),
            ("place", self.place.as_ref()),
            ("country", self.country.as_ref()),
            ("location", self.location.as_ref()),
            ("sentiment", self.sentiment.as_ref()),
        ];
        parts.into_iter().filter_map(|(part, path)| Some((part, path?.as_str())))
    }
}
