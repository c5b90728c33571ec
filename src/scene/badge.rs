//! What a tile says about the age and the nature of its data, in words.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock::Time;
use crate::pulse::snapshot::{FeedState, Health, Nature};

/// How a tile stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Badge {
    /// Empty for live and fresh data.
    pub words: String,
    /// The data is too old to be taken for the present: the tile is dimmed.
    pub stale: bool,
}

/// The worst that holds among `feeds`. Ages are told in whole minutes, so that the words change
/// at most once a minute.
pub fn badge(feeds: &[FeedState], now: Time, zone: &TimeZone) -> Badge {
    if feeds.iter().all(|f| f.heard.is_none()) {
        return Badge { words: "no data".into(), stale: false };
    }
    let age = feeds.iter().filter_map(|f| silence(f, now)).max();
    let parts = [nature(feeds, zone), freshness(feeds, age)];
    let words = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    Badge { words, stale: age.is_some() }
}

/// Time since the feed was heard, when that is longer than it should be.
fn silence(feed: &FeedState, now: Time) -> Option<Duration> {
    let silent = now.since(feed.heard?);
    (feed.health != Health::Ended && silent > feed.stale_after).then_some(silent)
}

/// The least real of them: a recording, a simulation, or nothing to say.
fn nature(feeds: &[FeedState], zone: &TimeZone) -> Option<String> {
    let replay = feeds.iter().find_map(|f| match f.nature {
        Nature::Replay(moment) => Some(format!("replay {}", hour(moment, zone))),
        _ => None,
    });
    let simulated = feeds.iter().any(|f| f.nature == Nature::Simulated);
    replay.or_else(|| simulated.then(|| "simulated".into()))
}

fn freshness(feeds: &[FeedState], age: Option<Duration>) -> Option<String> {
    let heard = feeds.iter().filter(|f| f.heard.is_some()).count();
    if let Some(age) = age {
        return Some(stale(age));
    }
    if heard < feeds.len() {
        return Some(format!("{heard} of {} feeds", feeds.len()));
    }
    if feeds.iter().any(|f| f.health == Health::CatchingUp) {
        return Some("catching up".into());
    }
    feeds.iter().any(|f| f.health == Health::Ended).then(|| "ended".into())
}

fn stale(age: Duration) -> String {
    match age.as_secs() / 60 {
        0 => "stale".into(),
        m @ 1..60 => format!("stale {m} min"),
        m @ 60..2_880 => format!("stale {} h", m / 60),
        m => format!("stale {} days", m / 1_440),
    }
}

/// `14:05` in `zone`.
pub fn hour(at: Time, zone: &TimeZone) -> String {
    let stamp = Timestamp::from_microsecond(at.as_micros()).unwrap_or_default();
    stamp.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn feed(nature: Nature, silent_s: u64) -> FeedState {
        FeedState {
            health: Health::Live,
            heard: Some(NOW - Duration::from_secs(silent_s)),
            received: 1,
            ..FeedState::new("f", nature, Duration::from_secs(30))
        }
    }

    fn words(feeds: &[FeedState]) -> String {
        badge(feeds, NOW, &TimeZone::UTC).words
    }

    #[test]
    fn counts_that_are_still_too_low_say_so() {
        let catching = FeedState { health: Health::CatchingUp, ..feed(Nature::Simulated, 0) };
        assert_eq!(badge(&[catching], NOW, &TimeZone::UTC).words, "simulated, catching up");
    }

    #[test]
    fn live_and_fresh_says_nothing() {
        assert_eq!(badge(&[feed(Nature::Live, 2)], NOW, &TimeZone::UTC), Badge::default());
    }

    #[test]
    fn what_is_not_live_says_so() {
        assert_eq!(words(&[feed(Nature::Live, 1), feed(Nature::Simulated, 1)]), "simulated");
        assert_eq!(words(&[feed(Nature::Replay(Time::from_secs(50_700)), 1)]), "replay 14:05");
        let ended = FeedState { health: Health::Ended, ..feed(Nature::Replay(Time::default()), 900) };
        assert_eq!(words(&[ended]), "replay 00:00, ended");
    }

    #[test]
    fn silence_is_told_in_minutes_hours_and_days() {
        assert_eq!(words(&[feed(Nature::Live, 45)]), "stale");
        assert_eq!(words(&[feed(Nature::Live, 200)]), "stale 3 min");
        assert_eq!(words(&[feed(Nature::Live, 7_300)]), "stale 2 h");
        assert_eq!(words(&[feed(Nature::Live, 300_000)]), "stale 3 days");
        assert_eq!(words(&[feed(Nature::Simulated, 200)]), "simulated, stale 3 min");
        assert!(badge(&[feed(Nature::Live, 45), feed(Nature::Live, 1)], NOW, &TimeZone::UTC).stale);
    }

    #[test]
    fn what_was_never_heard_is_no_data() {
        let silent = FeedState { heard: None, ..feed(Nature::Live, 0) };
        assert_eq!(words(&[]), "no data");
        assert_eq!(words(std::slice::from_ref(&silent)), "no data");
        assert_eq!(words(&[silent, feed(Nature::Live, 1)]), "1 of 2 feeds");
    }
}
