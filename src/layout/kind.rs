//! What a layout knows of a kind of tile: its name, its table, and what the table asks for. The
//! kinds live with the widgets that draw them and are given to the layout in a [`Registry`].

mod check;
mod room;

use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;

use super::feed::FeedEntry;
use super::ranks::{Past, Rank, Terms};
use super::sources::Sources;
use super::table::{TableReader, Value};
use super::table_schema;
use super::window::Window;

pub(super) use check::Surroundings;
pub use check::TileCheck;
pub use room::Room;

/// Stands in the place of a topic for that of the alert which brought the scene.
pub const ALERTED: &str = "alert";

/// The methods of [`TileKind`] about the topic, for a table with `topic: Option<String>`.
macro_rules! of_topic {
    () => {
        fn topic(&self) -> Option<&str> {
            self.topic.as_deref()
        }

        fn with_topic(&self, topic: Option<&str>) -> Option<std::sync::Arc<dyn TileKind>> {
            let mut table = self.clone();
            table.topic = topic.map(str::to_owned);
            Some(std::sync::Arc::new(table))
        }
    };
}
pub(crate) use of_topic;

/// What a layout must know about the table of a tile. Everything but the least size has a default, which
/// is right for a widget that shows nothing from a feed.
pub trait TileKind: Any + fmt::Debug + Send + Sync {
    /// The topic that it shows; `None` is all mentions.
    fn topic(&self) -> Option<&str> {
        None
    }

    /// The same of another topic, or of everything; `None` if it can have none. The macro `of_topic` writes this and
    /// [`TileKind::topic`] for a table whose field is called so.
    fn with_topic(&self, _topic: Option<&str>) -> Option<Arc<dyn TileKind>> {
        None
    }

    /// The topics that it compares with each other, empty for all of them; `None` if it compares none.
    fn compared(&self) -> Option<&[String]> {
        None
    }

    /// The time window that it shows.
    fn window(&self) -> Option<Window> {
        None
    }

    /// The same with another time window; `None` if it has none, or cannot show this one.
    fn with_window(&self, _window: Window) -> Option<Arc<dyn TileKind>> {
        None
    }

    /// The number series that it shows.
    fn series(&self) -> Option<&str> {
        None
    }

    /// The key by which it counts mentions, if there is one; it cannot be combined with a series.
    fn counting_key(&self) -> Option<&'static str> {
        self.topic().map(|_| "topic")
    }

    /// How much it shows of what people wrote.
    fn quotes(&self) -> Quotes {
        Quotes::Nothing
    }

    /// The file of the picture that it shows, as given in the layout.
    fn image(&self) -> Option<&Path> {
        None
    }

    /// Whether it shows alerts; bursts are then detected even if the layout does not say so.
    fn shows_alerts(&self) -> bool {
        false
    }

    /// What it reads from its stream besides the counts.
    fn needs(&self) -> Vec<Need> {
        Vec::new()
    }

    /// For each feed of the wall, whether it can deliver what the tile shows. Not called for a tile with
    /// a series.
    fn feeds(&self, sources: &Sources<'_>) -> Vec<bool> {
        sources.of_topic(self.topic())
    }

    /// Least width and height, in arc minutes for the farthest viewer, at which it can show anything at
    /// the smallest text size.
    fn least(&self, room: &Room) -> (f32, f32);

    /// Number of words that someone reads who sees it for the first time.
    fn words_to_read(&self) -> usize {
        1
    }

    /// What happens to it where it crosses a bezel.
    fn behind_bezel(&self) -> BehindBezel {
        BehindBezel::Unreadable
    }

    /// Reports what is wrong with the table, beyond its types and ranges.
    fn check(&self, _tile: &mut TileCheck<'_, '_>) {}

    /// Reports what does not fit into the space that the picture gives it.
    fn check_room(&self, _room: &Room, _tile: &mut TileCheck<'_, '_>) {}
}

/// How much a tile shows of what people wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    Nothing,
    /// Single words, links and names.
    Terms,
    /// Whole texts.
    Texts,
}

/// What happens to a tile that crosses a bezel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BehindBezel {
    /// It continues behind the bezel.
    Fine,
    /// It is harder to compare.
    Worse,
    /// It is text, and letters would be lost.
    Unreadable,
}

/// Something that a tile reads from its stream besides the counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Places, over a time window of at most an hour.
    Places(Window),
    /// The latest mentions.
    Latest,
    /// Counts by source, language and country.
    Breakdown,
    /// Counts by the quarter of an hour, for more than a day.
    Quarters,
    /// Sentiment by the quarter of an hour, over the last day.
    Moods,
    /// What was usual in each minute of the last day.
    Usual,
    /// Number of distinct authors.
    People(Window),
    /// A ranked list of terms; without `past`, of an hour.
    Terms { of: Terms, rank: Rank, past: Option<Past> },
    /// A ranked list of authors.
    Authors(Option<Past>),
}

/// Keys of every tile.
pub(super) const TILE_KEYS: [&str; 3] = ["kind", "title", "text_arcmin"];

type Reading = fn(&mut TableReader, TileEntry, Value<'_>) -> Option<TileSpec>;

/// A kind of tile, as it is registered.
#[derive(Clone, Copy)]
pub struct TileEntry {
    /// The word that stands in `kind`.
    pub name: &'static str,
    pub(super) read: Reading,
    pub(super) schema: fn(&mut SchemaGenerator) -> serde_json::Value,
    drawing: Drawing,
    is_same: fn(&TileSpec, &TileSpec) -> bool,
}

/// How a kind is drawn; only the room that draws knows its type.
pub type Drawing = &'static (dyn Any + Send + Sync);

impl TileEntry {
    /// The kind `name`, whose table is `T`, drawn as `drawing` says.
    pub const fn of<T>(name: &'static str, drawing: Drawing) -> Self
    where
        T: TileKind + DeserializeOwned + JsonSchema + PartialEq,
    {
        Self {
            name,
            read: |tables, entry, own| Some(TileSpec::new(entry, tables.beside::<T>(own, &TILE_KEYS)?)),
            schema: table_schema::of::<T>,
            drawing,
            is_same: |a, b| a.table::<T>() == b.table::<T>(),
        }
    }
}

impl fmt::Debug for TileEntry {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_tuple("TileEntry").field(&self.name).finish()
    }
}

/// A tile's table, of any kind.
#[derive(Clone)]
pub struct TileSpec {
    entry: TileEntry,
    table: Arc<dyn TileKind>,
}

impl TileSpec {
    /// The table of a tile of a kind; `entry` was made for `T`.
    pub fn new<T: TileKind>(entry: TileEntry, table: T) -> Self {
        Self { entry, table: Arc::new(table) }
    }

    /// The word that stands in `kind`.
    pub fn kind(&self) -> &'static str {
        self.entry.name
    }

    /// How it is drawn.
    pub fn drawing(&self) -> Drawing {
        self.entry.drawing
    }

    /// The same tile of another topic, or of everything; `None` if it can have none.
    pub fn with_topic(&self, topic: Option<&str>) -> Option<Self> {
        Some(Self { table: self.table.with_topic(topic)?, ..self.clone() })
    }

    /// The same tile with another time window; `None` if it cannot show it.
    pub fn with_window(&self, window: Window) -> Option<Self> {
        Some(Self { table: self.table.with_window(window)?, ..self.clone() })
    }

    /// The table itself; `None` when it is of another kind.
    pub fn table<T: TileKind>(&self) -> Option<&T> {
        let table: &dyn Any = &*self.table;
        table.downcast_ref()
    }
}

impl Deref for TileSpec {
    type Target = dyn TileKind;

    fn deref(&self) -> &Self::Target {
        &*self.table
    }
}

impl PartialEq for TileSpec {
    fn eq(&self, other: &Self) -> bool {
        self.entry.name == other.entry.name && (self.entry.is_same)(self, other)
    }
}

impl fmt::Debug for TileSpec {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table.fmt(to)
    }
}

/// The kinds that a layout can use.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    tiles: Vec<TileEntry>,
    feeds: Vec<FeedEntry>,
}

impl Registry {
    /// A registry of these kinds; the first of each is suggested if a layout does not name one.
    pub fn new(tiles: &[TileEntry], feeds: &[FeedEntry]) -> Self {
        Self { tiles: tiles.to_vec(), feeds: feeds.to_vec() }
    }

    /// Adds a kind of tile; it replaces one with the same name.
    pub fn with_tile(mut self, entry: TileEntry) -> Self {
        self.tiles.retain(|known| known.name != entry.name);
        self.tiles.push(entry);
        self
    }

    /// Adds a kind of feed; it replaces one with the same name.
    pub fn with_feed(mut self, entry: FeedEntry) -> Self {
        self.feeds.retain(|known| known.name != entry.name);
        self.feeds.push(entry);
        self
    }

    /// All kinds of tiles.
    pub fn tiles(&self) -> &[TileEntry] {
        &self.tiles
    }

    /// All kinds of feeds.
    pub fn feeds(&self) -> &[FeedEntry] {
        &self.feeds
    }
}
