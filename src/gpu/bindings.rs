//! What shaders are given beside vertices: uniforms, textures, and how textures are looked up.

use bytemuck::Pod;
use wgpu::{
    BindGroup, BindGroupEntry, BindGroupLayout, BindGroupLayoutEntry, BindingType, Device, ShaderStages,
    TextureView,
};

/// The shapes of bind groups.
#[derive(Debug)]
pub struct Layouts {
    /// The size of what is drawn to, or the numbers of a heat field.
    pub uniform: BindGroupLayout,
    /// A texture and its sampler.
    pub texture: BindGroupLayout,
}

impl Layouts {
    pub fn new(device: &Device) -> Self {
        let entry = |binding, visibility, ty| BindGroupLayoutEntry { binding, visibility, ty, count: None };
        let uniform = BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: false,
            min_binding_size: None,
        };
        let texture = BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: true },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        };
        let sampler = BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
        let layout = |label, entries: &[BindGroupLayoutEntry]| {
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries })
        };
        let sampled = [entry(0, ShaderStages::FRAGMENT, texture), entry(1, ShaderStages::FRAGMENT, sampler)];
        Self {
            uniform: layout("fishbowl.gpu.uniform", &[entry(0, ShaderStages::VERTEX_FRAGMENT, uniform)]),
            texture: layout("fishbowl.gpu.texture", &sampled),
        }
    }

    /// A uniform that never changes.
    pub fn constant<T: Pod>(&self, device: &Device, label: &str, value: &T) -> BindGroup {
        let bytes = bytemuck::bytes_of(value);
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size: bytes.len() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: true,
        });
        if let Ok(mut mapped) = buffer.get_mapped_range_mut(..) {
            mapped.copy_from_slice(bytes);
        }
        buffer.unmap();
        self.buffer(device, label, &buffer)
    }

    /// A uniform that is written from time to time.
    pub fn buffer(&self, device: &Device, label: &str, buffer: &wgpu::Buffer) -> BindGroup {
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(label),
            layout: &self.uniform,
            entries: &[BindGroupEntry { binding: 0, resource: buffer.as_entire_binding() }],
        })
    }

    /// A texture and a sampler.
    pub fn sampled(&self, device: &Device, view: &TextureView, sampler: &wgpu::Sampler) -> BindGroup {
        let texture = BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(view) };
        let sampler = BindGroupEntry { binding: 1, resource: wgpu::BindingResource::Sampler(sampler) };
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("fishbowl.gpu.sampled"),
            layout: &self.texture,
            entries: &[texture, sampler],
        })
    }
}

/// The two ways to look up a texture.
#[derive(Debug)]
pub struct Samplers {
    /// Pixel by pixel.
    pub nearest: wgpu::Sampler,
    /// Between pixels.
    pub linear: wgpu::Sampler,
}

impl Samplers {
    pub fn new(device: &Device) -> Self {
        let sampler = |filter: wgpu::FilterMode| {
            device.create_sampler(&wgpu::SamplerDescriptor {
                label: Some("fishbowl.gpu.sampler"),
                min_filter: filter,
                mag_filter: filter,
                ..Default::default()
            })
        };
        Self { nearest: sampler(wgpu::FilterMode::Nearest), linear: sampler(wgpu::FilterMode::Linear) }
    }
}
