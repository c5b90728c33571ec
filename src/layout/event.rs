//! What an event is: when it began, and the zone in which a wall reckons its days.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _};

use crate::clock::Time;
use crate::layout::problem::Problem;
use crate::layout::window::Window;

/// An event; tiles with `window = "event"` count from its start.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventTable {
    /// When it starts, with a UTC offset (`"2026-11-22T09:00:00+01:00"`) or in the wall's time zone
    /// (`"2026-11-22 09:00"`). Can be in the future.
    pub start: Moment,
    /// Name shown on the wall.
    #[serde(default)]
    pub name: Option<String>,
}

/// An occasion from whose start tiles count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub start: Time,
    /// As it stands on the wall.
    pub name: Option<String>,
}

/// A moment as it is written: with an offset, or by the clocks of the wall's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    At(Timestamp),
    Local(DateTime),
}

impl Moment {
    /// `None` for what is no moment.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let local = || text.parse().ok().map(Self::Local);
        text.parse().ok().map(Self::At).or_else(local)
    }

    /// When that is in `zone`. Where clocks are put forward over it, as much later; where they are
    /// put back, the first time.
    pub fn in_zone(self, zone: &TimeZone) -> Option<Time> {
        let at = match self {
            Self::At(at) => at,
            Self::Local(civil) => civil.to_zoned(zone.clone()).ok()?.timestamp(),
        };
        Some(Time::from_micros(at.as_microsecond()))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = String::deserialize(deserializer)?;
        Self::parse(&words).ok_or_else(|| {
            D::Error::custom(format!(
                "`{words}` is not a time\nWrite a date and time: \"2026-11-22T09:00:00+01:00\", or \
                \"2026-11-22 09:00\" in the wall's time zone."
            ))
        })
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A date and time, with a UTC offset or in the wall's time zone.",
            "examples": ["2026-11-22T09:00:00+01:00", "2026-11-22 09:00"],
        })
    }
}

/// The zone of this name: the machine's own without one, and UTC for a name that this machine does not
/// know.
pub fn zone(name: Option<&str>) -> TimeZone {
    match name {
        Some(name) => TimeZone::get(name).unwrap_or(TimeZone::UTC),
        None => TimeZone::system(),
    }
}

/// The event of a wall in the zone called `zone_name`.
pub fn solve(table: &EventTable, zone_name: Option<&str>) -> Option<Event> {
    let start = table.start.in_zone(&zone(zone_name))?;
    Some(Event { start, name: table.name.clone().filter(|name| !name.trim().is_empty()) })
}

/// What is wrong with a tile that counts from an event that there is not.
pub fn missing(window: Option<Window>, has_event: bool, span: std::ops::Range<usize>) -> Option<Problem> {
    if window != Some(Window::Event) || has_event {
        return None;
    }
    let problem = Problem::error("no-event", span, "there is no event to count from");
    let help = "Add `[event]` with `start = \"2026-11-22T09:00:00+01:00\"`, or choose another window.";
    Some(problem.label("needs `[event]`").help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_an_offset_or_the_zone_of_the_wall() {
        let berlin = TimeZone::get("Europe/Berlin").expect("zones are known");
        let at = |text| Moment::parse(text).and_then(|m| m.in_zone(&berlin)).map(Time::as_secs);
        let nine = Some(1_795_334_400);
        for text in
            ["2026-11-22T09:00:00+01:00", "2026-11-22T08:00:00Z", "2026-11-22 09:00", "2026-11-22T09:00:00"]
        {
            assert_eq!(at(text), nine, "{text}");
        }
        // Clocks went forward from two to three, and back from three to two.
        assert_eq!(at("2026-03-29 02:30"), at("2026-03-29 03:30"));
        assert_eq!(at("2026-10-25 02:30"), at("2026-10-25T02:30:00+02:00"));
        for text in ["", "09:00", "tomorrow", "2026-02-30 09:00", "2026-11-22 25:00"] {
            assert_eq!(at(text), None, "{text}");
        }
    }
}
