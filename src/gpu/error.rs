//! What can go wrong, and the health of a device.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use thiserror::Error;

/// Why there is no GPU, or no picture from it.
#[derive(Debug, Error)]
pub enum GpuError {
    #[error(
        "no graphics driver found; install one, for example the Debian package mesa-vulkan-drivers, \
         which also draws without a graphics card"
    )]
    NoAdapter,
    #[error("there is no graphics adapter \"{wanted}\" (FISHBOWL_ADAPTER); available: {offered}")]
    NoSuchAdapter { wanted: String, offered: String },
    #[error("the graphics driver cannot open the device: {0}")]
    NoDevice(String),
    #[error("cannot draw to the window: {0}")]
    Surface(String),
    #[error(
        "display \"{name}\" has {width} × {height} pixels; this graphics adapter supports 1 to {limit} per side"
    )]
    Size { name: String, width: u32, height: u32, limit: u32 },
    #[error("cannot read back the frame: {0}")]
    ReadBack(String),
}

/// What the driver has told about a device. Shared with its callbacks.
#[derive(Debug, Default)]
pub struct Health {
    lost: AtomicBool,
    errors: AtomicU64,
    last: Mutex<String>,
}

impl Health {
    /// True once the device is of no more use.
    pub fn lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    /// Errors of the driver since the start.
    pub fn errors(&self) -> u64 {
        self.errors.load(Ordering::Relaxed)
    }

    pub(super) fn lose(&self, why: &str) {
        if !self.lost.swap(true, Ordering::AcqRel) {
            tracing::error!(why, "graphics device lost");
        }
    }

    /// Counts an error and logs it when it differs from the last one.
    pub(super) fn take(&self, error: &wgpu::Error) {
        self.errors.fetch_add(1, Ordering::Relaxed);
        if matches!(error, wgpu::Error::OutOfMemory { .. }) {
            return self.lose("out of graphics memory");
        }
        let words = error.to_string();
        let Ok(mut last) = self.last.lock() else { return };
        if *last != words {
            tracing::error!(error = words, "graphics error");
            *last = words;
        }
    }
}
