//! What a window's surface can answer: whatever it is, that display comes back by itself, and the others go on.

use std::time::Duration;

use crate::dark::{self, wait_for_frames, wait_until};
use crate::rig::faults::{Faults, wait_for_losses};
use crate::rig::headless::Mirror;
use crate::rig::process::Running;
use crate::rig::sway::{self, Sway};
use crate::rig::{left_out, within};
use crate::{OUTPUTS, SOON, outputs_of, wait_for_wall};

/// Every answer but a texture.
const RESULTS: [&str; 6] = ["timeout", "occluded", "outdated", "lost", "validation", "suboptimal"];

/// Two displays that move all the time, and a pipe for faults; `mode` is how the driver presents.
fn start(sway: &Sway, mode: &str) -> (Running, Mirror, Faults) {
    let faults = Faults::in_home(&sway.home);
    let mut command = dark::command(&dark::two("HEADLESS"), &sway.home, sway.display(), 0);
    faults.heard_by(command.env("MESA_VK_WSI_PRESENT_MODE", mode));
    let mut fishbowl = sway.home.start("fishbowl", &mut command);
    let mirror = Mirror::of(&mut fishbowl);
    wait_for_wall(sway, &mut fishbowl, &OUTPUTS[..2]);
    wait_until(&mirror, 200, "2 displays");
    (fishbowl, mirror, faults)
}

fn ends_well(mut fishbowl: Running) {
    assert!(fishbowl.terminate().success());
    let said = fishbowl.said();
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn a_display_comes_back_after_every_answer_of_its_surface() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(640, 360); 2]);
    let (fishbowl, mirror, faults) = start(&sway, "mailbox");
    for result in RESULTS {
        faults.ask(&format!("surface east {result} 3"));
        within(SOON, result, || fishbowl.said().contains(&format!("surface east {result} 3")).then_some(()));
        wait_for_frames(&mirror, "west");
        wait_for_frames(&mirror, "east");
        wait_until(&mirror, 200, "2 displays");
        assert_eq!(outputs_of(&sway.windows(fishbowl.pid())), &OUTPUTS[..2], "one window each ({result})");
    }
    wait_for_losses(&mirror, 0);
    ends_well(fishbowl);
}

#[test]
fn a_display_whose_surface_never_recovers_is_told_and_stops_no_other() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(640, 360); 2]);
    let (fishbowl, mirror, faults) = start(&sway, "mailbox");
    for result in ["timeout", "lost"] {
        faults.ask(&format!("surface east {result} 1000000"));
        wait_until(&mirror, 503, "display east is not being shown");
        let wall = mirror.wall();
        assert_eq!((&wall["health"]["ok"], &wall["displays"][1]["present"]), (&false.into(), &true.into()));
        let words = wall["problems"].to_string();
        assert!(words.contains("east") && !words.contains("west"), "{words}");
        let dark = dark::frames(&mirror, "east");
        wait_for_frames(&mirror, "west");
        assert_eq!(dark::frames(&mirror, "east"), dark, "{result}");
        faults.ask(&format!("surface east {result} 0"));
        wait_for_frames(&mirror, "east");
        wait_until(&mirror, 200, "2 displays");
    }
    ends_well(fishbowl);
}

#[test]
fn a_window_whose_driver_keeps_it_waiting_stops_no_other() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    for mode in ["mailbox", "fifo", "immediate"] {
        let sway = Sway::start(&[(640, 360); 2]);
        let (mut fishbowl, mirror, faults) = start(&sway, mode);
        faults.ask("block east 12");
        within(SOON, "it is asked for", || fishbowl.said().contains("block east 12").then_some(()));
        // What was on its way is there by now.
        std::thread::sleep(Duration::from_millis(300));
        let dark = dark::frames(&mirror, "east");
        wait_for_frames(&mirror, "west");
        assert_eq!(dark::frames(&mirror, "east"), dark, "it was blocked meanwhile ({mode})");
        // A driver may keep it for ever: another window takes its place.
        within(SOON, "east is made anew", || {
            fishbowl.said().contains("display `east` is not being shown; recreating its window").then_some(())
        });
        wait_for_frames(&mirror, "east");
        wait_until(&mirror, 200, "2 displays");
        wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
        ends_well(fishbowl);
    }
}

#[test]
fn a_device_that_is_lost_under_a_compositor_is_there_again_on_every_display() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(640, 360); 2]);
    let (mut fishbowl, mirror, faults) = start(&sway, "mailbox");
    for n in 1..=6 {
        faults.ask("later 31");
        faults.ask(if n % 2 == 0 { "device drawing" } else { "device" });
        wait_for_losses(&mirror, n);
        wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
        ["east", "west"].iter().for_each(|display| wait_for_frames(&mirror, display));
        wait_until(&mirror, 200, "2 displays");
        OUTPUTS[..2].iter().for_each(|output| dark::wait_for_picture(&sway, output));
    }
    ends_well(fishbowl);
}
