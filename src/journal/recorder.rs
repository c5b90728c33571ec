//! The recorder: a thread between feeds and pulse that keeps what passes.
//!
//! It takes what lies in its queue, at most every 10 ms, keeps it in one transaction, gives the
//! receipts and hands the batches on. When the journal fails, the batches go on as they are.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use super::desk::Desk;
use super::keeping::{Keeping, Tally};
use super::waiting::{ENOUGH, size};
use crate::clock::Clock;
use crate::mention::source::{Batch, Note, Recording};

/// Shortest time between two transactions.
const COMMIT_EVERY: Duration = Duration::from_millis(10);
/// Longest time without a look at what is due.
const TEND_EVERY: Duration = Duration::from_millis(500);
/// Batches that are enough for a transaction.
const ENOUGH_BATCHES: usize = 256;

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
