//! What a stream takes over from before a restart.

use crate::metric::Tally;
use crate::pulse::fold::breakdown::Key;
use crate::pulse::fold::stream::Fold;
use crate::pulse::fold::windows::cell::Counted;
use crate::pulse::fold::windows::days::Marks;
use crate::pulse::fold::windows::{QUARTER, QUARTERS, quarter};

impl Fold {
    /// Notes told since when it is known.
    pub fn known_since(&mut self, since: i64) {
        self.known.since = since;
    }

    /// Takes what its event counted, known from the second `known` on.
    pub fn restore_event(&mut self, known: i64, sum: Tally, parts: &[(Key, u64)]) {
        self.known.event = Some(known);
        self.windows.restore_event(sum);
        if let Some(own) = &mut self.parts {
            own.restore_event(parts);
        }
    }

    /// Takes a quarter that was final.
    pub fn restore(&mut self, step: i64, cell: &Counted, parts: &[(Key, u64)]) {
        self.windows.restore(step, cell);
        if let Some(own) = &mut self.parts {
            own.restore(step, parts);
        }
    }

    /// All is restored: quarters from `open` on are counted. With a `gap` between what was noted
    /// and what will be told nothing before it is known.
    pub fn reopen(&mut self, open: i64, gap: bool, marks: Marks) {
        self.windows.reopen(open);
        if let Some(parts) = &mut self.parts {
            parts.reopen(open);
        }
        let event = marks.event.map(|minute| minute * 60).filter(|start| quarter(*start) < open);
        if let (Some(start), None) = (event, self.known.event)
            && self.known.since < i64::MAX
        {
            self.windows.gather_event();
            if let Some(parts) = &mut self.parts {
                parts.gather_event();
            }
            let whole = (start + QUARTER - 1).div_euclid(QUARTER).max(open - QUARTERS + 96);
            self.known.event = Some(self.known.since.max(whole * QUARTER));
        }
        self.reopen_people(open * QUARTER);
        if gap {
            (self.known.since, self.people_known.since) = (i64::MAX, i64::MAX);
        }
    }
}
