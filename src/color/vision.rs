//! How colours look to people who lack one of the three kinds of cones.

use super::{Rgba, linear};

/// How somebody sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Vision {
    #[default]
    Normal,
    /// Without cones for long waves; one man in a hundred.
    Protanopia,
    /// Without cones for middle waves; one man in a hundred.
    Deuteranopia,
    /// Without cones for short waves; rare.
    Tritanopia,
}

impl Vision {
    pub const ALL: [Self; 4] = [Self::Normal, Self::Protanopia, Self::Deuteranopia, Self::Tritanopia];
    /// The three deficiencies.
    pub const DEFICIENCIES: [Self; 3] = [Self::Protanopia, Self::Deuteranopia, Self::Tritanopia];

    /// `normal sight`, `protanopia` …
    pub const fn words(self) -> &'static str {
        match self {
            Self::Normal => "normal sight",
            Self::Protanopia => "protanopia",
            Self::Deuteranopia => "deuteranopia",
            Self::Tritanopia => "tritanopia",
        }
    }

    /// What a colour looks like, simulated after Machado, Oliveira and Fernandes 2009
    /// (doi:10.1109/TVCG.2009.113), severity 1, on linear sRGB.
    pub fn see(self, colour: Rgba) -> Rgba {
        let Some(matrix) = self.matrix() else { return colour };
        let rgb = [colour.r, colour.g, colour.b].map(linear);
        let [r, g, b] = matrix.map(|row| {
            let sum: f32 = row.iter().zip(rgb).map(|(part, c)| part * c).sum();
            encoded(sum.clamp(0.0, 1.0))
        });
        Rgba { r, g, b, a: colour.a }
    }

    const fn matrix(self) -> Option<[[f32; 3]; 3]> {
        Some(match self {
            Self::Normal => return None,
            Self::Protanopia => [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
            Self::Deuteranopia => [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_82, 0.042_94, 0.968_881],
            ],
            Self::Tritanopia => [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_9],
            ],
        })
    }
}

/// A component as sRGB writes it (IEC 61966-2-1).
fn encoded(c: f32) -> f32 {
    if c <= 0.003_130_8 { c * 12.92 } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 }
}

#[cfg(test)]
mod tests {
    use super::super::difference;
    use super::*;

    #[test]
    fn greys_stay_grey() {
        for vision in Vision::ALL {
            let seen = vision.see(Rgba::hex(0x808080));
            assert!(difference(seen, Rgba::hex(0x808080)) < 0.5, "{vision:?} {seen:?}");
        }
    }

    #[test]
    fn red_and_green_of_one_brightness_are_one_colour_to_some() {
        let (red, green) = (Rgba::hex(0xc0504d), Rgba::hex(0x7a7a2e));
        let apart = |vision: Vision| difference(vision.see(red), vision.see(green));
        assert!(apart(Vision::Normal) > 40.0);
        assert!(apart(Vision::Deuteranopia) < 14.0, "{}", apart(Vision::Deuteranopia));
    }
}
