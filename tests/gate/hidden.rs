//! What people have hidden does not come back: edited, said again, by another name, or after a restart.

use super::*;

const RULES: &str = "approve = \"rules\"\nwait = \"hate\"";

/// Where a text is.
fn passage(run: &Run, uid: &str) -> (Passage, String) {
    let gate = run.snapshot.gate.clone().expect("there is a gate");
    let one =
        gate.queued.iter().find(|one| *one.mention.uid == *uid).unwrap_or_else(|| panic!("{uid} is known"));
    (one.passage, one.why.to_string())
}

/// Everything that is shown within some seconds.
fn shown(run: &mut Run) -> Vec<String> {
    let mut marks: Vec<String> = (0..40).flat_map(|_| run.marks(Duration::from_millis(250))).collect();
    marks.sort();
    marks.dedup();
    marks
}

fn plain(number: u32, uid: &str, at: Time) -> Mention {
    let mut mention = said(number, uid, at, "");
    (mention.text, mention.links) =
        (Some(format!("these are the words of {}", marker(number)).into()), Vec::new());
    mention
}

#[test]
fn an_edit_of_what_somebody_decided_about_waits() {
    let mut run = Run::new(&wall(RULES), START);
    run.hear((1..=3).map(|n| plain(n, &format!("public:{n}"), START)).collect());
    run.drawn(Duration::from_secs(1));
    run.decide("public:1", GateAct::Hide);
    run.decide("public:2", GateAct::Ban);
    let edits = [(11, 1), (12, 2), (13, 3)].map(|(words, uid)| {
        let mut edit = plain(words, &format!("public:{uid}"), run.now);
        edit.op = Op::Edit;
        // It says somebody else wrote it now.
        edit.author.as_mut().expect("it has one").id = format!("new{uid}").as_str().into();
        edit
    });
    run.hear(edits.into());
    assert_eq!(shown(&mut run), [marker(13)], "nobody had decided about the third");
    assert_eq!(passage(&run, "public:1").0, Passage::Waiting);
    assert_eq!(passage(&run, "public:2"), (Passage::Hidden, "its author is banned".into()));
}

#[test]
fn the_same_words_under_another_number_are_hidden_too_until_they_are_approved() {
    let mut run = Run::new(&wall(RULES), START);
    run.hear(vec![plain(1, "public:1", START)]);
    run.drawn(Duration::from_secs(1));
    run.decide("public:1", GateAct::Hide);
    let mut gone = plain(1, "public:1", run.now);
    (gone.op, gone.text) = (Op::Delete, None);
    run.hear(vec![gone]);
    run.hear(vec![plain(1, "public:2", run.now)]);
    assert_eq!(shown(&mut run), [""; 0]);
    assert_eq!(passage(&run, "public:2"), (Passage::Hidden, "the same words were hidden before".into()));

    // So they are after a restart, also where the past is told from the latest back.
    let mut again = Run::new(&wall(RULES), run.now);
    again.pulse.recall_notes(run.notes.clone());
    again.hear(vec![plain(1, "public:3", again.now)]);
    assert_eq!(shown(&mut again), [""; 0]);
    again.decide("public:3", GateAct::Approve);
    assert_eq!(shown(&mut again), [marker(1)]);
}

#[test]
fn an_approved_text_is_there_after_a_restart_although_its_copy_is_told_first() {
    let all = wall("approve = \"all\"");
    let mut run = Run::new(&all, START);
    run.hear(vec![plain(1, "public:1", START)]);
    run.decide("public:1", GateAct::Approve);
    run.drawn(Duration::from_secs(1));
    let copy = plain(1, "public:2", run.now);
    run.hear(vec![copy.clone()]);
    run.drawn(Duration::from_secs(1));

    let mut again = Run::new(&all, run.now);
    again.pulse.recall_notes(run.notes.clone());
    again.pulse.recall_from(run.now);
    again.pulse.begin_recall();
    for mention in [copy, plain(1, "public:1", START)] {
        again.pulse.recall(vec![Kept { mention, digest: None, counted: true, set_by: 0 }]);
    }
    again.pulse.recalled();
    assert_eq!(shown(&mut again), [marker(1)]);
    assert_eq!(passage(&again, "public:1").0, Passage::Approved);
}

#[test]
fn the_last_decision_counts_also_when_the_clock_was_set_back_before_it() {
    let all = wall("approve = \"all\"");
    let mut run = Run::new(&all, START + Duration::from_secs(1_800));
    let two = || (1..=2).map(|n| plain(n, &format!("public:{n}"), START)).collect::<Vec<_>>();
    run.hear(two());
    run.decide("public:1", GateAct::Approve);
    run.decide("public:2", GateAct::Ban);
    run.decide("public:2", GateAct::Undo);
    run.now = START;
    run.decide("public:1", GateAct::Hide);
    run.decide("public:2", GateAct::Ban);
    run.drawn(Duration::ZERO);
    for is_reversed in [false, true] {
        let mut again = Run::new(&all, START);
        let mut notes = run.notes.clone();
        if is_reversed {
            notes.reverse();
        }
        again.pulse.recall_notes(notes);
        again.hear(two());
        assert_eq!(shown(&mut again), [""; 0]);
        assert_eq!([1, 2].map(|n| passage(&again, &format!("public:{n}")).0), [Passage::Hidden; 2]);
        again.hear(vec![plain(3, "public:3", again.now), said(2, "public:4", again.now, "more of the")]);
        again.drawn(Duration::from_secs(1));
        assert_eq!(passage(&again, "public:4"), (Passage::Hidden, "its author is banned".into()));
    }
}

#[test]
fn whoever_only_has_the_same_name_does_not_pass() {
    let mut run = Run::new(&wall("approve = \"all\"\npass = \"from:ours\""), START);
    let by = |number: u32, handle: &str| {
        let mut mention = plain(number, &format!("public:{number}"), START);
        mention.author.as_mut().expect("it has one").handle = Some(handle.into());
        mention
    };
    let handles = ["ours", "Ours", "ours@evil.example", "ｏurs", "our\u{200b}s", "oürs"];
    run.hear(handles.iter().enumerate().map(|(i, handle)| by(i as u32 + 1, handle)).collect());
    assert_eq!(shown(&mut run), [marker(1), marker(2)]);
}

#[test]
fn a_decision_about_words_that_were_edited_meanwhile_is_none() {
    let mut run = Run::new(&wall("approve = \"all\""), START);
    run.hear(vec![plain(1, "public:1", START)]);
    run.drawn(Duration::from_secs(1));
    let gate = run.snapshot.gate.clone().expect("there is a gate");
    let read = gate.known("public:1").expect("it is known").words;
    let mut edit = plain(2, "public:1", run.now);
    edit.op = Op::Edit;
    run.hear(vec![edit]);
    let approve =
        GateCommand { mention: "public:1".into(), words: Some(read), act: GateAct::Approve, by: "jo".into() };
    run.pulse.moderate(&approve, run.now);
    assert_eq!(shown(&mut run), [""; 0]);
    assert_eq!(passage(&run, "public:1").0, Passage::Waiting);
}
