//! Finds bursts in the counts of a stream, minute by minute: an automaton of two states, usual and
//! burst (after Kleinberg, *Bursty and Hierarchical Structure in Streams*, 2002), whose emissions
//! are negative binomial, because real mentions vary more than chance alone would have it.
//!
//! In every minute the automaton asks how much likelier the count is at `TIMES` the usual rate
//! than at the usual one (natural logarithm, at most `CAP` a minute). These add up, never below
//! zero. Above the threshold of the sensitivity, with two minutes in a row that speak for a burst
//! and at least `LEAST` mentions, the burst is told; it began when the sum last left zero. It is
//! over when as much speaks against it, or after `LONGEST`, when it is the usual.
//!
//! The usual rate is an exponentially weighted mean (half-life `HALF_LIFE` minutes) divided by a
//! factor for each of the day's 24 hours (UTC), once each was heard; between their middles the
//! factors run straight. The dispersion is learned with a half-life of two days from where one
//! begins who knows nothing. Minutes of a burst, and those in which one may begin, teach nothing.

use crate::layout::alert::Sensitivity;
use crate::pulse::persist::keys::detector as known;
use crate::pulse::persist::record::{Record, RecordWriter};

/// A burst has at least so many times the usual rate.
const TIMES: f64 = 3.0;
/// No minute speaks louder, so that no single one can make a burst.
const CAP: f64 = 5.0;
/// Mentions without which there is no burst.
const LEAST: u32 = 6;
/// What speaks against a burst before it is over.
const OVER: f64 = 4.0;
/// Minutes after which a burst is what is usual now.
const LONGEST: u32 = 360;
/// Minutes in which a deviation loses half its weight in the mean.
const HALF_LIFE: f64 = 90.0;
/// The same of the dispersion.
const DISPERSION_HALF_LIFE: f64 = 2_880.0;
/// Minutes heard before anything is judged.
pub const LEARNING: u32 = 60;
/// Minutes heard before the dispersion learns.
const SETTLED: u32 = 30;
/// Dispersion (the variance of the rate by the square of its mean) where nothing is known, and how
/// many squared mentions that knowledge weighs.
const PRIOR: (f64, f64) = (0.15, 20.0);
/// No rate is usual below this, mentions a minute.
const FLOOR: f64 = 0.1;
/// How much an hour of today changes what is known of it.
const HOUR_LEARNS: f64 = 0.25;
/// Minutes at the mean rate that an hour's factor is held back by.
const HOUR_HELD: f64 = 20.0;

/// The detector of one stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Detector {
    threshold: f64,
    heard: u32,
    /// Mean rate without the hour's factor, mentions a minute.
    level: f64,
    factors: [f64; 24],
    /// Mean rate of each hour; NaN before it was heard.
    hours: [f64; 24],
    /// Mentions and minutes of the running hour.
    hour: (f64, f64),
    /// Sums whose quotient is the dispersion.
    spread: (f64, f64),
    /// What speaks for a burst (against it while there is one).
    sum: f64,
    in_a_row: u32,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Usual,
    /// The sum left zero with this minute.
    Rising(Burst),
    Burst(Burst),
}

/// A burst, minute by minute.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Burst {
    /// Its first minute, counted since 1970.
    pub begin: i64,
    /// Its last minute that was judged.
    pub last: i64,
    /// Mentions in it.
    pub observed: f64,
    /// Mentions that would have been usual.
    pub expected: f64,
}

impl Burst {
    /// How many times as many as usual.
    pub fn strength(&self) -> f64 {
        self.observed / self.expected.max(FLOOR)
    }

    fn with(mut self, minute: i64, count: u32, usual: f64) -> Self {
        self.last = minute;
        self.observed += f64::from(count);
        self.expected += usual;
        self
    }
}

/// What a minute changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Turn {
    Begins(Burst),
    Ends(Burst),
}

impl Detector {
    pub fn new(sensitivity: Sensitivity) -> Self {
        Self {
            threshold: match sensitivity {
                Sensitivity::Calm => 18.0,
                Sensitivity::Normal => 12.0,
                Sensitivity::Keen => 8.0,
            },
            heard: 0,
            level: 0.0,
            factors: [1.0; 24],
            hours: [f64::NAN; 24],
            hour: (0.0, 0.0),
            spread: (PRIOR.0 * PRIOR.1, PRIOR.1),
            sum: 0.0,
            in_a_row: 0,
            state: State::Usual,
        }
    }

    /// Minutes that must still be heard before anything is judged.
    pub fn learning(&self) -> u32 {
        LEARNING.saturating_sub(self.heard)
    }

    /// Mentions that are usual in a minute.
    pub fn usual(&self, minute: i64) -> f64 {
        (self.level * self.factor(minute)).max(FLOOR)
    }

    /// The burst that there is now.
    pub fn burst(&self) -> Option<&Burst> {
        match &self.state {
            State::Burst(burst) => Some(burst),
            State::Usual | State::Rising(_) => None,
        }
    }

    /// Judges the count of a minute; `None` is unknown and changes nothing but the hour. Minutes
    /// come one after the other.
    pub fn minute(&mut self, minute: i64, count: Option<u32>) -> Option<Turn> {
        let turn = count.and_then(|count| {
            let usual = self.usual(minute);
            let turn = if self.learning() == 0 { self.judge(minute, count, usual) } else { None };
            if self.teaches() {
                self.learn(minute, count, usual);
            }
            turn
        });
        if minute.rem_euclid(60) == 59 {
            self.end_hour(minute);
        }
        turn
    }

    fn judge(&mut self, minute: i64, count: u32, usual: f64) -> Option<Turn> {
        let speaks = likelier(count, usual, self.dispersion()).clamp(-CAP, CAP);
        match self.state {
            State::Burst(burst) => {
                self.sum = (self.sum - speaks).max(0.0);
                let so_far = burst.with(minute, count, usual);
                let long = so_far.last - so_far.begin >= i64::from(LONGEST);
                if self.sum <= OVER && !long {
                    self.state = State::Burst(so_far);
                    return None;
                }
                if long {
                    self.level = f64::from(count) / self.factor(minute);
                }
                self.rest();
                Some(Turn::Ends(burst))
            }
            _ if self.sum + speaks <= 0.0 => {
                self.rest();
                None
            }
            state => self.rise(state, speaks, minute, count, usual),
        }
    }

    fn rise(&mut self, state: State, speaks: f64, minute: i64, count: u32, usual: f64) -> Option<Turn> {
        let so_far = match state {
            State::Rising(burst) => burst,
            _ => Burst { begin: minute, ..Burst::default() },
        };
        let burst = so_far.with(minute, count, usual);
        self.sum += speaks;
        self.in_a_row = if speaks > 0.0 { self.in_a_row + 1 } else { 0 };
        if self.sum > self.threshold && self.in_a_row >= 2 && burst.observed >= f64::from(LEAST) {
            (self.sum, self.state) = (0.0, State::Burst(burst));
            return Some(Turn::Begins(burst));
        }
        self.state = State::Rising(burst);
        None
    }

    fn rest(&mut self) {
        (self.sum, self.in_a_row, self.state) = (0.0, 0, State::Usual);
    }

    fn teaches(&self) -> bool {
        self.burst().is_none() && self.sum < self.threshold / 2.0
    }

    fn learn(&mut self, minute: i64, count: u32, usual: f64) {
        let count = f64::from(count);
        self.heard = self.heard.saturating_add(1);
        if self.heard > SETTLED {
            let keeps = 0.5_f64.powf(1.0 / DISPERSION_HALF_LIFE);
            let excess = ((count - usual).powi(2) - usual).min(25.0 * usual * (usual + 1.0));
            let (over, under) = self.spread;
            let held = (1.0 - keeps) * PRIOR.1;
            self.spread.0 = (over * keeps + excess + held * PRIOR.0).max(0.0);
            self.spread.1 = under * keeps + usual * usual + held;
        }
        let weight = (1.0 - 0.5_f64.powf(1.0 / HALF_LIFE)).max(1.0 / f64::from(self.heard));
        self.level += weight * (count / self.factor(minute) - self.level);
        self.hour = (self.hour.0 + count, self.hour.1 + 1.0);
    }

    /// Variance of the rate by the square of its mean.
    pub fn dispersion(&self) -> f64 {
        (self.spread.0 / self.spread.1).clamp(0.02, 2.0)
    }

    /// The hour's factor, straight between the middles of two hours.
    fn factor(&self, minute: i64) -> f64 {
        let at = (minute - 30).rem_euclid(1_440);
        let (hour, part) = ((at / 60) as usize, (at % 60) as f64 / 60.0);
        self.factors[hour] * (1.0 - part) + self.factors[(hour + 1) % 24] * part
    }

    /// Learns from the hour that ends with `minute`, if half of it taught anything.
    fn end_hour(&mut self, minute: i64) {
        let (count, minutes) = std::mem::take(&mut self.hour);
        if minutes < 30.0 {
            return;
        }
        let hour = &mut self.hours[minute.rem_euclid(1_440) as usize / 60];
        let mean = count / minutes;
        *hour = if hour.is_nan() { mean } else { *hour + HOUR_LEARNS * (mean - *hour) };
        let day = self.hours.iter().sum::<f64>() / 24.0;
        if day.is_nan() || day <= 0.0 {
            return;
        }
        let before = self.factor(minute);
        let held = day * HOUR_HELD;
        self.factors = self.hours.map(|mean| ((mean * 60.0 + held) / (day * 60.0 + held)).clamp(0.1, 10.0));
        self.level *= before / self.factor(minute);
    }

    /// Writes all that it knows.
    pub fn keep(&self, out: &mut RecordWriter) {
        let (state, burst) = match self.state {
            State::Usual => (0, Burst::default()),
            State::Rising(burst) => (1, burst),
            State::Burst(burst) => (2, burst),
        };
        let bytes =
            |floats: &[f64; 24]| floats.iter().flat_map(|float| float.to_le_bytes()).collect::<Vec<u8>>();
        out.number(known::HEARD, self.heard.into()).double(known::LEVEL, self.level);
        out.double(known::HOUR_MENTIONS, self.hour.0).double(known::HOUR_MINUTES, self.hour.1);
        out.double(known::SPREAD, self.spread.0).double(known::SPREAD_WEIGHT, self.spread.1);
        out.double(known::SUM, self.sum).number(known::IN_A_ROW, self.in_a_row.into());
        out.number(known::STATE, state).signed(known::BEGIN, burst.begin).signed(known::LAST, burst.last);
        out.double(known::OBSERVED, burst.observed).double(known::EXPECTED, burst.expected);
        out.bytes(known::HOURS, &bytes(&self.hours)).bytes(known::FACTORS, &bytes(&self.factors));
    }

    /// Takes up what [`Detector::keep`] wrote; false, with nothing changed, for anything else.
    pub fn recall(&mut self, record: &Record<'_>) -> bool {
        recalled(self, record).map(|known| *self = known).is_some()
    }
}

fn recalled(own: &Detector, record: &Record<'_>) -> Option<Detector> {
    let finite = |key| record.double(key).filter(|number| number.is_finite());
    let small = |key| record.number(key).and_then(|number| u32::try_from(number).ok());
    let hours = |key| {
        let hours: [[u8; 8]; 24] = record.bytes(key)?.as_chunks::<8>().0.try_into().ok()?;
        Some(hours.map(f64::from_le_bytes))
    };
    let burst = Burst {
        begin: record.signed(known::BEGIN)?,
        last: record.signed(known::LAST)?,
        observed: finite(known::OBSERVED)?,
        expected: finite(known::EXPECTED)?,
    };
    Some(Detector {
        threshold: own.threshold,
        heard: small(known::HEARD)?,
        level: finite(known::LEVEL)?,
        hour: (finite(known::HOUR_MENTIONS)?, finite(known::HOUR_MINUTES)?),
        spread: (finite(known::SPREAD)?, finite(known::SPREAD_WEIGHT)?),
        sum: finite(known::SUM)?,
        in_a_row: small(known::IN_A_ROW)?,
        state: match record.number(known::STATE)? {
            0 => State::Usual,
            1 => State::Rising(burst),
            _ => State::Burst(burst),
        },
        hours: hours(known::HOURS)?,
        factors: hours(known::FACTORS).filter(|factors| factors.iter().all(|factor| factor.is_finite()))?,
    })
}

/// Logarithm of how much likelier a count is at [`TIMES`] the usual rate than at the usual one. For
/// the negative binomial with size r = 1 ∕ dispersion: `x·ln k − (x + r)·ln((r + k·μ) ∕ (r + μ))`.
fn likelier(count: u32, usual: f64, dispersion: f64) -> f64 {
    let (count, size) = (f64::from(count), 1.0 / dispersion);
    count * TIMES.ln() - (count + size) * ((size + TIMES * usual) / (size + usual)).ln()
}

#[cfg(test)]
mod tests;
