//! What is uploaded: instances anew for each frame, meshes once.

use std::sync::Arc;

use bytemuck::Pod;
use rustc_hash::FxHashMap;
use wgpu::{Buffer, BufferUsages, Device, Queue};

use crate::paint::Mesh;

/// Frames after which a mesh that was not drawn is forgotten.
const FORGET_AFTER: u64 = 240;

/// Instances of one frame, written into one buffer at once.
#[derive(Debug)]
pub struct Instances {
    bytes: Vec<u8>,
    buffer: Buffer,
}

impl Instances {
    pub fn new(device: &Device) -> Self {
        Self { bytes: Vec::new(), buffer: buffer(device, "fishbowl.gpu.instances", 1 << 16) }
    }

    /// Empties it for a new frame.
    pub fn begin(&mut self) {
        self.bytes.clear();
    }

    /// Adds instances; they will lie at the offset that is returned.
    pub fn push<T: Pod>(&mut self, values: &[T]) -> u64 {
        let at = self.bytes.len() as u64;
        self.bytes.extend_from_slice(bytemuck::cast_slice(values));
        at
    }

    /// Writes them all; call it before the frame is submitted.
    pub fn upload(&mut self, device: &Device, queue: &Queue) {
        if self.bytes.len() as u64 > self.buffer.size() {
            let size = (self.bytes.len() as u64).next_power_of_two();
            self.buffer = buffer(device, "fishbowl.gpu.instances", size);
        }
        if !self.bytes.is_empty() {
            queue.write_buffer(&self.buffer, 0, &self.bytes);
        }
    }

    /// What was pushed at `at`, and all after it.
    pub fn from(&self, at: u64) -> wgpu::BufferSlice<'_> {
        self.buffer.slice(at..)
    }
}

fn buffer(device: &Device, label: &str, size: u64) -> Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size,
        usage: BufferUsages::VERTEX | BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// Meshes in graphics memory, held while they are in use and for 240 frames after.
#[derive(Debug, Default)]
pub struct Meshes {
    kept: FxHashMap<usize, Kept>,
    frame: u64,
}

#[derive(Debug)]
struct Kept {
    /// Held, so that its address stands for it.
    mesh: Arc<Mesh>,
    buffer: Buffer,
    used: u64,
}

impl Meshes {
    /// Begins a frame and forgets what was not used for long, or is not held by anyone else.
    pub fn begin(&mut self) {
        self.frame += 1;
        if self.frame.is_multiple_of(16) {
            let oldest = self.frame.saturating_sub(FORGET_AFTER);
            self.kept.retain(|_, kept| kept.used >= oldest && Arc::strong_count(&kept.mesh) > 1);
        }
    }

    /// Uploads a mesh unless it is there.
    pub fn ready(&mut self, device: &Device, mesh: &Arc<Mesh>) {
        let frame = self.frame;
        let key = Arc::as_ptr(mesh) as usize;
        let new = || Kept { mesh: mesh.clone(), buffer: mesh_buffer(device, mesh), used: frame };
        self.kept.entry(key).or_insert_with(new).used = frame;
    }

    /// Corners, indices and the number of indices of a mesh that is ready.
    pub fn get(&self, mesh: &Arc<Mesh>) -> Option<(wgpu::BufferSlice<'_>, wgpu::BufferSlice<'_>, u32)> {
        let kept = self.kept.get(&(Arc::as_ptr(mesh) as usize))?;
        let split = std::mem::size_of_val(&kept.mesh.vertices[..]) as u64;
        let count = kept.mesh.indices.len() as u32;
        Some((kept.buffer.slice(..split), kept.buffer.slice(split..), count))
    }
}

fn mesh_buffer(device: &Device, mesh: &Mesh) -> Buffer {
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
