use std::time::Duration;

use super::*;
use crate::scene::widgets::fixture::{self, Stage};

fn hour() -> TrendSpec {
    TrendSpec { topic: None, window: Window::H1 }
}

#[test]
fn an_hour_is_an_area_with_levels_and_the_present_value() {
    let mut stage = Stage::new(560.0, 300.0).topic(1);
    let mut widget = Trend::new(&hour(), &stage.wall);
    insta::assert_snapshot!(stage.still(&mut widget));
}

#[test]
fn a_day_is_told_by_the_minute() {
    let mut stage = Stage::new(560.0, 300.0);
    let mut widget = Trend::new(&TrendSpec { window: Window::H24, ..hour() }, &stage.wall);
    insta::assert_snapshot!(stage.still(&mut widget));
}

#[test]
fn what_is_unknown_is_hatched_and_not_zero() {
    let mut stage = Stage::new(560.0, 300.0);
    let mut series = Series::clone(&stage.snapshot.all.by_second);
    series.unknown = 1_800;
    stage.snapshot.all.by_second = series.into();
    let mut widget = Trend::new(&hour(), &stage.wall);
    let list = stage.still(&mut widget).to_string();
    let hatch = list.lines().next().unwrap_or_default();
    assert!(hatch.starts_with("stroke 100.0,50.0"), "{hatch}");
}

#[test]
fn a_wall_that_knows_nothing_draws_no_curve() {
    let mut stage = Stage::new(560.0, 300.0);
    stage.snapshot.all = Default::default();
    let mut widget = Trend::new(&hour(), &stage.wall);
    let list = stage.still(&mut widget).to_string();
    assert!(!list.contains("fill"), "{list}");
}

#[test]
fn a_quiet_hour_has_wide_columns() {
    let mut stage = Stage::new(560.0, 300.0);
    let mut series =
        Series { end: fixture::NOW, step: Duration::from_secs(1), values: vec![0; 3_600], unknown: 0 };
    for i in [100, 900, 2_000, 3_500] {
        series.values[i] = 1;
    }
    stage.snapshot.all.by_second = series.into();
    let mut widget = Trend::new(&hour(), &stage.wall);
    stage.still(&mut widget);
    assert!(widget.columns.is_some_and(|(_, per, _)| per >= 30));
}

#[test]
fn it_is_legible_in_every_tile() {
    for window in [Window::H1, Window::H24, Window::M5] {
        let make =
            |wall: &Wall| -> Box<dyn Widget> { Box::new(Trend::new(&TrendSpec { window, ..hour() }, wall)) };
        fixture::assert_legible_at_every_size(make, Some(0));
    }
}

#[test]
fn only_a_new_column_is_painted() {
    fixture::assert_key_tells(|wall| Box::new(Trend::new(&hour(), wall)), None);
}
