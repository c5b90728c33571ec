//! One writer a journal: a lock on a file beside it, which the system lets go when the process ends,
//! however it ends. SQLite's own locks would keep readers out too, or let a second writer in.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::JournalError;

/// Held as long as this lives. The file stays; it means nothing by itself.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "closing it lets go")] File);

impl Lock {
    pub fn take(journal: &Path) -> Result<Self, JournalError> {
        let open = private().create(true).truncate(false).write(true).open(beside(journal));
        let file = open.map_err(|error| JournalError::of_io(journal, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(JournalError::Locked(journal.into())),
            Err(TryLockError::Error(error)) => Err(JournalError::of_io(journal, &error)),
        }
    }
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

/// Which file stands at a path, so that one that was replaced is known. `None` when there is none.
pub(super) fn identity(path: &Path) -> Option<(u64, u64)> {
    let meta = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    return Some((std::os::unix::fs::MetadataExt::dev(&meta), std::os::unix::fs::MetadataExt::ino(&meta)));
    #[cfg(not(unix))]
    Some((0, u64::from(meta.is_file())))
}
