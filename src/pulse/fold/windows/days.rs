//! Where the windows begin that begin at a moment: the days of the wall's zone, and its event.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::clock::Time;
use crate::layout::wall::Wall;

/// Beginnings, as minutes since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Today's midnight, and yesterday's.
    pub midnight: i64,
    pub yesterday: i64,
    /// The event's start; `None` where there is none.
    pub event: Option<i64>,
}

/// The days of a zone, one at a time.
#[derive(Debug)]
pub struct Days {
    zone: TimeZone,
    marks: Marks,
    /// Seconds from which to which the marks hold.
    from: i64,
    until: i64,
}

impl Days {
    pub fn of(wall: &Wall) -> Self {
        let event = wall.event.as_ref().map(|event| event.start.as_secs().div_euclid(60));
        let marks = Marks { event, ..Marks::default() };
        Self { zone: wall.time_zone(), marks, from: 0, until: 0 }
    }

    /// The marks at the second `now`.
    pub fn at(&mut self, now: i64) -> Marks {
        if !(self.from..self.until).contains(&now) {
            let [before, from, until] = self.midnights(now);
            (self.from, self.until) = (from, until.max(now + 1));
            (self.marks.yesterday, self.marks.midnight) = (before.div_euclid(60), from.div_euclid(60));
        }
        self.marks
    }

    /// Midnight of yesterday, today and tomorrow, seconds; days of UTC where the calendar ends.
    fn midnights(&self, now: i64) -> [i64; 3] {
        let start = |days: i64| {
            let here = Timestamp::from_second(now).ok()?.to_zoned(self.zone.clone());
            let day = here.date().checked_add(days.days()).ok()?;
            day.to_zoned(self.zone.clone()).ok().map(|midnight| midnight.timestamp().as_second())
        };
        let plain = now.div_euclid(86_400) * 86_400;
        [-1, 0, 1].map(|days| start(days).unwrap_or(plain + days * 86_400))
    }
}

/// As [`Time`], the start of a quarter of an hour.
pub fn start_of(quarter: i64) -> Time {
    Time::from_secs(quarter.saturating_mul(super::steps::QUARTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(zone: &str) -> Days {
        let zone = TimeZone::get(zone).expect("zones are known");
        Days { zone, marks: Marks::default(), from: 0, until: 0 }
    }

    /// Minutes since midnight, and the length of yesterday in minutes.
    fn at(days: &mut Days, moment: &str) -> (i64, i64) {
        let now = moment.parse::<Timestamp>().expect("a time").as_second();
        let marks = days.at(now);
        (now.div_euclid(60) - marks.midnight, marks.midnight - marks.yesterday)
    }

    #[test]
    fn days_of_23_and_25_hours_and_midnights_that_do_not_exist() {
        let mut berlin = days("Europe/Berlin");
        assert_eq!(at(&mut berlin, "2026-03-28T22:59:59Z"), (1_439, 1_440));
        assert_eq!(at(&mut berlin, "2026-03-28T23:00:00Z"), (0, 1_440));
        assert_eq!(at(&mut berlin, "2026-03-29T21:59:00Z"), (23 * 60 - 1, 1_440));
        assert_eq!(at(&mut berlin, "2026-03-29T22:00:00Z"), (0, 23 * 60));
        assert_eq!(at(&mut berlin, "2026-10-25T22:59:00Z"), (25 * 60 - 1, 1_440));
        assert_eq!(at(&mut berlin, "2026-10-25T23:00:00Z"), (0, 25 * 60));
        // The clock is set back over midnight.
        assert_eq!(at(&mut berlin, "2026-10-25T21:59:00Z"), (24 * 60 - 1, 1_440));
        // In São Paulo clocks went from 0:00 to 1:00: the day began at one.
        let mut paulo = days("America/Sao_Paulo");
        assert_eq!(at(&mut paulo, "2018-11-04T02:59:59Z"), (1_439, 1_440));
        assert_eq!(at(&mut paulo, "2018-11-04T03:00:00Z"), (0, 1_440));
        assert_eq!(at(&mut paulo, "2018-11-05T02:00:00Z"), (0, 23 * 60));
        // And from 24:00 back to 23:00: the day ended twice.
        assert_eq!(at(&mut paulo, "2019-02-17T02:59:00Z"), (25 * 60 - 1, 1_440));
        assert_eq!(at(&mut paulo, "2019-02-17T03:00:00Z"), (0, 25 * 60));
        assert_eq!(at(&mut days("Asia/Kolkata"), "2026-11-22T18:29:59Z"), (1_439, 1_440));
        assert_eq!(at(&mut days("Asia/Kolkata"), "2026-11-22T18:30:00Z"), (0, 1_440));
    }
}
