//! A screen saver that waits while a wall is shown.

use std::time::{Duration, Instant};

use super::{SMALL, SOON, Xorg, at, layout, left_out, run, wait_for, within, xorg};

/// After so long without a touch the screen saver comes on, seconds.
const TIMEOUT: u8 = 1;

#[test]
fn the_screen_saver_comes_on_before_and_after_a_wall_and_not_during_it() {
    if left_out(xorg::LEAVE_OUT) {
        return;
    }
    let mut server = Xorg::start();
    server.drive(&[at(0, SMALL), at(640, SMALL)]);
    server.save_after(TIMEOUT);
    within(SOON, "it comes on", || server.is_saved().then_some(()));
    let mut fishbowl = run(&server, &layout("connector = \"DUMMY0\"", "connector = \"DUMMY1\""));
    let windows = [("W – left", (0, 0, 640, 360)), ("W – right", (640, 0, 640, 360))];
    wait_for(&server, &mut fishbowl, "the wall", &windows);
    within(SOON, "it goes off", || (!server.is_saved()).then_some(()));
    let (start, long) = (Instant::now(), Duration::from_secs(u64::from(TIMEOUT) * 4));
    while start.elapsed() < long {
        assert!(!server.is_saved(), "it came on after {:?}", start.elapsed());
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(fishbowl.terminate().success());
    within(SOON, "it comes on again", || server.is_saved().then_some(()));
}
