//! Alerts as the snapshot tells them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::clock::Time;
pub use crate::layout::alert::Severity;

/// One alert. Holds no words but those of the layout, and in [`Alert::about`], which is there only
/// while the alert stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// The same over restarts; below 2⁵³, so that JavaScript can hold it.
    pub id: u64,
    pub cause: Cause,
    /// Name of the alert in the layout, or of the topic whose burst it is; empty for everything.
    pub name: Arc<str>,
    /// Index of its topic; `None` is everything.
    pub topic: Option<u16>,
    /// What it is called on the wall.
    pub label: Arc<str>,
    /// The rule as it stands in the layout; empty for others.
    pub rule: Arc<str>,
    pub severity: Severity,
    /// When what it is about began.
    pub since: Time,
    pub raised: Time,
    pub acknowledged: Option<Acknowledged>,
    /// When it was over.
    pub cleared: Option<Time>,
    /// Mentions since it began, as far as they were judged; of bursts alone.
    pub observed: f64,
    /// Mentions that would have been usual.
    pub expected: f64,
    pub owner: Option<Arc<str>>,
    pub action: Option<Arc<str>>,
    /// What makes it up; refreshed once a minute.
    pub about: Option<About>,
    /// The group that it is told with.
    pub group: Option<u64>,
    /// Labels of a group's alerts, the first raised first; at most 12.
    pub parts: Arc<[Arc<str>]>,
    /// How many alerts a group has.
    pub size: u32,
}

impl Alert {
    /// How many times as many mentions as usual.
    pub fn strength(&self) -> f64 {
        self.observed / self.expected.max(0.1)
    }

    pub fn is_live(&self) -> bool {
        self.cleared.is_none()
    }

    /// Where it stands.
    pub fn standing(&self) -> &'static str {
        match (&self.cleared, &self.acknowledged) {
            (Some(_), _) => "cleared",
            (None, Some(_)) => "acknowledged",
            (None, None) => "raised",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    Burst,
    Rule,
    /// Many alerts at once, told as one.
    Group,
}

/// That somebody took it on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    pub at: Time,
    /// Who, in their own words.
    pub by: Arc<str>,
}

/// What makes an alert up, the most telling first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct About {
    pub terms: Vec<Part>,
    pub places: Vec<Part>,
    pub authors: Vec<Part>,
}

/// A word, place or author of an alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub name: Arc<str>,
    /// Uses since the alert began, to the five minutes in which it did; a place's to its step.
    pub count: u32,
    /// How many times as often as in the rest of the hour before; one more use is thought in
    /// there, so that what is new has a number, too.
    pub lift: f32,
}

/// What was usual in the minutes of the last day, as it was known then.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Usual {
    /// The minute of the last entry, counted since 1970.
    pub last: i64,
    /// Mentions that were usual in each minute, oldest first; `None` was not known. At most 1,440.
    pub by_minute: Vec<Option<f32>>,
    /// Variance of the rate by the square of its mean, as it is known now.
    pub dispersion: f32,
}

/// What is watched of one stream; everything first, then the topics.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// Minutes that must still be heard before bursts are told; `None`: nothing is watched.
    pub learning: Option<u16>,
    /// Mentions that are usual in a minute now, to a tenth.
    pub usual: f32,
    /// Mentions since the start that came too late to count for their minute.
    pub late: u64,
}
