//! The wall's end of a test: runs feeds and collects what they hand over.

use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::{Clock, Time};
use fishbowl::feed::kinds::{NdjsonTable, SseTable};
use fishbowl::feed::{Cursors, Feeds, Pace, QUEUE, spawn_with};
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::source::{Batch, Health};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::server::Act;

/// No test waits longer for anything.
pub const LIMIT: Duration = Duration::from_secs(20);

/// The head of a stream of newline-delimited JSON.
pub const NDJSON: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n";
/// The head of a stream of events.
pub const SSE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n";

/// The client's end of a test.
pub struct Client {
    pub batches: mpsc::Receiver<Batch>,
    _feeds: Feeds,
    pub seen: Vec<Batch>,
}

impl Client {
    pub fn start(feeds: &[Feed]) -> Self {
        Self::with_queue(feeds, QUEUE)
    }

    pub fn with_queue(feeds: &[Feed], queue: usize) -> Self {
        Self::with_clock(feeds, queue, Clock::system())
    }

    pub fn with_clock(feeds: &[Feed], queue: usize, clock: Clock) -> Self {
        let (out, batches) = mpsc::channel(queue);

        let feeds = spawn_with(feeds, &Cursors::default(), clock, out, &Handle::current(), &hurry());
        Self { batches, _feeds: feeds, seen: Vec::new() }
    }

    /// One feed that goes on after a cursor, as after a restart.
    pub fn after(feed: Feed, cursor: &str) -> Self {
        let (out, batches) = mpsc::channel(QUEUE);
        let cursors = Cursors::from([(feed.name.clone(), Arc::from(cursor))]);
        let feeds = spawn_with(&[feed], &cursors, Clock::system(), out, &Handle::current(), &hurry());
        Self { batches, _feeds: feeds, seen: Vec::new() }
    }

    /// The last cursor that was handed over.
    pub fn cursor(&self) -> Option<String> {
        self.seen.iter().rev().find_map(|batch| batch.cursor.as_deref().map(str::to_owned))
    }

    /// Receives until `enough` of what was received, or panics at the time limit.
    pub async fn until(&mut self, enough: impl Fn(&[Batch]) -> bool) {
        let all = async {
            while !enough(&self.seen) {
                self.seen.push(self.batches.recv().await.expect("the feeds still run"));
            }
        };
        if timeout(LIMIT, all).await.is_err() {
            panic!("not within {LIMIT:?}: {:#?}", self.seen.iter().map(|b| &b.state).collect::<Vec<_>>());
        }
    }

    pub fn uids(&self) -> Vec<String> {
        uids(&self.seen)
    }

    pub fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<_> = self.seen.iter().filter_map(down).collect();
        reasons.dedup();
        reasons
    }

    pub fn garbage(&self) -> u64 {
        self.seen.last().map_or(0, |batch| batch.state.garbage)
    }
}

/// Waits of a minute last 30 ms, a watchdog bears a fiftieth, and a server has 2 s to answer.
pub fn hurry() -> Pace {
    let connect_within = Duration::from_secs(2);
    Pace { stretch: 0.0005, patience: 0.02, connect_within, ..Pace::default() }
}

pub fn uids(batches: &[Batch]) -> Vec<String> {
    batches.iter().flat_map(|b| &b.mentions).map(|m| m.uid.to_string()).collect()
}

pub fn newest(batches: &[Batch]) -> Time {
    batches.iter().flat_map(|b| &b.mentions).map(|m| m.ts).max().unwrap_or_default()
}

/// Why the feed is down, throttled or refused.
pub fn down(batch: &Batch) -> Option<String> {
    match &batch.state.health {
        Health::Down { why, .. } | Health::Throttled { why, .. } | Health::Refused { why, .. } => {
            Some(why.to_string())
        }
        _ => None,
    }
}

pub fn sse(url: String) -> FeedSpec {
    FeedSpec::from(SseTable { url, ..SseTable::default() })
}

pub fn ndjson(url: String) -> FeedSpec {
    FeedSpec::from(NdjsonTable { url, ..NdjsonTable::default() })
}

pub fn feed(spec: FeedSpec) -> Feed {
    Feed { name: "feed".into(), stale_after: LIMIT * 50, spec }
}

pub fn line(uid: &str) -> String {
    format!("{{\"uid\":\"{uid}\",\"text\":\"電池 #{uid}\"}}\n")
}

pub fn event(id: &str) -> String {
    format!("id: {id}\ndata: {}\n", line(id))
}

pub fn chunk(text: impl Into<Vec<u8>>) -> Act {
    Act::Chunk(text.into())
}
