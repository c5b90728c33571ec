//! One transaction: what is new, what has changed and what is gone.

use std::sync::Arc;

use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};

use super::index::{Finder, Index};
use super::kept::Kept;
use super::key::Keys;
use super::row::{Names, SELECT_ONE, Stored, is_gone, metrics};
use super::schema::{AS_SAID, DELETED, EDITED, NEVER_HEARD};
use super::stretch::Stretches;
use super::{body, former};
use crate::mention::source::{Batch, Engaged, Engagement, Nature, Sample};
use crate::mention::{Mention, Metrics, Op};

/// What must stay known of a counted mention once its words change or go: called with it as it was
/// first said, just before. Opaque to the journal; a few bytes.
pub type Digest = Arc<dyn Fn(&Mention) -> Vec<u8> + Send + Sync>;

type Sql<T> = rusqlite::Result<T>;

/// What a transaction changes in memory.
pub(super) struct Memory {
    pub keys: Keys,
    pub index: Index,
    pub names: Names,
    pub stretches: Stretches,
    /// The last place that was given.
    pub head: i64,
    pub digest: Digest,
}

impl Memory {
    pub fn commit(&mut self) {
        self.index.commit();
        self.names.commit();
    }

    pub fn roll_back(&mut self, head: i64) {
        self.head = head;
        self.index.roll_back();
        self.names.roll_back();
        self.stretches.forget();
    }
}

/// What a transaction did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Done {
    pub kept: u64,
    pub repeats: u64,
    /// Words were overwritten; they are still in the write-ahead log.
    pub erased: bool,
}

/// Statements of an open transaction.
pub(super) struct Writer<'a> {
    conn: &'a Connection,
    memory: &'a mut Memory,
    find: Finder<'a>,
    insert: CachedStatement<'a>,
    /// The bytes of a mention; used again for each.
    room: Vec<u8>,
    pub done: Done,
}

/// Where a uid stands.
enum Found {
    /// Nowhere; the key under which it would.
    Free(u64),
    At(i64),
}

impl<'a> Writer<'a> {
    pub fn new(conn: &'a Connection, memory: &'a mut Memory) -> Sql<Self> {
        let insert = conn.prepare_cached(
            "INSERT INTO mention (seq, uid, source, ts, received, version, state, body, metrics)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        let (find, room) = (Finder::new(conn)?, Vec::with_capacity(1_024));
        Ok(Self { conn, memory, find, insert, room, done: Done::default() })
    }

    /// Takes all of a batch, and leaves in it what the pulse has to do.
    pub fn take(&mut self, batch: &mut Batch) -> Sql<()> {
        if batch.state.nature != Nature::Live {
            return Ok(());
        }
        sift(&mut batch.mentions, |mention| self.mention(mention))?;
        sift(&mut batch.engaged, |engaged| self.engaged(engaged))?;
        sift(&mut batch.samples, |sample| self.sample(sample))
    }

    /// Where each feed goes on; the last batch of a feed counts.
    pub fn cursors(&mut self, batches: &[Batch]) -> Sql<()> {
        let mut put = self.conn.prepare_cached(
            "INSERT INTO cursor (feed, cursor) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET cursor = excluded.cursor",
        )?;
        let live = |batch: &&Batch| batch.state.nature == Nature::Live && batch.cursor.is_some();
        let mut told: Vec<&str> = Vec::new();
        for batch in batches.iter().rev().filter(live) {
            if !told.contains(&&*batch.state.name) {
                told.push(&batch.state.name);
                put.execute(params![batch.state.name, batch.cursor])?;
            }
        }
        Ok(())
    }

    /// What belongs to the transaction as a whole.
    pub fn finish(self) -> Sql<Done> {
        self.memory.stretches.write(self.conn)?;
        Ok(self.done)
    }

    /// False when the pulse has nothing to do about it.
    fn mention(&mut self, mention: &mut Mention) -> Sql<bool> {
        let mut found = self.find(&mention.uid)?;
        if matches!(found, Found::Free(_))
            && let Some(seq) = self.find_former(mention)?
        {
            found = Found::At(seq);
        }
        match (found, mention.op) {
            (Found::At(seq), _) => {
                let stays = self.known(seq, mention)?;
                self.done.repeats += u64::from(!stays);
                Ok(stays)
            }
            (Found::Free(_), Op::Metrics) => Ok(false),
            (Found::Free(key), Op::Delete) => self.insert(key, &tombstone(mention), NEVER_HEARD),
            (Found::Free(key), Op::Upsert | Op::Edit) => {
                mention.op = Op::Upsert;
                self.done.kept += 1;
                self.insert(key, mention, AS_SAID)
            }
        }
    }

    /// Takes a mention of another journal as it stands there; false when it is known.
    pub fn take_over(&mut self, kept: &Kept) -> Sql<bool> {
        let Found::Free(key) = self.find(&kept.mention.uid)? else { return Ok(false) };
        let state = match (kept.counted, kept.mention.op, &kept.digest) {
            (false, ..) => NEVER_HEARD,
            (_, Op::Delete, _) => DELETED,
            (.., Some(_)) => EDITED,
            (.., None) => AS_SAID,
        };
        self.insert(key, &kept.mention, state)?;
        if let Some(digest) = &kept.digest {
            let mut update = self.conn.prepare_cached("UPDATE mention SET digest = ?2 WHERE seq = ?1")?;
            update.execute(params![self.memory.head, &**digest])?;
        }
        Ok(true)
    }

    fn find(&mut self, uid: &str) -> Sql<Found> {
        let mut key = self.memory.keys.of(uid);
        while let Some(seq) = self.memory.index.place(key, &mut self.find)? {
            if self.stands_at(uid, seq)? {
                return Ok(Found::At(seq));
            }
            key = key.wrapping_add(1);
        }
        Ok(Found::Free(key))
    }

    /// Where it stands under the uid that it had in an older journal; it goes by that from now on.
    fn find_former(&mut self, mention: &mut Mention) -> Sql<Option<i64>> {
        let Some(uid) = former::uid(mention) else { return Ok(None) };
        let Found::At(seq) = self.find(&uid)? else { return Ok(None) };
        let is_same = former::is_same(mention, &self.row(seq)?.mention);
        mention.uid = if is_same { uid.into() } else { mention.uid.clone() };
        Ok(is_same.then_some(seq))
    }

    fn stands_at(&self, uid: &str, seq: i64) -> Sql<bool> {
        let mut read = self.conn.prepare_cached("SELECT uid FROM mention WHERE seq = ?1")?;
        let same = read.query_row([seq], |row| Ok(row.get_ref(0)?.as_str()? == uid)).optional()?;
        Ok(same == Some(true))
    }

    fn insert(&mut self, key: u64, mention: &Mention, state: i64) -> Sql<bool> {
        let seq = self.memory.head + 1;
        // Too many names can only come of a layout that was changed ten thousands of times.
        let source = self.memory.names.id(&mention.source, self.conn)?.unwrap_or_default();
        self.room.clear();
        body::encode(mention, &mut self.room);
        let metrics = mention.metrics.as_deref().and_then(body::encode_metrics);
        self.insert.execute(params![
            seq,
            mention.uid,
            source,
            mention.ts.0,
            mention.received.0,
            mention.version as i64,
            state,
            self.room,
            metrics,
        ])?;
        self.memory.head = seq;
        self.memory.index.add(key, seq);
        self.memory.stretches.note(seq, mention.ts.max(mention.received), self.conn)?;
        Ok(true)
    }

    /// What a mention says about one that is known already.
    fn known(&mut self, seq: i64, mention: &mut Mention) -> Sql<bool> {
        let row = self.row(seq)?;
        if is_gone(row.state) {
            return Ok(false);
        }
        match mention.op {
            Op::Delete => self.delete(seq, &row, mention),
            Op::Metrics => self.remeasure(seq, row, mention),
            Op::Upsert | Op::Edit if mention.version < row.mention.version => Ok(false),
            Op::Upsert | Op::Edit => {
                if mention.version > row.mention.version || !same_words(mention, &row.mention) {
                    mention.op = Op::Edit;
                    return self.edit(seq, &row, mention);
                }
                mention.op = Op::Metrics;
                self.remeasure(seq, row, mention)
            }
        }
    }

    fn row(&self, seq: i64) -> Sql<Stored> {
        let mut read = self.conn.prepare_cached(SELECT_ONE)?;
        read.query_row([seq], |row| Stored::read(row, &self.memory.names))
    }

    fn edit(&mut self, seq: i64, row: &Stored, mention: &Mention) -> Sql<bool> {
        let digest = self.digest(row);
        self.room.clear();
        body::encode(mention, &mut self.room);
        let metrics = newer(row.mention.metrics.as_deref(), mention.metrics.as_deref());
        let mut update = self.conn.prepare_cached(
            "UPDATE mention SET version = ?2, state = ?3, body = ?4, metrics = ?5, digest = ?6
             WHERE seq = ?1",
        )?;
        let metrics = metrics.as_ref().and_then(body::encode_metrics);
        update.execute(params![seq, mention.version as i64, EDITED, self.room, metrics, digest])?;
        self.done.erased = true;
        Ok(true)
    }

    fn delete(&mut self, seq: i64, row: &Stored, mention: &Mention) -> Sql<bool> {
        let digest = self.digest(row);
        let version = mention.version.max(row.mention.version);
        self.room.clear();
        body::encode(&tombstone(&row.mention), &mut self.room);
        let mut update = self.conn.prepare_cached(
            "UPDATE mention SET version = ?2, state = ?3, body = ?4, metrics = NULL, digest = ?5
             WHERE seq = ?1",
        )?;
        update.execute(params![seq, version as i64, DELETED, self.room, digest])?;
        self.done.erased = true;
        Ok(true)
    }

    fn digest(&self, row: &Stored) -> Vec<u8> {
        row.digest.as_deref().map_or_else(|| (self.memory.digest)(&row.mention), <[u8]>::to_vec)
    }

    /// Takes newer metrics and reach; nothing to do when they are as they were.
    fn remeasure(&mut self, seq: i64, mut row: Stored, mention: &Mention) -> Sql<bool> {
        let metrics = newer(row.mention.metrics.as_deref(), mention.metrics.as_deref());
        let reach = mention.reach.or(row.mention.reach);
        if metrics.as_ref() == row.mention.metrics.as_deref() && reach == row.mention.reach {
            return Ok(false);
        }
        row.mention.reach = reach;
        self.room.clear();
        body::encode(&row.mention, &mut self.room);
        let metrics = metrics.as_ref().and_then(body::encode_metrics);
        let mut update =
            self.conn.prepare_cached("UPDATE mention SET body = ?2, metrics = ?3 WHERE seq = ?1")?;
        update.execute(params![seq, self.room, metrics])?;
        Ok(true)
    }

    /// Adds what people did; leaves in `engaged` by how much the count changed.
    fn engaged(&mut self, engaged: &mut Engaged) -> Sql<bool> {
        let Found::At(seq) = self.find(&engaged.uid)? else { return Ok(false) };
        let mut read = self.conn.prepare_cached("SELECT state, metrics FROM mention WHERE seq = ?1")?;
        let known = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, metrics(row, 1)?.unwrap_or_default()));
        let (state, mut metrics) = read.query_row([seq], known)?;
        engaged.by = add(&mut metrics, engaged);
        if is_gone(state) || engaged.by == 0 {
            return Ok(false);
        }
        let mut update = self.conn.prepare_cached("UPDATE mention SET metrics = ?2 WHERE seq = ?1")?;
        update.execute(params![seq, body::encode_metrics(&metrics)])?;
        Ok(true)
    }

    /// Keeps a number; a repeat of the same one is nothing new.
    fn sample(&mut self, sample: &mut Sample) -> Sql<bool> {
        let Some(series) = self.memory.names.id(&sample.series, self.conn)? else { return Ok(true) };
        if !sample.value.is_finite() {
            return Ok(false);
        }
        let mut put = self.conn.prepare_cached(
            "INSERT INTO sample (series, ts, value) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
        )?;
        Ok(put.execute(params![series, sample.ts.0, sample.value])? > 0)
    }
}

/// Keeps of `all` what `take` says; the first error ends it.
fn sift<T>(all: &mut Vec<T>, mut take: impl FnMut(&mut T) -> Sql<bool>) -> Sql<()> {
    let mut result = Ok(());
    all.retain_mut(|one| match &result {
        Ok(()) => take(one).unwrap_or_else(|error| {
            result = Err(error);
            true
        }),
        Err(_) => true,
    });
    result
}

/// What stays of a mention that is gone: that it was, when and where.
fn tombstone(of: &Mention) -> Mention {
    let mut stone = Mention::new(&of.source, "", of.ts, of.received);
    stone.uid = of.uid.clone();
    stone.op = Op::Delete;
    stone.ts = of.ts;
    stone.version = of.version;
    (stone.network, stone.kind) = (of.network, of.kind);
    stone
}

/// Whether two say the same to those who read them.
fn same_words(a: &Mention, b: &Mention) -> bool {
    let name = |mention: &Mention| {
        mention.author.as_ref().map(|author| (author.handle.clone(), author.name.clone()))
    };
    a.text == b.text
        && a.url == b.url
        && (&a.lang, &a.langs) == (&b.lang, &b.langs)
        && a.links == b.links
        && a.sensitive == b.sensitive
        && a.tags == b.tags
        && name(a) == name(b)
}

/// Each number as `new` has it, or else as it was.
fn newer(old: Option<&Metrics>, new: Option<&Metrics>) -> Option<Metrics> {
    let (Some(old), Some(new)) = (old, new) else { return new.or(old).copied() };
    Some(Metrics {
        likes: new.likes.or(old.likes),
        shares: new.shares.or(old.shares),
        replies: new.replies.or(old.replies),
        quotes: new.quotes.or(old.quotes),
        views: new.views.or(old.views),
        clicks: new.clicks.or(old.clicks),
    })
}

/// Changes a count, never below zero; by how much it did.
fn add(metrics: &mut Metrics, engaged: &Engaged) -> i32 {
    let count = match engaged.what {
        Engagement::Likes => &mut metrics.likes,
        Engagement::Shares => &mut metrics.shares,
        Engagement::Replies => &mut metrics.replies,
        Engagement::Quotes => &mut metrics.quotes,
    };
    let before = count.unwrap_or_default();
    let after = before.saturating_add_signed(engaged.by.into());
    *count = Some(after);
    (after as i64 - before as i64) as i32
}
