//! What the map's lines and colours stand for, stacked in the empty South Pacific: the value of
//! each contour line, hottest first, and how many mentions say where they were made.

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

/// Most of the room's width and height that the caption takes; a smaller room gets none.
const MOST: (f32, f32) = (0.4, 0.5);

/// The caption of one map.
#[derive(Clone, Debug, Default)]
pub struct Caption {
    /// Around all of it; empty when there is none.
    pub rect: Rect,
    /// Text of each line, and the part of the hottest value whose colour stands before it.
    lines: Vec<(Arc<Shaped>, Option<f32>)>,
    indent: f32,
    pitch: f32,
}

impl Caption {
    /// Lays the caption out at the bottom left of the area, on its first display. `located` is
    /// the per cent of mentions that say where.
    pub fn lay(cx: &mut Cx<'_>, contours: &Contours, located: Option<u64>) -> Self {
        let room = cx.lit.iter().find_map(|l| l.intersection(&cx.area)).unwrap_or(cx.area);
        let mut words: Vec<(String, Option<f32>)> = vec![];
        for (i, (value, part)) in contours.values.iter().zip(contours.parts).enumerate().rev() {
            let unit = if i + 1 == contours.values.len() { contours.per } else { "" };
            words.push((format!("{} {unit}", grouped(*value)).trim_end().into(), Some(part)));
        }
        words.extend(located.map(|l| (format!("{l}\u{202f}% say where"), None)));
        Self::stack(cx, room, &words)
    }

    /// A caption of words alone.
    pub fn words(cx: &mut Cx<'_>, text: &str) -> Self {
        let room = cx.lit.iter().find_map(|l| l.intersection(&cx.area)).unwrap_or(cx.area);
        let size = cx.scale.size(Step::Least);
        let shaped = cx.setter.set(Setting::line(text, size).within(room.w, 1));
        let rect = Rect::new(room.x, room.bottom() - shaped.size.h, shaped.size.w, shaped.size.h);
        Self { rect, pitch: rect.h, indent: 0.0, lines: vec![(shaped, None)] }
    }

    fn stack(cx: &mut Cx<'_>, room: Rect, words: &[(String, Option<f32>)]) -> Self {
        let (size, pitch) = (cx.scale.size(Step::Least), cx.scale.line(Step::Least));
        let indent = cx.scale.mm(Step::Least.arcmin()) * 0.95;
        let set = |(text, part): &(String, Option<f32>)| {
            (cx.setter.set(Setting::line(text.as_str(), size).tabular()), *part)
        };
        let lines: Vec<_> = words.iter().map(set).collect();
        let wide = |(s, part): &(Arc<Shaped>, Option<f32>)| s.size.w + part.map_or(0.0, |_| indent);
        let (w, h) = (lines.iter().map(wide).fold(0.0, f32::max), pitch * lines.len() as f32);
        if w > room.w * MOST.0 || h > room.h * MOST.1 {
            return Self::default();
        }
        Self { rect: Rect::new(room.x, room.bottom() - h, w, h), lines, indent, pitch }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn draw(&self, cx: &Cx<'_>, ramp: impl Fn(f32) -> Rgba, list: &mut List) {
        let cap = cx.scale.mm(Step::Least.arcmin());
        for (i, (shaped, part)) in self.lines.iter().enumerate() {
            // The last baseline stands on the area's edge, as all captions and badges do.
            let y = self.rect.bottom() - (self.lines.len() - 1 - i) as f32 * self.pitch;
            let mut x = self.rect.x;
            if let Some(part) = part {
                list.disc(Point::new(x + cap * 0.3, y - cap / 2.0), cap * 0.3, ramp(*part));
                x += self.indent;
            }
            list.text(shaped.clone(), Point::new(x, y), cx.theme.quiet);
        }
    }

    /// Changes when it says something else.
    pub fn key(&self, state: &mut impl Hasher) {
        for (shaped, part) in &self.lines {
            (&shaped.setting, part.map(f32::to_bits)).hash(state);
        }
    }
}
