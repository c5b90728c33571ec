//! `fishbowl render`: pictures of the wall, 30 seconds in.

use std::collections::BTreeSet;

use image::GenericImageView as _;

use crate::{Desk, fishbowl};

#[test]
fn render_writes_every_display_and_the_wall() {
    let desk = Desk::new();
    let said = desk.render("a", &[]);
    assert_eq!(said.status, 0, "{}", said.err);
    let names = std::fs::read_dir(desk.path("a")).expect("it was made");
    let names: BTreeSet<_> =
        names.map(|e| e.expect("listed").file_name().into_string().expect("UTF-8")).collect();
    assert_eq!(names, BTreeSet::from(["tall.png", "wall.png", "wide.png"].map(String::from)));
    let open = |name: &str| image::load_from_memory(&desk.bytes(name)).expect("a PNG");
    assert_eq!(open("a/wide.png").dimensions(), (640, 360));
    assert_eq!(open("a/tall.png").dimensions(), (360, 640));
    // At one pixel a millimetre, with a margin of 1 % of the longer side around.
    let wall = open("a/wall.png").into_rgb8();
    assert_eq!(wall.dimensions(), (1061, 661));
    let gap = 10 + 660;
    assert!((0..661).all(|y| wall.get_pixel(gap, y) == wall.get_pixel(0, 0)), "the gap shows nothing");
}

#[test]
fn a_picture_is_the_same_every_time_until_the_seed_is_another() {
    let desk = Desk::new();
    for (out, more) in [("a", &[][..]), ("b", &[]), ("c", &["--seed", "99"]), ("d", &["--scene", "other"])] {
        let said = desk.render(out, more);
        assert_eq!(said.status, 0, "{}", said.err);
    }
    for name in ["wide.png", "tall.png", "wall.png"] {
        let picture = |out: &str| desk.bytes(&format!("{out}/{name}"));
        assert!(picture("a") == picture("b"), "{name} differs between two runs");
        assert!(picture("a") != picture("c"), "{name} does not care about the seed");
        assert!(picture("a") != picture("d"), "{name} does not care about the scene");
    }
}

#[test]
fn render_says_why_it_cannot() {
    let desk = Desk::new();
    let said = desk.render("a", &["--scene", "evening"]);
    assert_eq!(said.status, 1);
    assert!(said.err.contains("`evening`") && said.err.contains("main, other"), "{}", said.err);
    // A file where a folder should be stops root as well.
    let said = desk.render("wall.toml/a", &[]);
    assert!(said.status == 1 && said.err.contains("wall.toml/a: "), "{}", said.err);
    let said = fishbowl(&["render", &desk.path("missing.toml"), "--out", &desk.path("a")]);
    assert!(said.status == 1 && said.err.contains("missing.toml"), "{}", said.err);
}

#[test]
fn saved_numbers_are_drawn_again_to_the_byte() {
    let desk = Desk::new();
    let file = desk.path("numbers.json");
    let said = desk.render("a", &["--save-snapshot", &file]);
    assert_eq!(said.status, 0, "{}", said.err);
    let wall = desk.path("wall.toml");
    let again = |out: &str| fishbowl(&["render", &wall, "--out", &desk.path(out), "--snapshot", &file]);
    let said = again("b");
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(desk.bytes("a/wall.png") == desk.bytes("b/wall.png"), "the wall differs");
    std::fs::write(&file, "{}").expect("it can be written");
    let said = again("c");
    assert!(
        said.status == 1 && said.err.contains("numbers.json: it is not a Fishbowl snapshot"),
        "{}",
        said.err
    );
}
