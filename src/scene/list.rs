//! The display list: what a tile looks like, in wall millimetres, without saying how it is drawn.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::color::Rgba;
use crate::geometry::{Point, Rect, hash_f32};
use crate::text::Shaped;

/// Things to draw, from bottom to top; all text is on top of everything else in the same list.
#[derive(Clone, Debug, Default)]
pub struct List {
    pub items: Vec<Item>,
}

/// One thing to draw.
#[derive(Clone, Debug)]
pub enum Item {
    /// A filled rectangle; `radius` rounds its corners (half the height makes a pill or a disc).
    Rect {
        rect: Rect,
        radius: f32,
        color: Rgba,
    },
    /// The outline of a circle.
    Ring {
        center: Point,
        radius: f32,
        width: f32,
        color: Rgba,
    },
    /// Outlines, filled by the non-zero rule, drawn with their own origin moved to `at`.
    Fill {
        path: Arc<Path>,
        at: Point,
        color: Rgba,
    },
    /// Lines along outlines, `width` millimetres wide, round at joins.
    Stroke {
        path: Arc<Path>,
        at: Point,
        width: f32,
        color: Rgba,
    },
    /// Text; `at` is the left end of the first baseline of the block.
    Text {
        shaped: Arc<Shaped>,
        at: Point,
        color: Rgba,
        clip: Option<Rect>,
    },
    Heat(Arc<Heat>),
    /// What stands behind everything, once more: the wall's picture, or where it has none `color`.
    Ground {
        rect: Rect,
        color: Rgba,
    },
}

/// Outlines of straight edges, in millimetres from their own origin. Shared and never changed, so that
/// the pointer can represent the content.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    pub outlines: Vec<Outline>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    pub points: Vec<Point>,
    pub closed: bool,
}

/// A field of density: a sum of round bells, shown with a colour ramp and contour lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    /// Where it is shown.
    pub rect: Rect,
    pub bells: Vec<Bell>,
    /// The sum at which the ramp is at its hottest.
    pub full: f32,
    /// Colours, cold to hot, evenly spaced over the root of the part of `full`. Where the field is below
    /// `floor` nothing is drawn.
    pub ramp: [Rgba; 6],
    /// Part of `full` below which nothing shows, 0 to 1.
    pub floor: f32,
    /// Parts of `full`, ascending, at which a contour line runs; 0 stands for none.
    pub contours: [f32; 4],
    pub contour_color: Rgba,
}

/// `height · exp(−d² / (2 · sigma²))`, `d` the distance from `at`, all in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bell {
    pub at: Point,
    pub sigma: f32,
    pub height: f32,
}

impl List {
    pub fn push(&mut self, item: Item) {
        self.items.push(item);
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub fn rect(&mut self, rect: Rect, color: Rgba) {
        self.push(Item::Rect { rect, radius: 0.0, color });
    }

    pub fn disc(&mut self, center: Point, radius: f32, color: Rgba) {
        let rect = Rect::new(center.x - radius, center.y - radius, 2.0 * radius, 2.0 * radius);
        self.push(Item::Rect { rect, radius, color });
    }

    /// Text with its first baseline starting at `at`.
    pub fn text(&mut self, shaped: Arc<Shaped>, at: Point, color: Rgba) {
        self.push(Item::Text { shaped, at, color, clip: None });
    }

    /// Everything at `alpha` times its opacity, except heat, which is left out.
    pub fn fade(&mut self, alpha: f32) {
        self.items.retain(|item| !matches!(item, Item::Heat(_)));
        for item in &mut self.items {
            match item {
                Item::Rect { color, .. }
                | Item::Ring { color, .. }
                | Item::Fill { color, .. }
                | Item::Stroke { color, .. }
                | Item::Text { color, .. }
                | Item::Ground { color, .. } => *color = color.fade(alpha),
                Item::Heat(_) => {}
            }
        }
    }

    /// A number that is equal if two lists draw the same. Paths, heat and text are compared by pointer.
    pub fn fingerprint(&self) -> u64 {
        let mut state = rustc_hash::FxHasher::default();
        for item in &self.items {
            item.hash(&mut state);
        }
        state.finish()
    }
}

impl Hash for Item {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Item::Rect { rect, radius, color } => {
                hash_f32(&[1.0, rect.x, rect.y, rect.w, rect.h, *radius], state);
                color.hash(state);
            }
            Item::Ring { center, radius, width, color } => {
                hash_f32(&[2.0, center.x, center.y, *radius, *width], state);
                color.hash(state);
            }
            Item::Fill { path, at, color } => {
                hash_f32(&[3.0, at.x, at.y], state);
                (Arc::as_ptr(path), color).hash(state);
            }
            Item::Stroke { path, at, width, color } => {
                hash_f32(&[4.0, at.x, at.y, *width], state);
                (Arc::as_ptr(path), color).hash(state);
            }
            Item::Text { shaped, at, color, clip } => {
                let c = clip.unwrap_or_default();
                hash_f32(&[5.0, at.x, at.y, c.x, c.y, c.w, c.h], state);
                (Arc::as_ptr(shaped), color).hash(state);
            }
            Item::Heat(heat) => {
                hash_f32(&[6.0], state);
                Arc::as_ptr(heat).hash(state);
            }
            Item::Ground { rect, color } => {
                hash_f32(&[7.0, rect.x, rect.y, rect.w, rect.h], state);
                color.hash(state);
            }
        }
    }
}

/// One line for each item, for tests: kind, place to a tenth of a millimetre, colour, content.
impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.iter().try_for_each(|item| writeln!(f, "{item}"))
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Item::Rect { rect: r, radius, color } => {
                write!(f, "rect {:.1},{:.1} {:.1}x{:.1} r{radius:.1} {}", r.x, r.y, r.w, r.h, Hex(*color))
            }
            Item::Ring { center: c, radius, width, color } => {
                write!(f, "ring {:.1},{:.1} r{radius:.1} w{width:.1} {}", c.x, c.y, Hex(*color))
            }
            Item::Fill { path, at, color } => {
                write!(f, "fill {:.1},{:.1} {} {}", at.x, at.y, path, Hex(*color))
            }
            Item::Stroke { path, at, width, color } => {
                write!(f, "stroke {:.1},{:.1} w{width:.1} {} {}", at.x, at.y, path, Hex(*color))
            }
            Item::Text { shaped, at, color, .. } => {
                let s = &shaped.setting;
                write!(
                    f,
                    "text {:.1},{:.1} {:.1}mm {:?} {} {:?}",
                    at.x,
                    at.y,
                    s.size,
                    s.cut,
                    Hex(*color),
                    s.text
                )
            }
            Item::Ground { rect: r, color } => {
                write!(f, "ground {:.1},{:.1} {:.1}x{:.1} {}", r.x, r.y, r.w, r.h, Hex(*color))
            }
            Item::Heat(h) => {
                let r = h.rect;
                write!(
                    f,
                    "heat {:.1},{:.1} {:.1}x{:.1} bells {} full {:.2}",
                    r.x,
                    r.y,
                    r.w,
                    r.h,
                    h.bells.len(),
                    h.full
                )
            }
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points: usize = self.outlines.iter().map(|o| o.points.len()).sum();
        write!(f, "{} outlines {} points", self.outlines.len(), points)
    }
}

struct Hex(Rgba);

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b, a] = self.0.to_bytes();
        write!(f, "#{r:02x}{g:02x}{b:02x}")?;
        if a < 255 { write!(f, "{a:02x}") } else { Ok(()) }
    }
}
