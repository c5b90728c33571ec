//! Which display goes on which monitor. What has no place is reported, what is in doubt is never
//! guessed.

use super::screens::Screens;
use crate::geometry::Rotation;
use crate::layout::monitors::{self, Doubt, Monitor};
use crate::layout::mount;
use crate::layout::wall::Wall;

/// Where a display is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub display: usize,
    /// The plug of its monitor; `None` stands for an ordinary window.
    pub monitor: Option<String>,
    /// How its picture is turned for that.
    pub turn: Rotation,
}

/// Displays to show, and what of them and their monitors does not agree.
#[derive(Default)]
pub struct Places {
    pub all: Vec<Place>,
    pub remarks: Vec<String>,
    /// Monitors of which nobody can tell which display they are.
    pub signs: Vec<Sign>,
    /// Why, in words.
    pub doubts: Vec<String>,
}

/// What a monitor in doubt has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// Its plug.
    pub monitor: String,
    pub words: String,
}

impl Places {
    /// Every display in an ordinary window, upright.
    pub fn desk(wall: &Wall) -> Self {
        let place = |display| Place { display, monitor: None, turn: Rotation::R0 };
        Self { all: (0..wall.displays.len()).map(place).collect(), ..Self::default() }
    }

    /// Leaves a display in doubt where it is, when that monitor is there and no other display's.
    /// `display` is its number now.
    pub fn leave(&mut self, place: &Place, display: Option<usize>, screens: &Screens) {
        let (Some(display), Some(monitor)) = (display, &place.monitor) else { return };
        let placed = self.all.iter().any(|p| p.display == display || p.monitor == place.monitor);
        if !placed && screens.spot(monitor).is_some() {
            self.signs.retain(|sign| sign.monitor != *monitor);
            self.all.push(Place { display, ..place.clone() });
        }
    }
}

/// Where each display of the wall goes.
pub fn places(wall: &Wall, screens: &Screens) -> Places {
    let (assignment, doubts) = monitors::certain(&wall.displays, &screens.monitors);
    for &missing in &assignment.missing {
        let name = &wall.displays[missing].name;
        tracing::warn!("display `{name}` has no monitor here");
    }
    for &spare in &assignment.spare {
        let name = &screens.monitors[spare].name;
        tracing::warn!("monitor {name} is not used by this layout and stays dark");
    }
    let mut remarks = mount::remarks(&wall.displays, &screens.monitors, &assignment);
    remarks.extend(screens.amiss(&assignment));
    remarks.iter().for_each(|remark| tracing::warn!("{remark}"));
    let place = |(display, monitor): (usize, &Option<usize>)| {
        let monitor = &screens.monitors[(*monitor)?];
        let turn = mount::turn(&wall.displays[display], monitor);
        Some(Place { display, monitor: Some(monitor.name.clone()), turn })
    };
    let all = assignment.monitors.iter().enumerate().filter_map(place).collect();
    let signs = signs(&doubts, &screens.monitors);
    Places { all, remarks, signs, doubts: doubts.iter().map(|doubt| doubt.why.to_string()).collect() }
}

/// What each monitor in doubt says: its first doubt.
fn signs(doubts: &[Doubt], monitors: &[Monitor]) -> Vec<Sign> {
    let sign = |(i, monitor): (usize, &Monitor)| {
        let doubt = doubts.iter().find(|doubt| doubt.monitors.contains(&i))?;
        let mut why = doubt.why.to_string();
        why[..1].make_ascii_uppercase();
        let words = format!(
            "It is unclear which display of the wall this monitor is.\n{why}.\nTo show the picture here, give \
             the display a `match` for this monitor alone; `fishbowl displays` prints one."
        );
        Some(Sign { monitor: monitor.name.clone(), words })
    };
    monitors.iter().enumerate().filter_map(sign).collect()
}

#[cfg(test)]
mod tests;
