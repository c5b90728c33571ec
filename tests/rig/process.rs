//! Processes that end with the test.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::within;

/// The user `nobody` of every Linux system.
const NOBODY: u32 = 65_534;

/// A folder that the processes of one test own, and the user they run as.
pub struct Home {
    folder: TempDir,
    /// `None` leaves them to the user who runs the tests.
    user: Option<u32>,
}

impl Home {
    pub fn new() -> Self {
        // In /tmp, because a socket's path has at most 108 bytes.
        let folder = tempfile::Builder::new().prefix("fishbowl-").tempdir_in("/tmp").expect("a folder");
        // SAFETY: geteuid has no preconditions.
        let is_root = unsafe { libc::geteuid() } == 0;
        let home = Self { folder, user: is_root.then_some(NOBODY) };
        home.give(home.path(), 0o700);
        home
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Copies a file in here, where the test's processes can read it.
    pub fn take(&self, file: &Path) -> PathBuf {
        let copy = self.path().join(file.file_name().expect("a file"));
        if !copy.exists() {
            // Copied by another process: a writing handle of our own could be inherited by a
            // process that another test starts just now, and the copy could not be run.
            let done = Command::new("cp").arg("--").arg(file).arg(&copy).status().expect("cp runs");
            assert!(done.success(), "{} cannot be copied", file.display());
            self.give(&copy, 0o755);
        }
        copy
    }

    /// Writes a file in here.
    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, content).expect("the file can be written");
        self.give(&path, 0o644);
        path
    }

    fn give(&self, path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("permissions can be set");
        chown(path, self.user, self.user).expect("the owner can be set");
    }

    /// A command that will run in here, as this home's user and with nothing of the test's own
    /// environment but the path and the driver's settings.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear();
        for (name, value) in std::env::vars_os() {
            let name_text = name.to_string_lossy();
            if name_text == "PATH" || name_text.starts_with("VK_") || name_text.starts_with("RUST_") {
                command.env(name, value);
            }
        }
        for name in ["HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "TMPDIR"] {
            command.env(name, self.path());
        }
        // As in the session of a person: words beyond ASCII.
        command.env("LANG", "C.UTF-8").current_dir(self.path()).stdin(Stdio::null());
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        die_with_us(&mut command);
        command
    }

    /// Starts `command`; what it says goes into the file `NAME.log`.
    pub fn start(&self, name: &str, command: &mut Command) -> Running {
        let log = self.path().join(format!("{name}.log"));
        let file = File::create(&log).expect("a log can be made");
        let both = file.try_clone().expect("a log can be shared");
        let child = command.stdout(file).stderr(both).spawn();
        Running {
            child: child.unwrap_or_else(|e| panic!("{name} does not start: {e}")),
            name: name.into(),
            log,
        }
    }
}

/// Has the kernel end the process when the thread that started it is gone, whatever the cause.
fn die_with_us(command: &mut Command) {
    // SAFETY: prctl is async-signal-safe and touches nothing but the new process.
    unsafe {
        command.pre_exec(|| {
            #[cfg(target_os = "linux")]
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            Ok(())
        });
    }
}

/// A process that is ended when this is dropped; what it said is shown when the test failed.
pub struct Running {
    child: Child,
    name: String,
    log: PathBuf,
}

impl Running {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be asked")
    }

    /// Panics when it has ended by itself.
    pub fn must_live(&mut self) {
        let ended = self.ended();
        assert!(ended.is_none(), "{} ended by itself: {ended:?}", self.name);
    }

    /// Waits for the first line that begins with `start` and gives the rest of it.
    pub fn wait_for_line(&mut self, start: &str) -> String {
        within(Duration::from_secs(20), &format!("{} says `{start}`", self.name), || {
            self.must_live();
            let said = self.said();
            let whole = said.rfind('\n').map_or("", |end| &said[..end]);
            whole.lines().find_map(|line| line.strip_prefix(start)).map(|rest| rest.trim().to_string())
        })
    }

    /// Asks it to end, as a supervisor does, and waits until it has.
    pub fn terminate(&mut self) -> ExitStatus {
        // SAFETY: the child was not waited for yet, so its id is still its own.
        unsafe { libc::kill(self.pid() as libc::pid_t, libc::SIGTERM) };
        // It draws the frame to its end, which takes seconds on a busy machine.
        within(Duration::from_secs(30), &format!("{} ends when asked", self.name), || self.ended())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let said = self.said();
            let tail = said.lines().rev().take(30).collect::<Vec<_>>();
            eprintln!("--- {} said last:", self.name);
            tail.iter().rev().for_each(|line| eprintln!("{line}"));
        }
    }
}
