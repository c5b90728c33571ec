//! One mention as its row has it, and the names that rows only number.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Row};
use rustc_hash::FxHashMap;

use super::body;
use super::schema::{DELETED, NEVER_HEARD};
use crate::clock::Time;
use crate::mention::{Mention, Metrics, Op};

/// The row at a place.
pub(super) const SELECT_ONE: &str =
    "SELECT uid, source, ts, received, version, state, body, metrics, digest, seq
     FROM mention WHERE seq = ?1";

/// Up to ?3 rows after the place ?1, up to and with the place ?2.
pub(super) const SELECT_MANY: &str =
    "SELECT uid, source, ts, received, version, state, body, metrics, digest, seq
     FROM mention WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3";

/// The same, the last first.
pub(super) const SELECT_BACK: &str =
    "SELECT uid, source, ts, received, version, state, body, metrics, digest, seq
     FROM mention WHERE seq > ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT ?3";

/// A row of the table of mentions.
#[derive(Debug)]
pub(super) struct Stored {
    pub seq: i64,
    pub mention: Mention,
    pub state: i64,
    pub digest: Option<Arc<[u8]>>,
}

impl Stored {
    /// Reads a row of [`SELECT_ONE`] or [`SELECT_MANY`].
    pub fn read(row: &Row<'_>, names: &Names) -> rusqlite::Result<Self> {
        let number = |at: usize| row.get::<_, i64>(at);
        let (ts, received) = (Time(number(2)?), Time(number(3)?));
        let mut mention = Mention::new(&names.name(number(1)?), "", ts, received);
        mention.ts = ts;
        mention.uid = row.get_ref(0)?.as_str()?.into();
        mention.version = number(4)? as u64;
        let state = number(5)?;
        if is_gone(state) {
            mention.op = Op::Delete;
        }
        body::decode(row.get_ref(6)?.as_blob()?, &mut mention).ok_or_else(damaged)?;
        // What people did with it is no reason to lose its words.
        mention.metrics = metrics(row, 7).ok().flatten().map(Box::new);
        let digest = row.get_ref(8)?.as_blob_or_null()?.map(Into::into);
        Ok(Self { seq: row.get(9)?, mention, state, digest })
    }
}

/// Whether nothing but a tombstone is left.
pub(super) fn is_gone(state: i64) -> bool {
    state == DELETED || state == NEVER_HEARD
}

/// Reads a column of metrics.
pub(super) fn metrics(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Metrics>> {
    let Some(bytes) = row.get_ref(at)?.as_blob_or_null()? else { return Ok(None) };
    body::decode_metrics(bytes).map(Some).ok_or_else(damaged)
}

fn damaged() -> rusqlite::Error {
    super::error::damaged("checksum mismatch")
}

/// Most names of one journal: feeds, and series of numbers.
const MAX_NAMES: usize = 65_536;

/// Names of feeds and series by their numbers in a journal.
#[derive(Debug, Default)]
pub(super) struct Names {
    ids: FxHashMap<Arc<str>, i64>,
    names: FxHashMap<i64, Arc<str>>,
    /// Numbers given in the transaction that is open.
    added: Vec<i64>,
}

impl Names {
    pub fn load(conn: &Connection) -> rusqlite::Result<Self> {
        let mut all = Self::default();
        let mut names = conn.prepare("SELECT id, name FROM name LIMIT ?1")?;
        let mut rows = names.query([MAX_NAMES as i64])?;
        while let Some(row) = rows.next()? {
            all.learn(row.get(0)?, row.get_ref(1)?.as_str()?.into());
        }
        Ok(all)
    }

    /// As many as can be read.
    pub fn load_some(conn: &Connection) -> Self {
        let mut all = Self::default();
        let Ok(mut names) = conn.prepare("SELECT id, name FROM name LIMIT ?1") else { return all };
        let Ok(mut rows) = names.query([MAX_NAMES as i64]) else { return all };
        while let Ok(Some(row)) = rows.next() {
            if let (Ok(id), Ok(name)) = (row.get(0), row.get::<_, String>(1)) {
                all.learn(id, name.into());
            }
        }
        all
    }

    /// The name of a number; the empty one for a number that is none.
    pub fn name(&self, id: i64) -> Arc<str> {
        self.names.get(&id).cloned().unwrap_or_default()
    }

    /// Makes sure that a number's name is known, which another process may have given since; fails
    /// when it has none.
    pub fn look_up(&mut self, id: i64, conn: &Connection) -> rusqlite::Result<()> {
        if self.names.contains_key(&id) {
            return Ok(());
        }
        let sql = "SELECT name FROM name WHERE id = ?1";
        let name: Option<String> = conn.query_row(sql, [id], |row| row.get(0)).optional()?;
        // Without a number stands what there were too many names for.
        let name =
            name.or_else(|| (id == 0).then(String::new)).ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        self.learn(id, name.into());
        Ok(())
    }

    /// The number of a name, given now if it has none; `None` when there are too many.
    pub fn id(&mut self, name: &Arc<str>, conn: &Connection) -> rusqlite::Result<Option<i64>> {
        if let Some(id) = self.ids.get(name) {
            return Ok(Some(*id));
        }
        if self.ids.len() >= MAX_NAMES {
            return Ok(None);
        }
        let mut insert = conn.prepare_cached("INSERT INTO name (name) VALUES (?1)")?;
        let id = insert.insert([name])?;
        self.learn(id, name.clone());
        self.added.push(id);
        Ok(Some(id))
    }

    fn learn(&mut self, id: i64, name: Arc<str>) {
        self.ids.insert(name.clone(), id);
        self.names.insert(id, name);
    }

    /// The transaction is on disk.
    pub fn commit(&mut self) {
        self.added.clear();
    }

    /// The transaction is undone.
    pub fn roll_back(&mut self) {
        for id in self.added.drain(..) {
            if let Some(name) = self.names.remove(&id) {
                self.ids.remove(&name);
            }
        }
    }
}
