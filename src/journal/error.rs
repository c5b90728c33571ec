//! Why a journal cannot be read or written, in words that a person can act on.

use std::io;
use std::path::{Path, PathBuf};

/// What keeps a journal from being opened, read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    #[error("{} is being written by another Fishbowl: end that one, or give this wall a journal of its own", .0.display())]
    Locked(PathBuf),
    #[error("{} is no journal of Fishbowl's: name another file, or move this one away", .0.display())]
    Foreign(PathBuf),
    #[error("{} was written by a newer Fishbowl (form {form}): update this one, or move the file away", .path.display())]
    Newer { path: PathBuf, form: i64 },
    #[error("{} is damaged ({what}): end the wall and run `fishbowl journal repair {}`, which saves what can be read", .path.display(), .path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("no room to write {}: free some on its disk, or lower `max_mb` of the journal", .0.display())]
    Full(PathBuf),
    #[error("{} may not be written ({what}): give the user that runs Fishbowl the right to write it and its folder", .path.display())]
    Denied { path: PathBuf, what: String },
    #[error("{} was deleted or replaced while it was being written: a new one is begun", .0.display())]
    Gone(PathBuf),
    #[error(
        "the user has no home folder for a journal: set HOME or XDG_STATE_HOME, or name a file with --journal PATH"
    )]
    Homeless,
    #[error("there is no journal {}", .0.display())]
    Missing(PathBuf),
    #[error("{} cannot be used ({what}): look at its disk", .path.display())]
    Broken { path: PathBuf, what: String },
}

impl JournalError {
    /// Whether there may be mentions that can be read, and that nobody else writes.
    pub fn leaves_something(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Full(_) | Self::Denied { .. } | Self::Broken { .. })
    }

    pub(super) fn of_io(path: &Path, error: &io::Error) -> Self {
        let (path, what) = (path.to_path_buf(), error.to_string());
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing(path),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(path),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::Denied { path, what }
            }
            _ => Self::Broken { path, what },
        }
    }
}
