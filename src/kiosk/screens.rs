//! The monitors of this machine, as the window system and the kernel together know them, and
//! which display goes on which.

use std::time::Duration;

use winit::application::ApplicationHandler;
use winit::error::EventLoopError;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoop};
use winit::monitor::MonitorHandle;
use winit::window::WindowId;

use super::monitors::Screen;
use super::{KioskError, edid};
use crate::layout::monitors::{self, Monitor};
use crate::layout::wall::Wall;

/// What one look at the monitors found.
#[derive(Default)]
pub struct Screens {
    pub monitors: Vec<Monitor>,
    /// In the same order. Kept only until the next look: handles go stale when a cable is pulled.
    pub handles: Vec<MonitorHandle>,
}

/// Displays to show, each with the plug of its monitor; `None` stands for an ordinary window.
pub struct Places(pub Vec<(usize, Option<String>)>);

impl Places {
    /// Every display in an ordinary window.
    pub fn desk(wall: &Wall) -> Self {
        Self((0..wall.displays.len()).map(|i| (i, None)).collect())
    }
}

/// Asks the window system for its monitors and the kernel for what they say about themselves.
pub fn look(event_loop: &ActiveEventLoop) -> Screens {
    // One that was plugged in just now has neither name nor mode for a moment: not there yet.
    let lit = |handle: &MonitorHandle| handle.size().width > 0 && handle.size().height > 0;
    let handles: Vec<MonitorHandle> = event_loop.available_monitors().filter(lit).collect();
    let told = handles.iter().enumerate().map(|(i, h)| screen(i, h)).collect::<Vec<_>>();
    Screens { monitors: super::monitors::monitors(&told, &edid::panels()), handles }
}

/// The monitors of this machine, and each in words.
///
/// # Errors
/// [`KioskError::NoWindows`] when there is no window system to talk to.
pub fn monitors() -> Result<(Vec<Monitor>, Vec<Line>), KioskError> {
    struct Look(Option<Screens>);
    impl ApplicationHandler for Look {
        fn resumed(&mut self, event_loop: &ActiveEventLoop) {
            self.0 = Some(look(event_loop));
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

fn screen(index: usize, handle: &MonitorHandle) -> Screen {
    let (size, position) = (handle.size(), handle.position());
    Screen {
        name: handle.name().unwrap_or_else(|| format!("monitor-{}", index + 1)),
        position: (position.x, position.y),
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
    let taken = assignment.monitors.iter().enumerate();
    Ok(Places(taken.filter_map(|(d, m)| Some((d, Some(screens.monitors[(*m)?].name.clone())))).collect()))
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
        self.monitors.iter().zip(&self.handles).map(|(m, h)| Line::new(m, h)).collect()
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
    fn new(monitor: &Monitor, handle: &MonitorHandle) -> Self {
        let hz = handle.refresh_rate_millihertz().map(|r| format!(" @ {:.2} Hz", f64::from(r) / 1e3));
        Self {
            connector: monitor.name.clone(),
            edid: monitor.edid.as_ref().map(|e| e.id()).unwrap_or_default(),
            mode: format!("{}×{}{}", monitor.pixels.0, monitor.pixels.1, hz.unwrap_or_default()),
            position: format!("{},{}", monitor.position.0, monitor.position.1),
            scale: format!("{}", handle.scale_factor()),
            size: monitor.size_mm.map(|(w, h)| format!("{w:.0}×{h:.0} mm")).unwrap_or_default(),
        }
    }

    fn paragraph(&self) -> String {
        let edid = if self.edid.is_empty() { "no EDID" } else { &self.edid };
        let size = if self.size.is_empty() { String::new() } else { format!(", {}", self.size) };
        format!("{}   {edid}\n{} at {}, scale {}{size}", self.connector, self.mode, self.position, self.scale)
    }
}
