//! Textures that are drawn to.

use bytemuck::{Pod, Zeroable};
use wgpu::{Device, Texture, TextureFormat, TextureUsages, TextureView};

/// A picture in graphics memory.
#[derive(Debug)]
pub struct Target {
    pub texture: Texture,
    pub view: TextureView,
    pub size: (u32, u32),
}

impl Target {
    pub fn new(device: &Device, label: &str, format: TextureFormat, size: (u32, u32)) -> Self {
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some(label),
            size: extent(size),
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format,
            usage: TextureUsages::RENDER_ATTACHMENT
                | TextureUsages::COPY_SRC
                | TextureUsages::COPY_DST
                | TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        });
        let view = texture.create_view(&Default::default());
        Self { texture, view, size }
    }
}

pub fn extent((width, height): (u32, u32)) -> wgpu::Extent3d {
    wgpu::Extent3d { width, height, depth_or_array_layers: 1 }
}

/// From pixels to clip space. `View` in the shaders.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct View {
    pub to_clip: [f32; 2],
    pub pad: [f32; 2],
}

impl View {
    pub fn of((width, height): (u32, u32)) -> Self {
        Self { to_clip: [2.0 / width as f32, -2.0 / height as f32], pad: [0.0; 2] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_is_as_large_as_its_twin() {
        assert_eq!(size_of::<View>(), 16);
    }
}
