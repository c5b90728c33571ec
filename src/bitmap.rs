//! A picture in memory: read back from the GPU, encoded for the mirror, saved as a file.

/// An opaque picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    /// Pixels.
    pub width: u32,
    pub height: u32,
    /// 4 bytes a pixel, red first, rows from the top.
    pub rgba: Vec<u8>,
}
