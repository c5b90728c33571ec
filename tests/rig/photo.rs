//! A picture that was taken of something, and plain statistics of it.

use std::collections::HashMap;

use fishbowl::color::Rgba;
use image::{Rgb, RgbImage};

pub struct Photo(pub RgbImage);

impl Photo {
    /// From the bytes of a PNG or JPEG.
    pub fn decode(bytes: &[u8]) -> Self {
        Self(image::load_from_memory(bytes).expect("a picture").into_rgb8())
    }

    pub fn size(&self) -> (u32, u32) {
        self.0.dimensions()
    }

    /// The part at `x`, `y` of `width` by `height` pixels.
    pub fn part(&self, x: u32, y: u32, width: u32, height: u32) -> Self {
        Self(image::imageops::crop_imm(&self.0, x, y, width, height).to_image())
    }

    /// Share of the pixels that have the most common colour, 0 to 1. Sixteen shades a channel,
    /// so that neither noise nor a JPEG's ripples count as content.
    pub fn ground(&self) -> f64 {
        let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
        for pixel in self.0.pixels() {
            *counts.entry(pixel.0.map(|c| c / 16)).or_default() += 1;
        }
        let most = counts.values().max().copied().unwrap_or(0);
        self.part_of(most)
    }

    /// Share of the pixels that have just this colour, or one that no eye tells from it, 0 to 1.
    pub fn share(&self, color: Rgba) -> f64 {
        let [r, g, b, _] = color.to_bytes();
        let near = |p: &&Rgb<u8>| [r, g, b].iter().zip(p.0).all(|(a, b)| a.abs_diff(b) <= 2);
        self.part_of(self.0.pixels().filter(near).count())
    }

    fn part_of(&self, count: usize) -> f64 {
        count as f64 / f64::from(self.0.width() * self.0.height()).max(1.0)
    }

    /// Share of the pixels that are clearly not those of `other`, 0 to 1; 1 when the sizes differ.
    pub fn difference(&self, other: &Photo) -> f64 {
        if self.size() != other.size() {
            return 1.0;
        }
        let apart = |(a, b): &(&Rgb<u8>, &Rgb<u8>)| (0..3).any(|i| a.0[i].abs_diff(b.0[i]) > 24);
        self.part_of(self.0.pixels().zip(other.0.pixels()).filter(apart).count())
    }

    /// Keeps it in the folder that `FISHBOWL_PHOTOS` names, if it does, for people to look at.
    pub fn keep(&self, name: &str) {
        if let Some(folder) = std::env::var_os("FISHBOWL_PHOTOS") {
            let path = std::path::Path::new(&folder).join(format!("{name}.png"));
            self.0.save(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        }
    }
}
