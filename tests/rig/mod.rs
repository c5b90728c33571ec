//! The rig: a real compositor with as many outputs as a test asks for, the real binary in it, and
//! photographs of what the outputs show.
//!
//! sway runs on its headless backend with its software renderer. It refuses to run as root, so
//! when the tests are root everything under it runs as `nobody`, in a folder of its own. Every
//! process is ended by its id when its guard is dropped, and by the kernel when the tests die.

// Each test uses its part of the rig.
#![allow(dead_code)]

pub mod browser;
pub mod clock;
pub mod complaints;
pub mod faults;
pub mod headless;
pub mod photo;
pub mod process;
pub mod supervisor;
pub mod sway;
#[cfg(target_os = "linux")]
pub mod xorg;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The binary under test.
pub const FISHBOWL: &str = env!("CARGO_BIN_EXE_fishbowl");

/// A file of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Asks until there is an answer; panics with `what` when there is none within `limit`.
pub fn within<T>(limit: Duration, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < limit, "{what}: not within {limit:?}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// The first of `names` that is in the path.
pub fn find_command(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| std::env::split_paths(&path).map(|dir| dir.join(name)).find(|p| p.is_file()))
}

/// The first of `names` that is in the path; panics with what to do about it when none is.
pub fn need_command(names: &[&str], leave_out: &str) -> PathBuf {
    find_command(names).unwrap_or_else(|| {
        panic!(
            "this test needs `{}`; `make test` installs it on Debian and Ubuntu. Set {leave_out}=1 to leave it out",
            names[0]
        )
    })
}

/// True when the person who runs the tests left these out by name.
pub fn left_out(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value == "1")
}
