//! `/metrics`: how the wall stands, in the text format of Prometheus ("Text-based format",
//! prometheus.io/docs/instrumenting/exposition_formats).

use std::collections::BTreeMap;

use super::exposition::Page;
use super::feed_report::{is_trouble, next_try, standing};
use super::mirror::{MirroredWall, Shared, locked};
use super::on_call;
use super::report::WallState;
use super::stats::{by_window, journal_of, spans};
use super::status::{FrameStatus, JournalStats};
use crate::clock::{Instant, Time};
use crate::control::power::{PanelNow, PanelState};
use crate::layout::window::Window;
use crate::pulse::snapshot::{FeedState, Health, Recording, Snapshot};

const STATES: [&str; 9] =
    ["connecting", "catching up", "live", "stale", "degraded", "throttled", "refused", "down", "ended"];

/// All metrics of the wall as it stands.
pub(super) fn metrics(shared: &Shared) -> String {
    let mut page = Page::default();
    let state = WallState::read(shared);
    let WallState { mirrored, status, snapshot, panels, now, at, .. } = &state;
    let is_healthy = state.health().is_ok();
    page.head("fishbowl_healthy", "gauge", "1 if every display that is present is being shown.");
    page.line("fishbowl_healthy", &[], u8::from(is_healthy));
    let losses = "Number of times the graphics device was lost since the start.";
    page.head("fishbowl_graphics_losses_total", "counter", losses);
    page.line("fishbowl_graphics_losses_total", &[], status.device_losses);
    displays(&mut page, mirrored, status, *at);
    still(&mut page, mirrored);
    power(&mut page, panels);
    feeds(&mut page, &snapshot.feeds, *now);
    on_call::measure(&mut page, snapshot, &mirrored.topics);
    stats(&mut page, mirrored, snapshot, status.journal);
    page.text()
}

fn displays(page: &mut Page, mirrored: &MirroredWall, status: &FrameStatus, at: Instant) {
    page.head("fishbowl_display_present", "gauge", "1 if the display has a monitor.");
    for (i, pane) in mirrored.panes.iter().enumerate() {
        let name = [("display", pane.display.name.as_str())];
        page.line("fishbowl_display_present", &name, u8::from(!status.absent.contains(&i)));
    }
    let total = "Number of frames shown since the layout was loaded.";
    page.head("fishbowl_display_frames_total", "counter", total);
    for pane in &mirrored.panes {
        let name = [("display", pane.display.name.as_str())];
        page.line("fishbowl_display_frames_total", &name, locked(&pane.rate).total);
    }
    let age = "Time since a frame of the display was last shown.";
    page.head("fishbowl_display_seen_age_seconds", "gauge", age);
    for pane in &mirrored.panes {
        if let Some(last) = locked(&pane.rate).last {
            let age = at.saturating_duration_since(last).as_secs_f64();
            page.line("fishbowl_display_seen_age_seconds", &[("display", pane.display.name.as_str())], age);
        }
    }
}

fn still(page: &mut Page, mirrored: &MirroredWall) {
    let seconds =
        "How long a thousandth of the display, or more, has shown the same; absent below four hours.";
    page.head("fishbowl_display_still_seconds", "gauge", seconds);
    for pane in &mirrored.panes {
        if let Some(still) = locked(&pane.still).still() {
            page.line(
                "fishbowl_display_still_seconds",
                &[("display", pane.display.name.as_str())],
                still.seconds,
            );
        }
    }
}

fn power(page: &mut Page, panels: &BTreeMap<String, PanelNow>) {
    page.head("fishbowl_display_power", "gauge", "1 for the current state of the display's panel.");
    for (display, panel) in panels {
        for state in PanelState::ALL {
            let labels = [("display", display.as_str()), ("state", state.word())];
            page.line("fishbowl_display_power", &labels, u8::from(panel.state == state));
        }
    }
    page.head("fishbowl_display_rests", "gauge", "1 if the panel of the display should be off.");
    for (display, panel) in panels {
        page.line("fishbowl_display_rests", &[("display", display.as_str())], u8::from(panel.rests));
    }
}

fn feeds(page: &mut Page, feeds: &[FeedState], now: Time) {
    let mut each = |name, kind, help, value: &dyn Fn(usize) -> Option<f64>| {
        page.head(name, kind, help);
        for (i, feed) in feeds.iter().enumerate() {
            if let Some(value) = value(i) {
                page.line(name, &[("feed", &*feed.name)], value);
            }
        }
    };
    let feed = |i: usize| &feeds[i];
    let up = |i| Some(f64::from(u8::from(matches!(feed(i).health, Health::Live | Health::CatchingUp))));
    each("fishbowl_feed_up", "gauge", "1 if the feed is connected.", &up);
    let received = |i| Some(feed(i).received as f64);
    each(
        "fishbowl_feed_received_total",
        "counter",
        "Number of mentions received since the start.",
        &received,
    );
    let garbage = |i| Some(feed(i).garbage as f64);
    each("fishbowl_feed_garbage_total", "counter", "Number of records that could not be read.", &garbage);
    let undated = |i| Some(feed(i).undated as f64);
    each(
        "fishbowl_feed_undated_total",
        "counter",
        "Number of mentions of unknown time, which are not counted.",
        &undated,
    );
    let restarts = |i| Some(feed(i).restarts as f64);
    each("fishbowl_feed_restarts_total", "counter", "Number of reconnects.", &restarts);
    let lag = |i| feed(i).lag.map(|lag| lag.as_secs_f64());
    each("fishbowl_feed_lag_seconds", "gauge", "Age of the last mention on arrival.", &lag);
    let heard = |i| feed(i).heard.map(|heard| heard.as_micros() as f64 / 1e6);
    each(
        "fishbowl_feed_heard_timestamp_seconds",
        "gauge",
        "Unix time at which the feed last delivered anything.",
        &heard,
    );
    let next = |i| next_try(feed(i)).map(|at| at.as_micros() as f64 / 1e6);
    each("fishbowl_feed_next_try_timestamp_seconds", "gauge", "Unix time of the next retry.", &next);
    let standing = |feed: &FeedState| standing(feed, feed.heard.map(|heard| now.since(heard)), now).0;
    let troubled = feeds.iter().filter(|feed| is_trouble(standing(feed))).count();
    page.head("fishbowl_feeds_troubled", "gauge", "Number of feeds with a problem.");
    page.line("fishbowl_feeds_troubled", &[], troubled);
    page.head("fishbowl_feed_state", "gauge", "1 for the feed's current state.");
    for feed in feeds {
        let is = standing(feed);
        for one in STATES {
            page.line("fishbowl_feed_state", &[("feed", &*feed.name), ("state", one)], u8::from(is == one));
        }
    }
}

fn stats(page: &mut Page, mirrored: &MirroredWall, snapshot: &Snapshot, journal: JournalStats) {
    let mut one = |name, kind, help, value: u64| {
        page.head(name, kind, help);
        page.line(name, &[], value);
    };
    let recording = u64::from(snapshot.recording == Recording::On);
    one("fishbowl_journal_recording", "gauge", "1 while mentions are being recorded.", recording);
    let failed = u64::from(matches!(snapshot.recording, Recording::Failed { .. }));
    one("fishbowl_journal_failed", "gauge", "1 while mentions should be recorded and are not.", failed);
    if let Some(journal) = journal_of(snapshot, journal) {
        one("fishbowl_journal_kept_total", "counter", "Number of new mentions recorded.", journal.kept);
        let repeats = "Number of mentions that were already recorded.";
        one("fishbowl_journal_repeats_total", "counter", repeats, journal.repeats);
        let lost = "Number of mentions lost because the journal could not be written.";
        one("fishbowl_journal_unrecorded_total", "counter", lost, journal.unrecorded);
        one("fishbowl_journal_bytes", "gauge", "Size of the journal's files.", journal.bytes);
    }
    one(
        "fishbowl_pulse_folded_total",
        "counter",
        "Number of mentions counted since the start.",
        snapshot.folded,
    );
    one(
        "fishbowl_pulse_dropped_total",
        "counter",
        "Number of mentions dropped before they were counted.",
        snapshot.dropped,
    );
    let thinned = "Number of mentions counted without their text because too many arrived at once.";
    one("fishbowl_pulse_thinned_total", "counter", thinned, snapshot.thinned);
    let past = "1 while the past is being read back from the journal.";
    one("fishbowl_pulse_catching_up", "gauge", past, u64::from(snapshot.catching_up));
    let told = "Share of the past that has been read back, in per cent of its time span.";
    page.head("fishbowl_pulse_told_percent", "gauge", told);
    page.line("fishbowl_pulse_told_percent", &[], snapshot.told_percent);
    let unread = "Minimum number of mentions in the journal that cannot be read.";
    page.head("fishbowl_pulse_unread", "gauge", unread);
    page.line("fishbowl_pulse_unread", &[], snapshot.unread);
    let Some(counts) = snapshot.recent.last() else { return };
    let topics = mirrored.topics.iter().map(String::as_str).zip(&counts.topics);
    let streams: Vec<_> = std::iter::once(("", &counts.all)).chain(topics).enumerate().collect();
    let mentions =
        "Number of mentions in the window, as far as they are known; without a topic label, all mentions.";
    page.head("fishbowl_mentions", "gauge", mentions);
    for (i, (topic, counts)) in &streams {
        for (window, mentions) in by_window(counts, spans(snapshot, *i)) {
            let labels = [("topic", *topic), ("window", window)];
            mentions.into_iter().for_each(|mentions| page.line("fishbowl_mentions", &labels, mentions));
        }
    }
    page.head("fishbowl_heard_seconds", "gauge", "Seconds of the window during which a feed was connected.");
    for (i, (topic, _)) in &streams {
        for window in Window::ALL {
            let labels = [("topic", *topic), ("window", window.name())];
            page.line("fishbowl_heard_seconds", &labels, spans(snapshot, *i).over(window).known);
        }
    }
}
