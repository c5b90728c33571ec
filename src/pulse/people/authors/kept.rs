//! People across a restart: who spoke in each hour that is final, and since the event's start, goes
//! to the journal as notes of at most 4 KB. Hours that are not final the journal tells again.

use super::hours::Hours;
use crate::clock::Time;
use crate::mention::source::{Note, NoteKind};
use crate::pulse::fold::stream::Fold;
use crate::pulse::people::authors::crowd::Crowd;
use crate::pulse::persist::keys::people;
use crate::pulse::persist::record::{Record, RecordWriter};
use crate::pulse::state::Pulse;

/// Second part of the key of what is no hour.
const SINCE: i64 = -1;
const EVENT: i64 = -2;

impl Pulse {
    /// Puts the hours of a stream that became final when all before the second `open` did into
    /// `notes`, and once an hour its event.
    pub(in crate::pulse) fn settle_people(&mut self, i: usize, open: i64, notes: &mut Vec<Note>) {
        let (known, key) = (self.known_since(), self.tallies.key(i));
        let stream = &mut self.streams[i];
        let since = stream.people_known.since(known);
        let event = stream.people_known.event(since);
        let Some(hours) = stream.authors.hours.as_mut().filter(|hours| hours.is_long()) else { return };
        let note = |at, record: &RecordWriter| Note {
            kind: NoteKind::People,
            key: (key, at),
            body: record.done().into(),
        };
        let crowd_of = |crowd: &Crowd| RecordWriter::new().bytes(people::CROWD, &crowd.to_bytes()).clone();
        for (start, crowd) in hours.settle(open) {
            notes.push(note(Time::from_secs(start).0, &crowd_of(crowd)));
        }
        if hours.told.since.replace(since) != Some(since) {
            notes.push(note(SINCE, RecordWriter::new().signed(people::SINCE, since)));
        }
        let hour = hours.hour(open);
        if let Some((start, crowd)) = hours.event().filter(|_| hours.told.event != Some(hour)) {
            let mut record = crowd_of(crowd);
            notes.push(note(EVENT, record.signed(people::START, start).signed(people::KNOWN, event)));
            hours.told.event = Some(hour);
        }
    }

    /// Takes a note of before a restart.
    pub(in crate::pulse) fn recall_people(&mut self, note: &Note) {
        let (key, at) = note.key;
        let ours = self.tallies.of_key(key);
        if ours.is_empty() && at < 0 {
            // A topic that comes back later was not listened to meanwhile.
            return self.tell([Note { body: [].into(), ..note.clone() }]);
        }
        let now = self.head.as_secs();
        for i in ours {
            // What cannot be read is unknown.
            let _ = self.streams[i].recall_people(at, &note.body, now);
        }
    }
}

impl Fold {
    fn recall_people(&mut self, at: i64, body: &[u8], now: i64) -> Option<()> {
        let hours = self.authors.hours.as_mut().filter(|hours| hours.is_long())?;
        let record = Record::read(body)?;
        let crowd = || Crowd::of_bytes(record.bytes(people::CROWD)?);
        match at {
            SINCE => {
                let since = record.signed(people::SINCE)?;
                if since <= now {
                    self.people_known.since = since;
                }
                hours.told.since = Some(since);
            }
            EVENT => {
                let (start, known) = (record.signed(people::START)?, record.signed(people::KNOWN)?);
                if hours.restore_event(start, crowd()?) {
                    self.people_known.event = Some(known);
                }
            }
            0.. => hours.restore(Time(at).as_secs(), crowd()?),
            _ => {}
        }
        Some(())
    }

    /// All is restored: hours from that of the second `open` on are told again.
    pub(in crate::pulse) fn reopen_people(&mut self, open: i64) {
        let known = &mut self.people_known;
        let Some(hours) = &mut self.authors.hours else { return };
        let is_known = known.since < i64::MAX;
        hours.reopen(open, is_known);
        let begun = |hours: &Hours| hours.event().is_some_and(|(start, _)| start * 60 < open);
        if is_known && known.event.is_none() && begun(hours) {
            known.event = hours.gather_event().map(|start| start.max(known.since));
        }
    }
}
