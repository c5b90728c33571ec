//! A journal written out as canonical mentions, one a line.

use std::io::{self, Write};
use std::path::Path;

use super::decode::canonical;
use crate::clock::Time;
use crate::journal::{History, JournalError, Seq, Substitute};

/// Why a journal cannot be written out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("{0}")]
    Read(#[from] JournalError),
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
}

/// How many mentions were written, and how many of the journal cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    pub written: u64,
    pub lost: u64,
}

/// Writes the mentions of a journal that arrived from `from` to `to`, oldest first. What was taken back is a line with `op` `delete` and no words.
pub fn export(
    journal: &Path,
    from: Option<Time>,
    to: Option<Time>,
    mut out: impl Write,
) -> Result<Exported, ExportError> {
    let (from, to) = (from.unwrap_or(Time(i64::MIN)), to.unwrap_or(Time(i64::MAX)));
    let mut count = 0;
    let substitute = Substitute::of(journal);
    let readable = substitute.as_ref().map_or(journal, Substitute::path);
    let mut history = History::open(readable, from, Seq(i64::MAX))?;
    for chunk in &mut history {
        for kept in chunk?.iter().filter(|kept| (from..=to).contains(&kept.mention.received)) {
            writeln!(out, "{}", canonical::write(&kept.mention))?;
            count += 1;
        }
    }
    out.flush()?;
    Ok(Exported { written: count, lost: history.lost() })
}
