//! The device and what everything that draws on it shares. It is made once and lent to all.

use std::sync::Arc;

use bytemuck::Pod;
use wgpu::{
    Adapter, BindGroup, CommandEncoder, Device, Instance, Queue, Sampler, TextureFormat, TextureView,
};

use super::adapter;
use super::bindings::{Layouts, Samplers};
use super::error::{GpuError, Health};
use super::faults::Faults;
use super::target::Target;

/// An open device.
pub struct Context {
    pub instance: Instance,
    pub adapter: Adapter,
    pub device: Device,
    pub queue: Queue,
    /// Of pictures and windows.
    pub format: TextureFormat,
    pub layouts: Layouts,
    pub samplers: Samplers,
    pub health: Arc<Health>,
    /// Faults that a test asks for.
    pub faults: Faults,
}

impl Context {
    pub fn open(instance: Instance, adapter: Adapter, format: TextureFormat) -> Result<Self, GpuError> {
        let health = Arc::new(Health::default());
        let (device, queue) = adapter::device(&adapter, &health)?;
        tracing::info!(adapter = adapter::words(&adapter), ?format, "graphics device");
        let (layouts, samplers) = (Layouts::new(&device), Samplers::new(&device));
        let faults = Faults::default();
        Ok(Self { instance, adapter, device, queue, format, layouts, samplers, health, faults })
    }

    /// The longest side of a picture, pixels.
    pub fn max_side(&self) -> u32 {
        self.device.limits().max_texture_dimension_2d
    }

    pub fn encoder(&self, label: &str) -> CommandEncoder {
        self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some(label) })
    }

    /// A picture in the format of windows.
    pub fn target(&self, label: &str, size: (u32, u32)) -> Target {
        Target::new(&self.device, label, self.format, size)
    }

    /// A uniform that never changes.
    pub fn constant<T: Pod>(&self, label: &str, value: &T) -> BindGroup {
        self.layouts.constant(&self.device, label, value)
    }

    /// A texture and how it is looked up.
    pub fn sampled(&self, view: &TextureView, sampler: &Sampler) -> BindGroup {
        self.layouts.sampled(&self.device, view, sampler)
    }
}
