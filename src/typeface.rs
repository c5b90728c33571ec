//! A typeface of the house from its files, checked.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use glyphon::cosmic_text::{CacheKey, CacheKeyFlags, Command, Font};
use glyphon::fontdb::{Database, ID, Source, Stretch, Style, Weight};
use glyphon::{FontSystem, SwashCache};

use crate::disk;

/// Largest file that is read, bytes.
const MAX_FILE: u64 = 16 << 20;

/// Heights of capitals that a font can have, parts of the type size.
const CAPS: std::ops::Range<f32> = 0.3..1.2;

/// A family of fonts.
#[derive(Clone, Debug, PartialEq)]
pub struct Typeface {
    /// Its name, that of the first file.
    pub family: String,
    /// Height of its capitals, parts of the type size.
    pub caps: f32,
    /// Weights of its fonts, 400 for regular.
    pub weights: Vec<u16>,
    /// Slant and width of the regular cut.
    pub style: Style,
    pub stretch: Stretch,
    /// The files, TrueType or OpenType.
    pub files: Vec<Arc<Vec<u8>>>,
}

impl Typeface {
    /// Reads its files, the first of which is the regular cut. `None` for no files; the error says which
    /// of them is wrong, and in words why.
    pub fn read<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<Option<Self>, (usize, String)> {
        let mut all: Option<Self> = None;
        for (i, path) in paths.into_iter().enumerate() {
            let one = Self::of(path).map_err(|why| (i, why))?;
            match &mut all {
                Some(all) if all.family == one.family => {
                    all.files.extend(one.files);
                    all.weights.extend(one.weights);
                }
                Some(all) => return Err((i, format!("is {}, not {}", one.family, all.family))),
                None => all = Some(one),
            }
        }
        Ok(all)
    }

    fn of(path: &Path) -> Result<Self, String> {
        let mut bytes = Vec::new();
        let read = disk::open_small(path, MAX_FILE)?.read_to_end(&mut bytes);
        read.map_err(|error| format!("cannot be read: {error}"))?;
        let bytes = Arc::new(bytes);
        let mut fonts = Database::new();
        let faces = fonts.load_font_source(Source::Binary(bytes.clone()));
        let face =
            faces.first().and_then(|id| fonts.face(*id)).ok_or("is not a TrueType or OpenType font")?;
        let family = face.families.first().map(|(name, _)| name.clone()).ok_or("has no family name")?;
        let font = Font::new(&fonts, face.id, face.weight).ok_or("is not a font that can be drawn")?;
        let metrics = font.as_swash().metrics(&[]);
        let stated = metrics.cap_height / f32::from(metrics.units_per_em.max(1));
        let (weights, style, stretch) = (vec![face.weight.0], face.style, face.stretch);
        let face = (face.id, face.weight, font.as_swash().charmap().map('H'));
        let is_right = |caps: &f32| CAPS.contains(caps);
        // Fonts from before version 2 of the table OS/2 do not state it.
        let caps = Some(stated).filter(is_right).or_else(|| measured(fonts, face).filter(is_right));
        let caps = caps.ok_or("does not state the height of its capitals and has no `H`")?;
        Ok(Self { family, caps, weights, style, stretch, files: vec![bytes] })
    }

    /// The weight of its fonts that is nearest to `wanted`.
    pub fn weight(&self, wanted: u16) -> u16 {
        self.weights.iter().copied().min_by_key(|weight| weight.abs_diff(wanted)).unwrap_or(wanted)
    }
}

/// The height of a glyph, parts of the type size.
fn measured(fonts: Database, (face, weight, glyph): (ID, Weight, u16)) -> Option<f32> {
    const AT: f32 = 256.0;
    let mut system = FontSystem::new_with_locale_and_db("en".into(), fonts);
    let flags = CacheKeyFlags::DISABLE_HINTING;
    let (key, _, _) = CacheKey::new(face, glyph, AT, (0.0, 0.0), weight, flags);
    let outline = SwashCache::new().get_outline_commands_uncached(&mut system, key)?;
    let top = |command: &Command| match command {
        Command::MoveTo(a) | Command::LineTo(a) => a.y,
        Command::QuadTo(_, a) | Command::CurveTo(_, _, a) => a.y,
        Command::Close => 0.0,
    };
    Some(outline.iter().map(top).fold(0.0, f32::max) / AT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_height_of_capitals_that_is_not_stated_is_measured() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/fonts/Inter-Regular.otf");
        let bytes = std::fs::read(path).expect("it is there");
        let stated = Typeface::read([Path::new(path)]).expect("is read").expect("is one").caps;
        // A table OS/2 of version 1 ends before it.
        let folder = tempfile::tempdir().expect("a folder");
        let old = folder.path().join("old.otf");
        let table = bytes.windows(4).position(|tag| tag == b"OS/2").expect("it has one");
        let at = u32::from_be_bytes(bytes[table + 8..][..4].try_into().expect("four bytes")) as usize;
        let mut bytes = bytes;
        bytes[at..at + 2].copy_from_slice(&1_u16.to_be_bytes());
        bytes[at + 88..at + 90].fill(0);
        std::fs::write(&old, bytes).expect("written");
        let measured = Typeface::read([&*old]).expect("is read").expect("is one").caps;
        assert!((measured - stated).abs() < 0.01, "{measured} {stated}");
    }

    #[test]
    fn a_font_tells_its_family_and_the_height_of_its_capitals() {
        let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/fonts/Inter-Regular.otf"));
        let bold = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/fonts/Inter-SemiBold.otf"));
        let typeface = Typeface::read([path, bold]).expect("is read").expect("is one");
        assert!(typeface.files.len() == 2 && (typeface.caps - 0.727).abs() < 0.01, "{}", typeface.caps);
        assert_eq!([300, 450, 700].map(|wanted| typeface.weight(wanted)), [400, 400, 600]);
        assert_eq!(Typeface::read([]), Ok(None));
    }

    #[test]
    fn what_is_no_font_is_said() {
        let here = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
        assert_eq!(Typeface::read([here]), Err((0, "is not a TrueType or OpenType font".into())));
        assert!(Typeface::read([Path::new("/nowhere.ttf")]).is_err());
    }
}
