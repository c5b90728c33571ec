//! From wall millimetres to the pixels of one display as it hangs.

use crate::geometry::{Point, Rect};
use crate::layout::wall::Display;

/// A display's place on the wall and its pixels, both as it hangs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screen {
    pub rect: Rect,
    pub pixels: (u32, u32),
}

/// A rectangle of whole pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Area {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

impl Area {
    pub const fn new(x: u32, y: u32, w: u32, h: u32) -> Self {
        Self { x, y, w, h }
    }

    /// The whole pixels that a box (left, top, right, bottom) touches, cut at 0.
    pub fn around([x0, y0, x1, y1]: [f32; 4]) -> Self {
        let (x, y) = (x0.max(0.0) as u32, y0.max(0.0) as u32);
        let far = |v: f32| v.ceil().max(0.0) as u32;
        Self { x, y, w: far(x1).saturating_sub(x), h: far(y1).saturating_sub(y) }
    }

    pub const fn right(&self) -> u32 {
        self.x.saturating_add(self.w)
    }

    pub const fn bottom(&self) -> u32 {
        self.y.saturating_add(self.h)
    }

    pub const fn is_empty(&self) -> bool {
        self.w == 0 || self.h == 0
    }

    /// How many pixels it has.
    pub const fn count(&self) -> u64 {
        self.w as u64 * self.h as u64
    }

    /// The common part; without pixels when there is none.
    pub fn intersection(&self, other: &Area) -> Area {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let w = self.right().min(other.right()).saturating_sub(x);
        let h = self.bottom().min(other.bottom()).saturating_sub(y);
        Area { x, y, w, h }
    }

    /// True when the box from (`x0`, `y0`) to (`x1`, `y1`) and this have a common part. False for
    /// numbers that are none.
    pub fn meets(&self, x0: f32, y0: f32, x1: f32, y1: f32) -> bool {
        x0 < self.right() as f32 && y0 < self.bottom() as f32 && x1 > self.x as f32 && y1 > self.y as f32
    }
}

impl Screen {
    pub fn of(display: &Display) -> Self {
        Self { rect: display.rect, pixels: display.pixels }
    }

    /// Pixels per millimetre across.
    pub fn density(&self) -> f32 {
        self.pixels.0 as f32 / self.rect.w
    }

    /// All its pixels.
    pub const fn whole(&self) -> Area {
        Area::new(0, 0, self.pixels.0, self.pixels.1)
    }

    /// Where a point of the wall lies, in pixels.
    pub fn point(&self, at: Point) -> [f32; 2] {
        let (sx, sy) = (self.density(), self.pixels.1 as f32 / self.rect.h);
        [(at.x - self.rect.x) * sx, (at.y - self.rect.y) * sy]
    }

    /// What of the wall lies within a box of pixels.
    pub fn part(&self, [x0, y0, x1, y1]: [f32; 4]) -> Rect {
        let (x, y) = (self.rect.w / self.pixels.0 as f32, self.rect.h / self.pixels.1 as f32);
        Rect::new(self.rect.x + x0 * x, self.rect.y + y0 * y, (x1 - x0) * x, (y1 - y0) * y)
    }

    /// Left, top, right and bottom of a rectangle of the wall, in pixels.
    pub fn edges(&self, rect: Rect) -> [f32; 4] {
        let [x0, y0] = self.point(Point::new(rect.x, rect.y));
        let [x1, y1] = self.point(Point::new(rect.right(), rect.bottom()));
        [x0, y0, x1, y1]
    }

    /// The whole pixels nearest to a rectangle of the wall, cut at the display's edges. Rectangles
    /// that touch on the wall touch here: no pixel belongs to both, none is left out.
    pub fn area(&self, rect: Rect) -> Area {
        let [x0, y0, x1, y1] = self.edges(rect);
        let across = |v: f32| v.round().clamp(0.0, self.pixels.0 as f32) as u32;
        let down = |v: f32| v.round().clamp(0.0, self.pixels.1 as f32) as u32;
        let (x, y) = (across(x0), down(y0));
        Area { x, y, w: across(x1).saturating_sub(x), h: down(y1).saturating_sub(y) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Screen = Screen { rect: Rect::new(100.0, 50.0, 160.0, 90.0), pixels: (320, 180) };

    #[test]
    fn millimetres_become_pixels() {
        assert_eq!(SCREEN.density(), 2.0);
        assert_eq!(SCREEN.point(Point::new(110.0, 55.0)), [20.0, 10.0]);
        assert_eq!(SCREEN.area(Rect::new(110.0, 55.0, 20.0, 10.0)), Area::new(20, 10, 40, 20));
    }

    #[test]
    fn neighbours_share_no_pixel_and_leave_none_out() {
        let left = SCREEN.area(Rect::new(100.0, 50.0, 33.3, 90.0));
        let right = SCREEN.area(Rect::new(133.3, 50.0, 126.7, 90.0));
        assert_eq!(left.right(), right.x);
        assert_eq!(right.right(), 320);
    }

    #[test]
    fn what_hangs_elsewhere_has_no_pixels() {
        assert!(SCREEN.area(Rect::new(0.0, 0.0, 90.0, 40.0)).is_empty());
        assert!(SCREEN.area(Rect::new(f32::NAN, 0.0, 90.0, 40.0)).count() <= SCREEN.whole().count());
        assert_eq!(SCREEN.area(Rect::new(0.0, 0.0, 900.0, 900.0)), SCREEN.whole());
    }
}
