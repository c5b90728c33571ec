//! What the pulse wants kept beside the mentions.

use std::io::{BufRead as _, BufReader};
use std::time::Duration;

use fishbowl::journal::Journal;
use fishbowl::mention::source::{MAX_NOTE, Note, NoteKind};
use rusqlite::Connection;

use super::kill;
use super::make::*;

const DAY: Duration = Duration::from_secs(86_400);

fn note(kind: NoteKind, key: (i64, i64), body: &[u8]) -> Note {
    Note { kind, key, body: body.into() }
}

/// All notes, read two at a time.
fn all(journal: &Journal) -> Vec<Note> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (notes, next) = journal.notes(after, 2).expect("they can be read");
        all.extend(notes);
        after = next;
        if after.is_none() {
            return all;
        }
    }
}

#[test]
fn the_last_note_of_a_key_stays_and_an_empty_one_takes_it_away() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let case = |body: &[u8]| note(NoteKind::Case, (i64::MIN, i64::MAX), body);
    let alert = |at, body: &[u8]| note(NoteKind::Alert, (at, 5), body);
    journal.note(&[case(b"one"), alert(7, b"x"), alert(8, b"y"), alert(9, b"z")]).expect("kept");
    journal.note(&[case(b"two"), alert(8, b"")]).expect("kept");
    drop(journal);
    assert_eq!(all(&desk.open()), [alert(7, b"x"), alert(9, b"z"), case(b"two")]);
    assert!(desk.all().is_empty(), "they are no mentions");
}

#[test]
fn a_note_is_as_large_as_it_may_be_whoever_wrote_it() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let case = |at, bytes| note(NoteKind::Case, (1, at), &vec![7; bytes]);
    journal.note(&[case(1, MAX_NOTE), case(2, MAX_NOTE + 1)]).expect("the rest is kept");
    drop(journal);
    let conn = Connection::open(desk.path()).expect("it opens");
    let put = "INSERT INTO note (kind, a, b, body) VALUES (?1, 3, ?2, ?3)";
    conn.execute(put, (3, 3, vec![7; MAX_NOTE * 4])).expect("it is writable");
    conn.execute(put, (99, 4, vec![7])).expect("it is writable");
    conn.execute(put, (3, 5, "words")).expect("it is writable");
    drop(conn);
    assert_eq!(all(&desk.open()), [case(1, MAX_NOTE)]);
}

#[test]
fn each_kind_grows_old_in_its_own_time() {
    let mut desk = Desk::new();
    desk.plan.settings.keep = 3 * DAY;
    let mut journal = desk.open();
    let at = START.0;
    let notes = [
        note(NoteKind::Tally, (5, at), b"a quarter"),
        note(NoteKind::Tally, (5, -1), b"for ever"),
        note(NoteKind::Alert, (at, 5), b"an alert"),
        note(NoteKind::Case, (5, at), b"a case"),
    ];
    journal.note(&notes).expect("kept");
    let after = |journal: &mut Journal, days: u32| {
        desk.plan.clock.set(START + DAY * days + Duration::from_secs(1));
        journal.tend().expect("it is well");
        all(journal).len()
    };
    assert_eq!([2, 3, 8, 9, 400].map(|days| after(&mut journal, days)), [4, 2, 2, 1, 1]);
    assert_eq!(all(&journal)[0], notes[1]);
}

#[test]
fn a_journal_without_notes_is_brought_up_to_date() {
    let desk = Desk::new();
    told(&mut desk.open(), vec![said("a", "one")]);
    let conn = Connection::open(desk.path()).expect("it opens");
    conn.execute_batch("DROP TABLE note; PRAGMA user_version = 1").expect("it is writable");
    drop(conn);
    assert_eq!(desk.all().len(), 1, "it can be read as it is");
    let mut journal = desk.open();
    assert!(all(&journal).is_empty());
    journal.note(&[note(NoteKind::Alert, (1, 2), b"x")]).expect("kept");
    assert_eq!((all(&journal).len(), desk.all().len()), (1, 1));
}

#[test]
fn notes_survive_kill_9() {
    let desk = Desk::new();
    let mut child = kill::writer(&desk, true);
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
    let told = |line: String| line.rsplit_once("noted ").and_then(|(_, n)| n.parse::<usize>().ok());
    let safe = lines.filter_map(told).nth(20).expect("it writes");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let kept = all(&desk.open());
    assert!(kept.len() >= safe, "{safe} were safe, {} are there", kept.len());
    assert!((0_i64..).zip(&kept).all(|(i, kept)| *kept == note(NoteKind::Alert, (i, i), b"raised")));
}
