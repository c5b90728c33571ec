//! Time as the wall keeps it. The only module that reads the system's clock.
//!
//! A time is a count of nanoseconds in an `i64`, because `f32` seconds resolve only 15.6 ms after
//! three days of uptime. Shaders never see a time, only a phase that was wrapped here.

use std::ops::{Add, Sub};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub use std::time::Instant;

/// A moment: nanoseconds since the Unix epoch, UTC. Covers the years 1678 to 2262.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Time(pub i64);

/// The beginning of the year in which this was written: 2026.
const WRITTEN: Time = Time::from_secs(1_767_225_600);

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

    /// Whether a clock that says so has been set: one without a battery starts in 1970. It may still
    /// be wrong.
    pub fn is_plausible(self) -> bool {
        self >= WRITTEN
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

/// A source of the present: the system's clocks, or one that a test or a render moves by hand.
///
/// It tells two times. [`Clock::now`] is what people read and what motion goes by; somebody may set
/// it. [`Clock::instant`] is monotonic: paces, waits, retries and ages that decide something go by it.
/// Neither type converts to the other.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System(Arc<Anchor>),
    Simulated(Arc<Simulated>),
}

#[derive(Debug)]
struct Anchor {
    started: Instant,
    /// Epoch nanoseconds at `started`; moved when the system's clock is set.
    epoch_ns: AtomicI64,
    leaps: Mutex<Leaps>,
    /// Nanoseconds by which the monotonic clock was put ahead.
    ahead: AtomicI64,
}

#[derive(Debug)]
struct Simulated {
    /// Epoch nanoseconds.
    at: AtomicI64,
    started: Instant,
    /// Nanoseconds by which it was set forward so far.
    run: AtomicI64,
}

/// How often the system's clock was set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leaps {
    /// Since the clock was made.
    pub count: u64,
    pub last: Option<Leap>,
}

/// The system's clock was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leap {
    /// When it was noticed.
    pub at: Instant,
    /// Nanoseconds by which the time is later than it would have been; negative when it was set back.
    pub by_ns: i64,
}

/// A difference between monotonic and system time above this is a clock that was set, not jitter.
const STEP: u64 = 250_000_000;

impl Clock {
    /// The system's time, carried by the monotonic clock so that frames never run backwards;
    /// follows when the system's clock is set by more than 250 ms.
    pub fn system() -> Self {
        let epoch_ns = AtomicI64::new(system_ns());
        let (leaps, ahead) = (Mutex::default(), AtomicI64::new(0));
        let anchor = Anchor { started: Instant::now(), epoch_ns, leaps, ahead };
        Self(Source::System(Arc::new(anchor)))
    }

    /// A clock that stands at `start` until [`Clock::set`].
    pub fn simulated(start: Time) -> Self {
        let (at, run) = (AtomicI64::new(start.0), AtomicI64::new(0));
        Self(Source::Simulated(Arc::new(Simulated { at, started: Instant::now(), run })))
    }

    /// The present.
    pub fn now(&self) -> Time {
        match &self.0 {
            Source::Simulated(simulated) => Time(simulated.at.load(Ordering::Acquire)),
            Source::System(anchor) => anchor.at(Instant::now(), system_ns()),
        }
    }

    /// The present by the monotonic clock. A simulated one goes on whenever the time is set forward.
    pub fn instant(&self) -> Instant {
        match &self.0 {
            Source::System(anchor) => Instant::now() + anchor.ahead(),
            Source::Simulated(simulated) => {
                let run = simulated.run.load(Ordering::Acquire).unsigned_abs();
                simulated.started + Duration::from_nanos(run)
            }
        }
    }

    /// Puts the monotonic clock of the system ahead, for all clones: for tests of what takes minutes. Does nothing to a
    /// simulated one.
    pub fn skip(&self, length: Duration) {
        if let Source::System(anchor) = &self.0 {
            anchor.ahead.fetch_add(nanos(length), Ordering::AcqRel);
        }
    }

    /// How often the system's clock was set so far, as far as [`Clock::now`] was asked; never for a
    /// simulated one.
    pub fn leaps(&self) -> Leaps {
        match &self.0 {
            Source::Simulated(_) => Leaps::default(),
            Source::System(anchor) => *anchor.leaps.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a simulated clock; does nothing to the system's.
    pub fn set(&self, to: Time) {
        if let Source::Simulated(simulated) = &self.0 {
            let forward = to.since(Time(simulated.at.swap(to.0, Ordering::AcqRel)));
            simulated.run.fetch_add(nanos(forward), Ordering::AcqRel);
        }
    }
}

/// How long the machine has been running, on Linux, also while it slept (`CLOCK_BOOTTIME`, see `man 2 clock_gettime`).
/// Nobody sets this clock. Unlike files below `/proc`, it is never hidden from a service.
pub fn uptime() -> Option<Duration> {
    #[cfg(target_os = "linux")]
    {
        Duration::try_from(rustix::time::clock_gettime(rustix::time::ClockId::Boottime)).ok()
    }
    #[cfg(not(target_os = "linux"))]
    None
}

impl Anchor {
    fn ahead(&self) -> Duration {
        Duration::from_nanos(self.ahead.load(Ordering::Acquire).unsigned_abs())
    }

    /// The time at `instant`, when the system's clock says `system` nanoseconds.
    fn at(&self, instant: Instant, system: i64) -> Time {
        let run = nanos(instant.saturating_duration_since(self.started));
        let epoch = self.epoch_ns.load(Ordering::Relaxed);
        let carried = epoch.saturating_add(run);
        let by_ns = system.saturating_sub(carried);
        if by_ns.unsigned_abs() <= STEP {
            return Time(carried);
        }
        // Of all threads that see it, the first notes it.
        let moved = system.saturating_sub(run);
        if self.epoch_ns.compare_exchange(epoch, moved, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            let mut leaps = self.leaps.lock().unwrap_or_else(PoisonError::into_inner);
            *leaps = Leaps { count: leaps.count + 1, last: Some(Leap { at: instant + self.ahead(), by_ns }) };
        }
        Time(system)
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

    #[test]
    fn a_clock_that_is_set_is_followed_and_noticed_once_and_the_monotonic_one_goes_on() {
        let started = Instant::now();
        let of_year = |year: i64| Time::from_secs((year - 1970) * 31_556_952).0;
        let (epoch_ns, leaps) = (AtomicI64::new(of_year(2027)), Mutex::default());
        let anchor = Anchor { started, epoch_ns, leaps, ahead: AtomicI64::new(0) };
        let at = |ms: u64, system: i64| anchor.at(started + Duration::from_millis(ms), system);
        assert_eq!(at(1_000, of_year(2027) + 1_200_000_000), Time(of_year(2027) + 1_000_000_000), "jitter");
        for (count, year) in (1..).zip([1970, 2027, 2087, 2026]) {
            let ms = 1_000 * (count + 1);
            assert_eq!(at(ms, of_year(year)), Time(of_year(year)));
            assert_eq!(at(ms + 10, of_year(year) + 10_000_000), Time(of_year(year) + 10_000_000));
            let leaps = *anchor.leaps.lock().expect("nobody panicked");
            assert_eq!((leaps.count, leaps.last.map(|leap| leap.by_ns > 0)), (count, Some(year > 2026)));
        }
        at(9_000, i64::MIN);
        at(10_000, i64::MAX);
        assert!(!Time(of_year(1970)).is_plausible() && Time(of_year(2027)).is_plausible());
    }

    #[test]
    fn a_monotonic_clock_that_is_put_ahead_takes_no_other_along() {
        let clock = Clock::system();
        let (before, time) = (clock.instant(), clock.now());
        clock.clone().skip(Duration::from_secs(3_600));
        assert!(clock.instant() - before >= Duration::from_secs(3_600));
        assert!(clock.now().since(time) < Duration::from_secs(60) && clock.leaps().count == 0);
    }

    #[test]
    fn a_simulated_clock_takes_the_monotonic_one_along() {
        let clock = Clock::simulated(Time::from_secs(5));
        let before = clock.instant();
        clock.set(Time::from_secs(9));
        assert_eq!(clock.instant() - before, Duration::from_secs(4));
        clock.set(Time::from_secs(2));
        assert_eq!(clock.instant() - before, Duration::from_secs(4), "never back");
        clock.set(Time::from_secs(3));
        assert_eq!(clock.instant() - before, Duration::from_secs(5));
    }
}
