//! Journals with damage: what can be read is read, and the rest is said.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fishbowl::clock::Time;
use fishbowl::journal::{History, Journal, JournalError, Keeping, Kept, Seq, probe, repair};
use fishbowl::mention::source::{Note, NoteKind};
use rusqlite::{Connection, OpenFlags};

use super::make::*;

const MENTIONS: u32 = 5_000;

/// Has so many mentions in it, in two stretches, and nothing in its log.
fn filled() -> Desk {
    let desk = Desk::new();
    let mut journal = desk.open();
    for first in (0..MENTIONS).step_by(500) {
        let all =
            (first..first + 500).map(|i| said(&i.to_string(), &format!("{i} {}", "some words ".repeat(9))));
        told(&mut journal, all.collect());
    }
    desk.pass(fishbowl::journal::ERASED_WITHIN);
    journal.tend().expect("it is well");
    desk
}

/// Numbers without end, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// Damages a file in one of several ways.
fn damage(path: &Path, seed: u64) {
    let (mut dice, mut bytes) =
        (Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1), fs::read(path).expect("it is there"));
    let length = bytes.len();
    match seed % 5 {
        0 => bytes.truncate(dice.below(length)),
        1 => {
            let at = dice.below(length - 9_000);
            bytes[at..at + 9_000].fill(0xa5);
        }
        more => {
            for _ in 0..[2, 40, 400][more as usize - 2] {
                bytes[dice.below(length)] ^= 1 + dice.below(255) as u8;
            }
        }
    }
    fs::write(path, bytes).expect("it can be written");
}

/// Places of mentions that SQLite gives one by one and whose bytes can be understood.
fn readable(path: &Path) -> BTreeSet<i64> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let Ok(conn) = Connection::open_with_flags(path, flags) else { return BTreeSet::new() };
    let _ = conn.pragma_update(None, "writable_schema", true);
    let one =
        "SELECT uid, ts, received, version, state, body, (SELECT name FROM name WHERE id = source), digest
               FROM mention WHERE seq = ?1";
    let Ok(mut read) = conn.prepare(one) else { return BTreeSet::new() };
    let can = |seq: &i64| {
        let whole = read.query_row([seq], |row| {
            row.get::<_, String>(0)?;
            (1..5).try_for_each(|i| row.get::<_, i64>(i).map(drop))?;
            row.get::<_, String>(6)?;
            row.get::<_, Option<Vec<u8>>>(7)?;
            row.get::<_, Vec<u8>>(5)
        });
        whole.is_ok_and(|body| probe::rewritten(&body).is_some())
    };
    (1..=i64::from(MENTIONS)).filter(can).collect()
}

/// What of the journal is read, and how many mentions are said to be lost.
fn read(path: &Path) -> Result<(Vec<Kept>, u64), JournalError> {
    let mut history = History::open(path, Time(i64::MIN), Seq(i64::MAX))?;
    let all = (&mut history).collect::<Result<Vec<_>, _>>()?.concat();
    Ok((all, history.lost()))
}

fn read_back(path: &Path) -> (Vec<Kept>, u64) {
    let mut history =
        History::open(path, Time(i64::MIN), Seq(i64::MAX)).expect("it was opened before").back();
    let (mut all, mut lost) = (Vec::new(), 0);
    loop {
        let next = history.next();
        lost += history.take_lost().iter().map(|lost| lost.mentions).sum::<u64>();
        match next {
            Some(chunk) => all.splice(0..0, chunk.expect("what is damaged is passed over")),
            None => return (all, lost),
        };
    }
}

fn note(lost: &fishbowl::journal::Lost) -> Note {
    Note { kind: NoteKind::Deaf, key: (-1, lost.from.0), body: [1].into() }
}

#[test]
fn a_hundred_damaged_journals_tell_what_can_be_read_and_say_what_is_lost() {
    let whole = filled();
    let (mut damaged, mut refused, mut saved) = (0, 0, 0);
    for seed in 0..100 {
        let desk = Desk::new();
        fs::copy(whole.path(), desk.path()).expect("it is there");
        damage(desk.path(), seed);
        let can = readable(desk.path());
        match read(desk.path()) {
            Err(_) => {
                refused += 1;
                assert!(can.is_empty(), "{seed}: {} can be read", can.len());
            }
            Ok((all, lost)) => {
                let found: BTreeSet<i64> = all.iter().map(|kept| kept.seq.0).collect();
                assert_eq!(found.len(), all.len(), "{seed}: each once");
                let hidden = can.difference(&found).count();
                assert_eq!(hidden, 0, "{seed}: of {} are hidden", can.len());
                let missing = u64::from(MENTIONS) - found.len() as u64;
                assert_eq!(lost > 0, missing > 0, "{seed}: {missing} are missing, {lost} are lost");
                assert!(lost <= missing, "{seed}: {missing} are missing, {lost} are lost");
                damaged += u32::from(lost > 0);
                let back = read_back(desk.path());
                assert_eq!((back.0.len(), back.1), (all.len(), lost), "{seed}: backwards");
            }
        }
        // Whatever comes of it: it may not break.
        let opened = desk.plan.open().map(|mut journal| drop(journal.tend()));
        drop(opened);
        if seed % 4 == 1 {
            saved += u32::from(is_saved(desk.path(), &can));
        }
    }
    assert!(
        damaged >= 50 && refused <= 20 && saved >= 15,
        "{damaged} damaged, {refused} refused, {saved} saved"
    );
}

/// Whether a repair saves all that can be read, and keeps the old file.
fn is_saved(path: &Path, can: &BTreeSet<i64>) -> bool {
    let Ok(done) = repair(path, note) else { return can.is_empty() };
    let (all, lost) = read(path).expect("it is whole");
    assert!(done.saved as usize >= can.len() && all.len() as u64 == done.saved && done.old.exists());
    lost == 0
}

#[test]
fn a_damaged_row_hides_no_other_and_is_noticed_wherever_it_stands() {
    let whole = filled();
    for seq in [1, 2, 1_000, 4_095, 4_096, 4_097, i64::from(MENTIONS)] {
        let desk = Desk::new();
        fs::copy(whole.path(), desk.path()).expect("it is there");
        let conn = Connection::open(desk.path()).expect("it opens");
        conn.execute("UPDATE mention SET body = x'ffff' WHERE seq = ?1", [seq]).expect("it is writable");
        drop(conn);
        let (all, lost) = read(desk.path()).expect("it can be read");
        assert_eq!((all.len(), lost), (MENTIONS as usize - 1, 1), "{seq}");
        let mut back = History::open(desk.path(), Time(i64::MIN), Seq(i64::MAX)).expect("it opens").back();
        let (mut rows, mut lost) = (0, Vec::new());
        while let Some(chunk) = back.next() {
            rows += chunk.expect("it can be read").len();
            lost.extend(back.take_lost());
        }
        lost.extend(back.take_lost());
        assert_eq!(
            (rows, lost.iter().map(|lost| lost.mentions).collect::<Vec<_>>()),
            (4_999, vec![1]),
            "{seq}"
        );
    }
}

/// The bytes of a place of two bytes as SQLite writes it before the row's header, whose length follows.
fn cell_of(seq: u16) -> [u8; 2] {
    [0x80 | (seq >> 7) as u8, (seq & 0x7f) as u8]
}

#[test]
fn a_row_that_claims_the_place_of_another_does_not_hide_it() {
    let whole = filled();
    let intact = read(whole.path()).expect("it can be read").0;
    for (seq, claimed) in [(1_000, 1_002), (1_000, 1_001), (1_000, 1_500), (2_000, 1_999), (2_000, 1_700)] {
        let desk = Desk::new();
        let mut bytes = fs::read(whole.path()).expect("it is there");
        let is_cell = |at: &usize| {
            let row = &intact[usize::from(seq) - 1].mention;
            bytes[*at..*at + 2] == cell_of(seq)
                && bytes[*at + 3..*at + 40].windows(row.uid.len()).any(|part| part == row.uid.as_bytes())
        };
        let at: Vec<usize> = (0..bytes.len() - 40).filter(is_cell).collect();
        assert_eq!(at.len(), 1, "{seq} is found in the file once");
        bytes[at[0]..at[0] + 2].copy_from_slice(&cell_of(claimed));
        fs::write(desk.path(), bytes).expect("it can be written");
        for (all, lost) in [read(desk.path()).expect("it can be read"), read_back(desk.path())] {
            let wrong = all.iter().find(|kept| **kept != intact[kept.seq.0 as usize - 1]);
            assert_eq!(wrong.map(|kept| kept.seq), None, "{seq} claims {claimed}");
            assert_eq!((all.len(), lost), (MENTIONS as usize - 1, 1), "{seq} claims {claimed}");
        }
    }
}

#[test]
fn what_was_deleted_for_its_age_is_not_lost() {
    let mut desk = Desk::new();
    desk.plan.settings.keep = std::time::Duration::from_secs(86_400);
    let mut journal: Journal = desk.open();
    for first in (0..MENTIONS).step_by(500) {
        told(&mut journal, (first..first + 500).map(|i| said(&i.to_string(), "old")).collect());
    }
    desk.pass(std::time::Duration::from_secs(3 * 86_400));
    for _ in 0..9 {
        journal.tend().expect("it is well");
        let (all, lost) = read(desk.path()).expect("it can be read");
        assert!(all.len() < MENTIONS as usize && lost == 0, "{} and {lost}", all.len());
    }
}

#[test]
fn a_journal_whose_first_page_is_gone_is_repaired() {
    let desk = filled();
    let mut bytes = fs::read(desk.path()).expect("it is there");
    bytes[20..8_192].fill(0);
    fs::write(desk.path(), bytes).expect("it can be written");
    assert!(read(desk.path()).is_err() && desk.plan.open().is_err());
    let done = repair(desk.path(), note).expect("it is saved");
    assert_eq!((done.saved, done.lost), (u64::from(MENTIONS), 0));
    let (all, lost) = read(desk.path()).expect("it is whole");
    assert_eq!((all.len(), lost, done.old.exists()), (MENTIONS as usize, 0, true));
    let mut journal = desk.open();
    assert_eq!(told(&mut journal, vec![said("17", "again"), said("new", "new")]).len(), 2);
}

/// What a wall reads of a journal that it cannot write: mentions, and why it cannot.
fn instead(desk: &Desk) -> (usize, String) {
    let Keeping::Failed(_, why, Some(substitute)) = Keeping::start(Some(desk.plan.clone())) else {
        panic!("it cannot be written, and a copy of it can be read");
    };
    assert_ne!(substitute.path(), desk.path());
    let (all, _) = read(substitute.path()).expect("the copy can be read");
    (all.len(), why.to_string())
}

#[test]
fn a_damaged_head_hides_no_mention() {
    let whole = filled();
    let first = |seed: u64| {
        let desk = Desk::new();
        let (mut dice, mut bytes) = (Dice(seed | 1), fs::read(whole.path()).expect("it is there"));
        (0..8).for_each(|_| bytes[dice.below(100)] ^= 1 + dice.below(255) as u8);
        // The name by which SQLite knows its files.
        bytes[seed as usize % 16] ^= 0x80;
        fs::write(desk.path(), &bytes).expect("it can be written");
        (desk, bytes)
    };
    for seed in 1..9 {
        let (desk, bytes) = first(seed);
        let (read, why) = instead(&desk);
        assert_eq!(read, MENTIONS as usize, "{seed}");
        assert!(why.contains("is damaged") && why.contains("journal repair"), "{why}");
        assert_eq!(fs::read(desk.path()).expect("it is there"), bytes, "it is left as it is");
        let beside = desk.path().parent().expect("a folder").read_dir().expect("it can be listed");
        let names = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
        let copies = beside.map(names).filter(|name| name.to_string_lossy().contains(".copy")).count();
        assert_eq!(copies, 0, "the copy is gone");
        let mut out = Vec::new();
        let told = fishbowl::feed::export(desk.path(), None, None, &mut out).expect("it is exported");
        assert_eq!((told.written, told.lost), (u64::from(MENTIONS), 0));
    }
}

#[test]
fn what_lies_beside_a_journal_hides_no_mention() {
    let whole = filled();
    let desk = Desk::new();
    fs::copy(whole.path(), desk.path()).expect("it is there");
    let log = desk.path().to_string_lossy().into_owned() + "-wal";
    fs::create_dir(&log).expect("a folder in its place");
    assert_eq!(instead(&desk).0, MENTIONS as usize);
    let done = repair(desk.path(), note).expect("it is repaired");
    assert_eq!((done.saved, done.lost), (u64::from(MENTIONS), 0));
}

#[test]
fn a_file_of_another_program_is_no_damaged_journal() {
    let desk = Desk::new();
    let other = Connection::open(desk.path()).expect("it can be made");
    other
        .execute_batch(
            "CREATE TABLE mention (seq INTEGER PRIMARY KEY, uid TEXT); INSERT INTO mention VALUES (1, 'a');",
        )
        .expect("it can be written");
    drop(other);
    let Keeping::Failed(_, why, None) = Keeping::start(Some(desk.plan.clone())) else {
        panic!("it is foreign")
    };
    assert!(matches!(why, JournalError::Foreign(_)), "{why}");
}
