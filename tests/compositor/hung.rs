//! Monitors of mixed scales and monitors that the compositor has turned.

use fishbowl::color::{Rgba, Theme};

use crate::rig::headless::Mirror;
use crate::rig::sway::{self, Sway};
use crate::rig::{FISHBOWL, left_out, within};
use crate::{SOON, layout_of};

/// From left to right, with places that winit multiplies by 2, 2, 1 and 2.
const MIXED: [&str; 4] = [
    "mode --custom 1280x720@60Hz position 0 0 scale 2",
    "mode --custom 1280x720@60Hz position 640 0 scale 2",
    "mode --custom 640x360@60Hz position 1280 0 scale 1",
    "mode --custom 960x540@60Hz position 1920 0 scale 1.5",
];

/// What `fishbowl displays` says of a layout, in rows of words.
fn listed(sway: &Sway, layout: &str) -> Vec<Vec<String>> {
    let layout = sway.home.write("wall.toml", layout);
    let mut list = sway.client("list", FISHBOWL.as_ref(), &["displays", &layout.to_string_lossy()]);
    let status = within(SOON, "the list is done", || list.ended());
    let said = list.said();
    assert!(status.success(), "{said}");
    said.lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

#[test]
fn order_goes_by_where_monitors_of_mixed_scales_are() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::with_outputs(&MIXED);
    let ordered =
        layout_of(&[("d1", "order = 1"), ("d2", "order = 2"), ("d3", "order = 3"), ("d4", "order = 4")]);
    let unnamed = ordered.lines().filter(|line| !line.starts_with("match")).collect::<Vec<_>>().join("\n");
    for layout in [ordered, unnamed] {
        let rows = listed(&sway, &layout);
        for n in 1..=4 {
            let (display, monitor) = (format!("d{n}"), format!("HEADLESS-{n}"));
            let found = |row: &[String]| matches!(row, [what, d, _, m] if what == "display" && *d == display && *m == monitor);
            assert!(rows.iter().any(|row| found(row)), "{display} is not on {monitor}: {rows:?}");
        }
        let tells = |row: &Vec<String>, word: &str| row.iter().any(|w| w.trim_end_matches(',') == word);
        for (place, scale) in [("640,0", "2"), ("1280,0", "1"), ("1920,0", "1.5")] {
            assert!(
                rows.iter().any(|row| tells(row, place) && tells(row, scale)),
                "{place}, {scale}: {rows:?}"
            );
        }
        let warned = rows.iter().filter(|row| row.first().is_some_and(|word| word == "warning:")).count();
        assert_eq!(warned, 3, "three monitors run another mode than the layout says: {rows:?}");
    }
}

/// The same words on an upright monitor, on one that the compositor and the layout turn, and, as a
/// wide display, on one that the compositor alone turns.
const TURNED: &str = r#"
[wall]
viewer_m = 2.0
[display.plain]
size_mm = [360, 640]
pixels = [360, 640]
match = [{ connector = "HEADLESS-1" }]
[display.turned]
size_mm = [360, 640]
pixels = [360, 640]
rotate = 90
match = [{ connector = "HEADLESS-2" }]
[display.wide]
size_mm = [640, 360]
pixels = [640, 360]
match = [{ connector = "HEADLESS-3" }]
[scene.main]
pictures.plain = "a"
pictures.turned = "b"
pictures.wide = "c"
tile.a = { kind = "text", text = "Back at nine" }
tile.b = { kind = "text", text = "Back at nine" }
tile.c = { kind = "text", text = "Back at nine" }
"#;

#[test]
fn a_monitor_that_the_compositor_turned_is_not_turned_again() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::with_outputs(&[
        "mode --custom 360x640@60Hz position 0 0 scale 1",
        "mode --custom 640x360@60Hz position 360 0 scale 1 transform 90",
        "mode --custom 640x360@60Hz position 720 0 scale 1 transform 270",
    ]);
    let layout = sway.home.write("wall.toml", TURNED);
    let args = ["run", &layout.to_string_lossy(), "--journal", "off", "--mirror", "127.0.0.1:0"];
    let mut fishbowl = sway.client("fishbowl", FISHBOWL.as_ref(), &args);
    let mirror = Mirror::of(&mut fishbowl);
    let photos = ["HEADLESS-1", "HEADLESS-2", "HEADLESS-3"].map(|output| {
        within(SOON, &format!("words on {output}"), || {
            fishbowl.must_live();
            let photo = sway.photograph(output);
            (photo.ground() < 0.9995 && photo.share(Theme::dark().ground) > 0.3).then_some(photo)
        })
    });
    photos.iter().zip(["plain", "turned", "wide"]).for_each(|(photo, name)| photo.keep(name));
    assert_eq!(photos[1].size(), (360, 640));
    let difference = photos[0].difference(&photos[1]);
    assert!(difference < 0.0005, "the turned monitor shows something else: {difference}");
    // A wide picture on a tall monitor is 360 × 202 in its middle, upright and in its own shape.
    let black = Rgba::hex(0);
    for bar in [photos[2].part(0, 0, 360, 210), photos[2].part(0, 430, 360, 210)] {
        assert!(bar.share(black) > 0.99, "the picture is stretched");
    }
    assert!(photos[2].part(0, 220, 360, 40).ground() < 0.998, "the words are gone");
    let problems = mirror.wall()["problems"].to_string();
    for told in
        ["display `turned` (`rotate = 90`) is not rotated again", "shows 360 × 640 pixels and display `wide`"]
    {
        assert!(problems.contains(told), "{told}: {problems}");
    }
}
