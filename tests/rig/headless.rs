//! A wall without a screen, and its mirror.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::clock::Turned;
use super::process::{Home, Running};
use super::{FISHBOWL, within};

/// Long enough for a debug build on a busy machine.
pub const SOON: Duration = Duration::from_secs(15);

pub struct Headless {
    // Ended before its folder goes.
    pub fishbowl: Running,
    pub layout: PathBuf,
    pub home: Home,
    pub mirror: Mirror,
}

impl Headless {
    /// Shows the layout that `put` puts into the wall's folder.
    pub fn start(put: impl FnOnce(&Home) -> PathBuf) -> Self {
        let home = Home::new();
        let layout = put(&home);
        let fishbowl = run(&home, &layout);
        Self::of_running(fishbowl, layout, home)
    }

    /// Shows the layout under a clock that is off by `seconds` and can be turned.
    pub fn under_clock(layout: &str, seconds: i64) -> (Self, Turned) {
        let home = Home::new();
        let (clock, layout) = (Turned::by(&home, seconds), home.write("wall.toml", layout));
        let fishbowl = home.start("fishbowl", clock.worn_by(&mut command(&home, &layout)));
        (Self::of_running(fishbowl, layout, home), clock)
    }

    fn of_running(mut fishbowl: Running, layout: PathBuf, home: Home) -> Self {
        let mirror = Mirror::of(&mut fishbowl);
        Self { fishbowl, layout, home, mirror }
    }

    /// Shows this layout, as `wall.toml` in the wall's folder.
    pub fn of(layout: &str) -> Self {
        Self::start(|home| home.write("wall.toml", layout))
    }

    /// Saves another layout over the one that is shown.
    pub fn save(&self, layout: &str) {
        std::fs::write(&self.layout, layout).expect("the layout can be written");
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.mirror.addr)
    }

    /// Status, head and body of the answer to a GET.
    pub fn get(&self, path: &str) -> (u16, String, Vec<u8>) {
        self.mirror.get(path)
    }

    /// The same of a POST with lines of its head (each ended by `\r\n`) and a body.
    pub fn post(&self, path: &str, head: &str, body: &str) -> (u16, String, Vec<u8>) {
        self.mirror.post(path, head, body)
    }

    pub fn wall(&self) -> Value {
        self.mirror.wall()
    }

    /// Waits until `/wall.json` is as it should be, and gives it.
    pub fn wait_for(&mut self, what: &str, is_right: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            self.fishbowl.must_live();
            let wall = self.wall();
            if is_right(&wall) {
                return wall;
            }
            assert!(start.elapsed() < SOON, "{what}: not within {SOON:?}, but {wall:#}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    pub fn wait_until_healthy(&mut self) {
        within(SOON, "/health says 200", || {
            self.fishbowl.must_live();
            (self.get("/health").0 == 200).then_some(())
        });
    }
}

/// The mirror of a wall that runs.
pub struct Mirror {
    addr: String,
}

impl Mirror {
    /// Waits until the wall says where it is.
    pub fn of(fishbowl: &mut Running) -> Self {
        Self::at(&fishbowl.wait_for_line("mirror:"))
    }

    /// At an address that the wall said.
    pub fn at(url: &str) -> Self {
        Self { addr: url.trim().trim_start_matches("http://").trim_end_matches('/').to_string() }
    }

    /// Where it is, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Status, head and body of the answer to a GET.
    pub fn get(&self, path: &str) -> (u16, String, Vec<u8>) {
        self.ask("GET", path, "", "")
    }

    /// The same where it may not listen just now.
    pub fn try_get(&self, path: &str) -> Option<(u16, String, Vec<u8>)> {
        self.try_ask("GET", path, "", "")
    }

    /// The same of a POST with lines of its head (each ended by `\r\n`) and a body.
    pub fn post(&self, path: &str, head: &str, body: &str) -> (u16, String, Vec<u8>) {
        self.ask("POST", path, &format!("{head}Content-Length: {}\r\n", body.len()), body)
    }

    /// The same of any method, with lines of its head.
    pub fn request(&self, method: &str, path: &str, head: &str, body: &str) -> (u16, String, Vec<u8>) {
        self.ask(method, path, &format!("{head}Content-Length: {}\r\n", body.len()), body)
    }

    /// The cookie that a POST is answered with, as it is to be sent back.
    pub fn cookie(&self, path: &str, head: &str, body: &str) -> Option<String> {
        let mut stream = TcpStream::connect(&self.addr).ok()?;
        let (host, length) = (&self.addr, body.len());
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{head}Content-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "))?;
        cookie.split(';').next().map(str::to_owned)
    }

    /// The same where it may hang up before all is sent.
    pub fn try_post(&self, path: &str, head: &str, body: &str) -> Option<(u16, String, Vec<u8>)> {
        self.try_ask("POST", path, &format!("{head}Content-Length: {}\r\n", body.len()), body)
    }

    fn ask(&self, method: &str, path: &str, head: &str, body: &str) -> (u16, String, Vec<u8>) {
        self.try_ask(method, path, head, body).expect("the mirror answers")
    }

    fn try_ask(&self, method: &str, path: &str, head: &str, body: &str) -> Option<(u16, String, Vec<u8>)> {
        let mut stream = TcpStream::connect(&self.addr).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        let host = &self.addr;
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{head}\r\n{body}");
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, head, answer[end + 4..].to_vec()))
    }

    pub fn wall(&self) -> Value {
        serde_json::from_slice(&self.get("/wall.json").2).expect("wall.json is JSON")
    }
}

/// Starts `fishbowl run` on a layout, without a screen and with a mirror on a free port.
pub fn run(home: &Home, layout: &Path) -> Running {
    home.start("fishbowl", &mut command(home, layout))
}

/// What [`run`] starts.
pub fn command(home: &Home, layout: &Path) -> Command {
    let mut command = home.command(home.take(FISHBOWL.as_ref()));
    command.arg("run").arg(layout).args(["--headless", "--mirror", "127.0.0.1:0"]);
    command
}
