//! The graphics device is lost while the real wall runs: everything is there again with the same numbers, however
//! often that happens; too often in a minute is the supervisor's to deal with.
//!
//! `FISHBOWL_LOSSES` is how often it is lost, a hundred times unless somebody says otherwise.

#[allow(dead_code)]
#[path = "kill/numbers.rs"]
mod numbers;
mod rig;

use std::fs;
use std::time::Duration;

use numbers::Numbers;
use rig::faults::{Faults, losses, wait_for_losses};
use rig::headless::{self, Mirror, SOON};
use rig::photo::Photo;
use rig::process::{Home, Running};
use rig::within;

const MENTIONS: u64 = 3_000;
/// What words below a number may change from one minute to the next, as a share of the picture.
const CAPTION: f64 = 0.02;
/// Losses until everything has been made and given back a few times.
const WARM: u64 = 20;
/// Resident memory that the losses after the first [`WARM`] may leave behind, KiB.
const LEFT: u64 = 12 << 10;

fn layout(server: &Numbers) -> String {
    format!(
        "[wall]\nname = \"Lost\"\nviewer_m = 2.0\nmotion = \"still\"\nband = false\n\n[display.east]\nsize_mm = [320, 180]\n\
         pixels = [320, 180]\n\n[display.west]\nsize_mm = [320, 180]\npixels = [320, 180]\n\n[feed.numbers]\n\
         kind = \"sse\"\nurl = \"{}\"\n\n[topic.third]\nquery = \"third\"\n\n[scene.main]\npicture = \"total | third\"\n\n\
         [scene.main.tile.total]\nkind = \"counter\"\nwindow = \"24h\"\n\n[scene.main.tile.third]\nkind = \"counter\"\n\
         topic = \"third\"\nwindow = \"24h\"\n",
        server.url()
    )
}

/// A wall that listens for faults.
fn start(home: &Home, layout: &str) -> (Running, Mirror, Faults) {
    let (faults, layout) = (Faults::in_home(home), home.write("wall.toml", layout));
    let mut command = headless::command(home, &layout);
    command.args(["--journal", "off"]);
    let mut wall = home.start("fishbowl", faults.heard_by(&mut command));
    let mirror = Mirror::of(&mut wall);
    (wall, mirror, faults)
}

fn is_right(mirror: &Mirror) -> bool {
    let wall = mirror.wall();
    let counts = [&wall["mentions"], &wall["topics"]["third"]].map(|counts| counts["24h"].as_u64());
    counts == [Some(MENTIONS), Some(MENTIONS / 3)]
}

/// Waits until both displays show something that is right.
fn pictures(mirror: &Mirror, what: &str, is_right: impl Fn([&Photo; 2]) -> bool) -> [Photo; 2] {
    within(SOON, what, || {
        let [east, west] = ["east", "west"].map(|display| {
            let (status, _, jpeg) = mirror.get(&format!("/frame/{display}.jpg"));
            (status == 200).then(|| Photo::decode(&jpeg))
        });
        let photos = [east?, west?];
        is_right([&photos[0], &photos[1]]).then_some(photos)
    })
}

/// What the displays show once that stays as it is.
fn settled(mirror: &Mirror) -> [Photo; 2] {
    let mut before = pictures(mirror, "something", |_| true);
    within(SOON, "the numbers stand still", || {
        std::thread::sleep(Duration::from_millis(1_500));
        let now = pictures(mirror, "something", |_| true);
        let stands = now.iter().zip(&before).all(|(now, before)| now.difference(before) < CAPTION);
        std::mem::replace(&mut before, now).into_iter().all(|photo| photo.ground() < 0.97).then_some(())?;
        stands.then_some(())
    });
    before
}

/// Resident memory in KiB, open files and threads of a process.
fn holds(pid: u32) -> [u64; 3] {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process is there");
    let value = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).expect("Linux tells it")
    };
    let files = fs::read_dir(format!("/proc/{pid}/fd")).expect("its files can be listed").count() as u64;
    [value("VmRSS:"), files, value("Threads:")]
}

#[test]
fn a_device_that_is_lost_a_hundred_times_leaves_the_numbers_on_the_wall_and_nothing_behind() {
    let times: u64 = std::env::var("FISHBOWL_LOSSES").ok().and_then(|n| n.parse().ok()).unwrap_or(100);
    let (home, server) = (Home::new(), Numbers::start(MENTIONS));
    let (mut wall, mirror, faults) = start(&home, &layout(&server));
    within(SOON, "all is counted", || is_right(&mirror).then_some(()));
    let before = settled(&mirror);
    before.iter().zip(["east", "west"]).for_each(|(photo, name)| photo.keep(&format!("lost-{name}")));
    assert!(before[0].difference(&before[1]) > CAPTION, "two numbers look alike here");

    let mut early = [0; 3];
    for n in 1..=times {
        // No three within a minute of the wall's monotonic clock.
        faults.ask("later 31");
        faults.ask(if n % 2 == 0 { "device drawing" } else { "device" });
        wait_for_losses(&mirror, n);
        let same = |now: [&Photo; 2]| now.iter().zip(&before).all(|(now, b)| now.difference(b) < CAPTION);
        pictures(&mirror, &format!("the same numbers after loss {n}"), same);
        wall.must_live();
        if n == WARM.min(times / 2) {
            early = holds(wall.pid());
        }
    }
    let late = holds(wall.pid());
    eprintln!("KiB resident, files and threads: {early:?} early, {late:?} after {times} losses");
    assert!(is_right(&mirror) && mirror.get("/health").0 == 200);
    assert_eq!(losses(&mirror), times);
    assert!(late[1] <= early[1] + 2 && late[2] <= early[2] + 1, "early {early:?}, late {late:?}");
    assert!(late[0] <= early[0] + LEFT, "early {early:?}, late {late:?}");
    assert!(wall.terminate().success());
}

#[test]
fn a_third_loss_within_a_minute_is_left_to_the_supervisor() {
    let (home, server) = (Home::new(), Numbers::start(1));
    let (mut wall, mirror, faults) = start(&home, &layout(&server));
    // Seldom ones first: they do not count.
    for n in 1..=4 {
        faults.ask("later 31");
        faults.ask("device");
        wait_for_losses(&mirror, n);
    }
    faults.ask("device");
    let status = within(Duration::from_secs(30), "it gives up", || wall.ended());
    assert_eq!(status.code(), Some(75), "{}", wall.said());
    let told = "lost 3 times within a minute; giving up so that a supervisor can restart the wall";
    assert!(wall.said().contains(told), "{}", wall.said());
}
