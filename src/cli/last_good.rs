//! The last good layout, kept for a start at which the file is broken or gone.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::layout::{LayoutFile, problem::Report};

use super::{check, journal_setup, whose};

/// The copy of a layout that was on a wall, beside the wall's journal. Its user alone may read it.
pub struct LastGood {
    copy: PathBuf,
    layout: PathBuf,
}

impl LastGood {
    /// The copy of `layout`, whether it is there or not; nothing for a user without a home.
    pub fn of(layout: &Path) -> Option<Self> {
        Some(Self::within(&journal_setup::state_folder()?.join("fishbowl"), layout))
    }

    pub(super) fn within(folder: &Path, layout: &Path) -> Self {
        Self { copy: whose::file_of(layout, folder, "layout"), layout: layout.into() }
    }

    /// Keeps this text in place of the one before. A failure is told in the log and harms nothing.
    pub fn keep(&self, text: &str) {
        if std::fs::read(&self.copy).is_ok_and(|there| there == text.as_bytes()) {
            return;
        }
        if let Err(error) = write_private(&self.copy, text) {
            tracing::warn!("cannot save the last good layout to {}: {error}", self.copy.display());
        }
    }

    /// Keeps this text as that of a layout which stood on a wall for a while without harm.
    pub fn prove(&self, text: &str) {
        Self { copy: self.proof(), layout: self.layout.clone() }.keep(text);
    }

    fn proof(&self) -> PathBuf {
        self.copy.with_extension("proven")
    }

    /// The layout that stood on the wall without harm, where the one at `path` is another; with the words for the
    /// wall.
    pub fn proven(&self, path: &Path) -> Option<(LayoutFile, Arc<str>)> {
        let bytes = std::fs::read(self.proof()).ok()?;
        if std::fs::read(path).is_ok_and(|now| now == bytes) {
            return None;
        }
        let (file, _) = check::read_bytes(bytes, &self.layout).ok()?;
        let words = "Layout not applied: the wall kept ending with it. Showing the one that ran well before";
        Some((file, words.into()))
    }

    /// The layout that was kept, with the words for the wall: why it stands there.
    pub fn instead_of(&self, wrong: &Report) -> Option<(LayoutFile, Arc<str>)> {
        let bytes = std::fs::read(&self.copy).ok()?;
        let (file, _) = check::read_bytes(bytes, &self.layout).ok()?;
        let why = wrong.headline().unwrap_or_default();
        Some((file, format!("Layout not applied, showing the last good one: {why}").into()))
    }
}

/// Writes a file that its user alone may read, whole or not at all, and the folders above it.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut new = path.as_os_str().to_owned();
    new.push(format!("-{}", std::process::id()));
    let new = PathBuf::from(new);
    private_folder(path.parent().unwrap_or(Path::new(".")))?;
    let written = private_file(&new).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        // A power cut leaves the old one or the new one, whole.
        file.sync_all()?;
        std::fs::rename(&new, path)
    });
    written.inspect_err(|_| drop(std::fs::remove_file(&new)))
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(unix)]
fn private_file(path: &Path) -> io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    // One that a crash left behind is gone first, so that the mode is the new file's own.
    let _ = std::fs::remove_file(path);
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> io::Result<std::fs::File> {
    std::fs::File::create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: &str = "[wall]\nname = \"one\"\nviewer_m = 3\n[feed.demo]\nkind = \"demo\"\n\
        [scene.a]\npicture = \"x\"\ntile.x.kind = \"clock\"\n";

    fn wrong() -> Report {
        check::read(Path::new("/nowhere/wall.toml")).expect_err("it is not there")
    }

    #[test]
    fn the_last_good_layout_comes_back() {
        let desk = tempfile::tempdir().expect("a folder");
        let folder = desk.path().join("state/fishbowl");
        let kept = LastGood::within(&folder, Path::new("/nowhere/wall.toml"));
        assert!(kept.instead_of(&wrong()).is_none());
        kept.keep(&LAYOUT.replace("one", "old"));
        kept.keep(LAYOUT);
        let (file, words) = kept.instead_of(&wrong()).expect("it was kept");
        assert_eq!(file.wall.name.as_deref(), Some("one"));
        assert!(words.contains("last good") && words.contains("cannot read"), "{words}");
        let other = LastGood::within(&folder, Path::new("/elsewhere/wall.toml"));
        assert!(other.instead_of(&wrong()).is_none(), "a layout of the same name elsewhere is another");
        assert_eq!(folder.read_dir().expect("it was made").count(), 1, "nothing else is left there");
    }

    #[test]
    fn what_ran_well_before_is_shown_while_the_file_is_another() {
        let desk = tempfile::tempdir().expect("a folder");
        let path = desk.path().join("wall.toml");
        let kept = LastGood::within(&desk.path().join("state"), &path);
        std::fs::write(&path, LAYOUT).expect("written");
        assert!(kept.proven(&path).is_none());
        kept.prove(LAYOUT);
        kept.keep(&LAYOUT.replace("one", "bad"));
        assert!(kept.proven(&path).is_none(), "it is what ended");
        std::fs::write(&path, LAYOUT.replace("one", "bad")).expect("written");
        let (file, words) = kept.proven(&path).expect("it is another");
        assert_eq!(file.wall.name.as_deref(), Some("one"));
        assert!(words.contains("ran well before"), "{words}");
    }

    #[test]
    fn a_copy_that_cannot_be_used_is_none() {
        let desk = tempfile::tempdir().expect("a folder");
        let kept = LastGood::within(desk.path(), Path::new("wall.toml"));
        kept.keep("[wall");
        assert!(kept.instead_of(&wrong()).is_none());
        // Neither a folder in its place nor a folder that cannot be made is the end.
        std::fs::remove_file(&kept.copy).expect("it was there");
        std::fs::create_dir(&kept.copy).expect("a folder");
        kept.keep(LAYOUT);
        assert!(kept.instead_of(&wrong()).is_none());
        LastGood::within(Path::new("/dev/null/x"), Path::new("wall.toml")).keep(LAYOUT);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let desk = tempfile::tempdir().expect("a folder");
        let folder = desk.path().join("fishbowl");
        let kept = LastGood::within(&folder, Path::new("wall.toml"));
        kept.keep(LAYOUT);
        let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&kept.copy)), (0o700, 0o600));
    }
}
