//! Pictures as people see them who lack a kind of cone.

use clap::ValueEnum;

use crate::color::{Rgba, Vision};

/// The deficiencies of [`Vision`], as the command line names them.
#[derive(Clone, Copy, ValueEnum)]
pub enum Sight {
    /// No cones for red light
    Protanopia,
    /// No cones for green light
    Deuteranopia,
    /// No cones for blue light
    Tritanopia,
}

impl From<Sight> for Vision {
    fn from(sight: Sight) -> Self {
        match sight {
            Sight::Protanopia => Self::Protanopia,
            Sight::Deuteranopia => Self::Deuteranopia,
            Sight::Tritanopia => Self::Tritanopia,
        }
    }
}

/// Changes the colours of a picture (RGBA, 8 bits) to those that somebody sees.
pub fn simulate(rgba: &mut [u8], vision: Vision) {
    if vision == Vision::Normal {
        return;
    }
    // Most neighbours are of one colour.
    let mut last = ([0; 3], seen([0; 3], vision));
    for pixel in rgba.chunks_exact_mut(4) {
        let colour = [pixel[0], pixel[1], pixel[2]];
        if colour != last.0 {
            last = (colour, seen(colour, vision));
        }
        pixel[..3].copy_from_slice(&last.1);
    }
}

fn seen(colour: [u8; 3], vision: Vision) -> [u8; 3] {
    let [r, g, b] = colour.map(|c| f32::from(c) / 255.0);
    let [r, g, b, _] = vision.see(Rgba { r, g, b, a: 1.0 }).to_bytes();
    [r, g, b]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_loses_a_colour_and_keeps_its_opacity() {
        let mut rgba = [255, 0, 0, 128, 255, 0, 0, 255, 90, 90, 90, 255];
        simulate(&mut rgba, Vision::Protanopia);
        assert!(rgba[0] < 130 && rgba[0] == rgba[4] && rgba[3] == 128, "{rgba:?}");
        assert!(rgba[8..11].iter().all(|c| c.abs_diff(90) < 3));
    }
}
