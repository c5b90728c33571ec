//! What stands between one feed's adapter and the pulse: collects mentions into batches and tells
//! how the feed stands.

use std::mem;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::clock::{Clock, Time};
use crate::layout::wall::Feed;
use crate::mention::Mention;
use crate::mention::source::{Batch, FeedState, Health, MAX_BATCH, Nature};

/// How often a feed that is heard but says nothing tells that it lives.
pub(super) const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// Nobody takes batches any more; the task ends.
#[derive(Debug)]
pub(super) struct Closed;

/// The way out of one feed. Waits when the queue is full.
#[derive(Debug)]
pub(super) struct Outlet {
    feed: usize,
    pub state: FeedState,
    pub clock: Clock,
    out: mpsc::Sender<Batch>,
    /// At most [`MAX_BATCH`].
    waiting: Vec<Mention>,
    /// When the last batch went out, and what it told.
    told: Option<(Time, Health)>,
}

impl Outlet {
    pub fn new(feed: usize, spec: &Feed, clock: Clock, out: mpsc::Sender<Batch>) -> Self {
        Self { feed, state: unheard(spec), clock, out, waiting: Vec::new(), told: None }
    }

    /// The feed's name in the layout.
    pub fn source(&self) -> &Arc<str> {
        &self.state.name
    }

    /// Whether mentions wait for [`Outlet::flush`].
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Something came in, if only a sign of life.
    pub fn hear(&mut self) {
        self.state.heard = Some(self.clock.now());
    }

    /// Counts a record that could not be read.
    pub fn discard(&mut self, why: &str) {
        self.state.garbage += 1;
        tracing::debug!(feed = %self.state.name, why, "unreadable record");
    }

    /// Takes a live mention; sends when the batch is full.
    pub async fn push(&mut self, mention: Mention) -> Result<(), Closed> {
        self.waiting.push(mention);
        if self.waiting.len() >= MAX_BATCH { self.flush().await } else { Ok(()) }
    }

    /// Sends what waits or has changed, and otherwise a sign of life once a second.
    pub async fn flush(&mut self) -> Result<(), Closed> {
        let now = self.clock.now();
        let known = self.told.as_ref().is_some_and(|(at, health)| {
            *health == self.state.health && now.since(*at).max(at.since(now)) < SIGN_OF_LIFE
        });
        if self.waiting.is_empty() && known {
            return Ok(());
        }
        let mentions = mem::take(&mut self.waiting);
        self.send(mentions, false).await
    }

    /// Sends one batch as it is.
    pub async fn send(&mut self, mentions: Vec<Mention>, backfill: bool) -> Result<(), Closed> {
        self.state.received += mentions.len() as u64;
        self.told = Some((self.clock.now(), self.state.health.clone()));
        let batch = Batch { feed: self.feed, mentions, backfill, state: self.state.clone() };
        self.out.send(batch).await.map_err(|_| Closed)
    }

    /// Tells how the feed stands from now on, with what still waits.
    pub async fn tell(&mut self, health: Health) -> Result<(), Closed> {
        self.state.health = health;
        self.flush().await
    }
}

/// A feed before anything was heard from it.
pub(super) fn unheard(spec: &Feed) -> FeedState {
    use crate::layout::wall::FeedSpec::{Demo, Ndjson, Replay, Sse};
    FeedState {
        name: spec.name.as_str().into(),
        nature: match spec.spec {
            Demo(_) => Nature::Simulated,
            Replay(_) => Nature::Replay(Time::default()),
            Ndjson(_) | Sse(_) => Nature::Live,
        },
        health: Health::Connecting,
        heard: None,
        stale_after: spec.stale_after,
        received: 0,
        garbage: 0,
    }
}
