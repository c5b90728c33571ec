//! Feeds: adapters that speak a source's wire and hand over mentions.
//!
//! [`spawn`] runs every feed of a wall in a supervised task; [`recorded`] plays demo and replay
//! feeds on a simulated clock. Limits: a batch holds [`MAX_BATCH`] mentions and goes out within
//! 20 ms, a queue [`QUEUE`] batches, a line or event 1 MiB, a recording is read 64 KiB at a time,
//! a demo gives 20,000 mentions a second. A full queue makes the feeds wait; nothing is dropped.
//!
//! [`MAX_BATCH`]: crate::mention::source::MAX_BATCH

mod adapter;
mod asker;
mod backoff;
mod call;
mod client;
mod concat;
mod decode_error;
pub mod demo;
mod error;
mod export;
mod field;
mod html;
mod http;
mod jetstream;
mod json;
mod json_path;
mod json_text;
mod limits;
mod map;
mod mastodon;
mod nats;
mod ndjson;
mod outlet;
mod paging;
mod payload;
mod play;
mod poll;
mod polled;
#[doc(hidden)]
pub mod probe;
mod prometheus;
mod reach;
mod record;
mod refusal;
mod replay;
mod scalar;
mod secret;
mod self_described;
mod services;
mod several;
mod sse;
mod suites;
mod supervise;
mod tape;
mod times;
mod unpack;
mod unread;
mod url;
mod web;
mod webhook;
mod websocket;
mod wikimedia;
pub mod wire;
mod written;
mod ws;
mod x;

pub use adapter::Pace;
pub use export::{ExportError, Exported, export};
pub use play::{PlaybackError, Recorded, first_of, recorded};
pub use supervise::{Cursors, Feeds, spawn, spawn_waiting, spawn_with};

/// A queue of this many batches between the feeds and the pulse is enough; when it is full the
/// feeds wait, and the network's own queues with them.
pub const QUEUE: usize = 4;
