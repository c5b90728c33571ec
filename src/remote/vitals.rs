//! What the wall knows and keeps beside its feeds, for `wall.json` and the metrics.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::report::words;
use crate::clock::Time;
use crate::layout::widget::Window;
use crate::mention::series;
use crate::pulse::snapshot::{Counts, Found, Readings, Recording, Snapshot, StreamCounts};

/// How folding and keeping go.
#[derive(Clone, Debug, Default)]
pub struct Vitals {
    pub recording: Recording,
    /// The past is still being read back from the journal.
    pub catching_up: bool,
    /// Mentions since the start: folded, lost, counted without their words.
    pub folded: u64,
    pub dropped: u64,
    pub thinned: u64,
    /// Thinned ones of a hundred in the last minute.
    pub thinned_percent: u8,
    pub counts: Option<Arc<Counts>>,
    /// Plain numbers.
    pub series: Arc<[Arc<Readings>]>,
    pub journal: Option<Journal>,
}

/// What the journal did since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Journal {
    /// Mentions that were new.
    pub kept: u64,
    /// Mentions that were known already.
    pub repeats: u64,
    /// Mentions that passed while it could not be written.
    pub unrecorded: u64,
    /// Size of its files.
    pub bytes: u64,
}

impl From<&Snapshot> for Vitals {
    fn from(snapshot: &Snapshot) -> Self {
        Self {
            recording: snapshot.recording.clone(),
            catching_up: snapshot.catching_up,
            folded: snapshot.folded,
            dropped: snapshot.dropped,
            thinned: snapshot.thinned,
            thinned_percent: snapshot.thinned_percent,
            counts: snapshot.recent.last().cloned(),
            series: snapshot.series.clone(),
            journal: None,
        }
    }
}

/// The same in `wall.json`.
#[derive(Debug, Serialize)]
pub(super) struct VitalsReport {
    /// `off`, `on` or `failed`.
    recording: &'static str,
    /// The same for people, with age and reason.
    recording_words: String,
    catching_up: bool,
    folded: u64,
    dropped: u64,
    thinned: u64,
    thinned_percent: u8,
    /// Mentions by window, of everything and of each topic.
    mentions: BTreeMap<&'static str, u64>,
    topics: BTreeMap<String, BTreeMap<&'static str, u64>>,
    /// The last number of each series, by the name with which a layout finds it and no other.
    series: BTreeMap<String, SeriesReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    journal: Option<Journal>,
}

#[derive(Debug, Serialize)]
struct SeriesReport {
    value: f64,
    /// Seconds since it had it.
    age_s: f64,
}

impl VitalsReport {
    pub fn new(vitals: &Vitals, topics: &[String], now: Time) -> Self {
        let counts = vitals.counts.as_deref();
        let of_topics = topics.iter().zip(counts.into_iter().flat_map(|c| &c.topics));
        Self {
            recording: match vitals.recording {
                Recording::Off => "off",
                Recording::On => "on",
                Recording::Failed { .. } => "failed",
            },
            recording_words: recording(&vitals.recording, now),
            catching_up: vitals.catching_up,
            folded: vitals.folded,
            dropped: vitals.dropped,
            thinned: vitals.thinned,
            thinned_percent: vitals.thinned_percent,
            mentions: counts.map(|c| by_window(&c.all)).unwrap_or_default(),
            topics: of_topics.map(|(name, counts)| (name.clone(), by_window(counts))).collect(),
            series: series(&vitals.series, now),
            journal: vitals.journal,
        }
    }
}

fn series(all: &[Arc<Readings>], now: Time) -> BTreeMap<String, SeriesReport> {
    let named = |name: &str| match series::find(name, all.iter().map(|one| (&*one.name, ()))) {
        Found::One(()) => name.to_owned(),
        _ => series::whole(name),
    };
    let report = |one: &Arc<Readings>| {
        (named(&one.name), SeriesReport { value: one.value, age_s: now.since(one.at).as_secs_f64() })
    };
    all.iter().map(report).collect()
}

/// Whether what is heard is kept, in words.
pub(super) fn recording(recording: &Recording, now: Time) -> String {
    match recording {
        Recording::Off => "nothing is to be recorded".into(),
        Recording::On => "recording".into(),
        Recording::Failed { since, why } => {
            format!("not recording for {}: {why}", words(now.since(*since)))
        }
    }
}

pub(super) fn by_window(counts: &StreamCounts) -> BTreeMap<&'static str, u64> {
    Window::ALL.map(|window| (window.name(), counts.over(window).mentions)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_series_is_listed_by_a_name_that_finds_it() {
        let one = |name: &str| {
            Arc::new(Readings {
                name: name.into(),
                at: Time::from_secs(90),
                value: 0.5,
                by_minute: Vec::new(),
            })
        };
        let names = ["load/up", "s/path=/v1,zone=eu", "s/{path=\"/v1,zone=eu\"}"];
        let told = series(&names.map(one), Time::from_secs(100));
        let expected = ["load/up", "s/{path=\"/v1\",zone=\"eu\"}", "s/{path=\"/v1,zone=eu\"}"];
        assert_eq!(told.keys().collect::<Vec<_>>(), expected);
        assert!(told.values().all(|one| (one.value, one.age_s) == (0.5, 10.0)));
    }
}
