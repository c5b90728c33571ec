//! Typesetting: the fonts, and text set into lines in millimetres. Shaping is done once in
//! millimetres and scaled to any display, because unhinted outlines scale exactly.

mod fonts;
mod ink;
mod inline;
mod missing;
mod pictures;
mod worn;

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use glyphon::cosmic_text::{Align as CosmicAlign, Ellipsize, EllipsizeHeightLimit, LayoutRun};
use glyphon::{Attrs, Buffer, Family, FontSystem, Metrics, Shaping, Weight, Wrap};
use rustc_hash::FxHashMap;

use crate::geometry::Size;
use crate::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT};
use crate::segment::with_line_breaks;
use crate::typeface::Typeface;

pub use fonts::load as load_fonts;
pub use ink::InkBox;
use ink::InkMeasure;
pub use inline::{Inline, image};
pub use missing::MissingScripts;
use pictures::Kind;
use worn::Worn;

/// Settings kept ready; the oldest unused half is dropped when the cache is full.
const CACHE_LIMIT: usize = 768;

/// Which cut of the family.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cut {
    #[default]
    Regular,
    Semibold,
    /// For large numbers.
    Display,
}

/// To which side lines stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Align {
    /// Left, for right-to-left text right.
    #[default]
    Start,
    Left,
    Center,
    Right,
}

/// What to set and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    pub text: Arc<str>,
    /// Type size (em), millimetres.
    pub size: f32,
    pub cut: Cut,
    /// Figures of equal width.
    pub tabular: bool,
    pub align: Align,
    /// Room for a line, millimetres; `None` sets one endless line.
    pub width: Option<f32>,
    /// At most so many lines; what does not fit ends in an ellipsis.
    pub lines: usize,
}

impl Setting {
    /// One line of running text.
    pub fn line(text: impl Into<Arc<str>>, size: f32) -> Self {
        Self {
            text: text.into(),
            size,
            cut: Cut::Regular,
            tabular: false,
            align: Align::Start,
            width: None,
            lines: 1,
        }
    }

    pub fn cut(self, cut: Cut) -> Self {
        Self { cut, ..self }
    }

    pub fn tabular(self) -> Self {
        Self { tabular: true, ..self }
    }

    pub fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// Breaks or cuts at `width` millimetres, after at most `lines` lines.
    pub fn within(self, width: f32, lines: usize) -> Self {
        Self { width: Some(width), lines: lines.max(1), ..self }
    }
}

impl Eq for Setting {}

impl Hash for Setting {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
        (self.cut, self.tabular, self.align, self.lines).hash(state);
        (self.size.to_bits(), self.width.map(f32::to_bits)).hash(state);
    }
}

/// Text that has been set, ready to be measured and drawn. Millimetres, from the top left of the
/// block.
#[derive(Debug)]
pub struct Shaped {
    pub setting: Setting,
    /// Extent of the ink's advance and of the lines' heights.
    pub size: Size,
    /// From the top of the block to the baseline of its first line.
    pub baseline: f32,
    pub lines: usize,
    /// Around its outlines; `None` where some sign is none.
    pub ink: Option<InkBox>,
    pub buffer: Buffer,
    /// A picture that stands in place of letters.
    pub image: Option<Inline>,
}

impl Shaped {
    /// Whether its first line is read from right to left.
    pub fn is_rtl(&self) -> bool {
        self.buffer.layout_runs().next().is_some_and(|run| run.rtl)
    }
}

/// Sets text, and remembers what it set.
pub struct Typesetter {
    pub fonts: FontSystem,
    /// Whether there is a font of emoji in colour.
    pictures: bool,
    /// The typeface in place of the bundled one.
    worn: Option<Worn>,
    inks: InkMeasure,
    missing: MissingScripts,
    cache: FxHashMap<Setting, Entry>,
    tick: u64,
    version: u64,
}

struct Entry {
    shaped: Arc<Shaped>,
    used: u64,
}

impl Typesetter {
    /// With the bundled family and, when `system` is true, the system's Noto fonts for the
    /// scripts that it lacks.
    pub fn new(system: bool) -> Self {
        Self::with_fonts(load_fonts(system))
    }

    pub fn with_fonts(fonts: FontSystem) -> Self {
        let pictures = fonts::has_emoji(&fonts);
        Self {
            fonts,
            pictures,
            worn: None,
            inks: InkMeasure::new(),
            missing: MissingScripts::default(),
            cache: FxHashMap::default(),
            tick: 0,
            version: next_version(),
        }
    }

    /// Stands for its fonts: another number where others are set, in this or in another typesetter.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// From now on letters are those of `typeface`, as high as those of the bundled one; `None` is the
    /// bundled one.
    pub fn wear(&mut self, typeface: Option<&Arc<Typeface>>) {
        if Worn::change(&mut self.worn, &mut self.fonts, typeface) {
            self.cache.clear();
            self.inks = InkMeasure::new();
            self.missing = MissingScripts::default();
            self.version = next_version();
        }
    }

    /// Whether this machine has glyphs for all of a text.
    pub fn covers(&mut self, text: &str) -> bool {
        let shaped = self.set(Setting::line(text, 10.0));
        let mut glyphs = shaped.buffer.layout_runs().flat_map(|run| run.glyphs.iter());
        glyphs.all(|glyph| glyph.glyph_id != 0)
    }

    /// The scripts that were set since the typeface was chosen and that no font has.
    pub fn missing(&self) -> &MissingScripts {
        &self.missing
    }

    /// Sets `setting`, or hands out what was set before.
    pub fn set(&mut self, setting: Setting) -> Arc<Shaped> {
        self.tick += 1;
        if let Some(entry) = self.cache.get_mut(&setting) {
            entry.used = self.tick;
            return entry.shaped.clone();
        }
        if self.cache.len() >= CACHE_LIMIT {
            self.forget_older_half();
        }
        let mut shaped = shape(&mut self.fonts, self.pictures, self.worn.as_ref(), setting.clone());
        self.missing.note(&shaped.buffer);
        shaped.ink = self.inks.of(&mut self.fonts, &shaped.buffer);
        let shaped = Arc::new(shaped);
        self.cache.insert(setting, Entry { shaped: shaped.clone(), used: self.tick });
        shaped
    }

    /// Width of one line, millimetres.
    pub fn width(&mut self, setting: Setting) -> f32 {
        self.set(setting).size.w
    }

    fn forget_older_half(&mut self) {
        let mut uses: Vec<u64> = self.cache.values().map(|e| e.used).collect();
        let middle = uses.len() / 2;
        let (_, &mut median, _) = uses.select_nth_unstable(middle);
        self.cache.retain(|_, e| e.used > median);
    }
}

fn next_version() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

fn shape(fonts: &mut FontSystem, pictures: bool, worn: Option<&Worn>, setting: Setting) -> Shaped {
    let text = if pictures { setting.text.as_ref().into() } else { pictures::in_letters(&setting.text) };
    let text = if setting.lines > 1 { with_line_breaks(&text).into_owned().into() } else { text };
    let mut buffer = lay(fonts, worn, &setting, &text, setting.lines);
    if let Some(text) = broken_by_hand(&buffer, &setting) {
        buffer = lay(fonts, worn, &setting, &text, 1);
    }
    let (mut size, mut baseline, mut lines) = (Size::default(), 0.0, 0);
    for run in buffer.layout_runs() {
        if lines == 0 {
            baseline = run.line_y;
        }
        lines += 1;
        size.w = size.w.max(run.line_w);
        size.h = run.line_top + run.line_height;
    }
    Shaped { setting, size, baseline, lines, ink: None, buffer, image: None }
}

/// The text with a line's end after each of its lines, if the last one was cut and begins with
/// the space before its first word: cosmic-text 0.19 leaves that there.
fn broken_by_hand(buffer: &Buffer, setting: &Setting) -> Option<String> {
    const RIGHT_TO_LEFT: char = '\u{200f}';
    let runs: Vec<_> = buffer.layout_runs().collect();
    let (first, last) = (runs.first()?, runs.last()?);
    if setting.lines < 2 || runs.len() != setting.lines || last.line_i != 0 {
        return None;
    }
    let start = |run: &LayoutRun<'_>| run.glyphs.iter().map(|glyph| glyph.start).min();
    let starts: Vec<usize> = runs.iter().map(start).collect::<Option<_>>()?;
    let ends = starts.iter().skip(1).copied().chain([first.text.len()]);
    let lines: Vec<&str> =
        starts.iter().zip(ends).map(|(from, to)| first.text.get(*from..to)).collect::<Option<_>>()?;
    let begins_with_space = lines.last()?.starts_with(char::is_whitespace);
    let mark = if first.rtl { RIGHT_TO_LEFT.to_string() } else { String::new() };
    let whole = |line: &&str| format!("{mark}{}", line.trim());
    begins_with_space.then(|| lines.iter().map(whole).collect::<Vec<_>>().join("\n"))
}

/// Lays the text out in at most `lines` lines for each of its paragraphs. Emoji are asked for in
/// colour; where they are not installed they are set like any sign that the family lacks.
fn lay(fonts: &mut FontSystem, worn: Option<&Worn>, setting: &Setting, text: &str, lines: usize) -> Buffer {
    let size = setting.size * worn.map_or(1.0, |worn| CAP_HEIGHT / worn.typeface.caps);
    let mut buffer = Buffer::new_empty(Metrics::new(size, setting.size * LINE_HEIGHT));
    buffer.set_wrap(if lines > 1 { Wrap::WordOrGlyph } else { Wrap::None });
    if setting.width.is_some() {
        buffer.set_ellipsize(Ellipsize::End(EllipsizeHeightLimit::Lines(lines)));
    }
    buffer.set_size(setting.width, None);
    let align = match setting.align {
        Align::Start => None,
        Align::Left => Some(CosmicAlign::Left),
        Align::Center => Some(CosmicAlign::Center),
        Align::Right => Some(CosmicAlign::Right),
    };
    let letters = attrs(setting, worn.map(|worn| &*worn.typeface));
    let of = |kind| match kind {
        Kind::Letter => letters.clone(),
        // In other weights cosmic-text 0.19 looks at the font of emoji first.
        Kind::Symbol => letters.clone().family(Family::Name(fonts::TEXT)).weight(Weight::NORMAL),
        Kind::Picture => Attrs::new().family(Family::Name(fonts::EMOJI)),
    };
    let spans = pictures::runs(text).map(|(run, kind)| (run, of(kind)));
    buffer.set_rich_text(spans, &letters, Shaping::Advanced, align);
    buffer.shape_until_scroll(fonts, false);
    buffer
}

fn attrs<'a>(setting: &Setting, worn: Option<&'a Typeface>) -> Attrs<'a> {
    let (family, weight) = match setting.cut {
        Cut::Regular => (fonts::TEXT, Weight::NORMAL),
        Cut::Semibold => (fonts::TEXT, Weight::SEMIBOLD),
        Cut::Display => (fonts::DISPLAY, Weight::MEDIUM),
    };
    let attrs = match worn {
        Some(worn) => Attrs::new()
            .family(Family::Name(&worn.family))
            .weight(Weight(worn.weight(weight.0)))
            .style(worn.style)
            .stretch(worn.stretch),
        None => Attrs::new().family(Family::Name(family)).weight(weight),
    };
    if setting.tabular { attrs.font_features(fonts::tabular_figures()) } else { attrs }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(setting: Setting) -> Arc<Shaped> {
        Typesetter::new(false).set(setting)
    }

    #[test]
    fn tabular_figures_are_equally_wide() {
        let ones = set(Setting::line("1111", 40.0).tabular());
        let eights = set(Setting::line("8888", 40.0).tabular());
        assert_eq!(ones.size.w, eights.size.w);
        assert!(set(Setting::line("1111", 40.0)).size.w < eights.size.w);
    }

    #[test]
    fn too_long_a_line_is_cut_at_the_width() {
        let long = "the quick brown fox jumps over the lazy dog";
        let cut = set(Setting::line(long, 10.0).within(60.0, 1));
        assert!(cut.size.w <= 60.0, "{}", cut.size.w);
        assert_eq!(cut.lines, 1);
        let two = set(Setting::line(long, 10.0).within(90.0, 2));
        assert_eq!(two.lines, 2);
        assert!((two.size.h - 26.0).abs() < 0.1);
    }

    #[test]
    fn the_last_line_of_a_cut_text_begins_where_the_others_do() {
        for text in [
            "the quick brown fox jumps over the lazy dog once more",
            "الثعلب البني السريع يقفز فوق الكلب الكسول مرة أخرى",
        ] {
            for width in [60.0, 70.0, 81.5, 90.0, 104.0] {
                let cut = set(Setting::line(text, 10.0).within(width, 2));
                let runs: Vec<_> = cut.buffer.layout_runs().collect();
                assert_eq!(runs.len(), 2, "{width}");
                let first = runs[1].glyphs.iter().map(|glyph| glyph.start).min().unwrap_or(0);
                assert!(!runs[1].text[first..].starts_with(' '), "{width}: {:?}", runs[1].text);
                assert!(cut.size.w <= width && runs[0].rtl == runs[1].rtl);
            }
        }
    }

    #[test]
    fn without_emoji_in_colour_signs_are_letters_or_the_familys_own() {
        let mut setter = Typesetter::new(false);
        let same = setter.width(Setting::line("press 1 in DE", 10.0));
        assert_eq!(setter.width(Setting::line("press 1️⃣ in 🇩🇪", 10.0)), same);
        let heart = setter.set(Setting::line("❤️", 10.0));
        assert!(heart.buffer.layout_runs().all(|run| run.glyphs.iter().all(|glyph| glyph.glyph_id != 0)));
    }

    #[test]
    fn the_cache_is_bounded_and_keeps_what_is_used() {
        let mut setter = Typesetter::new(false);
        let kept = setter.set(Setting::line("kept", 10.0));
        for i in 0..CACHE_LIMIT * 2 {
            setter.set(Setting::line("kept", 10.0));
            setter.set(Setting::line(format!("{i}"), 10.0));
        }
        assert!(setter.cache.len() <= CACHE_LIMIT);
        assert!(Arc::ptr_eq(&kept, &setter.set(Setting::line("kept", 10.0))));
    }
}
