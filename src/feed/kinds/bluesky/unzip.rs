//! Frames that are compressed by zstd with a dictionary that server and client share.
//!
//! The first wire has one fixed dictionary, which is built in; of the second wire each server has
//! its own, which `network.bsky.jetstream.getZstdDictionary` hands out.

use std::io;

use zstd::bulk::Decompressor;

use crate::feed::transport::websocket::MAX_MESSAGE;

/// The dictionary of the first wire, 1612007021; `assets/README.md` says where it is from.
const DICTIONARY: &[u8] = include_bytes!("../../../../assets/jetstream/dictionary.zstd");
/// How a dictionary begins (RFC 8878, section 5).
const MAGIC: [u8; 4] = [0x37, 0xa4, 0x30, 0xec];

/// Takes frames apart; no frame becomes longer than [`MAX_MESSAGE`].
pub(super) struct Unzip {
    inner: Decompressor<'static>,
    /// What came out last; its room is used again.
    out: Vec<u8>,
    id: u32,
}

impl Unzip {
    /// For the first wire.
    pub fn first() -> io::Result<Self> {
        Self::with(DICTIONARY)
    }

    /// For a server that gave out this dictionary.
    pub fn with(dictionary: &[u8]) -> io::Result<Self> {
        let id = id(dictionary).ok_or_else(|| io::Error::other("this is not a zstd dictionary"))?;
        let inner = Decompressor::with_dictionary(dictionary)?;
        Ok(Self { inner, out: Vec::with_capacity(MAX_MESSAGE), id })
    }

    /// The number under which servers know the dictionary.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The text in a frame; `None` for one that is broken, too long or of another dictionary.
    pub fn text(&mut self, frame: &[u8]) -> Option<&str> {
        self.out.clear();
        self.inner.decompress_to_buffer(frame, &mut self.out).ok()?;
        std::str::from_utf8(&self.out).ok()
    }
}

/// The number of a dictionary, which stands in its head.
fn id(dictionary: &[u8]) -> Option<u32> {
    let rest = dictionary.strip_prefix(&MAGIC)?;
    rest.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use zstd::bulk::Compressor;

    use super::*;

    #[test]
    fn the_dictionary_is_the_one_that_servers_use() {
        assert_eq!(DICTIONARY.len(), 112_640);
        assert_eq!(Unzip::first().expect("it is a dictionary").id(), 1_612_007_021);
        assert!(Unzip::with(b"something else").is_err());
    }

    #[test]
    fn frames_come_out_whole_and_bombs_do_not() {
        let mut unzip = Unzip::first().expect("it is a dictionary");
        let mut zip = Compressor::with_dictionary(3, DICTIONARY).expect("it is a dictionary");
        let json = r#"{"did":"did:plc:x","kind":"commit"}"#;
        let frame = zip.compress(json.as_bytes()).expect("it fits");
        assert_eq!(unzip.text(&frame), Some(json));
        let bomb = zip.compress(&vec![b' '; MAX_MESSAGE + 1]).expect("it fits");
        assert_eq!(unzip.text(&bomb), None);
        for broken in [&frame[..frame.len() - 1], b"\xff"] {
            assert_eq!(unzip.text(broken), None);
        }
        assert_eq!(unzip.text(&frame), Some(json), "a broken frame breaks nothing after it");
        assert!(unzip.out.capacity() <= MAX_MESSAGE);
    }
}
