//! The phone page in a real browser, at the sizes of a phone and of a tablet.

use serde_json::{Value, json};

use super::{TWO, ask, state};
use crate::rig::browser::{self, Browser};
use crate::rig::headless::{Headless, SOON};
use crate::rig::{left_out, within};

#[test]
fn a_thumb_steers_the_wall() {
    if left_out(browser::LEAVE_OUT) {
        return;
    }
    let mut wall = Headless::of(TWO);
    wall.wait_until_healthy();
    let mut browser = Browser::new();
    for (size, name) in [((360, 800), "remote-phone"), ((1024, 768), "remote-tablet")] {
        let mut page = browser.open(&format!("{}remote", wall.url()), size);
        page.wait_for("document.querySelector('#link').textContent === 'Connected'");
        page.wait_for(
            "[...document.images].length === 2 && [...document.images].every((i) => i.naturalWidth)",
        );
        let wide = "document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(page.value(wide), json!(true), "nothing is wider than the screen at {size:?}");
        let small = "[...document.querySelectorAll('button')].filter((b) => b.offsetHeight && b.offsetHeight < 44).length";
        assert_eq!(page.value(small), json!(0), "every button is large enough for a thumb");
        page.photo().keep(name);

        let before = state(&wall)["scene"]["name"].clone();
        page.value("document.querySelector('#next').click()");
        within(SOON, "the next scene", || (state(&wall)["scene"]["name"] != before).then_some(()));
        page.wait_for("document.querySelector('#hold').textContent === 'Resume'");
        page.value("document.querySelector('#hold').click()");
        within(SOON, "the schedule", || state(&wall)["scene"]["by"].is_null().then_some(()));

        // With the keyboard alone.
        let press = |key: &str| {
            format!(
                "document.body.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true }}))"
            )
        };
        page.value(&press("b"));
        within(SOON, "black", || (!state(&wall)["black"].is_null()).then_some(()));
        page.wait_for("document.querySelector('#shown').textContent === 'Black'");
        // A page that waits for the wall, as on a busy machine, sends nothing.
        page.wait_for("document.querySelector('#link').textContent === 'Connected'");
        page.value(&press("b"));
        within(SOON, "not black", || state(&wall)["black"].is_null().then_some(()));
        page.value("document.querySelector('#text').value = 'Doors open at 9'; document.querySelector('#banner').requestSubmit()");
        within(SOON, "the banner", || (state(&wall)["banner"]["text"] == "Doors open at 9").then_some(()));
        page.wait_for("document.querySelector('#banner-now').textContent.includes('Doors open at 9')");
        page.photo().keep(&format!("{name}-banner"));
        ask(&wall, "/control/clear?what=all", "");
        page.wait_for("document.querySelector('#banner-now').textContent === ''");
    }
    assert!(wall.fishbowl.terminate().success());
}

#[test]
fn it_says_when_the_wall_does_not_answer_and_sends_nothing() {
    if left_out(browser::LEAVE_OUT) {
        return;
    }
    let mut wall = Headless::of(TWO);
    wall.wait_until_healthy();
    let mut browser = Browser::new();
    let mut page = browser.open(&format!("{}remote", wall.url()), (360, 800));
    page.wait_for("document.querySelector('#link').textContent === 'Connected'");
    assert!(wall.fishbowl.terminate().success());
    let lost = "performance.now()";
    let ended = page.value(lost).as_f64().expect("a time");
    page.wait_for("document.body.classList.contains('lost')");
    let noticed = page.value(lost).as_f64().expect("a time");
    // The browser is asked every so often, and the machine may be busy.
    assert!(noticed - ended < 10_000.0, "it took {} ms", noticed - ended);
    assert_eq!(page.value("document.querySelector('#link').textContent"), json!("The wall does not answer"));
    assert_eq!(page.value("document.querySelector('#next').disabled"), json!(true));
    page.value("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'b', bubbles: true }))");
    let said = page.value("document.querySelector('#said').textContent");
    assert!(said.as_str().is_some_and(|said| said.starts_with("Not sent")), "{said}");
    assert_ne!(page.value("document.querySelector('#shown').textContent"), json!("Black"));
    page.photo().keep("remote-lost");
    assert_eq!(page.value("document.querySelectorAll('.waits').length"), Value::from(0));
}
