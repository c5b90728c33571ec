//! Tessellated outlines: uploaded once, drawn wherever they are marked.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use wgpu::{
    BindGroup, Buffer, BufferUsages, Device, PrimitiveTopology, RenderPass, RenderPipeline, VertexAttribute,
    vertex_attr_array,
};

use super::context::Context;
use super::instances::{InstanceRange, Instances};
use super::pipeline::{OVER, PipelineSpec, build, per_instance, per_vertex};
use crate::paint::Mesh;

/// Frames after which a mesh that was not drawn is forgotten.
const FORGET_AFTER: u64 = 240;

/// [`crate::paint::MeshVertex`] and [`crate::paint::Mark`].
const CORNER: [VertexAttribute; 2] = vertex_attr_array![0 => Float32x2, 1 => Float32];
const MARK: [VertexAttribute; 2] = vertex_attr_array![2 => Float32x2, 3 => Unorm8x4];

#[derive(Debug)]
pub struct MeshPipeline(RenderPipeline);

impl MeshPipeline {
    pub fn new(cx: &Context, source: &str) -> Self {
        let spec = PipelineSpec {
            label: "fishbowl.gpu.mesh",
            source,
            vertex: "vs_mesh",
            fragment: "fs_mesh",
            buffers: &[Some(per_vertex(&CORNER)), Some(per_instance(&MARK))],
            topology: PrimitiveTopology::TriangleList,
            textured: false,
            blend: Some(OVER),
            format: cx.format,
        };
        Self(build(cx, &spec))
    }
}

/// Meshes in graphics memory, held while they are in use and for 240 frames after.
#[derive(Debug, Default)]
pub struct Meshes {
    uploaded: FxHashMap<usize, UploadedMesh>,
    frame: u64,
}

#[derive(Debug)]
struct UploadedMesh {
    /// Held, so that its address stands for it.
    mesh: Arc<Mesh>,
    /// Corners, then indices.
    buffer: Buffer,
    used: u64,
}

impl Meshes {
    /// Begins a frame and forgets what was not used for long, or is not held by anyone else.
    pub fn begin(&mut self) {
        self.frame += 1;
        if self.frame.is_multiple_of(16) {
            let oldest = self.frame.saturating_sub(FORGET_AFTER);
            self.uploaded.retain(|_, kept| kept.used >= oldest && Arc::strong_count(&kept.mesh) > 1);
        }
    }

    /// Uploads a mesh unless it is there.
    pub fn prepare(&mut self, device: &Device, mesh: &Arc<Mesh>) {
        let frame = self.frame;
        let key = Arc::as_ptr(mesh) as usize;
        let new = || UploadedMesh { mesh: mesh.clone(), buffer: upload(device, mesh), used: frame };
        self.uploaded.entry(key).or_insert_with(new).used = frame;
    }

    /// Draws a mesh that was prepared, where `mark` says.
    pub fn render(
        &self,
        pipeline: &MeshPipeline,
        pass: &mut RenderPass<'_>,
        view: &BindGroup,
        mesh: &Arc<Mesh>,
        (instances, mark): (&Instances, InstanceRange),
    ) {
        let Some(UploadedMesh { buffer, .. }) = self.uploaded.get(&(Arc::as_ptr(mesh) as usize)) else {
            return;
        };
        let split = size_of_val(&mesh.vertices[..]) as u64;
        pass.set_pipeline(&pipeline.0);
        pass.set_bind_group(0, view, &[]);
        pass.set_vertex_buffer(0, buffer.slice(..split));
        pass.set_vertex_buffer(1, instances.slice(mark));
        pass.set_index_buffer(buffer.slice(split..), wgpu::IndexFormat::Uint32);
        pass.draw_indexed(0..mesh.indices.len() as u32, 0, 0..1);
    }
}

fn upload(device: &Device, mesh: &Mesh) -> Buffer {
    let corners: &[u8] = bytemuck::cast_slice(&mesh.vertices);
    let indices: &[u8] = bytemuck::cast_slice(&mesh.indices);
    let buffer = device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("fishbowl.gpu.mesh"),
        size: (corners.len() + indices.len()) as u64,
        usage: BufferUsages::VERTEX | BufferUsages::INDEX,
        mapped_at_creation: true,
    });
    if let Ok(mut mapped) = buffer.get_mapped_range_mut(..) {
        mapped.slice(..corners.len()).copy_from_slice(corners);
        mapped.slice(corners.len()..).copy_from_slice(indices);
    }
    buffer.unmap();
    buffer
}
