//! What stays of a stretch of time that is over: the sums of each quarter of an hour that is final
//! go to the journal as notes, and come back after a restart.
//!
//! A note is a row of numbers in LEB128 (the DWARF standard, 7.6), after a byte that says its form.
//! Beside the quarters there is for each stream since when it is known and what its event counted,
//! and for the wall which quarters are final.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Pulse;
use super::breakdown::{Key, Parts};
use super::snapshot::Tally;
use super::topics::Topics;
use super::windows::cell::Counted;
use super::windows::days::start_of;
use super::windows::{MINUTES, QUARTER, QUARTERS, Windows, quarter};
use crate::clock::Time;
use crate::mention::source::{Note, NoteKind};

/// Grows when the bytes mean something else; others are not read.
const FORM: u8 = 1;
/// Second part of the key of what is no quarter.
const SINCE: i64 = -1;
const EVENT: i64 = -2;
/// Which quarters are final; its key is the first of all.
const FINAL: (i64, i64) = (i64::MIN, -1);
/// Most parts of a breakdown in a note.
const MAX_PARTS: u64 = 2_048;

/// How far all of a wall's streams are.
#[derive(Debug)]
pub struct Tallies {
    /// Of each stream: nought, or the hash of its topic's query.
    keys: Vec<i64>,
    /// Since when each stream was told to be known.
    told: Vec<Option<i64>>,
    event_told: Vec<bool>,
    /// Quarters before this one are final.
    open: Option<i64>,
}

impl Tallies {
    pub fn of(topics: &Topics, streams: usize) -> Self {
        let own = (0..streams.saturating_sub(1)).filter_map(|i| topics.id(i as u16));
        let keys: Vec<i64> = std::iter::once(0).chain(own.map(|id| id.query as i64)).collect();
        let (told, event_told) = (vec![None; keys.len()], vec![false; keys.len()]);
        Self { keys, told, event_told, open: None }
    }

    /// The streams of which a note tells.
    pub fn of_key(&self, key: i64) -> Vec<usize> {
        (0..self.keys.len()).filter(|i| self.keys[*i] == key).collect()
    }

    /// The key of a stream's notes.
    pub fn key(&self, stream: usize) -> i64 {
        self.keys[stream]
    }

    /// The clock was set back.
    pub fn rewind(&mut self, now: i64) {
        self.open = self.open.map(|open| open.min(Windows::<u32>::open_at(now)));
    }
}

impl Pulse {
    /// Since when all is heard, and since when the past was told again, seconds.
    pub(super) fn known_since(&self) -> (i64, i64) {
        (self.since.as_secs(), self.recalled_since.as_secs())
    }

    /// Since when everything is known, also from before a restart.
    pub(super) fn all_known_since(&self) -> Time {
        let known = self.known_since();
        Time::from_secs(self.streams.first().map_or(known.0, |all| all.known.since(known)))
    }

    /// Closes the quarters that are final, and puts their sums into the outbox; not while the past
    /// is told, which may lack in any of them.
    pub(super) fn settle(&mut self) {
        let open = Windows::<u32>::open_at(self.head.as_secs());
        if self.recalling.is_some() || self.tallies.open.is_some_and(|before| before >= open) {
            return;
        }
        self.tallies.open = Some(open);
        let mut notes = Vec::new();
        for i in 0..self.streams.len() {
            self.settle_stream(i, open, &mut notes);
            self.settle_people(i, open * QUARTER, &mut notes);
        }
        notes.push(note(FINAL, |out| out.signed(open)));
        self.tell(notes);
    }

    fn settle_stream(&mut self, i: usize, open: i64, notes: &mut Vec<Note>) {
        let known = self.known_since();
        let (stream, key) = (&mut self.streams[i], self.tallies.keys[i]);
        let since = stream.known.since(known);
        let closed = stream.windows.settle(open);
        let parts = stream.parts.as_mut().map(|parts| parts.settle(open)).unwrap_or_default();
        let counted = !closed.is_empty();
        for (step, cell) in closed {
            let none = Vec::new();
            let parts = parts.get(&step).unwrap_or(&none);
            notes.push(note((key, start_of(step).0), |out| out.counted(&cell).parts(parts)));
        }
        if self.tallies.told[i].replace(since) != Some(since) {
            notes.push(note((key, SINCE), |out| out.signed(since)));
        }
        let Some(start) = self.days.at(self.head.as_secs()).event else { return };
        if counted || !std::mem::replace(&mut self.tallies.event_told[i], true) {
            let (sum, known) = (stream.windows.settled_event(), stream.known.event(since));
            let parts = stream.parts.as_ref().map(Parts::settled_event).unwrap_or_default();
            notes.push(note((key, EVENT), |out| out.signed(start).signed(known).tally(&sum).parts(&parts)));
        }
    }

    /// Takes a note of before a restart; the one that says what is final comes first.
    pub(super) fn recall_tally(&mut self, note: &Note) {
        if note.key == FINAL {
            // What lies ahead was noted while the clock was wrong.
            let most = Windows::<u32>::open_at(self.head.as_secs());
            self.tallies.open =
                Numbers::of(&note.body).and_then(|mut n| n.signed()).map(|open| open.min(most));
            return;
        }
        let (key, at) = note.key;
        let ours = self.tallies.of_key(key);
        if ours.is_empty() && at < 0 {
            // A topic that comes back later was not listened to meanwhile.
            return self.tell([Note { body: [].into(), ..note.clone() }]);
        }
        for i in ours {
            // What cannot be read is unknown.
            let _ = self.recall_stream(i, at, &note.body);
        }
    }

    fn recall_stream(&mut self, i: usize, at: i64, body: &[u8]) -> Option<()> {
        let mut numbers = Numbers::of(body)?;
        let stream = &mut self.streams[i];
        match at {
            SINCE => {
                let since = numbers.signed()?;
                if since <= self.head.as_secs() {
                    stream.known_since(since);
                }
                self.tallies.told[i] = Some(since);
            }
            EVENT => {
                let (start, known) = (numbers.signed()?, numbers.signed()?);
                let (sum, parts) = (numbers.tally()?, numbers.parts()?);
                if self.days.at(self.head.as_secs()).event == Some(start) {
                    stream.restore_event(known, sum, &parts);
                    self.tallies.event_told[i] = true;
                }
            }
            0.. => {
                let step = quarter(Time(at).as_secs());
                if self.tallies.open.is_some_and(|open| step < open) {
                    stream.restore(step, &numbers.counted()?, &numbers.parts()?);
                }
            }
            _ => {}
        }
        Some(())
    }

    /// Nothing of the past before this is needed, when it is `now`; to be asked once, after the
    /// notes are told.
    pub fn recall_from(&mut self, now: Time) -> Time {
        let now = now.as_secs();
        let oldest = quarter(now) - QUARTERS + 2;
        let open = self.tallies.open.unwrap_or(i64::MIN);
        let gap = open < oldest;
        let open = open.clamp(oldest, Windows::<u32>::open_at(now).max(oldest));
        self.tallies.open = None;
        for stream in &mut self.streams {
            stream.reopen(open, gap, self.days.at(now));
        }
        let from = (open * QUARTER).min((quarter(now) - MINUTES / 15) * QUARTER);
        self.recall_since = Time::from_secs(if gap { open * QUARTER } else { from });
        self.hearing.reopen(self.feeds.len(), now, self.recall_since.as_secs());
        if self.notes_lost {
            self.hearing.lose((0, self.recall_since.as_secs()));
        }
        // People are noted by the hour: of the one in which this lies all must be told.
        self.recall_since - Duration::from_secs(3_600) - Duration::from_nanos(1)
    }
}

fn note(key: (i64, i64), write: impl FnOnce(&mut Out) -> &mut Out) -> Note {
    let mut out = Out(vec![FORM]);
    write(&mut out);
    Note { kind: NoteKind::Tally, key, body: out.0.into() }
}

/// Writes numbers.
struct Out(Vec<u8>);

impl Out {
    fn number(&mut self, mut number: u64) -> &mut Self {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
        self
    }

    fn signed(&mut self, number: i64) -> &mut Self {
        self.number(((number << 1) ^ (number >> 63)) as u64)
    }

    fn counted(&mut self, cell: &Counted) -> &mut Self {
        let Counted { mentions, positive, neutral, negative, judged, located, points, followers, .. } = *cell;
        for number in [mentions, positive, neutral, negative, judged, located, points] {
            self.number(u64::from(number));
        }
        self.number(followers)
    }

    fn tally(&mut self, sum: &Tally) -> &mut Self {
        let Tally { mentions, positive, neutral, negative, unknown, judged, located, points, .. } = *sum;
        for number in [mentions, positive, neutral, negative, unknown, judged, located, points] {
            self.number(number);
        }
        self.number(sum.followers)
    }

    fn parts(&mut self, parts: &[(Key, u64)]) -> &mut Self {
        self.number(parts.len() as u64);
        for (key, count) in parts {
            let (by, value) = key.to_numbers();
            self.number(by).number(value).number(*count);
        }
        self
    }
}

/// Reads what [`Out`] wrote; `None` for anything else.
struct Numbers<'a>(&'a [u8]);

impl<'a> Numbers<'a> {
    fn of(body: &'a [u8]) -> Option<Self> {
        let (form, rest) = body.split_first()?;
        (*form == FORM).then_some(Self(rest))
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        self.number().map(|n| (n >> 1) as i64 ^ -((n & 1) as i64))
    }

    fn small(&mut self) -> Option<u32> {
        self.number().and_then(|n| u32::try_from(n).ok())
    }

    fn counted(&mut self) -> Option<Counted> {
        Some(Counted {
            mentions: self.small()?,
            positive: self.small()?,
            neutral: self.small()?,
            negative: self.small()?,
            judged: self.small()?,
            located: self.small()?,
            points: self.small()?,
            authors: 0,
            followers: self.number()?,
        })
    }

    fn tally(&mut self) -> Option<Tally> {
        Some(Tally {
            mentions: self.number()?,
            positive: self.number()?,
            neutral: self.number()?,
            negative: self.number()?,
            unknown: self.number()?,
            judged: self.number()?,
            located: self.number()?,
            points: self.number()?,
            followers: self.number()?,
            ..Tally::default()
        })
    }

    fn parts(&mut self) -> Option<Vec<(Key, u64)>> {
        let count = self.number().filter(|count| *count <= MAX_PARTS)?;
        let part = |_| Some((Key::of_numbers(self.number()?, self.number()?)?, self.number()?));
        (0..count).map(part).collect()
    }
}

/// The parts of each quarter.
pub type ByQuarter = BTreeMap<i64, Vec<(Key, u64)>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_cut_is_not() {
        let cell = Counted { mentions: 300, negative: 2, followers: u64::MAX, ..Counted::default() };
        let parts = [(Key::Source(u64::MAX), 7), (Key::Unknown(1), 300)];
        let body = note((1, 2), |out| out.signed(-5).counted(&cell).parts(&parts)).body;
        let read = |body: &[u8]| {
            let mut numbers = Numbers::of(body)?;
            Some((numbers.signed()?, numbers.counted()?, numbers.parts()?))
        };
        assert_eq!(read(&body), Some((-5, cell, parts.to_vec())));
        assert!((0..body.len()).all(|end| read(&body[..end]).is_none()));
        assert_eq!(read(&[FORM + 1; 60]), None);
        assert_eq!(read(&[&[FORM][..], &[0xff; 60]].concat()), None);
        assert_eq!(
            i64::MIN,
            Numbers(&note((0, 0), |out| out.signed(i64::MIN)).body[1..]).signed().expect("read")
        );
    }
}
