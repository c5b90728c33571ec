//! Counts and parts as fields of a record. A count more is a line of [`COUNTS`].

use super::keys::tally;
use super::record::{Record, RecordWriter};
use crate::codec::{Reader, put_number};
use crate::metric::Tally;
use crate::pulse::fold::breakdown::Key;

/// Most bytes of parts in a note.
const MAX_PARTS: usize = 60_000;

type Count = fn(&mut Tally) -> &mut u64;

const COUNTS: [(u64, Count); 9] = [
    (tally::MENTIONS, |of| &mut of.mentions),
    (tally::POSITIVE, |of| &mut of.positive),
    (tally::NEUTRAL, |of| &mut of.neutral),
    (tally::NEGATIVE, |of| &mut of.negative),
    (tally::UNKNOWN, |of| &mut of.unknown),
    (tally::JUDGED, |of| &mut of.judged),
    (tally::LOCATED, |of| &mut of.located),
    (tally::POINTS, |of| &mut of.points),
    (tally::FOLLOWERS, |of| &mut of.followers),
];

/// Writes what is counted of mentions; noughts are left out.
pub fn write(mut sum: Tally, out: &mut RecordWriter) {
    for (key, count) in COUNTS {
        let count = *count(&mut sum);
        if count > 0 {
            out.number(key, count);
        }
    }
}

/// Reads what [`write`] wrote.
pub fn read(record: &Record<'_>) -> Tally {
    let mut sum = Tally::default();
    for (key, count) in COUNTS {
        *count(&mut sum) = record.number(key).unwrap_or(0);
    }
    sum
}

pub fn write_parts(parts: &[(Key, u64)], out: &mut RecordWriter) {
    let mut rows = Vec::new();
    for (key, count) in parts {
        let (by, value) = key.to_numbers();
        [by, value, *count].iter().for_each(|number| put_number(*number, &mut rows));
    }
    if !rows.is_empty() {
        out.bytes(tally::PARTS, &rows);
    }
}

/// Reads what [`write_parts`] wrote; `None` when it is damaged.
pub fn read_parts(record: &Record<'_>) -> Option<Vec<(Key, u64)>> {
    let rows = record.bytes(tally::PARTS).unwrap_or_default();
    let (mut from, mut parts) = (Reader(rows), Vec::new());
    while !from.is_empty() && rows.len() <= MAX_PARTS {
        parts.push((Key::of_numbers(from.number()?, from.number()?)?, from.number()?));
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_parts_are_read_as_they_were_written() {
        let sum = Tally { mentions: 300, negative: 2, unknown: 298, followers: u64::MAX, ..Tally::default() };
        let parts = vec![(Key::Source(u64::MAX), 7), (Key::Unknown(1), 300)];
        let mut out = RecordWriter::new();
        write(sum, &mut out);
        write_parts(&parts, &mut out);
        let body = out.done();
        let record = Record::read(&body).expect("is one");
        assert_eq!((read(&record), read_parts(&record)), (sum, Some(parts)));
        let mut out = RecordWriter::new();
        let body = out.bytes(tally::PARTS, &[9, 9, 9]).done();
        assert_eq!(read_parts(&Record::read(&body).expect("is one")), None);
    }
}
