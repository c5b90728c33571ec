//! Notes of the journal about what was heard and what was not.

use std::sync::Arc;

use crate::clock::Time;
use crate::mention::source::{Note, NoteKind};
use crate::pulse::persist::keys::heard;
use crate::pulse::persist::record::{Record, RecordWriter};

/// In place of when a stretch began: until when the feed was heard, and a stretch without beginning.
pub const HEARD: i64 = -1;
const EVER: i64 = -2;
/// In place of a feed's key: what a damaged journal cannot tell.
pub const UNREAD: i64 = -0x756e_7265_6164;

/// What a note says.
pub enum Body {
    Heard(i64),
    /// Until when, and whether it was made up for.
    Stretch(i64, bool),
}

/// What a damaged journal cannot tell any more of the time between two moments.
pub fn unread(from: Time, to: Time) -> Note {
    let (from, to) = (from.as_secs().max(0), to.as_secs() + 1);
    stretch(UNREAD as u64, from, to, false)
}

/// A stretch that began at the second `from` is none.
pub fn forgotten(key: u64, from: i64) -> Note {
    Note { kind: NoteKind::Deaf, key: (key as i64, at(from)), body: Arc::default() }
}

/// When a stretch began, as the second part of a key.
fn at(from: i64) -> i64 {
    if from == i64::MIN { EVER } else { Time::from_secs(from.max(0)).0 }
}

/// Until when a feed was heard.
pub fn heard(key: u64, until: i64) -> Note {
    note(key, HEARD, RecordWriter::new().signed(heard::UNTIL, until))
}

/// A stretch in which a feed was not heard.
pub fn stretch(key: u64, from: i64, to: i64, made_up: bool) -> Note {
    let made_up = u64::from(made_up);
    note(key, at(from), RecordWriter::new().signed(heard::TO, to).number(heard::MADE_UP, made_up))
}

fn note(key: u64, at: i64, record: &RecordWriter) -> Note {
    Note { kind: NoteKind::Deaf, key: (key as i64, at), body: record.done().into() }
}

/// When a note's stretch began, and what it says; `None` for anything else.
pub fn read(note: &Note) -> Option<(i64, Body)> {
    let record = Record::read(&note.body)?;
    let stretch = || Some(Body::Stretch(record.signed(heard::TO)?, record.is_set(heard::MADE_UP)));
    match note.key.1 {
        HEARD => Some((HEARD, Body::Heard(record.signed(heard::UNTIL)?))),
        EVER => Some((i64::MIN, stretch()?)),
        at @ 0.. => Some((Time(at).as_secs(), stretch()?)),
        _ => None,
    }
}
