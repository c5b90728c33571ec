//! What the wall knows and keeps beside its feeds, for `wall.json` and the metrics.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::duration::words;
use super::status::JournalStats;
use crate::clock::Time;
use crate::layout::window::Window;
use crate::mention::series;
use crate::pulse::snapshot::{Found, Readings, Recording, Snapshot, Span, Spans, StreamCounts};

/// How counting and recording go, in `wall.json`.
#[derive(Debug, Serialize)]
pub(super) struct StatsReport {
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
    journal: Option<JournalStats>,
}

#[derive(Debug, Serialize)]
struct SeriesReport {
    value: f64,
    /// Seconds since it had it.
    age_s: f64,
}

impl StatsReport {
    pub fn new(snapshot: &Snapshot, journal: JournalStats, topics: &[String], now: Time) -> Self {
        let counts = snapshot.recent.last().map(|counts| &**counts);
        let of_topics = topics.iter().zip(counts.into_iter().flat_map(|c| &c.topics));
        Self {
            recording: match snapshot.recording {
                Recording::Off => "off",
                Recording::On => "on",
                Recording::Failed { .. } => "failed",
            },
            recording_words: recording(&snapshot.recording, now),
            catching_up: snapshot.catching_up,
            told_percent: snapshot.told_percent,
            unread: snapshot.unread,
            folded: snapshot.folded,
            dropped: snapshot.dropped,
            thinned: snapshot.thinned,
            thinned_percent: snapshot.thinned_percent,
            mentions: counts.map(|c| by_window(&c.all, spans(snapshot, 0))).unwrap_or_default(),
            topics: of_topics
                .enumerate()
                .map(|(i, (name, counts))| (name.clone(), by_window(counts, spans(snapshot, i + 1))))
                .collect(),
            heard_s: Window::ALL.map(|w| (w.name(), heard(spans(snapshot, 0), w).unwrap_or(0))).into(),
            series: series(&snapshot.series, now),
            journal: journal_of(snapshot, journal),
        }
    }
}

/// How much of everything was heard (0), or of a topic.
pub(super) fn spans(snapshot: &Snapshot, stream: usize) -> Spans {
    let stream = match stream.checked_sub(1) {
        None => Some(&snapshot.all),
        Some(topic) => snapshot.topics.get(topic),
    };
    stream.map(|stream| *stream.spans).unwrap_or_default()
}

/// What the journal did, if anything is recorded.
pub(super) fn journal_of(snapshot: &Snapshot, journal: JournalStats) -> Option<JournalStats> {
    (snapshot.recording != Recording::Off).then_some(journal)
}

/// What the journal cannot tell or record, in words.
pub(super) fn troubles(snapshot: &Snapshot) -> impl Iterator<Item = String> {
    let failed = match &snapshot.recording {
        Recording::Failed { why, .. } => Some(format!("not recording: {why}")),
        _ => None,
    };
    failed.into_iter().chain(unread(snapshot))
}

fn unread(snapshot: &Snapshot) -> Option<String> {
    let seconds = Window::ALL.iter().map(|window| snapshot.all.spans.over(*window).unread).max().unwrap_or(0);
    let words = "part of the past could not be read: the journal is damaged";
    match snapshot.unread {
        0 if seconds == 0 => None,
        0 => Some("part of the past is unknown: it was lost in a damaged journal".into()),
        1 => Some(format!("{words}, and 1 mention in it is lost; see `fishbowl journal repair`")),
        many => Some(format!(
            "{words}, and at least {many} mentions in it are lost; see `fishbowl journal repair`"
        )),
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
