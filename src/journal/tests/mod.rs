//! What can only be tested with small runs, keys that meet, and a hand on the connection.

mod model;
mod trouble;

use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::clock::{Clock, Time};
use crate::mention::source::{Batch, FeedState, Nature};
use crate::mention::{Mention, Op};

const START: Time = Time::from_secs(1_800_000_000);

/// A journal in a folder of its own.
struct Place {
    folder: TempDir,
    plan: Plan,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("wall.journal");
        let settings = Settings { path, keep: Duration::from_secs(86_400), max_bytes: 1 << 30 };
        let digest: Digest =
            Arc::new(|mention| mention.text.as_deref().unwrap_or_default().as_bytes().to_vec());
        Self { plan: Plan { settings, clock: Clock::simulated(START), digest }, folder }
    }

    fn all(&self) -> Vec<Kept> {
        let history = History::open(&self.plan.settings.path, Time(i64::MIN), Seq(i64::MAX));
        history.expect("it can be read").flat_map(|chunk| chunk.expect("it can be read")).collect()
    }
}

fn said(id: u32, text: &str) -> Mention {
    let mut mention = Mention::new(&"feed".into(), &id.to_string(), START, START);
    mention.text = Some(text.into());
    mention
}

fn batch(mentions: Vec<Mention>) -> Batch {
    let state = FeedState::new("feed", Nature::Live, Duration::from_secs(60));
    Batch { mentions, ..Batch::of(0, state) }
}

fn is_sound(conn: &Connection) -> bool {
    let sql = "PRAGMA integrity_check";
    conn.query_row(sql, [], |row| row.get::<_, String>(0)).is_ok_and(|word| word == "ok")
}

#[test]
fn runs_are_written_merged_and_read_again() {
    let place = Place::new();
    let open = || place.plan.open_with(40, u64::MAX).expect("it opens");
    let mut journal = open();
    let runs = |journal: &Journal, level: i64| {
        let sql = "SELECT count(*) FROM run WHERE level = ?1";
        journal.conn.query_row(sql, [level], |row| row.get::<_, i64>(0)).expect("it is there")
    };
    for first in (0..2_000).step_by(20) {
        let mentions = (first..first + 20).map(|id| said(id, "once")).collect();
        let done = journal.keep(&mut [batch(mentions)]).expect("it keeps");
        assert_eq!(done.kept, 20);
        if first % 500 == 0 {
            let again = (0..first).map(|id| said(id, "once")).collect();
            assert_eq!(journal.keep(&mut [batch(again)]).expect("it keeps").kept, 0);
        }
        if first == 1_400 {
            drop(journal);
            journal = open();
        }
    }
    for _ in 0..2_000 {
        journal.tend().expect("it is well");
    }
    assert_eq!((runs(&journal, 0), runs(&journal, 1)), (2, 3));
    let blocks: i64 = journal
        .conn
        .query_row("SELECT count(DISTINCT id >> 40) FROM block", [], |row| row.get(0))
        .expect("it is");
    assert_eq!(blocks, 5, "what was merged is gone");
    let all = || (0..2_000).map(|id| said(id, "once")).collect();
    assert_eq!(journal.keep(&mut [batch(all())]).expect("it keeps").kept, 0);
    drop(journal);
    assert_eq!(open().keep(&mut [batch(all())]).expect("it keeps").kept, 0);
    assert!(is_sound(&open().conn));
}

#[test]
fn runs_go_with_what_they_found() {
    let place = Place::new();
    let mut journal = place.plan.open_with(4_000, u64::MAX).expect("it opens");
    for first in (0..8_000).step_by(1_000) {
        journal
            .keep(&mut [batch((first..first + 1_000).map(|id| said(id, "old")).collect())])
            .expect("it keeps");
    }
    place.plan.clock.set(START + Duration::from_secs(2 * 86_400));
    for _ in 0..50 {
        journal.tend().expect("it is well");
    }
    let count = |table| {
        let sql = format!("SELECT count(*) FROM {table}");
        journal.conn.query_row(&sql, [], |row| row.get::<_, i64>(0)).expect("it is there")
    };
    assert_eq!((count("mention"), count("stretch"), count("run"), count("block")), (0, 0, 0, 0));
    drop(journal);
    let mut journal = place.plan.open().expect("it opens");
    assert_eq!(journal.head(), Seq(8_000), "no place is given twice");
    assert_eq!(journal.keep(&mut [batch(vec![said(1, "new")])]).expect("it keeps").kept, 1);
    assert_eq!(journal.head(), Seq(8_001));
}

#[test]
fn a_merge_that_was_cut_short_begins_anew() {
    let place = Place::new();
    let mut journal = place.plan.open_with(10, u64::MAX).expect("it opens");
    for first in (0..160).step_by(10) {
        journal
            .keep(&mut [batch((first..first + 10).map(|id| said(id, "once")).collect())])
            .expect("it keeps");
    }
    (0..30).for_each(|_| journal.tend().expect("it is well"));
    let ids = |journal: &Journal| {
        let sql = "SELECT count(DISTINCT id >> 40) FROM block";
        journal.conn.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("it is there")
    };
    assert_eq!(ids(&journal), 17, "it is in its middle");
    drop(journal);
    let mut journal = place.plan.open_with(10, u64::MAX).expect("it opens");
    (0..400).for_each(|_| journal.tend().expect("it is well"));
    assert_eq!(ids(&journal), 1);
    let again = (0..160).map(|id| said(id, "once")).collect();
    assert_eq!(journal.keep(&mut [batch(again)]).expect("it keeps").kept, 0);
}

/// An entry of a news feed, as it is known now or as it was in older journals.
fn entry(uid: &str, text: &str, url: &str) -> Mention {
    let mut mention = Mention::of(uid.into(), &"press".into(), START, START).with_text(text);
    (mention.url, mention.version) = (Some(url.into()), 1);
    mention
}

#[test]
fn entries_of_an_older_journal_count_once() {
    let place = Place::new();
    let mut journal = place.plan.open().expect("it opens");
    let old = ["press:article:1", "press:https://a.example/2", "press:article:3"];
    let before = vec![
        entry(old[0], "alpha", "https://a.example/1"),
        entry(old[1], "alpha", "https://a.example/2"),
        entry(old[2], "alpha", "https://a.example/3"),
    ];
    assert_eq!(journal.keep(&mut [batch(before)]).expect("it keeps").kept, 3);
    drop(journal);
    let mut journal = place.plan.open().expect("it opens");
    let gone = Mention { op: Op::Delete, ..entry("press:0a1b2c3d/article:3", "", "https://a.example/3") };
    let now = vec![
        entry("press:0a1b2c3d/article:1", "alpha", "https://a.example/1"),
        entry("press:99999999/article:1", "beta", "https://b.example/1"),
        Mention {
            version: 2,
            ..entry("press:0a1b2c3d/https://a.example/2", "edited", "https://a.example/2")
        },
        gone,
        entry("press:0a1b2c3d/article:3", "alpha", "https://a.example/3"),
    ];
    let mut told = [batch(now)];
    assert_eq!(journal.keep(&mut told).expect("it keeps").kept, 1, "another publisher's");
    let told: Vec<_> = told[0].mentions.iter().map(|mention| (&*mention.uid, mention.op)).collect();
    assert_eq!(
        told,
        [("press:99999999/article:1", Op::Upsert), (old[1], Op::Edit), (old[2], Op::Delete)],
        "what is told of the others goes by their old uids"
    );
    let kept: Vec<_> =
        place.all().iter().map(|kept| (kept.mention.uid.to_string(), kept.mention.op)).collect();
    assert_eq!(kept.len(), 4);
    assert_eq!((&*kept[0].0, kept[2].1), (old[0], Op::Delete));
}

#[test]
fn a_country_is_read_as_it_was_written_before_it_had_a_column_of_its_own() {
    let mut bytes = vec![0x80, 0x28, 0, 0];
    bytes.extend([1.5f32.to_le_bytes(), (-2.5f32).to_le_bytes()].concat());
    bytes.extend(b"\x02de");
    let mut mention = said(1, "");
    assert_eq!(body::decode(&bytes, &mut mention), Some(()));
    assert_eq!(mention.geo.as_ref().map(|geo| (geo.lat, geo.lon)), Some((1.5, -2.5)));
    assert_eq!(mention.country.map(|country| country.to_string()).as_deref(), Some("DE"));
}

#[test]
fn bytes_of_a_mention_that_are_damaged_are_found() {
    use crate::mention::{Author, Country, Geo};
    let mut mention = said(1, "some words");
    mention.author = Some(Author { id: "a".into(), name: Some("A".into()), ..Author::default() });
    mention.author.as_mut().expect("it has one").place = Some("Bern".into());
    (mention.geo, mention.country) = (Geo::new(1.0, 2.0), Country::new("CH"));
    (mention.tags, mention.emotions) = (vec!["t".into()], vec![("joy".into(), 1.0)]);
    mention.langs = vec!["en".into(), "de".into()];
    (mention.links, mention.found_for) = (vec!["https://a.example/x".into()], vec!["aurora".into()]);
    let mut bytes = Vec::new();
    body::encode(&mention, &mut bytes);
    let mut again = said(1, "");
    assert_eq!((body::decode(&bytes, &mut again), &again), (Some(()), &mention));
    for end in 0..bytes.len() {
        assert_eq!(body::decode(&bytes[..end], &mut said(1, "")), None, "cut at {end}");
    }
    for at in 0..bytes.len() {
        for flip in 1..=255 {
            let mut bytes = bytes.clone();
            bytes[at] ^= flip;
            // Whatever it reads, it comes to an end.
            let _ = body::decode(&bytes, &mut said(1, ""));
        }
    }
}
