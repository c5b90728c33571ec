//! What the snapshot promises beside its numbers.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use fishbowl::layout::window::Window;
use fishbowl::mention::source::{Health, Nature};
use fishbowl::mention::{Op, UNDATED};
use fishbowl::pulse::snapshot::{RECENT, Snapshot, Stream};
use fishbowl::pulse::{Kept, Pulse, PulseError};

use crate::make::{START, at, by, live, meant, mention, past, pulse, said, secs, state, wall};

#[test]
fn a_repeat_counts_once_and_a_deletion_takes_the_text_away() {
    let mut pulse = pulse(&[]);
    let one = mention(1, START, "first words");
    pulse.fold(live(vec![one.clone(), one.clone()]));
    let before = pulse.publish(START).expect("news");
    assert_eq!((before.folded, before.all.counts.over(Window::M1).mentions), (1, 1));
    assert_eq!(before.all.latest.len(), 1);

    pulse.fold(live(vec![mention(1, START, "second words")]));
    let edited = pulse.publish(START + secs(0.1)).expect("the text changed");
    assert_eq!(edited.all.latest[0].mention.text.as_deref(), Some("second words"));
    assert_eq!(edited.all.latest[0].serial, before.all.latest[0].serial);
    assert_eq!(edited.all.counts.over(Window::M1).mentions, 1);

    pulse.fold(live(vec![fishbowl::mention::Mention { op: Op::Delete, text: None, ..one.clone() }, one]));
    let gone = pulse.publish(START + secs(0.2)).expect("the text went");
    assert!(gone.all.latest.is_empty());
    assert_eq!(gone.all.counts.over(Window::M1).mentions, 1, "it was said all the same");
}

#[test]
fn nobody_knows_is_never_neutral() {
    let in_language = |id, lang: &str, text| {
        let mut m = mention(id, START, text);
        m.lang = (!lang.is_empty()).then(|| lang.into());
        m
    };
    let mut without_text = mention(5, START, "");
    without_text.lang = Some("en".into());
    let mut pulse = pulse(&[]);
    pulse.fold(live(vec![
        in_language(1, "de", "Das ist wirklich schlimm"),
        in_language(2, "", "これはとても良い"),
        in_language(3, "", "ok"),
        meant(in_language(4, "ja", "良い"), f32::NAN),
        without_text,
        in_language(6, "en-GB", "I love this wonderful phone"),
        in_language(7, "", "This is a terrible phone and I hate it"),
        in_language(8, "en", "The phone has a screen"),
        meant(in_language(9, "fr", "bof"), 0.0),
    ]));
    let snapshot = pulse.publish(START).expect("news");
    let t = snapshot.all.counts.over(Window::M1);
    assert_eq!((t.unknown, t.positive, t.negative, t.neutral), (5, 1, 1, 2));
}

#[test]
fn nothing_is_published_when_nothing_changed() {
    let mut pulse = pulse(&[]);
    assert_eq!(pulse.publish(START).expect("the first").version, 1);
    assert!(pulse.publish(START + secs(0.04)).is_none());
    pulse.fold(live(vec![mention(1, START + secs(0.05), "words")]));
    assert_eq!(pulse.publish(START + secs(0.08)).expect("a mention").version, 2);
    assert!(pulse.publish(START + secs(0.12)).is_none());
    let slid = pulse.publish(START + secs(60.1)).expect("the minute moved on");
    assert_eq!(slid.all.counts.over(Window::M1).mentions, 0);
    assert_eq!(slid.all.counts.over(Window::M5).mentions, 1);
}

#[test]
fn heavy_parts_are_made_anew_only_at_their_turn() {
    let mut pulse = pulse(&[]);
    let mut id = 0;
    let mut step = |now: f64| {
        id += 1;
        let text = format!("word{id} again");
        pulse.fold(live(vec![by(at(mention(id, START + secs(now), &text), 48.0, 2.0, None), id, None)]));
        pulse.publish(START + secs(now)).expect("a mention").all.clone()
    };
    let (a, b, c) = (step(0.10), step(0.14), step(0.60));
    assert!(Arc::ptr_eq(&a.by_second, &b.by_second) && Arc::ptr_eq(&a.by_minute, &b.by_minute));
    assert!(Arc::ptr_eq(&a.places, &b.places) && !Arc::ptr_eq(&b.places, &c.places));
    assert!(
        Arc::ptr_eq(&a.ranked.hour.terms, &c.ranked.hour.terms)
            && Arc::ptr_eq(&a.ranked.hour.authors, &c.ranked.hour.authors)
    );
    assert!(Arc::ptr_eq(&a.latest, &c.latest));
    let d = step(5.1);
    assert!(
        !Arc::ptr_eq(&a.ranked.hour.terms, &d.ranked.hour.terms) && !Arc::ptr_eq(&a.by_second, &d.by_second)
    );
    let first = d.ranked.hour.terms.first().map(|term| (&*term.text, term.count));
    assert_eq!(first, Some(("word1", 1)));
}

#[test]
fn streams_without_a_tile_for_a_list_have_none() {
    let mut bare = wall(&[("a", "word")]);
    bare.scenes[0].tiles.retain(|tile| tile.widget.topic().is_none());
    let mut pulse = Pulse::new(&bare, START).expect("a right wall");
    pulse.fold(live(vec![at(mention(1, START, "word"), 1.0, 1.0, None)]));
    let snapshot = pulse.publish(START).expect("news");
    let (all, topic) = (&snapshot.all, &snapshot.topics[0]);
    assert_eq!((all.places.len(), all.ranked.hour.terms.len(), all.latest.len()), (1, 1, 1));
    assert_eq!((topic.places.len(), topic.ranked.hour.terms.len(), topic.latest.len()), (0, 0, 0));
    let [own, of_all] = [topic, all].map(|stream| stream.counts.over(Window::H24));
    assert_eq!(own, of_all);
    let week = |stream: &Stream| stream.counts.over(Window::D7).authors;
    assert_eq!((week(topic), week(all)), (None, Some(0)), "nobody asks for the topic's people");
    assert_eq!(all.latest[0].topics, [0]);
}

#[test]
fn the_counts_of_the_last_moments_reach_back_to_what_stood_before() {
    let mut pulse = pulse(&[]);
    let mut last = pulse.publish(START).expect("the first");
    for i in 1..100_u32 {
        let now = START + secs(0.04) * i;
        pulse.fold(live(vec![mention(i.into(), now, "x")]));
        last = pulse.publish(now).expect("a mention");
    }
    let oldest = last.at - RECENT;
    assert_eq!(last.recent.iter().filter(|c| c.at < oldest).count(), 1);
    assert!(last.recent.is_sorted_by_key(|c| c.at));
    assert_eq!(last.recent.last().map(|c| c.all.clone()), Some(last.all.counts.clone()));
}

#[test]
fn feeds_stand_as_they_said_last() {
    let mut pulse = pulse(&[]);
    let first = pulse.publish(START).expect("the first");
    assert_eq!((&first.feeds[0].health, first.feeds[0].nature), (&Health::Connecting, Nature::Simulated));
    let down = Health::Down { since: START, why: "refused".into() };
    for feed in [0, 99] {
        let state = fishbowl::mention::source::FeedState { health: down.clone(), ..state() };
        pulse.fold(fishbowl::mention::source::Batch::of(feed, state));
    }
    assert_eq!(pulse.publish(START).expect("a feed changed").feeds[0].health, down);
}

#[test]
fn arrivals_tell_of_live_mentions_once() {
    let mut pulse = pulse(&[]);
    pulse.fold(past(vec![mention(1, START - secs(9.0), "old")]));
    pulse.fold(live((2..5_000).map(|i| mention(i, START + secs(i as f64 / 1e4), "x")).collect()));
    let snapshot = pulse.publish(START + secs(1.0)).expect("news");
    let arrivals = &snapshot.arrivals;
    assert!((128..=256).contains(&arrivals.len()) && arrivals.is_sorted());
    assert!(arrivals[0] < START + secs(0.01) && arrivals[arrivals.len() - 1] > START + secs(0.45));
    pulse.dropped().fetch_add(3, Ordering::Relaxed);
    let next = pulse.publish(START + secs(1.0)).expect("some were dropped");
    assert_eq!((next.arrivals.len(), next.dropped, next.folded), (0, 3, 4_999));
}

#[test]
fn a_clock_that_was_set_back_does_not_stop_the_wall() {
    let mut pulse = pulse(&[]);
    let far = START + secs(4_000_000.0);
    let show = |pulse: &mut Pulse, id, now| {
        pulse.fold(live(vec![mention(id, now, &format!("words {id}"))]));
        pulse.publish(now).expect("a mention")
    };
    let ahead = show(&mut pulse, 1, far);
    assert_eq!(ahead.all.latest.len(), 1);
    pulse.publish(START).expect("the clock was set back");
    let back: Arc<Snapshot> = show(&mut pulse, 2, START + secs(5.0));
    assert_eq!(back.all.counts.over(Window::M1).mentions, 1);
    assert_eq!(back.all.latest[0].mention.text.as_deref(), Some("words 2"));
    assert!(back.version > ahead.version && back.all.latest[0].serial > ahead.all.latest[0].serial);
}

#[test]
fn a_wrong_query_is_told_with_its_topic() {
    let wrong = Pulse::new(&wall(&[("good", "a"), ("bad", "a OR")]), START);
    assert!(matches!(wrong, Err(PulseError::Query { topic, at: 4, .. }) if topic == "bad"));
}

#[test]
fn what_was_said_nobody_knows_when_stands_in_no_window() {
    let mut pulse = pulse(&[("old", "old")]);
    let ahead = said(2, START + secs(3_600.0), START, "old news of tomorrow");
    assert!(!ahead.is_dated());
    let archive = (10..40).map(|id| said(id, UNDATED, START, "old news"));
    pulse.fold(live(archive.chain([ahead]).collect()));
    pulse.begin_recall();
    let kept =
        |id| Kept { mention: said(id, UNDATED, START, "old news"), digest: None, counted: true, set_by: 0 };
    pulse.recall((50..60).map(kept).collect());
    pulse.recalled();
    let snapshot = pulse.publish(START).expect("it was folded");
    for stream in std::iter::once(&snapshot.all).chain(&snapshot.topics) {
        assert!(Window::ALL.iter().all(|window| stream.counts.over(*window).mentions == 0));
        assert!(stream.latest.is_empty());
    }
}

#[test]
fn mentions_older_than_a_day_stand_in_no_window() {
    let mut pulse = pulse(&[]);
    pulse.fold(live(vec![said(1, START - secs(90_000.0), START, "old news")]));
    let snapshot = pulse.publish(START).expect("it was folded");
    assert_eq!((snapshot.folded, snapshot.all.counts.over(Window::H24).mentions), (1, 0));
    assert!(snapshot.all.latest.is_empty());
}
