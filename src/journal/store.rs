//! A journal that is being written.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::{JournalError, damaged};
use super::index::{self, Finder, Index};
use super::kept::Seq;
use super::key::Keys;
use super::lock::{self, Lock};
use super::notes::{self, NoteKey};
use super::others::Others;
use super::retain::{self, Retention};
use super::row::Names;
use super::schema;
use super::write::{Digest, Done, Memory, Writer};
use crate::clock::{Clock, Instant};
use crate::mention::source::{Batch, Note};

/// How long words that were changed or taken back may stay in the write-ahead log, as long as no
/// reader is in the way.
pub const ERASED_WITHIN: Duration = Duration::from_secs(1);

/// Where and how much is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The folder is made when it is not there.
    pub path: PathBuf,
    /// At least a day, whatever is given.
    pub keep: Duration,
    /// At least 16 MiB, whatever is given.
    pub max_bytes: u64,
}

/// All it takes to open a journal, now or later.
#[derive(Clone)]
pub struct Plan {
    pub settings: Settings,
    pub clock: Clock,
    pub digest: Digest,
}

impl Plan {
    /// Opens the journal, or makes it.
    pub fn open(&self) -> Result<Journal, JournalError> {
        self.open_with(index::RUN, u64::MAX)
    }

    /// As [`Plan::open`], with runs of `full` keys and keys of the bits in `mask`.
    pub(super) fn open_with(&self, full: usize, mask: u64) -> Result<Journal, JournalError> {
        let path = &self.settings.path;
        if path.as_os_str().is_empty() {
            return Err(JournalError::Homeless);
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.map_or(Ok(()), lock::make_folder).map_err(|error| JournalError::of_io(path, &error))?;
        let lock = Lock::take(path)?;
        let conn = schema::open(path, self.settings.max_bytes)?;
        let memory = remember(&conn, &self.digest, full, mask);
        let mut retention = Retention::new(self.settings.keep, self.settings.max_bytes);
        // What is wrong with it will be found when it is written.
        let _ = retention.trust.may_forget(&conn, &self.clock);
        Ok(Journal {
            memory: memory.map_err(|error| schema::explain(path, error))?,
            retention,
            file: lock::identity(path),
            // What was erased before a crash may still be in the log.
            erase_at: Some(self.clock.instant() + ERASED_WITHIN),
            ailing: None,
            thorough: false,
            plan: self.clone(),
            conn,
            others: Others::default(),
            lock,
        })
    }
}

/// Reads what is held in memory of a journal.
fn remember(conn: &Connection, digest: &Digest, full: usize, mask: u64) -> rusqlite::Result<Memory> {
    let (secret, head) = conn.query_row(
        "SELECT (SELECT value FROM meta WHERE name = 'secret'), max(coalesce((SELECT max(seq) FROM mention), 0),
             (SELECT value FROM meta WHERE name = 'head'))",
        [],
        |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, i64>(1)?)),
    )?;
    let (a, b) = (u128::from_le_bytes(secret) as u64, (u128::from_le_bytes(secret) >> 64) as u64);
    if !(0..i64::MAX >> 1).contains(&head) {
        return Err(damaged("a sequence number is higher than any assigned"));
    }
    let keys = Keys { mask, ..Keys::new([a, b]) };
    let mut index = Index::open(conn, full)?;
    if index.flushed() > head {
        return Err(damaged("a run reaches beyond the last assigned sequence number"));
    }
    let mut find = Finder::new(conn)?;
    let mut newest = conn.prepare("SELECT seq, uid FROM mention WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = newest.query([index.flushed()])?;
    while let Some(row) = rows.next()? {
        // One whose name is damaged comes again as another.
        if let Ok(uid) = row.get_ref(1)?.as_str() {
            index.restore(keys.of(uid), row.get(0)?, &mut find)?;
        }
    }
    let (names, digest) = (Names::load(conn)?, digest.clone());
    Ok(Memory { keys, index, names, stretches: Default::default(), head, digest })
}

/// A journal that is being written. No other process can open it so meanwhile.
pub struct Journal {
    plan: Plan,
    pub(super) memory: Memory,
    retention: Retention,
    /// Which file it is.
    file: Option<(u64, u64)>,
    /// When the write-ahead log is to be emptied of words that are no more.
    erase_at: Option<Instant>,
    /// What went wrong after the last transaction was on disk.
    ailing: Option<JournalError>,
    /// Whether commits wait for the disk.
    thorough: bool,
    pub(super) conn: Connection,
    others: Others,
    /// Let go last.
    lock: Lock,
}

impl Journal {
    /// Opens the journal at `settings.path`, or makes it.
    pub fn open(settings: &Settings, clock: Clock, digest: Digest) -> Result<Self, JournalError> {
        Plan { settings: settings.clone(), clock, digest }.open()
    }

    /// What it was opened with.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(super) fn path(&self) -> &Path {
        &self.plan.settings.path
    }

    /// Where each feed goes on, by its name in the layout.
    pub fn cursors(&self) -> Result<HashMap<String, Arc<str>>, JournalError> {
        let read = || {
            let mut all = self.conn.prepare("SELECT feed, cursor FROM cursor")?;
            let cursors = all.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?.into())))?;
            cursors.collect::<rusqlite::Result<_>>()
        };
        read().map_err(|error| schema::explain(self.path(), error))
    }

    /// The last mention that was kept; 0 before the first.
    pub fn head(&self) -> Seq {
        Seq(self.memory.head)
    }

    /// Why nothing is deleted for its age, when the clock is doubted; in words.
    pub fn doubt(&self) -> Option<&str> {
        self.retention.trust.doubt()
    }

    /// The process that wants to write it, too, and has tried to lately.
    pub fn wanted_by(&mut self) -> Option<u32> {
        self.others.look(&self.lock, self.plan.clock.instant())
    }

    /// Whether the clock is so far off that what is noted by it may be of another time.
    pub(super) fn is_off(&self) -> bool {
        self.retention.trust.is_off()
    }

    /// Bytes of the file, without its write-ahead log.
    pub fn bytes(&self) -> Result<u64, JournalError> {
        retain::bytes(&self.conn).map_err(|error| schema::explain(self.path(), error))
    }

    /// Keeps all of `batches` in one transaction and leaves in them what the pulse has to do:
    /// `Upsert` is a mention that is new, `Edit` new words for one that was counted, `Delete` and
    /// `Metrics` as they say; exact repeats and what is older than known are taken out, and what
    /// people did with unknown mentions. Batches of feeds that are not live pass untouched and are
    /// not kept. With a receipt among them it waits for the disk. After an error nothing was kept,
    /// and what is left in the batches may be handed over again.
    pub fn keep(&mut self, batches: &mut [Batch]) -> Result<Done, JournalError> {
        self.look_over()?;
        let head = self.memory.head;
        match self.write(batches) {
            Ok(done) => {
                self.memory.commit();
                if done.erased {
                    self.erase_at.get_or_insert(self.plan.clock.instant() + ERASED_WITHIN);
                }
                let new =
                    batches.iter().map(|batch| batch.mentions.len() + batch.samples.len()).sum::<usize>();
                // What was kept is kept, whatever fails now.
                self.ailing = self.tend_for(1 + new / 256).err();
                Ok(done)
            }
            Err(error) => {
                self.memory.roll_back(head);
                Err(schema::explain(self.path(), error))
            }
        }
    }

    fn write(&mut self, batches: &mut [Batch]) -> rusqlite::Result<Done> {
        let thorough = batches.iter().any(|batch| batch.receipt.is_some());
        if thorough != self.thorough {
            self.conn.pragma_update(None, "synchronous", if thorough { "FULL" } else { "NORMAL" })?;
            self.thorough = thorough;
        }
        let work = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)?;
        let mut writer = Writer::new(&self.conn, &mut self.memory)?;
        batches.iter_mut().try_for_each(|batch| writer.take(batch))?;
        writer.cursors(batches)?;
        let done = writer.finish()?;
        work.commit()?;
        Ok(done)
    }

    /// Keeps notes in one transaction; those over [`MAX_NOTE`](crate::mention::source::MAX_NOTE) are left out.
    pub fn note(&mut self, notes: &[Note]) -> Result<(), JournalError> {
        self.look_over()?;
        notes::write(&self.conn, notes).map_err(|error| schema::explain(self.path(), error))
    }

    /// At most `limit` notes after the key `after` in the order of their keys, and where to go on,
    /// if there are more. What is none of ours is passed over.
    pub fn notes(
        &self,
        after: Option<NoteKey>,
        limit: usize,
    ) -> Result<(Vec<Note>, Option<NoteKey>), JournalError> {
        notes::read(&self.conn, after, limit).map_err(|error| schema::explain(self.path(), error))
    }

    /// What is to be done now and then, at least once a second: what is too old goes, words that are
    /// no more leave the write-ahead log. Takes some milliseconds at most.
    pub fn tend(&mut self) -> Result<(), JournalError> {
        self.look_over()?;
        self.tend_for(4)
    }

    fn tend_for(&mut self, steps: usize) -> Result<(), JournalError> {
        let work = self.take_steps(steps).and_then(|()| self.erase());
        work.map_err(|error| schema::explain(self.path(), error))
    }

    fn take_steps(&mut self, steps: usize) -> rusqlite::Result<()> {
        let clock = &self.plan.clock;
        for _ in 0..steps {
            if !self.retention.step(&self.conn, clock)? {
                break;
            }
            self.erase_at.get_or_insert(clock.instant() + ERASED_WITHIN);
        }
        let oldest = retain::oldest(&self.conn, self.memory.head)?;
        self.memory.index.tend(&self.conn, oldest).map(drop)
    }

    /// Empties the write-ahead log when words that are no more were in it long enough.
    fn erase(&mut self) -> rusqlite::Result<()> {
        let now = self.plan.clock.instant();
        if self.erase_at.is_some_and(|at| now >= at) {
            self.erase_at = if self.empty_log()? { None } else { Some(now + ERASED_WITHIN) };
        }
        Ok(())
    }

    /// False when a reader was in the way.
    pub(super) fn empty_log(&self) -> rusqlite::Result<bool> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        self.conn.prepare_cached(sql)?.query_row([], |row| Ok(row.get::<_, i64>(0)? == 0))
    }

    /// Begins a new file where the old one is no more; each feed goes on where it is.
    pub(super) fn begin_anew(self) -> Result<Self, JournalError> {
        // Of a file that is deleted all can still be read, unless it is truly gone.
        let (cursors, plan) = (self.cursors().unwrap_or_default(), self.plan.clone());
        drop(self);
        let journal = plan.open()?;
        let put = "INSERT OR IGNORE INTO cursor (feed, cursor) VALUES (?1, ?2)";
        let keep = cursors.iter().try_for_each(|one| journal.conn.execute(put, one).map(drop));
        keep.map_err(|error| schema::explain(journal.path(), error))?;
        Ok(journal)
    }

    /// Fails when the file is no longer where it was, and with what failed before.
    pub(super) fn look_over(&mut self) -> Result<(), JournalError> {
        self.ailing.take().map_or(Ok(()), Err)?;
        let there = lock::identity(self.path()) == self.file;
        if there { Ok(()) } else { Err(JournalError::Gone(self.path().into())) }
    }
}
