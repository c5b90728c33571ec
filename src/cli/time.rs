//! What the wall does while this machine's clock is not right, and when it is set.
//!
//! A machine without a battery starts in 1970, or with the time at which it was switched off, and gets
//! the right one a little later. Until then nothing is listened to; when the clock is set, all begins
//! anew, and the windows are read from the journal.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, Time};
use crate::journal::{self, Plan, Seq};
use crate::layout::moment;
use jiff::tz::TimeZone;

/// A clock that is so far behind the journal is not right yet …
const BEHIND: Duration = Duration::from_secs(600);
/// … unless it stays so for this long.
pub const PATIENCE: Duration = Duration::from_secs(600);

/// Why the wall does not listen yet, and whether that may pass by itself; `None` when the clock may be
/// right.
pub fn waits(plan: Option<&Plan>, clock: &Clock) -> Option<(Arc<str>, bool)> {
    let (now, zone) = (clock.now(), TimeZone::system());
    let says = format!("waiting for the time: this machine's clock says {}", moment::words(now, &zone));
    if !now.is_plausible() {
        return Some((says.into(), false));
    }
    let known = journal::last_time(&plan?.settings.path).filter(|known| now + BEHIND < *known)?;
    Some((
        format!("{says}, but the journal was last written at {}", moment::words(known, &zone)).into(),
        true,
    ))
}

/// By how much the clock was set since mentions were kept by this process.
#[derive(Clone, Debug, Default)]
pub struct Shifts {
    /// The journal, and its last mention when it was opened first.
    of: Option<(PathBuf, Seq)>,
    /// Nanoseconds by which the wall's clock was ahead of the monotonic one then.
    offset: i64,
    /// Mentions up to each were kept before the clock was set by so much; at most [`SHIFTS`].
    all: Vec<(Seq, i64)>,
}

/// Leaps that are remembered.
const SHIFTS: usize = 256;

impl Shifts {
    /// Notes how the clocks stand when a journal that ends with `head` is opened. `offset`: nanoseconds
    /// by which the wall's clock is ahead of the monotonic one.
    pub fn note(&mut self, path: &Path, head: Seq, offset: i64) {
        if self.of.as_ref().is_none_or(|(known, _)| known != path) {
            *self = Self { of: Some((path.into(), head)), offset, all: Vec::new() };
        }
        let by = offset.saturating_sub(std::mem::replace(&mut self.offset, offset));
        if by.unsigned_abs() > 1_000_000_000 {
            self.all.push((head, by));
        }
        self.all.drain(..self.all.len().saturating_sub(SHIFTS));
    }

    /// Nanoseconds by which the clock was set since that mention was kept.
    pub fn of(&self, seq: Seq) -> i64 {
        let Some((_, first)) = &self.of else { return 0 };
        let after = self.all.iter().filter(|(up_to, _)| *first < seq && seq <= *up_to);
        after.fold(0, |sum: i64, (_, by)| sum.saturating_add(*by))
    }

    /// The most by which it was set forward since any was.
    pub fn most(&self) -> u64 {
        let forward = self.all.iter().map(|(_, by)| by.max(&0).unsigned_abs());
        forward.fold(0, u64::saturating_add).min(i64::MAX as u64)
    }
}

/// A leap in words.
pub fn leap(by_ns: i64, now: Time) -> String {
    let by = Duration::from_nanos(by_ns.unsigned_abs());
    let by = match by.as_secs() {
        0..120 => format!("{} s", by.as_secs()),
        secs @ 120..7_170 => format!("{} min", (secs + 30) / 60),
        secs @ 7_170..171_000 => format!("{} h", (secs + 1_800) / 3_600),
        secs => format!("{} days", (secs + 43_200) / 86_400),
    };
    let which = if by_ns < 0 { "back" } else { "forward" };
    format!("this machine's clock was set {which} by {by}, to {}", moment::words(now, &TimeZone::system()))
}
