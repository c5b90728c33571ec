//! Feeds: adapters that speak a source's wire and hand over mentions.
//!
//! [`spawn`] runs every feed of a wall in a supervised task; [`recorded`] plays demo and replay
//! feeds on a simulated clock. Limits: a batch holds [`MAX_BATCH`] mentions and goes out within
//! 20 ms, a queue [`QUEUE`] batches, a line or event 1 MiB, a recording is read 64 KiB at a time,
//! a demo gives 20,000 mentions a second. A full queue makes the feeds wait; nothing is dropped.
//!
//! [`MAX_BATCH`]: crate::mention::source::MAX_BATCH

mod adapter;
mod backoff;
mod bounded;
pub mod decode;
mod error;
mod export;
mod framing;
#[doc(hidden)]
pub mod fuzzing;
pub mod kinds;
mod playback;
mod player;
mod poll;
mod sender;
mod supervise;
mod transport;
mod unread;

pub use adapter::{Adapter, AdapterTable, Decoded, Pace, entry};
pub use error::{FailureKind, FeedError};
pub use export::{ExportError, Exported, export};
/// What an adapter gives back: work that goes on in its own time.
pub use futures_util::future::BoxFuture;
pub use kinds::replay::first_of;
pub use playback::{PlaybackError, Recorded, recorded};
pub use sender::{Closed, MentionSender};
pub use supervise::{Cursors, Feeds, spawn, spawn_waiting, spawn_with};

/// A queue of this many batches between the feeds and the pulse is enough; when it is full the
/// feeds wait, and the network's own queues with them.
pub const QUEUE: usize = 4;
