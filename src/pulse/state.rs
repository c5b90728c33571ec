//! All that the pulse knows.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::clock::Time;
use crate::layout::wall::Wall;
use crate::mention::source::{FeedState, Note, Recording};
use crate::pulse::alerts::Alerts;
use crate::pulse::care::Care;
use crate::pulse::enrich::Enricher;
use crate::pulse::fold::arrivals::Arrivals;
use crate::pulse::fold::breakdown::Feeds;
use crate::pulse::fold::stream::{Fold, Limits};
use crate::pulse::fold::thinning::Thinning;
use crate::pulse::fold::windows::days::Days;
use crate::pulse::gate::Gate;
use crate::pulse::gauges::Gauges;
use crate::pulse::hearing::Hearing;
use crate::pulse::lists;
use crate::pulse::lists::ledger;
use crate::pulse::lists::ledger::Ledger;
use crate::pulse::lists::names::Names;
use crate::pulse::lists::similar::Similar;
use crate::pulse::needs::Needs;
use crate::pulse::people::People;
use crate::pulse::persist::recalling::Recalling;
use crate::pulse::persist::tallies::Tallies;
use crate::pulse::snapshot::{Counts, Snapshot};
use crate::pulse::topics::{PulseError, Topics};
use crate::pulse::uids::Uids;
use crate::query;
use crate::query::tokens::{self, Tokens};

/// Authors remembered among all mentions.
pub const AUTHORS: usize = 917_504;
/// Authors remembered in all topics together.
pub const TOPIC_AUTHORS: usize = 458_752;
/// A present that lies this far before the latest known is a clock that was set back.
pub const SET_BACK: Duration = Duration::from_secs(120);
pub const DAY: Duration = Duration::from_secs(86_400);

/// Mentions being folded.
#[derive(Debug)]
pub struct Pulse {
    pub(super) topics: Topics,
    /// Everything, then each topic.
    pub(super) streams: Vec<Fold>,
    pub(super) needs: Vec<Needs>,
    pub(super) days: Days,
    pub(super) tallies: Tallies,
    /// The past is told from here on.
    pub(super) recall_since: Time,
    /// The oldest that it told.
    pub(super) recalled_since: Time,
    pub(super) feeds: Vec<FeedState>,
    pub(super) hearing: Hearing,
    pub(super) numbers: Gauges,
    pub(super) alerts: Alerts,
    pub(super) enricher: Enricher,
    pub(super) care: Option<Care>,
    /// What people wrote is not shown before it has passed; `None` where everything is.
    pub(super) gate: Option<Gate>,
    /// Who is not named; `None` where staff alone look.
    pub(super) people: Option<People>,
    pub(super) uids: Uids,
    /// The latest moment that was told of.
    pub(super) head: Time,
    /// Nothing is known of the time before.
    pub(super) since: Time,
    pub(super) arrivals: Arrivals,
    pub(super) folded: u64,
    pub(super) dropped: Arc<AtomicU64>,
    pub(super) thinning: Thinning,
    /// Copies are folded into the first, because a tile shows mentions or what rises.
    pub(super) folds_copies: bool,
    pub(super) similar: Similar,
    /// What was counted in lists is remembered, because there are lists.
    pub(super) keeps_ledger: bool,
    pub(super) ledger: Ledger,
    pub(super) recording: Arc<ArcSwap<Recording>>,
    /// While the journal tells the past.
    pub(super) recalling: Option<Recalling>,
    /// Mentions of the past that could not be read.
    pub(super) unread: u64,
    /// The clock is not right yet, so that nothing is listened to.
    pub(super) waiting: bool,
    /// Some notes could not be read.
    pub(super) notes_lost: bool,
    pub(super) last: Arc<Snapshot>,
    /// Notes that are to be kept.
    pub(super) outbox: Vec<Note>,
    pub(super) recent: VecDeque<Arc<Counts>>,
    pub(super) scratch: Scratch,
}

/// Room that is used again for every mention.
#[derive(Debug, Default)]
pub struct Scratch {
    pub tokens: Tokens,
    pub matching: query::Scratch,
    pub names: Names,
    pub topics: Vec<u16>,
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
                .map_or(0, |topic| hearing.set(wall.sources().of_topic(Some(&wall.topics[topic].name))));
            Fold::new(*n, start, marks, &feeds, limits, i).hears(ears)
        };
        let mut streams: Vec<Fold> = needs.iter().enumerate().map(fold).collect();
        if let Some(gate) = &wall.gate {
            let shuffles = gate.shuffles;
            let samples = streams.iter_mut().map(|stream| &mut stream.sample);
            samples.for_each(|sample| *sample = sample.take().map(|sample| sample.patient(shuffles)));
        }
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
            numbers: Gauges::default(),
            alerts: Alerts::new(wall, start),
            enricher: Enricher::default(),
            care: wall.care.as_ref().map(Care::new),
            gate: wall.gate.as_ref().map(Gate::new).transpose()?,
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
}
