//! Reading a journal, also while a wall writes it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::error::JournalError;
use super::kept::{Kept, Seq};
use super::row::Names;
use super::salvage::{self, Found, Places};
use super::schema::{explain, open_to_read};
use super::stretch;
use crate::clock::Time;
use crate::mention::source::Sample;

/// Most mentions of one chunk.
pub const CHUNK: usize = 4_096;

/// Mentions of a journal that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// At least.
    pub mentions: u64,
    /// They arrived between these.
    pub from: Time,
    pub to: Time,
}

/// The mentions of a journal in the order in which they were first kept, in chunks of up to
/// [`CHUNK`]; each chunk is a short read of its own, so that the writer is never held up. What is
/// damaged is passed over, and told as [`Lost`].
pub struct History {
    conn: Connection,
    path: PathBuf,
    names: Names,
    since: Time,
    /// The last place that was read.
    at: Seq,
    up_to: Seq,
    /// Stretches, and how far they may reach in time; ascending.
    stretches: Vec<(i64, Time)>,
    /// The last of them when it was opened.
    last: i64,
    /// Up to this place all may have been deleted, where that is known.
    gone: Option<i64>,
    lost: u64,
    losses: Losses,
}

impl History {
    /// Reads what was said or arrived after `since`, up to and with `up_to`.
    pub fn open(path: &Path, since: Time, up_to: Seq) -> Result<Self, JournalError> {
        let conn = open_to_read(path)?;
        let names = Names::load_some(&conn);
        let (gone, losses) = (gone(&conn), Losses::default());
        let stretches = stretch::all(&conn, last(&conn)).map_err(|error| explain(path, error))?;
        let (path, at, last) = (path.into(), Seq(0), stretches.last().map_or(0, |(no, _)| *no));
        Ok(Self { conn, path, names, since, at, up_to, stretches, last, gone, lost: 0, losses })
    }

    /// The last mention in the journal now.
    pub fn head(&self) -> Result<Seq, JournalError> {
        let sql = "SELECT max(coalesce((SELECT max(seq) FROM mention), 0), (SELECT value FROM meta WHERE name = 'head'))";
        let head = self.conn.query_row(sql, [], |row| row.get(0));
        head.map(Seq).map_err(|error| explain(&self.path, error))
    }

    /// Mentions that could not be read so far; at least.
    pub fn lost(&self) -> u64 {
        self.lost
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
            let Some(no) = self.next_stretch()? else { break };
            let (first, last) = stretch::places(no);
            // In the last one more may be written meanwhile.
            let end = self.end_of(no);
            let found = self.read_stretch(no, (first.max(self.at.0 + 1), last.min(self.up_to.0)), end)?;
            self.lost += found.missing.iter().map(|(from, to)| (to - from + 1) as u64).sum::<u64>();
            self.at =
                Seq(end.map(|end| end - 1).filter(|end| *end > self.at.0).map_or(last, |end| end.min(last)));
            chunk = self.wanted(found.rows);
        }
        Ok(chunk)
    }

    /// The first stretch of which anything is still to be read.
    fn next_stretch(&mut self) -> rusqlite::Result<Option<i64>> {
        for again in [false, true] {
            if again {
                self.stretches = stretch::all(&self.conn, last(&self.conn))?;
            }
            let ahead =
                |(no, newest): &&(i64, Time)| stretch::places(*no).1 > self.at.0 && *newest > self.since;
            if let Some((no, _)) = self.stretches.iter().find(ahead) {
                return Ok(Some(*no));
            }
        }
        Ok(None)
    }

    /// The mentions before those that were read last, in their order; empty at the beginning.
    fn read_back(&mut self) -> rusqlite::Result<Vec<Kept>> {
        let mut chunk = Vec::new();
        while chunk.is_empty() {
            let Some((no, newest)) = self.stretches.pop() else { break };
            let (first, last) = stretch::places(no);
            if newest <= self.since || first > self.up_to.0 {
                continue;
            }
            let found = self.read_stretch(no, (first, last.min(self.up_to.0)), self.end_of(no))?;
            self.lost += self.losses.take(&found, newest);
            self.up_to = Seq(first - 1);
            chunk = self.wanted(found.rows);
        }
        if chunk.is_empty() {
            self.losses.end(self.since);
        }
        Ok(chunk)
    }

    /// What can be read of a stretch, and what cannot.
    fn read_stretch(&mut self, no: i64, range: Places, end: Option<i64>) -> rusqlite::Result<Found> {
        let is_first = self.stretches.first().is_none_or(|(first, _)| no <= *first);
        let gone =
            self.gone.or_else(|| (!is_first || range.0 > stretch::places(no).0).then_some(range.0 - 1));
        let mut found = salvage::read(&self.conn, &mut self.names, range, gone, end)?;
        if !found.missing.is_empty() {
            // Meanwhile some may have been deleted.
            self.gone = self::gone(&self.conn).or(self.gone);
            let gone = self.gone.unwrap_or(i64::MIN);
            found.missing.retain_mut(|(from, to)| {
                *from = gone.saturating_add(1).max(*from);
                from <= to
            });
        }
        Ok(found)
    }

    /// The place after the last one of a stretch that was given, where that is known.
    fn end_of(&self, no: i64) -> Option<i64> {
        let (_, end) = stretch::places(no);
        match last(&self.conn) {
            Some(last) if stretch::number(last) == no => Some(last + 1),
            Some(last) if stretch::number(last) > no => Some(end + 1),
            _ => (no < self.last).then_some(end + 1),
        }
    }

    fn wanted(&self, rows: Vec<Kept>) -> Vec<Kept> {
        let new = |kept: &Kept| kept.mention.ts.max(kept.mention.received) > self.since;
        rows.into_iter().filter(new).collect()
    }

    /// The same mentions, the latest chunk first; those of a chunk in the order in which they were
    /// kept. To be asked before anything was read.
    pub fn back(self) -> Back {
        Back(self)
    }
}

/// See [`History::back`].
pub struct Back(History);

impl Back {
    /// What could not be read since it was asked last, as far as it is known when that arrived: all at
    /// the end.
    pub fn take_lost(&mut self) -> Vec<Lost> {
        std::mem::take(&mut self.0.losses.known)
    }
}

impl Iterator for Back {
    type Item = Result<Vec<Kept>, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.0.read_back() {
            Ok(chunk) => (!chunk.is_empty()).then_some(Ok(chunk)),
            Err(error) => {
                self.0.stretches.clear();
                Some(Err(explain(&self.0.path, error)))
            }
        }
    }
}

/// What cannot be read, from the latest back.
#[derive(Debug, Default)]
struct Losses {
    known: Vec<Lost>,
    /// Mentions of which it is not known after what they arrived, and before what they did.
    open: Option<(u64, Time)>,
    /// When the first of those arrived that were read so far.
    before: Option<Time>,
}

impl Losses {
    /// Takes what is missing of a stretch; how many mentions that are.
    fn take(&mut self, found: &Found, newest: Time) -> u64 {
        let arrived = |kept: &Kept| kept.mention.received;
        if let (Some((mentions, to)), Some(last)) = (self.open, found.rows.last()) {
            self.open = None;
            self.close(mentions, arrived(last), to);
        }
        let mut all = 0;
        for (from, to) in found.missing.iter().rev() {
            let mentions = (to - from + 1) as u64;
            all += mentions;
            let at = found.rows.partition_point(|kept| kept.seq.0 < *from);
            let after = found.rows.get(at).map(arrived).or(self.before).unwrap_or(newest);
            match at.checked_sub(1).and_then(|i| found.rows.get(i)) {
                Some(last) => self.close(mentions, arrived(last), after),
                None => {
                    self.open = Some((
                        mentions + self.open.map_or(0, |open| open.0),
                        after.max(self.open.map_or(after, |open| open.1)),
                    ))
                }
            }
        }
        self.before = found.rows.first().map(arrived).or(self.before);
        all
    }

    /// There is nothing before.
    fn end(&mut self, since: Time) {
        if let Some((mentions, to)) = self.open.take() {
            self.close(mentions, since, to);
        }
    }

    fn close(&mut self, mentions: u64, a: Time, b: Time) {
        self.known.push(Lost { mentions, from: a.min(b), to: a.max(b) });
    }
}

/// The last place in use, as far as it can be read.
fn last(conn: &Connection) -> Option<i64> {
    let sql = "SELECT max(seq) FROM mention";
    let last = conn.prepare_cached(sql).and_then(|mut read| read.query_row([], |row| row.get(0)));
    last.ok().flatten().filter(|last| (1..i64::MAX >> 1).contains(last))
}

/// Up to which place mentions may have been deleted; nothing where it is not noted.
fn gone(conn: &Connection) -> Option<i64> {
    let sql = "SELECT value FROM meta WHERE name = 'gone'";
    let gone = conn.prepare_cached(sql).and_then(|mut read| read.query_row([], |row| row.get(0)));
    gone.ok().filter(|gone| (0..i64::MAX >> 1).contains(gone))
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
