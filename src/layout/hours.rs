//! Modes and hours: the tables `[mode.…]` and `[schedule.…]`, and how a schedule writes days, dates and times.

mod words;

use std::ops::Range;

use jiff::civil::{self, Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::clock::Time;
use crate::color::Theme;
use crate::layout::value::{Base, Motion, PeopleNamed};
pub use words::{Dates, Days, Hour};

/// How far ahead a change of the schedule is looked for, days.
pub const AHEAD: i64 = 400;

/// A mode of the wall: which scenes take turns, and how they look.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ModeTable {
    /// The scenes that take turns in this mode, by name. Default: all scenes without `on_alert`.
    pub scenes: Option<Vec<String>>,
    /// Which set of colours: `dark`, `light` or `event`; your own colours in `[theme]` stay. Default: the
    /// theme's `base`.
    pub theme: Option<Base>,
    /// How much moves: `full`, `calm` or `still`. Default: that of `[wall]`.
    pub motion: Option<Motion>,
    /// Who is named: `full`, `handle`, `initials` or `masked`. Default: that of `[wall]`.
    pub people: Option<PeopleNamed>,
    /// How bright the picture is, percent of the light that it has otherwise: 40 for a room at night. Default: 100.
    #[schemars(range(min = 5, max = 100))]
    pub brightness: Option<u8>,
}

/// Hours in which a mode or a scene is on.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ScheduleTable {
    /// The mode that is on.
    pub mode: Option<String>,
    /// The scene that is shown all the time, instead of the scenes of the mode in turn.
    pub scene: Option<String>,
    /// When it begins, for example `"08:00"`.
    pub from: Hour,
    /// When it ends; at or before `from` means on the next day.
    pub to: Hour,
    /// Weekdays on which it begins: `["mon-fri"]`, `["sat", "sun"]`. Default: every day.
    pub days: Vec<Days>,
    /// Dates on which it begins: `["2026-12-24"]`, `["2026-12-24..2026-12-26"]`, or every year
    /// `["12-24..01-06"]`. Default: every date.
    pub dates: Vec<Dates>,
    /// Dates on which it does not begin.
    pub except: Vec<Dates>,
    /// IANA time zone of its hours. Default: that of `[wall]`.
    pub zone: Option<String>,
    /// Of several that hold at the same time the one with the highest priority counts; of equal ones the
    /// one that began last.
    #[schemars(range(min = -100, max = 100))]
    pub priority: i32,
    /// `false` leaves it out.
    pub enabled: bool,
}

impl Default for ScheduleTable {
    fn default() -> Self {
        Self {
            mode: None,
            scene: None,
            from: Hour::START,
            to: Hour::END,
            days: Vec::new(),
            dates: Vec::new(),
            except: Vec::new(),
            zone: None,
            priority: 0,
            enabled: true,
        }
    }
}

/// Hours in which displays rest: their panels are switched off, and on again at the end.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PowerTable {
    /// The displays that rest. Default: all that have a `panel`.
    pub displays: Option<Vec<String>>,
    /// When they go to rest, for example `"22:00"`.
    pub from: Hour,
    /// When they are woken; at or before `from` means on the next day.
    pub to: Hour,
    /// Weekdays on which the rest begins: `["mon-fri"]`, `["sat", "sun"]`. Default: every day.
    pub days: Vec<Days>,
    /// Dates on which it begins: `["2026-12-24..2026-12-26"]`, or every year `["12-24..01-06"]`. Default: every
    /// date.
    pub dates: Vec<Dates>,
    /// Dates on which it does not begin.
    pub except: Vec<Dates>,
    /// IANA time zone of its hours. Default: that of `[wall]`.
    pub zone: Option<String>,
    /// `false` leaves it out.
    pub enabled: bool,
}

impl Default for PowerTable {
    fn default() -> Self {
        Self {
            displays: None,
            from: Hour::START,
            to: Hour::END,
            days: Vec::new(),
            dates: Vec::new(),
            except: Vec::new(),
            zone: None,
            enabled: true,
        }
    }
}

impl PowerTable {
    /// Whether it holds at all times: from one day to the next, on every date.
    pub fn is_always(&self) -> bool {
        let week = (1..=7).filter_map(|day| Weekday::from_monday_one_offset(day).ok());
        let mut week = week.map(|day| self.days.iter().any(|days| days.has(day)));
        let is_whole = self.from == self.to || (self.from, self.to) == (Hour::START, Hour::END);
        is_whole
            && self.dates.is_empty()
            && self.except.is_empty()
            && (self.days.is_empty() || week.all(|on| on))
    }
}

/// A mode of the wall.
#[derive(Clone, Debug, PartialEq)]
pub struct Mode {
    pub name: String,
    /// Indices of the scenes that take turns; `None` for all that do.
    pub scenes: Option<Vec<usize>>,
    /// In place of the wall's.
    pub theme: Option<Theme>,
    pub motion: Option<Motion>,
    pub people: Option<PeopleNamed>,
    /// Share of the light that the picture has otherwise, 0 to 1.
    pub brightness: f32,
}

/// Hours on some days.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    pub from: Hour,
    pub to: Hour,
    pub days: Vec<Days>,
    pub dates: Vec<Dates>,
    pub except: Vec<Dates>,
    pub zone: TimeZone,
}

/// Hours in which a mode or a scene is on.
#[derive(Clone, Debug)]
pub struct Slot {
    pub name: String,
    /// Index of the mode.
    pub mode: Option<usize>,
    /// Index of the scene.
    pub scene: Option<usize>,
    pub hours: Hours,
    pub priority: i32,
}

/// What the slots of a schedule have at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Index of the mode.
    pub mode: Option<usize>,
    /// Index of the scene.
    pub scene: Option<usize>,
    /// Index of the slot that counts; `None` when none holds.
    pub slot: Option<usize>,
}

impl Hours {
    /// Whether it begins on this date.
    fn begins_on(&self, date: Date) -> bool {
        let day = |days: &Days| days.has(date.weekday());
        let on = |dates: &Dates| dates.has(date);
        (self.days.is_empty() || self.days.iter().any(day))
            && (self.dates.is_empty() || self.dates.iter().any(on))
            && !self.except.iter().any(on)
    }

    /// From when until when it holds that begins on this date. Where clocks are put forward over one of its
    /// hours, that comes as much later; where they are put back, the first time counts.
    fn on(&self, date: Date) -> Option<Range<Time>> {
        if !self.begins_on(date) {
            return None;
        }
        let last = if self.to > self.from { date } else { date.checked_add(1.day()).ok()? };
        let (from, to) = (self.at(date, self.from)?, self.at(last, self.to)?);
        (from < to).then_some(from..to)
    }

    fn at(&self, date: Date, hour: Hour) -> Option<Time> {
        let (date, clock) = match hour.clock() {
            Some(clock) => (date, clock),
            None => (date.checked_add(1.day()).ok()?, civil::Time::midnight()),
        };
        let zoned = date.to_datetime(clock).to_zoned(self.zone.clone()).ok()?;
        Some(Time::from_micros(zoned.timestamp().as_microsecond()))
    }

    /// The date in its zone.
    fn date(&self, now: Time) -> Date {
        let at = Timestamp::from_microsecond(now.as_micros()).unwrap_or_default();
        at.to_zoned(self.zone.clone()).date()
    }

    /// Its time around `now`, that of the days beside today included.
    fn around(&self, now: Time) -> impl Iterator<Item = Range<Time>> + '_ {
        let today = self.date(now);
        (-1..=1).filter_map(move |days| self.on(today.checked_add(days.days()).ok()?))
    }

    /// When it began that holds at `now`.
    pub fn began(&self, now: Time) -> Option<Time> {
        self.around(now).find(|time| time.contains(&now)).map(|time| time.start)
    }

    /// When it begins or ends next.
    pub fn next_edge(&self, now: Time) -> Option<Time> {
        let today = self.date(now);
        let dates = (-1..AHEAD).filter_map(|days| today.checked_add(days.days()).ok());
        let edges = dates.filter_map(|date| self.on(date)).flat_map(|time| [time.start, time.end]);
        edges.filter(|edge| *edge > now).take(2).min()
    }

    /// When it last began or ended, if that was lately.
    fn last_edge(&self, now: Time) -> Option<Time> {
        self.around(now).flat_map(|time| [time.start, time.end]).filter(|edge| *edge <= now).max()
    }
}

/// What `slots` have at `now`: of all that hold, the one with the highest priority counts, then the one that
/// began last, then the one that the layout names last. One that names only a scene leaves the mode to the next.
pub fn standing(slots: &[Slot], now: Time) -> Standing {
    let holds = |(index, slot): (usize, &Slot)| Some((slot.priority, slot.hours.began(now)?, index));
    let mut holding: Vec<(i32, Time, usize)> = slots.iter().enumerate().filter_map(holds).collect();
    holding.sort_unstable_by(|a, b| b.cmp(a));
    let first = holding.first().map(|(_, _, index)| *index);
    Standing {
        mode: holding.iter().find_map(|(_, _, index)| slots[*index].mode),
        scene: first.and_then(|index| slots[index].scene),
        slot: first,
    }
}

/// When what the slots have changes next after `now`; looked for over more than a year.
pub fn next_change(slots: &[Slot], now: Time) -> Option<Time> {
    let stands = standing(slots, now);
    let mut at = now;
    // Edges at which nothing changes are few: a slot that lies under another.
    for _ in 0..AHEAD {
        at = slots.iter().filter_map(|slot| slot.hours.next_edge(at)).min()?;
        if standing(slots, at) != stands {
            return Some(at);
        }
    }
    None
}

/// When a slot last began or ended; what stands then stands since.
pub fn last_edge(slots: &[Slot], now: Time) -> Option<Time> {
    slots.iter().filter_map(|slot| slot.hours.last_edge(now)).max()
}

#[cfg(test)]
mod tests;
