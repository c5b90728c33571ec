//! The pulse: mentions folded into an immutable snapshot of numbers.
//!
//! One owner folds batches as feeds hand them over and publishes a [`Snapshot`]. What comes out
//! does not depend on how mentions were cut into batches. Windows end at the latest moment that
//! the pulse was told of.
//!
//! What it holds to:
//! - A mention counts once: a repeat among the last [`UIDS`] uids replaces the text that is shown
//!   and changes no number. A deletion takes the text off the wall at once; it stays counted,
//!   because it was said.
//! - A mention counts at its own time or, if that lies a little after its arrival, at its arrival.
//!   Those that came a day late or later, and those whose time is not known, stand in no window.
//! - Windows of up to an hour move by the second, 24 hours and today by the minute, seven days by the
//!   quarter of an hour; each includes the running step. `docs/windows.md` says the rest.
//! - Different authors, in windows of up to a day, are exact up to [`AUTHORS`] among all mentions and [`TOPIC_AUTHORS`] shared
//!   evenly by the topics; above, and over longer windows, an estimate where it is asked for: see
//!   `authors`. Every count of them says what it is ([`snapshot::Exactness`]).
//! - Terms and authors in lists are exact up to [`ranking::LIMIT`] names in five minutes, and for
//!   lists of a day up to 1,792 in fifteen (3,584 of everything where at most three topics have such
//!   lists; 7,168 shared by the topics, at least 112 each); above, floors, and the list says how much
//!   may be missing. A list holds at most 80 terms of a kind, 40 authors, 40 that rise.
//! - Lists cover the last 55 to 60 minutes or 23 h 45 min to 24 h, what rises the last 10 to 15
//!   minutes, places 59 to 60 sixtieths of their window.
//! - What is taken back leaves the lists, if it is among the latest [`UIDS`] mentions that gave
//!   names to them; older words stay until their hour or day has passed.
//! - Copies fold into the first text while it is among the latest [`similar::TEXTS`] and its last
//!   copy came within ten minutes; they stay counted, are not shown, and make nothing rise.
//! - In a burst that is more than the machine can fold, every count stays exact and only one in
//!   sixteen mentions gives its words to samples and terms; the snapshot says how many did not.
//! - After a restart the journal tells the last day again ([`Pulse::recall`]), and in notes what was
//!   before: counts, series, authors and places are then what they were. Which of two spellings leads
//!   may differ, and the sample is chosen anew.
//! - Who waits: see [`care`]; alerts: see [`alert`]. Emotions: at most 16 names a stream ([`emotions`]).
//! - Places: at most [`places::MAX_PLACES`] a stream, told apart by a quarter of a degree, over the
//!   longest window of the stream's heat maps (at most an hour); countries over the same. What
//!   profiles say is looked up once for each of the latest [`whereabouts::SLOTS`] different lines. Series and tallies are always
//!   there; places, terms, voices and samples only for streams that have a tile for them.

pub mod alert;
mod arrivals;
mod authors;
pub mod breakdown;
pub mod care;
mod counts;
mod digest;
mod emoji;
mod emotions;
pub mod enrich;
mod exchange;
mod facts;
mod hearing;
mod lands;
pub mod language;
mod ledger;
mod links;
mod lists;
pub mod mood;
mod names;
mod needs;
mod notes;
mod people;
mod persist;
pub mod places;
mod publish;
pub mod ranking;
pub mod ranks;
mod recall;
mod recent;
mod restored;
mod rising;
mod run;
pub mod sample;
pub mod samples;
pub mod series;
mod show;
mod similar;
pub mod snapshot;
mod still;
mod stream;
mod tallies;
mod tally;
mod terms;
mod thinning;
mod time;
mod topics;
mod uids;
mod unsay;
mod whereabouts;
pub mod windows;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::clock::Time;
use crate::layout::own;
use crate::layout::wall::Wall;
use crate::mention::source::{Batch, FeedState, Health, Note, Recording};
use crate::mention::{Mention, Op};
use crate::query;
use crate::query::tokens::{self, Tokens};
use alert::Alerts;
use arrivals::Arrivals;
use breakdown::Feeds;
use care::Care;
use enrich::{Enriched, Enricher};
use hearing::Hearing;
use ledger::Ledger;
use names::Names;
use needs::Needs;
use people::People;
use recall::Recalling;
use samples::Samples;
use similar::Similar;
use snapshot::{Counts, Snapshot};
use stream::{Fold, Limits};
use tallies::Tallies;
use tally::How;
use thinning::Thinning;
use topics::Topics;
use uids::Uids;
use windows::days::Days;

pub use digest::Digester;
pub use exchange::ExchangeError;
pub use hearing::unread as unread_note;
pub use mood::THRESHOLD as MOOD_THRESHOLD;
pub use notes::QUEUE as NOTES_QUEUE;
pub use recall::{Kept, Piece, Unread};
pub use run::{Inputs, run};
pub use topics::subject;
pub use uids::UIDS;

/// Shortest time between two publications.
pub const PUBLISH_EVERY: Duration = Duration::from_millis(30);
/// Most topics of a wall.
pub const MAX_TOPICS: usize = 1_024;
/// Authors remembered among all mentions.
pub const AUTHORS: usize = 917_504;
/// Authors remembered in all topics together.
pub const TOPIC_AUTHORS: usize = 458_752;
/// Most counts kept in [`Snapshot::recent`].
const MOST_RECENT: usize = 64;
/// A present that lies this far before the latest known is a clock that was set back.
const SET_BACK: Duration = Duration::from_secs(120);
const DAY: Duration = Duration::from_secs(86_400);

/// Why a wall has no pulse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PulseError {
    #[error("topic `{topic}`: {what} (at byte {at} of its query)")]
    Query { topic: String, at: usize, what: String },
    #[error("{0} topics are more than {MAX_TOPICS}: remove some")]
    Topics(usize),
}

/// Mentions being folded.
#[derive(Debug)]
pub struct Pulse {
    topics: Topics,
    /// Everything, then each topic.
    streams: Vec<Fold>,
    needs: Vec<Needs>,
    days: Days,
    tallies: Tallies,
    /// The past is told from here on.
    recall_since: Time,
    /// The oldest that it told.
    recalled_since: Time,
    feeds: Vec<FeedState>,
    hearing: Hearing,
    numbers: Samples,
    alerts: Alerts,
    enricher: Enricher,
    care: Option<Care>,
    /// Who is not named; `None` where staff alone look.
    people: Option<People>,
    uids: Uids,
    /// The latest moment that was told of.
    head: Time,
    /// Nothing is known of the time before.
    since: Time,
    arrivals: Arrivals,
    folded: u64,
    dropped: Arc<AtomicU64>,
    thinning: Thinning,
    /// Copies are folded into the first, because a tile shows mentions or what rises.
    folds_copies: bool,
    similar: Similar,
    /// What was counted in lists is remembered, because there are lists.
    keeps_ledger: bool,
    ledger: Ledger,
    recording: Arc<ArcSwap<Recording>>,
    /// While the journal tells the past.
    recalling: Option<Recalling>,
    /// Mentions of the past that could not be read.
    unread: u64,
    /// The clock is not right yet, so that nothing is listened to.
    waiting: bool,
    /// Some notes could not be read.
    notes_lost: bool,
    last: Arc<Snapshot>,
    /// Notes that are to be kept.
    outbox: Vec<Note>,
    recent: VecDeque<Arc<Counts>>,
    scratch: Scratch,
}

/// Room that is used again for every mention.
#[derive(Debug, Default)]
struct Scratch {
    tokens: Tokens,
    matching: query::Scratch,
    names: Names,
    topics: Vec<u16>,
}

impl Pulse {
    /// A pulse that has heard nothing yet, for the topics, feeds and tiles of a wall.
    pub fn new(wall: &Wall, start: Time) -> Result<Self, PulseError> {
        let names = wall.topics.iter().map(|topic| Some(topic.name.as_str()));
        let needs: Vec<Needs> = std::iter::once(None).chain(names).map(|t| Needs::of(wall, t)).collect();
        let share = TOPIC_AUTHORS / wall.topics.len().max(1);
        let authors = |i| if i == 0 { AUTHORS } else { share };
        let long = needs.iter().skip(1).filter(|n| n.lists.is_long()).count();
        let (mut days, topics) = (Days::of(wall), Topics::of(wall)?);
        let marks = days.at(start.as_secs());
        let feeds: Feeds =
            wall.feeds.iter().map(|f| (tokens::hash(&f.name), f.name.as_str().into())).collect();
        let mut hearing = Hearing::new(wall, start.as_secs());
        let fold = |(i, n): (usize, &Needs)| {
            let limits = Limits { authors: authors(i), names: lists::day_limit(i, long) };
            let ears = i
                .checked_sub(1)
                .map_or(0, |topic| hearing.set(own::of_topic(wall, Some(&wall.topics[topic].name))));
            Fold::new(*n, start, marks, &feeds, limits, i).hears(ears)
        };
        let streams: Vec<Fold> = needs.iter().enumerate().map(fold).collect();
        let folds_copies = needs.iter().any(|n| n.sample || !n.lists.rising.is_empty());
        let keeps_ledger = needs.iter().any(|n| n.lists != Default::default());
        Ok(Self {
            tallies: Tallies::of(&topics, streams.len()),
            days,
            recall_since: Time(i64::MIN),
            recalled_since: Time(i64::MAX),
            topics,
            streams,
            needs,
            feeds: wall
                .feeds
                .iter()
                .map(|f| FeedState::new(&f.name, f.spec.nature(), f.stale_after))
                .collect(),
            hearing,
            numbers: Samples::default(),
            alerts: Alerts::new(wall, start),
            enricher: Enricher::default(),
            care: wall.care.as_ref().map(Care::new),
            people: People::of(wall),
            uids: Uids::default(),
            head: start,
            since: start,
            arrivals: Arrivals::default(),
            folded: 0,
            dropped: Arc::default(),
            thinning: Thinning::default(),
            folds_copies,
            similar: Similar::default(),
            keeps_ledger,
            ledger: ledger::empty(),
            recording: Arc::default(),
            recalling: None,
            unread: 0,
            waiting: false,
            notes_lost: false,
            last: Arc::default(),
            outbox: Vec::new(),
            recent: VecDeque::new(),
            scratch: Scratch::default(),
        })
    }

    /// Counts mentions that were dropped on the way here; whoever drops adds to it.
    pub fn dropped(&self) -> Arc<AtomicU64> {
        self.dropped.clone()
    }

    /// Tells from now on what stands in `recording`.
    pub fn watch(&mut self, recording: Arc<ArcSwap<Recording>>) {
        self.recording = recording;
    }

    /// Whether more comes than can be folded whole: then live mentions are counted, and only one
    /// in sixteen gives its words to the samples and terms.
    pub fn press(&mut self, pressed: bool) {
        self.thinning.press(pressed);
    }

    /// Takes in what a feed handed over.
    pub fn fold(&mut self, batch: Batch) {
        self.hearing.told(batch.feed, &batch.state, self.head.as_secs());
        if let Some(feed) = self.feeds.get_mut(batch.feed) {
            *feed = batch.state;
            if batch.backfill && feed.health == Health::Live {
                feed.health = Health::CatchingUp;
            }
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
                Op::Metrics => self.samples().for_each(|sample| sample.measure(&mention)),
            }
        }
        for engaged in batch.engaged {
            self.samples().for_each(|sample| sample.engage(&engaged));
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
        let at = facts::at(&mention);
        if !mention.is_dated() || at + DAY <= mention.received {
            return;
        }
        if !live {
            self.since = self.since.min(at);
        }
        self.people.iter_mut().for_each(|people| people.learn(&mention));
        let learnt = self.enricher.learn(&mention);
        mention.sentiment = learnt.mood;
        let whole = !(live && self.thinning.thins(self.head.as_secs()));
        let mut scratch = std::mem::take(&mut self.scratch);
        self.read(&mention, &learnt, whole, &mut scratch);
        if let Some(care) = &mut self.care {
            care.heard(&mention, learnt.said(), at, &scratch.tokens);
        }
        let copy = whole && self.is_copy(&mention, at, &scratch.tokens);
        self.count(&mention, &learnt, How { at, live, whole, copy, named: true }, &scratch);
        self.alerts.heard(at, mention.received, &scratch.topics);
        if whole && !copy {
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
        self.resay(&mention);
        let mention = Arc::new(mention);
        self.care.iter_mut().for_each(|care| care.reworded(&mention));
        self.samples().for_each(|sample| sample.replace(&mention));
    }

    fn take_down(&mut self, uid: &Arc<str>) {
        self.unsay(uid);
        self.care.iter_mut().for_each(|care| care.taken_back(uid));
        self.samples().for_each(|sample| sample.remove(uid));
    }

    /// Takes the text apart and finds its topics and, when it is to be folded whole, its terms.
    fn read(&self, mention: &Mention, learnt: &Enriched, whole: bool, scratch: &mut Scratch) {
        let Scratch { tokens, matching, topics, .. } = &mut *scratch;
        self.topics.find(&subject(mention, learnt), tokens, matching, topics);
        scratch.names.clear();
        if whole {
            self.read_names(mention, learnt.said(), scratch);
        }
    }
}
