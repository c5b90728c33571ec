//! A clock that a test turns, for one process: libfaketime between the process and the system's clock.
//! The monotonic clock goes on as it is. Needs the package `faketime`, which `scripts/setup test` installs.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::process::Home;

/// Set to 1 on machines that have no libfaketime, to leave its tests out.
pub const LEAVE_OUT: &str = "FISHBOWL_WITHOUT_FAKETIME";

/// Set to 1 where users may not have clocks of their own (`unshare --user --time`), to leave its tests out.
pub const LEAVE_OUT_UPTIME: &str = "FISHBOWL_WITHOUT_TIME_NAMESPACE";

/// Begins a command that finds a machine that has been up for so long: Linux gives it clocks of its own. The program
/// and its arguments are to be added.
pub fn up_for(home: &Home, uptime: Duration) -> Command {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let by = (uptime.as_secs() as i64 - now.tv_sec).to_string();
    let mut command = home.command(super::need_command(&["unshare"], LEAVE_OUT_UPTIME));
    command.args(["--user", "--map-root-user", "--time", "--monotonic", &by, "--boottime", &by]);
    command
}

/// Where distributions keep the library that also suits programs with threads.
const LIBRARY: &str = "faketime/libfaketimeMT.so.1";

/// A clock that is off by what was said last.
pub struct Turned {
    library: PathBuf,
    file: PathBuf,
}

impl Turned {
    /// A clock in `home` that is off by `seconds`; later than the system's when that is positive.
    pub fn by(home: &Home, seconds: i64) -> Self {
        let file = home.write("clock", &offset(seconds));
        Self { library: library(), file }
    }

    /// Has a process that is yet to start go by this clock.
    pub fn worn_by<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("LD_PRELOAD", &self.library).env("FAKETIME_TIMESTAMP_FILE", &self.file);
        for name in ["FAKETIME_DONT_FAKE_MONOTONIC", "FAKETIME_NO_CACHE", "NO_FAKE_STAT"] {
            command.env(name, "1");
        }
        command
    }

    /// Turns it: from now on it is off by `seconds` from the system's.
    pub fn turn(&self, seconds: i64) {
        // Replaced in one step: it is read at every look at the clock, and must never be half there.
        let new = self.file.with_extension("new");
        std::fs::write(&new, offset(seconds)).expect("the file can be written");
        std::fs::rename(&new, &self.file).expect("the file can be replaced");
    }
}

fn offset(seconds: i64) -> String {
    format!("{seconds:+}s\n")
}

fn library() -> PathBuf {
    let folders = ["x86_64-linux-gnu", "aarch64-linux-gnu", ""].map(|arch| Path::new("/usr/lib").join(arch));
    let found = folders.map(|folder| folder.join(LIBRARY)).into_iter().find(|file| file.is_file());
    found.unwrap_or_else(|| {
        panic!(
            "this test needs libfaketime; `make test` installs it on Debian and Ubuntu. Set {LEAVE_OUT}=1 to \
             leave it out"
        )
    })
}
