//! The control of a real, headless wall: each verb over HTTP and from the phone page leads to the same state
//! and picture; who may not is turned away; what holds survives SIGKILL.

#[path = "control/alarm.rs"]
mod alarm;
#[path = "control/doors.rs"]
mod doors;
#[path = "control/gate.rs"]
mod gate;
#[path = "control/modes.rs"]
mod modes;
#[path = "control/page.rs"]
mod page;
#[path = "control/rewind.rs"]
mod rewind;
mod rig;
#[cfg(target_os = "linux")]
#[path = "control/systemd.rs"]
mod systemd;
#[path = "control/tls.rs"]
mod tls;

use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, Instant};

use fishbowl::color::{Rgba, Theme};
use rig::headless::{self, Headless, Mirror, SOON};
use rig::photo::Photo;
use rig::process::Home;
use rig::within;
use serde_json::{Value, json};

/// Two scenes of one colour each, which take turns by the hour.
const TWO: &str = r##"
[wall]
name = "Steered"
viewer_m = 2.0
motion = "still"
audience = "public"

[display.left]
size_mm = [640, 360]
pixels = [640, 360]

[display.right]
size_mm = [640, 360]
pixels = [640, 360]

[scene.morning]
title = "Who is up?"
show_for = "60m"
picture = "a | a"
tile.a = { kind = "text", text = "Good morning" }

[scene.evening]
show_for = "60m"
picture = "a | b"
tile.a = { kind = "text", text = "Good evening" }
tile.b = { kind = "text", text = "Good night" }
"##;

/// Asks for a verb; gives the state afterwards.
fn ask(wall: &Headless, path: &str, body: &str) -> Value {
    let (status, head, body) = wall.post(path, "Content-Type: application/json\r\n", body);
    assert_eq!(status, 200, "{path}: {head}\n{}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).expect("the state is JSON")
}

fn state(wall: &Headless) -> Value {
    serde_json::from_slice(&wall.get("/control/state").2).expect("the state is JSON")
}

/// The picture of a display, once it is as it should be.
fn seen(wall: &Headless, display: &str, what: &str, is_right: impl Fn(&Photo) -> bool) -> Photo {
    let mut after = String::new();
    within(SOON, what, || {
        let (status, head, body) = wall.get(&format!("/frame/{display}.jpg{after}"));
        if status != 200 {
            return None;
        }
        let number = head.lines().find_map(|line| line.strip_prefix("x-frame: "))?.trim().to_owned();
        after = format!("?after={number}");
        Some(Photo::decode(&body)).filter(|photo| is_right(photo))
    })
}

fn is_black(photo: &Photo) -> bool {
    photo.share(Rgba::hex(0)) > 0.999
}

#[test]
fn every_verb_does_what_it_says_and_ends() {
    let mut wall = Headless::of(TWO);
    wall.wait_until_healthy();
    let first = state(&wall);
    let shown = first["scene"]["name"].as_str().expect("a scene is shown").to_owned();
    let other = if shown == "morning" { "evening" } else { "morning" };
    assert_eq!((&first["scene"]["by"], &first["kept"]), (&Value::Null, &json!(false)));
    assert_eq!(first["you"], json!({ "name": "local", "role": "admin" }));
    let before = seen(&wall, "left", "the wall is drawn", |photo| photo.ground() < 0.99);

    let next = ask(&wall, "/control", r#"{"verb": "next"}"#);
    assert_eq!((&next["scene"]["name"], &next["scene"]["by"]), (&json!(other), &json!("local")));
    seen(&wall, "left", "the other scene", |photo| photo.difference(&before) > 0.001);
    assert_eq!(ask(&wall, "/control/back", "")["scene"]["name"], json!(shown));
    assert_eq!(ask(&wall, &format!("/control/scene?name={other}"), "")["scene"]["name"], json!(other));
    let held = ask(&wall, "/control/hold?for=2h", "");
    assert_eq!((&held["scene"]["held"], &held["scene"]["name"]), (&json!(true), &json!(other)));
    let resumed = ask(&wall, "/control/resume", "");
    assert_eq!((&resumed["scene"]["by"], &resumed["scene"]["name"]), (&Value::Null, &json!(shown)));

    ask(&wall, "/control/black?for=2s", "");
    seen(&wall, "left", "black", is_black);
    seen(&wall, "right", "black", is_black);
    // It has an end.
    let after = seen(&wall, "left", "the picture again", |photo| !is_black(photo));
    assert!(after.difference(&before) < 0.001, "the same as before");
    assert_eq!(state(&wall)["black"], Value::Null);
    ask(&wall, "/control/identify", "");
    seen(&wall, "right", "the display's name", |photo| photo.difference(&before) > 0.01);
    ask(&wall, "/control/clear?what=all", "");
    seen(&wall, "left", "the picture again", |photo| photo.difference(&before) < 0.001);
    assert!(wall.fishbowl.terminate().success());
}

#[test]
fn a_banner_stands_on_every_display_and_hides_nothing() {
    let mut wall = Headless::of(TWO);
    wall.wait_until_healthy();
    ask(&wall, "/control/scene?name=evening&for=1h", "");
    let texts = |photo: &Photo| 1.0 - photo.part(0, 40, 640, 270).ground();
    let drawn = || seen(&wall, "right", "the wall is drawn", |photo| texts(photo) > 0.005);
    // The scene is there when the picture stays as it is.
    let before = within(SOON, "the wall stands still", || {
        let first = drawn();
        std::thread::sleep(Duration::from_secs(1));
        Some(drawn()).filter(|photo| photo.difference(&first) < 0.001)
    });
    let banner = json!({ "verb": "banner", "text": "Doors open at 9", "severity": "alarm", "for": "1m" });
    let told = ask(&wall, "/control", &banner.to_string());
    assert_eq!(
        (&told["banner"]["text"], &told["banner"]["by"]),
        (&json!("Doors open at 9"), &json!("local"))
    );
    let alarm = Theme::dark().alarm;
    for display in ["left", "right"] {
        let photo = seen(&wall, display, "the banner", |photo| {
            let strip = photo.part(0, 310, 640, 48);
            let near = strip.0.pixels().filter(|p| {
                let [r, g, b, _] = alarm.to_bytes();
                [r, g, b].iter().zip(p.0).all(|(a, b)| a.abs_diff(b) < 24)
            });
            near.count() as f64 > 0.6 * f64::from(640 * 48)
        });
        assert!(texts(&photo) > 0.5 * texts(&before), "what the scene says is still there");
    }
    ask(&wall, "/control/clear?what=banner", "");
    // Below the band, whose clock goes on.
    let rest = |photo: &Photo| photo.part(0, 40, 640, 320);
    seen(&wall, "right", "the picture as before", |photo| rest(photo).difference(&rest(&before)) < 0.001);
    assert!(wall.fishbowl.terminate().success());
}

#[test]
fn wrong_commands_are_explained_and_change_nothing() {
    let mut wall = Headless::of(TWO);
    wall.wait_until_healthy();
    let before = state(&wall);
    let said = |path: &str, body: &str, status: u16| {
        let (got, _, body) = wall.post(path, "", body);
        let told: Value = serde_json::from_slice(&body).unwrap_or_default();
        let words = told["error"].as_str().unwrap_or_default().to_owned();
        assert_eq!(got, status, "{path} {words}");
        words
    };
    assert!(said("/control", "{", 400).contains("not JSON"));
    assert!(said("/control", r#"{"verb": "dance"}"#, 400).contains("use one of next"));
    assert!(said("/control/dance", "", 400).contains("`dance` is no verb"));
    assert!(said("/control/scene?name=noon", "", 400).contains("the wall has morning, evening"));
    assert!(said("/control/banner?text=", "", 400).contains("empty"));
    assert!(said("/control/hold?for=ever", "", 400).contains("not a duration"));
    assert!(said("/control/acknowledge?alert=7", "", 404).contains("no such alert"));
    assert_eq!(wall.post("/control", "", &"x".repeat(5_000)).0, 413);
    // Of a very large one no more is read; whoever goes on sending is hung up on.
    let large = wall.mirror.try_post("/control", "", &"x".repeat(10_000_000));
    assert!(large.is_none_or(|(status, ..)| status == 413));
    assert_eq!(wall.get("/control").0, 405);
    let cross = "Origin: http://evil.example\r\n";
    assert_eq!(wall.post("/control/black", cross, "").0, 403, "another site's page");
    assert_eq!(wall.post("/control/black", "Sec-Fetch-Site: cross-site\r\n", "").0, 403);
    let after = state(&wall);
    assert_eq!((&before["scene"], &before["serial"]), (&after["scene"], &after["serial"]));
    assert!(wall.fishbowl.terminate().success());
}

/// The events that come for so long.
fn events(wall: &Headless, length: Duration, meanwhile: impl FnOnce()) -> Vec<Value> {
    let addr = wall.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut stream = std::net::TcpStream::connect(&addr).expect("it listens");
    let request = format!("GET /control/events HTTP/1.1\r\nHost: {addr}\r\n\r\n");
    std::io::Write::write_all(&mut stream, request.as_bytes()).expect("it reads");
    stream.set_read_timeout(Some(Duration::from_millis(100))).expect("a timeout can be set");
    let (began, mut text, mut piece) = (Instant::now(), Vec::new(), [0; 65_536]);
    let mut meanwhile = Some(meanwhile);
    while began.elapsed() < length {
        if let Ok(n) = stream.read(&mut piece) {
            text.extend_from_slice(&piece[..n]);
        }
        if began.elapsed() > length / 2 {
            meanwhile.take().into_iter().for_each(|act| act());
        }
    }
    let text = String::from_utf8_lossy(&text);
    assert!(text.contains("text/event-stream"), "{text}");
    text.lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str(data).expect("an event is JSON"))
        .collect()
}

#[test]
fn whoever_listens_is_told_at_once_and_every_second() {
    let mut wall = Headless::of(TWO);
    wall.wait_until_healthy();
    let told = events(&wall, Duration::from_secs(6), || {
        ask(&wall, "/control/banner?text=Lunch", "");
    });
    assert!(told.len() >= 4, "a beat each second: {}", told.len());
    assert_eq!(told[0]["banner"], Value::Null);
    assert_eq!(told[told.len() - 1]["banner"]["text"], "Lunch");
    // More streams than there may be.
    let addr = wall.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let open = |_| {
        let mut stream = std::net::TcpStream::connect(&addr).expect("it listens");
        let request = format!("GET /control/events HTTP/1.1\r\nHost: {addr}\r\n\r\n");
        std::io::Write::write_all(&mut stream, request.as_bytes()).expect("it reads");
        let mut start = [0; 12];
        stream.read_exact(&mut start).expect("an answer");
        (stream, String::from_utf8_lossy(&start).into_owned())
    };
    let streams: Vec<_> = (0..40).map(open).collect();
    let full = streams.iter().filter(|(_, start)| start.ends_with("503")).count();
    assert!((10..40).contains(&full), "{full} of 40 are turned away");
    assert_eq!(wall.get("/health").0, 200);
    assert_eq!(wall.get("/wall.json").0, 200, "the others go on");
    drop(streams);
    assert!(wall.fishbowl.terminate().success());
}

/// A wall that hears something, so that it has a journal.
fn recorded(home: &Home) -> std::path::PathBuf {
    let feed = "\n[feed.none]\nkind = \"sse\"\nurl = \"http://127.0.0.1:9/none\"\n";
    home.write("wall.toml", &(TWO.to_owned() + feed))
}

fn start(home: &Home, layout: &Path, journal: &Path) -> (rig::process::Running, Mirror) {
    let mut command = headless::command(home, layout);
    command.arg("--journal").arg(journal);
    let mut fishbowl = home.start("fishbowl", &mut command);
    let mirror = Mirror::of(&mut fishbowl);
    (fishbowl, mirror)
}

fn told(mirror: &Mirror) -> Value {
    serde_json::from_slice(&mirror.get("/control/state").2).expect("the state is JSON")
}

#[test]
fn what_holds_survives_sigkill_and_what_has_ended_stays_ended() {
    let home = Home::new();
    let (layout, journal) = (recorded(&home), home.path().join("wall.journal"));
    let mut expected = json!("none yet");
    for round in 0..6 {
        let (fishbowl, mirror) = start(&home, &layout, &journal);
        let state = within(SOON, "the journal is open", || Some(told(&mirror)).filter(|t| t["kept"] == true));
        if round > 0 {
            assert_eq!(state["banner"]["text"], expected, "round {round}");
            assert_eq!(state["scene"]["by"], "local");
            assert_eq!(state["black"], Value::Null, "it has ended");
        }
        expected = json!(format!("Round {round}"));
        for path in [format!("/control/banner?text=Round%20{round}"), "/control/hold".into()] {
            assert_eq!(mirror.post(&path, "", "").0, 200);
        }
        assert_eq!(mirror.post("/control/black?for=1s", "", "").0, 200);
        // As soon as the journal has it; the answer does not wait for the disk.
        std::thread::sleep(Duration::from_millis(1_100));
        drop(fishbowl);
    }
}
