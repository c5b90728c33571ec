//! The GPU: one device, one kept picture for each display. Knows nothing of mentions or widgets.
//!
//! What stands still is painted into a display's kept picture, tile by tile, when a tile's key
//! changes. A frame copies that picture to the window and draws what moves above it; a display in
//! which nothing changed is not presented at all.
//!
//! Limits: [`heat::MAX_FIELDS`] heat fields in a frame; glyph atlases of at most 8,192 texels a
//! side; meshes forgotten 240 frames after they were last drawn; for a tile with a heat field one
//! picture of what lies below it; 8 MB of copied text (software drivers only); while scenes cross,
//! one more picture for each display.

mod adapter;
mod alone;
mod base;
mod capture;
mod draw;
mod encode;
mod error;
mod fed;
pub mod heat;
mod letters;
mod output;
mod pipelines;
mod plan;
mod stamps;
mod store;
mod target;
mod timing;
mod window;

use std::sync::Arc;

pub use capture::Picture;
pub use draw::Drawn;
pub use error::GpuError;
pub use output::Output;
pub use window::Handles;

use crate::layout::wall::Display;
use crate::paint::Painter;
use error::Health;
use heat::{Cx, Fields};
use letters::Letters;
use pipelines::Pipelines;
use stamps::Stamps;
use store::{Instances, Meshes};
use target::Samplers;
use timing::Timing;
use wgpu::{Adapter, CommandEncoder, Device, Instance, Queue, TextureFormat};

/// A device and everything on it that displays share. When it is lost, drop it and all outputs
/// and open anew.
pub struct Gpu {
    instance: Instance,
    adapter: Adapter,
    device: Device,
    queue: Queue,
    format: TextureFormat,
    health: Arc<Health>,
    pipelines: Pipelines,
    samplers: Samplers,
    letters: Letters,
    painter: Painter,
    instances: Instances,
    meshes: Meshes,
    fields: Fields,
    stamps: Stamps,
    timing: Option<Timing>,
}

impl Gpu {
    /// Opens the best device that can draw to `window`.
    pub fn open<W: Handles>(window: Arc<W>) -> Result<Self, GpuError> {
        let instance = adapter::instance();
        let surface = window::surface(&instance, window)?;
        let adapter = adapter::choose(&instance, Some(&surface), adapter::wanted())?;
        let format = window::format(&surface.get_capabilities(&adapter).formats);
        drop(surface);
        Self::with(instance, adapter, format)
    }

    /// Opens the best device, for pictures without windows.
    pub fn headless() -> Result<Self, GpuError> {
        Self::without_window(adapter::wanted())
    }

    /// Opens the software driver whatever else there is, for pictures that are the same everywhere.
    pub fn software() -> Result<Self, GpuError> {
        Self::without_window(Some("software".into()))
    }

    fn without_window(wanted: Option<String>) -> Result<Self, GpuError> {
        let instance = adapter::instance();
        let adapter = adapter::choose(&instance, None, wanted)?;
        Self::with(instance, adapter, TextureFormat::Bgra8Unorm)
    }

    fn with(instance: Instance, adapter: Adapter, format: TextureFormat) -> Result<Self, GpuError> {
        let health = Arc::new(Health::default());
        let (device, queue) = adapter::device(&adapter, &health)?;
        tracing::info!(adapter = adapter::words(&adapter), ?format, "graphics device");
        Ok(Self {
            pipelines: Pipelines::new(&device, format),
            samplers: Samplers::new(&device),
            letters: Letters::new(&device, &queue, format),
            painter: Painter::default(),
            instances: Instances::new(&device),
            meshes: Meshes::default(),
            fields: Fields::default(),
            stamps: Stamps::new(adapter::is_software(&adapter)),
            timing: None,
            instance,
            adapter,
            device,
            queue,
            format,
            health,
        })
    }

    /// Name, kind and driver of the adapter, for people.
    pub fn adapter_words(&self) -> String {
        adapter::words(&self.adapter)
    }

    /// Whether the adapter can draw a display of so many pixels.
    pub fn takes(&self, display: &Display) -> Result<(), GpuError> {
        let ((width, height), limit) = (display.pixels, self.side());
        if width.min(height) > 0 && width.max(height) <= limit {
            return Ok(());
        }
        Err(GpuError::Size { name: display.name.clone(), width, height, limit })
    }

    /// The longest side of a picture, pixels.
    fn side(&self) -> u32 {
        self.device.limits().max_texture_dimension_2d
    }

    /// True once the device is of no more use: drop everything that came from it and open anew.
    pub fn lost(&self) -> bool {
        self.health.lost()
    }

    /// Errors that the driver reported since the start.
    pub fn errors(&self) -> u64 {
        self.health.errors()
    }

    /// Gives the device up, as a driver does that fails. For tests of recovery.
    pub fn lose(&self) {
        self.device.destroy();
        self.health.lose("on request");
    }

    /// Measures the GPU time of frames from now on; false where the driver has no timestamps.
    pub fn measure(&mut self) -> bool {
        self.timing = Timing::new(&self.device, &self.queue);
        self.timing.is_some()
    }

    /// GPU time of the newest frame that was measured since the last call, milliseconds; some
    /// frames late. `None` before [`Gpu::measure`].
    pub fn last_gpu_ms(&mut self) -> Option<f32> {
        self.timing.as_mut().and_then(Timing::take)
    }

    fn cx(&self) -> Cx<'_> {
        Cx {
            device: &self.device,
            queue: &self.queue,
            pipelines: &self.pipelines,
            samplers: &self.samplers,
            format: self.format,
        }
    }

    fn encoder(&self, label: &str) -> CommandEncoder {
        self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some(label) })
    }
}
