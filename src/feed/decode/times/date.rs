//! Which day, time of day and zone it is, after all of it was read.

use jiff::Span;
use jiff::civil::{Date, ISOWeekDate, Time as Clock, Weekday};
use jiff::tz::{Offset, TimeZone};

use super::names::Noon;
use super::reader::{Figure, Reader};
use super::{clock_of, day};

impl Reader {
    pub fn zone(&self) -> Option<TimeZone> {
        match (self.offset, &self.named) {
            (Some(minutes), _) => Offset::from_seconds(minutes * 60).ok().map(TimeZone::fixed),
            (None, Some(zone)) => Some(zone.clone()),
            (None, None) => Some(TimeZone::UTC),
        }
    }

    /// The time of day, and days to add: midnight may be the 24th hour.
    pub fn clock(&self) -> Option<(Clock, i64)> {
        let Some(([hour, minute, second], nanos)) = self.hour else {
            return self.noon.is_none().then_some((Clock::midnight(), 0));
        };
        let hour = match self.noon {
            None => hour,
            Some(Noon::Before) if hour <= 12 => hour % 12,
            Some(Noon::After) if hour <= 12 => hour % 12 + 12,
            Some(Noon::After) => hour,
            Some(Noon::Before) => return None,
        };
        if (hour, minute, second, nanos) == (24, 0, 0, 0) {
            return Some((Clock::midnight(), 1));
        }
        Some((clock_of([hour, minute, second], nanos)?, 0))
    }

    pub fn date(&self) -> Option<Date> {
        if let Some(month) = self.month()? {
            return self.with_month(month);
        }
        match self.figures[..] {
            [Figure { value, digits: 8, .. }] => day(value / 10_000, value / 100 % 100, value % 100),
            [year, week, weekday] if self.week => of_week(year.value, week.value, weekday.value),
            [year, Figure { value, digits: 3, .. }] if self.week => {
                of_week(year.value, value / 10, value % 10)
            }
            [Figure { value: year, digits: 4, .. }, Figure { value: nth, digits: 3, .. }] => {
                nth_day(year, nth)
            }
            // Without a time of day it may be any number.
            [Figure { value, digits: 7, .. }] if self.hour.is_some() => nth_day(value / 1_000, value % 1_000),
            [a, b, c] if !self.week => self.of_figures(a, b, c),
            _ => None,
        }
    }

    /// The month by name. Of two the first is a weekday (`mar.` is mardi, and March); three
    /// numbers have no need of one.
    fn month(&self) -> Option<Option<u64>> {
        match self.months[..] {
            [] => Some(None),
            [(_, false)] if self.figures.len() == 3 => Some(None),
            [(month, _)] => Some(Some(month)),
            [(_, false), (month, _)] => Some(Some(month)),
            _ => None,
        }
    }

    fn with_month(&self, month: u64) -> Option<Date> {
        match self.figures[..] {
            [year, d] if year.digits == 4 && d.digits <= 2 => day(self.year(year), month, d.value),
            [d, year] if d.digits <= 2 && year.digits == 4 => day(self.year(year), month, d.value),
            [d, year] if d.digits <= 2 && year.digits == 2 => day(whole(year.value), month, d.value),
            _ => None,
        }
    }

    /// Thais count the years from 543 before ours.
    fn year(&self, year: Figure) -> u64 {
        if self.thai && year.value > 2400 { year.value - 543 } else { year.value }
    }

    /// Of a date in figures that ends with the year nobody can tell day and month, unless one is
    /// above 12, both are the same, points part them (days first) or the clock has twelve hours
    /// (months first).
    fn of_figures(&self, a: Figure, b: Figure, c: Figure) -> Option<Date> {
        let short = |figure: Figure| figure.digits <= 2;
        if a.digits == 4 && short(b) && short(c) {
            return day(a.value, b.value, c.value);
        }
        if !short(a) || !short(b) {
            return None;
        }
        let dots = a.behind == Some('.') && !matches!(b.behind, Some('/' | '-' | ':'));
        let american = a.behind == Some('/') && self.noon.is_some();
        let year = match c.digits {
            4 => c.value,
            2 if dots || american => whole(c.value),
            _ => return None,
        };
        match (a.value, b.value) {
            (d, m) if dots || d > 12 || d == m => day(year, m, d),
            (m, d) if d > 12 || american => day(year, m, d),
            _ => None,
        }
    }
}

/// The day of a year by its number, from 1 on.
fn nth_day(year: u64, nth: u64) -> Option<Date> {
    let days = Span::new().try_days(i64::try_from(nth).ok()?.checked_sub(1)?).ok()?;
    let date = day(year, 1, 1)?.checked_add(days).ok()?;
    (u64::try_from(date.year()) == Ok(year)).then_some(date)
}

/// The day of a week of ISO 8601, from Monday on.
fn of_week(year: u64, week: u64, weekday: u64) -> Option<Date> {
    let weekday = Weekday::from_monday_one_offset(weekday.try_into().ok()?).ok()?;
    Some(ISOWeekDate::new(year.try_into().ok()?, week.try_into().ok()?, weekday).ok()?.date())
}

/// A year of two digits, as RFC 5322 has it (4.3).
fn whole(year: u64) -> u64 {
    if year < 50 { 2000 + year } else { 1900 + year }
}
