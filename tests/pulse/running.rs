//! The task that keeps the pulse going.

use std::sync::Arc;

use fishbowl::clock::Clock;
use fishbowl::layout::window::Window;
use fishbowl::mention::Mention;
use fishbowl::pulse::snapshot::Snapshot;
use fishbowl::pulse::{Inputs, Kept, PUBLISH_EVERY, Piece, Pulse, run};
use tokio::sync::mpsc;

use crate::make::{live, meant, mention, past, secs, wall};

#[test]
fn publications_come_soon_keep_their_distance_and_go_on_while_the_past_comes_in() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let clock = Clock::system();
    let pulse = Pulse::new(&wall(&[]), clock.now()).expect("a right wall");
    let (feed, batches) = mpsc::channel(4);
    let (published, mut snapshots) = mpsc::unbounded_channel();
    let publish = move |new: Arc<Snapshot>| published.send(new).expect("the test listens");
    let task = runtime.spawn(run(
        pulse,
        clock.clone(),
        Inputs { batches, past: None, notes: None, renewed: None, commands: None },
        publish,
    ));
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

/// Runs a pulse on what `tell` sends it, until a snapshot is as it should be, and gives that.
fn until(
    inputs: Inputs,
    tell: impl Future<Output = ()> + Send + 'static,
    is_right: impl Fn(&Snapshot) -> bool,
) -> Vec<Arc<Snapshot>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let clock = Clock::system();
    let pulse = Pulse::new(&wall(&[("aurora", "aurora")]), clock.now()).expect("a right wall");
    let (published, mut snapshots) = mpsc::unbounded_channel();
    let publish = move |new: Arc<Snapshot>| published.send(new).expect("the test listens");
    let task = runtime.spawn(run(pulse, clock, inputs, publish));
    let all = runtime.block_on(async move {
        tokio::spawn(tell);
        let mut all: Vec<Arc<Snapshot>> = Vec::new();
        while all.last().is_none_or(|s| !is_right(s)) {
            all.push(snapshots.recv().await.expect("it goes on without feeds"));
        }
        all
    });
    task.abort();
    all
}

#[test]
fn what_is_heard_now_does_not_wait_for_the_past() {
    const PIECES: u64 = 40;
    let now = Clock::system().now();
    let (feed, batches) = mpsc::channel(8);
    let (journal, past) = mpsc::channel(PIECES as usize);
    let keep = |id: u64| Kept {
        mention: Mention { source: "demo".into(), ..mention(id, now - secs(30.0), "aurora") },
        digest: None,
        counted: true,
        set_by: 0,
    };
    for piece in 0..PIECES {
        let kept = (0..256).map(|i| keep(piece * 256 + i)).collect();
        journal.try_send(Piece { kept, ..Piece::default() }).expect("there is room");
    }
    feed.try_send(live(vec![mention(1_000_000, now, "aurora now")])).expect("there is room");
    drop(journal);
    let told = PIECES * 256 + 1;
    let done = |s: &Snapshot| !s.catching_up && s.all.counts.over(Window::M5).mentions == told;
    // The feed stays until the end.
    let tell = async move {
        std::future::pending::<()>().await;
        drop(feed)
    };
    let all =
        until(Inputs { batches, past: Some(past), notes: None, renewed: None, commands: None }, tell, done);
    assert_eq!((all[0].folded, all[0].catching_up), (1, true), "it waited for the past");
    assert!(all[0].all.counts.over(Window::M5).mentions < told);
    assert!(all.last().is_some_and(|s| s.topics[0].counts.over(Window::M5).mentions == told));
}

#[test]
fn a_flood_thins_the_words_and_no_count() {
    const BATCHES: u64 = 200;
    let now = Clock::system().now();
    let (feed, batches) = mpsc::channel(8);
    let tell = async move {
        for batch in 0..BATCHES {
            let ids = batch * 1_000..(batch + 1) * 1_000;
            let mentions = ids.map(|id| meant(mention(id, now, &format!("aurora word{id}")), 0.5)).collect();
            assert!(feed.max_capacity() - feed.capacity() <= 8);
            feed.send(live(mentions)).await.expect("the pulse listens");
        }
    };
    let all = until(Inputs { batches, past: None, notes: None, renewed: None, commands: None }, tell, |s| {
        s.folded == BATCHES * 1_000
    });
    let last = all.last().expect("published");
    for stream in [&last.all, &last.topics[0]] {
        let tally = stream.counts.over(Window::M5);
        assert_eq!((tally.mentions, tally.positive), (BATCHES * 1_000, BATCHES * 1_000));
    }
    assert!(last.thinned > BATCHES * 100 && last.thinned < BATCHES * 1_000, "{}", last.thinned);
    assert!(
        last.thinned_percent >= 10 && !last.all.latest.is_empty() && !last.all.ranked.hour.terms.is_empty()
    );
}

/// What the wall of a fault lost half of: a few mentions of many feeds at one instant, with changes of
/// state between them.
#[test]
fn many_feeds_that_speak_at_once_are_no_flood() {
    const FEEDS: u64 = 64;
    let now = Clock::system().now();
    let (feed, batches) = mpsc::channel(4);
    let tell = async move {
        for id in 0..FEEDS * 12 {
            feed.send(live(vec![mention(id, now, "aurora")])).await.expect("the pulse listens");
            feed.send(live(Vec::new())).await.expect("the pulse listens");
        }
    };
    let all = until(Inputs { batches, past: None, notes: None, renewed: None, commands: None }, tell, |s| {
        s.folded == FEEDS * 12
    });
    assert_eq!(all.last().map(|s| (s.thinned, s.thinned_percent)), Some((0, 0)));
}
