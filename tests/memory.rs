//! What a wall remembers, seen from outside: a journal that cannot be used, and past hours shown
//! and written out.

mod rig;

use std::fmt::Write as _;
use std::process::Output;

use rig::FISHBOWL;
use rig::headless::{Headless, Mirror, SOON};
use rig::process::Home;
use rig::within;

/// A wall that hears of a port on which nobody listens.
const LIVE: &str = r#"
[wall]
viewer_m = 2.0

[display.only]
size_mm = [640, 360]
pixels = [640, 360]

[journal]
file = "notes.txt"

[feed.stream]
kind = "ndjson"
url = "http://127.0.0.1:9/"

[scene.main]
picture = "total"
tile.total = { kind = "counter" }
"#;

/// One mention a minute from 12:00 to 14:59 of a day, in UTC.
fn day() -> String {
    let mut lines = String::new();
    for minute in 0..180 {
        let at = format!("2026-06-16T{:02}:{:02}:00Z", 12 + minute / 60, minute % 60);
        let _ = writeln!(
            lines,
            "{{\"uid\":\"d:{minute}\",\"ts\":\"{at}\",\"received\":\"{at}\",\"text\":\"word\"}}"
        );
    }
    lines
}

fn fishbowl(home: &Home, args: &[&str]) -> Output {
    home.command(home.take(FISHBOWL.as_ref())).args(args).output().expect("it runs")
}

#[test]
fn a_wall_whose_journal_is_none_goes_on_and_says_so() {
    let mut headless = Headless::start(|home| {
        home.write("notes.txt", "milk, eggs");
        home.write("wall.toml", LIVE)
    });
    headless.wait_until_healthy();
    let wall = headless.wait_for("what is wrong", |wall| wall["recording"] == "failed");
    let problems = wall["problems"].to_string();
    assert!(
        problems.contains("not recording") && problems.contains("notes.txt is not a Fishbowl journal"),
        "{problems}"
    );
    let (_, _, health) = headless.get("/health");
    assert!(String::from_utf8_lossy(&health).contains("not recording"));
    let notes = std::fs::read_to_string(headless.home.path().join("notes.txt")).expect("it is there");
    assert_eq!(notes, "milk, eggs", "it was left alone");
}

#[test]
fn a_past_hour_is_shown_with_the_day_before_it() {
    let home = Home::new();
    let day = home.write("day.jsonl", &day());
    let mut command = home.command(home.take(FISHBOWL.as_ref()));
    command.arg("replay").arg(&day).args(["--from", "2026-06-16T13:59:30Z", "--to", "2026-06-16T14:30:00Z"]);
    command.args(["--speed", "1000", "--headless", "--mirror", "127.0.0.1:0"]);
    let mut wall = home.start("fishbowl", &mut command);
    let mirror = Mirror::of(&mut wall);
    let told = within(SOON, "the hour is told", || {
        let told = mirror.wall();
        (told["mentions"]["24h"] == 151 && told["feeds"][0]["health"] == "ended").then_some(told)
    });
    assert_eq!((&told["feeds"][0]["nature"], &told["recording"]), (&"replay".into(), &"off".into()));
}

#[test]
fn wrong_questions_are_answered_with_what_to_do() {
    let home = Home::new();
    let day = home.write("day.jsonl", &day());
    let day = day.to_str().expect("a plain path");
    let said = |args: &[&str]| {
        let output = fishbowl(&home, &[&["replay"], args].concat());
        assert!(!output.status.success(), "{args:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    for (args, words) in [
        (&["none.journal"][..], "none.journal"),
        (&[day, "--from", "noon"], "--from: `noon` is not a time; use 14:00"),
        (&[day, "--from", "15:00", "--to", "14:00"], "is before the start"),
        (
            &[day, "--from", "2026-06-17T00:00:00Z"],
            "contains nothing from that time; its first mention is from",
        ),
        (&[day, "--speed", "0"], "use a number from 0.01 to 1000"),
        (&[day, "--export", "-"], "is not a Fishbowl journal"),
    ] {
        let told = said(args);
        assert!(told.contains(words), "{args:?}: {told}");
    }
}
