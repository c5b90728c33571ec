//! What is done about a wall that ends badly again and again: it is started as usual, then with the layout that ran
//! well before, then with a wall that only says so, and at last the machine is asked to start again. Bad ends are
//! forgotten after half an hour, after a good one, and when the machine starts.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::clock;

use super::noted::Noted;
use super::{output, whose};

/// Bad ends are forgotten after so long.
pub const LATELY: Duration = Duration::from_secs(1_800);

/// So many of them lead to the layout before, to the wall that only says so, and to a start of the machine.
const LAST_GOOD: usize = 3;
const SAFE: usize = 5;
const REBOOT: usize = 8;
/// Most of them that are noted.
const MOST: usize = 32;

/// The command that starts the machine again. Without it, that is left to people.
const COMMAND: &str = "FISHBOWL_REBOOT";
/// What tells one run of the machine from another, for a service from which Linux's own word is hidden.
const BOOT: &str = "FISHBOWL_BOOT";
/// Linux's own word (`man 4 random`). The system's clock would not do: it is set while the machine runs.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// What is shown after the bad ends there were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    Usual,
    /// The layout that ran well before, if the present one is another.
    LastGood,
    /// A wall that says how often it ended.
    Safe(usize),
}

/// The starts of a wall that have had no good end yet, a line for each: which run of the machine it was, the seconds since
/// that began, the number of the process, and whether the machine was asked to start again.
#[derive(Clone, Debug)]
pub struct Ladder(Noted);

/// A start of the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Start {
    /// Seconds since the machine was started.
    at: u64,
    process: u32,
    /// The machine was asked to start again.
    asked: bool,
}

/// After the seconds of such a start.
const ASKED: &str = "reboot";

/// Where the machine stands.
#[derive(Clone, Debug)]
struct Run {
    /// Which run of it; `-` where nothing tells.
    boot: String,
    up: Duration,
}

impl Run {
    fn now() -> Option<Self> {
        let told = std::env::var(BOOT).or_else(|_| std::fs::read_to_string(BOOT_ID)).unwrap_or_default();
        let boot: String = told.split_whitespace().collect();
        Some(Self { boot: if boot.is_empty() { "-".into() } else { boot }, up: clock::uptime()? })
    }
}

impl Ladder {
    /// That of the wall with this layout.
    pub fn of(layout: &Path) -> Self {
        Self(Noted::of(&format!("{}.starts", whose::hash(&whose::known(layout)))))
    }

    /// Notes a start, unless it goes on with the one before. Gives what is to be shown.
    pub fn climb(&self, goes_on: bool) -> Rung {
        let Some(now) = Run::now() else { return Rung::Usual };
        let mut starts = self.lately(&now);
        if goes_on {
            starts.pop();
        }
        // A second copy of the wall is no bad end of the first.
        let ended: Vec<Start> = starts.iter().copied().filter(|start| !is_running(start.process)).collect();
        let ends = ended.len();
        let command = command().filter(|_| !goes_on && is_to_reboot(&ended, now.up));
        // Before the machine starts again, which may come at once.
        self.note(&starts, &now, command.is_some());
        if ends > 0 && !goes_on {
            let times = output::plural(ends as u64, "time");
            tracing::warn!("the wall ended badly {times} within half an hour");
        }
        command.iter().for_each(|command| reboot(command));
        rung(ends)
    }

    /// It ended well: what was before does not count.
    pub fn forget(&self) {
        self.0.remove();
    }

    /// The starts within the last half hour, since the machine was started.
    fn lately(&self, now: &Run) -> Vec<Start> {
        let text = self.0.read().unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let up = now.up.as_secs();
        let start = |line: &str| {
            let mut words = line.split(' ');
            let is_of_now = words.next() == Some(&now.boot);
            let at: u64 = words.next()?.parse().ok().filter(|at| *at <= up && up - at < LATELY.as_secs())?;
            let process = words.next()?.parse().ok()?;
            is_of_now.then_some(Start { at, process, asked: words.next() == Some(ASKED) })
        };
        let mut starts: Vec<Start> = text.lines().filter_map(start).collect();
        let mut surplus = starts.len().saturating_sub(MOST);
        starts.retain(|start| {
            let is_left_out = surplus > 0 && !start.asked;
            surplus -= usize::from(is_left_out);
            !is_left_out
        });
        starts
    }

    fn note(&self, starts: &[Start], now: &Run, asked: bool) {
        let mut text = String::new();
        let own = Start { at: now.up.as_secs(), process: std::process::id(), asked };
        for start in starts.iter().chain([&own]) {
            let asked = if start.asked { format!(" {ASKED}") } else { String::new() };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{} {} {}{asked}", now.boot, start.at, start.process);
        }
        if let Err(error) = self.0.write(&text) {
            tracing::error!(
                "bad ends of the wall are not counted, so that it is started as usual however often it ends: {error}"
            );
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

/// Whether another process of this user has this number.
fn is_running(process: u32) -> bool {
    #[cfg(unix)]
    return process != std::process::id()
        && libc::pid_t::try_from(process).is_ok_and(|process| {
            // SAFETY: signal 0 only asks whether it could be sent.
            process > 0 && unsafe { libc::kill(process, 0) } == 0
        });
    #[cfg(not(unix))]
    false
}

/// A machine that starts again and again helps less than one that says what is wrong.
fn is_to_reboot(starts: &[Start], up: Duration) -> bool {
    starts.len() >= REBOOT && up >= LATELY && !starts.iter().any(|start| start.asked)
}

fn command() -> Option<String> {
    std::env::var(COMMAND).ok().filter(|command| !command.trim().is_empty())
}

fn reboot(command: &str) {
    tracing::error!("starting the machine again: {command}");
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

    fn run(boot: &str, up: u64) -> Run {
        Run { boot: boot.into(), up: Duration::from_secs(up) }
    }

    #[test]
    fn bad_ends_climb_and_are_forgotten() {
        let rungs: Vec<Rung> = (0..7).map(rung).collect();
        use Rung::{LastGood, Safe, Usual};
        assert_eq!(rungs, [Usual, Usual, Usual, LastGood, LastGood, Safe(5), Safe(6)]);
        let desk = tempfile::tempdir().expect("a folder");
        let file = desk.path().join("state/x.starts");
        let ladder = Ladder(Noted::at(file.clone()));
        let mut starts = Vec::new();
        for at in [100, 200, 1_000] {
            ladder.note(&starts, &run("a", at), at == 200);
            starts = ladder.lately(&run("a", at));
        }
        let lately = |up| -> Vec<_> {
            ladder.lately(&run("a", up)).iter().map(|start| (start.at, start.asked)).collect()
        };
        assert_eq!(lately(1_001), [(100, false), (200, true), (1_000, false)]);
        assert_eq!(lately(1_950), [(200, true), (1_000, false)], "half an hour later");
        for at in 1_001..1_101 {
            ladder.note(&ladder.lately(&run("a", at)), &run("a", at), false);
        }
        let many = lately(1_101);
        assert_eq!((many.len(), many[0], many[1]), (MOST, (200, true), (1_070, false)));
        assert!(ladder.lately(&run("b", 1_001)).is_empty(), "the machine was started");
        ladder.forget();
        assert!(ladder.lately(&run("a", 1_001)).is_empty());
        for strange in ["", "a", "b 1 1\na x 1\na -1 1\n", "a 99999 1\n", "\0\n", "1795356000 1\n", "a 1\n"] {
            std::fs::write(&file, strange).expect("written");
            assert!(ladder.lately(&run("a", 1_001)).is_empty(), "{strange:?}");
        }
    }

    #[test]
    fn the_machine_is_started_again_at_most_twice_an_hour() {
        let (soon, later) = (Duration::from_secs(1_799), LATELY);
        let starts = [Start { at: 10, process: 1, asked: false }; REBOOT];
        assert!(is_to_reboot(&starts, later));
        assert!(!is_to_reboot(&starts, soon) && !is_to_reboot(&starts[1..], later));
        let mut asked = starts;
        asked[3].asked = true;
        assert!(!is_to_reboot(&asked, later), "it was asked already");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_start_that_goes_on_is_no_second_one() {
        let desk = tempfile::tempdir().expect("a folder");
        let ladder = Ladder(Noted::at(desk.path().join("x.starts")));
        for _ in 0..LAST_GOOD {
            assert_eq!(ladder.climb(false), Rung::Usual);
            assert_eq!(ladder.climb(true), Rung::Usual);
        }
        assert_eq!(ladder.climb(false), Rung::LastGood);
        assert_eq!(ladder.climb(true), Rung::LastGood);
        ladder.forget();
        assert_eq!(ladder.climb(false), Rung::Usual);
    }

    #[test]
    #[cfg(unix)]
    fn a_copy_that_runs_has_not_ended() {
        let mut copy = std::process::Command::new("sleep").arg("60").spawn().expect("it starts");
        assert!(is_running(copy.id()) && !is_running(std::process::id()) && !is_running(0));
        copy.kill().and_then(|()| copy.wait()).expect("it ends");
        assert!(!is_running(copy.id()) && !is_running(u32::MAX));
    }
}
