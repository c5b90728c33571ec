//! Instances of one frame: collected, then written into one buffer at once.

use std::ops::Range;

use bytemuck::Pod;
use wgpu::{Buffer, BufferUsages, Device, Queue};

/// The instances of a frame.
#[derive(Debug)]
pub struct Instances {
    bytes: Vec<u8>,
    buffer: Buffer,
}

/// Where some of them lie.
#[derive(Clone, Copy, Debug, Default)]
pub struct InstanceRange {
    /// Bytes from the beginning of the buffer.
    offset: u64,
    pub count: u32,
}

impl InstanceRange {
    /// Some of them, by their indices in this range.
    pub fn part<T>(self, indices: &Range<u32>) -> Self {
        let offset = self.offset + u64::from(indices.start) * size_of::<T>() as u64;
        Self { offset, count: indices.len() as u32 }
    }
}

impl Instances {
    pub fn new(device: &Device) -> Self {
        Self { bytes: Vec::new(), buffer: buffer(device, 1 << 16) }
    }

    /// Empties it for a new frame.
    pub fn begin(&mut self) {
        self.bytes.clear();
    }

    /// Adds instances.
    pub fn push<T: Pod>(&mut self, values: &[T]) -> InstanceRange {
        let offset = self.bytes.len() as u64;
        self.bytes.extend_from_slice(bytemuck::cast_slice(values));
        InstanceRange { offset, count: values.len() as u32 }
    }

    /// Writes them all; call it before the frame is submitted.
    pub fn upload(&mut self, device: &Device, queue: &Queue) {
        if self.bytes.len() as u64 > self.buffer.size() {
            self.buffer = buffer(device, (self.bytes.len() as u64).next_power_of_two());
        }
        if !self.bytes.is_empty() {
            queue.write_buffer(&self.buffer, 0, &self.bytes);
        }
    }

    /// What a vertex buffer is set to for a range: its first instance and all after it.
    pub fn slice(&self, range: InstanceRange) -> wgpu::BufferSlice<'_> {
        self.buffer.slice(range.offset..)
    }
}

fn buffer(device: &Device, size: u64) -> Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("fishbowl.gpu.instances"),
        size,
        usage: BufferUsages::VERTEX | BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}
