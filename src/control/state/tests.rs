//! Tests of the state: what each verb does, and that everything ends.

use super::*;
use crate::control::stage::Stage;
use crate::layout::value::Lasting;

fn rundown(names: &[&str]) -> Rundown {
    let scene = |name: &&str| Scene {
        name: name.to_string(),
        title: None,
        show_for: Duration::from_secs(60),
        on_alert: None,
        tiles: vec![],
    };
    Rundown { scenes: names.iter().map(scene).collect(), ..Rundown::default() }
}

fn at(secs: i64) -> Time {
    Time::from_secs(600_000 + secs)
}

/// A wall whose schedule shows `a` in even minutes, `b` in the odd ones.
struct Room {
    rundown: Rundown,
    state: State,
}

impl Room {
    fn new(names: &[&str]) -> Self {
        Self { rundown: rundown(names), state: State::default() }
    }

    /// The same with modes of these scenes.
    fn with_modes(names: &[&str], modes: &[(&str, &[usize])]) -> Self {
        let mode = |(name, scenes): &(&str, &[usize])| Mode {
            people: None,
            name: name.to_string(),
            scenes: Some(scenes.to_vec()),
            theme: None,
            motion: None,
            brightness: 1.0,
        };
        let rundown = Rundown { modes: modes.iter().map(mode).collect(), ..rundown(names) };
        Self { rundown, state: State::default() }
    }

    fn stage(&self, secs: i64) -> Stage {
        Stage::at(&self.rundown, &self.state, &[], at(secs))
    }

    fn ask(&mut self, secs: i64, verb: Verb) -> Result<(), Refusal> {
        let Stage { scene, mode, .. } = self.stage(secs);
        self.state.apply(&Request::plain(verb), "jo", at(secs), (&self.rundown, (scene, mode)))
    }

    fn shown(&self, secs: i64) -> &str {
        &self.rundown.scenes[self.stage(secs).scene].name
    }

    fn mode(&self, secs: i64) -> Option<&str> {
        self.stage(secs).mode.map(|mode| &*self.rundown.modes[mode].name)
    }
}

#[test]
fn next_and_back_go_round_from_what_is_shown_and_end() {
    let mut room = Room::new(&["a", "b", "c"]);
    assert_eq!(room.shown(0), "b", "180 s a round");
    room.ask(0, Verb::Next).expect("is taken");
    assert_eq!(room.shown(1), "c");
    room.ask(1, Verb::Next).expect("is taken");
    assert_eq!(room.shown(100), "a");
    room.ask(100, Verb::Back).expect("is taken");
    assert_eq!((room.shown(699), room.state.turned(at(699))), ("c", Some(at(100))));
    assert_eq!(room.state.next_end(at(150)), Some(at(700)));
    // After ten minutes the schedule shows what it would have shown.
    assert_eq!(room.shown(700), Room::new(&["a", "b", "c"]).shown(700));
    assert_eq!(room.state.turned(at(701)), Some(at(700)), "it crosses over when the choice ends");
    assert_eq!(room.state.next_end(at(700)), None);
}

#[test]
fn a_scene_is_held_from_when_it_came_and_resumed() {
    let mut room = Room::new(&["a", "b"]);
    let before = room.shown(10).to_owned();
    room.ask(10, Verb::Hold).expect("is taken");
    assert_eq!(room.shown(130), before);
    assert!(room.state.scene.as_ref().is_some_and(|kept| kept.what.held && kept.until == at(3_610)));
    room.ask(131, Verb::Resume).expect("is taken");
    assert_eq!(
        (room.shown(131), room.state.turned(at(140))),
        (Room::new(&["a", "b"]).shown(131), Some(at(131)))
    );
    room.ask(200, Verb::Scene { name: "b".into() }).expect("is taken");
    room.ask(300, Verb::Hold).expect("is taken");
    assert_eq!(room.state.turned(at(301)), Some(at(200)), "to hold it does not bring it in again");
    room.ask(301, Verb::Scene { name: "1".into() }).expect("a number will do");
    assert_eq!(room.shown(302), "a");
}

#[test]
fn what_cannot_be_done_changes_nothing_and_says_why() {
    let mut room = Room::new(&["a"]);
    let said = |room: &mut Room, verb| room.ask(0, verb).expect_err("is refused").0;
    assert_eq!(said(&mut room, Verb::Next), "this wall has only one scene");
    assert!(said(&mut room, Verb::Scene { name: "z".into() }).contains("no scene `z`; the wall has a"));
    let banner = |text: &str| Verb::Banner { text: text.into(), severity: Weight::Info };
    assert!(said(&mut room, banner(" \n\u{7}\u{202e}")).contains("empty"));
    assert!(said(&mut room, banner(&"x".repeat(201))).contains("201 characters"));
    let nothing = Request { verb: Verb::Black, lasts: Some(Lasting::from_secs(0)) };
    assert!(room.state.apply(&nothing, "jo", at(0), (&room.rundown, (0, None))).is_err());
    assert_eq!(room.state, State::default());
    assert!(Room::new(&[]).ask(0, Verb::Hold).is_err());
}

#[test]
fn a_banner_is_one_line_and_everything_is_cleared() {
    let mut room = Room::new(&["a", "b"]);
    let banner = Verb::Banner { text: " Doors\nopen\tat 9 ".into(), severity: Weight::Alarm };
    room.ask(0, banner).expect("is taken");
    let kept = standing(&room.state.banner, at(1)).expect("stands");
    assert_eq!((kept.what.text.as_str(), kept.by.as_str(), kept.until), ("Doors open at 9", "jo", at(1_800)));
    assert!(standing(&room.state.banner, at(1_800)).is_none(), "it has an end");
    room.ask(2, Verb::Black).expect("is taken");
    room.ask(2, Verb::Hold).expect("is taken");
    room.ask(3, Verb::Clear { what: Clearing::Black }).expect("is taken");
    assert!(room.state.black.is_none() && room.state.banner.is_some() && room.state.scene.is_some());
    room.ask(4, Verb::Clear { what: Clearing::All }).expect("is taken");
    assert_eq!(room.state, State { released: Some(at(4)), ..State::default() });
}

#[test]
fn longer_than_a_day_is_refused_and_a_clock_set_back_ends_it() {
    let mut room = Room::new(&["a", "b"]);
    let week = Request { verb: Verb::Black, lasts: Some(Lasting::from_secs(7 * 86_400)) };
    let refused = room.state.apply(&week, "jo", at(0), (&room.rundown, (0, None))).expect_err("too long");
    assert!(refused.0.contains("at most 24 h"), "{refused:?}");
    let day = Request { verb: Verb::Black, lasts: Some(Lasting::from_secs(86_400)) };
    room.state.apply(&day, "jo", at(0), (&room.rundown, (0, None))).expect("is taken");
    let kept = room.state.black.clone().expect("stands");
    assert_eq!(kept.until, at(86_400));
    assert!(kept.stands(at(-30)), "a second or two do no harm");
    assert!(!kept.stands(at(-3_600)), "else it would last an hour longer than anybody asked");
}

#[test]
fn a_scene_that_is_gone_is_not_waited_for() {
    let mut room = Room::new(&["a", "b"]);
    room.ask(0, Verb::Scene { name: "b".into() }).expect("is taken");
    let others = rundown(&["a", "c"]);
    assert_eq!(room.state.chosen(&others.scenes, at(1)), None);
    room.state.fit(&others);
    assert_eq!(room.state.scene, None);
}

#[test]
fn a_mode_has_its_own_scenes_until_it_ends() {
    let mut room = Room::with_modes(&["a", "b", "c"], &[("day", &[0, 1]), ("tour", &[2]), ("talk", &[1, 2])]);
    let name = |name: &str| Verb::Mode { name: name.into() };
    assert_eq!((room.mode(0), room.shown(60)), (Some("day"), "b"));
    room.ask(0, Verb::Scene { name: "a".into() }).expect("is taken");
    room.ask(1, name("tour")).expect("is taken");
    assert_eq!((room.mode(1), room.shown(1)), (Some("tour"), "c"), "a scene chosen before would hide it");
    assert!(
        room.ask(2, Verb::Next).expect_err("is refused").0.contains("the mode `tour` has only one scene")
    );
    room.ask(3, name("3")).expect("a number will do");
    let before = room.shown(4).to_owned();
    room.ask(4, Verb::Next).expect("is taken");
    assert!(room.shown(5) != before && room.shown(5) != "a", "next goes round in the mode");
    room.ask(6, Verb::Clear { what: Clearing::Mode }).expect("is taken");
    assert_eq!((room.mode(6), room.state.turned(at(6))), (Some("day"), Some(at(6))));
    room.ask(7, name("talk")).expect("is taken");
    assert_eq!((room.mode(7 + 4 * 3_600 - 1), room.mode(7 + 4 * 3_600)), (Some("talk"), Some("day")));
    let said = room.ask(8, name("party")).expect_err("is refused").0;
    assert_eq!(said, "there is no mode `party`; the wall has day, tour, talk");
    assert!(Room::new(&["a"]).ask(0, name("x")).expect_err("is refused").0.contains("has no modes"));
    room.state.fit(&rundown(&["a"]));
    assert_eq!(room.state.mode, None, "a mode that is gone is not waited for");
}

#[test]
fn panels_are_asked_for_one_or_all_and_follow_the_plan_afterwards() {
    use crate::control::power::wanted;
    let mut room = Room::new(&["a"]);
    let refused = room.ask(0, Verb::Rest { display: None }).expect_err("is refused").0;
    assert!(refused.contains("no display of this wall has a `panel`"), "{refused}");
    let panel = |name: &str| (name.to_owned(), crate::layout::panel::PanelSpec::Output);
    let power = PowerSpec { panels: vec![panel("left"), panel("right")], ..PowerSpec::default() };
    room.rundown.power = power.into();
    let rests = |room: &Room, secs: i64| {
        // By a clock that has been set.
        let now = Time::from_secs(2_000_000_000 + secs);
        ["left", "right"].map(|display| wanted(&room.rundown.power, &room.state, display, now).rests)
    };
    let ask = |room: &mut Room, secs: i64, verb| {
        let now = Time::from_secs(2_000_000_000 + secs);
        room.state.apply(&Request::plain(verb), "jo", now, (&room.rundown, (0, None)))
    };
    ask(&mut room, 0, Verb::Rest { display: None }).expect("is taken");
    assert_eq!(rests(&room, 5), [true, true]);
    ask(&mut room, 10, Verb::Wake { display: Some("left".into()) }).expect("is taken");
    assert_eq!(rests(&room, 10), [false, true]);
    let now = Time::from_secs(2_000_000_010);
    assert_eq!(room.state.next_end(now), Some(now + Duration::from_secs(2 * 3_600)));
    assert_eq!(rests(&room, 8 * 3_600), [false, false], "each has its end");
    let refused = ask(&mut room, 20, Verb::Rest { display: Some("lefd".into()) }).expect_err("is refused").0;
    assert_eq!(refused, "there is no display `lefd` with a panel; the wall has left, right");
    ask(&mut room, 30, Verb::Clear { what: Clearing::Power }).expect("is taken");
    assert_eq!(rests(&room, 30), [false, false]);
    ask(&mut room, 40, Verb::Rest { display: Some("right".into()) }).expect("is taken");
    room.state.fit(&rundown(&["a"]));
    assert!(room.state.power.is_empty(), "a panel that is gone is not waited for");
}
