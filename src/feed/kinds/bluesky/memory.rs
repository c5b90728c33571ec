//! What has to be remembered because the stream does not say it again: whom a like was for, and
//! which posts an account has written.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use super::post;
use crate::feed::bounded::BoundedMap;
use crate::mention::source::Engagement;

/// Most likes, reposts, answers and quotes that can be taken back; the oldest is forgotten.
const DEEDS: usize = 65_536;
/// Most posts that go with their account; the oldest is forgotten.
const POSTS: usize = 32_768;

/// What one record does with other posts.
pub(super) type Deed = [Option<(Arc<str>, Engagement)>; 2];

/// The last [`DEEDS`] things that people did, each under its own address.
#[derive(Debug)]
pub(super) struct Deeds {
    known: BoundedMap<u64, Deed>,
    hasher: RandomState,
}

impl Default for Deeds {
    fn default() -> Self {
        Self { known: BoundedMap::new(DEEDS), hasher: RandomState::new() }
    }
}

impl Deeds {
    /// Remembers what the record at `did/collection/rkey` does; false when it was known.
    pub fn note(&mut self, at: (&str, &str, &str), deed: Deed) -> bool {
        let key = self.hasher.hash_one(at);
        let is_new = !self.known.contains(&key);
        if is_new {
            self.known.insert(key, deed);
        }
        is_new
    }

    /// What the record did, which is gone now; `None` when that is not known.
    pub fn take(&mut self, at: (&str, &str, &str)) -> Option<Deed> {
        self.known.remove(&self.hasher.hash_one(at))
    }
}

/// The uids of the last [`POSTS`] posts.
#[derive(Debug, Default)]
pub(super) struct Recent {
    uids: VecDeque<Arc<str>>,
}

impl Recent {
    pub fn note(&mut self, uid: &Arc<str>) {
        if self.uids.len() >= POSTS {
            self.uids.pop_front();
        }
        self.uids.push_back(uid.clone());
    }

    /// The posts of an account, which are forgotten with it.
    pub fn take(&mut self, did: &str) -> Vec<Arc<str>> {
        let prefix = post::prefix(did);
        let (gone, kept) = self.uids.drain(..).partition(|uid: &Arc<str>| uid.starts_with(&prefix));
        self.uids = kept;
        Vec::from(gone as VecDeque<_>)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(of: &str) -> Deed {
        [Some((of.into(), Engagement::Likes)), None]
    }

    #[test]
    fn a_deed_counts_once_and_is_taken_back_once() {
        let mut deeds = Deeds::default();
        let at = ("did:plc:a", post::LIKES, "3k");
        assert!(deeds.note(at, like("x")) && !deeds.note(at, like("x")));
        assert_eq!(deeds.take(at), Some(like("x")));
        assert_eq!(deeds.take(at), None);
        assert_eq!(deeds.take(("did:plc:a", post::REPOSTS, "3k")), None);
    }

    #[test]
    fn both_memories_are_bounded() {
        let (mut deeds, mut recent) = (Deeds::default(), Recent::default());
        for i in 0..DEEDS + 10 {
            let rkey = i.to_string();
            deeds.note(("did:plc:a", post::LIKES, &rkey), like("x"));
            recent.note(&format!("bluesky:at://did:plc:{}/app.bsky.feed.post/{i}", i % 2).into());
        }
        assert_eq!(recent.uids.len(), POSTS);
        assert_eq!(deeds.take(("did:plc:a", post::LIKES, "9")), None);
        assert_eq!(recent.take("did:plc:1").len(), POSTS / 2);
        assert_eq!((recent.take("did:plc:1").len(), recent.uids.len()), (0, POSTS / 2));
    }
}
