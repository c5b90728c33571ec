//! How long the windows are and what is known of them, the series, and the same windows before.

use std::time::Duration;

use super::Windows;
use super::cell::{Cell, Counted};
use super::days::Marks;
use super::ring::Ring;
use super::steps::{DAY_MINUTES, QUARTER, SERIES, WEEK_QUARTERS, length, minute, quarter};
use crate::clock::Time;
use crate::layout::window::Window;
use crate::pulse::fold::counts::{Before, Befores, Span, Spans};
use crate::pulse::fold::series::Series;
use crate::pulse::hearing::gaps::{Gap, Gaps};

const DAY: i64 = 86_400;
/// A day of whole hours, the one that runs, and what may lie before the first.
const MOOD_QUARTERS: i64 = 101;

/// The length of each window at the second `now`, and how much of it was heard; the event is known
/// since the second `event`, and nothing of `unread` will ever be told.
pub fn spans(now: i64, marks: Marks, gaps: &Gaps, event: i64, unread: &[Gap]) -> Spans {
    let end = now + 1;
    let small = |secs: i64| u32::try_from(secs).unwrap_or(0);
    Spans(Window::ALL.map(|window| {
        let (start, gaps) = match window {
            Window::Today => (marks.midnight * 60, gaps.clone()),
            Window::Event => (marks.event.map_or(end, |event| event * 60), gaps.since(event)),
            _ => (end - length(window), gaps.clone()),
        };
        let start = start.min(end);
        let untold = gaps.untold();
        let untold = untold.1.min(end) - untold.0.max(start);
        Span {
            whole: small(end - start),
            known: small(gaps.known(start, end)),
            age: small(end - gaps.first_known(start, end)),
            untold: small(untold),
            unread: small(unread.iter().map(|gap| (gap.1.min(end) - gap.0.max(start)).max(0)).sum()),
        }
    }))
}

impl<C: Cell> Windows<C> {
    /// First second of a window; far in the future for an event where there is none.
    pub fn begins(&self, window: Window) -> i64 {
        match window {
            Window::Today => self.marks.midnight * 60,
            Window::H24 => (self.minutes.head() - DAY_MINUTES + 1) * 60,
            Window::D7 => (self.quarters.head() - WEEK_QUARTERS + 1) * QUARTER,
            Window::Event => self.marks.event.map_or(i64::MAX, |minute| minute * 60),
            _ => self.seconds.head() - length(window) + 1,
        }
    }

    /// How long each window is at the second `now`, and how much of it was heard.
    pub fn spans(&self, now: i64, gaps: &Gaps, event: i64) -> Spans {
        spans(now, self.marks, gaps, event, &[])
    }

    /// Mentions second by second.
    pub fn by_second(&self, gaps: &Gaps) -> Series {
        series(&self.seconds, SERIES.0, 1, gaps)
    }

    /// Mentions minute by minute.
    pub fn by_minute(&self, gaps: &Gaps) -> Series {
        series(&self.minutes, SERIES.1, 60, gaps)
    }

    /// Mentions by the quarter of an hour.
    pub fn by_quarter(&self, gaps: &Gaps) -> Series {
        series(&self.quarters, SERIES.2, QUARTER, gaps)
    }

    /// True when all of [`Windows::by_second`] is nought; the same of the other two.
    pub fn is_still(&self) -> [bool; 3] {
        [self.seconds.is_empty(), self.minutes.is_empty(), self.quarters.is_empty()]
    }

    /// Mentions of the same windows a day and a week before `now`.
    pub fn before(&self, now: i64, gaps: &Gaps) -> Befores {
        Befores(Window::ALL.map(|window| match window {
            Window::H24 => self.whole_quarters(now, DAY, gaps),
            Window::Today => self.yesterday(now, gaps),
            Window::D7 | Window::Event => Before::default(),
            _ => Before { day: self.day_ago(window, now, gaps), week: self.week_ago(window, now, gaps) },
        }))
    }

    /// By whole minutes, the last of which ended a day before `now`.
    fn day_ago(&self, window: Window, now: i64, gaps: &Gaps) -> Option<u64> {
        let end = minute(now - DAY);
        let first = end - length(window) / 60;
        gaps.is_whole(first * 60, end * 60).then(|| total(self.minutes.cells(first, end)))
    }

    /// By whole quarters, the last of which ended a week before `now`.
    fn week_ago(&self, window: Window, now: i64, gaps: &Gaps) -> Option<u64> {
        let end = quarter(now - 7 * DAY);
        let first = end - length(window) / QUARTER;
        (first < end && gaps.is_whole(first * QUARTER, end * QUARTER))
            .then(|| total(self.quarters.cells(first, end)))
    }

    fn whole_quarters(&self, now: i64, length: i64, gaps: &Gaps) -> Before {
        let ago = |days: i64| {
            let end = quarter(now - days * DAY);
            let first = end - length / QUARTER;
            gaps.is_whole(first * QUARTER, end * QUARTER).then(|| total(self.quarters.cells(first, end)))
        };
        Before { day: ago(1), week: ago(7) }
    }

    /// From yesterday's midnight, for as long as today has lasted, by whole quarters.
    fn yesterday(&self, now: i64, gaps: &Gaps) -> Before {
        let Marks { midnight, yesterday, .. } = self.marks;
        let run = (now - midnight * 60).div_euclid(QUARTER);
        let of = |start: i64| {
            let first = quarter(start * 60);
            gaps.is_whole(start * 60, (first + run) * QUARTER)
                .then(|| total(self.quarters.cells(first, first + run)))
        };
        Before { day: of(yesterday), week: of(midnight - 7 * DAY / 60) }
    }
}

fn total<C: Cell>(cells: impl Iterator<Item = C>) -> u64 {
    cells.map(|cell| u64::from(cell.mentions())).sum()
}

impl Windows<Counted> {
    /// Positive, neutral, negative mentions and those of unknown sentiment, each by the quarter of an hour
    /// over the last day.
    pub fn by_mood(&self, gaps: &Gaps) -> [Series; 4] {
        let unknown = |cell: &Counted| {
            cell.mentions.saturating_sub(cell.positive.wrapping_add(cell.neutral).wrapping_add(cell.negative))
        };
        let of: [fn(&Counted) -> u32; 4] =
            [|cell| cell.positive, |cell| cell.neutral, |cell| cell.negative, unknown];
        of.map(|of| series_of(&self.quarters, MOOD_QUARTERS, QUARTER, gaps, of))
    }
}

fn series<C: Cell, const CHUNK: usize>(ring: &Ring<C, CHUNK>, length: i64, secs: i64, gaps: &Gaps) -> Series {
    series_of(ring, length, secs, gaps, C::mentions)
}

fn series_of<C: Cell, const CHUNK: usize>(
    ring: &Ring<C, CHUNK>,
    length: i64,
    secs: i64,
    gaps: &Gaps,
    count: impl Fn(&C) -> u32,
) -> Series {
    let first = ring.head() - length + 1;
    Series {
        end: Time::from_secs(ring.head() * secs),
        step: Duration::from_secs(secs as u64),
        values: ring.cells(first, i64::MAX).map(|cell| count(&cell)).collect(),
        unknown: gaps.steps(first, length, secs),
    }
}
