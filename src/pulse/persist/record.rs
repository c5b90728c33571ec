//! A record: fields, each with its key, as bytes. Unknown keys are passed over and missing ones have no value, so that
//! older and newer versions read each other's.
//!
//! A byte that says its form and the length of the rest go before. A field begins with a number in LEB128, its key
//! times four plus how its value is written: 0 a number in LEB128, 1 four bytes, 2 eight bytes (both little end
//! first), 3 bytes with their length before them.

use crate::codec::{Reader, put_bytes, put_number, unzigzag, zigzag};

/// Says that fields follow; the forms of version 0.1 were below.
const FORM: u8 = 16;

/// Writes a record.
#[derive(Clone, Debug, Default)]
pub struct RecordWriter(Vec<u8>);

impl RecordWriter {
    pub fn new() -> Self {
        Self::default()
    }

    /// The whole record.
    pub fn done(&self) -> Vec<u8> {
        let mut out = vec![FORM];
        put_bytes(&self.0, &mut out);
        out
    }

    fn key(&mut self, key: u64, kind: u64) -> &mut Vec<u8> {
        put_number(key << 2 | kind, &mut self.0);
        &mut self.0
    }

    pub fn number(&mut self, key: u64, value: u64) -> &mut Self {
        put_number(value, self.key(key, 0));
        self
    }

    pub fn signed(&mut self, key: u64, value: i64) -> &mut Self {
        self.number(key, zigzag(value))
    }

    pub fn float(&mut self, key: u64, value: f32) -> &mut Self {
        self.key(key, 1).extend(value.to_le_bytes());
        self
    }

    pub fn double(&mut self, key: u64, value: f64) -> &mut Self {
        self.hash(key, value.to_bits())
    }

    /// A number that is seldom small.
    pub fn hash(&mut self, key: u64, value: u64) -> &mut Self {
        self.key(key, 2).extend(value.to_le_bytes());
        self
    }

    pub fn bytes(&mut self, key: u64, value: &[u8]) -> &mut Self {
        put_bytes(value, self.key(key, 3));
        self
    }
}

/// A record that is whole.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a>(Reader<'a>);

#[derive(Clone, Copy)]
enum Field<'a> {
    Number(u64),
    Float(f32),
    Hash(u64),
    Bytes(&'a [u8]),
}

impl<'a> Record<'a> {
    /// Reads what [`RecordWriter::done`] wrote; `None` for anything else.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut from = Reader(bytes);
        let fields = (from.byte()? == FORM).then(|| from.bytes())??;
        let mut rest = Reader(fields);
        while !rest.is_empty() {
            field(&mut rest)?;
        }
        from.is_empty().then_some(Self(Reader(fields)))
    }

    fn get(&self, key: u64) -> Option<Field<'a>> {
        let mut rest = self.0;
        while let Some((found, value)) = field(&mut rest) {
            if found == key {
                return Some(value);
            }
        }
        None
    }

    pub fn number(&self, key: u64) -> Option<u64> {
        match self.get(key)? {
            Field::Number(value) => Some(value),
            _ => None,
        }
    }

    pub fn signed(&self, key: u64) -> Option<i64> {
        self.number(key).map(unzigzag)
    }

    /// Whether a number is there that is not nought.
    pub fn is_set(&self, key: u64) -> bool {
        self.number(key).is_some_and(|value| value != 0)
    }

    pub fn float(&self, key: u64) -> Option<f32> {
        match self.get(key)? {
            Field::Float(value) => Some(value),
            _ => None,
        }
    }

    pub fn double(&self, key: u64) -> Option<f64> {
        self.hash(key).map(f64::from_bits)
    }

    pub fn hash(&self, key: u64) -> Option<u64> {
        match self.get(key)? {
            Field::Hash(value) => Some(value),
            _ => None,
        }
    }

    pub fn bytes(&self, key: u64) -> Option<&'a [u8]> {
        match self.get(key)? {
            Field::Bytes(value) => Some(value),
            _ => None,
        }
    }
}

fn field<'a>(from: &mut Reader<'a>) -> Option<(u64, Field<'a>)> {
    let head = from.number()?;
    let value = match head & 3 {
        0 => Field::Number(from.number()?),
        1 => Field::Float(from.float()?),
        2 => Field::Hash(u64::from_le_bytes(from.array()?)),
        _ => Field::Bytes(from.bytes()?),
    };
    Some((head >> 2, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_keys_in_any_order_and_others_are_passed_over() {
        let mut writer = RecordWriter::new();
        writer.bytes(900, b"from the future").number(1, 300).signed(2, -5).float(3, 0.5);
        let body = writer.double(4, f64::NAN).hash(5, u64::MAX).done();
        let record = Record::read(&body).expect("is one");
        assert_eq!((record.number(1), record.signed(2), record.float(3)), (Some(300), Some(-5), Some(0.5)));
        assert!(record.double(4).is_some_and(f64::is_nan));
        assert_eq!((record.hash(5), record.bytes(900)), (Some(u64::MAX), Some(&b"from the future"[..])));
        assert_eq!((record.number(6), record.hash(1), record.number(5)), (None, None, None));
        assert!((0..body.len()).all(|end| Record::read(&body[..end]).is_none()));
        assert!(Record::read(&[&body[..], &[0]].concat()).is_none());
    }
}

#[cfg(test)]
mod properties {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_fall_over(bytes: Vec<u8>, key in 0_u64..20) {
            let framed = [&[FORM, bytes.len() as u8][..], &bytes].concat();
            if let Some(record) = Record::read(&framed) {
                let _ = (record.number(key), record.bytes(key), record.double(key));
            }
        }
    }
}
