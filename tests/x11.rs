//! The real binary on a real X server, whose monitors come and go.
#![cfg(target_os = "linux")]

#[path = "x11/adopt.rs"]
mod adopt;
#[path = "x11/awake.rs"]
mod awake;
#[path = "x11/hands.rs"]
mod hands;
mod rig;

use std::collections::BTreeMap;
use std::time::Duration;

use rig::headless::Mirror;
use rig::photo::Photo;
use rig::process::Running;
use rig::xorg::{self, Place, Xorg};
use rig::{FISHBOWL, left_out, within};

/// Long enough for a debug build on a busy machine.
const SOON: Duration = Duration::from_secs(15);

const SMALL: (u16, u16) = (640, 360);
const LARGE: (u16, u16) = (800, 450);

fn at(x: i16, (w, h): (u16, u16)) -> Option<Place> {
    Some((x, 0, w, h))
}

/// Two displays, side by side, by what stands in their `match`.
fn layout(left: &str, right: &str) -> String {
    let display = |name: &str, fits: &str| {
        format!("[display.{name}]\nsize_mm = [640, 360]\npixels = [640, 360]\nmatch = [{{ {fits} }}]\n")
    };
    format!(
        "[wall]\nname = \"W\"\nviewer_m = 2.0\n{}{}[feed.demo]\nkind = \"demo\"\nrate_per_s = 5.0\nhistory = \"1m\"\n\
         [scene.main]\npicture = \"time | total\"\ntile.time.kind = \"clock\"\ntile.total.kind = \"counter\"\n",
        display("left", left),
        display("right", right)
    )
}

fn run(server: &Xorg, layout: &str) -> Running {
    let layout = server.home.write("wall.toml", layout);
    let args = ["run", &layout.to_string_lossy(), "--mirror", "127.0.0.1:0"];
    server.client("fishbowl", FISHBOWL.as_ref(), &args)
}

/// Waits until there are just these windows, each with a picture.
fn wait_for(server: &Xorg, fishbowl: &mut Running, what: &str, windows: &[(&str, Place)]) -> Vec<Photo> {
    let wanted: BTreeMap<String, Place> =
        windows.iter().map(|(name, place)| ((*name).to_owned(), *place)).collect();
    within(SOON, &format!("{what}: {wanted:?}"), || {
        fishbowl.must_live();
        if server.windows() != wanted {
            return None;
        }
        let photos: Vec<Photo> = windows.iter().map(|(_, place)| server.photograph(*place)).collect();
        photos.iter().all(|photo| photo.ground() < 0.995).then_some(photos)
    })
}

#[test]
fn windows_are_where_their_monitors_are_now() {
    if left_out(xorg::LEAVE_OUT) {
        return;
    }
    let mut server = Xorg::start();
    server.drive(&[at(0, SMALL), at(640, SMALL)]);
    let mut fishbowl = run(&server, &layout("connector = \"DUMMY0\"", "order = 2"));
    let (left, right) = ("W – left", "W – right");
    let first = wait_for(
        &server,
        &mut fishbowl,
        "the wall",
        &[(left, (0, 0, 640, 360)), (right, (640, 0, 640, 360))],
    );
    assert!(first[0].difference(&first[1]) > 0.001, "both show the same");

    server.drive(&[at(0, SMALL), at(640, LARGE)]);
    wait_for(
        &server,
        &mut fishbowl,
        "another mode",
        &[(left, (0, 0, 640, 360)), (right, (640, 0, 800, 450))],
    );
    server.drive(&[at(0, LARGE), None]);
    wait_for(&server, &mut fishbowl, "one is pulled", &[(left, (0, 0, 800, 450))]);
    let mirror = Mirror::of(&mut fishbowl);
    within(SOON, "the mirror tells", || (mirror.wall()["displays"][1]["present"] == false).then_some(()));
    server.drive(&[at(640, LARGE), at(0, SMALL)]);
    let places = [(left, (640, 0, 800, 450))];
    // The second from the left is the first plug's, which is the left display: the right one has none.
    wait_for(&server, &mut fishbowl, "they change places", &places);
    server.drive(&[at(0, SMALL), None, at(640, SMALL)]);
    let back = wait_for(
        &server,
        &mut fishbowl,
        "another plug",
        &[(left, (0, 0, 640, 360)), (right, (640, 0, 640, 360))],
    );
    back[1].keep("x11-right");
    server.drive(&[None, None, None]);
    wait_for(&server, &mut fishbowl, "all are pulled", &[]);
    server.drive(&[at(0, SMALL), at(640, SMALL)]);
    wait_for(
        &server,
        &mut fishbowl,
        "all are back",
        &[(left, (0, 0, 640, 360)), (right, (640, 0, 640, 360))],
    );
    assert!(fishbowl.terminate().success());
}

#[test]
fn what_is_certain_is_shown_and_what_is_not_says_so() {
    if left_out(xorg::LEAVE_OUT) {
        return;
    }
    let mut server = Xorg::start();
    server.drive(&[at(0, SMALL), at(640, SMALL)]);
    let third =
        "[display.third]\nsize_mm = [640, 360]\npixels = [640, 360]\nmatch = [{ order = 2 }]\n[feed.demo]";
    let twice = layout("connector = \"DUMMY0\"", "order = 1").replace("[feed.demo]", third);
    let twice = twice.replace("time | total", "time | total | time2") + "tile.time2.kind = \"clock\"\n";
    let mut fishbowl = run(&server, &twice);
    let windows = [("DUMMY0", (0, 0, 640, 360)), ("W – third", (640, 0, 640, 360))];
    wait_for(&server, &mut fishbowl, "a sign and a display", &windows)[0].keep("x11-sign");
    let mirror = Mirror::of(&mut fishbowl);
    within(SOON, "the mirror tells what is in doubt", || {
        let problems = mirror.wall()["problems"].to_string();
        problems.contains("`DUMMY0` matches the displays `left` and `right`").then_some(())
    });
    server.home.write("wall.toml", &twice.replace("order = 1", "connector = \"DUMMY7\""));
    let windows = [("W – left", (0, 0, 640, 360)), ("W – third", (640, 0, 640, 360))];
    wait_for(&server, &mut fishbowl, "nothing is in doubt", &windows);
    assert!(fishbowl.terminate().success());
}

#[test]
fn mirrored_monitors_are_never_counted() {
    if left_out(xorg::LEAVE_OUT) {
        return;
    }
    let mut server = Xorg::start();
    server.drive(&[at(0, SMALL), at(0, SMALL)]);
    let layout = server.home.write("wall.toml", &layout("order = 1", "order = 2"));
    let mut list = server.client("list", FISHBOWL.as_ref(), &["displays", &layout.to_string_lossy()]);
    let status = within(SOON, "the list is done", || list.ended());
    assert!(!status.success() && list.said().contains("are at the same place"), "{}", list.said());
}

#[test]
fn windows_that_others_hide_or_cover_come_back() {
    if left_out(xorg::LEAVE_OUT) {
        return;
    }
    let mut server = Xorg::start();
    server.drive(&[at(0, SMALL), at(640, SMALL)]);
    let mut fishbowl = run(&server, &layout("connector = \"DUMMY0\"", "connector = \"DUMMY1\""));
    let windows = [("W – left", (0, 0, 640, 360)), ("W – right", (640, 0, 640, 360))];
    let before = wait_for(&server, &mut fishbowl, "the wall", &windows);
    for (title, _) in windows {
        server.unmap(title);
    }
    wait_for(&server, &mut fishbowl, "they were unmapped", &windows);
    let part = (100, 100, 300, 200);
    server.cover(part);
    assert!(server.photograph(part).part(0, 0, 300, 200).0.pixels().all(|pixel| pixel.0 == [255; 3]));
    within(SOON, "what covered a part of it is below", || {
        fishbowl.must_live();
        (server.photograph(windows[0].1).difference(&before[0]) < 0.05).then_some(())
    });
    assert!(fishbowl.terminate().success());
}
