//! Displays that rest: their panels are off, or about to be, so nothing is drawn on them. They show black, so that a
//! panel that does not obey shows no picture that has stopped; about once a second that is presented again, as on every
//! display where nothing changes. While somebody looks at such a display through the mirror, its picture is drawn,
//! and what its panel shows of it stays black.

use std::sync::Arc;

use super::WallRenderer;
use crate::clock::{Instant, Time};
use crate::control::power::Panels;
use crate::kiosk::{FrameObserver, steering};
use crate::layout::absent::Displays;
use crate::scene::Frame;

/// Who rests, and what they show.
#[derive(Debug, Default)]
pub struct Resting {
    displays: Displays,
    /// Those of them that somebody looks at elsewhere.
    watched: Displays,
    /// Black, for the present wall.
    black: Option<Arc<Frame>>,
}

impl Resting {
    /// What this display shows in place of the wall's picture.
    fn instead(&self, display: usize) -> Option<Arc<Frame>> {
        self.black.clone().filter(|_| self.displays.has(display) && !self.watched.has(display))
    }

    /// Whether the panel of this display is to show nothing.
    pub fn has(&self, display: usize) -> bool {
        self.displays.has(display)
    }

    /// The wall is another.
    pub fn forget(&mut self) {
        self.black = None;
    }
}

impl WallRenderer {
    /// Notes at `now` which displays may be dark, rest or are missing, and at `time` who looks at them elsewhere.
    pub fn attend(
        &mut self,
        panels: &Panels,
        observer: Option<&dyn FrameObserver>,
        (now, time): (Instant, Time),
    ) {
        self.excused = panels.excused(&self.wall);
        self.backlights = panels.backlights().now();
        self.absences.note(&self.wall, &self.slots, self.excused, now);
        self.resting.displays = panels.resting(&self.wall);
        let watches = |display: &usize| observer.is_some_and(|observer| observer.watches(*display, time));
        let all = 0..self.wall.displays.len();
        self.resting.watched = all.filter(|i| self.resting.displays.has(*i)).filter(watches).collect();
        self.rest();
    }

    fn rest(&mut self) {
        let wall = &self.wall;
        if self.resting.displays != Displays::NONE {
            self.resting.black.get_or_insert_with(|| Arc::new(steering::black(wall)));
        }
        for (output, &slot) in self.outputs.iter_mut().zip(&self.slots) {
            output.instead = self.resting.instead(slot);
        }
    }

    /// Whether no display shows what the director draws.
    pub(super) fn is_all_at_rest(&self) -> bool {
        !self.outputs.is_empty() && self.outputs.iter().all(|output| output.instead.is_some())
    }
}
