//! The queues as moderators see them.

use std::sync::Arc;
use std::time::Duration;

use super::{Entry, Gate, Passage};
use crate::clock::Time;
use crate::mention::Mention;

/// Most texts of each queue that are told, the newest first.
const TOLD: usize = 200;

/// Queues that only grow are drawn so often: all that waits is looked through for it.
const EVERY: Duration = Duration::from_millis(200);

/// The queues of the gate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GateView {
    /// How many texts there are of each: waiting, approved, hidden, stashed.
    pub counts: [usize; 4],
    /// The newest of each queue.
    pub queued: Arc<[Queued]>,
}

/// A text in a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Queued {
    pub mention: Arc<Mention>,
    pub topics: Vec<u16>,
    pub passage: Passage,
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
    /// then.
    pub fn draw(&mut self, now: Time) -> (Arc<GateView>, bool) {
        let rests = self.drawn_at.is_some_and(|at| at <= now && now < at + EVERY) && !self.urgent;
        let changed = !rests && std::mem::take(&mut self.changed);
        if changed {
            (self.drawn_at, self.urgent) = (Some(now), false);
            let mut view = GateView::default();
            let mut queued = Vec::new();
            for uid in self.waiting.iter().rev().chain(self.decided.iter().rev()) {
                let Some(entry) = self.entries.get(uid) else { continue };
                let count = &mut view.counts[entry.passage as usize];
                *count += 1;
                if *count <= TOLD {
                    queued.push(Queued::of(entry));
                }
            }
            view.queued = queued.into();
            self.drawn = Arc::new(view);
        }
        (self.drawn.clone(), changed)
    }
}

impl Queued {
    fn of(entry: &Entry) -> Self {
        let Entry { mention, topics, passage, why, by, due, claimed, .. } = entry.clone();
        Self { mention, topics, passage, why, by, due, claimed }
    }
}
