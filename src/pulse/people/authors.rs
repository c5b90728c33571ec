//! How many different people spoke. Each author is remembered with the second in which they last
//! spoke, and counts in the tallies of that second alone; so the count of every window of up to a
//! day is exact.
//!
//! At the limit those who have been silent longest are forgotten: the windows that reached back
//! to them then tell a floor or, where [`Hours`] are kept, an estimate; the shorter ones stay exact.
//! Seven days and the event are told by the hours alone.

pub mod crowd;
pub mod hours;
mod kept;

use rustc_hash::FxHashMap;

use crate::layout::window::Window;
use crate::pulse::fold::counts::{Exactness, StreamCounts};
use crate::pulse::fold::windows::days::Marks;
use crate::pulse::fold::windows::{MINUTES, Windows, minute};
use hours::Hours;

/// Once full, room is made at most so often, seconds of event time.
const PRUNE_EVERY: i64 = 10;

/// The authors of one stream.
#[derive(Debug)]
pub struct Authors {
    /// By hash of source and id: the second they last spoke.
    last: FxHashMap<u64, i64>,
    limit: usize,
    pruned: Option<i64>,
    /// The last second of which somebody may be missing.
    forgotten: i64,
    /// Where longer windows are wanted.
    pub hours: Option<Hours>,
}

impl Authors {
    /// Remembers at most `limit` authors.
    pub fn new(limit: usize, hours: Option<Hours>) -> Self {
        Self { last: FxHashMap::default(), limit, pruned: None, forgotten: i64::MIN, hours }
    }

    /// Moves on to the second `now`.
    pub fn advance(&mut self, now: i64, marks: Marks) {
        if let Some(hours) = &mut self.hours {
            hours.advance(now, marks);
        }
    }

    /// Makes ready what [`Authors::tell`] tells; says whether a count changed by itself.
    pub fn gather(&mut self, windows: &Windows) -> bool {
        let whole = [Window::H24, Window::Today].iter().all(|w| windows.begins(*w) > self.forgotten);
        self.hours.as_mut().is_some_and(|hours| {
            hours.gather(!whole);
            hours.take_changed()
        })
    }

    /// Puts the people into the tallies, and how sure they are. All is known from the first of
    /// `known` on and people from the second, seconds; and the same of the event.
    pub fn tell(&self, windows: &Windows, known: [(i64, i64); 2], counts: &mut StreamCounts) {
        for window in Window::ALL {
            let begins = windows.begins(window);
            let (all, people) = known[usize::from(window == Window::Event)];
            let tally = &mut counts.0[window as usize];
            (tally.authors, tally.authors_are) = self.over(window, begins, tally.authors.unwrap_or(0));
            let by_hours = tally.authors_are != Exactness::Exact || is_long(window);
            if by_hours && people > all.max(begins) && tally.authors.is_some() {
                tally.authors_are = Exactness::AtLeast;
            }
        }
    }

    /// The people of a window that begins at a second, of whom `remembered` are known by name.
    fn over(&self, window: Window, begins: i64, remembered: u64) -> (Option<u64>, Exactness) {
        let estimate = self.hours.as_ref().and_then(|hours| hours.over(window));
        match estimate {
            Some((count, is)) if is_long(window) => (Some(count), is),
            None if is_long(window) => (None, Exactness::Exact),
            _ if begins > self.forgotten => (Some(remembered), Exactness::Exact),
            Some((count, _)) => (Some(count.max(remembered)), Exactness::About),
            None => (Some(remembered), Exactness::AtLeast),
        }
    }

    /// Takes note that `author` spoke at the second `at`, when it is `now`.
    pub fn heard(&mut self, author: u64, at: i64, now: i64, windows: &mut Windows) {
        if minute(at) + MINUTES <= minute(now) {
            return;
        }
        if let Some(last) = self.last.get_mut(&author) {
            if *last < at {
                windows.author(*last, false);
                windows.author(at, true);
                *last = at;
            }
        } else if self.last.len() < self.limit || self.make_room(now, windows) {
            self.last.insert(author, at);
            windows.author(at, true);
        } else {
            self.forgotten = self.forgotten.max(at);
        }
    }

    /// Forgets whoever left every window, and the eighth that has been silent longest.
    fn make_room(&mut self, now: i64, windows: &mut Windows) -> bool {
        if self.pruned.is_some_and(|at| (at..at + PRUNE_EVERY).contains(&now)) {
            return false;
        }
        self.pruned = Some(now);
        let cut = self.cut(minute(now));
        self.forgotten = self.forgotten.max(cut * 60 + 59);
        self.last.retain(|_, last| {
            let stays = minute(*last) > cut;
            if !stays {
                windows.author(*last, false);
            }
            stays
        });
        self.last.len() < self.limit
    }

    /// The latest minute of those that must go.
    fn cut(&self, now: i64) -> i64 {
        let mut by_age = vec![0_usize; MINUTES as usize];
        for last in self.last.values() {
            let age = usize::try_from(now - minute(*last)).unwrap_or(0);
            if let Some(count) = by_age.get_mut(age) {
                *count += 1;
            }
        }
        let room = self.limit - self.limit / 8;
        let mut kept = 0;
        let ages = by_age.iter().take_while(|count| {
            kept += **count;
            kept <= room
        });
        now - (ages.count() as i64).max(1)
    }

    /// Forgets whatever lies after `now`, when the clock was set back: who spoke before as well is
    /// forgotten, too.
    pub fn rewind(&mut self, now: i64, marks: Marks) {
        let before = self.last.len();
        self.last.retain(|_, last| *last <= now);
        self.pruned = None;
        self.forgotten = self.forgotten.min(now);
        if self.last.len() < before {
            self.forgotten = now;
        }
        if let Some(hours) = &mut self.hours {
            hours.rewind(now, marks);
        }
    }
}

/// Whether a window is longer than anybody is remembered by name.
fn is_long(window: Window) -> bool {
    matches!(window, Window::D7 | Window::Event)
}

#[cfg(test)]
mod tests;
