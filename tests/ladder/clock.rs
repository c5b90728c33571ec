//! A clock that is wrong, and set between two starts: bad ends are counted by none.

use super::rig::clock::{LEAVE_OUT, Turned};
use super::rig::headless::SOON;
use super::rig::left_out;
use super::rig::process::Home;
use super::rig::within;
use super::{NOWHERE, command, counted, end_badly, layout, shown};

const YEAR: i64 = 365 * 86_400;

#[test]
fn bad_ends_in_1970_and_in_2040_count_as_any() {
    if left_out(LEAVE_OUT) {
        return;
    }
    let home = Home::new();
    let path = home.write("wall.toml", &layout(NOWHERE));
    let clock = Turned::by(&home, 0);
    let start = || {
        let mut command = command(&home, &path);
        clock.worn_by(&mut command);
        command
    };
    // The year in which tests run is not known here.
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().expect("this machine's clock is right").as_secs();
    let in_1970 = 60 - i64::try_from(since).expect("it is not so late");
    let in_2040 = 70 * YEAR - i64::try_from(since).expect("it is not so late");
    for by in [in_1970, 0, in_2040, 0] {
        clock.turn(by);
        end_badly(&home, &mut start());
    }
    clock.turn(in_1970);
    {
        // It waits for the time, and what it cannot know is unknown.
        let (_wall, mirror, scene) = shown(&home, &mut start());
        assert_eq!(scene, "main");
        within(SOON, "it waits for the time", || {
            let wall = mirror.wall();
            let words = wall["feeds"][0]["words"].as_str().unwrap_or_default().to_owned();
            (words.contains("waiting for the time") && counted(&wall).is_none()).then_some(())
        });
    }
    clock.turn(in_2040);
    let (mut wall, _, scene) = shown(&home, &mut start());
    assert_eq!(scene, "safe");
    assert!(wall.said().contains("ended 5 times within half an hour"), "{}", wall.said());
    assert!(wall.terminate().success());
    clock.turn(0);
    assert_eq!(shown(&home, &mut start()).2, "main", "a good end forgets them, whatever the time");
}
