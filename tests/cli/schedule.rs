//! `fishbowl schedule`: what stands when, over the nights on which clocks change; and that `render` draws it.

use jiff::Timestamp;
use serde_json::Value;

use crate::{Desk, fishbowl};

/// A wall in Berlin with hours of every kind.
const HOURS: &str = r#"
[wall]
name = "Hours"
viewer_m = 2.0
zone = "Europe/Berlin"
motion = "still"

[display.a]
size_mm = [320, 180]
pixels = [320, 180]

[scene.day]
picture = "t"
tile.t = { kind = "text", text = "Day" }

[scene.night]
picture = "t"
tile.t = { kind = "text", text = "Night" }

[scene.menu]
picture = "t"
tile.t = { kind = "text", text = "Menu" }

[mode.operations]
scenes = ["day"]

[mode.dim]
scenes = ["night"]
theme = "event"

[schedule.night]
mode = "dim"
from = "22:00"
to = "06:00"

[schedule.small_hours]
scene = "menu"
from = "02:30"
to = "03:30"
days = ["sun"]

[schedule.holiday]
mode = "dim"
dates = ["2026-12-24"]
priority = 5
"#;

/// What stands from one change to the next: `[from, to)` in seconds, mode, scenes.
fn entries(desk: &Desk, from: &str, days: &str) -> Vec<(i64, i64, String, String)> {
    let said = fishbowl(&["schedule", &desk.path("hours.toml"), "--from", from, "--days", days, "--json"]);
    assert_eq!(said.status, 0, "{}", said.err);
    let second =
        |value: &Value| value.as_str().expect("a time").parse::<Timestamp>().expect("RFC 3339").as_second();
    let entry = |line: &str| {
        let entry: Value = serde_json::from_str(line).expect("a JSON object");
        let scenes: Vec<_> =
            entry["scenes"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        let mode = entry["mode"].as_str().unwrap_or_default();
        (second(&entry["from"]), second(&entry["to"]), mode.to_owned(), scenes.join(" "))
    };
    said.out.lines().map(entry).collect()
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.put("hours.toml", HOURS);
    desk
}

#[test]
fn a_week_is_told_in_words() {
    let desk = desk();
    let said = fishbowl(&["schedule", &desk.path("hours.toml"), "--from", "2026-10-24", "--days", "3"]);
    assert_eq!(said.status, 0, "{}", said.err);
    insta::assert_snapshot!("schedule", said.out);
}

#[test]
fn both_nights_of_the_clocks_are_whole() {
    let desk = desk();
    for (from, hours) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-14", 24)] {
        let entries = entries(&desk, from, "1");
        let (first, last) = (entries.first().expect("one"), entries.last().expect("one"));
        assert_eq!(last.1 - first.0, hours * 3_600, "{from}");
        assert!(entries.windows(2).all(|two| two[0].1 == two[1].0), "no gap: {entries:?}");
        let menu: i64 = entries.iter().filter(|entry| entry.3 == "menu").map(|entry| entry.1 - entry.0).sum();
        // In March there is no 02:30, and the hour that begins then has ended already.
        let expected = [("2026-03-29", 0), ("2026-10-25", 2 * 3_600), ("2026-06-14", 3_600)];
        assert!(expected.contains(&(from, menu)), "{from}: {menu} s");
    }
    let holiday = entries(&desk, "2026-12-24", "1");
    assert!(holiday.iter().all(|entry| entry.2 == "dim" && entry.3 == "night"), "{holiday:?}");
}

#[test]
fn render_draws_what_the_schedule_says() {
    let desk = desk();
    let entries = entries(&desk, "2026-10-24", "3");
    for (index, (from, to, mode, scene)) in entries.iter().enumerate() {
        let middle = Timestamp::from_second((from + to) / 2).expect("in range").to_string();
        for (at, out) in [(Timestamp::from_second(*from).expect("in range").to_string(), "a"), (middle, "b")]
        {
            let out = desk.path(&format!("{out}{index}"));
            let said = fishbowl(&["render", &desk.path("hours.toml"), "--out", &out, "--on", &at]);
            assert_eq!(said.status, 0, "{}", said.err);
            assert!(said.out.contains(&format!("scene `{scene}` in mode `{mode}`")), "{at}: {}", said.out);
        }
    }
}

#[test]
fn what_cannot_be_printed_says_why() {
    let desk = desk();
    let said = fishbowl(&["schedule", &desk.path("hours.toml"), "--from", "tomorrow"]);
    assert_eq!(said.status, 2);
    let said = fishbowl(&["render", &desk.path("hours.toml"), "--out", &desk.path("x"), "--mode", "party"]);
    assert!(said.status == 1 && said.err.contains("the modes are operations, dim"), "{}", said.err);
    let said = fishbowl(&["render", &desk.path("hours.toml"), "--out", &desk.path("x"), "--on", "noon"]);
    assert!(said.status == 1 && said.err.contains("not a time"), "{}", said.err);
    let said = fishbowl(&["schedule", &desk.path("wall.toml")]);
    assert!(said.status == 0 && said.out.contains("no [schedule.…]"), "{}{}", said.out, said.err);
}
