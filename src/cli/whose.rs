//! Which journal a layout records to by itself: that of its file name, unless another layout of the
//! same name has it already.

use std::path::{Path, PathBuf};

use crate::{codec, journal};
use ring::digest::{SHA256, digest};

/// Bytes of the hash in a file's name.
const HASH: usize = 4;
/// Links from one to the next that are followed, as the kernel does.
const MOST_LINKS: usize = 40;

/// A layout file by the one name that it has wherever it is called from, also while it is gone.
pub fn known(layout: &Path) -> PathBuf {
    if let Ok(whole) = std::fs::canonicalize(layout) {
        return whole;
    }
    let mut path = std::path::absolute(layout).unwrap_or_else(|_| layout.into());
    for _ in 0..MOST_LINKS {
        let Ok(target) = std::fs::read_link(&path) else { break };
        path = path.parent().map_or(target.clone(), |folder| folder.join(&target));
    }
    let folder = path.parent().and_then(|folder| std::fs::canonicalize(folder).ok());
    folder.zip(path.file_name()).map_or(path.clone(), |(folder, name)| folder.join(name))
}

/// The journal of `layout` in `folder`. A journal that says nothing of its layout is taken, as is
/// one whose layout is no more: it was moved.
pub fn journal_of(layout: &Path, folder: &Path) -> PathBuf {
    let stem = layout.file_stem().unwrap_or_default().to_string_lossy();
    let plain = folder.join(format!("{stem}.journal"));
    let own = folder.join(format!("{stem}-{}.journal", hash(layout)));
    if own.exists() {
        return own;
    }
    let Some(other) = other_layout(&plain, layout) else { return plain };
    if other.exists() {
        let (plain, other) = (plain.display(), other.display());
        tracing::warn!(
            "{plain} is the journal of {other}, another layout of the same name; using a \
            separate journal for this one"
        );
        return own;
    }
    tracing::info!("this journal belonged to {}, which no longer exists", other.display());
    plain
}

/// The layout that has this journal, when it is not this one.
fn other_layout(journal: &Path, layout: &Path) -> Option<PathBuf> {
    // What is wrong with the file is told when it is opened.
    let other = journal::layout_of(journal).ok().flatten()?;
    (other != layout.to_string_lossy()).then(|| other.into())
}

/// Name of the file of this kind that `layout` has among those of all layouts. By the name that it is called by: links
/// cannot be followed once the layout is gone.
pub fn name_of(layout: &Path, kind: &str) -> String {
    let called = std::path::absolute(layout).unwrap_or_else(|_| layout.into());
    let stem = called.file_stem().unwrap_or_default().to_string_lossy();
    format!("{stem}-{}.{kind}", hash(&called))
}

/// Of a layout's name: some letters for the names of files that are its own.
pub fn hash(layout: &Path) -> String {
    let digest = digest(&SHA256, layout.as_os_str().as_encoded_bytes());
    codec::hex(&digest.as_ref()[..HASH])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use crate::clock::{Clock, Time};
    use crate::journal::{Journal, Settings};

    use super::*;

    fn open(path: &Path) -> Journal {
        let settings = Settings { path: path.into(), keep: Duration::from_secs(86_400), max_bytes: 1 << 24 };
        let clock = Clock::simulated(Time::from_secs(1_795_356_000));
        Journal::open(&settings, clock, Arc::new(|_| Vec::new())).expect("it can be made")
    }

    #[cfg(unix)]
    #[test]
    fn a_layout_that_is_gone_has_the_name_that_it_had() {
        let desk = tempfile::tempdir().expect("a folder");
        let path = |name: &str| desk.path().join(name);
        std::fs::create_dir(path("real")).expect("a folder");
        std::os::unix::fs::symlink("real", path("folder")).expect("linked");
        std::os::unix::fs::symlink("folder/file.toml", path("link.toml")).expect("linked");
        std::fs::write(path("real/file.toml"), "").expect("it is writable");
        let names = [path("link.toml"), path("folder/file.toml")];
        let there = names.each_ref().map(|name| known(name));
        std::fs::remove_file(path("real/file.toml")).expect("it was there");
        assert_eq!(names.each_ref().map(|name| known(name)), there);
        std::os::unix::fs::symlink("loop", path("loop")).expect("linked");
        assert!(known(&path("loop")).ends_with("loop"));
    }

    #[test]
    fn layouts_of_one_name_have_journals_of_their_own() {
        let desk = tempfile::tempdir().expect("a folder");
        let layout = |name: &str| {
            std::fs::create_dir_all(desk.path().join(name)).expect("a folder");
            std::fs::write(desk.path().join(name).join("wall.toml"), "").expect("it is writable");
            known(&desk.path().join(name).join("wall.toml"))
        };
        let (east, west) = (layout("east"), layout("west"));
        let plain = desk.path().join("wall.journal");
        assert_eq!(journal_of(&east, desk.path()), plain);
        // One that an older Fishbowl began belongs to whoever comes first.
        drop(open(&plain));
        assert_eq!(journal_of(&west, desk.path()), plain);
        open(&plain).belong_to(&east).expect("it can be noted");
        assert_eq!(journal_of(&east, desk.path()), plain);
        let own = journal_of(&west, desk.path());
        assert_ne!(own, plain);
        drop(open(&own));
        std::fs::remove_file(&east).expect("it was there");
        assert_eq!(journal_of(&west, desk.path()), own, "it keeps its own");
        // A layout that was moved takes its journal along.
        let moved = layout("moved");
        assert_eq!(journal_of(&moved, desk.path()), plain);
        open(&plain).belong_to(&moved).expect("it can be noted");
        assert_eq!(journal_of(&moved, desk.path()), plain);
    }
}
