//! The shaders as pipelines. In a debug build a saved shader is taken over; a broken one is not.

use std::fs;
use std::path::Path;

use wgpu::{
    BindGroupLayout, BindGroupLayoutEntry, BindingType, BlendComponent, BlendFactor, BlendOperation,
    BlendState, Device, PrimitiveTopology, RenderPipeline, ShaderStages, TextureFormat, VertexAttribute,
    VertexBufferLayout, VertexFormat, VertexStepMode, vertex_attr_array,
};

use super::adapter::wait;

/// Format of a heat field's grid.
pub const GRID: TextureFormat = TextureFormat::R16Float;

/// How many times [`Pipelines::refresh`] is called between two looks at the files.
const LOOK_EVERY: u32 = 30;

/// The text of every shader.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sources([String; 4]);

const FILES: [&str; 4] = ["shape.wgsl", "mesh.wgsl", "picture.wgsl", "heat.wgsl"];

impl Sources {
    fn built_in() -> Self {
        let texts = [
            include_str!("../../shaders/shape.wgsl"),
            include_str!("../../shaders/mesh.wgsl"),
            include_str!("../../shaders/picture.wgsl"),
            include_str!("../../shaders/heat.wgsl"),
        ];
        Self(texts.map(str::to_owned))
    }

    /// The texts as they lie in the source tree; `None` where there is none (any more).
    fn saved() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders");
        let read = |i: usize| fs::read_to_string(folder.join(FILES[i])).ok();
        Some(Self([read(0)?, read(1)?, read(2)?, read(3)?]))
    }
}

/// The shapes of what is bound.
#[derive(Debug)]
pub struct Layouts {
    /// The size of what is drawn to, or the numbers of a heat field.
    pub numbers: BindGroupLayout,
    /// A texture and its sampler.
    pub texture: BindGroupLayout,
}

/// Everything that draws, for one format.
#[derive(Debug)]
pub struct Pipelines {
    pub layouts: Layouts,
    pub drawn: Drawn,
    format: TextureFormat,
    sources: Sources,
    calls: u32,
}

/// One pipeline for each way to draw.
#[derive(Debug)]
pub struct Drawn {
    pub flat: RenderPipeline,
    pub shape: RenderPipeline,
    pub mesh: RenderPipeline,
    /// A picture that replaces what is there.
    pub picture: RenderPipeline,
    /// A picture over what is there.
    pub veil: RenderPipeline,
    /// A picture made smaller.
    pub shrink: RenderPipeline,
    pub splat: RenderPipeline,
    pub resolve: RenderPipeline,
}

impl Pipelines {
    /// From the shaders that were compiled in.
    pub fn new(device: &Device, format: TextureFormat) -> Self {
        let layouts = Layouts::new(device);
        let sources = Sources::built_in();
        let drawn = Drawn::new(device, format, &layouts, &sources);
        Self { layouts, drawn, format, sources, calls: 0 }
    }

    /// Takes over shaders that were saved since; true when something changed. Call it once a
    /// frame; it looks every 30th time, and never in a release build.
    pub fn refresh(&mut self, device: &Device) -> bool {
        self.calls = self.calls.wrapping_add(1);
        if !cfg!(debug_assertions) || !self.calls.is_multiple_of(LOOK_EVERY) {
            return false;
        }
        match Sources::saved() {
            Some(saved) if saved != self.sources => self.replace(device, saved),
            _ => false,
        }
    }

    /// Builds pipelines from `sources`; keeps the old ones and logs why when they are wrong.
    fn replace(&mut self, device: &Device, sources: Sources) -> bool {
        let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
        let drawn = Drawn::new(device, self.format, &self.layouts, &sources);
        let error = wait(scope.pop());
        self.sources = sources;
        match error {
            Some(error) => tracing::error!(%error, "shader not reloaded"),
            None => {
                tracing::info!("shaders reloaded");
                self.drawn = drawn;
            }
        }
        true
    }
}

impl Layouts {
    fn new(device: &Device) -> Self {
        let entry = |binding, visibility, ty| BindGroupLayoutEntry { binding, visibility, ty, count: None };
        let numbers = BindingType::Buffer {
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
            numbers: layout("fishbowl.gpu.numbers", &[entry(0, ShaderStages::VERTEX_FRAGMENT, numbers)]),
            texture: layout("fishbowl.gpu.texture", &sampled),
        }
    }
}

const QUAD: [VertexAttribute; 3] = vertex_attr_array![0 => Float32x4, 1 => Float32x2, 2 => Unorm8x4];
const CORNER: [VertexAttribute; 2] = vertex_attr_array![0 => Float32x2, 1 => Float32];
const MARK: [VertexAttribute; 2] = vertex_attr_array![2 => Float32x2, 3 => Unorm8x4];
const PATCH: [VertexAttribute; 5] =
    vertex_attr_array![0 => Float32x4, 1 => Float32x2, 2 => Float32x2, 3 => Float32x2, 4 => Float32];
const SPLAT: [VertexAttribute; 3] = vertex_attr_array![0 => Float32x2, 1 => Float32x2, 2 => Float32];
const CELL: [VertexAttribute; 1] = vertex_attr_array![0 => Float32x4];

/// Each value is added to what is there.
const ADD: BlendState = {
    let add = BlendComponent {
        src_factor: BlendFactor::One,
        dst_factor: BlendFactor::One,
        operation: BlendOperation::Add,
    };
    BlendState { color: add, alpha: add }
};

const OVER: BlendState = BlendState::PREMULTIPLIED_ALPHA_BLENDING;

/// What distinguishes one pipeline from the next.
struct Kind<'a> {
    label: &'static str,
    source: &'a str,
    vertex: &'static str,
    fragment: &'static str,
    buffers: &'a [Option<VertexBufferLayout<'a>>],
    textured: bool,
    blend: Option<BlendState>,
    format: TextureFormat,
}

impl Drawn {
    fn new(device: &Device, format: TextureFormat, layouts: &Layouts, sources: &Sources) -> Self {
        let [shape, mesh, picture, heat] = &sources.0;
        let quads = [Some(instances(&QUAD))];
        let meshes = [Some(corners(&CORNER)), Some(instances(&MARK))];
        let patches = [Some(instances(&PATCH))];
        let quad = |label, vertex, fragment, blend| {
            let source = shape.as_str();
            let kind =
                Kind { label, source, vertex, fragment, buffers: &quads, textured: false, blend, format };
            pipeline(device, layouts, &kind)
        };
        let patch = |label, fragment, blend| {
            let (source, vertex) = (picture.as_str(), "vs_picture");
            let kind =
                Kind { label, source, vertex, fragment, buffers: &patches, textured: true, blend, format };
            pipeline(device, layouts, &kind)
        };
        let mesh_kind = Kind {
            label: "fishbowl.gpu.mesh",
            source: mesh,
            vertex: "vs_mesh",
            fragment: "fs_mesh",
            buffers: &meshes,
            textured: false,
            blend: Some(OVER),
            format,
        };
        Self {
            flat: quad("fishbowl.gpu.flat", "vs_flat", "fs_flat", None),
            shape: quad("fishbowl.gpu.shape", "vs_shape", "fs_shape", Some(OVER)),
            mesh: pipeline(device, layouts, &mesh_kind),
            picture: patch("fishbowl.gpu.picture", "fs_picture", None),
            veil: patch("fishbowl.gpu.veil", "fs_picture", Some(OVER)),
            shrink: patch("fishbowl.gpu.shrink", "fs_shrink", None),
            splat: splat(device, layouts, heat),
            resolve: resolve(device, layouts, heat, format),
        }
    }
}

fn splat(device: &Device, layouts: &Layouts, source: &str) -> RenderPipeline {
    let kind = Kind {
        label: "fishbowl.gpu.splat",
        source,
        vertex: "vs_splat",
        fragment: "fs_splat",
        buffers: &[Some(instances(&SPLAT))],
        textured: false,
        blend: Some(ADD),
        format: GRID,
    };
    pipeline(device, layouts, &kind)
}

fn resolve(device: &Device, layouts: &Layouts, source: &str, format: TextureFormat) -> RenderPipeline {
    let kind = Kind {
        label: "fishbowl.gpu.resolve",
        source,
        vertex: "vs_resolve",
        fragment: "fs_resolve",
        buffers: &[Some(instances(&CELL))],
        textured: true,
        blend: Some(OVER),
        format,
    };
    pipeline(device, layouts, &kind)
}

fn instances(attributes: &[VertexAttribute]) -> VertexBufferLayout<'_> {
    VertexBufferLayout { step_mode: VertexStepMode::Instance, ..corners(attributes) }
}

fn corners(attributes: &[VertexAttribute]) -> VertexBufferLayout<'_> {
    let end = |a: &VertexAttribute| a.offset + VertexFormat::size(&a.format);
    let array_stride = attributes.iter().map(end).max().unwrap_or(0);
    VertexBufferLayout { array_stride, step_mode: VertexStepMode::Vertex, attributes }
}

fn pipeline(device: &Device, layouts: &Layouts, kind: &Kind<'_>) -> RenderPipeline {
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some(kind.label),
        source: wgpu::ShaderSource::Wgsl(kind.source.into()),
    });
    let groups = [Some(&layouts.numbers), Some(&layouts.texture)];
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some(kind.label),
        bind_group_layouts: if kind.textured { &groups } else { &groups[..1] },
        ..Default::default()
    });
    let topology = match kind.vertex {
        "vs_mesh" => PrimitiveTopology::TriangleList,
        _ => PrimitiveTopology::TriangleStrip,
    };
    let target =
        wgpu::ColorTargetState { format: kind.format, blend: kind.blend, write_mask: wgpu::ColorWrites::ALL };
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some(kind.label),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some(kind.vertex),
            compilation_options: Default::default(),
            buffers: kind.buffers,
        },
        primitive: wgpu::PrimitiveState { topology, ..Default::default() },
        depth_stencil: None,
        multisample: Default::default(),
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some(kind.fragment),
            compilation_options: Default::default(),
            targets: &[Some(target)],
        }),
        multiview_mask: None,
        cache: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::Gpu;

    #[test]
    fn a_broken_shader_keeps_the_old_one() {
        let mut gpu = Gpu::software().expect("a Vulkan software driver (mesa-vulkan-drivers)");
        let old = gpu.pipelines.drawn.shape.clone();
        let mut broken = Sources::built_in();
        broken.0[0] = "fn vs_flat( {".into();
        gpu.pipelines.replace(&gpu.device, broken);
        assert!(gpu.pipelines.drawn.shape == old);
        gpu.pipelines.replace(&gpu.device, Sources::built_in());
        assert!(gpu.pipelines.drawn.shape != old);
        assert_eq!(gpu.errors(), 0);
    }
}
