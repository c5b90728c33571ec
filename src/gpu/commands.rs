//! What is recorded for the GPU: copies, and passes that draw.

use wgpu::{CommandEncoder, RenderPass, Texture, TextureView};

use super::target::{Target, extent};
use crate::paint::Area;

/// A picture that is copied or drawn to.
#[derive(Clone, Copy)]
pub struct Canvas<'a> {
    pub texture: &'a Texture,
    pub view: &'a TextureView,
}

impl<'a> Canvas<'a> {
    pub fn of(target: &'a Target) -> Self {
        Self { texture: &target.texture, view: &target.view }
    }
}

/// A pixel of a texture.
#[derive(Clone, Copy)]
pub struct Corner<'a> {
    pub texture: &'a Texture,
    pub x: u32,
    pub y: u32,
}

impl<'a> Corner<'a> {
    pub fn new(texture: &'a Texture, x: u32, y: u32) -> Self {
        Self { texture, x, y }
    }

    fn copied(self) -> wgpu::TexelCopyTextureInfo<'a> {
        let origin = wgpu::Origin3d { x: self.x, y: self.y, z: 0 };
        wgpu::TexelCopyTextureInfo { origin, ..self.texture.as_image_copy() }
    }
}

/// Copies all of a picture onto another one.
pub fn copy(encoder: &mut CommandEncoder, from: &Texture, to: &Texture, size: (u32, u32)) {
    encoder.copy_texture_to_texture(from.as_image_copy(), to.as_image_copy(), extent(size));
}

/// Copies a rectangle of `size` pixels from one corner to another.
pub fn copy_part(encoder: &mut CommandEncoder, from: Corner<'_>, to: Corner<'_>, size: (u32, u32)) {
    encoder.copy_texture_to_texture(from.copied(), to.copied(), extent(size));
}

/// Copies an area to the same place of another picture.
pub fn copy_area(encoder: &mut CommandEncoder, from: &Texture, to: &Texture, area: Area) {
    let at = |texture| Corner::new(texture, area.x, area.y);
    copy_part(encoder, at(from), at(to), (area.w, area.h));
}

/// Begins to draw onto a picture: on what is there, or on a colour.
pub fn begin_pass<'e>(
    encoder: &'e mut CommandEncoder,
    label: &str,
    view: &TextureView,
    clear: Option<wgpu::Color>,
) -> RenderPass<'e> {
    let load = clear.map_or(wgpu::LoadOp::Load, wgpu::LoadOp::Clear);
    let ops = wgpu::Operations { load, store: wgpu::StoreOp::Store };
    let onto = wgpu::RenderPassColorAttachment { view, depth_slice: None, resolve_target: None, ops };
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some(label),
        color_attachments: &[Some(onto)],
        ..Default::default()
    })
}
