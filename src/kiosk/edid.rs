//! What a monitor says about itself: the EDID base block (VESA E-EDID 1.3 and 1.4), and where the
//! Linux kernel keeps it.
//!
//! winit knows neither serial numbers nor millimetres, so both are read from `/sys/class/drm`.
//! Cheap panels lie or leave fields empty; what is implausible is `None`, never a guess.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use ring::digest::{SHA256, digest};

use crate::codec::hex;

/// Length of a block, bytes.
const BLOCK: usize = 128;
/// A base block and 255 extensions: no EDID is longer, bytes.
const MAX_BYTES: u64 = (BLOCK * 256) as u64;
const HEADER: [u8; 8] = [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0];
/// Where the four descriptors stand, and how long each is.
const DESCRIPTORS: std::ops::Range<usize> = 54..126;
const DESCRIPTOR: usize = 18;
const TAG_NAME: u8 = 0xfc;
const TAG_SERIAL: u8 = 0xff;

/// What the base block tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edid {
    /// Three letters of the PnP register, for example `DEL`.
    pub make: String,
    /// Name that the maker gave it, or its product code as `0x40F3`.
    pub model: String,
    /// As the maker wrote it, or the number as `0x0001E240`; cheap panels have none.
    pub serial: Option<String>,
    /// The lit area before rotation, millimetres; projectors and many televisions have none.
    pub size_mm: Option<(u32, u32)>,
    /// The mode that it likes best.
    pub preferred: Option<Timing>,
}

/// One mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Pixels before rotation.
    pub size_px: (u32, u32),
    /// Thousandths of a hertz.
    pub refresh_mhz: u32,
}

/// Why bytes are no EDID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EdidError {
    #[error("shorter than one block of 128 bytes")]
    Short,
    #[error("it does not start with the EDID header")]
    Header,
    #[error("its checksum is wrong")]
    Checksum,
    #[error("its manufacturer code is not three letters")]
    Make,
}

impl Edid {
    /// Reads the base block; extension blocks are not looked at.
    pub fn parse(bytes: &[u8]) -> Result<Self, EdidError> {
        let block: &[u8; BLOCK] = bytes.first_chunk().ok_or(EdidError::Short)?;
        if block[..8] != HEADER {
            return Err(EdidError::Header);
        }
        if block.iter().fold(0u8, |sum, b| sum.wrapping_add(*b)) != 0 {
            return Err(EdidError::Checksum);
        }
        let descriptors: Vec<&[u8]> = block[DESCRIPTORS].chunks_exact(DESCRIPTOR).collect();
        let text = |tag| descriptors.iter().find_map(|d| text_of(d, tag));
        Ok(Self {
            make: make(block[8], block[9]).ok_or(EdidError::Make)?,
            model: text(TAG_NAME)
                .unwrap_or_else(|| format!("0x{:04X}", u16::from_le_bytes([block[10], block[11]]))),
            serial: text(TAG_SERIAL).or_else(|| number([block[12], block[13], block[14], block[15]])),
            size_mm: size_mm(block[21], block[22], descriptors[0]),
            preferred: timing(descriptors[0]),
        })
    }
}

/// Three letters of five bits each, `A` = 1.
fn make(high: u8, low: u8) -> Option<String> {
    let packed = u16::from_be_bytes([high, low]);
    let letter = |shift: u32| {
        let value = (packed >> shift & 0x1f) as u8;
        (1..=26).contains(&value).then(|| char::from(b'A' + value - 1))
    };
    [letter(10), letter(5), letter(0)].into_iter().collect()
}

fn number(serial: [u8; 4]) -> Option<String> {
    let number = u32::from_le_bytes(serial);
    (number != 0 && number != u32::MAX).then(|| format!("0x{number:08X}"))
}

/// The text of a display descriptor with `tag`: up to 13 printable characters, ended by a line
/// feed.
fn text_of(descriptor: &[u8], tag: u8) -> Option<String> {
    if descriptor[..3] != [0, 0, 0] || descriptor[3] != tag {
        return None;
    }
    let bytes = descriptor[5..].iter().take_while(|b| **b != b'\n');
    let text: String = bytes.map(|b| char::from(*b)).filter(|c| matches!(c, ' '..='~')).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_string())
}

/// A number of 12 bits whose upper four stand apart.
fn twelve(low: u8, upper: u8) -> u32 {
    u32::from(upper & 0xf) << 8 | u32::from(low)
}

fn timing(d: &[u8]) -> Option<Timing> {
    let clock_hz = u64::from(u16::from_le_bytes([d[0], d[1]])) * 10_000;
    let (width, height) = (twelve(d[2], d[4] >> 4), twelve(d[5], d[7] >> 4));
    let total = u64::from(width + twelve(d[3], d[4])) * u64::from(height + twelve(d[6], d[7]));
    if clock_hz == 0 || width == 0 || height == 0 {
        return None;
    }
    let refresh_mhz = u32::try_from(clock_hz * 1_000 / total).ok()?;
    Some(Timing { size_px: (width, height), refresh_mhz })
}

/// Whole centimetres stand in the block, millimetres in the preferred timing. The latter are
/// taken when they agree, because some panels put a mere proportion (16 × 9) there.
fn size_mm(wide_cm: u8, high_cm: u8, preferred: &[u8]) -> Option<(u32, u32)> {
    let coarse = (u32::from(wide_cm) * 10, u32::from(high_cm) * 10);
    let fine = timing(preferred)
        .map(|_| (twelve(preferred[12], preferred[14] >> 4), twelve(preferred[13], preferred[14])));
    // A zero in one of the two means a proportion (EDID 1.4) or a projector.
    let coarse = (wide_cm > 0 && high_cm > 0).then_some(coarse);
    match (coarse, fine.filter(|(w, h)| *w > 0 && *h > 0)) {
        (Some(coarse), Some(fine)) if agree(coarse, fine) => Some(fine),
        (Some(coarse), _) => Some(coarse),
        (None, fine) => fine.filter(|(w, h)| *w >= 50 && *h >= 50),
    }
}

fn agree(coarse: (u32, u32), fine: (u32, u32)) -> bool {
    coarse.0.abs_diff(fine.0) <= 10 && coarse.1.abs_diff(fine.1) <= 10
}

/// A plug with a monitor in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panel {
    /// Name of the plug, for example `DP-1`.
    pub connector: String,
    /// `None` when the monitor sends nothing, or nothing that can be read.
    pub edid: Option<Edid>,
    /// Of all bytes that it sent, in lower case hexadecimal.
    pub sha256: Option<String>,
}

impl Panel {
    /// From all bytes that the monitor on a plug sent.
    pub fn of(connector: &str, bytes: &[u8]) -> Self {
        let edid = Edid::parse(bytes)
            .inspect_err(|error| tracing::debug!(connector, %error, "cannot read this monitor's EDID"));
        Self { connector: connector.into(), edid: edid.ok(), sha256: Some(sha256(bytes)) }
    }
}

/// The monitors that are plugged into this machine, by the kernel's account; in the order of
/// their plugs. Empty where there is no such account.
pub fn panels() -> Vec<Panel> {
    panels_in(Path::new("/sys/class/drm"))
}

fn panels_in(folder: &Path) -> Vec<Panel> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let mut names: Vec<String> =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    names.iter().filter_map(|name| panel(&folder.join(name), name)).collect()
}

/// The panel of the folder `card0-DP-1`; `None` when that is no plug or nothing is in it.
fn panel(folder: &Path, name: &str) -> Option<Panel> {
    let (card, connector) = name.split_once('-')?;
    let status = read(&folder.join("status")).ok()?;
    if !card.starts_with("card") || status.trim_ascii() != b"connected" {
        return None;
    }
    let bytes = read(&folder.join("edid")).ok().filter(|bytes| !bytes.is_empty());
    let silent = || Panel { connector: connector.into(), ..Panel::default() };
    Some(bytes.map_or_else(silent, |bytes| Panel::of(connector, &bytes)))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::*;

    /// A made-up panel: DEL 0x40F3, 941 × 529 mm, 3840 × 2160 at 60 Hz.
    fn sample() -> [u8; BLOCK] {
        let mut block = [0u8; BLOCK];
        block[..8].copy_from_slice(&HEADER);
        block[8..18].copy_from_slice(&[0x10, 0xac, 0xf3, 0x40, 0x40, 0xe2, 0x01, 0x00, 12, 33]);
        block[18..23].copy_from_slice(&[1, 4, 0xb5, 94, 53]);
        let preferred = [
            0x4d, 0xd0, 0x00, 0xa0, 0xf0, 0x70, 0x3e, 0x80, 0x30, 0x20, 0x35, 0x00, 0xad, 0x11, 0x32, 0, 0,
            0x1a,
        ];
        block[54..72].copy_from_slice(&preferred);
        block[72..90].copy_from_slice(b"\0\0\0\xff\x007X1A2B3\n     ");
        block[90..108].copy_from_slice(b"\0\0\0\xfc\0DELL U4323QE\n");
        sealed(block)
    }

    fn sealed(mut block: [u8; BLOCK]) -> [u8; BLOCK] {
        let sum = block[..127].iter().fold(0u8, |sum, b| sum.wrapping_add(*b));
        block[127] = sum.wrapping_neg();
        block
    }

    fn with(change: impl FnOnce(&mut [u8; BLOCK])) -> Edid {
        let mut block = sample();
        change(&mut block);
        Edid::parse(&sealed(block)).expect("still an EDID")
    }

    fn words(edid: &Edid) -> String {
        format!("{}, {}, {}", edid.make, edid.model, edid.serial.as_deref().unwrap_or_default())
    }

    #[test]
    fn a_monitor_says_what_it_is() {
        let edid = Edid::parse(&sample()).expect("an EDID");
        assert_eq!(words(&edid), "DEL, DELL U4323QE, 7X1A2B3");
        assert_eq!(edid.size_mm, Some((941, 529)));
        let preferred = edid.preferred.expect("has a mode");
        assert_eq!(preferred.size_px, (3840, 2160));
        assert!(preferred.refresh_mhz.abs_diff(60_000) < 50, "{}", preferred.refresh_mhz);
    }

    #[test]
    fn numbers_stand_in_for_names_that_are_missing() {
        let nameless = with(|b| b[72..108].fill(0));
        assert_eq!(words(&nameless), "DEL, 0x40F3, 0x0001E240");
        let bare = with(|b| {
            b[72..108].fill(0);
            b[12..16].fill(0);
        });
        assert_eq!(words(&bare), "DEL, 0x40F3, ");
    }

    #[test]
    fn sizes_that_cannot_be_are_not_believed() {
        let proportion = with(|b| b[66..69].copy_from_slice(&[16, 9, 0]));
        assert_eq!(proportion.size_mm, Some((940, 530)));
        let projector = with(|b| {
            b[21..23].fill(0);
            b[66..69].fill(0);
        });
        assert_eq!(projector.size_mm, None);
        let aspect_only = with(|b| {
            b[21..23].copy_from_slice(&[79, 0]);
            b[66..69].copy_from_slice(&[16, 9, 0]);
        });
        assert_eq!(aspect_only.size_mm, None);
    }

    #[test]
    fn what_is_no_edid_is_refused() {
        assert_eq!(Edid::parse(&sample()[..127]), Err(EdidError::Short));
        assert_eq!(Edid::parse(&[0; 128]), Err(EdidError::Header));
        let mut torn = sample();
        torn[60] ^= 1;
        assert_eq!(Edid::parse(&torn), Err(EdidError::Checksum));
        let mut nobody = sample();
        nobody[8] = 0;
        assert_eq!(Edid::parse(&sealed(nobody)), Err(EdidError::Make));
    }

    #[test]
    fn the_kernels_folder_is_read() {
        let drm = tempfile::tempdir().expect("a folder");
        let plug = |name: &str, status: &str, edid: &[u8]| {
            let folder = drm.path().join(name);
            fs::create_dir(&folder).expect("made");
            fs::write(folder.join("status"), status).expect("written");
            fs::write(folder.join("edid"), edid).expect("written");
        };
        plug("card0-HDMI-A-1", "connected\n", b"garbage");
        plug("card0-DP-2", "disconnected\n", b"");
        plug("card0-DP-1", "connected\n", &sample());
        plug("card1-VGA-1", "connected\n", b"");
        fs::write(drm.path().join("version"), "drm 1.1.0").expect("written");

        let panels = panels_in(drm.path());
        let connectors: Vec<_> = panels.iter().map(|p| p.connector.as_str()).collect();
        assert_eq!(connectors, ["DP-1", "HDMI-A-1", "VGA-1"]);
        assert_eq!(panels[0].edid.as_ref().map(|e| e.make.as_str()), Some("DEL"));
        assert_eq!(
            panels[1],
            Panel { connector: "HDMI-A-1".into(), edid: None, sha256: Some(sha256(b"garbage")) }
        );
        assert_eq!(panels[2].sha256, None);
        assert_eq!(panels_in(Path::new("/nowhere")), []);
    }

    #[test]
    fn the_hash_is_the_one_that_sha256sum_prints() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Edid::parse(&bytes);
        }

        #[test]
        fn a_hostile_block_never_panics(rest in prop::collection::vec(any::<u8>(), BLOCK - 9)) {
            let mut block = [0u8; BLOCK];
            block[..8].copy_from_slice(&HEADER);
            block[8..127].copy_from_slice(&rest);
            if let Ok(edid) = Edid::parse(&sealed(block)) {
                prop_assert!(words(&edid).chars().all(|c| matches!(c, ' '..='~')));
                prop_assert!(edid.size_mm.is_none_or(|(w, h)| w > 0 && h > 0));
            }
        }
    }
}
