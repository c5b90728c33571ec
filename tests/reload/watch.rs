//! What becomes of a wall whose layout goes wrong in other ways than by its words.

use super::rig::headless::{Headless, Mirror, SOON, run};
use super::rig::process::{Home, Running};
use super::rig::within;
use super::{SMALL, problems, small};

/// A wall that was started again in the same home.
fn again(home: &Home, layout: &std::path::Path) -> (Running, Mirror) {
    let mut fishbowl = run(home, layout);
    let mirror = Mirror::of(&mut fishbowl);
    (fishbowl, mirror)
}

#[test]
fn a_wall_whose_layout_broke_while_it_was_off_shows_the_last_good_one() {
    let home = Home::new();
    let layout = home.write("wall.toml", SMALL);
    let (mut first, mirror) = again(&home, &layout);
    within(SOON, "it is well", || (mirror.get("/health").0 == 200).then_some(()));
    std::fs::write(&layout, small("First", "Second")).expect("it can be written");
    within(SOON, "the second layout", || (mirror.wall()["name"] == "Second").then_some(()));
    assert!(first.terminate().success());

    for goes in [false, true] {
        let broken = if goes { std::fs::remove_file(&layout) } else { std::fs::write(&layout, "[wall") };
        broken.expect("it can be broken");
        let (mut fishbowl, mirror) = again(&home, &layout);
        let told = within(SOON, "it says what is shown", || {
            fishbowl.must_live();
            Some(problems(&mirror.wall())).filter(|told| told.contains("last good"))
        });
        let why = if goes { "cannot read the layout" } else { "wall.toml:1" };
        assert!(told.contains("showing the last good one") && told.contains(why), "{told}");
        assert_eq!(mirror.wall()["name"], "Second");
        assert!(fishbowl.said().contains("showing the last good version"), "{}", fishbowl.said());
        home.write("wall.toml", &small("First", "Third"));
        within(SOON, "the layout that came back", || {
            let wall = mirror.wall();
            (wall["name"] == "Third" && problems(&wall).is_empty()).then_some(())
        });
        home.write("wall.toml", &small("First", "Second"));
        within(SOON, "the second layout again", || (mirror.wall()["name"] == "Second").then_some(()));
        assert!(fishbowl.terminate().success());
    }
}

#[test]
fn a_pipe_in_the_layouts_place_is_told_and_holds_nothing_up() {
    let mut headless = Headless::of(SMALL);
    headless.wait_until_healthy();
    std::fs::remove_file(&headless.layout).expect("it is there");
    let made = std::process::Command::new("mkfifo").arg(&headless.layout).status().expect("mkfifo runs");
    assert!(made.success());
    headless.wait_for("a problem", |wall| problems(wall).contains("a pipe"));
    std::fs::remove_file(&headless.layout).expect("it is there");
    headless.home.write("wall.toml", &small("First", "Second"));
    headless
        .wait_for("the layout that came back", |wall| wall["name"] == "Second" && problems(wall).is_empty());
    headless.wait_until_healthy();
}

#[test]
fn a_supervisor_may_have_the_layout_read_again() {
    let mut headless = Headless::of(SMALL);
    headless.wait_until_healthy();
    assert!(!headless.fishbowl.said().contains("the layout changed"));
    // SAFETY: the child was not waited for yet, so its id is still its own.
    unsafe { libc::kill(headless.fishbowl.pid() as libc::pid_t, libc::SIGHUP) };
    within(SOON, "it reads the layout", || {
        headless.fishbowl.must_live();
        headless.fishbowl.said().contains("the layout changed").then_some(())
    });
    headless.wait_until_healthy();
    assert!(headless.fishbowl.terminate().success());
}

#[test]
fn a_layout_that_no_adapter_can_draw_leaves_the_wall() {
    let mut headless = Headless::of(SMALL);
    headless.wait_until_healthy();
    headless.save(&small("pixels = [640, 360]", "pixels = [16000, 9000]"));
    let wall = headless.wait_for("a problem", |wall| problems(wall).contains("16000"));
    assert_eq!(wall["displays"][0]["pixels"][0], 640);
    let many: String = (0..8)
        .map(|i| {
            format!(
                "[display.d{i}]\nsize_mm = [640, 360]\nat_mm = [{}, 400]\npixels = [8192, 4608]\n",
                i * 700
            )
        })
        .collect();
    headless.save(&small("[feed.demo]", &format!("{many}[feed.demo]")));
    headless.wait_for("the next problem", |wall| problems(wall).contains("million pixels"));
    headless.save(&small("First", "Second"));
    headless.wait_for("the repaired wall", |wall| wall["name"] == "Second" && problems(wall).is_empty());
    headless.wait_until_healthy();
}

#[test]
fn a_background_that_is_exchanged_is_on_the_wall() {
    let home = Home::new();
    let picture = |grey: u8| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let image = image::RgbImage::from_pixel(64, 36, image::Rgb([grey; 3]));
        image.write_to(&mut bytes, image::ImageFormat::Png).expect("it can be encoded");
        // As an editor does: all at once.
        std::fs::write(home.path().join("new.png"), bytes.get_ref()).expect("it can be written");
        std::fs::rename(home.path().join("new.png"), home.path().join("back.png")).expect("it can be moved");
    };
    picture(0);
    let layout = home.write("wall.toml", &(SMALL.to_owned() + "[theme]\nbackground = \"back.png\"\n"));
    let (mut fishbowl, mirror) = again(&home, &layout);
    // The bottom right corner, where nothing stands.
    let corner = || {
        let (status, _, frame) = mirror.get("/frame/only.jpg");
        let frame = image::load_from_memory(&frame).ok().filter(|_| status == 200)?.into_rgb8();
        Some(frame.get_pixel(frame.width() - 4, frame.height() - 4)[0])
    };
    within(SOON, "the dark picture", || corner().filter(|grey| *grey < 8));
    picture(255);
    within(SOON, "the light one, dimmed", || corner().filter(|grey| (25..70).contains(grey)));
    std::fs::remove_file(home.path().join("back.png")).expect("it is there");
    within(SOON, "the plain ground", || corner().filter(|grey| (8..20).contains(grey)));
    assert!(fishbowl.said().contains("the background back.png cannot be read"), "{}", fishbowl.said());
    assert!(fishbowl.terminate().success());
}
