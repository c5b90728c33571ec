//! A wall whose layout is wrong from the start: it says so on its displays until the file is mended.

use super::*;
use crate::rig::headless::Mirror;
use crate::rig::photo::Photo;

#[test]
fn a_wall_without_a_valid_layout_shows_what_is_wrong_until_it_is_mended() {
    let home = Home::new();
    let layout = home.write("wall.toml", "[wall]\nviewer_m = \"far\"\n");
    let mut refused = headless::run(&home, &layout);
    let status = within(SOON, "it ends", || refused.ended());
    assert_eq!(status.code(), Some(1), "by hand, what is wrong is said and that is all");

    let mut command = headless::command(&home, &layout);
    command.arg("--keep-running").env("FISHBOWL_CONTACT", "the media team");
    let mut fishbowl = home.start("safe", &mut command);
    let mirror = Mirror::of(&mut fishbowl);
    let wall = within(SOON, "a wall", || Some(mirror.wall()).filter(|wall| wall["scene"] == "safe"));
    assert_eq!(wall["name"], "wall");
    let display = wall["displays"][0]["name"].as_str().expect("a display").to_owned();
    let photo = within(SOON, "what is wrong", || {
        let (status, _, jpeg) = mirror.get(&format!("/frame/{display}.jpg"));
        (status == 200).then(|| Photo::decode(&jpeg)).filter(|photo| photo.ground() < 0.98)
    });
    photo.keep("safe");
    // Still wrong, in another way.
    home.write("wall.toml", "[wall]\nviewer_m = 2.0\n[scene.a]\n");
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    fishbowl.must_live();
    assert_eq!(mirror.wall()["scene"], "safe");
    let pid = fishbowl.pid();
    home.write("wall.toml", SMALL);
    let again = within(SOON, "the wall itself", || {
        fishbowl.must_live();
        let said = fishbowl.said();
        let addresses: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("mirror: ")).collect();
        (addresses.len() == 2).then(|| Mirror::at(addresses[1]))
    });
    within(SOON, "its own scene", || {
        again
            .try_get("/wall.json")
            .and_then(|(_, _, body)| serde_json::from_slice::<Value>(&body).ok())
            .filter(|wall| wall["name"] == "First" && wall["scene"] == "main")
    });
    assert_eq!(fishbowl.pid(), pid, "the same process, for whoever supervises it");
    assert!(fishbowl.terminate().success());
}

/// Starts the wall as a supervisor does, and gives its mirror.
fn supervised(home: &Home, layout: &std::path::Path) -> (crate::rig::process::Running, Mirror) {
    let mut command = headless::command(home, layout);
    command.arg("--keep-running").env("FISHBOWL_CONTACT", "the media team");
    let mut fishbowl = home.start("supervised", &mut command);
    let mirror = Mirror::of(&mut fishbowl);
    (fishbowl, mirror)
}

#[test]
fn a_wall_that_ends_badly_again_and_again_says_so_until_its_layout_changes() {
    let home = Home::new();
    let layout = home.write("wall.toml", SMALL);
    let scene = |mirror: &Mirror| {
        let named = || mirror.wall()["scene"].as_str().filter(|scene| !scene.is_empty()).map(str::to_owned);
        within(SOON, "a scene", named)
    };
    for n in 0..5 {
        // What is dropped is killed.
        let (_fishbowl, mirror) = supervised(&home, &layout);
        assert_eq!(scene(&mirror), "main", "after {n} bad ends");
    }
    let (mut fishbowl, mirror) = supervised(&home, &layout);
    assert_eq!(scene(&mirror), "safe");
    assert!(fishbowl.said().contains("ended 5 times within half an hour"), "{}", fishbowl.said());
    let pid = fishbowl.pid();
    home.write("wall.toml", &SMALL.replace("First", "Mended"));
    let mended = within(SOON, "the wall itself", || {
        fishbowl.must_live();
        let said = fishbowl.said();
        let addresses: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("mirror: ")).collect();
        (addresses.len() == 2).then(|| Mirror::at(addresses[1]))
    });
    within(SOON, "its own scene", || {
        let (_, _, body) = mended.try_get("/wall.json")?;
        let wall: Value = serde_json::from_slice(&body).ok()?;
        (wall["name"] == "Mended" && wall["scene"] == "main").then_some(())
    });
    assert_eq!(fishbowl.pid(), pid, "the same process");
    assert!(fishbowl.terminate().success());
    let (_fishbowl, mirror) = supervised(&home, &layout);
    assert_eq!(scene(&mirror), "main", "a good end forgets the bad ones");
}
