//! What waits in memory while the journal cannot be written.

use std::collections::{BTreeMap, VecDeque};

use super::{Journal, JournalError};
use crate::mention::Mention;
use crate::mention::source::{Batch, Note, NoteKind};

/// Mentions, engagements and numbers that are enough for a transaction, long ones counted as by
/// [`size`].
pub(super) const ENOUGH: usize = 8_192;

/// Most mentions, engagements and numbers that wait in memory for a journal that failed, a mention
/// counted once more for every whole KiB of its text; then the oldest are let go.
pub const MAX_WAITING: usize = 65_536;
/// Most notes that wait, and the most bytes of their bodies; then those of the lowest keys go.
const MAX_NOTES: usize = 65_536;
const MAX_NOTE_BYTES: usize = 16 << 20;
/// Notes that are written in one transaction.
const NOTES: usize = 1_024;

/// Copies of batches that could not be kept; at most [`MAX_WAITING`] entries.
#[derive(Default)]
pub(super) struct Waiting {
    batches: VecDeque<Batch>,
    entries: usize,
}

impl Waiting {
    /// Puts a copy at the end; says how many mentions had to be let go for it.
    pub fn push(&mut self, batch: &Batch) -> u64 {
        let copy = Batch {
            mentions: batch.mentions.clone(),
            engaged: batch.engaged.clone(),
            samples: batch.samples.clone(),
            cursor: batch.cursor.clone(),
            ..Batch::of(batch.feed, batch.state.clone())
        };
        let size = size(&copy);
        if size == 0 && copy.cursor.is_none() {
            return 0;
        }
        self.entries += size;
        self.batches.push_back(copy);
        let mut lost = 0;
        while self.entries > MAX_WAITING || self.batches.len() > MAX_WAITING {
            let Some(first) = self.batches.pop_front() else { break };
            self.entries -= self::size(&first);
            lost += first.mentions.len() as u64;
        }
        lost
    }

    /// Writes all into the journal and gives it back, with how many mentions were new; at a failure
    /// what was not written stays.
    pub fn write(&mut self, mut journal: Journal) -> Result<(Journal, u64), JournalError> {
        let mut kept = 0;
        while !self.batches.is_empty() {
            let (mut end, mut entries) = (0, 0);
            while end < self.batches.len() && entries < ENOUGH {
                entries += size(&self.batches[end]);
                end += 1;
            }
            kept += journal.keep(&mut self.batches.make_contiguous()[..end])?.kept;
            self.entries = self.batches.iter().skip(end).map(size).sum();
            self.batches.drain(..end);
        }
        Ok((journal, kept))
    }

    /// Lets all go; says how many mentions that were.
    pub fn clear(&mut self) -> u64 {
        let lost = self.batches.drain(..).map(|batch| batch.mentions.len() as u64).sum();
        self.entries = 0;
        lost
    }
}

/// Notes that are still to be written, the last of each key.
#[derive(Default)]
pub(super) struct Notes {
    notes: BTreeMap<(NoteKind, (i64, i64)), Note>,
    bytes: usize,
}

impl Notes {
    pub fn push(&mut self, notes: Vec<Note>) {
        for note in notes {
            self.bytes += note.body.len();
            let old = self.notes.insert((note.kind, note.key), note);
            self.bytes -= old.map_or(0, |old| old.body.len());
            while self.notes.len() > MAX_NOTES || self.bytes > MAX_NOTE_BYTES {
                let Some((_, lost)) = self.notes.pop_first() else { break };
                self.bytes -= lost.body.len();
            }
        }
    }

    /// Writes all; at a failure what was not written stays. Sums and gaps wait while the clock is so far
    /// off that they may be those of another time: what they tell is read from the mentions again.
    pub fn write(&mut self, journal: &mut Journal) -> Result<(), JournalError> {
        let waits = journal.is_off();
        let is_sum = |kind| matches!(kind, NoteKind::Tally | NoteKind::People | NoteKind::Deaf);
        let is_due = |note: &&Note| !waits || !is_sum(note.kind);
        loop {
            let some: Vec<Note> = self.notes.values().filter(is_due).take(NOTES).cloned().collect();
            if some.is_empty() {
                return Ok(());
            }
            journal.note(&some)?;
            for note in some {
                self.notes.remove(&(note.kind, note.key));
                self.bytes -= note.body.len();
            }
        }
    }
}

/// What a batch weighs: its entries, and each whole KiB of a text.
pub(super) fn size(batch: &Batch) -> usize {
    let long = |mention: &Mention| mention.text.as_deref().map_or(0, |text| text.len() / 1_024);
    let long = batch.mentions.iter().map(long).sum::<usize>();
    long + batch.mentions.len() + batch.engaged.len() + batch.samples.len()
}
