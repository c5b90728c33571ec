//! Tests of the desk: what is kept, who may what, and that changes are told.

use std::time::Duration;

use super::*;
use crate::control::state::standing;
use crate::control::who::Role;

fn desk(clock: &Clock) -> Desk {
    let desk = Desk::new(clock.clone(), Sources::default());
    let scene = |name: &str| crate::layout::wall::Scene {
        name: name.into(),
        title: None,
        show_for: Duration::from_secs(60),
        on_alert: None,
        tiles: vec![],
    };
    desk.inner().rundown.scenes = [scene("a"), scene("b")].into();
    desk
}

fn banner(text: &str) -> Request {
    Request::plain(Verb::Banner { text: text.into(), severity: Default::default() })
}

#[test]
fn what_is_asked_is_kept_and_holds_after_a_restart() {
    let clock = Clock::simulated(Time::from_secs(1_000));
    let (first, jo) = (desk(&clock), Who::new("jo", Role::Presenter));
    let (sender, mut receiver) = mpsc::channel(4);
    first.keep_in(Some(sender));
    first.act(&jo, &banner("Lunch")).expect("is done");
    let kept = receiver.try_recv().expect("is kept");
    let act: Act = serde_json::from_slice(&kept[1].body).expect("is an act");
    assert_eq!((act.verb.as_str(), act.about.as_str(), act.by.name.as_str()), ("banner", "Lunch", "jo"));
    assert_eq!((kept[0].at(), kept[1].at()), (None, Some(Time::from_secs(1_000))));

    let again = desk(&clock);
    again.recall(&kept);
    let unasked = |desk: &Desk| State { asked: None, ..State::clone(&desk.state()) };
    assert_eq!(unasked(&again), unasked(&first));
    clock.set(Time::from_secs(1_000 + 1_801));
    assert!(standing(&again.state().banner, clock.now()).is_none(), "an ended one is not revived");

    let newer = desk(&clock);
    newer.act(&jo, &banner("Dinner")).expect("is done");
    newer.recall(&kept);
    let what = newer.state().banner.clone().expect("stands").what.text;
    assert_eq!(what, "Dinner", "what was asked since the start counts more");
    let broken = Note { kind: NoteKind::Control, key: STATE_KEY, body: b"{".to_vec().into() };
    desk(&clock).recall(&[broken]);
}

#[test]
fn roles_may_what_they_may() {
    let clock = Clock::simulated(Time::from_secs(1_000));
    let desk = desk(&clock);
    for role in [Role::Viewer, Role::Moderator] {
        let refused = desk.act(&Who::new("jo", role), &Request::plain(Verb::Next));
        assert!(matches!(refused, Err(Refused::Forbidden(why)) if why.contains("may not `next`")));
    }
    assert_eq!(*desk.state(), State::default());
    assert!(Who::new("jo", Role::Moderator).may(&Verb::Acknowledge { alert: 1 }));
}

#[test]
fn everybody_is_told_of_a_change() {
    let clock = Clock::simulated(Time::from_secs(1_000));
    let desk = desk(&clock);
    let changes = desk.changes();
    assert!(!changes.has_changed().expect("the desk is there"));
    desk.act(&Who::new("jo", Role::Admin), &Request::plain(Verb::Next)).expect("is done");
    assert!(changes.has_changed().expect("the desk is there"));
    let none = desk.act(&Who::new("jo", Role::Admin), &Request::plain(Verb::Acknowledge { alert: 1 }));
    assert_eq!(none, Err(Refused::Missing("no such alert".into())));
}
