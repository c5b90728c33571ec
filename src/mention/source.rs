//! Where mentions come from and how that source stands: what a feed hands over beside mentions.

use std::sync::Arc;
use std::time::Duration;

use super::Mention;
use crate::clock::Time;

/// Most mentions in one batch.
pub const MAX_BATCH: usize = 1_024;

/// What a feed hands over at one time: mentions, and how it stands now. A batch without mentions
/// tells a change of state.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Index into the wall's feeds.
    pub feed: usize,
    /// At most [`MAX_BATCH`].
    pub mentions: Vec<Mention>,
    /// True for the past that a feed brings along at its start; not measured as live.
    pub backfill: bool,
    pub state: FeedState,
}

/// How one feed stands.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedState {
    pub name: Arc<str>,
    pub nature: Nature,
    pub health: Health,
    /// When anything was last heard from it, by arrival.
    pub heard: Option<Time>,
    /// Silence after which it counts as stale.
    pub stale_after: Duration,
    pub received: u64,
    /// Records that could not be read.
    pub garbage: u64,
}

/// Whether what it tells really happens now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Nature {
    #[default]
    Live,
    Simulated,
    /// The moment of the recording that is being played.
    Replay(Time),
}

/// How the connection stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// Not connected yet.
    #[default]
    Connecting,
    Live,
    /// Lost; being tried again. Since when, and why in words that a person can act on.
    Down {
        since: Time,
        why: Arc<str>,
    },
    /// Handing over the past that it brings along: counts are still too low.
    CatchingUp,
    /// It came to its end and will not go on (a recording that is not repeated).
    Ended,
}
