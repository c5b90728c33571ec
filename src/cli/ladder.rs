//! What is done about a wall that ends badly again and again: it is started as usual, then with the layout that ran
//! well before, then with a wall that only says so, and at last the machine is asked to start again. Bad ends are
//! forgotten after half an hour, after a good one, and when the machine starts.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::clock::{self, Uptime};

use super::last_good::write_private;
use super::{journal_setup, whose};

/// Bad ends are forgotten after so long.
pub const LATELY: Duration = Duration::from_secs(1_800);

/// So many of them lead to the layout before, to the wall that only says so, and to a start of the machine.
const LAST_GOOD: usize = 3;
const SAFE: usize = 5;
const REBOOT: usize = 8;
/// A machine whose start is told this differently was started once, seconds: clocks are slewed.
const SAME_BOOT: u64 = 5;
/// Most of them that are noted.
const MOST: usize = 32;

/// The command that starts the machine again. Without it, that is left to people.
const COMMAND: &str = "FISHBOWL_REBOOT";

/// What is shown after the bad ends there were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    Usual,
    /// The layout that ran well before, if the present one is another.
    LastGood,
    /// A wall that says how often it ended.
    Safe(usize),
}

/// The starts of a wall that have had no good end yet: a file beside its journal with a line for each, the machine's
/// start (seconds since 1970) and the seconds from then on.
#[derive(Clone, Debug)]
pub struct Ladder(PathBuf);

impl Ladder {
    /// That of the wall with this layout; nothing for a user without a home.
    pub fn of(layout: &Path) -> Option<Self> {
        let folder = journal_setup::state_folder()?.join("fishbowl");
        Some(Self(folder.join(format!("{}.starts", whose::hash(&whose::known(layout))))))
    }

    /// Notes a start, unless it goes on with the one before. Gives what is to be shown.
    pub fn climb(&self, goes_on: bool) -> Rung {
        let Some(now) = clock::uptime() else { return Rung::Usual };
        let mut starts = self.lately(&now);
        if goes_on {
            starts.pop();
        }
        let ends = starts.len();
        if !goes_on && is_to_reboot(ends, now.up) {
            reboot(ends);
        }
        self.note(&starts, &now);
        rung(ends)
    }

    /// It ended well: what was before does not count.
    pub fn forget(&self) {
        // It may not be there, or not be ours to remove; then it is forgotten in half an hour.
        let _ = std::fs::remove_file(&self.0);
    }

    /// Seconds after the present boot at which it was started within the last half hour.
    fn lately(&self, now: &Uptime) -> Vec<u64> {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        let up = now.up.as_secs();
        let start = |line: &str| {
            let (booted, at) = line.split_once(' ')?;
            let booted: i64 = booted.parse().ok()?;
            let at: u64 = at.parse().ok().filter(|at| *at <= up && up - at < LATELY.as_secs())?;
            (booted.abs_diff(now.booted) <= SAME_BOOT).then_some(at)
        };
        let mut starts: Vec<u64> = text.lines().filter_map(start).collect();
        starts.drain(..starts.len().saturating_sub(MOST));
        starts
    }

    fn note(&self, starts: &[u64], now: &Uptime) {
        let mut text = String::new();
        for at in starts.iter().chain([&now.up.as_secs()]) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{} {at}", now.booted);
        }
        if let Err(error) = write_private(&self.0, &text) {
            tracing::warn!("bad ends of the wall are not counted: {}: {error}", self.0.display());
        }
    }
}

fn rung(ends: usize) -> Rung {
    match ends {
        SAFE.. => Rung::Safe(ends),
        LAST_GOOD.. => Rung::LastGood,
        _ => Rung::Usual,
    }
}

/// A machine that starts again and again helps less than one that says what is wrong.
fn is_to_reboot(ends: usize, up: Duration) -> bool {
    ends >= REBOOT && up >= LATELY
}

fn reboot(ends: usize) {
    let Some(command) = std::env::var(COMMAND).ok().filter(|command| !command.trim().is_empty()) else {
        return;
    };
    tracing::error!("the wall ended {ends} times within half an hour; starting the machine again: {command}");
    let mut words = command.split_whitespace();
    let started = words.next().map(|program| std::process::Command::new(program).args(words).status());
    match started {
        Some(Ok(status)) if status.success() => {}
        Some(Ok(status)) => tracing::error!("{COMMAND}: {command}: {status}"),
        Some(Err(error)) => tracing::error!("{COMMAND}: {command}: {error}"),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uptime(booted: i64, up: u64) -> Uptime {
        Uptime { booted, up: Duration::from_secs(up) }
    }

    #[test]
    fn bad_ends_climb_and_are_forgotten() {
        let rungs: Vec<Rung> = (0..7).map(rung).collect();
        use Rung::{LastGood, Safe, Usual};
        assert_eq!(rungs, [Usual, Usual, Usual, LastGood, LastGood, Safe(5), Safe(6)]);
        let desk = tempfile::tempdir().expect("a folder");
        let ladder = Ladder(desk.path().join("state/x.starts"));
        let mut starts = Vec::new();
        for at in [100, 200, 1_000] {
            ladder.note(&starts, &uptime(1_000_000, at));
            starts = ladder.lately(&uptime(1_000_000, at));
        }
        assert_eq!(ladder.lately(&uptime(1_000_000, 1_001)), [100, 200, 1_000]);
        assert_eq!(ladder.lately(&uptime(1_000_000, 1_950)), [200, 1_000], "half an hour later");
        assert_eq!(ladder.lately(&uptime(1_000_002, 1_001)).len(), 3, "the clock was slewed");
        assert!(ladder.lately(&uptime(1_000_060, 1_001)).is_empty(), "the machine was started");
        ladder.forget();
        assert!(ladder.lately(&uptime(1_000_000, 1_001)).is_empty());
        for strange in ["", "a", "a 1\n1000000 x\n1000000 -1\n", "1000000 99999\n", "\0\n"] {
            std::fs::write(&ladder.0, strange).expect("written");
            assert!(ladder.lately(&uptime(1_000_000, 1_001)).is_empty(), "{strange:?}");
        }
    }

    #[test]
    fn the_machine_is_started_again_at_most_twice_an_hour() {
        let (soon, later) = (Duration::from_secs(1_799), LATELY);
        assert!(
            !is_to_reboot(REBOOT, soon) && !is_to_reboot(REBOOT - 1, later) && is_to_reboot(REBOOT, later)
        );
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_start_that_goes_on_is_no_second_one() {
        let desk = tempfile::tempdir().expect("a folder");
        let ladder = Ladder(desk.path().join("x.starts"));
        for _ in 0..LAST_GOOD {
            assert_eq!(ladder.climb(false), Rung::Usual);
            assert_eq!(ladder.climb(true), Rung::Usual);
        }
        assert_eq!(ladder.climb(false), Rung::LastGood);
        assert_eq!(ladder.climb(true), Rung::LastGood);
        ladder.forget();
        assert_eq!(ladder.climb(false), Rung::Usual);
    }
}
