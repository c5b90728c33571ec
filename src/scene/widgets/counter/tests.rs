use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::clock::Time;
use crate::layout::wall::Motion;
use crate::layout::window::Window;
use crate::metric::Metric;
use crate::pulse::snapshot::{Counts, Exactness, RECENT};
use crate::scene::widgets::fixture::{self, NOW, Stage};

fn counter(metric: Metric) -> CounterTable {
    CounterTable { metric, window: Window::H1, ..CounterTable::default() }
}

/// The stage with this history of mentions in the last hour, one count every `every`.
fn told(stage: &mut Stage, mentions: &[u64], every: Duration) {
    let start = NOW - every * (mentions.len() as u32 - 1);
    let counts = mentions.iter().enumerate().map(|(i, &n)| {
        let all = fixture::counts(n);
        Arc::new(Counts { at: start + every * i as u32, all, topics: vec![] })
    });
    stage.snapshot.recent = counts.collect();
    stage.snapshot.all.counts = fixture::counts(mentions[mentions.len() - 1]);
    stage.snapshot.version += 1;
}

fn digits(list: &List) -> Vec<(String, f32, f32)> {
    let texts = list.items.iter().filter_map(|item| match item {
        Item::Text { shaped, at, .. } => Some((shaped.setting.text.to_string(), at.x, at.y)),
        _ => None,
    });
    texts.collect()
}

#[test]
fn it_is_one_large_number_with_its_window() {
    let mut stage = Stage::new(380.0, 300.0);
    let mut widget = Counter::new(&counter(Metric::Mentions), &stage.wall);
    insta::assert_snapshot!(stage.both(&mut widget));
}

#[test]
fn net_sentiment_has_its_sign_and_a_bar() {
    let mut stage = Stage::new(380.0, 260.0).topic(0);
    let mut widget = Counter::new(&counter(Metric::NetSentiment), &stage.wall);
    insta::assert_snapshot!(stage.both(&mut widget));
}

#[test]
fn a_number_of_people_that_is_not_exact_says_so_however_little_room_there_is() {
    let spec = CounterTable { window: Window::D7, ..counter(Metric::Authors) };
    let told = |is: Exactness| {
        let mut stage = Stage::new(380.0, 260.0);
        let mut counts = *stage.snapshot.all.counts;
        let tally = &mut counts.0[Window::D7 as usize];
        (tally.authors, tally.authors_are) = (Some(48_273), is);
        stage.snapshot.all.counts = Arc::new(counts);
        let mut widget = Counter::new(&spec, &stage.wall);
        let list = stage.both(&mut widget);
        let number: String =
            digits(&list).into_iter().map(|(text, ..)| text).filter(|t| t.len() == 1).collect();
        (number, stage.caption(&mut widget))
    };
    let (number, captions) = told(Exactness::Exact);
    assert!(number.contains("48273"), "{number}");
    assert!(captions.iter().all(|caption| !caption.contains("estimated")));
    let (number, captions) = told(Exactness::About);
    assert!(number.contains("48300"), "{number}");
    assert!(
        !captions.is_empty() && captions.iter().all(|caption| caption.starts_with("estimated")),
        "{captions:?}"
    );
    let (_, captions) = told(Exactness::AtLeast);
    assert!(
        !captions.is_empty() && captions.iter().all(|caption| caption.starts_with("at least")),
        "{captions:?}"
    );
}

#[test]
fn what_nobody_knows_is_a_dash_with_a_reason() {
    let mut stage = Stage::new(380.0, 260.0);
    stage.snapshot.all = Default::default();
    let mut widget = Counter::new(&counter(Metric::Mentions), &stage.wall);
    let list = stage.both(&mut widget);
    let texts: Vec<String> = digits(&list).into_iter().map(|(t, _, _)| t).collect();
    assert_eq!(texts, ["–"]);
    let wide = list.items.iter().find_map(|item| match item {
        Item::Text { shaped, .. } if *shaped.setting.text == *"–" => Some(shaped.size.w),
        _ => None,
    });
    assert!(wide.is_some_and(|wide| wide < stage.area.w * 0.4), "a dash, not a bar: {wide:?}");
    assert_eq!(stage.caption(&mut widget), ["no data yet"]);
}

#[test]
fn too_large_a_number_is_shortened_and_never_runs_ahead() {
    let mut stage = Stage::new(300.0, 200.0);
    let mut widget = Counter::new(&counter(Metric::Reach), &stage.wall);
    let list = stage.both(&mut widget);
    let read: Vec<String> = digits(&list).into_iter().map(|(t, _, _)| t).collect();
    assert_eq!(read, ["M", "5", "4", "4"], "the unit is smaller than the digits");
}

#[test]
fn the_digit_that_changed_rolls_and_comes_to_rest() {
    let mut stage = Stage::new(380.0, 300.0);
    let mut widget = Counter::new(&counter(Metric::Mentions), &stage.wall);
    told(&mut stage, &[745_129, 745_130], Duration::from_secs(1));
    stage.now = NOW + Duration::from_millis(200);
    let moving = stage.motion(&mut widget);
    assert_eq!(digits(&moving).len(), 4, "{moving}");
    assert_eq!(digits(&stage.still(&mut widget)).len(), 4, "the others stand");
    let clipped = |item: &&Item| matches!(item, Item::Text { clip: Some(_), .. });
    assert_eq!(moving.items.iter().filter(clipped).count(), 4);
    stage.now = NOW + Duration::from_millis(400);
    let rested = stage.motion(&mut widget);
    stage.now = NOW + Duration::from_secs(60);
    assert_eq!(digits(&rested).len(), 2);
    assert!(stage.motion(&mut widget).is_empty(), "what rests is not drawn in every frame");
    assert_eq!(digits(&stage.still(&mut widget)).len(), 6);
}

#[test]
fn between_two_seconds_a_number_stands() {
    let mut stage = Stage::new(380.0, 300.0);
    let mut widget = Counter::new(&counter(Metric::Mentions), &stage.wall);
    let shown = |stage: &mut Stage, widget: &mut Counter| {
        let list = stage.both(widget);
        let end = digits(&list).last().map(|(digit, ..)| digit.clone());
        end.unwrap_or_default()
    };
    // What came within the second before is counted with its end.
    told(&mut stage, &[745_121, 745_127], Duration::from_millis(300));
    assert_eq!(shown(&mut stage, &mut widget), "7", "NOW begins a second");
    let counts: Vec<(Time, u64)> = [(0, 745_121), (300, 745_124), (600, 745_129)]
        .map(|(ms, n)| (NOW + Duration::from_millis(ms), n))
        .into();
    remembered(&mut stage, &counts, NOW + Duration::from_millis(600));
    stage.now = NOW + Duration::from_millis(700);
    assert_eq!(shown(&mut stage, &mut widget), "1");
    stage.now = NOW + Duration::from_millis(1_600);
    assert_eq!(shown(&mut stage, &mut widget), "9", "on a quiet wall no later count comes");
}

#[test]
fn stillness_cuts_and_calm_takes_twice_as_long() {
    let mut stage = Stage::new(380.0, 300.0);
    let mut widget = Counter::new(&counter(Metric::Mentions), &stage.wall);
    told(&mut stage, &[745_123, 745_124], Duration::from_secs(1));
    stage.now = NOW + Duration::from_millis(600);
    stage.wall.motion = Motion::Calm;
    assert_eq!(stage.motion(&mut widget).items.len(), 2);
    stage.wall.motion = Motion::Still;
    stage.now = NOW;
    assert_eq!(stage.motion(&mut widget).items.len(), 1);
}

#[test]
fn it_is_legible_in_every_tile() {
    for metric in [Metric::Mentions, Metric::Reach, Metric::Rate, Metric::NetSentiment] {
        let make = |wall: &Wall| Box::new(Counter::new(&counter(metric), wall)) as Box<dyn Widget>;
        fixture::assert_legible_at_every_size(make, None);
    }
}

#[test]
fn only_what_changed_is_painted_again() {
    for metric in [Metric::Mentions, Metric::NetSentiment] {
        fixture::assert_key_tells(|wall| Box::new(Counter::new(&counter(metric), wall)), Some(1));
    }
}

#[test]
fn neighbours_are_equally_large_and_stand_on_one_line() {
    let mut stage = Stage::new(380.0, 300.0);
    let mut at = Vec::new();
    for mentions in [4_096, 45_123, 745_123] {
        told(&mut stage, &[mentions], Duration::from_secs(1));
        let mut widget = Counter::new(&counter(Metric::Mentions), &stage.wall);
        let list = stage.both(&mut widget);
        let first = list.items.iter().find(|item| matches!(item, Item::Text { .. }));
        let Some(Item::Text { shaped, at: place, .. }) = first else { panic!("no number") };
        at.push((shaped.setting.size, place.y));
    }
    assert!(at.windows(2).all(|w| w[0] == w[1]), "{at:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn digits_stand_flush_with_their_heading(n in 0_u64..3_000_000) {
        let mut stage = Stage::new(380.0, 300.0);
        let mut widget = Counter::new(&counter(Metric::Mentions), &stage.wall);
        told(&mut stage, &[n], Duration::from_secs(1));
        let list = stage.both(&mut widget);
        let texts = list.items.iter().filter_map(|item| match item {
            Item::Text { shaped, at, .. } => Some((at.x, shaped.setting.size)),
            _ => None,
        });
        let (left, size) = texts.reduce(|a, b| if b.0 < a.0 { b } else { a }).expect("a number");
        prop_assert!((left - stage.area.x).abs() < size * 0.09, "{} {}", left, size);
    }

    #[test]
    fn each_digit_stands_or_moves_and_never_both(
        start in 1_u64..120_000,
        steps in proptest::collection::vec((0_u64..300, 40_u64..900), 1..30),
        after in 0_u64..3_000,
    ) {
        let mut stage = Stage::new(380.0, 300.0);
        let mut widget = Counter::new(&counter(Metric::Mentions), &stage.wall);
        let (mut counts, mut now) = (vec![(NOW, start)], NOW);
        // As the director does: what stands is drawn anew only for a new key.
        let mut kept: Option<(u64, List)> = None;
        for (more, ms) in steps.into_iter().chain([(0, after)]) {
            let said = counts.last().map_or(0, |(_, n)| n + more);
            now = now + Duration::from_millis(ms);
            counts.push((now, said));
            remembered(&mut stage, &counts, now);
            for later in [0, 33, 150] {
                stage.now = now + Duration::from_millis(later);
                let key = stage.key(&mut widget);
                if kept.as_ref().is_none_or(|(known, _)| *known != key) {
                    kept = Some((key, stage.still(&mut widget)));
                }
                let standing = kept.as_ref().map(|(_, list)| columns_of(list)).unwrap_or_default();
                let moving = columns_of(&stage.motion(&mut widget));
                let mut places: Vec<i32> = standing.iter().chain(&moving).map(|(x, _)| *x).collect();
                places.sort_unstable();
                prop_assert!(places.windows(2).all(|w| w[1] - w[0] > 5), "{:?} {:?}", standing, moving);
                let mut all: Vec<(i32, char)> = standing.into_iter().chain(moving).collect();
                all.sort_unstable();
                let read: String = all.into_iter().map(|(_, c)| c).collect();
                prop_assert_eq!(read, stands(&counts, stage.now).to_string());
            }
        }
    }
}

/// Publishes the last of `counts` with what a pulse would remember at `now`.
fn remembered(stage: &mut Stage, counts: &[(Time, u64)], now: Time) {
    let from = counts.iter().rposition(|(at, _)| *at + RECENT < now).unwrap_or(0);
    let counts = &counts[from..];
    let recent =
        counts.iter().map(|&(at, n)| Arc::new(Counts { at, all: fixture::counts(n.max(1)), topics: vec![] }));
    stage.snapshot.recent = recent.collect();
    stage.snapshot.all.counts = fixture::counts(counts[counts.len() - 1].1.max(1));
    stage.snapshot.version += 1;
}

/// The count of the last whole second: the first of its second, or the last where none followed it.
fn stands(counts: &[(Time, u64)], now: Time) -> u64 {
    let begins = |i: &usize| *i == 0 || counts[*i].0.as_secs() != counts[*i - 1].0.as_secs();
    let (last, count) = counts[counts.len() - 1];
    let begun = (0..counts.len()).rev().find(begins).map_or(count, |i| counts[i].1);
    if now >= last + Duration::from_secs(1) { count } else { begun }
}

/// The middle of each column in tenths of a millimetre and the digit that it comes to.
fn columns_of(list: &List) -> Vec<(i32, char)> {
    let mut columns: Vec<(i32, char)> = Vec::new();
    for item in &list.items {
        let Item::Text { shaped, at, .. } = item else { continue };
        let middle = ((at.x + shaped.size.w / 2.0) * 10.0).round() as i32;
        let Some(c) = shaped.setting.text.chars().next() else { continue };
        // Of a rolling column the new digit comes second.
        columns.retain(|(x, _)| (x - middle).abs() > 5);
        columns.push((middle, c));
    }
    columns
}

mod gauges {
    use super::*;
    use crate::pulse::snapshot::{FeedState, Nature, Readings};
    use crate::scene::widgets::counter::gauge::Gauge;

    fn gauge(series: &str) -> CounterTable {
        CounterTable {
            series: Some(series.into()),
            unit: Some("ms".into()),
            window: Window::H1,
            ..CounterTable::default()
        }
    }

    /// The stage with two series, whose last number is `age` old.
    fn told(stage: &mut Stage, age: Duration) {
        let by_minute: Vec<Option<f64>> =
            (0..90).map(|i| (i % 50 != 3).then_some(f64::from(i % 17))).collect();
        let readings = |name: &str| {
            Arc::new(Readings {
                name: name.into(),
                at: NOW - age,
                value: 1_234.6,
                by_minute: by_minute.clone(),
            })
        };
        stage.snapshot.series = [readings("load/zone=eu"), readings("load/zone=us")].into();
        let feed = FeedState::new("load", Nature::Live, Duration::from_secs(60));
        stage.snapshot.feeds = vec![FeedState { heard: Some(NOW), ..feed }];
    }

    #[test]
    fn a_series_is_one_number_with_its_unit_and_its_past() {
        let mut stage = Stage::new(380.0, 300.0);
        told(&mut stage, Duration::from_secs(5));
        let mut widget = Gauge::new(&gauge("load/zone=eu"), "load/zone=eu");
        let list = stage.still(&mut widget);
        let texts: Vec<String> =
            digits(&list).into_iter().map(|(t, _, _)| t.replace('\u{202f}', " ")).collect();
        assert_eq!(texts, ["1 235", "ms"]);
        let lines = list.items.iter().filter(|item| matches!(item, Item::Stroke { .. })).count();
        assert_eq!(lines, 2, "the curve is broken where nothing is known");
        assert!(stage.caption(&mut widget).is_empty());
        assert_eq!(widget.heading(&stage.wall), "Load, zone=eu");
    }

    #[test]
    fn an_old_number_says_how_old_it_is() {
        let mut stage = Stage::new(380.0, 300.0);
        told(&mut stage, Duration::from_secs(400));
        let mut widget = Gauge::new(&gauge("load/zone=eu"), "load/zone=eu");
        assert_eq!(stage.caption(&mut widget), [format!("6{}min old", '\u{202f}')]);
        let before = stage.key(&mut widget);
        told(&mut stage, Duration::from_secs(5));
        assert_ne!(stage.key(&mut widget), before);
    }

    #[test]
    fn a_series_that_is_not_there_or_is_several_says_so() {
        let mut stage = Stage::new(380.0, 300.0);
        told(&mut stage, Duration::ZERO);
        let mut several = Gauge::new(&gauge("load"), "load");
        assert_eq!(stage.caption(&mut several)[0], "2 series: name one of them");
        let mut absent = Gauge::new(&gauge("speed"), "speed");
        assert_eq!(stage.caption(&mut absent), ["no data yet"]);
        let texts: Vec<String> = digits(&stage.still(&mut absent)).into_iter().map(|(t, _, _)| t).collect();
        assert_eq!(texts, ["–"]);
    }

    #[test]
    fn it_is_legible_in_every_tile() {
        let mut stage = Stage::new(100.0, 100.0);
        told(&mut stage, Duration::ZERO);
        for w in [20.0, 90.0, 180.0, 300.0, 640.0, 1_100.0] {
            for h in [15.0, 40.0, 75.0, 120.0, 210.0, 330.0, 600.0] {
                stage.area = crate::geometry::Rect::new(100.0, 50.0, w, h);
                let list = stage.still(&mut Gauge::new(&gauge("load/zone=eu"), "load/zone=eu"));
                fixture::assert_legible(&list, stage.area, stage.wall.viewer_m);
            }
        }
    }
}

mod marked;
