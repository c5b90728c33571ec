//! Which mentions were heard lately, so that a repeat counts once.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use crate::query::tokens;

/// So many uids are remembered; a mention that repeats itself later counts again.
pub const UIDS: usize = 65_536;

/// The latest uids, as hashes.
#[derive(Debug, Default)]
pub struct Uids {
    known: FxHashSet<u64>,
    order: VecDeque<u64>,
}

impl Uids {
    /// Takes note of a uid; false when it was known.
    pub fn insert(&mut self, uid: &str) -> bool {
        let hash = tokens::hash(uid);
        if !self.known.insert(hash) {
            return false;
        }
        self.order.push_back(hash);
        if self.order.len() > UIDS {
            self.order.pop_front().map(|oldest| self.known.remove(&oldest));
        }
        true
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
        assert!(uids.known.len() <= UIDS && uids.order.len() <= UIDS);
    }
}
