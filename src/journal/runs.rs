//! Runs: sorted keys with their places, on disk in blocks by the first bits of the key. Sixteen runs
//! of a level are merged into one of the next, in small steps.
//!
//! Until it is done, a merge leaves nothing but blocks that belong to no run; these are deleted when
//! the journal is opened again, and the merge begins anew.

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::filter::Filter;

type Sql<T> = rusqlite::Result<T>;

/// Runs of one level that make one of the next.
const FAN: usize = 16;
const FAN_BITS: u32 = FAN.trailing_zeros();
/// A run of the first level has this many blocks, as a power of two; one of the next, [`FAN`] times
/// as many. With 440,000 keys a block is 1,290 bytes.
const BLOCK_BITS: u32 = 12;
/// Runs of this level, 1.8 billion keys, are merged no further: places are 32 bits in a run.
const LAST_LEVEL: u32 = 3;
/// Bits of a block's id that number it within its run.
const ID_BITS: u32 = 40;
/// Bytes of an entry: the key, and the place counted from the run's first, little-endian.
const ENTRY: usize = 12;
/// Blocks that a merge reads of each run in one step.
const MERGED_AT_ONCE: u64 = 32;
/// Largest filter that is built for a merged run, bytes.
const MERGED_FILTER: usize = 16 << 20;
/// Blocks that are deleted in one step.
const DELETED_AT_ONCE: i64 = 1_024;

#[derive(Debug)]
pub(super) struct Run {
    pub id: i64,
    pub level: u32,
    pub first: i64,
    pub last: i64,
    pub keys: usize,
    /// `None` where memory does not reach.
    pub filter: Option<Filter>,
}

impl Run {
    /// False when it surely does not hold the key.
    pub fn may_hold(&self, key: u64) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.may_hold(key))
    }

    /// Id of the block in which the key would stand.
    pub fn block(&self, key: u64) -> i64 {
        block(self.id, (key >> (64 - bits(self.level))) as i64)
    }

    /// The key's place, by the block in which it would stand.
    pub fn search(&self, entries: &[u8], key: u64) -> Option<i64> {
        let entries = entries.as_chunks::<ENTRY>().0;
        let at = entries.binary_search_by_key(&key, |entry| split(entry).0).ok()?;
        Some(self.first + i64::from(split(&entries[at]).1))
    }

    /// Whether its numbers can be those of a run.
    fn is_sound(&self) -> bool {
        let places = 0..=i64::MAX >> 1;
        places.contains(&self.first)
            && (self.first..=*places.end()).contains(&self.last)
            && self.keys as i64 <= (self.last - self.first + 1).min(i64::from(u32::MAX))
            && (0..1 << (62 - ID_BITS)).contains(&self.id)
    }

    /// Reads all keys anew.
    pub fn fill_filter(&mut self, conn: &Connection) -> Sql<()> {
        let mut filter = Filter::new(self.keys);
        let mut blocks = conn.prepare_cached("SELECT entries FROM block WHERE id >= ?1 AND id < ?2")?;
        let mut rows = blocks.query([block(self.id, 0), block(self.id + 1, 0)])?;
        while let Some(row) = rows.next()? {
            let entries = row.get_ref(0)?.as_blob()?.as_chunks::<ENTRY>().0;
            entries.iter().for_each(|entry| filter.add(split(entry).0));
        }
        self.filter = Some(filter);
        Ok(())
    }
}

fn bits(level: u32) -> u32 {
    BLOCK_BITS + FAN_BITS * level
}

fn block(run: i64, number: i64) -> i64 {
    (run << ID_BITS) | number
}

fn split(entry: &[u8; ENTRY]) -> (u64, u32) {
    let [a, b, c, d, e, f, g, h, place @ ..] = *entry;
    (u64::from_le_bytes([a, b, c, d, e, f, g, h]), u32::from_le_bytes(place))
}

/// All runs, newest first; those that may have a filter have an empty one.
pub(super) fn load(conn: &Connection) -> Sql<Vec<Run>> {
    let sql = "SELECT id, level, first, last, keys FROM run ORDER BY last DESC";
    let mut runs = conn.prepare(sql)?;
    let run = |row: &rusqlite::Row<'_>| {
        let keys = row.get::<_, i64>(4)?.max(0) as usize;
        Ok(Run {
            id: row.get(0)?,
            level: row.get::<_, u32>(1)?.min(LAST_LEVEL),
            first: row.get(2)?,
            last: row.get(3)?,
            keys,
            filter: Some(Filter::new(0)),
        })
    };
    let runs: Vec<Run> = runs.query_map([], run)?.collect::<Sql<_>>()?;
    if runs.iter().all(Run::is_sound) {
        Ok(runs)
    } else {
        Err(super::error::damaged("checksum mismatch in a run"))
    }
}

/// Runs that have blocks and are no runs: merges that came to no end, and what was not yet deleted.
pub(super) fn orphans(conn: &Connection, runs: &[Run]) -> Sql<Vec<i64>> {
    let mut next = conn.prepare("SELECT min(id) FROM block WHERE id >= ?1")?;
    let (mut orphans, mut at) = (Vec::new(), 0);
    while let Some(id) = next.query_row([block(at, 0)], |row| row.get::<_, Option<i64>>(0))? {
        let run = id >> ID_BITS;
        if runs.iter().all(|known| known.id != run) {
            orphans.push(run);
        }
        at = run + 1;
    }
    Ok(orphans)
}

/// Writes sorted `entries` as a run of the first level that reaches to `last`.
pub(super) fn write(conn: &Connection, id: i64, entries: &[(u64, i64)], last: i64) -> Sql<Run> {
    let first = entries.iter().map(|(_, place)| *place).min().unwrap_or(last);
    let run = Run { id, level: 0, first, last, keys: entries.len(), filter: None };
    let work = begin(conn)?;
    put(conn, &run, entries)?;
    register(conn, &run)?;
    work.commit()?;
    Ok(run)
}

/// Puts sorted entries into the blocks of `run`.
fn put(conn: &Connection, run: &Run, entries: &[(u64, i64)]) -> Sql<()> {
    let mut insert = conn.prepare_cached("INSERT INTO block (id, entries) VALUES (?1, ?2)")?;
    let mut bytes = Vec::new();
    for entries in entries.chunk_by(|a, b| run.block(a.0) == run.block(b.0)) {
        bytes.clear();
        for (key, place) in entries {
            bytes.extend_from_slice(&key.to_le_bytes());
            bytes.extend_from_slice(&((place - run.first) as u32).to_le_bytes());
        }
        insert.execute(params![run.block(entries[0].0), bytes])?;
    }
    Ok(())
}

fn register(conn: &Connection, run: &Run) -> Sql<()> {
    let sql = "INSERT INTO run (id, level, first, last, keys) VALUES (?1, ?2, ?3, ?4, ?5)";
    conn.execute(sql, params![run.id, run.level, run.first, run.last, run.keys as i64]).map(drop)
}

/// Makes runs be none any more; their blocks stay for [`clear`].
pub(super) fn strike(conn: &Connection, ids: &[i64]) -> Sql<()> {
    ids.iter().try_for_each(|id| conn.execute("DELETE FROM run WHERE id = ?1", [id]).map(drop))
}

/// Deletes some blocks of a run; true when none is left.
pub(super) fn clear(conn: &Connection, id: i64) -> Sql<bool> {
    let sql = "DELETE FROM block WHERE id IN (SELECT id FROM block WHERE id >= ?1 AND id < ?2 LIMIT ?3)";
    let deleted = conn.execute(sql, [block(id, 0), block(id + 1, 0), DELETED_AT_ONCE])?;
    Ok((deleted as i64) < DELETED_AT_ONCE)
}

fn begin(conn: &Connection) -> Sql<Transaction<'_>> {
    Transaction::new_unchecked(conn, TransactionBehavior::Immediate)
}

/// A merge on its way.
#[derive(Debug)]
pub(super) struct Merge {
    /// Id, level and first place of each.
    inputs: Vec<(i64, i64)>,
    output: Run,
    /// The block of the inputs that is next.
    next: u64,
}

impl Merge {
    /// A merge of the oldest runs of a level that has enough of them.
    pub fn due(runs: &[Run], id: i64) -> Option<Self> {
        let of = |level| runs.iter().filter(move |run| run.level == level);
        let level = (0..LAST_LEVEL).find(|level| of(*level).count() >= FAN)?;
        let oldest: Vec<_> = of(level).rev().take(FAN).collect();
        let keys = oldest.iter().map(|run| run.keys).sum();
        let output = Run {
            id,
            level: level + 1,
            first: oldest.iter().map(|run| run.first).min()?,
            last: oldest.iter().map(|run| run.last).max()?,
            keys,
            filter: (Filter::bytes(keys) <= MERGED_FILTER).then(|| Filter::new(keys)),
        };
        Some(Self { inputs: oldest.iter().map(|run| (run.id, run.first)).collect(), output, next: 0 })
    }

    /// Id of the run that it makes.
    pub fn id(&self) -> i64 {
        self.output.id
    }

    /// Goes on a little; gives the run when it is done.
    pub fn step(&mut self, conn: &Connection, oldest: i64) -> Sql<Option<Run>> {
        let end = 1 << bits(self.output.level - 1);
        let to = (self.next + MERGED_AT_ONCE).min(end);
        let work = begin(conn)?;
        for number in self.next..to {
            self.merge_block(conn, number as i64, oldest)?;
        }
        if to == end {
            strike(conn, &self.inputs.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
            register(conn, &self.output)?;
        }
        work.commit()?;
        self.next = to;
        Ok((to == end).then(|| self.take_output()))
    }

    fn merge_block(&mut self, conn: &Connection, number: i64, oldest: i64) -> Sql<()> {
        let mut read = conn.prepare_cached("SELECT entries FROM block WHERE id = ?1")?;
        let mut entries = Vec::new();
        for (id, first) in &self.inputs {
            let bytes: Option<Vec<u8>> = read.query_row([block(*id, number)], |row| row.get(0)).optional()?;
            let all = bytes.iter().flat_map(|bytes| bytes.as_chunks::<ENTRY>().0);
            let all = all.map(split).map(|(key, place)| (key, first + i64::from(place)));
            entries.extend(all.filter(|(_, place)| *place >= oldest));
        }
        entries.sort_unstable();
        if let Some(filter) = &mut self.output.filter {
            entries.iter().for_each(|(key, _)| filter.add(*key));
        }
        put(conn, &self.output, &entries)
    }

    fn take_output(&mut self) -> Run {
        Run { filter: self.output.filter.take(), ..self.output }
    }

    /// The runs that are merged.
    pub fn into_inputs(self) -> Vec<i64> {
        self.inputs.into_iter().map(|(id, _)| id).collect()
    }
}
