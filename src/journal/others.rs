//! Other processes that want to write a journal which is being written: a second copy of a wall, as a rule.

use std::time::Duration;

use super::lock::Lock;
use crate::clock::Instant;

/// Time between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// One that was refused tries again every 30 s; after so long it has given up.
const GONE: Duration = Duration::from_secs(75);

/// What is known of them.
#[derive(Debug, Default)]
pub(super) struct Others {
    looked: Option<Instant>,
    last: Option<(u32, Instant)>,
}

impl Others {
    /// The process that wanted the lock last, if it was lately. One that is new is told in the log.
    pub fn look(&mut self, lock: &Lock, now: Instant) -> Option<u32> {
        let since = |at: Instant| now.saturating_duration_since(at);
        if self.looked.is_none_or(|at| since(at) >= LOOK_EVERY) {
            self.looked = Some(now);
            if let Some(process) = lock.wanted_by() {
                if self.last.is_none_or(|(known, _)| known != process) {
                    tracing::warn!(
                        "another Fishbowl (process {process}) wants to record to the journal of this one"
                    );
                }
                self.last = Some((process, now));
            }
            self.last = self.last.filter(|(_, at)| since(*at) < GONE);
        }
        self.last.map(|(process, _)| process)
    }
}
