//! Feeds are started again, and what they tell meanwhile.

use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::feed::kinds::SseTable;
use crate::layout::feed::FeedSpec;
use crate::layout::feed::Secret;
use futures_util::future::BoxFuture;

fn quick() -> Pace {
    Pace { stretch: 0.001, ..Pace::default() }
}

fn sender(out: mpsc::Sender<Batch>) -> MentionSender {
    let stale_after = Duration::from_secs(60);
    let feed = Feed { name: "brittle".into(), stale_after, spec: FeedSpec::from(SseTable::default()) };
    MentionSender::new(0, &feed, Clock::system(), None, out)
}

/// Panics, fails twice, lives, and comes to its end.
struct Brittle(u32);

impl Adapter for Brittle {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.0 += 1;
        let attempt = self.0;
        async move {
            match attempt {
                1 => panic!("index out of range"),
                2 | 3 => Err(FeedError::failed("no route")),
                _ => Ok(sender.tell(Health::Live).await?),
            }
        }
        .boxed()
    }
}

#[tokio::test]
async fn a_panic_is_told_and_the_feed_goes_on() {
    let (out, mut batches) = mpsc::channel(8);
    let task = supervise(Box::new(Brittle(0)), sender(out), quick());
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
    told.dedup();
    assert_eq!(
        told,
        ["its adapter crashed: index out of range; please report this", "no route", "Live", "Ended"]
    );
    assert_eq!(sinces[0], sinces[1], "it is down since the first failure");
}

/// Fails in each way, one after the other.
struct Failing(u32);

impl Adapter for Failing {
    fn play<'a>(&'a mut self, _: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.0 += 1;
        let stop = match self.0 {
            1 => FeedError::of(FailureKind::Server, "a fault"),
            2 => FeedError::of(FailureKind::Throttled, "too many").after(Some(Duration::from_secs(100))),
            3 => FeedError::of(FailureKind::Refused, "no token"),
            4 => FeedError::Final("evicted".into()),
            _ => FeedError::failed("no route"),
        };
        async move { Err(stop) }.boxed()
    }
}

#[tokio::test]
async fn each_fault_is_told_as_what_it_is_and_the_final_one_is_the_last() {
    let (out, mut batches) = mpsc::channel(8);
    let start = Time::from_secs(1_800_000_000);
    let mut sender = sender(out);
    sender.clock = Clock::simulated(start);
    let wake = sender.wake.clone();
    let task = tokio::spawn(supervise(Box::new(Failing(0)), sender, quick()));
    let mut told = Vec::new();
    while told.len() < 4 {
        let batch = batches.recv().await.expect("it goes on");
        told.push((batch.state.health, batch.state.restarts));
    }
    let more = tokio::time::timeout(Duration::from_millis(50), batches.recv()).await;
    assert!(more.is_err(), "it is not tried again by itself");
    wake.notify_waiters();
    let again = tokio::time::timeout(Duration::from_secs(10), batches.recv()).await;
    let again = again.expect("in time").expect("it goes on");
    assert_eq!(again.state.restarts, 4, "it is tried when the layout was saved");
    drop(batches);
    task.await.expect("it ends when nobody listens");
    let refused = |why: &str| Health::Refused { since: start, why: why.into() };
    assert_eq!(told[0], (Health::Down { since: start, why: "a fault".into() }, 0));
    let Health::Throttled { until, .. } = &told[1].0 else { panic!("{told:?}") };
    assert!((100..111).contains(&until.since(start).as_secs()), "{until:?}");
    assert_eq!(told[2..], [(refused("no token"), 2), (refused("evicted"), 3)]);
}

/// Reads a token, and is content with the new one.
struct Asking(PathBuf);

impl Adapter for Asking {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        async move {
            let token = secret::read(&Secret::File(self.0.clone())).await?;
            match token.expose() {
                "new" => Ok(sender.tell(Health::Live).await?),
                _ => Err(FeedError::of(FailureKind::Refused, "the token is wrong")),
            }
        }
        .boxed()
    }
}

#[tokio::test]
async fn a_changed_secret_and_a_saved_layout_are_tried_at_once() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), "old").expect("it is writable");
    let (out, mut batches) = mpsc::channel(8);
    let sender = sender(out);
    let wake = sender.wake.clone();
    // A refusal rests for ten minutes.
    let task = tokio::spawn(supervise(Box::new(Asking(file.path().into())), sender, Pace::default()));
    let mut next = async || {
        let next = tokio::time::timeout(Duration::from_secs(10), batches.recv()).await;
        next.expect("in time").expect("it goes on").state
    };
    let refused = next().await;
    assert!(matches!(refused.health, Health::Refused { .. }) && refused.next_try.is_some(), "{refused:?}");
    tokio::task::yield_now().await;
    wake.notify_waiters();
    let again = next().await;
    assert!(matches!(again.health, Health::Refused { .. }) && again.restarts == 1, "the layout was saved");
    std::fs::write(file.path(), "new").expect("it is writable");
    let live = next().await;
    assert!(live.health == Health::Live && live.next_try.is_none(), "{live:?}");
    task.await.expect("it ends");
}
