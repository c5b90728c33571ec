//! What the displays beside an absent one show.

use std::time::Duration;

use fishbowl::color::Rgba;
use image::{Rgb, RgbImage};

use super::rig::photo::Photo;
use super::rig::sway::Sway;
use super::{FISHBOWL, OUTPUTS, left_out, sway, wait_for_wall, within};

/// Ten seconds of patience, two turns of twenty, and a debug build.
const LATER: Duration = Duration::from_secs(75);

/// The colours of four tiles.
const COLORS: [u32; 4] = [0xD0_2020, 0x20_A040, 0x20_40D0, 0xC0_A020];

/// Two pairs of displays, far from each other; in each the left one has no monitor. Each is filled with one colour.
fn layout(sway: &Sway) -> String {
    let mut text = String::from("[wall]\nviewer_m = 2.0\nband = false\n");
    let displays =
        [("a", 0, "DP-7", "reflow"), ("b", 650, OUTPUTS[0], "blank"), ("c", 4_000, "DP-8", "neighbour")];
    for (name, x, plug, if_missing) in displays.into_iter().chain([("d", 4_650, OUTPUTS[1], "blank")]) {
        text += &format!(
            "[display.{name}]\nsize_mm = [640, 360]\nat_mm = [{x}, 0]\npixels = [640, 360]\n\
             match = [{{ connector = \"{plug}\" }}]\nif_missing = \"{if_missing}\"\n"
        );
    }
    text += "[scene.main]\npicture = \"a | b | c | d\"\n";
    for (name, color) in ["a", "b", "c", "d"].into_iter().zip(COLORS) {
        let [r, g, b, _] = Rgba::hex(color).to_bytes();
        let file = sway.home.path().join(format!("{name}.png"));
        RgbImage::from_pixel(64, 36, Rgb([r, g, b])).save(file).expect("the folder is writable");
        text += &format!("tile.{name} = {{ kind = \"image\", file = \"{name}.png\", fit = \"cover\" }}\n");
    }
    text
}

fn shares(photo: &Photo) -> [f64; 4] {
    COLORS.map(|color| photo.share(Rgba::hex(color)))
}

#[test]
fn a_display_beside_an_absent_one_shows_both_or_takes_turns() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(640, 360); 2]);
    let layout = sway.home.write("wall.toml", &layout(&sway));
    let args = ["run", &layout.to_string_lossy(), "--mirror", "off"];
    let mut fishbowl = sway.client("fishbowl", FISHBOWL.as_ref(), &args);
    wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
    let seen = |output: &str| shares(&sway.photograph(output));
    within(LATER, "each shows its own at first", || {
        (seen(OUTPUTS[0])[1] > 0.5 && seen(OUTPUTS[1])[3] > 0.5).then_some(())
    });
    within(LATER, "the tiles of the absent one beside its own", || {
        let [a, b, ..] = seen(OUTPUTS[0]);
        ((0.2..0.5).contains(&a) && (0.2..0.5).contains(&b)).then_some(())
    });
    sway.photograph(OUTPUTS[0]).keep("reflow");
    for (index, what) in [(2, "the absent one's part"), (3, "its own part again")] {
        within(LATER, what, || (seen(OUTPUTS[1])[index] > 0.5).then_some(()));
        sway.photograph(OUTPUTS[1]).keep(&format!("turn-{index}"));
    }
    let [a, b, ..] = seen(OUTPUTS[0]);
    assert!(a > 0.2 && b > 0.2, "it stays so: {a} {b}");
}
