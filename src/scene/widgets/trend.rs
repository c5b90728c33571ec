//! How many mentions, over a window: an area with its levels and its present value beside
//! the data.

mod line;

use crate::layout::kind::{BehindBezel, Room, TileKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::chart::{self, Bin, Plot};
use super::figures::{THIN, grouped, rate, round_step};
use super::marks::{self, Anchor, put};
use super::span;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::wall::Wall;
use crate::layout::window::Window;
use crate::pulse::snapshot::Series;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::text::Cut;

pub use line::Line;

/// Lengths that a column may have, seconds.
const LENGTHS: [u32; 20] =
    [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 300, 600, 900, 1_800, 3_600];
/// Fewest columns of a chart, however few mentions there are.
const FEWEST: u32 = 120;
/// Mentions that a column should hold on average: chance then moves it by a tenth at most.
const FULL_ENOUGH: u64 = 100;

/// Mentions in a step of the series from which on peaks are drawn; below, chance makes them.
const PEAKS_FROM: f32 = 25.0;
/// What the present value counts.
const UNIT: &str = "a minute";
/// From the curve's end to the present value, as a part of the value's type size.
const GAP: f32 = 0.45;

/// Number of mentions over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TrendTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
    /// Time window: `15m`, `1h`, `24h`, `7d`, `today` (since midnight) or `event` (since the start
    /// of the `[event]`, at most 8 days).
    #[schemars(extend("enum" = ["15m", "1h", "24h", "7d", "today", "event"]))]
    pub window: Window,
    /// A number series instead of mentions: the name of a feed of numbers (`kind = "prometheus"`),
    /// with labels if it has several series, for example `load/zone=eu`.
    pub series: Option<String>,
    /// Unit of a series' values, for example `ms`.
    pub unit: Option<String>,
    /// Decimal places of a series' last value, 0 to 3. Default: as needed for three significant
    /// digits.
    #[schemars(range(min = 0, max = 3))]
    pub precision: Option<u8>,
}

impl TileKind for TrendTable {
    fn topic(&self) -> Option<&str> {
        self.topic.as_deref()
    }

    fn window(&self) -> Option<Window> {
        Some(self.window)
    }

    fn series(&self) -> Option<&str> {
        self.series.as_deref()
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (300.0, 160.0)
    }

    fn behind_bezel(&self) -> BehindBezel {
        BehindBezel::Worse
    }
}

impl WidgetTable for TrendTable {
    const KIND: &'static str = "trend";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        match &self.series {
            Some(series) => Box::new(Line::new(self, series)),
            None => Box::new(Trend::new(self, wall)),
        }
    }
}

pub struct Trend {
    spec: TrendTable,
    columns: Option<(Arc<Series>, u32, Vec<Option<Bin>>)>,
}

/// Where the parts stand.
struct Places {
    plot: Rect,
    /// Where the values of the levels begin.
    left: f32,
    /// Baseline of the words for the time.
    time: Option<f32>,
    /// Right edge of the present value; `None` has no room.
    value: Option<f32>,
}

impl Trend {
    pub fn new(spec: &TrendTable, _wall: &Wall) -> Self {
        Self { spec: spec.clone(), columns: None }
    }

    fn series<'a>(&self, cx: &Cx<'a>) -> &'a Arc<Series> {
        span::series(cx.snapshot.stream(cx.topic), self.spec.window)
    }

    fn secs(&self, cx: &Cx<'_>) -> u32 {
        span::drawn_secs(cx.snapshot.stream(cx.topic), self.spec.window)
    }

    /// Length of a column, seconds: two pixels wide or more, and long enough to hold mentions.
    fn per(&self, cx: &Cx<'_>, plot: &Rect) -> u32 {
        let (series, secs) = (self.series(cx), self.secs(cx));
        let density =
            cx.tile.displays.first().and_then(|&d| cx.wall.displays.get(d)).map_or(1.0, |d| d.density());
        let most = ((plot.w * density / 2.0) as u32).max(FEWEST);
        let (mut sum, mut known) = (0, 0);
        for value in series.known_values() {
            (sum, known) = (sum + u64::from(value), known + series.step.as_secs());
        }
        let enough = |per: u32| sum * u64::from(per) / known.clamp(1, u64::from(secs)) >= FULL_ENOUGH;
        let step = series.step.as_secs().max(1) as u32;
        let fit = |per: &u32| per.is_multiple_of(step) && secs.is_multiple_of(*per);
        let mut wide = LENGTHS.into_iter().filter(fit).filter(|per| secs / per <= most);
        let full = wide.clone().find(|&per| enough(per) || secs / per <= FEWEST);
        full.or(wide.next_back()).unwrap_or(secs)
    }

    /// Gathers the series into columns, once for each series.
    fn gather(&mut self, cx: &Cx<'_>, plot: &Rect) -> Vec<Option<Bin>> {
        let (series, secs) = (self.series(cx), self.secs(cx));
        let held = self.columns.as_ref().filter(|(held, _, _)| Arc::ptr_eq(held, series));
        let per = match held {
            Some((_, per, bins)) if bins.len() as u32 == secs / per => *per,
            _ => self.per(cx, plot),
        };
        if held.is_none_or(|(_, was, _)| *was != per) {
            let bins = chart::bins(series, secs, per);
            self.columns = Some((series.clone(), per, bins));
        }
        self.columns.as_ref().map(|(_, _, bins)| bins.clone()).unwrap_or_default()
    }

    /// Mentions a minute for one count in a step of the series.
    fn per_minute(&self, cx: &Cx<'_>) -> f32 {
        60.0 / self.series(cx).step.as_secs_f32().max(1.0)
    }

    /// Mentions in the last whole minute, or minutes where they are few; `None` is unknown.
    fn present(&self, bins: &[Option<Bin>], cx: &Cx<'_>) -> Option<f32> {
        let per = self.secs(cx) / bins.len().max(1) as u32;
        let count = (60 / per.max(1)).max(1) as usize;
        let last = bins.get(bins.len().checked_sub(count)?..)?;
        let known: Vec<f32> = last.iter().flatten().map(|b| b.mean).collect();
        (known.len() == count).then(|| known.iter().sum::<f32>() / count as f32 * self.per_minute(cx))
    }

    /// Lines at round values, each with its value at the left of the curve.
    fn draw_levels(&self, cx: &mut Cx<'_>, list: &mut List, plot: &Plot<'_>, left: f32) {
        let (quiet, hairline) = (cx.theme.quiet, cx.theme.hairline);
        let (thin, caps) = (cx.scale.mm(0.8), cx.scale.size(Step::Label) * CAP_HEIGHT);
        let top = plot.top * self.per_minute(cx);
        let room = plot.rect.h / cx.scale.line(Step::Label) / 1.8;
        let step = round_step(top, (room as usize).clamp(1, 3));
        list.rect(Rect::new(plot.rect.x, plot.rect.bottom(), plot.rect.w, thin), hairline);
        for level in (1..=3).map(|i| i * step).filter(|&l| l as f32 <= top) {
            let y = plot.y(level as f32 / self.per_minute(cx));
            let label = marks::line(cx, &grouped(level), Step::Label, Cut::Regular);
            if label.size.w <= plot.rect.x - left && y - plot.rect.y >= caps * 0.4 {
                list.rect(Rect::new(plot.rect.x, y, plot.rect.w, thin), hairline);
                let right = plot.rect.x - caps * 0.5;
                let baseline = (y + caps / 2.0).max(plot.rect.y + caps);
                put(list, label, Anchor::Right, Point::new(right, baseline), quiet);
            }
        }
    }

    fn draw_value(&self, cx: &mut Cx<'_>, list: &mut List, plot: &Plot<'_>, right: f32) {
        let value = self.present(plot.bins, cx);
        let text = value.map_or_else(|| "–".into(), |value| rate(value.into()));
        let shaped = marks::line(cx, &text, Step::Body, Cut::Semibold);
        let caps = cx.scale.size(Step::Body) * CAP_HEIGHT;
        let level = value.map_or(plot.rect.center().y, |value| plot.y(value / self.per_minute(cx)));
        if value.is_some() {
            list.disc(Point::new(plot.rect.right(), level), cx.scale.mm(3.2), cx.color);
        }
        let line = cx.scale.line(Step::Label);
        let unit = plot.rect.h >= caps + line * 1.2;
        let lowest = plot.rect.bottom() - if unit { line } else { 0.0 };
        let left = plot.rect.right() + cx.scale.size(Step::Body) * GAP;
        let baseline = (level + caps / 2.0).clamp(plot.rect.y + caps, lowest.max(plot.rect.y + caps));
        put(
            list,
            shaped,
            Anchor::Left,
            Point::new(left, baseline),
            if value.is_some() { cx.theme.ink } else { cx.theme.quiet },
        );
        if unit && let Some(words) = marks::first_that_fits(cx, &[UNIT.into()], Step::Label, right - left) {
            put(list, words, Anchor::Left, Point::new(left, baseline + line), cx.theme.quiet);
        }
    }

    fn places(&self, cx: &mut Cx<'_>) -> Places {
        let area = cx.area;
        let (line, body) = (cx.scale.line(Step::Label), cx.scale.size(Step::Body));
        let time = area.h >= line * 4.0;
        let below = if time { line * 1.15 } else { cx.scale.mm(2.0) };
        let digits = marks::line(cx, "88\u{202f}888", Step::Body, Cut::Semibold).size.w;
        let unit = marks::line(cx, UNIT, Step::Label, Cut::Regular).size.w;
        let wide = if area.w >= unit * 5.0 { digits.max(unit) } else { digits };
        let gutter = wide + body * GAP;
        let value = area.w >= gutter * 2.5 && area.h >= line * 2.0;
        let right = if value { gutter } else { cx.scale.mm(4.0) };
        let levels = if value && area.w >= gutter * 4.0 { self.levels_width(cx) } else { 0.0 };
        let (w, h) = ((area.w - right - levels).max(0.0), (area.h - below).max(0.0));
        let plot = Rect::new(area.x + levels, area.y, w, h);
        let time = time.then(|| area.bottom() - line * 0.2);
        Places { plot, left: area.x, time, value: value.then(|| area.right()) }
    }

    /// Room for the values of the levels; the same for all numbers with as many digits.
    fn levels_width(&self, cx: &mut Cx<'_>) -> f32 {
        let series = self.series(cx);
        let highest = series.known_values().max().unwrap_or(0) as f32 * self.per_minute(cx);
        let text = if highest >= 10_000.0 { "88\u{202f}888" } else { "8\u{202f}888" };
        let label = marks::line(cx, text, Step::Label, Cut::Regular);
        label.size.w + cx.scale.size(Step::Label) * CAP_HEIGHT * 0.5
    }

    /// Value at the upper edge. A single second that shoots up does not press the hour down.
    fn top(bins: &[Option<Bin>], peaks: bool) -> f32 {
        let highest = Plot::highest(bins);
        let peak = bins.iter().flatten().map(|b| b.peak).fold(highest, f32::max);
        let top = if peaks { peak.min(highest * 1.6) } else { highest };
        (top * 1.12).max(f32::MIN_POSITIVE)
    }

    /// True when single seconds hold enough for their highest to say something.
    fn has_peaks(bins: &[Option<Bin>]) -> bool {
        Plot::highest(bins) >= PEAKS_FROM
    }
}

/// The words for where a picture of `secs` seconds begins, and for its middle.
fn time_words(window: Window, secs: u32) -> (String, Option<String>) {
    let back = |secs: u32| match secs {
        0..7_200 => format!("−{}{THIN}min", secs / 60),
        7_200..172_800 => format!("−{}{THIN}h", secs / 3_600),
        _ if secs.is_multiple_of(86_400) => format!("−{}{THIN}d", secs / 86_400),
        _ => format!("−{:.1}{THIN}d", f64::from(secs) / 86_400.0),
    };
    match window {
        Window::Today => ("midnight".into(), None),
        Window::Event if secs < span::LONGEST => ("start".into(), None),
        _ => (back(secs), (secs >= 600).then(|| back(secs / 2))),
    }
}

/// Names the ends of the time, and its middle where there is room.
fn draw_times(
    cx: &mut Cx<'_>,
    list: &mut List,
    plot: &Rect,
    baseline: f32,
    (whole, half): (String, Option<String>),
) {
    let quiet = cx.theme.quiet;
    let ends = [(whole, Anchor::Left, plot.x), ("now".into(), Anchor::Right, plot.right())];
    let mut used = 0.0;
    for (text, anchor, x) in ends {
        let shaped = marks::line(cx, &text, Step::Label, Cut::Regular);
        used += shaped.size.w;
        if used < plot.w {
            put(list, shaped, anchor, Point::new(x, baseline), quiet);
        }
    }
    let Some(half) = half else { return };
    let shaped = marks::line(cx, &half, Step::Label, Cut::Regular);
    let middle = plot.center().x;
    let free = used + shaped.size.w < plot.w * 0.7
        && marks::on_one_display(cx, middle - shaped.size.w / 2.0, middle + shaped.size.w / 2.0);
    if free {
        put(list, shaped, Anchor::Center, Point::new(middle, baseline), quiet);
    }
}

impl Widget for Trend {
    fn heading(&self, wall: &Wall) -> String {
        let topic = self.spec.topic.as_ref().and_then(|name| wall.topics.iter().find(|t| t.name == *name));
        let window = wall.window_words(self.spec.window);
        topic.map_or_else(|| format!("Mentions, {window}"), |t| format!("{}, {window}", t.label))
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        let plot = self.places(cx).plot;
        for bin in self.gather(cx, &plot) {
            bin.map(|b| (b.mean.to_bits(), b.peak.to_bits())).hash(&mut state);
        }
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let places = self.places(cx);
        let bins = self.gather(cx, &places.plot);
        let peaks = Self::has_peaks(&bins);
        let end = self.present(&bins, cx).map(|value| value / self.per_minute(cx));
        let plot = Plot { rect: places.plot, bins: &bins, top: Self::top(&bins, peaks), end };
        chart::hatch(list, plot.rect, &bins, cx.scale.mm(8.0), cx.theme.unknown.fade(0.5));
        if bins.iter().any(Option::is_some) {
            self.draw_levels(cx, list, &plot, places.left);
            plot.draw(list, cx.color, cx.scale.mm(2.0), peaks);
        }
        if let Some(baseline) = places.time {
            let words = time_words(self.spec.window, self.secs(cx));
            draw_times(cx, list, &places.plot, baseline, words);
        }
        if let Some(right) = places.value {
            self.draw_value(cx, list, &plot, right);
        }
    }
}

#[cfg(test)]
mod tests;
