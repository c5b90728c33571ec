//! Files that cannot be used: each says why and what to do, and is left as it is.

use std::fs;

use fishbowl::clock::Time;
use fishbowl::journal::{History, JournalError, Plan, Seq};
use rusqlite::Connection;

use super::make::*;

fn refusal(plan: &Plan) -> JournalError {
    match plan.open() {
        Ok(_) => panic!("{} was opened", plan.settings.path.display()),
        Err(error) => error,
    }
}

/// Has some thousand mentions in it.
fn filled() -> Desk {
    let desk = Desk::new();
    let mut journal = desk.open();
    for first in (0..4_000).step_by(500) {
        told(
            &mut journal,
            (first..first + 500).map(|i| said(&i.to_string(), &"words ".repeat(40))).collect(),
        );
    }
    desk
}

#[test]
fn two_walls_never_write_one_journal_but_others_may_read_it() {
    let desk = Desk::new();
    let mut journal = desk.open();
    told(&mut journal, vec![said("a", "one")]);
    let error = refusal(&desk.plan);
    let own = std::process::id();
    assert_eq!(error, JournalError::Locked { path: desk.path().into(), by: Some(own) });
    let words = format!("{} is being written by another Fishbowl (process {own}): ", desk.path().display());
    assert!(error.to_string().starts_with(&words), "{error}");
    assert_eq!(journal.wanted_by(), Some(own), "the first is told");
    // Whoever only looks whether it could be written is no second wall.
    let looked = fishbowl::journal::try_lock(desk.path());
    assert_eq!(looked, Err(error));
    desk.pass(std::time::Duration::from_secs(80));
    assert_eq!(journal.wanted_by(), None, "it has given up");
    let history = History::open(desk.path(), Time(0), Seq(i64::MAX)).expect("it can be read");
    assert_eq!(history.head().expect("it can be read"), Seq(1));
    told(&mut journal, vec![said("b", "two")]);
    assert_eq!(history.flat_map(|chunk| chunk.expect("it can be read")).count(), 2);
    drop(journal);
    desk.open();
}

#[test]
fn a_file_that_is_no_journal_is_left_alone() {
    let desk = Desk::new();
    for text in ["[wall]\nname = \"x\"\n", "x", &"not a journal ".repeat(1_000)] {
        fs::write(desk.path(), text).expect("it can be written");
        let error = refusal(&desk.plan);
        assert_eq!(error, JournalError::Foreign(desk.path().into()));
        assert!(error.to_string().contains("is not a Fishbowl journal: use another file"), "{error}");
        let read = History::open(desk.path(), Time(0), Seq(0)).map(drop);
        assert_eq!(read, Err(JournalError::Foreign(desk.path().into())));
        assert_eq!(fs::read_to_string(desk.path()).expect("it is there"), text);
    }
    fs::remove_file(desk.path()).expect("it is there");
    let other = Connection::open(desk.path()).expect("it opens");
    other.execute_batch("CREATE TABLE history (url)").expect("it is writable");
    drop(other);
    assert_eq!(refusal(&desk.plan), JournalError::Foreign(desk.path().into()));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_waited_for_and_said() {
    for is_folder in [true, false] {
        let desk = Desk::new();
        if is_folder {
            fs::create_dir(desk.path()).expect("it can be made");
        } else {
            let name = std::ffi::CString::new(desk.path().as_os_str().as_encoded_bytes()).expect("a path");
            // SAFETY: the name ends with a zero byte and lives until the call returns.
            assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
        }
        let error = refusal(&desk.plan);
        let what =
            if is_folder { "it is a folder, not a file" } else { "it is a pipe or a device, not a file" };
        let words = format!("{} cannot be a journal: {what}; use another file", desk.path().display());
        assert!(error.to_string().starts_with(&words), "{error}");
        assert!(!error.leaves_something());
        assert_eq!(History::open(desk.path(), Time(0), Seq(0)).map(drop), Err(error));
    }
}

#[test]
fn a_newer_journal_is_not_touched() {
    let desk = filled();
    let conn = Connection::open(desk.path()).expect("it opens");
    conn.pragma_update(None, "user_version", 7).expect("it is writable");
    drop(conn);
    let error = refusal(&desk.plan);
    assert_eq!(error, JournalError::Newer { path: desk.path().into(), form: 7 });
    assert!(error.to_string().contains("newer Fishbowl (format 7): update this one"), "{error}");
}

#[test]
fn a_truncated_journal_says_so_wherever_it_was_cut() {
    for length in [50, 4_096, 8_192, 100_000, 262_144, 999_999] {
        let desk = filled();
        let file = fs::OpenOptions::new().write(true).open(desk.path()).expect("it is there");
        assert!(file.metadata().expect("it is there").len() > 1_000_000);
        file.set_len(length).expect("it can be cut");
        let error = refusal(&desk.plan);
        assert!(matches!(&error, JournalError::Damaged { .. }), "cut to {length}: {error:?}");
        assert!(error.to_string().contains("is damaged ("), "{error}");
        let read = History::open(desk.path(), Time(0), Seq(i64::MAX));
        match length {
            0..=8_192 => assert!(read.is_err(), "nothing is left"),
            _ => {
                let mut history = read.expect("something is left");
                let all: usize =
                    (&mut history).map(|chunk| chunk.expect("the rest is passed over").len()).sum();
                assert!(all < 4_000 && history.lost() > 0, "{length}: {all} and {}", history.lost());
            }
        }
    }
}

#[test]
fn bytes_that_were_overwritten_are_found_before_they_are_believed() {
    let desk = filled();
    let mut bytes = fs::read(desk.path()).expect("it is there");
    let half = bytes.len() / 2;
    bytes[half..half + 60_000].fill(0xa5);
    fs::write(desk.path(), bytes).expect("it can be written");
    let mut history = History::open(desk.path(), Time(0), Seq(i64::MAX)).expect("its beginning is sound");
    let read: usize = (&mut history).map(|chunk| chunk.expect("the damage is passed over").len()).sum();
    assert!(read > 3_000 && read as u64 + history.lost() == 4_000, "{read} and {}", history.lost());
    assert!(matches!(refusal(&desk.plan), JournalError::Damaged { .. }));
}

#[test]
fn what_may_not_be_written_says_so() {
    let mut desk = Desk::new();
    desk.plan.settings.path = "/sys/kernel/wall.journal".into();
    let error = refusal(&desk.plan);
    assert!(matches!(error, JournalError::Denied { .. }), "{error:?}");
    assert!(error.to_string().contains("no permission to write"), "{error}");
}

#[test]
fn a_journal_that_is_not_there_is_not_made_by_reading() {
    let desk = Desk::new();
    let error = History::open(desk.path(), Time(0), Seq(0)).map(drop).expect_err("it is not there");
    assert_eq!(error, JournalError::Missing(desk.path().into()));
    assert!(!desk.path().exists());
    desk.open();
    assert!(desk.path().exists());
}

#[test]
fn folders_are_made_and_only_the_owner_may_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut desk = Desk::new();
    desk.plan.settings.path = desk.folder.path().join("state/fishbowl/lobby #1?.journal");
    let mut journal = desk.open();
    told(&mut journal, vec![said("a", "one")]);
    for file in fs::read_dir(desk.path().parent().expect("it has one")).expect("it is there").flatten() {
        let mode = file.metadata().expect("it is there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", file.path());
    }
    assert_eq!(desk.all().len(), 1);
}
