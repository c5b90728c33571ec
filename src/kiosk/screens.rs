//! The monitors of this machine, as the window system and the kernel together know them, and
//! which display goes on which.

use std::time::Duration;

use winit::application::ApplicationHandler;
use winit::error::EventLoopError;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoop};
use winit::monitor::MonitorHandle;
#[cfg(target_os = "linux")]
use winit::platform::wayland::ActiveEventLoopExtWayland as _;
use winit::window::WindowId;

use super::monitors::Screen;
use super::outputs::{Ear, Output};
use super::{KioskError, edid};
use crate::geometry::Rotation;
use crate::layout::monitors::{self, Monitor};
use crate::layout::mount;
use crate::layout::wall::Wall;

/// What one look at the monitors found.
#[derive(Default)]
pub struct Screens {
    pub monitors: Vec<Monitor>,
    /// In the same order. Kept only until the next look: handles go stale when a cable is pulled.
    pub handles: Vec<MonitorHandle>,
    /// What the compositor tells of them.
    outputs: Vec<Output>,
}

/// Where a display is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub display: usize,
    /// The plug of its monitor; `None` stands for an ordinary window.
    pub monitor: Option<String>,
    /// How its picture is turned for that.
    pub turn: Rotation,
}

/// Displays to show, and what of them and their monitors does not agree.
#[derive(Default)]
pub struct Places {
    pub all: Vec<Place>,
    pub remarks: Vec<String>,
}

impl Places {
    /// Every display in an ordinary window, upright.
    pub fn desk(wall: &Wall) -> Self {
        let place = |display| Place { display, monitor: None, turn: Rotation::R0 };
        Self { all: (0..wall.displays.len()).map(place).collect(), remarks: Vec::new() }
    }
}

/// Asks the window system for its monitors and the kernel for what they say about themselves.
pub fn look(event_loop: &ActiveEventLoop, ear: &mut Ear) -> Screens {
    // One that was plugged in just now has neither name nor mode for a moment: not there yet.
    let lit = |handle: &MonitorHandle| handle.size().width > 0 && handle.size().height > 0;
    let handles: Vec<MonitorHandle> = event_loop.available_monitors().filter(lit).collect();
    #[cfg(target_os = "linux")]
    let wayland = event_loop.is_wayland();
    #[cfg(not(target_os = "linux"))]
    let wayland = false;
    let told = handles.iter().enumerate().map(|(i, h)| screen(i, h, wayland)).collect::<Vec<_>>();
    let outputs = if wayland { ear.outputs() } else { Vec::new() };
    Screens { monitors: super::monitors::monitors(&told, &outputs, &edid::panels()), handles, outputs }
}

/// The monitors of this machine, and each in words.
///
/// # Errors
/// [`KioskError::NoWindows`] when there is no window system to talk to.
pub fn monitors() -> Result<(Vec<Monitor>, Vec<Line>), KioskError> {
    struct Look(Option<Screens>);
    impl ApplicationHandler for Look {
        fn resumed(&mut self, event_loop: &ActiveEventLoop) {
            self.0 = Some(look(event_loop, &mut Ear::default()));
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

/// Where each display of the wall goes. What has no place is reported.
///
/// # Errors
/// In words, when a display fits several monitors: that is never guessed.
pub fn places(wall: &Wall, screens: &Screens) -> Result<Places, String> {
    let assignment = monitors::assign(&wall.displays, &screens.monitors)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
    for &missing in &assignment.missing {
        let name = &wall.displays[missing].name;
        tracing::warn!("display `{name}` has no monitor here");
    }
    for &spare in &assignment.spare {
        let name = &screens.monitors[spare].name;
        tracing::warn!("monitor {name} is no display of this layout and stays dark");
    }
    let remarks = mount::remarks(&wall.displays, &screens.monitors, &assignment);
    remarks.iter().for_each(|remark| tracing::warn!("{remark}"));
    let place = |(display, monitor): (usize, &Option<usize>)| {
        let monitor = &screens.monitors[(*monitor)?];
        let turn = mount::turn(&wall.displays[display], monitor);
        Some(Place { display, monitor: Some(monitor.name.clone()), turn })
    };
    Ok(Places { all: assignment.monitors.iter().enumerate().filter_map(place).collect(), remarks })
}

impl Screens {
    /// The handle of the monitor at a plug.
    pub fn handle(&self, name: &str) -> Option<&MonitorHandle> {
        let index = self.monitors.iter().position(|m| m.name == name)?;
        self.handles.get(index)
    }

    /// From one frame to the next on the fastest monitor.
    pub fn period(&self) -> Option<Duration> {
        let mhz =
            self.handles.iter().filter_map(|h| h.refresh_rate_millihertz()).max().filter(|r| *r > 1_000)?;
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
        let line = |(m, h): (&Monitor, &MonitorHandle)| Line::new(m, h, output(m).map(Output::scale));
        self.monitors.iter().zip(&self.handles).map(line).collect()
    }

    /// For each display the lines of its monitor.
    pub fn words(&self, wall: &Wall) -> Vec<String> {
        let assignment = monitors::assign(&wall.displays, &self.monitors).unwrap_or_default();
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
    fn new(monitor: &Monitor, handle: &MonitorHandle, scale: Option<f64>) -> Self {
        let hz = handle.refresh_rate_millihertz().map(|r| format!(" @ {:.2} Hz", f64::from(r) / 1e3));
        Self {
            connector: monitor.name.clone(),
            edid: monitor.edid.as_ref().map(|e| e.id()).unwrap_or_default(),
            mode: format!("{}×{}{}", monitor.pixels.0, monitor.pixels.1, hz.unwrap_or_default()),
            position: format!("{},{}", monitor.position.0, monitor.position.1),
            scale: format!("{}", (scale.unwrap_or(handle.scale_factor()) * 100.0).round() / 100.0),
            size: monitor.size_mm.map(|(w, h)| format!("{w:.0}×{h:.0} mm")).unwrap_or_default(),
        }
    }

    fn paragraph(&self) -> String {
        let edid = if self.edid.is_empty() { "no EDID" } else { &self.edid };
        let size = if self.size.is_empty() { String::new() } else { format!(", {}", self.size) };
        format!("{}   {edid}\n{} at {}, scale {}{size}", self.connector, self.mode, self.position, self.scale)
    }
}
