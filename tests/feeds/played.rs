//! Feeds that are played by the wall's clock: demo and replay.

use std::time::Duration;

use fishbowl::clock::{Clock, Time};
use fishbowl::feed::kinds::{DemoTable, ReplayTable};
use fishbowl::feed::{QUEUE, recorded};
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::value::Lasting;
use fishbowl::mention::source::{Health, MAX_BATCH, Nature};

use crate::client::{Client, feed, newest, uids};

#[tokio::test]
async fn a_live_demo_brings_its_history_through_a_narrow_queue_and_goes_on() {
    let history = Lasting::from_secs(60);
    let spec = DemoTable { rate_per_s: 200.0, seed: 1, history, rhythm: false, care: None };
    let mut client = Client::with_queue(&[feed(FeedSpec::from(spec))], 1);
    client.until(|seen| seen.iter().any(|b| !b.backfill && !b.mentions.is_empty())).await;
    assert!(client.seen.iter().all(|b| b.mentions.len() <= MAX_BATCH && b.state.nature == Nature::Simulated));
    let all: Vec<_> = client.seen.iter().flat_map(|b| &b.mentions).collect();
    assert!(all.is_sorted_by_key(|m| m.ts));
    assert!((11_000..13_000).contains(&all.len()), "{}", all.len());
    assert_eq!(client.seen.last().map(|b| b.state.received), Some(all.len() as u64));
}

#[tokio::test]
async fn a_clock_that_is_set_neither_floods_nor_silences_a_demo() {
    let start = Time::from_secs(1_800_000_000);
    let spec = DemoTable {
        rate_per_s: 10.0,
        seed: 1,
        history: Lasting::from_secs(3_600),
        rhythm: false,
        care: None,
    };
    let clock = Clock::simulated(start);
    let mut client = Client::with_clock(&[feed(FeedSpec::from(spec))], QUEUE, clock.clone());
    client.until(|seen| newest(seen) > start - Duration::from_secs(5)).await;
    let ahead = start + Duration::from_secs(1_200);
    clock.set(ahead);
    client.until(|seen| newest(seen) > ahead - Duration::from_secs(5)).await;
    let mut uids = client.uids();
    assert!((46_000..50_000).contains(&uids.len()), "{}", uids.len());
    uids.sort();
    uids.dedup();
    assert_eq!(uids.len(), client.uids().len(), "nothing is told twice");
    let back = start - Duration::from_secs(86_400);
    clock.set(back);
    client.seen.clear();
    tokio::spawn(async move {
        for second in 1..600 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            clock.set(back + Duration::from_secs(second));
        }
    });
    let is_new = |ts: Time| ts > back && ts < back + Duration::from_secs(600);
    client.until(|seen| seen.iter().flat_map(|batch| &batch.mentions).any(|m| is_new(m.ts))).await;
}

#[tokio::test]
async fn a_recording_plays_the_same_live_and_simulated() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/jetstream.jsonl");
    let feeds = [feed(FeedSpec::from(ReplayTable {
        file: file.into(),
        speed: 100.0,
        repeat: false,
        from: None,
        to: None,
    }))];
    let mut client = Client::start(&feeds);
    client.until(|seen| seen.last().is_some_and(|b| b.state.health == Health::Ended)).await;
    let start = Time::from_secs(1_800_000_000);
    let mut run = recorded(&feeds, start).expect("the file is there");
    let simulated: Vec<_> = run.until(start + Duration::from_secs(60)).collect();
    assert_eq!(client.uids(), uids(&simulated));
    assert_eq!(simulated.last().map(|b| &b.state.health), Some(&Health::Ended));
    assert!(matches!(simulated[0].state.nature, Nature::Replay(moment) if moment.as_secs() == 1_783_175_888));
}
