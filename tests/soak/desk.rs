//! Behind the wall: a feed, its journal, and the pulse.

use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::{Clock, Time};
use fishbowl::feed::{self, Recorded};
use fishbowl::journal::{History, Journal, Plan, Settings};
use fishbowl::layout::wall::Wall;
use fishbowl::mention::Mention;
use fishbowl::mention::source::{Batch, FeedState, Nature};
use fishbowl::pulse::snapshot::Snapshot;
use fishbowl::pulse::{Digester, Kept, Pulse};
use tempfile::TempDir;

use super::fate::Fate;
use super::walls;

pub struct Desk {
    pub wall: Arc<Wall>,
    pub snapshot: Arc<Snapshot>,
    /// Mentions that came.
    pub heard: u64,
    clock: Clock,
    /// Seconds by which the clock is set off.
    off: i64,
    feeds: Recorded,
    state: FeedState,
    /// `None` only while it is opened again.
    journal: Option<Journal>,
    pulse: Pulse,
    folder: TempDir,
}

impl Desk {
    pub fn new(clock: Clock) -> Self {
        let (wall, folder) = (walls::good(0), tempfile::tempdir().expect("a temporary folder"));
        let (journal, pulse) = begin(&wall, &folder, &clock);
        Self {
            feeds: feed::recorded(&wall.feeds, clock.now()).expect("a demo"),
            state: FeedState::new("demo", Nature::Live, Duration::from_secs(60)),
            snapshot: Arc::default(),
            heard: 0,
            off: 0,
            journal: Some(journal),
            pulse,
            clock,
            wall,
            folder,
        }
    }

    /// Time passes until `now`, by a clock that was never set.
    pub fn hear(&mut self, now: Time, fate: &mut Fate) {
        let shown = Time(now.0 + self.off * 1_000_000_000);
        self.clock.set(shown);
        let tells = fate.tells(shown, &mut self.state);
        let mut mentions: Vec<Mention> = self.feeds.until(now).flat_map(|batch| batch.mentions).collect();
        for mention in &mut mentions {
            // What is said is dated by the clocks of others, and arrives by that of the wall.
            mention.received = Time(mention.received.0 + self.off * 1_000_000_000);
        }
        if !tells {
            mentions.clear();
        }
        self.heard += mentions.len() as u64;
        self.state.received += mentions.len() as u64;
        let mut batches = [Batch { mentions, ..Batch::of(0, self.state.clone()) }];
        let journal = self.journal.as_mut().expect("it is open");
        journal.keep(&mut batches).expect("it can be kept");
        batches.into_iter().for_each(|batch| self.pulse.fold(batch));
        self.publish();
        let journal = self.journal.as_mut().expect("it is open");
        journal.note(&self.pulse.notes()).expect("they can be kept");
        journal.tend().expect("it is there");
    }

    /// Tells what is known at the clock's present.
    pub fn publish(&mut self) {
        if let Some(snapshot) = self.pulse.publish(self.clock.now()) {
            self.snapshot = snapshot;
        }
    }

    /// The wall ends and comes back, and is told the past from its journal.
    pub fn restart(&mut self) {
        drop(self.journal.take());
        let (journal, pulse) = begin(&self.wall, &self.folder, &self.clock);
        (self.journal, self.pulse) = (Some(journal), pulse);
        self.publish();
    }

    /// The clock is set so many seconds off; the pulse begins anew then.
    pub fn set_clock(&mut self, now: Time, off: i64) {
        self.off = off;
        self.clock.set(Time(now.0 + off * 1_000_000_000));
        self.restart();
    }

    /// Another layout is taken over.
    pub fn show(&mut self, wall: Arc<Wall>) {
        self.wall = wall;
        self.restart();
    }

    /// Lets so much time pass in which nothing is heard.
    pub fn pass(&self, time: Duration) {
        self.clock.set(self.clock.now() + time);
    }

    pub fn journal_bytes(&self) -> u64 {
        self.journal.as_ref().and_then(|journal| journal.bytes().ok()).unwrap_or_default()
    }
}

/// Opens the journal, and tells a new pulse all that it knows.
fn begin(wall: &Wall, folder: &TempDir, clock: &Clock) -> (Journal, Pulse) {
    let digester = Digester::new(wall).expect("a right wall");
    let settings = Settings {
        path: folder.path().join("wall.journal"),
        keep: Duration::from_secs(8 * 86_400),
        max_bytes: 1 << 30,
    };
    let digest = Arc::new(move |mention: &Mention| digester.of(mention));
    let plan = Plan { settings: settings.clone(), clock: clock.clone(), digest };
    let (journal, now) = (plan.open().expect("it can be opened"), clock.now());
    let mut pulse = Pulse::new(wall, now).expect("a right wall");
    let mut after = None;
    loop {
        let (notes, next) = journal.notes(after, 1_000).expect("they can be read");
        pulse.recall_notes(notes);
        after = next;
        if after.is_none() {
            break;
        }
    }
    let from = pulse.recall_from(now);
    pulse.begin_recall();
    let history = History::open(&settings.path, from, journal.head()).expect("it can be read");
    for chunk in history.back() {
        let kept = chunk.expect("it can be read");
        let since = kept.first().map(|kept| kept.mention.received);
        let told = kept.into_iter().map(|kept| Kept {
            mention: kept.mention,
            digest: kept.digest,
            counted: kept.counted,
            set_by: 0,
        });
        pulse.recall(told.collect());
        since.into_iter().for_each(|since| pulse.told_since(since));
    }
    pulse.recalled();
    (journal, pulse)
}
