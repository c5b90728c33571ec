//! The space of a tile, as a viewer sees it.

use crate::geometry::Rect;
use crate::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT, Scale, Step, TEXT_ARCMIN};

/// The space that a picture gives to a tile.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Width and height, in arc minutes for the farthest viewer, at the usual text size.
    pub width: f32,
    pub height: f32,
    /// Number of topics in the layout.
    pub topics: usize,
    /// Height, millimetres.
    pub height_mm: f32,
    scale: Scale,
    /// Text size of the tile relative to the usual one.
    text: f32,
}

impl Room {
    /// Height of the heading, the badge and the gutter around a tile, arc minutes.
    pub const FRAME: f32 = 74.0;
    /// Width of the gutter at both sides, arc minutes.
    const GUTTERS: f32 = 32.0;
    /// Gap between two rows of a list, arc minutes.
    pub const ROW_GAP: f32 = 6.0;

    /// The space in a rectangle with text of this size, on a wall with that many topics.
    pub fn new(rect: Rect, text_arcmin: f32, topics: usize, scale: Scale) -> Self {
        let text = text_arcmin / TEXT_ARCMIN;
        let (width, height) = (scale.arcmin(rect.w) / text, scale.arcmin(rect.h) / text);
        Self { width, height, topics, height_mm: rect.h, scale, text }
    }

    /// From one baseline to the next, arc minutes.
    pub fn line(step: Step) -> f32 {
        step.arcmin() / CAP_HEIGHT * LINE_HEIGHT
    }

    /// What the frame leaves of it for the content, millimetres, with its top left corner at the origin.
    pub fn content(&self) -> Rect {
        let mm = |arcmin: f32| self.scale.mm(arcmin.max(0.0) * self.text);
        Rect::new(0.0, 0.0, mm(self.width - Self::GUTTERS), mm(self.height - Self::FRAME))
    }

    /// The sizes of the tile's text.
    pub fn scale(&self) -> Scale {
        self.scale.with_text(TEXT_ARCMIN * self.text)
    }

    /// Converts arc minutes at the usual text size to millimetres on this tile, rounded up.
    pub fn mm(&self, arcmin: f32) -> f32 {
        self.scale.mm(arcmin * self.text).ceil()
    }
}
