//! The gate of a real wall: what waits, over HTTP and in a real browser; what is hidden leaves the picture, and
//! what was decided survives SIGKILL.

use serde_json::{Value, json};

use super::{seen, start};
use crate::rig::browser::{self, Browser};
use crate::rig::complaints::three_complaints;
use crate::rig::headless::{Headless, Mirror, SOON};
use crate::rig::process::Home;
use crate::rig::{left_out, within};
use std::time::Duration;

fn layout() -> String {
    format!(
        r#"
[wall]
name = "Gate"
viewer_m = 2.0
motion = "still"
audience = "public"

[display.left]
size_mm = [640, 360]
pixels = [640, 360]

[gate]
block = "scam"

[topic.fire]
query = "burns"

[feed.said]
kind = "sse"
url = "{}"

[scene.usual]
picture = "list"
tile.list = {{ kind = "mentions", topic = "fire", count = 3 }}
"#,
        three_complaints()
    )
}

fn queue(get: impl Fn(&str) -> (u16, String, Vec<u8>), name: &str) -> Vec<Value> {
    let ask = || get(&format!("/gate?queue={name}&order=oldest"));
    // 503 while it starts.
    let (status, _, body) = within(SOON, "the gate", || Some(ask()).filter(|(status, ..)| *status != 503));
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    let told: Value = serde_json::from_slice(&body).expect("it is JSON");
    let texts = told["texts"].as_array().expect("a list").clone();
    assert_eq!(told[name], json!(texts.len()), "the count is that of the list");
    texts
}

fn uid(text: &Value) -> String {
    text["mention"].as_str().expect("a uid").replace('/', "%2F").replace(':', "%3A")
}

fn words(text: &Value) -> &str {
    text["words"].as_str().expect("a stamp of the words")
}

#[test]
fn a_text_is_on_the_wall_when_it_is_approved_and_until_it_is_hidden() {
    let mut wall = Headless::of(&layout());
    let waiting = within(SOON, "three texts wait", || {
        Some(queue(|path| wall.get(path), "waiting")).filter(|waiting| waiting.len() == 3)
    });
    assert_eq!((&waiting[0]["text"], &waiting[0]["feed"]), (&json!("it burns 1"), &json!("said")));
    assert_eq!(waiting[0]["why"], "every text needs approval");
    let before = seen(&wall, "left", "a wall without texts", |photo| photo.ground() > 0.5);
    let ask = |verb: &str, uid: &str| wall.post(&format!("/control/{verb}?mention={uid}"), "", "").0;
    let first = uid(&waiting[0]);
    assert_eq!(ask("approve", &first), 400, "it does not say which words were read");
    let other = format!("{first}&words={}", words(&waiting[1]));
    assert_eq!(ask("approve", &other), 409, "those are other words");
    assert_eq!(ask("approve", &format!("{first}&words={}", words(&waiting[0]))), 200);
    let shown = seen(&wall, "left", "the text", |photo| photo.difference(&before) > 0.01);
    shown.keep("gate-approved");
    let approved = within(SOON, "it is approved", || queue(|path| wall.get(path), "approved").pop());
    assert_eq!((&approved["by"], &approved["queue"]), (&json!("local"), &json!("approved")));
    // One that waits may not stand alone; this one may, until it is hidden.
    assert_eq!(ask("spotlight", &uid(&waiting[1])), 404);
    assert_eq!(ask("spotlight", &format!("{first}&for=1h")), 200);
    let alone = seen(&wall, "left", "the text alone", |photo| photo.difference(&shown) > 0.01);
    alone.keep("gate-spotlight");
    assert_eq!(super::state(&wall)["spotlight"]["by"], "local");
    assert_eq!(ask("hide", &first), 200);
    seen(&wall, "left", "no text", |photo| photo.difference(&before) < 0.001);

    assert_eq!(wall.get("/gate?queue=nowhere").0, 400);
    assert_eq!(wall.get("/gate?colour=red").0, 400);
    assert_eq!(queue(|path| wall.get(path), "waiting").len(), 2);
    let filtered = |filter: &str| {
        let body = wall.get(&format!("/gate?{filter}")).2;
        serde_json::from_slice::<Value>(&body).expect("it is JSON")["texts"].as_array().expect("a list").len()
    };
    assert_eq!((filtered("topic=fire"), filtered("topic=none"), filtered("limit=1")), (2, 0, 1));
    assert_eq!((filtered("feed=said"), filtered("followers=5"), filtered("sentiment=positive")), (2, 0, 0));
    let (status, _, body) = wall.post("/control/approve?mention=nobody&words=0", "", "");
    assert_eq!((status, String::from_utf8_lossy(&body).contains("no such text")), (404, true));
    assert!(wall.fishbowl.terminate().success());
}

#[test]
fn a_wall_without_a_gate_says_so() {
    let mut wall = Headless::of(super::TWO);
    wall.wait_until_healthy();
    let (status, _, body) = wall.get("/gate");
    assert_eq!((status, String::from_utf8_lossy(&body).contains("[gate]")), (404, true));
    assert_eq!(wall.post("/control/approve?mention=a&words=0", "", "").0, 400);
    assert!(wall.fishbowl.terminate().success());
}

#[test]
fn decisions_survive_sigkill() {
    let home = Home::new();
    let (layout, journal) = (home.write("wall.toml", &layout()), home.path().join("wall.journal"));
    let of = |mirror: &Mirror, name: &str| queue(|path| mirror.get(path), name);
    let (fishbowl, mirror) = start(&home, &layout, &journal);
    let waiting =
        within(SOON, "three texts wait", || Some(of(&mirror, "waiting")).filter(|all| all.len() == 3));
    for (verb, text) in [("approve", &waiting[0]), ("hide", &waiting[1])] {
        let read = if verb == "approve" { format!("&words={}", words(text)) } else { String::new() };
        assert_eq!(mirror.post(&format!("/control/{verb}?mention={}{read}", uid(text)), "", "").0, 200);
    }
    // As soon as the journal has it; the answer does not wait for the disk.
    within(SOON, "both are decided", || (of(&mirror, "waiting").len() == 1).then_some(()));
    std::thread::sleep(Duration::from_millis(1_100));
    drop(fishbowl);
    for _ in 0..3 {
        let (fishbowl, mirror) = start(&home, &layout, &journal);
        within(SOON, "what was decided", || {
            let [approved, hidden, waiting] = ["approved", "hidden", "waiting"].map(|name| of(&mirror, name));
            let texts = |list: &[Value]| list.iter().map(|text| text["text"].clone()).collect::<Vec<_>>();
            let right = texts(&approved) == ["it burns 1"] && texts(&hidden) == ["it burns 2"];
            (right && texts(&waiting) == ["it burns 3"]).then_some(())
        });
        drop(fishbowl);
    }
}

#[test]
fn moderators_decide_in_a_browser_with_the_keyboard_and_with_a_thumb() {
    if left_out(browser::LEAVE_OUT) {
        return;
    }
    let mut wall = Headless::of(&layout());
    within(SOON, "three texts wait", || (queue(|path| wall.get(path), "waiting").len() == 3).then_some(()));
    let mut browser = Browser::new();
    let mut page = browser.open(&format!("{}moderate", wall.url()), (360, 800));
    page.wait_for("document.querySelectorAll('#texts li').length === 3");
    let wide = "document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(page.value(wide), json!(true), "nothing is wider than the screen");
    let small = "[...document.querySelectorAll('button')].filter((b) => b.offsetHeight && b.offsetHeight < 44).length";
    assert_eq!(page.value(small), json!(0), "every button is large enough for a thumb");
    page.photo().keep("gate-phone");
    // Right after texts have moved, a click may be meant for another.
    page.value("calm = performance.now() + 400; document.querySelector('#texts li .approve').click()");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(queue(|path| wall.get(path), "waiting").len(), 3);
    page.value("document.querySelector('#texts li .approve').click()");
    within(SOON, "one is approved", || (queue(|path| wall.get(path), "approved").len() == 1).then_some(()));
    page.wait_for("document.querySelectorAll('#texts li').length === 2");

    // A thumb that goes a little way, one that goes back, and one that hides.
    std::thread::sleep(Duration::from_millis(500));
    let swipe = |to: i32| {
        format!(
            "(() => {{ const item = document.querySelector('#texts li .text');
            const send = (type, x) => item.dispatchEvent(new PointerEvent(type,
                {{ pointerId: 1, pointerType: 'touch', bubbles: true, clientX: x, clientY: 300 }}));
            item.closest('li').setPointerCapture = () => {{}};
            send('pointerdown', 200); send('pointermove', 200 + {to} / 2); send('pointermove', 200 + {to});
            send('pointerup', 200 + {to}); }})()"
        )
    };
    page.value(&swipe(60));
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(queue(|path| wall.get(path), "waiting").len(), 2, "that is no swipe");
    page.value(&swipe(-150));
    within(SOON, "one is hidden", || (queue(|path| wall.get(path), "hidden").len() == 1).then_some(()));
    let hidden = queue(|path| wall.get(path), "hidden");
    wall.post(&format!("/control/undo?mention={}", uid(&hidden[0])), "", "");
    within(SOON, "it waits again", || (queue(|path| wall.get(path), "waiting").len() == 2).then_some(()));

    // Another moderator, with the keyboard alone.
    let mut other = browser.open(&format!("{}moderate", wall.url()), (1024, 768));
    other.wait_for("document.querySelectorAll('#texts li').length === 2");
    other.photo().keep("gate-tablet");
    let press = |key: &str| {
        format!(
            "document.body.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true }}))"
        )
    };
    std::thread::sleep(Duration::from_millis(500));
    other.value(&press("j"));
    other.value(&press("h"));
    within(SOON, "one is hidden", || (queue(|path| wall.get(path), "hidden").len() == 1).then_some(()));
    other.wait_for("document.querySelector('[data-queue=hidden] b').textContent === '1'");
    other.value(&press("u"));
    within(SOON, "it waits again", || (queue(|path| wall.get(path), "waiting").len() == 2).then_some(()));
    let whose =
        "[...document.querySelectorAll('#texts .why')].some((line) => line.textContent.includes('local'))";
    other.wait_for(whose);
    assert!(wall.fishbowl.terminate().success());
}
