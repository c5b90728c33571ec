//! The care queue as the snapshot tells it.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Time;
use crate::mention::Mention;
use crate::pulse::fold::series::Series;

/// Who waits for an answer, and how long answers take; refreshed once a second.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CareQueue {
    /// When it was counted.
    pub at: Time,
    /// Cases that wait now.
    pub waiting: u64,
    /// Those of them that wait longer than was promised.
    pub overdue: u64,
    /// When the oldest of them was opened.
    pub oldest: Option<Time>,
    /// First answers of the last hour, and of the last 24 hours.
    pub last_hour: Times,
    pub last_day: Times,
    /// Cases opened, and first answers given, in each clock hour (UTC) of the last 24, the running
    /// one last.
    pub opened: Arc<Series>,
    pub answered: Arc<Series>,
    /// Those who wait longest, oldest first, at most 24.
    pub longest: Arc<[Waiting]>,
    /// By when an answer is promised.
    pub promise: Duration,
    /// False when there were more cases than can be remembered: then the times are those of the
    /// latest, and `waiting` may count some that were answered meanwhile.
    pub exact: bool,
}

/// How long first answers took in one window.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Times {
    /// First answers that were given.
    pub answers: u64,
    /// Half of them, and nine of ten, took no longer (nearest rank); `None` without answers.
    pub p50: Option<Duration>,
    pub p90: Option<Duration>,
    /// Cases whose promise was kept or broken in the window: answered in time, or overdue since.
    pub due: u64,
    pub kept: u64,
}

impl Times {
    /// Whole per cent of those due that were answered in time, rounded down.
    pub fn kept_percent(&self) -> Option<u32> {
        (self.due > 0).then(|| (self.kept * 100 / self.due) as u32)
    }
}

/// Somebody who waits.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Waiting {
    pub since: Time,
    /// What was asked, where the words are known.
    pub mention: Option<Arc<Mention>>,
}
