//! The command that starts the machine again, after eight bad ends.

use super::rig::process::Home;
use super::{NOWHERE, end_badly, layout, may_unshare, unshared};

/// A machine that has been up for an hour, for it is not started again sooner than after half an hour.
const UP: [&str; 3] = ["-rT", "--boottime", "3600"];

#[test]
fn the_machine_is_asked_to_start_again_once_after_eight_bad_ends_and_only_where_that_is_wanted() {
    let home = Home::new();
    let path = home.write("wall.toml", &layout(NOWHERE));
    if !may_unshare(&home, &UP) {
        return;
    }
    let script = home.write("reboot.sh", "echo started again >> asked\n");
    let asked = || std::fs::read_to_string(home.path().join("asked")).unwrap_or_default();
    let wall = |up: &[&str], wants: bool| {
        let mut command = unshared(&home, &path, up, "");
        if wants {
            command.env("FISHBOWL_REBOOT", format!("sh {}", script.display()));
        }
        end_badly(&home, &mut command);
    };
    (0..8).for_each(|_| wall(&UP, true));
    assert_eq!(asked(), "", "seven are not enough: the eighth has only begun");
    wall(&UP, false);
    assert_eq!(asked(), "", "nobody set it");
    (0..2).for_each(|_| wall(&UP, true));
    assert_eq!(asked(), "started again\n", "once, although it did not help");
    // Half an hour later it may be asked again.
    let later = ["-rT", "--boottime", "5500"];
    (0..8).for_each(|_| wall(&later, true));
    assert_eq!(asked(), "started again\n");
    wall(&later, true);
    assert_eq!(asked(), "started again\nstarted again\n");
}
