//! Retention: what is too old goes, and the oldest when the file is full, a few hundred rows at a
//! time.

use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::schema::PAGE;
use super::trust::{DAY, Trust};
use super::{notes, stretch};
use crate::clock::{Clock, Instant, Time};

type Sql<T> = rusqlite::Result<T>;

/// Smallest file.
pub(super) const SMALLEST: u64 = 16 << 20;
/// Rows that are deleted in one transaction.
const ROWS: i64 = 512;
/// Pages that are given back in one transaction.
const PAGES: i64 = 256;
/// Free pages that are always left for what comes next.
const SPARE: u64 = 512;
/// How often it is looked for what is too old.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How often it is said that the file is too small.
const SAY_EVERY: Duration = Duration::from_secs(3_600);
/// Most room for the write-ahead log and for what a step needs, in a small file.
const MARGIN: u64 = 8 << 20;

/// See the module.
#[derive(Debug)]
pub(super) struct Retention {
    keep: Duration,
    max_bytes: u64,
    looked: Option<Instant>,
    said: Option<Instant>,
    pub trust: Trust,
}

/// How the file stands, pages.
struct Size {
    all: u64,
    free: u64,
}

impl Retention {
    pub fn new(keep: Duration, max_bytes: u64) -> Self {
        Self {
            keep: keep.max(DAY),
            max_bytes: max_bytes.max(SMALLEST),
            looked: None,
            said: None,
            trust: Trust::default(),
        }
    }

    /// Takes one small step in a transaction of its own; false when nothing is to be done. No
    /// transaction may be open.
    pub fn step(&mut self, conn: &Connection, clock: &Clock) -> Sql<bool> {
        let (size, now, instant) = (size(conn)?, clock.now(), clock.instant());
        let is_full = size.all - size.free > self.most_pages();
        if self.is_time_to_look(instant) {
            let may_forget = self.trust.may_forget(conn, clock)?;
            if !is_full
                && may_forget
                && (forget(conn, now - self.keep)? || notes::forget(conn, now, self.keep)? > 0)
            {
                return Ok(true);
            }
            self.looked = Some(instant);
        }
        if is_full {
            return self.shorten(conn, now, instant);
        }
        if size.all > self.most_pages() && size.free > 0 || size.free > (size.all / 4).max(SPARE) {
            give_back(conn)?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Pages in use above which the oldest go: room is left for the write-ahead log, and for what is
    /// written before the next step.
    fn most_pages(&self) -> u64 {
        let margin = (self.max_bytes / 16).max(MARGIN.min(self.max_bytes / 4));
        (self.max_bytes - margin) / PAGE
    }

    fn is_time_to_look(&self, now: Instant) -> bool {
        self.looked.is_none_or(|at| now.saturating_duration_since(at) >= LOOK_EVERY)
    }

    /// The file is full: deletes the oldest, whatever its age.
    fn shorten(&mut self, conn: &Connection, now: Time, instant: Instant) -> Sql<bool> {
        let Some((no, newest)) = stretch::oldest(conn)? else {
            let deleted = delete_samples(conn, Time(i64::MAX))? + notes::forget_oldest(conn)?;
            return Ok(deleted > 0);
        };
        if now.since(newest) < DAY {
            self.warn(instant);
        }
        delete_mentions(conn, no)?;
        delete_samples(conn, newest)?;
        Ok(true)
    }

    fn warn(&mut self, now: Instant) {
        if self.said.is_none_or(|at| now.saturating_duration_since(at) >= SAY_EVERY) {
            self.said = Some(now);
            tracing::warn!(
                "the journal is full with less than a day of mentions: after a restart 24-hour counts will \
                be too low; raise `max_mb` (now {})",
                self.max_bytes >> 20
            );
        }
    }
}

fn size(conn: &Connection) -> Sql<Size> {
    let pages = |sql| conn.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0));
    let all = pages("PRAGMA page_count")?.max(0) as u64;
    Ok(Size { all, free: (pages("PRAGMA freelist_count")?.max(0) as u64).min(all) })
}

/// Bytes of the file.
pub(super) fn bytes(conn: &Connection) -> Sql<u64> {
    Ok(size(conn)?.all * PAGE)
}

/// The oldest place that may hold a mention.
pub(super) fn oldest(conn: &Connection, head: i64) -> Sql<i64> {
    let mut first = conn.prepare_cached("SELECT min(seq) FROM mention")?;
    Ok(first.query_row([], |row| row.get::<_, Option<i64>>(0))?.unwrap_or(head + 1))
}

/// Deletes some of what lies before `cutoff`; false when there is nothing.
fn forget(conn: &Connection, cutoff: Time) -> Sql<bool> {
    if let Some(no) = stretch::before(cutoff, conn)? {
        delete_mentions(conn, no)?;
        return Ok(true);
    }
    Ok(delete_samples(conn, cutoff)? > 0)
}

/// Deletes the first mentions of a stretch, and it with the last of them.
fn delete_mentions(conn: &Connection, no: i64) -> Sql<()> {
    let work = begin(conn)?;
    // Or places would be given twice once the last mention is gone.
    conn.prepare_cached(
        "UPDATE meta SET value = max(value, (SELECT coalesce(max(seq), 0) FROM mention))
         WHERE name = 'head'",
    )?
    .execute([])?;
    let (first, last) = stretch::places(no);
    let mut delete = conn.prepare_cached(
        "DELETE FROM mention WHERE seq IN
             (SELECT seq FROM mention WHERE seq >= ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3)",
    )?;
    if (delete.execute(params![first, last, ROWS])? as i64) < ROWS {
        conn.prepare_cached("DELETE FROM stretch WHERE no = ?1")?.execute([no])?;
    }
    // What is missing after this was lost.
    conn.prepare_cached(
        "UPDATE meta SET value = max(value, min(?1, coalesce(
             (SELECT min(seq) - 1 FROM mention WHERE seq >= ?2),
             (SELECT value FROM meta WHERE name = 'head')))) WHERE name = 'gone'",
    )?
    .execute([last, first])?;
    work.commit()
}

/// Deletes some numbers of before `time`; says how many.
fn delete_samples(conn: &Connection, time: Time) -> Sql<usize> {
    let mut delete = conn.prepare_cached(
        "DELETE FROM sample WHERE (ts, series) IN
             (SELECT ts, series FROM sample WHERE ts < ?1 ORDER BY ts LIMIT ?2)",
    )?;
    delete.execute(params![time.0, ROWS])
}

/// Cuts free pages off the file's end.
fn give_back(conn: &Connection) -> Sql<()> {
    let mut vacuum = conn.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
    let mut pages = vacuum.query([])?;
    while pages.next()?.is_some() {}
    Ok(())
}

fn begin(conn: &Connection) -> Sql<Transaction<'_>> {
    Transaction::new_unchecked(conn, TransactionBehavior::Immediate)
}
