//! What a polled service has said of things that it says again: whether their words or only their
//! counts are news.

use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;

use rustc_hash::FxHasher;

use crate::feed::bounded::BoundedMap;
use crate::mention::{Mention, Metrics, Op};

/// The last things that were handed over, by uid.
#[derive(Debug)]
pub struct Seen {
    known: BoundedMap<Arc<str>, Known>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Known {
    words: u64,
    metrics: Option<Metrics>,
}

impl Seen {
    /// Remembers at most `limit` uids, the latest.
    pub fn new(limit: usize) -> Self {
        Self { known: BoundedMap::new(limit) }
    }

    pub fn knows(&self, uid: &str) -> bool {
        self.known.contains(uid)
    }

    /// What of it is to be handed over: all when it or its words are new, only the counts when
    /// they alone have changed, nothing when it is known.
    pub fn news(&mut self, mut mention: Mention) -> Option<Mention> {
        let now = Known { words: words(&mention), metrics: mention.metrics.as_deref().copied() };
        match self.known.insert(mention.uid.clone(), now) {
            None => Some(mention),
            Some(before) if before == now => None,
            Some(before) if before.words == now.words => {
                (mention.op, mention.text) = (Op::Metrics, None);
                Some(mention)
            }
            Some(_) => Some(mention),
        }
    }
}

/// What a reader sees of it, as one number.
fn words(mention: &Mention) -> u64 {
    let mut hasher = FxHasher::default();
    (&mention.text, &mention.url, mention.op == Op::Delete, mention.sensitive).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;

    fn post(id: &str, text: &str, likes: u64) -> Mention {
        let now = Time::from_secs(1_800_000_000);
        let mut mention = Mention::new(&"f".into(), id, now, now).with_text(text);
        mention.metrics = Some(Box::new(Metrics { likes: Some(likes), ..Metrics::default() }));
        mention
    }

    #[test]
    fn only_what_has_changed_is_news() {
        let mut seen = Seen::new(2);
        let op = |news: Option<Mention>| news.map(|m| (m.op, m.text.is_some()));
        assert_eq!(op(seen.news(post("1", "a", 1))), Some((Op::Upsert, true)));
        assert_eq!(op(seen.news(post("1", "a", 1))), None);
        assert_eq!(op(seen.news(post("1", "a", 2))), Some((Op::Metrics, false)));
        assert_eq!(op(seen.news(post("1", "b", 2))), Some((Op::Upsert, true)));
        seen.news(post("2", "a", 1));
        seen.news(post("3", "a", 1));
        assert!(!seen.knows("f:1") && seen.knows("f:3"), "the oldest is forgotten");
    }
}
