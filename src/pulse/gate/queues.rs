//! The queues: where a text stands in them, and what is forgotten when there is too much.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{DECIDED, Entry, Gate, Passage, SLACK, WAITING};

impl Gate {
    /// Puts an entry into its queue: at the end, or, where it is of the past, which is told in pieces from the latest
    /// back, where it belongs by its time.
    pub(super) fn put(&mut self, entry: Entry, newest: bool) {
        let uid = entry.mention.uid.clone();
        self.forget(&uid);
        let waits = matches!(entry.passage, Passage::Waiting | Passage::Stashed);
        let queue = match (waits, &entry.by) {
            (true, _) => &mut self.waiting,
            (false, Some(_)) => &mut self.decided,
            (false, None) => &mut self.ruled,
        };
        let (entries, age) = (&self.entries, entry.age());
        let is_before = |known: &Arc<str>| entries.get(known).is_some_and(|known| known.age() <= age);
        let place = if newest { queue.len() } else { queue.partition_point(is_before) };
        if waits && place == 0 && queue.len() >= WAITING {
            return;
        }
        queue.insert(place, uid.clone());
        self.entries.insert(uid, entry);
        // What waits stands nowhere yet.
        let over = if waits && queue.len() > WAITING { queue.pop_front() } else { None };
        over.into_iter().for_each(|over| drop(self.entries.remove(&over)));
        self.changed = true;
    }

    /// Whether more is remembered than should be; then [`Gate::trim`].
    pub(super) fn is_over(&self) -> bool {
        self.decided.len().max(self.ruled.len()) > DECIDED + SLACK
    }

    /// Forgets the oldest beyond the limits, but none of those that lists `hold`.
    pub(super) fn trim(&mut self, hold: &FxHashSet<Arc<str>>) {
        for queue in [&mut self.decided, &mut self.ruled] {
            let over = queue.len().saturating_sub(DECIDED);
            let (kept, gone): (Vec<_>, Vec<_>) = queue.drain(..over).partition(|uid| hold.contains(uid));
            gone.iter().for_each(|uid| drop(self.entries.remove(uid)));
            kept.into_iter().rev().for_each(|uid| queue.push_front(uid));
        }
        self.changed = true;
    }

    /// What people hide is hidden wherever it is said again, until one of them lets it through.
    pub(super) fn keep_hidden(&mut self, passage: Passage, print: u64) {
        if passage != Passage::Hidden {
            if self.hidden.remove(&print) {
                self.hidden_order.retain(|known| *known != print);
            }
        } else if self.hidden.insert(print) {
            self.hidden_order.push_back(print);
            let over = if self.hidden_order.len() > DECIDED { self.hidden_order.pop_front() } else { None };
            over.iter().for_each(|print| {
                self.hidden.remove(print);
            });
        }
    }

    /// Takes an entry out.
    pub(super) fn forget(&mut self, uid: &str) -> Option<Entry> {
        let entry = self.entries.remove(uid)?;
        for queue in [&mut self.waiting, &mut self.decided, &mut self.ruled] {
            // The newest is what is decided on most often.
            if let Some(at) = queue.iter().rposition(|known| **known == *uid) {
                queue.remove(at);
            }
        }
        self.changed = true;
        Some(entry)
    }
}
