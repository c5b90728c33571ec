//! Whether the panels of a layout answer, and accept who asks.

use super::finding::{Finding, Standing};
use crate::layout::panel::PanelSpec;
use crate::layout::wall::Wall;
use crate::power::{self, Actual, Trouble};

const OF: &str = "panel";

/// Asks every panel on the network, all at once.
pub fn look(wall: &Wall) -> Vec<Finding> {
    let panels: Vec<_> = wall.power.panels.iter().filter(|(_, panel)| *panel != PanelSpec::Output).collect();
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return vec![Finding::new(OF, Standing::Unknown, "cannot be tried: no threads", "")];
    };
    let asked = panels.iter().map(|(_, panel)| power::look(panel));
    let said = runtime.block_on(futures_util::future::join_all(asked));
    panels.iter().zip(said).map(|((display, _), said)| finding(display, said)).collect()
}

fn finding(display: &str, said: Result<(Actual, String), Trouble>) -> Finding {
    match said {
        Ok((actual, what)) => Finding::fine(OF, format!("`{display}` is {} ({what})", words(actual))),
        Err(Trouble::Busy) => Finding::fine(OF, format!("`{display}` answers; it is busy")),
        Err(Trouble::Password(why)) => Finding::new(
            OF,
            Standing::Fault,
            format!("`{display}`: {why}"),
            "Compare the password or PIN of `panel` in the layout with what is set in the panel's own menu.",
        ),
        Err(Trouble::Silent(why)) => Finding::new(
            OF,
            Standing::Fault,
            format!("`{display}` does not answer: {why}"),
            "Check `address`, and that network control is on in the panel's menu, also in standby. Some panels accept \
             one connection at a time.",
        ),
        Err(Trouble::Refused(why)) => Finding::new(
            OF,
            Standing::Warning,
            format!("`{display}` answers, but {why}"),
            "Look at the panel itself, and at `kind` in its layout.",
        ),
    }
}

const fn words(actual: Actual) -> &'static str {
    match actual {
        Actual::On => "on",
        Actual::Off => "off",
        Actual::WarmingUp => "warming up",
        Actual::CoolingDown => "cooling down",
    }
}
