//! The recorder: a thread between feeds and pulse that keeps what passes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::JoinHandle;

use arc_swap::ArcSwap;
use tokio::sync::mpsc;

use super::{Journal, JournalError, Plan};
use crate::clock::Clock;
use crate::mention::source::{Batch, Recording};

/// How a recorder begins.
pub enum Keeping {
    /// Nothing is to be kept: everything passes, and receipts are given as it does.
    Off,
    On(Box<Journal>),
    /// The wall goes on in memory; it is tried again every 30 s.
    Failed(Plan, JournalError),
}

impl Keeping {
    /// Opens the journal of `plan`, if there is one.
    pub fn start(plan: Option<Plan>) -> Self {
        match plan.map(|plan| (plan.open(), plan)) {
            None => Self::Off,
            Some((Ok(journal), _)) => Self::On(Box::new(journal)),
            Some((Err(error), plan)) => Self::Failed(plan, error),
        }
    }
}

/// What a recorder has done, for metrics.
#[derive(Debug, Default)]
pub struct Tally {
    /// Mentions that were new.
    pub kept: AtomicU64,
    /// Mentions that were known already, with the same words.
    pub repeats: AtomicU64,
    /// Mentions that passed while the journal could not be written and are not in it.
    pub unrecorded: AtomicU64,
    /// Size of the journal's files, bytes.
    pub bytes: AtomicU64,
}

/// A running recorder. It ends when all senders of its input are gone.
pub struct Recorder {
    pub tally: Arc<Tally>,
    thread: JoinHandle<()>,
}

impl Recorder {
    /// Waits until all that was sent is kept and the journal is closed. Drop the senders before, and
    /// never wait in an asynchronous task.
    pub fn join(self) {
        let _ = self.thread.join();
    }
}

/// Starts a recorder: batches go from `input` to `output` in order, on the way they are kept, and
/// `recording` tells how that goes.
pub fn spawn(
    keeping: Keeping,
    clock: Clock,
    mut input: mpsc::Receiver<Batch>,
    output: mpsc::Sender<Batch>,
    recording: Arc<ArcSwap<Recording>>,
) -> io::Result<Recorder> {
    let tally = Arc::<Tally>::default();
    let work = move || {
        let _ = (keeping, clock, recording);
        while let Some(mut batch) = input.blocking_recv() {
            batch.receipt.take().map(|receipt| receipt.send(()));
            if output.blocking_send(batch).is_err() {
                return;
            }
        }
    };
    let thread = std::thread::Builder::new().name("fishbowl-journal".into()).spawn(work)?;
    Ok(Recorder { tally, thread })
}
