//! What kills kiosks, done to the real wall as systemd looks after it: it is restarted, or goes on with what is left,
//! and says what is wrong.

#[path = "ladder/clock.rs"]
mod clock;
#[path = "ladder/copies.rs"]
mod copies;
#[path = "ladder/disk.rs"]
mod disk;
#[path = "ladder/fonts.rs"]
mod fonts;
#[path = "ladder/home.rs"]
mod home;
#[path = "ladder/network.rs"]
mod network;
#[allow(dead_code)]
#[path = "kill/numbers.rs"]
mod numbers;
#[path = "ladder/poison.rs"]
mod poison;
#[path = "ladder/reboot.rs"]
mod reboot;
#[path = "ladder/restart.rs"]
mod restart;
mod rig;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rig::headless::{self, Mirror, SOON};
use rig::process::{Home, Running};
use rig::within;
use serde_json::Value;

/// Feeds give way to all else on a busy machine, and a journal that failed is tried again every 30 s.
const PATIENCE: Duration = Duration::from_secs(90);

/// One small display that counts what the feed at this address says.
fn layout(url: &str) -> String {
    format!(
        "[wall]\nname = \"Listening\"\nviewer_m = 2.0\nmotion = \"still\"\n\n[display.only]\nsize_mm = [640, 360]\n\
         pixels = [640, 360]\n\n[feed.numbers]\nkind = \"sse\"\nurl = \"{url}\"\n\n[topic.third]\nquery = \"third\"\n\n\
         [scene.main]\npicture = \"total third\"\n\n[scene.main.tile.total]\nkind = \"counter\"\nwindow = \"24h\"\n\n\
         [scene.main.tile.third]\nkind = \"counter\"\ntopic = \"third\"\nwindow = \"24h\"\n"
    )
}

/// A feed to which nobody listens.
const NOWHERE: &str = "http://127.0.0.1:1/";

/// The wall as a supervisor starts it.
fn command(home: &Home, layout: &Path) -> Command {
    let mut command = headless::command(home, layout);
    command.arg("--keep-running").env("FISHBOWL_CONTACT", "the media team, 4711");
    // Where the program itself does not lie in the way.
    command.env("XDG_RUNTIME_DIR", home.path().join("run"));
    command
}

/// The same through the shell, in namespaces of its own where it may do as root does: `before` is done first.
fn unshared(home: &Home, layout: &Path, options: &[&str], before: &str) -> Command {
    let mut command = home.command("unshare");
    command.args(options).args(["sh", "-c", &format!("{before}\nexec \"$0\" \"$@\"")]);
    command.arg(home.take(rig::FISHBOWL.as_ref())).arg("run").arg(layout);
    command.args(["--headless", "--mirror", "127.0.0.1:0", "--keep-running"]);
    command
}

/// False where this machine does not let tests have namespaces of this kind.
fn may_unshare(home: &Home, options: &[&str]) -> bool {
    let done = home.command("unshare").args(options).arg("true").status();
    let may = done.is_ok_and(|status| status.success());
    if !may {
        println!("left out: this machine does not let tests `unshare {}`", options.join(" "));
    }
    may
}

/// Starts the wall, waits until it can be asked, and ends it badly: what is dropped is killed.
fn end_badly(home: &Home, command: &mut Command) {
    let mut wall = home.start("ends", command);
    wall.wait_for_line("mirror:");
}

/// Starts the wall, and gives the scene that it shows.
fn shown(home: &Home, command: &mut Command) -> (Running, Mirror, String) {
    static NTH: AtomicU32 = AtomicU32::new(0);
    let mut wall = home.start(&format!("shown-{}", NTH.fetch_add(1, Ordering::Relaxed)), command);
    let mirror = Mirror::of(&mut wall);
    let scene = within(SOON, "a scene", || {
        wall.must_live();
        mirror.wall()["scene"].as_str().filter(|scene| !scene.is_empty()).map(str::to_owned)
    });
    (wall, mirror, scene)
}

/// Everything in the last day; `None` is unknown.
fn counted(wall: &Value) -> Option<u64> {
    wall["mentions"]["24h"].as_u64()
}

fn problems(wall: &Value) -> String {
    wall["problems"].to_string()
}

/// The file of this ending in the wall's state.
fn state_file(folder: &Path, ending: &str) -> Option<PathBuf> {
    let files = folder.read_dir().ok()?.flatten().map(|entry| entry.path());
    files.into_iter().find(|path| path.to_string_lossy().ends_with(ending))
}

/// Mentions that can be read in a journal.
fn kept(journal: &Path) -> usize {
    let (since, end) = (fishbowl::clock::Time(i64::MIN), fishbowl::journal::Seq(i64::MAX));
    let history = fishbowl::journal::History::open(journal, since, end).expect("it can be read");
    history.map(|chunk| chunk.expect("it can be read").len()).sum()
}
