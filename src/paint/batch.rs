//! A batch: what is drawn onto one display in one pass, in its pixels.

use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use bytemuck::{Pod, Zeroable};

use crate::color::Rgba;
use crate::geometry::{Rect, hash_f32};
use crate::paint::field::Field;
use crate::paint::mesh::Mesh;
use crate::paint::screen::Area;
use crate::text::Shaped;

/// A rectangle, rounded rectangle, disc or ring. `Quad` in `shaders/shape.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct Quad {
    /// Left, top, right, bottom, pixels.
    pub edges: [f32; 4],
    /// Radius of the corners; breadth of the line, 0 for a filled shape. Pixels.
    pub round: [f32; 2],
    /// Straight alpha.
    pub color: [u8; 4],
}

/// Where a mesh stands and its colour. `Mark` in `shaders/mesh.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct Mark {
    /// Pixels.
    pub at: [f32; 2],
    /// Straight alpha.
    pub color: [u8; 4],
}

/// A part of the wall's background, and where it goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Behind {
    /// Left, top, right, bottom, pixels.
    pub edges: [f32; 4],
    /// The same on the wall, millimetres.
    pub part: Rect,
    /// 1 takes the place of what is there.
    pub opacity: f32,
}

/// One thing to do, in order.
#[derive(Clone, Debug)]
pub enum Step {
    /// From here on nothing is drawn outside.
    Clip(Area),
    /// Opaque rectangles on whole pixels.
    Flat(Range<u32>),
    /// Any other quads.
    Shapes(Range<u32>),
    /// A mesh with the mark of that index.
    Mesh(Arc<Mesh>, u32),
    Heat(Arc<Field>),
    /// The background, by its index.
    Behind(u32),
}

/// A block of set text.
#[derive(Clone, Debug)]
pub struct TextRun {
    pub shaped: Arc<Shaped>,
    /// Left and top of the block, pixels.
    pub at: [f32; 2],
    /// Pixels per millimetre.
    pub scale: f32,
    pub color: Rgba,
    pub clip: Area,
    /// Around its ink: left, top, right, bottom, pixels.
    pub ink: [f32; 4],
    /// Nothing else is drawn there: neither above nor below it.
    pub alone: bool,
}

impl TextRun {
    /// The box around what of its ink lies inside the clip; of no extent where none of it does.
    pub fn seen(&self) -> [f32; 4] {
        let Area { x, y, .. } = self.clip;
        let (left, top) = (self.ink[0].max(x as f32), self.ink[1].max(y as f32));
        let (right, bottom) = (self.clip.right() as f32, self.clip.bottom() as f32);
        [left, top, self.ink[2].min(right).max(left), self.ink[3].min(bottom).max(top)]
    }
}

/// Steps in order, then all text above them.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub steps: Vec<Step>,
    pub quads: Vec<Quad>,
    pub marks: Vec<Mark>,
    pub behinds: Vec<Behind>,
    pub texts: Vec<TextRun>,
    /// Around each thing: left, top, right, bottom, pixels.
    pub boxes: Vec<[f32; 4]>,
}

impl Batch {
    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.steps.clear();
        self.quads.clear();
        self.marks.clear();
        self.behinds.clear();
        self.texts.clear();
        self.boxes.clear();
    }

    /// True when nothing is drawn.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && !self.has_shapes()
    }

    /// True when anything but text is drawn.
    pub fn has_shapes(&self) -> bool {
        self.steps.iter().any(|step| !matches!(step, Step::Clip(_)))
    }

    /// Limits what follows to `area`.
    pub fn clip(&mut self, area: Area) {
        self.steps.push(Step::Clip(area));
    }

    /// Covers all of `area` with an opaque colour.
    pub fn cover(&mut self, area: Area, color: Rgba) {
        let edges = [area.x, area.y, area.right(), area.bottom()].map(|v| v as f32);
        self.flat(Quad { edges, round: [0.0; 2], color: Rgba { a: 1.0, ..color }.to_bytes() });
    }

    /// Lays the wall's background there.
    pub fn lay(&mut self, behind: Behind) {
        self.steps.push(Step::Behind(self.behinds.len() as u32));
        self.behinds.push(behind);
    }

    pub(super) fn flat(&mut self, quad: Quad) {
        let at = self.quads.len() as u32;
        match self.steps.last_mut() {
            Some(Step::Flat(range)) if range.end == at => range.end += 1,
            _ => self.steps.push(Step::Flat(at..at + 1)),
        }
        self.quads.push(quad);
    }

    pub(super) fn shape(&mut self, quad: Quad) {
        let at = self.quads.len() as u32;
        match self.steps.last_mut() {
            Some(Step::Shapes(range)) if range.end == at => range.end += 1,
            _ => self.steps.push(Step::Shapes(at..at + 1)),
        }
        self.quads.push(quad);
    }

    pub(super) fn mesh(&mut self, mesh: Arc<Mesh>, mark: Mark) {
        self.steps.push(Step::Mesh(mesh, self.marks.len() as u32));
        self.marks.push(mark);
    }

    /// A number that says whether two batches draw the same. Meshes, fields and text count by
    /// pointer, so compare only with a batch that is still alive.
    pub fn fingerprint(&self) -> u64 {
        let mut state = rustc_hash::FxHasher::default();
        bytemuck::cast_slice::<Quad, u8>(&self.quads).hash(&mut state);
        bytemuck::cast_slice::<Mark, u8>(&self.marks).hash(&mut state);
        for step in &self.steps {
            step.hash(&mut state);
        }
        for Behind { edges, part, opacity } in &self.behinds {
            hash_f32(edges, &mut state);
            hash_f32(&[part.x, part.y, part.w, part.h, *opacity], &mut state);
        }
        for text in &self.texts {
            Arc::as_ptr(&text.shaped).hash(&mut state);
            hash_f32(&[text.at[0], text.at[1], text.scale], &mut state);
            (text.color, text.clip).hash(&mut state);
        }
        state.finish()
    }
}

impl Hash for Step {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Step::Clip(area) => (0, area).hash(state),
            Step::Flat(range) => (1, range).hash(state),
            Step::Shapes(range) => (2, range).hash(state),
            Step::Mesh(mesh, mark) => (3, Arc::as_ptr(mesh), mark).hash(state),
            Step::Heat(field) => (4, Arc::as_ptr(field)).hash(state),
            Step::Behind(behind) => (5, behind).hash(state),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_are_as_large_as_their_twins() {
        assert_eq!(size_of::<Quad>(), 28);
        assert_eq!(size_of::<Mark>(), 12);
    }

    #[test]
    fn neighbours_of_one_kind_are_drawn_together() {
        let mut batch = Batch::default();
        batch.cover(Area::new(0, 0, 4, 4), Rgba::hex(0));
        batch.cover(Area::new(4, 0, 4, 4), Rgba::hex(0));
        assert_eq!(batch.steps.len(), 1);
        let before = batch.fingerprint();
        batch.clip(Area::new(0, 0, 1, 1));
        assert_ne!(batch.fingerprint(), before);
        assert!(!batch.is_empty());
    }
}
