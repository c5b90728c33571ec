//! What a layout knows of a kind of feed: its name, its table, and what the table tells of itself.
//! The kinds live with the adapters that speak for them and are given to the layout in a
//! [`Registry`](crate::layout::kind::Registry).

mod check;
mod field_map;
pub mod path;
pub mod x_found;
pub mod x_rules;

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;

use crate::layout::table::{TableReader, Value};
use crate::layout::table_schema;
use crate::layout::topic::Topic;
use crate::mention::Network;
use crate::mention::source::Nature;

pub use check::FeedCheck;
pub use field_map::FieldMap;

/// The table of a feed: what the file contains, what the schema shows in editors, and what the adapter
/// is given.
pub trait FeedKind: Any + fmt::Debug + Send + Sync {
    /// Silence after which its tiles say `stale`, unless the layout sets it; two to three times the
    /// longest silence that is usual for the service.
    fn silence(&self) -> Duration;

    /// Whether its data is live, simulated or recorded.
    fn nature(&self) -> Nature {
        Nature::Live
    }

    /// Playback speed; 1 is real time.
    fn speed(&self) -> f32 {
        1.0
    }

    /// Networks of its mentions; empty if they can come from any.
    fn networks(&self) -> &'static [Network] {
        &[]
    }

    /// Whether it delivers numbers instead of mentions.
    fn brings_numbers(&self) -> bool {
        false
    }

    /// The paths in it, which are relative to the layout file.
    fn files(&mut self) -> Vec<&mut PathBuf> {
        Vec::new()
    }

    /// The request that the layout describes, if it does; checked for secrets.
    fn asked(&self) -> Option<Asked<'_>> {
        None
    }

    /// Its JSONPaths, each with the keys that lead to it; their syntax is checked.
    fn paths(&self) -> Vec<(Vec<&'static str>, &str)> {
        Vec::new()
    }

    /// The map for its records.
    fn map(&self) -> Option<&FieldMap> {
        None
    }

    /// Takes what it needs from the rest of the layout, if the service is asked for exactly that.
    fn take_up(&mut self, _rest: &Rest<'_>) {}

    /// What is wrong beyond types, ranges, URLs and paths.
    fn faults(&self) -> Vec<Fault> {
        Vec::new()
    }

    /// Reports what is wrong in its own words.
    fn check(&self, _feed: &mut FeedCheck<'_, '_>) {}

    /// The address and the path at which the service calls this wall.
    fn door(&self) -> Option<(SocketAddr, &str)> {
        None
    }
}

/// The parts of a layout that matter to a feed.
#[derive(Clone, Copy, Debug)]
pub struct Rest<'l> {
    /// What the wall listens for.
    pub topics: &'l [Topic],
    /// The handle that people ask, and that answers for the brand.
    pub care: Option<&'l str>,
}

/// Where a request goes, and what it contains.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'t> {
    pub url: &'t str,
    /// The schemes that the URL can have.
    pub schemes: &'static [&'static str],
    pub headers: &'t BTreeMap<String, String>,
    pub token_env: Option<&'t String>,
    pub token_file: Option<&'t PathBuf>,
    /// The header, or the URL parameter, for the token.
    pub token_header: Option<&'t str>,
    pub token_parameter: Option<&'t str>,
}

/// Something wrong with a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key with the problem; it can be a missing one.
    pub key: &'static str,
    /// What is wrong, in one sentence without a full stop.
    pub what: String,
    /// What to do.
    pub help: String,
}

/// Where a secret is stored; never in the layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// Name of an environment variable.
    Env(String),
    File(PathBuf),
}

impl Secret {
    /// The secret given by a pair of keys (`token_env`, `token_file`).
    pub fn of(env: &Option<String>, file: &Option<PathBuf>) -> Option<Self> {
        env.clone().map(Self::Env).or_else(|| file.clone().map(Self::File))
    }
}

/// Keys of every feed.
pub(super) const FEED_KEYS: [&str; 2] = ["kind", "stale_after"];

type Reading = fn(&mut TableReader, FeedEntry, Value<'_>) -> Option<FeedSpec>;

/// A kind of feed, as it is registered.
#[derive(Clone, Copy)]
pub struct FeedEntry {
    /// The word that stands in `kind`.
    pub name: &'static str,
    pub(super) read: Reading,
    pub(super) schema: fn(&mut SchemaGenerator) -> serde_json::Value,
    speaking: Speaking,
    is_same: fn(&FeedSpec, &FeedSpec) -> bool,
    cloned: fn(&FeedSpec) -> Option<Box<dyn FeedKind>>,
}

/// The adapter of a kind; only the room of feeds knows its type.
pub type Speaking = &'static (dyn Any + Send + Sync);

impl FeedEntry {
    /// The kind `name`, whose table is `T`, for which `speaking` speaks.
    pub const fn of<T>(name: &'static str, speaking: Speaking) -> Self
    where
        T: FeedKind + Clone + DeserializeOwned + JsonSchema + PartialEq,
    {
        Self {
            name,
            read: |tables, entry, own| Some(FeedSpec::new(entry, tables.beside::<T>(own, &FEED_KEYS)?)),
            schema: table_schema::of::<T>,
            speaking,
            is_same: |a, b| a.table::<T>() == b.table::<T>(),
            cloned: |spec| spec.table::<T>().map(|table| Box::new(table.clone()) as Box<dyn FeedKind>),
        }
    }

    /// What speaks for it.
    pub fn speaking(&self) -> Speaking {
        self.speaking
    }
}

impl fmt::Debug for FeedEntry {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_tuple("FeedEntry").field(&self.name).finish()
    }
}

/// A feed's table, of any kind.
#[derive(Clone)]
pub struct FeedSpec {
    entry: FeedEntry,
    table: Arc<dyn FeedKind>,
}

impl FeedSpec {
    /// The table of a feed of a kind; `entry` was made for `T`.
    pub fn new<T: FeedKind>(entry: FeedEntry, table: T) -> Self {
        Self { entry, table: Arc::new(table) }
    }

    /// The word that stands in `kind`.
    pub fn kind(&self) -> &'static str {
        self.entry.name
    }

    /// What speaks for it.
    pub fn speaking(&self) -> Speaking {
        self.entry.speaking
    }

    /// The table itself; `None` when it is of another kind.
    pub fn table<T: FeedKind>(&self) -> Option<&T> {
        let table: &dyn Any = &*self.table;
        table.downcast_ref()
    }

    /// The same after a change.
    pub(super) fn changed(&self, change: impl FnOnce(&mut dyn FeedKind)) -> Self {
        let Some(mut table) = (self.entry.cloned)(self) else { return self.clone() };
        change(&mut *table);
        Self { entry: self.entry, table: table.into() }
    }
}

impl Deref for FeedSpec {
    type Target = dyn FeedKind;

    fn deref(&self) -> &Self::Target {
        &*self.table
    }
}

impl PartialEq for FeedSpec {
    fn eq(&self, other: &Self) -> bool {
        self.entry.name == other.entry.name && (self.entry.is_same)(self, other)
    }
}

impl fmt::Debug for FeedSpec {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table.fmt(to)
    }
}
