//! What the recorder does with batches, whether or not the journal can be written.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;

use super::waiting::{Notes, Waiting};
use super::{Journal, JournalError, Keeping, Plan, Tally};
use crate::clock::{Clock, Instant, Time};
use crate::mention::source::{Batch, Nature, Note, Recording};

/// How often a journal that failed is tried again.
const TRY_EVERY: Duration = Duration::from_secs(30);
/// See the module.
pub(super) struct Desk {
    state: State,
    clock: Clock,
    recording: Arc<ArcSwap<Recording>>,
    tally: Arc<Tally>,
    waiting: Waiting,
    notes: Notes,
    /// When the last transaction ended.
    kept: Option<Instant>,
}

enum State {
    Off,
    On(Box<Journal>),
    /// When it failed as people read it, when it did, and when it was tried last.
    Failed {
        plan: Plan,
        since: Time,
        failed: Instant,
        tried: Option<Instant>,
    },
}

impl Desk {
    pub fn new(
        keeping: Keeping,
        clock: Clock,
        recording: Arc<ArcSwap<Recording>>,
        tally: Arc<Tally>,
    ) -> Self {
        let (waiting, notes, state) = (Waiting::default(), Notes::default(), State::Off);
        let mut desk = Self { state, clock, recording, tally, waiting, notes, kept: None };
        match keeping {
            Keeping::Off => desk.tell(Recording::Off),
            Keeping::On(journal) => desk.go_on(journal),
            Keeping::Failed(plan, error, _) => desk.fail(plan, &error),
        }
        desk
    }

    /// How long the next transaction should wait for more; at most `pause`.
    pub fn rest(&self, pause: Duration) -> Duration {
        if !matches!(self.state, State::On(_)) {
            return Duration::ZERO;
        }
        let now = self.clock.instant();
        pause.saturating_sub(self.kept.map_or(pause, |at| now.saturating_duration_since(at)))
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
        self.kept = Some(self.clock.instant());
        for batch in batches.iter_mut().filter(|batch| is_live(batch)) {
            // Nobody may wait any more.
            let _ = batch.receipt.take().map(|receipt| receipt.send(()));
        }
        self.weigh();
    }

    fn weigh(&mut self) {
        if let State::On(journal) = &mut self.state
            && let Ok(bytes) = journal.bytes()
        {
            self.tally.wanted_by.store(journal.wanted_by().unwrap_or_default(), Ordering::Relaxed);
            self.tally.bytes.store(bytes, Ordering::Relaxed);
            let doubt = journal.doubt();
            if self.tally.doubt.load().as_deref().map(String::as_str) != doubt {
                self.tally.doubt.store(doubt.map(|doubt| Arc::new(doubt.to_owned())));
            }
        }
    }

    /// Keeps notes, now or when the journal can be written again.
    pub fn note(&mut self, notes: Vec<Note>) {
        if !matches!(self.state, State::Off) {
            self.notes.push(notes);
            self.try_again();
            self.write_notes();
        }
    }

    fn write_notes(&mut self) {
        for _ in 0..2 {
            let State::On(journal) = &mut self.state else { return };
            match self.notes.write(journal) {
                Ok(()) => return,
                Err(error) => drop(self.stumble(&error)),
            }
        }
    }

    /// What is due while nothing comes.
    pub fn tend(&mut self) {
        self.try_again();
        self.write_notes();
        if let State::On(journal) = &mut self.state {
            match journal.tend() {
                Ok(()) => self.weigh(),
                Err(error) => drop(self.stumble(&error)),
            }
        }
    }

    /// Nothing more comes.
    pub fn close(mut self) {
        self.write_notes();
        if let State::Failed { tried, .. } = &mut self.state {
            *tried = None;
            self.try_again();
            self.write_notes();
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
            let what = "internal error in the recorder; please report this".into();
            self.fail(plan, &JournalError::Broken { path, what });
        }
    }

    fn fail(&mut self, plan: Plan, error: &JournalError) {
        let (since, failed) = (self.clock.now(), self.clock.instant());
        tracing::error!("not recording; the wall continues in memory: {error}");
        self.tell(Recording::Failed { since, why: error.to_string().into() });
        self.state = State::Failed { plan, since, failed, tried: Some(failed) };
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
        let now = self.clock.instant();
        let State::Failed { plan, since, failed, tried } = &mut self.state else { return };
        if tried.is_some_and(|at| now.saturating_duration_since(at) < TRY_EVERY) {
            return;
        }
        *tried = Some(now);
        match plan.open().and_then(|journal| self.waiting.write(journal)) {
            Ok((journal, kept)) => {
                let gone = now.saturating_duration_since(*failed).as_secs();
                tracing::info!(
                    "recording again after {gone} s; {kept} mentions that arrived in the meantime were saved"
                );
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
                "{mentions} mentions are missing from the journal, and so will be all that arrive until it can be written again"
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
