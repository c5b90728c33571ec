//! What stands between one feed's adapter and the pulse: collects mentions into batches and tells
//! how the feed stands.

use std::mem;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::OwnedPermit;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::error::FeedError;
use super::unread::Unread;
use crate::clock::{Clock, Instant, Time};
use crate::codec;
use crate::layout::wall::Feed;
use crate::mention::source::{Batch, Engaged, FeedState, Health, MAX_BATCH, MAX_CURSOR, Sample};
use crate::mention::{Mention, Op};

/// How often a feed that is heard but says nothing tells that it lives.
pub(super) const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// Mentions between two confirmations: so many lie within one batch.
const SETTLE_EVERY: usize = MAX_BATCH / 2;

/// Nobody takes batches any more; the task ends.
#[derive(Debug)]
pub struct Closed;

impl From<Closed> for FeedError {
    fn from(_: Closed) -> Self {
        Self::Closed
    }
}

/// The output of one feed. Waits if the queue is full.
#[derive(Debug)]
pub struct MentionSender {
    feed: usize,
    pub state: FeedState,
    pub clock: Clock,
    out: mpsc::Sender<Batch>,
    /// What goes out with the next batch; at most [`MAX_BATCH`] of each.
    waiting: Vec<Mention>,
    engaged: Vec<Engaged>,
    samples: Vec<Sample>,
    /// Where the feed goes on after what waits; `None` when that has not changed.
    marked: Option<Arc<str>>,
    /// Where it goes on after a failure or a restart.
    cursor: Option<Arc<str>>,
    /// What every cursor begins with, so that one of another place is known.
    origin: String,
    /// When the last batch went out, and how the feed stood.
    told: Option<(Instant, FeedState)>,
    /// Something was heard that has not been told.
    news: bool,
    /// Since when it is live in this attempt.
    live_since: Option<Instant>,
    /// What was turned away.
    unread: Unread,
    /// Rings when what rests after a failure is to be tried at once.
    pub wake: Arc<Notify>,
    /// Mentions wait at most this long for company.
    pub flush_every: Duration,
    ticks: Option<Interval>,
}

impl MentionSender {
    pub fn new(
        feed: usize,
        spec: &Feed,
        clock: Clock,
        cursor: Option<Arc<str>>,
        out: mpsc::Sender<Batch>,
    ) -> Self {
        Self {
            feed,
            state: FeedState::new(&spec.name, spec.spec.nature(), spec.stale_after),
            clock,
            out,
            waiting: Vec::new(),
            engaged: Vec::new(),
            samples: Vec::new(),
            marked: None,
            cursor,
            origin: String::new(),
            told: None,
            news: false,
            live_since: None,
            unread: Unread::default(),
            wake: Arc::default(),
            flush_every: Duration::from_millis(20),
            ticks: None,
        }
    }

    /// A new attempt to play the feed begins.
    pub fn begin(&mut self) {
        (self.live_since, self.state.told_from) = (None, None);
        self.state.next_try = None;
    }

    /// States whether everything posted while the feed was disconnected will now be delivered. Must be
    /// called before [`MentionSender::tell`].
    pub fn goes_on(&mut self, is: bool) {
        self.state.told_from = is.then_some(Time(i64::MIN));
    }

    /// States that everything posted since then is delivered.
    pub fn tells_since(&mut self, then: Option<Time>) {
        self.state.told_from = then;
    }

    /// How long the feed has been live in this attempt; `None` if it never was.
    pub fn lived(&self) -> Option<Duration> {
        self.live_since.map(|since| self.clock.instant().saturating_duration_since(since))
    }

    /// Waits for `next`. In the meantime, waiting mentions and signs of life are sent on time.
    pub async fn meanwhile<T>(&mut self, next: impl Future<Output = T>) -> Result<T, Closed> {
        let mut next = pin!(next);
        let mut ticks = self.ticks.take().unwrap_or_else(|| {
            let mut ticks = interval(self.flush_every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            ticks
        });
        let done = loop {
            tokio::select! {
                done = &mut next => break Ok(done),
                _ = ticks.tick(), if self.news || self.is_waiting() => {
                    if let Err(closed) = self.flush().await {
                        break Err(closed);
                    }
                }
            }
        };
        self.ticks = Some(ticks);
        done
    }

    /// Returns when no one receives batches any more.
    pub async fn closed(&self) {
        self.out.closed().await;
    }

    /// The feed's name in the layout.
    pub fn source(&self) -> &Arc<str> {
        &self.state.name
    }

    /// Whether anything waits for [`MentionSender::flush`].
    pub fn is_waiting(&self) -> bool {
        !(self.waiting.is_empty() && self.engaged.is_empty() && self.samples.is_empty())
            || self.marked.is_some()
    }

    /// From now on, cursors belong to this URL. A cursor that was marked at another one, before the
    /// layout was changed, is ignored.
    pub fn belong_to(&mut self, address: &str) {
        let digest = ring::digest::digest(&ring::digest::SHA256, address.as_bytes());
        self.origin = codec::hex(&digest.as_ref()[..4]) + " ";
    }

    /// Where to resume: the last [`MentionSender::mark`] that was sent, before this start or since.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_ref()?.strip_prefix(&*self.origin)
    }

    /// Everything pushed so far comes before `cursor`, and is recorded with it in one transaction. A
    /// cursor over [`MAX_CURSOR`] bytes is not stored.
    pub fn mark(&mut self, cursor: impl AsRef<str>) {
        let cursor = [&*self.origin, cursor.as_ref()].concat();
        if cursor.len() <= MAX_CURSOR {
            self.marked = Some(cursor.into());
        }
    }

    /// Something has arrived, even if only a sign of life.
    pub fn hear(&mut self) {
        self.state.heard = Some(self.clock.now());
        self.news = true;
    }

    /// Counts a record that is rejected because it cannot be read or is not authentic.
    pub fn discard(&mut self, why: &str) {
        self.state.garbage += 1;
        let now = self.clock.now();
        match self.unread.note(why, now) {
            Some(1) => {
                tracing::warn!(feed = %self.state.name, why, "rejected; more of this kind are only counted");
            }
            Some(many) => tracing::warn!(feed = %self.state.name, why, many, "rejected"),
            None => tracing::debug!(feed = %self.state.name, why, "rejected"),
        }
        if let Some(deaf) = self.unread.trouble(why) {
            self.state.trouble = Some(deaf);
            self.news = true;
        }
    }

    /// A record was read, whether it contained anything or not. Not needed in addition to
    /// [`MentionSender::push`] and similar methods.
    pub fn understood(&mut self) {
        self.unread.end();
        if self.state.trouble.as_ref().is_some_and(|trouble| trouble.deaf) {
            self.state.trouble = None;
            self.news = true;
        }
    }

    /// A page of `records` has been read; before it, `garbage` was counted. If any of its records could
    /// be read, the order does not matter.
    pub fn end_page(&mut self, records: usize, garbage: u64) {
        if (self.state.garbage - garbage) < records as u64 {
            self.understood();
        }
    }

    /// Counts a mention of which nobody knows when it was said, and tells of the first.
    fn count_undated(&mut self, mention: &Mention) {
        self.state.undated += 1;
        self.state.garbage += 1;
        if self.state.undated == 1 {
            let why =
                "its time is missing, cannot be read, or is ahead of this machine's clock: it is not counted";
            tracing::warn!(feed = %self.state.name, mention = %mention.uid, why, "more of this kind are only counted");
        }
    }

    /// Adds a live mention; sends the batch if it is full.
    pub async fn push(&mut self, mention: Mention) -> Result<(), Closed> {
        self.understood();
        if !mention.is_dated() && matches!(mention.op, Op::Upsert | Op::Edit) {
            self.count_undated(&mention);
        }
        self.waiting.push(mention);
        if self.waiting.len() >= MAX_BATCH { self.flush().await } else { Ok(()) }
    }

    /// Takes a change of what people did with a mention; sends when the batch is full.
    pub async fn engage(&mut self, engaged: Engaged) -> Result<(), Closed> {
        self.understood();
        self.engaged.push(engaged);
        if self.engaged.len() >= MAX_BATCH { self.flush().await } else { Ok(()) }
    }

    /// Adds a number; sends the batch if it is full.
    pub async fn sample(&mut self, sample: Sample) -> Result<(), Closed> {
        self.understood();
        self.samples.push(sample);
        if self.samples.len() >= MAX_BATCH { self.flush().await } else { Ok(()) }
    }

    /// Sends what is waiting and returns when it is recorded; false if it will not be (the journal
    /// failed), so that the service must send it again.
    pub async fn settle(&mut self) -> Result<bool, Closed> {
        let (receipt, kept) = oneshot::channel();
        let room = self.room().await?;
        let mut batch = self.batch();
        batch.receipt = Some(receipt);
        self.dispatch(batch, room);
        Ok(kept.await.is_ok())
    }

    /// Adds mentions and, with the last of them, where the feed resumes. Returns when they are recorded;
    /// false if not all of them will be.
    pub async fn keep(&mut self, mentions: Vec<Mention>, cursor: Option<String>) -> Result<bool, Closed> {
        let mut safe = true;
        let mut unsettled = 0;
        for mention in mentions {
            if unsettled == SETTLE_EVERY {
                safe &= self.settle().await?;
                unsettled = 0;
            }
            self.push(mention).await?;
            unsettled += 1;
        }
        if safe && let Some(cursor) = cursor {
            self.mark(cursor);
        }
        if self.is_waiting() {
            safe &= self.settle().await?;
        }
        Ok(safe)
    }

    /// Sends what waits or has changed, and otherwise a sign of life once a second.
    pub async fn flush(&mut self) -> Result<(), Closed> {
        let now = self.clock.instant();
        let known = self.told.as_ref().is_some_and(|(at, told)| {
            is_alike(told, &self.state) && now.saturating_duration_since(*at) < SIGN_OF_LIFE
        });
        if !self.is_waiting() && known {
            return Ok(());
        }
        let room = self.room().await?;
        let batch = self.batch();
        self.dispatch(batch, room);
        Ok(())
    }

    /// All that waits.
    fn batch(&mut self) -> Batch {
        let mentions = mem::take(&mut self.waiting);
        self.note(&mentions);
        if self.marked.is_some() {
            self.cursor.clone_from(&self.marked);
        }
        Batch {
            mentions,
            engaged: mem::take(&mut self.engaged),
            samples: mem::take(&mut self.samples),
            cursor: self.marked.take(),
            ..Batch::of(self.feed, self.state.clone())
        }
    }

    /// Counts what goes out.
    fn note(&mut self, mentions: &[Mention]) {
        self.state.received += mentions.len() as u64;
        if let Some(last) = mentions.iter().rev().find(|mention| mention.is_dated()) {
            self.state.lag = Some(last.received.since(last.ts));
        }
    }

    /// Room in the queue, before anything is taken out of here: nothing is lost when whoever waits
    /// for it is given up.
    async fn room(&self) -> Result<OwnedPermit<Batch>, Closed> {
        self.out.clone().reserve_owned().await.map_err(|_| Closed)
    }

    fn dispatch(&mut self, batch: Batch, room: OwnedPermit<Batch>) {
        self.told = Some((self.clock.instant(), self.state.clone()));
        self.news = false;
        room.send(batch);
    }

    /// Sends one batch as it is.
    pub async fn send(&mut self, mentions: Vec<Mention>, backfill: bool) -> Result<(), Closed> {
        self.understood();
        let room = self.room().await?;
        self.note(&mentions);
        let batch = Batch { mentions, backfill, ..Batch::of(self.feed, self.state.clone()) };
        self.dispatch(batch, room);
        Ok(())
    }

    /// Reports the state of the feed from now on, along with what is still waiting.
    pub async fn tell(&mut self, health: Health) -> Result<(), Closed> {
        if matches!(health, Health::Live | Health::CatchingUp) && self.live_since.is_none() {
            self.live_since = Some(self.clock.instant());
        }
        self.state.health = health;
        self.flush().await
    }
}

/// Whether what has changed need not be told at once; how many records were turned away can wait.
fn is_alike(a: &FeedState, b: &FeedState) -> bool {
    let trouble = match (&a.trouble, &b.trouble) {
        (Some(a), Some(b)) => (a.deaf && b.deaf) || a == b,
        (a, b) => a.is_none() && b.is_none(),
    };
    trouble && a.health == b.health && a.next_try == b.next_try
}
