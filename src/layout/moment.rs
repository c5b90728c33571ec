//! Moments as people write them.

use crate::clock::Time;
use jiff::civil::{self, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};

/// `14:00`, `yesterday 14:00`, `2026-11-21 14:00` in `zone`, or RFC 3339. `now` says which day it
/// is.
pub fn parse(text: &str, now: Time, zone: &TimeZone) -> Result<Time, String> {
    let text = text.trim();
    let moment = rfc3339(text).or_else(|| civil(text, &zoned(now, zone)));
    moment.ok_or_else(|| {
        format!(
            "`{text}` is not a time; use 14:00, `yesterday 14:00`, `2026-11-21 14:00` or \
             2026-11-21T14:00:00Z"
        )
    })
}

/// A moment as an answer tells it: `2026-11-21 14:00:00` in `zone`.
pub fn words(at: Time, zone: &TimeZone) -> String {
    zoned(at, zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A moment by the clocks of a zone.
pub fn zoned(at: Time, zone: &TimeZone) -> Zoned {
    Timestamp::from_microsecond(at.as_micros()).unwrap_or_default().to_zoned(zone.clone())
}

fn rfc3339(text: &str) -> Option<Time> {
    text.parse::<Timestamp>().ok().map(as_time)
}

fn civil(text: &str, now: &Zoned) -> Option<Time> {
    let (day, hour) = match text.split_once(' ') {
        None => (now.date(), text),
        Some(("today", hour)) => (now.date(), hour),
        Some(("yesterday", hour)) => (now.date().checked_sub(1.day()).ok()?, hour),
        Some((day, hour)) => (day.parse().ok()?, hour),
    };
    let hour: civil::Time = hour.trim().parse().ok()?;
    let at = DateTime::from_parts(day, hour).to_zoned(now.time_zone().clone()).ok()?;
    Some(as_time(at.timestamp()))
}

fn as_time(at: Timestamp) -> Time {
    Time::from_micros(at.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_moments_in_several_ways() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        // 2026-11-22 01:30 there, the day before in Greenwich.
        let now = as_time("2026-11-21T23:30:00Z".parse().expect("a time"));
        let at = |text| parse(text, now, &zone).map(|at| words(at, &TimeZone::UTC));
        for (text, expected) in [
            ("14:00", "2026-11-22 12:00:00"),
            ("today 00:10:30", "2026-11-21 22:10:30"),
            ("yesterday 14:00", "2026-11-21 12:00:00"),
            ("2026-11-01 09:05", "2026-11-01 07:05:00"),
            ("2026-11-21T14:00:00Z", "2026-11-21 14:00:00"),
            ("2026-11-21T14:00:00+02:00", "2026-11-21 12:00:00"),
        ] {
            assert_eq!(at(text).as_deref(), Ok(expected), "{text}");
        }
        for text in ["", "25:00", "noon", "tomorrow 14:00", "2026-02-30 14:00", "14:00 14:00"] {
            assert!(at(text).is_err_and(|why| why.contains("use 14:00")), "{text}");
        }
    }
}
