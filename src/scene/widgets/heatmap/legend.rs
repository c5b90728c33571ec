//! What the map's lines and colours stand for: the value of each contour line, hottest first,
//! stacked in the empty South Pacific.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::field::Contours;
use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::Step;
use crate::scene::list::List;
use crate::scene::widget::Cx;
use crate::scene::widgets::figures::grouped;
use crate::text::{Setting, Shaped};

/// Most of the room's width and height that the legend takes; a smaller room gets none.
const MOST: (f32, f32) = (0.4, 0.6);

/// How far it stands above the caption's gap, arc minutes.
const LIFT: f32 = 6.0;

/// The legend of one map.
#[derive(Clone, Debug, Default)]
pub struct Legend {
    /// Around all of it; empty when there is none.
    pub rect: Rect,
    /// Text of each line, and the part of the hottest value whose colour stands before it.
    lines: Vec<(Arc<Shaped>, f32)>,
    pitch: f32,
}

impl Legend {
    /// Lays the legend out at the bottom left of the area, on one display.
    pub fn lay(cx: &mut Cx<'_>, contours: &Contours) -> Self {
        let (size, pitch) = (cx.scale.size(Step::Least), cx.scale.line(Step::Least));
        let mut lines = vec![];
        for (i, (value, part)) in contours.values.iter().zip(contours.parts).enumerate().rev() {
            let unit = if i + 1 == contours.values.len() { contours.per } else { "" };
            let text = format!("{} {unit}", grouped(*value));
            lines.push((cx.setter.set(Setting::line(text.trim_end(), size).tabular()), part));
        }
        let w = lines.iter().map(|(s, _)| s.size.w).fold(0.0, f32::max) + indent(cx);
        let (room, h) = (corner(cx), pitch * lines.len() as f32);
        if w > room.w * MOST.0 || h > room.h * MOST.1 {
            return Self::default();
        }
        let bottom = room.bottom() - cx.scale.mm(LIFT);
        Self { rect: Rect::new(room.x, bottom - h, w, h), lines, pitch }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn draw(&self, cx: &Cx<'_>, ramp: impl Fn(f32) -> Rgba, list: &mut List) {
        let cap = cx.scale.cap(Step::Least);
        for (i, (shaped, part)) in self.lines.iter().enumerate() {
            let y = self.rect.bottom() - (self.lines.len() - 1 - i) as f32 * self.pitch;
            list.disc(Point::new(self.rect.x + cap * 0.3, y - cap / 2.0), cap * 0.3, ramp(*part));
            list.text(shaped.clone(), Point::new(self.rect.x + indent(cx), y), cx.theme.quiet);
        }
    }

    /// Changes when it says something else.
    pub fn key(&self, state: &mut impl Hasher) {
        for (shaped, part) in &self.lines {
            (&shaped.setting, part.to_bits()).hash(state);
        }
    }
}

/// From a line's dot to its text, both included.
fn indent(cx: &Cx<'_>) -> f32 {
    cx.scale.cap(Step::Least) * 0.95
}

/// The lit part of the area at its bottom left.
fn corner(cx: &Cx<'_>) -> Rect {
    let parts = cx.lit.iter().filter_map(|lit| lit.intersection(&cx.area));
    let from_corner = |r: &Rect| r.x - r.bottom();
    parts.min_by(|a, b| from_corner(a).total_cmp(&from_corner(b))).unwrap_or(cx.area)
}
