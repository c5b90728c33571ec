//! The recorder: a thread between feeds and pulse that keeps what passes.
//!
//! It takes what lies in its queue, at most every 10 ms, keeps it in one transaction, gives the
//! receipts and hands the batches on. When the journal fails, the batches go on as they are.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::JoinHandle;
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use super::desk::Desk;
use super::waiting::size;
use super::{Journal, JournalError, Plan, Substitute};
use crate::clock::Clock;
use crate::mention::source::{Batch, Note, Recording};

/// Shortest time between two transactions.
const COMMIT_EVERY: Duration = Duration::from_millis(10);
/// Longest time without a look at what is due.
const TEND_EVERY: Duration = Duration::from_millis(500);
/// Mentions, engagements and numbers that are enough for a transaction, long ones counted as by
/// [`size`].
pub(super) const ENOUGH: usize = 8_192;
/// Batches that are enough for a transaction.
const ENOUGH_BATCHES: usize = 256;

/// How a recorder begins.
pub enum Keeping {
    /// Nothing is to be kept: everything passes, and receipts are given as it does.
    Off,
    On(Box<Journal>),
    /// The wall goes on in memory; it is tried again every 30 s. What can be read lies in the
    /// substitute, if there is one.
    Failed(Plan, JournalError, Option<Substitute>),
}

impl Keeping {
    /// Opens the journal of `plan`, if there is one.
    pub fn start(plan: Option<Plan>) -> Self {
        match plan.map(|plan| (plan.open(), plan)) {
            None => Self::Off,
            Some((Ok(journal), _)) => Self::On(Box::new(journal)),
            Some((Err(error), plan)) => Self::failed(plan, error),
        }
    }

    /// A journal that cannot be written because of `error`.
    pub fn failed(plan: Plan, error: JournalError) -> Self {
        use JournalError::{Broken, Damaged, Denied, Foreign};
        let is_unreadable = matches!(error, Foreign(_) | Damaged { .. } | Denied { .. } | Broken { .. });
        let substitute = is_unreadable.then(|| Substitute::of(&plan.settings.path)).flatten();
        let error = match (error, &substitute) {
            (Foreign(path) | Denied { path, .. }, Some(_)) => {
                Damaged { path, what: "its first page or one of the files beside it".into() }
            }
            (error, _) => error,
        };
        Self::Failed(plan, error, substitute)
    }
}

/// What a recorder has done, for metrics.
#[derive(Debug, Default)]
pub struct Tally {
    /// Mentions that were new.
    pub kept: AtomicU64,
    /// Mentions that were known already, with the same words or newer ones.
    pub repeats: AtomicU64,
    /// Mentions that passed while the journal could not be written and are not in it.
    pub unrecorded: AtomicU64,
    /// Size of the journal's file, bytes.
    pub bytes: AtomicU64,
    /// Why nothing is deleted for its age, when the clock is doubted; in words.
    pub doubt: ArcSwapOption<String>,
}

/// A running recorder. It ends when all senders of its input are gone, or nobody takes its output.
pub struct Recorder {
    pub tally: Arc<Tally>,
    thread: JoinHandle<()>,
}

impl Recorder {
    /// Waits until all that was sent is kept and the journal is closed. Drop the senders before, and
    /// never wait in an asynchronous task.
    pub fn join(self) {
        if self.thread.join().is_err() {
            tracing::error!("internal error in the recorder; please report this");
        }
    }
}

/// Starts a recorder: batches go from `input` to `output` in order, on the way they are kept, and
/// `recording` tells how that goes. What comes through `notes` is kept, too.
pub fn spawn(
    keeping: Keeping,
    clock: Clock,
    input: mpsc::Receiver<Batch>,
    notes: mpsc::Receiver<Vec<Note>>,
    output: mpsc::Sender<Batch>,
    recording: Arc<ArcSwap<Recording>>,
) -> io::Result<Recorder> {
    let tally = Arc::<Tally>::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let desk = Desk::new(keeping, clock, recording, tally.clone());
    let work = move || runtime.block_on(record(desk, input, notes, output));
    let thread = std::thread::Builder::new().name("fishbowl-journal".into()).spawn(work)?;
    Ok(Recorder { tally, thread })
}

async fn record(
    mut desk: Desk,
    mut input: mpsc::Receiver<Batch>,
    mut notes: mpsc::Receiver<Vec<Note>>,
    output: mpsc::Sender<Batch>,
) {
    loop {
        tokio::select! {
            biased;
            first = input.recv() => {
                let Some(first) = first else { break };
                let mut batches = gather(&desk, first, &mut input).await;
                // The digest is another's code; whatever it does, the wall goes on.
                if catch_unwind(AssertUnwindSafe(|| desk.keep(&mut batches))).is_err() {
                    desk.give_up(&mut batches);
                }
                if pass(batches, &output).await.is_err() {
                    break;
                }
                // They have their turn while batches come without end.
                notes.try_recv().into_iter().for_each(|told| note(&mut desk, told));
            }
            Some(told) = notes.recv() => note(&mut desk, told),
            () = sleep(TEND_EVERY) => {
                if catch_unwind(AssertUnwindSafe(|| desk.tend())).is_err() {
                    desk.give_up(&mut []);
                }
            }
        }
    }
    while let Ok(told) = notes.try_recv() {
        note(&mut desk, told);
    }
    desk.close();
}

fn note(desk: &mut Desk, told: Vec<Note>) {
    if catch_unwind(AssertUnwindSafe(|| desk.note(told))).is_err() {
        desk.give_up(&mut []);
    }
}

/// Takes what comes until a transaction is due or full.
async fn gather(desk: &Desk, first: Batch, input: &mut mpsc::Receiver<Batch>) -> Vec<Batch> {
    let mut entries = size(&first);
    let mut batches = vec![first];
    while entries < ENOUGH && batches.len() < ENOUGH_BATCHES {
        let next = match input.try_recv() {
            Ok(next) => Some(next),
            Err(_) => timeout(desk.rest(COMMIT_EVERY), input.recv()).await.ok().flatten(),
        };
        let Some(next) = next else { break };
        entries += size(&next);
        batches.push(next);
    }
    batches
}

/// Hands batches to the pulse; what still has its receipt is as safe as it gets.
async fn pass(
    batches: Vec<Batch>,
    output: &mpsc::Sender<Batch>,
) -> Result<(), mpsc::error::SendError<Batch>> {
    for mut batch in batches {
        let receipt = batch.receipt.take();
        output.send(batch).await?;
        // Nobody may wait any more.
        let _ = receipt.map(|receipt| receipt.send(()));
    }
    Ok(())
}
