//! The mirror of a real, headless wall, in a real browser and over plain HTTP.

#[path = "mirror/alerts.rs"]
mod alerts;
mod rig;
#[path = "mirror/views.rs"]
mod views;

use std::time::Duration;

use rig::browser::{self, Browser};
use rig::headless::{Headless, SOON};
use rig::photo::Photo;
use rig::{left_out, repository, within};

fn reference() -> Headless {
    Headless::start(|home| home.take(&repository("layouts/reference.toml")))
}

/// The number and the picture of an answer from `/frame`.
fn frame((status, head, body): (u16, String, Vec<u8>)) -> (u64, Photo) {
    assert_eq!(status, 200, "{head}");
    let number = head.lines().find_map(|line| line.strip_prefix("x-frame: ")).expect("a frame's number");
    (number.trim().parse().expect("a number"), Photo::decode(&body))
}

#[test]
fn a_browser_sees_every_display() {
    if left_out(browser::LEAVE_OUT) {
        return;
    }
    let mut headless = reference();
    headless.wait_until_healthy();
    let (page, photo) = Browser::new().look(&headless.url(), (1500, 500), Duration::from_secs(20));
    photo.keep("mirror");
    for name in ["left", "middle", "right"] {
        let box_start = page.find(&format!("data-name=\"{name}\"")).expect("the page has the display");
        let inside =
            &page[box_start..page[box_start..].find("</div>").map_or(page.len(), |end| box_start + end)];
        assert!(
            inside.contains("data-frame=") && inside.contains("<img"),
            "{name} shows no picture: {inside}"
        );
    }
    assert!(page.contains("Reference wall"), "the wall's name stands there");
    assert!(page.contains("simulated"), "simulated data says so");
    // Three displays of 16:9 side by side fill the width; each must show something.
    for third in 0..3 {
        let part = photo.part(40 + third * 480, 140, 440, 220);
        assert!(part.ground() < 0.97, "display {} is blank in the browser", third + 1);
    }
}

#[test]
fn pictures_come_as_they_change() {
    let mut headless = reference();
    headless.wait_until_healthy();
    let wall = headless.wall();
    assert_eq!(wall["name"], "Reference wall");
    assert_eq!(wall["displays"].as_array().map(Vec::len), Some(3));
    let (first, picture) = frame(headless.get("/frame/left.jpg"));
    assert_eq!(picture.size(), (1280, 720));
    let (second, _) = frame(headless.get(&format!("/frame/left.jpg?after={first}")));
    assert_ne!(first, second, "the ticker moves, so the picture is another");
    within(SOON, "the wall shows its mentions", || {
        let (_, picture) = frame(headless.get("/frame/left.jpg"));
        (picture.ground() < 0.97).then_some(())
    });
    assert_eq!(headless.get("/frame/nothing.jpg").0, 404);
    assert!(headless.fishbowl.terminate().success(), "it ends well when asked");
}

/// Nothing on it moves.
const STILL: &str = r#"
[wall]
name = "Still"
viewer_m = 1.0

[display.only]
size_mm = [600, 337.5]
pixels = [1920, 1080]

[scene.main]
picture = "note"

[scene.main.tile.note]
kind = "text"
text = "Back at nine"
"#;

#[test]
fn a_wall_that_rests_keeps_the_asker_waiting_and_then_says_so() {
    let mut headless = Headless::of(STILL);
    headless.wait_until_healthy();
    // The first frames may differ while fonts arrive; at rest the next answer is empty.
    let mut after = String::new();
    let answer = within(SOON, "an answer without a picture", || {
        let answer = headless.get(&format!("/frame/only.jpg{after}"));
        if answer.0 == 204 {
            return Some(answer);
        }
        after = format!("?after={}", frame(answer).0);
        None
    });
    assert!(answer.2.is_empty());
    headless.wait_until_healthy();
}
