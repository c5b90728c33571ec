//! Panels that dim themselves: how bright they should be, and what is known of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::state::State;
use crate::clock::Time;
use crate::layout::rundown::Rundown;

/// Percent of their light that the mode at `now` leaves the displays.
pub fn wanted(rundown: &Rundown, state: &State, now: Time) -> u8 {
    let mode = rundown.turn(state.chosen_mode(&rundown.modes, now), now).mode;
    let brightness = mode.and_then(|mode| rundown.modes.get(mode)).map_or(1.0, |mode| mode.brightness);
    (brightness * 100.0).round().clamp(0.0, 100.0) as u8
}

/// What is known of the backlight of one display.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BacklightNow {
    /// Its brightness and the highest that it has, as the monitor counts, when it last said.
    pub level: Option<(u16, u16)>,
    /// Percent of its light at which it stands and from which it cannot be moved; `None` while it obeys.
    pub stuck: Option<u8>,
    /// What the operator should know.
    pub problem: Option<String>,
}

impl BacklightNow {
    /// How bright the picture is to be where `wanted` of the light is to be left, 0 to 1: what the backlight cannot do.
    pub fn picture(&self, wanted: f32) -> f32 {
        self.stuck.map_or(1.0, |stuck| (wanted * 100.0 / f32::from(stuck.max(1))).min(1.0))
    }
}

/// The backlights of a wall, by the names of their displays.
#[derive(Debug, Default)]
pub struct Backlights(ArcSwap<BTreeMap<String, BacklightNow>>);

impl Backlights {
    /// What is known of all.
    pub fn now(&self) -> Arc<BTreeMap<String, BacklightNow>> {
        self.0.load_full()
    }

    /// Says what is known of one; `None` if it is no one's any more.
    pub fn note(&self, display: &str, backlight: Option<BacklightNow>) {
        if self.0.load().get(display) != backlight.as_ref() {
            self.0.rcu(|all| {
                let mut all = BTreeMap::clone(all);
                match &backlight {
                    Some(backlight) => all.insert(display.into(), backlight.clone()),
                    None => all.remove(display),
                };
                all
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_dimmed_by_what_its_backlight_cannot_do() {
        let backlight = |stuck| BacklightNow { stuck, ..BacklightNow::default() };
        assert_eq!(backlight(None).picture(0.4), 1.0);
        for (at, picture) in [(100, 0.4), (80, 0.5), (40, 1.0), (10, 1.0), (0, 1.0)] {
            assert_eq!(backlight(Some(at)).picture(0.4), picture, "stuck at {at}");
        }
        let backlights = Backlights::default();
        backlights.note("left", Some(backlight(None)));
        assert_eq!(backlights.now()["left"], backlight(None));
        backlights.note("left", None);
        assert!(backlights.now().is_empty());
    }
}
