//! One writer a journal: a lock on a file beside it, which the system lets go when the process ends,
//! however it ends. SQLite's own locks would keep readers out too, or let a second writer in.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::JournalError;
use crate::disk;

/// Held as long as this lives. The file stays. Its first line is the number of the process that holds it, or held it
/// last; each further line is that of one that wanted it meanwhile.
#[derive(Debug)]
pub(super) struct Lock(File);

/// More of the file is not read, bytes.
const MOST: u64 = 4_096;

impl Lock {
    /// Takes it and signs it; leaves word for who has it.
    pub fn take(journal: &Path) -> Result<Self, JournalError> {
        let mut file = open(journal)?;
        let own = format!("{}\n", std::process::id());
        // Numbers are a help, and nothing depends on them: a full disk takes none.
        let taken = lock(journal, &file).inspect_err(|_| {
            let _ = file.seek(SeekFrom::End(0)).and_then(|_| file.write_all(own.as_bytes()));
        });
        taken?;
        let _ = file.set_len(0).and_then(|()| file.write_all(own.as_bytes()));
        Ok(Self(file))
    }

    /// The process that wanted it last since it was asked for that, if any did.
    pub fn wanted_by(&self) -> Option<u32> {
        let (own, others) = read(&self.0).ok()?;
        let other = others.into_iter().next_back()?;
        // What cannot be shortened is told again.
        let _ = self.0.set_len(own as u64);
        Some(other)
    }
}

fn open(journal: &Path) -> Result<File, JournalError> {
    let path = beside(journal);
    make_file(&path).map_err(|error| JournalError::of_io(journal, &error))?;
    let open = private().read(true).write(true).open(path);
    open.map_err(|error| JournalError::of_io(journal, &error))
}

fn lock(journal: &Path, file: &File) -> Result<(), JournalError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(JournalError::Locked { path: journal.into(), by: holder(file) }),
        Err(TryLockError::Error(error)) => Err(JournalError::of_io(journal, &error)),
    }
}

fn holder(mut file: &File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().and_then(|()| file.take(MOST).read_to_string(&mut text)).ok()?;
    text.lines().next()?.parse().ok()
}

/// The length of the first line, bytes, and the numbers in the others.
fn read(mut file: &File) -> io::Result<(usize, Vec<u32>)> {
    let mut text = String::new();
    file.rewind()?;
    file.take(MOST).read_to_string(&mut text)?;
    let own = text.find('\n').map_or(text.len(), |end| end + 1);
    Ok((own, text[own..].lines().filter_map(|line| line.parse().ok()).collect()))
}

/// Whether a journal could be written here and now; nothing is left behind but its folder and the file of the lock.
///
/// # Errors
/// [`JournalError::Locked`] while somebody writes it, else why it cannot be written.
pub fn try_lock(journal: &Path) -> Result<(), JournalError> {
    if let Some(folder) = journal.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(folder).map_err(|error| JournalError::of_io(journal, &error))?;
    }
    open(journal).and_then(|file| lock(journal, &file))
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
