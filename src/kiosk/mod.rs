//! The kiosk: windows, monitors, the frame clock, recovery.

mod absences;
mod awake;
mod device_loss;
pub mod edid;
mod energy;
mod faults;
pub mod frame_clock;
pub mod headless;
pub mod hold;
pub mod identify;
mod keys;
mod measurement;
pub mod meter;
pub mod monitors;
mod orbit;
mod outputs;
mod panes;
mod places;
mod randr;
mod render_loop;
mod resting;
pub mod screens;
mod seen;
mod signs;
mod spot;
mod spotlight;
mod steering;
pub mod usage;
mod visibility;
pub mod wait;
pub mod wall_renderer;
mod window_set;
pub mod windows;
mod worn;

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::bitmap::Bitmap;
use crate::clock::{Clock, Instant, Time};
use crate::control::Desk;
use crate::gpu::GpuError;
use crate::layout::SolvedLayout;
use crate::layout::absent::Displays;
use crate::layout::wall::Wall;
use crate::pulse::snapshot::Snapshot;
use crate::text::MissingScripts;

/// What the rest of the house asks of the kiosk while it runs.
pub enum Command {
    /// Take over a changed layout.
    Layout(Arc<SolvedLayout>),
    /// Show a message in the corner, or none.
    Notice(Option<Arc<str>>),
    /// End.
    Quit,
}

/// Where the kiosk gets what it draws, and to whom it shows what it drew.
pub struct Ports {
    pub clock: Clock,
    pub layout: Arc<SolvedLayout>,
    pub snapshot: Arc<ArcSwap<Snapshot>>,
    pub commands: mpsc::Receiver<Command>,
    /// What people ask of the wall.
    pub desk: Arc<Desk>,
    /// What stands in the corner from the start.
    pub notice: Option<Arc<str>>,
    /// Somebody who may want to see what the displays show.
    pub observer: Option<Box<dyn FrameObserver>>,
}

/// Somebody who looks at the wall from elsewhere.
pub trait FrameObserver {
    /// The wall that is shown from now on.
    fn wall(&self, wall: &Wall);
    /// A frame of `display` was seen at `at`: the window system acknowledged it, or it was drawn
    /// where there is none.
    fn seen(&self, display: usize, at: Instant);
    /// True when a picture of `display` is wanted now and number `n` is not there yet.
    fn wants(&self, display: usize, n: u64, now: Time) -> bool;
    /// True while somebody looks at `display` elsewhere.
    fn watches(&self, display: usize, now: Time) -> bool;
    /// Picture number `n` of `display`.
    fn show(&self, display: usize, n: u64, picture: Bitmap);
    /// How the wall is shown, about once a second.
    fn status(&self, status: WallStatus<'_>);
}

/// How the wall is shown.
pub struct WallStatus<'a> {
    pub wall: &'a Wall,
    /// Index of the scene on the wall.
    pub scene: usize,
    pub notice: Option<&'a str>,
    /// Indices of the displays that have no monitor now.
    pub absent: Vec<usize>,
    /// The displays that may be dark: their panels rest, or are being woken.
    pub excused: Displays,
    /// What of displays and their monitors does not agree.
    pub remarks: &'a [String],
    /// Which letters cannot be drawn; `None` where none are drawn.
    pub missing: Option<&'a MissingScripts>,
    pub unseen: &'a [Unseen],
    /// Why nothing can be shown at all.
    pub outage: Option<&'a str>,
    /// How often the graphics device was lost since the start.
    pub device_losses: u64,
}

/// A display that has a window and is not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unseen {
    pub display: usize,
    pub length: Duration,
}

/// How to show the wall.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Ordinary windows instead of full screens.
    pub windowed: bool,
    /// Escape and `q` end the wall at once; else Ctrl and Q must be held.
    pub easy_quit: bool,
    /// End after this long.
    pub stay: Option<Duration>,
    /// Measure: warm up, measure the wall, then measure the limit.
    pub bench: Option<Bench>,
    /// Show which screen is which instead of the wall.
    pub identify: bool,
}

/// What is to be asked of a wall that is being measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Steer {
    #[default]
    Nothing,
    /// One command after the other.
    Commands,
    /// That it shows black.
    Black,
}

/// How long a measurement takes.
#[derive(Clone, Debug)]
pub struct Bench {
    pub warmup: Duration,
    pub measure: Duration,
    /// For commands.
    pub commands: Duration,
    /// For the idle wall, which shows black.
    pub idle: Duration,
    /// What somebody is to ask of the wall meanwhile.
    pub steer: Arc<Mutex<Steer>>,
    /// For the limit: kept pictures copied and nothing painted.
    pub limit: Duration,
}

/// What a run that measured found.
#[derive(Clone, Debug)]
pub struct Report {
    pub wall: meter::Figures,
    /// While nothing changed on the wall.
    pub idle: meter::Figures,
    pub limit: meter::Figures,
    /// From the kiosk's start to the first presented frame.
    pub first_frame: Duration,
    /// Mentions folded while measuring.
    pub mentions: u64,
    /// From a command to the first changed pixel, and how many commands.
    pub command_to_pixel_ms: (meter::Spread, u64),
    pub adapter: String,
}

/// Why the kiosk could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum KioskError {
    #[error("no window system: {0}")]
    NoWindows(String),
    #[error("the window system ended: {0}")]
    Ended(String),
    #[error("{0}")]
    Gpu(#[from] GpuError),
    #[error("cannot hold the picture on the screens: {0}")]
    Hold(String),
    #[error("cannot open a window: {0}")]
    Window(String),
    #[error(
        "the graphics device was lost {0} times within a minute; giving up so that a supervisor can restart the wall"
    )]
    DeviceLost(usize),
    #[error(
        "the graphics device was lost, and no other can be opened: {0}; giving up so that a supervisor can restart the \
         wall"
    )]
    NoDeviceAgain(GpuError),
}
