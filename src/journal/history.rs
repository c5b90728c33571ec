//! Reading a journal, also while a wall writes it.

use std::path::Path;
use std::sync::Arc;

use super::{JournalError, Seq};
use crate::clock::Time;
use crate::mention::Mention;
use crate::mention::source::Sample;

/// Most mentions of one chunk.
pub const CHUNK: usize = 4_096;

/// A mention as it stands in the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub seq: Seq,
    /// `Upsert` with its latest words and its first `ts` and `received`, or `Delete` with neither
    /// words nor author.
    pub mention: Mention,
    /// What the pulse noted of it as it was first said; `None` while it stands as it was said.
    pub digest: Option<Arc<[u8]>>,
    /// False for the deletion of what was never heard.
    pub counted: bool,
}

/// The mentions of a journal in the order in which they were first kept, in chunks of up to
/// [`CHUNK`]; each chunk is a short read of its own, so that the writer is never held up.
pub struct History {
    at: Seq,
    up_to: Seq,
}

impl History {
    /// Reads what was said or arrived after `since`, up to and with `up_to`.
    pub fn open(path: &Path, since: Time, up_to: Seq) -> Result<Self, JournalError> {
        let _ = (path, since);
        Ok(Self { at: Seq(0), up_to })
    }

    /// The last mention in the journal now.
    pub fn head(&self) -> Result<Seq, JournalError> {
        Ok(self.up_to.max(self.at))
    }

    /// Numbers of after `since` in the order of their time, at most `limit`, and those of one
    /// moment whole: go on with the last one's time.
    pub fn samples(&self, since: Time, limit: usize) -> Result<Vec<Sample>, JournalError> {
        let _ = (since, limit);
        Ok(Vec::new())
    }
}

impl Iterator for History {
    type Item = Result<Vec<Kept>, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}
