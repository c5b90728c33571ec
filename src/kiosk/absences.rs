//! Displays without a monitor, and what those beside them show in their place.

use std::time::Duration;

use crate::clock::{Instant, Time};
use crate::geometry::Rect;
use crate::layout::absent::Displays;
use crate::layout::wall::{Display, Wall};

/// A monitor that is switched off and on again changes nothing on the others.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long each part of the picture is shown where two take turns.
const TURN: Duration = Duration::from_secs(20);

/// Since when displays have had no monitor.
#[derive(Debug, Default)]
pub struct Absences {
    /// By name: a changed layout may number them otherwise.
    since: Vec<(String, Instant)>,
    /// Those that have had none for a while.
    gone: Displays,
}

impl Absences {
    /// Notes at `now` which displays of `wall` are shown. Those that rest are missed by no one.
    pub fn note(&mut self, wall: &Wall, slots: &[usize], resting: Displays, now: Instant) {
        if self.since.is_empty() && slots.len() == wall.displays.len() {
            return self.gone = Displays::NONE;
        }
        let displays = wall.displays.iter().enumerate();
        let missing = displays.filter(|(i, _)| !slots.contains(i) && !resting.has(*i));
        let names: Vec<&Display> = missing.map(|(_, display)| display).collect();
        self.since.retain(|(name, _)| names.iter().any(|display| display.name == *name));
        for display in names {
            if self.since(display).is_none() {
                self.since.push((display.name.clone(), now));
            }
        }
        let is_gone = |display: &Display| {
            self.since(display).is_some_and(|since| now.saturating_duration_since(since) >= PATIENCE)
        };
        let displays = wall.displays.iter().enumerate();
        self.gone = displays.filter(|(_, display)| is_gone(display)).map(|(i, _)| i).collect();
    }

    fn since(&self, display: &Display) -> Option<Instant> {
        self.since.iter().find(|(name, _)| *name == display.name).map(|(_, since)| *since)
    }

    /// The displays that are gone, where tiles of one of them move.
    pub fn gone(&self, wall: &Wall) -> Displays {
        let moves = (0..wall.displays.len()).any(|index| wall.moves(index, self.gone));
        if moves { self.gone } else { Displays::NONE }
    }

    /// The part of the wall that the display `index` shows at `now`, millimetres: its own, or in turn that of one
    /// that is gone, as large as fits.
    pub fn part(&self, wall: &Wall, index: usize, now: Time) -> Rect {
        let own = wall.displays[index].rect;
        if self.gone == Displays::NONE {
            return own;
        }
        let covered = wall.covered(self.gone);
        let lent: Vec<usize> = covered.iter().filter(|(_, by)| *by == index).map(|(gone, _)| *gone).collect();
        let turn = now.as_micros().div_euclid(TURN.as_micros() as i64).rem_euclid(lent.len() as i64 + 1);
        let shown = usize::try_from(turn).ok().and_then(|turn| lent.get(turn.checked_sub(1)?));
        shown.map_or(own, |&gone| fitted(wall.displays[gone].rect, own))
    }
}

/// `rect`, made wider or higher around its middle until it has the proportions of `shape`.
fn fitted(rect: Rect, shape: Rect) -> Rect {
    let proportion = shape.w / shape.h;
    let (w, h) = (rect.w.max(rect.h * proportion), rect.h.max(rect.w / proportion));
    Rect::new(rect.x - (w - rect.w) / 2.0, rect.y - (h - rect.h) / 2.0, w, h)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::layout;

    fn wall(if_missing: &str) -> Wall {
        let text = format!(
            "[display.left]\nsize_mm = [600, 300]\nif_missing = \"{if_missing}\"\n\
             [display.right]\nsize_mm = [600, 400]\n\
             [scene.a]\npicture = \"x | y\"\ntile.x.kind = \"clock\"\ntile.y.kind = \"clock\"\n"
        );
        let read = layout::load_text(&text, std::path::Path::new("a.toml"), &[], &crate::registry());
        layout::solve(&read.file, &[])
    }

    #[test]
    fn a_display_that_stays_away_is_shown_by_its_neighbour_in_turn() {
        let (wall, start) = (wall("neighbour"), Clock::system().instant());
        let mut absences = Absences::default();
        let (own, other) = (wall.displays[1].rect, wall.displays[0].rect);
        let parts =
            |absences: &Absences| [0, 20, 40, 60].map(|s| absences.part(&wall, 1, Time::from_secs(s)));
        absences.note(&wall, &[1], Displays::NONE, start);
        absences.note(&wall, &[1], Displays::NONE, start + PATIENCE - Duration::from_millis(1));
        assert_eq!(parts(&absences), [own; 4], "it may come back in a moment");
        absences.note(&wall, &[1], Displays::NONE, start + PATIENCE);
        let [first, second, third, fourth] = parts(&absences);
        assert_eq!((first, third), (own, own));
        assert_eq!(second, fourth);
        assert!((second.w / second.h - own.w / own.h).abs() < 1e-4, "nothing is stretched");
        assert!(second.contains(other.center()) && second.w >= other.w && second.h >= other.h);
        absences.note(&wall, &[0, 1], Displays::NONE, start + PATIENCE);
        assert_eq!(parts(&absences), [own; 4], "it is back");
        absences.note(&wall, &[1], Displays::NONE, start + PATIENCE * 2);
        assert_eq!(parts(&absences), [own; 4], "and gone for no time yet");
        absences.note(&wall, &[1], Displays::NONE.with(0), start + PATIENCE * 9);
        assert_eq!(parts(&absences), [own; 4], "it rests");
    }

    #[test]
    fn tiles_move_only_where_the_layout_says_so() {
        let start = Clock::system().instant();
        for (if_missing, moves) in [("blank", false), ("neighbour", false), ("reflow", true)] {
            let wall = wall(if_missing);
            let mut absences = Absences::default();
            absences.note(&wall, &[1], Displays::NONE, start);
            absences.note(&wall, &[1], Displays::NONE, start + PATIENCE);
            assert_eq!(absences.gone(&wall) != Displays::NONE, moves, "{if_missing}");
        }
    }
}
