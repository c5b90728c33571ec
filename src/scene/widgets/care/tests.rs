use std::sync::Arc;

use super::*;
use crate::scene::widgets::fixture::{self, Stage};

fn stage(w: f32, h: f32) -> Stage {
    let mut stage = Stage::new(w, h);
    stage.snapshot.care = Some(Arc::new(desk()));
    stage
}

/// Twelve wait, the oldest for 74 minutes; the day before yesterday evening is unknown.
fn desk() -> CareDesk {
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
        Arc::new(Series { end: now, step: Duration::from_secs(3_600), values, unknown: 5 })
    };
    CareDesk {
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
        ..CareDesk::default()
    }
}

fn make(wall: &Wall) -> Care {
    Care::new(&CareTileSpec::default(), wall)
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
    assert!(list.contains("12") && !list.contains("half"), "{list}");
}

#[test]
fn red_is_only_for_what_is_overdue() {
    let mut stage = stage(560.0, 260.0);
    let mut widget = make(&stage.wall);
    let loud = stage.still(&mut widget).to_string();
    stage.snapshot.care = Some(Arc::new(CareDesk { overdue: 0, ..desk() }));
    let calm = stage.still(&mut widget).to_string();
    assert!(loud.contains("2 overdue") && !calm.contains("overdue"), "{loud}\n{calm}");
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
fn it_is_legible_in_every_tile() {
    fixture::assert_legible_at_every_size(|wall| Box::new(make(wall)), None);
}

#[test]
fn a_wait_is_told_in_one_unit() {
    let words = |secs| took_words(Duration::from_secs(secs)).replace(THIN, " ");
    assert_eq!(
        [45, 60, 5_999, 6_000, 172_799, 172_800].map(words),
        ["45 s", "1 min", "99 min", "1 h", "47 h", "2 d"]
    );
}
