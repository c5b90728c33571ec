//! Reading the rows of a stretch as far as they can be read: a damaged row or page hides none that
//! can still be reached.
//!
//! Places are given without a gap, so that what is missing is known. Where a scan breaks off, what it
//! left is read from its other end, and then by halves, down to single rows.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Error, ErrorCode, Row, params};

use super::kept::Kept;
use super::row::{Names, SELECT_BACK, SELECT_MANY, SELECT_ONE, Stored};

type Sql<T> = rusqlite::Result<T>;

/// From one place up to and with another.
pub(super) type Places = (i64, i64);

/// Rows that a scan passes at most, whatever it meets.
const MOST: i64 = 4_096 + 512;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In the order of their places.
    pub rows: Vec<Kept>,
    /// Places whose rows cannot be read.
    pub missing: Vec<Places>,
}

/// Reads the rows of `range`. Those up to and with the place `gone` may have been deleted; `None`: any
/// before the first that is left. Places before `end` were given; `None`: nobody knows which.
pub(super) fn read(
    conn: &Connection,
    names: &mut Names,
    range: Places,
    gone: Option<i64>,
    end: Option<i64>,
) -> Sql<Found> {
    let ends = (gone.map(|gone| range.0.max(gone + 1)), end.map(|end| range.1.min(end - 1)));
    let mut reader =
        Reader { conn, names, range, ends, rows: Vec::new(), read: BTreeMap::new(), bad: BTreeSet::new() };
    let done = reader.scan(SELECT_MANY, range.0 - 1, range.1)?;
    let mut due = reader.due(false);
    if !done || !reader.bad.is_empty() || !holes(&reader.places(), due).is_empty() {
        due = reader.try_harder(done)?;
    }
    let missing = holes(&reader.places(), due);
    let mut rows = reader.rows;
    rows.sort_by_key(|kept| kept.seq);
    Ok(Found { rows, missing })
}

/// Whether the place of a row follows that of the row beside it. A row whose place is damaged stands out
/// of order, and must not hide the intact row that it claims the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    InOrder,
    OutOfOrder,
}

struct Reader<'a> {
    conn: &'a Connection,
    names: &'a mut Names,
    range: Places,
    /// The first and the last place that should be there, as far as that is known.
    ends: (Option<i64>, Option<i64>),
    rows: Vec<Kept>,
    /// Their places, and which of them were read in order.
    read: BTreeMap<i64, Order>,
    /// Places of rows that are there and cannot be understood.
    bad: BTreeSet<i64>,
}

impl Reader<'_> {
    /// Takes rows after the place `after`, up to and with `to`; false when it broke off.
    fn scan(&mut self, sql: &str, after: i64, to: i64) -> Sql<bool> {
        let mut read = self.conn.prepare_cached(sql)?;
        let mut rows = read.query(params![after, to, MOST])?;
        let mut beside = (sql != SELECT_BACK).then_some(after);
        loop {
            match rows.next() {
                Ok(Some(row)) => beside = self.take(row, beside),
                Ok(None) => return Ok(true),
                Err(error) if passes(&error) => return Err(error),
                Err(_) => return Ok(false),
            }
        }
    }

    /// Takes a row, if it is one of the range, and returns its place. Of several rows that claim one place
    /// the first counts, unless only a later one is in order with the row `beside` it.
    fn take(&mut self, row: &Row<'_>, beside: Option<i64>) -> Option<i64> {
        let seq = row.get::<_, i64>(9).ok()?;
        let is_next = beside.is_some_and(|beside| beside.abs_diff(seq) == 1);
        let order = if is_next { Order::InOrder } else { Order::OutOfOrder };
        let is_better = match self.read.get(&seq) {
            None => true,
            Some(before) => (*before, order) == (Order::OutOfOrder, Order::InOrder),
        };
        if (self.range.0..=self.range.1).contains(&seq) && is_better {
            match self.kept(row) {
                Ok(kept) => self.put(kept, order),
                Err(_) => drop(self.bad.insert(seq)),
            }
        }
        Some(seq)
    }

    fn put(&mut self, kept: Kept, order: Order) {
        if self.read.insert(kept.seq.0, order).is_some() {
            self.rows.retain(|row| row.seq != kept.seq);
        }
        self.rows.push(kept);
    }

    fn places(&self) -> BTreeSet<i64> {
        self.read.keys().copied().collect()
    }

    fn kept(&mut self, row: &Row<'_>) -> Sql<Kept> {
        self.names.look_up(row.get(1)?, self.conn)?;
        Ok(Kept::of(Stored::read(row, self.names)?))
    }

    /// Reads what a first scan left, and says which places should be there.
    fn try_harder(&mut self, done: bool) -> Sql<Places> {
        let (first, last) = self.range;
        // A row with a wrong place ends a scan that has an end.
        self.scan(SELECT_MANY, first - 1, i64::MAX)?;
        self.scan(SELECT_BACK, first - 1, last)?;
        let due =
            if done { self.due(false) } else { (self.ends.0.unwrap_or(first), self.ends.1.unwrap_or(last)) };
        self.dig_all(due)?;
        // Where a page claims the place of another one's row, that row is found by its place alone.
        let bad: Vec<i64> = self.bad.difference(&self.places()).copied().collect();
        bad.into_iter().try_for_each(|seq| self.take_one(seq))?;
        Ok(self.due(!done))
    }

    /// Which places should be there; with `more`, one at least beyond what was found where nobody
    /// knows how many there were.
    fn due(&self, more: bool) -> Places {
        let ((first, last), more) = (self.range, i64::from(more));
        let there = || self.read.keys().chain(&self.bad).copied();
        let from = || there().min().map_or(last + 1 - more, |at| (at - more).max(first));
        let from = self.ends.0.unwrap_or_else(from);
        let to = || there().max().map_or(from - 1 + more, |at| (at + more).min(last));
        (from, self.ends.1.unwrap_or_else(to))
    }

    fn dig_all(&mut self, within: Places) -> Sql<()> {
        let seen: BTreeSet<i64> = self.read.keys().chain(&self.bad).copied().collect();
        holes(&seen, within).into_iter().try_for_each(|places| self.dig(places))
    }

    fn dig(&mut self, (from, to): Places) -> Sql<()> {
        let seen = self.read.len() + self.bad.len();
        self.scan(SELECT_MANY, from - 1, to)?;
        if self.read.len() + self.bad.len() > seen {
            return self.dig_all((from, to));
        }
        if from < to {
            let middle = from + (to - from) / 2;
            self.dig((from, middle))?;
            return self.dig((middle + 1, to));
        }
        self.take_one(from)
    }

    /// Takes the row of a place as it is found by that alone, past what is damaged beside it.
    fn take_one(&mut self, seq: i64) -> Sql<()> {
        let mut read = self.conn.prepare_cached(SELECT_ONE)?;
        let mut rows = read.query([seq])?;
        match rows.next() {
            Ok(Some(row)) => drop(self.take(row, None)),
            Err(error) if passes(&error) => return Err(error),
            _ => {}
        }
        Ok(())
    }
}

/// What lies within two places and is none of `all`.
fn holes(all: &BTreeSet<i64>, (from, to): Places) -> Vec<Places> {
    let (mut holes, mut next) = (Vec::new(), from);
    for &at in all.range(from..=to.max(from)).take_while(|at| **at <= to) {
        if at > next {
            holes.push((next, at - 1));
        }
        next = at + 1;
    }
    if next <= to {
        holes.push((next, to));
    }
    holes
}

/// Whether what failed is no damage and may go well another time.
pub(super) fn passes(error: &Error) -> bool {
    use ErrorCode::{DatabaseBusy, DatabaseLocked, OperationInterrupted, OutOfMemory};
    let passing = [DatabaseBusy, DatabaseLocked, OperationInterrupted, OutOfMemory];
    error.sqlite_error_code().is_some_and(|code| passing.contains(&code))
}
