//! The frame around a widget: gutter, heading, badge, notice. Everything follows from the tile's
//! rectangle and the type scale, so that headings on neighbouring displays stand on one line.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;

use crate::color::{Rgba, Theme};
use crate::geometry::{Point, Rect, hash_f32};
use crate::layout::legibility::{Scale, Step};
use crate::scene::badge::Badge;
use crate::scene::list::List;
use crate::text::{Align, Cut, Setting, Shaped, Typesetter};

/// Space between a tile's edge and its content; neighbours are twice as far apart. Arc minutes, as
/// all distances here.
pub const GUTTER: f32 = 16.0;
/// From the heading's baseline to the content, and from the content to the last line's capitals.
const GAP: f32 = 9.0;
/// Between words that stand side by side.
const SPACE: f32 = 18.0;
/// Content lower than this leaves the caption out, and has the badge beside the heading if that fits.
const LOW: f32 = 48.0;
/// A tile of so many lines has room for a heading of two.
const HIGH: f32 = 8.0;
/// How far the colours of a stale tile go towards the ground.
const DIM: f32 = 0.55;

/// What the frame says.
pub struct Words<'a> {
    /// The scene's question; only in one tile of a scene.
    pub question: Option<(&'a str, Seat)>,
    pub heading: &'a str,
    /// Shorter forms of it, longest first.
    pub short_headings: &'a [String],
    /// `None` for a widget that no feed feeds.
    pub badge: Option<&'a Badge>,
    /// Forms of the caption, longest first.
    pub captions: &'a [String],
    /// A message of the machine; takes room at the bottom of one tile.
    pub notice: Option<&'a str>,
    /// False for a widget that fills its tile: no gutter, no heading.
    pub framed: bool,
}

/// Where the scene's question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    /// On the heading's line, before it.
    Beside,
    /// On a line of its own above the heading.
    Above,
}

/// A tile's frame: what is left for the widget, and what is drawn around it.
pub struct Chrome {
    /// Room for the widget.
    pub area: Rect,
    texts: Vec<(Arc<Shaped>, Point, Rgba)>,
    plates: Vec<(Rect, Rgba)>,
}

impl Chrome {
    /// Lays the frame out in `tile`, whose lit parts are `lit` (from left to right).
    pub fn lay(words: &Words<'_>, tile: Rect, lit: &[Rect], with: &mut Tools<'_>) -> Self {
        let mut chrome = Self { area: tile, texts: vec![], plates: vec![] };
        if words.framed {
            chrome.area = tile.inset(with.mm(GUTTER));
            let heading_end = chrome.head(words, lit, with);
            chrome.foot(words, heading_end, lit, with);
        } else {
            chrome.tail(words, lit, with);
        }
        chrome.notice(words, lit, with);
        chrome
    }

    /// Where the question has room in a tile, whole; `None` when it has none.
    pub fn seat(
        question: &str,
        heading: &str,
        tile: Rect,
        lit: &[Rect],
        with: &mut Tools<'_>,
    ) -> Option<Seat> {
        let (left, right) = first_line(tile.inset(with.mm(GUTTER)), lit, with);
        let asked = with.question(question).size.w;
        let named = with.line(heading, Step::Label).size.w;
        let beside = left + asked + with.mm(SPACE) + named <= right;
        let above = left + asked <= right && Self::has_line_above(tile, with.scale);
        if beside { Some(Seat::Beside) } else { above.then_some(Seat::Above) }
    }

    /// True when the tile is high enough for a question above its heading.
    pub fn has_line_above(tile: Rect, scale: Scale) -> bool {
        tile.h > 6.0 * scale.line(Step::Body)
    }

    /// Draws the frame.
    pub fn draw(&self, list: &mut List) {
        self.plates.iter().for_each(|(rect, color)| list.rect(*rect, *color));
        for (shaped, at, color) in &self.texts {
            list.text(shaped.clone(), *at, *color);
        }
    }

    /// Changes when the frame looks different.
    pub fn key(&self) -> u64 {
        let mut state = FxHasher::default();
        let a = self.area;
        hash_f32(&[a.x, a.y, a.w, a.h], &mut state);
        for (shaped, at, color) in &self.texts {
            hash_f32(&[at.x, at.y], &mut state);
            (&shaped.setting, color).hash(&mut state);
        }
        for (r, color) in &self.plates {
            hash_f32(&[r.x, r.y, r.w, r.h], &mut state);
            color.hash(&mut state);
        }
        state.finish()
    }

    /// Sets question and heading from the left, and returns where the heading's line ends and its
    /// baseline; the tile's left for none.
    fn head(&mut self, words: &Words<'_>, lit: &[Rect], with: &mut Tools<'_>) -> Point {
        let mut at = Point::new(self.area.x, self.area.y + with.cap(Step::Label));
        let top = self.area.y;
        let (_, right) = first_line(self.area, lit, with);
        if let Some((question, seat)) = words.question {
            let shaped = with.question_within(question, right - at.x);
            self.texts.push((shaped.clone(), at, with.theme.ink));
            match seat {
                Seat::Beside => at.x += shaped.size.w + with.mm(SPACE),
                Seat::Above if words.heading.is_empty() => {}
                Seat::Above => at.y += with.scale.line(Step::Body),
            }
        }
        if !words.heading.is_empty() && right - at.x > 3.0 * with.scale.size(Step::Label) {
            let lines = heading_lines(self.area, with.scale);
            let shaped = with.heading(words, right - at.x, lines);
            self.texts.push((shaped.clone(), at, with.theme.quiet));
            at.x += shaped.size.w;
            at.y += with.scale.line(Step::Label) * (shaped.lines.max(1) - 1) as f32;
        }
        if at.x > self.area.x || words.question.is_some() {
            self.shrink_top(at.y + with.mm(GAP) - top);
        }
        at
    }

    /// Caption and badge stand on the heading's line, the badge at its right end, where that has room
    /// for both; else on a last line of their own. In a low tile the caption is left out.
    fn foot(&mut self, words: &Words<'_>, heading: Point, lit: &[Rect], with: &mut Tools<'_>) {
        let told = words.badge.filter(|badge| !badge.parts.is_empty());
        if told.is_none() && words.captions.is_empty() {
            return;
        }
        let most = self.area.w;
        let badge = told.map(|b| (with.badge_within(b, most), with.badge_color(b)));
        let width = badge.as_ref().map_or(0.0, |(shaped, _)| shaped.size.w);
        let (end, line) = (right(self.area, lit, with), with.cap(Step::Least) + with.mm(GAP));
        if heading.x > self.area.x && heading.x + with.mm(SPACE) <= end - width {
            let after = Point::new(heading.x + with.mm(SPACE), heading.y);
            if self.caption(words, after, end - width, lit, with) || words.captions.is_empty() {
                let at = Point::new(end - width, heading.y);
                return self.texts.extend(badge.map(|(shaped, color)| (shaped, at, color)));
            }
        }
        let low = self.area.h - line < with.mm(LOW);
        let beside_heading = low && heading.x + with.mm(SPACE) <= end - width;
        let y = if beside_heading { heading.y } else { self.area.bottom() };
        if !low {
            self.caption(words, Point::new(self.area.x, self.area.bottom()), end - width, lit, with);
        }
        if !low || (badge.is_some() && !beside_heading) {
            self.area.h = (self.area.h - line).max(0.0);
        }
        self.texts.extend(badge.map(|(shaped, color)| (shaped, Point::new(end - width, y), color)));
    }

    /// The first form of the caption that fits on the first display between `at` and `end`; false
    /// when none does.
    fn caption(
        &mut self,
        words: &Words<'_>,
        at: Point,
        end: f32,
        lit: &[Rect],
        with: &mut Tools<'_>,
    ) -> bool {
        let end = first_line(self.area, lit, with).1.min(end - with.mm(SPACE));
        let mut forms = words.captions.iter().map(|text| with.line(text, Step::Least));
        let fits = forms.find(|shaped| at.x + shaped.size.w <= end);
        let found = fits.is_some();
        self.texts.extend(fits.map(|shaped| (shaped, at, with.theme.quiet)));
        found
    }

    /// The badge of a tile without a frame stands at its right end, and the content ends before.
    fn tail(&mut self, words: &Words<'_>, lit: &[Rect], with: &mut Tools<'_>) {
        let Some(badge) = words.badge.filter(|b| !b.parts.is_empty()) else { return };
        let tile = self.area;
        let shaped = with.badge_within(badge, tile.w - 2.0 * with.mm(GUTTER));
        let inner = Rect { w: tile.w - with.mm(GUTTER), ..tile };
        let x = right(inner, lit, with) - shaped.size.w;
        let y = tile.center().y + with.cap(Step::Least) / 2.0;
        self.area.w = (x - with.mm(GUTTER) - tile.x).max(0.0);
        self.texts.push((shaped, Point::new(x, y), with.badge_color(badge)));
    }

    /// A framed strip at the bottom left; the widget gets less room instead of being covered.
    fn notice(&mut self, words: &Words<'_>, lit: &[Rect], with: &mut Tools<'_>) {
        let Some(text) = words.notice else { return };
        let (pad, size) = (with.mm(GUTTER / 2.0), with.scale.size(Step::Label));
        let room = lit.first().and_then(|l| l.intersection(&self.area)).unwrap_or(self.area);
        let setting = Setting::line(text, size).align(Align::Left).within((room.w - 2.0 * pad).max(size), 2);
        let shaped = with.setter.set(setting);
        let (w, h) = (shaped.size.w + 2.0 * pad, shaped.size.h + 2.0 * pad);
        let strip = Rect::new(room.x, room.bottom() - h, w.min(room.w), h);
        self.plates.push((strip, with.theme.soft));
        self.plates.push((strip.inset(hairline(with.scale)), with.theme.ground));
        let at = Point::new(strip.x + pad, strip.y + pad + shaped.baseline);
        self.texts.push((shaped, at, with.theme.ink));
        self.area.h = (self.area.h - h - with.mm(GAP)).max(0.0);
    }

    fn shrink_top(&mut self, by: f32) {
        let by = by.min(self.area.h);
        self.area.y += by;
        self.area.h -= by;
    }
}

/// What the frame is made with.
pub struct Tools<'a> {
    pub theme: &'a Theme,
    pub scale: Scale,
    pub setter: &'a mut Typesetter,
}

impl Tools<'_> {
    fn mm(&self, arcmin: f32) -> f32 {
        self.scale.mm(arcmin)
    }

    /// Height of a step's capitals, millimetres.
    fn cap(&self, step: Step) -> f32 {
        self.scale.cap(step)
    }

    fn line(&mut self, text: &str, step: Step) -> Arc<Shaped> {
        self.setter.set(Setting::line(text, self.scale.size(step)).tabular())
    }

    /// The heading on one line, rather smaller than shorter; else on `lines` lines; else in a shorter form. Only
    /// where no form has room is it cut.
    fn heading(&mut self, words: &Words<'_>, width: f32, lines: usize) -> Arc<Shaped> {
        let set = |text: &str, size: f32| Setting::line(text, size).align(Align::Left);
        if let Some(whole) = self.whole_heading(words.heading, width, lines) {
            return whole;
        }
        let short = words.short_headings.iter().find_map(|text| self.whole_heading(text, width, lines));
        short.unwrap_or_else(|| {
            let last = words.short_headings.last().map_or(words.heading, String::as_str);
            self.setter.set(set(last, self.scale.size(Step::Least)).within(width, lines))
        })
    }

    /// `None` if it does not fit.
    pub fn whole_heading(&mut self, text: &str, width: f32, lines: usize) -> Option<Arc<Shaped>> {
        let set = |step| Setting::line(text, self.scale.size(step)).align(Align::Left);
        for setting in [set(Step::Label), set(Step::Least)] {
            if self.setter.width(setting.clone()) <= width {
                return Some(self.setter.set(setting.within(width, 1)));
            }
        }
        let broken = self.setter.set(set(Step::Label).within(width, lines + 1));
        (lines > 1 && broken.lines <= lines && broken.size.w <= width).then_some(broken)
    }

    /// The badge whole, or as many of its parts as fit into `width`; what is wrong stands last.
    fn badge_within(&mut self, badge: &Badge, width: f32) -> Arc<Shaped> {
        let parts = |first: usize| badge.parts[first..].join(", ");
        let mut forms = (0..badge.parts.len()).map(|first| self.line(&parts(first), Step::Least));
        let fits = forms.find(|shaped| shaped.size.w <= width);
        drop(forms);
        fits.unwrap_or_else(|| {
            let whole = self.line(&parts(badge.parts.len().saturating_sub(1)), Step::Least);
            self.setter.set(whole.setting.clone().align(Align::Left).within(width.max(1.0), 1))
        })
    }

    fn question(&mut self, text: &str) -> Arc<Shaped> {
        self.setter.set(Setting::line(text, self.scale.size(Step::Body)).cut(Cut::Semibold))
    }

    /// The question whole, or cut at `width` where it is longer.
    fn question_within(&mut self, text: &str, width: f32) -> Arc<Shaped> {
        let whole = self.question(text);
        if whole.size.w <= width {
            return whole;
        }
        let cut = whole.setting.clone().align(Align::Left).within(width.max(whole.setting.size), 1);
        self.setter.set(cut)
    }

    /// What needs attention is brighter than what only has to be said.
    fn badge_color(&self, badge: &Badge) -> Rgba {
        let calm = self.theme.quiet.mix(self.theme.ground, 0.25);
        if badge.stale { self.theme.soft } else { calm }
    }
}

/// Lines that a heading may have in what is left of a tile within its gutter.
pub fn heading_lines(area: Rect, scale: Scale) -> usize {
    if area.h > HIGH * scale.line(Step::Label) { 2 } else { 1 }
}

/// The left and right end of a line that starts at the left of `inner`, kept off the bezel.
fn first_line(inner: Rect, lit: &[Rect], with: &Tools<'_>) -> (f32, f32) {
    let first = lit.first().map_or(inner.right(), |l| l.right());
    let right = if first < inner.right() { first - with.mm(GUTTER) } else { inner.right() };
    (inner.x, right)
}

/// The right end of the content, kept off the bezel.
fn right(inner: Rect, lit: &[Rect], with: &Tools<'_>) -> f32 {
    let last = lit.last().map_or(inner.right(), |l| l.right());
    if last < inner.right() { last - with.mm(GUTTER) } else { inner.right() }
}

/// Width of the thinnest line that still shows, millimetres.
pub fn hairline(scale: Scale) -> f32 {
    scale.mm(0.8)
}

/// The theme of a tile whose data is too old: everything nearer to the ground.
pub fn dimmed(theme: &Theme) -> Theme {
    let dim = |c: Rgba| c.mix(theme.ground, DIM);
    Theme {
        dark: theme.dark,
        ground: theme.ground,
        ink: dim(theme.ink),
        soft: dim(theme.soft),
        quiet: dim(theme.quiet),
        hairline: dim(theme.hairline),
        land: dim(theme.land),
        coast: dim(theme.coast),
        border: dim(theme.border),
        accent: dim(theme.accent),
        topics: theme.topics.map(dim),
        positive: dim(theme.positive),
        negative: dim(theme.negative),
        neutral: dim(theme.neutral),
        unknown: dim(theme.unknown),
        alarm: theme.alarm,
        heat: theme.heat.map(dim),
        background: theme.background,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_rather_smaller_broken_or_shorter_than_cut() {
        let (theme, scale, mut setter) = (Theme::dark(), Scale::new(5.0), Typesetter::new(false));
        let mut with = Tools { theme: &theme, scale, setter: &mut setter };
        let (whole, short) = ("Places, last 10 minutes", ["Places, 10 min".to_owned()]);
        let words = Words {
            question: None,
            heading: whole,
            short_headings: &short,
            badge: None,
            captions: &[],
            notice: None,
            framed: true,
        };
        let wide = with.line(whole, Step::Label).size.w;
        let mut told = |part: f32, lines: usize| {
            let set = with.heading(&words, wide * part, lines);
            (set.setting.text.to_string(), set.setting.size < scale.size(Step::Label), set.lines)
        };
        assert_eq!(told(1.01, 1), (whole.into(), false, 1));
        assert_eq!(told(0.95, 1), (whole.into(), true, 1));
        assert_eq!(told(0.75, 2), (whole.into(), false, 2));
        assert_eq!(told(0.75, 1), (short[0].clone(), false, 1));
        assert_eq!(told(0.3, 1), (short[0].clone(), true, 1), "cut, in the smallest type");
    }
}
