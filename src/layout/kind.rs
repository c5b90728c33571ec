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

/// The table of a tile, as far as a layout must understand it. All but the size has a default,
/// which is right for a widget that shows nothing from a feed.
pub trait TileKind: Any + fmt::Debug + Send + Sync {
    /// The topic that it is about; `None` is everything.
    fn topic(&self) -> Option<&str> {
        None
    }

    /// The topics that it compares with each other, empty for all of them; `None` compares none.
    fn compared(&self) -> Option<&[String]> {
        None
    }

    /// The time that it tells of.
    fn window(&self) -> Option<Window> {
        None
    }

    /// The series of plain numbers that it shows.
    fn series(&self) -> Option<&str> {
        None
    }

    /// The key by which it counts mentions, if there is one; it contradicts a series.
    fn counting_key(&self) -> Option<&'static str> {
        self.topic().map(|_| "topic")
    }

    /// How much of what people wrote it shows.
    fn quotes(&self) -> Quotes {
        Quotes::Nothing
    }

    /// The file of the picture that it shows, as the layout names it.
    fn image(&self) -> Option<&Path> {
        None
    }

    /// Whether it shows alerts, so that bursts are looked for without being asked for.
    fn shows_alerts(&self) -> bool {
        false
    }

    /// What it reads of its stream beside the counts.
    fn needs(&self) -> Vec<Need> {
        Vec::new()
    }

    /// For each feed of the wall whether it can bring what the tile shows. Not asked of a tile with
    /// a series.
    fn feeds(&self, sources: &Sources<'_>) -> Vec<bool> {
        sources.of_topic(self.topic())
    }

    /// Least width and height, arc minutes for the farthest viewer: what it takes to show anything
    /// at the least type size.
    fn least(&self, room: &Room) -> (f32, f32);

    /// Words that somebody reads who sees it for the first time.
    fn words_to_read(&self) -> usize {
        1
    }

    /// What becomes of it behind a bezel.
    fn behind_bezel(&self) -> BehindBezel {
        BehindBezel::Unreadable
    }

    /// Reports what is wrong with the table, beyond what its types and ranges say.
    fn check(&self, _tile: &mut TileCheck<'_, '_>) {}

    /// Reports what does not fit into the room that the picture gives it.
    fn check_room(&self, _room: &Room, _tile: &mut TileCheck<'_, '_>) {}
}

/// How much of what people wrote a tile shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    Nothing,
    /// Single words, links and names.
    Terms,
    /// Whole texts.
    Texts,
}

/// What becomes of a tile that runs across a bezel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BehindBezel {
    /// It runs on behind it.
    Fine,
    /// It is harder to compare.
    Worse,
    /// It is text and loses letters.
    Unreadable,
}

/// Something that a tile reads of its stream beside the counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Where people are, over a window of at most an hour.
    Places(Window),
    /// The latest mentions.
    Latest,
    /// How it divides by source, language and country.
    Breakdown,
    /// How many there were by the quarter of an hour, for more than a day.
    Quarters,
    /// Moods by the quarter of an hour over the last day.
    Moods,
    /// What was usual in each minute of the last day.
    Usual,
    /// How many different people spoke.
    People(Window),
    /// A ranked list of terms; `past` is an hour when left out.
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

/// How a kind is drawn, which is for the room that draws to know.
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

/// A tile's table, whatever its kind.
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

/// The kinds that a layout may name.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    tiles: Vec<TileEntry>,
    feeds: Vec<FeedEntry>,
}

impl Registry {
    /// Knows these kinds; the first of each is the example for somebody who names none.
    pub fn new(tiles: &[TileEntry], feeds: &[FeedEntry]) -> Self {
        Self { tiles: tiles.to_vec(), feeds: feeds.to_vec() }
    }

    /// Knows one more kind of tile; it takes the place of another of that name.
    pub fn with_tile(mut self, entry: TileEntry) -> Self {
        self.tiles.retain(|known| known.name != entry.name);
        self.tiles.push(entry);
        self
    }

    /// Knows one more kind of feed; it takes the place of another of that name.
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
