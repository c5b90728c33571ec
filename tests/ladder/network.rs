//! A machine whose network is not there yet when the wall starts, or ever.

use std::net::TcpListener;

use super::numbers::Numbers;
use super::rig::headless::{Mirror, SOON};
use super::rig::process::Home;
use super::rig::within;
use super::{PATIENCE, command, counted, layout, shown};

const MENTIONS: u64 = 700;

#[test]
fn what_was_never_heard_is_unknown_and_comes_alive_with_the_network() {
    let reserved = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    let addr = reserved.local_addr().expect("it is bound");
    drop(reserved);
    let home = Home::new();
    let named = "[feed.named]\nkind = \"sse\"\nurl = \"http://no-such-host.invalid/\"\n";
    let path = home.write("wall.toml", &(layout(&format!("http://{addr}/numbers")) + named));
    let (mut wall, mirror, scene) = shown(&home, &mut command(&home, &path));
    assert_eq!(scene, "main");
    let told = within(PATIENCE, "both are down", || {
        wall.must_live();
        let wall = mirror.wall();
        let feeds = wall["feeds"].as_array()?.iter().all(|feed| feed["health"] == "down");
        feeds.then_some(wall)
    });
    assert_eq!(told["mentions"]["24h"], serde_json::Value::Null, "not heard is not nought");
    let words = |nth: usize| told["feeds"][nth]["words"].as_str().unwrap_or_default().to_owned();
    let (refused, unknown) = (words(0), words(1));
    assert!(refused.contains("refused") && unknown.contains("no-such-host.invalid"), "{refused}; {unknown}");
    assert_eq!(mirror.get("/health").0, 200, "the wall itself is well");

    let server = Numbers::at(addr, MENTIONS);
    within(PATIENCE, "it comes alive", || {
        wall.must_live();
        (counted(&mirror.wall()) == Some(MENTIONS)).then_some(())
    });
    drop(server);
    assert!(wall.terminate().success());
}

#[test]
fn a_mirror_whose_address_is_not_there_yet_comes_later() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    let addr = taken.local_addr().expect("it is bound").to_string();
    let home = Home::new();
    let path = home.write("wall.toml", &layout("http://127.0.0.1:1/"));
    let mut command = home.command(home.take(super::rig::FISHBOWL.as_ref()));
    let mut wall = home.start("later", command.arg("run").arg(&path).args(["--headless", "--mirror", &addr]));
    within(SOON, "it says that it cannot", || {
        wall.must_live();
        wall.said().contains("no mirror: ").then_some(())
    });
    drop(taken);
    let mirror = Mirror::of(&mut wall);
    within(SOON, "it is well", || (mirror.get("/health").0 == 200).then_some(()));
    assert!(wall.terminate().success());
}
