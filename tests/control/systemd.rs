//! What the wall tells systemd, over a real socket.

use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

use crate::rig::headless::{self, SOON};
use crate::rig::process::Home;

#[test]
fn systemd_is_told_that_the_wall_is_ready_and_alive_and_that_it_stops() {
    let home = Home::new();
    let layout = home.write("wall.toml", super::TWO);
    let path = home.path().join("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    // The wall runs as another user, as under systemd.
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o777)).expect("set");
    socket.set_read_timeout(Some(Duration::from_millis(200))).expect("set");
    let mut command = headless::command(&home, &layout);
    // A sign of life each 0.3 s at least three times.
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "900000");
    let mut fishbowl = home.start("fishbowl", &mut command);
    let mut told: Vec<(Instant, String)> = Vec::new();
    let hear = |told: &mut Vec<(Instant, String)>| {
        let mut bytes = [0; 4_096];
        if let Ok(length) = socket.recv(&mut bytes) {
            let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
            told.extend(text.lines().map(|line| (Instant::now(), line.to_owned())));
        }
    };
    let count = |told: &[(Instant, String)], line: &str| told.iter().filter(|(_, said)| said == line).count();
    let begin = Instant::now();
    while count(&told, "WATCHDOG=1") < 8 {
        assert!(begin.elapsed() < SOON, "{told:?} {}", fishbowl.said());
        fishbowl.must_live();
        hear(&mut told);
    }
    assert_eq!((&*told[0].1, count(&told, "READY=1")), ("READY=1", 1), "{told:?}");
    let status = told.iter().find_map(|(_, line)| line.strip_prefix("STATUS=")).unwrap_or_default();
    assert!(status.starts_with("2 of 2 displays shown, scene "), "{status}");
    assert!(fishbowl.terminate().success());
    while count(&told, "STOPPING=1") == 0 {
        assert!(begin.elapsed() < SOON * 2, "{told:?}");
        hear(&mut told);
    }
}
