//! What was decided, on its way to the journal and back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{BANNED, DECIDED, Decision, Gate};
use crate::clock::Time;
use crate::mention::source::{Note, NoteKind};
use crate::query::tokens::hash;

/// A note of the gate.
#[derive(Debug, Serialize, Deserialize)]
enum Told {
    Decided(Decision),
    Banned {
        author: u64,
        by: Arc<str>,
        banned: bool,
        #[serde(default)]
        serial: u64,
    },
}

impl Gate {
    /// What is to be kept since it was asked last.
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    pub(super) fn note_decision(&mut self, decision: Decision) {
        let key = (hash(&decision.uid) as i64, decision.at.0);
        self.note(key, &Told::Decided(decision));
    }

    pub(super) fn note_ban(&mut self, author: u64, by: Arc<str>, now: Time, banned: bool) {
        self.serial += 1;
        let serial = self.serial;
        self.note((author as i64, now.0), &Told::Banned { author, by, banned, serial });
    }

    fn note(&mut self, key: (i64, i64), told: &Told) {
        // Plain structures of texts and numbers always become JSON.
        let body = serde_json::to_vec(told).unwrap_or_default();
        self.notes.push(Note { kind: NoteKind::Gate, key, body: body.into() });
    }

    /// Takes up what was decided before a restart; the last decision counts.
    pub fn recall_note(&mut self, note: &Note) {
        match serde_json::from_slice(&note.body) {
            Ok(Told::Decided(decision)) => {
                self.serial = self.serial.max(decision.serial);
                let order = |decision: &Decision| (decision.serial, decision.at);
                let known = self.before.get(&decision.uid);
                let is_last = known.is_none_or(|known| order(known) <= order(&decision));
                if is_last && (known.is_some() || self.before.len() < DECIDED) {
                    self.keep_hidden(decision.passage, decision.print);
                    self.before.insert(decision.uid.clone(), decision);
                }
            }
            Ok(Told::Banned { author, by, banned, serial }) => {
                self.serial = self.serial.max(serial);
                let order = (serial, Time(note.key.1));
                if self.bans.get(&author).is_some_and(|known| *known > order) {
                    return;
                }
                self.bans.insert(author, order);
                if banned && self.banned.len() < BANNED {
                    self.banned.insert(author, by);
                } else if !banned {
                    self.banned.remove(&author);
                }
            }
            Err(error) => tracing::warn!("a decision of a moderator cannot be read: {error}"),
        }
    }
}
