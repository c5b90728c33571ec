//! Moments as people and programs write them: the one reader of dates for all feeds.
//!
//! What it reads and what it refuses stands in `docs/feeds/README.md`. A text without a zone is
//! taken as UTC, a day without a time as its first moment. Whatever is not understood to the last
//! word is refused: a date that might mean two days, a zone with two meanings, a word that is not
//! known.

mod date;
mod lexer;
mod names;
mod reader;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time as Clock};
use jiff::tz::TimeZone;

use self::lexer::tokens;
use self::reader::{MAX_OFFSET, Reader};
use crate::clock::Time;

/// Longest text that is looked at, bytes.
const MAX_TEXT: usize = 200;

/// Reads a text to the microsecond; `None` where it is not a moment between 1990 and 2200.
pub(in crate::feed) fn read(text: &str) -> Option<Time> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
    if text.is_empty() || text.len() > MAX_TEXT {
        return None;
    }
    let at = read_trimmed(text);
    if at.is_none() {
        tracing::debug!(text, "not a time that can be read");
    }
    at
}

fn read_trimmed(text: &str) -> Option<Time> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return of(at).filter(|_| !is_far(text));
    }
    number(text.strip_prefix('@').unwrap_or(text)).or_else(|| dot_net(text)).or_else(|| words(text))
}

/// Whether an offset of ISO 8601 is one that no place on Earth has.
fn is_far(text: &str) -> bool {
    let time = text.get("2026-11-15T".len()..).unwrap_or_default();
    let hours = time.rfind(['+', '-']).and_then(|at| time.get(at + 1..at + 3)?.parse::<u64>().ok());
    hours.is_some_and(|hours| hours > MAX_OFFSET)
}

/// A whole number of seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by
/// its size; or the digits of a date, `20261115` or `20261115121500`.
pub(in crate::feed) fn of_whole(number: i64) -> Option<Time> {
    let micros = match number.unsigned_abs() {
        0..100_000_000_000 => number.checked_mul(1_000_000),
        100_000_000_000..100_000_000_000_000 => number.checked_mul(1_000),
        100_000_000_000_000..100_000_000_000_000_000 => Some(number),
        1_000_000_000_000_000_000.. => Some(number / 1_000),
        // Nanoseconds of before 2001 would be; ticks of .NET are.
        _ => None,
    };
    plausible(micros).or_else(|| digits(&number.to_string()))
}

/// The same of a number with a fraction.
pub(in crate::feed) fn of_real(number: f64) -> Option<Time> {
    let seconds = match number.abs() {
        0.0..1e11 => number,
        1e11..1e14 => number / 1e3,
        1e14..1e17 => number / 1e6,
        _ => number / 1e9,
    };
    let micros = (seconds * 1e6).round();
    plausible((micros.abs() < 9e15).then_some(micros as i64))
}

/// Drops what is before 1990 or after 2200: a fault, not a time.
fn plausible(micros: Option<i64>) -> Option<Time> {
    let micros = micros.filter(|micros| micros.abs() < i64::MAX / 1_000)?;
    let at = Time::from_micros(micros);
    (631_152_000..7_258_118_400).contains(&at.as_secs()).then_some(at)
}

fn of(at: Timestamp) -> Option<Time> {
    plausible(Some(at.as_microsecond()))
}

fn number(text: &str) -> Option<Time> {
    match text.parse::<i64>() {
        Ok(whole) => of_whole(whole),
        Err(_) => of_real(text.parse::<f64>().ok()?),
    }
}

/// `20261115`, `202611151215` or `20261115121500`.
fn digits(text: &str) -> Option<Time> {
    let at = |range: std::ops::Range<usize>| text.get(range)?.parse::<u64>().ok();
    let clock = match text.len() {
        8 => [0, 0, 0],
        12 => [at(8..10)?, at(10..12)?, 0],
        14 => [at(8..10)?, at(10..12)?, at(12..14)?],
        _ => return None,
    };
    moment(day(at(0..4)?, at(4..6)?, at(6..8)?)?, clock_of(clock, 0)?, &TimeZone::UTC)
}

/// `/Date(1794744900000+0100)/`: milliseconds; the offset is only how it was shown.
fn dot_net(text: &str) -> Option<Time> {
    let text = text.trim_matches(['/', '\\']);
    let inner = text.strip_prefix("new ").unwrap_or(text).strip_prefix("Date(")?.strip_suffix(')')?;
    let end = inner.rfind(['+', '-']).filter(|at| *at > 0).unwrap_or(inner.len());
    plausible(inner[..end].trim().parse::<i64>().ok()?.checked_mul(1_000))
}

/// A date in figures or words, with or without a time of day and a zone.
fn words(text: &str) -> Option<Time> {
    let text = lexer::plain(text);
    let (text, note) = lexer::without_notes(&text);
    let (text, named) = lexer::without_place(&text)?;
    // A year before our era.
    if text.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let mut reader = Reader::new(tokens(&text), named);
    reader.run()?;
    reader.listen_to(&note)?;
    let (clock, extra) = reader.clock()?;
    let date = reader.date()?.checked_add(jiff::Span::new().days(extra)).ok()?;
    moment(date, clock, &reader.zone()?)
}

fn moment(date: Date, clock: Clock, zone: &TimeZone) -> Option<Time> {
    of(DateTime::from_parts(date, clock).to_zoned(zone.clone()).ok()?.timestamp())
}

fn day(year: u64, month: u64, day: u64) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// A leap second is the one before it.
fn clock_of([hour, minute, second]: [u64; 3], nanos: u64) -> Option<Clock> {
    let second = if second == 60 { 59 } else { second };
    let small = |n: u64| i8::try_from(n).ok();
    Clock::new(small(hour)?, small(minute)?, small(second)?, nanos.try_into().ok()?).ok()
}
