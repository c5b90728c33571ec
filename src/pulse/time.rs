//! Time passes, and clocks are set.

use crate::clock::Time;
use crate::pulse::lists::ledger;
use crate::pulse::state::Pulse;

impl Pulse {
    pub(super) fn advance(&mut self, to: Time) {
        let before = self.head.as_secs();
        self.head = self.head.max(to);
        let now = self.head.as_secs();
        if now > before {
            let marks = self.days.at(now);
            self.streams.iter_mut().for_each(|stream| stream.advance(now, marks));
            self.settle();
        }
    }

    /// The clock was set forward: what lies between was not heard.
    pub(super) fn leap(&mut self, to: Time) {
        let (from, to) = (self.head.as_secs() + 1, to.as_secs());
        if from < to {
            self.hearing.leap(from, to);
        }
    }

    /// The clock was set back: what lies after the present is forgotten.
    pub(super) fn rewind(&mut self, to: Time) {
        self.head = to;
        self.since = self.since.min(to);
        let marks = self.days.at(to.as_secs());
        self.tallies.rewind(to.as_secs());
        (self.similar, self.ledger) = (Default::default(), ledger::empty());
        self.care.iter_mut().for_each(|care| care.rewind(to));
        self.alerts.rewind(to);
        self.hearing.rewind(to.as_secs());
        for (stream, needs) in self.streams.iter_mut().zip(&self.needs) {
            stream.rewind(to, marks, *needs);
        }
    }
}
