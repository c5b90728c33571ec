//! Which layout a journal was begun for, so that two layouts of one name do not share it unawares.

use std::path::Path;

use rusqlite::OptionalExtension as _;

use super::{Journal, JournalError, schema};

/// Name of the entry in `meta`.
const LAYOUT: &str = "layout";

/// The path of the layout that has this journal; nothing where there is no journal, or an older
/// one that does not say.
///
/// # Errors
/// When the file cannot be read, or is no journal.
pub fn layout_of(path: &Path) -> Result<Option<String>, JournalError> {
    if !path.exists() {
        return Ok(None);
    }
    let conn = schema::open_to_read(path)?;
    let read = conn.query_row("SELECT value FROM meta WHERE name = ?1", [LAYOUT], |row| row.get(0));
    read.optional().map_err(|error| schema::explain(path, error))
}

impl Journal {
    /// Notes the layout that has this journal.
    pub fn belong_to(&self, layout: &Path) -> Result<(), JournalError> {
        let put = "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)";
        let done = self.conn.execute(put, [LAYOUT, &layout.to_string_lossy()]);
        done.map(drop).map_err(|error| schema::explain(self.path(), error))
    }
}
