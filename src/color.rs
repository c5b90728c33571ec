//! Colour: values, contrast, and the two themes of the house.

use std::hash::{Hash, Hasher};

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
        let linear = |c: f32| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
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

impl Hash for Rgba {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.to_bytes().hash(state);
    }
}

/// Every colour that the wall uses; a layout may replace some.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub dark: bool,
    /// Behind everything.
    pub ground: Rgba,
    /// Numbers and the text that matters.
    pub ink: Rgba,
    /// Running text beside it.
    pub soft: Rgba,
    /// Names of tiles, units, captions; still 4.5:1 on the ground.
    pub quiet: Rgba,
    pub hairline: Rgba,
    pub land: Rgba,
    pub coast: Rgba,
    /// Data that belongs to no topic.
    pub accent: Rgba,
    /// Eight that stay apart under protanopia, deuteranopia and tritanopia.
    pub topics: [Rgba; 8],
    pub positive: Rgba,
    pub negative: Rgba,
    pub neutral: Rgba,
    pub unknown: Rgba,
    /// Kept for alarms.
    pub alarm: Rgba,
    /// Evenly spaced stops of the heat ramp, cold to hot; the first is the land's own colour.
    pub heat: [Rgba; 6],
}

impl Theme {
    /// For rooms with dimmed light: near-black ground.
    pub const fn dark() -> Self {
        Self {
            dark: true,
            ground: Rgba::hex(0x0b0e12),
            ink: Rgba::hex(0xf4f6f8),
            soft: Rgba::hex(0xb9c2cc),
            quiet: Rgba::hex(0x8a95a1),
            hairline: Rgba::hex(0x262d35),
            land: Rgba::hex(0x1a2128),
            coast: Rgba::hex(0x303a44),
            accent: Rgba::hex(0x7cc4ff),
            topics: [
                Rgba::hex(0x56b4e9),
                Rgba::hex(0xe69f00),
                Rgba::hex(0x35c9a0),
                Rgba::hex(0xf0e442),
                Rgba::hex(0xcc79a7),
                Rgba::hex(0x9fb6ff),
                Rgba::hex(0xc9985a),
                Rgba::hex(0xdfe5ea),
            ],
            positive: Rgba::hex(0x4aa8ff),
            negative: Rgba::hex(0xf08a24),
            neutral: Rgba::hex(0x8a95a1),
            unknown: Rgba::hex(0x59636e),
            alarm: Rgba::hex(0xff4d4d),
            heat: [
                Rgba::hex(0x1a2128),
                Rgba::hex(0x2b3f73),
                Rgba::hex(0x5b4a9c),
                Rgba::hex(0xa75a9d),
                Rgba::hex(0xec8a73),
                Rgba::hex(0xfde9a9),
            ],
        }
    }

    /// For bright halls: light grey ground.
    pub const fn light() -> Self {
        Self {
            dark: false,
            ground: Rgba::hex(0xeceff1),
            ink: Rgba::hex(0x101418),
            soft: Rgba::hex(0x37414a),
            quiet: Rgba::hex(0x55606a),
            hairline: Rgba::hex(0xc6cdd3),
            land: Rgba::hex(0xd9dee2),
            coast: Rgba::hex(0xb6bfc6),
            accent: Rgba::hex(0x005a9e),
            topics: [
                Rgba::hex(0x0066a1),
                Rgba::hex(0x9a5b00),
                Rgba::hex(0x00775a),
                Rgba::hex(0x6b6500),
                Rgba::hex(0xa0417a),
                Rgba::hex(0x4355b9),
                Rgba::hex(0x7a4a1e),
                Rgba::hex(0x2e3841),
            ],
            positive: Rgba::hex(0x0062b1),
            negative: Rgba::hex(0xa34e00),
            neutral: Rgba::hex(0x5f6a74),
            unknown: Rgba::hex(0x8c969f),
            alarm: Rgba::hex(0xc40d1e),
            heat: [
                Rgba::hex(0xd9dee2),
                Rgba::hex(0xa9c3dd),
                Rgba::hex(0x7f9bd0),
                Rgba::hex(0x7d66b8),
                Rgba::hex(0x86307f),
                Rgba::hex(0x4d0a3c),
            ],
        }
    }

    /// The heat ramp at `t`, 0 cold to 1 hot.
    pub fn heat_at(&self, t: f32) -> Rgba {
        let last = self.heat.len() - 1;
        let x = t.clamp(0.0, 1.0) * last as f32;
        let i = (x as usize).min(last - 1);
        self.heat[i].mix(self.heat[i + 1], x - i as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_on_white_is_21() {
        assert!((Rgba::hex(0).contrast(Rgba::hex(0xffffff)) - 21.0).abs() < 0.01);
    }

    #[test]
    fn the_themes_are_legible() {
        for theme in [Theme::dark(), Theme::light()] {
            for text in [theme.ink, theme.soft] {
                assert!(text.contrast(theme.ground) >= 7.0);
            }
            for mark in theme.topics.iter().chain([&theme.quiet, &theme.positive, &theme.negative]) {
                assert!(mark.contrast(theme.ground) >= 4.5, "{mark:?}");
            }
        }
    }

    #[test]
    fn heat_grows_steadily_away_from_the_land() {
        for theme in [Theme::dark(), Theme::light()] {
            let steps: Vec<f32> =
                (0..=20).map(|i| theme.heat_at(i as f32 / 20.0).contrast(theme.land)).collect();
            assert!(steps.windows(2).all(|w| w[1] >= w[0] - 1e-3), "{steps:?}");
        }
    }
}
