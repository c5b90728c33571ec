//! Notes of the pulse, by kind and key; the last one of a key stays, an empty one takes it away.
//! Neither replay nor export reads them.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::error::JournalError;
use super::schema::{explain, open_to_read};
use crate::clock::Time;
use crate::mention::source::{MAX_NOTE, Note, NoteKind};

type Sql<T> = rusqlite::Result<T>;

/// How long sums of a stretch of time are kept.
const TALLIES: Duration = Duration::from_secs(9 * 86_400);
/// Notes that are deleted in one transaction.
const ROWS: i64 = 512;

/// Where to go on reading: after this kind and key.
pub type NoteKey = (i64, i64, i64);

/// [`notes`](super::Journal::notes) of a journal that somebody else may be writing.
pub fn notes(
    path: &Path,
    after: Option<NoteKey>,
    limit: usize,
) -> Result<(Vec<Note>, Option<NoteKey>), JournalError> {
    let conn = open_to_read(path)?;
    if !has_notes(&conn).map_err(|error| explain(path, error))? {
        return Ok((Vec::new(), None));
    }
    read(&conn, after, limit).map_err(|error| explain(path, error))
}

/// The key before all notes of the kind after that of `after`.
pub fn next_kind(after: Option<NoteKey>) -> NoteKey {
    (after.map_or(0, |key| key.0).saturating_add(1), i64::MIN, i64::MIN)
}

/// False for a journal of before there were notes.
fn has_notes(conn: &Connection) -> Sql<bool> {
    conn.query_row("SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'note'", [], |row| row.get(0))
}

pub(super) fn write(conn: &Connection, notes: &[Note]) -> Sql<()> {
    let work = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
    let mut put = conn.prepare_cached(
        "INSERT INTO note (kind, a, b, at, body) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET at = excluded.at, body = excluded.body",
    )?;
    let mut forget = conn.prepare_cached("DELETE FROM note WHERE kind = ?1 AND a = ?2 AND b = ?3")?;
    for note in notes {
        let (kind, (a, b)) = (note.kind as i64, note.key);
        match note.body.len() {
            0 => forget.execute(params![kind, a, b])?,
            1..=MAX_NOTE => put.execute(params![kind, a, b, note.at().map(|at| at.0), &*note.body])?,
            _ => 0,
        };
    }
    work.commit()
}

pub(super) fn read(
    conn: &Connection,
    after: Option<NoteKey>,
    limit: usize,
) -> Sql<(Vec<Note>, Option<NoteKey>)> {
    let (kind, a, b) = after.unwrap_or((i64::MIN, i64::MIN, i64::MIN));
    let mut select = conn.prepare_cached(
        "SELECT kind, a, b, iif(length(body) <= ?5, body, NULL) FROM note
         WHERE (kind, a, b) > (?1, ?2, ?3) ORDER BY kind, a, b LIMIT ?4",
    )?;
    let mut rows = select.query(params![kind, a, b, limit as i64, MAX_NOTE as i64])?;
    let (mut notes, mut last, mut count) = (Vec::new(), None, 0);
    while let Some(row) = rows.next()? {
        let key: NoteKey = (row.get(0)?, row.get(1)?, row.get(2)?);
        (last, count) = (Some(key), count + 1);
        let body = row.get_ref(3)?.as_blob_or_null().ok().flatten();
        if let (Some(kind), Some(body)) = (NoteKind::of(key.0), body) {
            notes.push(Note { kind, key: (key.1, key.2), body: body.into() });
        }
    }
    Ok((notes, last.filter(|_| count == limit)))
}

/// Deletes some of what is too old when mentions are kept for `keep`; says how many.
pub(super) fn forget(conn: &Connection, now: Time, keep: Duration) -> Sql<usize> {
    let ages = [
        (NoteKind::Tally, TALLIES),
        (NoteKind::People, TALLIES),
        (NoteKind::Deaf, TALLIES),
        (NoteKind::Alert, keep),
        (NoteKind::Case, keep),
        (NoteKind::Act, keep),
        (NoteKind::Gate, keep),
    ];
    let mut deleted = 0;
    for (kind, age) in ages {
        deleted += delete(conn, kind, now - age)?;
    }
    Ok(deleted)
}

/// Deletes some of the oldest, whatever their age; says how many.
pub(super) fn forget_oldest(conn: &Connection) -> Sql<usize> {
    let kinds = [
        NoteKind::People,
        NoteKind::Tally,
        NoteKind::Deaf,
        NoteKind::Alert,
        NoteKind::Case,
        NoteKind::Act,
        NoteKind::Gate,
    ];
    kinds.into_iter().try_fold(0, |deleted, kind| Ok(deleted + delete(conn, kind, Time(i64::MAX))?))
}

fn delete(conn: &Connection, kind: NoteKind, before: Time) -> Sql<usize> {
    let mut delete = conn.prepare_cached(
        "DELETE FROM note WHERE (kind, a, b) IN
             (SELECT kind, a, b FROM note WHERE kind = ?1 AND at < ?2 ORDER BY at LIMIT ?3)",
    )?;
    delete.execute(params![kind as i64, before.0, ROWS])
}
