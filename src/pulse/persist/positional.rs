//! Notes and digests of version 0.1, whose values stood in a row, as the records that they would be now. This file
//! goes when journals of that version need not be read any more.

use super::keys::{case, detector, digest as first, heard, people, rule, tally};
use super::record::RecordWriter;
use crate::codec::{Reader, put_number, unzigzag};
use crate::mention::source::{Note, NoteKind};

const FORM: u8 = 1;
/// The form of digests.
const DIGEST: u8 = 2;
/// Numbers of a detector before those of the hours.
const SINGLE: usize = 13;
const HOURS: usize = 24 * 8;

/// The record of a note; `None` for one that is not of version 0.1, or damaged.
pub fn note(note: &Note) -> Option<Vec<u8>> {
    let at = note.key.1;
    match note.kind {
        NoteKind::People if at >= 0 => crowd(&note.body),
        NoteKind::Alert if note.key.0 >= 0 => None,
        // Version 0.1 had none of them.
        NoteKind::Control | NoteKind::Act | NoteKind::Gate => None,
        kind => {
            let mut from = Reader(&note.body);
            let from = (from.byte()? == FORM).then_some(from)?;
            match kind {
                NoteKind::Tally => tally_of(note.key, from),
                NoteKind::People => people_of(at, from),
                NoteKind::Deaf => heard_of(at, from),
                NoteKind::Case => case_of(from),
                NoteKind::Alert if note.key.0 == -1 => detector_of(from),
                NoteKind::Alert => rule_of(from),
                NoteKind::Control | NoteKind::Act | NoteKind::Gate => None,
            }
        }
    }
}

fn signed(from: &mut Reader<'_>) -> Option<i64> {
    from.number().map(unzigzag)
}

fn eight(from: &mut Reader<'_>) -> Option<i64> {
    from.array().map(i64::from_le_bytes)
}

fn tally_of(key: (i64, i64), mut from: Reader<'_>) -> Option<Vec<u8>> {
    let mut out = RecordWriter::new();
    let quarter =
        [tally::MENTIONS, tally::POSITIVE, tally::NEUTRAL, tally::NEGATIVE, tally::JUDGED, tally::LOCATED];
    match key {
        (i64::MIN, -1) => return Some(out.signed(tally::OPEN, signed(&mut from)?).done()),
        (_, -1) => return Some(out.signed(tally::SINCE, signed(&mut from)?).done()),
        (_, -2) => {
            out.signed(tally::START, signed(&mut from)?).signed(tally::KNOWN, signed(&mut from)?);
            for key in quarter[..4].iter().chain(&[tally::UNKNOWN]).chain(&quarter[4..]) {
                out.number(*key, from.number()?);
            }
        }
        _ => {
            for key in quarter {
                out.number(key, from.number()?);
            }
        }
    }
    out.number(tally::POINTS, from.number()?).number(tally::FOLLOWERS, from.number()?);
    let rows = from.number()?;
    let mut parts = Vec::new();
    for _ in 0..rows.checked_mul(3)? {
        put_number(from.number()?, &mut parts);
    }
    Some(out.bytes(tally::PARTS, &parts).done())
}

/// A crowd says its own form, 1 or 2.
fn crowd(body: &[u8]) -> Option<Vec<u8>> {
    let is_bare = body.first().is_some_and(|form| *form <= 2);
    is_bare.then(|| RecordWriter::new().bytes(people::CROWD, body).done())
}

fn people_of(at: i64, mut from: Reader<'_>) -> Option<Vec<u8>> {
    let mut out = RecordWriter::new();
    Some(match at {
        -1 => out.signed(people::SINCE, eight(&mut from)?).done(),
        _ => {
            out.signed(people::START, eight(&mut from)?).signed(people::KNOWN, eight(&mut from)?);
            out.bytes(people::CROWD, from.0).done()
        }
    })
}

fn heard_of(at: i64, mut from: Reader<'_>) -> Option<Vec<u8>> {
    let mut out = RecordWriter::new();
    let number = eight(&mut from)?;
    Some(match at {
        -1 => out.signed(heard::UNTIL, number).done(),
        _ => out.signed(heard::TO, number).number(heard::MADE_UP, u64::from(from.byte()?)).done(),
    })
}

fn case_of(mut from: Reader<'_>) -> Option<Vec<u8>> {
    let mut out = RecordWriter::new();
    out.number(case::CLOSED, u64::from(from.byte()?));
    for key in [case::ROOT, case::ASKER] {
        out.hash(key, u64::from_le_bytes(from.array()?));
    }
    out.signed(case::OPENED, eight(&mut from)?);
    let answered = eight(&mut from)?;
    if answered != i64::MIN {
        out.signed(case::ANSWERED, answered);
    }
    Some(out.bytes(case::QUESTIONS, from.0).done())
}

fn detector_of(mut from: Reader<'_>) -> Option<Vec<u8>> {
    let mut out = RecordWriter::new();
    out.signed(detector::MINUTE, eight(&mut from)?);
    let mut few = [0.0; SINGLE];
    for one in &mut few {
        *one = f64::from_le_bytes(from.array()?);
    }
    let whole = [(detector::HEARD, few[0]), (detector::IN_A_ROW, few[7]), (detector::STATE, few[8])];
    whole.iter().for_each(|(key, value)| {
        out.number(*key, *value as u64);
    });
    let moments = [(detector::BEGIN, few[9]), (detector::LAST, few[10])];
    moments.iter().for_each(|(key, value)| {
        out.signed(*key, *value as i64);
    });
    let rest = [
        (detector::LEVEL, few[1]),
        (detector::HOUR_MENTIONS, few[2]),
        (detector::HOUR_MINUTES, few[3]),
        (detector::SPREAD, few[4]),
        (detector::SPREAD_WEIGHT, few[5]),
        (detector::SUM, few[6]),
        (detector::OBSERVED, few[11]),
        (detector::EXPECTED, few[12]),
    ];
    rest.iter().for_each(|(key, value)| {
        out.double(*key, *value);
    });
    let (hours, factors) = from.0.split_at_checked(HOURS)?;
    Some(out.bytes(detector::HOURS, hours).bytes(detector::FACTORS, factors).done())
}

fn rule_of(mut from: Reader<'_>) -> Option<Vec<u8>> {
    let (since, until) = (eight(&mut from)?, eight(&mut from)?);
    Some(RecordWriter::new().signed(rule::SINCE, since).signed(rule::UNTIL, until).done())
}

/// The record of a digest; `None` as with [`note`].
pub fn digest(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut from = Reader(bytes);
    let [form, flags, place] = from.array()?;
    let has = |place: u8| flags >> place & 1 == 1;
    let mut out = RecordWriter::new();
    out.signed(first::AT, (form == DIGEST).then(|| eight(&mut from))??);
    if has(0) {
        out.float(first::MOOD, from.float()?);
    }
    if has(1) {
        out.hash(first::AUTHOR, u64::from_le_bytes(from.array()?));
    }
    if has(2) {
        out.number(first::FOLLOWERS, u64::from_le_bytes(from.array()?));
    }
    if has(3) {
        out.float(first::LAT, from.float()?).float(first::LON, from.float()?);
    }
    if has(4) {
        out.bytes(first::LANG, &from.array::<3>()?);
    }
    if has(5) {
        out.bytes(first::COUNTRY, &from.array::<2>()?);
    }
    out.number(first::MOOD_MODEL, u64::from(has(6))).number(first::LANG_MODEL, u64::from(has(7)));
    out.number(first::PLACE_ORIGIN, u64::from(place & 15)).number(first::PRECISION, u64::from(place >> 4));
    out.hash(first::SET, u64::from_le_bytes(from.array()?));
    let count = usize::from(u16::from_le_bytes(from.array()?));
    (from.0.len() == count * 16).then(|| out.bytes(first::TOPICS, from.0).done())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pulse::persist::record::Record;

    fn body(form: u8, numbers: impl IntoIterator<Item = [u8; 8]>) -> Vec<u8> {
        std::iter::once(form).chain(numbers.into_iter().flatten()).collect()
    }

    fn note_of(kind: NoteKind, key: (i64, i64), body: Vec<u8>) -> Note {
        Note { kind, key, body: body.into() }
    }

    #[test]
    fn every_number_of_a_detector_finds_its_key() {
        let numbers = (1..=61).map(|n| f64::from(n).to_le_bytes());
        let old = body(FORM, std::iter::once(7_i64.to_le_bytes()).chain(numbers));
        let new = note(&note_of(NoteKind::Alert, (-1, 5), old)).expect("is one");
        let record = Record::read(&new).expect("is one");
        let whole = [detector::HEARD, detector::IN_A_ROW, detector::STATE].map(|key| record.number(key));
        assert_eq!(whole, [Some(1), Some(8), Some(9)]);
        let moments = [detector::MINUTE, detector::BEGIN, detector::LAST].map(|key| record.signed(key));
        assert_eq!(moments, [Some(7), Some(10), Some(11)]);
        let rest = [
            detector::LEVEL,
            detector::HOUR_MENTIONS,
            detector::HOUR_MINUTES,
            detector::SPREAD,
            detector::SPREAD_WEIGHT,
            detector::SUM,
            detector::OBSERVED,
            detector::EXPECTED,
        ];
        let rest: Vec<f64> = rest.iter().filter_map(|key| record.double(*key)).collect();
        assert_eq!(rest, [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 12.0, 13.0]);
        let last = |key| {
            record.bytes(key).and_then(|bytes| bytes.last_chunk()).map(|last| f64::from_le_bytes(*last))
        };
        assert_eq!([detector::HOURS, detector::FACTORS].map(last), [Some(37.0), Some(61.0)]);
    }

    #[test]
    fn what_is_a_record_already_is_left_alone() {
        let new = RecordWriter::new().signed(tally::SINCE, 5).done();
        for (kind, at) in [
            (NoteKind::Tally, -1),
            (NoteKind::People, 9),
            (NoteKind::Deaf, -1),
            (NoteKind::Case, 3),
            (NoteKind::Alert, -2),
        ] {
            assert_eq!(note(&note_of(kind, (-1, at), new.clone())), None);
        }
        assert_eq!(digest(&new), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_fall_over(kind in 0_usize..5, a in -3_i64..3, b in -3_i64..3, mut bytes: Vec<u8>) {
            if let Some(form) = bytes.first_mut() {
                *form %= 3;
            }
            let _ = digest(&bytes);
            let kinds = [NoteKind::Tally, NoteKind::Alert, NoteKind::People, NoteKind::Deaf, NoteKind::Case];
            let _ = note(&note_of(kinds[kind], (a, b), bytes));
        }
    }
}
