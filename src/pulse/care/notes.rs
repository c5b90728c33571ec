//! Cases in the journal, so that a long wait outlives a restart: hashes and times, no words.

use super::Care;
use super::case::{Case, Key, QUESTIONS};
use crate::clock::Time;
use crate::mention::source::{Note, NoteKind};

/// Grows when the bytes mean something else; others are not read.
const FORM: u8 = 1;

/// Notes the case as it stands.
pub fn write(key: Key, case: &mut Case, out: &mut Vec<Note>) {
    case.noted = true;
    let Some(id) = id(case) else { return };
    let mut body = vec![FORM, u8::from(case.is_closed())];
    body.extend(key.root.to_le_bytes());
    body.extend(key.asker.to_le_bytes());
    body.extend(case.opened().0.to_le_bytes());
    body.extend(case.answered.map_or(i64::MIN, |at| at.0).to_le_bytes());
    body.extend(case.questions().flat_map(u64::to_le_bytes));
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

impl Care {
    /// What the journal is to keep, since it was asked last.
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    /// Takes up what the journal kept, before the past is told. What is no case is passed over.
    pub fn recall_note(&mut self, note: &Note) {
        if let Some((key, case)) = read(&note.body) {
            self.questions.extend(case.questions().map(|uid| (uid, key)));
            *self.case(key) = case;
        }
    }
}

fn read(body: &[u8]) -> Option<(Key, Case)> {
    let ([form, closed], rest) = body.split_first_chunk()?;
    let (numbers, rest) = rest.as_chunks::<8>();
    let [root, asker, opened, answered, uids @ ..] = numbers else { return None };
    let fits = *form == FORM && rest.is_empty() && (1..=QUESTIONS).contains(&uids.len());
    if !fits {
        return None;
    }
    let number = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    let time = |bytes: &[u8; 8]| Time(i64::from_le_bytes(*bytes));
    let uids: Vec<u64> = uids.iter().map(number).collect();
    let answered = Some(time(answered)).filter(|at| at.0 != i64::MIN);
    let case = Case::recalled(&uids, time(opened), answered, *closed == 1);
    Some((Key { root: number(root), asker: number(asker) }, case))
}
