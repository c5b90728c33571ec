//! The GPU: one device, one kept picture for each display. Knows nothing of mentions or widgets.
//!
//! What stands still is painted into a display's kept picture, tile by tile, when a tile's key
//! changes. A frame copies that picture to the window and draws what moves above it; a display in
//! which nothing changed is not presented at all.
//!
//! Each primitive has a file with its pipeline, its state, `prepare` and `render` (`primitives.rs`
//! holds them together), over one context that is made once.
//!
//! Limits: [`MAX_HEAT_FIELDS`] heat fields in a frame; glyph atlases that are made anew after 16,384
//! glyphs or 16 million texels, and of at most 8,192 texels a side whatever stands in one frame;
//! meshes forgotten 240 frames after they were last drawn; for a tile with a heat field one
//! picture of what lies below it; for the wall's background one of at most 33 MB; 8 MB of copied text
//! (software drivers only); while scenes cross, one more picture for each display.

mod acquirer;
mod adapter;
mod backdrop;
mod base;
mod bindings;
mod capture;
mod commands;
mod context;
mod draw;
mod encode;
mod error;
mod faults;
mod heat;
mod instances;
mod meshes;
mod output;
mod overlap;
mod panel;
mod pictures;
mod pipeline;
mod plan;
mod primitives;
mod quads;
mod renderer;
mod shaders;
mod target;
mod text;
mod text_cache;
mod timing;
mod window;

pub use acquirer::left_behind;
pub use adapter::{Drives, drives};
pub use draw::Drawn;
pub use error::GpuError;
pub use faults::{DeviceFault, Faults, SurfaceFault};
pub use heat::MAX_HEAT_FIELDS;
pub use output::Output;
pub use renderer::Gpu;
pub use window::Handles;
