//! What callers do to the mirror who do not behave: connections that are left idle or half open, and
//! pages that took this machine's address for their name.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::rig::FISHBOWL;
use crate::rig::headless::{Headless, Mirror};
use crate::rig::process::Home;

/// A wall on which nothing moves.
const STILL: &str = r#"
[wall]
name = "Still"
viewer_m = 2.0
motion = "still"

[display.only]
size_mm = [640, 360]
pixels = [640, 360]

[scene.main]
picture = "note"

[scene.main.tile.note]
kind = "text"
text = "Back at nine"
"#;

fn at(wall: &Headless) -> SocketAddr {
    wall.url().trim_start_matches("http://").trim_end_matches('/').parse().expect("an address")
}

fn say(at: SocketAddr, said: &str) -> TcpStream {
    let mut stream = TcpStream::connect(at).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout can be set");
    // Whoever gave way to others has been hung up on.
    let _ = stream.write_all(said.as_bytes());
    stream
}

fn whole(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

#[test]
fn connections_that_are_left_idle_or_half_open_keep_nobody_out() {
    let mut wall = Headless::of(STILL);
    wall.wait_until_healthy();
    let at = at(&wall);
    let mut held = Vec::new();
    let answered = |held: &Vec<TcpStream>| {
        for path in ["/health", "/wall.json", "/metrics"] {
            assert_eq!(wall.get(path).0, 200, "{path}, while {} connections are held", held.len());
        }
    };
    for _ in 0..64 {
        let mut idle = say(at, &whole("/health"));
        assert!(idle.read(&mut [0; 4_096]).is_ok_and(|length| length > 0), "it is answered");
        held.push(idle);
    }
    answered(&held);
    for nth in 0..500 {
        held.push(say(at, "GET /health HTTP/1.1\r\nHost: loc"));
        if nth % 100 == 0 {
            answered(&held);
        }
    }
    answered(&held);
    held.extend((0..100).map(|_| say(at, "")));
    answered(&held);
    // Those that read nothing of what they asked for; they may wait for pictures.
    held.extend((0..100).map(|_| say(at, &whole("/frame/only.jpg").repeat(20))));
    assert_eq!(wall.get("/health").0, 200);
    assert!(wall.fishbowl.terminate().success());
}

#[test]
fn whoever_supervises_the_wall_is_answered_while_all_seats_wait_for_pictures() {
    let mut wall = Headless::of(STILL);
    wall.wait_until_healthy();
    let at = at(&wall);
    let changes: serde_json::Value = serde_json::from_slice(&wall.get("/changes").2).expect("is JSON");
    let wait = whole(&format!("/changes?after={}", changes["serial"]));
    let _held: Vec<TcpStream> = (0..64).map(|_| say(at, &wait)).collect();
    std::thread::sleep(Duration::from_millis(300));
    for _ in 0..20 {
        assert_eq!(wall.get("/health").0, 200);
    }
    wall.wait_until_healthy();
}

#[test]
fn a_page_whose_name_leads_here_reads_nothing_and_acknowledges_nothing() {
    let mut wall = Headless::of(STILL);
    wall.wait_until_healthy();
    let at = at(&wall);
    let status = |method: &str, path: &str, host: &str| {
        let origin = if method == "POST" { format!("Origin: http://{host}\r\n") } else { String::new() };
        let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{origin}Content-Length: 2\r\n");
        let mut stream = say(at, &format!("{head}Connection: close\r\n\r\n{{}}"));
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer.split(' ').nth(1).expect("a status").to_owned()
    };
    let port = at.port();
    for path in [
        "/",
        "/icon.svg",
        "/wall.json",
        "/changes",
        "/frame/only.jpg",
        "/health",
        "/metrics",
        "/alerts.json",
        "/none",
    ] {
        for host in
            ["evil.example", "evil.example:80", "0.0.0.0", "localhost.evil.example", "169.254.169.254"]
        {
            assert_eq!(status("GET", path, host), "421", "{path} of {host}");
        }
    }
    assert_eq!(status("POST", "/alerts/1/acknowledge", &format!("evil.example:{port}")), "421");
    assert_eq!(status("POST", "/alerts/1/acknowledge", &format!("localhost:{port}")), "404");
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        assert_eq!(status("GET", "/wall.json", &format!("{host}:{port}")), "200");
    }
}

#[test]
fn an_address_that_all_can_reach_is_told_as_one_to_open_and_warned_of() {
    let home = Home::new();
    let layout = home.write("wall.toml", STILL);
    let mut command = home.command(home.take(FISHBOWL.as_ref()));
    command.arg("run").arg(&layout).args(["--headless", "--mirror", "0.0.0.0:0"]);
    command.args(["--mirror-host", "wall.example.org"]);
    let mut fishbowl = home.start("fishbowl", &mut command);
    let told = fishbowl.wait_for_line("mirror:");
    assert!(told.starts_with("http://") && !told.contains("0.0.0.0"), "{told}");
    let warned = fishbowl.wait_for_line("fishbowl: warning:");
    assert!(warned.contains("is not encrypted"), "{warned}");
    let mirror = Mirror::of(&mut fishbowl);
    assert_eq!(mirror.get("/wall.json").0, 401, "at the address that was told, without a token");
    let healthy = || (mirror.get("/health").0 == 200).then_some(());
    crate::rig::within(crate::rig::headless::SOON, "its health is open to all", healthy);
    assert!(fishbowl.terminate().success());
}
