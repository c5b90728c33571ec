//! The words around a counter's number: over which time, against yesterday, and against its marks.

use std::sync::Arc;

use super::extra::{self, Extra};
use super::limits::{self, Limits, Shown};
use super::plan::Plan;
use super::reading::Reading;
use super::{Counter, captions, change};
use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::Step;
use crate::metric::{Exactness, Metric, Unit};
use crate::scene::list::List;
use crate::scene::widget::Cx;
use crate::scene::widgets::marks::{self, Anchor, put};
use crate::scene::widgets::span;
use crate::text::Shaped;

/// A tile of so many lines of running text has room for words under its number.
const NOTE_LINES: f32 = 5.5;

/// A lower tile has no room for a number and words below it, arc minutes.
const LOW: f32 = 150.0;

/// Whether a whole tile has no room for words below its number.
pub fn is_low(cx: &Cx<'_>) -> bool {
    cx.area.h < cx.scale.mm(LOW)
}

/// The first of the words under a number that fits, in smaller type where none does in running text's.
pub fn fitted(cx: &mut Cx<'_>, words: &[String], width: f32) -> Option<Arc<Shaped>> {
    marks::first_that_fits(cx, words, Step::Body, width)
        .or_else(|| marks::first_that_fits(cx, words, Step::Label, width))
}

impl Counter {
    /// Over which time, and how sure, longest first, unless the heading says so.
    pub(super) fn captions(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        match self.reading(cx) {
            Reading::Unknown(why) => return vec![why.into()],
            Reading::Silent(silence) => return silence.words(cx),
            _ => {}
        }
        // In a high tile it stands below the number.
        let high = cx.area.h >= cx.scale.line(Step::Body) * NOTE_LINES;
        let marked = self.marked(cx);
        let change = self.change(cx).filter(|_| !high && marked.is_empty());
        let plain = captions::of(cx, self.spec.metric, self.spec.window, self.tally(cx), change);
        if marked.is_empty() || !is_low(cx) {
            return plain;
        }
        let both = plain.iter().flat_map(|of| marked.iter().map(move |mark| format!("{of}, {mark}")));
        let alone = if self.limits().warns(self.shown(cx)) { marked.clone() } else { Vec::new() };
        both.chain(alone).chain(plain.iter().cloned()).collect()
    }

    pub(super) fn limits(&self) -> Limits {
        self.spec.limits()
    }

    /// The number that stands there.
    pub(super) fn shown(&self, cx: &Cx<'_>) -> Option<Shown> {
        let metric = self.spec.metric;
        let whole = span::is_whole(cx.snapshot.stream(cx.topic), self.spec.window);
        let exact = metric.exactness(self.tally(cx)) != Exactness::AtLeast;
        Shown::of(self.reading(cx), metric.unit() == Unit::Count && !(whole && exact))
    }

    /// How the number stands to its marks, in words.
    fn marked(&self, cx: &Cx<'_>) -> Vec<String> {
        let (limits, metric) = (self.limits(), self.spec.metric);
        if limits.is_empty() {
            return Vec::new();
        }
        limits.words(self.shown(cx), metric.unit().is_part(), |value| limits::written(metric, value))
    }

    /// The same, and against yesterday.
    pub(super) fn note(&mut self, cx: &Cx<'_>) -> Vec<String> {
        let (marked, change) = (self.marked(cx), self.change(cx));
        let Some(change) = change else { return marked };
        let both = marked.first().map(|mark| format!("{mark}, {change}"));
        let alone = marked.is_empty().then_some(change);
        both.into_iter().chain(marked.iter().cloned()).chain(alone).collect()
    }

    pub(super) fn has_note(&mut self, cx: &Cx<'_>) -> bool {
        !self.limits().is_empty() || self.change(cx).is_some()
    }

    /// Against yesterday, once a minute.
    pub(super) fn change(&mut self, cx: &Cx<'_>) -> Option<String> {
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

    /// What stands under the number.
    pub(super) fn extra(&self) -> Extra {
        match Extra::of(self.spec.metric) {
            Extra::Chart | Extra::Note if self.spec.goal.is_some() => Extra::Goal,
            extra => extra,
        }
    }

    pub(super) fn draw_extra(&mut self, cx: &mut Cx<'_>, list: &mut List, rect: Rect) {
        let metric = self.spec.metric;
        match self.extra() {
            Extra::Chart => extra::draw_chart(cx, list, rect, self.history(cx)),
            Extra::Goal => {
                let part = self.limits().reached(self.shown(cx));
                let charted = Extra::of(metric) == Extra::Chart;
                let below = extra::draw_goal(cx, list, rect, part, charted);
                if let Some(below) = below {
                    extra::draw_chart(cx, list, below, self.history(cx));
                }
            }
            Extra::Bar => {
                extra::draw_bar(cx, list, rect, metric, extra::moods(self.tally(cx)));
                extra::draw_goal_of_bar(cx, list, rect, metric, self.limits().goal());
            }
            Extra::Note => {
                let Some(note) = extra::note(metric, self.tally(cx)) else { return };
                extra::draw_words(cx, list, rect, &note);
            }
        }
    }

    /// Of the digits: that of alarms while a limit is crossed.
    pub(super) fn ink(&self, cx: &Cx<'_>) -> Rgba {
        if self.limits().warns(self.shown(cx)) { cx.theme.alarm } else { cx.theme.ink }
    }

    /// Against its marks and yesterday, under the number.
    pub(super) fn draw_note(&mut self, cx: &mut Cx<'_>, list: &mut List, plan: &Plan) {
        let Some(baseline) = plan.note else { return };
        let (words, width) = (self.note(cx), plan.right - plan.left);
        let matters = self.limits().tells(self.shown(cx));
        let color = if matters { cx.theme.ink } else { cx.theme.soft };
        if let Some(words) = fitted(cx, &words, width) {
            put(list, words, Anchor::Left, Point::new(plan.left, baseline), color);
        }
    }
}
