//! Monitors that are dimmed by their mode, and set back: with fake monitors, and in the real binary.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fishbowl::clock::Clock;
use fishbowl::control::backlight::BacklightNow;
use fishbowl::control::{Desk, Request, Role, Sources, Verb, Who};
use fishbowl::layout;
use fishbowl::power::{AllHeld, Dimming, Held, Holds, Trouble};
use serde_json::Value;

use super::monitor::{Monitor, Odd};
use super::rig::headless::{Headless, SOON};
use super::rig::process::Home;
use super::rig::{FISHBOWL, within};

const LAYOUT: &str = r#"
[wall]
viewer_m = 2.0
[display.left]
size_mm = [640, 360]
pixels = [640, 360]
backlight = { kind = "ddc" }
[display.right]
size_mm = [640, 360]
pixels = [640, 360]
backlight = { kind = "ddc", bus = "/dev/i2c-4294" }
[mode.day]
[mode.night]
brightness = 40
[scene.main]
picture = "a | a"
tile.a = { kind = "text", text = "Good evening" }
"#;

/// A wall whose left display is one monitor, and its right one another.
struct Room {
    desk: Arc<Desk>,
    monitors: [Monitor; 2],
    /// What is kept for the next start.
    kept: Arc<Mutex<AllHeld>>,
    runtime: tokio::runtime::Runtime,
    dimming: Option<Dimming>,
}

impl Room {
    /// With monitors as bright as this; `kept` is from a wall that was killed.
    fn open(levels: [u16; 2], kept: AllHeld) -> Self {
        let clock = Clock::system();
        let desk = Arc::new(Desk::new(clock.clone(), Sources::default()));
        let room = Self {
            desk,
            monitors: levels.map(Monitor::new),
            kept: Arc::new(Mutex::new(kept)),
            runtime: tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime"),
            dimming: None,
        };
        room.show(LAYOUT);
        let outputs = [("left", "DP-1"), ("right", "DP-2")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        room.desk.panels().set_outputs(BTreeMap::from(outputs));
        room
    }

    fn show(&self, text: &str) {
        let loaded = layout::load_text(text, Path::new("wall.toml"), &[], &fishbowl::registry());
        let wall = loaded.wall(&[]).unwrap_or_else(|| panic!("{}", loaded.report.draw(100, false)));
        self.desk.set_wall(&wall);
    }

    fn begin(mut self) -> Self {
        let [left, right] = self.monitors.clone();
        let open = move |_: &_, connector: Option<&str>| match connector {
            Some("DP-1") => Ok(left.reached("left's own")),
            Some("DP-2") => Ok(right.reached("right's own")),
            _ => Err(Trouble::Silent("there is nothing".into())),
        };
        let kept = self.kept.clone();
        let write = move |held: &AllHeld| {
            *kept.lock().expect("no one panicked with it") = held.clone();
            Ok(())
        };
        let holds = Holds::new(self.held(), Box::new(write));
        let (desk, handle) = (self.desk.clone(), self.runtime.handle());
        self.dimming = Some(Dimming::start(desk, Clock::system(), handle, Arc::new(open), holds));
        self
    }

    fn mode(&self, name: &str) {
        let verb = Verb::Mode { name: name.into() };
        self.desk.act(&Who::new("jo", Role::Admin), &Request::plain(verb)).expect("it is done");
    }

    fn held(&self) -> AllHeld {
        self.kept.lock().expect("no one panicked with it").clone()
    }

    fn wait_for(&self, display: &str, what: &str, is: impl Fn(&BacklightNow) -> bool) -> BacklightNow {
        within(SOON, what, || {
            self.desk.panels().backlights().now().get(display).filter(|now| is(now)).cloned()
        })
    }

    fn wait_for_level(&self, display: &str, level: u16) {
        self.wait_for(display, &format!("{display} is at {level}"), |now| now.level == Some((level, 100)));
    }

    fn end(&mut self) {
        self.dimming.take().expect("it has begun").end();
    }
}

fn held(monitor: &str, before: u16) -> AllHeld {
    AllHeld::from([("left".into(), Held { monitor: monitor.into(), before })])
}

#[test]
fn a_monitor_is_dimmed_by_its_mode_and_set_back_when_that_ends_and_when_the_wall_ends() {
    let mut room = Room::open([70, 100], AllHeld::new()).begin();
    room.wait_for_level("left", 70);
    room.wait_for_level("right", 100);
    room.mode("night");
    room.wait_for_level("left", 28);
    room.wait_for_level("right", 40);
    assert_eq!(room.held().get("left"), Some(&Held { monitor: "left's own".into(), before: 70 }));
    room.mode("day");
    room.wait_for_level("left", 70);
    room.wait_for_level("right", 100);
    assert_eq!(room.held(), AllHeld::new());
    room.mode("night");
    room.wait_for_level("left", 28);
    // Someone turns it up by hand, which is left until the mode ends.
    room.monitors[0].inside().level = 55;
    room.wait_for_level("right", 40);
    room.end();
    assert_eq!(room.monitors[0].inside().level, 70);
    assert_eq!(
        room.monitors.each_ref().map(|monitor| monitor.inside().writes.clone()),
        [vec![28, 70, 28, 70], vec![40, 100, 40, 100]]
    );
    assert_eq!((room.held(), room.desk.panels().backlights().now().len()), (AllHeld::new(), 0));
}

#[test]
fn a_display_that_loses_its_backlight_in_the_layout_is_set_back_and_one_that_rests_is_left_alone() {
    let mut room = Room::open([70, 100], AllHeld::new()).begin();
    room.mode("night");
    room.wait_for_level("left", 28);
    room.show(&LAYOUT.replacen("backlight = { kind = \"ddc\" }", "", 1));
    within(SOON, "left is as it was", || (room.monitors[0].inside().level == 70).then_some(()));
    room.wait_for_level("right", 40);
    let rests = fishbowl::control::power::PanelNow { excused: true, ..Default::default() };
    room.desk.panels().note("right", rests);
    room.mode("day");
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(room.monitors[1].inside().level, 40, "it shows nothing");
    room.desk.panels().note("right", Default::default());
    room.wait_for_level("right", 100);
    room.end();
}

#[test]
fn what_a_killed_wall_left_dimmed_is_set_back_unless_it_is_another_monitor() {
    let mut room = Room::open([28, 100], held("left's own", 70)).begin();
    room.wait_for_level("left", 70);
    room.wait_for_level("right", 100);
    assert_eq!((room.held(), room.monitors[1].inside().writes.len()), (AllHeld::new(), 0));
    room.end();

    let mut room = Room::open([28, 100], held("left's own", 70));
    room.mode("night");
    room = room.begin();
    room.wait_for_level("left", 28);
    assert!(room.monitors[0].inside().writes.is_empty(), "it is dimmed already, by that wall");
    room.end();
    assert_eq!(room.monitors[0].inside().level, 70);

    let mut room = Room::open([90, 100], held("one that broke", 70)).begin();
    room.wait_for_level("left", 90);
    room.mode("night");
    room.wait_for_level("left", 36);
    room.end();
    assert_eq!(room.monitors[0].inside().level, 90);
}

#[test]
fn a_monitor_that_is_noisy_or_rounds_is_dimmed_all_the_same() {
    for odd in [Odd::Noisy, Odd::Rounds] {
        let mut room = Room::open([70, 100], AllHeld::new()).begin();
        room.monitors[0].inside().odd = odd;
        room.mode("night");
        room.wait_for_level("left", if odd == Odd::Rounds { 30 } else { 28 });
        room.end();
        assert_eq!(room.monitors[0].inside().level, 70, "{odd:?}");
    }
}

#[test]
fn a_monitor_that_cannot_be_dimmed_is_told_its_picture_is_dimmed_and_the_others_do_not_wait() {
    for (odd, words) in [
        (Odd::Off, None),
        (Odd::Null, None),
        (Odd::Garbage, None),
        (Odd::TooLong, None),
        (Odd::Hangs, None),
        (Odd::Lacks, Some("cannot be set through DDC/CI")),
        (Odd::Stubborn, Some("stays at brightness 70 of 100 although it was told 28")),
    ] {
        let mut room = Room::open([70, 100], AllHeld::new()).begin();
        room.wait_for_level("left", 70);
        room.monitors[0].inside().odd = odd;
        room.mode("night");
        let told = room.wait_for("left", &format!("{odd:?} is told"), |now| now.stuck.is_some());
        assert_eq!((told.stuck, told.picture(0.4)), (Some(100), 0.4), "{odd:?}");
        let problem = told.problem.unwrap_or_default();
        assert!(words.is_none_or(|words| problem.contains(words)), "{odd:?}: {problem}");
        room.wait_for_level("right", 40);
        room.end();
        assert_eq!(room.monitors[1].inside().level, 100, "{odd:?}");
        room.monitors[0].inside().odd = Odd::No;
    }
}

#[test]
fn a_monitor_that_answers_again_takes_over_from_its_picture() {
    let mut room = Room::open([70, 100], AllHeld::new()).begin();
    room.monitors[0].inside().odd = Odd::Off;
    room.mode("night");
    room.wait_for("left", "it is told", |now| now.stuck == Some(100));
    room.monitors[0].inside().odd = Odd::No;
    room.wait_for_level("left", 28);
    room.end();
}

#[test]
fn a_bus_that_is_not_there_is_told_by_the_wall_and_by_doctor_with_what_to_do() {
    let only = LAYOUT.replacen("backlight = { kind = \"ddc\" }", "", 1);
    let mut wall = Headless::start(|home| home.write("wall.toml", &only));
    let is_told = |wall: &Value| wall["problems"].to_string().contains("sudo modprobe i2c-dev");
    let told = wall.wait_for("the missing bus is told", is_told);
    let problem = told["problems"].to_string();
    assert!(
        problem.contains("display right is dimmed by its picture") && problem.contains("/dev/i2c-4294"),
        "{problem}"
    );
    assert!(told["health"]["ok"] == true && told["displays"][1]["brightness"].is_null(), "{told:#}");
    assert!(wall.fishbowl.terminate().success());

    let home = Home::new();
    let path = home.write("wall.toml", &only);
    let mut command = home.command(home.take(FISHBOWL.as_ref()));
    let done = command.arg("doctor").arg(path).arg("--json").output().expect("it runs");
    let found: Value = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&done.stderr)));
    let found = found
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["check"] == "backlight")
        .expect("it was looked at");
    assert!(
        found["state"] == "warning" && found["words"].to_string().contains("there is no /dev/i2c-4294"),
        "{found}"
    );
    assert!(found["remedy"].to_string().contains("modprobe i2c-dev"), "{found}");
}
