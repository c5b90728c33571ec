//! What the map's colours stand for: the ramp as a bar with three values and their unit, at the
//! bottom left.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::scale::Scale;
use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::Step;
use crate::scene::list::List;
use crate::scene::widget::Cx;
use crate::scene::widgets::figures::grouped;
use crate::text::{Setting, Shaped};

/// Most of the room's width and height that the legend takes; a smaller room gets none.
const MOST: (f32, f32) = (0.62, 0.3);
/// The bar, arc minutes: its usual and its least length, and its height.
const BAR: (f32, f32, f32) = (200.0, 110.0, 8.0);
/// From the bar to the capitals of its values, and between a value and the unit; arc minutes.
const GAP: (f32, f32) = (6.0, 6.0);
/// Around it, on its plate; arc minutes.
const PAD: f32 = 7.0;
/// Pieces of the bar, each of one colour.
const PIECES: u8 = 50;

/// The legend of one map.
#[derive(Clone, Debug, Default)]
pub struct Legend {
    /// Around all of it; empty when there is none.
    pub rect: Rect,
    bar: Rect,
    /// Each text, where it begins and the end of its tick.
    texts: Vec<(Arc<Shaped>, f32)>,
    /// Places of ticks along the bar.
    ticks: Vec<f32>,
    baseline: f32,
}

impl Legend {
    /// Lays the legend out at the bottom left of the area, on one display.
    pub fn lay(cx: &mut Cx<'_>, scale: &Scale) -> Self {
        let units = [
            format!("mentions {}, per place", scale.per),
            format!("{}, per place", scale.per),
            scale.per.into(),
        ];
        let mut laid = units.iter().flat_map(|unit| [BAR.0, BAR.1].map(|length| (unit, length)));
        laid.find_map(|(unit, length)| Self::fit(cx, scale, unit, length)).unwrap_or_default()
    }

    fn fit(cx: &mut Cx<'_>, scale: &Scale, unit: &str, length: f32) -> Option<Self> {
        let (mm, size, cap) =
            (|a: f32| cx.scale.mm(a), cx.scale.size(Step::Least), cx.scale.cap(Step::Least));
        let (length, high, pad) = (mm(length), mm(BAR.2), mm(PAD));
        let (down, across) = (mm(GAP.0), mm(GAP.1));
        let room = corner(cx);
        let h = pad + high + down + cap + pad;
        let bar = Rect::new(room.x, room.bottom() - h + pad, length, high);
        let mut legend = Self { bar, baseline: bar.bottom() + down + cap, ..Self::default() };
        let mut free = bar.x;
        for (value, part) in scale.values.iter().zip(scale.parts()) {
            let text = cx.setter.set(Setting::line(grouped(*value), size).tabular());
            let tick = bar.x + bar.w * part.sqrt();
            let x = (tick - text.size.w / 2.0).max(bar.x);
            if x < free {
                return None;
            }
            free = x + text.size.w + across;
            legend.ticks.push(tick);
            legend.texts.push((text, x));
        }
        let unit = cx.setter.set(Setting::line(unit, size));
        let right = free + unit.size.w;
        legend.texts.push((unit, free));
        // Its plate reaches into the gutter, so that the bar stands flush with the caption.
        legend.rect = Rect::new(room.x - pad, room.bottom() - h, right + 2.0 * pad - room.x, h);
        (legend.rect.w <= room.w * MOST.0 && h <= room.h * MOST.1).then_some(legend)
    }

    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Draws it; `ramp` gives the colour of a part of the bar, 0 to 1.
    pub fn draw(&self, cx: &Cx<'_>, ramp: impl Fn(f32) -> Rgba, list: &mut List) {
        if self.is_empty() {
            return;
        }
        list.rect(self.rect, cx.theme.ground.fade(0.82));
        let w = self.bar.w / f32::from(PIECES);
        for i in 0..PIECES {
            let part = (f32::from(i) + 0.5) / f32::from(PIECES);
            list.rect(Rect { x: self.bar.x + w * f32::from(i), w, ..self.bar }, ramp(part));
        }
        let tick = cx.scale.mm(1.0);
        for x in &self.ticks {
            let x = (x - tick / 2.0).min(self.bar.right() - tick);
            list.rect(Rect { x, w: tick, h: self.bar.h * 1.4, ..self.bar }, cx.theme.ink);
        }
        for (i, (text, x)) in self.texts.iter().enumerate() {
            let color = if i < self.ticks.len() { cx.theme.soft } else { cx.theme.quiet };
            list.text(text.clone(), Point::new(*x, self.baseline), color);
        }
    }

    /// Changes when it says something else.
    pub fn key(&self, state: &mut impl Hasher) {
        for (shaped, x) in &self.texts {
            (&shaped.setting, x.to_bits()).hash(state);
        }
    }
}

/// The lit part of the area at its bottom left.
fn corner(cx: &Cx<'_>) -> Rect {
    let parts = cx.lit.iter().filter_map(|lit| lit.intersection(&cx.area));
    let from_corner = |r: &Rect| r.x - r.bottom();
    parts.min_by(|a, b| from_corner(a).total_cmp(&from_corner(b))).unwrap_or(cx.area)
}
