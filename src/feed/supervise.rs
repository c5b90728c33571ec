//! Keeps every feed alive: each runs in its own task, is restarted when it fails or panics, and
//! waits ever longer before it tries again.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::http::{Framing, Stream};
use super::outlet::{Closed, Outlet};
use super::play::Playing;
use crate::clock::{Clock, Time};
use crate::layout::wall::{Feed, FeedSpec};
use crate::mention::source::{Batch, Health};

/// The times that govern waiting; tests shorten them.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Mentions wait at most this long for company.
    pub flush_every: Duration,
    /// The first wait after a failure is up to this long; it doubles with each further one.
    pub first_wait: Duration,
    pub longest_wait: Duration,
    /// A feed that was live for this long has recovered: the next wait is a first one.
    pub healthy_after: Duration,
    /// A server that has not answered by then is given up.
    pub connect_within: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            flush_every: Duration::from_millis(20),
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(30),
            healthy_after: Duration::from_secs(60),
            connect_within: Duration::from_secs(10),
        }
    }
}

/// Why an adapter stopped before its end.
#[derive(Debug)]
pub(super) enum Stop {
    Closed,
    Failed {
        /// In words that a person can act on, without secrets.
        why: String,
        /// What the server asks for.
        wait: Option<Duration>,
    },
}

impl Stop {
    pub fn failed(why: impl Into<String>) -> Self {
        Self::Failed { why: why.into(), wait: None }
    }
}

impl From<Closed> for Stop {
    fn from(_: Closed) -> Self {
        Self::Closed
    }
}

/// One source's protocol. `Ok` is an end for good; a failure is tried again with the same adapter.
pub(super) trait Adapter: Send {
    fn play<'a>(&'a mut self, outlet: &'a mut Outlet) -> BoxFuture<'a, Result<(), Stop>>;
}

/// The running feeds; dropping this stops them.
#[derive(Debug)]
pub struct Feeds {
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Feeds {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Starts every feed in a task of its own. `out` should hold [`super::QUEUE`] batches; feeds wait
/// while it is full. A change of state comes as a batch without mentions.
pub fn spawn(feeds: &[Feed], clock: Clock, out: mpsc::Sender<Batch>, runtime: &Handle) -> Feeds {
    spawn_with(feeds, clock, out, runtime, &Pace::default())
}

/// As [`spawn`], at another pace.
pub fn spawn_with(
    feeds: &[Feed],
    clock: Clock,
    out: mpsc::Sender<Batch>,
    runtime: &Handle,
    pace: &Pace,
) -> Feeds {
    let start = |(index, feed): (usize, &Feed)| {
        let outlet = Outlet::new(index, feed, clock.clone(), out.clone());
        runtime.spawn(supervise(adapter(feed, pace), outlet, pace.clone()))
    };
    Feeds { tasks: feeds.iter().enumerate().map(start).collect() }
}

fn adapter(feed: &Feed, pace: &Pace) -> Box<dyn Adapter> {
    match &feed.spec {
        spec @ (FeedSpec::Demo(_) | FeedSpec::Replay(_)) => Box::new(Playing::new(spec, pace)),
        FeedSpec::Ndjson(stream) => Box::new(Stream::new(stream, Framing::Ndjson, pace)),
        FeedSpec::Sse(stream) => Box::new(Stream::new(stream, Framing::Sse, pace)),
    }
}

/// Plays an adapter until its end or until nobody listens.
async fn supervise(mut adapter: Box<dyn Adapter>, mut outlet: Outlet, pace: Pace) {
    let mut backoff = Backoff::new(&pace, outlet.clock.now());
    loop {
        let begun = outlet.clock.now();
        let played = AssertUnwindSafe(adapter.play(&mut outlet)).catch_unwind().await;
        let stop = match played {
            Ok(Ok(())) => return drop(outlet.tell(Health::Ended).await),
            Ok(Err(stop)) => stop,
            Err(panic) => Stop::failed(format!("its adapter broke: {}; please report this", words(&*panic))),
        };
        let Stop::Failed { why, wait } = stop else { return };
        let lived = outlet.clock.now().since(begun);
        let pause = backoff.next(lived, wait);
        if fail(&mut outlet, &why).await.is_err() {
            return;
        }
        tokio::time::sleep(pause).await;
    }
}

/// Tells that the feed is down, since the first failure of the row.
async fn fail(outlet: &mut Outlet, why: &str) -> Result<(), Closed> {
    let since = match &outlet.state.health {
        Health::Down { since, .. } => *since,
        _ => outlet.clock.now(),
    };
    tracing::warn!(feed = %outlet.source(), why, "feed is down");
    outlet.tell(Health::Down { since, why: why.into() }).await
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}

/// Full jitter: a random part of a limit that doubles with each failure.
#[derive(Debug)]
struct Backoff {
    pace: Pace,
    failures: u32,
    dice: Pcg64Mcg,
}

impl Backoff {
    fn new(pace: &Pace, now: Time) -> Self {
        Self { pace: pace.clone(), failures: 0, dice: Pcg64Mcg::seed_from_u64(now.0 as u64) }
    }

    /// How long to wait after an attempt that `lived` this long; at least as long as `asked`.
    fn next(&mut self, lived: Duration, asked: Option<Duration>) -> Duration {
        if lived >= self.pace.healthy_after {
            self.failures = 0;
        }
        let doubled = self.pace.first_wait.saturating_mul(1 << self.failures.min(16));
        self.failures += 1;
        let limit = doubled.min(self.pace.longest_wait);
        limit.mul_f64(self.dice.random()).max(asked.unwrap_or_default())
    }
}
