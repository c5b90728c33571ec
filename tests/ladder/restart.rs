//! A wall that hangs, and one that is killed.

use std::os::unix::process::ExitStatusExt as _;
use std::time::Duration;

use super::numbers::Numbers;
use super::rig::headless::{Mirror, SOON};
use super::rig::process::Home;
use super::rig::supervisor::Supervisor;
use super::{PATIENCE, command, counted, kept, layout};

const MENTIONS: u64 = 2_000;
const WATCHDOG: Duration = Duration::from_secs(4);

#[test]
fn a_wall_that_hangs_or_is_killed_is_started_again_and_counts_as_before() {
    let server = Numbers::start(MENTIONS);
    let home = Home::new();
    let layout = home.write("wall.toml", &layout(&server.url()));
    let mut supervisor = Supervisor::over(&home, WATCHDOG, || command(&home, &layout));
    let counts = |supervisor: &mut Supervisor<'_>| {
        let mirror = Mirror::of(&mut supervisor.wall);
        supervisor.until(PATIENCE, "all is counted", |supervisor| {
            supervisor.wall.must_live();
            let wall = mirror.wall();
            (counted(&wall) == Some(MENTIONS) && wall["recording"] == "on").then_some(())
        });
    };
    supervisor.until_ready(0, SOON);
    counts(&mut supervisor);

    // The watchdog goes by signs of life, and those come from what is drawn.
    supervisor.signal(libc::SIGSTOP);
    supervisor.until_ready(1, WATCHDOG + SOON);
    assert_eq!(supervisor.ends[0].signal(), Some(libc::SIGABRT), "{:?}", supervisor.ends);
    let said = supervisor.wall.said();
    assert!(said.contains("the wall ended badly 1 time within half an hour"), "{said}");
    counts(&mut supervisor);

    supervisor.signal(libc::SIGKILL);
    supervisor.until_ready(2, SOON);
    assert_eq!(supervisor.ends[1].signal(), Some(libc::SIGKILL), "{:?}", supervisor.ends);
    let said = supervisor.wall.said();
    assert!(said.contains("the wall ended badly 2 times within half an hour"), "{said}");
    counts(&mut supervisor);

    // One that stands still for less than that goes on by itself.
    supervisor.signal(libc::SIGSTOP);
    std::thread::sleep(WATCHDOG / 4);
    supervisor.signal(libc::SIGCONT);
    counts(&mut supervisor);
    assert_eq!(supervisor.ends.len(), 2);
    assert!(supervisor.wall.terminate().success());
    assert_eq!(kept(&home.path().join(".local/state/fishbowl/wall.journal")), MENTIONS as usize);
}
