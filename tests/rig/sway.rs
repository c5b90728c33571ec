//! sway without a screen, spoken to over its socket.

use std::cell::Cell;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::photo::Photo;
use super::process::{Home, Running};
use super::{need_command, within};

/// Set to 1 on machines that have no sway, to leave its tests out.
pub const LEAVE_OUT: &str = "FISHBOWL_WITHOUT_COMPOSITOR";

/// Nothing on the wall, and no server for X11.
const BARE: &str = "xwayland disable\nswaybg_command -\ndefault_border none\n";

/// Kinds of messages of the i3 protocol.
const RUN_COMMAND: u32 = 0;
const GET_OUTPUTS: u32 = 3;
const GET_TREE: u32 = 4;
const GET_VERSION: u32 = 7;

/// A compositor with outputs side by side; `HEADLESS-1` is the leftmost.
pub struct Sway {
    // Ended before its folder goes.
    running: Running,
    pub home: Home,
    socket: PathBuf,
    display: PathBuf,
    grim: PathBuf,
}

/// A compositor whose outputs can be pulled and plugged in again.
pub struct Pluggable {
    pub sway: Sway,
    /// Before sway 1.9 outputs without a screen stay for good: each output is then a window of
    /// this other compositor, and pulling it is closing that window. Later ones can do without,
    /// and 1.9 hangs when such a window is closed.
    around: Option<Sway>,
    outputs: Vec<(u32, u32)>,
    /// Outputs that there have been: a number is never given twice.
    numbered: Cell<usize>,
}

/// A window and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    pub output: String,
    pub title: String,
    pub fullscreen: bool,
    pub pid: u64,
}

impl Sway {
    /// Starts a compositor with outputs of these sizes, pixels.
    pub fn start(outputs: &[(u32, u32)]) -> Self {
        Self::start_in(Home::new(), outputs)
    }

    /// Starts a compositor with an output for each of `outputs`, set up as sway's `output` says it.
    pub fn with_outputs(outputs: &[&str]) -> Self {
        let mut config = String::from(BARE);
        for (n, output) in (1..).zip(outputs) {
            writeln!(config, "output HEADLESS-{n} {output}\nworkspace {n} output HEADLESS-{n}")
                .expect("a String takes everything");
        }
        let env = [("WLR_BACKENDS", "headless"), ("WLR_HEADLESS_OUTPUTS", &outputs.len().to_string())];
        Self::launch(&config, &env, outputs.len())
    }

    /// The same in a folder that is there already.
    pub fn start_in(home: Home, outputs: &[(u32, u32)]) -> Self {
        let count = outputs.len();
        let env = [("WLR_BACKENDS", "headless"), ("WLR_HEADLESS_OUTPUTS", &count.to_string())];
        Self::launch_in(home, &config("HEADLESS", outputs, true), &env, count)
    }

    /// Ends it as a crash does; gives its folder, in which another one can start.
    pub fn kill(self) -> Home {
        let Self { running, home, socket, .. } = self;
        drop(running);
        std::fs::remove_file(socket).expect("its socket can be removed");
        home
    }

    /// The socket for clients.
    pub fn display(&self) -> &std::path::Path {
        &self.display
    }

    fn launch(config: &str, env: &[(&str, &str)], outputs: usize) -> Self {
        Self::launch_in(Home::new(), config, env, outputs)
    }

    fn launch_in(home: Home, config: &str, env: &[(&str, &str)], outputs: usize) -> Self {
        let config = home.write("sway.config", config);
        let mut command = home.command(need_command(&["sway"], LEAVE_OUT));
        // A photograph of a buffer that is scanned out directly may show an older, grey one.
        command.arg("-Dnoscanout");
        command.arg("--config").arg(config).envs(env.iter().copied());
        command.env("WLR_RENDERER", "pixman").env("WLR_LIBINPUT_NO_DEVICES", "1");
        let mut running = home.start("sway", &mut command);
        let limit = Duration::from_secs(10);
        let (socket, display) = within(limit, "sway opens its sockets", || {
            running.must_live();
            Some((find(&home, "sway-ipc.", ".sock")?, find(&home, "wayland-", "")?))
        });
        let grim = need_command(&["grim"], LEAVE_OUT);
        let sway = Self { running, home, socket, display, grim };
        within(limit, "sway has its outputs", || (sway.outputs().len() == outputs).then_some(()));
        sway
    }

    /// Starts a client of this compositor.
    pub fn client(&self, name: &str, program: &std::path::Path, args: &[&str]) -> Running {
        let program = self.home.take(program);
        self.home.start(name, self.connected(&mut self.home.command(program)).args(args))
    }

    fn connected<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("WAYLAND_DISPLAY", &self.display)
    }

    /// Names of the outputs that are plugged in.
    pub fn outputs(&self) -> Vec<String> {
        let outputs = self.ask(GET_OUTPUTS, "");
        let active = outputs.as_array().into_iter().flatten().filter(|o| o["active"] == true);
        active.filter_map(|o| Some(o["name"].as_str()?.to_string())).collect()
    }

    /// Whether an output is lit; `None` where there is none of this name.
    pub fn is_lit(&self, output: &str) -> Option<bool> {
        let outputs = self.ask(GET_OUTPUTS, "");
        let found = outputs.as_array().into_iter().flatten().find(|one| one["name"] == output)?;
        // sway before 1.8 calls it otherwise.
        found["power"].as_bool().or(found["dpms"].as_bool())
    }

    /// Has it run a command of its configuration.
    pub fn order(&self, command: &str) {
        let answer = self.ask(RUN_COMMAND, command);
        assert_eq!(answer[0]["success"], true, "sway refuses `{command}`: {answer}");
    }

    /// Whether it can pull the cable of an output that has no screen.
    fn can_unplug(&self) -> bool {
        let version = self.ask(GET_VERSION, "");
        (version["major"].as_u64(), version["minor"].as_u64()) >= (Some(1), Some(9))
    }

    /// Adds an output to the `there` that it has.
    fn create_output(&self, there: usize) {
        self.order("create_output");
        within(Duration::from_secs(5), "an output is plugged in", || {
            (self.outputs().len() > there).then_some(())
        });
    }

    /// The windows of the process `pid`, by output.
    pub fn windows(&self, pid: u32) -> Vec<Window> {
        let mut windows = Vec::new();
        collect(&self.ask(GET_TREE, ""), "", &mut windows);
        windows.retain(|w| w.pid == u64::from(pid) && w.output != "__i3");
        windows.sort();
        windows
    }

    /// For each window of the process `pid` whether it keeps its output on.
    pub fn kept_on(&self, pid: u32) -> Vec<bool> {
        let mut found = Vec::new();
        walk(&self.ask(GET_TREE, ""), &mut |node| {
            found.extend(node["inhibit_idle"].as_bool().filter(|_| node["pid"] == pid));
        });
        found
    }

    /// Photographs an output.
    pub fn photograph(&self, output: &str) -> Photo {
        let mut command = self.home.command(&self.grim);
        let taken =
            self.connected(&mut command).args(["-l", "0", "-o", output, "-"]).output().expect("grim runs");
        let words = String::from_utf8_lossy(&taken.stderr);
        assert!(taken.status.success(), "no photograph of {output}: {words}");
        Photo::decode(&taken.stdout)
    }

    /// Sends one message of the i3 protocol and reads its answer.
    fn ask(&self, kind: u32, payload: &str) -> Value {
        let mut stream = UnixStream::connect(&self.socket).expect("sway answers");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout can be set");
        let mut message = b"i3-ipc".to_vec();
        message.extend((payload.len() as u32).to_ne_bytes());
        message.extend(kind.to_ne_bytes());
        message.extend(payload.as_bytes());
        stream.write_all(&message).expect("sway listens");
        let mut head = [0; 14];
        stream.read_exact(&mut head).expect("sway answers");
        let length = u32::from_ne_bytes([head[6], head[7], head[8], head[9]]);
        let mut body = vec![0; length as usize];
        stream.read_exact(&mut body).expect("sway answers in full");
        serde_json::from_slice(&body).expect("sway answers in JSON")
    }
}

impl Pluggable {
    /// Starts a compositor with outputs of these sizes, pixels, the first one leftmost.
    pub fn start(outputs: &[(u32, u32)]) -> Self {
        let around = Sway::start(outputs);
        if around.can_unplug() {
            return Self::of(around, None, outputs);
        }
        (1..=outputs.len()).for_each(|n| around.order(&format!("assign [title=WL-{n}$] workspace {n}")));
        let display = around.display.to_string_lossy();
        // sway 1.10 dies with more than one from the start.
        let env = [("WLR_BACKENDS", "wayland"), ("WLR_WL_OUTPUTS", "1"), ("WAYLAND_DISPLAY", &*display)];
        let sway = Sway::launch(&config("WL", outputs, false), &env, 1);
        (1..outputs.len()).for_each(|there| sway.create_output(there));
        Self::of(sway, Some(around), outputs)
    }

    fn of(sway: Sway, around: Option<Sway>, outputs: &[(u32, u32)]) -> Self {
        Self { sway, around, outputs: outputs.to_vec(), numbered: Cell::new(outputs.len()) }
    }

    /// What its outputs are called before their number.
    pub fn kind(&self) -> &'static str {
        if self.around.is_some() { "WL" } else { "HEADLESS" }
    }

    /// Name of an output, the leftmost being 1.
    pub fn output(&self, number: usize) -> String {
        format!("{}-{number}", self.kind())
    }

    /// Pulls the cable of an output.
    pub fn unplug(&self, output: &str) {
        match &self.around {
            Some(around) => around.order(&format!("[title={output}$] kill")),
            None => self.sway.order(&format!("output {output} unplug")),
        }
        within(Duration::from_secs(5), &format!("{output} is gone"), || {
            (!self.sway.outputs().iter().any(|name| name == output)).then_some(())
        });
    }

    /// Plugs an output in where the one at `place` (from 0) stood before, under a new name, as
    /// docks do; gives that name.
    pub fn plug_in(&self, place: usize) -> String {
        let there = self.sway.outputs().len();
        self.numbered.set(self.numbered.get() + 1);
        let name = self.output(self.numbered.get());
        if let Some(around) = &self.around {
            around.order(&format!("assign [title={name}$] workspace {}", place + 1));
        }
        self.sway.order(&setup(&name, &self.outputs, place, self.around.is_none()));
        self.sway.create_output(there);
        name
    }
}

/// Outputs side by side from the left, nothing on the wall, one workspace for each. An output
/// that is a window elsewhere has its size from there.
fn config(kind: &str, outputs: &[(u32, u32)], sized: bool) -> String {
    let mut config = String::from(BARE);
    for i in 0..outputs.len() {
        let name = format!("{kind}-{}", i + 1);
        let setup = setup(&name, outputs, i, sized);
        writeln!(config, "{setup}\nworkspace {} output {name}", i + 1).expect("a String takes everything");
    }
    config
}

/// Has an output stand at `place` (from 0) of `outputs`.
fn setup(name: &str, outputs: &[(u32, u32)], place: usize, sized: bool) -> String {
    let ((width, height), left) = (outputs[place], left_of(outputs, place));
    let mode = if sized { format!("mode --custom {width}x{height}@60Hz ") } else { String::new() };
    format!("output {name} {mode}position {left} 0 scale 1")
}

/// Where the output at `place` begins, pixels from the left.
fn left_of(outputs: &[(u32, u32)], place: usize) -> u32 {
    outputs[..place].iter().map(|(width, _)| width).sum()
}

/// The file in `home` whose name begins and ends like this.
pub fn find(home: &Home, start: &str, end: &str) -> Option<PathBuf> {
    let entries = home.path().read_dir().ok()?.flatten();
    let fits = |name: &str| name.starts_with(start) && name.ends_with(end) && !name.ends_with(".lock");
    entries.map(|e| e.path()).find(|p| p.file_name().is_some_and(|n| fits(&n.to_string_lossy())))
}

/// Shows each container of sway's tree.
fn walk(node: &Value, see: &mut impl FnMut(&Value)) {
    see(node);
    for children in ["nodes", "floating_nodes"] {
        node[children].as_array().into_iter().flatten().for_each(|child| walk(child, see));
    }
}

/// Walks sway's tree of containers.
fn collect(node: &Value, output: &str, windows: &mut Vec<Window>) {
    let name = node["name"].as_str().unwrap_or_default();
    let output = if node["type"] == "output" { name } else { output };
    if let Some(pid) = node["pid"].as_u64() {
        windows.push(Window {
            output: output.to_string(),
            title: name.to_string(),
            fullscreen: node["fullscreen_mode"].as_u64().is_some_and(|mode| mode > 0),
            pid,
        });
    }
    for children in ["nodes", "floating_nodes"] {
        node[children].as_array().into_iter().flatten().for_each(|child| collect(child, output, windows));
    }
}
