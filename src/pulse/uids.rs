//! Which mentions were heard lately, so that a repeat counts once.

use crate::pulse::recent::Recent;
use crate::query::tokens;

/// So many uids are remembered; a mention that repeats itself later counts again.
pub const UIDS: usize = 65_536;

/// The latest uids, as hashes.
#[derive(Debug)]
pub struct Uids(Recent<()>);

impl Default for Uids {
    fn default() -> Self {
        Self(Recent::new(UIDS as u32))
    }
}

impl Uids {
    /// Takes note of a uid of before those that are known, if there is room for it.
    pub fn insert_old(&mut self, uid: &str) {
        if self.0.has_room() {
            self.insert(uid);
        }
    }

    /// Takes note of a uid; false when it was known.
    pub fn insert(&mut self, uid: &str) -> bool {
        let hash = tokens::hash(uid);
        let new = !self.0.has(hash);
        if new {
            self.0.put(hash, ());
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_known_and_the_oldest_are_forgotten() {
        let mut uids = Uids::default();
        assert!((0..=UIDS).all(|i| uids.insert(&format!("test:{i}"))));
        assert!(!uids.insert("test:1") && !uids.insert(&format!("test:{UIDS}")));
        assert!(uids.insert("test:0"));
    }
}
