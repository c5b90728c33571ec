//! How long a window is now, how much of it is known, and which series tells of it.

use std::sync::Arc;

use crate::layout::widget::Window;
use crate::pulse::snapshot::{Series, Stream};

const HOUR: u32 = 3_600;
const DAY: u32 = 86_400;
/// What is remembered by quarters of an hour, seconds.
pub const LONGEST: u32 = 8 * DAY;

/// Length of the window now, seconds; at least 1.
pub fn secs(stream: &Stream, window: Window) -> u32 {
    window.secs().unwrap_or(stream.spans.over(window).whole).max(1)
}

/// How many seconds of the window are known.
pub fn known(stream: &Stream, window: Window) -> u32 {
    stream.spans.over(window).known
}

/// The series that a window is told by: by the second up to an hour, by the minute up to a day,
/// by the quarter of an hour above.
pub fn series(stream: &Stream, window: Window) -> &Arc<Series> {
    match secs(stream, window) {
        secs if secs <= HOUR => &stream.by_second,
        secs if secs <= DAY => &stream.by_minute,
        _ => &stream.by_quarter,
    }
}

/// The length that a picture of the window has, seconds: one that grows with time does so in
/// steps, and beyond what is remembered it ends.
pub fn drawn_secs(stream: &Stream, window: Window) -> u32 {
    let secs = secs(stream, window).min(LONGEST);
    match secs {
        _ if window.secs().is_some() => secs,
        _ if secs <= HOUR => secs.next_multiple_of(60),
        _ if secs <= DAY => secs.next_multiple_of(900),
        _ => secs.next_multiple_of(HOUR).min(LONGEST),
    }
}
