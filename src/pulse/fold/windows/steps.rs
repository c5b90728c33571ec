//! The steps of time in which windows move, and how many of each are kept.

use crate::layout::window::Window;

/// Seconds of a quarter of an hour.
pub const QUARTER: i64 = 900;
/// What comes later than this counts nowhere, seconds.
pub const LATE: i64 = 86_400;
/// A quarter is final when it ended so long ago, seconds: [`LATE`], and what may lie in queues.
pub const SETTLED: i64 = LATE + QUARTER;
/// Seconds kept one by one: an hour, and what a clock may be set back without loss.
pub const SECONDS: i64 = 3_600 + 900;
/// Minutes kept one by one: the longest day, and an hour before the same time yesterday.
pub const MINUTES: i64 = 26 * 60;
/// Quarters kept one by one: a day a week ago.
pub const QUARTERS: i64 = 8 * 96 + 1;
/// Seconds, minutes and quarters that a series tells.
pub const SERIES: (i64, i64, i64) = (3_600, 1_440, 768);

/// Steps of the windows that move by the minute and by the quarter.
pub const DAY_MINUTES: i64 = 1_440;
pub const WEEK_QUARTERS: i64 = 672;

/// Seconds of a window of one length; nought for the others.
pub fn length(window: Window) -> i64 {
    i64::from(window.secs().unwrap_or(0))
}

/// The minute in which a second lies.
pub fn minute(second: i64) -> i64 {
    second.div_euclid(60)
}

/// The quarter of an hour in which a second lies.
pub fn quarter(second: i64) -> i64 {
    second.div_euclid(QUARTER)
}
