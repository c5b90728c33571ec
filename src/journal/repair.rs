//! A damaged journal copied into a new one, as far as it can be read.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Transaction, TransactionBehavior, params};

use super::history::{History, Lost};
use super::kept::Kept;
use super::lock::Lock;
use super::schema::{explain, open_to_read};
use super::substitute::{PARTS, Substitute, beside, remove};
use super::write::Writer;
use super::{Journal, JournalError, NoteKey, Plan, Seq, Settings, layout_of, next_kind, notes, trust};
use crate::clock::{Clock, Time};
use crate::mention::source::{Batch, FeedState, Nature, Note, NoteKind, Sample};

/// What a repair did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// Mentions in the new file.
    pub saved: u64,
    /// Mentions that could not be read, at least.
    pub lost: u64,
    /// Where the damaged file lies now.
    pub old: PathBuf,
}

/// Notes that are read at one go; kinds of them.
const NOTES: usize = 10_000;
const KINDS: usize = 8;
/// Numbers that are read at one go, and how much later it is gone on where they cannot be.
const NUMBERS: usize = 1_000;
const NUMBERS_STEP: Duration = Duration::from_secs(3_600);
/// Most steps over numbers that cannot be read.
const MOST_STEPS: usize = 24 * 400;

/// Writes all that can be read of the journal at `path` into a new file, puts that in its place and
/// keeps the old one beside it. `note` makes a note of what is lost.
///
/// # Errors
/// When a wall writes the journal, nothing of it can be read, or there is no room. Then the file is as
/// it was.
pub fn repair(path: &Path, note: impl Fn(&Lost) -> Note) -> Result<Repaired, JournalError> {
    if !path.is_file() {
        return Err(JournalError::Missing(path.into()));
    }
    let _lock = Lock::take(path)?;
    let new = beside(path, ".repaired");
    remove(&new)?;
    let work = || {
        let substitute = Substitute::of(path);
        copy(substitute.as_ref().map_or(path, Substitute::path), &new, &note)
    };
    let (saved, lost) = work().inspect_err(|_| drop(remove(&new)))?;
    let old = free_name(path);
    rename(path, &old)?;
    rename(&new, path)?;
    remove(&new)?;
    Ok(Repaired { saved, lost, old })
}

fn copy(from: &Path, to: &Path, note: impl Fn(&Lost) -> Note) -> Result<(u64, u64), JournalError> {
    let open = || History::open(from, Time(i64::MIN), Seq(i64::MAX));
    let (mut back, mut losses) = (open()?.back(), Vec::new());
    while let Some(chunk) = back.next() {
        chunk?;
        losses.extend(back.take_lost());
    }
    losses.extend(back.take_lost());
    // How late the last of them came nobody may know.
    let now = Clock::system().now();
    losses.iter_mut().for_each(|lost| lost.to = lost.to.min(now));
    let settings = Settings { path: to.into(), keep: Duration::MAX, max_bytes: i64::MAX as u64 };
    let plan = Plan { settings, clock: Clock::system(), digest: std::sync::Arc::new(|_| Vec::new()) };
    let mut journal = plan.open()?;
    let mut saved = 0;
    for chunk in open()? {
        saved += journal.take_over(&chunk?).map_err(|error| explain(to, error))?;
    }
    journal.take_over_rest(from)?;
    journal.note(&losses.iter().map(note).collect::<Vec<_>>())?;
    journal.empty_log().map_err(|error| explain(to, error))?;
    let lost = losses.iter().map(|lost| lost.mentions).sum();
    if saved == 0 && lost > 0 {
        return Err(JournalError::Damaged { path: from.into(), what: "nothing in it is readable".into() });
    }
    Ok((saved, lost))
}

impl Journal {
    /// Keeps mentions of another journal as they stand there; how many are new.
    fn take_over(&mut self, all: &[Kept]) -> rusqlite::Result<u64> {
        let work = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)?;
        let mut writer = Writer::new(&self.conn, &mut self.memory)?;
        let mut saved = 0;
        for kept in all {
            saved += u64::from(writer.take_over(kept)?);
        }
        writer.finish()?;
        work.commit()?;
        self.memory.commit();
        while self.memory.index.tend(&self.conn, 1)? {}
        Ok(saved)
    }

    /// What stands beside the mentions, as far as it can be read.
    fn take_over_rest(&mut self, from: &Path) -> Result<(), JournalError> {
        let conn = open_to_read(from)?;
        let cursors = || -> rusqlite::Result<()> {
            let mut all = conn.prepare("SELECT feed, cursor FROM cursor")?;
            let mut rows = all.query([])?;
            let mut put = self.conn.prepare("INSERT OR IGNORE INTO cursor (feed, cursor) VALUES (?1, ?2)")?;
            while let Some(row) = rows.next()? {
                if let (Ok(feed), Ok(cursor)) = (row.get::<_, String>(0), row.get::<_, String>(1)) {
                    put.execute([feed, cursor])?;
                }
            }
            Ok(())
        };
        // Feeds whose cursor is lost begin anew.
        let _ = cursors();
        if let Ok(Some(layout)) = layout_of(from) {
            self.belong_to(Path::new(&layout))?;
        }
        if let Some(at) = trust::last_time(from) {
            let put = "INSERT OR REPLACE INTO meta (name, value) VALUES ('believed', ?1)";
            self.conn.execute(put, params![at.0]).map_err(|error| explain(self.path(), error))?;
        }
        self.take_over_notes(from)?;
        self.take_over_numbers(from)
    }

    fn take_over_notes(&mut self, from: &Path) -> Result<(), JournalError> {
        let (mut after, mut failed): (Option<NoteKey>, usize) = (None, 0);
        loop {
            match notes(from, after, NOTES) {
                Ok((some, next)) => {
                    self.note(&some)?;
                    after = next;
                }
                Err(_) => {
                    failed += 1;
                    after = Some(next_kind(after)).filter(|_| failed < KINDS);
                }
            }
            if after.is_none() {
                break;
            }
        }
        // Sums of which some are missing say nothing: the mentions tell them again.
        let sums = "DELETE FROM note WHERE kind IN (?1, ?2)";
        let kinds = [NoteKind::Tally as i64, NoteKind::People as i64];
        let done = if failed > 0 { self.conn.execute(sums, kinds).map(drop) } else { Ok(()) };
        done.map_err(|error| explain(self.path(), error))
    }

    fn take_over_numbers(&mut self, from: &Path) -> Result<(), JournalError> {
        let mut history = History::open(from, Time(i64::MIN), Seq(0))?;
        let (mut since, mut steps) = (Time(i64::MIN), 0);
        while steps < MOST_STEPS {
            match history.samples(since, NUMBERS) {
                Ok(samples) => {
                    let Some(last) = samples.last() else { break };
                    since = last.ts;
                    self.keep(&mut [of_numbers(samples)])?;
                }
                Err(_) if since.0 == i64::MIN => break,
                Err(_) => (since, steps) = (since + NUMBERS_STEP, steps + 1),
            }
        }
        Ok(())
    }
}

fn of_numbers(samples: Vec<Sample>) -> Batch {
    Batch { samples, ..Batch::of(0, FeedState::new("repair", Nature::Live, Duration::ZERO)) }
}

/// A name for the old file that nothing has.
fn free_name(path: &Path) -> PathBuf {
    let names =
        (1..).map(|n: u32| beside(path, &if n == 1 { ".damaged".into() } else { format!(".damaged-{n}") }));
    names.take(10_000).find(|name| !name.exists()).unwrap_or_else(|| beside(path, ".damaged"))
}

fn rename(from: &Path, to: &Path) -> Result<(), JournalError> {
    for part in PARTS {
        let (from, to) = (beside(from, part), beside(to, part));
        if from.exists() {
            fs::rename(&from, to).map_err(|error| JournalError::of_io(&from, &error))?;
        }
    }
    Ok(())
}
