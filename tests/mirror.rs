//! The mirror of a real, headless wall, in a real browser and over plain HTTP.

#[path = "mirror/alerts.rs"]
mod alerts;
mod rig;
#[path = "mirror/seats.rs"]
mod seats;
#[path = "mirror/views.rs"]
mod views;

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

/// The next picture, asked for again as a browser does where none comes in time: a busy machine may
/// take long for one.
fn next(headless: &Headless, path: &str) -> (u64, Photo) {
    within(browser::PATIENCE, path, || {
        Some(headless.get(path)).filter(|(status, ..)| *status != 204).map(frame)
    })
}

#[test]
fn a_browser_sees_every_display() {
    if left_out(browser::LEAVE_OUT) {
        return;
    }
    let mut headless = reference();
    headless.wait_until_healthy();
    let mut browser = Browser::new();
    let mut page = browser.open(&headless.url(), (1500, 500));
    page.wait_for("document.querySelectorAll('.display[data-frame] img').length === 3");
    page.wait_for("document.querySelector('#state').textContent.includes('simulated')");
    let html = page.html();
    for name in ["left", "middle", "right"] {
        let box_start = html.find(&format!("data-name=\"{name}\"")).expect("the page has the display");
        let inside =
            &html[box_start..html[box_start..].find("</div>").map_or(html.len(), |end| box_start + end)];
        assert!(
            inside.contains("data-frame=") && inside.contains("<img"),
            "{name} shows no picture: {inside}"
        );
    }
    assert!(html.contains("Reference wall"), "the wall's name stands there");
    // Three displays of 16:9 side by side fill the width; each must show something.
    let photo = within(browser::PATIENCE, "every display shows something in the browser", || {
        let photo = page.photo();
        let is_full = |third: u32| photo.part(40 + third * 480, 140, 440, 220).ground() < 0.97;
        (0..3).all(is_full).then_some(photo)
    });
    photo.keep("mirror");
}

#[test]
fn pictures_come_as_they_change() {
    let mut headless = reference();
    headless.wait_until_healthy();
    let wall = headless.wall();
    assert_eq!(wall["name"], "Reference wall");
    assert_eq!(wall["displays"].as_array().map(Vec::len), Some(3));
    let (first, picture) = next(&headless, "/frame/left.jpg");
    assert_eq!(picture.size(), (1280, 720));
    let (second, _) = next(&headless, &format!("/frame/left.jpg?after={first}"));
    assert_ne!(first, second, "the ticker moves, so the picture is another");
    within(browser::PATIENCE, "the wall shows its mentions", || {
        let (_, picture) = next(&headless, "/frame/left.jpg");
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
