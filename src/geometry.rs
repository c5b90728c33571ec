//! Points, sizes and rectangles in wall millimetres: origin top left, x to the right, y down.

use std::hash::{Hash, Hasher};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A point on the wall, millimetres.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }
}

/// Width and height, millimetres.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    pub w: f32,
    pub h: f32,
}

impl Size {
    pub const fn new(w: f32, h: f32) -> Self {
        Self { w, h }
    }
}

/// An axis-parallel rectangle, millimetres. Width and height are never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

impl Rect {
    pub const fn new(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self { x, y, w, h }
    }

    pub const fn right(&self) -> f32 {
        self.x + self.w
    }

    pub const fn bottom(&self) -> f32 {
        self.y + self.h
    }

    pub const fn center(&self) -> Point {
        Point::new(self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    pub const fn is_empty(&self) -> bool {
        self.w <= 0.0 || self.h <= 0.0
    }

    /// This rectangle smaller by `by` on every side; empty at worst.
    pub fn inset(&self, by: f32) -> Self {
        let (w, h) = ((self.w - 2.0 * by).max(0.0), (self.h - 2.0 * by).max(0.0));
        Self { x: self.x + (self.w - w) / 2.0, y: self.y + (self.h - h) / 2.0, w, h }
    }

    /// The common part, if it has an area.
    pub fn intersection(&self, other: &Rect) -> Option<Rect> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let w = self.right().min(other.right()) - x;
        let h = self.bottom().min(other.bottom()) - y;
        (w > 0.0 && h > 0.0).then_some(Rect { x, y, w, h })
    }

    /// The smallest rectangle around both.
    pub fn union(&self, other: &Rect) -> Rect {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let w = self.right().max(other.right()) - x;
        let h = self.bottom().max(other.bottom()) - y;
        Rect { x, y, w, h }
    }

    /// True when `point` lies inside; the left and top edges belong to it.
    pub fn contains(&self, point: Point) -> bool {
        (self.x..self.right()).contains(&point.x) && (self.y..self.bottom()).contains(&point.y)
    }
}

/// How a panel is turned on the wall, clockwise, seen from the room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "u16", into = "u16")]
pub enum Rotation {
    #[default]
    R0,
    R90,
    R180,
    R270,
}

impl Rotation {
    /// True when the panel's width stands upright on the wall.
    pub const fn is_sideways(self) -> bool {
        matches!(self, Self::R90 | Self::R270)
    }

    pub const fn degrees(self) -> u16 {
        match self {
            Self::R0 => 0,
            Self::R90 => 90,
            Self::R180 => 180,
            Self::R270 => 270,
        }
    }
}

impl From<Rotation> for u16 {
    fn from(rotation: Rotation) -> u16 {
        rotation.degrees()
    }
}

impl TryFrom<u16> for Rotation {
    type Error = String;
    fn try_from(degrees: u16) -> Result<Self, String> {
        match degrees {
            0 => Ok(Self::R0),
            90 => Ok(Self::R90),
            180 => Ok(Self::R180),
            270 => Ok(Self::R270),
            other => Err(format!("rotation {other} is not one of 0, 90, 180, 270")),
        }
    }
}

/// Hashes the bits of floats, for keys that say whether a picture changed.
pub fn hash_f32<H: Hasher>(values: &[f32], state: &mut H) {
    for value in values {
        value.to_bits().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intersection_needs_an_area() {
        let a = Rect::new(0.0, 0.0, 10.0, 10.0);
        assert_eq!(a.intersection(&Rect::new(10.0, 0.0, 5.0, 5.0)), None);
        let common = a.intersection(&Rect::new(8.0, 9.0, 5.0, 5.0));
        assert_eq!(common, Some(Rect::new(8.0, 9.0, 2.0, 1.0)));
    }

    #[test]
    fn an_inset_never_turns_inside_out() {
        let r = Rect::new(0.0, 0.0, 4.0, 10.0).inset(3.0);
        assert_eq!(r, Rect::new(2.0, 3.0, 0.0, 4.0));
    }
}
