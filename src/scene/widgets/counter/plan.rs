//! Where a counter's parts stand and how large they are: a function of the area and of the largest
//! number that it is made for, so that nothing moves when the number does.

use std::hash::{Hash, Hasher};

use super::extra::Extra;
use super::reading::{Form, Reading};
use crate::geometry::{Rect, hash_f32};
use crate::layout::legibility::{CAP_HEIGHT, MIN_ARCMIN, Scale, Step};
use crate::scene::widget::Cx;
use crate::scene::widgets::figures::{Figure, THIN};
use crate::text::{Cut, Setting};

/// Largest type, arc minutes: a hero and a half.
const LARGEST_ARCMIN: f32 = 180.0;
/// Height of a number's line as a part of its type size: capitals and a margin.
const BOX: f32 = CAP_HEIGHT * 1.3;
/// Part of the width that a number may fill; the rest keeps it apart from its neighbour.
pub const FILLED: f32 = 0.93;
/// From the number to a chart beside it, as a part of the type size.
const BESIDE: f32 = 0.4;
/// Digits that every counter has room for, so that neighbours are equally large.
const RESERVED: u64 = 999_999;

/// All that a plan depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Question {
    pub home: Rect,
    pub viewer_m: f32,
    /// The largest number that room is kept for.
    pub most: Reading,
    /// The largest number with as many digits as the one that stands there.
    pub now: Reading,
    pub extra: Extra,
}

impl Question {
    /// What to make room for, dearest first: all digits of the largest number; only those that
    /// stand there now; a shorter form.
    fn candidates(&self) -> impl Iterator<Item = (Form, Reading)> + use<> {
        let (most, now) = (self.most, self.now);
        let (exact, short) = most.forms();
        [(exact, most), (exact, now), (short, most), (short, now)].into_iter()
    }
}

/// Where everything stands, millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    pub form: Form,
    /// Type size; 0 when no number fits that anyone could read.
    pub size: f32,
    pub baseline: f32,
    /// Right end of the number, tail included.
    pub right: f32,
    pub extra: Option<Rect>,
    pub widths: Widths,
}

/// Widths of characters as parts of the type size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Widths {
    digit: f32,
    thin: f32,
    point: f32,
    sign: f32,
    dash: f32,
}

impl Widths {
    fn measure(cx: &mut Cx<'_>) -> Self {
        let mut width = |text: &'static str| {
            cx.setter.width(Setting::line(text, 100.0).cut(Cut::Display).tabular()) / 100.0
        };
        // The tabular figures of Inter Display 4.1 are not equally wide.
        let digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        let digit = digits.into_iter().map(&mut width).fold(0.0, f32::max);
        let thin = width("0\u{202f}0") - 2.0 * width("0");
        Self { digit, thin, point: width("."), sign: width("+").max(width("−")), dash: width("–") }
    }

    pub fn of(&self, c: char) -> f32 {
        match c {
            ' ' => 0.0,
            '.' => self.point,
            '+' | '−' => self.sign,
            '–' => self.dash,
            THIN => self.thin,
            _ => self.digit,
        }
    }

    fn columns(&self, figure: &Figure) -> f32 {
        figure.used().iter().map(|&c| self.of(c)).sum()
    }

    fn reserved(&self) -> f32 {
        self.columns(&Figure::exact(RESERVED))
    }
}

/// A chart beside the number says nothing when it is narrower, millimetres.
fn narrowest_chart(scale: Scale) -> f32 {
    scale.size(Step::Label) * 6.0
}

/// Width of a unit as a part of the type size.
pub fn tail_width(cx: &mut Cx<'_>, tail: &'static str) -> f32 {
    if tail.is_empty() {
        return 0.0;
    }
    cx.setter.width(Setting::line(tail, 100.0).cut(Cut::Display).tabular()) / 100.0
}

impl Plan {
    pub fn make(cx: &mut Cx<'_>, question: &Question) -> Self {
        let widths = Widths::measure(cx);
        let (home, scale) = (question.home, cx.scale);
        let width = home.w * FILLED;
        let room = (width / widths.reserved()).min(scale.em(LARGEST_ARCMIN));
        let parts = Parts::choose(scale, home, room);
        let common = parts.common(scale, home, room.min(parts.number / BOX), &widths);
        let (form, size, wide) = number(cx, question, &widths, common);
        let legible = size.min(parts.number / CAP_HEIGHT) >= scale.em(MIN_ARCMIN);
        let size = if legible { size } else { 0.0 };
        let baseline = home.y + common * (BOX + CAP_HEIGHT) / 2.0;
        let right = home.x + wide * size;
        let plan = Self { form, size, baseline, right, extra: None, widths };
        let plan = plan.with_extra(scale, home, parts, question.extra);
        match (question.extra, plan.extra) {
            (Extra::Chart, None) if legible => plan.with_chart_beside(scale, home, common),
            _ => plan,
        }
    }

    /// Puts words and bars under the number, a chart at the bottom.
    fn with_extra(self, scale: Scale, home: Rect, parts: Parts, extra: Extra) -> Self {
        let line = scale.line(Step::Label);
        let below = self.baseline + line * 0.6;
        let room = home.bottom() - below;
        let (y, h) = match extra {
            Extra::Chart => {
                let h = room.min((home.w * 0.4).max(line * 1.5));
                (home.bottom() - h, h)
            }
            Extra::Bar => (below, scale.mm(9.0)),
            Extra::Note => (self.baseline + line * 0.1, line),
        };
        let fits = y + h <= home.bottom() + 0.01 && (parts.chart || extra == Extra::Bar);
        Self { extra: fits.then(|| Rect::new(home.x, y, home.w, h)), ..self }
    }

    /// Where a chart has no room below, it may stand at the right of the number, on its baseline.
    fn with_chart_beside(self, scale: Scale, home: Rect, common: f32) -> Self {
        let reserved = home.x + self.widths.reserved() * common;
        let left = self.right.max(reserved) + common * BESIDE;
        let (w, h) = (home.right() - left, common * CAP_HEIGHT);
        let extra = (w >= narrowest_chart(scale) - 0.01).then(|| Rect::new(left, self.baseline - h, w, h));
        Self { extra, ..self }
    }

    /// What a rolling digit is clipped to: the line's height, the column's width.
    pub fn line_box(&self, right: f32) -> Rect {
        let (w, h) = (self.widths.digit * self.size, BOX * self.size);
        let top = self.baseline - (BOX + CAP_HEIGHT) / 2.0 * self.size;
        Rect::new(right - w, top, w, h)
    }
}

/// Form, type size and width at 1 mm of the first way to write the number that is as large as
/// its neighbours, or as a number of the scale; else of the shortest.
fn number(cx: &mut Cx<'_>, question: &Question, widths: &Widths, common: f32) -> (Form, f32, f32) {
    let wanted = common.min(cx.scale.size(Step::Number)) * 0.99;
    let mut found = (Form::Exact, 0.0, 0.0);
    for (form, reading) in question.candidates() {
        let figure = form.figure(reading);
        let wide = widths.columns(&figure) + tail_width(cx, figure.tail);
        found = (form, common.min(question.home.w * FILLED / wide), wide);
        if found.1 >= wanted {
            break;
        }
    }
    found
}

impl Hash for Plan {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let extra = self.extra.unwrap_or_default();
        hash_f32(&[self.size, self.baseline, self.right], state);
        hash_f32(&[extra.x, extra.y, extra.w, extra.h], state);
        self.form.hash(state);
    }
}

/// How the height is shared out; the same for every metric, so that neighbours are equally large.
#[derive(Clone, Copy, Debug)]
struct Parts {
    number: f32,
    /// There is room for a chart at the bottom.
    chart: bool,
}

impl Parts {
    /// Gives up the history rather than a number that could be a tenth larger.
    fn choose(scale: Scale, home: Rect, room: f32) -> Self {
        let wanted = room.min(scale.size(Step::Number)) * BOX;
        let history = scale.line(Step::Label) * 1.7;
        let number = (room * BOX).min(home.h - history);
        match number >= wanted * 0.9 {
            true => Self { number, chart: true },
            false => Self { number: (room * BOX).min(home.h), chart: false },
        }
    }

    /// Type size of all neighbours: up to a fifth smaller when a chart then has room beside it.
    fn common(&self, scale: Scale, home: Rect, size: f32, widths: &Widths) -> f32 {
        let beside = (home.w - narrowest_chart(scale)) / (widths.reserved() + BESIDE);
        if self.chart || beside < size * 0.8 { size } else { size.min(beside) }
    }
}
