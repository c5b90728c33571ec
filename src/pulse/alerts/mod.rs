//! Alerts: bursts and rules watched over all streams, and what becomes of them.
//!
//! - Detectors judge a minute of event time when it is over and the layout's wait and five seconds
//!   have passed, in order, each minute once; see [`detector`]. Rules are asked once a second.
//! - A minute is unknown, and neither judged nor learned from, while nothing is heard (see `super::hearing`),
//!   while one of several feeds is away (for at most `AWAY` on end; then what is left is the
//!   usual), and when hardly anything is said at all where at least `SILENCE` mentions are usual.
//! - Memory: a count of four bytes for each of 1,472 minutes and every stream, half a kilobyte for
//!   a detector, and the limits of `board`. What makes an alert up is told of everything and the
//!   first `LISTED` topics, and of those that have tiles with words, places and authors. What was
//!   usual in the last day is kept of streams of which a tile shows it.
//! - What the journal keeps: every alert as it changes, without what people wrote; every hour, and
//!   when a feed came back, what the detectors know; twice a minute, since when a rule holds that
//!   must hold `for` longer. After a restart they go on from there with the
//!   mentions that the journal tells, and come to the same alerts.

pub(super) mod about;
mod bins;
mod board;
pub mod detector;
mod keep;
pub mod report;
mod rules;
pub mod told;
mod usual;
mod watch;

use std::sync::Arc;

use crate::clock::Time;
use crate::layout::alert::rule::Rule;
use crate::layout::alert::{AlertSpec, Duty, Trigger};
use crate::layout::wall::Wall;
use crate::mention::source::Note;
use crate::pulse::needs::Needs;
use crate::pulse::persist::record::Record;
use crate::query::tokens::hash;
use bins::Bins;
use board::{AlertBoard, News};
use detector::Detector;
use keep::Knowledge;
use report::{Alert, Cause, Usual, Watch};
use rules::Held;

pub use board::{AGAIN, FLOOD, LEAST, LIVE, MANY, PAST};
pub use keep::alert_in;

/// One of several feeds may be away so long, seconds, before what is left counts as usual.
const AWAY: i64 = 3_600;
/// Where so many mentions a minute are usual and not one in fifty is heard, it is the wall that
/// hears nothing.
const SILENCE: f64 = 5.0;

/// Somebody does something about an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertCommand {
    Acknowledge {
        id: u64,
        /// Who, in their own words; at most 40 characters are kept.
        by: String,
    },
}

/// All that a wall watches for.
#[derive(Debug)]
pub struct Alerts {
    bins: Bins,
    /// Everything, then each topic; none where nobody asked for bursts.
    streams: Vec<Option<Stream>>,
    rules: Vec<Watched>,
    board: AlertBoard,
    /// The next minute to be judged; `None` before the first.
    next: Option<i64>,
    start: Time,
    /// The second in which rules were asked last.
    asked: Option<i64>,
    /// The minute in which alerts were described last.
    described: Option<i64>,
    /// The last minute that was judged was unknown.
    blind: bool,
    watches: Arc<[Watch]>,
    /// Of everything, then each topic; `None` where no tile shows it.
    usual: Arc<[Option<Arc<Usual>>]>,
    notes: Vec<Note>,
}

/// A stream whose bursts are told.
#[derive(Debug)]
struct Stream {
    detector: Detector,
    /// What it tells when it bursts.
    news: News,
    /// Hash of what it listens for.
    listens: u64,
    /// Minutes up to this are known already from before the restart.
    known: Option<i64>,
}

/// A rule of the layout.
#[derive(Debug)]
struct Watched {
    rule: Rule,
    stream: usize,
    /// Part of the thresholds at which it is over.
    part: f64,
    held: Held,
    news: News,
}

impl Alerts {
    /// Watches for what the layout says, from `now` on.
    pub fn new(wall: &Wall, now: Time) -> Self {
        let count = 1 + wall.topics.len();
        let wait = wall.alerts.wait.as_secs() as i64;
        Self {
            bins: Bins::new(if wall.alerts.is_empty() { 0 } else { count }, wait, now.as_secs()),
            streams: (0..count).map(|stream| Stream::of(wall, stream)).collect(),
            rules: wall.alerts.alerts.iter().filter_map(|alert| Watched::of(wall, alert)).collect(),
            board: AlertBoard::default(),
            next: None,
            start: now,
            asked: None,
            described: None,
            blind: false,
            watches: Arc::default(),
            usual: usual_of(wall),
            notes: Vec::new(),
        }
    }

    /// Counts a mention of the moment `at` that arrived at `received`, of everything and of these
    /// topics.
    pub fn heard(&mut self, at: Time, received: Time, topics: &[u16]) {
        self.bins.heard(at.as_secs(), received.as_secs(), topics);
    }

    /// The clock was set back: what lies ahead is forgotten.
    pub fn rewind(&mut self, to: Time) {
        let minute = to.as_secs().div_euclid(60);
        self.bins.rewind(to.as_secs());
        self.next = self.next.map(|next| next.min(minute));
        self.asked = None;
    }

    /// Does what somebody asked for at `now`; false when there is no such alert.
    pub fn command(&mut self, command: &AlertCommand, now: Time) -> bool {
        match command {
            AlertCommand::Acknowledge { id, by } => self.board.acknowledge(*id, by, now),
        }
    }

    /// What alerts are about is said anew at the next look.
    pub fn describe_anew(&mut self) {
        self.described = None;
    }

    /// Whether [`Alerts::draw`] would give something else than before.
    pub fn has_changed(&self) -> bool {
        self.board.has_changed()
    }

    /// The alerts, those that stand first, and what is watched.
    pub fn draw(&mut self) -> (Arc<[Alert]>, Arc<[Watch]>) {
        (self.board.draw(), self.watches.clone())
    }

    /// What was usual in the last day, of everything and each topic; `None` where no tile shows it.
    pub fn usual(&self) -> Arc<[Option<Arc<Usual>>]> {
        self.usual.clone()
    }

    /// What is to be kept, since it was asked last.
    pub fn notes(&mut self) -> Vec<Note> {
        let mut notes = std::mem::take(&mut self.notes);
        notes.extend(self.board.news().into_iter().filter_map(keep::alert));
        notes
    }

    /// Takes up what was kept, before the past is told. Alerts that the layout no longer has are
    /// over.
    pub fn recall(&mut self, note: &Note, now: Time) {
        match keep::read(note) {
            Some(keep::Told::Alert(mut standing)) => {
                let topic = self.topic_of(standing.what);
                let alert = &mut standing.alert;
                alert.topic = topic.unwrap_or_default();
                if topic.is_none() && alert.cause != Cause::Group && alert.is_live() {
                    alert.cleared = Some(now);
                }
                self.board.recall(*standing);
            }
            Some(keep::Told::Detector(knowledge)) => self.learnt(&knowledge),
            Some(keep::Told::Holding(what, holding)) => {
                for watched in self.rules.iter_mut().filter(|watched| watched.news.what == what) {
                    watched.held.recall(&watched.rule, holding, now);
                }
            }
            None => {}
        }
    }

    fn learnt(&mut self, knowledge: &Knowledge) {
        let of = |stream: &&mut Stream| stream.listens == knowledge.stream;
        for stream in self.streams.iter_mut().flatten().filter(of) {
            if Record::read(&knowledge.record).is_some_and(|record| stream.detector.recall(&record)) {
                // One that lies ahead was judged while the clock was wrong.
                stream.known = Some(knowledge.minute.min(self.start.as_secs().div_euclid(60) - 1));
            }
        }
    }

    /// The topic of what an alert is about; `None` when nothing of the layout is about it.
    fn topic_of(&self, what: u64) -> Option<Option<u16>> {
        let streams = self.streams.iter().flatten().map(|stream| &stream.news);
        let mut all = streams.chain(self.rules.iter().map(|watched| &watched.news));
        all.find(|news| news.what == what).map(|news| news.topic)
    }

    /// Whether hardly anything is said in a minute in which much is usual.
    fn is_silent(&self, minute: i64) -> bool {
        let Some(Some(all)) = self.streams.first() else { return false };
        let usual = all.detector.usual(minute);
        let heard = f64::from(self.bins.count(0, minute));
        all.detector.learning() == 0 && usual >= SILENCE && heard * 50.0 < usual
    }
}

impl Stream {
    fn of(wall: &Wall, stream: usize) -> Option<Self> {
        let topic = stream.checked_sub(1).and_then(|i| wall.topics.get(i));
        let name = topic.map(|topic| topic.name.as_str());
        if !wall.alerts.has_bursts_of(name) {
            return None;
        }
        let own = wall.alerts.burst_of(name);
        let label = match (own, topic) {
            (Some(alert), _) => alert.label.as_str(),
            (None, Some(topic)) => topic.label.as_str(),
            (None, None) => "All mentions",
        };
        let duty = own.map_or(&wall.alerts.usual, |alert| &alert.duty);
        let index = topic.and_then(|_| u16::try_from(stream - 1).ok());
        let name = name.unwrap_or("");
        let query = topic.map_or("", |topic| topic.query.as_str());
        Some(Self {
            detector: Detector::new(wall.alerts.sensitivity),
            news: news(Cause::Burst, name, index, label, duty),
            listens: hash(&format!("{:?} {:?} {query}", wall.alerts.sensitivity, wall.alerts.wait)),
            known: None,
        })
    }
}

/// One for each stream of which a tile shows it: everything, then the topics.
fn usual_of(wall: &Wall) -> Arc<[Option<Arc<Usual>>]> {
    let topics = wall.topics.iter().map(|topic| Some(topic.name.as_str()));
    let streams = std::iter::once(None).chain(topics);
    streams.map(|topic| Needs::of(wall, topic).usual.then(Arc::default)).collect()
}

impl Watched {
    /// A rule of the wall; `None` for a burst, or when its topic is not there.
    fn of(wall: &Wall, alert: &AlertSpec) -> Option<Self> {
        let Trigger::Rule(rule) = &alert.raised_by else { return None };
        let index = match &alert.topic {
            Some(name) => Some(wall.topics.iter().position(|topic| topic.name == *name)?),
            None => None,
        };
        let topic = index.and_then(|i| u16::try_from(i).ok());
        let mut news = news(Cause::Rule, &alert.name, topic, &alert.label, &alert.duty);
        news.rule = rule.text.as_str().into();
        Some(Self {
            rule: rule.clone(),
            stream: index.map_or(0, |i| i + 1),
            part: f64::from(alert.clear_below) / 100.0,
            held: Held::default(),
            news,
        })
    }
}

fn news(cause: Cause, name: &str, topic: Option<u16>, label: &str, duty: &Duty) -> News {
    News {
        what: hash(&format!("{cause:?} {name}")),
        cause,
        name: name.into(),
        topic,
        label: label.into(),
        rule: Arc::default(),
        severity: duty.severity,
        owner: duty.owner.as_deref().map(Into::into),
        action: duty.action.as_deref().map(Into::into),
        since: Time::default(),
        observed: 0.0,
        expected: 0.0,
    }
}

#[cfg(test)]
mod tests;
