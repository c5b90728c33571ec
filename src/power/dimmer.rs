//! Dims one monitor, and sets it back. What was there before is noted before anything is changed.
//!
//! Monitors keep their brightness in a memory that wears out by being written: it is written only if it has to
//! change.

use serde::{Deserialize, Serialize};

use super::ddc::{self, Bus, Level};
use super::said::Trouble;

/// A monitor that was dimmed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// What tells it from other monitors; empty where that is not known.
    pub monitor: String,
    /// How bright it was before.
    pub before: u16,
}

impl Held {
    fn is_of(&self, monitor: &str) -> bool {
        self.monitor == monitor || self.monitor.is_empty() || monitor.is_empty()
    }
}

/// Sets `monitor` to `percent` of what it was before it was first dimmed; 100 sets it back. `hold` is told what that
/// was before anything is written, and when it is set back. Gives how bright it is then.
///
/// # Errors
/// When it does not obey, or does not say.
pub fn dim(
    bus: &mut dyn Bus,
    monitor: &str,
    percent: u8,
    held: Option<Held>,
    hold: &dyn Fn(Option<Held>),
) -> Result<Level, Trouble> {
    let level = ddc::brightness(bus)?;
    let held = held.filter(|held| held.is_of(monitor));
    let before = held.as_ref().map_or(level.now, |held| held.before).min(level.most);
    let wanted = share(before, percent);
    if percent < 100 {
        hold(Some(Held { monitor: monitor.into(), before }));
    }
    let level = if wanted == level.now { level } else { set(bus, wanted, level)? };
    if percent >= 100 {
        hold(None);
    }
    Ok(level)
}

/// `percent` of a level; never nothing of something, on which some monitors turn dark.
fn share(level: u16, percent: u8) -> u16 {
    let share = (u32::from(level) * u32::from(percent.min(100)) + 50) / 100;
    (share as u16).max(level.min(1))
}

/// Monitors may round what they are told; one that does not move at all is told again, and then has refused.
fn set(bus: &mut dyn Bus, wanted: u16, before: Level) -> Result<Level, Trouble> {
    for _ in 0..2 {
        ddc::set_brightness(bus, wanted)?;
        let after = ddc::brightness(bus)?;
        if after.now != before.now {
            return Ok(after);
        }
    }
    Err(Trouble::Refused(format!(
        "the monitor stays at brightness {} of {} although it was told {wanted}; turn its picture modes that choose \
         the brightness themselves off (dynamic contrast, eco, HDR)",
        before.now, before.most
    )))
}
