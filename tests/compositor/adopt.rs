//! A monitor in place of one that broke: offered, accepted on the phone page, kept, and taken back.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::dark::start_layout;
use crate::rig::browser::{self, Browser, Page};
use crate::rig::headless::Mirror;
use crate::rig::process::Running;
use crate::rig::sway::{self, Pluggable};
use crate::rig::{FISHBOWL, left_out, within};
use crate::{SOON, layout_of, wait_for_wall};

fn state(mirror: &Mirror) -> Value {
    serde_json::from_slice(&mirror.get("/control/state").2).expect("the state is JSON")
}

fn problems(mirror: &Mirror) -> String {
    mirror.wall()["problems"].to_string()
}

fn wait_for_problems(mirror: &Mirror, what: &str, is_right: impl Fn(&str) -> bool) {
    within(SOON, what, || is_right(&problems(mirror)).then_some(()));
}

/// Waits until the display is on this output.
fn wait_for_display(rig: &Pluggable, fishbowl: &mut Running, display: &str, output: &str) {
    within(SOON, &format!("{display} on {output}"), || {
        fishbowl.must_live();
        let windows = rig.sway.windows(fishbowl.pid());
        windows.iter().any(|w| w.output == output && w.title.ends_with(display)).then_some(())
    });
}

/// The file in which the wall keeps what was accepted.
fn kept(home: &Path) -> Option<PathBuf> {
    let folder = home.join(".local/state/fishbowl");
    let files = folder.read_dir().ok()?.flatten().map(|entry| entry.path());
    files.into_iter().find(|path| path.extension().is_some_and(|kind| kind == "monitors"))
}

fn remote(browser: &mut Browser, url: &str) -> Page {
    let mut page = browser.open(&format!("{url}/remote"), (360, 800));
    page.wait_for("document.querySelector('#link').textContent === 'Connected'");
    page
}

const OFFERED: &str =
    "!document.querySelector('#monitors').hidden && document.querySelector('#offers button')";

#[test]
fn a_monitor_in_place_of_a_broken_one_is_offered_and_accepted() {
    if left_out(sway::LEAVE_OUT) || left_out(browser::LEAVE_OUT) {
        return;
    }
    let rig = Pluggable::start(&[(640, 360); 2]);
    let [left, right] = [1, 2].map(|n| rig.output(n));
    let [on_left, on_right] = [&left, &right].map(|output| format!("connector = \"{output}\""));
    let layout = layout_of(&[("left", &on_left), ("right", &on_right)]);
    let (mut fishbowl, mirror) = start_layout(&layout, &rig.sway.home, rig.sway.display());
    wait_for_wall(&rig.sway, &mut fishbowl, &[&left, &right]);
    assert_eq!((state(&mirror)["offers"].clone(), state(&mirror)["adopted"].clone()), (json!([]), json!([])));

    rig.unplug(&left);
    let new = rig.plug_in(0);
    let question = "Use it as `left` (size unknown; the layout says 640 × 360 mm)?";
    wait_for_problems(&mirror, "it is offered", |told| told.contains(question) && told.contains(&new));
    within(SOON, "the log offers it", || fishbowl.said().contains(question).then_some(()));
    let offers = state(&mirror)["offers"].clone();
    assert_eq!((&offers[0]["display"], &offers[0]["monitor"]), (&json!("left"), &json!(new)));
    wait_for_wall(&rig.sway, &mut fishbowl, &[&right]);
    let (status, _, said) = mirror.post("/control/adopt?display=left&monitor=DP-9", "", "");
    assert_eq!(status, 404, "{}", String::from_utf8_lossy(&said));

    let mut browser = Browser::new();
    let mut page = remote(&mut browser, &mirror.url());
    page.wait_for(&format!("Boolean({OFFERED})"));
    page.value("document.querySelector('#monitors').scrollIntoView({ block: 'center' })");
    page.photo().keep("adopt-offer");
    assert_eq!(page.value("document.documentElement.scrollWidth <= innerWidth"), json!(true));
    page.value("document.querySelector('#offers button').click()");
    wait_for_display(&rig, &mut fishbowl, "left", &new);
    wait_for_problems(&mirror, "it is reminded of", |told| {
        told.contains(&format!("add `{{ connector = \\\"{new}\\\" }}` to its `match`"))
    });
    page.wait_for("document.querySelectorAll('#offers li').length === 1");
    page.wait_for("document.querySelector('#offers b').textContent === 'Left is shown on another monitor'");
    page.value("document.querySelector('#monitors').scrollIntoView({ block: 'center' })");
    page.photo().keep("adopt-accepted");
    assert!(fishbowl.said().contains("adopt by=local"), "who accepted it: {}", fishbowl.said());
    let adopted = state(&mirror)["adopted"][0].clone();
    assert_eq!(
        (&adopted["display"], &adopted["by"], &adopted["used"]),
        (&json!("left"), &json!("local"), &json!(true))
    );

    // It survives a restart, and whoever lists the monitors is told.
    assert!(fishbowl.terminate().success());
    let path = rig.sway.home.path().join("wall.toml");
    let mut list = rig.sway.client("list", FISHBOWL.as_ref(), &["displays", &path.to_string_lossy()]);
    assert!(within(SOON, "the list is done", || list.ended()).success());
    let shown =
        list.said().lines().any(|line| line.starts_with("display left") && line.ends_with(new.as_str()));
    assert!(
        shown && list.said().contains("note: display `left` is shown on another monitor"),
        "{}",
        list.said()
    );
    let (mut fishbowl, mirror) = start_layout(&layout, &rig.sway.home, rig.sway.display());
    wait_for_display(&rig, &mut fishbowl, "left", &new);
    assert!(std::fs::read_to_string(&path).is_ok_and(|text| text == layout), "the layout is the user's");

    // Taken back, it is offered again.
    let (status, _, said) = mirror.post("/control/release?display=left", "", "");
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&said));
    wait_for_wall(&rig.sway, &mut fishbowl, &[&right]);
    wait_for_problems(&mirror, "it is offered again", |told| told.contains(question));
    assert_eq!(kept(rig.sway.home.path()), None);
    let accept = format!("/control/adopt?display=left&monitor={new}");
    assert_eq!(mirror.post(&accept, "", "").0, 200);
    wait_for_display(&rig, &mut fishbowl, "left", &new);
    assert!(kept(rig.sway.home.path()).is_some());

    // What the layout says itself needs no reminder.
    let written =
        layout.replace(&format!("{{ {on_left} }}"), &format!("{{ {on_left} }}, {{ connector = \"{new}\" }}"));
    assert_ne!(written, layout);
    std::fs::write(&path, written).expect("it can be written");
    within(SOON, "nothing is left to say", || {
        let is_clean = state(&mirror)["adopted"] == json!([]) && problems(&mirror) == "[]";
        (is_clean && kept(rig.sway.home.path()).is_none()).then_some(())
    });
    wait_for_display(&rig, &mut fishbowl, "left", &new);
    assert!(fishbowl.terminate().success());
}

#[test]
fn a_wall_whose_only_monitor_broke_is_given_another() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let rig = Pluggable::start(&[(640, 360); 1]);
    let fits = format!("connector = \"{}\"", rig.output(1));
    let (mut fishbowl, mirror) =
        start_layout(&layout_of(&[("only", &fits)]), &rig.sway.home, rig.sway.display());
    wait_for_wall(&rig.sway, &mut fishbowl, &[&rig.output(1)]);
    rig.unplug(&rig.output(1));
    let new = rig.plug_in(0);
    wait_for_problems(&mirror, "it is offered", |told| told.contains("Use it as `only`"));
    assert_eq!(mirror.post(&format!("/control/adopt?display=only&monitor={new}"), "", "").0, 200);
    wait_for_display(&rig, &mut fishbowl, "only", &new);
    within(SOON, "it is well", || (mirror.get("/health").0 == 200).then_some(()));
}
