//! How much of a picture may show behind everything, so that all that stands on it can still be read.

use super::{Rgba, State, Theme};

/// Text that matters stands at this or above.
const TEXT: f32 = 7.0;
/// Captions and alarms stand at this or above.
const MARK: f32 = 4.5;
/// Topics and sentiment, which are never without their words.
const DATA: f32 = 3.5;
/// On a picture: what is a mark with its words, a sign or large. Below this nobody sees it from a distance.
const SEEN: f32 = 3.0;
/// On a picture: what is hollow or hatched and said beside.
const AREA: f32 = 2.0;

/// How strongly a picture shows, and why no stronger.
#[derive(Clone, Debug, PartialEq)]
pub struct Scrim {
    /// The picture's part of what is seen, 0 to 1; the rest is the ground.
    pub share: f32,
    /// `None` where all of it may show.
    pub limit: Option<Limit>,
}

/// The colour that first could not be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    pub state: State,
    /// The contrast that it needs.
    pub needs: f32,
    /// The picture is too light for it, or too dark.
    pub is_light: bool,
    /// That colour of the picture.
    pub worst: Rgba,
    /// The grey up to which the picture could be shown as it is.
    pub bound: Rgba,
}

impl Limit {
    /// `at its lightest it is #fdf6e0, on which `quiet` needs 4.5:1`.
    pub fn reason(&self) -> String {
        let (most, worst) = (if self.is_light { "lightest" } else { "darkest" }, hex(self.worst));
        format!("at its {most} it is {worst}, on which {} needs {}:1", self.state.name(), self.needs)
    }

    /// What to do to see all of it.
    pub fn way(&self) -> String {
        let (way, more) = if self.is_light { ("Darken", "lighter") } else { ("Lighten", "darker") };
        format!("{way} the picture; all of it shows where no part of it is {more} than {}.", hex(self.bound))
    }
}

fn hex(color: Rgba) -> String {
    let [r, g, b, _] = color.to_bytes();
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The colours of a picture, each once.
#[derive(Clone, Debug)]
pub struct Palette(Vec<[u8; 3]>);

impl Palette {
    /// Of pixels of four bytes, red first.
    pub fn of(rgba: &[u8]) -> Self {
        let mut seen = vec![0_u64; 1 << 18];
        let mut colors = Vec::new();
        for pixel in rgba.as_chunks::<4>().0 {
            let [r, g, b, _] = *pixel;
            let code = u32::from_be_bytes([0, r, g, b]) as usize;
            let (word, bit) = (&mut seen[code / 64], 1 << (code % 64));
            if *word & bit == 0 {
                *word |= bit;
                colors.push([r, g, b]);
            }
        }
        Self(colors)
    }

    /// Least and greatest luminance of the picture at `share` above `ground`, each with its colour.
    fn extremes(&self, ground: Rgba, share: f32) -> [(f32, [u8; 3]); 2] {
        let light = |up: bool| {
            let weights = [(ground.r, 0.2126), (ground.g, 0.7152), (ground.b, 0.0722)];
            weights.map(|(ground, weight)| {
                let table = mixed(ground, share).map(|v| if up { v.ceil() } else { v.floor() });
                table.map(|v| weight * super::linear(v / 255.0))
            })
        };
        let of = |table: &[[f32; 256]; 3], [r, g, b]: [u8; 3]| {
            table[0][usize::from(r)] + table[1][usize::from(g)] + table[2][usize::from(b)]
        };
        let (low, high) = (light(false), light(true));
        let plain = ground.luminance();
        let mut ends = [(plain, [0; 3]), (plain, [0; 3])];
        for &color in &self.0 {
            let (least, most) = (of(&low, color), of(&high, color));
            ends[0] = if least < ends[0].0 { (least, color) } else { ends[0] };
            ends[1] = if most > ends[1].0 { (most, color) } else { ends[1] };
        }
        ends
    }
}

/// What each byte of a picture becomes at `share` above a component of the ground, 0 to 255.
fn mixed(ground: f32, share: f32) -> [f32; 256] {
    let ground = (ground * 255.0).round();
    std::array::from_fn(|v| ground + (v as f32 - ground) * share)
}

/// Pixels of four bytes at `share` of their opacity above the ground, opaque. Between two values the
/// pixels take turns in a fine pattern, so that a soft gradient has no steps.
pub fn laid(rgba: &[u8], width: u32, ground: Rgba, share: f32) -> Vec<u8> {
    /// Bayer's matrix: each threshold once, neighbours far apart.
    const TURNS: [[u8; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
    let grounds = [ground.r, ground.g, ground.b];
    let tables = grounds.map(|ground| mixed(ground, share));
    let width = width.max(1) as usize;
    let mut laid = Vec::with_capacity(rgba.len());
    for (i, pixel) in rgba.as_chunks::<4>().0.iter().enumerate() {
        let turn = (f32::from(TURNS[i / width % 4][i % width % 4]) + 0.5) / 16.0;
        let opacity = f32::from(pixel[3]) / 255.0;
        for (channel, table) in tables.iter().enumerate() {
            let bare = (grounds[channel] * 255.0).round();
            let value = bare + (table[usize::from(pixel[channel])] - bare) * opacity;
            laid.push((value + turn).floor().clamp(0.0, 255.0) as u8);
        }
        laid.push(255);
    }
    laid
}

impl Theme {
    /// What is read on the ground, each with the contrast that it has to have there.
    pub fn legible(&self) -> Vec<(State, f32)> {
        let keys = [
            ("ink", self.ink, TEXT),
            ("soft", self.soft, TEXT),
            ("quiet", self.quiet, MARK),
            ("accent", self.accent, DATA),
            ("positive", self.positive, DATA),
            ("negative", self.negative, DATA),
            ("alarm", self.alarm, MARK),
        ];
        let keys = keys.map(|(key, color, needs)| (State { key, topic: None, color }, needs));
        let topic = |(i, color): (usize, &Rgba)| State { key: "topics", topic: Some(i), color: *color };
        let topics = self.topics.iter().enumerate().map(topic);
        keys.into_iter().chain(topics.map(|state| (state, DATA))).collect()
    }

    /// The same on a picture. Text needs what it always does. Marks need what they must have at least, because the
    /// themes give them little more; and nothing else may vanish either.
    pub fn legible_on_a_picture(&self) -> Vec<(State, f32)> {
        let keys =
            [("coast", self.coast, SEEN), ("neutral", self.neutral, AREA), ("unknown", self.unknown, AREA)];
        let keys = keys.map(|(key, color, needs)| (State { key, topic: None, color }, needs));
        let is_text = |key| matches!(key, "ink" | "soft" | "quiet");
        let on_it = |(state, needs): (State, f32)| {
            let needs = if is_text(state.key) { needs } else { SEEN };
            (state, needs)
        };
        self.legible().into_iter().map(on_it).chain(keys).collect()
    }

    /// How strongly a picture of these colours may show: as much as leaves everything that stands on it
    /// the contrast that it has to have, above each of its pixels; where a colour has less on the plain
    /// ground already, that.
    pub fn scrim(&self, palette: &Palette) -> Scrim {
        let needs: Vec<(State, f32)> = self.legible_on_a_picture();
        let fault = |share: f32| {
            let [dark, light] = palette.extremes(self.ground, share);
            needs.iter().find_map(|(state, needs)| {
                let needed = needs.min(state.color.contrast(self.ground));
                let at = state.color.luminance();
                let over = |(ground, _): (f32, _)| (at.max(ground) + 0.05) / (at.min(ground) + 0.05);
                // Between the two somewhere stands the same light.
                let lies_between = dark.0 < at && at < light.0;
                let is_light = over(light) < over(dark);
                let worst = over(if is_light { light } else { dark });
                let is_read = !lies_between && worst >= needed - 1e-4;
                (!is_read).then_some((state, *needs, is_light, if is_light { light.1 } else { dark.1 }))
            })
        };
        if fault(1.0).is_none() {
            return Scrim { share: 1.0, limit: None };
        }
        // From the ground on it is right up to some share: more light only ever grows faster.
        let (mut right, mut wrong) = (0.0, 1.0);
        for _ in 0..8 {
            let middle = (right + wrong) / 2.0;
            *(if fault(middle).is_none() { &mut right } else { &mut wrong }) = middle;
        }
        let limit = fault(wrong).map(|(state, needs, is_light, [r, g, b])| Limit {
            state: state.clone(),
            needs,
            is_light,
            worst: Rgba::hex(u32::from_be_bytes([0, r, g, b])),
            bound: self.bound(state, needs, is_light),
        });
        Scrim { share: right, limit }
    }

    /// The lightest (or the darkest) grey on which a colour has the contrast that it needs.
    fn bound(&self, state: &State, needs: f32, is_light: bool) -> Rgba {
        let grey = |v: u32| Rgba::hex(v * 0x1_0101);
        let reads = |v: &u32| {
            let (on, of) = (grey(*v).luminance(), state.color.luminance());
            (on < of) == is_light && grey(*v).contrast(state.color) >= needs
        };
        let bound = if is_light { (0..=255).rev().find(reads) } else { (0..=255).find(reads) };
        bound.map_or(self.ground, grey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pixels from one colour to another, and the corners of the cube.
    fn pixels(colors: &[u32]) -> Vec<u8> {
        colors.iter().flat_map(|c| [(c >> 16) as u8, (c >> 8) as u8, *c as u8, 255]).collect()
    }

    const CORNERS: [u32; 9] =
        [0, 0xff_ffff, 0xff_0000, 0xff00, 0xff, 0xff_ff00, 0xff_00ff, 0xffff, 0x80_8080];

    #[test]
    fn whatever_the_picture_all_can_be_read_above_each_of_its_pixels() {
        let greys: Vec<u32> = (0..=255).map(|v| v * 0x1_0101).collect();
        for (name, theme) in Theme::NAMED {
            for colors in [&CORNERS[..], &greys, &[0xff_ffff], &[0], &[0xff00, 0xff_00ff]] {
                let rgba = pixels(colors);
                let Scrim { share, limit } = theme.scrim(&Palette::of(&rgba));
                assert!(share > 0.04, "{name}: {share} {limit:?}");
                for pixel in laid(&rgba, 3, theme.ground, share).chunks(4) {
                    let on = Rgba::hex(u32::from_be_bytes([0, pixel[0], pixel[1], pixel[2]]));
                    for (state, needs) in theme.legible_on_a_picture() {
                        let needs = needs.min(state.color.contrast(theme.ground));
                        let ratio = state.color.contrast(on);
                        assert!(ratio >= needs - 1e-3, "{name}: {} on {on:?} {ratio} {needs}", state.name());
                    }
                }
            }
        }
    }

    #[test]
    fn a_picture_that_leaves_all_legible_is_shown_as_it_is() {
        let theme = Theme::dark();
        assert_eq!(theme.scrim(&Palette::of(&pixels(&[0, 0x10_1418]))), Scrim { share: 1.0, limit: None });
        let rgba = pixels(&[0x10_1418]);
        assert_eq!(laid(&rgba, 1, theme.ground, 1.0), rgba);
        assert_eq!(laid(&[9, 9, 9, 0], 1, Rgba::hex(0x0b_0e12), 1.0), [0x0b, 0x0e, 0x12, 255]);
    }

    #[test]
    fn it_is_said_what_is_too_light_and_how_dark_it_would_have_to_be() {
        let theme = Theme::dark();
        let Scrim { limit, .. } = theme.scrim(&Palette::of(&pixels(&[0, 0xfd_f6e0])));
        let limit = limit.expect("it is too light");
        assert!(limit.is_light && limit.worst == Rgba::hex(0xfd_f6e0), "{limit:?}");
        assert!(limit.bound.contrast(limit.state.color) >= limit.needs);
        let lighter = limit.bound.mix(Rgba::hex(0xff_ffff), 0.02);
        assert!(lighter.contrast(limit.state.color) < limit.needs);
        let light = Theme::light().scrim(&Palette::of(&pixels(&[0, 0xff_ffff]))).limit.expect("too dark");
        assert!(!light.is_light && light.worst == Rgba::hex(0));
    }

    #[test]
    fn a_soft_gradient_takes_turns_between_two_values() {
        let rgba: Vec<u8> = [100, 100, 100, 255].repeat(16);
        let laid = laid(&rgba, 4, Rgba::hex(0x0b_0e12), 0.12);
        let reds: std::collections::BTreeSet<u8> = laid.chunks(4).map(|p| p[0]).collect();
        assert_eq!(reds, [21, 22].into(), "0.12 of the way from 11 to 100 is 21.7");
    }
}
