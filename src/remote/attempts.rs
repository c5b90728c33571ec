//! How often a client may try: each address has a bucket that fills again with time.
//!
//! Limit: 1,024 addresses, of which the one that was quiet for longest gives way.

use std::net::IpAddr;
use std::time::Duration;

use crate::clock::Instant;

const MOST: usize = 1_024;

/// Tries of each address.
pub struct Attempts {
    /// Tries that an address has in hand after a time of rest.
    most: f64,
    /// Time after which it has one more.
    every: Duration,
    buckets: Vec<(IpAddr, f64, Instant)>,
}

impl Attempts {
    pub const fn new(most: u32, every: Duration) -> Self {
        Self { most: most as f64, every, buckets: Vec::new() }
    }

    /// Takes a try; `Err` has the time to wait when none is left.
    pub fn take(&mut self, from: IpAddr, now: Instant) -> Result<(), Duration> {
        let left = self.left(from, now);
        self.buckets.retain(|(ip, ..)| *ip != from);
        if self.buckets.len() >= MOST {
            self.buckets.remove(0);
        }
        let taken = left >= 1.0;
        self.buckets.push((from, if taken { left - 1.0 } else { left }, now));
        if taken { Ok(()) } else { Err(self.every.mul_f64(1.0 - left)) }
    }

    /// Whether none is left.
    pub fn are_spent(&self, from: IpAddr, now: Instant) -> bool {
        self.left(from, now) < 1.0
    }

    fn left(&self, from: IpAddr, now: Instant) -> f64 {
        let bucket = self.buckets.iter().find(|(ip, ..)| *ip == from);
        bucket.map_or(self.most, |(_, left, since)| {
            let rested = now.saturating_duration_since(*since).as_secs_f64();
            (left + rested / self.every.as_secs_f64()).min(self.most)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::clock::{Clock, Time};

    fn ip(last: u16) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(192, 0, (last >> 8) as u8, last as u8))
    }

    #[test]
    fn an_address_waits_when_it_has_tried_enough_and_others_do_not() {
        let now = Clock::simulated(Time::default()).instant();
        let mut attempts = Attempts::new(3, Duration::from_secs(10));
        (0..3).for_each(|_| assert_eq!(attempts.take(ip(1), now), Ok(())));
        assert_eq!(attempts.take(ip(1), now), Err(Duration::from_secs(10)));
        assert!(attempts.are_spent(ip(1), now) && !attempts.are_spent(ip(2), now));
        assert_eq!(attempts.take(ip(2), now), Ok(()));
        assert_eq!(attempts.take(ip(1), now + Duration::from_secs(10)), Ok(()));
        assert!(attempts.take(ip(1), now + Duration::from_secs(11)).is_err());
    }

    #[test]
    fn addresses_are_bounded() {
        let now = Clock::simulated(Time::default()).instant();
        let mut attempts = Attempts::new(3, Duration::from_secs(10));
        (0..2_000).for_each(|i| assert_eq!(attempts.take(ip(i), now), Ok(())));
        assert_eq!(attempts.buckets.len(), MOST);
    }
}
