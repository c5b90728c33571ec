//! When to draw: one tick for all displays, led by one of them.
//!
//! A display that was presented tells when it is ready for more (the compositor's frame
//! callback); the lead's readiness is the tick, so that motion keeps step with real glass. When
//! nothing was presented, or the lead is dark or gone, the own clock ticks instead, and a lead
//! that stays silent loses its place.

use std::time::Duration;

use crate::clock::Time;

/// Silent ticks after which another display leads.
const PATIENCE: u32 = 4;

/// The frame clock.
#[derive(Clone, Debug)]
pub struct Pace {
    period: Duration,
    last: Time,
    lead: usize,
    /// True when the lead was presented at the last tick and so will call back.
    awaited: bool,
    silent: u32,
}

impl Pace {
    /// `period` is the time from one frame to the next.
    pub fn new(period: Duration, now: Time) -> Self {
        Self { period, last: now - period, lead: 0, awaited: false, silent: 0 }
    }

    /// Sets the time from one frame to the next.
    pub fn set_period(&mut self, period: Duration) {
        self.period = period;
    }

    /// True when display `index`, ready for more, makes it time to draw.
    pub fn on_ready(&mut self, index: usize, now: Time) -> bool {
        if index != self.lead || now.since(self.last) < self.period / 2 {
            return false;
        }
        self.silent = 0;
        true
    }

    /// True when the own clock makes it time to draw.
    pub fn on_timer(&mut self, now: Time) -> bool {
        now >= self.deadline()
    }

    /// When the own clock ticks, unless the lead is ready before.
    pub fn deadline(&self) -> Time {
        // One and a half periods leave the lead time to call; a lead that was silent before is
        // not waited for again.
        let wait = if self.awaited && self.silent == 0 { self.period * 3 / 2 } else { self.period };
        self.last + wait
    }

    /// Notes a tick at `now`; `presented` says which displays were given a new picture.
    pub fn ticked(&mut self, now: Time, presented: &[bool]) {
        // Stay on the grid when the timer was a little late, start a new one when it was very late.
        let due = self.last + self.period;
        let on_grid = !self.awaited && now.since(due) < self.period / 2 && now >= due;
        self.last = if on_grid { due } else { now };
        if self.awaited {
            self.silent += 1;
        }
        if self.silent > PATIENCE {
            self.silent = 0;
            let n = presented.len().max(1);
            self.lead =
                (1..=n).map(|k| (self.lead + k) % n).find(|&i| presented.get(i) == Some(&true)).unwrap_or(0);
        }
        self.awaited = presented.get(self.lead).copied().unwrap_or(false);
    }

    /// The display that leads.
    pub fn lead(&self) -> usize {
        self.lead
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Duration = Duration::from_millis(16);

    fn at(ms: u64) -> Time {
        Time::from_secs(1_000) + Duration::from_millis(ms)
    }

    #[test]
    fn the_lead_sets_the_pace_and_others_do_not() {
        let mut pace = Pace::new(PERIOD, at(0));
        pace.ticked(at(0), &[true, true]);
        assert!(!pace.on_ready(1, at(15)));
        assert!(!pace.on_timer(at(20)), "the lead is waited for");
        assert!(pace.on_ready(0, at(17)));
    }

    #[test]
    fn a_wall_at_rest_runs_on_its_own_clock_without_drift() {
        let mut pace = Pace::new(PERIOD, at(0));
        pace.ticked(at(0), &[false]);
        assert!(pace.on_timer(at(17)));
        pace.ticked(at(17), &[false]);
        assert_eq!(pace.deadline(), at(32));
    }

    #[test]
    fn a_dark_lead_slows_nobody_and_loses_its_place() {
        let mut pace = Pace::new(PERIOD, at(0));
        let mut now = 0;
        for _ in 0..8 {
            pace.ticked(at(now), &[true, true]);
            now += 16;
            while !pace.on_timer(at(now)) {
                now += 1;
            }
        }
        assert_eq!(pace.lead(), 1);
        assert!(now < 8 * 18 + 16, "{now}");
    }

    #[test]
    fn an_eager_window_system_cannot_make_it_spin() {
        let mut pace = Pace::new(PERIOD, at(0));
        pace.ticked(at(0), &[true]);
        assert!(!pace.on_ready(0, at(1)));
    }
}
