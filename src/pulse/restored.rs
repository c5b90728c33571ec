//! Since when a stream is known, and what it takes over from before a restart.

use super::breakdown::Key;
use super::snapshot::Tally;
use super::stream::Fold;
use super::windows::cell::Counted;
use super::windows::days::Marks;
use super::windows::{QUARTER, QUARTERS, quarter};

/// What notes told of before a restart, seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// All is known from here on; `i64::MAX` was told of nothing.
    pub since: i64,
    /// The same of what the event counts; `None`: as the rest.
    pub event: Option<i64>,
}

impl Default for Known {
    fn default() -> Self {
        Self { since: i64::MAX, event: None }
    }
}

impl Known {
    /// Since when all is known when it is heard since `heard`, and the past was told again since
    /// `told`: what notes say goes before that.
    pub fn since(&self, (heard, told): (i64, i64)) -> i64 {
        heard.min(if self.since < i64::MAX { self.since } else { told })
    }

    /// From when the event is known when the stream is from `since` on.
    pub fn event(&self, since: i64) -> i64 {
        self.event.unwrap_or(since)
    }
}

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
