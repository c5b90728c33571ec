//! Texts of which the gate or the lists have forgotten what they were.

use super::*;

#[test]
fn an_edit_of_a_text_that_the_gate_has_forgotten_is_not_shown() {
    let wall = wall("approve = \"rules\"\nwait = \"hate\"");
    let mut run = Run::new(&wall, START);
    run.hear(vec![said(1, "public:1", START, "I love the")]);
    let shown = |run: &mut Run| run.marks(Duration::from_secs(2)).into_iter().any(|mark| mark == marker(1));
    assert!((0..5).any(|_| shown(&mut run)), "it has passed");
    // More texts without a word of the list than decisions are remembered.
    for chunk in 0..17 {
        let plain = |n: u32| {
            let mut mention = said(0, &format!("public:plain{}", chunk * 1_000 + n), run.now, "");
            mention.text = Some(format!("plain {}", chunk * 1_000 + n).into());
            mention
        };
        run.hear((0..1_000).map(plain).collect());
    }
    run.drawn(Duration::ZERO);
    let mut edited = said(2, "public:1", run.now, "No, I hate the");
    edited.op = Op::Edit;
    run.hear(vec![edited]);
    for _ in 0..20 {
        let marks: Vec<String> = run.marks(Duration::from_millis(500));
        assert!(marks.iter().all(|mark| *mark != marker(2)), "{marks:?}");
    }
}

#[test]
fn what_is_hidden_long_after_it_was_approved_leaves_the_lists() {
    let wall = wall("approve = \"all\"");
    let mut run = Run::new(&wall, START);
    run.hear(vec![said(1, "public:1", START, "I love the")]);
    run.decide("public:1", GateAct::Approve);
    let shown = |run: &mut Run| run.marks(Duration::from_secs(2)).len();
    assert!((0..5).any(|_| shown(&mut run) > 3), "lists have it");
    // More mentions with words than lists remember which words they gave.
    for chunk in 0..67 {
        let plain = |n: u32| {
            let uid = format!("public:plain{}", chunk * 1_000 + n);
            Mention::new(&Arc::from("public"), &uid, run.now, run.now).with_text(&format!("plain {uid}"))
        };
        run.hear((0..1_000).map(plain).collect());
    }
    assert!(shown(&mut run) > 0, "it is still there");
    run.decide("public:1", GateAct::Hide);
    let after: Vec<String> = run.marks(Duration::ZERO);
    assert!(after.is_empty(), "{after:?}");
}
