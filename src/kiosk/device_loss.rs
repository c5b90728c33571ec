//! A graphics device that is lost: how often, and when another one is opened.

use std::time::Duration;

use super::KioskError;
use crate::clock::Instant;
use crate::gpu::GpuError;

/// So many devices lost within [`LATELY`] are given up.
const MAX_LOSSES: usize = 3;
const LATELY: Duration = Duration::from_secs(60);

/// Openings that may fail one after the other, and the time between two.
const MAX_FAILURES: u32 = 30;
const RETRY: Duration = Duration::from_secs(1);

/// How often the device was lost lately, and how opening another one goes.
#[derive(Debug, Default)]
pub struct DeviceLosses {
    /// The last ones, the newest last.
    lately: [Option<Instant>; MAX_LOSSES],
    total: u64,
    failures: u32,
    /// When it is tried again.
    next: Option<Instant>,
    was_open: bool,
    /// When the device was lost, until something is drawn again.
    dark: Option<Instant>,
}

impl DeviceLosses {
    /// Notes a loss; an error when it is the third within a minute.
    pub fn note(&mut self, now: Instant) -> Result<(), KioskError> {
        self.lately.rotate_left(1);
        self.lately[MAX_LOSSES - 1] = Some(now);
        self.total += 1;
        (self.next, self.dark) = (Some(now), Some(now));
        if self.lately[0].is_some_and(|first| now.saturating_duration_since(first) < LATELY) {
            return Err(KioskError::DeviceLost(MAX_LOSSES));
        }
        tracing::error!("the graphics device was lost; rebuilding everything");
        Ok(())
    }

    /// How often it was lost since the start.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Notes that something was drawn.
    pub fn drawn(&mut self, now: Instant) {
        if let Some(dark) = self.dark.take() {
            let ms = now.saturating_duration_since(dark).as_millis();
            tracing::info!("the wall is drawn again, {ms} ms after the graphics device was lost");
        }
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
        if hopeless {
            return Err(error.into());
        }
        if self.failures >= MAX_FAILURES {
            return Err(KioskError::NoDeviceAgain(error));
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
        let ends = [0, 59, 61, 62].map(|at| losses.note(start + Duration::from_secs(at)).is_err());
        assert_eq!(ends, [false, false, false, true], "wherever the minute begins");
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
