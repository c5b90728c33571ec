//! The journal: what a wall has heard, kept in an embedded SQLite file, so that a restart neither
//! loses nor doubles anything.
//!
//! Mentions, numbers and the cursors of their feeds land in one transaction; a mention is known by
//! its uid. One Fishbowl writes a journal, others may read it meanwhile with [`History`].
//! `docs/journal.md` has the limits.

mod body;
mod desk;
mod error;
mod filter;
mod former;
mod history;
mod index;
mod keeping;
mod kept;
mod key;
mod lock;
mod notes;
mod others;
mod owner;
pub mod probe;
mod recorder;
mod repair;
mod retain;
mod row;
mod runs;
mod salvage;
mod schema;
mod store;
mod stretch;
mod substitute;
mod trust;
mod waiting;
mod write;

pub use error::JournalError;
pub use history::{Back, CHUNK, History, Lost};
pub use keeping::{Keeping, Tally};
pub use kept::{Kept, Seq};
pub use lock::close_folder;
pub use lock::try_lock;
pub use notes::{NoteKey, next_kind, notes};
pub use owner::layout_of;
pub use recorder::{Recorder, spawn};
pub use repair::{Repaired, repair};
pub use store::{ERASED_WITHIN, Journal, Plan, Settings};
pub use substitute::Substitute;
pub use trust::last_time;
pub use waiting::MAX_WAITING;
pub use write::{Digest, Done};

#[cfg(test)]
mod tests;
