//! The themes of the house: every colour that the wall uses, by its meaning.

use super::Rgba;

/// Every colour that the wall uses; a layout may replace some.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub dark: bool,
    /// Behind everything.
    pub ground: Rgba,
    /// Numbers and the text that matters.
    pub ink: Rgba,
    /// Running text beside it, and topics beyond the sixth.
    pub soft: Rgba,
    /// Names of tiles, units, captions; still 4.5:1 on the ground.
    pub quiet: Rgba,
    pub hairline: Rgba,
    pub land: Rgba,
    /// 3:1 on land and on the ground.
    pub coast: Rgba,
    /// Between countries, on land.
    pub border: Rgba,
    /// Data that belongs to no topic.
    pub accent: Rgba,
    /// The hues of the first six topics.
    pub topics: [Rgba; 6],
    pub positive: Rgba,
    pub negative: Rgba,
    pub neutral: Rgba,
    pub unknown: Rgba,
    /// Kept for alarms.
    pub alarm: Rgba,
    /// Evenly spaced stops of the heat ramp, cold to hot: equal steps look equal; the first is 3:1
    /// on the land.
    pub heat: [Rgba; 6],
    /// How strongly the wall's background picture shows, 0 to 1; the rest is the ground.
    pub background: f32,
}

impl Theme {
    /// The themes of the house by their names.
    pub const NAMED: [(&'static str, Self); 3] =
        [("dark", Self::dark()), ("light", Self::light()), ("event", Self::event())];

    /// For rooms with dimmed light: near-black ground.
    pub const fn dark() -> Self {
        Self {
            dark: true,
            ground: Rgba::hex(0x0b0e12),
            ink: Rgba::hex(0xf4f6f8),
            soft: Rgba::hex(0xb6b8be),
            quiet: Rgba::hex(0x8a95a1),
            hairline: Rgba::hex(0x262d35),
            land: Rgba::hex(0x26374a),
            coast: Rgba::hex(0x7189a1),
            border: Rgba::hex(0x47596d),
            accent: Rgba::hex(0x9b8db4),
            topics: [
                Rgba::hex(0x86a0ff),
                Rgba::hex(0xffe51c),
                Rgba::hex(0xa74df4),
                Rgba::hex(0x48df94),
                Rgba::hex(0xfdbffa),
                Rgba::hex(0x45a075),
            ],
            positive: Rgba::hex(0xfdfcfc),
            negative: Rgba::hex(0xfe9343),
            neutral: Rgba::hex(0x7a8385),
            unknown: Rgba::hex(0x59626e),
            alarm: Rgba::hex(0xfa173f),
            heat: [
                Rgba::hex(0x6c76ea),
                Rgba::hex(0xc47bd4),
                Rgba::hex(0xf089a4),
                Rgba::hex(0xffa080),
                Rgba::hex(0xffca7c),
                Rgba::hex(0xfffbe0),
            ],
            background: 0.0,
        }
    }

    /// For bright halls: light grey ground.
    pub const fn light() -> Self {
        Self {
            dark: false,
            ground: Rgba::hex(0xf1f4f6),
            ink: Rgba::hex(0x101418),
            soft: Rgba::hex(0x383b3c),
            quiet: Rgba::hex(0x55606a),
            hairline: Rgba::hex(0xc6cdd3),
            land: Rgba::hex(0xccd4da),
            coast: Rgba::hex(0x65717c),
            border: Rgba::hex(0x9da8b1),
            accent: Rgba::hex(0x03354f),
            topics: [
                Rgba::hex(0x0734f8),
                Rgba::hex(0xac7700),
                Rgba::hex(0x652699),
                Rgba::hex(0x448f60),
                Rgba::hex(0xa16eaf),
                Rgba::hex(0x176775),
            ],
            positive: Rgba::hex(0x00101b),
            negative: Rgba::hex(0x690700),
            neutral: Rgba::hex(0x64655f),
            unknown: Rgba::hex(0x868e93),
            alarm: Rgba::hex(0xb61208),
            heat: [
                Rgba::hex(0x5470c0),
                Rgba::hex(0x6054b3),
                Rgba::hex(0x78359e),
                Rgba::hex(0x821d6f),
                Rgba::hex(0x590e40),
                Rgba::hex(0x2a0720),
            ],
            background: 0.0,
        }
    }

    /// For stages and LED walls: a deep blue ground; data as in the dark theme, so that what people
    /// have learnt holds.
    pub const fn event() -> Self {
        Self {
            ground: Rgba::hex(0x0d0b1e),
            ink: Rgba::hex(0xffffff),
            hairline: Rgba::hex(0x2a2750),
            land: Rgba::hex(0x2d3566),
            coast: Rgba::hex(0x8b93c9),
            border: Rgba::hex(0x525b93),
            heat: [
                Rgba::hex(0x7d7bf0),
                Rgba::hex(0xcd82d7),
                Rgba::hex(0xf390a7),
                Rgba::hex(0xffa281),
                Rgba::hex(0xffcc84),
                Rgba::hex(0xfffbe0),
            ],
            ..Self::dark()
        }
    }

    /// The hue of a topic by its position, 0 for the first; beyond the sixth all are [`Theme::soft`],
    /// told apart by their names.
    pub fn topic(&self, index: usize) -> Rgba {
        self.topics.get(index).copied().unwrap_or(self.soft)
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
    use super::super::{Lab, Vision, difference};
    use super::*;

    #[test]
    fn the_themes_are_legible() {
        for (name, theme) in Theme::NAMED {
            for text in [theme.ink, theme.soft] {
                assert!(text.contrast(theme.ground) >= 7.0, "{name}");
            }
            let moods = [theme.positive, theme.negative, theme.neutral, theme.accent, theme.alarm];
            for mark in theme.topics.iter().chain(&moods) {
                assert!(mark.contrast(theme.ground) >= 3.5, "{name} {mark:?}");
            }
            assert!(theme.quiet.contrast(theme.ground) >= 4.5, "{name}");
            assert!(theme.unknown.contrast(theme.ground) >= 2.95, "{name}");
        }
    }

    #[test]
    fn the_map_can_be_seen() {
        for (name, theme) in Theme::NAMED {
            assert!(theme.land.contrast(theme.ground) >= 1.29, "{name}");
            assert!(theme.coast.contrast(theme.ground) >= 3.0, "{name}");
            assert!(theme.coast.contrast(theme.land) >= 3.0, "{name}");
            assert!((1.35..3.0).contains(&theme.border.contrast(theme.land)), "{name}");
            assert!(theme.heat[0].contrast(theme.land) >= 3.0, "{name}");
        }
    }

    #[test]
    fn equal_steps_of_heat_look_equal_and_grow_for_everybody() {
        for (name, theme) in Theme::NAMED {
            let ramp: Vec<Rgba> = (0..=20).map(|i| theme.heat_at(i as f32 / 20.0)).collect();
            let steps: Vec<f32> = ramp.windows(2).map(|w| difference(w[0], w[1])).collect();
            let mean = steps.iter().sum::<f32>() / steps.len() as f32;
            assert!(steps.iter().all(|s| (s / mean - 1.0).abs() < 0.3), "{name}: {steps:?}");
            for vision in Vision::ALL {
                let seen: Vec<f32> = ramp.iter().map(|c| Lab::from(vision.see(*c)).l).collect();
                let hotter = |w: &[f32]| if theme.dark { w[1] > w[0] - 0.05 } else { w[1] < w[0] + 0.05 };
                assert!(seen.windows(2).all(hotter), "{name} {vision:?}: {seen:?}");
            }
        }
    }
}
