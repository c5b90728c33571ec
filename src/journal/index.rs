//! Which place has a uid's key: a map of the newest keys in memory, and sorted runs of the older
//! ones on disk, so that a uid that was never heard costs no look at the disk and a new one no
//! write at a random place.
//!
//! A key has one place. A uid whose key is taken by another uid gets the next free key.

use rusqlite::{CachedStatement, Connection, OptionalExtension as _};
use rustc_hash::FxHashMap;

use super::filter::Filter;
use super::runs::{self, Run};

type Sql<T> = rusqlite::Result<T>;

/// Keys in memory that make a run: what a hash map of 2¹⁹ places holds, less the mentions of one
/// transaction.
pub(super) const RUN: usize = 440_000;
/// Memory for the filters of runs, bytes: those of the newest 33,500,000 mentions. In older runs
/// every new uid is looked up on disk.
const FILTERS: usize = 48 << 20;

/// See the module.
#[derive(Debug)]
pub(super) struct Index {
    recent: FxHashMap<u64, i64>,
    /// Keys of the transaction that is open.
    added: Vec<u64>,
    /// Newest first.
    runs: Vec<Run>,
    /// Runs whose blocks are still to be deleted.
    doomed: Vec<i64>,
    merge: Option<runs::Merge>,
    /// Keys that make a run.
    full: usize,
}

impl Index {
    /// Reads the runs; the newest keys, which are in none, are for [`Index::restore`].
    pub fn open(conn: &Connection, full: usize) -> Sql<Self> {
        let runs = runs::load(conn)?;
        let doomed = runs::orphans(conn, &runs)?;
        let mut index =
            Self { recent: FxHashMap::default(), added: Vec::new(), runs, doomed, merge: None, full };
        index.share_filters();
        for run in index.runs.iter_mut().filter(|run| run.filter.is_some()) {
            run.fill_filter(conn)?;
        }
        Ok(index)
    }

    /// The last place that is in a run.
    pub fn flushed(&self) -> i64 {
        self.runs.first().map_or(0, |run| run.last)
    }

    /// Where the key stands.
    pub fn place(&self, key: u64, find: &mut Finder<'_>) -> Sql<Option<i64>> {
        if let Some(place) = self.recent.get(&key) {
            return Ok(Some(*place));
        }
        for run in &self.runs {
            if run.may_hold(key)
                && let Some(place) = find.in_run(run, key)?
            {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// Takes a key that [`Index::place`] does not know.
    pub fn add(&mut self, key: u64, place: i64) {
        self.recent.insert(key, place);
        self.added.push(key);
    }

    /// Takes a key anew when a journal is opened.
    pub fn restore(&mut self, mut key: u64, place: i64, find: &mut Finder<'_>) -> Sql<()> {
        while self.place(key, find)?.is_some() {
            key = key.wrapping_add(1);
        }
        self.recent.insert(key, place);
        Ok(())
    }

    /// The transaction is on disk.
    pub fn commit(&mut self) {
        self.added.clear();
    }

    /// The transaction is undone.
    pub fn roll_back(&mut self) {
        for key in self.added.drain(..) {
            self.recent.remove(&key);
        }
    }

    /// Does a small part of what is due (a few milliseconds, in a transaction of its own), and says
    /// whether anything was. No transaction may be open. Places before `oldest` are not needed.
    pub fn tend(&mut self, conn: &Connection, oldest: i64) -> Sql<bool> {
        if self.recent.len() >= self.full {
            self.flush(conn, oldest)?;
        } else if let Some(merge) = &mut self.merge {
            if let Some(run) = merge.step(conn, oldest)? {
                let inputs = self.merge.take().map(runs::Merge::into_inputs).unwrap_or_default();
                self.replace(&inputs, run);
            }
        } else if let Some(doomed) = self.doomed.last() {
            if runs::clear(conn, *doomed)? {
                self.doomed.pop();
            }
        } else if let Some(at) = self.runs.iter().position(|run| run.last < oldest) {
            runs::strike(conn, &[self.runs[at].id])?;
            self.doomed.push(self.runs.remove(at).id);
        } else {
            self.merge = runs::Merge::due(&self.runs, self.free_id());
            return Ok(self.merge.is_some());
        }
        Ok(true)
    }

    /// Makes a run of the keys in memory.
    fn flush(&mut self, conn: &Connection, oldest: i64) -> Sql<()> {
        let mut entries: Vec<_> = self.recent.iter().map(|(key, place)| (*key, *place)).collect();
        entries.retain(|(_, place)| *place >= oldest);
        entries.sort_unstable();
        let last = self.recent.values().max().copied().unwrap_or_default();
        let mut run = runs::write(conn, self.free_id(), &entries, last)?;
        let mut filter = Filter::new(entries.len());
        entries.iter().for_each(|(key, _)| filter.add(*key));
        run.filter = Some(filter);
        self.recent.clear();
        self.runs.insert(0, run);
        self.share_filters();
        Ok(())
    }

    fn replace(&mut self, inputs: &[i64], merged: Run) {
        let at = self.runs.iter().position(|run| inputs.contains(&run.id)).unwrap_or(self.runs.len());
        self.runs.retain(|run| !inputs.contains(&run.id));
        self.runs.insert(at, merged);
        self.doomed.extend(inputs);
        self.share_filters();
    }

    /// Gives the memory to the newest runs.
    fn share_filters(&mut self) {
        let mut left = FILTERS;
        for run in &mut self.runs {
            let bytes = Filter::bytes(run.keys);
            left = left.saturating_sub(bytes);
            if left == 0 {
                run.filter = None;
            }
        }
    }

    fn free_id(&self) -> i64 {
        let merged = self.merge.as_ref().map(runs::Merge::id);
        let used = self.runs.iter().map(|run| run.id).chain(self.doomed.iter().copied()).chain(merged);
        used.max().unwrap_or(0) + 1
    }
}

/// Looks up keys in runs.
pub(super) struct Finder<'a>(CachedStatement<'a>);

impl<'a> Finder<'a> {
    pub fn new(conn: &'a Connection) -> Sql<Self> {
        conn.prepare_cached("SELECT entries FROM block WHERE id = ?1").map(Self)
    }

    fn in_run(&mut self, run: &Run, key: u64) -> Sql<Option<i64>> {
        let find = |row: &rusqlite::Row<'_>| Ok(run.search(row.get_ref(0)?.as_blob()?, key));
        self.0.query_row([run.block(key)], find).optional().map(Option::flatten)
    }
}
