//! Counting one mention: what is known of it goes to everything and to each of its topics.

use std::sync::Arc;

use crate::mention::Mention;
use crate::pulse::enrich::Enriched;
use crate::pulse::facts::{Facts, How};
use crate::pulse::state::{Pulse, Scratch};

impl Pulse {
    /// Counts a mention, and remembers what its names counted for.
    pub(in crate::pulse) fn count(
        &mut self,
        mention: &Mention,
        learnt: &Enriched,
        how: How,
        scratch: &Scratch,
    ) {
        let terms = scratch.names.spelled(learnt.said());
        let facts = Facts::new(mention, learnt, how, self.feed(&mention.source), &terms);
        self.tally(&facts, &scratch.topics);
        self.note(mention, &facts, &scratch.topics);
    }

    /// Index of a feed by its name.
    pub(in crate::pulse) fn feed(&self, name: &Arc<str>) -> Option<u16> {
        let at = self.feeds.iter().position(|feed| Arc::ptr_eq(&feed.name, name) || feed.name == *name);
        at.and_then(|at| u16::try_from(at).ok())
    }

    pub(in crate::pulse) fn tally(&mut self, facts: &Facts<'_>, topics: &[u16]) {
        let now = self.head.as_secs();
        self.streams[0].count(facts, now);
        for topic in topics {
            self.streams[1 + usize::from(*topic)].count(facts, now);
        }
    }
}
