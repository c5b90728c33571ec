//! What is too old goes, and the oldest when the file is full.

use std::fs;
use std::time::Duration;

use fishbowl::journal::Journal;
use fishbowl::mention::source::Batch;

use super::make::*;

const DAY: Duration = Duration::from_secs(86_400);
const MIB: u64 = 1 << 20;

/// Bytes of the file and of its log.
fn size(desk: &Desk) -> u64 {
    [desk.path().to_path_buf(), desk.log()]
        .iter()
        .map(|path| fs::metadata(path).map_or(0, |meta| meta.len()))
        .sum()
}

/// Says `count` things now, of about 1 KiB each, in transactions of 500.
fn say(desk: &Desk, journal: &mut Journal, from: u32, count: u32) {
    for first in (from..from + count).step_by(500) {
        let mention = |id: u32| {
            let mut mention = said(&id.to_string(), &"a thing that is said ".repeat(45));
            mention.received = desk.plan.clock.now();
            mention.ts = mention.received;
            mention
        };
        told(journal, (first..first + 500).map(mention).collect());
    }
}

fn tend(journal: &mut Journal, times: usize) {
    (0..times).for_each(|_| journal.tend().expect("it is well"));
}

#[test]
fn days_go_one_after_the_other_and_the_file_shrinks() {
    let mut desk = Desk::new();
    desk.plan.settings.keep = 3 * DAY;
    let mut journal = desk.open();
    for day in 0..5 {
        say(&desk, &mut journal, day * 10_000, 10_000);
        desk.pass(DAY);
    }
    let full = size(&desk);
    tend(&mut journal, 40);
    desk.pass(Duration::from_secs(1));
    tend(&mut journal, 1);
    let oldest = desk.plan.clock.now() - 3 * DAY - Duration::from_secs(1);
    let all = desk.all();
    // A stretch of 4,096 goes when all of it is too old.
    assert!((30_000..34_096).contains(&all.len()), "{} are left", all.len());
    assert!(all.iter().filter(|kept| kept.mention.ts < oldest).count() < 4_096);
    assert!(size(&desk) < full * 4 / 5, "{} of {full}", size(&desk));
    desk.pass(10 * DAY);
    tend(&mut journal, 100);
    desk.pass(Duration::from_secs(1));
    tend(&mut journal, 1);
    assert!(desk.all().is_empty());
    assert!(size(&desk) < 6 * MIB, "{}", size(&desk));
}

#[test]
fn less_than_a_day_is_never_too_old() {
    let mut desk = Desk::new();
    desk.plan.settings.keep = Duration::from_secs(60);
    let mut journal = desk.open();
    say(&desk, &mut journal, 0, 1_000);
    desk.pass(DAY);
    tend(&mut journal, 5);
    assert_eq!(desk.all().len(), 1_000);
}

#[test]
fn a_full_file_loses_the_oldest_and_never_grows_over_its_limit() {
    let mut desk = Desk::new();
    desk.plan.settings.max_bytes = 16 * MIB;
    let mut journal = desk.open();
    for part in 0..20 {
        say(&desk, &mut journal, part * 2_500, 2_500);
        assert!(size(&desk) <= 16 * MIB, "{} after {part}", size(&desk));
    }
    let all = desk.all();
    assert!(all.len() > 8_000, "{} are left", all.len());
    let last = all.iter().rev().map(|kept| kept.seq.0).zip((1..=50_000).rev());
    assert!(last.into_iter().all(|(seq, due)| seq == due), "the newest are left, without a gap");
}

#[test]
fn a_limit_that_was_lowered_is_kept() {
    let mut desk = Desk::new();
    let mut journal = desk.open();
    say(&desk, &mut journal, 0, 40_000);
    assert!(size(&desk) > 40 * MIB);
    drop(journal);
    desk.plan.settings.max_bytes = 20 * MIB;
    let mut journal = desk.open();
    tend(&mut journal, 120);
    desk.pass(Duration::from_secs(1));
    tend(&mut journal, 1);
    assert!((10 * MIB..20 * MIB).contains(&size(&desk)), "{}", size(&desk));
    assert_eq!(desk.all().last().map(|kept| kept.seq.0), Some(40_000));
}

#[test]
fn numbers_go_with_their_days_and_when_the_file_is_full_of_them() {
    let mut desk = Desk::new();
    (desk.plan.settings.keep, desk.plan.settings.max_bytes) = (2 * DAY, 16 * MIB);
    let mut journal = desk.open();
    let count = || {
        let history = fishbowl::journal::History::open(desk.path(), START, fishbowl::journal::Seq(0));
        history.expect("it can be read").samples(START - DAY, 1_000_000).expect("they can be read").len()
    };
    let put = |journal: &mut Journal, from: u64, count: u64| {
        for first in (from..from + count).step_by(1_000) {
            let samples = (first..first + 1_000)
                .map(|i| sample("a/series", START + Duration::from_millis(i), i as f64))
                .collect();
            keep(journal, Batch { samples, ..batch(vec![]) });
            assert!(size(&desk) <= 16 * MIB);
        }
    };
    put(&mut journal, 0, 1_000_000);
    let left = count();
    assert!((200_000..900_000).contains(&left), "{left} are left");
    desk.pass(3 * DAY);
    tend(&mut journal, left / 512 / 3);
    assert_eq!(count(), 0);
}

#[test]
fn a_reader_in_the_middle_of_it_all_sees_each_mention_once() {
    let mut desk = Desk::new();
    desk.plan.settings.max_bytes = 16 * MIB;
    let mut journal = desk.open();
    say(&desk, &mut journal, 0, 9_000);
    let head = journal.head();
    let mut history =
        fishbowl::journal::History::open(desk.path(), START - DAY, head).expect("it can be read");
    let first = history.next().expect("there is one").expect("it can be read");
    say(&desk, &mut journal, 9_000, 12_000);
    let rest: Vec<_> = history.flat_map(|chunk| chunk.expect("it can be read")).collect();
    let seqs: Vec<_> = first.iter().chain(&rest).map(|kept| kept.seq).collect();
    assert!(seqs.windows(2).all(|two| two[0] < two[1]) && *seqs.last().expect("there are") <= head);
}

#[test]
fn a_clock_that_is_weeks_off_deletes_nothing_before_a_day_has_passed_with_it() {
    let mut desk = Desk::new();
    desk.plan.settings.keep = DAY;
    let mut journal = desk.open();
    say(&desk, &mut journal, 0, 5_000);
    drop(journal);
    desk.pass(40 * DAY);
    // As often as it is started anew.
    for hours in [0, 1, 22] {
        let mut journal = desk.open();
        desk.pass(Duration::from_secs(hours * 3_600));
        say(&desk, &mut journal, 10_000 + hours as u32 * 1_000, 500);
        tend(&mut journal, 60);
        let doubt = journal.doubt().unwrap_or_default().to_owned();
        assert!(doubt.starts_with("this machine's clock is 40 days ahead of the journal's"), "{doubt}");
        assert!(desk.all().len() > 5_000);
    }
    let mut journal = desk.open();
    for _ in 0..3 {
        desk.pass(Duration::from_secs(3_600));
        tend(&mut journal, 60);
    }
    assert_eq!((journal.doubt(), desk.all().len()), (None, 6_500 - 4_095), "it was right after all");
    drop(journal);
    // Set back again, it is as little believed.
    desk.plan.clock.set(START + Duration::from_secs(1));
    let mut journal = desk.open();
    tend(&mut journal, 60);
    assert!(journal.doubt().is_some_and(|doubt| doubt.contains("days behind the journal's")));
    assert_eq!(desk.all().len(), 6_500 - 4_095);
}
