//! The numbers are right: against a count by hand at random moments, however mentions come.

use std::collections::HashSet;

use fishbowl::clock::Time;
use fishbowl::layout::widget::Window;
use fishbowl::mention::Mention;
use fishbowl::pulse::snapshot::{Series, Snapshot, Stream, Tally};
use proptest::prelude::*;

use crate::make::{START, at, by, live, meant, pulse, said, secs};

pub const TOPICS: &[(&str, &str)] = &[("aurora", "aurora"), ("other", "borealis NOT aurora")];
pub const TEXTS: [&str; 4] = ["aurora 日本 shines", "borealis #Night", "aurora or borealis", "その他 #night"];

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
    mention.lang = Some("ja".into());
    if let Some(author) = draft.author {
        mention = by(mention, author, draft.followers);
    }
    if let Some(score) = draft.score {
        mention = meant(mention, f32::from(score) / 128.0);
    }
    match draft.place {
        Some(n) => at(mention, 10.0 + f32::from(n), -60.0, Some("Place")),
        None => mention,
    }
}

/// The tally of a window, by looking at every mention.
pub fn recount(told: &[Mention], wanted: impl Fn(&str) -> bool, window: Window, now: Time) -> Tally {
    let mut tally = Tally::default();
    let mut authors = HashSet::new();
    for m in told {
        let second = m.ts.min(m.received).as_secs();
        let inside = match window {
            Window::H24 => second.div_euclid(60) > now.as_secs().div_euclid(60) - 1_440,
            shorter => second > now.as_secs() - shorter.secs().map_or(0, i64::from),
        };
        if !inside || !wanted(m.text.as_deref().unwrap_or("")) {
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
        authors.extend(m.author.as_ref().map(|a| a.id.clone()));
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
            for (i, stream) in streams(&snapshot) {
                for window in Window::ALL.into_iter().filter(|w| w.secs().is_some_and(|s| s <= 86_400)) {
                    let expected = recount(&told, |text| is_in(i, text), window, now);
                    prop_assert_eq!(stream.counts.over(window), &expected, "{:?} of stream {}", window, i);
                }
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
    assert_eq!(all.by_second.values[3_599 - 13], 1);
    assert_eq!(all.by_second.unknown, 599, "the wall has known 3,000 seconds and the running one");
}

#[test]
fn the_past_that_a_feed_brings_along_is_known() {
    let mut pulse = pulse(&[]);
    pulse.fold(crate::make::past(vec![said(1, START - secs(1_200.0), START, "x")]));
    let all = pulse.publish(START).expect("news").all.clone();
    assert_eq!(all.by_second.unknown, 3_599 - 1_200);
    assert_eq!(all.by_minute.unknown, 1_439 - 20);
}
