//! GPU time of frames by the driver's timestamps, read some frames late.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use wgpu::{Buffer, BufferUsages, CommandEncoder, Device, Features, MapMode, QuerySet, Queue};

/// Frames that may be under way; when all are, a frame goes unmeasured.
const SLOTS: u32 = 4;
/// Two timestamps of 8 bytes.
const BYTES: u64 = 16;
/// Offsets of resolved queries are multiples of this (`wgpu::QUERY_RESOLVE_BUFFER_ALIGNMENT`).
const STRIDE: u64 = wgpu::QUERY_RESOLVE_BUFFER_ALIGNMENT;

const FREE: u8 = 0;
const ASKED: u8 = 1;
const READY: u8 = 2;
const FAILED: u8 = 3;

/// Measures frames.
#[derive(Debug)]
pub struct Timing {
    queries: QuerySet,
    resolved: Buffer,
    slots: Vec<Slot>,
    open: Option<usize>,
    last_ms: Option<f32>,
    period_ns: f32,
}

#[derive(Debug)]
struct Slot {
    buffer: Buffer,
    state: Arc<AtomicU8>,
}

impl Timing {
    /// `None` where the driver has no timestamps.
    pub fn new(device: &Device, queue: &Queue) -> Option<Self> {
        let needs = Features::TIMESTAMP_QUERY | Features::TIMESTAMP_QUERY_INSIDE_ENCODERS;
        if !device.features().contains(needs) {
            return None;
        }
        let queries = device.create_query_set(&wgpu::QuerySetDescriptor {
            label: Some("fishbowl.gpu.stamps"),
            ty: wgpu::QueryType::Timestamp,
            count: 2 * SLOTS,
        });
        let buffer = |label, size, usage| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some(label),
                size,
                usage,
                mapped_at_creation: false,
            })
        };
        let copied = BufferUsages::QUERY_RESOLVE | BufferUsages::COPY_SRC;
        let read = BufferUsages::MAP_READ | BufferUsages::COPY_DST;
        let slot = |_| Slot {
            buffer: buffer("fishbowl.gpu.stamp", BYTES, read),
            state: Arc::new(AtomicU8::new(FREE)),
        };
        Some(Self {
            queries,
            resolved: buffer("fishbowl.gpu.resolved", STRIDE * u64::from(SLOTS), copied),
            slots: (0..SLOTS).map(slot).collect(),
            open: None,
            last_ms: None,
            period_ns: queue.get_timestamp_period(),
        })
    }

    /// The newest measurement that has arrived since it was last asked for, milliseconds.
    pub fn take(&mut self) -> Option<f32> {
        self.last_ms.take()
    }

    /// Stamps the begin of a frame.
    pub fn begin(&mut self, encoder: &mut CommandEncoder) {
        self.collect();
        self.open = self.slots.iter().position(|slot| slot.state.load(Ordering::Acquire) == FREE);
        if let Some(slot) = self.open {
            encoder.write_timestamp(&self.queries, 2 * slot as u32);
        }
    }

    /// Stamps its end.
    pub fn end(&mut self, encoder: &mut CommandEncoder) {
        let Some(slot) = self.open else { return };
        let (first, at) = (2 * slot as u32, STRIDE * slot as u64);
        encoder.write_timestamp(&self.queries, first + 1);
        encoder.resolve_query_set(&self.queries, first..first + 2, &self.resolved, at);
        encoder.copy_buffer_to_buffer(&self.resolved, at, &self.slots[slot].buffer, 0, Some(BYTES));
    }

    /// Asks for the stamps of the frame that was submitted.
    pub fn submitted(&mut self) {
        let Some(slot) = self.open.take().map(|slot| &self.slots[slot]) else { return };
        let state = slot.state.clone();
        state.store(ASKED, Ordering::Release);
        slot.buffer.map_async(MapMode::Read, .., move |result| {
            state.store(if result.is_ok() { READY } else { FAILED }, Ordering::Release);
        });
    }

    /// Reads the stamps that have arrived; never waits.
    fn collect(&mut self) {
        for slot in &self.slots {
            let state = slot.state.load(Ordering::Acquire);
            if state == READY {
                if let Ok(bytes) = slot.buffer.get_mapped_range(..)
                    && let Ok(&[from, to]) = bytemuck::try_cast_slice::<u8, u64>(&bytes)
                {
                    let ticks = to.saturating_sub(from) as f64;
                    self.last_ms = Some((ticks * f64::from(self.period_ns) / 1e6) as f32);
                }
                slot.buffer.unmap();
            }
            if state == READY || state == FAILED {
                slot.state.store(FREE, Ordering::Release);
            }
        }
    }
}
