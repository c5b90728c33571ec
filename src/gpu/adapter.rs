//! Finding the graphics adapter and opening its device.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use wgpu::{Adapter, DeviceType, Features, Instance, Limits};

use super::error::{GpuError, Health};

/// Largest side of a texture that is asked for, pixels; no glyph atlas is larger either: 64 MiB for letters, 256 MiB for
/// pictures and emoji, if all of it stands in one frame.
const MAX_SIDE: u32 = 8_192;

/// Runs a future of wgpu, which is ready at once everywhere but in a browser.
pub fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        std::thread::yield_now();
    }
}

/// Every backend that was compiled in, without validation layers.
pub fn instance() -> Instance {
    let mut wanted = wgpu::InstanceDescriptor::new_without_display_handle();
    wanted.flags = wgpu::InstanceFlags::empty().with_env();
    Instance::new(wanted)
}

/// What FISHBOWL_ADAPTER says.
pub fn wanted() -> Option<String> {
    std::env::var("FISHBOWL_ADAPTER").ok().filter(|name| !name.is_empty())
}

/// The fastest adapter that can draw to `surface`, or the one that is `wanted`: `software`, or a
/// part of a name.
pub fn choose(
    instance: &Instance,
    surface: Option<&wgpu::Surface<'_>>,
    wanted: Option<String>,
) -> Result<Adapter, GpuError> {
    let mut adapters = wait(instance.enumerate_adapters(wgpu::Backends::all()));
    adapters.retain(|adapter| surface.is_none_or(|surface| adapter.is_surface_supported(surface)));
    adapters.sort_by_key(|adapter| rank(adapter.get_info().device_type));
    if adapters.is_empty() {
        return Err(GpuError::NoAdapter);
    }
    let Some(wanted) = wanted else { return Ok(adapters.swap_remove(0)) };
    let offered = adapters.iter().map(|a| a.get_info().name).collect::<Vec<_>>().join(", ");
    let named = |adapter: &Adapter| is_called(&adapter.get_info(), &wanted);
    adapters.into_iter().find(named).ok_or(GpuError::NoSuchAdapter { wanted, offered })
}

fn rank(kind: DeviceType) -> u8 {
    match kind {
        DeviceType::DiscreteGpu => 0,
        DeviceType::IntegratedGpu => 1,
        DeviceType::VirtualGpu => 2,
        DeviceType::Other => 3,
        DeviceType::Cpu => 4,
    }
}

fn is_called(info: &wgpu::AdapterInfo, wanted: &str) -> bool {
    match wanted {
        "software" => info.device_type == DeviceType::Cpu,
        name => info.name.to_lowercase().contains(&name.to_lowercase()),
    }
}

/// What would draw a wall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drives {
    pub name: String,
    /// The processor draws, in place of a graphics card.
    pub is_software: bool,
}

/// What would draw a wall on this machine.
///
/// # Errors
/// When nothing can.
pub fn drives() -> Result<Drives, GpuError> {
    let adapter = choose(&instance(), None, wanted())?;
    let info = adapter.get_info();
    Ok(Drives { name: info.name, is_software: is_software(&adapter) })
}

/// True for a driver that draws without a graphics card.
pub fn is_software(adapter: &Adapter) -> bool {
    adapter.get_info().device_type == DeviceType::Cpu
}

/// Opens the device, with timestamps where there are any. Its errors go to `health`.
pub fn device(adapter: &Adapter, health: &Arc<Health>) -> Result<(wgpu::Device, wgpu::Queue), GpuError> {
    let stamps = Features::TIMESTAMP_QUERY | Features::TIMESTAMP_QUERY_INSIDE_ENCODERS;
    let side = adapter.limits().max_texture_dimension_2d.min(MAX_SIDE);
    let wanted = wgpu::DeviceDescriptor {
        label: Some("fishbowl.gpu.device"),
        required_features: adapter.features() & stamps,
        required_limits: Limits { max_texture_dimension_2d: side, ..Limits::downlevel_defaults() },
        // Few buffers and textures live here: blocks of 2 MiB waste least, and larger things get
        // blocks of their own.
        memory_hints: wgpu::MemoryHints::Manual { suballocated_device_memory_block_size: 2 << 20..4 << 20 },
        ..Default::default()
    };
    let opened = wait(adapter.request_device(&wanted));
    let (device, queue) = opened.map_err(|error| GpuError::NoDevice(error.to_string()))?;
    let told = health.clone();
    device.on_uncaptured_error(Arc::new(move |error| told.take(&error)));
    let told = health.clone();
    device.set_device_lost_callback(move |reason, words| told.lose(&format!("{reason:?} {words}")));
    Ok((device, queue))
}

/// Name, driver and kind of an adapter, for people.
pub fn words(adapter: &Adapter) -> String {
    let info = adapter.get_info();
    let kind = match info.device_type {
        DeviceType::Cpu => "software",
        DeviceType::IntegratedGpu => "integrated",
        DeviceType::DiscreteGpu => "discrete",
        DeviceType::VirtualGpu => "virtual",
        DeviceType::Other => "other",
    };
    format!("{} ({kind}, {} {}, {:?})", info.name, info.driver, info.driver_info, info.backend)
}
