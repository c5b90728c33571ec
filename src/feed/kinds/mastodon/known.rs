//! Which of the server's own ids is which mention.
//!
//! Mastodon tells of a deletion by the server's id alone, while a mention is known by its `uri`,
//! which is the same on every server. So the ids of the last [`MAX_KNOWN`] statuses are kept,
//! and with them what was deleted, lest a page that was asked for before brings it back.

use std::sync::Arc;

use crate::feed::bounded::BoundedMap;

/// Most statuses whose ids are remembered (about 6 MiB); the oldest go first.
pub(super) const MAX_KNOWN: usize = 30_000;

/// What is known of an id.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    Heard { uid: Arc<str>, version: u64 },
    Gone,
}

/// The ids of the last statuses.
#[derive(Debug)]
pub(super) struct Known {
    fates: BoundedMap<Box<str>, Fate>,
}

impl Default for Known {
    fn default() -> Self {
        Self { fates: BoundedMap::new(MAX_KNOWN) }
    }
}

impl Known {
    /// The uid of a status that was heard.
    pub fn uid(&self, id: &str) -> Option<Arc<str>> {
        match self.fates.get(id)? {
            Fate::Heard { uid, .. } => Some(uid.clone()),
            Fate::Gone => None,
        }
    }

    /// Takes note of a status; false when this version, a later one or its deletion is known.
    pub fn hear(&mut self, id: &str, uid: &Arc<str>, version: u64) -> bool {
        match self.fates.get(id) {
            Some(Fate::Gone) => return false,
            Some(Fate::Heard { version: known, .. }) if *known >= version => return false,
            _ => {}
        }
        self.fates.insert(id.into(), Fate::Heard { uid: uid.clone(), version });
        true
    }

    /// Takes note of a deletion; gives the uid where the status was heard.
    pub fn delete(&mut self, id: &str) -> Option<Arc<str>> {
        let uid = self.uid(id);
        self.fates.insert(id.into(), Fate::Gone);
        uid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_known_edits_are_news_and_the_dead_stay_dead() {
        let (mut known, uid) = (Known::default(), Arc::from("mastodon:https://a/1"));
        assert!(known.hear("1", &uid, 5));
        assert!(!known.hear("1", &uid, 5) && !known.hear("1", &uid, 4));
        assert!(known.hear("1", &uid, 6));
        assert_eq!(known.delete("1"), Some(uid.clone()));
        assert_eq!(known.delete("1"), None, "once is enough");
        assert!(!known.hear("1", &uid, 7), "a page from before does not bring it back");
        assert_eq!(known.delete("never heard"), None);
        assert!(!known.hear("never heard", &uid, 1));
    }
}
