//! The pipe by which a test asks a wall for faults (docs/faults.md).

use std::ffi::CString;
use std::fs::{File, OpenOptions, Permissions};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use super::headless::Mirror;
use super::process::Home;
use super::within;

pub struct Faults {
    path: PathBuf,
    pipe: File,
}

impl Faults {
    /// A pipe in this folder.
    pub fn in_home(home: &Home) -> Self {
        let path = home.path().join("faults");
        let name = CString::new(path.as_os_str().as_bytes()).expect("a plain path");
        // SAFETY: the name ends with a zero and lives until the call is done.
        assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0, "a pipe can be made");
        std::fs::set_permissions(&path, Permissions::from_mode(0o666)).expect("permissions can be set");
        // With a reader of its own it can be opened before the wall is there.
        let pipe = OpenOptions::new().read(true).write(true).open(&path).expect("the pipe can be opened");
        Self { path, pipe }
    }

    /// Has a wall that is yet to start listen to it.
    pub fn heard_by<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("FISHBOWL_FAULTS", &self.path)
    }

    pub fn ask(&self, line: &str) {
        (&self.pipe).write_all(format!("{line}\n").as_bytes()).expect("the pipe takes a line");
    }
}

/// How often a wall has lost its graphics device.
pub fn losses(mirror: &Mirror) -> u64 {
    let page = String::from_utf8(mirror.get("/metrics").2).expect("metrics are text");
    let count = page.lines().find_map(|line| line.strip_prefix("fishbowl_graphics_losses_total "));
    count.and_then(|count| count.parse().ok()).expect("losses are counted")
}

/// Waits until it has lost it so often.
pub fn wait_for_losses(mirror: &Mirror, count: u64) {
    within(super::headless::SOON, &format!("loss number {count}"), || {
        (losses(mirror) == count).then_some(())
    });
}
