//! Marks and small helps that the number widgets share: the shapes of sentiment, hatching for what
//! is unknown, the part of a tile where text may stand, and the start of a key.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;

use crate::color::{Rgba, Theme};
use crate::geometry::{Point, Rect, hash_f32};
use crate::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT, Step};
use crate::mention::Sentiment;
use crate::pulse::MOOD_THRESHOLD;
use crate::scene::list::{Item, List, Outline, Path};
use crate::scene::widget::Cx;
use crate::text::{Align, Cut, Setting, Shaped};

/// How something is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mood {
    Positive,
    Neutral,
    Negative,
    Unknown,
}

impl Mood {
    pub fn of(sentiment: Option<Sentiment>) -> Self {
        match sentiment {
            Some(s) if s.score >= MOOD_THRESHOLD => Self::Positive,
            Some(s) if s.score <= -MOOD_THRESHOLD => Self::Negative,
            Some(s) if s.score.is_finite() => Self::Neutral,
            _ => Self::Unknown,
        }
    }

    pub const fn color(self, theme: &Theme) -> Rgba {
        match self {
            Self::Positive => theme.positive,
            Self::Neutral => theme.neutral,
            Self::Negative => theme.negative,
            Self::Unknown => theme.unknown,
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
            Self::Unknown => "unknown",
        }
    }
}

/// The shapes of sentiment at one size: ▲ positive, ▼ negative, ● neutral, ○ unknown.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    size: f32,
    up: Arc<Path>,
    down: Arc<Path>,
}

impl Marks {
    /// Makes the shapes `size` millimetres large, unless they are already.
    pub fn resize(&mut self, size: f32) {
        if self.size != size {
            *self = Self { size, up: Arc::new(triangle(size, -1.0)), down: Arc::new(triangle(size, 1.0)) };
        }
    }

    /// Draws the shape of `mood` around `center`.
    pub fn draw(&self, list: &mut List, mood: Mood, center: Point, color: Rgba) {
        match mood {
            Mood::Positive => list.push(Item::Fill { path: self.up.clone(), at: center, color }),
            Mood::Negative => list.push(Item::Fill { path: self.down.clone(), at: center, color }),
            Mood::Neutral => list.disc(center, self.size * 0.34, color),
            Mood::Unknown => {
                let (width, radius) = (self.size * 0.12, self.size * 0.34);
                list.push(Item::Ring { center, radius, width, color });
            }
        }
    }
}

fn triangle(size: f32, tip: f32) -> Path {
    let (half, high) = (size * 0.42, size * 0.36 * tip);
    let points = vec![Point::new(0.0, high), Point::new(half, -high), Point::new(-half, -high)];
    Path { outlines: vec![Outline { points, closed: true }] }
}

/// Lines that fall to the left at 45°, `gap` millimetres apart, within `width` × `height`; the
/// origin is the top left corner. At most 400 lines.
pub fn hatch(width: f32, height: f32, gap: f32) -> Path {
    let gap = gap.max((width + height) / 400.0).max(0.01);
    let lines = ((width + height) / gap) as usize;
    let outlines = (1..=lines).map(|i| hatch_line(i as f32 * gap, width, height)).collect();
    Path { outlines }
}

fn hatch_line(reach: f32, width: f32, height: f32) -> Outline {
    let top = if reach <= width { Point::new(reach, 0.0) } else { Point::new(width, reach - width) };
    let left = if reach <= height { Point::new(0.0, reach) } else { Point::new(reach - height, height) };
    Outline { points: vec![top, left], closed: false }
}

/// A rectangle that is unknown: hatched, with an outline.
pub fn unknown(list: &mut List, rect: Rect, gap: f32, color: Rgba) {
    if rect.is_empty() {
        return;
    }
    let at = Point::new(rect.x, rect.y);
    let lines = Arc::new(hatch(rect.w, rect.h, gap));
    list.push(Item::Stroke { path: lines, at, width: gap * 0.14, color });
}

/// The largest part of the area that is on one display: text in it does not straddle a bezel.
pub fn home(cx: &Cx<'_>) -> Rect {
    let parts = cx.lit.iter().filter_map(|lit| lit.intersection(&cx.area));
    parts.max_by(|a, b| (a.w * a.h).total_cmp(&(b.w * b.h))).unwrap_or(cx.area)
}

/// The same, half a capital lower if that leaves enough space: large text at its top edge would be too
/// close to the tile's heading.
pub fn airy_home(cx: &Cx<'_>) -> Rect {
    let home = home(cx);
    let air = cx.scale.cap(Step::Body) * 0.5;
    if home.h < cx.scale.line(Step::Body) * 4.0 {
        return home;
    }
    Rect { y: home.y + air, h: home.h - air, ..home }
}

/// Ink or ground, whichever can be read on `on`.
pub fn readable(cx: &Cx<'_>, on: Rgba) -> Rgba {
    let (ink, ground) = (cx.theme.ink, cx.theme.ground);
    if ink.contrast(on) >= ground.contrast(on) { ink } else { ground }
}

/// True if no edge of a display is between `left` and `right`.
pub fn on_one_display(cx: &Cx<'_>, left: f32, right: f32) -> bool {
    cx.lit.is_empty() || cx.lit.iter().any(|lit| left >= lit.x && right <= lit.right())
}

/// A hasher that has hashed everything that a picture depends on, except the data.
pub fn seed(cx: &Cx<'_>) -> FxHasher {
    let mut state = FxHasher::default();
    let a = cx.area;
    hash_f32(&[a.x, a.y, a.w, a.h, cx.scale.viewer_m], &mut state);
    for lit in cx.lit {
        hash_f32(&[lit.x, lit.y, lit.w, lit.h], &mut state);
    }
    let t = cx.theme;
    (t.ground, t.ink, t.soft, t.quiet, t.hairline, t.accent).hash(&mut state);
    (t.topics, t.positive, t.negative, t.neutral, t.unknown).hash(&mut state);
    (cx.color, cx.topic, cx.motion, cx.wall.audience, cx.wall.people).hash(&mut state);
    state
}

/// The hash so far.
pub fn sum(state: FxHasher) -> u64 {
    state.finish()
}

/// Which point of a line is at the given x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Left,
    Center,
    Right,
}

/// Puts one line of text on a baseline.
pub fn put(list: &mut List, shaped: Arc<Shaped>, anchor: Anchor, at: Point, color: Rgba) {
    let back = match anchor {
        Anchor::Left => 0.0,
        Anchor::Center => shaped.size.w / 2.0,
        Anchor::Right => shaped.size.w,
    };
    list.text(shaped, Point::new(at.x - back, at.y), color);
}

/// Sets one line at a step of the scale, with digits of equal width.
pub fn line(cx: &mut Cx<'_>, text: &str, step: Step, cut: Cut) -> Arc<Shaped> {
    let size = cx.scale.size(step);
    cx.setter.set(Setting::line(text, size).cut(cut).tabular())
}

/// The first of `texts` (longest first) that fits into `width` at a step; `None` if none does.
pub fn first_that_fits(cx: &mut Cx<'_>, texts: &[String], step: Step, width: f32) -> Option<Arc<Shaped>> {
    texts.iter().map(|text| line(cx, text, step, Cut::Regular)).find(|shaped| shaped.size.w <= width)
}

/// A name in so much width: rather smaller than cut, down to the least size.
pub fn name(cx: &mut Cx<'_>, text: &str, size: f32, width: f32) -> Arc<Shaped> {
    let whole = Setting::line(text, size);
    let wide = cx.setter.width(whole.clone()).max(0.01);
    if wide <= width {
        return cx.setter.set(whole);
    }
    let smaller = (size * width * 0.98 / wide).max(cx.scale.size(Step::Least)).min(size);
    cx.setter.set(Setting { size: smaller, ..whole }.align(Align::Left).within(width.max(smaller), 1))
}

/// The text with a capital first letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Says why there is nothing to show: as large as `home` allows, on one line or two, at its optical centre.
/// `texts` are its forms, longest first.
pub fn nothing(cx: &mut Cx<'_>, list: &mut List, texts: &[String], home: Rect) {
    /// Parts of a title's size; the last are those of running text, of a label, and the least.
    const SIZES: [f32; 9] = [2.6, 2.2, 1.8, 1.45, 1.2, 1.0, 0.734, 0.6, 0.534];
    /// Free above and below in a place that is high enough, parts of its height.
    const AIR: f32 = 0.3;
    let title = cx.scale.size(Step::Title);
    for (text, factor) in texts.iter().flat_map(|text| SIZES.map(|factor| (text, factor))) {
        let size = (title * factor).max(cx.scale.size(Step::Least));
        let caps = size * CAP_HEIGHT;
        let least = if factor > 1.0 { 1.0 - AIR } else { 1.0 };
        let lines =
            (1..=2).filter(|lines| caps + size * LINE_HEIGHT * (*lines as f32 - 1.0) <= home.h * least);
        for lines in lines {
            let shaped =
                cx.setter.set(Setting::line(text.as_str(), size).within(home.w.max(size), lines + 1));
            if shaped.lines > lines || shaped.size.w > home.w {
                continue;
            }
            let high = caps + size * LINE_HEIGHT * (lines as f32 - 1.0);
            let y = home.y + ((home.h - high) * 0.42).max(0.0) + caps;
            return put(list, shaped, Anchor::Left, Point::new(home.x, y), cx.theme.quiet);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_read_with_its_doubt() {
        let of = |score| Mood::of(Some(Sentiment { score, origin: Default::default() }));
        assert_eq!(of(0.6), Mood::Positive);
        assert_eq!(of(-0.6), Mood::Negative);
        assert_eq!(of(0.01), Mood::Neutral);
        assert_eq!(of(f32::NAN), Mood::Unknown);
        assert_eq!(Mood::of(None), Mood::Unknown);
    }

    #[test]
    fn hatching_stays_inside() {
        let path = hatch(30.0, 8.0, 3.0);
        assert!(path.outlines.len() > 8);
        for p in path.outlines.iter().flat_map(|o| &o.points) {
            assert!((-0.01..=30.01).contains(&p.x) && (-0.01..=8.01).contains(&p.y), "{p:?}");
        }
        assert!(hatch(1e6, 1.0, 0.001).outlines.len() <= 400);
    }
}
