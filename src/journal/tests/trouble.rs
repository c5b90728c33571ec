//! Disks that are full, and ends in the middle of a transaction.

use arc_swap::ArcSwap;
use rusqlite::{Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::super::desk::Desk;
use super::super::write::Writer;
use super::*;
use crate::mention::source::Recording;

/// Lets the file grow by `pages` and no more.
fn fill(journal: &Journal, pages: i64) {
    let now: i64 = journal.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("it is there");
    let set =
        |conn: &Connection| conn.pragma_update_and_check(None, "max_page_count", now + pages, |_| Ok(()));
    set(&journal.conn).expect("it can be set");
}

fn many(first: u32) -> Batch {
    batch((first..first + 500).map(|id| said(id, &"long ".repeat(40))).collect())
}

#[test]
fn a_full_disk_changes_nothing_and_the_journal_goes_on_when_there_is_room() {
    let place = Place::new();
    let mut journal = place.plan.open().expect("it opens");
    journal.keep(&mut [batch(vec![said(0, "before")])]).expect("it keeps");
    fill(&journal, 3);
    let mut batches = [batch(vec![said(0, "edited"), said(1, "one")]), many(10)];
    batches[1].cursor = Some("9".into());
    let error = journal.keep(&mut batches).expect_err("there is no room");
    assert_eq!(error, JournalError::Full(place.plan.settings.path.clone()));
    assert!(error.to_string().starts_with("no space left to write /"), "{error}");
    assert_eq!((journal.head(), place.all().len()), (Seq(1), 1));
    assert!(journal.cursors().expect("it can be read").is_empty());
    fill(&journal, 1_000);
    let left: Vec<_> = batches.iter().map(|batch| batch.mentions.len()).collect();
    assert_eq!(left, [2, 500]);
    assert_eq!(journal.keep(&mut batches).expect("it keeps").kept, 501);
    assert_eq!((place.all().len(), place.all()[0].digest.as_deref()), (502, Some(&b"before"[..])));
}

#[test]
fn the_wall_goes_on_in_memory_and_records_again() {
    let place = Place::new();
    let journal = place.plan.open().expect("it opens");
    fill(&journal, 4);
    let (recording, tally) = (Arc::<ArcSwap<Recording>>::default(), Arc::<Tally>::default());
    let keeping = Keeping::On(Box::new(journal));
    let mut desk = Desk::new(keeping, place.plan.clock.clone(), recording.clone(), tally.clone());
    assert_eq!(**recording.load(), Recording::On);
    let (receipt, mut told) = oneshot::channel();
    let mut batches = [Batch { receipt: Some(receipt), cursor: Some("1".into()), ..many(0) }];
    desk.keep(&mut batches);
    assert_eq!(batches[0].mentions.len(), 500, "they go on to the pulse");
    assert!(told.try_recv().is_err_and(|error| error == oneshot::error::TryRecvError::Closed));
    let Recording::Failed { since, why } = (**recording.load()).clone() else { panic!("it is full") };
    assert!(since == START && why.starts_with("no space left to write"), "{why}");
    let mut batches = [Batch { cursor: Some("2".into()), ..many(400) }];
    desk.keep(&mut batches);
    assert_eq!(batches[0].mentions.len(), 500);
    assert_eq!(place.all().len(), 0);
    place.plan.clock.set(START + Duration::from_secs(30));
    desk.tend();
    assert_eq!(**recording.load(), Recording::On);
    assert_eq!((place.all().len(), tally.kept.load(std::sync::atomic::Ordering::Relaxed)), (900, 900));
    drop(desk);
    assert_eq!(&*place.plan.open().expect("it opens").cursors().expect("it can be read")["feed"], "2");
}

#[test]
fn too_much_to_wait_for_is_counted() {
    let place = Place::new();
    let other = place.plan.open().expect("it opens");
    let tally = Arc::<Tally>::default();
    let keeping = Keeping::start(Some(place.plan.clone()));
    let mut desk = Desk::new(keeping, place.plan.clock.clone(), Arc::default(), tally.clone());
    for first in 0..(MAX_WAITING as u32 / 500 + 4) {
        desk.keep(&mut [many(first * 500)]);
    }
    drop(other);
    desk.close();
    let unrecorded = tally.unrecorded.load(std::sync::atomic::Ordering::Relaxed);
    assert_eq!(unrecorded, 2_000);
    let all = place.all();
    assert_eq!((all.len(), &*all[0].mention.uid), (MAX_WAITING / 500 * 500, "feed:2000"));
}

#[test]
fn a_copy_taken_in_the_middle_of_a_transaction_is_sound() {
    let place = Place::new();
    let mut journal = place.plan.open().expect("it opens");
    journal.keep(&mut [many(0)]).expect("it keeps");
    let work = Transaction::new_unchecked(&journal.conn, TransactionBehavior::Immediate).expect("it begins");
    let mut writer = Writer::new(&journal.conn, &mut journal.memory).expect("it begins");
    (1..20).for_each(|i| writer.take(&mut many(i * 500)).expect("it writes"));
    journal.conn.cache_flush().expect("it writes");
    let copy = Place::new();
    for name in ["wall.journal", "wall.journal-wal"] {
        std::fs::copy(place.folder.path().join(name), copy.folder.path().join(name)).expect("it is there");
    }
    drop(work);
    let mut opened = copy.plan.open().expect("it opens");
    assert!(is_sound(&opened.conn));
    assert_eq!((copy.all().len(), opened.head()), (500, Seq(500)));
    assert_eq!(opened.keep(&mut [many(250)]).expect("it keeps").kept, 250);
}
