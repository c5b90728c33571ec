//! Modes: the schedule and people put the wall into them, on all displays at one moment.

use super::{TWO, ask, seen, state};
use crate::rig::headless::{Headless, SOON};
use crate::rig::photo::Photo;
use crate::rig::within;
use fishbowl::color::Theme;
use serde_json::{Value, json};

/// The wall of two scenes, by day in dark colours and on tours in light ones. `hours` are added.
fn wall(hours: &str) -> Headless {
    let modes = "[mode.day]\n[mode.tour]\nscenes = [\"evening\"]\ntheme = \"light\"\n";
    Headless::of(&format!("{TWO}{modes}{hours}"))
}

fn is_light(photo: &Photo) -> bool {
    photo.share(Theme::light().ground) > 0.5
}

fn is_dark(photo: &Photo) -> bool {
    photo.share(Theme::dark().ground) > 0.5
}

#[test]
fn people_choose_a_mode_and_the_wall_goes_back_by_itself() {
    let mut wall = wall("");
    wall.wait_until_healthy();
    seen(&wall, "left", "the usual mode", is_dark);
    let tour = ask(&wall, "/control/mode?name=tour&for=3s", "");
    assert_eq!(tour["mode"]["name"], json!("tour"));
    assert_eq!((&tour["mode"]["by"], &tour["scene"]["name"]), (&json!("local"), &json!("evening")));
    assert_eq!(tour["modes"], json!(["day", "tour"]));
    for display in ["left", "right"] {
        seen(&wall, display, "light colours", is_light);
    }
    for display in ["left", "right"] {
        seen(&wall, display, "dark colours again", is_dark);
    }
    assert_eq!((&state(&wall)["mode"]["name"], &state(&wall)["mode"]["by"]), (&json!("day"), &Value::Null));
    ask(&wall, "/control/mode?name=2", "");
    assert_eq!(ask(&wall, "/control/clear?what=mode", "")["mode"]["name"], json!("day"));
    let (status, _, body) = wall.post("/control/mode?name=party", "", "");
    assert_eq!(status, 400, "{}", String::from_utf8_lossy(&body));
    assert!(String::from_utf8_lossy(&body).contains("the wall has day, tour"));
    assert!(wall.fishbowl.terminate().success());
}

#[test]
fn the_schedule_puts_the_wall_into_a_mode() {
    let mut wall = wall("[schedule.always]\nmode = \"tour\"\n");
    wall.wait_until_healthy();
    seen(&wall, "left", "light colours", is_light);
    let told = state(&wall);
    assert_eq!((&told["mode"]["name"], &told["mode"]["by"]), (&json!("tour"), &Value::Null));
    assert_eq!(told["scene"]["name"], json!("evening"));
    ask(&wall, "/control/mode?name=day", "");
    seen(&wall, "right", "dark colours", is_dark);
    within(SOON, "the mode that was chosen", || (state(&wall)["mode"]["by"] == "local").then_some(()));
    assert!(wall.fishbowl.terminate().success());
}

#[test]
fn a_window_holds_until_it_ends() {
    let mut wall = wall("");
    wall.wait_until_healthy();
    let asked = ask(&wall, "/control/window?window=24h&for=2s", "");
    assert_eq!((&asked["window"]["window"], &asked["window"]["by"]), (&json!("24h"), &json!("local")));
    within(SOON, "the windows of the layout", || state(&wall)["window"].is_null().then_some(()));
    ask(&wall, "/control/window?window=5m", "");
    assert_eq!(ask(&wall, "/control/clear?what=window", "")["window"], Value::Null);
    let (status, _, body) = wall.post("/control/window?window=2y", "", "");
    assert_eq!((status, String::from_utf8_lossy(&body).contains("unknown variant")), (400, true));
    assert!(wall.fishbowl.terminate().success());
}
