//! `/metrics`: how the wall stands, in the text format of Prometheus ("Text-based format",
//! prometheus.io/docs/instrumenting/exposition_formats).

use super::duty;
use super::exposition::Page;
use super::mirror::{Face, Shared, locked};
use super::report::{State, health, is_trouble, next_try, standing};
use super::vitals::by_window;
use crate::clock::{Instant, Time};
use crate::layout::window::Window;
use crate::pulse::snapshot::{FeedState, Health, Recording};

const STATES: [&str; 9] =
    ["connecting", "catching up", "live", "stale", "degraded", "throttled", "refused", "down", "ended"];

/// All metrics of the wall as it stands.
pub(super) fn metrics(shared: &Shared) -> String {
    let (face, state, now) = (shared.face.load(), shared.state.load(), shared.clock.now());
    let mut page = Page::default();
    displays(&mut page, &face, &state, (shared.clock.instant(), now));
    feeds(&mut page, &state, now);
    duty::measure(&mut page, &state.duty, &face.topics);
    vitals(&mut page, &face, &state);
    page.text()
}

fn displays(page: &mut Page, face: &Face, state: &State, (at, now): (Instant, Time)) {
    page.head("fishbowl_healthy", "gauge", "1 when every display that is there is being seen.");
    page.line("fishbowl_healthy", &[], u8::from(health(face, state, at, now).is_ok()));
    page.head("fishbowl_display_present", "gauge", "1 when the display has a monitor.");
    for (i, pane) in face.panes.iter().enumerate() {
        let name = [("display", pane.display.name.as_str())];
        page.line("fishbowl_display_present", &name, u8::from(!state.absent.contains(&i)));
    }
    let total = "Frames that were seen since the layout was taken over.";
    page.head("fishbowl_display_frames_total", "counter", total);
    for pane in &face.panes {
        let name = [("display", pane.display.name.as_str())];
        page.line("fishbowl_display_frames_total", &name, locked(&pane.pace).total);
    }
    let age = "How long ago a frame of the display was last seen.";
    page.head("fishbowl_display_seen_age_seconds", "gauge", age);
    for pane in &face.panes {
        if let Some(last) = locked(&pane.pace).last {
            let age = at.saturating_duration_since(last).as_secs_f64();
            page.line("fishbowl_display_seen_age_seconds", &[("display", pane.display.name.as_str())], age);
        }
    }
}

fn feeds(page: &mut Page, state: &State, now: Time) {
    let mut each = |name, kind, help, value: &dyn Fn(usize) -> Option<f64>| {
        page.head(name, kind, help);
        for (i, feed) in state.feeds.iter().enumerate() {
            if let Some(value) = value(i) {
                page.line(name, &[("feed", &*feed.name)], value);
            }
        }
    };
    let feed = |i: usize| &state.feeds[i];
    let up = |i| Some(f64::from(u8::from(matches!(feed(i).health, Health::Live | Health::CatchingUp))));
    each("fishbowl_feed_up", "gauge", "1 when the feed is connected.", &up);
    let received = |i| Some(feed(i).received as f64);
    each("fishbowl_feed_received_total", "counter", "Mentions received since the start.", &received);
    let garbage = |i| Some(feed(i).garbage as f64);
    each("fishbowl_feed_garbage_total", "counter", "Records that could not be read.", &garbage);
    let undated = |i| Some(feed(i).undated as f64);
    each("fishbowl_feed_undated_total", "counter", "Mentions of unknown time; they count nowhere.", &undated);
    let restarts = |i| Some(feed(i).restarts as f64);
    each("fishbowl_feed_restarts_total", "counter", "Times that it was connected anew.", &restarts);
    let lag = |i| feed(i).lag.map(|lag| lag.as_secs_f64());
    each("fishbowl_feed_lag_seconds", "gauge", "Age of the last mention when it came.", &lag);
    let heard = |i| feed(i).heard.map(|heard| heard.as_micros() as f64 / 1e6);
    each("fishbowl_feed_heard_timestamp_seconds", "gauge", "When anything was last heard.", &heard);
    let next = |i| next_try(feed(i)).map(|at| at.as_micros() as f64 / 1e6);
    each("fishbowl_feed_next_try_timestamp_seconds", "gauge", "When what fails is tried again.", &next);
    let standing = |feed: &FeedState| standing(feed, feed.heard.map(|heard| now.since(heard)), now).0;
    let troubled = state.feeds.iter().filter(|feed| is_trouble(standing(feed))).count();
    page.head("fishbowl_feeds_troubled", "gauge", "Feeds that do not do as they should.");
    page.line("fishbowl_feeds_troubled", &[], troubled);
    page.head("fishbowl_feed_state", "gauge", "1 for the state in which the feed is.");
    for feed in &state.feeds {
        let is = standing(feed);
        for one in STATES {
            page.line("fishbowl_feed_state", &[("feed", &*feed.name), ("state", one)], u8::from(is == one));
        }
    }
}

fn vitals(page: &mut Page, face: &Face, state: &State) {
    let vitals = &state.vitals;
    let mut one = |name, kind, help, value: u64| {
        page.head(name, kind, help);
        page.line(name, &[], value);
    };
    let recording = u64::from(vitals.recording == Recording::On);
    one("fishbowl_journal_recording", "gauge", "1 while what is heard is kept.", recording);
    let failed = u64::from(matches!(vitals.recording, Recording::Failed { .. }));
    one("fishbowl_journal_failed", "gauge", "1 while it should be kept and is not.", failed);
    if let Some(journal) = vitals.journal {
        one("fishbowl_journal_kept_total", "counter", "Mentions that were new.", journal.kept);
        let repeats = "Mentions that were known already.";
        one("fishbowl_journal_repeats_total", "counter", repeats, journal.repeats);
        let lost = "Mentions that passed while the journal could not be written.";
        one("fishbowl_journal_unrecorded_total", "counter", lost, journal.unrecorded);
        one("fishbowl_journal_bytes", "gauge", "Size of the journal's files.", journal.bytes);
    }
    one("fishbowl_pulse_folded_total", "counter", "Mentions counted since the start.", vitals.folded);
    one("fishbowl_pulse_dropped_total", "counter", "Mentions lost before they were counted.", vitals.dropped);
    let thinned = "Mentions counted without their words, because too many came at once.";
    one("fishbowl_pulse_thinned_total", "counter", thinned, vitals.thinned);
    let past = "1 while the past is read back from the journal.";
    one("fishbowl_pulse_catching_up", "gauge", past, u64::from(vitals.catching_up));
    let told = "How much of the past is read, per cent of its time.";
    page.head("fishbowl_pulse_told_percent", "gauge", told);
    page.line("fishbowl_pulse_told_percent", &[], vitals.told_percent);
    let unread = "Mentions of the past that the journal holds and that cannot be read, at least.";
    page.head("fishbowl_pulse_unread", "gauge", unread);
    page.line("fishbowl_pulse_unread", &[], vitals.unread);
    let Some(counts) = &vitals.counts else { return };
    let topics = face.topics.iter().map(String::as_str).zip(&counts.topics);
    let streams: Vec<_> = std::iter::once(("", &counts.all)).chain(topics).enumerate().collect();
    let mentions = "Mentions in a window that ends now, as far as it was heard; of all without a topic.";
    page.head("fishbowl_mentions", "gauge", mentions);
    for (i, (topic, counts)) in &streams {
        for (window, mentions) in by_window(counts, vitals.spans(*i)) {
            let labels = [("topic", *topic), ("window", window)];
            mentions.into_iter().for_each(|mentions| page.line("fishbowl_mentions", &labels, mentions));
        }
    }
    page.head("fishbowl_heard_seconds", "gauge", "Seconds of the window in which a feed was heard.");
    for (i, (topic, _)) in &streams {
        for window in Window::ALL {
            let labels = [("topic", *topic), ("window", window.name())];
            page.line("fishbowl_heard_seconds", &labels, vitals.spans(*i).over(window).known);
        }
    }
}
