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

/// The last stretch that begins before the place `seq` and holds anything of after `time`.
pub(super) fn last_before(seq: i64, time: Time, conn: &Connection) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT no FROM stretch WHERE no <= ?1 AND newest > ?2 ORDER BY no DESC LIMIT 1";
    conn.prepare_cached(sql)?.query_row([number(seq - 1), time.0], |row| row.get(0)).optional()
}

/// The first place after `seq` whose stretch holds anything of after `time`.
pub(super) fn next_after(seq: i64, time: Time, conn: &Connection) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT no FROM stretch WHERE no >= ?1 AND newest > ?2 ORDER BY no LIMIT 1";
    let found = conn.prepare_cached(sql)?.query_row([number(seq + 1), time.0], |row| row.get(0));
    Ok(found.optional()?.map(|no: i64| places(no).0.max(seq + 1)))
}
