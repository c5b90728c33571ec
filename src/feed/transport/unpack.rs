//! Bodies that come packed, whether that was asked for or not: gzip (RFC 1952) and deflate (RFC 1950
//! and 1951), by flate2, up to [`MAX_LAYERS`] of them one in the other.
//!
//! gzip is known by its first bytes, because files in object storage are served packed without a
//! word, and others are said to be packed and are not. A piece that would become longer than
//! [`MAX_PIECE`] is refused. Checksums are not looked at.

use flate2::{Decompress, FlushDecompress, Status};
use hyper::body::Bytes;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

/// Packed within packed, at most.
const MAX_LAYERS: usize = 3;
/// What one piece of a body may become, bytes.
const MAX_PIECE: usize = 16 << 20;
/// What is unpacked at a time, bytes.
const STEP: usize = 32 * 1024;
/// Longest head of gzip, bytes; it may hold a name and a comment.
const MAX_HEAD: usize = 64 * 1024;
/// Bytes behind packed ones: a checksum and a length.
const TAIL: usize = 8;
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Why a body cannot be unpacked, in words.
pub(in crate::feed) type Broken = &'static str;

/// Unpacks a body piece by piece.
#[derive(Debug)]
pub(in crate::feed) struct Unpacker {
    layers: [Layer; MAX_LAYERS],
}

/// One way in which a body may be packed.
#[derive(Debug)]
enum Layer {
    /// Its first bytes will tell; `deflate` where the server says that it is.
    Unknown {
        head: Vec<u8>,
        deflate: bool,
    },
    Plain,
    /// gzip: the head is not whole yet.
    Head(Vec<u8>),
    /// `gzip` has a tail, and may go on behind it.
    Packed {
        inflate: Box<Decompress>,
        gzip: bool,
    },
    /// This many bytes are still to be passed over.
    Tail(usize),
    /// Only a further head of gzip may follow.
    Behind(Vec<u8>),
    Over,
}

impl Unpacker {
    /// For a body with these headers; fails where it is packed in another way.
    pub fn new(headers: &HeaderMap) -> Result<Self, String> {
        let told = headers.get_all(CONTENT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        let told = told.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase());
        let mut deflate = false;
        for name in told {
            match name.as_str() {
                "deflate" => deflate = true,
                "" | "identity" | "gzip" | "x-gzip" | "utf-8" | "none" | "aws-chunked" => {}
                other => {
                    return Err(format!(
                        "the server compresses its response as {other:.20}, which was not requested"
                    ));
                }
            }
        }
        Ok(Self {
            layers: [deflate, false, false].map(|deflate| Layer::Unknown { head: Vec::new(), deflate }),
        })
    }

    /// For a body that is read as far as it can be, whatever its headers say.
    pub fn of_anything() -> Self {
        Self { layers: [(); MAX_LAYERS].map(|()| Layer::Unknown { head: Vec::new(), deflate: false }) }
    }

    /// Unpacks the next piece; what is not packed comes back as it is.
    pub fn take(&mut self, bytes: Bytes) -> Result<Bytes, Broken> {
        self.layers.iter_mut().try_fold(bytes, |bytes, layer| layer.take(bytes))
    }

    /// Whether the body may end here.
    pub fn is_whole(&self) -> bool {
        !self.layers.iter().any(|layer| matches!(layer, Layer::Head(_) | Layer::Packed { .. }))
    }
}

impl Layer {
    fn take(&mut self, bytes: Bytes) -> Result<Bytes, Broken> {
        if let Self::Unknown { head, deflate } = self {
            head.extend_from_slice(&bytes);
            let packed = match begun(head, *deflate) {
                None => return Ok(Bytes::new()),
                Some(packed) => packed,
            };
            let whole = Bytes::from(std::mem::take(head));
            *self = packed;
            return self.take(whole);
        }
        match self {
            Self::Plain => Ok(bytes),
            _ => self.unpack(&bytes).map(Bytes::from),
        }
    }

    fn unpack(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Broken> {
        let (mut rest, mut out) = (bytes, Vec::new());
        while !rest.is_empty() {
            rest = self.step(rest, &mut out)?;
        }
        Ok(out)
    }

    /// Takes bytes off the front; gives what is left.
    fn step<'b>(&mut self, bytes: &'b [u8], out: &mut Vec<u8>) -> Result<&'b [u8], Broken> {
        match self {
            Self::Head(head) => {
                let had = head.len();
                head.extend_from_slice(bytes);
                let Some(length) = head_length(head) else {
                    return if head.len() > MAX_HEAD { Err("its header is incomplete") } else { Ok(&[]) };
                };
                *self = Self::Packed { inflate: Box::new(Decompress::new(false)), gzip: true };
                Ok(&bytes[length.saturating_sub(had)..])
            }
            Self::Packed { inflate, gzip } => {
                let (used, over) = inflated(inflate, bytes, out)?;
                if over {
                    *self = if *gzip { Self::Tail(TAIL) } else { Self::Over };
                }
                Ok(&bytes[used..])
            }
            Self::Tail(left) => {
                let passed = bytes.len().min(*left);
                *left -= passed;
                if *left == 0 {
                    *self = Self::Behind(Vec::new());
                }
                Ok(&bytes[passed..])
            }
            Self::Behind(head) => {
                head.extend_from_slice(bytes);
                match begun(head, false) {
                    None => Ok(&[]),
                    Some(Self::Head(_)) => {
                        let whole = std::mem::take(head);
                        *self = Self::Head(Vec::new());
                        out.append(&mut self.unpack(&whole)?);
                        Ok(&[])
                    }
                    Some(_) => {
                        *self = Self::Over;
                        Ok(&[])
                    }
                }
            }
            // What follows on packed bytes is nothing to us.
            Self::Over | Self::Plain | Self::Unknown { .. } => Ok(&[]),
        }
    }
}

/// What the first bytes tell; `None` while they are too few.
fn begun(head: &[u8], deflate: bool) -> Option<Layer> {
    let packed = |zlib| Layer::Packed { inflate: Box::new(Decompress::new(zlib)), gzip: false };
    match (head, deflate) {
        ([], _) | ([0x1f], _) => None,
        ([first, second, ..], _) if [*first, *second] == MAGIC => Some(Layer::Head(Vec::new())),
        (_, false) => Some(Layer::Plain),
        // Text that is said to be packed.
        ([b'{' | b'[' | b'<' | b'"' | 0xef | b'\n' | b' ', ..], true) => Some(Layer::Plain),
        ([_], true) => None,
        ([first, second, ..], true) => {
            let zlib = first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)).is_multiple_of(31);
            Some(packed(zlib))
        }
    }
}

/// Unpacks onto `out`: how many bytes were used, and whether the packed ones are over.
fn inflated(inflate: &mut Decompress, bytes: &[u8], out: &mut Vec<u8>) -> Result<(usize, bool), Broken> {
    let mut used = 0;
    loop {
        out.reserve(STEP);
        let before = (inflate.total_in(), out.len());
        let status = inflate.decompress_vec(&bytes[used..], out, FlushDecompress::None);
        let status = status.map_err(|_| "it is packed wrongly")?;
        used += (inflate.total_in() - before.0) as usize;
        if out.len() > MAX_PIECE {
            return Err("it becomes too long when it is unpacked");
        }
        if status == Status::StreamEnd {
            return Ok((used, true));
        }
        let stands = inflate.total_in() == before.0 && out.len() == before.1;
        if stands || (used == bytes.len() && out.len() < out.capacity()) {
            return Ok((bytes.len(), false));
        }
    }
}

/// The length of gzip's head (RFC 1952, section 2.3); `None` while it is not whole.
fn head_length(head: &[u8]) -> Option<usize> {
    const FIXED: usize = 10;
    let flags = *head.get(3)?;
    let mut end = FIXED;
    if flags & 4 != 0 {
        let length = head.get(end..end + 2)?;
        end += 2 + usize::from(u16::from_le_bytes([length[0], length[1]]));
    }
    for _ in 0..(flags >> 3 & 1) + (flags >> 4 & 1) {
        end += head.get(end..)?.iter().position(|byte| *byte == 0)? + 1;
    }
    if flags & 2 != 0 {
        end += 2;
    }
    (end <= head.len()).then_some(end)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;
    use reqwest::header::HeaderValue;

    use super::*;

    const TEXT: &[u8] = "{\"text\": \"電池 電池 電池 電池 電池\"}\n".as_bytes();

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).expect("a vector takes all");
        packed.finish().expect("a vector takes all")
    }

    fn unpacked(told: &'static str, pieces: &[&[u8]]) -> Result<(Vec<u8>, bool), String> {
        let headers = HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static(told))]);
        let mut unpacker = Unpacker::new(&headers)?;
        let mut out = Vec::new();
        for piece in pieces {
            out.extend_from_slice(&unpacker.take(Bytes::copy_from_slice(piece))?);
        }
        Ok((out, unpacker.is_whole()))
    }

    fn whole(told: &'static str, body: &[u8]) -> Result<Vec<u8>, String> {
        let crumbs: Vec<&[u8]> = body.chunks(1).collect();
        let out = unpacked(told, &[body])?;
        assert_eq!(unpacked(told, &crumbs)?, out, "it makes no difference how it is cut");
        assert!(out.1, "it is whole");
        Ok(out.0)
    }

    #[test]
    fn what_is_packed_is_unpacked_whatever_the_server_says() {
        for told in ["gzip", "x-gzip", "", "identity", "gzip, gzip", "deflate"] {
            assert_eq!(whole(told, &gzip(TEXT)).as_deref(), Ok(TEXT), "{told}");
            assert_eq!(whole(told, TEXT).as_deref(), Ok(TEXT), "{told}: it is not packed");
        }
        assert_eq!(whole("gzip, gzip", &gzip(&gzip(TEXT))).as_deref(), Ok(TEXT));
        assert!(unpacked("br", &[]).is_err_and(|why| why.contains("br")));
    }

    #[test]
    fn deflate_is_read_with_and_without_its_wrapping() {
        let mut wrapped = ZlibEncoder::new(Vec::new(), Compression::default());
        wrapped.write_all(TEXT).expect("a vector takes all");
        assert_eq!(whole("deflate", &wrapped.finish().expect("a vector")).as_deref(), Ok(TEXT));
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(TEXT).expect("a vector takes all");
        assert_eq!(whole("deflate", &raw.finish().expect("a vector")).as_deref(), Ok(TEXT));
    }

    #[test]
    fn several_members_and_names_and_what_lies_behind_are_no_trouble() {
        let twice = [gzip(TEXT), gzip(TEXT)].concat();
        assert_eq!(whole("gzip", &twice), Ok([TEXT, TEXT].concat()));
        assert_eq!(whole("gzip", &[&gzip(TEXT)[..], b"\0\0garbage"].concat()).as_deref(), Ok(TEXT));
        let mut named = gzip(TEXT);
        named[3] = 4 | 8 | 16 | 2;
        named.splice(10..10, *b"\x03\0xyzname\0words\0\0\0");
        assert_eq!(whole("gzip", &named).as_deref(), Ok(TEXT));
    }

    #[test]
    fn what_is_cut_off_is_not_whole_and_what_is_wrong_is_told() {
        let packed = gzip(TEXT);
        assert!(!unpacked("gzip", &[&packed[..packed.len() / 2]]).expect("so far it is right").1);
        assert!(!unpacked("gzip", &[&packed[..7]]).expect("so far it is right").1);
        let mut wrong = packed;
        wrong[12..20].fill(0xff);
        assert!(unpacked("gzip", &[&wrong]).is_err());
    }

    #[test]
    fn a_stream_gives_what_it_has_at_every_flush() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        let mut unpacker = Unpacker::new(&HeaderMap::new()).expect("nothing is said");
        for _ in 0..3 {
            packed.write_all(TEXT).expect("a vector takes all");
            packed.flush().expect("a vector takes all");
            let piece = std::mem::take(packed.get_mut());
            assert_eq!(unpacker.take(piece.into()).as_deref(), Ok(TEXT));
        }
    }

    #[test]
    fn a_bomb_is_refused_and_a_long_body_is_not() {
        let long = vec![b' '; 3 << 20];
        assert_eq!(whole_piece(&gzip(&long)), Ok(long));
        assert!(whole_piece(&gzip(&vec![b' '; MAX_PIECE + 1])).is_err());
        assert!(whole_piece(&gzip(&gzip(&vec![b' '; 64 << 20]))).is_err());
    }

    fn whole_piece(body: &[u8]) -> Result<Vec<u8>, String> {
        unpacked("gzip", &[body]).map(|(out, _)| out)
    }

    proptest! {
        #[test]
        fn nothing_panics(told in prop::sample::select(vec!["gzip", "deflate", ""]), start in prop::sample::select(vec![
            &b"\x1f\x8b\x08\x1f"[..], b"\x1f\x8b", b"\x78\x9c", b"",
        ]), bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let body = [start, &bytes].concat();
            let at = body.len() / 2;
            let _ = unpacked(told, &[&body[..at], &body[at..]]);
        }
    }
}
