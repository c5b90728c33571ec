//! Triangles with a soft edge.

use bytemuck::{Pod, Zeroable};

/// A corner. `Corner` in `shaders/mesh.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct MeshVertex {
    /// Pixels from the path's own origin.
    pub at: [f32; 2],
    /// How much of the colour shows here: 1 inside, 0 at the outer end of the soft edge.
    pub cover: f32,
}

/// Triangles with a soft edge one pixel wide.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mesh {
    pub vertices: Vec<MeshVertex>,
    pub indices: Vec<u32>,
    /// Left, top, right, bottom, pixels from the path's own origin.
    pub bounds: [f32; 4],
}

impl Mesh {
    pub(super) fn push(&mut self, at: [f32; 2], cover: f32) -> u32 {
        self.vertices.push(MeshVertex { at, cover });
        self.vertices.len() as u32 - 1
    }

    /// Joins two rows of the same strip by triangles.
    pub(super) fn join<const N: usize>(&mut self, a: [u32; N], b: [u32; N]) {
        for i in 0..N - 1 {
            self.indices.extend([a[i], a[i + 1], b[i], b[i], a[i + 1], b[i + 1]]);
        }
    }

    pub(super) fn bounded(mut self) -> Self {
        let none = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        self.bounds = self
            .vertices
            .iter()
            .fold(none, |b, v| [b[0].min(v.at[0]), b[1].min(v.at[1]), b[2].max(v.at[0]), b[3].max(v.at[1])]);
        self
    }
}
