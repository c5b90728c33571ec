//! What is counted of a stream over each window, how much of the window is known, and what it was
//! a day and a week ago.

use crate::clock::Time;
use crate::layout::window::Window;
pub use crate::metric::{Exactness, Tally};

const WINDOWS: usize = Window::ALL.len();

/// Tallies over each window, in the order of [`Window::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StreamCounts(pub [Tally; WINDOWS]);

impl StreamCounts {
    pub fn over(&self, window: Window) -> &Tally {
        &self.0[window as usize]
    }
}

/// Up to when each part of a stream holds all that was folded; `None` for a part that nobody wants
/// or that was not drawn yet. `docs/snapshot.md` says how often each is refreshed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AsOf {
    /// [`Stream::counts`](crate::pulse::snapshot::Stream::counts), the breakdown and emotions.
    pub counts: Option<Time>,
    /// Spans and the series by the second.
    pub series: Option<Time>,
    /// Series by the minute and the quarter, and the comparisons.
    pub minutes: Option<Time>,
    /// Places and countries.
    pub places: Option<Time>,
    /// Lists of the hour, lists of the day, and what rises.
    pub hour: Option<Time>,
    pub day: Option<Time>,
    pub rising: Option<Time>,
    /// The readable sample.
    pub latest: Option<Time>,
}

/// How long each window is and how much of it is known, in the order of [`Window::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Spans(pub [Span; WINDOWS]);

impl Spans {
    pub fn over(&self, window: Window) -> Span {
        self.0[window as usize]
    }
}

/// One window's length now, with the running second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Span {
    /// Seconds; 0 for an event that has not begun, or where there is none.
    pub whole: u32,
    /// Seconds of it in which a feed was heard; less while the wall is younger than the window, and
    /// when its feeds were deaf.
    pub known: u32,
    /// Seconds since the first of them.
    pub age: u32,
    /// Seconds of it that the journal has not told yet.
    pub untold: u32,
    /// Seconds of it that the journal cannot tell, because it is damaged.
    #[serde(default)]
    pub unread: u32,
}

/// What each window's mentions were before, in the order of [`Window::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Befores(pub [Before; WINDOWS]);

impl Befores {
    pub fn over(&self, window: Window) -> Before {
        self.0[window as usize]
    }
}

/// Mentions of the same window earlier; `None` is not known. See `docs/windows.md` for how exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Before {
    /// A day ago; for `today`, yesterday up to the same time of day.
    pub day: Option<u64>,
    /// A week ago.
    pub week: Option<u64>,
}
