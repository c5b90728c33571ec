//! Where a counter's parts stand and how large they are: a function of the area and of the largest
//! number that it is made for, so that nothing moves when the number does.

use std::hash::{Hash, Hasher};

use super::extra::Extra;
use super::reading::{Form, Reading};
use super::widths::{TAIL, Widths};
use crate::geometry::{Rect, hash_f32};
use crate::layout::legibility::{CAP_HEIGHT, MIN_ARCMIN, Scale, Step};
use crate::scene::widget::Cx;
use crate::scene::widgets::figures::Figure;

/// Height of a rolling digit's window as a part of its type size: capitals and a margin.
const BOX: f32 = CAP_HEIGHT * 1.3;
/// Part of the width that a number may fill; the rest keeps it apart from its neighbour.
pub const FILLED: f32 = 0.9;
/// Part of the height that its digits may fill: with something below them, and alone.
const HIGH: (f32, f32) = (0.7, 0.88);
/// Most that the dash of what nobody knows is larger than a number of the scale.
const DASH: f32 = 1.3;
/// Part of the height that may stay free below a number.
const HOLE: f32 = 0.3;
/// Part of the room below a number that words below it have.
const NOTE: f32 = 0.8;
/// Height of a line of such words that fills the width, as a part of that.
const NOTE_WIDE: f32 = 0.16;
/// From the number to a chart beside it, as a part of the type size.
const BESIDE: f32 = 0.3;
/// Digits that counters have room for, so that neighbours with about as many are equally large.
const RESERVED: [u64; 2] = [999, 999_999];

/// What the numbers of one tile have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Common {
    /// The largest number that room is kept for.
    pub most: Reading,
    pub now: Reading,
    /// One of them has words below it.
    pub note: bool,
    /// One of them is told by the minute, and so are all.
    pub by_minute: bool,
}

/// All that a plan depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Question {
    pub home: Rect,
    pub scale: Scale,
    /// The largest number that room is kept for.
    pub most: Reading,
    /// The largest number with as many digits as the one that stands there.
    pub now: Reading,
    pub extra: Extra,
    /// There is a line of words to stand under the number.
    pub note: bool,
    /// It goes before the history: it says that a mark is reached.
    pub noted: bool,
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
    /// Type size of what follows the digits.
    pub tail: f32,
    pub baseline: f32,
    pub left: f32,
    /// How far number and tail may reach.
    pub right: f32,
    /// Baseline of the words under the number.
    pub note: Option<f32>,
    pub extra: Option<Rect>,
    pub widths: Widths,
}

/// Which parts stand, and how large the number then is.
#[derive(Clone, Copy, Debug)]
struct Way {
    size: f32,
    note: bool,
    extra: Place,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Below,
    Beside,
    Nowhere,
}

impl Plan {
    pub fn make(cx: &mut Cx<'_>, question: &Question) -> Self {
        let widths = Widths::measure(cx);
        let wanted = cx.scale.size(Step::Title) * 0.99;
        let mut found = None;
        for (form, reading) in question.candidates() {
            let figure = form.figure(reading);
            let digits = widths.reserved(&figure, reserve(reading));
            let tail = widths.tail(cx, figure.tail);
            let wide = digits + tail;
            let mut way = Way::choose(question, wide);
            // What follows the digits does not become smaller than it can be read.
            let least = question.scale.em(MIN_ARCMIN);
            if tail > 0.0 && way.size * TAIL < least {
                let room = question.home.w * FILLED - tail / TAIL * least;
                way.size = way.size.min(room / digits).max(0.0);
            }
            found = Some((form, way, wide));
            if way.size >= wanted {
                break;
            }
        }
        let (form, mut way, wide) = found.unwrap_or((Form::Exact, Way::NONE, 1.0));
        if matches!(question.now, Reading::Unknown(_) | Reading::Silent(_)) {
            // A dash as large as digits would be a bar.
            way.size = way.size.min(question.scale.size(Step::Number) * DASH);
        }
        Self::of(question, form, way, wide, widths)
    }

    /// The plan of a number that is `wide` parts of its type size wide.
    pub fn wide(cx: &mut Cx<'_>, question: &Question, wide: f32) -> Self {
        let widths = Widths::measure(cx);
        Self::of(question, Form::Exact, Way::choose(question, wide), wide, widths)
    }

    fn of(question: &Question, form: Form, way: Way, wide: f32, widths: Widths) -> Self {
        let (home, scale) = (question.home, question.scale);
        let size = if way.size >= scale.em(MIN_ARCMIN) { way.size } else { 0.0 };
        let (caps, line) = (size * CAP_HEIGHT, scale.line(Step::Label));
        let pad = if home.h > line * 4.0 { (home.h * 0.07).min(scale.cap(Step::Body)) } else { 0.0 };
        let baseline = home.y + caps + pad.min((home.h - caps).max(0.0));
        let note = (way.note && size > 0.0).then(|| baseline + scale.line(Step::Body) * 1.05);
        let below = note.map_or(baseline + line * 0.55, |note| note + line * 0.5);
        let beside = home.x + wide * size + size * BESIDE;
        let extra = match (way.extra, question.extra) {
            (Place::Nowhere, _) => None,
            (Place::Beside, _) => Some(Rect::new(
                beside,
                baseline - caps,
                (home.right() - beside).max(0.0),
                home.bottom() - baseline + caps,
            )),
            (_, Extra::Chart) => Some(Rect::new(home.x, below, home.w, (home.bottom() - below).max(0.0))),
            (_, Extra::Goal) => Some(Rect::new(home.x, below, home.w, (home.bottom() - below).max(0.0))),
            (_, Extra::Bar) => Some(Rect::new(home.x, below, home.w, bar_height(home, below, scale))),
            (_, Extra::Note) => {
                let high =
                    ((home.bottom() - baseline) * NOTE).min(size * 0.5).min(home.w * NOTE_WIDE).max(line);
                Some(Rect::new(home.x, baseline + line * 0.1, home.w, high))
            }
        };
        let extra = extra.filter(|rect| size > 0.0 && rect.bottom() <= home.bottom() + 0.1);
        // A number that cannot be larger, with words or nothing below it, stands on the optical middle.
        // Words seldom fill their line.
        let words = if question.extra == Extra::Note { 0.6 } else { 1.0 };
        let end = extra.map(|rect| rect.y + rect.h * words).or(note).unwrap_or(baseline);
        let free = home.bottom() - end;
        let bare = extra.is_none() || question.extra == Extra::Note;
        let down = if bare && free > home.h * HOLE { free * 0.42 } else { 0.0 };
        let (baseline, note) = (baseline + down, note.map(|note| note + down));
        let extra = extra.map(|rect| Rect { y: rect.y + down, ..rect });
        let right = if way.extra == Place::Beside { beside } else { home.right() };
        let tail = (size * TAIL).max(scale.em(MIN_ARCMIN)).min(size);
        Self { form, size, tail, baseline, left: home.x, right, note, extra, widths }
    }

    /// What a rolling digit is clipped to: the line's height, the column's width.
    pub fn line_box(&self, left: f32, width: f32) -> Rect {
        let top = self.baseline - (BOX + CAP_HEIGHT) / 2.0 * self.size;
        Rect::new(left, top, width, BOX * self.size)
    }
}

/// A bar grows with its tile.
fn bar_height(home: Rect, below: f32, scale: Scale) -> f32 {
    (home.bottom() - below).min(home.h * 0.6).max(scale.mm(9.0))
}

/// Digits that a reading of few digits has room for all the same.
fn reserve(reading: Reading) -> Option<Figure> {
    let n = match reading {
        Reading::Count(n) => n,
        Reading::Rate(tenths) => tenths / 10,
        // A dash alone would be as wide as the tile.
        Reading::Unknown(_) | Reading::Silent(_) => 0,
        _ => return None,
    };
    RESERVED.into_iter().find(|most| n <= *most).map(Figure::exact)
}

/// A chart beside the number says nothing when it is narrower, millimetres.
fn narrowest_chart(scale: Scale) -> f32 {
    scale.size(Step::Label) * 6.0
}

impl Way {
    const NONE: Self = Self { size: 0.0, note: false, extra: Place::Nowhere };

    /// Gives up the words, then the history, rather than a number that could be a tenth larger, as
    /// long as it is smaller than a number of the scale.
    fn choose(question: &Question, wide: f32) -> Self {
        let (home, scale) = (question.home, question.scale);
        let line = scale.line(Step::Label);
        let alone = Self { size: sized(home, home.w * FILLED / wide, home.h * HIGH.1), ..Self::NONE };
        let least = alone.size.min(scale.size(Step::Number)) * 0.9;
        let note_h = scale.line(Step::Body);
        let extra_h = match question.extra {
            Extra::Chart => line * 1.3,
            Extra::Goal | Extra::Bar => line * 0.55 + scale.mm(9.0),
            Extra::Note => line * 1.1,
        };
        let below = |note: bool, extra: bool| {
            let taken = if note { note_h } else { 0.0 } + if extra { extra_h } else { 0.0 };
            let high = (home.h - taken).min(home.h * HIGH.0);
            let extra = if extra { Place::Below } else { Place::Nowhere };
            Self { size: sized(home, home.w * FILLED / wide, high), note, extra }
        };
        let beside = |note: bool| {
            let high = home.h * HIGH.1 - if note { note_h } else { 0.0 };
            let room = (home.w - narrowest_chart(scale)) / (wide + BESIDE);
            Self { size: sized(home, room, high), note, extra: Place::Beside }
        };
        let chart = question.extra == Extra::Chart;
        let notes: &[bool] = match question.note {
            true if question.noted => &[true],
            true => &[true, false],
            false => &[false],
        };
        for &note in notes {
            let (under, next) = (below(note, true), beside(note));
            // A number that is much larger with its past beside it than with its past below.
            if chart && next.size > under.size * 1.2 && next.size >= least {
                return next;
            }
            if under.size >= least {
                return under;
            }
        }
        let (noted, next) = (below(true, false), beside(false));
        if question.noted && noted.size >= scale.size(Step::Title) * 0.99 {
            return noted;
        }
        if chart && next.size >= least * 0.88 {
            return next;
        }
        if question.note && noted.size >= least { noted } else { alone }
    }
}

fn sized(home: Rect, by_width: f32, high: f32) -> f32 {
    by_width.min(high / CAP_HEIGHT).min(home.h.max(0.0) / CAP_HEIGHT).max(0.0)
}

impl Hash for Plan {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let extra = self.extra.unwrap_or_default();
        hash_f32(&[self.size, self.tail, self.baseline, self.left, self.right], state);
        hash_f32(&[extra.x, extra.y, extra.w, extra.h, self.note.unwrap_or_default()], state);
        self.form.hash(state);
    }
}
