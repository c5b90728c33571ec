//! Why a journal cannot be read or written, in words that a person can act on.

use std::io;
use std::path::{Path, PathBuf};

/// What keeps a journal from being opened, read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// `by`: the number of the process, if it is known.
    #[error("{} is being written by another Fishbowl{}: stop that one, or give this wall its own journal",
        .path.display(), named(*by))]
    Locked { path: PathBuf, by: Option<u32> },
    #[error("{} is not a Fishbowl journal: use another file, or move this one away", .0.display())]
    Foreign(PathBuf),
    #[error("{} cannot be a journal: {what}; use another file, or move this one away", .path.display())]
    NoFile { path: PathBuf, what: String },
    #[error("{} was written by a newer Fishbowl (format {form}): update this one, or move the file away", .path.display())]
    Newer { path: PathBuf, form: i64 },
    #[error("{} is damaged ({what}): stop the wall and run `fishbowl journal repair {}`, which saves \
        whatever is readable", .path.display(), .path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("no space left to write {}: free some on its disk, or lower the journal's `max_mb`", .0.display())]
    Full(PathBuf),
    #[error("no permission to write {} ({what}): give the user that runs Fishbowl write access to it and \
        its folder", .path.display())]
    Denied { path: PathBuf, what: String },
    #[error("{} was deleted or replaced while it was being written: starting a new one", .0.display())]
    Gone(PathBuf),
    #[error("no home folder for the journal: set HOME or XDG_STATE_HOME, or name a file with --journal PATH")]
    Homeless,
    #[error("no such journal: {}", .0.display())]
    Missing(PathBuf),
    #[error("cannot use {} ({what}): check its disk", .path.display())]
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
            // What is there is no file.
            io::ErrorKind::Other => Self::NoFile { path, what },
            _ => Self::Broken { path, what },
        }
    }
}

fn named(process: Option<u32>) -> String {
    process.map(|process| format!(" (process {process})")).unwrap_or_default()
}

/// What is read and cannot be.
pub(super) fn damaged(what: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, what.into())
}
