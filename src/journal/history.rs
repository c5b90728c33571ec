//! Reading a journal, also while a wall writes it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, params};

use super::row::{Names, SELECT_MANY, Stored, is_gone};
use super::schema::{NEVER_HEARD, explain, open_to_read};
use super::{JournalError, Seq, stretch};
use crate::clock::Time;
use crate::mention::Mention;
use crate::mention::source::Sample;

/// Most mentions of one chunk.
pub const CHUNK: usize = 4_096;

/// A mention as it stands in the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub seq: Seq,
    /// `Upsert` with its latest words and its first `ts` and `received`, or `Delete` with neither
    /// words nor author.
    pub mention: Mention,
    /// What the pulse noted of it as it was first said; `None` while it stands as it was said.
    pub digest: Option<Arc<[u8]>>,
    /// False for the deletion of what was never heard.
    pub counted: bool,
}

/// The mentions of a journal in the order in which they were first kept, in chunks of up to
/// [`CHUNK`]; each chunk is a short read of its own, so that the writer is never held up.
pub struct History {
    conn: Connection,
    path: PathBuf,
    names: Names,
    since: Time,
    /// The last place that was read.
    at: Seq,
    up_to: Seq,
}

impl History {
    /// Reads what was said or arrived after `since`, up to and with `up_to`.
    pub fn open(path: &Path, since: Time, up_to: Seq) -> Result<Self, JournalError> {
        let conn = open_to_read(path)?;
        let names = Names::load(&conn).map_err(|error| explain(path, error))?;
        Ok(Self { conn, path: path.into(), names, since, at: Seq(0), up_to })
    }

    /// The last mention in the journal now.
    pub fn head(&self) -> Result<Seq, JournalError> {
        let sql = "SELECT max(coalesce((SELECT max(seq) FROM mention), 0), (SELECT value FROM meta WHERE name = 'head'))";
        let head = self.conn.query_row(sql, [], |row| row.get(0));
        head.map(Seq).map_err(|error| explain(&self.path, error))
    }

    /// Numbers of after `since` in the order of their time, at most `limit`, and those of one
    /// moment whole: go on with the last one's time.
    pub fn samples(&mut self, since: Time, limit: usize) -> Result<Vec<Sample>, JournalError> {
        self.read_samples(since, limit).map_err(|error| explain(&self.path, error))
    }

    fn read_samples(&mut self, since: Time, limit: usize) -> rusqlite::Result<Vec<Sample>> {
        let mut read = self.conn.prepare_cached(
            "SELECT series, ts, value FROM sample WHERE ts > ?1 AND ts <= coalesce(
                (SELECT ts FROM sample WHERE ts > ?1 ORDER BY ts LIMIT 1 OFFSET ?2), ?3)
             ORDER BY ts, series",
        )?;
        let last = i64::try_from(limit.max(1) - 1).unwrap_or(i64::MAX);
        let mut rows = read.query(params![since.0, last, i64::MAX])?;
        let mut samples = Vec::new();
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            self.names.look_up(id, &self.conn)?;
            let series = self.names.name(id);
            samples.push(Sample { series, ts: Time(row.get(1)?), value: row.get(2)? });
        }
        Ok(samples)
    }

    /// The next mentions, past what lies before; empty at the end.
    fn read_chunk(&mut self) -> rusqlite::Result<Vec<Kept>> {
        let mut chunk = Vec::new();
        while chunk.is_empty() && self.at < self.up_to {
            let Some(next) = stretch::next_after(self.at.0, self.since, &self.conn)? else { break };
            self.at = Seq(self.at.0.max(next - 1));
            let last = self.read_rows(self.at.0, self.up_to.0, &mut chunk)?;
            // A stretch whose mentions were deleted meanwhile is passed over.
            self.at = last.unwrap_or(Seq(stretch::places(stretch::number(next)).1));
        }
        Ok(chunk)
    }

    /// The mentions before those that were read last, in their order; empty at the beginning.
    fn read_back(&mut self) -> rusqlite::Result<Vec<Kept>> {
        let mut chunk = Vec::new();
        while chunk.is_empty() {
            let end = self.up_to.0.saturating_add(1);
            let Some(no) = stretch::last_before(end, self.since, &self.conn)? else { break };
            let (first, last) = stretch::places(no);
            self.read_rows(first - 1, last.min(self.up_to.0), &mut chunk)?;
            self.up_to = Seq(first - 1);
        }
        Ok(chunk)
    }

    /// Adds up to [`CHUNK`] mentions after one place, up to and with another; the last that was read.
    fn read_rows(&mut self, after: i64, up_to: i64, chunk: &mut Vec<Kept>) -> rusqlite::Result<Option<Seq>> {
        let (mut read, mut last) = (self.conn.prepare_cached(SELECT_MANY)?, None);
        let mut rows = read.query(params![after, up_to, CHUNK as i64])?;
        while let Some(row) = rows.next()? {
            self.names.look_up(row.get(1)?, &self.conn)?;
            let kept = Kept::of(Stored::read(row, &self.names)?);
            last = Some(kept.seq);
            if kept.mention.ts.max(kept.mention.received) > self.since {
                chunk.push(kept);
            }
        }
        Ok(last)
    }

    /// The same mentions, the latest chunk first; those of a chunk in the order in which they were
    /// kept. To be asked before anything was read.
    pub fn back(self) -> Back {
        Back(self)
    }
}

/// See [`History::back`].
pub struct Back(History);

impl Iterator for Back {
    type Item = Result<Vec<Kept>, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.0.read_back() {
            Ok(chunk) => (!chunk.is_empty()).then_some(Ok(chunk)),
            Err(error) => {
                self.0.up_to = Seq(i64::MIN);
                Some(Err(explain(&self.0.path, error)))
            }
        }
    }
}

impl Kept {
    fn of(row: Stored) -> Self {
        let counted = row.state != NEVER_HEARD;
        debug_assert_eq!(is_gone(row.state), row.mention.op == crate::mention::Op::Delete);
        Self { seq: Seq(row.seq), mention: row.mention, digest: row.digest, counted }
    }
}

impl Iterator for History {
    type Item = Result<Vec<Kept>, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.read_chunk() {
            Ok(chunk) => (!chunk.is_empty()).then_some(Ok(chunk)),
            Err(error) => {
                self.up_to = self.at;
                Some(Err(explain(&self.path, error)))
            }
        }
    }
}
