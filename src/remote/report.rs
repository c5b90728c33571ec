//! What the mirror says about the wall beside its pictures: `wall.json` and `health`.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::duty::{Duty, DutyReport};
use super::mirror::{Face, Pane, Shared, locked};
use super::vitals::{self, Vitals, VitalsReport};
use crate::clock::{Instant, Time};
use crate::mention::source::Trouble;
use crate::pulse::snapshot::{FeedState, Health, Nature, Recording};

/// A display that has not been seen for so long has stopped. By the monotonic clock.
const FROZEN: Duration = Duration::from_secs(5);

/// How the wall stands, as the frame's side knows it.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Name of the scene on the wall.
    pub scene: Arc<str>,
    /// The question that it answers.
    pub title: Option<Arc<str>>,
    pub feeds: Vec<FeedState>,
    pub vitals: Vitals,
    pub duty: Duty,
    /// In words for the operator: a layout file that is wrong, a monitor that is missing.
    pub problems: Vec<String>,
    /// Displays that have no monitor now, as indices into the wall's; not expected to be drawn.
    pub absent: Vec<usize>,
    /// Displays whose window the window system does not show, and for how long.
    pub unseen: Vec<(usize, Duration)>,
    /// Why nothing can be shown at all.
    pub outage: Option<String>,
}

/// `wall.json`.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    name: String,
    /// Left, top, width, height in wall millimetres.
    bounds_mm: [f32; 4],
    displays: Vec<DisplayReport>,
    scene: Arc<str>,
    title: Option<Arc<str>>,
    feeds: Vec<FeedReport>,
    #[serde(flatten)]
    vitals: VitalsReport,
    #[serde(flatten)]
    duty: DutyReport,
    problems: Vec<String>,
    /// Frames seen in the last second of the slowest display that is there.
    fps: u32,
    /// The same as `health` answers.
    health: Standing,
}

#[derive(Debug, Serialize)]
struct Standing {
    ok: bool,
    words: String,
}

#[derive(Debug, Serialize)]
struct DisplayReport {
    name: String,
    rect_mm: [f32; 4],
    /// As it hangs.
    pixels: (u32, u32),
    /// False when it has no monitor now.
    present: bool,
    fps: u32,
    /// Milliseconds since a frame of it was last seen: acknowledged by the window system, or drawn
    /// where there is none. Absent before the first. A display at rest shows a frame about once a second.
    drawn_ms_ago: Option<u128>,
}

#[derive(Debug, Serialize)]
struct FeedReport {
    name: Arc<str>,
    /// `live`, `simulated` or `replay`.
    nature: &'static str,
    /// One of `connecting`, `catching up`, `live`, `stale`, `degraded`, `throttled`, `refused`, `down`,
    /// `ended`.
    health: &'static str,
    /// The same for people, with age and reason.
    words: String,
    /// Seconds since it was last heard; absent when it never was.
    age_s: Option<f64>,
    received: u64,
    garbage: u64,
    /// Mentions of which it is not known when they were said; they stand in no window.
    undated: u64,
    /// Number of reconnects.
    restarts: u64,
    /// Age of the last mention when it came, seconds; absent before the first.
    lag_s: Option<f64>,
    /// Seconds until what fails is tried again; absent where nothing fails or nothing will be tried.
    next_try_s: Option<f64>,
}

impl Report {
    pub fn new(shared: &Shared) -> Self {
        let (face, state, now) = (shared.face.load(), shared.state.load(), shared.clock.now());
        let at = shared.clock.instant();
        let displays: Vec<_> = face
            .panes
            .iter()
            .enumerate()
            .map(|(i, pane)| DisplayReport::new(pane, !state.absent.contains(&i), at))
            .collect();
        Self {
            name: face.name.clone(),
            bounds_mm: [face.bounds.x, face.bounds.y, face.bounds.w, face.bounds.h],
            fps: displays.iter().filter(|d| d.present).map(|d| d.fps).min().unwrap_or(0),
            displays,
            scene: state.scene.clone(),
            title: state.title.clone(),
            feeds: state.feeds.iter().map(|feed| FeedReport::new(feed, now)).collect(),
            vitals: VitalsReport::new(&state.vitals, &face.topics, now),
            duty: DutyReport::new(&state.duty, &face.topics, now),
            problems: not_seen(&face, &state, at)
                .chain(state.problems.iter().cloned())
                .chain(troubles(&state.feeds, now))
                .collect(),
            health: standing_of(health(&face, &state, at, now)),
        }
    }
}

/// `Ok` when every display that is there was seen within [`FROZEN`]; both sides in words. That
/// nothing is recorded is told and does not count: a wall that is started anew for it would lose
/// what it has in memory.
pub(super) fn health(face: &Face, state: &State, at: Instant, now: Time) -> Result<String, String> {
    let expected = (0..face.panes.len()).filter(|i| !state.absent.contains(i)).count();
    let stopped: Vec<String> = not_seen(face, state, at).collect();
    if stopped.is_empty() && expected == 0 {
        return Err("there is no display to draw on".into());
    }
    if stopped.is_empty() {
        let drawn = if expected == 1 {
            "1 display is being drawn".to_owned()
        } else {
            format!("{expected} displays are being drawn")
        };
        let unkept = matches!(state.vitals.recording, Recording::Failed { .. });
        let unkept = unkept.then(|| vitals::recording(&state.vitals.recording, now));
        Ok([Some(drawn), unkept].into_iter().flatten().collect::<Vec<_>>().join("; "))
    } else {
        Err(stopped.join("; "))
    }
}

/// In words: why nothing is shown, and which displays are not seen.
fn not_seen<'a>(face: &'a Face, state: &'a State, at: Instant) -> impl Iterator<Item = String> + 'a {
    let there = (0..face.panes.len()).filter(|i| state.outage.is_none() && !state.absent.contains(i));
    let stopped = there.filter_map(move |i| {
        let unseen = state.unseen.iter().find(|(display, _)| *display == i);
        stopped(&face.panes[i], unseen.map(|(_, length)| *length), at)
    });
    state.outage.iter().cloned().chain(stopped)
}

fn stopped(pane: &Pane, unseen: Option<Duration>, at: Instant) -> Option<String> {
    let name = &pane.display.name;
    let silent = locked(&pane.pace).last.map(|last| at.saturating_duration_since(last));
    match (unseen, silent) {
        (Some(length), _) => {
            let length = words(length.max(silent.unwrap_or_default()));
            Some(format!(
                "display {name} is not being shown: the window system has presented no frame for {length}"
            ))
        }
        (None, None) => Some(format!("display {name} has not been drawn yet")),
        (None, Some(length)) if length >= FROZEN => {
            Some(format!("display {name} has not been drawn for {}", words(length)))
        }
        (None, Some(_)) => None,
    }
}

impl DisplayReport {
    fn new(pane: &Pane, present: bool, at: Instant) -> Self {
        let (pace, rect) = (*locked(&pane.pace), pane.display.rect);
        Self {
            name: pane.display.name.clone(),
            rect_mm: [rect.x, rect.y, rect.w, rect.h],
            pixels: pane.display.pixels,
            present,
            fps: pace.fps(at),
            drawn_ms_ago: pace.last.map(|last| at.saturating_duration_since(last).as_millis()),
        }
    }
}

impl FeedReport {
    fn new(feed: &FeedState, now: Time) -> Self {
        let age = feed.heard.map(|heard| now.since(heard));
        let (health, words) = standing(feed, age, now);
        Self {
            name: feed.name.clone(),
            nature: match feed.nature {
                Nature::Live => "live",
                Nature::Simulated => "simulated",
                Nature::Replay(_) => "replay",
            },
            health,
            words: words + &undated(feed),
            age_s: age.map(|age| age.as_secs_f64()),
            received: feed.received,
            garbage: feed.garbage,
            undated: feed.undated,
            restarts: feed.restarts,
            lag_s: feed.lag.map(|lag| lag.as_secs_f64()),
            next_try_s: next_try(feed).map(|at| at.since(now).as_secs_f64()),
        }
    }
}

/// What is wrong with each feed that does not do as it should, in words.
fn troubles(feeds: &[FeedState], now: Time) -> impl Iterator<Item = String> {
    feeds.iter().filter_map(move |feed| {
        let age = feed.heard.map(|heard| now.since(heard));
        let (health, words) = standing(feed, age, now);
        is_trouble(health).then(|| format!("feed `{}`: {words}", feed.name))
    })
}

/// Whether a feed that stands so does not do as it should.
pub(super) fn is_trouble(health: &str) -> bool {
    matches!(health, "stale" | "degraded" | "throttled" | "refused" | "down")
}

/// When what fails of a feed is tried again.
pub(super) fn next_try(feed: &FeedState) -> Option<Time> {
    match feed.health {
        Health::Throttled { until, .. } => Some(feed.next_try.unwrap_or(until)),
        _ => feed.next_try,
    }
}

fn standing_of(health: Result<String, String>) -> Standing {
    let ok = health.is_ok();
    Standing { ok, words: health.unwrap_or_else(|words| words) }
}

/// How a feed stands, as one word and as words for people.
pub(super) fn standing(feed: &FeedState, age: Option<Duration>, now: Time) -> (&'static str, String) {
    let connected = matches!(feed.health, Health::Live | Health::CatchingUp);
    if let Some(Trouble { since, why, .. }) = feed.trouble.as_ref().filter(|_| connected) {
        let since = words(now.since(*since));
        return ("degraded", format!("degraded for {since}: {why}{}", again(feed, now)));
    }
    match (&feed.health, age) {
        (Health::Connecting, _) => ("connecting", "connecting".into()),
        (Health::CatchingUp, _) => ("catching up", format!("{}, catching up", nature(feed.nature))),
        (Health::Ended, _) => ("ended", "ended".into()),
        (Health::Throttled { until, why }, _) => {
            ("throttled", format!("throttled for {} more: {why}", words(until.since(now))))
        }
        (Health::Refused { since, why }, _) => {
            ("refused", format!("refused for {}: {why}{}", words(now.since(*since)), again(feed, now)))
        }
        (Health::Down { since, why }, _) => {
            ("down", format!("down for {}: {why}{}", words(now.since(*since)), again(feed, now)))
        }
        (Health::Live, Some(age)) if age >= feed.stale_after => {
            ("stale", format!("stale, silent for {}", words(age)))
        }
        (Health::Live, _) => match feed.lag.filter(|lag| *lag >= feed.stale_after) {
            Some(lag) => ("live", format!("{}, {} behind", nature(feed.nature), words(lag))),
            None => ("live", nature(feed.nature).into()),
        },
    }
}

/// How many of its mentions count nowhere, because nobody knows when they were said.
fn undated(feed: &FeedState) -> String {
    match feed.undated {
        0 => String::new(),
        number => format!(", {number} of unknown time (not counted)"),
    }
}

/// When it is tried again, by the clock where that is a minute away or more.
fn again(feed: &FeedState, now: Time) -> String {
    match next_try(feed) {
        None if matches!(feed.health, Health::Refused { .. }) => {
            "; will not retry until the layout is saved or the wall restarts".into()
        }
        None => String::new(),
        Some(at) if at.since(now) < Duration::from_secs(1) => "; retrying now".into(),
        Some(at) if at.since(now) < Duration::from_secs(60) => {
            format!("; retrying in {}", words(at.since(now)))
        }
        Some(at) => {
            let at = Timestamp::from_microsecond(at.as_micros()).unwrap_or_default();
            format!("; retrying at {}", at.to_zoned(TimeZone::system()).strftime("%H:%M"))
        }
    }
}

fn nature(nature: Nature) -> &'static str {
    match nature {
        Nature::Live => "live",
        Nature::Simulated => "simulated",
        Nature::Replay(_) => "replay",
    }
}

/// A length of time as people say it, in its largest unit.
pub(super) fn words(length: Duration) -> String {
    match length.as_secs() {
        s @ 0..=119 => format!("{s} s"),
        s @ 120..=7_199 => format!("{} min", s / 60),
        s @ 7_200..=172_799 => format!("{} h", s / 3_600),
        s => format!("{} days", s / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(health: Health, nature: Nature, heard: Option<Time>) -> FeedState {
        let stale_after = Duration::from_secs(60);
        FeedState { health, heard, received: 1, ..FeedState::new("public", nature, stale_after) }
    }

    fn said(health: Health, nature: Nature, heard: Option<i64>) -> String {
        let report =
            FeedReport::new(&feed(health, nature, heard.map(Time::from_secs)), Time::from_secs(1_000));
        format!("{}: {}", report.health, report.words)
    }

    #[test]
    fn a_feed_says_how_it_stands() {
        let down = Health::Down { since: Time::from_secs(0), why: "connection refused".into() };
        assert_eq!(said(Health::Live, Nature::Live, Some(990)), "live: live");
        assert_eq!(said(Health::Live, Nature::Simulated, Some(999)), "live: simulated");
        assert_eq!(said(Health::Live, Nature::Live, Some(900)), "stale: stale, silent for 100 s");
        let past = said(Health::CatchingUp, Nature::Simulated, Some(999));
        assert_eq!(past, "catching up: simulated, catching up");
        assert_eq!(said(down, Nature::Live, None), "down: down for 16 min: connection refused");
        assert_eq!(said(Health::Connecting, Nature::Live, None), "connecting: connecting");
        let until = Health::Throttled { until: Time::from_secs(1_090), why: "429".into() };
        assert_eq!(said(until, Nature::Live, Some(990)), "throttled: throttled for 90 s more: 429");
        let refused = Health::Refused { since: Time::from_secs(400), why: "wrong token".into() };
        assert_eq!(
            said(refused.clone(), Nature::Live, Some(300)),
            "refused: refused for 10 min: wrong token; will not retry until the layout is saved or the wall restarts"
        );
        let soon = |s| {
            let next_try = Some(Time::from_secs(s));
            let feed = FeedState { next_try, ..feed(refused.clone(), Nature::Live, None) };
            FeedReport::new(&feed, Time::from_secs(1_000)).words
        };
        assert_eq!(soon(1_030), "refused for 10 min: wrong token; retrying in 30 s");
        assert!(soon(1_200).starts_with("refused for 10 min: wrong token; retrying at "));
        let lag = Some(Duration::from_secs(300));
        let late = FeedState { lag, ..feed(Health::Live, Nature::Live, Some(Time::from_secs(999))) };
        assert_eq!(FeedReport::new(&late, Time::from_secs(1_000)).words, "live, 5 min behind");
        let archive = FeedState { lag: Some(Duration::from_secs(316 * 3_600)), ..late.clone() };
        assert_eq!(FeedReport::new(&archive, Time::from_secs(1_000)).words, "live, 13 days behind");
        let unread = FeedState { lag: None, undated: 19, ..late };
        let words = FeedReport::new(&unread, Time::from_secs(1_000)).words;
        assert_eq!(words, "live, 19 of unknown time (not counted)");
    }

    #[test]
    fn every_feed_that_fails_is_a_problem_of_its_own() {
        let why: Arc<str> = "1 of 2 addresses fails: a: gone".into();
        let trouble = Some(Trouble { since: Time::from_secs(900), why, deaf: false });
        let part = FeedState { trouble, ..feed(Health::Live, Nature::Live, Some(Time::from_secs(999))) };
        let report = FeedReport::new(&part, Time::from_secs(1_000));
        assert_eq!(
            (report.health, &*report.words),
            ("degraded", "degraded for 100 s: 1 of 2 addresses fails: a: gone")
        );
        let down = Health::Down { since: Time::from_secs(0), why: "no route".into() };
        let live = feed(Health::Live, Nature::Live, Some(Time::from_secs(999)));
        let feeds = [part, live, feed(down, Nature::Live, None)];
        let told: Vec<String> = troubles(&feeds, Time::from_secs(1_000)).collect();
        assert_eq!(
            told,
            [
                "feed `public`: degraded for 100 s: 1 of 2 addresses fails: a: gone",
                "feed `public`: down for 16 min: no route"
            ]
        );
    }
}
