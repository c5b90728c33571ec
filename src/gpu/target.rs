//! Textures that are drawn to, and their being drawn onto one another.

use bytemuck::{Pod, Zeroable};
use wgpu::{BindGroup, Device, Texture, TextureFormat, TextureUsages, TextureView};

use super::pipelines::Layouts;
use crate::geometry::Rotation;
use crate::layout::mount;
use crate::paint::Area;

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

/// Numbers for shaders that never change.
pub fn numbers<T: Pod>(device: &Device, layouts: &Layouts, label: &str, value: &T) -> BindGroup {
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
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some(label),
        layout: &layouts.numbers,
        entries: &[wgpu::BindGroupEntry { binding: 0, resource: buffer.as_entire_binding() }],
    })
}

/// The two ways to look up a picture.
#[derive(Debug)]
pub struct Samplers {
    /// Pixel by pixel.
    pub exact: wgpu::Sampler,
    /// Between pixels.
    pub soft: wgpu::Sampler,
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
        Self { exact: sampler(wgpu::FilterMode::Nearest), soft: sampler(wgpu::FilterMode::Linear) }
    }
}

/// A texture and a sampler, bound.
pub fn sampled(device: &Device, layouts: &Layouts, view: &TextureView, sampler: &wgpu::Sampler) -> BindGroup {
    let texture = wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(view) };
    let sampler = wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::Sampler(sampler) };
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("fishbowl.gpu.sampled"),
        layout: &layouts.texture,
        entries: &[texture, sampler],
    })
}

/// A picture laid onto a rectangle. `Patch` in `shaders/picture.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct Patch {
    pub edges: [f32; 4],
    pub start: [f32; 2],
    pub across: [f32; 2],
    pub down: [f32; 2],
    pub opacity: f32,
}

impl Patch {
    /// All of a picture, scaled to `size`.
    pub fn whole(size: (u32, u32)) -> Self {
        let edges = [0.0, 0.0, size.0 as f32, size.1 as f32];
        Self { edges, start: [0.0, 0.0], across: [1.0, 0.0], down: [0.0, 1.0], opacity: 1.0 }
    }

    /// A part of a picture of `size`, laid onto a panel of `panel` pixels (its own, not turned)
    /// that hangs turned by `rotation`, so that the room sees it upright.
    pub fn turned(area: Area, size: (u32, u32), panel: (u32, u32), rotation: Rotation) -> Self {
        let (w, h) = (size.0 as f32, size.1 as f32);
        let (u0, u1) = (area.x as f32 / w, area.right() as f32 / w);
        let (v0, v1) = (area.y as f32 / h, area.bottom() as f32 / h);
        let (du, dv) = (u1 - u0, v1 - v0);
        // Turned clockwise, a panel's upper edge stands on the right of the wall.
        let (edges, start, across, down) = match rotation {
            Rotation::R0 => ([u0, v0, u1, v1], [u0, v0], [du, 0.0], [0.0, dv]),
            Rotation::R90 => ([v0, 1.0 - u1, v1, 1.0 - u0], [u1, v0], [0.0, dv], [-du, 0.0]),
            Rotation::R180 => ([1.0 - u1, 1.0 - v1, 1.0 - u0, 1.0 - v0], [u1, v1], [-du, 0.0], [0.0, -dv]),
            Rotation::R270 => ([1.0 - v1, u0, 1.0 - v0, u1], [u0, v1], [0.0, -dv], [du, 0.0]),
        };
        let [x, y, w, h] = room(size, panel, rotation);
        let edges = [x + edges[0] * w, y + edges[1] * h, x + edges[2] * w, y + edges[3] * h];
        Self { edges, start, across, down, opacity: 1.0 }
    }

    /// A part of a picture of `size`, laid onto its own place.
    pub fn place(area: Area, size: (u32, u32), opacity: f32) -> Self {
        let (w, h) = (size.0 as f32, size.1 as f32);
        Self {
            edges: [area.x, area.y, area.right(), area.bottom()].map(|v| v as f32),
            start: [area.x as f32 / w, area.y as f32 / h],
            across: [area.w as f32 / w, 0.0],
            down: [0.0, area.h as f32 / h],
            opacity,
        }
    }
}

/// Left, top, width and height of a picture of `size` on a panel, in the panel's own pixels: the
/// whole panel, or where that would stretch the picture visibly the largest part of its shape.
pub fn room(size: (u32, u32), panel: (u32, u32), rotation: Rotation) -> [f32; 4] {
    let (pw, ph) = (panel.0 as f32, panel.1 as f32);
    let size = if rotation.is_sideways() { (size.1, size.0) } else { size };
    let stretch = mount::stretch(size, panel);
    let (w, h) = match stretch {
        s if (s - 1.0).abs() <= mount::STRETCH => (pw, ph),
        s if s > 1.0 => ((pw / s).round().max(1.0), ph),
        s => (pw, (ph * s).round().max(1.0)),
    };
    [((pw - w) / 2.0).floor(), ((ph - h) / 2.0).floor(), w, h]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_another_shape_than_its_panel_keeps_it() {
        let (hd, r0) = ((1920, 1080), Rotation::R0);
        assert_eq!(room(hd, (3840, 2160), r0), [0.0, 0.0, 3840.0, 2160.0]);
        assert_eq!(room(hd, (1366, 768), r0), [0.0, 0.0, 1366.0, 768.0]);
        assert_eq!(room(hd, (1080, 1920), r0), [0.0, 656.0, 1080.0, 608.0]);
        assert_eq!(room(hd, (1280, 1024), r0), [0.0, 152.0, 1280.0, 720.0]);
        assert_eq!(room((1080, 1920), hd, Rotation::R90), [0.0, 0.0, 1920.0, 1080.0]);
        assert_eq!(room(hd, hd, Rotation::R90), [656.0, 0.0, 608.0, 1080.0]);
        let patch = Patch::turned(Area::new(960, 0, 960, 1080), hd, (1080, 1920), r0);
        assert_eq!(patch.edges, [540.0, 656.0, 1080.0, 1264.0]);
    }

    #[test]
    fn instances_are_as_large_as_their_twins() {
        assert_eq!(size_of::<Patch>(), 44);
        assert_eq!(size_of::<View>(), 16);
    }

    #[test]
    fn a_panel_turned_clockwise_shows_the_top_right_of_the_wall_at_its_own_top_left() {
        // Its upper edge stands on the right of the wall, and its right edge below.
        let whole = Area::new(0, 0, 1080, 1920);
        let patch = Patch::turned(whole, (1080, 1920), (1920, 1080), Rotation::R90);
        assert_eq!((patch.start, patch.across), ([1.0, 0.0], [0.0, 1.0]));
        let corner = Area::new(1070, 0, 10, 20);
        let patch = Patch::turned(corner, (1080, 1920), (1920, 1080), Rotation::R90);
        assert!(patch.edges.iter().zip([0.0, 0.0, 20.0, 10.0]).all(|(a, b)| (a - b).abs() < 0.01));
    }
}
