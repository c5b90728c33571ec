//! One number, as large as fits; its digits roll.

mod captions;
mod change;
mod extra;
mod gauge;
mod group;
mod heading;
mod limits;
mod make;
mod noted;
mod plan;
mod reading;
mod seconds;
mod table;
mod widths;

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use super::chart::{self, Bin};
use super::figures::{COLUMNS, Figure, THIN};
use super::marks::{self, Anchor, put};
use super::roll::{self, Column, Roll};
use super::span::{self, Silence};
use crate::geometry::Point;
use crate::layout::wall::Wall;
use crate::pulse::snapshot::{Series, Tally};
use crate::scene::list::{Item, List};
use crate::scene::widget::{Cx, Widget};
use crate::text::{Cut, Setting, Shaped};
use extra::Extra;
use plan::{Common, Plan, Question};
use reading::{Form, Reading};
pub use table::CounterTable;
use widths::{BEARING, GAP};

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
    /// What it has in common with others in the same tile.
    common: Option<Common>,
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
            common: None,
        }
    }

    fn reading(&self, cx: &Cx<'_>) -> Reading {
        let stream = cx.snapshot.stream(cx.topic);
        let known = span::known(stream, self.spec.window);
        let reading = Reading::of(self.spec.metric, self.tally(cx), known, Silence::of(cx, self.spec.window));
        if self.common.is_some_and(|common| common.by_minute) { reading.by_minute() } else { reading }
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
        let common = self.common;
        let question = Question {
            home: marks::home(cx),
            scale: cx.scale,
            most: common.map_or_else(|| self.ceiling(cx).capacity(), |common| common.most),
            now: common.map_or_else(|| self.reading(cx).capacity(), |common| common.now),
            extra: self.extra(),
            note: common.map_or_else(|| self.has_note(cx), |common| common.note),
            noted: !self.limits().is_empty(),
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
        seconds::last(cx).over(self.spec.window)
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
        let history = seconds::of(cx).into_iter().map(|(at, counts)| {
            let tally = counts.over(self.spec.window);
            let reading = Reading::of(self.spec.metric, tally, known, silence);
            let by_minute = self.common.is_some_and(|common| common.by_minute);
            let reading = if by_minute { reading.by_minute() } else { reading };
            (at, reading.size(), form.figure(reading))
        });
        let columns = roll::columns(history, length);
        (columns.map(|c| c.shown) == current.columns).then_some(columns)
    }

    fn piece(&mut self, cx: &mut Cx<'_>, c: char, size: f32) -> Arc<Shaped> {
        if let Some((_, piece)) = self.pieces.iter().find(|(known, _)| *known == c) {
            return piece.clone();
        }
        let piece = cx.setter.set(Setting::line(c.to_string(), size).cut(Cut::Display));
        self.pieces.push((c, piece.clone()));
        piece
    }

    /// The columns that rest (or that do not), and where they end. A column that has not changed for
    /// a while stands, and so does what is left of it; the others are drawn in every frame.
    fn placed(&mut self, cx: &mut Cx<'_>, plan: &Plan, resting: bool) -> Placed {
        let length = roll::length(cx.motion);
        let columns = self.columns(cx, plan.form);
        let (mut x, mut rests, mut first) = (plan.left, true, true);
        let mut placed = Placed { columns: Vec::with_capacity(COLUMNS), end: x, rests: true };
        for column in columns.into_iter().filter(|_| plan.size > 0.0) {
            let rolling = column.progress(cx.now, length);
            if column.shown == ' ' && rolling.is_none() {
                continue;
            }
            let is_digit = column.shown.is_ascii_digit() || column.shown == ' ';
            if std::mem::take(&mut first) && is_digit {
                x -= (plan.size * BEARING).min(cx.scale.mm(12.0));
            }
            rests &= column.rests(cx.now);
            let own = plan.widths.of(column.shown);
            let wide = rolling.map_or(own, |(roll, t)| plan.widths.of(roll.from) * (1.0 - t) + own * t);
            if rests == resting {
                placed.columns.push((column, x, wide * plan.size));
            }
            x += wide * plan.size;
        }
        placed.end = x;
        placed.rests = rests;
        placed
    }

    fn draw_column(&mut self, cx: &mut Cx<'_>, list: &mut List, plan: &Plan, placed: (Column, f32, f32)) {
        let (column, left, wide) = placed;
        let ink = if column.shown == '–' { cx.theme.quiet } else { self.ink(cx) };
        let Some((roll, t)) = column.progress(cx.now, roll::length(cx.motion)) else {
            if !column.shown.is_whitespace() {
                let piece = self.piece(cx, column.shown, plan.size);
                put(list, piece, Anchor::Center, Point::new(left + wide / 2.0, plan.baseline), ink);
            }
            return;
        };
        let clip = plan.line_box(left, wide);
        let travel = clip.h.min(cx.scale.mm(TRAVEL_ARCMIN));
        for (c, shift, alpha) in two_digits(roll, column.shown, t) {
            if c.is_whitespace() {
                continue;
            }
            let shaped = self.piece(cx, c, plan.size);
            let at = Point::new(left + (wide - shaped.size.w) / 2.0, plan.baseline + shift * travel);
            let color = ink.fade(alpha);
            list.push(Item::Text { shaped, at, color, clip: Some(clip) });
        }
    }

    /// What follows the digits and does not roll: a unit, and of a rate by what it is told, where that
    /// has room.
    fn draw_tail(&self, cx: &mut Cx<'_>, list: &mut List, plan: &Plan, end: f32) {
        let unit = self.columns.3.tail.trim_start_matches(THIN);
        let per = matches!(
            self.reading(cx),
            Reading::Rate(_) | Reading::Hourly(_) | Reading::UnderAnHour | Reading::UnderAMinute
        );
        let (words, cut) = match per {
            true if unit.is_empty() => (self.reading(cx).per(), Cut::Regular),
            _ => (unit, Cut::Display),
        };
        if plan.size == 0.0 || words.is_empty() {
            return;
        }
        let tail = cx.setter.set(Setting::line(words, plan.tail).cut(cut));
        let left = end + plan.size * GAP;
        if unit.is_empty() && left + tail.size.w > plan.right {
            return;
        }
        put(list, tail, Anchor::Left, Point::new(left, plan.baseline), cx.theme.soft);
    }
}

/// Columns with their left ends and widths, and where all of them end.
struct Placed {
    columns: Vec<(Column, f32, f32)>,
    end: f32,
    /// None of them moves.
    rests: bool,
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
        topic.map_or_else(|| self.spec.metric.heading().into(), |topic| topic.label.clone())
    }

    fn named(&mut self, cx: &mut Cx<'_>, heading: &str) -> Option<String> {
        heading::of(cx, self.spec.metric, self.spec.topic.is_some(), self.reading(cx), heading)
    }

    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        self.captions(cx)
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        let plan = self.plan(cx);
        plan.hash(&mut state);
        let placed = self.placed(cx, &plan, true);
        for (column, left, _) in placed.columns {
            (column.shown, left.to_bits()).hash(&mut state);
        }
        (placed.rests.then_some(placed.end.to_bits()), self.columns.3.tail, self.reading(cx).per())
            .hash(&mut state);
        (plan.note.map(|_| self.note(cx)), self.limits().tells(self.shown(cx)), self.ink(cx))
            .hash(&mut state);
        match self.extra() {
            _ if plan.extra.is_none() => {}
            Extra::Chart | Extra::Goal => {
                self.limits().reached(self.shown(cx)).hash(&mut state);
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
        self.draw_note(cx, list, &plan);
        let placed = self.placed(cx, &plan, true);
        if placed.rests {
            self.draw_tail(cx, list, &plan, placed.end);
        }
        for column in placed.columns {
            self.draw_column(cx, list, &plan, column);
        }
    }

    fn motion(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let plan = self.plan(cx);
        let placed = self.placed(cx, &plan, false);
        if !placed.rests {
            self.draw_tail(cx, list, &plan, placed.end);
        }
        for column in placed.columns {
            self.draw_column(cx, list, &plan, column);
        }
    }
}

#[cfg(test)]
mod tests;
