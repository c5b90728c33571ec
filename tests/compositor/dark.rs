//! What takes a wall dark: a compositor that comes late or goes, and windows that are hidden.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use fishbowl::color::Theme;

use crate::rig::headless::Mirror;
use crate::rig::process::{Home, Running};
use crate::rig::sway::{self, Pluggable, Sway};
use crate::rig::{FISHBOWL, left_out, within};
use crate::{OUTPUTS, SOON, layout_of, outputs_of, wait_for_wall};

/// Two displays on the first two outputs of this kind.
pub fn two(kind: &str) -> String {
    let on = [1, 2].map(|n| format!("connector = \"{kind}-{n}\""));
    layout_of(&[("east", &on[0]), ("west", &on[1])])
}

/// Starts the wall with a mirror at `port`, and with `env` on top.
fn start(home: &Home, display: &Path, port: u16, env: &[(&str, &str)]) -> (Running, Mirror) {
    start_on("HEADLESS", home, display, port, env)
}

/// The same on outputs of another kind than `HEADLESS`, or on a desk with `--windowed`.
fn start_on(kind: &str, home: &Home, display: &Path, port: u16, env: &[(&str, &str)]) -> (Running, Mirror) {
    let mut command = command(&two(kind), home, display, port);
    // Any display does for a desk.
    command.args(Some(kind).filter(|kind| kind.starts_with('-'))).envs(env.iter().copied());
    let mut fishbowl = home.start("fishbowl", &mut command);
    let mirror = Mirror::of(&mut fishbowl);
    (fishbowl, mirror)
}

/// Starts the wall of this layout.
pub fn start_layout(layout: &str, home: &Home, display: &Path) -> (Running, Mirror) {
    let mut command = command(layout, home, display, 0);
    let mut fishbowl = home.start("fishbowl", &mut command);
    let mirror = Mirror::of(&mut fishbowl);
    (fishbowl, mirror)
}

pub fn command(layout: &str, home: &Home, display: &Path, port: u16) -> Command {
    let layout = home.write("wall.toml", layout);
    let mut command = home.command(home.take(FISHBOWL.as_ref()));
    command.arg("run").arg(layout).args(["--journal", "off", "--mirror"]).arg(format!("127.0.0.1:{port}"));
    command.env("WAYLAND_DISPLAY", display);
    command
}

/// A port that is free, and the same for a process that starts anew.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it is bound").port()
}

pub fn wait_until(mirror: &Mirror, status: u16, words: &str) {
    within(SOON, &format!("/health says {status}: {words}"), || {
        let (is, _, said) = mirror.try_get("/health")?;
        (is == status && String::from_utf8_lossy(&said).contains(words)).then_some(())
    });
}

/// Waits until an output shows the wall's ground and something on it.
pub fn wait_for_picture(sway: &Sway, output: &str) {
    within(SOON, &format!("a picture on {output}"), || {
        let photo = sway.photograph(output);
        (photo.ground() < 0.9995 && photo.share(Theme::dark().ground) > 0.3).then_some(())
    });
}

/// Frames of a display that were seen so far.
pub fn frames(mirror: &Mirror, display: &str) -> u64 {
    let page = String::from_utf8(mirror.get("/metrics").2).expect("metrics are text");
    let start = format!("fishbowl_display_frames_total{{display=\"{display}\"}} ");
    let count = page.lines().find_map(|line| line.strip_prefix(start.as_str()));
    count.and_then(|count| count.parse().ok()).expect("the display's frames are counted")
}

pub fn wait_for_frames(mirror: &Mirror, display: &str) {
    let before = frames(mirror, display);
    within(SOON, &format!("frames of {display}"), || (frames(mirror, display) > before + 20).then_some(()));
}

fn ends_at_once(mut fishbowl: Running) {
    let asked = Instant::now();
    assert!(fishbowl.terminate().success());
    assert!(asked.elapsed() < Duration::from_secs(2), "it took {:?} to end", asked.elapsed());
}

#[test]
fn a_compositor_that_comes_late_or_goes_is_waited_for() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let home = Home::new();
    // sway takes the first name that is free.
    let display = home.path().join("wayland-1");
    let (mut fishbowl, mirror) = start(&home, &display, free_port(), &[]);
    wait_until(&mirror, 503, "waiting for the window system: no compositor at ");
    let wall = mirror.wall();
    assert!(wall["problems"].to_string().contains("waiting for the window system"), "{wall:#}");
    assert_eq!((&wall["displays"][0]["present"], &wall["health"]["ok"]), (&false.into(), &false.into()));

    let mut sway = Sway::start_in(home, &[(640, 360); 2]);
    for _ in 0..2 {
        wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
        wait_until(&mirror, 200, "2 displays");
        OUTPUTS[..2].iter().for_each(|output| wait_for_picture(&sway, output));
        let home = sway.kill();
        wait_until(&mirror, 503, "waiting for the window system");
        assert!(!fishbowl.said().contains("running headless"), "{}", fishbowl.said());
        sway = Sway::start_in(home, &[(640, 360); 2]);
    }
    wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
    ends_at_once(fishbowl);
}

#[test]
fn a_wall_that_waits_for_its_compositor_ends_when_asked() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let home = Home::new();
    let (fishbowl, mirror) = start(&home, &home.path().join("wayland-1"), 0, &[]);
    wait_until(&mirror, 503, "waiting for the window system");
    ends_at_once(fishbowl);
}

#[test]
fn a_hidden_window_is_made_anew_and_stops_no_other() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    for mode in ["mailbox", "fifo", "immediate"] {
        let sway = Sway::start(&[(640, 360); 2]);
        let env = [("MESA_VK_WSI_PRESENT_MODE", mode)];
        let (mut fishbowl, mirror) = start(&sway.home, sway.display(), 0, &env);
        wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
        wait_until(&mirror, 200, "2 displays");
        sway.order("focus output HEADLESS-1");
        sway.order("workspace 9");
        wait_for_frames(&mirror, "west");
        wait_for_picture(&sway, "HEADLESS-1");
        wait_for_picture(&sway, "HEADLESS-2");
        wait_until(&mirror, 200, "2 displays");
        wait_for_frames(&mirror, "east");
        assert_eq!(outputs_of(&sway.windows(fishbowl.pid())), &OUTPUTS[..2], "one window each ({mode})");
        ends_at_once(fishbowl);
    }
}

#[test]
fn a_window_that_stays_hidden_is_told_and_stops_no_other() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    for mode in ["mailbox", "fifo"] {
        let sway = Sway::start(&[(640, 360); 2]);
        let env = [("MESA_VK_WSI_PRESENT_MODE", mode)];
        // Windows on a desk belong to whoever hides them, and stay where they are.
        let (fishbowl, mirror) = start_on("--windowed", &sway.home, sway.display(), 0, &env);
        wait_until(&mirror, 200, "2 displays");
        sway.order("[title=east$] move container to workspace 9");
        wait_until(&mirror, 503, "display east is not being shown");
        wait_for_frames(&mirror, "west");
        sway.order("workspace 9");
        wait_for_frames(&mirror, "east");
        wait_until(&mirror, 503, "display west is not being shown");
        ends_at_once(fishbowl);
    }
}

#[test]
fn an_output_that_is_unplugged_leaves_no_neighbour_black() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let rig = Pluggable::start(&[(640, 360); 2]);
    let [east, west] = [1, 2].map(|n| rig.output(n));
    let (mut fishbowl, mirror) = start_on(rig.kind(), &rig.sway.home, rig.sway.display(), 0, &[]);
    wait_for_wall(&rig.sway, &mut fishbowl, &[&east, &west]);
    wait_until(&mirror, 200, "2 displays");
    // Its workspace moves to the neighbour, and is shown there in place of the neighbour's own.
    rig.sway.order(&format!("focus output {east}"));
    rig.unplug(&east);
    wait_until(&mirror, 200, "1 display");
    wait_for_wall(&rig.sway, &mut fishbowl, &[&west]);
    wait_for_picture(&rig.sway, &west);
    wait_for_frames(&mirror, "west");
}

/// Three panels, and a display for each monitor there is.
fn unnamed() -> String {
    let named = layout_of(&["a", "b", "c"].map(|name| (name, "order = 1")));
    let (wall, scene) = (named.find("[display").expect("displays"), named.find("[feed").expect("a feed"));
    format!("{}{}", &named[..wall], &named[scene..])
}

#[test]
fn monitors_that_lie_on_each_other_are_told() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::with_outputs(&["mode --custom 640x360@60Hz position 0 0 scale 1"; 2]);
    let (_fishbowl, mirror) = start_layout(&unnamed(), &sway.home, sway.display());
    within(SOON, "/wall.json tells that they lie on each other", || {
        let (_, _, said) = mirror.try_get("/wall.json")?;
        let said = String::from_utf8_lossy(&said).into_owned();
        said.contains("`HEADLESS-1` and `HEADLESS-2` show the same part of the desktop").then_some(())
    });
}

#[test]
fn a_wall_without_its_last_monitor_says_so_and_comes_back() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let rig = Pluggable::start(&[(640, 360)]);
    let (mut fishbowl, mirror) = start_layout(&unnamed(), &rig.sway.home, rig.sway.display());
    wait_for_wall(&rig.sway, &mut fishbowl, &[&rig.output(1)]);
    wait_until(&mirror, 200, "1 display");
    rig.unplug(&rig.output(1));
    wait_until(&mirror, 503, "no display");
    let new = rig.plug_in(0);
    wait_until(&mirror, 200, "1 display");
    wait_for_picture(&rig.sway, &new);
}
