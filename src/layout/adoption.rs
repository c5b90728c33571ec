//! Monitors that people gave displays in place of their own.

use serde::{Deserialize, Serialize};

use crate::clock::Time;
use crate::layout::display::MonitorMatch;
use crate::layout::monitors::{Edid, Monitor};

/// Most that are kept for one layout: as many as it may have displays.
pub const MOST: usize = 64;

/// A monitor that somebody gave a display in place of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    pub display: String,
    /// How the monitor is recognised.
    pub monitor: MonitorMatch,
    /// The same for people: see [`described`].
    pub words: String,
    /// Who gave it.
    pub by: String,
    pub since: Time,
}

/// How a monitor is recognised for as long as possible: by its serial number wherever it is plugged in; where it has
/// none, or others have the same, also by its connector.
pub fn recognised(monitor: &Monitor, all: &[Monitor]) -> MonitorMatch {
    let connector = Some(monitor.name.clone());
    let Some(edid) = &monitor.edid else { return MonitorMatch { connector, ..MonitorMatch::default() } };
    let same = |other: &&Monitor| other.edid.as_ref().map(Edid::id) == Some(edid.id());
    let is_told = !edid.serial.trim().is_empty() && all.iter().filter(same).count() == 1;
    let connector = connector.filter(|_| !is_told);
    MonitorMatch { edid: Some(edid.id()), connector, ..MonitorMatch::default() }
}

/// A monitor for people: `DEL U4323QE, serial 7X1, on DP-2`.
pub fn described(monitor: &Monitor) -> String {
    let what = monitor.edid.as_ref().map(|edid| match edid.serial.trim() {
        "" => format!("{} {}, no serial number", edid.make, edid.model),
        serial => format!("{} {}, serial {serial}", edid.make, edid.model),
    });
    format!("{}, on {}", what.unwrap_or_else(|| "make and model unknown".into()), monitor.name)
}

/// What is to be done so that the layout says it too.
pub fn reminder(adoption: &Adoption) -> String {
    let Adoption { display, monitor, words, by, .. } = adoption;
    format!(
        "display `{display}` is shown on another monitor than its own ({words}; accepted by {by}): add `{monitor}` to \
         its `match` in the layout to make that permanent"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monitor(name: &str, serial: &str) -> Monitor {
        let edid = Edid { make: "DEL".into(), model: "P24".into(), serial: serial.into(), sha256: None };
        Monitor { name: name.into(), edid: Some(edid), ..Monitor::default() }
    }

    #[test]
    fn a_monitor_is_recognised_by_no_more_than_it_takes() {
        let unknown = Monitor { name: "VGA-1".into(), ..Monitor::default() };
        let all = [
            monitor("DP-1", "7X1"),
            monitor("DP-2", ""),
            monitor("DP-3", "9"),
            monitor("DP-4", "9"),
            unknown,
        ];
        let entries = all.each_ref().map(|monitor| recognised(monitor, &all).to_string());
        let wanted = [
            r#"{ edid = "DEL-P24-7X1" }"#,
            r#"{ edid = "DEL-P24-", connector = "DP-2" }"#,
            r#"{ edid = "DEL-P24-9", connector = "DP-3" }"#,
            r#"{ edid = "DEL-P24-9", connector = "DP-4" }"#,
            r#"{ connector = "VGA-1" }"#,
        ];
        assert_eq!(entries, wanted);
        assert_eq!(described(&all[0]), "DEL P24, serial 7X1, on DP-1");
        assert_eq!(described(&all[1]), "DEL P24, no serial number, on DP-2");
        assert_eq!(described(&all[4]), "make and model unknown, on VGA-1");
    }
}
