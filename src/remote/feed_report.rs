//! How each feed is doing, for `wall.json` and the metrics.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::duration::words;
use crate::clock::Time;
use crate::mention::source::Trouble;
use crate::pulse::snapshot::{FeedState, Health, Nature};

#[derive(Debug, Serialize)]
pub(super) struct FeedReport {
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

impl FeedReport {
    pub fn new(feed: &FeedState, now: Time) -> Self {
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
pub(super) fn troubles(feeds: &[FeedState], now: Time) -> impl Iterator<Item = String> {
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
        let why: Arc<str> = "1 of 2 URLs fails: a: gone".into();
        let trouble = Some(Trouble { since: Time::from_secs(900), why, deaf: false });
        let part = FeedState { trouble, ..feed(Health::Live, Nature::Live, Some(Time::from_secs(999))) };
        let report = FeedReport::new(&part, Time::from_secs(1_000));
        assert_eq!(
            (report.health, &*report.words),
            ("degraded", "degraded for 100 s: 1 of 2 URLs fails: a: gone")
        );
        let down = Health::Down { since: Time::from_secs(0), why: "no route".into() };
        let live = feed(Health::Live, Nature::Live, Some(Time::from_secs(999)));
        let feeds = [part, live, feed(down, Nature::Live, None)];
        let told: Vec<String> = troubles(&feeds, Time::from_secs(1_000)).collect();
        assert_eq!(
            told,
            [
                "feed `public`: degraded for 100 s: 1 of 2 URLs fails: a: gone",
                "feed `public`: down for 16 min: no route"
            ]
        );
    }
}
