//! One display's picture on its way to the browser.

use image::codecs::jpeg::JpegEncoder;
use image::error::{ParameterError, ParameterErrorKind};
use image::{ExtendedColorType, ImageError};

use crate::bitmap::Bitmap;

const QUALITY: u8 = 80;

/// The picture as JPEG. Fails when the bytes do not hold what width and height promise.
pub(super) fn encode(picture: &Bitmap) -> Result<Vec<u8>, ImageError> {
    let &Bitmap { width, height, ref rgba } = picture;
    if rgba.len() as u64 / 4 != u64::from(width) * u64::from(height) {
        let wrong = ParameterError::from_kind(ParameterErrorKind::DimensionMismatch);
        return Err(ImageError::Parameter(wrong));
    }
    let rgb: Vec<u8> = rgba.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut jpeg = Vec::with_capacity(256 * 1024);
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode(&rgb, width, height, ExtendedColorType::Rgb8)?;
    Ok(jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_and_colours_survive() {
        let picture = Bitmap { width: 64, height: 32, rgba: [200, 40, 20, 255].repeat(64 * 32) };
        let jpeg = encode(&picture).expect("encodes");
        let decoded = image::load_from_memory(&jpeg).expect("decodes").into_rgb8();
        let [r, g, b] = decoded.get_pixel(9, 9).0;
        assert!(r.abs_diff(200) < 6 && g.abs_diff(40) < 6 && b.abs_diff(20) < 6, "{r} {g} {b}");
        assert_eq!(decoded.dimensions(), (64, 32));
    }

    #[test]
    fn bytes_that_are_missing_are_an_error_and_no_panic() {
        let short = Bitmap { width: 64, height: 64, rgba: vec![0; 1_000] };
        assert!(encode(&short).is_err());
        assert!(encode(&Bitmap { width: u32::MAX, height: u32::MAX, ..short }).is_err());
    }
}
