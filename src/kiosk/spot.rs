//! How a window fills a monitor.

use winit::dpi::PhysicalSize;
use winit::monitor::MonitorHandle;

/// Where on the desktop a monitor is.
#[derive(Clone, Debug)]
pub enum Spot {
    /// The window system puts the window there.
    Handle(MonitorHandle),
    /// On X11 it covers this part of the desktop.
    Frame { position: (i32, i32), size: (u32, u32), refresh_mhz: Option<u32> },
}

impl Spot {
    /// Pixels on which a window can stand there.
    pub fn size(&self) -> PhysicalSize<u32> {
        match self {
            Self::Handle(handle) => handle.size(),
            Self::Frame { size, .. } => PhysicalSize::new(size.0, size.1),
        }
    }

    /// Thousandths of a hertz, where the window system tells.
    pub fn refresh_mhz(&self) -> Option<u32> {
        match self {
            Self::Handle(handle) => handle.refresh_rate_millihertz(),
            Self::Frame { refresh_mhz, .. } => *refresh_mhz,
        }
    }
}
