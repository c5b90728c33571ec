//! Hands at the wall: a pointer that is not seen, keys that do only what they are for, and the chord that ends it.

use std::time::Duration;

use serde_json::{Value, json};

use super::rig::headless::Mirror;
use super::{SMALL, SOON, Xorg, at, layout, left_out, run, wait_for, within, xorg};

/// Of `<X11/keysymdef.h>`.
const CTRL: u32 = 0xffe3;
const ALT: u32 = 0xffe9;
const ESCAPE: u32 = 0xff1b;
const F4: u32 = 0xffc1;
const B: u32 = 0x62;
const Q: u32 = 0x71;
const X: u32 = 0x78;

fn state(mirror: &Mirror) -> Value {
    serde_json::from_slice(&mirror.get("/control/state").2).expect("the state is JSON")
}

#[test]
fn stray_hands_do_no_harm() {
    if left_out(xorg::LEAVE_OUT) {
        return;
    }
    let mut server = Xorg::start();
    server.drive(&[at(0, SMALL), at(640, SMALL)]);
    server.point(100, 100);
    assert!(server.shows_pointer(), "there is one");
    let mut fishbowl = run(&server, &layout("connector = \"DUMMY0\"", "connector = \"DUMMY1\""));
    let windows = [("W – left", (0, 0, 640, 360)), ("W – right", (640, 0, 640, 360))];
    wait_for(&server, &mut fishbowl, "the wall", &windows);
    let mirror = Mirror::of(&mut fishbowl);
    for x in [200, 900] {
        server.point(x, 200);
        within(SOON, "no pointer", || (!server.shows_pointer()).then_some(()));
    }

    for keys in [&[ESCAPE][..], &[Q], &[X], &[ALT, F4], &[CTRL, Q], &[B]] {
        server.press(keys, Duration::ZERO);
    }
    // Keys arrive one after the other: when the last has, the others have done what they do.
    let after = within(SOON, "black", || Some(state(&mirror)).filter(|state| !state["black"].is_null()));
    assert_eq!((&after["black"]["by"], &after["scene"]["by"]), (&json!("keys"), &Value::Null));
    assert_eq!((&after["identify"], &after["banner"]), (&Value::Null, &Value::Null));
    fishbowl.must_live();

    server.press(&[CTRL, Q], Duration::from_millis(2_500));
    let status = within(SOON, "it ends", || fishbowl.ended());
    assert!(status.success(), "{status:?}");
}
