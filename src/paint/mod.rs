//! Paint: display lists of wall millimetres become batches in the pixels of one display.
//!
//! Pure: no GPU in here. [`Painter`] keeps tessellated outlines, bounded by
//! [`tessellate::MAX_MESHES`] and [`tessellate::MAX_VERTICES`].

pub mod batch;
pub mod field;
pub mod fill;
pub mod mesh;
mod outline;
pub mod painter;
pub mod screen;
pub mod stroke;
pub mod tessellate;

pub use batch::{Batch, Behind, Mark, Quad, Step, TextRun};
pub use field::{Cell, Field, Splat};
pub use mesh::{Mesh, MeshVertex};
pub use painter::{Layer, Painter};
pub use screen::{Area, Screen};
