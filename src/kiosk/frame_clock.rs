//! When to draw: one tick for all displays, led by one of them.
//!
//! A display that was presented tells when it is ready for more (the compositor's frame
//! callback); the lead's readiness is the tick, so that motion keeps step with real glass. When
//! nothing was presented, or the lead is dark or gone, the own clock ticks instead, and a lead
//! that stays silent loses its place.

use std::time::Duration;

use crate::clock::Instant;

/// Silent ticks after which another display leads.
const PATIENCE: u32 = 4;

/// The frame clock.
#[derive(Clone, Debug)]
pub struct FrameClock {
    period: Duration,
    last: Instant,
    lead: usize,
    /// True when the lead was presented at the last tick and so will call back.
    awaited: bool,
    silent: u32,
}

impl FrameClock {
    /// `period` is the time from one frame to the next.
    pub fn new(period: Duration, now: Instant) -> Self {
        Self { period, last: now.checked_sub(period).unwrap_or(now), lead: 0, awaited: false, silent: 0 }
    }

    /// Sets the time from one frame to the next.
    pub fn set_period(&mut self, period: Duration) {
        self.period = period;
    }

    /// True when display `index`, ready for more, makes it time to draw.
    pub fn on_ready(&mut self, index: usize, now: Instant) -> bool {
        if index != self.lead || now.saturating_duration_since(self.last) < self.period / 2 {
            return false;
        }
        self.silent = 0;
        true
    }

    /// True when the own clock makes it time to draw.
    pub fn on_timer(&mut self, now: Instant) -> bool {
        now >= self.deadline()
    }

    /// When the own clock ticks, unless the lead is ready before.
    pub fn deadline(&self) -> Instant {
        // One and a half periods leave the lead time to call; a lead that was silent before is
        // not waited for again.
        let wait = if self.awaited && self.silent == 0 { self.period * 3 / 2 } else { self.period };
        self.last + wait
    }

    /// Notes a tick at `now`; `presented` says which displays were given a new picture and will call
    /// back.
    pub fn ticked(&mut self, now: Instant, presented: &[bool]) {
        // Stay on the grid when the timer was a little late, start a new one when it was very late.
        let due = self.last + self.period;
        let on_grid = !self.awaited && now >= due && now.duration_since(due) < self.period / 2;
        self.last = if on_grid { due } else { now };
        // Others that move do not wait for a lead that rests or is dark.
        let rests = presented.get(self.lead) != Some(&true) && presented.contains(&true);
        if self.awaited || rests {
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

    fn at(ms: u64) -> Instant {
        static START: std::sync::LazyLock<Instant> =
            std::sync::LazyLock::new(|| crate::clock::Clock::system().instant());
        *START + Duration::from_millis(ms)
    }

    #[test]
    fn the_lead_sets_the_pace_and_others_do_not() {
        let mut frame_clock = FrameClock::new(PERIOD, at(0));
        frame_clock.ticked(at(0), &[true, true]);
        assert!(!frame_clock.on_ready(1, at(15)));
        assert!(!frame_clock.on_timer(at(20)), "the lead is waited for");
        assert!(frame_clock.on_ready(0, at(17)));
    }

    #[test]
    fn a_wall_at_rest_runs_on_its_own_clock_without_drift() {
        let mut frame_clock = FrameClock::new(PERIOD, at(0));
        frame_clock.ticked(at(0), &[false]);
        assert!(frame_clock.on_timer(at(17)));
        frame_clock.ticked(at(17), &[false]);
        assert_eq!(frame_clock.deadline(), at(32));
    }

    #[test]
    fn a_dark_lead_slows_nobody_and_loses_its_place() {
        let mut frame_clock = FrameClock::new(PERIOD, at(0));
        let mut now = 0;
        for _ in 0..8 {
            frame_clock.ticked(at(now), &[true, true]);
            now += 16;
            while !frame_clock.on_timer(at(now)) {
                now += 1;
            }
        }
        assert_eq!(frame_clock.lead(), 1);
        assert!(now < 8 * 18 + 16, "{now}");
    }

    #[test]
    fn a_lead_that_is_given_nothing_leaves_its_place_to_one_that_moves() {
        let mut frame_clock = FrameClock::new(PERIOD, at(0));
        (0..6).for_each(|n| frame_clock.ticked(at(16 * n), &[false, false, true]));
        assert_eq!(frame_clock.lead(), 2);
    }

    #[test]
    fn an_eager_window_system_cannot_make_it_spin() {
        let mut frame_clock = FrameClock::new(PERIOD, at(0));
        frame_clock.ticked(at(0), &[true]);
        assert!(!frame_clock.on_ready(0, at(1)));
    }
}
