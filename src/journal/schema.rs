//! The file: its tables, how it is made and opened, and what SQLite's refusals mean.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::error::JournalError;
use super::lock::make_file;
use crate::disk;

/// Notes of the pulse.
const NOTES: &str = "
    CREATE TABLE note (
        kind INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL, at INTEGER, body BLOB NOT NULL,
        PRIMARY KEY (kind, a, b)) WITHOUT ROWID;
    CREATE INDEX note_at ON note (kind, at) WHERE at IS NOT NULL;";

/// `PRAGMA application_id` of a journal: "FiBo".
const APPLICATION: i64 = 0x4669_426f;
/// `PRAGMA user_version`: the form of the tables.
const FORM: i64 = 2;
/// The oldest form that is understood: it lacks the notes.
const WITHOUT_NOTES: i64 = 1;
/// Bytes of a page.
pub(super) const PAGE: u64 = 8_192;
/// Memory for pages, KiB.
const CACHE_KIB: i64 = 32 * 1_024;
/// How long to wait for a reader that is in the way of a checkpoint.
const PATIENCE: Duration = Duration::from_millis(100);
/// Largest share of the file that its write-ahead log takes before it is emptied.
const WAL_SHARE: u64 = 16;
/// Most pages of the write-ahead log before it is emptied.
const MAX_WAL_PAGES: u64 = 4_096;

/// `state` of a mention.
pub(super) const AS_SAID: i64 = 0;
/// Its words changed since; `digest` tells of those it was counted with.
pub(super) const EDITED: i64 = 1;
/// A tombstone of what was counted.
pub(super) const DELETED: i64 = 2;
/// A tombstone of what was never heard.
pub(super) const NEVER_HEARD: i64 = 3;

const TABLES: &str = "
    CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE name (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE mention (
        seq INTEGER PRIMARY KEY, uid TEXT NOT NULL, source INTEGER NOT NULL, ts INTEGER NOT NULL,
        received INTEGER NOT NULL, version INTEGER NOT NULL, state INTEGER NOT NULL,
        body BLOB NOT NULL, metrics BLOB, digest BLOB);
    CREATE TABLE stretch (no INTEGER PRIMARY KEY, newest INTEGER NOT NULL);
    CREATE TABLE run (
        id INTEGER PRIMARY KEY, level INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
        keys INTEGER NOT NULL);
    CREATE TABLE block (id INTEGER PRIMARY KEY, entries BLOB NOT NULL);
    CREATE TABLE cursor (feed TEXT PRIMARY KEY, cursor TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE sample (
        series INTEGER NOT NULL, ts INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY (ts, series))
        WITHOUT ROWID;";

/// Opens a journal for writing, or makes it.
pub(super) fn open(path: &Path, max_bytes: u64) -> Result<Connection, JournalError> {
    make_file(path).map_err(|error| JournalError::of_io(path, &error))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|error| explain(path, error))?;
    let form = form(&conn, path)?;
    let ready = || {
        if form.is_none() {
            conn.execute_batch(&format!("PRAGMA page_size = {PAGE}; PRAGMA auto_vacuum = INCREMENTAL;"))?;
        }
        set_up(&conn, max_bytes)?;
        match form {
            None => make(&conn),
            Some(WITHOUT_NOTES) => add_notes(&conn),
            Some(_) => Ok(()),
        }
    };
    ready().map_err(|error| explain(path, error))?;
    // A journal that is damaged where this is may be sound where it is needed.
    let _ = note_gone(&conn);
    Ok(conn)
}

/// Opens a journal for reading.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, JournalError> {
    disk::find(path).map_err(|error| JournalError::of_io(path, &error))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = |is_damaged: bool| -> Result<Connection, JournalError> {
        let conn = Connection::open_with_flags(path, flags).map_err(|error| explain(path, error))?;
        let patience = conn.busy_timeout(PATIENCE * 50);
        patience.map_err(|error| explain(path, error))?;
        let lenient = conn.pragma_update(None, "writable_schema", is_damaged);
        lenient.map_err(|error| explain(path, error))?;
        form(&conn, path)?.map(|_| conn).ok_or_else(|| JournalError::Foreign(path.into()))
    };
    match open(false) {
        // What is left of a file that was cut is read only so.
        Err(JournalError::Damaged { .. }) => open(true),
        // Beside a journal on a disk that may not be written SQLite can make no shared memory; when
        // nothing waits in a log, it needs none.
        Err(JournalError::Denied { .. } | JournalError::Broken { .. }) if !has_log(path) => {
            open_unchanging(path)
        }
        done => done,
    }
}

fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(log).is_ok_and(|meta| meta.len() > 0)
}

/// Opens a journal that nobody can change.
fn open_unchanging(path: &Path) -> Result<Connection, JournalError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let escaped: String = path
        .to_string_lossy()
        .chars()
        .map(|c| match c {
            '%' => "%25".into(),
            '?' => "%3f".into(),
            '#' => "%23".into(),
            c => c.to_string(),
        })
        .collect();
    let conn = Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags)
        .map_err(|error| explain(path, error))?;
    form(&conn, path)?.map(|_| conn).ok_or_else(|| JournalError::Foreign(path.into()))
}

/// The form of a journal's tables; `None` for an empty file. Fails for one that is no journal.
fn form(conn: &Connection, path: &Path) -> Result<Option<i64>, JournalError> {
    let pragma = |name| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let look = || {
        let tables = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        Ok((pragma("application_id")?, pragma("user_version")?, tables))
    };
    match look().map_err(|error| explain(path, error))? {
        (APPLICATION, form @ WITHOUT_NOTES..=FORM, _) => Ok(Some(form)),
        (APPLICATION, form, _) => Err(JournalError::Newer { path: path.into(), form }),
        // SQLite takes a file of one byte for an empty one.
        (0, _, 0_i64) => match fs::metadata(path).map(|meta| meta.len()) {
            Ok(1) => Err(JournalError::Foreign(path.into())),
            _ => Ok(None),
        },
        _ => Err(JournalError::Foreign(path.into())),
    }
}

fn set_up(conn: &Connection, max_bytes: u64) -> rusqlite::Result<()> {
    conn.busy_timeout(PATIENCE)?;
    conn.set_prepared_statement_cache_capacity(64);
    let wal_pages = (max_bytes / WAL_SHARE / PAGE).clamp(64, MAX_WAL_PAGES);
    // NORMAL: a commit survives the end of the process, not of the power; see docs/journal.md.
    conn.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;
         PRAGMA cache_size = -{CACHE_KIB}; PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = {wal_pages}; PRAGMA journal_size_limit = {};",
        wal_pages * PAGE
    ))
}

fn make(conn: &Connection) -> rusqlite::Result<()> {
    let work = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
    conn.execute_batch(TABLES)?;
    conn.execute_batch(NOTES)?;
    conn.execute("INSERT INTO meta VALUES ('secret', randomblob(16)), ('head', 0), ('gone', 0)", [])?;
    conn.pragma_update(None, "application_id", APPLICATION)?;
    conn.pragma_update(None, "user_version", FORM)?;
    work.commit()
}

/// Brings a journal of the first form up to this one.
fn add_notes(conn: &Connection) -> rusqlite::Result<()> {
    let work = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
    conn.execute_batch(NOTES)?;
    conn.pragma_update(None, "user_version", FORM)?;
    work.commit()
}

/// Notes how far mentions may have been deleted by a Fishbowl that does not note it: what is missing
/// after that was lost.
fn note_gone(conn: &Connection) -> rusqlite::Result<()> {
    let sql = "INSERT INTO meta SELECT 'gone', seq - 1 FROM (SELECT min(seq) AS seq FROM mention)
        WHERE seq >> 12 <= (SELECT min(no) FROM stretch)
        ON CONFLICT DO UPDATE SET value = excluded.value WHERE excluded.value > value";
    conn.execute(sql, []).map(drop)
}

/// What SQLite's refusal means for the journal at `path`.
pub(super) fn explain(path: &Path, error: rusqlite::Error) -> JournalError {
    let what = match &error {
        rusqlite::Error::SqliteFailure(_, Some(words)) => words.clone(),
        other => other.to_string(),
    };
    let path = path.to_path_buf();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) if is_ours(&path) => JournalError::Damaged { path, what },
        Some(ErrorCode::NotADatabase) => JournalError::Foreign(path),
        Some(ErrorCode::DatabaseCorrupt) => JournalError::Damaged { path, what },
        Some(ErrorCode::DiskFull) => JournalError::Full(path),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => JournalError::Locked { path, by: None },
        Some(
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied,
        ) => JournalError::Denied { path, what },
        Some(ErrorCode::CannotOpen) => JournalError::Denied { path, what },
        Some(ErrorCode::SystemIoFailure) => JournalError::Broken { path, what },
        // A table or a column that is not there, or holds what it cannot.
        _ => JournalError::Damaged { path, what },
    }
}

/// Whether a file begins as one of SQLite's. Only for files that SQLite has refused: closing one
/// lets go of the locks that the process has on it.
fn is_ours(path: &Path) -> bool {
    let mut head = [0; 16];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && &head == b"SQLite format 3\0"
}
