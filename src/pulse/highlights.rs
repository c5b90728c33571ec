//! The readable sample: of all mentions those few that a person can read along.
//!
//! At most one comes in every [`PACE`]. Among those of the last interval the best is taken: not a
//! repost, not from someone just shown, the widest reach (by powers of two), then the newest; one
//! without text or with the words of one shown lately never. When an interval brought none, what
//! was left over from the last [`KEEP`] has its turn, so that a quiet wall shows everything.
//!
//! The past that feeds bring along stands there from the start: one for each [`PACE`] of its own
//! time, placed as if each had come at its turn before the start, so that nothing slides in.

mod engaged;
mod round;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Time;
use crate::mention::{Kind, Mention, ReachKind};
use crate::pulse::lists::similar::Similar;
use crate::pulse::turn::is_turn;
use crate::query::tokens;

/// Shortest time between two shown mentions.
pub const PACE: Duration = Duration::from_millis(1_500);
/// Longest sample.
pub const LATEST: usize = 48;
/// How long what was not chosen may still have its turn.
pub const KEEP: Duration = Duration::from_secs(15);
/// Most of what was not chosen.
const SPARE: usize = 8;
/// Most of what was approved and not shown yet, and how long it may wait for its turn.
const APPROVED: usize = 256;
const APPROVED_KEEP: Duration = Duration::from_secs(900);
/// So many shown texts are remembered, so that none is shown twice.
const TEXTS: usize = 64;
/// Nobody is shown again while he is among so many.
const AUTHORS: usize = 12;
/// What left the list is remembered for so many turns: a ticker may still carry it.
const FADED: usize = 128;
/// Copies are counted anew so often.
const COPIES_EVERY: Duration = Duration::from_secs(2);
/// Most withdrawals told.
const WITHDRAWN: usize = 64;
/// Intervals of the past that are kept: more than are shown, because some repeat each other.
const PAST: usize = 2 * LATEST;
/// The past is shown when none came for so long …
const PAST_QUIET: Duration = Duration::from_millis(250);
/// … and while it comes at most so often.
const PAST_EVERY: Duration = Duration::from_secs(2);

/// A mention in the readable sample.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Shown {
    pub mention: Arc<Mention>,
    /// When it came into the sample: the list's motion starts here. At least 1.5 s apart.
    pub at: Time,
    /// Grows by one from one shown mention to the next; the ticker's place in line.
    pub serial: u64,
    /// Indices of the topics that it belongs to.
    pub topics: Vec<u16>,
    /// Mentions that say the same and are not shown: copies and reposts. Refreshed every 2 s.
    pub copies: u32,
}

/// How good a mention is to show; greater is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    new_voice: bool,
    original: bool,
    reach: u32,
    at: Time,
}

/// What the sample looks at before it takes a mention.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    rank: Rank,
    /// Hash of its words.
    words: u64,
    author: Option<u64>,
}

impl Candidate {
    /// Of a mention with text, said at `at`.
    pub fn of(mention: &Mention, at: Time, words: u64, author: Option<u64>) -> Self {
        let followers = mention.author.as_ref().and_then(|a| a.followers);
        let seen = mention.reach.filter(|r| r.kind != ReachKind::SiteVisitors).map(|r| r.value);
        let reach = followers.max(seen).unwrap_or(0).checked_ilog2().map_or(0, |log| log + 1);
        let rank = Rank { new_voice: true, original: mention.kind != Kind::Repost, reach, at };
        Self { rank, words, author }
    }
}

#[derive(Clone, Debug)]
struct Held {
    is: Candidate,
    /// When it was offered.
    since: Time,
    mention: Arc<Mention>,
    topics: Vec<u16>,
}

/// The sample of one stream.
#[derive(Debug)]
pub struct Highlights {
    start: Time,
    /// Most of what was not chosen, and how long it may still have its turn.
    spares: usize,
    keep: Duration,
    shuffles: bool,
    /// Newest first.
    shown: VecDeque<Shown>,
    /// Shown before the start; newest first.
    before: Vec<Shown>,
    best: Option<Held>,
    spare: VecDeque<Held>,
    /// The best of each interval of the past, by the interval.
    past: BTreeMap<i64, Held>,
    past_changed: bool,
    past_heard: Option<Time>,
    past_drawn: Option<Time>,
    texts: VecDeque<u64>,
    authors: VecDeque<u64>,
    next_serial: u64,
    changed: bool,
    drawn: Arc<[Shown]>,
    /// Uids of what left the list.
    faded: VecDeque<Arc<str>>,
    withdrawn: Arc<[Arc<str>]>,
    copies_turn: Option<i64>,
}

impl Highlights {
    /// Empty; the past stands before `start`.
    pub fn new(start: Time) -> Self {
        Self {
            start,
            spares: SPARE,
            keep: KEEP,
            shuffles: false,
            shown: VecDeque::new(),
            before: Vec::new(),
            best: None,
            spare: VecDeque::new(),
            past: BTreeMap::new(),
            past_changed: false,
            past_heard: None,
            past_drawn: None,
            texts: VecDeque::new(),
            authors: VecDeque::new(),
            next_serial: LATEST as u64,
            changed: false,
            drawn: Arc::default(),
            faded: VecDeque::new(),
            withdrawn: Arc::default(),
            copies_turn: None,
        }
    }

    /// The same, of texts that people approved: each of them has its turn, however fast they came.
    /// With `shuffles` they come again while there is nothing new.
    pub fn patient(self, shuffles: bool) -> Self {
        Self { spares: APPROVED, keep: APPROVED_KEEP, shuffles, ..self }
    }

    /// True when [`Highlights::offer`] would keep it.
    pub fn wants(&self, candidate: &Candidate, live: bool) -> bool {
        if !live {
            return self.wants_past(candidate);
        }
        let candidate = self.with_voice(*candidate);
        let better = self.best.as_ref().is_none_or(|best| candidate.rank > best.is.rank);
        (better || self.spare.len() < self.spares) && !self.is_known(candidate.words)
    }

    fn wants_past(&self, candidate: &Candidate) -> bool {
        if self.shown.len() >= LATEST {
            return false;
        }
        let interval = interval(candidate.rank.at);
        match self.past.get(&interval) {
            Some(held) => candidate.rank > held.is.rank,
            None => self.past.len() < PAST || self.past.first_key_value().is_some_and(|(k, _)| interval > *k),
        }
    }

    fn with_voice(&self, mut candidate: Candidate) -> Candidate {
        candidate.rank.new_voice = candidate.author.is_none_or(|a| !self.authors.contains(&a));
        candidate
    }

    fn is_known(&self, words: u64) -> bool {
        let held = self.best.iter().chain(&self.spare);
        self.texts.contains(&words) || held.map(|h| h.is.words).any(|w| w == words)
    }

    /// Takes a mention that [`Highlights::wants`].
    pub fn offer(
        &mut self,
        candidate: Candidate,
        mention: Arc<Mention>,
        topics: &[u16],
        (live, since): (bool, Time),
    ) {
        let held = Held { is: self.with_voice(candidate), since, mention, topics: topics.to_vec() };
        if !live {
            return self.keep_past(held);
        }
        match &mut self.best {
            None => self.best = Some(held),
            Some(best) if held.is.rank > best.is.rank => {
                let left = std::mem::replace(best, held);
                self.spare.push_back(left);
            }
            Some(_) => self.spare.push_back(held),
        }
        if self.spare.len() > self.spares {
            self.spare.pop_front();
        }
    }

    fn keep_past(&mut self, held: Held) {
        self.past.insert(interval(held.is.rank.at), held);
        if self.past.len() > PAST {
            self.past.pop_first();
        }
        self.past_changed = true;
        self.past_heard = None;
    }

    /// A mention became another one.
    pub fn replace(&mut self, mention: &Arc<Mention>) {
        let mut known = self.faded.contains(&mention.uid);
        for held in self.of(&mention.uid) {
            *held = mention.clone();
            known = true;
        }
        if known {
            self.withdraw(&mention.uid);
        }
    }

    /// A mention is gone, and what it said with it.
    pub fn remove(&mut self, uid: &Arc<str>) {
        let length = self.shown.len() + self.before.len();
        self.shown.retain(|shown| shown.mention.uid != *uid);
        self.before.retain(|shown| shown.mention.uid != *uid);
        if length != self.shown.len() + self.before.len() || self.faded.contains(uid) {
            self.withdraw(uid);
        }
        self.best.take_if(|held| held.mention.uid == *uid);
        self.spare.retain(|held| held.mention.uid != *uid);
        self.past.retain(|_, held| held.mention.uid != *uid);
    }

    /// All that is held of one mention, to be changed.
    fn of(&mut self, uid: &str) -> impl Iterator<Item = &mut Arc<Mention>> {
        let shown = self.shown.iter_mut().chain(&mut self.before).map(|shown| &mut shown.mention);
        let changed = &mut self.changed;
        let shown = shown.filter(|mention| *mention.uid == *uid).inspect(|_| *changed = true);
        let waiting = self.best.iter_mut().chain(&mut self.spare).chain(self.past.values_mut());
        shown.chain(waiting.map(|held| &mut held.mention).filter(|mention| *mention.uid == *uid))
    }

    fn withdraw(&mut self, uid: &Arc<str>) {
        let old = self.withdrawn.iter().filter(|known| *known != uid);
        let kept: Vec<_> = old.chain([uid]).cloned().collect();
        self.withdrawn = kept[kept.len().saturating_sub(WITHDRAWN)..].into();
        self.changed = true;
    }

    /// Counts the copies of what is shown, when it is time to.
    pub fn recount(&mut self, now: Time, similar: &Similar) {
        if !is_turn(&mut self.copies_turn, now, COPIES_EVERY, Duration::ZERO) {
            return;
        }
        for shown in self.shown.iter_mut().chain(&mut self.before) {
            let copies = similar.copies(tokens::hash(&shown.mention.uid)).unwrap_or(0);
            if copies > shown.copies {
                shown.copies = copies;
                self.changed = true;
            }
        }
    }

    /// The clock was set back to `now`: what is shown came before that.
    pub fn rewind(&mut self, now: Time) {
        let mut turn = now;
        for shown in &mut self.shown {
            turn = turn - PACE;
            shown.at = shown.at.min(turn);
            turn = shown.at;
        }
        (self.past_heard, self.past_drawn, self.changed) = (None, None, true);
    }

    /// The sample as of `now`, newest first, and the uids of what was withdrawn.
    pub fn draw(&mut self, now: Time) -> (Arc<[Shown]>, Arc<[Arc<str>]>) {
        self.draw_past(now);
        self.take_turn(now);
        if std::mem::take(&mut self.changed) {
            self.drawn = self.shown.iter().chain(&self.before).take(LATEST).cloned().collect();
        }
        (self.drawn.clone(), self.withdrawn.clone())
    }

    fn take_turn(&mut self, now: Time) {
        if self.shown.front().is_some_and(|last| now < last.at + PACE) {
            return;
        }
        let keep = self.keep;
        self.spare.retain(|held| held.since + keep >= now);
        let Some(held) = self.best.take().or_else(|| self.best_spare()) else { return self.go_round(now) };
        remember(&mut self.texts, held.is.words, TEXTS);
        if let Some(author) = held.is.author {
            remember(&mut self.authors, author, AUTHORS);
        }
        let serial = self.next_serial;
        self.next_serial += 1;
        self.shown.push_front(Shown {
            mention: held.mention,
            at: now,
            serial,
            topics: held.topics,
            copies: 0,
        });
        let faded = self.shown.drain(LATEST.min(self.shown.len())..).map(|shown| shown.mention.uid.clone());
        self.faded.extend(faded);
        self.faded.drain(..self.faded.len().saturating_sub(FADED));
        self.changed = true;
        if self.shown.len() == LATEST {
            self.before = Vec::new();
            self.past.clear();
        }
    }

    fn best_spare(&mut self) -> Option<Held> {
        let best = (0..self.spare.len()).max_by_key(|i| self.spare[*i].is.rank)?;
        self.spare.remove(best)
    }

    fn draw_past(&mut self, now: Time) {
        if !self.past_changed {
            return;
        }
        let heard = *self.past_heard.get_or_insert(now);
        let quiet = now.since(heard) >= PAST_QUIET;
        let due = self.past_drawn.is_none_or(|at| quiet || now.since(at) >= PAST_EVERY);
        if due {
            self.past_changed = false;
            self.past_drawn = Some(now);
            self.before = self.place_past();
            self.changed = true;
        }
    }

    fn place_past(&mut self) -> Vec<Shown> {
        let mut words: Vec<u64> = Vec::new();
        let mut before = Vec::new();
        for held in self.past.values().rev() {
            if before.len() == LATEST || words.contains(&held.is.words) {
                continue;
            }
            words.push(held.is.words);
            let turn = before.len() as u32 + 1;
            before.push(Shown {
                mention: held.mention.clone(),
                at: self.start - PACE * turn,
                serial: LATEST as u64 - u64::from(turn),
                topics: held.topics.clone(),
                copies: 0,
            });
        }
        words.iter().take(TEXTS).for_each(|w| remember(&mut self.texts, *w, TEXTS));
        before
    }
}

/// The interval of the past in which a moment lies.
fn interval(at: Time) -> i64 {
    at.0.div_euclid(PACE.as_nanos() as i64)
}

fn remember(list: &mut VecDeque<u64>, value: u64, most: usize) {
    if !list.contains(&value) {
        list.push_front(value);
        list.truncate(most);
    }
}
