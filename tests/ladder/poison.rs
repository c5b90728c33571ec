//! A layout that `check` accepts and with which the wall ends each time: its pictures need more memory than there is.

use super::rig::headless::{Mirror, SOON};
use super::rig::photo::Photo;
use super::rig::process::Home;
use super::rig::supervisor::Supervisor;
use super::rig::within;
use super::{NOWHERE, PATIENCE, layout, may_unshare, problems, shown, state_file, unshared};
use std::time::Duration;

const WATCHDOG: Duration = Duration::from_secs(30);

/// What the wall ends with when the graphics device is lost again and again.
const GRAPHICS_LOST: i32 = 75;

/// Room for a small wall, and not for the pictures of the poisoned one: 8 displays take 2 GiB.
const LIMIT: &str = "ulimit -v 1500000";

fn poisoned() -> String {
    let more = |i| {
        format!(
            "[display.d{i}]\nsize_mm = [640, 360]\nat_mm = [{}, 0]\npixels = [7680, 4320]\n\
             [scene.main.tile.t{i}]\nkind = \"clock\"\n",
            640 * i
        )
    };
    let picture = "total third | t1 | t2 | t3 | t4 | t5 | t6 | t7";
    layout(NOWHERE).replace("total third\"", &format!("{picture}\"")) + &(1..8).map(more).collect::<String>()
}

/// The wall on a machine with little memory, in namespaces as `options` say.
fn limited(home: &Home, path: &std::path::Path, options: &[&str]) -> std::process::Command {
    let mut command = unshared(home, path, options, LIMIT);
    command.env("FISHBOWL_CONTACT", "the media team, 4711");
    command
}

/// The scene of the wall that stands.
fn scene(supervisor: &mut Supervisor<'_>) -> (Mirror, String) {
    let mirror = Mirror::of(&mut supervisor.wall);
    let named = |mirror: &Mirror| {
        mirror.wall()["scene"].as_str().filter(|scene| !scene.is_empty()).map(str::to_owned)
    };
    let scene = supervisor.until(SOON, "a scene", |_| named(&mirror));
    (mirror, scene)
}

#[test]
fn a_layout_that_ends_the_wall_gives_way_to_the_one_that_ran_well_and_then_to_what_is_wrong() {
    let home = Home::new();
    let path = home.write("wall.toml", &layout(NOWHERE));
    let (mut well, _, scene_then) = shown(&home, &mut limited(&home, &path, &[]));
    assert_eq!(scene_then, "main");
    let state = home.path().join(".local/state/fishbowl");
    let good = within(SOON, "the layout is kept", || state_file(&state, ".layout"));
    assert!(well.terminate().success());
    // As the wall does once it has stood for ten minutes.
    std::fs::copy(&good, good.with_extension("proven")).expect("it can be copied");
    std::os::unix::fs::chown(good.with_extension("proven"), owner(&good), owner(&good)).expect("given");

    home.write("wall.toml", &poisoned());
    let mut supervisor = Supervisor::over(&home, WATCHDOG, || limited(&home, &path, &[]));
    supervisor.until_ready(3, PATIENCE);
    assert_eq!(supervisor.ends.len(), 3);
    assert!(supervisor.ends.iter().all(|end| end.code() == Some(GRAPHICS_LOST)), "{:?}", supervisor.ends);
    let (mirror, shown) = scene(&mut supervisor);
    let wall = mirror.wall();
    assert_eq!((&*shown, &wall["name"]), ("main", &"Listening".into()));
    assert!(problems(&wall).contains("Showing the one that ran well before"), "{}", wall["problems"]);

    // That one ends badly, too.
    for ends in 4..=5 {
        supervisor.signal(libc::SIGKILL);
        supervisor.until_ready(ends, SOON);
    }
    let (mirror, shown) = scene(&mut supervisor);
    assert_eq!(shown, "safe");
    let said = supervisor.wall.said();
    assert!(said.contains("the wall ended 5 times within half an hour"), "{said}");
    let display = mirror.wall()["displays"][0]["name"].as_str().expect("a display").to_owned();
    let photo = supervisor.until(SOON, "what is wrong", |_| {
        let (status, _, jpeg) = mirror.get(&format!("/frame/{display}.jpg"));
        (status == 200).then(|| Photo::decode(&jpeg)).filter(|photo| photo.ground() < 0.98)
    });
    photo.keep("safe-ended");

    // A layout that is another is tried at once, by the same process, and what was counted is forgotten.
    home.write("wall.toml", &layout(NOWHERE).replace("Listening", "Mended"));
    supervisor.until(PATIENCE, "the mended layout", |supervisor| {
        let said = supervisor.wall.said();
        let addresses: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("mirror: ")).collect();
        let (_, _, body) = Mirror::at(addresses.get(1)?).try_get("/wall.json")?;
        let wall: serde_json::Value = serde_json::from_slice(&body).ok()?;
        (wall["name"] == "Mended" && wall["scene"] == "main").then_some(())
    });
    assert_eq!(supervisor.ends.len(), 5);
    let starts = state_file(&state, ".starts").map(|path| std::fs::read_to_string(path).expect("it is text"));
    assert!(starts.is_none_or(|starts| starts.lines().count() <= 1));
    assert!(supervisor.wall.terminate().success());
}

fn owner(path: &std::path::Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).ok().map(|there| there.uid())
}

#[test]
fn without_a_layout_that_ran_well_it_is_tried_five_times_and_again_after_half_an_hour() {
    const HOUR: [&str; 3] = ["-rT", "--boottime", "3600"];
    let home = Home::new();
    let path = home.write("wall.toml", &poisoned());
    if !may_unshare(&home, &HOUR) {
        return;
    }
    let later = |minutes: u32| {
        let up = (3_600 + minutes * 60).to_string();
        limited(&home, &path, &["-rT", "--boottime", &up])
    };
    let ends = |command: &mut std::process::Command| {
        let mut wall = home.start("poisoned", command);
        let status = within(SOON, "it ends", || wall.ended());
        assert_eq!(status.code(), Some(GRAPHICS_LOST));
        wall.said()
    };
    for n in 0..5 {
        let said = ends(&mut later(n));
        assert!(said.contains("out of graphics memory"), "it says why: {said}");
    }
    assert_eq!(shown(&home, &mut later(5)).2, "safe");
    // Of the starts so far, all but the last are forgotten by then.
    ends(&mut later(34));
    // A good end forgets at once.
    for _ in 0..4 {
        ends(&mut later(35));
    }
    let (mut wall, _, scene) = shown(&home, &mut later(35));
    assert_eq!(scene, "safe");
    assert!(wall.terminate().success());
    ends(&mut later(35));
}
