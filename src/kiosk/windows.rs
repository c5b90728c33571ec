//! The wall in windows: one for each display, full screen on its monitor, or ordinary ones.

use std::time::Duration;

use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop};
use winit::window::WindowId;

use super::awake::Inhibition;
use super::keys::Keys;
use super::render_loop::RenderLoop;
use super::signs::Signs;
use super::window_set::{WindowSurfaces, Windows};
use super::{KioskError, Options, Ports, Report};
use crate::clock::Instant;
use crate::gpu::{self, GpuError};

/// How long a driver that keeps a window is waited for at the end: it gives up after a second, unless it is stuck.
const LEAVING: Duration = Duration::from_millis(1_500);

/// Shows the wall until it is told to end. With `options.bench`, gives what was measured.
///
/// # Errors
/// [`KioskError::NoWindows`] when there is no window system to talk to, [`KioskError::Ended`] when
/// it went away; neither can be tried again in this process.
pub fn run(ports: &Ports, options: &Options) -> Result<Option<Report>, KioskError> {
    let event_loop = EventLoop::new().map_err(|e| KioskError::NoWindows(e.to_string()))?;
    let windows = Windows::new(ports.clock.clone(), options.windowed);
    let keys = Keys::new(options.easy_quit || options.windowed || options.identify);
    let mut kiosk = Kiosk { windows, keys, frames: RenderLoop::new(ports, options), failure: None };
    event_loop.run_app(&mut kiosk).map_err(|e| KioskError::Ended(e.to_string()))?;
    match kiosk.failure {
        // A window can only be refused by a window system that is about to go.
        Some(KioskError::Window(why) | KioskError::Gpu(GpuError::Surface(why))) => {
            Err(KioskError::Ended(why))
        }
        Some(failure) => Err(failure),
        None => Ok(kiosk.frames.report()),
    }
}

/// The loop as the window system drives it.
struct Kiosk<'a> {
    frames: RenderLoop<'a>,
    windows: Windows,
    keys: Keys,
    failure: Option<KioskError>,
}

impl Kiosk<'_> {
    fn fail(&mut self, event_loop: &ActiveEventLoop, failure: KioskError) {
        self.failure = Some(failure);
        event_loop.exit();
    }

    fn step(&mut self, event_loop: &ActiveEventLoop, now: Instant) {
        let mut surfaces = WindowSurfaces { windows: &mut self.windows, event_loop };
        match self.frames.tick(&mut surfaces, now) {
            Ok(true) => {}
            Ok(false) => event_loop.exit(),
            Err(failure) => self.fail(event_loop, failure),
        }
    }

    /// The window system asks for a frame of a window, which acknowledges the last one.
    fn answered(&mut self, event_loop: &ActiveEventLoop, index: usize, now: Instant) {
        let Some(sure) = self.windows.answered(index, now) else {
            // It lost what it showed.
            self.frames.renderer.iter_mut().for_each(|renderer| renderer.outputs[index].expose());
            return;
        };
        if sure {
            let display = self.windows.panes[index].place.display;
            self.frames.ports.observer.iter().for_each(|observer| observer.seen(display, now));
        }
        if self.frames.frame_clock.on_ready(index, now) {
            self.step(event_loop, now);
        } else if std::mem::take(&mut self.windows.panes[index].owed) {
            self.catch_up(index);
        }
    }

    /// Gives a window that was not ready for the last frame that frame now.
    fn catch_up(&mut self, index: usize) {
        let (ports, panes) = (self.frames.ports, &self.windows.panes);
        let Some(renderer) = &mut self.frames.renderer else { return };
        let snapshot = ports.snapshot.load();
        let mut ready = |i: usize| panes[i].window.pre_present_notify();
        let given = renderer.catch_up(index, &ports.clock, &snapshot, &mut ready);
        let presented: Vec<bool> = (0..panes.len()).map(|i| given && i == index).collect();
        self.windows.given(&presented, ports);
    }
}

impl ApplicationHandler for Kiosk<'_> {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        if self.frames.renderer.is_some() {
            return;
        }
        let mut surfaces = WindowSurfaces { windows: &mut self.windows, event_loop };
        if let Err(failure) = self.frames.open(&mut surfaces) {
            self.fail(event_loop, failure);
        } else if self.frames.renderer.is_none() {
            tracing::warn!(
                "none of the layout's displays has a monitor here ({}); waiting for one",
                self.windows.screens.summary()
            );
        }
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, id: WindowId, event: WindowEvent) {
        let Self { frames, windows, keys, .. } = self;
        if let (WindowEvent::Resized(_), Some(renderer)) = (&event, &frames.renderer) {
            windows.signs.resized(id, &renderer.gpu);
        }
        let Some(index) = windows.panes.iter().position(|p| p.window.id() == id) else { return };
        match event {
            // The picture is as large as its monitor, whatever the desktop's scale.
            WindowEvent::ScaleFactorChanged { mut inner_size_writer, .. } if windows.screens.on_x11() => {
                // It fails only when the window is going.
                let _ = inner_size_writer.request_inner_size(windows.panes[index].window.inner_size());
            }
            WindowEvent::CloseRequested if keys.is_easy() || windows.panes[index].place.monitor.is_none() => {
                event_loop.exit();
            }
            WindowEvent::CloseRequested => windows.panes[index].visibility.close(),
            WindowEvent::ModifiersChanged(modifiers) => keys.modifiers(modifiers.state()),
            WindowEvent::KeyboardInput { event, .. } => {
                let now = (frames.ports.clock.instant(), frames.ports.clock.now());
                if keys.take(&event, &frames.ports.desk, now) {
                    event_loop.exit();
                }
            }
            WindowEvent::Resized(size) => {
                if let Some(renderer) = &mut frames.renderer {
                    renderer.outputs[index].resize(&renderer.gpu, size.width, size.height);
                }
            }
            WindowEvent::Occluded(covered) => {
                windows.panes[index].visibility.cover(covered, frames.ports.clock.instant());
            }
            WindowEvent::RedrawRequested => {
                let now = frames.ports.clock.instant();
                windows.wake(now);
                self.answered(event_loop, index, now);
            }
            _ => {}
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        let now = self.frames.ports.clock.instant();
        self.windows.wake(now);
        if self.frames.is_over(now) || self.keys.is_over(now) {
            return event_loop.exit();
        }
        if self.frames.frame_clock.on_timer(now) {
            self.step(event_loop, now);
        }
        let wait =
            self.frames.frame_clock.deadline().saturating_duration_since(self.frames.ports.clock.instant());
        event_loop.set_control_flow(ControlFlow::wait_duration(wait));
    }

    fn exiting(&mut self, _event_loop: &ActiveEventLoop) {
        if let Some(renderer) = &mut self.frames.renderer {
            renderer.outputs.clear();
        }
        self.windows.signs = Signs::default();
        self.windows.panes.clear();
        self.windows.inhibition = Inhibition::default();
        // What a driver still holds of a window must not outlive the connection to the window system.
        let ended = self.frames.ports.clock.instant();
        let waited = || self.frames.ports.clock.instant().saturating_duration_since(ended);
        while gpu::left_behind() > 0 && waited() < LEAVING {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
