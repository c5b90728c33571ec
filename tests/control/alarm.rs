//! The alert that takes the wall, and gives it back.

use serde_json::{Value, json};

use super::{ask, seen, state};
use crate::rig::complaints::three_complaints;
use crate::rig::headless::{Headless, SOON};
use crate::rig::within;
use fishbowl::color::Theme;

fn layout(url: &str) -> String {
    format!(
        r#"
[wall]
name = "Alarm"
viewer_m = 2.0
motion = "still"

[display.left]
size_mm = [640, 360]
pixels = [640, 360]

[display.right]
size_mm = [640, 360]
pixels = [640, 360]

[feed.said]
kind = "sse"
url = "{url}"

[topic.fire]
query = "burns"

[bursts]
on = false

[alert.many]
label = "Too many fires"
topic = "fire"
when = "mentions > 2 over 10m"
severity = "alarm"
owner = "duty editor"
action = "call the plant"

[scene.usual]
show_for = "60m"
picture = "a | b"
tile.a = {{ kind = "text", text = "All is well" }}
tile.b = {{ kind = "text", text = "Have a good day" }}

[scene.other]
show_for = "60m"
picture = "a | b"
tile.a = {{ kind = "text", text = "Something else" }}
tile.b = {{ kind = "text", text = "And more" }}

[scene.fire]
title = "What burns?"
on_alert = "warning"
picture = "stand | stand"
tile.stand = {{ kind = "alerts" }}
"#
    )
}

/// How much of a display's lower edge has the colour of alarms.
fn red(photo: &crate::rig::photo::Photo) -> f64 {
    let strip = photo.part(0, 328, 640, 30);
    let [r, g, b, _] = Theme::dark().alarm.to_bytes();
    let near =
        strip.0.pixels().filter(|p| [r, g, b].iter().zip(p.0).all(|(a, b)| a.abs_diff(b) < 24)).count();
    near as f64 / f64::from(640 * 30)
}

#[test]
fn an_alarm_takes_the_wall_until_somebody_takes_it_on() {
    let mut wall = Headless::of(&layout(&three_complaints()));
    let brought = within(SOON, "the alarm's scene", || {
        Some(state(&wall)).filter(|state| state["scene"]["name"] == "fire")
    });
    assert_eq!((&brought["scene"]["alert"], &brought["scene"]["by"]), (&json!(true), &Value::Null));
    for display in ["left", "right"] {
        seen(&wall, display, "a strip on every display", |photo| red(photo) > 0.6)
            .keep(&format!("alarm-{display}"));
    }
    // Whoever looks for another scene gets it, and the strip stays.
    let left = ask(&wall, "/control/next", "");
    assert_eq!((&left["scene"]["alert"], &left["scene"]["by"]), (&json!(false), &json!("local")));
    assert_ne!(left["scene"]["name"], "fire");
    seen(&wall, "left", "the strip stays", |photo| red(photo) > 0.6);
    assert_eq!(ask(&wall, "/control/resume", "")["scene"]["name"], "fire");

    let id = brought["alerts"][0]["id"].as_u64().expect("a number");
    ask(&wall, &format!("/control/acknowledge?alert={id}"), "");
    let back = within(SOON, "the scene before", || {
        Some(state(&wall)).filter(|state| state["scene"]["name"] != "fire")
    });
    assert_eq!(back["scene"]["alert"], json!(false));
    for display in ["left", "right"] {
        seen(&wall, display, "no strip any more", |photo| red(photo) < 0.01);
    }
    // It takes no turn.
    let scenes = [ask(&wall, "/control/next", ""), ask(&wall, "/control/next", "")];
    assert!(scenes.iter().all(|state| state["scene"]["name"] != "fire"), "{scenes:?}");
    assert!(wall.fishbowl.terminate().success());
}
