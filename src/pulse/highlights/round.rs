//! What the sample holds, and how it goes round where nothing new comes.

use std::sync::Arc;
use std::time::Duration;

use super::{Highlights, Shown};
use crate::clock::Time;

/// When nothing has come for so long, what was shown comes again, if it is so many.
const QUIET: Duration = Duration::from_secs(12);
const LEAST_ROUND: usize = 3;

impl Highlights {
    /// The one that was shown longest ago comes again, when nothing has come for a while.
    pub(super) fn go_round(&mut self, now: Time) {
        let rests = self.shown.front().is_none_or(|last| now < last.at + QUIET);
        if !self.shuffles || rests || self.shown.len() < LEAST_ROUND {
            return;
        }
        let Some(again) = self.shown.pop_back() else { return };
        self.shown.push_front(Shown { at: now, serial: self.next_serial, ..again });
        self.next_serial += 1;
        self.changed = true;
    }

    /// Uids of all that it lists or may list.
    pub fn held(&self) -> impl Iterator<Item = &Arc<str>> {
        let waiting = self.best.iter().chain(&self.spare).chain(self.past.values());
        waiting.map(|held| &held.mention.uid).chain(self.listed())
    }

    /// Uids of what it lists.
    pub fn listed(&self) -> impl Iterator<Item = &Arc<str>> {
        self.shown.iter().chain(&self.before).map(|shown| &shown.mention.uid)
    }
}
