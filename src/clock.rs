//! Time as the wall keeps it. The only module that reads the system's clock.
//!
//! A time is a count of nanoseconds in an `i64`, because `f32` seconds resolve only 15.6 ms after
//! three days of uptime. Shaders never see a time, only a phase that was wrapped here.

use std::ops::{Add, Sub};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A moment: nanoseconds since the Unix epoch, UTC. Covers the years 1678 to 2262.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Time(pub i64);

impl Time {
    /// The moment `secs` seconds after the epoch; saturates.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1_000_000_000))
    }

    /// The moment `micros` microseconds after the epoch; saturates.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros.saturating_mul(1_000))
    }

    /// Whole microseconds since the epoch, rounded down.
    pub const fn as_micros(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000_000_000)
    }

    /// The time from `earlier` to here; zero when `earlier` is later.
    pub fn since(self, earlier: Time) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0).max(0) as u64)
    }

    /// How far a motion that began at `start` and lasts `length` has come: 0 before, 1 after.
    pub fn progress(self, start: Time, length: Duration) -> f32 {
        let length = length.as_nanos().max(1) as f64;
        (self.0.saturating_sub(start.0) as f64 / length).clamp(0.0, 1.0) as f32
    }

    /// Where a cycle of `period` stands, 0 to 1 (1 excluded); the same on every machine.
    pub fn phase(self, period: Duration) -> f64 {
        let period = (period.as_nanos() as i64).max(1);
        self.0.rem_euclid(period) as f64 / period as f64
    }
}

impl Add<Duration> for Time {
    type Output = Time;
    fn add(self, length: Duration) -> Time {
        Time(self.0.saturating_add(nanos(length)))
    }
}

impl Sub<Duration> for Time {
    type Output = Time;
    fn sub(self, length: Duration) -> Time {
        Time(self.0.saturating_sub(nanos(length)))
    }
}

fn nanos(length: Duration) -> i64 {
    i64::try_from(length.as_nanos()).unwrap_or(i64::MAX)
}

/// A source of the present: the system's clock, or one that a test or a render moves by hand.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System(Arc<Anchor>),
    Simulated(Arc<AtomicI64>),
}

#[derive(Debug)]
struct Anchor {
    started: Instant,
    /// Epoch nanoseconds at `started`; moved when the system's clock is set.
    epoch_ns: AtomicI64,
}

/// A difference between monotonic and system time above this is a clock that was set, not jitter.
const STEP: i64 = 250_000_000;

impl Clock {
    /// The system's time, carried by the monotonic clock so that frames never run backwards;
    /// follows when the system's clock is set by more than 250 ms.
    pub fn system() -> Self {
        let anchor = Anchor { started: Instant::now(), epoch_ns: AtomicI64::new(system_ns()) };
        Self(Source::System(Arc::new(anchor)))
    }

    /// A clock that stands at `start` until [`Clock::set`].
    pub fn simulated(start: Time) -> Self {
        Self(Source::Simulated(Arc::new(AtomicI64::new(start.0))))
    }

    /// The present.
    pub fn now(&self) -> Time {
        match &self.0 {
            Source::Simulated(at) => Time(at.load(Ordering::Acquire)),
            Source::System(anchor) => {
                let run = nanos(anchor.started.elapsed());
                let carried = anchor.epoch_ns.load(Ordering::Relaxed).saturating_add(run);
                let system = system_ns();
                if (system - carried).abs() <= STEP {
                    return Time(carried);
                }
                anchor.epoch_ns.store(system - run, Ordering::Relaxed);
                Time(system)
            }
        }
    }

    /// Moves a simulated clock; does nothing to the system's.
    pub fn set(&self, to: Time) {
        if let Source::Simulated(at) = &self.0 {
            at.store(to.0, Ordering::Release);
        }
    }
}

fn system_ns() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => nanos(since),
        Err(before) => -nanos(before.duration()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_still_exact_after_400_days() {
        let start = Time::from_secs(400 * 86_400);
        let next = start + Duration::from_nanos(16_666_667);
        assert_eq!(next.since(start).as_nanos(), 16_666_667);
        assert!((next.phase(Duration::from_secs(1)) - 0.016_666_667).abs() < 1e-9);
    }

    #[test]
    fn progress_is_clamped_and_survives_extremes() {
        let t = Time(i64::MAX);
        assert_eq!(t.progress(Time(i64::MIN), Duration::from_millis(400)), 1.0);
        assert_eq!(Time(0).progress(t, Duration::from_millis(400)), 0.0);
        assert_eq!(t + Duration::MAX, t);
    }

    #[test]
    fn a_simulated_clock_stands_until_set() {
        let clock = Clock::simulated(Time::from_secs(5));
        assert_eq!(clock.now(), Time::from_secs(5));
        clock.set(Time::from_secs(9));
        assert_eq!(clock.clone().now(), Time::from_secs(9));
    }
}
