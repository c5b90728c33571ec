//! Tallies over windows that end now: rings of counts by the second and by the minute, whose sums
//! are kept while mentions come and time leaves.
//!
//! Windows of up to an hour move by the second and include the running one; the day moves by the
//! minute and includes the running one. A mention counts at its own time, however late it comes.

use std::time::Duration;

use super::snapshot::{Series, StreamCounts, Tally};
use crate::clock::Time;
use crate::layout::widget::Window;

/// Seconds kept one by one.
pub const SECONDS: usize = 3_600;
/// Minutes kept one by one.
pub const MINUTES: usize = 1_440;

const BY_SECOND: [Window; 5] = [Window::M1, Window::M5, Window::M10, Window::M15, Window::H1];
const BY_MINUTE: [Window; 1] = [Window::H24];

/// The tallies of one stream over every window.
#[derive(Debug)]
pub struct Windows {
    seconds: Ring,
    minutes: Ring,
}

impl Windows {
    /// Empty, at `now` seconds since 1970.
    pub fn new(now: i64) -> Self {
        Self {
            seconds: Ring::new(SECONDS, now, BY_SECOND.map(|w| length(w))),
            minutes: Ring::new(MINUTES, minute(now), BY_MINUTE.map(|w| length(w) / 60)),
        }
    }

    /// Moves the end of all windows to `now`, seconds since 1970; also backwards, when the clock
    /// was set.
    pub fn advance(&mut self, now: i64) {
        self.seconds.advance(now);
        self.minutes.advance(minute(now));
    }

    /// Changes the tallies of the second `at`, if it still lies in a window.
    pub fn change(&mut self, at: i64, change: impl Fn(&mut Tally)) {
        self.seconds.change(at, &change);
        self.minutes.change(minute(at), &change);
    }

    /// The sums over every window.
    pub fn counts(&self) -> StreamCounts {
        let mut counts = StreamCounts::default();
        let windows = BY_SECOND.iter().chain(&BY_MINUTE);
        let sums = self.seconds.sums.iter().chain(&self.minutes.sums);
        for (window, (_, sum)) in windows.zip(sums) {
            counts.0[*window as usize] = *sum;
            counts.0[*window as usize].authors.get_or_insert(0);
        }
        counts
    }

    /// Mentions second by second; nothing is known of the time before `since`.
    pub fn by_second(&self, since: i64) -> Series {
        self.seconds.series(1, since)
    }

    /// Mentions minute by minute; nothing is known of the time before `since`, seconds.
    pub fn by_minute(&self, since: i64) -> Series {
        self.minutes.series(60, minute(since))
    }
}

fn length(window: Window) -> i64 {
    i64::from(window.secs().unwrap_or(0))
}

/// The minute in which a second lies.
pub fn minute(second: i64) -> i64 {
    second.div_euclid(60)
}

#[derive(Debug)]
struct Ring {
    cells: Vec<Tally>,
    /// The running step.
    head: i64,
    /// Sums over the last so many steps.
    sums: Vec<(i64, Tally)>,
}

impl Ring {
    fn new(length: usize, head: i64, windows: impl IntoIterator<Item = i64>) -> Self {
        let sums = windows.into_iter().map(|steps| (steps, Tally::default())).collect();
        Self { cells: vec![Tally::default(); length], head, sums }
    }

    fn slot(&self, step: i64) -> usize {
        step.rem_euclid(self.cells.len() as i64) as usize
    }

    fn advance(&mut self, to: i64) {
        if to < self.head || to - self.head >= self.cells.len() as i64 {
            return self.jump(to);
        }
        for step in self.head + 1..=to {
            for i in 0..self.sums.len() {
                let leaving = self.slot(step - self.sums[i].0);
                subtract(&mut self.sums[i].1, &self.cells[leaving]);
            }
            let slot = self.slot(step);
            self.cells[slot] = Tally::default();
        }
        self.head = to;
    }

    /// Goes to a step that is far ahead or behind, keeping what both rings have in common.
    fn jump(&mut self, to: i64) {
        let length = self.cells.len() as i64;
        let mut cells = vec![Tally::default(); self.cells.len()];
        for step in (to - length + 1).max(self.head - length + 1)..=to.min(self.head) {
            let slot = self.slot(step);
            cells[slot] = self.cells[slot];
        }
        (self.cells, self.head) = (cells, to);
        for i in 0..self.sums.len() {
            let mut sum = Tally::default();
            for step in to - self.sums[i].0 + 1..=to {
                add(&mut sum, &self.cells[self.slot(step)]);
            }
            self.sums[i].1 = sum;
        }
    }

    fn change(&mut self, step: i64, change: &impl Fn(&mut Tally)) {
        let age = self.head - step;
        if age < 0 || age >= self.cells.len() as i64 {
            return;
        }
        let slot = self.slot(step);
        change(&mut self.cells[slot]);
        for (_, sum) in self.sums.iter_mut().filter(|(steps, _)| age < *steps) {
            change(sum);
        }
    }

    fn series(&self, step_secs: i64, since: i64) -> Series {
        let length = self.cells.len() as i64;
        let first = self.head - length + 1;
        let (newer, older) = self.cells.split_at(self.slot(first));
        let values = older.iter().chain(newer).map(|cell| u32::try_from(cell.mentions).unwrap_or(u32::MAX));
        Series {
            end: Time::from_secs(self.head * step_secs),
            step: Duration::from_secs(step_secs as u64),
            values: values.collect(),
            unknown: (since - first).clamp(0, length) as usize,
        }
    }
}

/// Wraps rather than panics: sums stay exact because what was added is what is taken away.
fn add(sum: &mut Tally, part: &Tally) {
    combine(sum, part, u64::wrapping_add);
}

fn subtract(sum: &mut Tally, part: &Tally) {
    combine(sum, part, u64::wrapping_sub);
}

fn combine(sum: &mut Tally, part: &Tally, with: fn(u64, u64) -> u64) {
    let Tally { mentions, positive, neutral, negative, unknown, judged, followers, located, points, authors } =
        part;
    sum.mentions = with(sum.mentions, *mentions);
    sum.positive = with(sum.positive, *positive);
    sum.neutral = with(sum.neutral, *neutral);
    sum.negative = with(sum.negative, *negative);
    sum.unknown = with(sum.unknown, *unknown);
    sum.followers = with(sum.followers, *followers);
    sum.located = with(sum.located, *located);
    sum.judged = with(sum.judged, *judged);
    sum.points = with(sum.points, *points);
    sum.authors = Some(with(sum.authors.unwrap_or(0), authors.unwrap_or(0)));
}
