//! Running feeds behind which a journal does as it is told.

use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::Clock;
use fishbowl::feed::{Feeds, Pace, QUEUE, spawn_with};
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::source::{Batch, FeedState, Health, Sample};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

/// No test waits longer for anything.
pub const LIMIT: Duration = Duration::from_secs(20);

/// What the journal does with batches that want a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disk {
    Keeps,
    Fails,
    /// Takes them and is not done yet.
    Works,
}

/// What came out of the feeds.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    pub uids: Vec<String>,
    pub samples: Vec<Sample>,
    /// The last cursor of each feed that was kept.
    pub cursors: Vec<Option<Arc<str>>>,
    pub states: Vec<Option<FeedState>>,
}

impl Heard {
    pub fn state(&self, feed: usize) -> Option<&FeedState> {
        self.states.get(feed)?.as_ref()
    }

    /// Why a feed is not live.
    pub fn why(&self, feed: usize) -> Option<String> {
        match &self.state(feed)?.health {
            Health::Down { why, .. } | Health::Refused { why, .. } => Some(why.to_string()),
            _ => None,
        }
    }
}

/// Running feeds and their journal.
pub struct Wall {
    pub feeds: Option<Feeds>,
    pub disk: watch::Sender<Disk>,
    heard: watch::Receiver<Heard>,
}

impl Wall {
    pub fn start(feeds: &[Feed]) -> Self {
        let (out, batches) = mpsc::channel(QUEUE);

        let pace = Pace { stretch: 0.01, ..Pace::default() };
        let feeds = spawn_with(feeds, &Default::default(), Clock::system(), out, &Handle::current(), &pace);
        let (disk, orders) = watch::channel(Disk::Keeps);
        let (tell, heard) = watch::channel(Heard::default());
        tokio::spawn(journal(batches, orders, tell));
        Self { feeds: Some(feeds), disk, heard }
    }

    /// Waits for something to be heard.
    pub async fn until(&mut self, enough: impl FnMut(&Heard) -> bool) -> Heard {
        let heard = timeout(LIMIT, self.heard.wait_for(enough)).await;
        if let Ok(heard) = heard {
            return heard.expect("the journal runs").clone();
        }
        drop(heard);
        panic!("not within {LIMIT:?}: {:#?}", self.heard.borrow())
    }

    /// Waits until feeds are called.
    pub async fn live(&mut self, feeds: usize) {
        let live = |heard: &Heard, feed| heard.state(feed).is_some_and(|s| s.health == Health::Live);
        self.until(|heard| (0..feeds).all(|feed| live(heard, feed))).await;
    }
}

async fn journal(
    mut batches: mpsc::Receiver<Batch>,
    mut disk: watch::Receiver<Disk>,
    tell: watch::Sender<Heard>,
) {
    while let Some(batch) = batches.recv().await {
        tell.send_modify(|heard| {
            heard.uids.extend(batch.mentions.iter().map(|m| m.uid.to_string()));
            heard.samples.extend(batch.samples);
            heard.cursors.resize(heard.cursors.len().max(batch.feed + 1), None);
            if let Some(cursor) = batch.cursor {
                heard.cursors[batch.feed] = Some(cursor);
            }
            heard.states.resize(heard.states.len().max(batch.feed + 1), None);
            heard.states[batch.feed] = Some(batch.state);
        });
        let Some(receipt) = batch.receipt else { continue };
        let order = *disk.wait_for(|order| *order != Disk::Works).await.expect("the test runs");
        if order == Disk::Keeps {
            let _ = receipt.send(());
        }
    }
}

/// A feed of the layout.
pub fn feed(name: &str, spec: FeedSpec) -> Feed {
    Feed { name: name.into(), stale_after: LIMIT, spec }
}
