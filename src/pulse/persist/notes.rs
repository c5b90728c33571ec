//! What the pulse wants kept beside the mentions, on its way out and back after a restart.

use crate::mention::source::{Note, NoteKind};
use crate::pulse::gate::Gate;
use crate::pulse::persist;
use crate::pulse::state::Pulse;

/// Most notes that wait to be taken; beyond, the oldest are lost, and what they tell is unknown
/// after a restart.
pub const MAX_WAITING: usize = 65_536;
/// Lists of notes that may wait on their way to the journal.
pub const QUEUE: usize = 64;

impl Pulse {
    /// What is to be kept since the last call, the last note of a key last.
    pub fn notes(&mut self) -> Vec<Note> {
        let told = self.alerts.notes();
        self.tell(told);
        let decided = self.gate.as_mut().map(Gate::take_notes).unwrap_or_default();
        self.tell(decided);
        // What the journal still has to tell may show that a feed was heard for longer.
        if self.recalling.is_none() {
            let told = self.hearing.take_notes(self.head.as_secs());
            self.tell(told);
        }
        std::mem::take(&mut self.outbox)
    }

    /// Puts notes into the outbox.
    pub(in crate::pulse) fn tell(&mut self, notes: impl IntoIterator<Item = Note>) {
        self.outbox.extend(notes);
        let surplus = self.outbox.len().saturating_sub(MAX_WAITING);
        self.outbox.drain(..surplus);
    }

    /// Some of what was kept before a restart cannot be read: what it alone tells is unknown.
    pub fn cannot_read_notes(&mut self) {
        self.notes_lost = true;
    }

    /// Takes what was kept before a restart, in any order and in any number of pieces, before the
    /// past is recalled.
    pub fn recall_notes(&mut self, notes: Vec<Note>) {
        for note in notes.into_iter().map(persist::current) {
            let adds_up = matches!(note.kind, NoteKind::Tally | NoteKind::People);
            if adds_up && note.at().is_some_and(|at| at > self.head) {
                // It was noted while the clock was wrong, and must not come true when its time comes.
                self.tell([Note { body: [].into(), ..note }]);
                continue;
            }
            match note.kind {
                NoteKind::Tally => self.recall_tally(&note),
                NoteKind::Alert => self.alerts.recall(&note, self.head),
                NoteKind::People => self.recall_people(&note),
                NoteKind::Deaf => self.hearing.recall_note(&note),
                NoteKind::Case => self.care.iter_mut().for_each(|care| care.recall_note(&note)),
                // What people asked for is the desk's.
                NoteKind::Control | NoteKind::Act => {}
                NoteKind::Gate => self.gate.iter_mut().for_each(|gate| gate.recall_note(&note)),
            }
        }
    }
}
