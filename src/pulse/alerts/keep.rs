//! Alerts, detectors and rules that begin to hold as notes of the journal, and back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::board::Standing;
use super::detector::Detector;
use super::report::Alert;
use super::rules::Holding;
use crate::clock::Time;
use crate::mention::source::{Note, NoteKind};
use crate::pulse::persist;
use crate::pulse::persist::keys::{detector as known, rule};
use crate::pulse::persist::record::{Record, RecordWriter};

/// Of alerts, which are JSON; grows when it means something else.
const FORM: u8 = 1;
/// In place of when an alert was raised: what a detector knows.
const DETECTOR: i64 = -1;
/// In place of when an alert was raised: since when a rule holds that must hold for longer.
const HOLDING: i64 = -2;

#[derive(Serialize, Deserialize)]
struct Kept {
    form: u8,
    #[serde(flatten)]
    alert: Alert,
}

/// A note.
#[derive(Debug, PartialEq)]
pub enum Told {
    Alert(Box<Standing>),
    Detector(Knowledge),
    /// Of what alert, and since when.
    Holding(u64, Holding),
}

/// What the detector of a stream knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knowledge {
    /// Hash of what the stream listens for.
    pub stream: u64,
    /// The last minute that it judged.
    pub minute: i64,
    /// As [`super::detector::Detector::keep`] writes it.
    pub record: Vec<u8>,
}

/// An alert, without what people wrote.
pub fn alert(standing: &Standing) -> Option<Note> {
    let alert = Alert { about: None, ..standing.alert.clone() };
    let key = (alert.raised.0, standing.what as i64);
    let body: Arc<[u8]> = serde_json::to_vec(&Kept { form: FORM, alert }).ok()?.into();
    Some(Note { kind: NoteKind::Alert, key, body })
}

/// What the detector of a stream, by the hash of what it listens for, knows after a minute.
pub fn detector(stream: u64, minute: i64, detector: &Detector) -> Note {
    let mut record = RecordWriter::new();
    detector.keep(record.signed(known::MINUTE, minute));
    Note { kind: NoteKind::Alert, key: (DETECTOR, stream as i64), body: record.done().into() }
}

/// Since when the rule of `what` holds; nothing takes away what was noted.
pub fn holding(what: u64, holding: Option<Holding>) -> Note {
    let of = |Holding { since, until }: Holding| {
        RecordWriter::new().signed(rule::SINCE, since.0).signed(rule::UNTIL, until.0).done()
    };
    let body = holding.map(of).unwrap_or_default();
    Note { kind: NoteKind::Alert, key: (HOLDING, what as i64), body: body.into() }
}

fn read_holding(note: &Note) -> Option<Told> {
    let record = Record::read(&note.body)?;
    let (since, until) = (Time(record.signed(rule::SINCE)?), Time(record.signed(rule::UNTIL)?));
    Some(Told::Holding(note.key.1 as u64, Holding { since, until }))
}

/// Reads any of them; `None` for anything else.
pub fn read(note: &Note) -> Option<Told> {
    if note.kind != NoteKind::Alert {
        return None;
    }
    if note.key.0 == HOLDING {
        return read_holding(note);
    }
    if note.key.0 == DETECTOR {
        let minute = Record::read(&note.body)?.signed(known::MINUTE)?;
        let knowledge = Knowledge { stream: note.key.1 as u64, minute, record: note.body.to_vec() };
        return Some(Told::Detector(knowledge));
    }
    let kept: Kept = serde_json::from_slice(&note.body).ok().filter(|kept: &Kept| kept.form == FORM)?;
    let alert = Alert { about: None, ..kept.alert };
    Some(Told::Alert(Box::new(Standing { what: note.key.1 as u64, alert })))
}

/// The alert that a note tells of, if it tells of one.
pub fn alert_in(note: &Note) -> Option<Alert> {
    match read(&persist::current(note.clone()))? {
        Told::Alert(standing) => Some(standing.alert),
        Told::Detector(_) | Told::Holding(..) => None,
    }
}
