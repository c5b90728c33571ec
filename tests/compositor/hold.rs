//! What the screens show while the wall is being restarted.

use std::time::{Duration, Instant};

use fishbowl::color::Rgba;
use image::{Rgb, RgbImage};

use super::rig::need_command;
use super::rig::photo::Photo;
use super::rig::process::Running;
use super::rig::sway::Sway;
use super::{FISHBOWL, OUTPUTS, SOON, left_out, sway, wait_for_wall, within};

/// Above and below on each display, so that one that is turned over, or not turned with its monitor, is another.
const COLORS: [u32; 2] = [0xD0_2020, 0x20_40D0];
const WALLPAPER: u32 = 0x20_A020;

/// Two displays, one picture on both.
fn layout(sway: &Sway) -> String {
    let [above, below] = COLORS.map(|color| {
        let [r, g, b, _] = Rgba::hex(color).to_bytes();
        Rgb([r, g, b])
    });
    let file = sway.home.path().join("flag.png");
    let flag = RgbImage::from_fn(64, 64, |_, y| if y < 20 { above } else { below });
    flag.save(file).expect("the folder is writable");
    let mut text = String::from("[wall]\nviewer_m = 2.0\nband = false\n");
    for (name, x, output, size) in [("a", 0, OUTPUTS[0], "640, 360"), ("b", 700, OUTPUTS[1], "360, 640")] {
        text += &format!(
            "[display.{name}]\nsize_mm = [{size}]\nat_mm = [{x}, 0]\npixels = [{size}]\n\
             match = [{{ connector = \"{output}\" }}]\n"
        );
    }
    text += "[scene.main]\npicture = \"a | b\"\n";
    text + "tile.a = { kind = \"image\", file = \"flag.png\", fit = \"cover\" }\n\
            tile.b = { kind = \"image\", file = \"flag.png\", fit = \"cover\" }\n"
}

/// How much of a picture the two colours cover.
fn lit(photo: &Photo) -> f64 {
    COLORS.map(|color| photo.share(Rgba::hex(color))).iter().sum()
}

fn wall(sway: &Sway, layout: &str) -> Running {
    sway.client("fishbowl", FISHBOWL.as_ref(), &["run", layout, "--mirror", "off"])
}

#[test]
fn the_screens_keep_their_picture_while_the_wall_is_exchanged_and_not_for_long() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(640, 360); 2]);
    // The second monitor hangs upright, and is scaled.
    sway.order(&format!("output {} transform 90", OUTPUTS[1]));
    sway.order(&format!("output {} scale 1.5", OUTPUTS[1]));
    // What a compositor has behind its windows must not cover the copy.
    let wallpaper = need_command(&["swaybg"], sway::LEAVE_OUT);
    let _wallpaper =
        sway.client("wallpaper", wallpaper.as_ref(), &["-o", "*", "-c", &format!("#{WALLPAPER:06X}")]);
    let covered = |output| sway.photograph(output).share(Rgba::hex(WALLPAPER)) > 0.99;
    within(SOON, "there is a wallpaper", || OUTPUTS[..2].iter().all(|output| covered(output)).then_some(()));
    let layout = sway.home.write("wall.toml", &layout(&sway)).to_string_lossy().into_owned();
    let mut first = wall(&sway, &layout);
    wait_for_wall(&sway, &mut first, &OUTPUTS[..2]);
    let photos = || [0, 1].map(|output| sway.photograph(OUTPUTS[output]));
    let before = within(SOON, "the wall stands on both", || {
        let photos = photos();
        photos.iter().all(|photo| lit(photo) > 0.9).then_some(photos)
    });

    let mut hold = sway.client("hold", FISHBOWL.as_ref(), &["hold", "--for", "20s"]);
    hold.wait_for_line("holding the picture of 2 of 2 outputs");
    let held = Instant::now();
    assert!(first.terminate().success());
    let after = photos();
    for (output, (before, after)) in OUTPUTS.iter().zip(before.iter().zip(&after)) {
        after.keep(&format!("held-{output}"));
        assert!(before.difference(after) < 0.01, "{output}: {}", before.difference(after));
    }

    let mut second = wall(&sway, &layout);
    within(Duration::from_secs(14), "the wall is back", || {
        assert!(photos().iter().all(|photo| lit(photo) > 0.9), "no screen is dark meanwhile");
        (sway.windows(second.pid()).len() == 2).then_some(())
    });
    wait_for_wall(&sway, &mut second, &OUTPUTS[..2]);
    assert!(lit(&sway.photograph(OUTPUTS[0])) > 0.9);
    assert!(second.terminate().success());
    within(SOON + Duration::from_secs(20), "an old picture does not stay", || {
        let dark = photos().iter().all(|photo| lit(photo) < 0.01);
        assert!(!dark || held.elapsed() >= Duration::from_secs(19), "it was given up early");
        dark.then_some(())
    });
    within(SOON, "it ends", || hold.ended());
}

#[test]
fn what_cannot_be_held_is_told() {
    let done = std::process::Command::new(FISHBOWL)
        .arg("hold")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(!done.status.success() && said.contains("cannot hold the picture on the screens"), "{said}");
}
