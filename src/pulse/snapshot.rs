//! What the wall knows at one moment. Immutable, shared by pointer, cheap to publish: parts that
//! did not change are the same `Arc` as in the snapshot before.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Time;
use crate::mention::series;
pub use crate::mention::series::Found;
pub use crate::mention::source::{FeedState, Health, Nature, Recording};
pub use crate::pulse::alerts::report::{About, Acknowledged, Alert, Cause, Part, Severity, Usual, Watch};
use crate::pulse::care::CareQueue;
pub use crate::pulse::fold::areas::{Area, Extent};
pub use crate::pulse::fold::breakdown::{Breakdown, Breakdowns, PartCounts, Portion};
pub use crate::pulse::fold::counts::{AsOf, Before, Befores, Exactness, Span, Spans, StreamCounts, Tally};
pub use crate::pulse::fold::emotions::Emotion;
pub use crate::pulse::fold::lands::CountryCount;
pub use crate::pulse::fold::places::Place;
pub use crate::pulse::fold::series::Series;
pub use crate::pulse::gate::{GateView, Passage, Queued};
pub use crate::pulse::gauges::Readings;
pub use crate::pulse::highlights::Shown;
pub use crate::pulse::lists::ranks::{Ranked, Ranks, Rising, Term, TermKind, Voice};

/// Longest stretch of counts that [`Snapshot::recent`] keeps: twice the longest roll of a digit, so
/// that a column which changes too fast to roll is known as such for as long as it would roll.
pub const RECENT: Duration = Duration::from_millis(1_700);

/// A series that has had no value for so long, while others of its feed have, has ended; as long as
/// Prometheus looks back for a value.
const ENDED: Duration = Duration::from_secs(300);

/// Everything that tiles may show, as of `at`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Grows by one with every publication.
    pub version: u64,
    /// When it was folded.
    pub at: Time,
    /// All mentions, whether a topic wants them or not.
    pub all: Stream,
    /// One per topic, in the order of the wall's topics.
    pub topics: Vec<Stream>,
    /// The counts of this and the snapshots of the last [`RECENT`], and the one before them (on a
    /// quiet wall a number rolls from it), oldest first, this one last.
    pub recent: Vec<Arc<Counts>>,
    /// One per feed, in the order of the wall's feeds.
    pub feeds: Vec<FeedState>,
    /// Plain numbers of the feeds, in the order of their names.
    pub series: Arc<[Arc<Readings>]>,
    /// Who waits for an answer; `None` on a wall that does not ask.
    #[serde(default)]
    pub care: Option<Arc<CareQueue>>,
    /// What waits at the gate and what was decided; `None` on a wall without one. Not for the wall itself.
    #[serde(skip)]
    pub gate: Option<Arc<GateView>>,
    /// What moderators pinned, the latest first.
    #[serde(default)]
    pub pinned: Arc<[Shown]>,
    /// Alerts: those that stand, the loudest and newest first, at most 64; then those that are
    /// over, the last first, at most 256.
    pub alerts: Arc<[Alert]>,
    /// How far each stream is watched for bursts: everything, then the topics. Refreshed with every
    /// minute that is judged; empty before the first.
    pub watches: Arc<[Watch]>,
    /// What was usual in the last day: of everything, then of the topics; `None` where no tile shows it.
    /// Refreshed once a minute.
    #[serde(default)]
    pub usual: Arc<[Option<Arc<Usual>>]>,
    /// Arrival of live mentions that this snapshot is the first to count, oldest first; at most
    /// 256, evenly thinned. For measuring the way from feed to pixel.
    pub arrivals: Vec<Time>,
    /// Whether what is heard is kept.
    pub recording: Recording,
    /// The past is still being read back from the journal: windows that reach into what is not read
    /// yet are unknown.
    pub catching_up: bool,
    /// How much of its time is read, per cent; 100 when all is.
    pub told_percent: u8,
    /// Mentions of the past that the journal holds and that cannot be read, since the start; at least.
    #[serde(default)]
    pub unread: u64,
    /// Nothing is listened to, because this machine's clock is not right yet.
    #[serde(default)]
    pub waiting: bool,
    /// Mentions folded since the start, of all feeds; without those that the journal told.
    pub folded: u64,
    /// Mentions that fell out of a full queue before they were folded, since the start.
    pub dropped: u64,
    /// Mentions that were counted without their words, because more came than could be folded
    /// whole, since the start.
    pub thinned: u64,
    /// Such mentions of a hundred in the last minute, rounded up to tens.
    pub thinned_percent: u8,
}

impl Snapshot {
    /// The stream of a topic by its index, or of everything.
    pub fn stream(&self, topic: Option<usize>) -> &Stream {
        topic.and_then(|i| self.topics.get(i)).unwrap_or(&self.all)
    }

    /// What moderators pinned of a topic by its index, or of everything; the latest first.
    pub fn pinned(&self, topic: Option<usize>) -> impl Iterator<Item = &Shown> {
        let of = move |shown: &&Shown| {
            topic.is_none_or(|topic| shown.topics.iter().any(|t| usize::from(*t) == topic))
        };
        self.pinned.iter().filter(of)
    }

    /// A text that the samples have, that is pinned, or that has passed the gate.
    pub fn shown(&self, uid: &str) -> Option<Shown> {
        let is_it = |shown: &&Shown| *shown.mention.uid == *uid;
        let streams = std::iter::once(&self.all).chain(&self.topics);
        let listed = self.pinned.iter().chain(streams.flat_map(|stream| stream.latest.iter())).find(is_it);
        listed.cloned().or_else(|| self.gate.as_ref()?.shown(uid))
    }

    /// Whether a text that was shown may be: it has not been deleted, nor hidden at the gate.
    pub fn may_show(&self, uid: &str) -> bool {
        let mut streams = std::iter::once(&self.all).chain(&self.topics);
        match &self.gate {
            Some(gate) => gate.is_open_for(uid),
            // An edited text is told as withdrawn, too.
            None if self.shown(uid).is_some() => true,
            None => !streams.any(|stream| stream.withdrawn.iter().any(|gone| **gone == *uid)),
        }
    }

    /// What was usual of a topic by its index, or of everything; `None` where no tile shows it.
    pub fn usual(&self, topic: Option<usize>) -> Option<&Arc<Usual>> {
        self.usual.get(topic.map_or(0, |topic| topic + 1))?.as_ref()
    }

    /// True when all is as in `other` but what is folded of mentions.
    pub fn stands_as(&self, other: &Snapshot) -> bool {
        let counts =
            |s: &Snapshot| (s.folded, s.dropped, s.thinned, s.thinned_percent, s.told_percent, s.unread);
        counts(self) == counts(other)
            && self.catching_up == other.catching_up
            && self.recording == other.recording
            && self.feeds == other.feeds
    }

    /// The numbers of a series by its name; a feed's name alone finds them where it has only one.
    pub fn readings(&self, name: &str) -> Option<&Arc<Readings>> {
        match self.found(name) {
            Found::One(readings) => Some(readings),
            _ => None,
        }
    }

    /// What a layout means by the name of a series. Where several answer to it, those that ended
    /// more than `ENDED` before the newest of the feed are not meant, as one whose metric was renamed.
    pub fn found(&self, name: &str) -> Found<&Arc<Readings>> {
        let since = |since: Time| {
            let told = self.series.iter().filter(move |readings| readings.at >= since);
            series::find(name, told.map(|readings| (&*readings.name, readings)))
        };
        let all = since(Time(i64::MIN));
        if !matches!(all, Found::Several(_)) {
            return all;
        }
        let feed = name.split('/').next().unwrap_or(name);
        let of_feed = self.series.iter().filter(|readings| series::is_of(&readings.name, feed));
        match of_feed.map(|readings| readings.at).max().map(|newest| since(newest - ENDED)) {
            Some(Found::One(one)) => Found::One(one),
            _ => all,
        }
    }
}

/// The numbers of every stream at one moment; small, because it is kept for every publication.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    pub at: Time,
    pub all: Arc<StreamCounts>,
    pub topics: Vec<Arc<StreamCounts>>,
}

impl Counts {
    pub fn stream(&self, topic: Option<usize>) -> &StreamCounts {
        topic.and_then(|i| self.topics.get(i)).unwrap_or(&self.all)
    }
}

/// One topic, or everything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stream {
    pub counts: Arc<StreamCounts>,
    /// How long each window is, and how much of it is known; refreshed once a second.
    pub spans: Arc<Spans>,
    /// The same windows a day and a week ago; refreshed once a minute.
    pub before: Arc<Befores>,
    /// Mentions in each second of the last hour; refreshed once a second.
    pub by_second: Arc<Series>,
    /// Mentions in each minute of the last day; refreshed once a minute.
    pub by_minute: Arc<Series>,
    /// Mentions in each quarter of an hour of the last eight days; refreshed once a minute. Empty
    /// where no tile wants it.
    pub by_quarter: Arc<Series>,
    /// Positive, neutral, negative mentions and those of unknown sentiment in each quarter of an hour of the
    /// last day; refreshed once a minute. Empty where no tile wants it.
    #[serde(default)]
    pub by_mood: Arc<[Series]>,
    /// By source, language and country; always there of everything, else where a tile wants it.
    pub breakdown: Option<Arc<Breakdowns>>,
    /// Where people are talking; refreshed about twice a second. Hottest first.
    pub places: Arc<[Place]>,
    /// Mentions by country over the same window, most first; with those that are no [`Place`]
    /// because only their country is known.
    pub countries: Arc<[CountryCount]>,
    /// At least, when there were more places than are kept and the coldest were forgotten.
    #[serde(default)]
    pub places_are: Exactness,
    /// How much was said where over the last day; made once a minute.
    #[serde(default)]
    pub extent: Arc<Extent>,
    /// What was named most, what rises, and who speaks.
    pub ranked: Ranked,
    /// Emotions that sources found, most of the last hour first; empty where no source tells any.
    pub emotions: Arc<[Emotion]>,
    /// A sample of the latest mentions, newest first, at most 48, paced so that people can read
    /// along: see [`Shown::at`].
    pub latest: Arc<[Shown]>,
    /// Uids of mentions that were shown and then taken back or changed, oldest first, at most 64:
    /// whoever still shows their old words must let go of them.
    pub withdrawn: Arc<[Arc<str>]>,
    /// Time of the newest mention, by its own clock.
    pub newest: Option<Time>,
    /// How old each part is. Alone it is no reason to publish.
    #[serde(default)]
    pub as_of: AsOf,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_that_ended_is_not_meant_where_another_answers() {
        let told = |name: &str, at| {
            let (name, at) = (name.into(), Time::from_secs(at));
            Arc::new(Readings { name, at, value: at.as_secs() as f64, by_minute: Vec::new() })
        };
        let found = |old, new| {
            let series =
                [("prom/old{shop=\"a\"}", old), ("prom/new{shop=\"a\"}", new), ("prom/x{shop=\"b\"}", 2_000)];
            let series = series.iter().map(|(name, at)| told(name, *at)).collect();
            let snapshot = Snapshot { series, ..Snapshot::default() };
            snapshot.readings("prom/shop=a").map(|readings| readings.value)
        };
        assert_eq!(found(1_600, 2_000), Some(2_000.0));
        assert_eq!(found(1_800, 2_000), None, "both are told");
        assert_eq!(found(1_000, 1_100), None, "both ended");
    }
}
