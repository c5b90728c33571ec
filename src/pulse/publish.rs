//! Making the snapshot: what is drawn anew, and whether anything is.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::clock::Time;
use crate::mention::source::Recording;
use crate::pulse::care::CareQueue;
use crate::pulse::fold::shared_series::SharedSeries;
use crate::pulse::fold::stream::Fold;
use crate::pulse::snapshot::{Counts, RECENT, Snapshot, Stream};
use crate::pulse::state::{Pulse, SET_BACK};

/// Most counts kept in [`Snapshot::recent`].
const MOST_RECENT: usize = 64;

impl Pulse {
    /// The snapshot at `now`, or nothing when all is as it was published last. Time that passes
    /// out of a window is a change.
    pub fn publish(&mut self, now: Time) -> Option<Arc<Snapshot>> {
        if now + SET_BACK < self.head {
            self.rewind(now);
        }
        self.advance(now);
        self.open_gate();
        self.settle();
        self.hearing.refresh();
        let known = self.known_since();
        self.streams.iter_mut().for_each(|stream| stream.gather(known));
        self.look_out();
        let (streams, changed) = self.draw();
        let news = self.standing();
        let (care, asked) = self.draw_care();
        let (gate, moderated) = self.draw_gate(changed);
        let quiet = !asked.unwrap_or(false) && !moderated && !self.alerts.has_changed();
        let same = !changed && quiet && !self.numbers.has_changed();
        if self.last.version > 0 && same && news.stands_as(&self.last) {
            return None;
        }
        let counts = self.counts(&streams);
        self.remember(counts);
        let mut streams = streams.into_iter();
        let (alerts, watches) = self.alerts.draw();
        let snapshot = Snapshot {
            version: self.last.version + 1,
            at: self.head,
            all: streams.next().unwrap_or_default(),
            topics: streams.collect(),
            recent: self.recent.iter().cloned().collect(),
            series: self.numbers.draw(self.head),
            care,
            pinned: gate.as_ref().map(|gate| gate.pinned.clone()).unwrap_or_default(),
            gate,
            alerts,
            watches,
            usual: self.alerts.usual(),
            arrivals: self.arrivals.take(),
            ..news
        };
        self.last = Arc::new(snapshot);
        Some(self.last.clone())
    }

    fn draw_care(&mut self) -> (Option<Arc<CareQueue>>, Option<bool>) {
        let Some(care) = &mut self.care else { return (None, None) };
        let (queue, changed) = care.draw(self.head, &self.hearing.gaps(0, self.since.as_secs()));
        let notes = care.take_notes();
        self.tell(notes);
        (Some(queue), Some(changed))
    }

    /// All of a snapshot but what is folded of mentions.
    fn standing(&self) -> Snapshot {
        Snapshot {
            feeds: self.feeds.clone(),
            recording: Recording::clone(&self.recording.load()),
            catching_up: self.told_percent() < 100,
            told_percent: self.told_percent(),
            unread: self.unread,
            waiting: self.waiting,
            folded: self.folded,
            dropped: self.dropped.load(Ordering::Relaxed),
            thinned: self.thinning.total(),
            thinned_percent: self.thinning.percent(self.head.as_secs()),
            ..Snapshot::default()
        }
    }

    fn draw(&mut self) -> (Vec<Stream>, bool) {
        let (now, since) = (self.head, self.known_since());
        let mut shared = SharedSeries::new(self.days.at(now.as_secs()), self.hearing.unread());
        let mut changed = false;
        let (similar, hearing, people) = (&self.similar, &self.hearing, self.people.as_ref());
        let mut draw = |stream: &mut Fold| {
            let (part, is_new) = stream.draw(now, since, hearing, similar, people, &mut shared);
            changed |= is_new;
            part
        };
        let streams = self.streams.iter_mut().map(&mut draw).collect();
        (streams, changed)
    }

    fn counts(&self, streams: &[Stream]) -> Counts {
        let of = |stream: &Stream| stream.counts.clone();
        let all = streams.first().map(of).unwrap_or_default();
        Counts { at: self.head, all, topics: streams.iter().skip(1).map(of).collect() }
    }

    /// Keeps the counts of [`RECENT`] and those that held when it began.
    fn remember(&mut self, counts: Counts) {
        let oldest = counts.at - RECENT;
        self.recent.push_back(Arc::new(counts));
        while self.recent.len() > MOST_RECENT || self.recent.get(1).is_some_and(|c| c.at < oldest) {
            self.recent.pop_front();
        }
    }
}
