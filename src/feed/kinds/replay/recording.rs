//! What a replay plays: a file of records, one a line, or a journal, also one that a wall is
//! writing. Told apart by how they begin.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clock::Time;
use crate::disk;
use crate::feed::decode::error::DecodeError;
use crate::feed::framing::ndjson::{Line, Lines};
use crate::feed::kinds::self_described::read_recorded;
use crate::journal::{History, JournalError, Kept, Seq};
use crate::mention::{Mention, Op};

/// Bytes read at once.
const BLOCK: usize = 64 * 1024;
/// What every SQLite file begins with ("Database File Format", sqlite.org/fileformat.html).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// A recording that is read from its beginning to its end.
pub(in crate::feed) struct RecordingReader {
    source: Arc<str>,
    path: PathBuf,
    /// Only what arrived between these.
    span: (Time, Time),
    reel: Reel,
    garbage: u64,
}

enum Reel {
    Lines { file: File, lines: Lines, block: Box<[u8]> },
    Journal(Box<History>),
}

impl RecordingReader {
    /// Opens a recording of which only what arrived within the span is played; the error says what is wrong with it.
    pub fn open(
        source: &Arc<str>,
        file: &Path,
        (from, to): (Option<Time>, Option<Time>),
    ) -> Result<Self, String> {
        let span = (from.unwrap_or(Time(i64::MIN)), to.unwrap_or(Time(i64::MAX)));
        let reel = Reel::open(file, span.0)?;
        Ok(Self { source: source.clone(), path: file.into(), span, reel, garbage: 0 })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Records that could not be read, of all passes.
    pub fn garbage(&self) -> u64 {
        let lost = if let Reel::Journal(history) = &self.reel { history.lost() } else { 0 };
        self.garbage + lost
    }

    /// Begins anew, without what arrived before `from`.
    pub fn rewind(&mut self, from: Option<Time>) -> Result<(), String> {
        self.span.0 = from.unwrap_or(self.span.0);
        self.garbage = self.garbage();
        self.reel = Reel::open(&self.path, self.span.0)?;
        Ok(())
    }

    /// Reads a piece into `ahead`; false at the end.
    pub fn read(&mut self, ahead: &mut VecDeque<Mention>) -> Result<bool, String> {
        match &mut self.reel {
            Reel::Journal(history) => match history.next() {
                None => Ok(false),
                Some(Err(error)) => Err(error.to_string()),
                Some(Ok(kept)) => {
                    let told = kept.into_iter().filter_map(|kept| told(kept, &self.source));
                    let (from, to) = self.span;
                    ahead.extend(told.filter(|m| (from..=to).contains(&m.received)));
                    Ok(true)
                }
            },
            Reel::Lines { file, block, .. } => match file.read(block) {
                Ok(0) => Ok(self.finish(ahead)),
                Ok(read) => {
                    self.decode(read, ahead);
                    Ok(true)
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(true),
                Err(error) => Err(fault(&self.path, &error)),
            },
        }
    }

    fn decode(&mut self, read: usize, ahead: &mut VecDeque<Mention>) {
        let Self { reel: Reel::Lines { lines, block, .. }, source, span, garbage, .. } = self else { return };
        lines.push(&block[..read], &mut |line| take(line, source, *span, ahead, garbage));
    }

    /// Takes what stands after the last line feed; true when that was something.
    fn finish(&mut self, ahead: &mut VecDeque<Mention>) -> bool {
        let before = ahead.len();
        if let Self { reel: Reel::Lines { lines, .. }, source, span, garbage, .. } = self {
            mem::take(lines).finish(&mut |line| take(line, source, *span, ahead, garbage));
        }
        ahead.len() > before
    }
}

impl std::fmt::Debug for RecordingReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordingReader")
            .field("path", &self.path)
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}

impl Reel {
    fn open(path: &Path, since: Time) -> Result<Self, String> {
        let mut file = disk::open(path).map_err(|error| fault(path, &error))?;
        let mut head = [0; MAGIC.len()];
        if file.read_exact(&mut head).is_ok() && head == *MAGIC {
            let all = Seq(i64::MAX);
            return History::open(path, since, all)
                .map(|history| Self::Journal(Box::new(history)))
                .map_err(|e: JournalError| e.to_string());
        }
        file.rewind().map_err(|error| fault(path, &error))?;
        Ok(Self::Lines { file, lines: Lines::default(), block: vec![0; BLOCK].into() })
    }
}

/// A mention of a journal as it is played: what was taken back counts and says nothing.
fn told(kept: Kept, source: &Arc<str>) -> Option<Mention> {
    let mut mention = kept.mention;
    mention.op = Op::Upsert;
    mention.source = source.clone();
    kept.counted.then_some(mention)
}

fn take(
    line: Line<'_>,
    source: &Arc<str>,
    (from, to): (Time, Time),
    ahead: &mut VecDeque<Mention>,
    garbage: &mut u64,
) {
    let record = match line {
        Line::Record(json) => read_recorded(json, source),
        Line::TooLong => Err(DecodeError("too long")),
        Line::Heartbeat => return,
    };
    match record {
        Ok(mention) => ahead.extend(mention.filter(|m| (from..=to).contains(&m.received))),
        Err(DecodeError(_)) => *garbage += 1,
    }
}

fn fault(path: &Path, error: &io::Error) -> String {
    format!("cannot read {}: {error}", path.display())
}
