//! Tests of the queues: limits, who decided, and what notes bring back.

use std::path::Path;

use super::*;
use crate::clock::Time;
use crate::layout::gate::{GateTable, Profanity};
use crate::pulse::enrich::Enricher;

const NOW: Time = Time::from_secs(1_800_000_000);

/// A moment later than all before.
fn later() -> Time {
    static AT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    NOW + std::time::Duration::from_secs(AT.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}

fn gate() -> Gate {
    Gate::new(&GateTable::default().spec(Path::new(""))).expect("it has no queries")
}

fn consider(gate: &mut Gate, number: usize, live: bool) -> bool {
    let uid = format!("a:{number}");
    let at = NOW + std::time::Duration::from_secs(number as u64);
    let mut mention = Mention::new(&"a".into(), &uid, at, at).with_text(&format!("text {number}"));
    mention.uid = uid.as_str().into();
    let learnt = Enricher::default().learn(&mention);
    gate.consider(Arc::new(mention), &learnt, (NOW, NOW), (&[], live), None)
}

fn waiting(gate: &mut Gate) -> Vec<String> {
    let (view, _) = gate.draw(later(), FxHashSet::default);
    let waiting = view.queued.iter().filter(|queued| queued.passage == Passage::Waiting);
    waiting.map(|queued| queued.mention.uid.to_string()).collect()
}

#[test]
fn the_oldest_that_wait_are_let_go_and_the_past_makes_no_room_for_itself() {
    let mut gate = gate();
    (0..WAITING + 10).for_each(|number| assert!(!consider(&mut gate, number, true)));
    assert_eq!(gate.draw(later(), FxHashSet::default).0.counts, [WAITING, 0, 0, 0, 0]);
    assert!(gate.entries.contains_key("a:10") && !gate.entries.contains_key("a:9"));
    consider(&mut gate, 5, false);
    assert!(!gate.entries.contains_key("a:5"), "it is older than all that wait");
    assert_eq!(waiting(&mut gate)[0], format!("a:{}", WAITING + 9), "the newest first");
    assert!(!gate.draw(later(), FxHashSet::default).1, "nothing has changed since");
}

#[test]
fn the_past_has_the_order_in_which_it_came_however_it_is_told() {
    let mut gate = gate();
    // In pieces from the latest back, each from its beginning on; then something new.
    for piece in [40..60, 20..40, 0..20] {
        piece.for_each(|number| assert!(!consider(&mut gate, number, false)));
    }
    consider(&mut gate, 60, true);
    let order: Vec<String> = (0..=60).rev().map(|number| format!("a:{number}")).collect();
    assert_eq!(waiting(&mut gate), order);
}

#[test]
fn the_last_word_wins_and_says_whose_it_is() {
    let mut gate = gate();
    consider(&mut gate, 1, true);
    let ask = |gate: &mut Gate, act, by: &str, secs: u64| {
        let command = GateCommand { mention: "a:1".into(), words: None, act, by: by.into() };
        gate.decide(&command, NOW + std::time::Duration::from_secs(secs))
    };
    assert!(ask(&mut gate, GateAct::Claim, "jo", 0).is_empty());
    assert_eq!(
        gate.draw(later(), FxHashSet::default).0.queued[0].claimed.as_ref().map(|(by, _)| &**by),
        Some("jo")
    );
    assert_eq!(ask(&mut gate, GateAct::Approve, "jo", 1), [("a:1".into(), true)]);
    assert!(ask(&mut gate, GateAct::Approve, "al", 2).is_empty(), "it is shown already");
    assert_eq!(ask(&mut gate, GateAct::Hide, "al", 3), [("a:1".into(), false)]);
    let queued = gate.draw(later(), FxHashSet::default).0.queued[0].clone();
    assert_eq!(
        (queued.passage, queued.by.map(|(by, _)| by.to_string())),
        (Passage::Hidden, Some("al".into()))
    );
    let unknown = GateCommand { mention: "a:2".into(), words: None, act: GateAct::Approve, by: "jo".into() };
    assert!(gate.decide(&unknown, NOW).is_empty());

    // Notes in any order lead to the last decision.
    let notes = gate.take_notes();
    let mut again = super::tests::gate();
    notes.iter().rev().for_each(|note| again.recall_note(note));
    assert!(!consider(&mut again, 1, true));
    assert_eq!(again.draw(later(), FxHashSet::default).0.queued[0].passage, Passage::Hidden);
    let broken = Note { body: b"{".to_vec().into(), ..notes[0].clone() };
    again.recall_note(&broken);
}

#[test]
fn what_stands_on_the_wall_is_not_forgotten_however_much_comes() {
    let table = GateTable {
        approve: Approve::Rules,
        wait: Some("never".into()),
        profanity: Profanity::Allow,
        ..GateTable::default()
    };
    let mut gate = Gate::new(&table.spec(Path::new(""))).expect("the query is right");
    let hold: FxHashSet<Arc<str>> = [Arc::from("a:3")].into_iter().collect();
    (0..DECIDED + SLACK).for_each(|number| assert!(consider(&mut gate, number, true)));
    assert!(!gate.is_over());
    assert!(consider(&mut gate, DECIDED + SLACK, true) && gate.is_over());
    gate.trim(&hold);
    assert!(!gate.is_over() && gate.ruled.len() == DECIDED + 1);
    let knows = |uid: &str| gate.entries.contains_key(uid);
    assert!(knows("a:3") && !knows("a:4") && knows("a:513"));
    let (view, _) = gate.draw(later(), || hold.clone());
    let told: Vec<_> = view.queued.iter().filter(|queued| queued.listed).collect();
    assert_eq!((told.len(), &*told[0].mention.uid), (1, "a:3"), "it is told, however old");
    assert!(view.known("a:600").is_some() && view.known("a:4").is_none());
    let hide = GateCommand { mention: "a:3".into(), words: None, act: GateAct::Hide, by: "jo".into() };
    assert_eq!(gate.decide(&hide, NOW), [("a:3".into(), false)]);
}

#[test]
fn the_oldest_of_too_many_that_are_pinned_is_only_approved() {
    let mut gate = gate();
    for number in 0..PINNED + 2 {
        consider(&mut gate, number, true);
        let pin = GateCommand {
            mention: format!("a:{number}").into(),
            words: None,
            act: GateAct::Pin,
            by: "jo".into(),
        };
        assert_eq!(gate.decide(&pin, NOW).len(), 1);
    }
    let (view, _) = gate.draw(later(), FxHashSet::default);
    assert_eq!((view.counts, view.pinned.len()), ([0, 2, 0, 0, PINNED], PINNED));
    assert_eq!(&*view.pinned[0].mention.uid, format!("a:{}", PINNED + 1), "the latest first");
    let undo = GateCommand { mention: "a:5".into(), words: None, act: GateAct::Undo, by: "jo".into() };
    assert_eq!(gate.decide(&undo, NOW), [("a:5".into(), false)]);
    assert_eq!(gate.draw(later(), FxHashSet::default).0.pinned.len(), PINNED - 1);
}

#[test]
fn a_mention_that_is_gone_is_in_no_queue() {
    let mut gate = gate();
    consider(&mut gate, 1, true);
    gate.forget("a:1");
    assert_eq!(gate.draw(later(), FxHashSet::default).0.counts, [0; 5]);
    assert!(gate.entries.is_empty() && gate.waiting.is_empty());
}
