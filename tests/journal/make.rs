//! Journals in temporary folders, and mentions to put into them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::{Clock, Time};
use fishbowl::journal::{History, Journal, Kept, Plan, Seq, Settings};
use fishbowl::mention::source::{Batch, Engaged, Engagement, FeedState, Nature, Sample};
use fishbowl::mention::{Author, Mention, Op};
use tempfile::TempDir;

pub const START: Time = Time::from_secs(1_800_000_000);

/// A folder for one journal, and the clock that it is kept by.
pub struct Desk {
    pub folder: TempDir,
    pub plan: Plan,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = Settings {
            path: folder.path().join("wall.journal"),
            keep: Duration::from_secs(30 * 86_400),
            max_bytes: 1 << 30,
        };
        let clock = Clock::simulated(START);
        Self { plan: Plan { settings, clock, digest: Arc::new(digest) }, folder }
    }

    pub fn open(&self) -> Journal {
        self.plan.open().expect("it can be opened")
    }

    pub fn path(&self) -> &Path {
        &self.plan.settings.path
    }

    /// The write-ahead log.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("wall.journal-wal")
    }

    pub fn pass(&self, time: Duration) {
        self.plan.clock.set(self.plan.clock.now() + time);
    }

    /// All that is in it.
    pub fn all(&self) -> Vec<Kept> {
        since(self.path(), Time(i64::MIN))
    }

    /// All bytes of its files.
    pub fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).expect("it is there").flatten();
        files.flat_map(|file| std::fs::read(file.path()).unwrap_or_default()).collect()
    }

    pub fn holds(&self, words: &str) -> bool {
        let bytes = self.bytes();
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    }
}

pub fn since(path: &Path, since: Time) -> Vec<Kept> {
    let history = History::open(path, since, Seq(i64::MAX)).expect("it can be read");
    history.flat_map(|chunk| chunk.expect("it can be read")).collect()
}

/// What these tests want to know of a mention as it was first said.
pub fn digest(mention: &Mention) -> Vec<u8> {
    mention.text.as_deref().unwrap_or("-").as_bytes().to_vec()
}

/// A mention of the feed `feed` that says `text`.
pub fn said(id: &str, text: &str) -> Mention {
    Mention::new(&"feed".into(), id, START, START).with_text(text)
}

pub fn version(mut mention: Mention, version: u64) -> Mention {
    mention.version = version;
    mention
}

pub fn op(id: &str, op: Op) -> Mention {
    let mut mention = Mention::new(&"feed".into(), id, START, START);
    mention.op = op;
    mention
}

pub fn by(mut mention: Mention, name: &str, handle: &str) -> Mention {
    let (name, handle) = (Some(name.into()), Some(handle.into()));
    mention.author = Some(Author { id: "a1".into(), name, handle, followers: Some(3), place: None });
    mention
}

pub fn batch(mentions: Vec<Mention>) -> Batch {
    batch_of("feed", Nature::Live, mentions)
}

pub fn batch_of(feed: &str, nature: Nature, mentions: Vec<Mention>) -> Batch {
    let state = FeedState::new(feed, nature, Duration::from_secs(60));
    Batch { mentions, ..Batch::of(0, state) }
}

pub fn liked(id: &str, by: i32) -> Engaged {
    Engaged { uid: format!("feed:{id}").into(), what: Engagement::Likes, by }
}

pub fn sample(series: &str, at: Time, value: f64) -> Sample {
    Sample { series: series.into(), ts: at, value }
}

/// Keeps one batch and gives back what is left of it.
pub fn keep(journal: &mut Journal, batch: Batch) -> Batch {
    let mut batches = [batch];
    journal.keep(&mut batches).expect("it can be kept");
    let [batch] = batches;
    batch
}

/// Keeps mentions and gives back what the pulse has to do about which.
pub fn told(journal: &mut Journal, mentions: Vec<Mention>) -> Vec<(String, Op)> {
    let batch = keep(journal, batch(mentions));
    batch.mentions.iter().map(|mention| (mention.uid.replace("feed:", ""), mention.op)).collect()
}
