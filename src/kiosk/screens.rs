//! The monitors of this machine, as the window system and the kernel together know them.

use std::time::Duration;

use winit::application::ApplicationHandler;
use winit::dpi::PhysicalSize;
use winit::error::EventLoopError;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoop};
use winit::monitor::MonitorHandle;
#[cfg(target_os = "linux")]
use winit::platform::{wayland::ActiveEventLoopExtWayland as _, x11::ActiveEventLoopExtX11 as _};
use winit::window::WindowId;

use super::monitors::Screen;
use super::outputs::{self, Output};
use super::randr::{Heard, Server};
use super::spot::Spot;
use super::{KioskError, edid};
use crate::layout::monitors::{self, Assignment, Monitor};
use crate::layout::wall::Wall;

/// The compositor that ignores on which output a window is to be.
const ONE_WINDOW: &str = "cage";

/// What listens to the window system beside winit.
#[derive(Default)]
pub struct Listeners {
    outputs: outputs::OutputListener,
    pub server: Server,
}

impl Listeners {
    /// Whether the last look found that the compositor is telling of something: a new monitor has neither name nor
    /// mode at first.
    pub fn is_stirred(&self) -> bool {
        self.outputs.is_stirred()
    }
}

/// What one look at the monitors found.
#[derive(Default)]
pub struct Screens {
    pub monitors: Vec<Monitor>,
    /// In the same order. Kept only until the next look: handles go stale when a cable is pulled.
    spots: Vec<Spot>,
    /// What the window system tells of them.
    outputs: Vec<Output>,
    /// On X11: plugs that are driven and empty, and those with a monitor that are not driven.
    empty: Vec<String>,
    dark: Vec<String>,
    on_x11: bool,
    /// The compositor shows one window over all outputs, wherever it is asked to be.
    one_window: bool,
}

/// Asks the window system for its monitors and the kernel for what they say about themselves.
pub fn look(event_loop: &ActiveEventLoop, listeners: &mut Listeners) -> Screens {
    #[cfg(target_os = "linux")]
    let (wayland, x11) = (event_loop.is_wayland(), event_loop.is_x11());
    #[cfg(not(target_os = "linux"))]
    let (wayland, x11) = (false, false);
    if let Some(heard) = x11.then(|| listeners.server.monitors()).flatten() {
        return by_server(heard);
    }
    let outputs = if wayland { listeners.outputs.outputs() } else { Vec::new() };
    // One that was plugged in just now has neither name nor mode for a moment: not there yet. Nor is
    // one whose place nobody has told.
    let known = |handle: &MonitorHandle| outputs.iter().any(|o| Some(&o.name) == handle.name().as_ref());
    let lit = |handle: &MonitorHandle| handle.size().width > 0 && handle.size().height > 0;
    let there = |handle: &MonitorHandle| lit(handle) && (outputs.is_empty() || known(handle));
    let handles: Vec<MonitorHandle> = event_loop.available_monitors().filter(there).collect();
    let told = handles.iter().enumerate().map(|(i, h)| screen(i, h, wayland)).collect::<Vec<_>>();
    let monitors = super::monitors::monitors(&told, &outputs, &edid::panels());
    Screens {
        monitors,
        spots: handles.into_iter().map(Spot::Handle).collect(),
        outputs,
        one_window: listeners.outputs.program() == Some(ONE_WINDOW),
        ..Screens::default()
    }
}

/// What an X server tells; of a panel of which it has nothing, what the kernel has.
pub(super) fn by_server(heard: Heard) -> Screens {
    let mut found = Screens { dark: heard.dark, on_x11: true, ..Screens::default() };
    let mut panels = edid::panels();
    for lit in heard.lit {
        let Output { name, position, extent, pixels, .. } = lit.output.clone();
        if let Some(panel) = lit.panel {
            panels.retain(|other| other.connector != name);
            panels.push(panel);
        }
        if !lit.plugged {
            found.empty.push(name.clone());
        }
        found.spots.push(Spot::Frame { position, size: extent, refresh_mhz: lit.refresh_mhz });
        found.outputs.push(lit.output);
        let screen = Screen { name, position, pixels };
        found.monitors.extend(super::monitors::monitors(&[screen], &found.outputs, &panels));
    }
    found
}

/// The monitors of this machine, and each in words.
///
/// # Errors
/// [`KioskError::NoWindows`] when there is no window system to talk to.
pub fn monitors() -> Result<(Vec<Monitor>, Vec<Line>), KioskError> {
    struct Look(Option<Screens>);
    impl ApplicationHandler for Look {
        fn resumed(&mut self, event_loop: &ActiveEventLoop) {
            self.0 = Some(look(event_loop, &mut Listeners::default()));
            event_loop.exit();
        }
        fn window_event(&mut self, _: &ActiveEventLoop, _: WindowId, _: WindowEvent) {}
    }
    let no_windows = |e: EventLoopError| KioskError::NoWindows(e.to_string());
    let mut found = Look(None);
    EventLoop::new().map_err(no_windows)?.run_app(&mut found).map_err(no_windows)?;
    let screens = found.0.unwrap_or_default();
    let lines = screens.lines();
    Ok((screens.monitors, lines))
}

fn screen(index: usize, handle: &MonitorHandle, wayland: bool) -> Screen {
    let (size, position) = (handle.size(), handle.position());
    // On Wayland winit multiplies the place by each monitor's own scale, a whole number: places of
    // monitors of different scales cannot be compared then.
    let scale = if wayland { (handle.scale_factor() as i32).max(1) } else { 1 };
    Screen {
        name: handle.name().unwrap_or_else(|| format!("monitor-{}", index + 1)),
        position: (position.x / scale, position.y / scale),
        pixels: (size.width, size.height),
    }
}

impl Screens {
    /// How a window fills the monitor at a plug.
    pub fn spot(&self, name: &str) -> Option<&Spot> {
        let index = self.monitors.iter().position(|m| m.name == name)?;
        self.spots.get(index)
    }

    /// Pixels of the screen on which ordinary windows open.
    pub fn desk(&self) -> Option<PhysicalSize<u32>> {
        self.spots.first().map(Spot::size)
    }

    /// True on X11, where windows are put by their place.
    pub fn on_x11(&self) -> bool {
        self.on_x11
    }

    /// True when nothing changed that windows or people should know.
    pub fn are_as(&self, before: &Self) -> bool {
        let told = |s: &Self| (s.empty.clone(), s.dark.clone());
        self.monitors == before.monitors && told(self) == told(before)
    }

    /// What an X server shows otherwise than it looks.
    pub(super) fn amiss(&self, assignment: &Assignment) -> Vec<String> {
        let shows = |m: &usize| {
            let name = &self.monitors[*m].name;
            self.outputs.iter().find(|output| output.name == *name)
        };
        let used: Vec<&Output> = assignment.monitors.iter().flatten().filter_map(shows).collect();
        let empty = used.iter().filter(|output| self.empty.contains(&output.name));
        let empty = empty.map(|o| {
            format!("the X server is still driving `{}`, but no monitor is plugged in there", o.name)
        });
        let pairs = used.iter().enumerate().flat_map(|(i, a)| used[i + 1..].iter().map(move |b| (a, b)));
        let comes_of_it = match self.on_x11 {
            true => "one of their displays hides the other",
            false => "it is uncertain which comes first, and a window on one may show on both",
        };
        let hidden = pairs.filter(|(a, b)| a.overlaps(b)).map(|(a, b)| {
            format!("`{}` and `{}` show the same part of the desktop: {comes_of_it}", a.name, b.name)
        });
        let dark = self.dark.iter().filter(|_| !assignment.missing.is_empty());
        let dark = dark.map(|name| {
            format!(
                "the X server does not drive the monitor at `{name}`; turn it on with `xrandr --output {name} --auto`"
            )
        });
        let one_window = (self.one_window && self.outputs.len() > 1).then(|| {
            format!(
                "{ONE_WINDOW} shows one window across all {} monitors, so no display is where it should be; use sway or labwc",
                self.outputs.len()
            )
        });
        empty.chain(hidden).chain(dark).chain(one_window).collect()
    }

    /// From one frame to the next on the fastest monitor.
    pub fn period(&self) -> Option<Duration> {
        let mhz = self.spots.iter().filter_map(Spot::refresh_mhz).max().filter(|r| *r > 1_000)?;
        Some(Duration::from_nanos(1_000_000_000_000 / u64::from(mhz)))
    }

    /// In one line.
    pub fn summary(&self) -> String {
        if self.monitors.is_empty() {
            return "none".into();
        }
        let words = self.monitors.iter().map(|m| format!("{} {}×{}", m.name, m.pixels.0, m.pixels.1));
        words.collect::<Vec<_>>().join(", ")
    }

    /// For each monitor some lines that tell what it is.
    pub fn lines(&self) -> Vec<Line> {
        let output = |monitor: &Monitor| self.outputs.iter().find(|output| output.name == monitor.name);
        let line = |(m, spot): (&Monitor, &Spot)| Line::new(m, spot, output(m).map(Output::scale));
        self.monitors.iter().zip(&self.spots).map(line).collect()
    }

    /// For each display the lines of its monitor.
    pub fn words(&self, wall: &Wall) -> Vec<String> {
        let (assignment, _) = monitors::certain(&wall.displays, &self.monitors);
        let lines = self.lines();
        let words = |i: usize| {
            let monitor = assignment.monitors.get(i).copied().flatten();
            monitor.map(|m| lines[m].paragraph()).unwrap_or_else(|| "no monitor of its own".into())
        };
        (0..wall.displays.len()).map(words).collect()
    }
}

/// A monitor in words.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub connector: String,
    /// `MAKE-MODEL-SERIAL`, empty without an EDID.
    pub edid: String,
    pub mode: String,
    pub position: String,
    pub scale: String,
    pub size: String,
}

impl Line {
    fn new(monitor: &Monitor, spot: &Spot, scale: Option<f64>) -> Self {
        let hz = spot.refresh_mhz().map(|r| format!(" @ {:.2} Hz", f64::from(r) / 1e3));
        let scale = match (scale, spot) {
            (Some(scale), _) => scale,
            (None, Spot::Handle(handle)) => handle.scale_factor(),
            (None, Spot::Frame { .. }) => 1.0,
        };
        Self {
            connector: monitor.name.clone(),
            edid: monitor.edid.as_ref().map(|e| e.id()).unwrap_or_default(),
            mode: format!("{}×{}{}", monitor.pixels.0, monitor.pixels.1, hz.unwrap_or_default()),
            position: format!("{},{}", monitor.position.0, monitor.position.1),
            scale: format!("{}", (scale * 100.0).round() / 100.0),
            size: monitor.size_mm.map(|(w, h)| format!("{w:.0}×{h:.0} mm")).unwrap_or_default(),
        }
    }

    fn paragraph(&self) -> String {
        let edid = if self.edid.is_empty() { "no EDID" } else { &self.edid };
        let size = if self.size.is_empty() { String::new() } else { format!(", {}", self.size) };
        format!("{}   {edid}\n{} at {}, scale {}{size}", self.connector, self.mode, self.position, self.scale)
    }
}
