//! The kiosk: windows, monitors, the frame clock, recovery.

pub mod edid;
pub mod headless;
pub mod identify;
pub mod meter;
pub mod pace;
mod screens;
pub mod stage;
pub mod usage;
pub mod windows;

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::clock::{Clock, Time};
use crate::gpu::GpuError;
use crate::layout::monitors::Monitor;
use crate::layout::wall::Wall;
use crate::pulse::snapshot::Snapshot;

/// Makes the wall from the monitors that the machine has; a layout that names its displays gives
/// the same wall for any.
pub type Solve = Arc<dyn Fn(&[Monitor]) -> Wall + Send + Sync>;

/// What the rest of the house asks of the kiosk while it runs.
pub enum Command {
    /// Take over a changed layout.
    Layout(Solve),
    /// Show a message in the corner, or none.
    Notice(Option<Arc<str>>),
    /// End.
    Quit,
}

/// Where the kiosk gets what it draws, and to whom it shows what it drew.
pub struct Ports {
    pub clock: Clock,
    pub solve: Solve,
    pub snapshot: Arc<ArcSwap<Snapshot>>,
    pub commands: mpsc::Receiver<Command>,
    /// Somebody who may want to see what the displays show.
    pub eye: Option<Box<dyn Eye>>,
}

/// Somebody who looks at the wall from elsewhere.
pub trait Eye {
    /// The wall that is shown from now on.
    fn wall(&self, wall: &Arc<Wall>);
    /// True when a picture of display `display` is wanted now.
    fn wants(&self, display: usize, now: Time) -> bool;
    /// A picture of a display, four bytes a pixel (red, green, blue, alpha), rows from the top.
    fn show(&self, display: usize, picture: Picture);
    /// A frame was drawn at `now`; `scene` stands.
    fn beat(&self, now: Time, scene: &str, snapshot: &Snapshot);
}

/// Pixels of one display.
#[derive(Clone, Debug)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
}

/// How to show the wall.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Ordinary windows instead of full screens.
    pub windowed: bool,
    /// End after this long.
    pub stay: Option<Duration>,
    /// Measure: warm up, measure the wall, then measure the limit.
    pub bench: Option<Bench>,
    /// Show which screen is which instead of the wall.
    pub identify: bool,
}

/// How long a measurement takes.
#[derive(Clone, Copy, Debug)]
pub struct Bench {
    pub warmup: Duration,
    pub measure: Duration,
    /// For the limit: kept pictures copied and nothing painted.
    pub limit: Duration,
}

/// What a run that measured found.
#[derive(Clone, Debug)]
pub struct Report {
    pub wall: meter::Figures,
    pub limit: meter::Figures,
    /// From the kiosk's start to the first presented frame.
    pub first_frame: Duration,
    /// Mentions folded while measuring.
    pub mentions: u64,
    pub adapter: String,
}

/// Why the kiosk could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum KioskError {
    #[error("no window system: {0}")]
    NoWindows(String),
    #[error("{0}")]
    Gpu(#[from] GpuError),
    #[error("cannot open a window: {0}")]
    Window(String),
    #[error("the graphics device was lost {0} times within a minute; giving up so that a supervisor can start anew")]
    DeviceLost(u32),
    #[error("none of the layout's displays has a monitor here; `fishbowl displays LAYOUT` shows what is matched against what")]
    NoDisplay,
}
