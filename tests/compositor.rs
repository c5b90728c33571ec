//! The real binary under a real compositor with three outputs.

#[path = "compositor/absent.rs"]
mod absent;
#[path = "compositor/adopt.rs"]
mod adopt;
#[path = "compositor/awake.rs"]
mod awake;
#[path = "compositor/cage.rs"]
mod cage;
#[path = "compositor/dark.rs"]
mod dark;
#[path = "compositor/hold.rs"]
mod hold;
#[path = "compositor/hung.rs"]
mod hung;
#[path = "power/projector.rs"]
mod projector;
#[path = "compositor/rest.rs"]
mod rest;
mod rig;
#[path = "compositor/setup.rs"]
mod setup;
#[path = "compositor/steps.rs"]
mod steps;
#[path = "compositor/surfaces.rs"]
mod surfaces;

use std::time::Duration;

use fishbowl::color::Theme;
use rig::headless::Mirror;
use rig::photo::Photo;
use rig::process::Running;
use rig::sway::{self, Pluggable, Sway, Window};
use rig::{FISHBOWL, left_out, repository, within};

/// Long enough for a debug build on a busy machine.
const SOON: Duration = Duration::from_secs(15);

const OUTPUTS: [&str; 3] = ["HEADLESS-1", "HEADLESS-2", "HEADLESS-3"];

/// The reference wall on three outputs of full HD.
fn reference(sway: &Sway) -> Running {
    let layout = sway.home.take(&repository("layouts/reference.toml"));
    let layout = layout.to_string_lossy();
    sway.client("fishbowl", FISHBOWL.as_ref(), &["run", &layout, "--mirror", "off"])
}

fn outputs_of(windows: &[Window]) -> Vec<&str> {
    windows.iter().map(|w| w.output.as_str()).collect()
}

/// Waits until the wall stands on `outputs`, one full screen on each.
fn wait_for_wall(sway: &Sway, fishbowl: &mut Running, outputs: &[&str]) {
    within(SOON, &format!("one full screen on each of {outputs:?}"), || {
        fishbowl.must_live();
        let windows = sway.windows(fishbowl.pid());
        (outputs_of(&windows) == outputs && windows.iter().all(|w| w.fullscreen)).then_some(())
    });
}

/// Waits until an output shows more than its ground, and text runs along its bottom.
fn wait_for_picture(sway: &Sway, output: &str) -> Photo {
    within(SOON, &format!("a picture with a ticker on {output}"), || {
        let photo = sway.photograph(output);
        let strip = photo.part(0, 960, 1920, 120);
        (photo.ground() < 0.97 && strip.ground() < 0.995).then_some(photo)
    })
}

#[test]
fn three_outputs_show_the_three_parts_of_the_wall() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(1920, 1080); 3]);
    let mut fishbowl = reference(&sway);
    wait_for_wall(&sway, &mut fishbowl, &OUTPUTS);
    for (window, display) in sway.windows(fishbowl.pid()).iter().zip(["left", "middle", "right"]) {
        assert!(window.title.ends_with(display), "{display} stands on the wrong output: {window:?}");
    }
    let photos = OUTPUTS.map(|output| wait_for_picture(&sway, output));
    for (photo, output) in photos.iter().zip(OUTPUTS) {
        photo.keep(output);
        assert_eq!(photo.size(), (1920, 1080));
    }
    let land = photos.each_ref().map(|photo| photo.share(Theme::dark().land));
    assert!(land[0] > 0.1 && land[1] < 0.05 && land[2] < 0.05, "the map is on the left: {land:?}");
    for (a, b) in [(0, 1), (1, 2), (0, 2)] {
        let difference = photos[a].difference(&photos[b]);
        assert!(difference > 0.02, "{} and {} show the same: {difference}", OUTPUTS[a], OUTPUTS[b]);
    }
    assert!(fishbowl.terminate().success(), "it ends well when asked");
}

#[test]
fn an_output_that_was_unplugged_comes_back() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let rig = Pluggable::start(&[(1920, 1080); 3]);
    let [left, middle, right] = [1, 2, 3].map(|n| rig.output(n));
    let mut fishbowl = reference(&rig.sway);
    wait_for_wall(&rig.sway, &mut fishbowl, &[&left, &middle, &right]);
    wait_for_picture(&rig.sway, &middle);

    rig.unplug(&middle);
    wait_for_wall(&rig.sway, &mut fishbowl, &[&left, &right]);
    wait_for_picture(&rig.sway, &right);

    let back = rig.plug_in(1);
    wait_for_wall(&rig.sway, &mut fishbowl, &[&left, &right, &back]);
    wait_for_picture(&rig.sway, &back).keep("back");
}

/// Displays by their names and what stands in their `match`, side by side.
fn layout_of(displays: &[(&str, &str)]) -> String {
    let displays = displays.iter().map(|(name, fits)| {
        format!("[display.{name}]\nsize_mm = [640, 360]\npixels = [640, 360]\nmatch = [{{ {fits} }}]\n")
    });
    let tiles = vec!["time"; displays.len()].join(" | ");
    format!(
        "[wall]\nviewer_m = 2.0\n{}[feed.demo]\nkind = \"demo\"\nrate_per_s = 5.0\nhistory = \"1m\"\n\
         [scene.main]\npicture = \"{tiles}\"\n[scene.main.tile.time]\nkind = \"ticker\"\n",
        displays.collect::<String>()
    )
}

/// Three displays on screens of which one is not there, and none on the third.
const AMISS: [(&str, &str); 3] =
    [("east", "connector = \"HEADLESS-2\""), ("west", "order = 1"), ("gone", "connector = \"DP-7\"")];

#[test]
fn the_monitors_are_listed_and_matched() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(640, 360); 3]);
    let layout = sway.home.write("wall.toml", &layout_of(&AMISS));
    let mut list = sway.client("list", FISHBOWL.as_ref(), &["displays", &layout.to_string_lossy()]);
    let status = within(SOON, "the list is done", || list.ended());
    let said = list.said();
    assert!(status.success(), "{said}");
    let rows: Vec<Vec<&str>> = said.lines().map(|line| line.split_whitespace().collect()).collect();
    let heads: Vec<&str> = said.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(heads, OUTPUTS.map(|name| format!("[display.{name}]")));
    for (n, place) in (1..).zip(["0,0", "640,0", "1280,0"]) {
        let told = said.lines().find(|line| line.starts_with(&format!("# order {n}:"))).unwrap_or_default();
        assert!(told.contains("640×360") && told.contains(&format!(" at {place},")), "{told}: {said}");
    }
    for line in ["    { connector = \"HEADLESS-3\" },", "pixels = [640, 360]"] {
        assert!(said.lines().any(|said| said == line), "{line}: {said}");
    }
    for [kind, name, arrow, is] in [
        ["display", "east", "→", "HEADLESS-2"],
        ["display", "west", "→", "HEADLESS-1"],
        ["display", "gone", "→", "no"],
        ["monitor", "HEADLESS-3", "→", "no"],
    ] {
        assert!(rows.iter().any(|row| row.starts_with(&[kind, name, arrow, is])), "{name} → {is}: {said}");
    }
}

#[test]
fn a_window_that_someone_closes_comes_back() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(640, 360); 3]);
    let layout = sway.home.write("wall.toml", &layout_of(&AMISS));
    let layout = layout.to_string_lossy();
    let mut fishbowl = sway.client("run", FISHBOWL.as_ref(), &["run", &layout, "--mirror", "off"]);
    wait_for_wall(&sway, &mut fishbowl, &["HEADLESS-1", "HEADLESS-2"]);
    sway.order("[title=\"east$\"] kill");
    within(SOON, "it is told", || fishbowl.said().contains("recreating its window").then_some(()));
    wait_for_wall(&sway, &mut fishbowl, &["HEADLESS-1", "HEADLESS-2"]);
    assert!(fishbowl.terminate().success());
}

#[test]
fn every_screen_says_which_it_is() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(640, 360); 3]);
    let args = ["displays", "--identify", "--for", "1s"];
    let mut fishbowl = sway.client("identify", FISHBOWL.as_ref(), &args[..2]);
    wait_for_wall(&sway, &mut fishbowl, &OUTPUTS);
    let photos = OUTPUTS.map(|output| {
        within(SOON, &format!("a name on {output}"), || {
            let photo = sway.photograph(output);
            (photo.ground() < 0.99).then_some(photo)
        })
    });
    let ink = Theme::dark().ink;
    for (photo, output) in photos.iter().zip(OUTPUTS) {
        photo.keep(&format!("identify-{output}"));
        // The ruler begins at the left edge.
        for edge in [(0, 0, 640, 1), (0, 359, 640, 1), (0, 0, 1, 360), (639, 0, 1, 360)] {
            let (x, y, w, h) = edge;
            assert!(photo.part(x, y, w, h).share(ink) > 0.8, "{output} has no frame at {edge:?}");
        }
    }
    assert!(photos[0].difference(&photos[1]) > 0.001, "two screens have the same name");
    drop(fishbowl);
    let mut fishbowl = sway.client("ends", FISHBOWL.as_ref(), &args);
    let status = within(SOON, "it ends by itself", || fishbowl.ended());
    assert!(status.success(), "{status:?}");
}

#[test]
fn an_ambiguous_match_is_never_guessed() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(640, 360); 3]);
    let twice = [
        ("east", "connector = \"HEADLESS-1\""),
        ("west", "order = 1"),
        ("sure", "connector = \"HEADLESS-3\""),
    ];
    let layout = sway.home.write("wall.toml", &layout_of(&twice));
    let layout = layout.to_string_lossy();
    let why = "`HEADLESS-1` matches the displays `east` and `west`";
    let mut list = sway.client("displays", FISHBOWL.as_ref(), &["displays", &layout]);
    let status = within(SOON, "it gives up", || list.ended());
    assert_eq!(status.code(), Some(1), "{}", list.said());
    assert!(list.said().contains(why), "{}", list.said());
    // What is certain is shown, and the monitor in doubt says so.
    let mut fishbowl = sway.client("run", FISHBOWL.as_ref(), &["run", &layout, "--mirror", "127.0.0.1:0"]);
    wait_for_wall(&sway, &mut fishbowl, &["HEADLESS-1", "HEADLESS-3"]);
    let titles = sway.windows(fishbowl.pid()).into_iter().map(|w| w.title).collect::<Vec<_>>();
    assert!(titles[0] == "HEADLESS-1" && titles[1].ends_with("sure"), "{titles:?}");
    let sign = within(SOON, "a sign", || {
        let photo = sway.photograph("HEADLESS-1");
        (photo.ground() < 0.99).then_some(photo)
    });
    sign.keep("sign");
    assert!(fishbowl.said().contains(why) && fishbowl.said().contains("`match`"), "{}", fishbowl.said());
    let mirror = Mirror::of(&mut fishbowl);
    within(SOON, "the mirror tells it", || mirror.wall()["problems"].to_string().contains(why).then_some(()));
}

#[test]
fn a_match_that_becomes_ambiguous_leaves_the_wall_and_is_told() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(640, 360); 2]);
    let good = layout_of(&[("east", "connector = \"HEADLESS-1\""), ("west", "order = 2")]);
    let layout = sway.home.write("wall.toml", &good);
    let args = ["run", &layout.to_string_lossy(), "--mirror", "127.0.0.1:0"];
    let mut fishbowl = sway.client("fishbowl", FISHBOWL.as_ref(), &args);
    wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
    let mirror = Mirror::of(&mut fishbowl);
    std::fs::write(&layout, good.replace("order = 2", "order = 1")).expect("it can be written");
    let problems = || mirror.wall()["problems"].to_string();
    within(SOON, "it says what is ambiguous", || problems().contains("`east` and `west`").then_some(()));
    assert_eq!(outputs_of(&sway.windows(fishbowl.pid())), &OUTPUTS[..2]);
    std::fs::write(&layout, good).expect("it can be written");
    within(SOON, "the complaint is gone", || (problems() == "[]").then_some(()));
    wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
}

#[test]
fn a_display_without_a_monitor_is_told_and_the_others_are_shown() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(640, 360); 3]);
    let layout = sway.home.write("wall.toml", &layout_of(&AMISS));
    let args = ["run", &layout.to_string_lossy(), "--mirror", "127.0.0.1:0"];
    let mut fishbowl = sway.client("fishbowl", FISHBOWL.as_ref(), &args);
    wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
    let said = fishbowl.said();
    assert!(said.contains("display `gone` has no monitor"), "{said}");
    assert!(said.contains("monitor HEADLESS-3 is not used by this layout"), "{said}");
    let mirror = Mirror::of(&mut fishbowl);
    within(SOON, "the mirror tells of the absent display", || {
        let wall = mirror.wall();
        let told = wall["problems"].to_string().contains("`gone` has no monitor");
        (told && wall["displays"][2]["present"] == false).then_some(())
    });
    within(SOON, "the other two are well", || (mirror.get("/health").0 == 200).then_some(()));
    assert!(sway.photograph("HEADLESS-3").ground() > 0.99, "a screen of no display stays dark");
}

#[test]
fn windowed_shows_every_display_in_an_ordinary_window() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(1280, 720)]);
    let layout = sway.home.write("wall.toml", &layout_of(&AMISS));
    let args = ["run", &layout.to_string_lossy(), "--windowed", "--mirror", "off"];
    let mut fishbowl = sway.client("fishbowl", FISHBOWL.as_ref(), &args);
    let windows = within(SOON, "three windows", || {
        fishbowl.must_live();
        let windows = sway.windows(fishbowl.pid());
        (windows.len() == 3).then_some(windows)
    });
    for (window, display) in windows.iter().zip(["east", "gone", "west"]) {
        assert!(!window.fullscreen && window.title.ends_with(display), "{window:?}");
    }
    within(SOON, "they show something", || (sway.photograph("HEADLESS-1").ground() < 0.97).then_some(()));
    assert!(fishbowl.terminate().success());
}
