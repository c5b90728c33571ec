//! The replay feed: a journal, or a file of canonical mentions or Jetstream frames, one a line,
//! told apart line by line, whose past is moved to now.
//!
//! Reads 64 KiB or one chunk of a journal at a time and keeps no more than these hold. Records play
//! in the order of the file by the time at which they were received; silences over an hour are
//! played as an hour. A replay that begins at a moment of the recording tells the day before that
//! moment beforehand, so that the wall's windows are what they were.

pub(in crate::feed) mod recording;
pub(in crate::feed) mod table;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use self::recording::RecordingReader;
pub use self::table::ReplayTable;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::kinds::self_described::read_recorded;
use crate::feed::playback::Playing;
use crate::feed::player::{Opened, Player};
use crate::mention::Mention;
use crate::mention::source::{FeedState, Health, MAX_BATCH, Nature};

impl AdapterTable for ReplayTable {
    const KIND: &'static str = "replay";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Playing::new(self.clone().into(), pace))
    }

    fn player(&self, source: &Arc<str>, start: Time) -> Option<Opened> {
        Some(Replay::open(source, self, start).map(|replay| Box::new(replay) as Box<dyn Player>))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, _now: Time) -> Decoded {
        read_recorded(bytes, source).ok().flatten().into()
    }
}

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
    tape: RecordingReader,
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
    pub fn open(source: &Arc<str>, spec: &ReplayTable, start: Time) -> Result<Self, String> {
        let speed =
            if spec.speed.is_finite() { spec.speed.clamp(*SPEEDS.start(), *SPEEDS.end()) } else { 1.0 };
        let mut replay = Self {
            tape: RecordingReader::open(source, &spec.file, (spec.from.map(|from| from - BEFORE), spec.to))?,
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
            let why = format!("{} does not contain a readable mention{which}", self.tape.path().display());
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

impl Player for Replay {
    fn until(&mut self, now: Time) -> Vec<Mention> {
        self.until(now)
    }

    fn position(&self) -> Time {
        self.position()
    }

    fn describe(&self, now: Time, state: &mut FeedState) {
        state.heard = Some(now);
        state.nature = Nature::Replay(self.moment(now));
        state.garbage = self.garbage();
        match &self.stage {
            Stage::Playing => state.health = Health::Live,
            Stage::Ended => state.health = Health::Ended,
            // Since when is known from the first time.
            Stage::Broken(_) if matches!(state.health, Health::Down { .. }) => {}
            Stage::Broken(why) => state.health = Health::Down { since: now, why: why.clone() },
        }
    }

    /// Plays on where it stood.
    fn leap(&mut self, from: Time, to: Time) -> bool {
        self.shift(from, to);
        false
    }

    fn reads_disk(&self) -> bool {
        true
    }
}

/// When the first mention of a recording arrived that arrived from `from` to `to`; `None` when
/// there is none. The error says what is wrong with the file.
pub fn first_of(file: &Path, from: Option<Time>, to: Option<Time>) -> Result<Option<Time>, String> {
    let mut tape = RecordingReader::open(&"replay".into(), file, (from, to))?;
    let mut ahead = VecDeque::new();
    while ahead.is_empty() && tape.read(&mut ahead)? {}
    Ok(ahead.front().map(|mention| mention.received))
}

#[cfg(test)]
mod tests;
