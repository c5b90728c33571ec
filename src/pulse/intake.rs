//! What becomes of what feeds hand over.

use std::sync::Arc;

use crate::mention::source::Batch;
use crate::mention::{Mention, Op};
use crate::pulse::attributes;
use crate::pulse::enrich;
use crate::pulse::enrich::Enriched;
use crate::pulse::facts::How;
use crate::pulse::state::{DAY, Pulse, Scratch};
use crate::pulse::topics::subject;

impl Pulse {
    /// Takes in what a feed handed over.
    pub fn fold(&mut self, batch: Batch) {
        self.hearing.told(&batch, self.head.as_secs());
        if let Some(feed) = self.feeds.get_mut(batch.feed) {
            *feed = batch.state;
        }
        batch.samples.iter().for_each(|sample| self.numbers.take(sample));
        for mention in batch.mentions {
            match mention.op {
                Op::Delete => {
                    self.uids.insert(&mention.uid);
                    self.touch(&mention.uid);
                    self.take_down(&mention.uid);
                }
                Op::Upsert => self.upsert(mention, !batch.backfill),
                Op::Edit => {
                    self.touch(&mention.uid);
                    self.repeat(mention);
                }
                Op::Metrics => self.highlights().for_each(|sample| sample.measure(&mention)),
            }
        }
        for engaged in batch.engaged {
            self.highlights().for_each(|sample| sample.engage(&engaged));
        }
    }

    fn touch(&mut self, uid: &str) {
        if let Some(recalling) = &mut self.recalling {
            recalling.touch(uid);
        }
    }

    fn upsert(&mut self, mut mention: Mention, live: bool) {
        if !self.uids.insert(&mention.uid) {
            return self.repeat(mention);
        }
        self.folded += 1;
        if live {
            self.arrivals.push(mention.received);
        }
        self.advance(mention.received);
        let at = attributes::at(&mention);
        if !mention.is_dated() || at + DAY <= mention.received {
            return;
        }
        if !live {
            self.since = self.since.min(at);
        }
        self.people.iter_mut().for_each(|people| people.learn(&mention));
        let mut learnt = self.enricher.learn(&mention);
        learnt.place = self.named(learnt.place.take());
        mention.sentiment = learnt.mood;
        let whole = !(live && self.thinning.thins(self.head.as_secs()));
        let mut scratch = std::mem::take(&mut self.scratch);
        self.read(&mention, &learnt, whole, &mut scratch);
        if let Some(care) = &mut self.care {
            care.heard(&mention, learnt.said(), at, &scratch.tokens);
        }
        let copy = whole && self.is_copy(&mention, at, &scratch.tokens);
        let passes = whole && !copy && self.passes(&mention, &learnt, (at, live), &mut scratch);
        let how = How { at, live, whole, copy, named: self.gate.is_none() };
        if copy && self.gate.is_some() {
            // What it copies may not have passed.
            scratch.names.clear();
        }
        self.count(&mention, &learnt, how, &scratch);
        self.keep_said(&mention.uid);
        self.alerts.heard(at, mention.received, &scratch.topics);
        if passes {
            self.show(mention, at, live, &scratch);
        }
        self.scratch = scratch;
    }

    /// Shows the new words of a mention whose old ones are shown.
    fn repeat(&mut self, mut mention: Mention) {
        if mention.text.is_none() {
            return self.take_down(&mention.uid);
        }
        mention.sentiment = enrich::mood(&mention);
        self.reconsider(&mention);
        self.reword(&mention);
        let mention = Arc::new(mention);
        self.care.iter_mut().for_each(|care| care.reworded(&mention));
        self.highlights().for_each(|sample| sample.replace(&mention));
    }

    fn take_down(&mut self, uid: &Arc<str>) {
        self.retract(uid);
        self.leave_gate(uid);
        self.care.iter_mut().for_each(|care| care.taken_back(uid));
        self.highlights().for_each(|sample| sample.remove(uid));
    }

    /// Takes the text apart and finds its topics and, when it is to be folded whole, its terms.
    pub(super) fn read(&self, mention: &Mention, learnt: &Enriched, whole: bool, scratch: &mut Scratch) {
        let Scratch { tokens, matching, topics, .. } = &mut *scratch;
        self.topics.find(&subject(mention, learnt), tokens, matching, topics);
        scratch.names.clear();
        if whole {
            self.read_names(mention, learnt.said(), learnt.lang, scratch);
        }
    }
}
