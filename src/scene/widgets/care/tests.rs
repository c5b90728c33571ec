use std::sync::Arc;

use super::*;
use crate::layout::wall::Audience;
use crate::mention::{Author, Mention};
use crate::pulse::care::Waiting;
use crate::pulse::snapshot::Spans;
use crate::scene::widgets::fixture::{self, Stage};

fn stage(w: f32, h: f32) -> Stage {
    let mut stage = Stage::new(w, h);
    stage.snapshot.care = Some(Arc::new(desk()));
    stage
}

/// Twelve wait, the oldest for 74 minutes; the day before yesterday evening is unknown.
fn desk() -> CareQueue {
    let now = fixture::NOW;
    let times = |answers| Times {
        answers,
        p50: Some(Duration::from_secs(760)),
        p90: Some(Duration::from_secs(2_900)),
        due: 100,
        kept: 83,
    };
    let series = |by: u32| {
        let values = (0..24).map(|hour| (hour * 7 + 3) % 11 + by).collect();
        Arc::new(Series { end: now, step: Duration::from_secs(3_600), values, unknown: vec![(0, 5)] })
    };
    CareQueue {
        at: now,
        waiting: 12,
        overdue: 2,
        oldest: Some(now - Duration::from_secs(4_440)),
        last_hour: times(9),
        last_day: times(180),
        opened: series(3),
        answered: series(1),
        promise: Duration::from_secs(3_600),
        exact: true,
        ..CareQueue::default()
    }
}

/// Three of those who wait, the last of them known by the time alone.
fn longest() -> Arc<[Waiting]> {
    let asked = |minutes: u64, who: &str, text: &str| {
        let since = fixture::NOW - Duration::from_secs(minutes * 60);
        let mut mention = Mention::new(&"demo".into(), who, since, since).with_text(text);
        mention.author = Some(Author { id: who.into(), handle: Some(who.into()), ..Author::default() });
        Waiting { since, mention: Some(Arc::new(mention)) }
    };
    let unknown = Waiting { since: fixture::NOW - Duration::from_secs(600), mention: None };
    let long = "A phone that does not charge, and nobody who says when it will again or who to ask";
    [asked(74, "drowsy_corgi", "@aurora Where is my order?"), asked(61, "gentle_capybara", long), unknown]
        .into()
}

fn make(wall: &Wall) -> Care {
    Care::new(&CareTileTable::default(), wall)
}

#[test]
fn who_waits_how_long_answers_take_and_the_day() {
    let mut stage = stage(760.0, 460.0);
    let mut widget = make(&stage.wall);
    insta::assert_snapshot!(stage.still(&mut widget));
}

#[test]
fn a_small_tile_keeps_the_number() {
    let mut stage = stage(260.0, 120.0);
    let mut widget = make(&stage.wall);
    let list = stage.still(&mut widget).to_string();
    assert!(list.contains("\"2\"") && !list.contains("half"), "{list}");
}

#[test]
fn staff_see_who_waits_longest_and_visitors_do_not() {
    // Beside the number, and below it where there is more room.
    for (w, h, viewer_m) in [(1_100.0, 520.0, 5.0), (500.0, 460.0, 2.0)] {
        let mut stage = stage(w, h);
        stage.wall.viewer_m = viewer_m;
        stage.snapshot.care = Some(Arc::new(CareQueue { longest: longest(), ..desk() }));
        let mut widget = make(&stage.wall);
        let key = stage.key(&mut widget);
        let list = stage.still(&mut widget);
        fixture::assert_legible(&list, stage.area, stage.wall.viewer_m);
        let drawn = list.to_string();
        assert!(drawn.contains("@drowsy_corgi") && drawn.contains("\"Where is my order?"), "{drawn}");
        assert!(drawn.contains("\"2\"") && drawn.contains("overdue"), "{drawn}");
        stage.now = stage.now + Duration::from_secs(60);
        assert_ne!(stage.key(&mut widget), key, "they wait longer now");
        stage.wall.audience = Audience::Public;
        let drawn = stage.still(&mut widget).to_string();
        assert!(!drawn.contains("corgi") && !drawn.contains("order"), "{drawn}");
        assert!(drawn.contains("overdue") && drawn.contains("oldest"), "{drawn}");
    }
}

#[test]
fn one_whose_words_are_not_known_is_listed_all_the_same() {
    let mut stage = stage(500.0, 460.0);
    stage.wall.viewer_m = 2.0;
    stage.snapshot.care = Some(Arc::new(CareQueue { longest: longest(), ..desk() }));
    let mut widget = make(&stage.wall);
    let drawn = stage.still(&mut widget).to_string();
    assert!(drawn.contains("text not stored"), "{drawn}");
}

#[test]
fn red_is_only_for_what_is_overdue() {
    let mut stage = stage(560.0, 260.0);
    let mut widget = make(&stage.wall);
    let loud = stage.still(&mut widget).to_string();
    stage.snapshot.care = Some(Arc::new(CareQueue { overdue: 0, ..desk() }));
    let calm = stage.still(&mut widget).to_string();
    assert!(loud.contains("overdue") && !calm.contains("overdue"), "{loud}\n{calm}");
}

#[test]
fn nobody_asked_is_unknown_and_not_zero() {
    let mut stage = Stage::new(560.0, 260.0);
    let mut widget = make(&stage.wall);
    let list = stage.still(&mut widget).to_string();
    assert!(list.contains('–') && !list.contains("\"0\""), "{list}");
    assert_eq!(stage.caption(&mut widget), ["unknown"]);
}

#[test]
fn a_wall_that_has_just_begun_to_listen_does_not_say_that_nobody_waits() {
    let mut stage = stage(560.0, 260.0);
    stage.snapshot.care = Some(Arc::new(CareQueue { waiting: 0, overdue: 0, ..desk() }));
    let mut widget = make(&stage.wall);
    assert!(stage.still(&mut widget).to_string().contains("\"0\""));
    let mut spans = Spans::clone(&stage.snapshot.all.spans);
    spans.0.iter_mut().for_each(|span| span.known = span.known.min(YOUNG - 1));
    stage.snapshot.all.spans = spans.into();
    let list = stage.still(&mut widget).to_string();
    assert!(list.contains('–') && !list.contains("\"0\""), "{list}");
}

#[test]
fn it_is_legible_in_every_tile() {
    fixture::assert_legible_at_every_size(|wall| Box::new(make(wall)), None);
    for (w, h) in [(180.0, 120.0), (300.0, 200.0), (420.0, 300.0), (640.0, 210.0), (1_100.0, 600.0)] {
        let mut stage = stage(w, h);
        stage.snapshot.care = Some(Arc::new(CareQueue { longest: longest(), ..desk() }));
        let mut widget = make(&stage.wall);
        let list = stage.still(&mut widget);
        fixture::assert_legible(&list, stage.area, stage.wall.viewer_m);
    }
}

#[test]
fn a_wait_is_told_in_one_unit() {
    let words = |secs| took_words(Duration::from_secs(secs)).replace(THIN, " ");
    assert_eq!(
        [45, 60, 5_999, 6_000, 172_799, 172_800].map(words),
        ["45 s", "1 min", "99 min", "1 h", "47 h", "2 d"]
    );
}

#[test]
fn it_fills_its_place() {
    crate::scene::widgets::fill::assert_composed(
        |wall| Box::new(make(wall)),
        |stage| stage.snapshot.care = Some(Arc::new(CareQueue { longest: longest(), ..desk() })),
    );
}
