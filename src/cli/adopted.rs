//! The file in which a wall keeps which displays are shown on another monitor than their own: beside its journal, and
//! never in the layout, which is the user's.

use std::io;
use std::path::Path;

use crate::control::adoptions::Adoptions;
use crate::layout::adoption::{Adoption, MOST};

use super::noted::Noted;
use super::{check, whose};

/// The file of one layout, whether it is there or not; none for a layout that is no file.
pub struct Adopted(Option<Noted>);

impl Adopted {
    /// That of the layout at `path`.
    pub fn of(path: &Path) -> Self {
        Self((!check::is_handed_over(path)).then(|| Noted::of(&whose::name_of(path, "monitors"))))
    }

    /// What is written there. A file that cannot be understood is told in the log and counts as none.
    pub fn read(&self) -> Vec<Adoption> {
        let Some(bytes) = self.0.as_ref().and_then(Noted::read) else { return Vec::new() };
        let mut adopted: Vec<Adoption> = serde_json::from_slice(&bytes).unwrap_or_else(|why| {
            tracing::warn!("which monitors stand in for others cannot be read: {why}");
            Vec::new()
        });
        adopted.truncate(MOST);
        adopted
    }

    /// Has `adoptions` begin with what is written here, and write here what changes.
    pub fn restore(self, adoptions: &Adoptions) {
        adoptions.restore(self.read());
        adoptions.keep_with(Box::new(move |adopted| self.write(adopted)));
    }

    fn write(&self, adopted: &[Adoption]) -> io::Result<()> {
        let noted = self.0.as_ref().ok_or_else(|| io::Error::other("the layout is no file"))?;
        if adopted.is_empty() {
            noted.remove();
            return Ok(());
        }
        noted.write(&serde_json::to_string_pretty(adopted)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::display::MonitorMatch;

    fn adoption(display: &str) -> Adoption {
        let monitor = MonitorMatch { edid: Some("DEL-P24-7X1".into()), ..MonitorMatch::default() };
        Adoption { display: display.into(), monitor, by: "jo".into(), ..Adoption::default() }
    }

    #[test]
    fn what_was_accepted_is_there_at_the_next_start() {
        let desk = tempfile::tempdir().expect("a folder");
        let path = desk.path().join("state/wall.monitors");
        let file = || Adopted(Some(Noted::at(path.clone())));
        assert!(file().read().is_empty());
        file().write(&[adoption("left"), adoption("right")]).expect("written");
        assert_eq!(file().read(), [adoption("left"), adoption("right")]);
        file().write(&[]).expect("removed");
        file().write(&[]).expect("it is gone already");
        assert!(!path.exists());
        for broken in ["", "[{}]", "{\"display\": 1}", "\u{0}"] {
            std::fs::write(&path, broken).expect("written");
            assert!(file().read().is_empty(), "{broken}");
        }
        std::fs::remove_file(&path).expect("it was there");
        std::fs::create_dir(&path).expect("a folder");
        assert!(file().read().is_empty() && file().write(&[adoption("left")]).is_err());
        assert!(Adopted(None).read().is_empty() && Adopted(None).write(&[adoption("left")]).is_err());
    }
}
