//! `fishbowl setup` in front of three monitors: it reads them, shows their numbers while it asks, and finds them again.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

use super::{OUTPUTS, SOON};
use crate::rig::sway::{self, Sway};
use crate::rig::{FISHBOWL, left_out, within};

#[test]
fn setup_reads_the_monitors_and_shows_their_numbers() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(1920, 1080); 3]);
    let program = sway.home.take(FISHBOWL.as_ref());
    let line = format!("mkfifo answers && exec '{}' setup < answers", program.display());
    let mut command = sway.home.command("sh");
    command.args(["-c", &line]).env("WAYLAND_DISPLAY", sway.display());
    let mut setup = sway.home.start("setup", &mut command);
    let answers = sway.home.path().join("answers");
    // Not blocking: if the program has ended, the test fails instead of waiting for a reader.
    let open = || fs::OpenOptions::new().write(true).custom_flags(libc::O_NONBLOCK).open(&answers).ok();
    let mut answers = within(SOON, "it reads answers", open);
    let mut answer = |lines: &str| answers.write_all(lines.as_bytes()).expect("it reads");

    answer("\n55in\n\nyes\n");
    let children = format!("/proc/{0}/task/{0}/children", setup.pid());
    let numbers = within(SOON, "each output shows its number", || {
        setup.must_live();
        let child = fs::read_to_string(&children).ok()?.trim().parse().ok()?;
        let windows = sway.windows(child);
        (windows.len() == 3 && windows.iter().all(|window| window.fullscreen)).then_some(windows)
    });
    for (window, (output, number)) in numbers.iter().zip(OUTPUTS.iter().zip(["1", "2", "3"])) {
        assert!(window.output == *output && window.title.ends_with(number), "{window:?}");
    }
    let child = fs::read_to_string(&children).expect("it is there");
    let child: u32 = child.trim().parse().expect("one process");

    answer("\n2 1 3\n\n4\n\n\n\n\n");
    let ended = within(SOON, "setup ends", || setup.ended());
    let said = setup.said();
    assert!(ended.success() && said.contains("The window system reports 3 monitors"), "{said}");
    assert!(sway.windows(child).is_empty(), "the numbers are gone");
    let layout = fs::read_to_string(sway.home.path().join("wall.toml")).expect("it was written");
    assert!(
        layout.contains(
            "[display.left]\nmatch = [{ connector = \"HEADLESS-2\" }]\nsize_mm = [1217.6, 684.9]\n"
        ),
        "{layout}"
    );

    let mut displays = sway.client("displays", FISHBOWL.as_ref(), &["displays", "wall.toml"]);
    within(SOON, "displays ends", || displays.ended());
    let said = displays.said();
    let is_found = |name: &str, output: &str| {
        said.lines().any(|line| line.starts_with(&format!("display {name} ")) && line.ends_with(output))
    };
    assert!(
        is_found("left", "HEADLESS-2") && is_found("middle", "HEADLESS-1") && is_found("right", "HEADLESS-3"),
        "{said}"
    );
}
