//! The window of a display: full screen on its monitor, or an ordinary one.

use std::sync::Arc;

use winit::dpi::PhysicalSize;
use winit::event_loop::ActiveEventLoop;
use winit::monitor::MonitorHandle;
use winit::window::{Fullscreen, Window};

use super::KioskError;
use super::screens::Place;
use super::sight::Sight;
use crate::layout::wall::Wall;

/// A window and where it belongs.
pub struct Pane {
    pub window: Arc<Window>,
    pub place: Place,
    pub sight: Sight,
    /// It was not ready for the last frame.
    pub owed: bool,
}

/// Opens the window of a display: full screen on `monitor`, or without one an ordinary window on
/// a screen of `desk` pixels.
pub fn open(
    event_loop: &ActiveEventLoop,
    wall: &Wall,
    display: usize,
    monitor: Option<&MonitorHandle>,
    desk: Option<PhysicalSize<u32>>,
) -> Result<Arc<Window>, KioskError> {
    let name = &wall.displays[display].name;
    let attributes = Window::default_attributes().with_title(format!("{} – {name}", wall.name));
    let attributes = match monitor {
        // Place and size are said, too: without a window manager nobody else makes it full screen.
        Some(monitor) => attributes
            .with_decorations(false)
            .with_position(monitor.position())
            .with_inner_size(monitor.size())
            .with_fullscreen(Some(Fullscreen::Borderless(Some(monitor.clone())))),
        None => attributes.with_inner_size(desk_size(wall, display, desk)),
    };
    let window = event_loop.create_window(attributes).map_err(|e| KioskError::Window(e.to_string()))?;
    window.set_cursor_visible(monitor.is_none());
    Ok(Arc::new(window))
}

/// Windows that all fit beside each other on nine tenths of the desk's screen.
fn desk_size(wall: &Wall, display: usize, desk: Option<PhysicalSize<u32>>) -> PhysicalSize<u32> {
    let desk = desk.unwrap_or(PhysicalSize::new(1920, 1080));
    let (bounds, rect) = (wall.bounds(), wall.displays[display].rect);
    let fit = (desk.width as f32 / bounds.w).min(desk.height as f32 / bounds.h) * 0.9;
    PhysicalSize::new((rect.w * fit).max(64.0) as u32, (rect.h * fit).max(64.0) as u32)
}
