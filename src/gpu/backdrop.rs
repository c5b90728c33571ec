//! The picture behind everything on the wall: one texture that all displays share, and of which each
//! paints its own part once, below what stands there.

use std::sync::Arc;

use wgpu::{BindGroup, TextureUsages};

use super::context::Context;
use super::pictures::Patch;
use super::target::extent;
use crate::bitmap::Bitmap;
use crate::color::{Rgba, Theme, laid};
use crate::geometry::Rect;
use crate::layout::background::Background;
use crate::paint::Behind;

/// A background in graphics memory, already laid onto the theme's ground.
#[derive(Debug)]
pub struct Backdrop {
    pub bound: BindGroup,
    bitmap: Arc<Bitmap>,
    rect: Rect,
    ground: Rgba,
    share: f32,
}

impl Backdrop {
    /// The picture as the theme shows it; `None` where it is larger than the device takes.
    pub fn new(cx: &Context, background: &Background, theme: &Theme) -> Option<Self> {
        let Background { bitmap, rect } = background;
        let size = (bitmap.width, bitmap.height);
        if size.0.max(size.1) > cx.max_side() || size.0.min(size.1) == 0 {
            tracing::error!("the background of {} × {} pixels is too large for this device", size.0, size.1);
            return None;
        }
        let texture = cx.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("fishbowl.gpu.backdrop"),
            size: extent(size),
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let (ground, share) = (theme.ground, theme.background);
        let bytes = laid(&bitmap.rgba, bitmap.width, ground, share);
        let rows =
            wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(4 * size.0), rows_per_image: None };
        cx.queue.write_texture(texture.as_image_copy(), &bytes, rows, extent(size));
        let bound = cx.sampled(&texture.create_view(&Default::default()), &cx.samplers.linear);
        Some(Self { bound, bitmap: bitmap.clone(), rect: *rect, ground, share })
    }

    /// Whether it is this picture in this theme.
    pub fn is(&self, background: &Background, theme: &Theme) -> bool {
        let same = Arc::ptr_eq(&self.bitmap, &background.bitmap) || self.bitmap == background.bitmap;
        same && (self.rect, self.ground, self.share) == (background.rect, theme.ground, theme.background)
    }

    /// The part of it that lies behind something.
    pub fn patch(&self, behind: &Behind) -> Patch {
        let (part, all) = (behind.part, self.rect);
        Patch {
            edges: behind.edges,
            start: [(part.x - all.x) / all.w, (part.y - all.y) / all.h],
            across: [part.w / all.w, 0.0],
            down: [0.0, part.h / all.h],
            opacity: behind.opacity,
        }
    }
}
