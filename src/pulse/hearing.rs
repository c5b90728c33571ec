//! What was not heard: the one record of it, from which windows, series, comparisons, lists and
//! alerts read how much of their time is known.
//!
//! A feed that tells what really happens is deaf while it is not connected, refused, throttled, down,
//! or still telling the past, and while the wall is off; simulations and recordings never are. When it
//! is live again and goes on where it was, the stretch is made up for; else it stays unknown. A second
//! is unknown to a stream when none of its feeds heard it. Alerts also look at what was made up for,
//! and at seconds in which only some were deaf.
//!
//! A simulation or a recording brings its past along, the oldest first. What it has not told yet is as
//! unknown to its streams as what the journal has not.
//!
//! Limits: [`STRETCHES`] a feed; beyond, those with the least between them become one. The journal
//! keeps them for nine days.

pub mod gaps;
mod kept;
mod notes;

use std::sync::Arc;

use crate::clock::Time;
use crate::layout::wall::Wall;
use crate::mention::source::{Batch, FeedState, Health, Nature, Note};
use crate::query::tokens::hash;
use gaps::{Gap, Gaps, both, either};
pub use notes::unread;

/// Stretches that are remembered of each feed.
pub const STRETCHES: usize = 512;

/// See the module.
#[derive(Debug)]
pub struct Hearing {
    /// Of each feed of the wall, in their order; then of such as the wall had before.
    ears: Vec<Ear>,
    /// Which ears a stream has; the first are all.
    sets: Vec<Set>,
    /// What the journal has not told yet.
    untold: Option<Gap>,
    /// What it cannot tell any more; at most [`STRETCHES`], ascending.
    unread: Arc<[Gap]>,
    /// Some of it is to be noted.
    unread_news: bool,
    /// The sets are not what the ears say.
    stale: bool,
    /// Notes told of any feed.
    has_record: bool,
    /// Some stretch is to be noted.
    news: bool,
    notes: Vec<Note>,
    /// When it was noted last that feeds are heard.
    noted: i64,
}

#[derive(Debug)]
struct Ear {
    key: u64,
    /// It tells mentions, and such as really happen.
    is_live: bool,
    counts: bool,
    /// Ascending, apart from each other.
    deaf: Vec<Stretch>,
    /// The last stretch is the one before it was connected last.
    may_mend: bool,
    /// Notes told of it.
    is_noted: bool,
    /// The last second of which a note says that it was heard.
    until: Option<i64>,
    /// While it plays the past: the second with which that begins, and the one up to which it got.
    playing: Option<(i64, i64)>,
}

/// From one second to before another, in which a feed was not heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    from: i64,
    /// `i64::MAX` while it lasts.
    to: i64,
    /// What was said meanwhile was told later.
    made_up: bool,
    noted: bool,
}

#[derive(Debug)]
struct Set {
    /// Of each feed of the wall; empty for all, and such as the wall had before.
    ears: Vec<bool>,
    deaf: Arc<[Gap]>,
    /// What the journal or one of them has not told yet; a part of `deaf`.
    untold: Gap,
}

impl Hearing {
    /// All feeds of the wall are deaf from the second `now` on.
    pub fn new(wall: &Wall, now: i64) -> Self {
        let ears = wall.feeds.iter().map(|feed| {
            let is_live = feed.spec.nature() == Nature::Live;
            let counts = !feed.spec.brings_numbers();
            let deaf = if is_live { vec![Stretch::open(now)] } else { Vec::new() };
            Ear::new(hash(&feed.name), is_live, counts, deaf)
        });
        Self {
            ears: ears.collect(),
            sets: vec![Set::of(Vec::new())],
            untold: None,
            unread: Arc::default(),
            unread_news: false,
            stale: true,
            has_record: false,
            news: false,
            notes: Vec::new(),
            noted: i64::MIN,
        }
    }

    /// The set of these feeds of the wall.
    pub fn set(&mut self, ears: Vec<bool>) -> usize {
        let of_all = |(i, ear): (usize, &Ear)| !ear.counts || ears.get(i) == Some(&true);
        let counts = |(i, is): (usize, &bool)| *is && self.ears.get(i).is_some_and(|ear| ear.counts);
        if self.ears.iter().enumerate().all(of_all) || !ears.iter().enumerate().any(counts) {
            return 0;
        }
        if let Some(set) = self.sets.iter().position(|set| set.ears == ears) {
            return set;
        }
        self.stale = true;
        self.sets.push(Set::of(ears));
        self.sets.len() - 1
    }

    /// What a feed handed over, and how it stands, at the second `now`.
    pub fn told(&mut self, batch: &Batch, now: i64) {
        let (state, Some(ear)) = (&batch.state, self.ears.get_mut(batch.feed)) else { return };
        ear.is_live = state.nature == Nature::Live;
        self.stale |= ear.plays(batch);
        let changed = match listens(state) {
            true => ear.listens(now, state.told_from),
            false => ear.falls_silent(state, now),
        };
        if changed {
            let gone = ear.drop_empty().or_else(|| ear.join_nearest());
            self.notes.extend(gone.map(|from| notes::forgotten(ear.key, from)));
            (self.stale, self.news) = (true, true);
        }
    }

    /// The clock was set back to the second `now`.
    pub fn rewind(&mut self, now: i64) {
        for ear in &mut self.ears {
            while let Some(ahead) = ear.deaf.pop_if(|stretch| stretch.from > now) {
                self.notes.push(notes::forgotten(ear.key, ahead.from));
                if ahead.to == i64::MAX {
                    ear.deaf.push(Stretch::open(now + 1));
                    break;
                }
            }
            let over = ear.deaf.last_mut().filter(|last| last.to < i64::MAX && last.to > now);
            over.into_iter().for_each(|last| (last.to, last.noted) = (now + 1, false));
        }
        self.forget_unread_ahead(now);
        (self.stale, self.news, self.noted) = (true, true, i64::MIN);
    }

    /// What the journal cannot tell is over at the second `now`: no more than that can be missing.
    fn forget_unread_ahead(&mut self, now: i64) {
        let ahead = self.unread.iter().filter(|gap| gap.0 > now);
        self.notes.extend(ahead.map(|gap| notes::forgotten(notes::UNREAD as u64, gap.0)));
        let over = both(&self.unread, &[(i64::MIN, now + 1)]);
        self.unread_news |= over != *self.unread;
        self.unread = over.into();
    }

    /// The clock leapt over the time from the second `from` to before `to`, in which nothing was heard.
    pub fn leap(&mut self, from: i64, to: i64) {
        for ear in self.ears.iter_mut().filter(|ear| ear.is_live && ear.is_heard()) {
            ear.deaf.push(Stretch { to, ..Stretch::open(from) });
            ear.may_mend = false;
            let gone = ear.join_nearest();
            self.notes.extend(gone.map(|from| notes::forgotten(ear.key, from)));
        }
        (self.stale, self.news) = (true, true);
    }

    /// The past is being told; nothing of it from the second `from` to before `to` is.
    pub fn is_untold(&mut self, untold: Option<Gap>) {
        self.stale |= self.untold != untold;
        self.untold = untold;
    }

    /// What the journal has not told yet; an empty gap when it told all.
    pub fn untold(&self) -> Gap {
        self.untold.unwrap_or_default()
    }

    /// While feeds play their past: how much of it the slowest has told at the second `now`, per cent of
    /// its time.
    pub fn played_percent(&self, now: i64) -> Option<u8> {
        self.ears
            .iter()
            .filter_map(|ear| ear.playing)
            .map(|(from, to)| percent(to - from, now + 1 - from))
            .min()
    }

    /// The journal cannot tell what was heard then.
    pub fn lose(&mut self, gap: Gap) {
        let (mut all, mut apart) = (either(&self.unread, &[gap]), 1);
        while all.len() > STRETCHES {
            // Those that are nearest to each other become one.
            let wider: Vec<Gap> = all.iter().map(|gap| (gap.0, gap.1.saturating_add(apart))).collect();
            all = either(&wider, &[]).iter().map(|gap| (gap.0, gap.1 - apart)).collect();
            apart *= 2;
        }
        (self.unread, self.stale, self.unread_news) = (all.into(), true, true);
    }

    /// What the journal cannot tell any more.
    pub fn unread(&self) -> Arc<[Gap]> {
        self.unread.clone()
    }

    /// Brings the sets up to date.
    pub fn refresh(&mut self) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        let ears = &self.ears;
        for set in &mut self.sets {
            let all = ears.iter().enumerate().filter(|(i, ear)| ear.counts && set.has(*i));
            let ours: Vec<&Ear> = all.map(|(_, ear)| ear).collect();
            let heard = ours.iter().map(|ear| ear.gaps()).reduce(|a, b| both(&a, &b));
            let deaf = heard.unwrap_or_else(|| vec![(i64::MIN, i64::MAX)]);
            let playing = ours.iter().filter_map(|ear| ear.playing).map(|(_, to)| (to, i64::MAX));
            let untold = self.untold.into_iter().chain(playing);
            // The past is told up to now or from now back: one gap holds what several have left.
            set.untold = untold.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_default();
            let missing: Vec<Gap> = self.unread.iter().copied().chain([set.untold]).collect();
            set.deaf = either(&deaf, &missing).into();
        }
    }

    /// What a set of feeds did not hear, of a stream that is known since the second `since`.
    pub fn gaps(&self, set: usize, since: i64) -> Gaps {
        let Some(set) = self.sets.get(set) else { return Gaps::new(since, Arc::default()) };
        Gaps::new(since, set.deaf.clone()).with_untold(set.untold)
    }

    /// Whether so much of the time from `from` to before `end` is missing that what was heard then
    /// tells nothing of what is usual: all feeds of the set were deaf, or one that was not away for
    /// `long` yet.
    pub fn is_missed(&self, set: usize, (from, end): Gap, long: i64) -> bool {
        let Some(set) = self.sets.get(set) else { return false };
        let touches = |a: i64, b: i64| a < end && from < b;
        let ours = |(i, ear): &(usize, &Ear)| ear.counts && set.has(*i);
        let away = |s: &Stretch| touches(s.from, s.to) && from.saturating_sub(s.from) <= long;
        set.deaf.iter().any(|gap| touches(gap.0, gap.1))
            || self.ears.iter().enumerate().filter(ours).any(|(_, ear)| ear.deaf.iter().any(away))
    }
}

impl Set {
    fn of(ears: Vec<bool>) -> Self {
        Self { ears, deaf: Arc::default(), untold: Gap::default() }
    }

    fn has(&self, ear: usize) -> bool {
        self.ears.is_empty() || self.ears.get(ear) == Some(&true)
    }
}

impl Ear {
    fn new(key: u64, is_live: bool, counts: bool, deaf: Vec<Stretch>) -> Self {
        Self { key, is_live, counts, deaf, may_mend: true, is_noted: false, until: None, playing: None }
    }

    /// Follows a simulation or a recording through its past. Whether that is news.
    fn plays(&mut self, batch: &Batch) -> bool {
        let before = self.playing;
        // In whole minutes: each change draws all series anew.
        let newest = batch.mentions.last().map(|mention| mention.received.as_secs().div_euclid(60) * 60);
        self.playing = match (batch.state.health == Health::CatchingUp && !self.is_live, newest) {
            (false, _) => None,
            (true, None) => before,
            (true, Some(to)) => Some((before.map_or(to, |(from, _)| from), to)),
        };
        self.playing != before
    }

    fn is_heard(&self) -> bool {
        self.deaf.last().is_none_or(|last| last.to < i64::MAX)
    }

    /// It is heard at the second `now`, and all is told that was said since `told`. Whether that is news.
    fn listens(&mut self, now: i64, told: Option<Time>) -> bool {
        let Some(last) = self.deaf.last_mut().filter(|_| self.may_mend) else { return false };
        let before = *last;
        last.to = last.to.min(now.max(last.from));
        last.made_up |= last.from > i64::MIN && told.is_some_and(|told| told.as_secs() <= last.from);
        last.noted &= *last == before;
        *last != before
    }

    /// Lets go of a last stretch that is over before it lasted a second; says where it began.
    fn drop_empty(&mut self) -> Option<i64> {
        let empty = self.deaf.pop_if(|last| last.to <= last.from)?;
        self.may_mend = false;
        Some(empty.from)
    }

    /// It is not heard any more. Whether that is news.
    fn falls_silent(&mut self, state: &FeedState, now: i64) -> bool {
        if !self.is_heard() {
            return false;
        }
        // A connection that was given up because nothing came was deaf since then.
        let silent = |heard: &Time| {
            state.health != Health::CatchingUp && now - heard.as_secs() >= state.stale_after.as_secs() as i64
        };
        let since = match &state.trouble {
            Some(trouble) if is_unread(state) => trouble.since.as_secs(),
            _ => state.heard.filter(silent).map_or(now, Time::as_secs) + 1,
        };
        let before = self.deaf.last().map_or(i64::MIN, |last| last.to);
        self.deaf.push(Stretch::open(since.min(now + 1).max(before)));
        self.may_mend = true;
        true
    }

    /// Makes one of the two neighbours with the least between them, when there are too many; says
    /// where the later one began.
    fn join_nearest(&mut self) -> Option<i64> {
        if self.deaf.len() <= STRETCHES {
            return None;
        }
        let between = |i: &usize| self.deaf[*i].from.saturating_sub(self.deaf[*i - 1].to);
        let nearest = (1..self.deaf.len()).min_by_key(between)?;
        let gone = self.deaf.remove(nearest);
        let kept = &mut self.deaf[nearest - 1];
        *kept = Stretch { to: gone.to, made_up: kept.made_up && gone.made_up, noted: false, ..*kept };
        Some(gone.from)
    }

    /// What stays unknown.
    fn gaps(&self) -> Vec<Gap> {
        let unknown = self.deaf.iter().filter(|stretch| !stretch.made_up);
        either(&unknown.map(|stretch| (stretch.from, stretch.to)).collect::<Vec<_>>(), &[])
    }
}

impl Stretch {
    const fn open(from: i64) -> Self {
        Self { from, to: i64::MAX, made_up: false, noted: false }
    }
}

/// How much of the past has been told, per cent of its seconds; less than 100.
pub fn percent(told: i64, all: i64) -> u8 {
    (told as f64 * 100.0 / all.max(1) as f64).clamp(0.0, 99.0) as u8
}

/// Whether what is said now is heard.
fn listens(state: &FeedState) -> bool {
    match state.health {
        Health::Live => !is_unread(state),
        Health::Connecting | Health::CatchingUp | Health::Ended => state.nature != Nature::Live,
        Health::Down { .. } | Health::Throttled { .. } | Health::Refused { .. } => false,
    }
}

/// Whether it is connected, and nothing that comes can be read.
fn is_unread(state: &FeedState) -> bool {
    state.health == Health::Live && state.trouble.as_ref().is_some_and(|trouble| trouble.deaf)
}
