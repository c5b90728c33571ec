//! How many different people spoke. Each author is remembered with the second in which they last
//! spoke, and counts in the tallies of that second alone; so every window's count is exact.
//!
//! At the limit those who have been silent longest are forgotten: the windows that reached back
//! to them then tell a floor, the shorter ones stay exact.

use rustc_hash::FxHashMap;

use super::windows::{MINUTES, Windows, minute};

/// Once full, room is made at most so often, seconds of event time.
const PRUNE_EVERY: i64 = 10;

/// The authors of one stream.
#[derive(Debug)]
pub struct Authors {
    /// By hash of source and id: the second they last spoke.
    last: FxHashMap<u64, i64>,
    limit: usize,
    pruned: Option<i64>,
}

impl Authors {
    /// Remembers at most `limit` authors.
    pub fn new(limit: usize) -> Self {
        Self { last: FxHashMap::default(), limit, pruned: None }
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
        }
    }

    /// Forgets whoever left every window, and the eighth that has been silent longest.
    fn make_room(&mut self, now: i64, windows: &mut Windows) -> bool {
        if self.pruned.is_some_and(|at| (at..at + PRUNE_EVERY).contains(&now)) {
            return false;
        }
        self.pruned = Some(now);
        let cut = self.cut(minute(now));
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

    /// Forgets whatever lies after `now`, when the clock was set back.
    pub fn rewind(&mut self, now: i64) {
        self.last.retain(|_, last| *last <= now);
        self.pruned = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::widget::Window;
    use crate::pulse::windows::days::Marks;

    #[test]
    fn beyond_the_limit_long_windows_tell_a_floor_and_short_ones_the_truth() {
        let mut windows = Windows::new(0, Marks::default());
        let mut authors = Authors::new(80);
        for minute in 0..400_i64 {
            let now = minute * 60;
            windows.advance(now, Marks::default());
            authors.heard(minute as u64, now, now, &mut windows);
            authors.heard(9_999, now, now, &mut windows);
            let counts = windows.counts();
            let in_ten = (minute + 1).min(10) as u64;
            assert_eq!(counts.over(Window::M10).authors, Some(in_ten + 1));
            assert!((in_ten..=minute as u64 + 2).contains(&counts.over(Window::H24).authors.unwrap_or(0)));
            assert!(authors.last.len() <= 80);
        }
        assert!(windows.counts().over(Window::H24).authors >= Some(70));
    }

    #[test]
    fn a_flood_within_one_minute_stays_within_the_limit() {
        let (mut windows, mut authors) = (Windows::new(5, Marks::default()), Authors::new(100));
        (0..10_000).for_each(|author| authors.heard(author, 5, 5, &mut windows));
        assert_eq!(authors.last.len(), 100);
        assert_eq!(windows.counts().over(Window::M1).authors, Some(100));
    }
}
