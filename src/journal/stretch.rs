//! Stretches: the newest time among every 4,096 mentions, so that neither a look back nor retention
//! needs an index by time.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::clock::Time;

/// Mentions of a stretch, as a power of two.
const BITS: u32 = 12;

/// The stretch that is being written.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    open: Option<(i64, Time)>,
}

impl Stretches {
    /// A mention of `time` stands at `seq`.
    pub fn note(&mut self, seq: i64, time: Time, conn: &Connection) -> rusqlite::Result<()> {
        let no = number(seq);
        match &mut self.open {
            Some((open, newest)) if *open == no => *newest = time.max(*newest),
            _ => {
                self.write(conn)?;
                self.open = Some((no, time));
            }
        }
        Ok(())
    }

    /// Puts what was noted into the transaction.
    pub fn write(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        let Some((no, newest)) = self.open.take() else { return Ok(()) };
        let mut put = conn.prepare_cached(
            "INSERT INTO stretch (no, newest) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET newest = max(newest, excluded.newest)",
        )?;
        put.execute(params![no, newest.0]).map(drop)
    }

    /// The transaction is undone.
    pub fn forget(&mut self) {
        self.open = None;
    }
}

/// The stretch that a place is in.
pub(super) fn number(seq: i64) -> i64 {
    seq >> BITS
}

/// The first and the last place of a stretch.
pub(super) fn places(no: i64) -> (i64, i64) {
    (no << BITS, ((no + 1) << BITS) - 1)
}

/// The oldest stretch, with its newest time.
pub(super) fn oldest(conn: &Connection) -> rusqlite::Result<Option<(i64, Time)>> {
    let sql = "SELECT no, newest FROM stretch ORDER BY no LIMIT 1";
    let mut read = conn.prepare_cached(sql)?;
    read.query_row([], |row| Ok((row.get(0)?, Time(row.get(1)?)))).optional()
}

/// The oldest stretch of which all lies before `time`.
pub(super) fn before(time: Time, conn: &Connection) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT no FROM stretch WHERE newest < ?1 ORDER BY no LIMIT 1";
    conn.prepare_cached(sql)?.query_row([time.0], |row| row.get(0)).optional()
}

/// The stretches of a journal, each with a time after which nothing of it or of those before was said
/// or arrived. Those that are not listed as they should be are looked for where they would stand.
/// `last` is the last place in use.
pub(super) fn all(conn: &Connection, last: Option<i64>) -> rusqlite::Result<Vec<(i64, Time)>> {
    let mut all = Vec::new();
    let whole = listed(conn, &mut all);
    let first = conn.query_row("SELECT min(seq) FROM mention", [], |row| row.get::<_, Option<i64>>(0));
    let near = |no: &i64| all.is_empty() || all.iter().any(|(at, _)| at.abs_diff(*no) <= STRAY);
    let ends: Vec<i64> = first.ok().flatten().into_iter().chain(last).map(number).filter(near).collect();
    let numbers = || all.iter().map(|(no, _)| *no).chain(ends.iter().copied());
    let (Some(first), Some(last)) = (numbers().min(), numbers().max()) else { return whole.map(|()| all) };
    if last.abs_diff(first) <= all.len() as u64 + STRAY {
        let lacking = (first..=last).filter(|no| all.binary_search_by_key(no, |one| one.0).is_err());
        let found: Vec<_> = lacking.filter(|no| may_hold(*no, conn)).map(|no| (no, UNKNOWN)).collect();
        all.extend(found);
        all.sort_unstable_by_key(|one| one.0);
    }
    let mut newest = Time(i64::MIN);
    for (_, time) in all.iter_mut().filter(|one| one.1 != UNKNOWN) {
        newest = newest.max(*time);
        *time = newest;
    }
    Ok(all)
}

/// In place of a time that was lost.
const UNKNOWN: Time = Time(i64::MAX);
/// Most stretches that are looked for beside those that are listed.
const STRAY: u64 = 4_096;

fn listed(conn: &Connection, all: &mut Vec<(i64, Time)>) -> rusqlite::Result<()> {
    let mut read = conn.prepare("SELECT no, newest FROM stretch WHERE no BETWEEN 0 AND ?1 ORDER BY no")?;
    let mut rows = read.query([number(i64::MAX) - 1])?;
    while let Some(row) = rows.next()? {
        let (no, newest) = (row.get(0)?, Time(row.get(1)?));
        if all.last().is_none_or(|(last, _)| *last < no) {
            all.push((no, newest));
        }
    }
    Ok(())
}

/// False when it surely holds no mention.
fn may_hold(no: i64, conn: &Connection) -> bool {
    let (first, last) = places(no);
    let sql = "SELECT count(*) FROM (SELECT 1 FROM mention WHERE seq BETWEEN ?1 AND ?2 LIMIT 1)";
    let count = conn.prepare_cached(sql).and_then(|mut read| read.query_row([first, last], |row| row.get(0)));
    count.map_or(true, |count: i64| count > 0)
}
