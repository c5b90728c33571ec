//! How much room a tile has, in what a viewer sees of it.

use crate::geometry::Rect;
use crate::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT, Scale, Step, TEXT_ARCMIN};

/// The room that a picture gives to a tile.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Width and height, arc minutes for the farthest viewer, at the usual size of text.
    pub width: f32,
    pub height: f32,
    /// Topics of the layout.
    pub topics: usize,
    /// Height, millimetres.
    pub height_mm: f32,
    scale: Scale,
    /// Size of the tile's text as a part of the usual one.
    text: f32,
}

impl Room {
    /// Room for a heading, the badge and the gutter around a tile, arc minutes.
    pub const FRAME: f32 = 74.0;
    /// Between two rows of a list, arc minutes.
    pub const ROW_GAP: f32 = 6.0;

    /// In a rectangle with text of this size, on a wall with so many topics.
    pub fn new(rect: Rect, text_arcmin: f32, topics: usize, scale: Scale) -> Self {
        let text = text_arcmin / TEXT_ARCMIN;
        let (width, height) = (scale.arcmin(rect.w) / text, scale.arcmin(rect.h) / text);
        Self { width, height, topics, height_mm: rect.h, scale, text }
    }

    /// From one baseline to the next, arc minutes.
    pub fn line(step: Step) -> f32 {
        step.arcmin() / CAP_HEIGHT * LINE_HEIGHT
    }

    /// Millimetres on this tile of arc minutes at the usual size of text, rounded up.
    pub fn mm(&self, arcmin: f32) -> f32 {
        self.scale.mm(arcmin * self.text).ceil()
    }
}
