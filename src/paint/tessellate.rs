//! Outlines as triangles, and the store that keeps them.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::paint::mesh::Mesh;
use crate::paint::{fill, outline, stroke};
use crate::scene::list::Path;

/// Meshes kept ready; the least recently used go first.
pub const MAX_MESHES: usize = 256;
/// Corners kept ready in all meshes together (12 bytes each, and about as much for indices).
pub const MAX_VERTICES: usize = 400_000;

/// How a path is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Manner {
    Fill,
    /// Breadth of the line, millimetres.
    Stroke(f32),
}

/// Tessellates a path at `scale` pixels per millimetre.
pub fn tessellate(path: &Path, manner: Manner, scale: f32) -> Mesh {
    let lines = outline::lines(path, scale);
    let mut mesh = Mesh::default();
    match manner {
        Manner::Fill => fill::fill(&lines, &mut mesh),
        Manner::Stroke(width) => {
            lines.iter().for_each(|line| stroke::stroke(line, width * scale, &mut mesh));
        }
    }
    mesh.bounded()
}

/// The path's address, the scale's and the breadth's bits (filled: none).
type Key = (usize, u32, Option<u32>);

/// Meshes of paths that were drawn lately. A path is held as long as its mesh, so that its address
/// stands for its content.
#[derive(Debug, Default)]
pub struct MeshStore {
    kept: FxHashMap<Key, KeptMesh>,
    vertices: usize,
    tick: u64,
}

#[derive(Debug)]
struct KeptMesh {
    mesh: Arc<Mesh>,
    used: u64,
    _path: Arc<Path>,
}

impl MeshStore {
    /// The mesh of a path at `scale` pixels per millimetre.
    pub fn get(&mut self, path: &Arc<Path>, manner: Manner, scale: f32) -> Arc<Mesh> {
        self.tick += 1;
        let width = match manner {
            Manner::Fill => None,
            Manner::Stroke(width) => Some(width.to_bits()),
        };
        let key = (Arc::as_ptr(path) as usize, scale.to_bits(), width);
        if let Some(kept) = self.kept.get_mut(&key) {
            kept.used = self.tick;
            return kept.mesh.clone();
        }
        let mesh = Arc::new(tessellate(path, manner, scale));
        self.vertices += mesh.vertices.len();
        self.kept.insert(key, KeptMesh { mesh: mesh.clone(), used: self.tick, _path: path.clone() });
        self.shrink();
        mesh
    }

    /// Forgets the least recently used until the limits hold; the newest always stays.
    fn shrink(&mut self) {
        while self.kept.len() > 1 && (self.kept.len() > MAX_MESHES || self.vertices > MAX_VERTICES) {
            let Some((&oldest, _)) = self.kept.iter().min_by_key(|(_, kept)| kept.used) else { return };
            if let Some(kept) = self.kept.remove(&oldest) {
                self.vertices -= kept.mesh.vertices.len();
            }
        }
    }

    /// How many meshes are kept.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;
    use crate::paint::mesh::MeshVertex;
    use crate::scene::list::Outline;

    fn square(side: f32) -> Arc<Path> {
        let points = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)];
        let points = points.map(|(x, y)| Point::new(x, y)).to_vec();
        Arc::new(Path { outlines: vec![Outline { points, closed: true }] })
    }

    #[test]
    fn a_corner_is_as_large_as_its_twin() {
        assert_eq!(size_of::<MeshVertex>(), 12);
    }

    #[test]
    fn a_path_is_tessellated_once_for_each_scale_and_manner() {
        let mut store = MeshStore::default();
        let path = square(10.0);
        let first = store.get(&path, Manner::Fill, 2.0);
        assert!(Arc::ptr_eq(&first, &store.get(&path, Manner::Fill, 2.0)));
        assert!(!Arc::ptr_eq(&first, &store.get(&path, Manner::Fill, 3.0)));
        assert!(!Arc::ptr_eq(&first, &store.get(&path, Manner::Stroke(1.0), 2.0)));
        assert_eq!(store.len(), 3);
    }

    #[test]
    fn the_store_is_bounded_and_keeps_what_is_used() {
        let mut store = MeshStore::default();
        let kept = square(10.0);
        let mesh = store.get(&kept, Manner::Fill, 1.0);
        for i in 0..2 * MAX_MESHES {
            store.get(&square(i as f32 + 5.0), Manner::Fill, 1.0);
            store.get(&kept, Manner::Fill, 1.0);
        }
        assert!(store.len() <= MAX_MESHES);
        assert!(Arc::ptr_eq(&mesh, &store.get(&kept, Manner::Fill, 1.0)));
    }

    #[test]
    fn the_soft_edge_lies_half_in_and_half_out() {
        let mesh = tessellate(&square(10.0), Manner::Fill, 2.0);
        assert_eq!(mesh.bounds, [-0.5, -0.5, 20.5, 20.5]);
        let area: f32 = mesh.indices.chunks(3).map(|t| weighted_area(&mesh, t)).sum();
        assert!((area - 400.0).abs() < 1.0, "{area}");
    }

    #[test]
    fn a_line_covers_its_breadth_times_its_length() {
        let points = vec![Point::new(0.0, 0.0), Point::new(50.0, 0.0), Point::new(50.0, 50.0)];
        let path = Path { outlines: vec![Outline { points, closed: false }] };
        let mesh = tessellate(&path, Manner::Stroke(3.0), 2.0);
        let area: f32 = mesh.indices.chunks(3).map(|t| weighted_area(&mesh, t)).sum();
        assert!((area - 6.0 * 200.0).abs() < 25.0, "{area}");
    }

    #[test]
    fn what_is_no_number_or_too_short_draws_nothing() {
        let bad = vec![Point::new(f32::NAN, 0.0), Point::new(1.0, f32::INFINITY), Point::new(2.0, 2.0)];
        let path = Path { outlines: vec![Outline { points: bad, closed: true }] };
        assert!(tessellate(&path, Manner::Fill, 1.0).indices.is_empty());
        assert!(tessellate(&path, Manner::Stroke(1.0), 1.0).indices.is_empty());
    }

    fn weighted_area(mesh: &Mesh, triangle: &[u32]) -> f32 {
        let [a, b, c] = [0, 1, 2].map(|i| mesh.vertices[triangle[i] as usize]);
        let cross = (b.at[0] - a.at[0]) * (c.at[1] - a.at[1]) - (b.at[1] - a.at[1]) * (c.at[0] - a.at[0]);
        cross.abs() / 2.0 * (a.cover + b.cover + c.cover) / 3.0
    }
}
