//! What the recorder does with batches, whether or not the journal can be written.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;

use super::recorder::ENOUGH;
use super::{Journal, JournalError, Keeping, Plan, Tally};
use crate::clock::{Clock, Time};
use crate::mention::Mention;
use crate::mention::source::{Batch, Nature, Recording};

/// How often a journal that failed is tried again.
const TRY_EVERY: Duration = Duration::from_secs(30);
/// Most mentions, engagements and numbers that wait in memory for a journal that failed, a mention
/// counted once more for every whole KiB of its text; then the oldest are let go.
pub const MAX_WAITING: usize = 65_536;

/// See the module.
pub(super) struct Desk {
    state: State,
    clock: Clock,
    recording: Arc<ArcSwap<Recording>>,
    tally: Arc<Tally>,
    waiting: Waiting,
    /// When the last transaction ended.
    kept: Option<Time>,
}

enum State {
    Off,
    On(Box<Journal>),
    Failed { plan: Plan, since: Time, tried: Time },
}

impl Desk {
    pub fn new(
        keeping: Keeping,
        clock: Clock,
        recording: Arc<ArcSwap<Recording>>,
        tally: Arc<Tally>,
    ) -> Self {
        let (waiting, state) = (Waiting::default(), State::Off);
        let mut desk = Self { state, clock, recording, tally, waiting, kept: None };
        match keeping {
            Keeping::Off => desk.tell(Recording::Off),
            Keeping::On(journal) => desk.go_on(journal),
            Keeping::Failed(plan, error) => desk.fail(plan, &error),
        }
        desk
    }

    /// How long the next transaction should wait for more; at most `pause`.
    pub fn rest(&self, pause: Duration) -> Duration {
        if !matches!(self.state, State::On(_)) {
            return Duration::ZERO;
        }
        let now = self.clock.now();
        let run = self.kept.map_or(pause, |at| now.since(at).max(at.since(now)));
        pause.saturating_sub(run)
    }

    /// Keeps what can be kept. Receipts of what is safe are given, of what is not are dropped, and
    /// those of what is not to be kept are left.
    pub fn keep(&mut self, batches: &mut [Batch]) {
        self.try_again();
        match &mut self.state {
            State::Off => return,
            State::Failed { .. } => {}
            State::On(journal) => match journal.keep(batches) {
                Ok(done) => {
                    add(&self.tally.kept, done.kept);
                    add(&self.tally.repeats, done.repeats);
                    self.settle(batches);
                    return;
                }
                Err(error) => {
                    if self.stumble(&error) {
                        return self.keep_after_all(batches);
                    }
                }
            },
        }
        self.put_by(batches);
    }

    /// Gives the receipts of what is on disk.
    fn settle(&mut self, batches: &mut [Batch]) {
        self.kept = Some(self.clock.now());
        for batch in batches.iter_mut().filter(|batch| is_live(batch)) {
            // Nobody may wait any more.
            let _ = batch.receipt.take().map(|receipt| receipt.send(()));
        }
        self.weigh();
    }

    fn weigh(&self) {
        if let State::On(journal) = &self.state
            && let Ok(bytes) = journal.bytes()
        {
            self.tally.bytes.store(bytes, Ordering::Relaxed);
        }
    }

    /// What is due while nothing comes.
    pub fn tend(&mut self) {
        self.try_again();
        if let State::On(journal) = &mut self.state {
            match journal.tend() {
                Ok(()) => self.weigh(),
                Err(error) => drop(self.stumble(&error)),
            }
        }
    }

    /// Nothing more comes.
    pub fn close(mut self) {
        if let State::Failed { tried, .. } = &mut self.state {
            *tried = Time(i64::MIN);
            self.try_again();
            let lost = self.waiting.clear();
            self.lose(lost);
        }
    }

    fn keep_after_all(&mut self, batches: &mut [Batch]) {
        let State::On(journal) = &mut self.state else { return self.put_by(batches) };
        match journal.keep(batches) {
            Ok(done) => {
                add(&self.tally.kept, done.kept);
                self.settle(batches);
            }
            Err(error) => {
                let plan = journal.plan().clone();
                self.fail(plan, &error);
                self.put_by(batches);
            }
        }
    }

    /// Deals with a failure; true when the journal can be written again.
    fn stumble(&mut self, error: &JournalError) -> bool {
        let State::On(journal) = std::mem::replace(&mut self.state, State::Off) else { return false };
        let plan = journal.plan().clone();
        if !matches!(error, JournalError::Gone(_)) {
            drop(journal);
            self.fail(plan, error);
            return false;
        }
        tracing::error!("{error}");
        match journal.begin_anew() {
            Ok(journal) => self.go_on(Box::new(journal)),
            Err(error) => self.fail(plan, &error),
        }
        matches!(self.state, State::On(_))
    }

    /// Lets a journal go in the middle of which something broke, and what it was to keep: that might
    /// break it again.
    pub fn give_up(&mut self, batches: &mut [Batch]) {
        let live = batches.iter_mut().filter(|batch| is_live(batch));
        let lost = live.map(|batch| {
            batch.receipt = None;
            batch.mentions.len() as u64
        });
        let lost = lost.sum::<u64>() + self.waiting.clear();
        self.lose(lost);
        if let State::On(journal) = &self.state {
            let (plan, path) = (journal.plan().clone(), journal.plan().settings.path.clone());
            let what = "the recorder broke; please report this".into();
            self.fail(plan, &JournalError::Broken { path, what });
        }
    }

    fn fail(&mut self, plan: Plan, error: &JournalError) {
        let now = self.clock.now();
        tracing::error!("not recording, the wall goes on in memory: {error}");
        self.tell(Recording::Failed { since: now, why: error.to_string().into() });
        self.state = State::Failed { plan, since: now, tried: now };
    }

    fn go_on(&mut self, journal: Box<Journal>) {
        self.state = State::On(journal);
        self.tell(Recording::On);
        self.weigh();
    }

    fn tell(&self, recording: Recording) {
        self.recording.store(Arc::new(recording));
    }

    /// Opens a journal that failed, when it is time, and keeps what waits.
    fn try_again(&mut self) {
        let now = self.clock.now();
        let State::Failed { plan, since, tried } = &mut self.state else { return };
        if now >= *tried && now.since(*tried) < TRY_EVERY {
            return;
        }
        *tried = now;
        match plan.open().and_then(|journal| self.waiting.write(journal)) {
            Ok((journal, kept)) => {
                let gone = now.since(*since).as_secs();
                tracing::info!("recording again after {gone} s; {kept} mentions of meanwhile are kept");
                add(&self.tally.kept, kept);
                self.go_on(Box::new(journal));
            }
            Err(error) => {
                let why = error.to_string().into();
                let since = *since;
                tracing::debug!("still not recording: {error}");
                self.tell(Recording::Failed { since, why });
            }
        }
    }

    /// Keeps what passes in memory, for later.
    fn put_by(&mut self, batches: &mut [Batch]) {
        for batch in batches.iter_mut().filter(|batch| is_live(batch)) {
            batch.receipt = None;
            let lost = self.waiting.push(batch);
            self.lose(lost);
        }
    }

    fn lose(&self, mentions: u64) {
        if mentions > 0 && self.tally.unrecorded.load(Ordering::Relaxed) == 0 {
            tracing::error!(
                "the journal lacks {mentions} mentions, and all that pass before it is written again"
            );
        }
        add(&self.tally.unrecorded, mentions);
    }
}

fn is_live(batch: &Batch) -> bool {
    batch.state.nature == Nature::Live
}

fn add(counter: &AtomicU64, by: u64) {
    counter.fetch_add(by, Ordering::Relaxed);
}

/// Copies of batches that could not be kept; at most [`MAX_WAITING`] entries.
#[derive(Default)]
struct Waiting {
    batches: VecDeque<Batch>,
    entries: usize,
}

impl Waiting {
    /// Puts a copy at the end; says how many mentions had to be let go for it.
    fn push(&mut self, batch: &Batch) -> u64 {
        let copy = Batch {
            mentions: batch.mentions.clone(),
            engaged: batch.engaged.clone(),
            samples: batch.samples.clone(),
            cursor: batch.cursor.clone(),
            ..Batch::of(batch.feed, batch.state.clone())
        };
        let size = size(&copy);
        if size == 0 && copy.cursor.is_none() {
            return 0;
        }
        self.entries += size;
        self.batches.push_back(copy);
        let mut lost = 0;
        while self.entries > MAX_WAITING || self.batches.len() > MAX_WAITING {
            let Some(first) = self.batches.pop_front() else { break };
            self.entries -= self::size(&first);
            lost += first.mentions.len() as u64;
        }
        lost
    }

    /// Writes all into the journal and gives it back, with how many mentions were new; at a failure
    /// what was not written stays.
    fn write(&mut self, mut journal: Journal) -> Result<(Journal, u64), JournalError> {
        let mut kept = 0;
        while !self.batches.is_empty() {
            let (mut end, mut entries) = (0, 0);
            while end < self.batches.len() && entries < ENOUGH {
                entries += size(&self.batches[end]);
                end += 1;
            }
            kept += journal.keep(&mut self.batches.make_contiguous()[..end])?.kept;
            self.entries = self.batches.iter().skip(end).map(size).sum();
            self.batches.drain(..end);
        }
        Ok((journal, kept))
    }

    /// Lets all go; says how many mentions that were.
    fn clear(&mut self) -> u64 {
        let lost = self.batches.drain(..).map(|batch| batch.mentions.len() as u64).sum();
        self.entries = 0;
        lost
    }
}

/// What a batch weighs: its entries, and each whole KiB of a text.
pub(super) fn size(batch: &Batch) -> usize {
    let long = |mention: &Mention| mention.text.as_deref().map_or(0, |text| text.len() / 1_024);
    let long = batch.mentions.iter().map(long).sum::<usize>();
    long + batch.mentions.len() + batch.engaged.len() + batch.samples.len()
}
