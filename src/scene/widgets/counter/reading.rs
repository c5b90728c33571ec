//! What a counter reads off a stream, and how it writes it.

use std::sync::Arc;

use crate::layout::wall::Wall;
use crate::layout::window::Window;
use crate::metric::{Exactness, Metric, Tally, Unit};
use crate::pulse::snapshot::{Series, Stream};
use crate::scene::widgets::figures::Figure;
use crate::scene::widgets::span::{self, Silence};

/// One value of a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// Why nobody knows.
    Unknown(&'static str),
    /// Nothing was heard.
    Silent(Silence),
    Count(u64),
    /// Tenths of a mention a minute.
    Rate(u64),
    /// Mentions an hour, where there is not one a minute.
    Hourly(u64),
    /// Not one an hour, and not none.
    UnderAnHour,
    /// The same a minute, beside rates that are told by the minute.
    UnderAMinute,
    /// Whole per cent of a whole.
    Share(u64),
    /// Fewer than one per cent, and not none.
    UnderAPerCent,
    /// Whole per cent, with its sign.
    Net(i64),
}

/// How readings are written; the same for every value that a place is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    Exact,
    Compact,
    Tenths,
}

impl Reading {
    /// Reads `metric` off a tally of which `known_secs` seconds are known; `silence` is why there is
    /// nothing to read.
    pub fn of(metric: Metric, tally: &Tally, known_secs: u32, silence: Option<Silence>) -> Self {
        if let Some(silence) = silence {
            return Self::Silent(silence);
        }
        if metric.moods().is_some() && hardly_judged(tally) {
            return Self::Unknown("not judged in this language");
        }
        let value = match metric.value(tally, known_secs) {
            Ok(value) => value,
            Err(why) => return Self::Unknown(why),
        };
        match metric.unit() {
            Unit::Count if metric.exactness(tally) == Exactness::About => {
                Self::Count(three_digits(value as u64))
            }
            Unit::Count => Self::Count(value as u64),
            Unit::PerMinute => match (value * 60.0).round() as u64 {
                0 if value > 0.0 => Self::UnderAnHour,
                hourly @ 1..60 => Self::Hourly(hourly),
                _ => Self::Rate((value * 10.0) as u64),
            },
            Unit::PerCent => match whole_per_cent(value) {
                0 if value > 0.0 => Self::UnderAPerCent,
                share => Self::Share(share.unsigned_abs()),
            },
            Unit::SignedPerCent => Self::Net(whole_per_cent(value)),
        }
    }

    /// The same beside rates that are told by the minute.
    pub const fn by_minute(self) -> Self {
        match self {
            Self::Hourly(_) | Self::UnderAnHour => Self::UnderAMinute,
            other => other,
        }
    }

    /// What a rate is told by.
    pub const fn per(self) -> &'static str {
        match self {
            Self::Hourly(_) | Self::UnderAnHour => "an hour",
            _ => "a minute",
        }
    }

    /// Says which of two readings is larger.
    pub fn size(self) -> f64 {
        match self {
            Self::Unknown(_) | Self::Silent(_) => -1.0,
            Self::UnderAnHour | Self::UnderAMinute | Self::UnderAPerCent => 0.0,
            Self::Hourly(n) => n as f64 / 6.0,
            Self::Count(n) | Self::Rate(n) | Self::Share(n) => n as f64,
            Self::Net(n) => n as f64,
        }
    }

    /// This reading as it would be if there were `peak` mentions in place of `mentions`; never
    /// smaller than it is.
    pub fn grown(self, peak: u64, mentions: u64) -> Self {
        let grow = |n: u64| match mentions {
            0 => n,
            _ => ((n as f64 * peak as f64 / mentions as f64).round() as u64).max(n),
        };
        match self {
            Self::Count(n) => Self::Count(grow(n)),
            Self::Rate(n) => Self::Rate(grow(n)),
            other => other,
        }
    }

    /// How readings up to this one are written: in full, and where that has no room.
    pub const fn forms(self) -> (Form, Form) {
        match self {
            Self::Rate(0..100) => (Form::Tenths, Form::Exact),
            Self::Count(_) | Self::Rate(_) => (Form::Exact, Form::Compact),
            _ => (Form::Exact, Form::Exact),
        }
    }

    /// The largest reading that takes as much room: nines in every place.
    pub fn capacity(self) -> Self {
        let nines = |n: u64| 10u64.saturating_pow(n.checked_ilog10().unwrap_or(0) + 1) - 1;
        match self {
            Self::Count(n) => Self::Count(nines(n)),
            Self::Rate(n) => Self::Rate(nines(n)),
            Self::Hourly(_) | Self::UnderAnHour => Self::Hourly(99),
            Self::UnderAMinute => Self::Rate(99),
            Self::Share(_) | Self::UnderAPerCent => Self::Share(100),
            Self::Net(_) => Self::Net(-99),
            unknown => unknown,
        }
    }
}

impl Form {
    pub fn figure(self, reading: Reading) -> Figure {
        match (reading, self) {
            (Reading::Unknown(_) | Reading::Silent(_), _) => Figure::unknown(),
            (Reading::UnderAnHour | Reading::UnderAMinute, _) => Figure::under_one(),
            (Reading::Hourly(n), _) => Figure::exact(n),
            (Reading::UnderAPerCent, _) => Figure::under_a_per_cent(),
            (Reading::Share(n), _) => Figure::per_cent(n),
            (Reading::Net(n), _) => Figure::signed_per_cent(n),
            // More digits move too fast to be read.
            (Reading::Count(n), _) if n >= 1_000_000 => Figure::compact(n),
            (Reading::Count(n), Form::Compact) => Figure::compact(n),
            (Reading::Count(n), _) => Figure::exact(n),
            (Reading::Rate(n), Form::Tenths) => Figure::tenths(n),
            (Reading::Rate(n), Form::Compact) => Figure::compact(n / 10),
            (Reading::Rate(n), Form::Exact) => Figure::exact(n / 10),
        }
    }
}

/// Whether so few of many mentions were judged that nothing can be said of all.
fn hardly_judged(tally: &Tally) -> bool {
    let known = tally.mentions.saturating_sub(tally.unknown);
    tally.mentions >= 20 && known * 20 < tally.mentions
}

/// Rounded; all is only said of all.
fn whole_per_cent(value: f64) -> i64 {
    let most = if value.abs() < 100.0 { 99 } else { 100 };
    (value.round() as i64).clamp(-most, most)
}

/// An estimate has no more digits than it is worth.
fn three_digits(n: u64) -> u64 {
    let unit = 10_u64.pow(n.checked_ilog10().unwrap_or(0).saturating_sub(2));
    n.saturating_add(unit / 2) / unit * unit
}

/// The series in which a window moves about, and the window's length in seconds; a window as long
/// as all that is remembered finds no peak but itself.
pub fn ceiling_series(stream: &Stream, window: Window) -> (&Arc<Series>, u32) {
    let series = match window {
        Window::H1 => &stream.by_minute,
        other => span::series(stream, other),
    };
    (series, span::secs(stream, window))
}

/// The window in words; while not all of it was heard, how much.
pub fn window_words(wall: &Wall, stream: &Stream, window: Window) -> String {
    span::part(stream, window).unwrap_or_else(|| wall.window_words(window).into_owned())
}
