//! Monitors of which nobody can tell which display they are: each shows its plug and why, until a
//! `match` tells.

use std::sync::Arc;

use winit::event_loop::ActiveEventLoop;
use winit::window::{Window, WindowId};

use super::awake::{Inhibition, Inhibitor};
use super::places::Sign;
use super::randr::Server;
use super::screens::Screens;
use super::wall_renderer::WallRenderer;
use super::{KioskError, identify, panes};
use crate::gpu::{Gpu, GpuError, Output};
use crate::layout::monitors::Monitor;
use crate::layout::wall::{Display, Wall};
use crate::layout::{self, mount};
use crate::scene::Frame;

/// What to do about monitors and displays that cannot be told apart.
pub const ADVICE: &str =
    "give each of these displays a `match` for exactly one monitor; `fishbowl displays` prints one";

/// The monitors in doubt. Dropped before the renderer whose GPU they draw with.
#[derive(Default)]
pub struct Signs {
    shown: Vec<ShownSign>,
    frame: Option<Frame>,
    /// Where the next one stands in the frame of all, which is no wall, millimetres.
    right: f32,
}

struct ShownSign {
    awake: Option<Inhibitor>,
    // The surface goes before its window.
    output: Option<Output>,
    window: Arc<Window>,
    sign: Sign,
    display: Display,
}

impl Signs {
    /// Opens a window for each sign that is wanted, keeps those that stand, closes the others.
    pub fn want(
        &mut self,
        event_loop: &ActiveEventLoop,
        wanted: &[Sign],
        (screens, server): (&Screens, &Server),
    ) -> Result<(), KioskError> {
        let monitor = |sign: &Sign| screens.monitors.iter().find(|m| m.name == sign.monitor);
        self.shown.retain(|shown| {
            let stands = monitor(&shown.sign).is_some_and(|m| display(m).pixels == shown.display.pixels);
            wanted.contains(&shown.sign) && stands
        });
        for sign in wanted {
            let (Some(monitor), Some(spot)) = (monitor(sign), screens.spot(&sign.monitor)) else { continue };
            if self.shown.iter().all(|shown| shown.sign != *sign) {
                let window = panes::fill(event_loop, &sign.monitor, (spot, server))?;
                let mut display = display(monitor);
                display.rect.x = if self.shown.is_empty() { 0.0 } else { self.right };
                self.right = display.rect.right() + 1.0;
                self.shown.push(ShownSign { awake: None, output: None, window, sign: sign.clone(), display });
            }
        }
        self.frame = None;
        Ok(())
    }

    /// A window by which the GPU can be found.
    pub fn window(&self) -> Option<Arc<Window>> {
        self.shown.first().map(|shown| shown.window.clone())
    }

    /// Draws what is not drawn yet; a sign that stands costs nothing.
    pub fn draw(&mut self, renderer: &mut WallRenderer) {
        self.shown.retain_mut(|shown| match shown.dress(renderer) {
            Ok(()) => true,
            Err(why) => {
                tracing::error!("cannot show the notice on monitor {}: {why}", shown.sign.monitor);
                false
            }
        });
        if self.shown.is_empty() {
            return;
        }
        let frame = match self.frame.take() {
            Some(frame) => frame,
            None => picture(&self.shown, renderer),
        };
        let windows: Vec<Arc<Window>> = self.shown.iter().map(|shown| shown.window.clone()).collect();
        let outputs = self.shown.iter_mut().filter_map(|shown| shown.output.as_mut());
        renderer
            .draw_apart(&mut outputs.collect::<Vec<_>>(), &frame, &mut |i| windows[i].pre_present_notify());
        self.frame = Some(frame);
    }

    /// A window has another size now.
    pub fn resized(&mut self, window: WindowId, gpu: &Gpu) {
        for shown in self.shown.iter_mut().filter(|shown| shown.window.id() == window) {
            let size = shown.window.inner_size();
            shown.output.iter_mut().for_each(|output| output.resize(gpu, size.width, size.height));
        }
    }

    /// Keeps every sign on its monitor, and that monitor on.
    pub fn keep(&mut self, (screens, server): (&Screens, &Server), inhibition: &mut Inhibition) {
        for shown in &mut self.shown {
            panes::keep(&shown.window, &shown.sign.monitor, screens, server);
            shown.awake.get_or_insert_with(|| inhibition.inhibit(&shown.window));
        }
    }

    /// Gives up what was set on a GPU that is lost.
    pub fn forget(&mut self) {
        self.shown.iter_mut().for_each(|shown| shown.output = None);
        self.frame = None;
    }
}

impl ShownSign {
    /// Gets the window ready to be drawn to.
    fn dress(&mut self, renderer: &mut WallRenderer) -> Result<(), GpuError> {
        if self.output.is_none() {
            let (size, window) = (self.window.inner_size(), self.window.clone());
            let (ground, size) = (renderer.ground(), (size.width, size.height));
            self.output = Some(Output::window(&mut renderer.gpu, window, &self.display, ground, size)?);
        }
        Ok(())
    }
}

fn display(monitor: &Monitor) -> Display {
    let whole = layout::filling(monitor);
    Display { pixels: mount::hung_pixels(&whole, monitor), ..whole }
}

/// All signs in one frame.
fn picture(shown: &[ShownSign], renderer: &mut WallRenderer) -> Frame {
    let displays: Vec<Display> = shown.iter().map(|shown| shown.display.clone()).collect();
    let wall = Wall { displays, ..(*renderer.wall).clone() };
    let words: Vec<String> = shown.iter().map(|shown| shown.sign.words.clone()).collect();
    identify::message(&wall, &words, renderer.setter())
}
