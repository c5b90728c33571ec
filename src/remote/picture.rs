//! One display's picture on its way to the browser: made smaller and encoded as JPEG.

use image::codecs::jpeg::JpegEncoder;
use image::flat::{FlatSamples, SampleLayout};
use image::{ExtendedColorType, ImageError, RgbImage, Rgba, imageops};

/// Longest side of an encoded picture, pixels; larger ones are made smaller.
pub const MAX_EDGE: u32 = 1_280;

const QUALITY: u8 = 80;

/// In which order the four bytes of a pixel stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Rgba,
    Bgra,
}

/// A picture as it was read back from the GPU, upright as it hangs on the wall.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Pixels.
    pub width: u32,
    pub height: u32,
    /// Bytes from one row to the next; read-back rows are padded.
    pub stride: usize,
    pub order: Order,
    pub bytes: Vec<u8>,
}

impl Picture {
    /// A JPEG of at most [`MAX_EDGE`] pixels on its longer side. Fails when the bytes do not hold
    /// what width, height and stride promise.
    pub(super) fn to_jpeg(&self) -> Result<Vec<u8>, ImageError> {
        let small = self.shrink()?;
        let mut jpeg = Vec::with_capacity(256 * 1024);
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode(
            &small,
            small.width(),
            small.height(),
            ExtendedColorType::Rgb8,
        )?;
        Ok(jpeg)
    }

    fn shrink(&self) -> Result<RgbImage, ImageError> {
        let samples = FlatSamples { samples: &self.bytes[..], layout: self.layout(), color_hint: None };
        let view = samples.as_view::<Rgba<u8>>()?;
        let (width, height) = fit(self.width, self.height);
        let small = imageops::thumbnail(&view, width, height);
        let pick = match self.order {
            Order::Rgba => [0, 1, 2],
            Order::Bgra => [2, 1, 0],
        };
        let rgb = small.pixels().flat_map(|p| pick.map(|channel| p.0[channel])).collect();
        Ok(RgbImage::from_raw(width, height, rgb).expect("three bytes were made for every pixel"))
    }

    fn layout(&self) -> SampleLayout {
        SampleLayout {
            channels: 4,
            channel_stride: 1,
            width: self.width,
            width_stride: 4,
            height: self.height,
            height_stride: self.stride,
        }
    }
}

/// The largest size of the same proportion whose longer side is at most [`MAX_EDGE`].
fn fit(width: u32, height: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= MAX_EDGE {
        return (width.max(1), height.max(1));
    }
    let scaled = |side: u32| ((u64::from(side) * u64::from(MAX_EDGE) / u64::from(longest)) as u32).max(1);
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(width: u32, height: u32, stride: usize, pixel: [u8; 4], order: Order) -> Picture {
        let bytes = pixel.iter().copied().cycle().take(stride * height as usize).collect();
        Picture { width, height, stride, order, bytes }
    }

    fn decoded(picture: &Picture) -> RgbImage {
        let jpeg = picture.to_jpeg().expect("encodes");
        image::load_from_memory(&jpeg).expect("decodes").into_rgb8()
    }

    #[test]
    fn colours_survive_in_either_order() {
        for (pixel, order) in [([200, 40, 20, 255], Order::Rgba), ([20, 40, 200, 255], Order::Bgra)] {
            let [r, g, b] = decoded(&plain(64, 32, 64 * 4, pixel, order)).get_pixel(9, 9).0;
            assert!(r.abs_diff(200) < 6 && g.abs_diff(40) < 6 && b.abs_diff(20) < 6, "{r} {g} {b}");
        }
    }

    #[test]
    fn large_pictures_keep_their_proportion() {
        assert_eq!(decoded(&plain(1920, 1080, 7680, [9; 4], Order::Rgba)).dimensions(), (1280, 720));
        assert_eq!(decoded(&plain(1080, 1920, 4352, [9; 4], Order::Rgba)).dimensions(), (720, 1280));
        assert_eq!(fit(100_000, 1), (1280, 1));
    }

    #[test]
    fn bytes_that_are_missing_are_an_error_and_no_panic() {
        let mut short = plain(64, 64, 256, [0; 4], Order::Rgba);
        short.bytes.truncate(1_000);
        assert!(short.to_jpeg().is_err());
        let narrow = Picture { stride: 1, ..plain(64, 64, 256, [0; 4], Order::Rgba) };
        let _ = narrow.to_jpeg();
        let plain = plain(4, 4, 16, [0; 4], Order::Bgra);
        let huge = Picture { width: u32::MAX, height: u32::MAX, stride: usize::MAX / 8, ..plain };
        assert!(huge.to_jpeg().is_err());
    }
}
