//! Recordings as they are played.

use std::io::Write as _;
use std::path::Path;

use tempfile::NamedTempFile;

use super::*;
use crate::mention::UNDATED;

const START: Time = Time::from_secs(1_800_000_000);
const FRAMES: &str = include_str!("../../../../tests/data/jetstream.jsonl");

fn file(text: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(text).expect("it is writable");
    file
}

fn open(file: &NamedTempFile, speed: f32, repeat: bool) -> Replay {
    let spec = ReplayTable { file: file.path().into(), speed, repeat, from: None, to: None };
    Replay::open(&"old".into(), &spec, START).expect("it holds mentions")
}

fn after(millis: u64) -> Time {
    START + Duration::from_millis(millis)
}

fn line(id: &str, millis: i64) -> String {
    format!("{{\"uid\":\"{id}\",\"ts\":{}}}\n", 1_700_000_000_000_000 + millis * 1_000)
}

#[test]
fn frames_are_moved_to_now_and_keep_their_distances() {
    let file = file(FRAMES.as_bytes());
    let mut replay = open(&file, 1.0, false);
    let first = replay.until(START);
    assert_eq!(first.len(), 1);
    assert_eq!((first[0].received, first[0].ts), (START, START - Duration::from_millis(500)));
    assert_eq!(replay.until(after(199)).len(), 0);
    assert_eq!(replay.until(after(600)).len(), 3);
    assert_eq!(replay.until(after(10_000)).len(), 3);
    assert_eq!((replay.stage.clone(), replay.garbage()), (Stage::Ended, 0));
}

#[test]
fn what_was_said_nobody_knows_when_stays_so() {
    let file = file(b"{\"uid\":\"a\",\"ts\":0,\"received\":1700000000000000,\"text\":\"x\"}\n");
    let played = open(&file, 1.0, false).until(START);
    assert_eq!(played.iter().map(|m| (m.ts, m.received)).collect::<Vec<_>>(), [(UNDATED, START)]);
    assert_eq!(crate::feed::decode::canonical::write(&played[0]).matches("\"ts\":0,").count(), 1);
}

#[test]
fn speed_and_steps_change_no_order() {
    let file = file(FRAMES.as_bytes());
    let fast = open(&file, 2.0, false).until(after(750));
    assert_eq!(fast.len(), 7);
    assert_eq!(fast[6].received, after(750));
    let mut replay = open(&file, 2.0, false);
    let stepped: Vec<_> = (0..=75).flat_map(|i| replay.until(after(i * 10))).collect();
    assert_eq!(stepped, fast);
}

#[test]
fn a_repetition_is_not_taken_for_the_same() {
    let file = file((line("a", 0) + &line("b", 500)).as_bytes());
    let mut replay = open(&file, 1.0, true);
    let uids: Vec<_> = replay.until(after(2_000)).into_iter().map(|m| m.uid.to_string()).collect();
    assert_eq!(uids, ["a", "b", "a#2", "b#2"]);
    assert_eq!(replay.stage, Stage::Playing);
}

#[test]
fn garbage_is_counted_and_passed_over() {
    let mut text = b"\xef\xbb\xbf".to_vec();
    text.extend(line("a", 0).bytes());
    text.extend(b"\n{\"uid\":\"no time\"}\n{\"uid\":NaN}\n\xff\xfe\n{\"uid\":\"cut");
    text.extend(vec![b'x'; 3 << 20]);
    text.extend(b"\n");
    text.extend(line("b", 100).trim_end().bytes());
    let mut replay = open(&file(&text), 1.0, false);
    let played = replay.until(after(1_000));
    assert_eq!((played.len(), replay.garbage()), (2, 4));
}

#[test]
fn hostile_times_neither_stop_nor_flood_the_wall() {
    let hundred_years = 100 * 365 * 86_400_000;
    let text =
        line("a", 0) + &line("early", -hundred_years / 10) + &line("late", hundred_years) + &line("b", 20);
    let mut replay = open(&file(text.as_bytes()), 1.0, false);
    assert_eq!(replay.until(START).len(), 2, "what lies before comes at once");
    assert_eq!(replay.until(after(3_600_000)).len(), 2, "what lies far ahead comes within the hour");
}

#[test]
fn the_moment_of_the_recording_runs_with_the_wall() {
    let file = file((line("a", 0) + &line("b", 10_000)).as_bytes());
    let mut replay = open(&file, 2.0, false);
    let then = |millis: i64| Time::from_micros(1_700_000_000_000_000 + millis * 1_000);
    assert_eq!(replay.moment(START), then(0));
    replay.until(START);
    assert_eq!(replay.moment(after(1_000)), then(2_000));
    assert_eq!(replay.moment(after(60_000)), then(10_000));
    replay.until(after(60_000));
    assert_eq!((replay.moment(after(90_000)), replay.stage.clone()), (then(10_000), Stage::Ended));
}

#[test]
fn a_clock_that_is_set_moves_the_recording_with_it() {
    let file = file((line("a", 0) + &line("b", 1_000)).as_bytes());
    let mut replay = open(&file, 1.0, false);
    assert_eq!(replay.until(after(400)).len(), 1);
    let day = START + Duration::from_secs(86_400);
    replay.shift(after(400), day);
    assert_eq!(replay.until(day + Duration::from_millis(599)).len(), 0);
    assert_eq!(replay.until(day + Duration::from_millis(600)).len(), 1);
}

#[test]
fn a_replay_may_begin_and_end_anywhere_and_brings_the_day_before_along() {
    let hour = 3_600_000;
    let lines = [("old", -25 * hour), ("noon", -2 * hour), ("a", 0), ("b", 60_000), ("late", 90_000)];
    let text: String = lines.iter().map(|(id, at)| line(id, *at)).collect();
    let file = file(text.as_bytes());
    let moment = |millis: i64| Some(Time::from_micros((1_700_000_000_000 + millis) * 1_000));
    let spec = ReplayTable {
        file: file.path().into(),
        speed: 60.0,
        repeat: false,
        from: moment(-500),
        to: moment(60_000),
    };
    let mut replay = Replay::open(&"old".into(), &spec, START).expect("it holds mentions");
    assert_eq!(replay.moment(START), moment(-500).expect("it is one"));
    let told = replay.until(after(3_600_000));
    let uids: Vec<_> = told.iter().map(|m| m.uid.to_string()).collect();
    assert_eq!(uids, ["noon", "a", "b"]);
    let ahead: Vec<_> = told.iter().map(|m| (m.received.0 - START.0) / 1_000_000).collect();
    assert_eq!(ahead, [-(2 * hour - 500) / 60, 8, 1_008]);
    assert_eq!(replay.stage, Stage::Ended);
}

#[test]
fn a_file_that_cannot_be_played_says_why() {
    let spec =
        |path: &Path| ReplayTable { file: path.into(), speed: f32::NAN, repeat: true, from: None, to: None };
    let absent = Replay::open(&"old".into(), &spec(Path::new("/no/such.jsonl")), START).map(drop);
    assert!(absent.is_err_and(|why| why.starts_with("cannot read /no/such.jsonl: ")));
    let empty = file(b"{}\n{}\n");
    let none = Replay::open(&"old".into(), &spec(empty.path()), START).map(drop);
    assert!(none.is_err_and(|why| why.ends_with("does not contain a readable mention")));
}
