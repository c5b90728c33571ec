//! The replay feed: a journal, or a file of canonical mentions or Jetstream frames, one a line,
//! told apart line by line, whose past is moved to now.
//!
//! Reads 64 KiB or one chunk of a journal at a time and keeps no more than these hold. Records play
//! in the order of the file by the time at which they were received; silences over an hour are
//! played as an hour. A replay that begins at a moment of the recording tells the day before that
//! moment beforehand, so that the wall's windows are what they were.

pub(in crate::feed) mod tape;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Time;
use crate::layout::wall::ReplaySpec;
use crate::mention::Mention;
use crate::mention::source::MAX_BATCH;
use tape::Tape;

/// How much of the time before its beginning is told beforehand: what the wall's windows need.
const BEFORE: Duration = Duration::from_secs(86_400);
/// Longest silence of a recording that is kept.
const MAX_SILENCE: Duration = Duration::from_secs(3_600);
/// Pause between the end of a recording and its repetition, on the wall.
const PAUSE: Duration = Duration::from_secs(1);
/// Slowest and fastest play.
const SPEEDS: std::ops::RangeInclusive<f32> = 0.01..=1_000.0;

/// A recording, somewhere in its course.
#[derive(Debug)]
pub(in crate::feed) struct Replay {
    tape: Tape,
    /// The moment of the recording that is played first; what lies before is history.
    from: Option<Time>,
    /// Read and not yet due.
    ahead: VecDeque<Mention>,
    speed: f64,
    repeat: bool,
    /// From 1.
    pass: u32,
    /// The last record of this pass that was played: its moment then, and on the wall.
    anchor: Option<(Time, Time)>,
    /// Something of this recording was played.
    played: bool,
    /// Where the wall's time stands at the beginning of this pass.
    begin: Time,
    stage: Stage,
}

/// Whether a recording goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::feed) enum Stage {
    Playing,
    Ended,
    /// It cannot be read any more, or holds no mention.
    Broken(Arc<str>),
}

impl Replay {
    /// Opens the file and plays its first mention at `start`; the error says what is wrong with
    /// the file.
    pub fn open(source: &Arc<str>, spec: &ReplaySpec, start: Time) -> Result<Self, String> {
        let speed =
            if spec.speed.is_finite() { spec.speed.clamp(*SPEEDS.start(), *SPEEDS.end()) } else { 1.0 };
        let mut replay = Self {
            tape: Tape::open(source, &spec.file, (spec.from.map(|from| from - BEFORE), spec.to))?,
            from: spec.from,
            ahead: VecDeque::new(),
            speed: f64::from(speed),
            repeat: spec.repeat,
            pass: 1,
            anchor: spec.from.map(|from| (from, start)),
            played: false,
            begin: start,
            stage: Stage::Playing,
        };
        replay.look_ahead();
        match replay.stage {
            Stage::Broken(why) => Err(why.to_string()),
            _ => Ok(replay),
        }
    }

    /// The mentions that are due up to and at `now`, moved to their times on the wall: at most
    /// [`MAX_BATCH`], so fewer means that there are no more. Reads the file when it must.
    pub fn until(&mut self, now: Time) -> Vec<Mention> {
        let mut played = Vec::new();
        while played.len() < MAX_BATCH && self.stage == Stage::Playing {
            match self.ahead.front().map(|next| self.due(next)) {
                Some(due) if due > now => break,
                Some(due) => played.extend(self.ahead.pop_front().map(|next| self.play(next, due))),
                None => self.look_ahead(),
            }
        }
        played
    }

    /// Moves what is to come with a clock that was set.
    pub fn shift(&mut self, from: Time, to: Time) {
        let shifted = |at: Time| Time(at.0.saturating_add(to.0.saturating_sub(from.0)));
        self.begin = shifted(self.begin);
        self.anchor = self.anchor.map(|(moment, at)| (moment, shifted(at)));
    }

    /// When the next mention is due; the past when the file must be read to know.
    pub fn position(&self) -> Time {
        match self.ahead.front() {
            Some(next) => self.due(next),
            None if self.stage == Stage::Playing => Time(i64::MIN),
            None => Time(i64::MAX),
        }
    }

    /// The moment of the recording that the wall shows at `now`.
    pub fn moment(&self, now: Time) -> Time {
        let next = self.ahead.front().map(|next| next.received);
        let Some((moment, at)) = self.anchor else { return next.unwrap_or_default() };
        let run = now.since(at).mul_f64(self.speed).min(MAX_SILENCE);
        next.map_or(moment, |next| (moment + run).min(next.max(moment)))
    }

    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Records that could not be read, of all passes.
    pub fn garbage(&self) -> u64 {
        self.tape.garbage()
    }

    fn due(&self, next: &Mention) -> Time {
        if let Some(from) = self.from.filter(|from| next.received < *from) {
            return self.begin - from.since(next.received).div_f64(self.speed);
        }
        let Some((moment, at)) = self.anchor else { return self.begin };
        at + next.received.since(moment).min(MAX_SILENCE).div_f64(self.speed)
    }

    /// Moves a mention to `due`; it keeps its distance from its arrival.
    fn play(&mut self, mut mention: Mention, due: Time) -> Mention {
        if self.from.is_none_or(|from| mention.received >= from) {
            let newest = self.anchor.map_or(mention.received, |(moment, _)| moment.max(mention.received));
            self.anchor = Some((newest, due));
        }
        self.played = true;
        if mention.is_dated() {
            mention.ts = Time(due.0.saturating_sub(mention.received.0.saturating_sub(mention.ts.0)));
        }
        mention.received = due;
        if self.pass > 1 {
            // Or the repetition would pass for one that is known already.
            mention.uid = format!("{}#{}", mention.uid, self.pass).into();
        }
        mention
    }

    /// Reads until there is a mention ahead, and begins anew or ends at the end of the recording.
    fn look_ahead(&mut self) {
        while self.ahead.is_empty() && self.stage == Stage::Playing {
            match self.tape.read(&mut self.ahead) {
                Ok(true) => {}
                Ok(false) => self.end_pass(),
                Err(why) => self.stage = Stage::Broken(why.into()),
            }
        }
    }

    fn end_pass(&mut self) {
        if !self.played {
            let which = if self.from.is_some() { " in that time" } else { "" };
            let why = format!("{} holds no mention that can be read{which}", self.tape.path().display());
            self.stage = Stage::Broken(why.into());
        } else if !self.repeat {
            self.stage = Stage::Ended;
        } else if let Err(why) = self.tape.rewind(self.from) {
            self.stage = Stage::Broken(why.into());
        } else {
            let at = self.anchor.map_or(self.begin, |(_, at)| at);
            self.begin = at + PAUSE;
            self.anchor = self.from.map(|from| (from, self.begin));
            self.pass = self.pass.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
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
        let spec = ReplaySpec { file: file.path().into(), speed, repeat, from: None, to: None };
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
        assert_eq!((replay.stage(), replay.garbage()), (&Stage::Ended, 0));
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
        assert_eq!(replay.stage(), &Stage::Playing);
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
        let text = line("a", 0)
            + &line("early", -hundred_years / 10)
            + &line("late", hundred_years)
            + &line("b", 20);
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
        assert_eq!((replay.moment(after(90_000)), replay.stage()), (then(10_000), &Stage::Ended));
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
        let spec = ReplaySpec {
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
        assert_eq!(replay.stage(), &Stage::Ended);
    }

    #[test]
    fn a_file_that_cannot_be_played_says_why() {
        let spec = |path: &Path| ReplaySpec {
            file: path.into(),
            speed: f32::NAN,
            repeat: true,
            from: None,
            to: None,
        };
        let absent = Replay::open(&"old".into(), &spec(Path::new("/no/such.jsonl")), START).map(drop);
        assert!(absent.is_err_and(|why| why.starts_with("cannot read /no/such.jsonl: ")));
        let empty = file(b"{}\n{}\n");
        let none = Replay::open(&"old".into(), &spec(empty.path()), START).map(drop);
        assert!(none.is_err_and(|why| why.ends_with("holds no mention that can be read")));
    }
}
