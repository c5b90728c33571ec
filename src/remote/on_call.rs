//! Who has to act, for `wall.json` and the metrics: the care queue and the alerts that stand. Holds
//! neither names nor words of people.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::exposition::Page;
use crate::clock::Time;
use crate::pulse::care::{CareQueue, Times};
use crate::pulse::snapshot::{Alert, Cause, Severity, Snapshot};

const SEVERITIES: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Alarm];
const STANDINGS: [&str; 2] = ["raised", "acknowledged"];

/// The alerts that stand; a group's as well as the group.
fn open(alerts: &[Alert]) -> impl Iterator<Item = &Alert> {
    alerts.iter().filter(|alert| alert.is_live())
}

/// Those that stand and are no group of others.
fn single(alerts: &[Alert]) -> impl Iterator<Item = &Alert> {
    open(alerts).filter(|alert| alert.cause != Cause::Group)
}

/// Both in `wall.json`.
#[derive(Debug, Serialize)]
pub(super) struct OnCallReport {
    #[serde(skip_serializing_if = "Option::is_none")]
    care: Option<CareReport>,
    /// Those that stand, the last raised first.
    alerts: Vec<AlertReport>,
}

#[derive(Debug, Serialize)]
struct CareReport {
    waiting: u64,
    /// Those of them that wait longer than was promised.
    overdue: u64,
    /// When the oldest of them was opened, and its age in seconds; absent when nobody waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_s: Option<f64>,
    promise_s: f64,
    #[serde(rename = "1h")]
    last_hour: TimesReport,
    #[serde(rename = "24h")]
    last_day: TimesReport,
    /// False when there were more cases than can be remembered.
    exact: bool,
}

#[derive(Debug, Serialize)]
struct TimesReport {
    /// First answers.
    answers: u64,
    /// Seconds within which half and nine of ten of them came; `null` without answers.
    p50_s: Option<f64>,
    p90_s: Option<f64>,
    /// Cases whose promise was kept or broken, and those of them that were answered in time.
    due: u64,
    kept: u64,
    /// The same in whole per cent; `null` when none was due.
    kept_percent: Option<u32>,
}

#[derive(Debug, Serialize)]
struct AlertReport {
    id: u64,
    label: Arc<str>,
    topic: Option<String>,
    cause: Cause,
    severity: Severity,
    /// `raised` or `acknowledged`.
    standing: &'static str,
    since: String,
}

impl OnCallReport {
    pub fn new(snapshot: &Snapshot, topics: &[String], now: Time) -> Self {
        Self {
            care: snapshot.care.as_deref().map(|desk| CareReport::new(desk, now)),
            alerts: open(&snapshot.alerts).map(|alert| AlertReport::new(alert, topics)).collect(),
        }
    }
}

impl CareReport {
    fn new(desk: &CareQueue, now: Time) -> Self {
        Self {
            waiting: desk.waiting,
            overdue: desk.overdue,
            oldest: desk.oldest.map(stamp),
            oldest_s: desk.oldest.map(|at| now.since(at).as_secs_f64()),
            promise_s: desk.promise.as_secs_f64(),
            last_hour: TimesReport::new(&desk.last_hour),
            last_day: TimesReport::new(&desk.last_day),
            exact: desk.exact,
        }
    }
}

impl TimesReport {
    fn new(times: &Times) -> Self {
        let [p50_s, p90_s] = [times.p50, times.p90].map(|took| took.map(|took| took.as_secs_f64()));
        let Times { answers, due, kept, .. } = *times;
        Self { answers, p50_s, p90_s, due, kept, kept_percent: times.kept_percent() }
    }
}

impl AlertReport {
    fn new(alert: &Alert, topics: &[String]) -> Self {
        Self {
            id: alert.id,
            label: alert.label.clone(),
            topic: topic(alert, topics).map(str::to_owned),
            cause: alert.cause,
            severity: alert.severity,
            standing: alert.standing(),
            since: stamp(alert.since),
        }
    }
}

/// Writes both as metrics.
pub(super) fn measure(page: &mut Page, snapshot: &Snapshot, topics: &[String]) {
    if let Some(desk) = &snapshot.care {
        measure_care(page, desk);
    }
    let help = "Number of active alerts, not counting groups.";
    page.head("fishbowl_alerts", "gauge", help);
    for severity in SEVERITIES {
        for standing in STANDINGS {
            let is = |alert: &&Alert| alert.severity == severity && alert.standing() == standing;
            let labels = [("severity", severity.word()), ("standing", standing)];
            page.line("fishbowl_alerts", &labels, single(&snapshot.alerts).filter(is).count());
        }
    }
    const SINCE: &str = "fishbowl_alert_since_timestamp_seconds";
    page.head(SINCE, "gauge", "Unix time at which the cause of an active alert began.");
    for alert in single(&snapshot.alerts) {
        let labels = [
            ("id", &*alert.id.to_string()),
            ("alert", &*alert.label),
            ("topic", topic(alert, topics).unwrap_or("")),
            ("severity", alert.severity.word()),
            ("standing", alert.standing()),
        ];
        page.line(SINCE, &labels, seconds(alert.since));
    }
}

fn measure_care(page: &mut Page, desk: &CareQueue) {
    let mut one = |name, help, value: Option<f64>| {
        page.head(name, "gauge", help);
        value.into_iter().for_each(|value| page.line(name, &[], value));
    };
    one("fishbowl_care_waiting", "Number of cases waiting for an answer.", Some(desk.waiting as f64));
    let overdue = "Number of cases waiting longer than promised.";
    one("fishbowl_care_overdue", overdue, Some(desk.overdue as f64));
    let oldest = "Unix time at which the oldest waiting case was opened.";
    one("fishbowl_care_oldest_timestamp_seconds", oldest, desk.oldest.map(seconds));
    let promise = "Promised time to first answer.";
    one("fishbowl_care_promise_seconds", promise, Some(desk.promise.as_secs_f64()));
    let windows = [("1h", &desk.last_hour), ("24h", &desk.last_day)];
    let mut each = |name, help, value: fn(&Times) -> u64| {
        page.head(name, "gauge", help);
        windows.iter().for_each(|(window, times)| page.line(name, &[("window", *window)], value(times)));
    };
    each("fishbowl_care_answers", "Number of first answers in the window.", |times| times.answers);
    each("fishbowl_care_due", "Number of cases whose promise was kept or broken in the window.", |times| {
        times.due
    });
    each("fishbowl_care_kept", "Number of cases answered within the promise in the window.", |times| {
        times.kept
    });
    const TOOK: &str = "fishbowl_care_answer_seconds";
    page.head(TOOK, "gauge", "Time to first answer, median and 90th percentile.");
    for (window, times) in windows {
        for (quantile, took) in [("0.5", times.p50), ("0.9", times.p90)] {
            let labels = [("window", window), ("quantile", quantile)];
            took.iter().for_each(|took: &Duration| page.line(TOOK, &labels, took.as_secs_f64()));
        }
    }
}

/// The name of an alert's topic; `None` for everything.
fn topic<'a>(alert: &Alert, topics: &'a [String]) -> Option<&'a str> {
    topics.get(usize::from(alert.topic?)).map(String::as_str)
}

fn seconds(at: Time) -> f64 {
    at.as_micros() as f64 / 1e6
}

fn stamp(at: Time) -> String {
    Timestamp::from_nanosecond(i128::from(at.0)).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests;
