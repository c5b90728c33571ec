//! cage, a compositor for one window: right for a wall of one monitor, and told where there are more.

use std::path::PathBuf;

use crate::rig::headless::Mirror;
use crate::rig::photo::Photo;
use crate::rig::process::{Home, Running};
use crate::rig::sway;
use crate::rig::{FISHBOWL, left_out, need_command, within};
use crate::{SOON, layout_of};

/// Set to 1 on machines that have no cage, to leave its tests out.
const LEAVE_OUT: &str = "FISHBOWL_WITHOUT_CAGE";

struct Cage {
    // Ended before its folder goes.
    running: Running,
    home: Home,
    display: PathBuf,
}

impl Cage {
    fn start(outputs: usize) -> Self {
        let home = Home::new();
        let mut command = home.command(need_command(&["cage"], LEAVE_OUT));
        // It ends with its first client, which is to end with the test.
        command.args(["--", "tail", "-f", "/dev/null", "--pid", &std::process::id().to_string()]);
        command.env("WLR_BACKENDS", "headless").env("WLR_HEADLESS_OUTPUTS", outputs.to_string());
        command.env("WLR_RENDERER", "pixman").env("WLR_LIBINPUT_NO_DEVICES", "1");
        let mut running = home.start("cage", &mut command);
        let display = within(SOON, "cage opens its socket", || {
            running.must_live();
            sway::find(&home, "wayland-", "")
        });
        Self { running, home, display }
    }

    fn show(&self, layout: &str) -> (Running, Mirror) {
        let layout = self.home.write("wall.toml", layout);
        let mut command = self.home.command(self.home.take(FISHBOWL.as_ref()));
        command.arg("run").arg(layout).args(["--journal", "off", "--mirror", "127.0.0.1:0"]);
        let mut fishbowl = self.home.start("fishbowl", command.env("WAYLAND_DISPLAY", &self.display));
        let mirror = Mirror::of(&mut fishbowl);
        (fishbowl, mirror)
    }

    fn photograph(&self) -> Photo {
        let mut command = self.home.command(need_command(&["grim"], LEAVE_OUT));
        command.args(["-l", "0", "-"]).env("WAYLAND_DISPLAY", &self.display);
        let taken = command.output().expect("grim runs");
        assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
        Photo::decode(&taken.stdout)
    }
}

#[test]
fn one_monitor_shows_its_display() {
    if left_out(LEAVE_OUT) || left_out(sway::LEAVE_OUT) {
        return;
    }
    let mut cage = Cage::start(1);
    let (mut fishbowl, mirror) = cage.show(&layout_of(&[("only", "connector = \"HEADLESS-1\"")]));
    within(SOON, "a picture", || (cage.photograph().ground() < 0.97).then_some(()));
    within(SOON, "it is well", || (mirror.get("/health").0 == 200).then_some(()));
    let photo = cage.photograph();
    photo.keep("cage");
    let (width, height) = photo.size();
    // A ticker runs from edge to edge.
    for left in [0, width - width / 6] {
        assert!(photo.part(left, height / 3, width / 6, height / 3).ground() < 0.998, "nothing at {left}");
    }
    assert!(!mirror.wall()["problems"].to_string().contains("one window"));
    assert!(fishbowl.terminate().success());
    cage.running.must_live();
}

#[test]
fn more_than_one_monitor_is_told() {
    if left_out(LEAVE_OUT) || left_out(sway::LEAVE_OUT) {
        return;
    }
    let cage = Cage::start(2);
    let both = [("east", "connector = \"HEADLESS-1\""), ("west", "connector = \"HEADLESS-2\"")];
    let (mut fishbowl, mirror) = cage.show(&layout_of(&both));
    within(SOON, "it is told", || {
        let told = mirror.wall()["problems"].to_string();
        told.contains("cage shows one window across all 2 monitors").then_some(())
    });
    assert!(fishbowl.terminate().success());
}
