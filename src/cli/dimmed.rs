//! The file in which a wall keeps how bright its monitors were before it dimmed them: beside its journal, so that a wall
//! that was killed sets them back at its next start.

use std::path::Path;
use std::sync::Arc;

use crate::power::{AllHeld, Buses, Dimming, Holds};

use super::live::Live;
use super::noted::Noted;
use super::{check, whose};

/// Begins to dim the monitors of the layout at `path`.
pub fn start(live: &Live, path: &Path) -> Dimming {
    let noted = (!check::is_handed_over(path)).then(|| Noted::of(&whose::name_of(path, "brightness")));
    let buses = Buses::default();
    let open = Arc::new(move |spec: &_, connector: Option<&str>| buses.reach(spec, connector));
    Dimming::start(live.desk.clone(), live.clock.clone(), live.runtime.handle(), open, holds(noted))
}

/// Begins with what is written there. A file that cannot be understood is told in the log and counts as none.
fn holds(noted: Option<Noted>) -> Holds {
    let bytes = noted.as_ref().and_then(Noted::read).filter(|bytes| !bytes.is_empty());
    let held: Option<AllHeld> = bytes.and_then(|bytes| {
        let read = serde_json::from_slice(&bytes);
        read.inspect_err(|why| tracing::warn!("how bright monitors were cannot be read: {why}")).ok()
    });
    let write = move |held: &AllHeld| match &noted {
        Some(noted) if held.is_empty() => {
            noted.remove();
            Ok(())
        }
        Some(noted) => noted.write(&serde_json::to_string_pretty(held)?),
        // Nothing is kept of a layout that is no file.
        None => Ok(()),
    };
    Holds::new(held.unwrap_or_default(), Box::new(write))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::power::Held;

    #[test]
    fn what_was_there_before_a_wall_was_killed_is_there_at_the_next_start() {
        let desk = tempfile::tempdir().expect("a folder");
        let path = desk.path().join("state/wall.brightness");
        let file = || holds(Some(Noted::at(path.clone())));
        assert_eq!(file().of("left"), None);
        let held = Held { monitor: "10ac".into(), before: 70 };
        file().hold("left", Some(held.clone()));
        assert_eq!((file().of("left"), file().of("right")), (Some(held), None));
        file().hold("left", None);
        assert!(!path.exists(), "nothing is dimmed");
        for broken in ["", "[{}]", "{\"left\": 1}", "\u{0}"] {
            std::fs::write(&path, broken).expect("written");
            assert_eq!(file().of("left"), None, "{broken}");
        }
    }
}
