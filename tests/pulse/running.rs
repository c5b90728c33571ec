//! The task that keeps the pulse going.

use std::sync::Arc;

use fishbowl::clock::Clock;
use fishbowl::pulse::snapshot::Snapshot;
use fishbowl::pulse::{PUBLISH_EVERY, Pulse, run};
use tokio::sync::mpsc;

use crate::make::{live, mention, past, secs, wall};

#[test]
fn publications_come_soon_keep_their_distance_and_go_on_while_the_past_comes_in() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let clock = Clock::system();
    let pulse = Pulse::new(&wall(&[]), clock.now()).expect("a right wall");
    let (feed, batches) = mpsc::channel(4);
    let (published, mut snapshots) = mpsc::unbounded_channel();
    let publish = move |new: Arc<Snapshot>| published.send(new).expect("the test listens");
    let task = runtime.spawn(run(pulse, clock.clone(), batches, publish));
    let all = runtime.block_on(async move {
        let now = clock.now();
        for batch in 0..6_u64 {
            let ids = batch * 1_000..(batch + 1) * 1_000;
            let old = ids.map(|id| mention(id, now - secs(60.0), "old words"));
            feed.send(past(old.collect())).await.expect("the pulse listens");
        }
        feed.send(live(vec![mention(9_999, now, "new")])).await.expect("the pulse listens");
        drop(feed);
        let mut all: Vec<Arc<Snapshot>> = Vec::new();
        while all.last().is_none_or(|s| s.folded < 6_001 || s.at < now + secs(1.0)) {
            all.push(snapshots.recv().await.expect("it goes on without feeds"));
        }
        all
    });
    task.abort();
    assert_eq!(all.last().map(|s| s.folded), Some(6_001));
    assert!(all[0].folded <= 1_000, "the first comes before the whole past");
    assert!(all.windows(2).all(|w| w[1].at.since(w[0].at) >= PUBLISH_EVERY));
}
