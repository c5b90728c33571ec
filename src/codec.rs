//! Numbers and texts as bytes: LEB128 (the DWARF standard, 7.6), ZigZag, little-endian, and hexadecimal digits.

use std::fmt::Write as _;

/// Appends `value` in LEB128: one to ten bytes.
pub fn put_number(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// `value` as a number that is small where it is near nought, whatever its sign (ZigZag).
pub const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// What [`zigzag`] made of a value, back.
pub const fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// Appends bytes with their length before them.
pub fn put_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    put_number(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

/// What is still to be read of some bytes. Every method takes from the front; `None` when the bytes are cut or
/// damaged.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    /// So many bytes.
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    /// What [`put_number`] wrote.
    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// Four bytes, little end first.
    pub fn float(&mut self) -> Option<f32> {
        self.array().map(f32::from_le_bytes)
    }

    /// What [`put_bytes`] wrote.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }
}

/// Hexadecimal digits, two for each byte, in small letters.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut digits, byte| {
        write!(digits, "{byte:02x}").expect("a String takes everything");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_and_what_is_cut_is_not(number: u64, signed: i64, bytes: Vec<u8>) {
            let mut out = Vec::new();
            put_number(number, &mut out);
            put_number(zigzag(signed), &mut out);
            put_bytes(&bytes, &mut out);
            let read = |out: &[u8]| {
                let mut from = Reader(out);
                Some((from.number()?, unzigzag(from.number()?), from.bytes()?.to_vec()))
            };
            prop_assert_eq!(read(&out), Some((number, signed, bytes)));
            prop_assert!((0..out.len()).all(|end| read(&out[..end]).is_none()));
        }
    }

    #[test]
    fn numbers_are_as_the_standard_has_them() {
        let written = |number| {
            let mut out = Vec::new();
            put_number(number, &mut out);
            hex(&out)
        };
        assert_eq!([2, 127, 128, 12_857].map(written), ["02", "7f", "8001", "b964"]);
        assert_eq!([0, -1, 1, i64::MIN].map(zigzag), [0, 1, 2, u64::MAX]);
        assert_eq!(Reader(&[0xff; 60]).number(), None);
    }
}
