//! The past, told again by the journal after a restart: each mention counts for what it counted
//! for at first, and what was taken back or changed meanwhile is not shown.

use std::sync::Arc;

use crate::clock::Time;
use crate::mention::source::Sample;
use crate::mention::{Mention, Op, UNDATED};
use crate::pulse::attributes;
use crate::pulse::enrich::Enriched;
use crate::pulse::facts::{Facts, How};
use crate::pulse::hearing::percent;
use crate::pulse::persist::digest::First;
use crate::pulse::persist::recalling::Recalling;
use crate::pulse::state::{DAY, Pulse, SET_BACK, Scratch};

/// A mention as the journal kept it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// With the words it has now; [`Op::Delete`] when it was taken back.
    pub mention: Mention,
    /// What it counted for at first ([`crate::pulse::Digester`]); `None` while it has its first words.
    pub digest: Option<Arc<[u8]>>,
    /// False for what was never counted, as the deletion of something that was not heard.
    pub counted: bool,
    /// Nanoseconds by which the clock was set since it was kept.
    pub set_by: i64,
}

/// What the journal tells at one time.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    pub kept: Vec<Kept>,
    /// With these all is told that arrived at this moment or later; `None`: as before.
    pub since: Option<Time>,
    /// What it cannot tell, because it cannot be read.
    pub unread: Vec<Unread>,
}

/// Mentions of the past that cannot be read any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// At least; 0 where nobody knows.
    pub mentions: u64,
    /// They arrived between these.
    pub from: Time,
    pub to: Time,
}

impl Pulse {
    /// Nothing is listened to before the clock is right.
    pub fn wait_for_time(&mut self) {
        self.waiting = true;
    }

    /// From now on the past is told; [`Pulse::recall`] takes it, [`Pulse::recalled`] ends it.
    pub fn begin_recall(&mut self) {
        let now = self.head.as_secs() + 1;
        self.recalling = Some(Recalling::new(now));
        self.hearing.is_untold(Some((self.recall_since.as_secs(), now)));
    }

    /// All of the past is told that arrived at `since` or later; the last hour is to be told first.
    pub fn told_since(&mut self, since: Time) {
        // Others of the same second may be untold.
        let first = since.as_secs() + 1;
        let (from, to) = self.hearing.untold();
        if self.recalling.is_some() && first < to {
            self.hearing.is_untold(Some((from, first.max(from))));
        }
    }

    /// How much of the past is told, per cent of its time.
    pub(in crate::pulse) fn told_percent(&self) -> u8 {
        let played = self.hearing.played_percent(self.head.as_secs());
        let Some(recalling) = &self.recalling else { return played.unwrap_or(100) };
        let (from, to) = self.hearing.untold();
        percent(recalling.began.saturating_sub(to), recalling.began.saturating_sub(from))
    }

    /// Some of the past cannot be read: what was heard then is not known any more.
    pub fn cannot_read(&mut self, unread: &[Unread]) {
        for one in unread {
            self.unread += one.mentions;
            let to = one.to.min(self.head).as_secs() + 1;
            self.hearing.lose((one.from.as_secs().min(to - 1), to));
        }
    }

    /// Takes a piece of the past. Mentions of feeds that the wall no longer has do not count.
    pub fn recall(&mut self, kept: Vec<Kept>) {
        for one in kept {
            let is_ours = self.feeds.iter().any(|feed| feed.name == one.mention.source);
            if one.counted && is_ours {
                self.recall_one(one);
            }
        }
    }

    /// The past is told.
    pub fn recalled(&mut self) {
        self.recalling = None;
        self.hearing.is_untold(None);
        self.settle();
    }

    /// Takes plain numbers of before the start, the oldest first.
    pub fn recall_numbers(&mut self, samples: &[Sample]) {
        samples.iter().for_each(|sample| self.numbers.recall(sample));
    }

    fn recall_one(&mut self, kept: Kept) {
        let Kept { mut mention, digest, set_by, .. } = kept;
        let shift = put_right(&mut mention, set_by, self.head);
        // For the day on which the journal fails: what is sent again must be known.
        self.uids.insert_old(&mention.uid);
        self.advance(mention.received);
        let mut first = digest.as_deref().and_then(First::read);
        first.iter_mut().for_each(|first| first.at = later(first.at, shift));
        let at = first.as_ref().map_or_else(|| attributes::at(&mention), |first| first.at);
        if !mention.is_dated() || at > mention.received || at + DAY <= mention.received {
            return;
        }
        self.recalled_since = self.recalled_since.min(at.max(self.recall_since));
        if let Some(feed) = self.feed(&mention.source) {
            self.hearing.was_heard(feed.into(), mention.received.as_secs());
        }
        self.people.iter_mut().for_each(|people| people.learn(&mention));
        let mut learnt = self.enricher.learn(&mention);
        learnt.place = self.named(learnt.place.take());
        mention.sentiment = learnt.mood;
        let mut scratch = std::mem::take(&mut self.scratch);
        // What changed meanwhile is told with words that may be gone.
        let whole = self.recalling.as_ref().is_none_or(|r| r.may_show(&mention.uid));
        self.read(&mention, &learnt, whole, &mut scratch);
        if let Some(care) = self.care.as_mut().filter(|_| mention.op != Op::Delete) {
            care.heard(&mention, learnt.said(), at, &scratch.tokens);
        }
        // The past is told from the latest back: what is remembered of it makes no room for older.
        let copy = whole && self.similar.has_room() && self.is_copy(&mention, at, &scratch.tokens);
        let stands = mention.op != Op::Delete && whole && !copy;
        let passes = stands && self.passes(&mention, &learnt, (at, false), &mut scratch);
        if !passes && self.gate.is_some() {
            scratch.names.clear();
        }
        let how = How { at, live: false, whole, copy, named: whole && self.gate.is_none() };
        match &first {
            Some(first) => self.count_as_at_first(&mention, &learnt, first, how, &mut scratch),
            None => self.count(&mention, &learnt, how, &scratch),
        }
        self.keep_said(&mention.uid);
        self.alerts.heard(at, mention.received, &scratch.topics);
        if !whole {
            self.care.iter_mut().for_each(|care| care.taken_back(&mention.uid));
        }
        if passes {
            self.show(mention, at, false, &scratch);
        }
        self.scratch = scratch;
    }

    fn count_as_at_first(
        &mut self,
        mention: &Mention,
        learnt: &Enriched,
        first: &First,
        how: How,
        scratch: &mut Scratch,
    ) {
        if mention.op == Op::Delete {
            scratch.topics = first.topics_left(&self.topics);
        } else if let Some(topics) = first.topics(&self.topics) {
            scratch.topics = topics;
        }
        let terms = scratch.names.spelled(learnt.said());
        let (feed, place) = (self.feed(&mention.source), self.named(first.place(mention)));
        let facts = Facts::new(mention, learnt, how, feed, &terms);
        let facts = facts.recalled(mention, first, place.as_ref(), how);
        self.tally(&facts, &scratch.topics);
        self.note(mention, &facts, &scratch.topics);
    }
}

/// Moves what was kept by a clock that was set since to where it is by this one, and its own time with
/// it, if that is near: nanoseconds by which that was. What arrived after the present all the same came
/// while the clock was wrong: when is not known, only that it is over.
fn put_right(mention: &mut Mention, set_by: i64, now: Time) -> i64 {
    let is_near = mention.received.since(mention.ts) < DAY;
    mention.received = later(mention.received, set_by);
    let shift = if is_near && mention.is_dated() { set_by } else { 0 };
    mention.ts = later(mention.ts, shift);
    if mention.received > now + SET_BACK {
        mention.ts = if mention.ts > now { UNDATED } else { mention.ts };
        mention.received = now;
    }
    shift
}

fn later(at: Time, by_ns: i64) -> Time {
    Time(at.0.saturating_add(by_ns))
}
