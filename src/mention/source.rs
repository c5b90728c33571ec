//! Where mentions come from and how that source stands: what a feed hands over beside mentions.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Mention;
use crate::clock::Time;

/// Most mentions in one batch.
pub const MAX_BATCH: usize = 1_024;

/// What a feed hands over at one time, and how it stands now. An empty batch tells a change of
/// state.
#[derive(Debug)]
pub struct Batch {
    /// Index into the wall's feeds.
    pub feed: usize,
    /// At most [`MAX_BATCH`].
    pub mentions: Vec<Mention>,
    /// What people did with mentions of this or of earlier batches; at most [`MAX_BATCH`].
    pub engaged: Vec<Engaged>,
    /// Plain numbers; at most [`MAX_BATCH`].
    pub samples: Vec<Sample>,
    /// Where the feed goes on once all of this and of every batch before is safe; opaque to all
    /// but its adapter, at most [`MAX_CURSOR`] bytes. The journal keeps it with the mentions.
    pub cursor: Option<Arc<str>>,
    /// Told when this batch is safe (on disk, or handed to the pulse of a wall that does not
    /// record); dropped without a word when it never will be.
    pub receipt: Option<Receipt>,
    /// True for the past that a feed brings along at its start; not measured as live.
    pub backfill: bool,
    pub state: FeedState,
}

impl Batch {
    /// A batch that tells only how a feed stands.
    pub fn of(feed: usize, state: FeedState) -> Self {
        Self {
            feed,
            mentions: Vec::new(),
            engaged: Vec::new(),
            samples: Vec::new(),
            cursor: None,
            receipt: None,
            backfill: false,
            state,
        }
    }
}

/// Longest cursor, bytes.
pub const MAX_CURSOR: usize = 4_096;

/// The way back to the adapter that waits until a batch is safe.
pub type Receipt = tokio::sync::oneshot::Sender<()>;

/// Somebody liked, shared, answered or quoted a mention, or took that back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engaged {
    /// Uid of the mention.
    pub uid: Arc<str>,
    pub what: Engagement,
    /// Change of the count; negative when it is taken back.
    pub by: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engagement {
    Likes,
    Shares,
    Replies,
    Quotes,
}

/// One plain number of a named series.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// As in [`super::series`].
    pub series: Arc<str>,
    pub ts: Time,
    /// Finite.
    pub value: f64,
}

/// Something that the pulse wants kept beside the mentions, by its key; the last one stays. It
/// holds no words that somebody may take back, and no names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub kind: NoteKind,
    /// Two numbers that tell it apart among its kind, as the kind says.
    pub key: (i64, i64),
    /// Empty: it is forgotten. At most [`MAX_NOTE`] bytes.
    pub body: Arc<[u8]>,
}

/// Largest note, bytes; a larger one is not kept.
pub const MAX_NOTE: usize = 65_536;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    /// Sums of a stretch of time that is over. Key: hash of the stream, start of the stretch (ns);
    /// before 1970, what is told of the stream as a whole, which never grows old.
    Tally = 1,
    /// An alert. Key: when it was raised (ns), hash of what it is about; before 1970, what is known
    /// of a stream as a whole, which never grows old.
    Alert = 2,
    /// A case of the care queue. Key: hash of the mention's uid, when it was opened (ns).
    Case = 3,
    /// Who spoke in an hour, as hashes or a sketch. Keys as of [`NoteKind::Tally`].
    People = 4,
    /// A stretch of time in which a feed was not heard. Key: hash of the feed's name, when it began
    /// (ns); before 1970, what is told of the feed as a whole, which never grows old.
    Deaf = 5,
    /// What people have asked of the wall and still holds. Key: (0, -1); it never grows old.
    Control = 6,
    /// What somebody did to the wall. Key: a number, when (ns).
    Act = 7,
    /// What a moderator decided of a text or its author. Key: hash of the uid or the author, when (ns).
    Gate = 8,
}

impl NoteKind {
    /// `None` for a number that is none.
    pub const fn of(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Tally),
            2 => Some(Self::Alert),
            3 => Some(Self::Case),
            4 => Some(Self::People),
            5 => Some(Self::Deaf),
            6 => Some(Self::Control),
            7 => Some(Self::Act),
            8 => Some(Self::Gate),
            _ => None,
        }
    }
}

impl Note {
    /// The moment by which it grows old; `None` stays until it is taken away.
    pub const fn at(&self) -> Option<Time> {
        match (self.kind, self.key) {
            (NoteKind::Tally | NoteKind::People | NoteKind::Deaf, (_, start)) if start < 0 => None,
            (NoteKind::Alert, (raised, _)) if raised < 0 => None,
            (NoteKind::Control, _) => None,
            (NoteKind::Alert, (at, _)) | (_, (_, at)) => Some(Time(at)),
        }
    }
}

/// Whether what is heard is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Recording {
    /// Nothing is to be kept.
    #[default]
    Off,
    On,
    /// It should be and is not; the wall goes on in memory.
    Failed {
        since: Time,
        why: Arc<str>,
    },
}

/// How one feed stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedState {
    pub name: Arc<str>,
    pub nature: Nature,
    pub health: Health,
    /// When anything was last heard from it, by arrival.
    pub heard: Option<Time>,
    /// Silence after which it counts as stale.
    pub stale_after: Duration,
    pub received: u64,
    /// Records that could not be read, or not their time.
    pub garbage: u64,
    /// Mentions of which it is not known when they were said: they stand in no window.
    pub undated: u64,
    /// Times that it was connected anew since the start.
    pub restarts: u64,
    /// How far the last mention's own time lay behind its arrival; `None` before the first.
    pub lag: Option<Duration>,
    /// What is wrong with it although it is connected.
    #[serde(default)]
    pub trouble: Option<Trouble>,
    /// When what fails is tried again; `None` while nothing fails, and where nothing will be tried.
    #[serde(default)]
    pub next_try: Option<Time>,
    /// Nothing that was said since then is missing once it is live, though it was not connected: it
    /// went on where it was, or told the past. `None` where it has no past to tell.
    #[serde(default)]
    pub told_from: Option<Time>,
}

/// What is wrong with a feed that is connected: a part of it fails, or all that comes is turned away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub since: Time,
    /// In words that a person can act on.
    pub why: Arc<str>,
    /// Nothing that comes can be read, so that its silence says nothing.
    pub deaf: bool,
}

impl FeedState {
    /// A feed before anything was heard from it.
    pub fn new(name: &str, nature: Nature, stale_after: Duration) -> Self {
        Self {
            name: name.into(),
            nature,
            health: Health::Connecting,
            heard: None,
            stale_after,
            received: 0,
            garbage: 0,
            undated: 0,
            restarts: 0,
            lag: None,
            trouble: None,
            next_try: None,
            told_from: None,
        }
    }
}

/// Whether what it tells really happens now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Nature {
    #[default]
    Live,
    Simulated,
    /// The moment of the recording that is being played.
    Replay(Time),
}

/// How the connection stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Health {
    /// Not connected yet.
    #[default]
    Connecting,
    Live,
    /// Lost; being tried again. Since when, and why in words that a person can act on.
    Down {
        since: Time,
        why: Arc<str>,
    },
    /// The service asks for fewer calls; quiet until then.
    Throttled {
        until: Time,
        why: Arc<str>,
    },
    /// The service will not have it (a wrong token, a plan that lacks it); a person must act, and
    /// it is tried only now and then.
    Refused {
        since: Time,
        why: Arc<str>,
    },
    /// Handing over the past that it brings along: counts are still too low.
    CatchingUp,
    /// It came to its end and will not go on (a recording that is not repeated).
    Ended,
}
