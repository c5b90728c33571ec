//! How long to wait after which failure: one ladder of waits for each kind of [`Fault`].

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use super::supervise::{Fault, Pace};
use crate::clock::Time;

/// Longest wait that a server may ask for.
pub(super) const LONGEST_ASKED: Duration = Duration::from_secs(3_600);
/// Part of a wait that is added to it at random, so that many walls do not come back together.
const SPREAD: f64 = 0.1;

/// Waits that grow with each failure in a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ladder {
    first: Duration,
    longest: Duration,
    growth: Growth,
    /// A random part of the wait, from nothing to all of it, instead of the wait and a little.
    full_jitter: bool,
    /// The first failure is tried again without a wait.
    at_once: bool,
}

#[derive(Clone, Copy, Debug)]
enum Growth {
    Doubling,
    Linear,
}

impl Ladder {
    pub const fn doubling(first: Duration, longest: Duration) -> Self {
        Self { first, longest, growth: Growth::Doubling, full_jitter: false, at_once: false }
    }

    pub const fn linear(step: Duration, longest: Duration) -> Self {
        Self { growth: Growth::Linear, ..Self::doubling(step, longest) }
    }

    pub const fn constant(wait: Duration) -> Self {
        Self::doubling(wait, wait)
    }

    /// Waits a random part, from nothing to all.
    pub const fn with_full_jitter(self) -> Self {
        Self { full_jitter: true, ..self }
    }

    /// Tries again at once after the first failure, and then from the first wait on.
    pub const fn at_once(self) -> Self {
        Self { at_once: true, ..self }
    }

    /// The wait after `failures` in a row before this one, without chance.
    fn rung(&self, failures: u32) -> Duration {
        let failures = match (self.at_once, failures) {
            (true, 0) => return Duration::ZERO,
            (true, failures) => failures - 1,
            (false, failures) => failures,
        };
        let times = match self.growth {
            Growth::Doubling => 1 << failures.min(24),
            Growth::Linear => failures.saturating_add(1),
        };
        self.first.saturating_mul(times).min(self.longest)
    }
}

/// A ladder for each kind of failure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ladders {
    pub network: Ladder,
    pub server: Ladder,
    pub throttled: Ladder,
    pub refused: Ladder,
}

impl Default for Ladders {
    /// Network: full jitter up to 0.5 s, doubling to 30 s. Server: 5 s, doubling to 320 s.
    /// Throttled: 1 minute, doubling to 16. Refused: 10 minutes.
    fn default() -> Self {
        let secs = Duration::from_secs;
        Self {
            network: Ladder::doubling(Duration::from_millis(500), secs(30)).with_full_jitter(),
            server: Ladder::doubling(secs(5), secs(320)),
            throttled: Ladder::doubling(secs(60), secs(960)),
            refused: Ladder::constant(secs(600)),
        }
    }
}

/// Counts the failures of one feed and says how long to wait after each.
#[derive(Debug)]
pub(super) struct Backoff {
    ladders: Ladders,
    healthy_after: Duration,
    /// Failures in a row, by kind.
    failures: [u32; 4],
    dice: Pcg64Mcg,
}

impl Backoff {
    pub fn new(ladders: Ladders, pace: &Pace, now: Time) -> Self {
        let dice = Pcg64Mcg::seed_from_u64(now.0 as u64);
        Self { ladders, healthy_after: pace.healthy_after, failures: [0; 4], dice }
    }

    /// How long to wait after an attempt that was live for `lived` and then met `fault`. A server
    /// that throttles and `asked` for a wait gets that one; any other gets at least what it asked.
    pub fn next(&mut self, fault: Fault, lived: Duration, asked: Option<Duration>) -> Duration {
        if lived >= self.healthy_after {
            self.failures = [0; 4];
        }
        let (ladder, kind) = match fault {
            Fault::Network => (self.ladders.network, 0),
            Fault::Server => (self.ladders.server, 1),
            Fault::Throttled => (self.ladders.throttled, 2),
            Fault::Refused => (self.ladders.refused, 3),
        };
        let rung = ladder.rung(self.failures[kind]);
        self.failures[kind] = self.failures[kind].saturating_add(1);
        let chance: f64 = self.dice.random();
        let spread = |wait: Duration| wait.mul_f64(1.0 + SPREAD * chance);
        let own = if ladder.full_jitter { rung.mul_f64(chance) } else { spread(rung) };
        match asked.map(|asked| asked.min(LONGEST_ASKED)) {
            None => own,
            Some(asked) if fault == Fault::Throttled => spread(asked.max(Duration::from_secs(1))),
            Some(asked) => own.max(asked),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backoff(ladders: Ladders) -> Backoff {
        Backoff::new(ladders, &Pace::default(), Time::default())
    }

    fn waits(ladder: Ladder, count: u32) -> Vec<u128> {
        (0..count).map(|failures| ladder.rung(failures).as_millis()).collect()
    }

    #[test]
    fn ladders_double_or_climb_to_their_end() {
        let ms = Duration::from_millis;
        assert_eq!(waits(Ladder::doubling(ms(5_000), ms(320_000)), 8)[5..], [160_000, 320_000, 320_000]);
        assert_eq!(waits(Ladder::linear(ms(250), ms(16_000)).at_once(), 4), [0, 250, 500, 750]);
        assert_eq!(Ladder::linear(ms(250), ms(16_000)).rung(u32::MAX), ms(16_000));
        assert_eq!(Ladder::doubling(ms(500), ms(30_000)).rung(u32::MAX), ms(30_000));
        assert_eq!(waits(Ladder::constant(ms(7)), 3), [7, 7, 7]);
    }

    #[test]
    fn network_waits_are_spread_over_all_of_the_rung() {
        let mut backoff = backoff(Ladders::default());
        let all: Vec<_> = (0..200).map(|_| backoff.next(Fault::Network, Duration::ZERO, None)).collect();
        assert!(all[0] <= Duration::from_millis(500) && all[1] <= Duration::from_secs(1));
        assert!(all.iter().all(|wait| *wait <= Duration::from_secs(30)));
        assert!(all[20..].iter().any(|wait| *wait > Duration::from_secs(15)));
        assert!(all[20..].iter().any(|wait| *wait < Duration::from_secs(15)));
    }

    #[test]
    fn each_kind_climbs_its_own_ladder_until_a_healthy_minute() {
        let mut backoff = backoff(Ladders::default());
        let mut secs = |fault, lived| backoff.next(fault, Duration::from_secs(lived), None).as_secs();
        assert!((5..=5).contains(&secs(Fault::Server, 0)));
        assert!((10..=11).contains(&secs(Fault::Server, 59)));
        assert!((60..=66).contains(&secs(Fault::Throttled, 0)));
        assert!((20..=22).contains(&secs(Fault::Server, 0)));
        assert!((600..=660).contains(&secs(Fault::Refused, 0)));
        assert!((5..=5).contains(&secs(Fault::Server, 60)));
        assert!((60..=66).contains(&secs(Fault::Throttled, 0)));
    }

    #[test]
    fn what_a_server_asks_for_is_heeded_up_to_an_hour() {
        let mut backoff = backoff(Ladders::default());
        let mut secs =
            |fault, asked| backoff.next(fault, Duration::ZERO, Some(Duration::from_secs(asked))).as_secs();
        assert_eq!(secs(Fault::Network, 90), 90);
        assert!((9..=10).contains(&secs(Fault::Throttled, 9)), "it says so itself, whatever the ladder says");
        assert!((1..=1).contains(&secs(Fault::Throttled, 0)));
        assert!((3_600..=3_960).contains(&secs(Fault::Throttled, 86_400)));
        assert_eq!(secs(Fault::Server, 3_600), 3_600);
    }
}
