//! How long to wait after which failure: a retry policy for each kind of [`FailureKind`].

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use super::error::FailureKind;
use crate::clock::Time;

/// Longest wait that a server may ask for.
pub(super) const LONGEST_ASKED: Duration = Duration::from_secs(3_600);
/// Part of a wait that is added to it at random, so that many walls do not come back together.
const SPREAD: f64 = 0.1;

/// Waits that grow with each failure in a row.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    first: Duration,
    longest: Duration,
    schedule: Schedule,
    /// A random part of the wait, from nothing to all of it, instead of the wait and a little.
    full_jitter: bool,
    /// The first failure is tried again without a wait.
    at_once: bool,
}

#[derive(Clone, Copy, Debug)]
enum Schedule {
    Exponential,
    Linear,
}

impl RetryPolicy {
    pub const fn exponential(first: Duration, longest: Duration) -> Self {
        Self { first, longest, schedule: Schedule::Exponential, full_jitter: false, at_once: false }
    }

    pub const fn linear(step: Duration, longest: Duration) -> Self {
        Self { schedule: Schedule::Linear, ..Self::exponential(step, longest) }
    }

    pub const fn constant(wait: Duration) -> Self {
        Self::exponential(wait, wait)
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
    fn delay(&self, failures: u32) -> Duration {
        let failures = match (self.at_once, failures) {
            (true, 0) => return Duration::ZERO,
            (true, failures) => failures - 1,
            (false, failures) => failures,
        };
        let times = match self.schedule {
            Schedule::Exponential => 1 << failures.min(24),
            Schedule::Linear => failures.saturating_add(1),
        };
        self.first.saturating_mul(times).min(self.longest)
    }
}

/// A retry policy for each kind of failure.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicies {
    pub network: RetryPolicy,
    pub server: RetryPolicy,
    pub throttled: RetryPolicy,
    pub refused: RetryPolicy,
}

impl Default for RetryPolicies {
    /// Network: full jitter up to 0.5 s, doubling to 30 s. Server: 5 s, doubling to 320 s.
    /// Throttled: 1 minute, doubling to 16. Refused: 10 minutes.
    fn default() -> Self {
        let secs = Duration::from_secs;
        Self {
            network: RetryPolicy::exponential(Duration::from_millis(500), secs(30)).with_full_jitter(),
            server: RetryPolicy::exponential(secs(5), secs(320)),
            throttled: RetryPolicy::exponential(secs(60), secs(960)),
            refused: RetryPolicy::constant(secs(600)),
        }
    }
}

/// Counts the failures of one feed and says how long to wait after each.
#[derive(Debug)]
pub(super) struct Backoff {
    policies: RetryPolicies,
    healthy_after: Duration,
    /// Failures in a row, by kind.
    failures: [u32; 4],
    dice: Pcg64Mcg,
}

impl Backoff {
    pub fn new(policies: RetryPolicies, healthy_after: Duration, now: Time) -> Self {
        let dice = Pcg64Mcg::seed_from_u64(now.0 as u64);
        Self { policies, healthy_after, failures: [0; 4], dice }
    }

    /// How long to wait after an attempt that was live for `lived` and then met `fault`. A server
    /// that throttles and `asked` for a wait gets that one; any other gets at least what it asked.
    pub fn next(&mut self, fault: FailureKind, lived: Duration, asked: Option<Duration>) -> Duration {
        if lived >= self.healthy_after {
            self.failures = [0; 4];
        }
        let (policy, kind) = match fault {
            FailureKind::Network => (self.policies.network, 0),
            FailureKind::Server => (self.policies.server, 1),
            FailureKind::Throttled => (self.policies.throttled, 2),
            FailureKind::Refused => (self.policies.refused, 3),
        };
        let delay = policy.delay(self.failures[kind]);
        self.failures[kind] = self.failures[kind].saturating_add(1);
        let chance: f64 = self.dice.random();
        let spread = |wait: Duration| wait.mul_f64(1.0 + SPREAD * chance);
        let own = if policy.full_jitter { delay.mul_f64(chance) } else { spread(delay) };
        match asked.map(|asked| asked.min(LONGEST_ASKED)) {
            None => own,
            Some(asked) if fault == FailureKind::Throttled => spread(asked.max(Duration::from_secs(1))),
            Some(asked) => own.max(asked),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backoff(policies: RetryPolicies) -> Backoff {
        Backoff::new(policies, Duration::from_secs(60), Time::default())
    }

    fn waits(policy: RetryPolicy, count: u32) -> Vec<u128> {
        (0..count).map(|failures| policy.delay(failures).as_millis()).collect()
    }

    #[test]
    fn waits_double_or_climb_to_their_longest() {
        let ms = Duration::from_millis;
        assert_eq!(
            waits(RetryPolicy::exponential(ms(5_000), ms(320_000)), 8)[5..],
            [160_000, 320_000, 320_000]
        );
        assert_eq!(waits(RetryPolicy::linear(ms(250), ms(16_000)).at_once(), 4), [0, 250, 500, 750]);
        assert_eq!(RetryPolicy::linear(ms(250), ms(16_000)).delay(u32::MAX), ms(16_000));
        assert_eq!(RetryPolicy::exponential(ms(500), ms(30_000)).delay(u32::MAX), ms(30_000));
        assert_eq!(waits(RetryPolicy::constant(ms(7)), 3), [7, 7, 7]);
    }

    #[test]
    fn network_waits_are_spread_over_all_of_the_delay() {
        let mut backoff = backoff(RetryPolicies::default());
        let all: Vec<_> =
            (0..200).map(|_| backoff.next(FailureKind::Network, Duration::ZERO, None)).collect();
        assert!(all[0] <= Duration::from_millis(500) && all[1] <= Duration::from_secs(1));
        assert!(all.iter().all(|wait| *wait <= Duration::from_secs(30)));
        assert!(all[20..].iter().any(|wait| *wait > Duration::from_secs(15)));
        assert!(all[20..].iter().any(|wait| *wait < Duration::from_secs(15)));
    }

    #[test]
    fn each_kind_follows_its_own_policy_until_a_healthy_minute() {
        let mut backoff = backoff(RetryPolicies::default());
        let mut secs = |fault, lived| backoff.next(fault, Duration::from_secs(lived), None).as_secs();
        assert!((5..=5).contains(&secs(FailureKind::Server, 0)));
        assert!((10..=11).contains(&secs(FailureKind::Server, 59)));
        assert!((60..=66).contains(&secs(FailureKind::Throttled, 0)));
        assert!((20..=22).contains(&secs(FailureKind::Server, 0)));
        assert!((600..=660).contains(&secs(FailureKind::Refused, 0)));
        assert!((5..=5).contains(&secs(FailureKind::Server, 60)));
        assert!((60..=66).contains(&secs(FailureKind::Throttled, 0)));
    }

    #[test]
    fn what_a_server_asks_for_is_heeded_up_to_an_hour() {
        let mut backoff = backoff(RetryPolicies::default());
        let mut secs =
            |fault, asked| backoff.next(fault, Duration::ZERO, Some(Duration::from_secs(asked))).as_secs();
        assert_eq!(secs(FailureKind::Network, 90), 90);
        assert!(
            (9..=10).contains(&secs(FailureKind::Throttled, 9)),
            "it says so itself, whatever the policy says"
        );
        assert!((1..=1).contains(&secs(FailureKind::Throttled, 0)));
        assert!((3_600..=3_960).contains(&secs(FailureKind::Throttled, 86_400)));
        assert_eq!(secs(FailureKind::Server, 3_600), 3_600);
    }
}
