//! The window of a display: full screen on its monitor, or an ordinary one.

use std::sync::Arc;

use winit::dpi::{PhysicalPosition, PhysicalSize};
use winit::event_loop::ActiveEventLoop;
use winit::window::{Fullscreen, Window, WindowAttributes};

use super::KioskError;
use super::awake::Inhibitor;
use super::places::Place;
use super::randr::Server;
use super::screens::Screens;
use super::spot::Spot;
use super::visibility::Visibility;
use crate::layout::wall::{Display, Wall};

/// A window and where it belongs.
pub struct Pane {
    /// Keeps its screen on; before its window, which it goes before.
    pub awake: Option<Inhibitor>,
    pub window: Arc<Window>,
    pub place: Place,
    pub visibility: Visibility,
    /// It was not ready for the last frame.
    pub owed: bool,
    /// How often in a row it was raised because something covered a part of it.
    pub raised: u32,
}

/// Opens the window of a display: on `spot`, or without one an ordinary window on a screen of
/// `desk` pixels.
pub fn open(
    event_loop: &ActiveEventLoop,
    wall: &Wall,
    display: usize,
    spot: Option<(&Spot, &Server)>,
    desk: Option<PhysicalSize<u32>>,
) -> Result<Arc<Window>, KioskError> {
    let title = format!("{} – {}", wall.name, wall.displays[display].name);
    match spot {
        Some(spot) => fill(event_loop, &title, spot),
        None => {
            let size = desk_size(wall, display, desk);
            make(event_loop, Window::default_attributes().with_title(title).with_inner_size(size))
        }
    }
}

/// Opens a window that fills a monitor.
pub fn fill(
    event_loop: &ActiveEventLoop,
    title: &str,
    (spot, server): (&Spot, &Server),
) -> Result<Arc<Window>, KioskError> {
    let attributes = Window::default_attributes().with_title(title).with_decorations(false);
    let window = match spot {
        Spot::Handle(monitor) => {
            let attributes = attributes
                .with_position(monitor.position())
                .with_inner_size(monitor.size())
                .with_fullscreen(Some(Fullscreen::Borderless(Some(monitor.clone()))));
            make(event_loop, attributes)?
        }
        Spot::Frame { position: (x, y), .. } => {
            let attributes = attributes.with_position(PhysicalPosition::new(*x, *y));
            let window = make(event_loop, attributes.with_inner_size(spot.size()).with_visible(false))?;
            server.dress(window.id().into());
            window.set_visible(true);
            window
        }
    };
    window.set_cursor_visible(false);
    Ok(window)
}

fn make(event_loop: &ActiveEventLoop, attributes: WindowAttributes) -> Result<Arc<Window>, KioskError> {
    event_loop.create_window(attributes).map(Arc::new).map_err(|e| KioskError::Window(e.to_string()))
}

/// Puts a window back on its monitor: a television that was switched off and on, or a window manager
/// with ideas of its own, may leave it elsewhere.
pub fn keep(window: &Window, monitor: &str, screens: &Screens, server: &Server) {
    let spot = screens.spot(monitor);
    if let Some(Spot::Frame { .. }) = spot {
        return follow(window, monitor, screens, server);
    }
    let on = window.current_monitor().and_then(|m| m.name());
    if window.fullscreen().is_none() || on.is_some_and(|on| on != monitor) {
        let handle = spot.and_then(|spot| if let Spot::Handle(h) = spot { Some(h.clone()) } else { None });
        window.set_fullscreen(Some(Fullscreen::Borderless(handle)));
    }
}

/// On X11 a window goes where its monitor went.
pub fn follow(window: &Window, monitor: &str, screens: &Screens, server: &Server) {
    let Some(Spot::Frame { position, size, .. }) = screens.spot(monitor) else { return };
    let id = window.id().into();
    let part = (*position, *size);
    if server.place_of(id) != Some(part) {
        server.put(id, part);
    }
}

/// Windows that all fit beside each other on nine tenths of the desk's screen.
fn desk_size(wall: &Wall, display: usize, desk: Option<PhysicalSize<u32>>) -> PhysicalSize<u32> {
    let desk = desk.unwrap_or(PhysicalSize::new(1920, 1080));
    let (bounds, rect) = (wall.bounds(), wall.displays[display].rect);
    let fit = (desk.width as f32 / bounds.w).min(desk.height as f32 / bounds.h) * 0.9;
    PhysicalSize::new((rect.w * fit).max(64.0) as u32, (rect.h * fit).max(64.0) as u32)
}

/// True where the window system says that a frame was shown.
#[cfg(target_os = "linux")]
pub fn acknowledges(event_loop: &ActiveEventLoop) -> bool {
    winit::platform::wayland::ActiveEventLoopExtWayland::is_wayland(event_loop)
}

/// True where the window system says that a frame was shown.
#[cfg(not(target_os = "linux"))]
pub fn acknowledges(_event_loop: &ActiveEventLoop) -> bool {
    false
}

/// True when the same picture goes on both, however their monitors are found.
pub fn drawn_alike(a: Option<&Display>, b: Option<&Display>) -> bool {
    let picture = |d: &Display| Display { matches: Vec::new(), adopted: None, ..d.clone() };
    a.map(picture) == b.map(picture)
}
