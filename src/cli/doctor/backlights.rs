//! Whether the monitors whose backlights are dimmed answer.

use super::finding::{Finding, Standing, There};
use crate::layout::backlight::BacklightSpec;
use crate::layout::monitors::{self, Monitor};
use crate::layout::wall::Wall;
use crate::power::{self, Trouble};

const OF: &str = "backlight";

/// Asks every monitor how bright it is; changes nothing.
pub fn look(wall: &Wall, there: Option<&There>) -> Vec<Finding> {
    let monitors = there.and_then(|there| there.as_ref().ok()).map_or(&[][..], |(there, _)| there);
    let look = |(display, spec): &(String, BacklightSpec)| {
        let connector = connector(wall, monitors, display);
        if connector.is_none() && spec.bus.is_none() {
            let words = format!("`{display}` cannot be asked: it has no monitor that is known here");
            let remedy = "Run this in the session of the wall's window system.";
            return Finding::new(OF, Standing::Unknown, words, remedy);
        }
        finding(display, said(spec, connector))
    };
    wall.power.backlights.iter().map(look).collect()
}

/// The connector of a display's monitor.
fn connector<'m>(wall: &Wall, there: &'m [Monitor], display: &str) -> Option<&'m str> {
    let index = wall.displays.iter().position(|other| other.name == display)?;
    let (assignment, _) = monitors::certain(&wall.displays, there);
    Some(there.get((*assignment.monitors.get(index)?)?)?.name.as_str())
}

fn said(spec: &BacklightSpec, connector: Option<&str>) -> Result<power::Level, Trouble> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Trouble::Silent(error.to_string()))?;
    runtime.block_on(power::level(spec, connector))
}

fn finding(display: &str, said: Result<power::Level, Trouble>) -> Finding {
    let (why, remedy) = match said {
        Ok(level) => {
            return Finding::fine(OF, format!("`{display}` has brightness {} of {}", level.now, level.most));
        }
        Err(Trouble::Busy) => (
            format!("`{display}` does not tell its brightness"),
            "Turn DDC/CI on in the monitor's menu, or remove `backlight`; its picture is dimmed then.",
        ),
        Err(Trouble::Silent(why)) => (
            format!("`{display}`: {why}"),
            "Some adapters, switches and long cables do not carry DDC/CI: try a plain cable. Without it, remove \
             `backlight`; its picture is dimmed then.",
        ),
        Err(Trouble::Refused(why) | Trouble::Password(why)) => (
            format!("`{display}`: {why}"),
            "`sudo modprobe i2c-dev` makes the buses, and the group that owns `/dev/i2c-*` may use them; the Debian \
             package does both.",
        ),
    };
    Finding::new(OF, Standing::Warning, why, remedy)
}
