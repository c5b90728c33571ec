//! How a schedule writes times of the day, weekdays and dates.

use std::borrow::Cow;

use jiff::civil::{self, Date, Weekday};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _};

/// A time of the day, `"00:00"` to `"24:00"`; minutes since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hour(u16);

impl Hour {
    pub const START: Self = Self(0);
    pub const END: Self = Self(24 * 60);

    fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.trim().split_once(':')?;
        let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
            let plain = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| text.parse::<u16>().ok()).flatten()
        };
        let (hours, minutes) = (number(hours, 1..=2)?, number(minutes, 2..=2)?);
        (minutes < 60).then_some(Self(hours * 60 + minutes)).filter(|hour| *hour <= Self::END)
    }

    /// By the clock; `None` for the end of the day.
    pub fn clock(self) -> Option<civil::Time> {
        civil::Time::new((self.0 / 60) as i8, (self.0 % 60) as i8, 0, 0).ok()
    }
}

/// Weekdays from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(Weekday, Weekday);

impl Days {
    fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        Some(Self(weekday(first)?, weekday(last)?))
    }

    /// Whether `day` is one of them; after Sunday comes Monday.
    pub fn has(self, day: Weekday) -> bool {
        let since = |day: Weekday| self.0.until(day);
        since(day) <= since(self.1)
    }
}

/// At least three letters of a weekday's English name.
fn weekday(text: &str) -> Option<Weekday> {
    const NAMES: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let text = text.trim().to_ascii_lowercase();
    NAMES.into_iter().find(|(name, _)| text.len() >= 3 && name.starts_with(&text)).map(|(_, day)| day)
}

/// Dates from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dates {
    Once(Date, Date),
    /// Month and day, every year.
    Yearly((i8, i8), (i8, i8)),
}

impl Dates {
    fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let (first, last) = (first.trim(), last.trim());
        let once = || Some(Self::Once(first.parse().ok()?, last.parse().ok()?));
        match yearly(first).zip(yearly(last)) {
            Some((first, last)) => Some(Self::Yearly(first, last)),
            None => once().filter(|dates| !matches!(dates, Self::Once(first, last) if first > last)),
        }
    }

    pub fn has(self, date: Date) -> bool {
        let day = (date.month(), date.day());
        match self {
            Self::Once(first, last) => first <= date && date <= last,
            Self::Yearly(first, last) if first <= last => first <= day && day <= last,
            Self::Yearly(first, last) => first <= day || day <= last,
        }
    }

    /// Whether all of them lie before `date`.
    pub fn is_over(self, date: Date) -> bool {
        matches!(self, Self::Once(_, last) if last < date)
    }
}

/// `12-24`; any day that a year can have.
fn yearly(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-').filter(|_| text.len() == 5)?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    Date::new(2028, month, day).ok().map(|_| (month, day))
}

macro_rules! written {
    ($type:ident, $what:literal, $help:literal, $example:literal) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let words = String::deserialize(from)?;
                let wrong = || D::Error::custom(format!(concat!("`{}` is not ", $what, "\n", $help), words));
                Self::parse(&words).ok_or_else(wrong)
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "description": $help, "examples": [$example] })
            }
        }
    };
}

written!(Hour, "a time of day", "Write hours and minutes: \"08:00\", \"22:30\", \"24:00\".", "08:00");
written!(Days, "a weekday", "Write weekdays: \"mon\", \"mon-fri\", \"sat-sun\".", "mon-fri");
written!(
    Dates,
    "a date",
    "Write a date or a range: \"2026-12-24\", \"2026-12-24..2026-12-26\", or every year \"12-24..01-06\".",
    "2026-12-24..2026-12-26"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_written_with_minutes() {
        let minutes = |text| Hour::parse(text).map(|hour| hour.0);
        assert_eq!(["00:00", "7:05", "23:59", "24:00"].map(minutes), [0, 425, 1_439, 1_440].map(Some));
        for wrong in ["", "24:01", "12", "12:60", "-1:00", "+1:00", "1:5", "12:00:00", "noon"] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
        assert_eq!(Hour::END.clock(), None);
        assert_eq!(Hour::parse("09:30").and_then(Hour::clock), civil::Time::new(9, 30, 0, 0).ok());
    }

    #[test]
    fn weekdays_run_over_the_weekend() {
        let days = |text| Days::parse(text).expect("is right");
        let of = |text| (1..=7).filter(|n| days(text).has(day(*n))).collect::<Vec<_>>();
        assert_eq!(of("mon-fri"), [1, 2, 3, 4, 5]);
        assert_eq!(of("sat - Mon"), [1, 6, 7]);
        assert_eq!(of("Wednesday"), [3]);
        assert_eq!(of("thurs"), [4]);
        assert!(["", "mo", "mon-", "monfri", "1"].into_iter().all(|wrong| Days::parse(wrong).is_none()));
    }

    fn day(number: i8) -> Weekday {
        Weekday::from_monday_one_offset(number).expect("1 to 7")
    }

    #[test]
    fn dates_are_once_or_every_year() {
        let has =
            |text, date: &str| Dates::parse(text).expect("is right").has(date.parse().expect("is a date"));
        assert!(has("2026-12-24", "2026-12-24") && !has("2026-12-24", "2027-12-24"));
        assert!(has("2026-12-24..2026-12-26", "2026-12-26") && !has("2026-12-24..2026-12-26", "2026-12-27"));
        assert!(has("12-24 .. 01-06", "2030-01-06") && !has("12-24..01-06", "2030-01-07"));
        assert!(has("02-29", "2028-02-29") && !has("02-29", "2027-02-28"));
        for wrong in ["", "12-32", "2026-02-30", "2026-12-26..2026-12-24", "24.12.", "12-24..2027-01-06"] {
            assert_eq!(Dates::parse(wrong), None, "{wrong}");
        }
    }
}
