//! Processes that are killed while they write, and disks that take no more. The writer is this
//! test's own program, started again as the test `child`.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use fishbowl::journal::{Journal, JournalError};
use fishbowl::mention::source::{Batch, Note, NoteKind};
use rusqlite::Connection;

use super::make::*;

const PLACE: &str = "FISHBOWL_TEST_JOURNAL";
const LIMIT: &str = "FISHBOWL_TEST_LIMIT";
const READ: &str = "FISHBOWL_TEST_READ";
const NOTES: &str = "FISHBOWL_TEST_NOTES";
/// Mentions of a batch.
const SIZE: u64 = 100;

fn command(desk: &Desk) -> Command {
    command_of(&env::current_exe().expect("it runs"), desk)
}

fn command_of(program: &Path, desk: &Desk) -> Command {
    let mut command = Command::new(program);
    command.args(["--exact", "journal::kill::child", "--nocapture"]).env(PLACE, desk.path());
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// A process that writes into the journal until it is killed: mentions, or notes.
pub fn writer(desk: &Desk, notes: bool) -> Child {
    let mut command = command(desk);
    if notes {
        command.env(NOTES, "1");
    }
    start(command)
}

/// Writes numbered notes; tells what is safe.
fn note(journal: &mut Journal) {
    for i in 0.. {
        let note = Note { kind: NoteKind::Alert, key: (i, i), body: (*b"raised").into() };
        journal.note(&[note]).expect("it can be kept");
        println!("noted {}", i + 1);
    }
}

fn start(mut command: Command) -> Child {
    command.spawn().expect("it starts")
}

/// Writes numbered mentions until it is killed; tells what is safe.
#[test]
fn child() {
    let Some(path) = env::var_os(PLACE) else { return };
    let mut desk = Desk::new();
    desk.plan.settings.path = path.into();
    if env::var_os(READ).is_some() {
        println!("read {}", desk.all().len());
        return println!("refused: {}", desk.plan.open().map(drop).expect_err("it may not be written"));
    }
    if let Ok(limit) = env::var(LIMIT) {
        return fill(&desk, limit.parse().expect("it is a number"));
    }
    let mut journal = desk.open();
    if env::var_os(NOTES).is_some() {
        return note(&mut journal);
    }
    loop {
        let from = cursor(&journal);
        write(&mut journal, from).expect("it can be kept");
        println!("safe {}", from + SIZE);
    }
}

fn cursor(journal: &Journal) -> u64 {
    let cursors = journal.cursors().expect("it can be read");
    cursors.get("feed").map_or(0, |cursor| cursor.parse().expect("it is a number"))
}

/// The next mentions, some that overlap with those before, and an edit.
fn write(journal: &mut Journal, from: u64) -> Result<(), JournalError> {
    let mut mentions: Vec<_> = (from.saturating_sub(20)..from + SIZE)
        .map(|i| said(&i.to_string(), &format!("number {i} {}", "of many ".repeat(20))))
        .collect();
    mentions.push(version(said(&(from / 2).to_string(), "edited"), 1));
    let cursor = Some((from + SIZE).to_string().into());
    journal.keep(&mut [Batch { cursor, ..batch(mentions) }]).map(drop)
}

#[test]
fn nothing_is_lost_or_doubled_by_kill_9() {
    let desk = Desk::new();
    for round in 1..=8_usize {
        let mut child = writer(&desk, false);
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
        // Other lines are the test harness's.
        let told = |line: String| line.rsplit_once("safe ").and_then(|(_, n)| n.parse::<u64>().ok());
        let safe = lines.filter_map(told).nth(round * 7 % 23).expect("it writes");
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        let journal = desk.open();
        let kept = cursor(&journal);
        assert!(kept >= safe, "round {round}: {safe} were safe, {kept} are there");
        drop(journal);
        let all = desk.all();
        let due: Vec<_> = (0..kept).map(|i| format!("feed:{i}")).collect();
        assert!(
            all.iter().map(|kept| &*kept.mention.uid).eq(due.iter().map(String::as_str)),
            "round {round}"
        );
        let conn = Connection::open(desk.path()).expect("it opens");
        let word: String =
            conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("it can be checked");
        assert_eq!(word, "ok", "round {round}");
    }
}

/// Writes until the disk takes no more, and again when it does.
#[cfg(unix)]
fn fill(desk: &Desk, limit: u64) {
    let mut journal = desk.open();
    allow(limit);
    let mut from = 0;
    let error = loop {
        match write(&mut journal, from) {
            Ok(()) => from += SIZE,
            Err(error) => break error,
        }
    };
    println!("refused: {error}");
    allow(u64::MAX);
    assert_eq!((cursor(&journal), desk.all().len() as u64), (from, from), "nothing of it was kept");
    write(&mut journal, from).expect("there is room again");
    assert_eq!(desk.all().len() as u64, from + SIZE);
    println!("went on");
}

/// Sets the largest file that this process may write.
#[cfg(unix)]
fn allow(bytes: u64) {
    // SAFETY: plain calls on values of this frame; the signal would end the process instead of
    // failing the write.
    unsafe {
        let mut limit = std::mem::zeroed();
        assert_eq!(libc::getrlimit(libc::RLIMIT_FSIZE, &raw mut limit), 0);
        limit.rlim_cur = bytes.min(limit.rlim_max);
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit), 0);
    }
}

#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_undoes_the_whole_transaction() {
    let desk = Desk::new();
    let mut command = command(&desk);
    command.env(LIMIT, "700000");
    let out = start(command).wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success(), "{told}");
    assert!(told.contains("refused: ") && told.contains("went on"), "{told}");
    assert!(told.contains("wall.journal (") || told.contains("no space left to write"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_journal_that_may_not_be_written_can_be_read() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;

    let desk = Desk::new();
    told(&mut desk.open(), vec![said("a", "one"), said("b", "two")]);
    set_permissions(desk.path(), Permissions::from_mode(0o444)).expect("it is ours");
    set_permissions(desk.folder.path(), Permissions::from_mode(0o555)).expect("it is ours");
    // A copy, because what root has built may lie where nobody else comes.
    let place = tempfile::tempdir().expect("a folder");
    set_permissions(place.path(), Permissions::from_mode(0o755)).expect("it is ours");
    let program = place.path().join("child");
    let built = env::current_exe().expect("it runs");
    let copied = Command::new("cp").arg(&built).arg(&program).status().expect("cp runs");
    assert!(copied.success(), "{} cannot be copied", built.display());
    let mut command = command_of(&program, &desk);
    // SAFETY: asks for a number.
    if unsafe { libc::geteuid() } == 0 {
        // Nobody: to root everything may be written.
        command.uid(65_534);
    }
    command.env(READ, "1");
    let out = start(command).wait_with_output().expect("it ends");
    set_permissions(desk.folder.path(), Permissions::from_mode(0o755)).expect("it is ours");
    let told = String::from_utf8_lossy(&out.stdout);
    assert!(
        told.contains("read 2") && told.contains("no permission to write") && told.contains("wall.journal ("),
        "{told}"
    );
}
