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

/// Space between a tile's edge and its content; neighbours are twice as far apart.
const GUTTER: f32 = 16.0;
/// From the heading's baseline to the content, and from the content to the badge's capitals.
const GAP: f32 = 9.0;
/// Content lower than this makes the badge move up beside the heading.
const LOW: f32 = 90.0;
/// How far the colours of a stale tile go towards the ground.
const DIM: f32 = 0.55;

/// What the frame says.
pub struct Words<'a> {
    /// The scene's question; only in the scene's first tile.
    pub question: Option<&'a str>,
    pub heading: &'a str,
    /// `None` for a widget that no feed feeds.
    pub badge: Option<&'a Badge>,
    /// A message of the machine; takes room at the bottom of one tile.
    pub notice: Option<&'a str>,
    /// False for a widget that fills its tile: no gutter, no heading.
    pub framed: bool,
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
            chrome.head(words, lit, with);
        } else {
            chrome.tail(words, lit, with);
        }
        chrome.notice(words, lit, with);
        chrome
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

    /// Question, heading and badge; the badge beside the heading where the tile is low.
    fn head(&mut self, words: &Words<'_>, lit: &[Rect], with: &mut Tools<'_>) {
        let inner = self.area;
        let baseline = inner.y + with.cap(Step::Label);
        let end = self.heading(words, baseline, lit, with);
        if end > inner.x {
            self.shrink_top(baseline + with.mm(GAP) - inner.y);
        }
        let Some(badge) = words.badge else { return };
        let low = self.area.h - with.cap(Step::Least) - with.mm(GAP) < with.mm(LOW);
        let shaped = with.badge(badge);
        if low && end + with.mm(LOW / 3.0) + shaped.size.w < right(inner, lit, with) {
            self.badge(badge, shaped, baseline, lit, inner, with);
        } else {
            self.area.h = (self.area.h - with.cap(Step::Least) - with.mm(GAP)).max(0.0);
            self.badge(badge, shaped, inner.bottom(), lit, inner, with);
        }
    }

    /// Sets the heading from the left and returns where it ends; the tile's left for none.
    fn heading(&mut self, words: &Words<'_>, baseline: f32, lit: &[Rect], with: &mut Tools<'_>) -> f32 {
        let inner = self.area;
        let room = lit.first().and_then(|l| l.intersection(&inner)).unwrap_or(inner);
        let limit = if lit.len() > 1 { room.right() - with.mm(GUTTER) } else { room.right() };
        let mut x = inner.x;
        let parts = [
            (words.question.unwrap_or_default(), Step::Body, Cut::Semibold, with.theme.ink),
            (words.heading, Step::Label, Cut::Regular, with.theme.quiet),
        ];
        for (text, step, cut, color) in parts.into_iter().filter(|p| !p.0.is_empty()) {
            let gap = if x > inner.x { with.cap(Step::Label) } else { 0.0 };
            let size = with.scale.size(step);
            if limit - x - gap < 3.0 * size {
                break;
            }
            let setting = Setting::line(text, size).cut(cut).align(Align::Left).within(limit - x - gap, 1);
            let shaped = with.setter.set(setting);
            self.texts.push((shaped.clone(), Point::new(x + gap, baseline), color));
            x += gap + shaped.size.w;
        }
        x
    }

    fn badge(
        &mut self,
        badge: &Badge,
        shaped: Arc<Shaped>,
        y: f32,
        lit: &[Rect],
        inner: Rect,
        with: &Tools<'_>,
    ) {
        let at = Point::new(right(inner, lit, with) - shaped.size.w, y);
        self.texts.push((shaped, at, with.badge_color(badge)));
    }

    /// The badge of a tile without a frame stands at its right end, and the content ends before.
    fn tail(&mut self, words: &Words<'_>, lit: &[Rect], with: &mut Tools<'_>) {
        let Some(badge) = words.badge.filter(|b| !b.words.is_empty()) else { return };
        let (shaped, tile) = (with.badge(badge), self.area);
        let inner = Rect { w: tile.w - with.mm(GUTTER), ..tile };
        let left = right(inner, lit, with) - shaped.size.w;
        let y = tile.center().y + with.cap(Step::Least) / 2.0;
        self.area.w = (left - with.mm(GUTTER) - tile.x).max(0.0);
        self.badge(badge, shaped, y, lit, inner, with);
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
        self.scale.mm(step.arcmin())
    }

    fn badge(&mut self, badge: &Badge) -> Arc<Shaped> {
        let size = self.scale.size(Step::Least);
        self.setter.set(Setting::line(badge.words.as_str(), size).tabular())
    }

    /// What needs attention is brighter than what only has to be said.
    fn badge_color(&self, badge: &Badge) -> Rgba {
        let calm = self.theme.quiet.mix(self.theme.ground, 0.25);
        if badge.stale { self.theme.soft } else { calm }
    }
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
        accent: dim(theme.accent),
        topics: theme.topics.map(dim),
        positive: dim(theme.positive),
        negative: dim(theme.negative),
        neutral: dim(theme.neutral),
        unknown: dim(theme.unknown),
        alarm: theme.alarm,
        heat: theme.heat.map(dim),
    }
}
