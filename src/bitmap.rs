//! A picture in memory: read from a file or from the GPU, encoded for the mirror, saved as a file.

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _};
use std::path::Path;

use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};

use crate::disk;

/// Largest file that is read, bytes.
pub const MAX_FILE: u64 = 16 << 20;
/// Largest width and height that is read, and that is kept, pixels.
pub const MAX_READ: u32 = 8_192;
pub const MAX_KEPT: u32 = 2_048;
/// Memory for reading a file, bytes.
const MAX_ALLOC: u64 = 512 << 20;

/// A picture; one that was read from a file may be translucent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bitmap {
    /// Pixels.
    pub width: u32,
    pub height: u32,
    /// 4 bytes a pixel, red first, straight alpha, rows from the top.
    pub rgba: Vec<u8>,
}

impl Bitmap {
    /// Reads a PNG or JPEG file; a picture larger than [`MAX_KEPT`] is made smaller. The error says in
    /// words what is wrong.
    pub fn read(path: &Path) -> Result<Self, String> {
        let image = decoded(path)?;
        let is_large = image.width() > MAX_KEPT || image.height() > MAX_KEPT;
        let image = if is_large { image.resize(MAX_KEPT, MAX_KEPT, FilterType::Triangle) } else { image };
        Ok(image.into())
    }

    /// Reads a PNG or JPEG file, cut at its edges to the shape of `most` pixels and made no larger than that.
    pub fn read_covering(path: &Path, most: (u32, u32)) -> Result<Self, String> {
        let image = decoded(path)?;
        let (w, h) = (f64::from(image.width()), f64::from(image.height()));
        let aspect = f64::from(most.0.max(1)) / f64::from(most.1.max(1));
        let whole = |v: f64, most: u32| (v.round() as u32).clamp(1, most);
        let (cut_w, cut_h) = (whole(h * aspect, image.width()), whole(w / aspect, image.height()));
        let image = image.crop_imm((image.width() - cut_w) / 2, (image.height() - cut_h) / 2, cut_w, cut_h);
        let is_large = cut_w > most.0 || cut_h > most.1;
        let image = if is_large {
            image.resize_exact(most.0.max(1), most.1.max(1), FilterType::Triangle)
        } else {
            image
        };
        Ok(image.into())
    }

    /// This picture `width` × `height` pixels large.
    pub fn resized(&self, width: u32, height: u32) -> Vec<u8> {
        let image = image::RgbaImage::from_raw(self.width, self.height, self.rgba.clone());
        let resize = |image| image::imageops::resize(&image, width, height, FilterType::CatmullRom);
        image.map(resize).unwrap_or_else(|| image::RgbaImage::new(width, height)).into_raw()
    }
}

impl From<DynamicImage> for Bitmap {
    fn from(image: DynamicImage) -> Self {
        let image = image.into_rgba8();
        let (width, height) = image.dimensions();
        Self { width, height, rgba: image.into_raw() }
    }
}

/// A picture that has an extent.
fn decoded(path: &Path) -> Result<DynamicImage, String> {
    let image = open(path)?.decode().map_err(|error| format!("cannot be read: {error}"))?;
    let is_empty = image.width() == 0 || image.height() == 0;
    if is_empty { Err("is empty".into()) } else { Ok(image) }
}

/// A file that is small enough and begins as a picture does.
fn open(path: &Path) -> Result<ImageReader<BufReader<File>>, String> {
    let missing = |error: std::io::Error| format!("cannot be read: {error}");
    let mut file = disk::open_small(path, MAX_FILE)?;
    let mut head = Vec::new();
    file.by_ref().take(16).read_to_end(&mut head).map_err(missing)?;
    file.rewind().map_err(missing)?;
    let format = image::guess_format(&head).ok();
    let known = format.filter(|format| matches!(format, ImageFormat::Png | ImageFormat::Jpeg));
    let mut reader = ImageReader::with_format(BufReader::new(file), known.ok_or("is not a PNG or JPEG")?);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_READ), Some(MAX_READ));
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    Ok(reader)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str, bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("is written");
        (folder, path)
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let image = image::RgbaImage::from_pixel(width, height, image::Rgba([10, 20, 30, 128]));
        image.write_to(&mut bytes, ImageFormat::Png).expect("encodes");
        bytes.into_inner()
    }

    #[test]
    fn a_picture_is_read_and_one_that_is_large_made_smaller() {
        let (_folder, path) = written("logo.png", &png(40, 20));
        let bitmap = Bitmap::read(&path).expect("it is a PNG");
        assert_eq!((bitmap.width, bitmap.height, &bitmap.rgba[..4]), (40, 20, &[10, 20, 30, 128][..]));
        assert_eq!(bitmap.resized(10, 5).len(), 200);
        let (_folder, path) = written("wide.png", &png(4_100, 10));
        assert_eq!(Bitmap::read(&path).map(|bitmap| bitmap.width), Ok(MAX_KEPT));
    }

    #[test]
    fn a_picture_that_covers_keeps_its_middle_and_its_proportions() {
        let mut image = image::RgbaImage::from_pixel(300, 100, image::Rgba([255, 0, 0, 255]));
        (100..200).for_each(|x| (0..100).for_each(|y| image.put_pixel(x, y, image::Rgba([0, 255, 0, 255]))));
        let mut bytes = std::io::Cursor::new(Vec::new());
        image.write_to(&mut bytes, ImageFormat::Png).expect("encodes");
        let (_folder, path) = written("wide.png", bytes.get_ref());
        let size = |most| Bitmap::read_covering(&path, most).map(|b| (b.width, b.height));
        assert_eq!(size((4_000, 4_000)), Ok((100, 100)), "never made larger");
        assert_eq!(size((50, 50)), Ok((50, 50)));
        assert_eq!(size((4_000, 1_000)), Ok((300, 75)));
        let middle = Bitmap::read_covering(&path, (50, 50)).expect("it is a PNG");
        assert!(middle.rgba.chunks(4).all(|pixel| pixel == [0, 255, 0, 255]));
    }

    #[test]
    fn what_is_no_picture_says_why_and_never_panics() {
        let why = |bytes: &[u8]| Bitmap::read(&written("x.png", bytes).1).expect_err("is refused");
        let (_folder, path) = written("half.png", &png(400, 200)[..60]);
        assert!(Bitmap::read(&path).expect_err("is cut").contains("cannot be read"));
        assert_eq!(why(b""), "is not a PNG or JPEG");
        let (_folder, path) = written("x.svg", b"<svg/>");
        assert_eq!(Bitmap::read(&path), Err("is not a PNG or JPEG".into()));
        let (_folder, path) = written("huge.png", &png(9_000, 1));
        assert!(Bitmap::read(&path).is_err(), "more pixels than are read");
        assert!(Bitmap::read(Path::new("/")).is_err());
    }
}
