//! A trend of a named series: a line with its levels, and the last number at its end.

use std::hash::Hash as _;
use std::sync::Arc;

use super::table::TrendTable;
use super::times::{self, Stretch};
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::wall::Wall;
use crate::pulse::snapshot::Readings;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};
use crate::scene::widgets::marks::{self, Anchor, put};
use crate::scene::widgets::readings::{self, Axis};
use crate::scene::widgets::span;
use crate::text::{Cut, Shaped};

/// From the curve's end to the present value, as a part of the value's type size.
pub const GAP: f32 = 0.45;

pub struct Line {
    spec: TrendTable,
    series: String,
}

/// Where the parts stand.
struct Places {
    plot: Rect,
    /// Baseline of the words for the time.
    time: Option<f32>,
    /// The last number and the unit, where there is room for them.
    value: Option<(Arc<Shaped>, Option<Arc<Shaped>>)>,
}

impl Line {
    pub fn new(spec: &TrendTable, series: &str) -> Self {
        Self { spec: spec.clone(), series: series.to_owned() }
    }

    fn readings<'a>(&self, cx: &Cx<'a>) -> Option<&'a Arc<Readings>> {
        cx.snapshot.readings(&self.series)
    }

    fn secs(&self, cx: &Cx<'_>) -> u32 {
        span::drawn_secs(&cx.snapshot.all, self.spec.window)
    }

    fn columns(&self, cx: &Cx<'_>) -> Vec<Option<f32>> {
        self.readings(cx).map(|r| readings::columns(r, cx.now, self.secs(cx))).unwrap_or_default()
    }

    fn is_old(&self, cx: &Cx<'_>) -> bool {
        self.readings(cx).is_some_and(|r| readings::too_old(r, cx.snapshot, cx.now).is_some())
    }

    /// The last number, where the curve may end in it.
    fn last(&self, cx: &Cx<'_>) -> Option<f64> {
        self.readings(cx).filter(|_| !self.is_old(cx)).map(|readings| readings.value)
    }

    /// The levels as they are written.
    fn labels(&self, cx: &mut Cx<'_>, axis: &Axis) -> Vec<(f64, Arc<Shaped>)> {
        let levels = axis.levels.iter().filter(|level| **level != 0.0 || axis.floor < 0.0);
        levels
            .map(|level| (*level, marks::line(cx, &axis.label(*level), Step::Label, Cut::Regular)))
            .collect()
    }

    fn value(&self, cx: &mut Cx<'_>) -> Option<(Arc<Shaped>, Option<Arc<Shaped>>)> {
        let text = readings::written(self.readings(cx)?.value, self.spec.precision);
        let unit = self.spec.unit.as_deref().filter(|unit| !unit.is_empty());
        let unit = unit.map(|unit| marks::line(cx, unit, Step::Label, Cut::Regular));
        Some((marks::line(cx, &text, Step::Body, Cut::Semibold), unit))
    }

    fn places(&self, cx: &mut Cx<'_>, labels: &[(f64, Arc<Shaped>)]) -> Places {
        let (area, line, body) = (cx.area, cx.scale.line(Step::Label), cx.scale.size(Step::Body));
        let time = area.h >= line * 4.0;
        let below = if time { line * 1.15 } else { cx.scale.mm(2.0) };
        // Room for a number with as many digits, so that the curve does not move with it.
        let least = marks::line(cx, "88\u{202f}888", Step::Body, Cut::Semibold).size.w;
        let value = self.value(cx);
        let wide = |(number, unit): &(Arc<Shaped>, Option<Arc<Shaped>>)| {
            number.size.w.max(unit.as_ref().map_or(0.0, |unit| unit.size.w)).max(least) + body * GAP
        };
        let gutter = value.as_ref().map_or(least, wide);
        let value = value.filter(|_| area.w >= gutter * 2.5 && area.h >= line * 2.0);
        let right = if value.is_some() { gutter } else { cx.scale.mm(4.0) };
        let named = labels.iter().map(|(_, label)| label.size.w).fold(0.0, f32::max);
        let levels =
            if area.w >= gutter * 4.0 { named + cx.scale.size(Step::Label) * CAP_HEIGHT } else { 0.0 };
        let (w, h) = ((area.w - right - levels).max(0.0), (area.h - below).max(0.0));
        let plot = Rect::new(area.x + levels, area.y, w, h);
        Places { plot, time: time.then(|| area.bottom() - line * 0.2), value }
    }

    fn draw_levels(cx: &Cx<'_>, list: &mut List, plot: Rect, axis: &Axis, labels: Vec<(f64, Arc<Shaped>)>) {
        let (thin, caps) = (cx.scale.mm(0.8), cx.scale.size(Step::Label) * CAP_HEIGHT);
        list.rect(Rect::new(plot.x, plot.bottom(), plot.w, thin), cx.theme.hairline);
        for (level, label) in labels {
            let y = axis.y(plot, level);
            if label.size.w > plot.x - cx.area.x || y - plot.y < caps * 0.4 {
                continue;
            }
            list.rect(Rect::new(plot.x, y, plot.w, thin), cx.theme.hairline);
            let baseline = (y + caps / 2.0).clamp(plot.y + caps, plot.bottom().max(plot.y + caps));
            put(list, label, Anchor::Right, Point::new(plot.x - caps * 0.5, baseline), cx.theme.quiet);
        }
    }

    fn draw_value(
        &self,
        cx: &Cx<'_>,
        list: &mut List,
        plot: Rect,
        axis: &Axis,
        value: (Arc<Shaped>, Option<Arc<Shaped>>),
    ) {
        let Some(last) = self.readings(cx).map(|r| r.value) else { return };
        let old = self.is_old(cx);
        let (number, unit) = value;
        let curve = self.columns(cx).iter().any(Option::is_some);
        let (caps, line) = (cx.scale.size(Step::Body) * CAP_HEIGHT, cx.scale.line(Step::Label));
        let level = axis.y(plot, last);
        if curve && !old {
            list.disc(Point::new(plot.right(), level), cx.scale.mm(3.2), cx.color);
        }
        let unit = unit.filter(|_| plot.h >= caps + line * 1.2);
        let lowest = plot.bottom() - if unit.is_some() { line } else { 0.0 };
        let left = plot.right() + cx.scale.size(Step::Body) * GAP;
        let baseline = (level + caps / 2.0).clamp(plot.y + caps, lowest.max(plot.y + caps));
        let ink = if old { cx.theme.quiet } else { cx.theme.ink };
        put(list, number, Anchor::Left, Point::new(left, baseline), ink);
        if let Some(unit) = unit {
            put(list, unit, Anchor::Left, Point::new(left, baseline + line), cx.theme.quiet);
        }
    }

    fn axis(&self, cx: &Cx<'_>, columns: &[Option<f32>]) -> Axis {
        let room = cx.area.h / cx.scale.line(Step::Label) / 1.8;
        let last = self.readings(cx).map(|r| r.value);
        Axis::of(columns, last, (room as usize).clamp(1, 3), true)
    }
}

impl Widget for Line {
    fn heading(&self, wall: &Wall) -> String {
        format!("{}, {}", readings::heading(&self.series), wall.window_words(self.spec.window))
    }

    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        let Some(readings) = self.readings(cx) else {
            return readings::missing(cx.snapshot, &self.series);
        };
        readings::too_old(readings, cx.snapshot, cx.now).map(readings::old).into_iter().collect()
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        self.columns(cx).iter().for_each(|column| column.map(f32::to_bits).hash(&mut state));
        self.readings(cx).map(|r| r.value.to_bits()).hash(&mut state);
        (self.is_old(cx), readings::end(cx.now, self.secs(cx))).hash(&mut state);
        marks::sum(state)
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let columns = self.columns(cx);
        let axis = self.axis(cx, &columns);
        let labels = self.labels(cx, &axis);
        let Places { plot, time, value } = self.places(cx, &labels);
        let hidden = columns.iter().take_while(|column| column.is_none()).count();
        let w = if columns.is_empty() { plot.w } else { plot.w * hidden as f32 / columns.len() as f32 };
        marks::unknown(list, Rect { w, ..plot }, cx.scale.mm(8.0), cx.theme.unknown.fade(0.5));
        if hidden < columns.len() {
            Self::draw_levels(cx, list, plot, &axis, labels);
            readings::draw(list, plot, &columns, self.last(cx), &axis, (cx.color, cx.scale.mm(2.0)));
        }
        if let Some(baseline) = time {
            let secs = self.secs(cx);
            let stretch = Stretch { end: readings::end(cx.now, secs), secs };
            times::draw(cx, list, &plot, baseline, self.spec.window, stretch);
        }
        if let Some(value) = value {
            self.draw_value(cx, list, plot, &axis, value);
        }
    }
}
