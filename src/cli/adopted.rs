//! The file in which a wall keeps which displays are shown on another monitor than their own: beside its journal, and
//! never in the layout, which is the user's.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::control::adoptions::Adoptions;
use crate::layout::adoption::{Adoption, MOST};

use super::last_good::write_private;
use super::{check, journal_setup, whose};

/// Larger than any that is written, bytes.
const LARGEST: u64 = 256 << 10;

/// The file of one layout, whether it is there or not; none for a user without a home.
pub struct Adopted(Option<PathBuf>);

impl Adopted {
    /// That of the layout at `path`.
    pub fn of(path: &Path) -> Self {
        let folder = journal_setup::state_folder().filter(|_| !check::is_handed_over(path));
        Self(folder.map(|folder| whose::file_of(path, &folder.join("fishbowl"), "monitors")))
    }

    /// What is written there. A file that cannot be read is told in the log and counts as none.
    pub fn read(&self) -> Vec<Adoption> {
        let Some(path) = self.0.as_ref().filter(|path| path.exists()) else { return Vec::new() };
        let mut adopted = read(path).unwrap_or_else(|why| {
            tracing::warn!(
                "which monitors stand in for others cannot be read from {}: {why}",
                path.display()
            );
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
        let path = self.0.as_ref().ok_or_else(|| io::Error::other("this user has no folder for state"))?;
        match adopted {
            [] => match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
            adopted => write_private(path, &serde_json::to_string_pretty(adopted)?),
        }
    }
}

fn read(path: &Path) -> Result<Vec<Adoption>, String> {
    let mut text = String::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(LARGEST).read_to_string(&mut text).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
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
        let file = || Adopted(Some(path.clone()));
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
