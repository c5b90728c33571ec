//! One number, as large as fits; its digits roll.

mod change;
mod extra;
mod gauge;
mod plan;
mod reading;
mod table;

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use super::chart::{self, Bin};
use super::figures::{COLUMNS, Figure};
use super::marks::{self, Anchor, put};
use super::roll::{self, Column, Roll};
use super::span::{self, Silence};
use crate::geometry::{Point, Rect};
use crate::layout::legibility::Step;
use crate::layout::wall::Wall;
use crate::layout::window::Window;
use crate::metric::Metric;
use crate::pulse::snapshot::{Series, Tally};
use crate::scene::list::{Item, List};
use crate::scene::widget::{Cx, Widget};
use crate::text::{Cut, Setting, Shaped};
use extra::Extra;
use plan::{Plan, Question};
use reading::{Form, Reading};
pub use table::CounterTable;

pub use gauge::Gauge;

/// How far a digit may travel while it rolls, arc minutes: 4° a second.
const TRAVEL_ARCMIN: f32 = 96.0;
/// Columns of the history.
const SPARKS: u32 = 60;

pub struct Counter {
    spec: CounterTable,
    plan: Option<(Question, Plan)>,
    /// The characters that were set, at the size they have.
    pieces: Vec<(char, Arc<Shaped>)>,
    columns: (u64, Duration, [Column; COLUMNS], Figure),
    history: Option<(Arc<Series>, Vec<Option<Bin>>)>,
    peak: Option<(Arc<Series>, u64)>,
    change: Option<(i64, Option<String>)>,
}

impl Counter {
    pub fn new(spec: &CounterTable, _wall: &Wall) -> Self {
        let columns = (u64::MAX, Duration::ZERO, [Column::standing(' '); COLUMNS], Figure::unknown());
        Self {
            spec: spec.clone(),
            plan: None,
            pieces: Vec::new(),
            columns,
            history: None,
            peak: None,
            change: None,
        }
    }

    fn reading(&self, cx: &Cx<'_>) -> Reading {
        let stream = cx.snapshot.stream(cx.topic);
        let known = span::known(stream, self.spec.window);
        Reading::of(self.spec.metric, self.tally(cx), known, Silence::of(cx, self.spec.window))
    }

    /// The largest number that the place is made for: what the last hour (or day) has seen, so
    /// that a number near a power of ten does not move sideways.
    fn ceiling(&mut self, cx: &Cx<'_>) -> Reading {
        let reading = self.reading(cx);
        let stream = cx.snapshot.stream(cx.topic);
        let (series, secs) = reading::ceiling_series(stream, self.spec.window);
        if self.peak.as_ref().is_none_or(|(held, _)| !Arc::ptr_eq(held, series)) {
            let steps = secs as usize / series.step.as_secs().max(1) as usize;
            self.peak = Some((series.clone(), series.highest_sum(steps.max(1))));
        }
        let peak = self.peak.as_ref().map_or(0, |(_, peak)| *peak);
        reading.grown(peak, self.tally(cx).mentions)
    }

    fn plan(&mut self, cx: &mut Cx<'_>) -> Plan {
        let question = Question {
            home: marks::home(cx),
            viewer_m: cx.scale.viewer_m,
            most: self.ceiling(cx).capacity(),
            now: self.reading(cx).capacity(),
            extra: Extra::of(self.spec.metric),
        };
        if let Some((asked, plan)) = self.plan
            && asked == question
        {
            return plan;
        }
        let plan = Plan::make(cx, &question);
        if self.plan.is_none_or(|(_, old)| old.size != plan.size) {
            self.pieces.clear();
        }
        self.plan = Some((question, plan));
        plan
    }

    /// What it is and over which time, longest first, unless the heading says so.
    fn captions(&mut self, cx: &Cx<'_>) -> Vec<String> {
        match self.reading(cx) {
            Reading::Unknown(why) => return vec![why.into()],
            Reading::Silent(silence) => return silence.words(cx),
            _ => {}
        }
        let window = reading::window_words(cx.wall, cx.snapshot.stream(cx.topic), self.spec.window);
        let what = self.spec.metric.noun();
        let heading = cx.tile.title.as_deref().unwrap_or_default().to_lowercase();
        let named = cx.tile.title.is_none() && self.spec.topic.is_none();
        let told = [named || heading.contains(what), heading.contains(&window.to_lowercase())];
        let words: Vec<&str> =
            [what, &window].into_iter().zip(told).filter(|(_, t)| !t).map(|(w, _)| w).collect();
        let plain = match words.last() {
            Some(last) => vec![words.join(", "), (*last).into(), last.trim_start_matches("last ").into()],
            None => Vec::new(),
        };
        let covered = extra::coverage(self.spec.metric, self.tally(cx));
        let with =
            covered.iter().flat_map(|known| plain.iter().take(2).map(move |w| format!("{known}, {w}")));
        let mut captions: Vec<String> = with.collect();
        if let Some(change) = self.change(cx) {
            captions.extend(plain.iter().take(2).map(|words| format!("{words}, {change}")));
            captions.extend(change::short(self.spec.window).map(|words| format!("{words}, {change}")));
            captions.extend(plain.is_empty().then_some(change));
        }
        if let Some(sure) = covered.filter(|_| self.spec.metric == Metric::Authors) {
            // A short caption still says that it is not exact, and of what time if it can.
            let brief = plain.last().map(|window| window.trim_end_matches(" so far"));
            captions.extend(brief.map(|window| format!("{sure}, {window}")));
            captions.push(sure);
            return captions;
        }
        // An event's name may be long.
        let short = self.spec.window == Window::Event && !plain.is_empty();
        captions.extend(plain);
        captions.extend(short.then(|| self.spec.window.words().into()));
        captions
    }

    /// Against yesterday, once a minute.
    fn change(&mut self, cx: &Cx<'_>) -> Option<String> {
        if !matches!(self.spec.metric, Metric::Mentions | Metric::Rate) {
            return None;
        }
        let minute = cx.snapshot.at.as_secs().div_euclid(60);
        if self.change.as_ref().is_none_or(|(held, _)| *held != minute) {
            let words = change::words(cx.snapshot.stream(cx.topic), self.spec.window);
            self.change = Some((minute, words));
        }
        self.change.as_ref().and_then(|(_, words)| words.clone())
    }

    fn history(&mut self, cx: &Cx<'_>) -> &[Option<Bin>] {
        let stream = cx.snapshot.stream(cx.topic);
        let window = self.spec.window;
        let (series, secs) = (span::series(stream, window), span::drawn_secs(stream, window));
        if self.history.as_ref().is_none_or(|(held, _)| !Arc::ptr_eq(held, series)) {
            let bins = chart::bins(series, secs, (secs / SPARKS).max(1));
            self.history = Some((series.clone(), bins));
        }
        self.history.as_ref().map_or(&[], |(_, bins)| bins)
    }

    fn tally<'a>(&self, cx: &Cx<'a>) -> &'a Tally {
        cx.snapshot.stream(cx.topic).counts.over(self.spec.window)
    }

    fn draw_extra(&mut self, cx: &mut Cx<'_>, list: &mut List, rect: Rect) {
        let metric = self.spec.metric;
        match Extra::of(metric) {
            Extra::Chart => extra::draw_chart(cx, list, rect, self.history(cx)),
            Extra::Bar => extra::draw_bar(cx, list, rect, metric, extra::moods(self.tally(cx))),
            Extra::Note => {
                let Some(note) = extra::note(metric, self.tally(cx)) else { return };
                if let Some(words) = marks::first_that_fits(cx, &[note], Step::Label, rect.w) {
                    put(list, words, Anchor::Left, Point::new(rect.x, rect.bottom()), cx.theme.quiet);
                }
            }
        }
    }

    /// What the columns show, computed once for each snapshot.
    fn columns(&mut self, cx: &Cx<'_>, form: Form) -> [Column; COLUMNS] {
        let length = roll::length(cx.motion);
        let current = form.figure(self.reading(cx));
        let (version, was, columns, figure) = &self.columns;
        if (*version, *was, *figure) == (cx.snapshot.version, length, current) {
            return *columns;
        }
        let made = self
            .rolled(cx, form, length)
            .unwrap_or_else(|| current.columns.map(|shown| Column::cut(shown, cx.snapshot.at)));
        self.columns = (cx.snapshot.version, length, made, current);
        made
    }

    /// `None` when the remembered counts do not end in what is shown.
    fn rolled(&self, cx: &Cx<'_>, form: Form, length: Duration) -> Option<[Column; COLUMNS]> {
        let current = form.figure(self.reading(cx));
        let known = span::known(cx.snapshot.stream(cx.topic), self.spec.window);
        let silence = Silence::of(cx, self.spec.window);
        let history = cx.snapshot.recent.iter().map(|counts| {
            let tally = counts.stream(cx.topic).over(self.spec.window);
            let reading = Reading::of(self.spec.metric, tally, known, silence);
            (counts.at, reading.size(), form.figure(reading))
        });
        let columns = roll::columns(history, length);
        (columns.map(|c| c.shown) == current.columns).then_some(columns)
    }

    fn piece(&mut self, cx: &mut Cx<'_>, c: char, size: f32) -> Arc<Shaped> {
        if let Some((_, piece)) = self.pieces.iter().find(|(known, _)| *known == c) {
            return piece.clone();
        }
        let piece = cx.setter.set(Setting::line(c.to_string(), size).cut(Cut::Display).tabular());
        self.pieces.push((c, piece.clone()));
        piece
    }

    /// The columns that rest (or that do not), each with its right end; blank ones are left out. A
    /// column that has not changed for a while stands, the others are drawn in every frame.
    fn placed(&mut self, cx: &mut Cx<'_>, plan: &Plan, resting: bool) -> Vec<(Column, f32)> {
        let columns = self.columns(cx, plan.form);
        let mut right = plan.right - plan::tail_width(cx, self.columns.3.tail) * plan.size;
        let mut placed = Vec::with_capacity(COLUMNS);
        for column in columns.into_iter().rev().filter(|_| plan.size > 0.0) {
            let blank = column.shown.is_whitespace() && column.roll.is_none();
            if !blank && column.rests(cx.now) == resting {
                placed.push((column, right));
            }
            right -= plan.widths.of(column.shown) * plan.size;
        }
        placed
    }

    fn draw_column(&mut self, cx: &mut Cx<'_>, list: &mut List, plan: &Plan, column: Column, right: f32) {
        let ink = if column.shown == '–' { cx.theme.quiet } else { cx.theme.ink };
        let Some((roll, t)) = column.progress(cx.now, roll::length(cx.motion)) else {
            if !column.shown.is_whitespace() {
                let piece = self.piece(cx, column.shown, plan.size);
                let middle = right - plan.widths.of(column.shown) * plan.size / 2.0;
                put(list, piece, Anchor::Center, Point::new(middle, plan.baseline), ink);
            }
            return;
        };
        let clip = plan.line_box(right);
        let travel = clip.h.min(cx.scale.mm(TRAVEL_ARCMIN));
        for (c, shift, alpha) in two_digits(roll, column.shown, t) {
            if c.is_whitespace() {
                continue;
            }
            let shaped = self.piece(cx, c, plan.size);
            let left = right - (plan.widths.of(c) * plan.size + shaped.size.w) / 2.0;
            let at = Point::new(left, plan.baseline + shift * travel);
            let color = ink.fade(alpha);
            list.push(Item::Text { shaped, at, color, clip: Some(clip) });
        }
    }

    /// The unit, which does not roll.
    fn draw_tail(&self, cx: &mut Cx<'_>, list: &mut List, plan: &Plan) {
        let unit = self.columns.3.tail;
        if plan.size > 0.0 && !unit.is_empty() {
            let tail = cx.setter.set(Setting::line(unit, plan.size).cut(Cut::Display).tabular());
            put(list, tail, Anchor::Right, Point::new(plan.right, plan.baseline), cx.theme.soft);
        }
    }
}

/// The old and the new digit, `t` of the way: how far each is from its place (1 is a whole
/// travel, down) and how strong.
fn two_digits(roll: Roll, shown: char, t: f32) -> [(char, f32, f32); 2] {
    let sign = if roll.up { -1.0 } else { 1.0 };
    [(roll.from, sign * t, (1.0 - t).sqrt()), (shown, sign * (t - 1.0), t.sqrt())]
}

impl Widget for Counter {
    fn heading(&self, wall: &Wall) -> String {
        let topic = self.spec.topic.as_ref().and_then(|name| wall.topics.iter().find(|t| t.name == *name));
        match topic {
            Some(topic) => topic.label.clone(),
            None => self.spec.metric.heading().into(),
        }
    }

    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        self.captions(cx)
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        let plan = self.plan(cx);
        plan.hash(&mut state);
        for (column, right) in self.placed(cx, &plan, true) {
            (column.shown, right.to_bits()).hash(&mut state);
        }
        self.columns.3.tail.hash(&mut state);
        match Extra::of(self.spec.metric) {
            _ if plan.extra.is_none() => {}
            Extra::Chart => {
                let means = self.history(cx).iter().map(|b| b.map(|b| b.mean.to_bits()));
                means.for_each(|mean| mean.hash(&mut state));
            }
            Extra::Bar => extra::moods(self.tally(cx)).hash(&mut state),
            Extra::Note => extra::note(self.spec.metric, self.tally(cx)).hash(&mut state),
        }
        marks::sum(state)
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let plan = self.plan(cx);
        if let Some(rect) = plan.extra {
            self.draw_extra(cx, list, rect);
        }
        let resting = self.placed(cx, &plan, true);
        self.draw_tail(cx, list, &plan);
        for (column, right) in resting {
            self.draw_column(cx, list, &plan, column, right);
        }
    }

    fn motion(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let plan = self.plan(cx);
        for (column, right) in self.placed(cx, &plan, false) {
            self.draw_column(cx, list, &plan, column, right);
        }
    }
}

#[cfg(test)]
mod tests;
