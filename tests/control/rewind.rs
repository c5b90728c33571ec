//! A past time on a running wall, played from its journal, and what people did, from the same.

use std::time::Duration;

use serde_json::{Value, json};

use super::{ask, start};
use crate::rig::FISHBOWL;
use crate::rig::complaints::three_complaints;
use crate::rig::headless::{Headless, SOON};
use crate::rig::process::Home;
use crate::rig::within;

fn layout(more: &str) -> String {
    format!(
        r#"
[wall]
name = "Past"
viewer_m = 2.0
motion = "still"
band = true

[display.left]
size_mm = [640, 360]
pixels = [640, 360]

[feed.said]
kind = "sse"
url = "{}"

[scene.usual]
title = "How many?"
picture = "count"
tile.count = {{ kind = "counter", window = "1h" }}
{more}
"#,
        three_complaints()
    )
}

fn headed(wall: &Headless, path: &str) -> (u16, String) {
    let (status, _, body) = wall.post(path, "", "");
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[test]
fn a_past_is_played_and_the_present_comes_back() {
    let home = Home::new();
    let layout_again = layout;
    let (layout, journal) = (home.write("wall.toml", &layout_again("")), home.path().join("wall.journal"));
    let (mut fishbowl, mirror) = start(&home, &layout, &journal);
    within(SOON, "three are recorded", || {
        let wall = mirror.wall();
        (wall["journal"]["kept"] == 3 || wall["feeds"][0]["received"] == 3).then_some(())
    });
    std::thread::sleep(Duration::from_millis(1_500));
    let mirror_photo = |what: &str, is_right: &dyn Fn(&crate::rig::photo::Photo) -> bool| {
        within(SOON, what, || {
            let (status, _, jpeg) = mirror.get("/frame/left.jpg");
            let photo = (status == 200).then(|| crate::rig::photo::Photo::decode(&jpeg))?;
            is_right(&photo).then_some(photo)
        })
    };
    let live = mirror_photo("the present", &|photo| photo.ground() < 0.97);
    let (status, _, body) = mirror.post("/control/rewind?from=2000-01-01T00:00:00Z&speed=1000", "", "");
    assert_eq!((status, String::from_utf8_lossy(&body).contains("greater `speed`")), (400, true));
    let (status, _, body) = mirror.post("/control/rewind?from=yesterday%2000:00&speed=1000", "", "");
    let told: Value = serde_json::from_slice(&body).expect("it is JSON");
    assert_eq!(
        (status, &told["rewind"]["by"], &told["rewind"]["speed"]),
        (200, &json!("local"), &json!(1000.0))
    );
    // Nothing was heard then, and the band says which time it is.
    let past = mirror_photo("the past", &|photo| photo.difference(&live) > 0.004);
    past.keep("rewind");
    let (status, _, body) = mirror.post("/control/live", "", "");
    let told: Value = serde_json::from_slice(&body).expect("it is JSON");
    assert_eq!((status, &told["rewind"]), (200, &Value::Null));
    mirror_photo("the present again", &|photo| photo.difference(&live) < 0.003);
    // A time in which nothing was recorded is not played for long, and none behind a gate that comes.
    let rewind = || {
        let told: Value = serde_json::from_slice(&mirror.get("/control/state").2).expect("it is JSON");
        told["rewind"].clone()
    };
    let empty = "/control/rewind?from=yesterday%2000:00&to=yesterday%2000:01&speed=1";
    assert_eq!(mirror.post(empty, "", "").0, 200);
    within(SOON, "the present", || rewind().is_null().then_some(()));
    assert_eq!(mirror.post("/control/rewind?from=yesterday%2000:00&speed=2x", "", "").0, 200);
    std::thread::sleep(Duration::from_millis(800));
    assert_eq!(rewind()["speed"], json!(2.0));
    home.write("wall.toml", &layout_again("[gate]\napprove = \"all\"\n"));
    within(SOON, "the gate ends it", || rewind().is_null().then_some(()));
    assert_eq!(mirror.post("/control/rewind?from=yesterday%2000:00", "", "").0, 400);
    assert!(fishbowl.terminate().success());

    let listed = std::process::Command::new(FISHBOWL).arg("acts").arg(&journal).arg("--json").output();
    let listed = listed.expect("it runs");
    let acts: Value = serde_json::from_slice(&listed.stdout).expect("it is JSON");
    let verbs: Vec<_> = acts.as_array().expect("a list").iter().map(|act| act["verb"].clone()).collect();
    let asked = ["rewind", "live", "rewind", "rewind"].map(|verb| json!(verb));
    assert_eq!(verbs, asked, "what was refused is none");
    assert_eq!(
        (&acts[0]["by"], &acts[0]["about"]),
        (&json!("local"), &json!("yesterday 00:00 to now at 1000 ×"))
    );
}

#[test]
fn a_wall_that_cannot_be_rewound_says_why() {
    for (more, why) in
        [("[journal]\nrecord = false\n", "no journal"), ("[gate]\napprove = \"all\"\n", "a wall with a gate")]
    {
        let mut wall = Headless::of(&layout(more));
        wall.wait_until_healthy();
        let (status, body) = headed(&wall, "/control/rewind?from=00:00");
        assert!(status == 400 && body.contains(why), "{status} {body}");
        assert_eq!(ask(&wall, "/control/live", "")["rewind"], Value::Null);
        assert!(wall.fishbowl.terminate().success());
    }
}
