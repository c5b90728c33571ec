//! Cases in the journal, so that a long wait outlives a restart: hashes and times, no words.

use super::case::{Case, Key, QUESTIONS};
use crate::clock::Time;
use crate::mention::source::{Note, NoteKind};
use crate::pulse::persist::keys::case as keys;
use crate::pulse::persist::record::{Record, RecordWriter};

/// Notes the case as it stands.
pub fn write(key: Key, case: &mut Case, out: &mut Vec<Note>) {
    case.noted = true;
    let Some(id) = id(case) else { return };
    let mut record = RecordWriter::new();
    record.number(keys::CLOSED, u64::from(case.is_closed()));
    record.hash(keys::ROOT, key.root).hash(keys::ASKER, key.asker).signed(keys::OPENED, case.opened().0);
    if let Some(at) = case.answered {
        record.signed(keys::ANSWERED, at.0);
    }
    let questions: Vec<u8> = case.questions().flat_map(u64::to_le_bytes).collect();
    let body = record.bytes(keys::QUESTIONS, &questions).done();
    out.push(Note { kind: NoteKind::Case, key: id, body: body.into() });
}

/// What was noted of the case is to be forgotten.
pub fn forget(case: &Case, out: &mut Vec<Note>) {
    if let Some(key) = id(case).filter(|_| case.noted) {
        out.push(Note { kind: NoteKind::Case, key, body: [].into() });
    }
}

/// The first question it was opened with, and when: stays while the case does.
fn id(case: &Case) -> Option<(i64, i64)> {
    case.questions().next().map(|uid| (uid as i64, case.opened().0))
}

/// The case that a note tells of; `None` for anything else.
pub fn read(body: &[u8]) -> Option<(Key, Case)> {
    let record = Record::read(body)?;
    let (uids, rest) = record.bytes(keys::QUESTIONS)?.as_chunks::<8>();
    if !rest.is_empty() || !(1..=QUESTIONS).contains(&uids.len()) {
        return None;
    }
    let uids: Vec<u64> = uids.iter().map(|uid| u64::from_le_bytes(*uid)).collect();
    let (opened, answered) = (record.signed(keys::OPENED)?, record.signed(keys::ANSWERED));
    let case = Case::recalled(&uids, Time(opened), answered.map(Time), record.is_set(keys::CLOSED));
    Some((Key { root: record.hash(keys::ROOT)?, asker: record.hash(keys::ASKER)? }, case))
}
