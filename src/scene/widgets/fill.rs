//! How much of its place a widget uses: every form fills seven tenths of it at any size.

use crate::geometry::Rect;
use crate::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT};
use crate::layout::wall::Wall;
use crate::scene::list::{Item, List};
use crate::scene::widget::Widget;
use crate::scene::widgets::fixture::Stage;

/// Least part of its place that a widget uses.
const LEAST: f32 = 0.7;
/// Part of the height from which on a form is as high as its place.
const FULL: f32 = 0.85;
/// A larger part of the height without anything in it is a hole.
const HOLE: f32 = 0.2;
/// Places, millimetres at 5 m: from a quarter of a small tile to nearly a whole display.
pub const SIZES: [(f32, f32); 8] = [
    (300.0, 150.0),
    (330.0, 160.0),
    (420.0, 260.0),
    (600.0, 250.0),
    (600.0, 560.0),
    (1_100.0, 160.0),
    (1_100.0, 330.0),
    (1_100.0, 600.0),
];
/// Places that are smaller still, and a narrow one.
const SMALL: [(f32, f32); 4] = [(160.0, 60.0), (220.0, 75.0), (200.0, 180.0), (240.0, 420.0)];

/// Part of `area` that is used: the height in which things stand, with the gaps between them as long as
/// they are no holes, and the width from the leftmost to the rightmost thing.
pub fn used(list: &List, area: Rect) -> f32 {
    let (high, wide) = parts(list, area);
    high * wide
}

/// The parts of its height and of its width.
fn parts(list: &List, area: Rect) -> (f32, f32) {
    let mut inks: Vec<Rect> =
        list.items.iter().filter_map(ink).filter_map(|ink| ink.intersection(&area)).collect();
    inks.sort_by(|a, b| a.y.total_cmp(&b.y));
    let (mut high, mut end) = (0.0, area.y);
    for ink in &inks {
        let from = if ink.y - end <= area.h * HOLE { end } else { ink.y };
        high += (ink.bottom() - from).max(0.0);
        end = end.max(ink.bottom());
    }
    if area.bottom() - end <= area.h * HOLE {
        high += area.bottom() - end;
    }
    let left = inks.iter().map(|ink| ink.x).fold(area.right(), f32::min);
    let right = inks.iter().map(Rect::right).fold(area.x, f32::max);
    (high / area.h, (right - left).max(0.0) / area.w)
}

/// Whether what stands there is on the optical middle of its place.
fn is_centred(list: &List, area: Rect) -> bool {
    let inks: Vec<Rect> = list.items.iter().filter_map(ink).collect();
    let top = inks.iter().map(|ink| ink.y).fold(f32::MAX, f32::min);
    let bottom = inks.iter().map(Rect::bottom).fold(f32::MIN, f32::max);
    (0.36..0.56).contains(&(((top + bottom) / 2.0 - area.y) / area.h))
}

fn ink(item: &Item) -> Option<Rect> {
    match item {
        Item::Rect { rect, .. } => Some(*rect),
        Item::Ring { center: c, radius: r, .. } => Some(Rect::new(c.x - r, c.y - r, r * 2.0, r * 2.0)),
        Item::Text { shaped, at, .. } => {
            let size = shaped.setting.size;
            let below = size * LINE_HEIGHT * (shaped.lines.max(1) as f32 - 1.0);
            Some(Rect::new(at.x, at.y - size * CAP_HEIGHT, shaped.size.w, size * CAP_HEIGHT + below))
        }
        Item::Fill { path, at, .. } | Item::Stroke { path, at, .. } => {
            let points = path.outlines.iter().flat_map(|outline| &outline.points);
            points.map(|p| Rect::new(p.x + at.x, p.y + at.y, 0.01, 0.01)).reduce(|a, b| {
                let (x, y) = (a.x.min(b.x), a.y.min(b.y));
                Rect::new(x, y, a.right().max(b.right()) - x, a.bottom().max(b.bottom()) - y)
            })
        }
        _ => None,
    }
}

/// Shows the widget in places of all sizes on a stage that `set` prepared.
pub fn assert_filled(make: impl Fn(&Wall) -> Box<dyn Widget>, set: impl Fn(&mut Stage)) {
    assert_each(make, set, |list, area| used(list, area) >= LEAST);
}

/// The same of a form whose shape is given, as that of a time or a word: one that is as high as its place,
/// or stands on its optical middle, could not be larger.
pub fn assert_composed(make: impl Fn(&Wall) -> Box<dyn Widget>, set: impl Fn(&mut Stage)) {
    assert_each(make, set, is_composed);
}

fn is_composed(list: &List, area: Rect) -> bool {
    let (high, wide) = parts(list, area);
    high * wide >= LEAST || high >= FULL || (wide >= LEAST && is_centred(list, area))
}

fn assert_each(
    make: impl Fn(&Wall) -> Box<dyn Widget>,
    set: impl Fn(&mut Stage),
    is_good: impl Fn(&List, Rect) -> bool,
) {
    let mut short = Vec::new();
    for (w, h) in SIZES {
        let mut stage = Stage::new(w, h);
        set(&mut stage);
        let list = stage.both(&mut *make(&stage.wall));
        if !is_good(&list, stage.area) {
            let part = used(&list, stage.area);
            short.push(format!("{w} × {h}: {part:.2} of {:?}\n{list}", stage.area));
        }
    }
    assert!(short.is_empty(), "{}", short.join("\n"));
}

mod forms {
    use super::*;
    use crate::layout::kind::{Room, TileSpec};
    use crate::layout::legibility::{Scale, TEXT_ARCMIN};
    use crate::layout::window::Window;
    use crate::scene::chrome::GUTTER;
    use crate::scene::widgets::*;
    use crate::scene::widgets::{counter, mentions, quote, ranks, sentiment, share, trend};

    #[test]
    fn counters() {
        for metric in [Metric::Mentions, Metric::NetSentiment, Metric::PositiveShare] {
            let spec = CounterTable { metric, ..CounterTable::default() };
            assert_filled(|wall| Box::new(counter::Counter::new(&spec, wall)), |_| {});
        }
    }

    #[test]
    fn trends() {
        for topics in [vec![], vec!["aurora".to_owned(), "borealis".into()]] {
            let spec = TrendTable { topics, window: Window::H24, ..TrendTable::default() };
            assert_filled(|wall| Box::new(trend::Trend::new(&spec, wall)), |_| {});
        }
    }

    #[test]
    fn shares() {
        assert_filled(|wall| Box::new(share::Share::new(&ShareTable::default(), wall)), |_| {});
    }

    #[test]
    fn sentiments() {
        assert_filled(|wall| Box::new(sentiment::Sentiment::new(&SentimentTable::default(), wall)), |_| {});
    }

    #[test]
    fn lists_of_mentions() {
        for count in [1, 3, 8, 24] {
            let spec = MentionsTable { topic: None, count };
            assert_filled(|wall| Box::new(mentions::Mentions::new(&spec, wall)), |_| {});
        }
    }

    #[test]
    fn ranked_lists() {
        let spec = RanksTable { count: 5, ..RanksTable::default() };
        assert_filled(|wall| Box::new(ranks::Ranks::new(&spec, wall)), |_| {});
    }

    #[test]
    fn counters_of_a_group() {
        let topics = vec!["aurora".to_owned(), "borealis".into(), "support".into()];
        let spec = CounterTable { topics, ..CounterTable::default() };
        assert_filled(|wall| Box::new(spec.group(wall)), |_| {});
    }

    #[test]
    fn clocks() {
        for cities in [vec![], vec!["Asia/Tokyo".to_owned(), "America/Lima".into()]] {
            let spec = ClockTable { cities, ..ClockTable::default() };
            assert_composed(|wall| spec.widget(wall), |_| {});
        }
    }

    #[test]
    fn texts_that_fit_their_box() {
        let text = "Welcome to the listening center of Aurora".to_owned();
        let spec = TextTable { text, fit: TextFit::Box, valign: Some(Down::Middle), ..TextTable::default() };
        assert_composed(|wall| spec.widget(wall), |_| {});
    }

    #[test]
    fn a_single_voice_stands_on_the_optical_middle() {
        for (w, h) in SIZES {
            let mut stage = Stage::new(w, h);
            let mut widget = quote::Quote::new(&QuoteTable::default(), &stage.wall);
            let list = stage.both(&mut widget);
            let inks: Vec<Rect> = list.items.iter().filter_map(ink).collect();
            let top = inks.iter().map(|ink| ink.y).fold(f32::MAX, f32::min) - stage.area.y;
            let below = stage.area.bottom() - inks.iter().map(Rect::bottom).fold(0.0, f32::max);
            assert!(top < h * 0.35 && below < h * 0.45, "{w} × {h}: {top} {below}\n{list}");
        }
    }
    /// Each kind with and without its options.
    fn specs() -> Vec<TileSpec> {
        let counter = |metric| CounterTable { metric, ..CounterTable::default() }.into();
        let cities = vec!["Asia/Tokyo".to_owned(), "America/Lima".into()];
        let text = "Welcome to Aurora".to_owned();
        let mut all: Vec<TileSpec> = vec![
            HeadlineTable::default().into(),
            HeatmapTable::default().into(),
            TickerTable::default().into(),
            TrendTable::default().into(),
            ShareTable::default().into(),
            ShareTable { by: Parts::Language, ..ShareTable::default() }.into(),
            MentionsTable::default().into(),
            QuoteTable::default().into(),
            WordsTable::default().into(),
            RanksTable::default().into(),
            SentimentTable::default().into(),
            CareTileTable::default().into(),
            AlertsTable::default().into(),
            ClockTable::default().into(),
            ClockTable { cities, ..ClockTable::default() }.into(),
            TextTable { text, fit: TextFit::Box, ..TextTable::default() }.into(),
            QrTable { text: "https://example.com/aurora".into() }.into(),
        ];
        // Counts with a line of words below them leave more free in some of the smaller places.
        let wordy = [Metric::Rate, Metric::Reach, Metric::Authors, Metric::UnknownShare];
        all.extend(Metric::ALL.into_iter().filter(|metric| !wordy.contains(metric)).map(counter));
        all
    }

    /// Whether `check` lets a tile with so much room for its content have this form.
    fn is_allowed(spec: &TileSpec, w: f32, h: f32) -> bool {
        let scale = Scale::new(5.0);
        let (gutters, frame) = (scale.mm(2.0 * GUTTER), scale.mm(Room::FRAME));
        let room = Room::new(Rect::new(0.0, 0.0, w + gutters, h + frame), TEXT_ARCMIN, 3, scale);
        let (least_w, least_h) = spec.least(&room);
        room.width >= least_w && room.height >= least_h
    }

    #[test]
    fn every_kind_is_composed_in_every_place_that_is_not_too_small_for_it() {
        let specs = specs();
        // The proportions of an image are those of its file.
        let missing: Vec<&str> = KINDS
            .iter()
            .map(|kind| kind.name)
            .filter(|name| specs.iter().all(|s| s.kind() != *name))
            .collect();
        assert_eq!(missing, ["image"], "every kind is measured");
        let mut short = Vec::new();
        for (spec, (w, h)) in
            specs.iter().flat_map(|spec| SMALL.iter().chain(&SIZES).map(move |size| (spec, *size)))
        {
            if !is_allowed(spec, w, h) {
                continue;
            }
            let mut stage = Stage::new(w, h);
            stage.snapshot.care = Some(Default::default());
            stage.snapshot.all.places = crate::scene::fixture::snapshot().all.places.clone();
            let list = stage.both(&mut *make(spec, &stage.wall));
            let (high, wide) = parts(&list, stage.area);
            // Lines of words have a ragged edge.
            let ragged = spec.kind() == WordsTable::KIND && high >= LEAST;
            if !is_composed(&list, stage.area) && !ragged {
                short.push(format!(
                    "{} {spec:?} in {w} × {h}: {high:.2} of the height, {wide:.2} of the width",
                    spec.kind()
                ));
            }
        }
        assert!(short.is_empty(), "{}", short.join("\n"));
    }
}
