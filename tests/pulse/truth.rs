//! The numbers are right: against a count by hand at random moments, however mentions come.

use std::collections::{BTreeMap, HashSet};

use fishbowl::clock::Time;
use fishbowl::layout::window::Window;
use fishbowl::mention::{Country, Mention};
use fishbowl::pulse::snapshot::{Breakdown, Series, Snapshot, Span, Stream, Tally};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::make::{EVENT, START, at, by, live, meant, pulse, said, secs};

pub const TOPICS: &[(&str, &str)] = &[("aurora", "aurora"), ("other", "borealis NOT aurora")];
pub const TEXTS: [&str; 4] = ["aurora 電池 shines", "borealis #Night", "aurora or borealis", "その他 #night"];

/// The languages of [`TEXTS`], as a reader judges: English and Japanese words together, and three
/// English words or fewer, belong to none for certain.
const LANGUAGES: [Option<&str>; 4] = [None, None, None, Some("ja")];

/// Latitude, longitude, and the country there by an atlas: Manaus, Paris, Brasília, Tokyo, Recife.
const PLACES: [(f32, f32, &str); 5] = [
    (-3.1, -60.0, "BR"),
    (48.85, 2.35, "FR"),
    (-15.8, -47.9, "BR"),
    (35.68, 139.76, "JP"),
    (-8.05, -34.9, "BR"),
];

/// What may vary in a mention; `ahead` is said after it was received.
#[derive(Clone, Debug)]
pub struct Draft {
    pub late: u32,
    pub ahead: bool,
    pub text: usize,
    pub author: Option<u64>,
    pub followers: Option<u64>,
    pub score: Option<i8>,
    pub place: Option<u8>,
}

pub fn draft() -> impl Strategy<Value = Draft> {
    let late = prop_oneof![4 => 0..5_u32, 3 => 0..4_000_u32, 2 => 0..90_000_u32];
    (
        late,
        prop::bool::weighted(0.1),
        0..4_usize,
        any::<Option<u8>>(),
        any::<Option<u16>>(),
        any::<Option<i8>>(),
    )
        .prop_map(|(late, ahead, text, author, followers, score)| Draft {
            late,
            ahead,
            text,
            author: author.map(|a| u64::from(a % 7)),
            followers: followers.map(u64::from),
            score,
            place: score.filter(|s| s % 2 == 0).map(|s| s.unsigned_abs() % 5),
        })
}

pub fn mention(id: u64, draft: &Draft, now: Time) -> Mention {
    let late = secs(f64::from(draft.late));
    let ts = if draft.ahead { now + late.min(secs(100.0)) } else { now - late };
    let mut mention = said(id, ts, now, TEXTS[draft.text]);
    mention.lang = [Some("ja".into()), Some("pt-BR".into()), None][id as usize % 3].clone();
    if let Some(author) = draft.author {
        mention = by(mention, author, draft.followers);
    }
    if let Some(score) = draft.score {
        mention = meant(mention, f32::from(score) / 128.0);
    }
    match draft.place {
        Some(n) => {
            let (lat, lon, country) = PLACES[usize::from(n)];
            let mut mention = at(mention, lat, lon, Some("Place"));
            mention.country = Country::new(country).filter(|_| n % 2 == 0);
            mention
        }
        None => mention,
    }
}

/// Whether a mention stands in a window; one that was later than a day stands in none.
pub fn is_inside(m: &Mention, window: Window, now: Time) -> bool {
    let (at, end) = (m.ts.min(m.received), now.as_secs());
    let second = at.as_secs();
    let inside = match window {
        Window::H24 => second.div_euclid(60) > end.div_euclid(60) - 1_440,
        Window::D7 => second.div_euclid(900) > end.div_euclid(900) - 672,
        Window::Event => second.div_euclid(60) >= EVENT.as_secs().div_euclid(60),
        Window::Today => {
            let berlin = |secs: i64| Timestamp::from_second(secs).expect("a time").in_tz("Europe/Berlin");
            let day = |secs: i64| berlin(secs).expect("zones are known").date();
            day(second) == day(end)
        }
        shorter => second > end - shorter.secs().map_or(0, i64::from),
    };
    inside && m.received.since(at) < secs(86_400.0)
}

/// The tally of a window, by looking at every mention.
pub fn recount(told: &[Mention], wanted: impl Fn(&str) -> bool, window: Window, now: Time) -> Tally {
    let mut tally = Tally::default();
    let mut authors = HashSet::new();
    // People of a week are told by the hour.
    let hour = now.as_secs().div_euclid(3_600) - 167;
    let is_heard =
        |m: &Mention| window != Window::D7 || m.ts.min(m.received).as_secs().div_euclid(3_600) >= hour;
    for m in told {
        if !is_inside(m, window, now) || !wanted(m.text.as_deref().unwrap_or("")) {
            continue;
        }
        tally.mentions += 1;
        match m.sentiment.map(|s| s.score) {
            None => tally.unknown += 1,
            Some(s) if s >= 0.05 => tally.positive += 1,
            Some(s) if s <= -0.05 => tally.negative += 1,
            Some(_) => tally.neutral += 1,
        }
        tally.located += u64::from(m.geo.is_some());
        tally.points += u64::from(m.geo.is_some());
        tally.followers += m.author.as_ref().and_then(|a| a.followers).unwrap_or(0);
        authors.extend(m.author.as_ref().filter(|_| is_heard(m)).map(|a| a.id.clone()));
    }
    tally.authors = Some(authors.len() as u64);
    tally
}

pub fn is_in(stream: usize, text: &str) -> bool {
    match stream {
        0 => true,
        1 => text.contains("aurora"),
        _ => text.contains("borealis") && !text.contains("aurora"),
    }
}

pub fn streams(snapshot: &Snapshot) -> impl Iterator<Item = (usize, &Stream)> {
    std::iter::once(&snapshot.all).chain(&snapshot.topics).enumerate()
}

/// The parts of everything are what a recount says, and together all there is.
pub fn check_parts(told: &[Mention], snapshot: &Snapshot, now: Time) {
    let parts = snapshot.all.breakdown.as_ref().expect("of everything they are known");
    type Name<'a> = &'a dyn Fn(&Mention) -> Option<String>;
    let feed = |m: &Mention| (&*m.source == "demo").then(|| "demo".to_owned());
    let lang = |m: &Mention| {
        let told = m.lang.as_ref().map(|lang| lang[..2].to_owned());
        let text = TEXTS.iter().position(|text| m.text.as_deref() == Some(text));
        told.or_else(|| LANGUAGES[text?].map(Into::into))
    };
    let country = |m: &Mention| {
        let geo = m.geo.as_ref()?;
        PLACES
            .iter()
            .find(|(lat, lon, _)| (*lat, *lon) == (geo.lat, geo.lon))
            .map(|(.., name)| (*name).into())
    };
    let names: [(&Breakdown, Name<'_>); 3] =
        [(&parts.sources, &feed), (&parts.languages, &lang), (&parts.countries, &country)];
    for window in Window::ALL {
        let all = snapshot.all.counts.over(window).mentions;
        for made in [&parts.countries, &parts.languages] {
            assert_eq!(made.coverage(window).1, all, "{window:?}");
        }
        for (made, name) in &names {
            let mut due = BTreeMap::<Option<String>, u64>::new();
            for m in told.iter().filter(|m| is_inside(m, window, now)) {
                *due.entry(name(m)).or_default() += 1;
            }
            let is_there = |(_, count): &(Option<String>, u64)| *count > 0;
            let own = made.parts.iter().map(|p| (Some(p.name.to_string()), p.counts.over(window)));
            let own = own.chain([(None, made.unknown.over(window))]).filter(is_there);
            assert_eq!(own.collect::<BTreeMap<_, _>>(), due, "{window:?}");
            let known = due.iter().filter(|(name, _)| name.is_some()).map(|(_, count)| count).sum();
            assert_eq!(made.coverage(window), (known, due.values().sum()));
        }
    }
}

/// The same windows earlier, by whole minutes and quarters, as far as the wall knew anything.
fn check_before(told: &[Mention], stream: usize, is: &Stream, now: Time) {
    let said = |first: i64, end: i64| {
        let inside = told.iter().filter(|m| {
            let at = m.ts.min(m.received);
            (first..end).contains(&at.as_secs())
                && m.received.since(at) < secs(86_400.0)
                && is_in(stream, m.text.as_deref().unwrap_or(""))
        });
        (first >= START.as_secs()).then_some(inside.count() as u64)
    };
    let ago = |days: i64, step: i64, length: i64| {
        let end = (now.as_secs() - days * 86_400).div_euclid(step) * step;
        said(end - length, end)
    };
    for (window, length) in [(Window::M1, 60), (Window::M15, 900), (Window::H1, 3_600)] {
        assert_eq!(is.before.over(window).day, ago(1, 60, length), "{window:?} a day ago");
        let week = ago(7, 900, length).filter(|_| length >= 900);
        assert_eq!(is.before.over(window).week, week, "{window:?} a week ago");
    }
    let day = is.before.over(Window::H24);
    assert_eq!((day.day, day.week), (ago(1, 900, 86_400), ago(7, 900, 86_400)));
}

fn sum(series: &Series) -> u64 {
    series.values.iter().map(|v| u64::from(*v)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_window_is_what_a_recount_says(
        steps in prop::collection::vec(
            (prop_oneof![0..3_000_u64, 0..5_000_000_u64, 0..100_000_000_u64], prop::collection::vec(draft(), 0..12)),
            1..24,
        ),
    ) {
        let (mut pulse, mut told, mut now) = (pulse(TOPICS), Vec::new(), START);
        for (millis, drafts) in steps {
            now = now + std::time::Duration::from_millis(millis);
            let from = told.len();
            told.extend(drafts.iter().enumerate().map(|(i, d)| mention((from + i) as u64, d, now)));
            pulse.fold(live(told[from..].to_vec()));
            let Some(snapshot) = pulse.publish(now) else { continue };
            check_parts(&told, &snapshot, now);
            for (i, stream) in streams(&snapshot) {
                for window in Window::ALL {
                    let expected = recount(&told, |text| is_in(i, text), window, now);
                    prop_assert_eq!(stream.counts.over(window), &expected, "{:?} of stream {}", window, i);
                }
                check_before(&told, i, stream, now);
                let known: u32 = stream.places.iter().map(|p| p.count).sum();
                prop_assert!(u64::from(known) <= stream.counts.over(Window::M10).located);
            }
        }
    }

    #[test]
    fn how_mentions_are_cut_into_batches_changes_nothing(
        drafts in prop::collection::vec(draft(), 1..80),
        cuts in prop::collection::vec(1..20_usize, 80),
    ) {
        let told: Vec<Mention> =
            drafts.iter().enumerate().map(|(i, d)| mention(i as u64, d, START)).collect();
        let (mut whole, mut cut) = (pulse(TOPICS), pulse(TOPICS));
        whole.fold(live(told.clone()));
        let mut rest = &told[..];
        for size in cuts {
            let (part, left) = rest.split_at(size.min(rest.len()));
            cut.fold(live(part.to_vec()));
            rest = left;
        }
        let now = START + secs(1.0);
        let (a, b) = (whole.publish(now).expect("news"), cut.publish(now).expect("news"));
        prop_assert_eq!(format!("{:#?}", a), format!("{:#?}", b));
    }
}

#[test]
fn series_end_with_the_running_interval_and_add_up_to_their_window() {
    let mut pulse = pulse(&[]);
    let now = START + secs(3_000.5);
    let late = |n: u64| said(n, now - secs(n as f64 * 13.0), now, "x");
    pulse.fold(live((0..200).map(late).collect()));
    let all = pulse.publish(now).expect("news").all.clone();
    assert_eq!(all.by_second.end, START + secs(3_000.0));
    assert_eq!((all.by_second.values.len(), all.by_minute.values.len()), (3_600, 1_440));
    assert_eq!(sum(&all.by_second), all.counts.over(Window::H1).mentions);
    assert_eq!(sum(&all.by_minute), all.counts.over(Window::H24).mentions);
    assert_eq!(sum(&all.by_quarter), all.counts.over(Window::D7).mentions);
    assert_eq!(
        all.spans.over(Window::H24),
        Span { whole: 86_400, known: 3_001, age: 3_001, untold: 0, unread: 0 }
    );
    assert_eq!(
        all.spans.over(Window::Event),
        Span { whole: 2_521, known: 2_521, age: 2_521, untold: 0, unread: 0 }
    );
    assert_eq!(all.by_second.values[3_599 - 13], 1);
    assert_eq!(all.by_second.unknown, [(0, 599)], "the wall has known 3,000 seconds and the running one");
}

#[test]
fn the_past_that_a_feed_brings_along_is_known() {
    let mut pulse = pulse(&[]);
    pulse.fold(crate::make::past(vec![said(1, START - secs(1_200.0), START, "x")]));
    let all = pulse.publish(START).expect("news").all.clone();
    assert_eq!(all.by_second.unknown, [(0, 3_599 - 1_200)]);
    assert_eq!(all.by_minute.unknown, [(0, 1_439 - 20)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_order_within_the_bound_changes_nothing(
        drafts in prop::collection::vec((0..80_000_u32, draft()), 1..60),
        order in prop::collection::vec(any::<u16>(), 60),
    ) {
        let told: Vec<Mention> = drafts
            .iter()
            .enumerate()
            .map(|(i, (received, d))| mention(i as u64, d, START + secs(f64::from(*received))))
            .collect();
        let mut other: Vec<(u16, Mention)> = order.into_iter().zip(told.clone()).collect();
        other.sort_by_key(|(place, _)| *place);
        let now = START + secs(80_000.0);
        let numbers = |told: Vec<Mention>| {
            let mut pulse = pulse(TOPICS);
            pulse.publish(START + secs(80_000.0));
            pulse.fold(live(told));
            let snapshot = pulse.publish(now + secs(61.0)).expect("news");
            let stream = |(_, s): (usize, &Stream)| {
                format!("{:?} {:?} {:?} {:?}", s.counts, s.by_second, s.by_minute, s.by_quarter)
                    + &format!("{:?} {:?} {:?}", s.before, s.spans, s.breakdown)
            };
            streams(&snapshot).map(stream).collect::<Vec<_>>()
        };
        let in_turn = numbers(told);
        prop_assert_eq!(in_turn, numbers(other.into_iter().map(|(_, m)| m).collect()));
    }
}
