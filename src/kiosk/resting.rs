//! Displays that rest: their panels are off, or about to be, so nothing is drawn on them. They show black, so that a
//! panel that does not obey shows no picture that has stopped; about once a second that is presented again, as on every
//! display where nothing changes. While somebody looks at such a display through the mirror, its picture is drawn,
//! and what its panel shows of it stays black.

use std::sync::Arc;

use super::{FrameObserver, steering};
use crate::clock::Time;
use crate::control::power::Panels;
use crate::layout::absent::Displays;
use crate::layout::wall::Wall;
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
    /// Notes who rests, and who looks at them elsewhere at `now`.
    pub fn note(&mut self, wall: &Wall, panels: &Panels, observer: Option<&dyn FrameObserver>, now: Time) {
        self.displays = panels.resting(wall);
        let watches = |display: &usize| observer.is_some_and(|observer| observer.watches(*display, now));
        let resting = (0..wall.displays.len()).filter(|display| self.displays.has(*display));
        self.watched = resting.filter(watches).collect();
        if self.displays != Displays::NONE {
            self.black.get_or_insert_with(|| Arc::new(steering::black(wall)));
        }
    }

    /// What this display shows in place of the wall's picture.
    pub fn instead(&self, display: usize) -> Option<Arc<Frame>> {
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
