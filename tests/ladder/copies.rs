//! A second copy of a wall on the same journal.

use super::rig::headless::SOON;
use super::rig::process::Home;
use super::rig::within;
use super::{NOWHERE, command, layout, problems, shown};

#[test]
fn the_first_says_that_there_is_a_second_and_the_second_names_the_first() {
    let home = Home::new();
    let path = home.write("wall.toml", &layout(NOWHERE));
    let (mut first, mirror, _) = shown(&home, &mut command(&home, &path));
    within(SOON, "it records", || (mirror.wall()["recording"] == "on").then_some(()));
    assert_eq!(problems(&mirror.wall()).matches("process").count(), 0);
    let (mut second, other, scene) = shown(&home, &mut command(&home, &path));
    assert_eq!(scene, "main", "both are shown");
    let told = within(SOON, "the second does not record", || {
        Some(other.wall()).filter(|wall| wall["recording"] == "failed")
    });
    let named = format!("is being written by another Fishbowl (process {})", first.pid());
    assert!(problems(&told).contains(&named), "{}", told["problems"]);
    let named = format!("another Fishbowl (process {})", second.pid());
    within(SOON, "the first says so", || problems(&mirror.wall()).contains(&named).then_some(()));
    assert!(first.said().contains(&named), "{}", first.said());
    assert_eq!(mirror.wall()["recording"], "on");
    assert!(second.terminate().success());
    assert!(first.terminate().success());
}
