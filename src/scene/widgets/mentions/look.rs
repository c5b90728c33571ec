//! How a list of mentions stands: a quote and rows, as large as the place allows.

use crate::geometry::Rect;
use crate::layout::legibility::{LINE_HEIGHT, Scale, Step};

/// Sizes that are tried, parts of the usual ones.
const FACTORS: [f32; 6] = [2.0, 1.7, 1.45, 1.25, 1.1, 1.0];
/// Width below which a row of two lines says nothing, in type sizes; one voice does.
const NARROWEST: f32 = 7.0;
/// Width below which no voice says anything, in the smallest type sizes.
const LEAST: f32 = 5.0;
/// Width from which on a quote stands above the rows, in type sizes of running text.
const QUOTE_FROM: f32 = 11.0;
/// Width up to which one voice stands alone rather than with one more, in the same.
const SINGLE: f32 = 20.0;
/// Width of a letter on average, in type sizes, and letters of a mention that is not long.
const LETTER: f32 = 0.52;
const LETTERS: f32 = 60.0;
/// Lines of a row at most, and those that every row has room for.
pub const LINES: (usize, usize) = (4, 2);

/// How all parts of a list look. Millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    pub area: Rect,
    pub quote: Option<Rect>,
    /// Where rows stand.
    pub list: Rect,
    /// Rows at most.
    pub rows: usize,
    /// Type size and distance of baselines of the text, and of the words above it.
    pub text: Type,
    pub meta: Type,
    /// Between rows, at least.
    pub gap: f32,
    /// Most that words of the quote are larger than running text.
    pub largest: f32,
    /// Width of the column of the topic's mark.
    pub indent: f32,
    /// Size of the sign of sentiment, and the column that it stands in.
    pub mark: f32,
    pub sign: f32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Type {
    pub size: f32,
    pub line: f32,
}

impl Look {
    /// The largest look in which `count` mentions stand; else fewer of them in the usual size.
    pub fn choose(scale: Scale, area: Rect, count: usize) -> Self {
        let all = FACTORS.map(|factor| Self::of(scale, area, count, factor));
        let plain = all[FACTORS.len() - 1];
        all.into_iter().find(|look| look.is_roomy(count)).unwrap_or(plain)
    }

    fn of(scale: Scale, area: Rect, count: usize, factor: f32) -> Self {
        let of =
            |step, factor: f32| Type { size: scale.size(step) * factor, line: scale.line(step) * factor };
        let (text, meta) = (of(Step::Body, factor), of(Step::Label, factor.min(1.4)));
        let gap = meta.line * 0.55;
        let row = meta.line + text.line * LINES.1 as f32 + gap;
        let quote = meta.line * 1.5 + of(Step::Title, factor).line * 3.0 + gap * 0.6;
        let narrow = area.w < meta.size * NARROWEST;
        let wide = area.w >= text.size * QUOTE_FROM;
        let quoted = wide && area.h >= quote + row;
        let height = match () {
            _ if area.w < scale.size(Step::Least) * LEAST => 0.0,
            _ if narrow => area.h,
            // One mention, or room for no more than one.
            _ if count == 1 || area.h < row * 2.0 => area.h,
            _ if quoted => quote,
            _ => 0.0,
        };
        let left = |height: f32| (((area.h - height + gap) / row) as usize).min(count.saturating_sub(1));
        // In a narrow place one voice says more than two that are cut; else the quote has what rows leave.
        let height = match left(height) {
            1 if height > 0.0 && area.w < text.size * SINGLE => area.h,
            rows if height > 0.0 && rows > 0 && rows + 1 < count => area.h - row * rows as f32 + gap,
            _ => height,
        };
        let list = Rect { y: area.y + height, h: area.h - height, ..area };
        let rows = if narrow { 0 } else { (((list.h + gap + 0.1) / row) as usize).min(count) };
        let quote =
            (height > 0.0).then_some(Rect { h: if rows > 0 { height - gap } else { height }, ..area });
        let rows = if quote.is_some() { rows.min(count - 1) } else { rows };
        let largest = if rows == 0 { 4.6 } else { 2.6 * factor };
        let (indent, sign) = (meta.size * 0.55, meta.size * 1.05);
        Self { area, quote, list, rows, text, meta, gap, largest, indent, mark: meta.size * 0.62, sign }
    }

    /// Whether all of `count` mentions have their place, and lines are long enough.
    fn is_roomy(&self, count: usize) -> bool {
        let shown = self.rows + usize::from(self.quote.is_some());
        shown >= count && self.area.w >= self.text.size * 12.0
    }

    /// How many mentions stand whole, if they are of a usual length.
    pub fn whole(&self, scale: Scale) -> usize {
        // Running text, without who said it.
        let size = scale.size(Step::Body);
        let lines = (self.area.h / (size * LINE_HEIGHT) + 0.01).floor();
        let is_cut = self.area.w / (size * LETTER) * lines < LETTERS;
        if self.rows == 0 && is_cut { 0 } else { self.rows + usize::from(self.quote.is_some()) }
    }

    pub fn text_width(&self) -> f32 {
        (self.area.w - self.indent - self.sign).max(self.text.size)
    }
}

/// Where something stands in `area` whose left edge is at `x`, where texts are read from left to right: else there
/// where a mirror would show it.
pub fn mirrored(x: f32, width: f32, area: Rect, is_rtl: bool) -> f32 {
    if is_rtl { area.x + area.right() - x - width } else { x }
}
