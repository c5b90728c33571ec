//! What a tile says about the age and the nature of its data, in words.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock::Time;
use crate::layout::own::Own;
use crate::pulse::snapshot::{FeedState, Health, Nature, Recording, Snapshot};

/// How a tile stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Badge {
    /// Empty for live and fresh data; else what holds, the most important first.
    pub parts: Vec<String>,
    /// The data is too old to be taken for the present: the tile is dimmed.
    pub stale: bool,
}

impl Badge {
    /// All that holds, in words.
    pub fn words(&self) -> String {
        self.parts.join(", ")
    }

    /// What a tile has still to say where the wall says `wall` once for all: what differs.
    pub fn beside(&self, wall: &Badge) -> Self {
        let differs = |part: &&String| !wall.parts.contains(part);
        let mut parts: Vec<String> = self.parts.iter().filter(differs).cloned().collect();
        if parts.is_empty() && wall.parts.iter().any(|part| !self.parts.contains(part)) {
            parts.push("live".into());
        }
        Self { parts, stale: self.stale }
    }
}

/// A feed whose mentions are older than this when they come is late …
const LATE: Duration = Duration::from_secs(120);
/// … unless they are so old that it is one that tells of the past, as news are.
const DATED: Duration = Duration::from_secs(3_600);
/// Time that a feed may be down or throttled before the wall says so: most failures are mended by
/// the next try.
const BLIP: Duration = Duration::from_secs(20);

/// The worst that holds among a tile's `own` feeds, and how much of what is heard is kept and folded
/// whole. Ages are told in whole minutes, so that the words change at most once a minute.
pub fn badge(snapshot: &Snapshot, own: &Own, now: Time, zone: &TimeZone) -> Badge {
    let feeds: Vec<&FeedState> =
        snapshot.feeds.iter().enumerate().filter(|(i, _)| own.has(*i)).map(|(_, f)| f).collect();
    let feeds = &feeds[..];
    let age = feeds.iter().filter_map(|f| silence(f, now)).max();
    let catching_up = snapshot.catching_up && own.mentions;
    let unheard = feeds.iter().all(|f| f.heard.is_none()) && !catching_up;
    let away =
        !feeds.is_empty() && feeds.iter().all(|f| wrong(f, now, zone).is_some_and(|(much, _)| much >= AWAY));
    let first = match unheard {
        true if snapshot.waiting => Some("waiting for the time".into()),
        true if feeds.iter().any(|f| f.health == Health::Connecting) => Some("connecting".into()),
        true => Some("no data".into()),
        false => nature(feeds, own.speed_percent, zone),
    };
    let unread = own.mentions && snapshot.all.spans.over(own.window).unread > 0;
    let parts = [
        first,
        trouble(feeds, now, zone)
            .filter(|_| !snapshot.waiting)
            .or_else(|| freshness(feeds, age, catching_up).filter(|_| !unheard)),
        unread.then(|| "past incomplete".into()),
        thinned(snapshot.thinned_percent).filter(|_| own.texts),
        matches!(snapshot.recording, Recording::Failed { .. }).then(|| "not recording".into()),
    ];
    Badge { parts: parts.into_iter().flatten().collect(), stale: age.is_some() || away }
}

/// Time since the feed was heard, when that is longer than it should be.
fn silence(feed: &FeedState, now: Time) -> Option<Duration> {
    let silent = now.since(feed.heard?);
    (feed.health != Health::Ended && silent > feed.stale_after).then_some(silent)
}

/// The least real of them: a recording, a simulation, or nothing to say.
fn nature(feeds: &[&FeedState], speed_percent: u32, zone: &TimeZone) -> Option<String> {
    let replay = feeds.iter().find_map(|f| match f.nature {
        Nature::Replay(moment) if speed_percent == 100 => Some(format!("replay {}", hour(moment, zone))),
        Nature::Replay(moment) => {
            let speed = f64::from(speed_percent) / 100.0;
            Some(format!("replay {}, {speed} ×", hour(moment, zone)))
        }
        _ => None,
    });
    let simulated = feeds.iter().any(|f| f.nature == Nature::Simulated);
    replay.or_else(|| simulated.then(|| "simulated".into()))
}

/// What is wrong with the feed that stands worst, with its name where there are others, and how many
/// others have something wrong.
fn trouble(feeds: &[&FeedState], now: Time, zone: &TimeZone) -> Option<String> {
    let wrong: Vec<_> = feeds.iter().filter_map(|feed| Some((feed, wrong(feed, now, zone)?))).collect();
    // Of those that are equally bad the one that the layout names first.
    let (feed, (_, words)) = wrong.iter().rev().max_by_key(|(_, (much, _))| *much)?;
    let words = if feeds.len() > 1 { format!("{} {words}", feed.name) } else { words.clone() };
    Some(if wrong.len() > 1 { format!("{words}, {} more", wrong.len() - 1) } else { words })
}

/// From here on nothing comes from a feed.
const AWAY: u8 = 2;

/// How bad it is, and the words for it.
fn wrong(feed: &FeedState, now: Time, zone: &TimeZone) -> Option<(u8, String)> {
    match &feed.health {
        Health::Refused { .. } => Some((3, "refused".into())),
        Health::Down { since, .. } if now.since(*since) >= BLIP => {
            Some((AWAY, format!("down since {}", hour(*since, zone))))
        }
        Health::Throttled { until, .. } if until.since(now) >= BLIP => {
            Some((1, format!("throttled until {}", hour(*until, zone))))
        }
        Health::Live | Health::CatchingUp => ailing(feed, now, zone),
        _ => None,
    }
}

/// The same of a feed that is connected: all that comes is turned away, or a part of it fails.
fn ailing(feed: &FeedState, now: Time, zone: &TimeZone) -> Option<(u8, String)> {
    let trouble = feed.trouble.as_ref().filter(|trouble| now.since(trouble.since) >= BLIP)?;
    Some(match trouble.deaf {
        true => (AWAY, format!("nothing readable since {}", hour(trouble.since, zone))),
        false => (1, "partly down".into()),
    })
}

fn freshness(feeds: &[&FeedState], age: Option<Duration>, catching_up: bool) -> Option<String> {
    let heard = feeds.iter().filter(|f| f.heard.is_some()).count();
    if let Some(age) = age {
        return Some(stale(age));
    }
    if catching_up {
        return Some("catching up".into());
    }
    if heard < feeds.len() {
        return Some(format!("{heard} of {} feeds", feeds.len()));
    }
    if feeds.iter().any(|f| f.health == Health::CatchingUp) {
        return Some("catching up".into());
    }
    if let Some(behind) = feeds.iter().filter_map(|f| behind(f)).max() {
        return Some(format!("{} min behind", behind.as_secs() / 60));
    }
    feeds.iter().any(|f| f.health == Health::Ended).then(|| "ended".into())
}

/// How late a feed tells what is said, when that is more than its silence may be. A feed that is
/// asked only now and then may be silent for longer.
fn behind(feed: &FeedState) -> Option<Duration> {
    let live = feed.nature == Nature::Live && feed.health == Health::Live;
    feed.lag.filter(|lag| live && *lag >= feed.stale_after.max(LATE) && *lag < DATED)
}

/// The share is given in tens, rounded up.
fn thinned(percent: u8) -> Option<String> {
    let share = match percent {
        0 => return None,
        1..=10 => "under 10 %".into(),
        91.. => "over 90 %".into(),
        tens => format!("{tens} %"),
    };
    Some(format!("{share} of texts left out"))
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
    use crate::layout::kind::TileSpec;
    use crate::mention::source::Trouble;
    use crate::scene::fixture;
    use crate::scene::widgets::{CounterTable, MentionsTable};

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn feed(nature: Nature, silent_s: u64) -> FeedState {
        FeedState {
            health: Health::Live,
            heard: Some(NOW - Duration::from_secs(silent_s)),
            received: 1,
            ..FeedState::new("f", nature, Duration::from_secs(30))
        }
    }

    fn snapshot(feeds: &[FeedState]) -> Snapshot {
        Snapshot { feeds: feeds.to_vec(), ..Snapshot::default() }
    }

    fn whole(snapshot: &Snapshot) -> Badge {
        badge(snapshot, &own(true), NOW, &TimeZone::UTC)
    }

    /// A tile that speaks of all feeds, and shows texts of mentions or only numbers.
    fn own(mentions: bool) -> Own {
        let kind = if mentions { MentionsTable::default().into() } else { numbers() };
        Own::of(&fixture::wall(vec![]), &*kind)
    }

    fn numbers() -> TileSpec {
        CounterTable { series: Some("load".into()), ..CounterTable::default() }.into()
    }

    fn words(feeds: &[FeedState]) -> String {
        whole(&snapshot(feeds)).words()
    }

    #[test]
    fn counts_that_are_still_too_low_say_so() {
        let catching = FeedState { health: Health::CatchingUp, ..feed(Nature::Simulated, 0) };
        assert_eq!(words(&[catching]), "simulated, catching up");
        let unheard = FeedState { heard: None, ..feed(Nature::Live, 0) };
        let told = Snapshot { catching_up: true, ..snapshot(&[unheard]) };
        assert_eq!(whole(&told).words(), "catching up");
    }

    #[test]
    fn live_and_fresh_says_nothing() {
        assert_eq!(whole(&snapshot(&[feed(Nature::Live, 2)])), Badge::default());
    }

    #[test]
    fn a_feed_that_fails_says_how_and_since_when() {
        let of = |health| FeedState { health, ..feed(Nature::Live, 1) };
        let why: std::sync::Arc<str> = "wrong token".into();
        let ago = |s| NOW - Duration::from_secs(s);
        let refused = of(Health::Refused { since: ago(600), why: why.clone() });
        let down = of(Health::Down { since: ago(120), why: why.clone() });
        let until = NOW + Duration::from_secs(600);
        let throttled = of(Health::Throttled { until, why: why.clone() });
        assert_eq!(words(std::slice::from_ref(&refused)), "refused");
        assert_eq!(words(std::slice::from_ref(&down)), "down since 07:58");
        assert_eq!(words(std::slice::from_ref(&throttled)), "throttled until 08:10");
        let named = FeedState { name: "x".into(), ..refused };
        assert_eq!(words(&[throttled, named, down.clone()]), "x refused, 2 more");
        assert_eq!(words(&[down.clone(), feed(Nature::Live, 1)]), "f down since 07:58");
        let dims = |feeds: &[FeedState]| whole(&snapshot(feeds)).stale;
        assert!(dims(&[down.clone(), down.clone()]) && !dims(&[down, feed(Nature::Live, 1)]));
        assert_eq!(words(&[of(Health::Down { since: ago(5), why })]), "", "a blip is not told");
    }

    #[test]
    fn a_feed_that_is_connected_and_ails_says_so() {
        let of = |deaf| {
            let trouble = Trouble { since: NOW - Duration::from_secs(120), why: "x".into(), deaf };
            FeedState { trouble: Some(trouble), ..feed(Nature::Live, 1) }
        };
        assert_eq!(
            [words(&[of(true)]), words(&[of(false)])],
            ["nothing readable since 07:58", "partly down"]
        );
    }

    #[test]
    fn mentions_that_come_late_say_so_and_news_do_not() {
        let of = |s| FeedState { lag: Some(Duration::from_secs(s)), ..feed(Nature::Live, 1) };
        assert_eq!([words(&[of(60)]), words(&[of(300)]), words(&[of(9_000)])], ["", "5 min behind", ""]);
    }

    #[test]
    fn what_is_not_kept_and_what_is_left_out_is_told() {
        let recording = Recording::Failed { since: NOW, why: "the disk is full".into() };
        let told = Snapshot { recording, thinned_percent: 80, ..snapshot(&[feed(Nature::Live, 2)]) };
        assert_eq!(whole(&told).words(), "80 % of texts left out, not recording");
    }

    #[test]
    fn plain_numbers_are_not_caught_up_with_or_thinned() {
        let told = Snapshot { catching_up: true, thinned_percent: 80, ..snapshot(&[feed(Nature::Live, 2)]) };
        assert_eq!(badge(&told, &own(false), NOW, &TimeZone::UTC), Badge::default());
        assert_eq!(whole(&told).words(), "catching up, 80 % of texts left out");
        let share = |percent| whole(&Snapshot { thinned_percent: percent, ..told.clone() }).words();
        assert!(
            share(10).contains("under 10 %") && share(100).contains("over 90 %"),
            "never none, never all"
        );
    }

    #[test]
    fn what_is_not_live_says_so() {
        assert_eq!(words(&[feed(Nature::Live, 1), feed(Nature::Simulated, 1)]), "simulated");
        assert_eq!(words(&[feed(Nature::Replay(Time::from_secs(50_700)), 1)]), "replay 14:05");
        let ended = FeedState { health: Health::Ended, ..feed(Nature::Replay(Time::default()), 900) };
        assert_eq!(words(&[ended]), "replay 00:00, ended");
    }

    #[test]
    fn a_recording_says_its_speed() {
        let told = snapshot(&[feed(Nature::Replay(Time::from_secs(50_700)), 1)]);
        let mut own = own(true);
        own.speed_percent = 6_000;
        assert_eq!(badge(&told, &own, NOW, &TimeZone::UTC).words(), "replay 14:05, 60 ×");
        own.speed_percent = 50;
        assert_eq!(badge(&told, &own, NOW, &TimeZone::UTC).words(), "replay 14:05, 0.5 ×");
    }

    #[test]
    fn beside_what_the_wall_says_a_tile_says_what_differs() {
        let of = |parts: &[&str]| Badge { parts: parts.iter().map(|&p| p.into()).collect(), stale: false };
        let beside = |own: &[&str], wall: &[&str]| of(own).beside(&of(wall)).words();
        assert_eq!(beside(&["simulated"], &["simulated"]), "");
        assert_eq!(
            beside(&["simulated", "80 % of texts left out"], &["simulated"]),
            "80 % of texts left out"
        );
        assert_eq!(beside(&[], &["simulated"]), "live");
        assert_eq!(beside(&["down since 14:02"], &["f down since 14:02"]), "down since 14:02");
        assert_eq!(beside(&[], &[]), "");
    }

    #[test]
    fn silence_is_told_in_minutes_hours_and_days() {
        assert_eq!(words(&[feed(Nature::Live, 45)]), "stale");
        assert_eq!(words(&[feed(Nature::Live, 200)]), "stale 3 min");
        assert_eq!(words(&[feed(Nature::Live, 7_300)]), "stale 2 h");
        assert_eq!(words(&[feed(Nature::Live, 300_000)]), "stale 3 days");
        assert_eq!(words(&[feed(Nature::Simulated, 200)]), "simulated, stale 3 min");
        assert!(whole(&snapshot(&[feed(Nature::Live, 45), feed(Nature::Live, 1)])).stale);
    }

    #[test]
    fn what_was_never_heard_is_no_data() {
        let silent = FeedState { heard: None, ..feed(Nature::Live, 0) };
        assert_eq!(words(&[]), "no data");
        assert_eq!(words(std::slice::from_ref(&silent)), "no data");
        let new = FeedState { health: Health::Connecting, ..silent.clone() };
        assert_eq!(words(&[new]), "connecting");
        assert_eq!(words(&[silent, feed(Nature::Live, 1)]), "1 of 2 feeds");
    }
}
