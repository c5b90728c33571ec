//! `[theme] background`: a picture behind everything, of which no more shows than leaves all legible.

use fishbowl::color::{Rgba, Theme};
use image::{Rgb, RgbImage};

use crate::{Desk, fishbowl};

/// Two displays with 100 mm between them; nothing stands on most of either. A millimetre is a pixel.
const WALL: &str = r#"
[wall]
viewer_m = 3.0
band = false

[theme]
base = "BASE"
background = "back.png"

[display.left]
size_mm = [400, 300]
pixels = [400, 300]

[display.right]
size_mm = [400, 300]
pixels = [400, 300]
at_mm = [500, 0]

[feed.demo]
kind = "demo"

[scene.main]
picture = """
a . | . b
. . | . .
"""
tile.a = { kind = "text", text = "left" }
tile.b = { kind = "text", text = "right" }
"#;

fn picture(desk: &Desk, color: impl Fn(u32, u32) -> [u8; 3]) {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = RgbImage::from_fn(900, 300, |x, y| Rgb(color(x, y)));
    image.write_to(&mut bytes, image::ImageFormat::Png).expect("it can be encoded");
    desk.put_bytes("back.png", bytes.get_ref());
}

/// The two displays.
fn rendered(desk: &Desk, base: &str) -> [RgbImage; 2] {
    let wall = desk.put("back.toml", &WALL.replace("BASE", base));
    let said = fishbowl(&["render", &wall, "--out", &desk.path("out")]);
    assert_eq!(said.status, 0, "{}", said.err);
    ["left", "right"].map(|name| {
        image::load_from_memory(&desk.bytes(&format!("out/{name}.png"))).expect("a PNG").into_rgb8()
    })
}

#[test]
fn a_background_runs_on_behind_the_bezel() {
    let desk = Desk::new();
    // White from the middle of the gap on, but for a black bar within the right display.
    picture(&desk, |x, _| if x >= 450 && !(600..640).contains(&x) { [255; 3] } else { [0; 3] });
    let [left, right] = rendered(&desk, "dark");
    let (dark, light) = (left.get_pixel(200, 250)[0], right.get_pixel(20, 250)[0]);
    assert!(light > dark + 15, "{dark} {light}");
    // The pattern in which neighbours take turns is one step deep.
    let is = |pixel: &Rgb<u8>, value: u8| pixel[0].abs_diff(value) <= 1;
    assert!((0..399).all(|x| is(left.get_pixel(x, 250), dark)), "all of the left one is black");
    let edges: Vec<u32> = (1..400)
        .filter(|&x| {
            let (before, here) = (right.get_pixel(x - 1, 250)[0], right.get_pixel(x, 250)[0]);
            before.abs_diff(here) > 8
        })
        .collect();
    assert!(
        matches!(edges[..], [from, .., to] if from.abs_diff(100) <= 2 && to.abs_diff(140) <= 2),
        "{edges:?}"
    );
}

#[test]
fn every_pixel_of_a_background_leaves_legible_what_stands_on_it() {
    let desk = Desk::new();
    let loud = |x: u32, y: u32| match (x / 30 + y / 30) % 8 {
        7 => [0; 3],
        // Red, green, blue and their sums, up to white.
        n => [0, 1, 2].map(|channel| if (n + 1) >> channel & 1 == 1 { 255 } else { 0 }),
    };
    picture(&desk, loud);
    for (base, theme) in Theme::NAMED {
        for image in rendered(&desk, base) {
            let mut seen: Vec<[u8; 3]> =
                image.enumerate_pixels().filter(|(_, y, _)| *y >= 150).map(|(.., p)| p.0).collect();
            seen.sort_unstable();
            seen.dedup();
            assert!(seen.len() > 8, "{base}: the picture does not show");
            for [r, g, b] in seen {
                let on = Rgba::hex(u32::from_be_bytes([0, r, g, b]));
                for (state, needs) in theme.legible_on_a_picture() {
                    let needs = needs.min(state.color.contrast(theme.ground));
                    let ratio = state.color.contrast(on);
                    assert!(
                        ratio >= needs - 0.01,
                        "{base}: {} on {on:?}: {ratio}, not {needs}",
                        state.name()
                    );
                }
            }
        }
    }
}

#[test]
fn a_background_that_cannot_be_used_is_told_and_the_wall_goes_on() {
    let desk = Desk::new();
    let wall = desk.put("back.toml", &WALL.replace("BASE", "dark"));
    let huge = format!("P6 {}", "0".repeat(17 << 20));
    for (bytes, why) in
        [(None, "cannot be read"), (Some("<svg/>"), "is not a PNG or JPEG"), (Some(&*huge), "16 MB")]
    {
        bytes.iter().for_each(|bytes| drop(desk.put("back.png", bytes)));
        let said = fishbowl(&["check", &wall]);
        let text = format!("{}{}", said.out, said.err);
        assert!(said.status == 0 && text.contains("the background back.png"), "{text}");
        assert!(text.contains(why) && text.contains("the wall has a plain background"), "{why}: {text}");
    }
    let [left, _] = rendered(&desk, "dark");
    assert_eq!(left.get_pixel(200, 250).0, Theme::dark().ground.to_bytes()[..3]);
}

#[test]
fn check_says_how_dark_a_picture_must_be_to_be_seen() {
    let desk = Desk::new();
    picture(&desk, |x, _| [if x < 450 { 0 } else { 255 }; 3]);
    let pale = WALL.replace("base = \"BASE\"", "ground = \"#1c2127\"");
    let wall = desk.put("back.toml", &pale);
    let said = fishbowl(&["check", &wall]);
    let text = format!("{}{}", said.out, said.err);
    assert!(text.contains("% of the background back.png can show behind the text"), "{text}");
    assert!(text.contains("at its lightest it is #ffffff, on which "), "{text}");
    assert!(
        text.contains("Darken the picture; all of it shows where no part of it is lighter than #"),
        "{text}"
    );
}
