//! A disk that is full, and has room again.

use super::numbers::Numbers;
use super::rig::headless::SOON;
use super::rig::process::Home;
use super::rig::within;
use super::{PATIENCE, counted, layout, may_unshare, problems, shown, unshared};

/// More than goes onto the disk.
const MENTIONS: u64 = 20_000;

#[test]
fn a_wall_goes_on_without_a_disk_and_keeps_what_came_meanwhile() {
    let server = Numbers::start(MENTIONS);
    let home = Home::new();
    let path = home.write("wall.toml", &layout(&server.url()));
    if !may_unshare(&home, &["-rm"]) {
        return;
    }
    // A disk of two megabytes, which grows when it is told to.
    let disk = "mkdir -p disk && mount -t tmpfs -o size=2m none disk\n\
                ( while [ ! -e room ]; do sleep 0.1; done; mount -o remount,size=64m none disk ) &\n\
                export XDG_STATE_HOME=\"$PWD/disk\"";
    let (mut wall, mirror, _) = shown(&home, &mut unshared(&home, &path, &["-rm"], disk));
    let told = within(PATIENCE, "the disk is full", || {
        wall.must_live();
        Some(mirror.wall()).filter(|wall| wall["recording"] == "failed")
    });
    assert!(problems(&told).contains("no space left to write"), "{}", told["problems"]);
    within(PATIENCE, "all is counted all the same", || {
        wall.must_live();
        (counted(&mirror.wall()) == Some(MENTIONS)).then_some(())
    });
    let (status, _, words) = mirror.get("/health");
    let words = String::from_utf8_lossy(&words).into_owned();
    assert!(status == 200 && words.contains("not recording"), "{status}: {words}");
    let (_, _, metrics) = mirror.get("/metrics");
    let metrics = String::from_utf8_lossy(&metrics).into_owned();
    assert!(metrics.contains("\nfishbowl_journal_recording 0\n"), "{metrics}");

    std::fs::write(home.path().join("room"), "").expect("it can be written");
    within(PATIENCE, "it records again", || {
        wall.must_live();
        let wall = mirror.wall();
        (wall["recording"] == "on" && wall["journal"]["kept"] == MENTIONS).then_some(())
    });
    assert!(!problems(&mirror.wall()).contains("not recording"));
    let said =
        within(SOON, "it is told", || Some(wall.said()).filter(|said| said.contains("recording again")));
    assert!(said.contains("not recording; the wall continues in memory"), "{said}");
    assert!(wall.terminate().success());
}
