//! Counts over windows that end now: cells by the second, the minute and the quarter of an hour,
//! whose sums are kept while mentions come and time leaves.
//!
//! Windows of up to an hour move by the second, 24 hours and today by the minute, seven days by
//! the quarter of an hour; each includes the running step. What an event counts begins with its
//! first minute and never leaves. A mention counts in its own time. A quarter that ended
//! [`SETTLED`] ago is final: nothing is counted in it any more, and its sums go to the journal.
//!
//! Memory of a stream: 290 KB at most, when it hears something in every minute of the last hour and
//! day; 10 KB for one mention; none for a stream that hears nothing.

pub mod cell;
pub mod days;
pub mod ring;
pub mod spans;
mod steps;

use cell::{Cell, Counted};
use days::Marks;
use ring::Ring;

use crate::layout::window::Window;
use crate::pulse::fold::counts::{StreamCounts, Tally};

use steps::{DAY_MINUTES, WEEK_QUARTERS, length};
pub use steps::{LATE, MINUTES, QUARTER, QUARTERS, SECONDS, SERIES, SETTLED, minute, quarter};

const BY_SECOND: [Window; 5] = [Window::M1, Window::M5, Window::M10, Window::M15, Window::H1];
const WINDOWS: usize = Window::ALL.len();

/// The counts of one stream over every window.
#[derive(Debug)]
pub struct Windows<C: Cell = Counted> {
    seconds: Ring<C, 60>,
    minutes: Ring<C, 60>,
    quarters: Ring<C, 96>,
    sums: [C::Sum; WINDOWS],
    marks: Marks,
    /// Of the quarter in which the event begins, what is part of it.
    first: C,
    /// Quarters before this one are final.
    open: i64,
    changed: bool,
}

impl<C: Cell> Windows<C> {
    /// Empty, at `now` seconds since 1970.
    pub fn new(now: i64, marks: Marks) -> Self {
        Self {
            seconds: Ring::new(SECONDS, now),
            minutes: Ring::new(MINUTES, minute(now)),
            quarters: Ring::new(QUARTERS, quarter(now)),
            sums: [C::Sum::default(); WINDOWS],
            marks,
            first: C::default(),
            open: i64::MIN,
            changed: true,
        }
    }

    /// Whether any count changed since the last call.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// True when nothing was counted in the last eight days, nor since the event began.
    pub fn is_empty(&self) -> bool {
        self.quarters.is_empty() && self.sums[Window::Event as usize] == C::Sum::default()
    }

    /// Moves the end of all windows on to `now`, seconds since 1970.
    pub fn advance(&mut self, now: i64, marks: Marks) {
        if now < self.seconds.head() {
            return;
        }
        if self.seconds.is_empty() || now - self.seconds.head() >= SECONDS {
            for window in BY_SECOND {
                self.sums[window as usize] = C::Sum::default();
            }
            self.changed |= !self.seconds.is_empty();
            self.seconds.advance(now);
        }
        while self.seconds.head() < now {
            let next = self.seconds.head() + 1;
            for window in BY_SECOND {
                let leaving = self.seconds.get(next - length(window));
                self.leave(window, leaving);
            }
            self.seconds.advance(next);
        }
        self.advance_days(now, marks);
    }

    fn advance_days(&mut self, now: i64, marks: Marks) {
        if minute(now) - self.minutes.head() >= MINUTES {
            self.sums[Window::H24 as usize] = C::Sum::default();
            self.minutes.advance(minute(now));
        }
        while self.minutes.head() < minute(now) {
            let next = self.minutes.head() + 1;
            let leaving = self.minutes.get(next - DAY_MINUTES);
            self.leave(Window::H24, leaving);
            self.minutes.advance(next);
        }
        if quarter(now) - self.quarters.head() >= QUARTERS {
            self.sums[Window::D7 as usize] = C::Sum::default();
            self.quarters.advance(quarter(now));
        }
        while self.quarters.head() < quarter(now) {
            let next = self.quarters.head() + 1;
            let leaving = self.quarters.get(next - WEEK_QUARTERS);
            self.leave(Window::D7, leaving);
            self.quarters.advance(next);
        }
        if self.marks.midnight != marks.midnight {
            self.marks = marks;
            self.sum_up_today();
        }
    }

    fn leave(&mut self, window: Window, cell: C) {
        if cell != C::default() {
            cell.take_from(&mut self.sums[window as usize]);
            self.changed = true;
        }
    }

    fn sum_up_today(&mut self) {
        let today = self.minutes.cells(self.marks.midnight, i64::MAX);
        self.sums[Window::Today as usize] = sum(today);
        self.changed = true;
    }

    /// Counts something in the second `at`, which does not lie ahead; in a quarter that is final
    /// only in what is told by the second and the minute, as the past tells it again. False when it
    /// stands in no window.
    pub fn count(&mut self, at: i64, what: &C) -> bool {
        if at > self.seconds.head() || !self.quarters.keeps(quarter(at)) {
            return false;
        }
        self.recent(at, |cell| cell.join(what), |sum| what.add_to(sum));
        if quarter(at) < self.open {
            return self.minutes.keeps(minute(at));
        }
        self.add_to_quarter(quarter(at), what);
        if let Some(event) = self.marks.event.filter(|event| minute(at) >= *event) {
            what.add_to(&mut self.sums[Window::Event as usize]);
            if quarter(at) == quarter(event * 60) {
                self.first.join(what);
            }
        }
        true
    }

    fn add_to_quarter(&mut self, step: i64, what: &C) {
        self.quarters.change(step, |cell| cell.join(what));
        if self.quarters.head() - step < WEEK_QUARTERS {
            what.add_to(&mut self.sums[Window::D7 as usize]);
        }
    }

    /// Changes what is told by the second and the minute, and the windows of up to a day.
    fn recent(&mut self, at: i64, change: impl Fn(&mut C), change_sum: impl Fn(&mut C::Sum)) {
        self.changed = true;
        let age = self.seconds.head() - at;
        self.seconds.change(at, &change);
        self.minutes.change(minute(at), &change);
        for window in BY_SECOND.into_iter().filter(|window| age < length(*window)) {
            change_sum(&mut self.sums[window as usize]);
        }
        if self.minutes.head() - minute(at) < DAY_MINUTES {
            change_sum(&mut self.sums[Window::H24 as usize]);
        }
        if minute(at) >= self.marks.midnight {
            change_sum(&mut self.sums[Window::Today as usize]);
        }
    }

    /// The first quarter that is not final at `now`.
    pub fn open_at(now: i64) -> i64 {
        quarter(now - SETTLED)
    }

    /// Quarters from `open` on are counted, those before were before a restart.
    pub fn reopen(&mut self, open: i64) {
        self.open = open;
    }

    /// The event is what the quarters hold that lie wholly in it.
    pub fn gather_event(&mut self) {
        let start = self.marks.event.unwrap_or(0) * 60;
        let is_whole = start.rem_euclid(QUARTER) == 0;
        self.first = if is_whole { self.quarters.get(quarter(start)) } else { C::default() };
        self.sums[Window::Event as usize] = sum(self.event_cells(i64::MIN));
    }

    /// Closes all quarters before `open`; gives those in which something was counted.
    pub fn settle(&mut self, open: i64) -> Vec<(i64, C)> {
        let from = self.open;
        self.open = open.max(from);
        let cells = (from.max(self.quarters.first())..self.open).map(|step| (step, self.quarters.get(step)));
        cells.filter(|(_, cell)| cell.mentions() > 0).collect()
    }

    /// What the event counts in quarters that are final.
    pub fn settled_event(&self) -> C::Sum {
        let mut sum = self.sums[Window::Event as usize];
        self.event_cells(self.open).for_each(|cell| cell.take_from(&mut sum));
        sum
    }

    /// The event's part of every quarter from `from` on that is kept.
    fn event_cells(&self, from: i64) -> impl Iterator<Item = C> {
        let event = self.marks.event.unwrap_or(i64::MAX / 60);
        let begun = quarter(event * 60);
        let first = (begun >= from && self.quarters.keeps(begun)).then_some(self.first);
        first.into_iter().chain(self.quarters.cells(from.max(begun + 1), i64::MAX))
    }

    /// Takes a quarter that was final before a restart.
    pub fn restore(&mut self, step: i64, cell: &C) {
        if self.quarters.keeps(step) {
            self.add_to_quarter(step, cell);
            self.changed = true;
        }
    }

    /// Takes what the event counted in quarters that were final before a restart.
    pub fn restore_event(&mut self, settled: C::Sum) {
        self.sums[Window::Event as usize] = settled;
        self.changed = true;
    }

    /// The clock was set back to `now`: what lies after it is forgotten.
    pub fn rewind(&mut self, now: i64, marks: Marks) {
        if now >= self.seconds.head() {
            return self.advance(now, marks);
        }
        let mut event = self.sums[Window::Event as usize];
        let from = self.quarters.first();
        self.event_cells(from).for_each(|cell| cell.take_from(&mut event));
        self.retreat(now);
        self.marks = marks;
        if let Some(begun) = marks.event.filter(|begun| quarter(begun * 60) == quarter(now)) {
            self.first = C::all(self.minutes.cells(begun, i64::MAX));
        } else if marks.event.is_some_and(|begun| quarter(begun * 60) > quarter(now)) {
            self.first = C::default();
        }
        self.event_cells(from).for_each(|cell| cell.add_to(&mut event));
        self.open = self.open.min(Self::open_at(now));
        self.sum_up();
        self.sums[Window::Event as usize] = event;
    }

    /// Cuts every ring at `now`, the running minute and quarter within.
    fn retreat(&mut self, now: i64) {
        let (second, in_minute) = (self.seconds.first(), minute(now) * 60);
        let (oldest, in_quarter) = (self.minutes.first(), quarter(now) * 15);
        self.seconds.retreat(now);
        self.minutes.retreat(minute(now));
        self.quarters.retreat(quarter(now));
        if in_minute >= second {
            let running = C::all(self.seconds.cells(in_minute, i64::MAX));
            self.minutes.change(minute(now), |cell| *cell = running);
        }
        if in_quarter >= oldest {
            let running = C::all(self.minutes.cells(in_quarter, i64::MAX));
            self.quarters.change(quarter(now), |cell| *cell = running);
        }
    }

    fn sum_up(&mut self) {
        let end = i64::MAX;
        for window in BY_SECOND {
            let first = self.seconds.head() - length(window) + 1;
            self.sums[window as usize] = sum(self.seconds.cells(first, end));
        }
        let first = self.minutes.head() - DAY_MINUTES + 1;
        self.sums[Window::H24 as usize] = sum(self.minutes.cells(first, end));
        let first = self.quarters.head() - WEEK_QUARTERS + 1;
        self.sums[Window::D7 as usize] = sum(self.quarters.cells(first, end));
        self.sum_up_today();
    }

    /// The sums over every window, in the order of [`Window::ALL`].
    pub fn sums(&self) -> &[C::Sum; WINDOWS] {
        &self.sums
    }
}

impl Windows {
    /// The sums over every window, with the people who are remembered by name.
    pub fn counts(&self) -> StreamCounts {
        StreamCounts(self.sums)
    }

    /// Somebody spoke last at the second `at` (`more`), or no longer.
    pub fn author(&mut self, at: i64, more: bool) {
        let by = if more { 1 } else { u64::MAX };
        let change_sum = |tally: &mut Tally| {
            let authors = tally.authors.get_or_insert(0);
            *authors = authors.wrapping_add(by);
        };
        self.recent(at, |cell| cell.authors = cell.authors.wrapping_add(by as u32), change_sum);
    }
}

fn sum<C: Cell>(cells: impl Iterator<Item = C>) -> C::Sum {
    let mut sum = C::Sum::default();
    cells.for_each(|cell| cell.add_to(&mut sum));
    sum
}
