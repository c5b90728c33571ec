//! What every kind of feed implements: a table, and the adapter that speaks its service's wire.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::backoff::RetryPolicies;
use super::error::FeedError;
use super::player::Opened;
use super::sender::MentionSender;
use crate::clock::Time;
use crate::layout::feed::{FeedEntry, FeedKind, FeedSpec};
use crate::mention::Mention;
use crate::mention::source::Sample;

/// Times that determine how long to wait; tests shorten them.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Mentions wait at most this long to be sent in a batch.
    pub flush_every: Duration,
    /// Factor for waits between attempts and between polls; 1 except in tests.
    pub stretch: f64,
    /// Factor for the silence after which a connection counts as dead; 1 except in tests.
    pub patience: f64,
    /// A feed that was live for this long has recovered; its next wait is the shortest again.
    pub healthy_after: Duration,
    /// A server that has not answered within this time is abandoned.
    pub connect_within: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            flush_every: Duration::from_millis(20),
            stretch: 1.0,
            patience: 1.0,
            healthy_after: Duration::from_secs(60),
            connect_within: Duration::from_secs(10),
        }
    }
}

impl Pace {
    /// A wait between attempts or polls at this pace.
    pub(super) fn stretch(&self, wait: Duration) -> Duration {
        wait.mul_f64(self.stretch)
    }

    /// The silence to tolerate at this pace.
    pub(super) fn patience(&self, silence: Duration) -> Duration {
        silence.mul_f64(self.patience)
    }
}

/// The protocol of one service. `Ok` is the end; after a failure, the same adapter is called again.
pub trait Adapter: Send {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>>;

    /// How long to wait after failures.
    fn retry_policies(&self) -> RetryPolicies {
        RetryPolicies::default()
    }
}

/// The table of a kind of feed: its keys in a layout, and its adapter.
pub trait AdapterTable: FeedKind + Clone + DeserializeOwned + JsonSchema + PartialEq {
    /// The word for `kind` in a layout.
    const KIND: &'static str;

    /// The adapter of a feed with this table.
    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter>;

    /// The player of a feed that is played by a clock, from `start`; `None` for a feed that is received.
    fn player(&self, _source: &Arc<str>, _start: Time) -> Option<Opened> {
        None
    }

    /// Decodes one message of the service, whoever sent it. The fuzz target calls this.
    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded;
}

/// What a message of a service contains.
#[derive(Debug, Default)]
pub struct Decoded {
    pub mentions: Vec<Mention>,
    pub samples: Vec<Sample>,
}

impl<I: IntoIterator<Item = Mention>> From<I> for Decoded {
    fn from(mentions: I) -> Self {
        Self { mentions: mentions.into_iter().collect(), samples: Vec::new() }
    }
}

/// Registers the kind whose table is `T`.
pub const fn entry<T: AdapterTable>() -> FeedEntry {
    FeedEntry::of::<T>(
        T::KIND,
        &const { Maker { adapter: adapter::<T>, player: player::<T>, decode: T::decode } },
    )
}

/// The adapter of a feed; `None` for a kind that was registered without one.
pub(super) fn adapter_of(spec: &FeedSpec, pace: &Pace) -> Option<Box<dyn Adapter>> {
    (maker(spec.speaking())?.adapter)(spec, pace)
}

/// The player of a feed that is played by a clock, from `start`; `None` for a feed that is received.
pub(super) fn player_of(spec: &FeedSpec, source: &Arc<str>, start: Time) -> Option<Opened> {
    (maker(spec.speaking())?.player)(spec, source, start)
}

/// What a kind decodes from a message; `None` for a kind that was registered without an adapter.
pub(super) fn decoded_by(entry: &FeedEntry, bytes: &[u8], source: &Arc<str>, now: Time) -> Option<Decoded> {
    Some((maker(entry.speaking())?.decode)(bytes, source, now))
}

/// What [`entry`] stores in a registry.
struct Maker {
    adapter: fn(&FeedSpec, &Pace) -> Option<Box<dyn Adapter>>,
    player: fn(&FeedSpec, &Arc<str>, Time) -> Option<Opened>,
    decode: fn(&[u8], &Arc<str>, Time) -> Decoded,
}

fn maker(speaking: &'static (dyn Any + Send + Sync)) -> Option<&'static Maker> {
    let speaking: &dyn Any = speaking;
    speaking.downcast_ref()
}

fn adapter<T: AdapterTable>(spec: &FeedSpec, pace: &Pace) -> Option<Box<dyn Adapter>> {
    spec.table::<T>().map(|table| table.adapter(pace))
}

fn player<T: AdapterTable>(spec: &FeedSpec, source: &Arc<str>, start: Time) -> Option<Opened> {
    spec.table::<T>()?.player(source, start)
}

impl<T: AdapterTable> From<T> for FeedSpec {
    fn from(table: T) -> Self {
        Self::new(entry::<T>(), table)
    }
}
