//! How far apart two colours look: CIE L\*a\*b\* and the difference ΔE₀₀ (CIEDE2000).

use super::{Rgba, linear};

/// From linear sRGB to CIE XYZ (IEC 61966-2-1).
const TO_XYZ: [[f32; 3]; 3] = [
    [0.412_456_4, 0.357_576_1, 0.180_437_5],
    [0.212_672_9, 0.715_152_2, 0.072_175],
    [0.019_333_9, 0.119_192, 0.950_304_1],
];
/// White of D65.
const WHITE: [f32; 3] = [0.950_47, 1.0, 1.088_83];

/// A colour in CIE L\*a\*b\* under D65.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lab {
    /// Lightness, 0 to 100.
    pub l: f32,
    pub a: f32,
    pub b: f32,
}

impl From<Rgba> for Lab {
    fn from(colour: Rgba) -> Self {
        let rgb = [colour.r, colour.g, colour.b].map(linear);
        let [x, y, z] = std::array::from_fn(|i| {
            let sum: f32 = TO_XYZ[i].iter().zip(rgb).map(|(part, c)| part * c).sum();
            curve(sum / WHITE[i])
        });
        Self { l: 116.0 * y - 16.0, a: 500.0 * (x - y), b: 200.0 * (y - z) }
    }
}

fn curve(t: f32) -> f32 {
    if t > 216.0 / 24_389.0 { t.cbrt() } else { (24_389.0 / 27.0 * t + 16.0) / 116.0 }
}

/// A chroma and a hue (degrees) with the correction of the a axis.
struct Polar {
    l: f32,
    chroma: f32,
    hue: f32,
}

impl Polar {
    fn of(lab: Lab, stretch: f32) -> Self {
        let a = lab.a * stretch;
        let hue = if a == 0.0 && lab.b == 0.0 { 0.0 } else { lab.b.atan2(a).to_degrees().rem_euclid(360.0) };
        Self { l: lab.l, chroma: a.hypot(lab.b), hue }
    }
}

/// The difference ΔE₀₀ (Sharma, Wu and Dalal 2005, doi:10.1002/col.20070): 1 is just seen side by
/// side, 12 is told apart across a room.
pub fn difference(one: Rgba, other: Rgba) -> f32 {
    of_lab(one.into(), other.into())
}

fn of_lab(one: Lab, other: Lab) -> f32 {
    let mean = (one.a.hypot(one.b) + other.a.hypot(other.b)) / 2.0;
    let stretch = 1.0 + 0.5 * (1.0 - saturation(mean));
    let (p, q) = (Polar::of(one, stretch), Polar::of(other, stretch));
    let grey = p.chroma * q.chroma == 0.0;
    let (turn, hue) = hues(p.hue, q.hue, grey);
    let (l, chroma) = ((p.l + q.l) / 2.0, (p.chroma + q.chroma) / 2.0);
    let cos = |times: f32, from: f32| (times * hue + from).to_radians().cos();
    let t =
        1.0 - 0.17 * cos(1.0, -30.0) + 0.24 * cos(2.0, 0.0) + 0.32 * cos(3.0, 6.0) - 0.2 * cos(4.0, -63.0);
    let off = (l - 50.0).powi(2);
    let lightness = (q.l - p.l) / (1.0 + 0.015 * off / (20.0 + off).sqrt());
    let purity = (q.chroma - p.chroma) / (1.0 + 0.045 * chroma);
    let tone =
        2.0 * (p.chroma * q.chroma).sqrt() * (turn / 2.0).to_radians().sin() / (1.0 + 0.015 * chroma * t);
    let rotation = 60.0 * (-((hue - 275.0) / 25.0).powi(2)).exp();
    let twist = -rotation.to_radians().sin() * 2.0 * saturation(chroma);
    (lightness * lightness + purity * purity + tone * tone + twist * purity * tone).max(0.0).sqrt()
}

/// `√(C⁷ / (C⁷ + 25⁷))`.
fn saturation(chroma: f32) -> f32 {
    let c = chroma.powi(7);
    (c / (c + 25f32.powi(7))).sqrt()
}

/// From one hue to the other by the shorter way, and the hue in the middle; degrees.
fn hues(p: f32, q: f32, grey: bool) -> (f32, f32) {
    if grey {
        return (0.0, p + q);
    }
    let turn = (q - p + 180.0).rem_euclid(360.0) - 180.0;
    let turn = if turn == -180.0 && q > p { 180.0 } else { turn };
    (turn, (p + turn / 2.0).rem_euclid(360.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs of the paper's table 1.
    #[test]
    fn known_differences() {
        let lab = |[l, a, b]: [f32; 3]| Lab { l, a, b };
        for (one, other, expected) in [
            ([50.0, 2.677_2, -79.775_1], [50.0, 0.0, -82.748_5], 2.042_5),
            ([50.0, -1.380_2, -84.281_4], [50.0, 0.0, -82.748_5], 1.0),
            ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.366_9),
            ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.149_2),
            ([50.0, 2.5, 0.0], [56.0, -27.0, -3.0], 31.903),
            ([60.257_4, -34.009_9, 36.267_7], [60.462_6, -34.175_1, 39.438_7], 1.264_4),
            ([2.077_6, 0.079_5, -1.135], [0.903_3, -0.063_6, -0.551_4], 0.908_2),
        ] {
            for (a, b) in [(one, other), (other, one)] {
                let got = of_lab(lab(a), lab(b));
                assert!((got - expected).abs() < 2e-3, "{a:?} {b:?}: {got}");
            }
        }
    }

    #[test]
    fn white_is_light_and_grey_is_grey() {
        let white = Lab::from(Rgba::hex(0xffffff));
        assert!((white.l - 100.0).abs() < 0.01 && white.a.abs() < 0.02 && white.b.abs() < 0.02);
        assert_eq!(difference(Rgba::hex(0x808080), Rgba::hex(0x808080)), 0.0);
    }
}
