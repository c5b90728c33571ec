//! Outputs that a compositor leaves on although nobody touches anything.

use crate::dark::{start_layout, two};
use crate::rig::process::Running;
use crate::rig::sway::{self, Sway};
use crate::rig::{FISHBOWL, left_out, within};
use crate::{OUTPUTS, SOON, wait_for_wall};

#[test]
fn outputs_of_a_wall_are_kept_on_and_those_of_a_desk_are_not() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let sway = Sway::start(&[(640, 360); 2]);
    let layout = two("HEADLESS");
    let (mut fishbowl, _) = start_layout(&layout, &sway.home, sway.display());
    wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
    let wait_until_kept_on = |fishbowl: &Running| {
        within(SOON, "both are kept on", || (sway.kept_on(fishbowl.pid()) == [true, true]).then_some(()));
    };
    wait_until_kept_on(&fishbowl);
    sway.order("[title=\"east$\"] kill");
    within(SOON, "it is made anew", || fishbowl.said().contains("recreating its window").then_some(()));
    wait_for_wall(&sway, &mut fishbowl, &OUTPUTS[..2]);
    wait_until_kept_on(&fishbowl);
    assert!(fishbowl.terminate().success());

    let path = sway.home.path().join("wall.toml");
    let args = ["run", &path.to_string_lossy(), "--windowed", "--journal", "off", "--mirror", "off"];
    let mut desk = sway.client("desk", FISHBOWL.as_ref(), &args);
    within(SOON, "a picture", || (sway.photograph(OUTPUTS[0]).ground() < 0.97).then_some(()));
    assert_eq!(sway.kept_on(desk.pid()), [false, false], "a desk belongs to whoever sits there");
    assert!(desk.terminate().success());
}
