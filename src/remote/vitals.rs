//! What the wall knows and keeps beside its feeds, for `wall.json` and the metrics.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::report::words;
use crate::clock::Time;
use crate::layout::window::Window;
use crate::mention::series;
use crate::pulse::snapshot::{Counts, Found, Readings, Recording, Snapshot, Span, Spans, StreamCounts};

/// How folding and keeping go.
#[derive(Clone, Debug, Default)]
pub struct Vitals {
    pub recording: Recording,
    /// The past is still being read back from the journal.
    pub catching_up: bool,
    /// How much of it is read, per cent.
    pub told_percent: u8,
    /// Mentions of the past that the journal holds and that cannot be read; at least.
    pub unread: u64,
    /// Mentions since the start: folded, lost, counted without their words.
    pub folded: u64,
    pub dropped: u64,
    pub thinned: u64,
    /// Thinned ones of a hundred in the last minute.
    pub thinned_percent: u8,
    pub counts: Option<Arc<Counts>>,
    /// Plain numbers.
    pub series: Arc<[Arc<Readings>]>,
    /// How much of each window was heard: of everything, then of the topics.
    pub spans: Vec<Arc<Spans>>,
    pub journal: Option<Journal>,
}

/// What the journal did since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Journal {
    /// Number of new mentions recorded.
    pub kept: u64,
    /// Number of mentions that were already recorded.
    pub repeats: u64,
    /// Mentions that passed while it could not be written.
    pub unrecorded: u64,
    /// Size of its files.
    pub bytes: u64,
}

impl Vitals {
    /// How much of everything was heard (0), or of a topic.
    pub(super) fn spans(&self, stream: usize) -> Spans {
        self.spans.get(stream).map(|spans| **spans).unwrap_or_default()
    }
}

impl From<&Snapshot> for Vitals {
    fn from(snapshot: &Snapshot) -> Self {
        Self {
            recording: snapshot.recording.clone(),
            catching_up: snapshot.catching_up,
            told_percent: snapshot.told_percent,
            unread: snapshot.unread,
            folded: snapshot.folded,
            dropped: snapshot.dropped,
            thinned: snapshot.thinned,
            thinned_percent: snapshot.thinned_percent,
            counts: snapshot.recent.last().cloned(),
            series: snapshot.series.clone(),
            spans: std::iter::once(&snapshot.all).chain(&snapshot.topics).map(|s| s.spans.clone()).collect(),
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
    told_percent: u8,
    unread: u64,
    folded: u64,
    dropped: u64,
    thinned: u64,
    thinned_percent: u8,
    /// Mentions by window, of everything and of each topic; `null` where nothing was heard, or not
    /// all of it is read yet.
    mentions: ByWindow<Option<u64>>,
    topics: BTreeMap<String, ByWindow<Option<u64>>>,
    /// Seconds of each window that were heard.
    heard_s: ByWindow<u32>,
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
            told_percent: vitals.told_percent,
            unread: vitals.unread,
            folded: vitals.folded,
            dropped: vitals.dropped,
            thinned: vitals.thinned,
            thinned_percent: vitals.thinned_percent,
            mentions: counts.map(|c| by_window(&c.all, vitals.spans(0))).unwrap_or_default(),
            topics: of_topics
                .enumerate()
                .map(|(i, (name, counts))| (name.clone(), by_window(counts, vitals.spans(i + 1))))
                .collect(),
            heard_s: Window::ALL.map(|w| (w.name(), heard(vitals.spans(0), w).unwrap_or(0))).into(),
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
        Recording::Off => "recording is off".into(),
        Recording::On => "recording".into(),
        Recording::Failed { since, why } => {
            format!("not recording for {}: {why}", words(now.since(*since)))
        }
    }
}

pub(super) type ByWindow<T> = BTreeMap<&'static str, T>;

/// Mentions in each window; `None` is unknown.
pub(super) fn by_window(counts: &StreamCounts, spans: Spans) -> ByWindow<Option<u64>> {
    let of = |window| heard(spans, window).map(|_| counts.over(window).mentions);
    Window::ALL.map(|window| (window.name(), of(window))).into()
}

/// Seconds of a window that were heard; `None` when none was, or the journal has not told all of it.
pub(super) fn heard(spans: Spans, window: Window) -> Option<u32> {
    let Span { whole, known, untold, .. } = spans.over(window);
    (untold == 0 && (known > 0 || whole == 0)).then_some(known)
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
