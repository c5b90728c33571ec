//! A wall that runs: what it makes of a layout that changes, of being ended, and of feeds that
//! fail or are hostile.

#[path = "reload/clock.rs"]
mod clock;
mod rig;
#[path = "reload/safe.rs"]
mod safe;
#[path = "reload/watch.rs"]
mod watch;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;

use rig::headless::{self, Headless, SOON};
use rig::process::Home;
use rig::within;
use serde_json::{Value, json};

/// One small display, so that nothing takes long.
const SMALL: &str = r#"
[wall]
name = "First"
viewer_m = 2.0

[display.only]
size_mm = [640, 360]
pixels = [640, 360]

[feed.demo]
kind = "demo"
rate_per_s = 20.0
history = "1m"

[scene.main]
picture = "total clock"

[scene.main.tile.total]
kind = "counter"

[scene.main.tile.clock]
kind = "clock"
"#;

fn small(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    SMALL.replace(from, to)
}

/// A layout whose one feed is the stream at this address.
fn fed_by(url: &str) -> String {
    let demo = "[feed.demo]\nkind = \"demo\"\nrate_per_s = 20.0\nhistory = \"1m\"";
    small(demo, &format!("[feed.stream]\nkind = \"ndjson\"\nurl = \"{url}\""))
}

fn problems(wall: &Value) -> String {
    let problems = wall["problems"].as_array().into_iter().flatten();
    problems.filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_saved_change_is_on_the_wall() {
    let mut headless = Headless::of(SMALL);
    headless.wait_until_healthy();
    assert_eq!(headless.wall()["name"], "First");

    headless.save(&small("First", "Second"));
    headless.wait_for("the wall's new name", |wall| wall["name"] == "Second");

    let wider =
        small("[feed.demo]", "[display.more]\nsize_mm = [360, 640]\npixels = [360, 640]\n[feed.demo]");
    headless.save(&wider.replace("\"total clock\"", "\"total | clock\""));
    let wall = headless.wait_for("a second display", |wall| wall["displays"][1]["drawn_ms_ago"].is_u64());
    assert_eq!(wall["displays"][1]["pixels"], json!([360, 640]));
    headless.wait_until_healthy();
    assert_eq!(headless.get("/frame/more.jpg").0, 200);
}

#[test]
fn topics_may_come_and_go_while_the_wall_runs() {
    let topics: String = (0..6).map(|i| format!("[topic.t{i}]\nquery = \"battery OR w{i}\"\n")).collect();
    let many = small("total clock", "total feel clock")
        + &topics
        + "[scene.main.tile.feel]\nkind = \"share\"\ntopics = [\"t5\", \"t0\"]\n";
    let mut headless = Headless::of(SMALL);
    headless.wait_until_healthy();
    for (layout, title) in [(&*many, "many"), (SMALL, "few"), (&*many, "many again")] {
        let titled = layout.replace("[scene.main]", &format!("[scene.main]\ntitle = \"{title}\""));
        headless.save(&titled);
        headless.wait_for(title, |wall| wall["title"] == title && wall["feeds"][0]["received"] != 0);
    }
    assert!(headless.fishbowl.said().contains("restarting the counts"));
    headless.wait_until_healthy();
}

#[test]
fn a_broken_layout_leaves_the_wall_and_says_what_is_wrong() {
    let mut headless = Headless::of(SMALL);
    headless.wait_until_healthy();
    headless.save(&small("First", "Second").replace("2.0", "\"far\""));
    let wall = headless.wait_for("a problem", |wall| !problems(wall).is_empty());
    assert_eq!(wall["name"], "First", "the last good wall stays");
    let told = problems(&wall);
    assert!(told.contains("wall.toml:4") && told.contains("viewer_m"), "no place or no cause: {told}");
    let said = headless.fishbowl.said();
    assert!(
        said.contains("viewer_m = \"far\"") && said.contains("help: Distance in metres"),
        "no diagnostic: {said}"
    );
    headless.wait_until_healthy();

    headless.save(&small("First", "Third"));
    headless.wait_for("the repaired wall", |wall| wall["name"] == "Third" && problems(wall).is_empty());

    std::fs::remove_file(&headless.layout).expect("it is there");
    let wall = headless.wait_for("a problem", |wall| problems(wall).contains("cannot read"));
    assert_eq!(wall["name"], "Third");
    headless.home.write("wall.toml", SMALL);
    headless
        .wait_for("the layout that came back", |wall| wall["name"] == "First" && problems(wall).is_empty());
}

#[test]
fn it_ends_well_when_a_supervisor_asks() {
    let mut headless = Headless::of(SMALL);
    headless.wait_until_healthy();
    assert!(headless.fishbowl.terminate().success());
}

#[test]
fn a_wrong_layout_does_not_start() {
    let home = Home::new();
    let layout = home.write("wall.toml", &small("\"counter\"", "\"conuter\""));
    let mut fishbowl = headless::run(&home, &layout);
    let status = within(SOON, "it gives up", || fishbowl.ended());
    assert_eq!(status.code(), Some(1));
    let said = fishbowl.said();
    assert!(said.contains("conuter") && said.contains("wall.toml:19") && said.contains("counter"), "{said}");
}

#[test]
fn a_feed_that_is_refused_is_told_and_the_wall_goes_on() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let addr = listener.local_addr().expect("it is bound");
    drop(listener);
    let mut headless = Headless::of(&fed_by(&format!("http://{addr}/")));
    headless.wait_until_healthy();
    let wall = headless.wait_for("the feed is down", |wall| wall["feeds"][0]["health"] == "down");
    let words = wall["feeds"][0]["words"].as_str().unwrap_or_default();
    assert!(words.contains("127.0.0.1") && words.contains("refused"), "it does not say why: {words}");
    headless.wait_until_healthy();
}

/// Serves one stream of lines for ever; gives its address.
fn serve(body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let addr = listener.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        let Ok((mut stream, _)) = listener.accept() else { return };
        let mut request = BufReader::new(stream.try_clone().expect("a socket can be shared"));
        let mut line = String::new();
        while request.read_line(&mut line).is_ok_and(|n| n > 2) {
            line.clear();
        }
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n";
        // The wall may hang up; then there is nothing left to do.
        let _ = stream.write_all(head).and_then(|()| stream.write_all(&body));
        let _ = request.read(&mut [0]);
    });
    format!("http://{addr}/")
}

#[test]
fn a_hostile_feed_costs_nothing_but_its_garbage() {
    let garbage: [&[u8]; 5] = [
        b"not JSON at all",
        b"\xff\xfe\0\x01",
        &[b'['; 200_000],
        &[b'x'; 10_000_000],
        br#"{"text":"without an id"}"#,
    ];
    let bidi = "{\"uid\":\"bidi\",\"text\":\"\u{202e}\u{2066}\\u0001\u{7f}\u{200f}gnp.exe\\u0000\"}";
    let strange = [
        r#"{"uid":"nan","geo":{"lat":NaN,"lon":1},"text":"nowhere"}"#,
        r#"{"uid":"late","ts":"99999-12-31T23:59:59Z","text":"year 99999"}"#,
        r#"{"uid":"early","ts":-9223372036854775808,"text":"before time"}"#,
        r#"{"uid":"null","geo":{"lat":0,"lon":0},"text":"null island"}"#,
        r#"{"uid":"far","geo":{"lat":1e308,"lon":-1e308},"sentiment":{"score":1e308},"text":"far"}"#,
        bidi,
        "",
        r#"{"uid":"good","text":"a good mention"}"#,
    ];
    let lines = garbage.into_iter().chain(strange.iter().map(|line| line.as_bytes()));
    let body: Vec<u8> = lines.flat_map(|line| [line, b"\n"].concat()).collect();
    let mut headless = Headless::of(&fed_by(&serve(body)));
    let wall = headless.wait_for("what can be read is counted", |wall| wall["feeds"][0]["received"] == 7);
    // Two tell a time that cannot be: they are kept and count nowhere.
    assert_eq!(wall["feeds"][0]["garbage"], garbage.len() + 2);
    assert_eq!(wall["feeds"][0]["undated"], 2);
    assert_eq!(wall["feeds"][0]["health"], "live");
    headless.wait_until_healthy();
}
