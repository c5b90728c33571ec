//! How what the pulse knows is kept in the journal: as records of keyed fields, so that a field more is a key more.

pub mod counts;
pub(super) mod digest;
pub mod keys;
pub(super) mod notes;
mod positional;
pub(super) mod recall;
pub(super) mod recalling;
pub mod record;
pub(super) mod settle;
pub(super) mod tallies;

use std::borrow::Cow;

use crate::mention::source::Note;

/// A note as a record, also one that version 0.1 wrote. What is damaged stays as it is.
pub fn current(note: Note) -> Note {
    match positional::note(&note) {
        Some(renewed) => Note { body: renewed.into(), ..note },
        None => note,
    }
}

/// A digest as a record, as [`current`].
pub fn digest(bytes: &[u8]) -> Cow<'_, [u8]> {
    match positional::digest(bytes) {
        Some(renewed) => Cow::Owned(renewed),
        None => Cow::Borrowed(bytes),
    }
}
