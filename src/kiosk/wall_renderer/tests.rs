//! Tests of the renderer: whatever happens at once, no display flashes.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::clock::Clock;
use crate::control::{Request, Verb};
use crate::layout;
use crate::layout::alert::Severity;
use crate::pulse::snapshot::{Alert, Cause};

const START: Time = Time::from_secs(1_800_000_000);
const FRAME: Duration = Duration::from_millis(20);
/// Displays are looked at in so many parts across and down.
const PARTS: (usize, usize) = (8, 4);
/// Relative luminances: a change of a tenth counts where the darker one is below 0.8 (WCAG 2.2).
const CHANGE: f32 = 0.1;
const BRIGHT: f32 = 0.8;
/// Most flashes in any second; each is two changes that go opposite ways.
const FLASHES: usize = 3;

/// The texts of the frame that was drawn last.
fn words(renderer: &WallRenderer) -> Vec<String> {
    let lists =
        renderer.frame.iter().flat_map(|frame| &frame.tiles).flat_map(|tile| [&*tile.still, &tile.motion]);
    let texts = lists.flat_map(|list| &list.items).filter_map(|item| match item {
        crate::scene::list::Item::Text { shaped, .. } => Some(shaped.setting.text.to_string()),
        _ => None,
    });
    texts.collect()
}

/// A dark wall with a light mode, a strip for every alert, and a scene for alarms.
fn wall() -> Arc<Wall> {
    let text = r#"
[wall]
viewer_m = 4.0
alert_strip = "info"
[display.a]
size_mm = [640, 360]
pixels = [320, 180]
[scene.calm]
title = "What is going on?"
picture = "t u"
tile.t = { kind = "text", text = "Good morning" }
tile.u = { kind = "clock" }
[scene.other]
picture = "t"
tile.t = { kind = "text", text = "Good evening" }
[scene.alarm]
on_alert = "alarm"
picture = "t"
tile.t = { kind = "alerts" }
[mode.day]
[mode.tour]
theme = "light"
"#;
    let loaded = layout::load_text(text, Path::new("wall.toml"), &[], &crate::registry());
    Arc::new(loaded.wall(&[]).unwrap_or_else(|| panic!("{}", loaded.report.draw(100, false))))
}

fn alert(raised: Time) -> Alert {
    Alert {
        id: 1,
        cause: Cause::Rule,
        name: "anger".into(),
        topic: None,
        label: "Anger".into(),
        rule: "rate > 1 over 1m".into(),
        severity: Severity::Alarm,
        since: raised,
        raised,
        acknowledged: None,
        cleared: None,
        observed: 0.0,
        expected: 0.0,
        owner: Some("Jo".into()),
        action: Some("Call the duty editor".into()),
        about: None,
        group: None,
        parts: Arc::default(),
        size: 1,
    }
}

/// The mean relative luminance of each part of a picture.
fn luminances(picture: &crate::bitmap::Bitmap) -> Vec<f32> {
    let linear = |c: u8| {
        let c = f32::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    let (w, h) = (picture.width as usize, picture.height as usize);
    let (mut sums, mut counts) = (vec![0.0; PARTS.0 * PARTS.1], vec![0.0; PARTS.0 * PARTS.1]);
    for (i, pixel) in picture.rgba.chunks_exact(4).enumerate() {
        let part = (i / w * PARTS.1 / h) * PARTS.0 + i % w * PARTS.0 / w;
        sums[part] += 0.2126 * linear(pixel[0]) + 0.7152 * linear(pixel[1]) + 0.0722 * linear(pixel[2]);
        counts[part] += 1.0;
    }
    sums.iter().zip(counts).map(|(sum, count): (&f32, f32)| sum / count).collect()
}

/// The frames in which a part's luminance has changed as a flash does, in turn up and down.
fn changes(course: &[f32]) -> Vec<usize> {
    let (mut at, mut extreme, mut up) = (Vec::new(), course[0], None);
    for (frame, &now) in course.iter().enumerate() {
        let is_change = (now - extreme).abs() >= CHANGE && now.min(extreme) < BRIGHT;
        let goes_up = now > extreme;
        match up {
            // It goes on as before.
            Some(before) if before == goes_up => extreme = now,
            _ if is_change => {
                at.push(frame);
                (extreme, up) = (now, Some(goes_up));
            }
            _ => {}
        }
    }
    at
}

/// A renderer of that wall, and its clock.
fn renderer() -> (WallRenderer, Clock) {
    let wall = wall();
    let gpu = Gpu::software().expect("a Vulkan software driver (mesa-vulkan-drivers)");
    let mut renderer = WallRenderer::new(wall.clone(), gpu, Typesetter::new(true), None);
    let ground = renderer.ground();
    let output = Output::headless(&mut renderer.gpu, &wall.displays[0], ground);
    renderer.outputs.push(output.expect("a small texture"));
    renderer.slots.push(0);
    (renderer, Clock::simulated(START))
}

#[test]
fn one_text_stands_alone_until_its_end_or_until_it_is_gone() {
    let (mut renderer, clock) = renderer();
    let mut mention = crate::mention::Mention::new(&"a".into(), "1", START, START).with_text("What a phone");
    mention.uid = "a:1".into();
    let shown = crate::pulse::snapshot::Shown {
        mention: Arc::new(mention),
        at: START,
        serial: 9,
        topics: vec![],
        copies: 0,
    };
    let mut snapshot = Snapshot { at: START, version: 1, ..Snapshot::default() };
    snapshot.all.latest = [shown].into();
    let sampled = snapshot.clone();
    let asked = Request::plain(Verb::Spotlight { mention: "a:1".into() });
    let mut state = State::default();
    let rundown = Rundown::of(&wall());
    state.apply(&asked, "jo", START, (&rundown, (0, None))).expect("is right");
    let mut at = |secs: u64, snapshot: &Snapshot, state: &State| {
        clock.set(START + Duration::from_secs(secs));
        renderer.tick(&clock, snapshot, (state, None), &mut |_| ());
        words(&renderer)
    };
    let is_alone = |words: &[String]| {
        words.iter().any(|text| text == "What a phone") && !words.iter().any(|text| text == "Good morning")
    };
    assert!(is_alone(&at(1, &snapshot, &state)));
    snapshot = Snapshot { version: 2, ..Snapshot::default() };
    assert!(is_alone(&at(2, &snapshot, &state)), "samples have moved on");
    // An alert that comes later takes the wall from it.
    let alerted = Snapshot {
        version: 3,
        alerts: [alert(START + Duration::from_secs(3))].into(),
        ..Snapshot::default()
    };
    assert!(!is_alone(&at(3, &alerted, &state)));
    assert!(is_alone(&at(9, &snapshot, &state)));
    let mut gone = Snapshot { version: 4, ..Snapshot::default() };
    gone.all.withdrawn = ["a:1".into()].into();
    assert!(at(10, &gone, &state).iter().any(|text| text == "Good morning"), "it was deleted");
    assert!(!is_alone(&at(31, &Snapshot { version: 5, ..sampled }, &state)), "it has ended");
}

/// Most flashes that any part of the wall has in any second, while `happens` in each frame.
fn worst(frames: usize, mut happens: impl FnMut(usize, &mut State, &mut Snapshot, Time)) -> usize {
    let (mut renderer, clock) = renderer();
    let (mut state, mut snapshot) = (State::default(), Snapshot { at: START, ..Snapshot::default() });
    let mut courses = vec![Vec::new(); PARTS.0 * PARTS.1];
    for frame in 0..frames {
        let now = START + FRAME * frame as u32;
        clock.set(now);
        happens(frame, &mut state, &mut snapshot, now);
        (snapshot.at, snapshot.version) = (now, frame as u64 + 1);
        renderer.tick(&clock, &snapshot, (&state, None), &mut |_| ());
        let picture = renderer.gpu.capture(&mut renderer.outputs[0], &mut renderer.setter, None);
        let picture = picture.expect("there is a frame");
        courses.iter_mut().zip(luminances(&picture)).for_each(|(course, now)| course.push(now));
    }
    let second = (1_000 / FRAME.as_millis()) as usize;
    let most = |course: &Vec<f32>| {
        let at = changes(course);
        let within = |from: usize| at.iter().filter(|frame| (from..from + second).contains(frame)).count();
        at.iter().map(|from| within(*from) / 2).max().unwrap_or(0)
    };
    courses.iter().map(most).max().unwrap_or(0)
}

/// Asks for a verb as the desk would.
fn ask(state: &mut State, verb: Verb, now: Time) {
    let rundown = Rundown::of(&wall());
    let Stage { scene, mode, .. } = Stage::at(&rundown, state, &[], now);
    state.apply(&Request::plain(verb), "jo", now, (&rundown, (scene, mode))).expect("is taken");
}

#[test]
fn an_alarm_that_comes_and_goes_does_not_flash() {
    let flashes = worst(150, |frame, _, snapshot, now| {
        // Alerts are judged once a second; these come and go five times as often.
        let is_on = frame / 10 % 2 == 0;
        snapshot.alerts = if is_on { [alert(now)].into() } else { Arc::default() };
    });
    assert!(flashes <= FLASHES, "{flashes} a second");
}

#[test]
fn a_hand_on_black_and_on_modes_does_not_flash() {
    let flashes = worst(150, |frame, state, _, now| {
        let name = if frame / 7 % 2 == 0 { "tour" } else { "day" };
        ask(state, Verb::Mode { name: name.into() }, now);
        ask(state, Verb::Next, now);
        state.black = None;
        if frame / 5 % 2 == 0 {
            ask(state, Verb::Black, now);
        }
    });
    assert!((1..=FLASHES).contains(&flashes), "{flashes} a second");
}
