//! A counter that shows the last number of a named series, with its past below.

use std::hash::Hash as _;
use std::sync::Arc;

use super::extra::Extra;
use super::limits::{Limits, Shown};
use super::noted;
use super::plan::{FILLED, Plan, Question};
use super::reading::Reading;
use super::table::CounterTable;
use super::widths::{BEARING, GAP, TAIL};
use crate::geometry::{Point, Rect};
use crate::layout::legibility::MIN_ARCMIN;
use crate::layout::wall::Wall;
use crate::pulse::snapshot::Readings;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};
use crate::scene::widgets::figures::THIN;
use crate::scene::widgets::marks::{self, Anchor, put};
use crate::scene::widgets::readings::{self, Axis};
use crate::scene::widgets::span;
use crate::text::{Cut, Setting};

/// A past of fewer columns says nothing.
const LEAST_COLUMNS: usize = 10;

pub struct Gauge {
    spec: CounterTable,
    series: String,
}

impl Gauge {
    pub fn new(spec: &CounterTable, series: &str) -> Self {
        Self { spec: spec.clone(), series: series.to_owned() }
    }

    fn readings<'a>(&self, cx: &Cx<'a>) -> Option<&'a Arc<Readings>> {
        cx.snapshot.readings(&self.series)
    }

    /// The number as it is written.
    fn number(&self, cx: &Cx<'_>) -> String {
        let known = self.readings(cx);
        known.map_or_else(|| "–".into(), |r| readings::written(r.value, self.spec.precision))
    }

    /// As large as a counter beside it.
    fn plan(&self, cx: &mut Cx<'_>) -> Plan {
        let reserved = Reading::Count(999);
        let (home, scale, extra) = (marks::home(cx), cx.scale, Extra::Chart);
        let noted = !self.limits().is_empty();
        let question = Question { home, scale, most: reserved, now: reserved, extra, note: noted, noted };
        let wide = self.number(cx).replace(|c: char| c.is_ascii_digit(), "8");
        let mut width = |text: String| cx.setter.width(Setting::line(text, 100.0).cut(Cut::Display)) / 100.0;
        let unit = self.spec.unit.as_ref().map_or(0.0, |unit| GAP + width(unit.clone()) * TAIL);
        let wide = width(wide).max(width("888".into())) + unit;
        Plan::wide(cx, &question, wide)
    }

    fn draw_number(&self, cx: &mut Cx<'_>, list: &mut List, plan: &Plan) {
        let (text, home) = (self.number(cx), marks::home(cx));
        let unit = self.spec.unit.as_deref().filter(|unit| !unit.is_empty() && self.readings(cx).is_some());
        let number = |size: f32| Setting::line(text.clone(), size).cut(Cut::Display);
        let small = plan.tail;
        let unit = unit.map(|unit| cx.setter.set(Setting::line(unit, small).cut(Cut::Regular)));
        let room = home.w * FILLED - unit.as_ref().map_or(0.0, |unit| unit.size.w + plan.size * GAP);
        let size = plan.size.min(room / (cx.setter.width(number(100.0)) / 100.0).max(0.01));
        if size < cx.scale.em(MIN_ARCMIN) {
            return;
        }
        let current = self.readings(cx).is_some_and(|r| readings::too_old(r, cx.snapshot, cx.now).is_none());
        let ink = match current {
            _ if self.limits().warns(self.shown(cx)) => cx.theme.alarm,
            true => cx.theme.ink,
            false => cx.theme.quiet,
        };
        let shaped = cx.setter.set(number(size));
        let left = home.x - (size * BEARING).min(cx.scale.mm(12.0));
        let right = left + shaped.size.w + size * GAP;
        put(list, shaped, Anchor::Left, Point::new(left, plan.baseline), ink);
        if let Some(unit) = unit {
            put(list, unit, Anchor::Left, Point::new(right, plan.baseline), cx.theme.soft);
        }
    }

    fn limits(&self) -> Limits {
        self.spec.limits()
    }

    /// The number as far as it is known and of now, rounded as it is written.
    fn shown(&self, cx: &Cx<'_>) -> Option<Shown> {
        let readings = self.readings(cx)?;
        let current =
            readings::too_old(readings, cx.snapshot, cx.now).is_none() && readings.value.is_finite();
        let scale = self.spec.precision.map(|places| 10f64.powi(places.into()));
        let value = scale.map_or(readings.value, |scale| (readings.value * scale).round() / scale);
        current.then_some(Shown { value, at_least: false })
    }

    /// How the number stands to its marks, in words.
    fn marked(&self, cx: &Cx<'_>) -> Vec<String> {
        if self.limits().is_empty() {
            return Vec::new();
        }
        let unit = self.spec.unit.as_deref().filter(|unit| !unit.is_empty());
        let unit = unit.map(|unit| format!("{THIN}{unit}")).unwrap_or_default();
        let write = |value| format!("{}{unit}", readings::written(value, self.spec.precision));
        self.limits().words(self.shown(cx), false, write)
    }

    fn draw_note(&self, cx: &mut Cx<'_>, list: &mut List, plan: &Plan) {
        let Some(baseline) = plan.note else { return };
        let color = if self.limits().tells(self.shown(cx)) { cx.theme.ink } else { cx.theme.soft };
        let words = noted::fitted(cx, &self.marked(cx), plan.right - plan.left);
        if let Some(words) = words {
            put(list, words, Anchor::Left, Point::new(plan.left, baseline), color);
        }
    }

    fn columns(&self, cx: &Cx<'_>) -> Vec<Option<f32>> {
        let columns = self
            .readings(cx)
            .map(|r| readings::columns(r, cx.now, span::drawn_secs(&cx.snapshot.all, self.spec.window)));
        columns.filter(|columns| columns.len() >= LEAST_COLUMNS).unwrap_or_default()
    }

    fn draw_past(&self, cx: &Cx<'_>, list: &mut List, rect: Rect) {
        let columns = self.columns(cx);
        let hidden = columns.iter().take_while(|column| column.is_none()).count();
        let w = rect.w * hidden as f32 / columns.len().max(1) as f32;
        marks::unknown(list, Rect { w, ..rect }, cx.scale.mm(7.0), cx.theme.unknown.fade(0.6));
        let axis = Axis::of(&columns, None, 2, false);
        readings::draw(list, rect, &columns, None, &axis, (cx.color, cx.scale.mm(1.6)));
    }
}

impl Widget for Gauge {
    fn heading(&self, _: &Wall) -> String {
        readings::heading(&self.series)
    }

    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        let Some(readings) = self.readings(cx) else {
            return readings::missing(cx.snapshot, &self.series);
        };
        let old = readings::too_old(readings, cx.snapshot, cx.now).map(readings::old);
        let marked = if noted::is_low(cx) { self.marked(cx) } else { Vec::new() };
        old.map_or(marked, |old| vec![old])
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        self.plan(cx).hash(&mut state);
        (self.number(cx), self.marked(cx), self.limits().tells(self.shown(cx))).hash(&mut state);
        let old = self.readings(cx).and_then(|r| readings::too_old(r, cx.snapshot, cx.now));
        old.is_some().hash(&mut state);
        self.columns(cx).iter().for_each(|column| column.map(f32::to_bits).hash(&mut state));
        marks::sum(state)
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let plan = self.plan(cx);
        if let Some(rect) = plan.extra {
            self.draw_past(cx, list, rect);
        }
        if plan.size > 0.0 {
            self.draw_number(cx, list, &plan);
            self.draw_note(cx, list, &plan);
        }
    }
}
