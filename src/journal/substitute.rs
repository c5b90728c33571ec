//! A copy of a journal that cannot be opened where it lies, to be read in its place: its first page is
//! damaged, or what lies beside it.

use std::ffi::OsString;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::history::History;
use super::lock::Lock;
use super::schema::{PAGE, explain};
use super::{JournalError, Plan, Seq, Settings};
use crate::clock::{Clock, Time};

/// Files that belong to a journal, by what stands after its name.
pub(super) const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// The copy; it goes when this is dropped. What was opened meanwhile can still be read.
#[derive(Debug)]
pub struct Substitute {
    path: PathBuf,
    /// Let go last.
    _lock: Lock,
}

impl Substitute {
    /// Makes one where the journal at `path` cannot be opened to be read and a copy can.
    pub fn of(path: &Path) -> Option<Self> {
        if !path.is_file() || opens(path) {
            return None;
        }
        let copy = beside(path, ".copy");
        let lock = Lock::take(&copy).ok()?;
        let made = Self { path: copy, _lock: lock };
        remove(&made.path).ok()?;
        fs::copy(path, &made.path).ok()?;
        // Its first page may be all that is damaged, and is the same in every journal.
        let is_readable = opens(&made.path) || (renew_head(path, &made.path).is_ok() && opens(&made.path));
        is_readable.then_some(made)
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Substitute {
    fn drop(&mut self) {
        let removed = remove(&self.path).and_then(|()| remove_part(&self.path, ".lock"));
        if let Err(error) = removed {
            tracing::warn!("{error}");
        }
    }
}

/// Whether a file is a journal of which at least one mention can be read.
fn opens(path: &Path) -> bool {
    let history = History::open(path, Time(i64::MIN), Seq(i64::MAX));
    history.is_ok_and(|history| history.back().any(|chunk| chunk.is_ok_and(|kept| !kept.is_empty())))
}

/// Gives the copy at `copy` of the file at `path` the first page of a new journal.
fn renew_head(path: &Path, copy: &Path) -> Result<(), JournalError> {
    let broken = |error: std::io::Error| JournalError::of_io(path, &error);
    let new = beside(copy, ".new");
    let head = head_of_new(&new);
    remove(&new)?;
    remove_part(&new, ".lock")?;
    let mut head = head?;
    let mut file = fs::File::options().write(true).open(copy).map_err(broken)?;
    let pages = u32::try_from(file.metadata().map_err(broken)?.len() / PAGE).unwrap_or(u32::MAX);
    // "The Database Header" (sqlite.org/fileformat.html): change counter, pages, no free pages; then
    // the counter again.
    let counter = head[24..28].to_vec();
    head[28..32].copy_from_slice(&pages.to_be_bytes());
    head[32..40].fill(0);
    head[92..96].copy_from_slice(&counter);
    file.write_all(&head).map_err(broken)
}

/// The first page of a new journal, which is made at `new`.
fn head_of_new(new: &Path) -> Result<Vec<u8>, JournalError> {
    remove(new)?;
    let settings = Settings { path: new.into(), keep: std::time::Duration::MAX, max_bytes: i64::MAX as u64 };
    let plan = Plan { settings, clock: Clock::system(), digest: std::sync::Arc::new(|_| Vec::new()) };
    plan.open()?.empty_log().map_err(|error| explain(new, error))?;
    let mut head = vec![0; PAGE as usize];
    let read = fs::File::open(new).and_then(|mut file| file.read_exact(&mut head));
    read.map(|()| head).map_err(|error| JournalError::of_io(new, &error))
}

/// The path with something after its name.
pub(super) fn beside(path: &Path, name: &str) -> PathBuf {
    let mut all = OsString::from(path);
    all.push(name);
    all.into()
}

/// Removes the files of a journal, if there are any.
pub(super) fn remove(path: &Path) -> Result<(), JournalError> {
    PARTS.into_iter().try_for_each(|part| remove_part(path, part))
}

fn remove_part(path: &Path, part: &str) -> Result<(), JournalError> {
    match fs::remove_file(beside(path, part)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(JournalError::of_io(path, &error)),
        _ => Ok(()),
    }
}
