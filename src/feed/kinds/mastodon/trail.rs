//! How far each stream has come: what the cursor keeps.
//!
//! Ids are opaque: a longer one is newer, and of equal length the later in the alphabet
//! (docs.joinmastodon.org/api/guidelines/#id). A status from elsewhere has an id by the time at
//! which it was written, so that one which was long on its way comes after others with greater
//! ids. Therefore the cursor stays [`BEHIND`] statuses behind: what is asked for again is known by
//! its uid. That also makes the ids of these known again after a restart, for deletions.

use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};

/// How many statuses the cursor stays behind the last one; two pages.
pub(super) const BEHIND: usize = 80;
/// Longest id that a cursor keeps, bytes.
const MAX_ID: usize = 64;

/// Which of two ids is newer.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn newer(a: Option<String>, b: Option<String>) -> Option<String> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if compare(&a, &b).is_lt() { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// The way of one stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Trail {
    /// All up to this one were heard; statuses after it are asked for after a gap.
    anchor: Option<String>,
    /// The ids after it, as they came.
    recent: VecDeque<String>,
}

impl Trail {
    pub fn at(anchor: &str) -> Self {
        Self { anchor: Some(anchor.to_owned()), recent: VecDeque::new() }
    }

    pub fn anchor(&self) -> Option<&str> {
        self.anchor.as_deref()
    }

    /// The ids of the last statuses that were heard.
    pub fn recent(&self) -> impl Iterator<Item = &str> {
        self.recent.iter().map(String::as_str)
    }

    /// Takes note of a status that was handed over.
    pub fn note(&mut self, id: &str) {
        if id.len() > MAX_ID || self.recent.iter().any(|recent| recent == id) {
            return;
        }
        self.anchor.get_or_insert_with(|| id.to_owned());
        self.recent.push_back(id.to_owned());
        if self.recent.len() > BEHIND {
            self.anchor = newer(self.anchor.take(), self.recent.pop_front());
        }
    }

    /// Goes on where `other` has come to.
    pub fn join(&mut self, other: Self) {
        other.anchor.iter().chain(&other.recent).for_each(|id| self.note(id));
    }
}

/// The cursor of all streams.
pub(super) fn written<'a>(trails: impl Iterator<Item = (&'a str, &'a Trail)>) -> String {
    let anchors = trails.filter_map(|(name, trail)| Some((name, trail.anchor()?)));
    let anchors: BTreeMap<&str, &str> = anchors.collect();
    serde_json::to_string(&anchors).unwrap_or_default()
}

/// The trails of a cursor, by the names of their streams; what is no cursor has none.
pub(super) fn read(cursor: &str) -> BTreeMap<String, Trail> {
    let anchors: BTreeMap<String, String> = serde_json::from_str(cursor).unwrap_or_default();
    let fit = anchors.into_iter().filter(|(_, id)| {
        (1..=MAX_ID).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    });
    fit.map(|(name, id)| (name, Trail::at(&id))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_ids_are_newer() {
        let mut ids = ["9", "10", "0z", "109", "11"];
        ids.sort_by(|a, b| compare(a, b));
        assert_eq!(ids, ["9", "0z", "10", "11", "109"]);
    }

    #[test]
    fn the_cursor_stays_behind_and_never_goes_back() {
        let mut trail = Trail::default();
        let note =
            |trail: &mut Trail, ids: std::ops::Range<usize>| ids.for_each(|id| trail.note(&id.to_string()));
        note(&mut trail, 1_000..1_010);
        assert_eq!(trail.anchor(), Some("1000"));
        note(&mut trail, 1_010..1_100);
        assert_eq!(trail.anchor(), Some("1019"));
        trail.note("7");
        note(&mut trail, 1_100..1_300);
        assert_eq!(trail.anchor(), Some("1219"), "one that was late does not pull it back");
    }

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let trails = BTreeMap::from([("public", Trail::at("12")), ("hashtag:電池", Trail::at("9"))]);
        let cursor = written(trails.iter().map(|(name, trail)| (*name, trail)));
        let back = read(&cursor);
        assert_eq!(back.get("public"), Some(&Trail::at("12")));
        assert_eq!(back.get("hashtag:電池"), Some(&Trail::at("9")));
        for nonsense in ["", "null", "[1]", "{\"a\":1}", "{\"a\":\"../x?\"}", "12"] {
            assert!(read(nonsense).is_empty(), "{nonsense}");
        }
    }
}
