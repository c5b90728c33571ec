//! The queues as moderators see them.

use std::sync::Arc;
use std::time::Duration;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Entry, Gate, Passage};
use crate::clock::Time;
use crate::mention::Mention;
use crate::pulse::attributes;
use crate::pulse::highlights::Shown;
use crate::query::tokens::hash;

/// Most texts of each queue but that of the waiting that are told, the newest first.
const TOLD: usize = 200;

/// Queues that only grow are drawn so often: all that waits is looked through for it.
const EVERY: Duration = Duration::from_millis(200);

/// The queues of the gate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GateView {
    /// How many texts there are of each passage, in the order of [`Passage`].
    pub counts: [usize; Passage::COUNT],
    /// The newest of each queue, and all that are listed on the wall.
    pub queued: Arc<[Queued]>,
    /// What is pinned, the latest first.
    pub pinned: Arc<[Shown]>,
    /// All that are remembered, by the hash of the uid.
    known: FxHashMap<u64, Known>,
}

/// What must be known of a text to decide about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// It may be shown.
    pub is_open: bool,
    /// The seal of its words.
    pub words: u64,
    /// It is known who said it.
    pub has_author: bool,
}

impl GateView {
    /// What the gate knows of a text, told or not.
    pub fn known(&self, uid: &str) -> Option<Known> {
        self.known.get(&hash(uid)).copied()
    }

    /// Whether the gate lets this text through.
    pub fn is_open_for(&self, uid: &str) -> bool {
        self.known(uid).is_some_and(|known| known.is_open)
    }

    /// A text that it lets through, among those that are told.
    pub fn shown(&self, uid: &str) -> Option<Shown> {
        let is_it = |queued: &&Queued| *queued.mention.uid == *uid && self.is_open_for(uid);
        self.queued.iter().find(is_it).map(|queued| Shown {
            mention: queued.mention.clone(),
            at: queued.mention.received,
            serial: u64::MAX,
            topics: queued.topics.clone(),
            copies: 0,
        })
    }
}

/// A text in a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Queued {
    pub mention: Arc<Mention>,
    /// The seal of its words, and whether it is known who said them.
    pub words: u64,
    pub has_author: bool,
    pub topics: Vec<u16>,
    pub passage: Passage,
    /// It is among those that tiles show.
    pub listed: bool,
    /// Why it is there, in words.
    pub why: Arc<str>,
    /// Who decided, and when.
    pub by: Option<(Arc<str>, Time)>,
    /// It is let through, and not shown before this.
    pub due: Option<Time>,
    /// Who is looking at it, and since when.
    pub claimed: Option<(Arc<str>, Time)>,
}

impl Gate {
    /// The queues at `now`, and whether they are other than before: at once when somebody decided, else now and
    /// then. `listed` gives the uids of what tiles show.
    pub fn draw(&mut self, now: Time, listed: impl FnOnce() -> FxHashSet<Arc<str>>) -> (Arc<GateView>, bool) {
        let rests = self.drawn_at.is_some_and(|at| at <= now && now < at + EVERY) && !self.urgent;
        let changed = !rests && std::mem::take(&mut self.changed);
        if changed {
            (self.drawn_at, self.urgent) = (Some(now), false);
            let mut view = GateView::default();
            let (mut queued, mut pinned, listed) = (Vec::new(), Vec::new(), listed());
            let queues = [&self.waiting, &self.decided, &self.ruled];
            for uid in queues.into_iter().flat_map(|queue| queue.iter().rev()) {
                let Some(entry) = self.entries.get(uid) else { continue };
                let count = &mut view.counts[entry.passage as usize];
                *count += 1;
                let is_listed = listed.contains(uid) && entry.is_shown();
                // All that wait are told: whoever posts much must not hide what others post.
                if *count <= TOLD || is_listed || entry.passage == Passage::Waiting {
                    queued.push(Queued::of(entry, is_listed));
                }
                if entry.passage == Passage::Pinned {
                    pinned.push(entry.pinned(pinned.len()));
                }
            }
            view.known = self.entries.iter().map(|(uid, entry)| (hash(uid), entry.known())).collect();
            (view.queued, view.pinned) = (queued.into(), pinned.into());
            self.drawn = Arc::new(view);
        }
        (self.drawn.clone(), changed)
    }
}

impl Queued {
    fn of(entry: &Entry, listed: bool) -> Self {
        let Known { words, has_author, .. } = entry.known();
        let Entry { mention, topics, passage, why, by, due, claimed, .. } = entry.clone();
        Self { mention, words, has_author, topics, passage, listed, why, by, due, claimed }
    }
}

impl Entry {
    fn known(&self) -> Known {
        let has_author = attributes::voice(&self.mention).is_some();
        Known { is_open: self.is_shown(), words: self.seal, has_author }
    }

    /// As a text that is shown since it was pinned; the place in line is its own, far from those of samples.
    fn pinned(&self, place: usize) -> Shown {
        Shown {
            mention: self.mention.clone(),
            at: self.by.as_ref().map_or(self.at, |(_, at)| *at),
            serial: u64::MAX - place as u64,
            topics: self.topics.clone(),
            copies: 0,
        }
    }
}
