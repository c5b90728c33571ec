//! The device with everything on it that displays share.

use std::sync::Arc;

use wgpu::{Adapter, Instance, TextureFormat};

use super::adapter;
use super::backdrop::Backdrop;
use super::context::Context;
use super::error::GpuError;
use super::faults::{DeviceFault, Faults};
use super::primitives::Primitives;
use super::timing::Timing;
use super::window::{self, Handles};
use crate::color::Theme;
use crate::layout::background::Background;
use crate::layout::wall::Display;
use crate::paint::Painter;

/// A device and everything on it that displays share. When it is lost, drop it and all outputs
/// and open anew.
pub struct Gpu {
    pub(super) context: Context,
    pub(super) primitives: Primitives,
    pub(super) painter: Painter,
    pub(super) timing: Option<Timing>,
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
        let caches_text = adapter::is_software(&adapter);
        let context = Context::open(instance, adapter, format)?;
        let primitives = Primitives::new(&context, caches_text);
        Ok(Self { context, primitives, painter: Painter::default(), timing: None })
    }

    /// Takes over what stands behind everything on the wall. Outputs show it once they are painted again; the same
    /// again costs nothing.
    pub fn set_background(&mut self, background: Option<&Background>, theme: &Theme) {
        let held = self.primitives.backdrop.take();
        let shown = background.filter(|_| theme.background > 0.0);
        self.primitives.backdrop = shown.and_then(|background| {
            held.filter(|held| held.is(background, theme))
                .or_else(|| Backdrop::new(&self.context, background, theme))
        });
        self.painter.pictured = self.primitives.backdrop.is_some();
    }

    /// Name, kind and driver of the adapter, for people.
    pub fn adapter_words(&self) -> String {
        adapter::words(&self.context.adapter)
    }

    /// Whether the adapter can draw a display of so many pixels.
    pub fn takes(&self, display: &Display) -> Result<(), GpuError> {
        let ((width, height), limit) = (display.pixels, self.context.max_side());
        if width.min(height) > 0 && width.max(height) <= limit {
            return Ok(());
        }
        Err(GpuError::Size { name: display.name.clone(), width, height, limit })
    }

    /// True once the device is of no more use: drop everything that came from it and open anew.
    pub fn lost(&self) -> bool {
        self.context.health.lost()
    }

    /// Errors that the driver reported since the start.
    pub fn errors(&self) -> u64 {
        self.context.health.errors()
    }

    /// Bytes that textures and buffers take at present; `None` where the backend does not count them.
    pub fn allocated(&self) -> Option<u64> {
        self.context.device.generate_allocator_report().map(|report| report.total_allocated_bytes)
    }

    /// Has faults come that are asked for from now on. For tests of recovery.
    pub fn obey(&mut self, faults: Faults) {
        self.context.faults = faults;
    }

    /// Loses the device if that is to be now.
    pub(super) fn fail(&self, now: DeviceFault) {
        if self.context.faults.take_device(now) {
            self.lose();
        }
    }

    /// Destroys the device, of which the driver then tells as of one that is lost. For tests of recovery.
    pub fn lose(&self) {
        self.context.device.destroy();
        // It is told when nothing of it is under way any more, to whoever asks.
        if let Err(error) = self.context.device.poll(wgpu::PollType::wait_indefinitely()) {
            tracing::warn!(%error, "the destroyed device is not told as lost");
        }
    }

    /// Measures the GPU time of frames from now on; false where the driver has no timestamps.
    pub fn measure(&mut self) -> bool {
        self.timing = Timing::new(&self.context.device, &self.context.queue);
        self.timing.is_some()
    }

    /// GPU time of the newest frame that was measured since the last call, milliseconds; some
    /// frames late. `None` before [`Gpu::measure`].
    pub fn last_gpu_ms(&mut self) -> Option<f32> {
        self.timing.as_mut().and_then(Timing::take)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::shaders::ShaderSources;

    #[test]
    fn a_broken_shader_keeps_the_old_one() {
        let Gpu { context, mut primitives, .. } =
            Gpu::software().expect("a Vulkan software driver (mesa-vulkan-drivers)");
        let old = primitives.pipelines.quads.shape.clone();
        let broken = ShaderSources { shape: "fn vs_flat( {".into(), ..ShaderSources::built_in() };
        primitives.replace(&context, &broken);
        assert!(primitives.pipelines.quads.shape == old);
        primitives.replace(&context, &ShaderSources::built_in());
        assert!(primitives.pipelines.quads.shape != old);
        assert_eq!(context.health.errors(), 0);
    }
}
