//! Displays that rest under a real compositor: dark, and no fault.

use std::time::{Duration, Instant};

use serde_json::Value;

use fishbowl::color::Rgba;

use crate::dark::{frames, start_layout, two, wait_for_frames, wait_for_picture, wait_until};
use crate::projector::Projector;
use crate::rig::headless::Mirror;
use crate::rig::photo::Photo;
use crate::rig::sway::{self, Sway};
use crate::rig::{left_out, within};
use crate::{OUTPUTS, SOON, outputs_of, wait_for_wall};

/// After this without frames a display is a fault, unless it rests.
const FROZEN: Duration = Duration::from_secs(7);
/// A display that was woken may be dark for ten seconds, and its panel is looked at every four.
const WOKEN: Duration = Duration::from_secs(60);

fn ask(mirror: &Mirror, path: &str) {
    let (status, _, body) = mirror.post(path, "", "");
    assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
}

fn wait_for_state(mirror: &Mirror, state: &str) -> Value {
    within(SOON, &format!("east is {state}"), || {
        Some(mirror.wall()).filter(|wall| wall["displays"][0]["power"]["state"] == state)
    })
}

/// Two displays, the first with this panel.
fn with_panel(panel: &str) -> String {
    two("HEADLESS").replace("[display.east]", &format!("[display.east]\npanel = {{ {panel} }}"))
}

#[test]
fn a_display_that_rests_may_be_dark_and_comes_back_when_it_is_woken() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let (sway, projector) = (Sway::start(&[(640, 360); 2]), Projector::start(None));
    let layout = with_panel(&format!("kind = \"pjlink\", address = \"{}\"", projector.addr));
    let (mut fishbowl, mirror) = start_layout(&layout, &sway.home, sway.display());
    wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
    wait_until(&mirror, 200, "2 displays");
    wait_for_state(&mirror, "on");

    ask(&mirror, "/control/rest");
    wait_for_state(&mirror, "resting");
    // Nothing is shown on it from now on, as on an output that is off.
    sway.order("focus output HEADLESS-1");
    sway.order("workspace 9");
    wait_until(&mirror, 200, "1 display is being drawn; 1 display is resting");
    let began = Instant::now();
    while began.elapsed() < FROZEN {
        let (status, _, said) = mirror.get("/health");
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&said));
        std::thread::sleep(Duration::from_millis(200));
    }
    let wall = mirror.wall();
    assert_eq!(wall["problems"], Value::Array(Vec::new()), "{wall:#}");
    assert!(!fishbowl.said().contains("recreating its window"), "{}", fishbowl.said());
    wait_for_frames(&mirror, "west");

    ask(&mirror, "/control/wake");
    wait_for_state(&mirror, "on");
    within(WOKEN, "the window of east is made again", || {
        fishbowl.said().contains("display `east` is not being shown; recreating its window").then_some(())
    });
    wait_for_frames(&mirror, "east");
    wait_until(&mirror, 200, "2 displays are being drawn");
    assert_eq!(outputs_of(&sway.windows(fishbowl.pid())), &OUTPUTS[..2], "one window each");
    assert!(fishbowl.terminate().success());
}

#[test]
fn an_output_is_turned_off_where_the_compositor_can() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(640, 360); 2]);
    let (mut fishbowl, mirror) = start_layout(&with_panel("kind = \"output\""), &sway.home, sway.display());
    wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
    wait_until(&mirror, 200, "2 displays");
    wait_for_state(&mirror, "on");
    ask(&mirror, "/control/rest");
    let told = within(SOON, "the output is off, or that it is not is told", || {
        let wall = mirror.wall();
        let rests = wall["displays"][0]["power"]["state"] == "resting";
        let problem = wall["problems"].to_string();
        let is_told =
            problem.contains("display east does not switch off: the compositor does not switch the output");
        (rests || is_told).then_some(rests)
    });
    // Those up to 1.7 at least cannot turn off an output without a screen.
    assert_eq!(sway.is_lit(OUTPUTS[0]), Some(!told));
    assert_eq!(sway.is_lit(OUTPUTS[1]), Some(true));
    wait_until(&mirror, 200, "1 display is being drawn; 1 display is resting");
    ask(&mirror, "/control/wake");
    wait_for_state(&mirror, "on");
    within(SOON, "all is well again", || {
        (mirror.wall()["problems"] == Value::Array(Vec::new())).then_some(())
    });
    assert_eq!(sway.is_lit(OUTPUTS[0]), Some(true));
    wait_for_frames(&mirror, "east");
    wait_until(&mirror, 200, "2 displays are being drawn");
    assert!(fishbowl.terminate().success());
}

/// Share of an output that is black.
fn black(sway: &Sway, output: &str) -> f64 {
    sway.photograph(output).share(Rgba::hex(0))
}

#[test]
fn a_display_that_rests_shows_black_and_is_hardly_drawn_until_it_is_looked_at_or_woken() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let (sway, projector) = (Sway::start(&[(640, 360); 2]), Projector::start(None));
    let layout = with_panel(&format!("kind = \"pjlink\", address = \"{}\"", projector.addr));
    let (mut fishbowl, mirror) = start_layout(&layout, &sway.home, sway.display());
    wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
    wait_until(&mirror, 200, "2 displays");
    wait_for_state(&mirror, "on");
    wait_for_picture(&sway, OUTPUTS[0]);

    // It is asked to rest and does not obey: it stays lit, and shows nothing.
    projector.inside().takes = Duration::from_secs(3_600);
    ask(&mirror, "/control/rest");
    within(SOON, "east is black", || (black(&sway, OUTPUTS[0]) > 0.9999).then_some(()));
    assert!(black(&sway, OUTPUTS[1]) < 0.5, "west goes on");
    let before = ["east", "west"].map(|display| frames(&mirror, display));
    let now = within(SOON, "west has been drawn 60 times more", || {
        let now = ["east", "west"].map(|display| frames(&mirror, display));
        (now[1] >= before[1] + 60).then_some(now)
    });
    let gained = [now[0] - before[0], now[1] - before[1]];
    assert!(gained[0] * 4 < gained[1], "east is hardly drawn: {gained:?}");

    // Someone looks at it through the mirror: the picture is there, and its panel is still black.
    let picture = within(SOON, "a picture of east that is not black", || {
        let (status, _, jpeg) = mirror.get("/frame/east.jpg");
        let photo = (status == 200).then(|| Photo::decode(&jpeg))?;
        (photo.ground() < 0.9995 && photo.share(Rgba::hex(0)) < 0.5).then_some(photo)
    });
    picture.keep("rest-mirror");
    assert!(black(&sway, OUTPUTS[0]) > 0.9999);

    projector.inside().press('0');
    wait_for_state(&mirror, "resting");
    projector.inside().takes = Duration::from_millis(200);
    ask(&mirror, "/control/wake");
    wait_for_picture(&sway, OUTPUTS[0]);
    wait_for_state(&mirror, "on");
    wait_for_frames(&mirror, "east");
    wait_until(&mirror, 200, "2 displays are being drawn");
    assert!(!fishbowl.said().contains("recreating its window"), "{}", fishbowl.said());
    assert!(fishbowl.terminate().success());
}
