//! A clock that somebody sets while the wall runs, or that was wrong when it began.

use std::time::{Duration, Instant};

use crate::SMALL;
use crate::rig::clock;
use crate::rig::headless::{Headless, SOON};
use crate::rig::{left_out, within};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Frames seen so far.
fn frames(headless: &Headless) -> u64 {
    let (_, _, page) = headless.get("/metrics");
    let page = String::from_utf8(page).expect("metrics are text");
    let line =
        page.lines().find_map(|line| line.strip_prefix("fishbowl_display_frames_total{display=\"only\"} "));
    line.and_then(|count| count.parse().ok()).expect("the display's frames are counted")
}

fn wait_for_frames(headless: &mut Headless, what: &str) {
    let before = frames(headless);
    within(SOON, &format!("frames after {what}"), || {
        headless.fishbowl.must_live();
        (frames(headless) > before + 5).then_some(())
    });
    headless.wait_until_healthy();
}

#[test]
fn a_clock_that_is_set_freezes_nothing() {
    if left_out(clock::LEAVE_OUT) {
        return;
    }
    let (mut headless, clock) = Headless::under_clock(SMALL, 0);
    headless.wait_until_healthy();
    for (what, by) in [
        ("10 s back", -10),
        ("an hour forward", HOUR),
        ("a day back", -DAY),
        ("40 days forward", 40 * DAY),
        ("60 years back", -60 * 365 * DAY),
        ("right again", 0),
    ] {
        clock.turn(by);
        wait_for_frames(&mut headless, what);
    }
    clock.turn(-DAY);
    let asked = Instant::now();
    assert!(headless.fishbowl.terminate().success());
    assert!(asked.elapsed() < Duration::from_secs(2), "it took {:?} to end", asked.elapsed());
}

#[test]
fn a_wall_that_begins_in_the_wrong_year_draws() {
    if left_out(clock::LEAVE_OUT) {
        return;
    }
    let (mut headless, clock) = Headless::under_clock(SMALL, -56 * 365 * DAY);
    headless.wait_until_healthy();
    clock.turn(0);
    wait_for_frames(&mut headless, "the time came");
}
