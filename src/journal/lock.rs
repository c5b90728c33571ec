//! One writer a journal: a lock on a file beside it, which the system lets go when the process ends,
//! however it ends. SQLite's own locks would keep readers out too, or let a second writer in.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::JournalError;
use crate::disk;

/// Held as long as this lives. The file stays; it means nothing by itself.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "closing it lets go")] File);

impl Lock {
    pub fn take(journal: &Path) -> Result<Self, JournalError> {
        let path = beside(journal);
        make_file(&path).map_err(|error| JournalError::of_io(journal, &error))?;
        let open = private().write(true).open(path);
        let file = open.map_err(|error| JournalError::of_io(journal, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(JournalError::Locked(journal.into())),
            Err(TryLockError::Error(error)) => Err(JournalError::of_io(journal, &error)),
        }
    }
}

/// Whether a journal could be written here and now; nothing is left behind but its folder and the file of the lock.
///
/// # Errors
/// [`JournalError::Locked`] while somebody writes it, else why it cannot be written.
pub fn try_lock(journal: &Path) -> Result<(), JournalError> {
    if let Some(folder) = journal.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(folder).map_err(|error| JournalError::of_io(journal, &error))?;
    }
    Lock::take(journal).map(drop)
}

fn beside(journal: &Path) -> PathBuf {
    let mut name = OsString::from(journal);
    name.push(".lock");
    name.into()
}

/// Opens files that only their owner may read: people's words are in them.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder that only its owner may look into, whatever the user's mask; one that is there stays
/// as it is.
pub(super) fn make_folder(path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    set_mode(path, 0o700)
}

/// Makes a file, unless it is there, that only its owner may read.
pub(super) fn make_file(path: &Path) -> std::io::Result<()> {
    match private().write(true).create_new(true).open(path) {
        Ok(_) => set_mode(path, 0o600),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => disk::find(path).map(drop),
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> std::io::Result<()> {
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}

/// Makes the folder in which walls keep their journals one that only its owner may look into.
pub fn close_folder(path: &Path) {
    if path.is_dir()
        && let Err(error) = set_mode(path, 0o700)
    {
        tracing::warn!("other users may be able to read {}: {error}", path.display());
    }
}

/// Which file stands at a path, so that one that was replaced is known. `None` when there is none.
pub(super) fn identity(path: &Path) -> Option<(u64, u64)> {
    let meta = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    return Some((std::os::unix::fs::MetadataExt::dev(&meta), std::os::unix::fs::MetadataExt::ino(&meta)));
    #[cfg(not(unix))]
    Some((0, u64::from(meta.is_file())))
}
