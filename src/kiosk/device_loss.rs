//! A graphics device that is lost: how often, and when another one is opened.

use std::time::Duration;

use super::KioskError;
use crate::clock::Instant;
use crate::gpu::GpuError;

/// Devices lost within [`LATELY`] after which it is given up.
const MAX_LOSSES: u32 = 3;
const LATELY: Duration = Duration::from_secs(60);

/// Openings that may fail one after the other, and the time between two.
const MAX_FAILURES: u32 = 30;
const RETRY: Duration = Duration::from_secs(1);

/// How often the device was lost lately, and how opening another one goes.
#[derive(Debug, Default)]
pub struct DeviceLosses {
    since: Option<Instant>,
    count: u32,
    failures: u32,
    /// When it is tried again.
    next: Option<Instant>,
    was_open: bool,
}

impl DeviceLosses {
    /// Notes a loss; an error when there were too many within a minute.
    pub fn note(&mut self, now: Instant) -> Result<(), KioskError> {
        let recent = self.since.is_some_and(|since| now.saturating_duration_since(since) < LATELY);
        if !recent {
            (self.since, self.count) = (Some(now), 0);
        }
        self.count += 1;
        self.next = Some(now);
        tracing::error!("the graphics device was lost; rebuilding everything");
        if self.count > MAX_LOSSES { Err(KioskError::DeviceLost(self.count)) } else { Ok(()) }
    }

    /// A device was opened.
    pub fn opened(&mut self) {
        (self.failures, self.next, self.was_open) = (0, None, true);
    }

    /// None could be opened. An error at once when there never was one, or none has this name, and
    /// after [`MAX_FAILURES`].
    pub fn failed(&mut self, error: GpuError, now: Instant) -> Result<(), KioskError> {
        self.failures += 1;
        self.next = Some(now + RETRY);
        let hopeless = !self.was_open || matches!(error, GpuError::NoSuchAdapter { .. });
        if hopeless || self.failures >= MAX_FAILURES {
            return Err(error.into());
        }
        tracing::error!("no graphics device: {error}; retrying in 1 s");
        Ok(())
    }

    /// There is nothing to draw to: a device is opened when there is.
    pub fn rest(&mut self) {
        self.next = None;
    }

    /// True from a loss until another device is open.
    pub fn is_out(&self) -> bool {
        self.next.is_some()
    }

    /// True when a device is to be opened.
    pub fn is_due(&self, now: Instant) -> bool {
        self.next.is_some_and(|next| now >= next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn losses_within_a_minute_end_it_and_seldom_ones_never() {
        let start = Clock::system().instant();
        let mut losses = DeviceLosses::default();
        losses.opened();
        for n in 0..100 {
            assert!(losses.note(start + Duration::from_secs(61 * n)).is_ok(), "{n}");
            losses.opened();
        }
        let mut losses = DeviceLosses::default();
        let ends = (0..10).position(|n| losses.note(start + Duration::from_secs(n)).is_err());
        assert_eq!(ends, Some(3));
    }

    #[test]
    fn one_opening_that_fails_is_not_the_end_and_is_tried_again_each_second() {
        let start = Clock::system().instant();
        let mut losses = DeviceLosses::default();
        assert!(losses.failed(GpuError::NoAdapter, start).is_err(), "there never was one");
        losses.opened();
        assert!(!losses.is_due(start + LATELY));
        losses.note(start).expect("the first loss");
        losses.rest();
        assert!(!losses.is_due(start + LATELY), "a wall without monitors waits for one");
        losses.note(start + LATELY).expect("the next loss");
        for n in 0..29 {
            let now = start + LATELY + RETRY * n;
            assert!(losses.is_due(now) && losses.failed(GpuError::NoAdapter, now).is_ok(), "{n}");
            assert!(!losses.is_due(now + RETRY / 2));
        }
        assert!(losses.failed(GpuError::NoAdapter, start).is_err());
    }
}
