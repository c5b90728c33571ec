//! What stays of a stretch of time that is over: the sums of each quarter of an hour that is final
//! go to the journal as notes, and come back after a restart.
//!
//! Beside the quarters there is for each stream since when it is known and what its event counted,
//! and for the wall which quarters are final.

use std::time::Duration;

use crate::clock::Time;
use crate::mention::source::{Note, NoteKind};
use crate::pulse::fold::breakdown::Parts;
use crate::pulse::fold::windows::cell::Counted;
use crate::pulse::fold::windows::days::start_of;
use crate::pulse::fold::windows::{MINUTES, QUARTER, QUARTERS, Windows, quarter};
use crate::pulse::persist::counts;
use crate::pulse::persist::keys::tally;
use crate::pulse::persist::record::{Record, RecordWriter};
use crate::pulse::state::Pulse;

/// Second part of the key of what is no quarter.
const SINCE: i64 = -1;
const EVENT: i64 = -2;
/// Which quarters are final; its key is the first of all.
const FINAL: (i64, i64) = (i64::MIN, -1);

impl Pulse {
    /// Since when all is heard, and since when the past was told again, seconds.
    pub(in crate::pulse) fn known_since(&self) -> (i64, i64) {
        (self.since.as_secs(), self.recalled_since.as_secs())
    }

    /// Since when everything is known, also from before a restart.
    pub(in crate::pulse) fn all_known_since(&self) -> Time {
        let known = self.known_since();
        Time::from_secs(self.streams.first().map_or(known.0, |all| all.known.since(known)))
    }

    /// Closes the quarters that are final, and puts their sums into the outbox; not while the past
    /// is told, which may lack in any of them.
    pub(in crate::pulse) fn settle(&mut self) {
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
        notes.push(note(FINAL, RecordWriter::new().signed(tally::OPEN, open)));
        self.tell(notes);
    }

    fn settle_stream(&mut self, i: usize, open: i64, notes: &mut Vec<Note>) {
        let known = self.known_since();
        let (stream, key) = (&mut self.streams[i], self.tallies.key(i));
        let since = stream.known.since(known);
        let closed = stream.windows.settle(open);
        let parts = stream.parts.as_mut().map(|parts| parts.settle(open)).unwrap_or_default();
        let counted = !closed.is_empty();
        for (step, cell) in closed {
            let none = Vec::new();
            let parts = parts.get(&step).unwrap_or(&none);
            let mut record = RecordWriter::new();
            counts::write(cell.to_sum(), &mut record);
            counts::write_parts(parts, &mut record);
            notes.push(note((key, start_of(step).0), &record));
        }
        if self.tallies.told[i].replace(since) != Some(since) {
            notes.push(note((key, SINCE), RecordWriter::new().signed(tally::SINCE, since)));
        }
        let Some(start) = self.days.at(self.head.as_secs()).event else { return };
        if counted || !std::mem::replace(&mut self.tallies.event_told[i], true) {
            let (sum, known) = (stream.windows.settled_event(), stream.known.event(since));
            let parts = stream.parts.as_ref().map(Parts::settled_event).unwrap_or_default();
            let mut record = RecordWriter::new();
            record.signed(tally::START, start).signed(tally::KNOWN, known);
            counts::write(sum, &mut record);
            counts::write_parts(&parts, &mut record);
            notes.push(note((key, EVENT), &record));
        }
    }

    /// Takes a note of before a restart; the one that says what is final comes first.
    pub(in crate::pulse) fn recall_tally(&mut self, note: &Note) {
        if note.key == FINAL {
            // What lies ahead was noted while the clock was wrong.
            let most = Windows::<u32>::open_at(self.head.as_secs());
            let open = Record::read(&note.body).and_then(|record| record.signed(tally::OPEN));
            self.tallies.open = open.map(|open| open.min(most));
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
        let record = Record::read(body)?;
        let stream = &mut self.streams[i];
        match at {
            SINCE => {
                let since = record.signed(tally::SINCE)?;
                if since <= self.head.as_secs() {
                    stream.known_since(since);
                }
                self.tallies.told[i] = Some(since);
            }
            EVENT => {
                let (start, known) = (record.signed(tally::START)?, record.signed(tally::KNOWN)?);
                let (sum, parts) = (counts::read(&record), counts::read_parts(&record)?);
                if self.days.at(self.head.as_secs()).event == Some(start) {
                    stream.restore_event(known, sum, &parts);
                    self.tallies.event_told[i] = true;
                }
            }
            0.. => {
                let step = quarter(Time(at).as_secs());
                if self.tallies.open.is_some_and(|open| step < open) {
                    let cell = Counted::of_sum(&counts::read(&record))?;
                    stream.restore(step, &cell, &counts::read_parts(&record)?);
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

fn note(key: (i64, i64), record: &RecordWriter) -> Note {
    Note { kind: NoteKind::Tally, key, body: record.done().into() }
}
