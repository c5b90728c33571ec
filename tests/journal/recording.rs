//! The recorder between feeds and pulse.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use arc_swap::ArcSwap;
use fishbowl::journal::{Keeping, Recorder, spawn};
use fishbowl::mention::Op;
use fishbowl::mention::source::{Batch, Nature, Note, NoteKind, Recording};
use tokio::sync::{mpsc, oneshot};

use super::make::*;

/// A recorder with both its ends.
struct Line {
    feeds: mpsc::Sender<Batch>,
    pulse: mpsc::Receiver<Batch>,
    recording: Arc<ArcSwap<Recording>>,
    notes: mpsc::Sender<Vec<Note>>,
    recorder: Recorder,
}

impl Line {
    fn new(desk: &Desk, keeping: Keeping) -> Self {
        let (feeds, input) = mpsc::channel(8);
        let (output, pulse) = mpsc::channel(8);
        let recording = Arc::<ArcSwap<Recording>>::default();
        let clock = desk.plan.clock.clone();
        let (notes, told) = mpsc::channel(8);
        let recorder = spawn(keeping, clock, input, told, output, recording.clone()).expect("a thread");
        Self { feeds, pulse, recording, notes, recorder }
    }

    /// Sends mentions with a receipt; gives back what came through, and whether it is safe.
    fn pass(&mut self, batch: Batch) -> (Batch, bool) {
        let (receipt, safe) = oneshot::channel();
        self.feeds.blocking_send(Batch { receipt: Some(receipt), ..batch }).expect("it is there");
        let batch = self.pulse.blocking_recv().expect("it comes through");
        (batch, safe.blocking_recv().is_ok())
    }

    fn end(self) {
        drop(self.feeds);
        self.recorder.join();
    }
}

fn why(line: &Line) -> String {
    match &**line.recording.load() {
        Recording::Failed { why, .. } => why.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn what_is_receipted_is_in_the_journal() {
    let desk = Desk::new();
    let mut line = Line::new(&desk, Keeping::start(Some(desk.plan.clone())));
    let (batch, safe) = line.pass(batch(vec![said("a", "one"), said("a", "one"), said("b", "two")]));
    assert_eq!((batch.mentions.len(), safe), (2, true));
    assert_eq!(desk.all().len(), 2);
    assert_eq!(**line.recording.load(), Recording::On);
    assert_eq!(line.recorder.tally.kept.load(Ordering::Relaxed), 2);
    assert_eq!(line.recorder.tally.repeats.load(Ordering::Relaxed), 1);
    let play = batch_of("demo", Nature::Simulated, vec![said("a", "one")]);
    let (batch, safe) = line.pass(play);
    assert_eq!((batch.mentions.len(), safe), (1, true));
    line.end();
    desk.open();
}

#[test]
fn without_a_journal_everything_passes_and_is_receipted() {
    let desk = Desk::new();
    let mut line = Line::new(&desk, Keeping::start(None));
    for _ in 0..2 {
        let (batch, safe) = line.pass(batch(vec![said("a", "one")]));
        assert_eq!((batch.mentions.len(), batch.mentions[0].op, safe), (1, Op::Upsert, true));
    }
    assert_eq!(**line.recording.load(), Recording::Off);
    assert!(!desk.path().exists());
    line.end();
}

#[test]
fn a_locked_journal_lets_the_wall_go_on_and_is_tried_again() {
    let desk = Desk::new();
    let other = desk.open();
    let mut line = Line::new(&desk, Keeping::start(Some(desk.plan.clone())));
    let cursor = |cursor: &str, batch| Batch { cursor: Some(cursor.into()), ..batch };
    let (passed, safe) = line.pass(cursor("1", batch(vec![said("a", "one")])));
    assert_eq!((passed.mentions.len(), safe), (1, false));
    assert!(why(&line).contains("is being written by another Fishbowl"), "{}", why(&line));
    drop(other);
    desk.pass(Duration::from_secs(29));
    assert!(!line.pass(cursor("2", batch(vec![said("b", "two")]))).1);
    desk.pass(Duration::from_secs(1));
    let (passed, safe) = line.pass(cursor("3", batch(vec![said("c", "three"), said("a", "one")])));
    assert_eq!((passed.mentions.len(), safe), (1, true), "what waited is known");
    assert_eq!(**line.recording.load(), Recording::On);
    line.end();
    let words: Vec<_> = desk.all().iter().filter_map(|kept| kept.mention.text.clone()).collect();
    assert_eq!(words, ["one".into(), "two".into(), "three".into()]);
    assert_eq!(&*desk.open().cursors().expect("it can be read")["feed"], "3");
}

#[test]
fn a_file_that_is_foreign_stays_so() {
    let desk = Desk::new();
    fs::write(desk.path(), "a letter").expect("it can be written");
    let mut line = Line::new(&desk, Keeping::start(Some(desk.plan.clone())));
    assert!(!line.pass(batch(vec![said("a", "one")])).1);
    assert!(why(&line).contains("is not a Fishbowl journal"), "{}", why(&line));
    desk.pass(Duration::from_secs(60));
    line.pass(batch(vec![said("b", "two")]));
    line.end();
    assert_eq!(fs::read_to_string(desk.path()).expect("it is there"), "a letter");
}

#[test]
fn a_file_that_is_deleted_is_begun_anew_with_its_cursors() {
    let desk = Desk::new();
    let mut line = Line::new(&desk, Keeping::start(Some(desk.plan.clone())));
    line.pass(Batch { cursor: Some("7".into()), ..batch(vec![said("a", "one")]) });
    for file in [desk.path().to_path_buf(), desk.log(), desk.folder.path().join("wall.journal-shm")] {
        fs::remove_file(file).expect("it is there");
    }
    let (passed, safe) = line.pass(batch(vec![said("a", "one"), said("b", "two")]));
    assert_eq!((passed.mentions.len(), safe), (2, true));
    assert_eq!(**line.recording.load(), Recording::On);
    line.end();
    assert_eq!(desk.all().len(), 2);
    assert_eq!(&*desk.open().cursors().expect("it can be read")["feed"], "7");
}

#[test]
fn it_ends_when_nobody_listens() {
    let desk = Desk::new();
    let line = Line::new(&desk, Keeping::start(Some(desk.plan.clone())));
    drop(line.pulse);
    line.feeds.blocking_send(batch(vec![said("a", "one")])).expect("it is there");
    line.recorder.join();
    assert_eq!(desk.all().len(), 1);
}

#[test]
fn a_digest_that_breaks_does_not_stop_the_wall() {
    let mut desk = Desk::new();
    desk.plan.digest = Arc::new(|mention| match mention.text.as_deref() {
        Some("poison") => panic!("a test's"),
        _ => Vec::new(),
    });
    let mut line = Line::new(&desk, Keeping::start(Some(desk.plan.clone())));
    line.pass(batch(vec![said("a", "poison")]));
    let (passed, safe) = line.pass(batch(vec![said("a", "other")]));
    assert_eq!((passed.mentions.len(), safe), (1, false));
    assert!(why(&line).contains("internal error in the recorder"), "{}", why(&line));
    desk.pass(Duration::from_secs(30));
    assert!(line.pass(batch(vec![said("b", "fine")])).1);
    assert_eq!(**line.recording.load(), Recording::On);
    line.end();
}

#[test]
fn notes_are_kept_while_mentions_pass_and_when_the_line_ends() {
    let desk = Desk::new();
    let mut line = Line::new(&desk, Keeping::start(Some(desk.plan.clone())));
    let note = |at| Note { kind: NoteKind::Alert, key: (at, 1), body: (*b"raised").into() };
    line.notes.blocking_send(vec![note(1)]).expect("it is there");
    line.pass(batch(vec![said("a", "one")]));
    line.notes.blocking_send(vec![note(2), note(3)]).expect("it is there");
    line.end();
    assert_eq!(desk.open().notes(None, 10).expect("they can be read").0, [1, 2, 3].map(note));
}
