//! How a render pipeline is built from a shader.

use wgpu::{
    BlendComponent, BlendFactor, BlendOperation, BlendState, PrimitiveTopology, RenderPipeline,
    TextureFormat, VertexAttribute, VertexBufferLayout, VertexFormat, VertexStepMode,
};

use super::context::Context;

/// Each value is added to what is there.
pub const ADD: BlendState = {
    let add = BlendComponent {
        src_factor: BlendFactor::One,
        dst_factor: BlendFactor::One,
        operation: BlendOperation::Add,
    };
    BlendState { color: add, alpha: add }
};

/// Premultiplied colours over what is there.
pub const OVER: BlendState = BlendState::PREMULTIPLIED_ALPHA_BLENDING;

/// What distinguishes one pipeline from the next.
pub struct PipelineSpec<'a> {
    pub label: &'static str,
    pub source: &'a str,
    /// Entry points of the shader.
    pub vertex: &'static str,
    pub fragment: &'static str,
    pub buffers: &'a [Option<VertexBufferLayout<'a>>],
    pub topology: PrimitiveTopology,
    /// True when it looks up a texture.
    pub textured: bool,
    /// `None` replaces what is there.
    pub blend: Option<BlendState>,
    pub format: TextureFormat,
}

/// A buffer with one element for each instance.
pub fn per_instance(attributes: &[VertexAttribute]) -> VertexBufferLayout<'_> {
    VertexBufferLayout { step_mode: VertexStepMode::Instance, ..per_vertex(attributes) }
}

/// A buffer with one element for each vertex.
pub fn per_vertex(attributes: &[VertexAttribute]) -> VertexBufferLayout<'_> {
    let end = |a: &VertexAttribute| a.offset + VertexFormat::size(&a.format);
    let array_stride = attributes.iter().map(end).max().unwrap_or(0);
    VertexBufferLayout { array_stride, step_mode: VertexStepMode::Vertex, attributes }
}

pub fn build(cx: &Context, spec: &PipelineSpec<'_>) -> RenderPipeline {
    let module = cx.device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some(spec.label),
        source: wgpu::ShaderSource::Wgsl(spec.source.into()),
    });
    let groups = [Some(&cx.layouts.uniform), Some(&cx.layouts.texture)];
    let layout = cx.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some(spec.label),
        bind_group_layouts: if spec.textured { &groups } else { &groups[..1] },
        ..Default::default()
    });
    let target =
        wgpu::ColorTargetState { format: spec.format, blend: spec.blend, write_mask: wgpu::ColorWrites::ALL };
    cx.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some(spec.label),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some(spec.vertex),
            compilation_options: Default::default(),
            buffers: spec.buffers,
        },
        primitive: wgpu::PrimitiveState { topology: spec.topology, ..Default::default() },
        depth_stencil: None,
        multisample: Default::default(),
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some(spec.fragment),
            compilation_options: Default::default(),
            targets: &[Some(target)],
        }),
        multiview_mask: None,
        cache: None,
    })
}
