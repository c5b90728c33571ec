//! An alert's whole life with the real binary: raised by what a feed says, told, acknowledged over
//! a socket, kept over a restart, and listed from the journal.

use std::path::Path;

use serde_json::{Value, json};

use crate::rig::FISHBOWL;
use crate::rig::complaints::three_complaints;
use crate::rig::headless::{Headless, Mirror, SOON};
use crate::rig::process::Home;
use crate::rig::within;

fn layout(url: &str) -> String {
    format!(
        r#"
[wall]
name = "Alerts"
viewer_m = 2.0
motion = "still"

[display.only]
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

[scene.main]
picture = "stand"

[scene.main.tile.stand]
kind = "alerts"
"#
    )
}

/// The one alert of a wall, once it is there.
fn the_alert(mirror: &Mirror) -> Value {
    within(SOON, "an alert in /alerts.json", || {
        let told: Value = serde_json::from_slice(&mirror.get("/alerts.json").2).expect("is JSON");
        told["alerts"].as_array().expect("a list").first().cloned()
    })
}

fn listed(home: &Home, journal: &Path, args: &[&str]) -> String {
    let mut command = home.command(home.take(FISHBOWL.as_ref()));
    let output = command.arg("alerts").arg(journal).args(args).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it writes UTF-8")
}

#[test]
fn an_alert_is_acknowledged_over_a_socket_and_stays_so_after_a_restart() {
    let url = three_complaints();
    let mut wall = Headless::of(&layout(&url));
    let raised = the_alert(&wall.mirror);
    assert_eq!((&raised["standing"], &raised["label"]), (&json!("raised"), &json!("Too many fires")));
    assert_eq!((&raised["topic"], &raised["owner"]), (&json!("fire"), &json!("duty editor")));
    let id = raised["id"].as_u64().expect("a number");
    let path = format!("/alerts/{id}/acknowledge");

    assert_eq!(wall.mirror.get(&path).0, 405, "asking changes nothing");
    let ask = |path: &str, head: &str, body: &str| wall.mirror.post(path, head, body).0;
    assert_eq!(ask("/alerts/1/acknowledge", "", ""), 404);
    assert_eq!(ask("/alerts/x/acknowledge", "", ""), 400);
    assert_eq!(ask(&path, "Origin: http://evil.example\r\n", ""), 403);
    assert_eq!(ask(&path, "Sec-Fetch-Site: cross-site\r\n", ""), 403);
    assert_eq!(ask(&path, "", "Jo"), 400, "that is no JSON");
    assert_eq!(the_alert(&wall.mirror)["standing"], "raised", "nobody was let through");
    assert_eq!(ask(&path, "", r#"{"by": "Jo"}"#), 202);
    within(SOON, "it is acknowledged", || {
        (the_alert(&wall.mirror)["standing"] == "acknowledged").then_some(())
    });
    let told = wall.wait_for("wall.json has it", |wall| wall["alerts"][0]["standing"] == "acknowledged");
    assert_eq!(told["alerts"][0]["id"], id);
    let metrics = String::from_utf8(wall.get("/metrics").2).expect("is text");
    let line = "fishbowl_alerts{severity=\"alarm\",standing=\"acknowledged\"} 1";
    assert!(metrics.lines().any(|l| l == line), "no {line} in {metrics}");

    assert!(wall.fishbowl.terminate().success());
    let mut again = crate::rig::headless::run(&wall.home, &wall.layout);
    let kept = the_alert(&Mirror::of(&mut again));
    assert_eq!((kept["id"].as_u64(), &kept["standing"]), (Some(id), &json!("acknowledged")));
    assert_eq!((&kept["acknowledged"]["by"], &kept["since"]), (&json!("Jo"), &raised["since"]));

    // While the wall still writes it.
    let journal = wall.home.path().join(".local/state/fishbowl/wall.journal");
    let lines = listed(&wall.home, &journal, &[]);
    let first = lines.lines().next().expect("a line");
    assert!(
        first.contains("stands  alarm    Too many fires: mentions > 2 over 10m (acknowledged by Jo)"),
        "{lines}"
    );
    assert!(lines.ends_with("\n1 alert\n"), "{lines}");
    let all: Value = serde_json::from_str(&listed(&wall.home, &journal, &["--json"])).expect("is JSON");
    assert_eq!((all[0]["id"].as_u64(), all.as_array().map(Vec::len)), (Some(id), Some(1)));
    assert!(again.terminate().success());
}
