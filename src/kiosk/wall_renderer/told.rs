//! What is told of a wall that is being shown: pictures of its displays, and how it is.

use std::time::Duration;

use super::WallRenderer;
use crate::clock::Clock;
use crate::kiosk::{FrameObserver, Unseen, WallStatus};

/// Longer side of a picture for the mirror, pixels.
const MIRROR_EDGE: u32 = 1_280;

/// Time between two reports of how the wall is shown.
const STATUS_EVERY: Duration = Duration::from_secs(1);

impl WallRenderer {
    /// Shows the displays that somebody wants to see, and says how the wall is shown.
    pub fn show_to(&mut self, observer: &dyn FrameObserver, unseen: &[Unseen], clock: &Clock) {
        self.counts.resize(self.outputs.len(), 0);
        for (i, output) in self.outputs.iter_mut().enumerate() {
            let display = self.slots[i];
            if !observer.wants(display, self.counts[i], clock.now()) {
                continue;
            }
            match self.gpu.capture(output, &mut self.setter, Some(MIRROR_EDGE)) {
                Ok(picture) => observer.show(display, self.counts[i], picture),
                Err(error) => tracing::warn!("cannot make a picture for the mirror: {error}"),
            }
        }
        let now = clock.instant();
        let rests = |reported| now.saturating_duration_since(reported) < STATUS_EVERY;
        if unseen.len() != self.unseen || !self.reported.is_some_and(rests) {
            (self.reported, self.unseen) = (Some(now), unseen.len());
            observer.status(self.status(unseen));
        }
    }

    fn status<'a>(&'a self, unseen: &'a [Unseen]) -> WallStatus<'a> {
        let all = 0..self.wall.displays.len();
        WallStatus {
            wall: &self.wall,
            scene: self.scene,
            notice: self.control.notice.as_deref(),
            absent: all.filter(|i| !self.slots.contains(i)).collect(),
            excused: self.excused,
            remarks: &self.remarks,
            missing: Some(self.setter.missing()),
            unseen,
            outage: None,
            device_losses: self.device_losses,
        }
    }
}
