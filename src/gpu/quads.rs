//! Rectangles, rounded ones, discs and rings.

use wgpu::{
    BindGroup, BlendState, PrimitiveTopology, RenderPass, RenderPipeline, VertexAttribute, vertex_attr_array,
};

use super::context::Context;
use super::instances::{InstanceRange, Instances};
use super::pipeline::{OVER, PipelineSpec, build, per_instance};
use crate::paint::Quad;

/// [`Quad`].
const QUAD: [VertexAttribute; 3] = vertex_attr_array![0 => Float32x4, 1 => Float32x2, 2 => Unorm8x4];

#[derive(Debug)]
pub struct QuadPipeline {
    /// Opaque rectangles on whole pixels.
    flat: RenderPipeline,
    /// Any other quads.
    pub(super) shape: RenderPipeline,
}

impl QuadPipeline {
    pub fn new(cx: &Context, source: &str) -> Self {
        Self {
            flat: pipeline(cx, source, ("fishbowl.gpu.flat", "vs_flat", "fs_flat"), None),
            shape: pipeline(cx, source, ("fishbowl.gpu.shape", "vs_shape", "fs_shape"), Some(OVER)),
        }
    }

    /// Takes quads into this frame.
    pub fn prepare(instances: &mut Instances, quads: &[Quad]) -> InstanceRange {
        instances.push(quads)
    }

    pub fn render_flat(
        &self,
        pass: &mut RenderPass<'_>,
        view: &BindGroup,
        instances: &Instances,
        range: InstanceRange,
    ) {
        render(&self.flat, pass, view, instances, range);
    }

    pub fn render_shapes(
        &self,
        pass: &mut RenderPass<'_>,
        view: &BindGroup,
        instances: &Instances,
        range: InstanceRange,
    ) {
        render(&self.shape, pass, view, instances, range);
    }
}

fn render(
    pipeline: &RenderPipeline,
    pass: &mut RenderPass<'_>,
    view: &BindGroup,
    instances: &Instances,
    range: InstanceRange,
) {
    pass.set_pipeline(pipeline);
    pass.set_bind_group(0, view, &[]);
    pass.set_vertex_buffer(0, instances.slice(range));
    pass.draw(0..4, 0..range.count);
}

fn pipeline(
    cx: &Context,
    source: &str,
    (label, vertex, fragment): (&'static str, &'static str, &'static str),
    blend: Option<BlendState>,
) -> RenderPipeline {
    let spec = PipelineSpec {
        label,
        source,
        vertex,
        fragment,
        buffers: &[Some(per_instance(&QUAD))],
        topology: PrimitiveTopology::TriangleStrip,
        textured: false,
        blend,
        format: cx.format,
    };
    build(cx, &spec)
}
