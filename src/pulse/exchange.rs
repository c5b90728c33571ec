//! A snapshot on its way to another machine or into a test: one JSON object
//! `{"fishbowl_snapshot": 3, "topics": ["aurora", …], "snapshot": {…}}`.
//!
//! Topics and feeds go by their names, so that a layout with others, or in another order, still
//! shows what it has in common. Times are nanoseconds since 1970. It holds what the wall shows,
//! so also the words and names of people.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::layout::wall::Wall;
use crate::mention::source::FeedState;
use crate::pulse::snapshot::{Counts, Snapshot, Stream};

/// Grows when older readers would misunderstand.
pub const FORM: u32 = 3;

/// Why something is no snapshot for a wall.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    #[error("it is not a Fishbowl snapshot: {0}")]
    Foreign(#[from] serde_json::Error),
    #[error(
        "it was written by another version of Fishbowl (format {0}; this one reads {FORM}): use the same version on both machines"
    )]
    Form(u32),
}

#[derive(Serialize, Deserialize)]
struct Envelope<'a> {
    fishbowl_snapshot: u32,
    topics: Vec<Cow<'a, str>>,
    snapshot: Cow<'a, Snapshot>,
}

#[derive(Deserialize)]
struct Head {
    fishbowl_snapshot: u32,
}

impl Snapshot {
    /// The snapshot of a wall as JSON.
    ///
    /// # Errors
    /// A number that JSON has no word for, which no snapshot of a pulse holds.
    pub fn to_json(&self, wall: &Wall) -> Result<String, ExchangeError> {
        let topics = wall.topics.iter().map(|topic| topic.name.as_str().into()).collect();
        let envelope = Envelope { fishbowl_snapshot: FORM, topics, snapshot: Cow::Borrowed(self) };
        Ok(serde_json::to_string(&envelope)?)
    }

    /// Reads what [`Snapshot::to_json`] wrote, for a wall that may have other topics and feeds.
    pub fn from_json(json: &str, wall: &Wall) -> Result<Self, ExchangeError> {
        let head: Head = serde_json::from_str(json)?;
        if head.fishbowl_snapshot != FORM {
            return Err(ExchangeError::Form(head.fishbowl_snapshot));
        }
        let Envelope { topics, snapshot, .. } = serde_json::from_str(json)?;
        let of = |name: &str| topics.iter().position(|known| known == name);
        let places: Vec<Option<usize>> = wall.topics.iter().map(|topic| of(&topic.name)).collect();
        let mut snapshot = snapshot.into_owned();
        snapshot.topics = take(&snapshot.topics, &places);
        let counts = |counts: &Arc<Counts>| Arc::new(counts.arranged(&places));
        snapshot.recent = snapshot.recent.iter().map(counts).collect();
        snapshot.feeds = wall.feeds.iter().map(|feed| snapshot.feed_or_new(feed)).collect();
        renumber(&mut snapshot, &places);
        Ok(snapshot)
    }

    fn feed_or_new(&self, feed: &crate::layout::wall::Feed) -> FeedState {
        let known = self.feeds.iter().find(|state| *state.name == *feed.name);
        known.cloned().unwrap_or_else(|| FeedState::new(&feed.name, feed.spec.nature(), feed.stale_after))
    }
}

impl Counts {
    fn arranged(&self, places: &[Option<usize>]) -> Self {
        Self { at: self.at, all: self.all.clone(), topics: take(&self.topics, places) }
    }
}

/// What stands at each place; nothing at a place that is not there.
fn take<T: Clone + Default>(all: &[T], places: &[Option<usize>]) -> Vec<T> {
    let one = |place: &Option<usize>| place.and_then(|at| all.get(at)).cloned().unwrap_or_default();
    places.iter().map(one).collect()
}

/// Mentions name their topics by index: gives them this wall's.
fn renumber(snapshot: &mut Snapshot, places: &[Option<usize>]) {
    let unchanged = places.iter().enumerate().all(|(at, place)| *place == Some(at));
    if unchanged {
        return;
    }
    let new = |old: &u16| places.iter().position(|place| *place == Some(usize::from(*old)));
    let all = std::iter::once(&mut snapshot.all).chain(&mut snapshot.topics);
    for Stream { latest, .. } in all {
        let mut shown = latest.to_vec();
        for one in &mut shown {
            one.topics = one.topics.iter().filter_map(new).filter_map(|at| u16::try_from(at).ok()).collect();
        }
        *latest = shown.into();
    }
}
