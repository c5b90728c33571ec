//! What moderators want to be seen: pinned texts, and approved ones again.

use super::*;

#[test]
fn what_is_pinned_stands_before_all_others_until_it_is_not() {
    let mut run = Run::new(&wall("approve = \"all\""), START);
    run.hear((1..=40).map(|n| said(n, &format!("public:{n}"), START, "I love the")).collect());
    (1..=40).for_each(|n| run.decide(&format!("public:{n}"), GateAct::Approve));
    run.marks(Duration::from_secs(1));
    run.decide("public:3", GateAct::Pin);
    // Long after the others have moved on.
    for step in 0..200 {
        assert!(run.marks(Duration::from_secs(1)).contains(&marker(3)), "step {step}");
    }
    assert_eq!(run.snapshot.pinned.len(), 1);
    run.decide("public:3", GateAct::Hide);
    assert!(!run.marks(Duration::from_millis(1)).contains(&marker(3)));
    assert_eq!(run.snapshot.pinned.len(), 0);
}

#[test]
fn approved_texts_come_again_while_nothing_new_passes() {
    let newest = |quiet: &str| {
        let mut run = Run::new(&wall(&format!("approve = \"all\"\nquiet = \"{quiet}\"")), START);
        run.hear((1..=5).map(|n| said(n, &format!("public:{n}"), START, "I love the")).collect());
        (1..=5).for_each(|n| run.decide(&format!("public:{n}"), GateAct::Approve));
        let mut newest = Vec::new();
        for _ in 0..120 {
            run.drawn(Duration::from_secs(1));
            newest.extend(run.snapshot.all.latest.first().map(|shown| shown.mention.uid.to_string()));
        }
        newest.dedup();
        newest.len()
    };
    assert_eq!((newest("still"), newest("shuffle")), (5, 5 + 9));
}
