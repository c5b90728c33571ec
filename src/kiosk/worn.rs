//! How the wall is worn: in a mode, with one time window, by the topic of an alert, with a text in the spotlight, and
//! with room for a banner.

use std::borrow::Cow;
use std::sync::Arc;

use super::spotlight;
use crate::control::Past;
use crate::layout::absent::Displays;
use crate::layout::strip::with_strips;
use crate::layout::wall::Wall;
use crate::layout::window::Window;

/// What changes how the whole wall looks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wear {
    /// Index of the mode.
    pub mode: Option<usize>,
    /// One time window for all tiles that can show it.
    pub window: Option<Window>,
    /// Index of the topic of the alert that the wall shows.
    pub topic: Option<usize>,
    /// One text on every display.
    pub spotlight: bool,
    /// A past time is played: its id.
    pub past: Option<u64>,
    /// Displays without a monitor, where tiles of theirs move to others.
    pub gone: Displays,
}

impl Wear {
    /// The wall as it is worn; `past` is what is played where a past time is.
    pub fn wear(&self, wall: &Arc<Wall>, past: Option<&Past>) -> Arc<Wall> {
        let mut worn = match wall.in_mode(self.mode) {
            Cow::Borrowed(_) => wall.clone(),
            Cow::Owned(worn) => Arc::new(worn),
        };
        if let Some(window) = self.window {
            worn = Arc::new(worn.in_window(window));
        }
        if let Some(past) = past.filter(|_| self.past.is_some()) {
            worn = Arc::new(Wall { feeds: past.feeds.clone(), ..Wall::clone(&worn) });
        }
        if self.spotlight {
            return Arc::new(spotlight::wall(&worn));
        }
        if let Cow::Owned(alerted) = worn.in_alert(self.topic) {
            worn = Arc::new(alerted);
        }
        if self.gone != Displays::NONE {
            worn = Arc::new(worn.without(self.gone));
        }
        worn
    }

    /// Whether another one makes `wall` look the same.
    pub fn is_like(&self, other: &Self, wall: &Wall) -> bool {
        let looks = |mode: Option<usize>| {
            let mode = mode.and_then(|mode| wall.modes.get(mode));
            mode.map(|mode| (mode.theme.as_ref(), mode.motion, mode.people, mode.brightness))
        };
        looks(self.mode) == looks(other.mode) && Self { mode: None, ..*self } == Self { mode: None, ..*other }
    }
}

/// A worn wall with strips for so many lines of a banner, if any.
pub fn stripped(worn: &Arc<Wall>, strips: Option<u8>) -> Arc<Wall> {
    strips.map_or_else(|| worn.clone(), |lines| Arc::new(with_strips(worn, lines)))
}
