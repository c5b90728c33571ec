//! What systemd does for a service with `Type=notify`, `WatchdogSec=` and `Restart=always` (`man systemd.service`): it
//! hears what the service says at the socket, ends one that gives no sign of life, and starts one that ended again.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use super::process::{Home, Running};

/// As `TimeoutStopSec=` of the units.
const TO_STOP: Duration = Duration::from_secs(10);

/// A wall that is looked after.
pub struct Supervisor<'a> {
    home: &'a Home,
    socket: UnixDatagram,
    path: PathBuf,
    watchdog: Duration,
    command: Box<dyn Fn() -> Command + 'a>,
    pub wall: Running,
    /// How it ended so far.
    pub ends: Vec<ExitStatus>,
    is_ready: bool,
    /// The last sign of life, and when it was told to end for want of one.
    heard: Instant,
    aborted: Option<Instant>,
}

impl<'a> Supervisor<'a> {
    /// Starts what `command` says in `home`, and ends it when it gives no sign of life for so long.
    pub fn over(home: &'a Home, watchdog: Duration, command: impl Fn() -> Command + 'a) -> Self {
        let path = home.path().join("notify");
        let socket = UnixDatagram::bind(&path).expect("a socket");
        // The wall runs as another user, as under systemd.
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o777)).expect("set");
        socket.set_read_timeout(Some(Duration::from_millis(50))).expect("set");
        let command = Box::new(command);
        let wall = start(home, &path, watchdog, command(), 0);
        let (ends, heard) = (Vec::new(), Instant::now());
        Self { home, socket, path, watchdog, command, wall, ends, is_ready: false, heard, aborted: None }
    }

    /// Listens for a moment, and does what is due.
    pub fn turn(&mut self) {
        let mut bytes = [0; 4_096];
        if let Ok(length) = self.socket.recv(&mut bytes) {
            let text = String::from_utf8_lossy(&bytes[..length]);
            self.is_ready |= text.lines().any(|line| line == "READY=1");
            if text.lines().any(|line| ["READY=1", "WATCHDOG=1"].contains(&line)) {
                self.heard = Instant::now();
            }
        }
        if let Some(ended) = self.wall.ended() {
            self.ends.push(ended);
            let (path, nth) = (&self.path, self.ends.len());
            self.wall = start(self.home, path, self.watchdog, (self.command)(), nth);
            (self.is_ready, self.heard, self.aborted) = (false, Instant::now(), None);
        } else if let Some(at) = self.aborted {
            if at.elapsed() > TO_STOP {
                self.signal(libc::SIGKILL);
            }
        } else if self.is_ready && self.heard.elapsed() > self.watchdog {
            self.aborted = Some(Instant::now());
            // One that is stopped hears nothing until it goes on.
            self.signal(libc::SIGABRT);
            self.signal(libc::SIGCONT);
        }
    }

    /// Goes on until there is an answer; panics with `what` when there is none within `limit`.
    pub fn until<T>(
        &mut self,
        limit: Duration,
        what: &str,
        mut ask: impl FnMut(&mut Self) -> Option<T>,
    ) -> T {
        let begin = Instant::now();
        loop {
            self.turn();
            if let Some(answer) = ask(self) {
                return answer;
            }
            assert!(begin.elapsed() < limit, "{what}: not within {limit:?}, {:?}", self.ends);
        }
    }

    /// Goes on until the wall says that it is ready, for the time after this many ends.
    pub fn until_ready(&mut self, ends: usize, limit: Duration) {
        self.until(limit, "it is ready", |this| (this.is_ready && this.ends.len() >= ends).then_some(()));
    }

    pub fn signal(&self, signal: libc::c_int) {
        // SAFETY: the child was not waited for yet, so its id is still its own.
        unsafe { libc::kill(self.wall.pid() as libc::pid_t, signal) };
    }
}

fn start(
    home: &Home,
    path: &std::path::Path,
    watchdog: Duration,
    mut command: Command,
    nth: usize,
) -> Running {
    command.env("NOTIFY_SOCKET", path).env("WATCHDOG_USEC", watchdog.as_micros().to_string());
    home.start(&format!("wall-{nth}"), &mut command)
}
