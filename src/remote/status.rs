//! What the mirror is told by the frame's side.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

/// How the wall is shown, as the frame's side knows it.
#[derive(Clone, Debug, Default)]
pub struct FrameStatus {
    /// Name of the scene on the wall.
    pub scene: Arc<str>,
    /// The question that it answers.
    pub title: Option<Arc<str>>,
    /// What stands in the wall's corner.
    pub notice: Option<String>,
    /// In words for the operator: a monitor that is missing, a journal in doubt.
    pub problems: Vec<String>,
    /// Displays that have no monitor now, as indices into the wall's; not expected to be drawn.
    pub absent: Vec<usize>,
    /// Displays that may be dark now: their panels rest, or are being woken.
    pub excused: Vec<usize>,
    /// Displays whose window the window system does not show, and for how long.
    pub unseen: Vec<(usize, Duration)>,
    /// Why nothing can be shown at all.
    pub outage: Option<String>,
    /// How often the graphics device was lost since the start.
    pub device_losses: u64,
    pub journal: JournalStats,
}

/// What the journal did since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JournalStats {
    /// Number of new mentions recorded.
    pub kept: u64,
    /// Number of mentions that were already recorded.
    pub repeats: u64,
    /// Mentions that passed while it could not be written.
    pub unrecorded: u64,
    /// Size of its files.
    pub bytes: u64,
}
