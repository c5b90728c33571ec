//! What is read on the wall: the sample, places, terms and voices, and their bounds.

use std::collections::HashSet;

use fishbowl::clock::Time;
use fishbowl::mention::Kind;
use fishbowl::pulse::highlights::{LATEST, PACE};
use fishbowl::pulse::snapshot::{Snapshot, TermKind};

use crate::make::{START, at, by, live, meant, mention, past, pulse, secs};

#[test]
fn a_fast_stream_is_shown_at_a_pace_that_can_be_read() {
    let mut pulse = pulse(&[]);
    let mut serials = Vec::new();
    let (mut id, mut last) = (0, None);
    for step in 1..=2_400_u32 {
        let now = START + secs(0.04) * step;
        let batch = (0..8).map(|_| {
            id += 1;
            by(mention(id, now, &format!("words {}", id % 500)), id % 90, Some(id % 1_000))
        });
        pulse.fold(live(batch.collect()));
        let snapshot = pulse.publish(now).expect("mentions");
        let newest = snapshot.all.latest.first().expect("something to show").clone();
        if serials.last() != Some(&newest.serial) {
            assert_eq!(newest.at, now);
            serials.push(newest.serial);
        }
        last = Some(snapshot);
    }
    let latest = last.expect("published").all.latest.clone();
    assert_eq!(latest.len(), LATEST);
    assert!(latest.windows(2).all(|w| w[0].at >= w[1].at + PACE && w[0].serial == w[1].serial + 1));
    assert!(serials.windows(2).all(|w| w[1] == w[0] + 1));
    assert!((60..=65).contains(&serials.len()), "96 seconds have 64 turns, not {}", serials.len());
    let texts: HashSet<_> = latest.iter().map(|s| s.mention.text.clone()).collect();
    assert_eq!(texts.len(), LATEST, "no text twice");
}

#[test]
fn of_one_interval_the_best_is_shown_and_a_quiet_wall_shows_all() {
    let mut pulse = pulse(&[]);
    let small = by(mention(1, START, "small"), 1, Some(10));
    let mut repost = by(mention(2, START, "repost"), 2, Some(9_000_000));
    repost.kind = Kind::Repost;
    let large = by(mention(3, START, "large"), 3, Some(100_000));
    let again = by(mention(4, START, "LARGE! @someone https://a.example"), 4, Some(1_000_000));
    pulse.fold(live(vec![small, repost, large, again]));
    let mut shown = Vec::new();
    for step in 0..200_u32 {
        if let Some(snapshot) = pulse.publish(START + secs(0.04) * step) {
            let text = snapshot.all.latest[0].mention.text.clone().expect("only texts are shown");
            if shown.last() != Some(&text) {
                shown.push(text);
            }
        }
    }
    assert_eq!(shown.iter().map(|t| &**t).collect::<Vec<_>>(), ["large", "small", "repost"]);
}

#[test]
fn the_past_stands_there_from_the_start_and_nothing_slides() {
    let mut pulse = pulse(&[]);
    let old = |i: u64| mention(i, START - secs(i as f64), &format!("text {i}"));
    pulse.fold(past((1..400).rev().map(old).collect()));
    let latest = pulse.publish(START).expect("news").all.latest.clone();
    assert_eq!(latest.len(), LATEST);
    assert!(latest[0].at + PACE <= START, "its motion is over");
    assert!(latest.windows(2).all(|w| w[0].at >= w[1].at + PACE && w[0].serial == w[1].serial + 1));
    assert!(latest.windows(2).all(|w| w[0].mention.ts > w[1].mention.ts));
    assert!(latest[0].mention.ts >= START - secs(2.0), "the newest past is there");

    let now = START + secs(0.1);
    pulse.fold(live(vec![mention(1_000, now, "live")]));
    let then = pulse.publish(now).expect("news").all.latest.clone();
    assert_eq!((then[0].serial, then[0].at), (latest[0].serial + 1, now));
    assert_eq!(then[1].serial, latest[0].serial);
    assert_eq!(then.len(), LATEST);
}

#[test]
fn places_gather_by_a_quarter_of_a_degree_and_cool() {
    let mut pulse = pulse(&[]);
    let said = |id, lat, lon, name| at(mention(id, START, "x"), lat, lon, name);
    pulse.fold(live(vec![
        said(1, 48.86, 2.35, None),
        said(2, 48.85, 2.36, Some("Paris")),
        said(3, 35.68, 139.69, Some("Tokyo")),
        said(4, f32::NAN, 2.0, None),
        said(5, 91.0, 2.0, None),
    ]));
    let now = pulse.publish(START).expect("news");
    let seen: Vec<_> = now.all.places.iter().map(|p| (p.name.as_deref(), p.count)).collect();
    assert_eq!(seen, [(Some("Paris"), 2), (Some("Tokyo"), 1)]);
    assert!(now.all.places.iter().all(|p| p.pulsed.is_some()));
    let later = pulse.publish(START + secs(150.0)).expect("it cooled");
    let ratio = later.all.places[0].heat / now.all.places[0].heat;
    assert!((ratio - 0.5).abs() < 0.03, "a quarter of ten minutes halves the heat, not {ratio}");
    assert!(pulse.publish(START + secs(601.0)).expect("it left the window").all.places.is_empty());
}

#[test]
fn a_place_pulses_at_most_every_three_seconds_and_few_at_once() {
    let mut pulse = pulse(&[]);
    let mut begun: Vec<(u32, Time)> = Vec::new();
    for step in 0..250_u32 {
        let now = START + secs(0.04) * step;
        let here = |i: u32| at(mention(u64::from(step * 40 + i), now, "x"), i as f32, 20.0, None);
        pulse.fold(live((0..40).map(here).collect()));
        let places = pulse.publish(now).expect("mentions").all.places.clone();
        let pulses = places.iter().filter_map(|p| Some((p.lat as u32, p.pulsed?)));
        let new: Vec<_> = pulses.filter(|p| !begun.contains(p)).collect();
        begun.extend(new);
    }
    assert!(begun.len() > 40);
    for (place, at) in &begun {
        let near = begun.iter().filter(|(p, t)| p == place && t.since(*at) < secs(3.0) && t >= at);
        assert_eq!(near.count(), 1, "place {place}");
        let running = begun.iter().filter(|(_, t)| t <= at && at.since(*t) < secs(1.0));
        assert!(running.count() <= 12);
    }
}

#[test]
fn terms_are_spelled_as_most_people_do_and_know_their_mood() {
    let mut pulse = pulse(&[]);
    let texts = ["The Camera is #Great", "camera #great", "camera, camera!", "#GREAT カメラ", "a カメラ だ"];
    let scores = [Some(0.8), Some(0.4), None, Some(-0.6), None];
    let mentions = texts.iter().zip(scores).enumerate().map(|(i, (text, score))| {
        let mut m = mention(i as u64, START, text);
        m.lang = Some("xx".into());
        score.map_or(m.clone(), |s| meant(m, s))
    });
    pulse.fold(live(mentions.collect()));
    let terms = pulse.publish(START).expect("news").all.ranked.hour.terms.clone();
    let seen: Vec<_> = terms.iter().map(|t| (&*t.text, t.count, t.kind == TermKind::Hashtag)).collect();
    assert_eq!(seen, [("camera", 3, false), ("#GREAT", 3, true), ("カメラ", 2, false)]);
    assert!((terms[0].mood.expect("two are known") - 0.6).abs() < 1e-3);
    assert!((terms[2].mood.expect("one is known") + 0.6).abs() < 1e-3);
    assert!(pulse.publish(START + secs(3_700.0)).expect("an hour passed").all.ranked.hour.terms.is_empty());
}

#[test]
fn voices_are_ranked_by_what_they_said() {
    let mut pulse = pulse(&[]);
    let by = |id, author, followers| by(mention(id, START, "x"), author, followers);
    pulse.fold(live(vec![by(1, 1, None), by(2, 2, Some(5)), by(3, 2, None), by(4, 2, Some(7))]));
    let voices = pulse.publish(START).expect("news").all.ranked.hour.authors.clone();
    let seen: Vec<_> = voices.iter().map(|v| (&*v.name, v.mentions, v.followers)).collect();
    assert_eq!(seen, [("author 2", 3, Some(7)), ("author 1", 1, None)]);
}

#[test]
fn a_flood_of_everything_new_stays_within_bounds() {
    let mut pulse = pulse(&[("some", "w1* OR w2*")]);
    let mut dice = 7_u64;
    let mut roll = move |sides: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % sides
    };
    let mut last: Option<std::sync::Arc<Snapshot>> = None;
    for step in 0..150_u64 {
        let now = START + secs(30.0) * step as u32;
        let batch = (0..1_000).map(|i| {
            let text = format!("w{} #t{}x {}", roll(1 << 30), roll(1 << 30), roll(9));
            let (lat, lon) = (roll(1_800) as f32 / 10.0 - 90.0, roll(3_600) as f32 / 10.0 - 180.0);
            let m = at(mention(step * 1_000 + i, now, &text), lat, lon, None);
            by(meant(m, roll(3) as f32 - 1.0), roll(1 << 40), Some(u64::MAX))
        });
        pulse.fold(live(batch.collect()));
        last = pulse.publish(now).or(last);
    }
    let last = last.expect("published");
    for stream in [&last.all, &last.topics[0]] {
        assert!((1..=2_048).contains(&stream.places.len()));
        assert!((1..=160).contains(&stream.ranked.hour.terms.len()));
        assert!((1..=40).contains(&stream.ranked.hour.authors.len()));
        assert!(stream.latest.len() <= LATEST);
    }
    assert!(last.arrivals.len() <= 256 && last.recent.len() <= 64);
    assert_eq!(last.folded, 150_000);
}
