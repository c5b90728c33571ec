//! Counting one mention: what is known of it goes to everything and to each of its topics.

use std::sync::Arc;

use super::enrich::Enriched;
use super::stream::Facts;
use super::{Pulse, Scratch, facts};
use crate::clock::Time;
use crate::mention::Mention;

/// How a mention is folded.
#[derive(Clone, Copy, Debug)]
pub struct How {
    pub at: Time,
    pub live: bool,
    /// With its words.
    pub whole: bool,
    /// Says the same as one before.
    pub copy: bool,
    /// Whoever said it may be named.
    pub named: bool,
}

impl Pulse {
    /// Counts a mention, and remembers what its names counted for.
    pub(super) fn count(&mut self, mention: &Mention, learnt: &Enriched, how: How, scratch: &Scratch) {
        let terms = scratch.names.spelled(learnt.said());
        let facts = Facts {
            at: how.at,
            live: how.live,
            mood: learnt.mood.map(|s| s.score),
            mood_origin: learnt.mood.map(|s| s.origin),
            followers: facts::followers(mention),
            place: learnt.place.as_ref(),
            lang: learnt.lang,
            emotions: &mention.emotions,
            feed: self.feed(&mention.source),
            author: facts::voice(mention).map(|(author, name)| (author, if how.named { name } else { "" })),
            handle: facts::handle(mention),
            reach: mention.reach,
            terms: &terms,
            whole: how.whole && facts::speaks(mention),
            thinned: !how.whole && facts::speaks(mention),
            copy: how.copy,
        };
        self.tally(&facts, &scratch.topics);
        self.note(mention, &facts, &scratch.topics);
    }

    /// Index of a feed by its name.
    pub(super) fn feed(&self, name: &Arc<str>) -> Option<u16> {
        let at = self.feeds.iter().position(|feed| Arc::ptr_eq(&feed.name, name) || feed.name == *name);
        at.and_then(|at| u16::try_from(at).ok())
    }

    pub(super) fn tally(&mut self, facts: &Facts<'_>, topics: &[u16]) {
        let now = self.head.as_secs();
        self.streams[0].count(facts, now);
        for topic in topics {
            self.streams[1 + usize::from(*topic)].count(facts, now);
        }
    }
}
