//! Feeds: adapters that speak a source's wire and hand over mentions.

pub mod demo;
mod field;
mod http;
mod jetstream;
pub mod map;
mod ndjson;
mod outlet;
mod play;
mod record;
mod request;
mod sse;
mod supervise;
pub mod wire;

pub use play::{Recorded, recorded};
pub use supervise::{Feeds, Pace, spawn, spawn_with};

/// A queue of this many batches between the feeds and the pulse is enough; when it is full the
/// feeds wait, and the network's own queues with them.
pub const QUEUE: usize = 64;

/// Why the feeds of a simulated run cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    #[error("feed `{feed}`: {why}")]
    Unreadable { feed: String, why: String },
}
