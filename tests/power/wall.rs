//! The real binary, without a screen, and a projector.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::projector::{Odd, Projector};
use super::rig::browser::{self, Browser};
use super::rig::headless::{Headless, SOON};
use super::rig::process::Home;
use super::rig::{FISHBOWL, left_out, within};

/// A panel that is off unasked is told within this.
const TOLD: Duration = Duration::from_secs(10);

/// Two displays, of which the left one has a projector.
fn layout(projector: &Projector, more: &str) -> String {
    format!(
        r#"
[wall]
name = "Switched"
viewer_m = 2.0
motion = "still"
[display.left]
size_mm = [640, 360]
pixels = [640, 360]
panel = {{ kind = "pjlink", address = "{}", password_file = "password" }}
[display.right]
size_mm = [640, 360]
pixels = [640, 360]
[scene.main]
picture = "a | a"
tile.a = {{ kind = "text", text = "Good morning" }}
{more}
"#,
        projector.addr
    )
}

fn start(projector: &Projector, more: &str) -> Headless {
    Headless::start(|home| {
        home.write("password", "JBMIAProjectorLink\n");
        home.write("wall.toml", &layout(projector, more))
    })
}

fn ask(wall: &Headless, path: &str) -> Value {
    let (status, head, body) = wall.post(path, "", "");
    assert_eq!(status, 200, "{path}: {head}\n{}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).expect("the state is JSON")
}

fn stands(wall: &mut Headless, state: &str) -> Value {
    wall.wait_for(&format!("left is {state}"), |wall| wall["displays"][0]["power"]["state"] == state)
}

fn health(wall: &Headless) -> (u16, String) {
    let (status, _, body) = wall.get("/health");
    (status, String::from_utf8_lossy(&body).trim().to_owned())
}

#[test]
fn a_wall_switches_its_projector_by_plan_and_on_demand_and_tells_of_who_else_does() {
    let projector = Projector::start(Some("JBMIAProjectorLink"));
    let mut wall = start(&projector, "");
    wall.wait_until_healthy();
    let told = stands(&mut wall, "on");
    assert_eq!(told["displays"][1]["power"], Value::Null, "the right one has no panel");

    let asked = ask(&wall, "/control/rest?display=left&for=1h");
    assert_eq!((&asked["panels"][0]["rests"], &asked["panels"][0]["by"]), (&json!(true), &json!("local")));
    let told = stands(&mut wall, "resting");
    assert_eq!((&told["displays"][0]["power"]["rests"], projector.inside().power()), (&json!(true), '0'));
    assert_eq!((&told["problems"], &told["health"]["ok"]), (&json!([]), &json!(true)), "{told:#}");
    within(SOON, "/health tells who rests", || {
        (health(&wall) == (200, "1 display is being drawn; 1 display is resting".into())).then_some(())
    });
    let metrics = String::from_utf8(wall.get("/metrics").2).expect("metrics are text");
    for line in [
        "fishbowl_display_power{display=\"left\",state=\"resting\"} 1",
        "fishbowl_display_power{display=\"left\",state=\"on\"} 0",
        "fishbowl_display_rests{display=\"left\"} 1",
    ] {
        assert!(metrics.lines().any(|said| said == line), "{line}: {metrics}");
    }

    ask(&wall, "/control/wake");
    stands(&mut wall, "on");
    assert_eq!(projector.inside().power(), '1');

    projector.inside().press('0');
    let pressed = Instant::now();
    let is_told =
        |wall: &Value| wall["problems"].to_string().contains("display left is off although it should be on");
    let told = wall.wait_for("it is told that it was switched off", is_told);
    assert!(pressed.elapsed() < TOLD, "it took {:?}", pressed.elapsed());
    assert_eq!(told["displays"][0]["power"], json!({ "state": "off", "rests": false }));

    // By a plan; who asked before counts more, and is gone when that is cleared.
    projector.inside().press('1');
    wall.save(&layout(&projector, "[power.always]\n"));
    wall.wait_for("it is on, as was asked", |wall| wall["problems"] == json!([]));
    ask(&wall, "/control/clear?what=power");
    stands(&mut wall, "resting");
    ask(&wall, "/control/wake?display=left&for=5m");
    let told = stands(&mut wall, "on");
    assert_eq!(told["displays"][0]["power"]["rests"], json!(false));

    let (status, _, body) = wall.post("/control/rest?display=right", "", "");
    let said = String::from_utf8_lossy(&body).into_owned();
    assert!(status == 400 && said.contains("no display `right` with a panel; the wall has left"), "{said}");
    let said = wall.fishbowl.said();
    assert!(said.contains("switching the panel of left off") && !said.contains("JBMIA"), "{said}");
    assert!(wall.fishbowl.terminate().success());
    let commands = projector.inside().commands.iter().filter(|command| *command != "%1POWR ?").count();
    assert_eq!(commands, 4, "it was switched as often as that was asked: {:?}", projector.inside().commands);
}

#[test]
fn the_phone_page_switches_panels_and_says_who_did() {
    if left_out(browser::LEAVE_OUT) {
        return;
    }
    let projector = Projector::start(None);
    let mut wall = start(&projector, "");
    wall.wait_until_healthy();
    let mut browser = Browser::new();
    let mut page = browser.open(&format!("{}remote", wall.url()), (360, 800));
    page.wait_for("document.querySelector('#power-now').textContent === 'left: on'");
    page.value("document.querySelector('#rest').click()");
    page.wait_for(
        "document.querySelector('#power-now').textContent.startsWith('left: resting (left by local, until ')",
    );
    let small = "[...document.querySelectorAll('button')].filter((b) => b.offsetHeight && b.offsetHeight < 44).length";
    assert_eq!(page.value(small), json!(0), "every button is large enough for a thumb");
    page.photo().keep("remote-power");
    page.value("document.querySelector('#unpower').click()");
    page.wait_for("document.querySelector('#power-now').textContent === 'left: on'");
    page.wait_for("document.querySelector('#unpower').hidden");
}

#[test]
fn a_panel_that_rejects_the_password_or_refuses_is_told_by_the_wall_and_by_doctor() {
    let projector = Projector::start(Some("another"));
    let mut wall = start(&projector, "");
    let is_told = |wall: &Value| wall["problems"].to_string().contains("the password is wrong");
    let told = wall.wait_for("the password is told", is_told);
    assert_eq!(told["displays"][0]["power"]["state"], "unknown");
    drop(wall);

    let found = doctor(&projector);
    assert!(found["state"] == "fault" && found["words"] == "`left`: the password is wrong", "{found}");
    projector.inside().password = Some("JBMIAProjectorLink".into());
    let found = doctor(&projector);
    assert!(found["state"] == "ok" && found["words"] == "`left` is on (PJLink class 1)", "{found}");
    projector.inside().odd = Odd::Mute;
    let found = doctor(&projector);
    assert!(found["state"] == "fault" && found["remedy"].to_string().contains("network control"), "{found}");
}

/// What `fishbowl doctor` finds about the panel.
fn doctor(projector: &Projector) -> Value {
    let home = Home::new();
    home.write("password", "JBMIAProjectorLink\n");
    let path = home.write("wall.toml", &layout(projector, ""));
    let mut command = home.command(home.take(FISHBOWL.as_ref()));
    let done = command.arg("doctor").arg(path).arg("--json").output().expect("it runs");
    let found: Value = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&done.stderr)));
    let mut all = found.as_array().expect("a list").iter();
    all.find(|one| one["check"] == "panel").cloned().expect("the panel was looked at")
}

#[test]
fn the_schedule_lists_who_rests() {
    let (home, projector) = (Home::new(), Projector::start(None));
    let plan = "[power.night]\nfrom = \"22:00\"\nto = \"06:00\"\nzone = \"UTC\"\n";
    let path = home.write("wall.toml", &layout(&projector, plan).replace("motion", "zone = \"UTC\"\nmotion"));
    let run = |more: &[&str]| {
        let mut command = home.command(home.take(FISHBOWL.as_ref()));
        command.arg("schedule").arg(&path).args(["--from", "2026-11-30", "--days", "1"]).args(more);
        String::from_utf8(command.output().expect("it runs").stdout).expect("text")
    };
    let all: Vec<Value> =
        run(&["--json"]).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let resting: Vec<_> = all.iter().map(|entry| (entry["from"].clone(), entry["resting"].clone())).collect();
    let at = |time: &str| json!(format!("2026-11-30T{time}:00Z"));
    assert_eq!(
        resting,
        [(at("00:00"), json!(["left"])), (at("06:00"), json!([])), (at("22:00"), json!(["left"]))]
    );
    assert!(run(&[]).contains("22:00  main  (resting: left)"), "{}", run(&[]));
}
