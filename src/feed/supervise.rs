//! Keeps every feed alive: each runs in its own task, is restarted when it fails or panics, and
//! waits ever longer before it tries again.

use std::any::Any;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;

use super::adapter::{Adapter, Pace, adapter_of};
use super::backoff::Backoff;
use super::error::{FailureKind, FeedError};
use super::sender::{Closed, MentionSender};
use super::transport::secret;
use crate::clock::{Clock, Time};
use crate::layout::wall::Feed;
use crate::mention::source::{Batch, Health, Nature};

/// The running feeds; dropping this stops them.
#[derive(Debug)]
pub struct Feeds {
    tasks: Vec<JoinHandle<()>>,
    wake: Arc<Notify>,
}

impl Feeds {
    /// Tries at once what rests after a failure, but for what was asked to wait by its server.
    pub fn retry(&self) {
        self.wake.notify_waiters();
    }
}

impl Drop for Feeds {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Where each feed goes on, by its name in the layout: what the journal kept.
pub type Cursors = HashMap<String, Arc<str>>;

/// Starts every feed in a task of its own, each after its cursor where it has one. `out` should
/// hold [`super::QUEUE`] batches; feeds wait while it is full. A change of state comes as a batch without mentions.
pub fn spawn(
    feeds: &[Feed],
    cursors: &Cursors,
    clock: Clock,
    out: mpsc::Sender<Batch>,
    runtime: &Handle,
) -> Feeds {
    spawn_with(feeds, cursors, clock, out, runtime, &Pace::default())
}

/// Starts those feeds that tell nothing real, and says of the others why they wait; `why` in words
/// that a person can act on.
pub fn spawn_waiting(
    feeds: &[Feed],
    why: &Arc<str>,
    clock: Clock,
    out: mpsc::Sender<Batch>,
    runtime: &Handle,
) -> Feeds {
    let wake = Arc::<Notify>::default();
    let start = |(index, feed): (usize, &Feed)| {
        let mut sender = MentionSender::new(index, feed, clock.clone(), None, out.clone());
        if sender.state.nature != Nature::Live {
            return runtime.spawn(supervise(adapter(feed, &Pace::default()), sender, Pace::default()));
        }
        let health = Health::Down { since: clock.now(), why: why.clone() };
        runtime.spawn(async move {
            if sender.tell(health).await.is_ok() {
                sender.closed().await;
            }
        })
    };
    let tasks = feeds.iter().enumerate().map(start).collect();
    Feeds { tasks, wake }
}

/// As [`spawn`], at another pace.
pub fn spawn_with(
    feeds: &[Feed],
    cursors: &Cursors,
    clock: Clock,
    out: mpsc::Sender<Batch>,
    runtime: &Handle,
    pace: &Pace,
) -> Feeds {
    let wake = Arc::<Notify>::default();
    let start = |(index, feed): (usize, &Feed)| {
        let cursor = cursors.get(&feed.name).cloned();
        let mut sender = MentionSender::new(index, feed, clock.clone(), cursor, out.clone());
        sender.flush_every = pace.flush_every;
        sender.wake = wake.clone();
        runtime.spawn(supervise(adapter(feed, pace), sender, pace.clone()))
    };
    let tasks = feeds.iter().enumerate().map(start).collect();
    Feeds { tasks, wake }
}

fn adapter(feed: &Feed, pace: &Pace) -> Box<dyn Adapter> {
    adapter_of(&feed.spec, pace).unwrap_or_else(|| Box::new(Nobody(feed.spec.kind())))
}

/// Stands for a kind that was registered without an adapter.
struct Nobody(&'static str);

impl Adapter for Nobody {
    fn play<'a>(&'a mut self, _: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        let why = format!("there is no adapter for `{}`", self.0);
        Box::pin(async move { Err(FeedError::Final(why)) })
    }
}

/// Plays an adapter until its end or until nobody listens.
async fn supervise(mut adapter: Box<dyn Adapter>, mut sender: MentionSender, pace: Pace) {
    let mut backoff = Backoff::new(adapter.retry_policies(), pace.healthy_after, sender.clock.now());
    let mut since = None;
    loop {
        sender.begin();
        let attempt = AssertUnwindSafe(adapter.play(&mut sender)).catch_unwind();
        let (played, secrets) = secret::noting(attempt).await;
        let stop = match played {
            Ok(Ok(())) => return drop(sender.tell(Health::Ended).await),
            Ok(Err(stop)) => stop,
            Err(panic) => broke(&*panic),
        };
        let now = sender.clock.now();
        let lived = sender.lived();
        let since = *match lived {
            Some(_) => since.insert(now),
            None => since.get_or_insert(now),
        };
        let (fault, why, asked) = match stop {
            FeedError::Closed => return,
            FeedError::Failed { fault, why, wait } => (fault, why, wait),
            FeedError::Final(why) => {
                if fail(&mut sender, FailureKind::Refused, since, since, &why).await.is_err() {
                    return;
                }
                tokio::select! {
                    () = secrets.changed() => {}
                    () = sender.wake.notified() => {}
                    () = sender.closed() => return,
                }
                sender.state.restarts += 1;
                continue;
            }
        };
        let wait = backoff.next(fault, lived.unwrap_or_default(), asked);
        sender.state.next_try = Some(now + wait);
        if fail(&mut sender, fault, since, now + wait, &why).await.is_err() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(pace.stretch(wait)) => {}
            () = secrets.changed() => tracing::info!(feed = %sender.source(), "a secret has changed"),
            () = sender.wake.notified(), if fault != FailureKind::Throttled => {}
        }
        sender.state.restarts += 1;
    }
}

/// Tells that the feed is down, throttled or refused: since when, and until when it rests.
async fn fail(
    sender: &mut MentionSender,
    fault: FailureKind,
    since: Time,
    until: Time,
    why: &str,
) -> Result<(), Closed> {
    tracing::warn!(feed = %sender.source(), ?fault, why, "feed is down");
    let why = why.into();
    sender
        .tell(match fault {
            FailureKind::Network | FailureKind::Server => Health::Down { since, why },
            FailureKind::Throttled => Health::Throttled { until, why },
            FailureKind::Refused => Health::Refused { since, why },
        })
        .await
}

fn broke(panic: &(dyn Any + Send)) -> FeedError {
    let why = format!("its adapter crashed: {}; please report this", words(panic));
    FeedError::of(FailureKind::Server, why)
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}

#[cfg(test)]
mod tests;
