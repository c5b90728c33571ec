//! Where the ink of set text lies: the box around its outlines, which is smaller than the box of its
//! lines. Text whose ink touches nothing may be copied from a picture of it.

use glyphon::cosmic_text::{Buffer, CacheKey, CacheKeyFlags, Command, LayoutGlyph, Weight, fontdb};
use glyphon::{FontSystem, SwashCache};
use rustc_hash::FxHashMap;

/// Left, top, right, bottom.
pub type InkBox = [f32; 4];

/// Glyphs are measured at this size, pixels; outlines scale exactly.
const MEASURED_AT: f32 = 64.0;
/// Glyphs that are remembered; beyond, all are measured anew.
const GLYPHS: usize = 16_384;

/// Measures text, and remembers the glyphs that it measured.
pub struct InkMeasure {
    swash: SwashCache,
    known: FxHashMap<(fontdb::ID, u16, Weight), Option<InkBox>>,
}

impl InkMeasure {
    pub fn new() -> Self {
        Self { swash: SwashCache::new(), known: FxHashMap::default() }
    }

    /// The box around the ink of `buffer`, in its unit, from the top left of its block. `None` where a
    /// sign is no outline, as a picture is, and where there is no ink at all.
    pub fn of(&mut self, fonts: &mut FontSystem, buffer: &Buffer) -> Option<InkBox> {
        let mut all: Option<InkBox> = None;
        for run in buffer.layout_runs() {
            let said = |glyph: &LayoutGlyph| run.text.get(glyph.start..glyph.end).unwrap_or_default();
            for glyph in run.glyphs.iter().filter(|glyph| !said(glyph).trim().is_empty()) {
                let ink = self.glyph(fonts, glyph)?.map(|v| v * glyph.font_size);
                let x = glyph.x + glyph.font_size * glyph.x_offset;
                let y = run.line_y + glyph.y - glyph.font_size * glyph.y_offset;
                let ink = [ink[0] + x, ink[1] + y, ink[2] + x, ink[3] + y];
                all = Some(all.map_or(ink, |all| around(all, ink)));
            }
        }
        all
    }

    /// In ems from its origin on the baseline, downwards.
    fn glyph(&mut self, fonts: &mut FontSystem, glyph: &LayoutGlyph) -> Option<InkBox> {
        let key = (glyph.font_id, glyph.glyph_id, glyph.font_weight);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        if self.known.len() >= GLYPHS {
            self.known.clear();
        }
        let (font, id, weight) = key;
        let flags = glyph.cache_key_flags | CacheKeyFlags::DISABLE_HINTING;
        let (asked, _, _) = CacheKey::new(font, id, MEASURED_AT, (0.0, 0.0), weight, flags);
        let outline = self.swash.get_outline_commands_uncached(fonts, asked);
        let points = outline.iter().flatten().flat_map(points);
        let ink = points.map(|[x, y]| [x, -y, x, -y]).reduce(around);
        let ink = ink.map(|ink| ink.map(|v| v / MEASURED_AT));
        self.known.insert(key, ink);
        ink
    }
}

/// All points of a step; a curve lies within the hull of its points.
fn points(command: &Command) -> impl Iterator<Item = [f32; 2]> {
    let points = match command {
        Command::MoveTo(a) | Command::LineTo(a) => [Some(*a), None, None],
        Command::QuadTo(a, b) => [Some(*a), Some(*b), None],
        Command::CurveTo(a, b, c) => [Some(*a), Some(*b), Some(*c)],
        Command::Close => [None; 3],
    };
    points.into_iter().flatten().map(|point| [point.x, point.y])
}

fn around(a: InkBox, b: InkBox) -> InkBox {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

#[cfg(test)]
mod tests {
    use crate::text::{Setting, Typesetter};

    #[test]
    fn figures_reach_from_the_height_of_capitals_to_the_baseline() {
        let figures = Typesetter::new(false).set(Setting::line("0123456789", 100.0).tabular());
        let [left, top, right, bottom] = figures.ink.expect("they are outlines");
        assert!((-76.0..-70.0).contains(&(top - figures.baseline)), "{top}");
        assert!((0.0..2.0).contains(&(bottom - figures.baseline)), "{bottom}");
        assert!(left >= 0.0 && right <= figures.size.w && right > figures.size.w - 15.0);
    }

    #[test]
    fn accents_and_tails_count() {
        let mut setter = Typesetter::new(false);
        let mut ink = |text: &str| setter.set(Setting::line(text, 100.0)).ink.expect("outlines");
        assert!(ink("É")[1] < ink("E")[1] - 10.0);
        assert!(ink("g")[3] > ink("a")[3] + 10.0);
        assert_eq!(ink("a b ")[3], ink("ab")[3]);
        assert!(setter.set(Setting::line("  ", 100.0)).ink.is_none());
    }

    #[test]
    fn the_ink_of_several_lines_is_around_all_of_them() {
        let mut setter = Typesetter::new(false);
        let two = setter.set(Setting::line("first\nsecond", 10.0).within(100.0, 2));
        let ink = two.ink.expect("outlines");
        assert_eq!(two.lines, 2);
        assert!(ink[1] > 0.0 && ink[3] < two.size.h && ink[3] > two.size.h / 2.0);
    }
}
