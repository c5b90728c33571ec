//! The real binary under a real compositor with three outputs.

mod rig;

use std::time::Duration;

use fishbowl::color::Theme;
use rig::photo::Photo;
use rig::process::Running;
use rig::sway::{self, Pluggable, Sway, Window};
use rig::{FISHBOWL, left_out, repository, within};

/// Long enough for a debug build on a busy machine.
const SOON: Duration = Duration::from_secs(15);

const OUTPUTS: [&str; 3] = ["HEADLESS-1", "HEADLESS-2", "HEADLESS-3"];

/// The reference wall on three outputs of full HD.
fn reference(sway: &Sway) -> Running {
    let layout = sway.home.take(&repository("layouts/reference.toml"));
    let layout = layout.to_string_lossy();
    sway.client("fishbowl", FISHBOWL.as_ref(), &["run", &layout, "--mirror", "off"])
}

fn outputs_of(windows: &[Window]) -> Vec<&str> {
    windows.iter().map(|w| w.output.as_str()).collect()
}

/// Waits until the wall stands on `outputs`, one full screen on each.
fn wait_for_wall(sway: &Sway, fishbowl: &mut Running, outputs: &[&str]) {
    within(SOON, &format!("one full screen on each of {outputs:?}"), || {
        fishbowl.must_live();
        let windows = sway.windows(fishbowl.pid());
        (outputs_of(&windows) == outputs && windows.iter().all(|w| w.fullscreen)).then_some(())
    });
}

/// Waits until an output shows more than its ground, and text runs along its bottom.
fn wait_for_picture(sway: &Sway, output: &str) -> Photo {
    within(SOON, &format!("a picture with a ticker on {output}"), || {
        let photo = sway.photograph(output);
        let strip = photo.part(0, 960, 1920, 120);
        (photo.ground() < 0.97 && strip.ground() < 0.995).then_some(photo)
    })
}

#[test]
fn three_outputs_show_the_three_parts_of_the_wall() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(1920, 1080); 3]);
    let mut fishbowl = reference(&sway);
    wait_for_wall(&sway, &mut fishbowl, &OUTPUTS);
    for (window, display) in sway.windows(fishbowl.pid()).iter().zip(["left", "middle", "right"]) {
        assert!(window.title.ends_with(display), "{display} stands on the wrong output: {window:?}");
    }
    let photos = OUTPUTS.map(|output| wait_for_picture(&sway, output));
    for (photo, output) in photos.iter().zip(OUTPUTS) {
        photo.keep(output);
        assert_eq!(photo.size(), (1920, 1080));
    }
    let land = photos.each_ref().map(|photo| photo.share(Theme::dark().land));
    assert!(land[0] > 0.1 && land[1] < 0.05 && land[2] < 0.05, "the map is on the left: {land:?}");
    for (a, b) in [(0, 1), (1, 2), (0, 2)] {
        let difference = photos[a].difference(&photos[b]);
        assert!(difference > 0.02, "{} and {} show the same: {difference}", OUTPUTS[a], OUTPUTS[b]);
    }
    assert!(fishbowl.terminate().success(), "it ends well when asked");
}

#[test]
fn an_output_that_was_unplugged_comes_back() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let rig = Pluggable::start(&[(1920, 1080); 3]);
    let mut fishbowl = reference(&rig.sway);
    wait_for_wall(&rig.sway, &mut fishbowl, &["WL-1", "WL-2", "WL-3"]);
    wait_for_picture(&rig.sway, "WL-2");

    rig.unplug("WL-2");
    wait_for_wall(&rig.sway, &mut fishbowl, &["WL-1", "WL-3"]);
    wait_for_picture(&rig.sway, "WL-3");

    let back = rig.plug_in(1);
    wait_for_wall(&rig.sway, &mut fishbowl, &["WL-1", "WL-3", &back]);
    wait_for_picture(&rig.sway, &back).keep("back");
}
