//! Colour: values, contrast, differences, how people see them, and the themes of the house.

mod difference;
mod scrim;
mod states;
mod theme;
mod vision;

use std::hash::{Hash, Hasher};

pub use difference::{Lab, difference};
pub use scrim::{Limit, Palette, Scrim, laid};
pub use states::{APART, Clash, State};
pub use theme::Theme;
pub use vision::Vision;

/// A colour in sRGB as it is written (`#RRGGBB`), components 0 to 1, straight alpha.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rgba {
    pub r: f32,
    pub g: f32,
    pub b: f32,
    pub a: f32,
}

impl Rgba {
    /// The opaque colour `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Self {
        const fn byte(rgb: u32, shift: u32) -> f32 {
            ((rgb >> shift) & 0xff) as f32 / 255.0
        }
        Self { r: byte(rgb, 16), g: byte(rgb, 8), b: byte(rgb, 0), a: 1.0 }
    }

    /// Reads `#RGB` or `#RRGGBB`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        match digits.len() {
            6 => Some(Self::hex(value)),
            3 => {
                let (r, g, b) = (value >> 8 & 0xf, value >> 4 & 0xf, value & 0xf);
                Some(Self::hex(r * 0x11_0000 + g * 0x1100 + b * 0x11))
            }
            _ => None,
        }
    }

    /// This colour at `alpha` times its opacity.
    pub fn fade(self, alpha: f32) -> Self {
        Self { a: self.a * alpha.clamp(0.0, 1.0), ..self }
    }

    /// The way from here (`t` = 0) to `other` (`t` = 1), straight in sRGB.
    pub fn mix(self, other: Rgba, t: f32) -> Self {
        let t = t.clamp(0.0, 1.0);
        let go = |a: f32, b: f32| a + (b - a) * t;
        Self {
            r: go(self.r, other.r),
            g: go(self.g, other.g),
            b: go(self.b, other.b),
            a: go(self.a, other.a),
        }
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance").
    pub fn luminance(self) -> f32 {
        0.2126 * linear(self.r) + 0.7152 * linear(self.g) + 0.0722 * linear(self.b)
    }

    /// Contrast ratio between two opaque colours, 1 to 21 (WCAG 2.2, "contrast ratio").
    pub fn contrast(self, other: Rgba) -> f32 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The four components as bytes, red first.
    pub fn to_bytes(self) -> [u8; 4] {
        [self.r, self.g, self.b, self.a].map(|c| (c.clamp(0.0, 1.0) * 255.0).round() as u8)
    }

    pub const fn to_array(self) -> [f32; 4] {
        [self.r, self.g, self.b, self.a]
    }
}

/// A component in proportion to light (IEC 61966-2-1).
fn linear(c: f32) -> f32 {
    if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

impl Hash for Rgba {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.to_bytes().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_on_white_is_21() {
        assert!((Rgba::hex(0).contrast(Rgba::hex(0xffffff)) - 21.0).abs() < 0.01);
    }
}
