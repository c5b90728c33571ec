//! Monitors in place of others, recognised by what they say of themselves.

use serde_json::{Value, json};

use super::rig::headless::Mirror;
use super::{SMALL, SOON, Xorg, at, layout, left_out, run, wait_for, within, xorg};

const LEFT: &str = "W – left";
const RIGHT: &str = "W – right";

fn state(mirror: &Mirror) -> Value {
    serde_json::from_slice(&mirror.get("/control/state").2).expect("the state is JSON")
}

fn wait_for_offers(mirror: &Mirror, what: &str, wanted: &[(&str, &str)]) -> Value {
    within(SOON, what, || {
        let offers = state(mirror)["offers"].clone();
        let pair = |offer: &Value| {
            Some((offer["display"].as_str()?.to_owned(), offer["monitor"].as_str()?.to_owned()))
        };
        let pairs: Vec<_> = offers.as_array()?.iter().filter_map(pair).collect();
        let wanted: Vec<_> = wanted.iter().map(|(d, m)| ((*d).to_owned(), (*m).to_owned())).collect();
        (pairs == wanted).then_some(offers)
    })
}

fn adopt(mirror: &Mirror, display: &str, monitor: &str) -> u16 {
    mirror.post(&format!("/control/adopt?display={display}&monitor={monitor}"), "", "").0
}

#[test]
fn a_monitor_that_stands_in_is_known_by_its_serial_number() {
    if left_out(xorg::LEAVE_OUT) {
        return;
    }
    let mut server = Xorg::start();
    server.drive(&[at(0, SMALL), at(640, SMALL)]);
    server.plug(0, "OLD", (640, 360));
    server.plug(1, "RIGHT", (640, 360));
    let mut fishbowl = run(&server, &layout("serial = \"OLD\"", "serial = \"RIGHT\""));
    let both = [(LEFT, (0, 0, 640, 360)), (RIGHT, (640, 0, 640, 360))];
    wait_for(&server, &mut fishbowl, "the wall", &both);
    let mirror = Mirror::of(&mut fishbowl);

    server.plug(0, "NEW", (320, 180));
    let offers = wait_for_offers(&mirror, "it is offered", &[("left", "DUMMY0")]);
    assert_eq!(offers[0]["words"], "FSH P24, serial NEW, on DUMMY0");
    assert_eq!(offers[0]["differs"], json!(["320 × 180 mm instead of 640 × 360"]));
    wait_for(&server, &mut fishbowl, "left is gone", &both[1..]);
    assert_eq!(adopt(&mirror, "right", "DUMMY0"), 404, "it has its monitor");
    assert_eq!(adopt(&mirror, "left", "DUMMY0"), 200);
    wait_for(&server, &mut fishbowl, "left is back", &both);
    assert_eq!(state(&mirror)["adopted"][0]["entry"], "{ edid = \"FSH-P24-NEW\" }");

    // Wherever it is plugged in.
    server.plug(0, "RIGHT", (640, 360));
    server.plug(1, "NEW", (320, 180));
    let swapped = [(RIGHT, (0, 0, 640, 360)), (LEFT, (640, 0, 640, 360))];
    wait_for(&server, &mut fishbowl, "they change places", &swapped);

    // Its own monitor comes first, and what was accepted is kept.
    server.drive(&[at(0, SMALL), at(640, SMALL), at(1280, SMALL)]);
    server.plug(2, "OLD", (640, 360));
    let own = [(RIGHT, (0, 0, 640, 360)), (LEFT, (1280, 0, 640, 360))];
    wait_for(&server, &mut fishbowl, "the old one is back", &own);
    within(SOON, "it is not used", || (state(&mirror)["adopted"][0]["used"] == false).then_some(()));
    // (The server says that nothing is plugged in at the third.)
    let problems = mirror.wall()["problems"].to_string();
    assert!(!problems.contains("accepted by") && !problems.contains("is not used"), "{problems}");

    // Of two new ones none is taken unasked.
    server.plug(0, "A", (640, 360));
    server.plug(1, "B", (640, 360));
    server.drive(&[at(0, SMALL), at(640, SMALL)]);
    let all = [("left", "DUMMY0"), ("right", "DUMMY0"), ("left", "DUMMY1"), ("right", "DUMMY1")];
    wait_for_offers(&mirror, "each for each", &all);
    wait_for(&server, &mut fishbowl, "nothing is guessed", &[]);
    assert_eq!(adopt(&mirror, "left", "DUMMY1"), 200);
    wait_for_offers(&mirror, "the other one for the other", &[("right", "DUMMY0")]);
    assert_eq!(adopt(&mirror, "right", "DUMMY0"), 200);
    wait_for(&server, &mut fishbowl, "both", &swapped);
    assert!(fishbowl.terminate().success());
}
