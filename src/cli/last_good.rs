//! The last good layout, kept for a start at which the file is broken or gone.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::layout::{LayoutFile, problem::Report};

use super::noted::Noted;
use super::{check, whose};

/// Copies of a layout that was on a wall. Their user alone may read them.
pub struct LastGood {
    /// What was on the wall last.
    copy: Noted,
    /// What stood on the wall for a while without harm.
    proof: Noted,
    layout: PathBuf,
}

impl LastGood {
    /// The copies of `layout`, whether they are there or not.
    pub fn of(layout: &Path) -> Self {
        Self::named(layout, Noted::of)
    }

    fn named(layout: &Path, noted: impl Fn(&str) -> Noted) -> Self {
        let [copy, proof] = ["layout", "proven"].map(|kind| noted(&whose::name_of(layout, kind)));
        Self { copy, proof, layout: layout.into() }
    }

    /// Those in this folder.
    #[cfg(test)]
    pub(super) fn within(folder: &Path, layout: &Path) -> Self {
        Self::named(layout, |name| Noted::at(folder.join(name)))
    }

    /// Keeps this text in place of the one before. A failure is told in the log and harms nothing.
    pub fn keep(&self, text: &str) {
        put(&self.copy, text);
    }

    /// Keeps this text as that of a layout which stood on a wall for a while without harm.
    pub fn prove(&self, text: &str) {
        put(&self.proof, text);
    }

    /// The layout that stood on the wall without harm, where the one at `path` is another; with the words for the
    /// wall.
    pub fn proven(&self, path: &Path) -> Option<(LayoutFile, Arc<str>)> {
        let bytes = self.proof.read()?;
        if std::fs::read(path).is_ok_and(|now| now == bytes) {
            return None;
        }
        let (file, _) = check::read_bytes(bytes, &self.layout).ok()?;
        let words = "Layout not applied: the wall kept ending with it. Showing the one that ran well before";
        Some((file, words.into()))
    }

    /// The layout that was kept, with the words for the wall: why it stands there.
    pub fn instead_of(&self, wrong: &Report) -> Option<(LayoutFile, Arc<str>)> {
        let bytes = self.copy.read()?;
        let (file, _) = check::read_bytes(bytes, &self.layout).ok()?;
        let why = wrong.headline().unwrap_or_default();
        Some((file, format!("Layout not applied, showing the last good one: {why}").into()))
    }
}

fn put(copy: &Noted, text: &str) {
    if copy.read().is_some_and(|there| there == text.as_bytes()) {
        return;
    }
    if let Err(error) = copy.write(text) {
        tracing::warn!("cannot save the last good layout: {error}");
    }
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
        let copy = desk.path().read_dir().expect("it is there").flatten().next().expect("one file").path();
        std::fs::remove_file(&copy).expect("it was there");
        std::fs::create_dir(&copy).expect("a folder");
        kept.keep(LAYOUT);
        assert!(kept.instead_of(&wrong()).is_none());
        LastGood::within(Path::new("/dev/null/x"), Path::new("wall.toml")).keep(LAYOUT);
    }
}
