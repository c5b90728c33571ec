//! Small files in which a wall notes something for its next start.
//!
//! They lie beside its journal. Where that cannot be written (a full disk, a home that is read-only or missing), they lie
//! in a folder that lasts at most until the machine is switched off.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::journal_setup;

/// A file of one name in the folders that may have it.
#[derive(Clone, Debug)]
pub struct Noted {
    /// Where it is written if it can be.
    own: Option<PathBuf>,
    /// Where it is written instead. One of these was written later than one that is its own.
    instead: Vec<PathBuf>,
}

impl Noted {
    /// That of this user with this name.
    pub fn of(name: &str) -> Self {
        let own = journal_setup::state_folder().map(|folder| folder.join("fishbowl").join(name));
        Self { own, instead: passing().into_iter().map(|folder| folder.join(name)).collect() }
    }

    /// One that lies here and nowhere else.
    #[cfg(test)]
    pub fn at(path: PathBuf) -> Self {
        Self { own: Some(path), instead: Vec::new() }
    }

    /// What was noted last, if anything can be read.
    pub fn read(&self) -> Option<Vec<u8>> {
        let instead = self.instead.iter().filter(|path| is_ours(path));
        instead.chain(&self.own).find_map(|path| std::fs::read(path).ok())
    }

    /// Notes this text, whole or not at all.
    ///
    /// # Errors
    /// Why it cannot be noted where it should be, if it cannot be elsewhere either.
    pub fn write(&self, text: &str) -> io::Result<()> {
        let homeless = || io::Error::other("set HOME or XDG_STATE_HOME");
        let Err(error) = self.own.as_deref().map_or_else(|| Err(homeless()), |path| private(path, text))
        else {
            self.instead.iter().for_each(remove);
            return Ok(());
        };
        let noted = self.instead.iter().find(|path| private(path, text).is_ok() && is_ours(path));
        let there = noted.ok_or_else(|| {
            let place = self.own.as_ref().map(|path| format!("{}: ", path.display())).unwrap_or_default();
            io::Error::new(error.kind(), format!("{place}{error}"))
        })?;
        tracing::debug!("noted in {} instead: {error}", there.display());
        Ok(())
    }

    /// Nothing is noted any more.
    pub fn remove(&self) {
        self.instead.iter().chain(&self.own).for_each(remove);
        // What cannot be removed is outdone.
        if self.own.as_ref().is_some_and(|path| path.exists()) {
            let _ = self.write("");
        }
    }
}

fn remove(path: impl AsRef<Path>) {
    // It may not be there.
    let _ = std::fs::remove_file(path);
}

/// Folders that last at most until the machine is switched off: those that systemd makes for a service and for a user's
/// session, and one of this user's in the folder for temporary files.
fn passing() -> Vec<PathBuf> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let session = folder("XDG_RUNTIME_DIR").map(|folder| folder.join("fishbowl"));
    let shared = std::env::temp_dir().join(format!("fishbowl-{}", user()));
    folder("RUNTIME_DIRECTORY").into_iter().chain(session).chain([shared]).collect()
}

/// Whether a file lies in a folder of this user's alone: others can write what they like to one for temporary files.
#[cfg(unix)]
fn is_ours(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let folder = path.parent().and_then(|folder| std::fs::symlink_metadata(folder).ok());
    folder.is_some_and(|folder| folder.is_dir() && folder.uid() == user() && folder.mode() & 0o022 == 0)
}

#[cfg(unix)]
fn user() -> u32 {
    // SAFETY: geteuid has no preconditions.
    unsafe { libc::geteuid() }
}

#[cfg(not(unix))]
fn is_ours(path: &Path) -> bool {
    path.parent().is_some_and(Path::is_dir)
}

#[cfg(not(unix))]
fn user() -> &'static str {
    "user"
}

/// Writes a file that its user alone may read, whole or not at all, and the folders above it.
fn private(path: &Path, text: &str) -> io::Result<()> {
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
    written.inspect_err(|_| remove(&new))
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
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777
    }

    #[test]
    fn what_cannot_be_noted_in_its_place_is_noted_elsewhere_and_what_is_newest_is_read() {
        let desk = tempfile::tempdir().expect("a folder");
        let (state, passing) = (desk.path().join("state/fishbowl"), desk.path().join("run/fishbowl"));
        let noted = Noted { own: Some(state.join("x")), instead: vec![passing.join("x")] };
        assert_eq!(noted.read(), None);
        noted.write("first").expect("it can be noted");
        assert_eq!((mode(&state), mode(&state.join("x")), passing.exists()), (0o700, 0o600, false));
        // A folder in its place, and one that cannot be made: not even root can write there.
        let broken = [Some(desk.path().to_path_buf()), Some("/dev/null/x".into()), None];
        for own in broken {
            let noted = Noted { own, ..noted.clone() };
            noted.write("second").expect("it can be noted elsewhere");
            assert_eq!(noted.read().as_deref(), Some(&b"second"[..]));
            noted.remove();
        }
        noted.write("third").expect("it can be noted");
        std::fs::write(passing.join("x"), "fourth").expect("it can be written");
        assert_eq!(noted.read().as_deref(), Some(&b"fourth"[..]), "it is newer");
        noted.write("fifth").expect("it can be noted");
        assert_eq!(noted.read().as_deref(), Some(&b"fifth"[..]));
        noted.remove();
        assert_eq!(noted.read(), None);
        let nowhere = Noted { own: Some("/dev/null/x".into()), instead: vec!["/dev/null/y".into()] };
        assert!(nowhere.write("sixth").expect_err("it cannot").to_string().starts_with("/dev/null/x: "));
    }

    #[test]
    fn what_others_could_have_written_is_not_believed() {
        let desk = tempfile::tempdir().expect("a folder");
        let open = desk.path().join("open");
        std::fs::create_dir(&open).expect("a folder");
        std::fs::write(open.join("x"), "a lie").expect("it can be written");
        std::fs::set_permissions(&open, PermissionsExt::from_mode(0o777)).expect("set");
        let noted = Noted { own: None, instead: vec![open.join("x")] };
        assert_eq!(noted.read(), None);
        assert!(noted.write("a truth").is_err());
    }
}
