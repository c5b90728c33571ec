//! Pictures laid onto pictures: turned, scaled, dimmed, or faded.

use bytemuck::{Pod, Zeroable};
use wgpu::{
    BindGroup, BlendState, BufferSlice, PrimitiveTopology, RenderPass, RenderPipeline, VertexAttribute,
    vertex_attr_array,
};

use super::context::Context;
use super::pipeline::{OVER, PipelineSpec, build, per_instance};
use crate::geometry::Rotation;
use crate::layout::mount;
use crate::paint::Area;

/// [`Patch`].
const PATCH: [VertexAttribute; 5] =
    vertex_attr_array![0 => Float32x4, 1 => Float32x2, 2 => Float32x2, 3 => Float32x2, 4 => Float32];

/// One pipeline for each way to lay a picture.
#[derive(Debug)]
pub struct PicturePipeline {
    /// It replaces what is there.
    pub replace: RenderPipeline,
    /// It fades over what is there.
    pub over: RenderPipeline,
    /// It is made smaller, and replaces what is there.
    pub shrink: RenderPipeline,
}

impl PicturePipeline {
    pub fn new(cx: &Context, source: &str) -> Self {
        Self {
            replace: pipeline(cx, source, ("fishbowl.gpu.picture", "fs_replace"), None),
            over: pipeline(cx, source, ("fishbowl.gpu.veil", "fs_picture"), Some(OVER)),
            shrink: pipeline(cx, source, ("fishbowl.gpu.shrink", "fs_shrink"), None),
        }
    }
}

fn pipeline(
    cx: &Context,
    source: &str,
    (label, fragment): (&'static str, &'static str),
    blend: Option<BlendState>,
) -> RenderPipeline {
    let spec = PipelineSpec {
        label,
        source,
        vertex: "vs_picture",
        fragment,
        buffers: &[Some(per_instance(&PATCH))],
        topology: PrimitiveTopology::TriangleStrip,
        textured: true,
        blend,
        format: cx.format,
    };
    build(cx, &spec)
}

/// Lays `count` patches of `source` onto what `view` belongs to.
pub fn render(
    pipeline: &RenderPipeline,
    pass: &mut RenderPass<'_>,
    (view, source): (&BindGroup, &BindGroup),
    patches: BufferSlice<'_>,
    count: u32,
) {
    pass.set_pipeline(pipeline);
    pass.set_bind_group(0, view, &[]);
    pass.set_bind_group(1, source, &[]);
    pass.set_vertex_buffer(0, patches);
    pass.draw(0..4, 0..count);
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
    fn a_patch_is_as_large_as_its_twin() {
        assert_eq!(size_of::<Patch>(), 44);
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
