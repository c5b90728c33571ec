//! The real binary under a real compositor with three outputs.

mod rig;

use std::time::Duration;

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

/// Waits until an output shows more than its ground.
fn wait_for_picture(sway: &Sway, output: &str) -> rig::photo::Photo {
    within(SOON, &format!("a picture on {output}"), || {
        let photo = sway.photograph(output);
        (photo.ground() < 0.97).then_some(photo)
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
    let photos = OUTPUTS.map(|output| wait_for_picture(&sway, output));
    for (photo, output) in photos.iter().zip(OUTPUTS) {
        photo.keep(output);
        assert_eq!(photo.size(), (1920, 1080));
        let strip = photo.part(0, 960, 1920, 120);
        assert!(strip.ground() < 0.995, "the ticker runs along the bottom of {output}");
    }
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
    within(SOON, "the wall stands on what is left", || {
        fishbowl.must_live();
        let windows = rig.sway.windows(fishbowl.pid());
        windows.iter().all(|w| w.fullscreen && w.output != "WL-2").then_some(())
    });
    wait_for_picture(&rig.sway, "WL-3");

    let back = rig.plug_in(1);
    wait_for_wall(&rig.sway, &mut fishbowl, &["WL-1", "WL-3", &back]);
    wait_for_picture(&rig.sway, &back).keep("back");
}
