//! Keeps every feed alive: each runs in its own task, is restarted when it fails or panics, and
//! waits ever longer before it tries again.

use std::any::Any;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
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
use super::services;
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
    /// Nobody listens any more.
    Closed,
    Failed {
        fault: Fault,
        /// In words that a person can act on, without secrets.
        why: String,
        /// What the server asks for, at least.
        wait: Option<Duration>,
    },
    /// It must not be tried again until the layout or the program is started anew; in words that
    /// a person can act on.
    Final(String),
}

/// What kind of failure it was; each has its own ladder of waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No connection, or one that broke or fell silent.
    Network,
    /// The server answers with an error of its own, or with something that is not the protocol.
    Server,
    /// Too many calls.
    Throttled,
    /// The server will not have us: a person must act.
    Refused,
}

impl Stop {
    /// The network failed.
    pub fn failed(why: impl Into<String>) -> Self {
        Self::of(Fault::Network, why)
    }

    pub fn of(fault: Fault, why: impl Into<String>) -> Self {
        Self::Failed { fault, why: why.into(), wait: None }
    }

    /// The same after at least `wait`.
    pub fn after(self, at_least: Option<Duration>) -> Self {
        match self {
            Self::Failed { fault, why, wait } => Self::Failed { fault, why, wait: wait.max(at_least) },
            other => other,
        }
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

/// Where each feed goes on, by its name in the layout: what the journal kept.
pub type Cursors = HashMap<String, Arc<str>>;

/// Starts every feed in a task of its own, each after its cursor where it has one. `out` should hold [`super::QUEUE`] batches; feeds wait
/// while it is full. A change of state comes as a batch without mentions.
pub fn spawn(
    feeds: &[Feed],
    cursors: &Cursors,
    clock: Clock,
    out: mpsc::Sender<Batch>,
    runtime: &Handle,
) -> Feeds {
    spawn_with(feeds, cursors, clock, out, runtime, &Pace::default())
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
    let start = |(index, feed): (usize, &Feed)| {
        let cursor = cursors.get(&feed.name).cloned();
        let outlet = Outlet::new(index, feed, clock.clone(), cursor, out.clone());
        runtime.spawn(supervise(adapter(feed, pace), outlet, pace.clone()))
    };
    Feeds { tasks: feeds.iter().enumerate().map(start).collect() }
}

fn adapter(feed: &Feed, pace: &Pace) -> Box<dyn Adapter> {
    match &feed.spec {
        spec @ (FeedSpec::Demo(_) | FeedSpec::Replay(_)) => Box::new(Playing::new(spec, pace)),
        FeedSpec::Ndjson(stream) => Box::new(Stream::new(stream, Framing::Ndjson, pace)),
        FeedSpec::Sse(stream) => Box::new(Stream::new(stream, Framing::Sse, pace)),
        FeedSpec::Service(service) => services::adapter(service, pace),
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
        let (why, wait) = match stop {
            Stop::Closed => return,
            Stop::Failed { why, wait, .. } => (why, wait),
            Stop::Final(why) => return drop(fail(&mut outlet, &why).await),
        };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::wall::StreamSpec;

    fn quick() -> Pace {
        let wait = Duration::from_millis(2);
        Pace { first_wait: wait, longest_wait: wait, ..Pace::default() }
    }

    fn outlet(out: mpsc::Sender<Batch>) -> Outlet {
        let stream = StreamSpec {
            url: String::new(),
            headers: Default::default(),
            token_env: None,
            token_file: None,
            map: None,
        };
        let stale_after = Duration::from_secs(60);
        let feed = Feed { name: "brittle".into(), stale_after, spec: FeedSpec::Sse(stream) };
        Outlet::new(0, &feed, Clock::system(), None, out)
    }

    /// Panics, fails twice, lives, and comes to its end.
    struct Brittle(u32);

    impl Adapter for Brittle {
        fn play<'a>(&'a mut self, outlet: &'a mut Outlet) -> BoxFuture<'a, Result<(), Stop>> {
            self.0 += 1;
            let attempt = self.0;
            async move {
                match attempt {
                    1 => panic!("index out of range"),
                    2 | 3 => Err(Stop::failed("no route")),
                    _ => Ok(outlet.tell(Health::Live).await?),
                }
            }
            .boxed()
        }
    }

    #[tokio::test]
    async fn a_panic_is_told_and_the_feed_goes_on() {
        let (out, mut batches) = mpsc::channel(8);
        let task = supervise(Box::new(Brittle(0)), outlet(out), quick());
        tokio::time::timeout(Duration::from_secs(10), task).await.expect("it ends after four attempts");
        let mut told = Vec::new();
        let mut sinces = Vec::new();
        while let Some(batch) = batches.recv().await {
            told.push(match batch.state.health {
                Health::Down { why, since } => {
                    sinces.push(since);
                    why.to_string()
                }
                other => format!("{other:?}"),
            });
        }
        assert_eq!(
            told,
            ["its adapter broke: index out of range; please report this", "no route", "Live", "Ended"]
        );
        assert_eq!(sinces[0], sinces[1], "it is down since the first failure");
    }

    #[test]
    fn waits_grow_with_jitter_to_a_limit_and_begin_anew_after_health() {
        let pace = Pace::default();
        let mut backoff = Backoff::new(&pace, Time::default());
        let waits: Vec<_> = (0..200).map(|_| backoff.next(Duration::ZERO, None)).collect();
        assert!(waits[0] <= pace.first_wait && waits[1] <= pace.first_wait * 2);
        assert!(waits.iter().all(|wait| *wait <= pace.longest_wait));
        assert!(waits[20..].iter().any(|wait| *wait > pace.longest_wait / 2));
        assert!(backoff.next(pace.healthy_after, None) <= pace.first_wait);
        let asked = Duration::from_secs(90);
        assert_eq!(backoff.next(Duration::ZERO, Some(asked)), asked);
    }
}
