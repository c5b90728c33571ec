use std::time::Duration;

use super::*;
use crate::layout::window::Window;
use crate::pulse::snapshot::Series;
use crate::scene::widgets::figures::THIN;
use crate::scene::widgets::fixture::{self, Stage};

fn hour() -> TrendTable {
    TrendTable { window: Window::H1, ..TrendTable::default() }
}

#[test]
fn an_hour_is_an_area_with_levels_and_the_present_value() {
    let mut stage = Stage::new(560.0, 300.0).topic(1);
    let mut widget = Trend::new(&hour(), &stage.wall);
    insta::assert_snapshot!(stage.still(&mut widget));
}

/// Where the dot stands, and where the curve ends.
fn dot_and_end(list: &List) -> (Point, Point) {
    use crate::scene::list::Item;
    let dot = list.items.iter().find_map(|item| match item {
        Item::Rect { rect, radius, .. } if *radius > 1.0 => Some(rect.center()),
        _ => None,
    });
    let end = list.items.iter().rev().find_map(|item| match item {
        Item::Stroke { path, .. } => path.outlines.last().and_then(|outline| outline.points.last().copied()),
        _ => None,
    });
    (dot.expect("a dot"), end.expect("a curve"))
}

fn assert_curve_ends_in_its_dot(list: &List) {
    let (dot, end) = dot_and_end(list);
    assert!((dot.x - end.x).abs() < 0.01 && (dot.y - end.y).abs() < 0.01, "{dot:?} {end:?}");
}

#[test]
fn the_curve_ends_in_its_dot_at_the_height_of_the_number() {
    let mut stage = Stage::new(560.0, 300.0);
    let mut series = Series::clone(&stage.snapshot.all.by_second);
    let len = series.values.len();
    // A column is shorter than the minute of the number, and the last one is louder than the minute.
    series.values.iter_mut().enumerate().for_each(|(i, value)| *value = if i + 25 >= len { 40 } else { 10 });
    stage.snapshot.all.by_second = series.into();
    let mut widget = Trend::new(&hour(), &stage.wall);
    let list = stage.still(&mut widget);
    assert_curve_ends_in_its_dot(&list);
    let (dot, _) = dot_and_end(&list);
    let highest = list.items.iter().filter_map(|item| match item {
        crate::scene::list::Item::Stroke { path, .. } => Some(path.outlines[0].points.iter()),
        _ => None,
    });
    assert!(
        highest.flatten().any(|point| point.y < dot.y - 10.0),
        "the number is lower than the last column"
    );
}

#[test]
fn a_day_is_told_by_the_minute() {
    let mut stage = Stage::new(560.0, 300.0);
    let mut widget = Trend::new(&TrendTable { window: Window::H24, ..hour() }, &stage.wall);
    insta::assert_snapshot!(stage.still(&mut widget));
}

#[test]
fn what_is_unknown_is_hatched_and_not_zero() {
    let mut stage = Stage::new(560.0, 300.0);
    let mut series = Series::clone(&stage.snapshot.all.by_second);
    series.unknown = vec![(0, 1_800)];
    stage.snapshot.all.by_second = series.into();
    let mut widget = Trend::new(&hour(), &stage.wall);
    let list = stage.still(&mut widget).to_string();
    let hatch = list.lines().next().unwrap_or_default();
    assert!(hatch.starts_with("stroke ") && hatch.contains(",50.0"), "{hatch}");
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
        Series { end: fixture::NOW, step: Duration::from_secs(1), values: vec![0; 3_600], unknown: vec![] };
    for i in [100, 900, 2_000, 3_500] {
        series.values[i] = 1;
    }
    stage.snapshot.all.by_second = series.into();
    let mut widget = Trend::new(&hour(), &stage.wall);
    stage.still(&mut widget);
    assert!(widget.kept.first().is_some_and(|columns| columns.per >= 30));
}

#[test]
fn it_is_legible_in_every_tile() {
    for window in [Window::H1, Window::H24, Window::M15, Window::Today, Window::D7, Window::Event] {
        let make =
            |wall: &Wall| -> Box<dyn Widget> { Box::new(Trend::new(&TrendTable { window, ..hour() }, wall)) };
        fixture::assert_legible_at_every_size(make, Some(0));
    }
}

#[test]
fn only_a_new_column_is_painted() {
    fixture::assert_key_tells(|wall| Box::new(Trend::new(&hour(), wall)), None);
}

mod lines {
    use std::sync::Arc;

    use super::*;
    use crate::pulse::snapshot::Readings;

    fn line(stage: &mut Stage, by_minute: Vec<Option<f64>>) -> Line {
        let value = by_minute.iter().flatten().last().copied().unwrap_or_default();
        let readings = Readings { name: "load".into(), at: fixture::NOW, value, by_minute };
        stage.snapshot.series = [Arc::new(readings)].into();
        Line::new(&TrendTable { unit: Some("ms".into()), ..hour() }, "load")
    }

    fn texts(list: &List) -> Vec<String> {
        let texts = list.items.iter().filter_map(|item| match item {
            crate::scene::list::Item::Text { shaped, .. } => Some(shaped.setting.text.replace(THIN, " ")),
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn a_series_is_a_line_with_levels_and_its_last_number() {
        let mut stage = Stage::new(1_000.0, 300.0);
        let mut widget = line(&mut stage, (0..120).map(|i| Some(f64::from(i))).collect());
        let list = stage.still(&mut widget);
        assert_eq!(texts(&list), ["50", "100", "now", "07:45", "07:30", "07:15", "119", "ms"]);
        assert_eq!(widget.heading(&stage.wall), "Load, last hour");
        assert_curve_ends_in_its_dot(&list);
    }

    #[test]
    fn small_changes_of_a_large_value_are_seen() {
        let mut stage = Stage::new(1_000.0, 300.0);
        let mut widget = line(&mut stage, (0..120).map(|i| Some(21.0 + f64::from(i % 10) / 10.0)).collect());
        let list = stage.still(&mut widget).to_string();
        assert!(!list.contains("fill"), "what does not stand on zero is not filled: {list}");
        assert!(texts(&stage.still(&mut widget)).contains(&"21.5".to_owned()));
    }

    #[test]
    fn it_is_legible_in_every_tile_and_empty_without_numbers() {
        let mut stage = Stage::new(100.0, 100.0);
        for w in [20.0, 90.0, 180.0, 300.0, 640.0, 1_100.0] {
            for h in [15.0, 40.0, 75.0, 120.0, 210.0, 330.0, 600.0] {
                stage.area = Rect::new(100.0, 50.0, w, h);
                let mut widget = line(&mut stage, vec![Some(123_456.7); 60]);
                fixture::assert_legible(&stage.still(&mut widget), stage.area, stage.wall.viewer_m);
            }
        }
        stage.snapshot.series = Arc::default();
        let mut widget = Line::new(&hour(), "load");
        assert!(!stage.still(&mut widget).to_string().contains("fill"));
        assert_eq!(stage.caption(&mut widget), ["no data yet"]);
    }
}
