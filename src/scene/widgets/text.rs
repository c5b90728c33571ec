//! Text from the layout file.

use crate::layout::check::TileCheck;
use crate::layout::kind::{Room, TileKind};
use crate::layout::problem::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::Hasher;
use std::sync::Arc;

use rustc_hash::FxHasher;

use crate::geometry::{Point, Rect, hash_f32};
use crate::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT, Step};
use crate::layout::wall::Wall;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::scene::widgets::marks::home;
use crate::text::{Align, Cut, Setting, Shaped};

/// All steps, largest first.
const STEPS: [Step; 6] = [Step::Hero, Step::Number, Step::Title, Step::Body, Step::Label, Step::Least];

/// Text from the layout file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TextTable {
    /// The text.
    pub text: String,
    /// `body`, `title`, `number` or `hero`.
    pub size: TextSize,
    /// `size`, or `box`: as large as the tile allows.
    pub fit: TextFit,
    /// `left`, `center` or `right`.
    pub align: Across,
    /// `top`, `middle` or `bottom`. Default: `middle` with `fit = "box"`, otherwise `top`.
    pub valign: Option<Down>,
}

/// What a text's size follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TextFit {
    #[default]
    Size,
    Box,
}

/// Where something stands from left to right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Across {
    #[default]
    Left,
    Center,
    Right,
}

/// Where something stands from top to bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Down {
    #[default]
    Top,
    Middle,
    Bottom,
}

/// Size of the words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TextSize {
    #[default]
    Body,
    Title,
    Number,
    Hero,
}

/// Mean width of a letter, as a part of the type size.
const LETTER: f32 = 0.55;
/// How far a round letter reaches beyond the line it stands on at most, as a part of the type size.
const ROUND: f32 = 0.02;
/// How far signs in colour reach above and below the baseline, parts of the type size (Noto Color Emoji).
const PICTURE: (f32, f32) = (0.95, 0.25);

impl TileKind for TextTable {
    /// Width of the longest word, and height of all words broken into lines, at the smallest size
    /// that is set; a size that is too large gives way.
    fn least(&self, room: &Room) -> (f32, f32) {
        let step = Step::Label;
        let letter = step.arcmin() / CAP_HEIGHT * LETTER;
        let length = |text: &str| text.chars().count() as f32 * letter;
        let longest = self.text.split_whitespace().map(length).fold(0.0, f32::max);
        let lines: f32 =
            self.text.lines().map(|l| (length(l) / room.width.max(longest).max(1.0)).ceil()).sum();
        (longest, lines.max(1.0) * Room::line(step))
    }

    fn words_to_read(&self) -> usize {
        self.text.split_whitespace().count()
    }

    fn check(&self, tile: &mut TileCheck<'_, '_>) {
        if self.text.trim().is_empty() {
            let message = format!("the text of `{}` is empty", tile.name());
            let problem = Problem::warning("no-text", tile.header(), message).label("shows nothing");
            tile.say(problem.help("Give it `text = \"…\"`, or write `.` in the picture."));
        }
    }
}

impl WidgetTable for TextTable {
    const KIND: &'static str = "text";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Text::new(self, wall))
    }
}

pub struct Text {
    spec: TextTable,
}

impl Text {
    pub fn new(spec: &TextTable, _wall: &Wall) -> Self {
        Self { spec: spec.clone() }
    }

    /// The text in the size that was asked for, or the largest below it that fits; the smallest
    /// ends in an ellipsis where even that does not.
    fn set(&self, cx: &mut Cx<'_>, room: Rect) -> Arc<Shaped> {
        if self.spec.fit == TextFit::Box {
            return self.largest(cx, room);
        }
        let asked = step(self.spec.size);
        let steps = STEPS.into_iter().skip_while(|s| *s != asked);
        let mut last = None;
        for step in steps {
            let size = cx.scale.size(step);
            let cut = if step >= Step::Number { Cut::Display } else { Cut::Regular };
            let lines = (room.h / cx.scale.line(step)).max(1.0) as usize;
            let setting = self.setting(size, cut).within(room.w, lines);
            let whole = cx.setter.set(Setting { lines: lines + 1, ..setting.clone() });
            if whole.lines <= lines && whole.size.w <= room.w {
                return whole;
            }
            last = Some(setting);
        }
        cx.setter.set(last.unwrap_or_else(|| Setting::line("", cx.scale.size(Step::Least))))
    }
}

impl Text {
    fn setting(&self, size: f32, cut: Cut) -> Setting {
        let align = match self.spec.align {
            Across::Left => Align::Start,
            Across::Center => Align::Center,
            Across::Right => Align::Right,
        };
        Setting::line(self.spec.text.as_str(), size).cut(cut).align(align)
    }

    /// The text as large as the room allows without breaking a word; cut where even the smallest
    /// size is too large.
    fn largest(&self, cx: &mut Cx<'_>, room: Rect) -> Arc<Shaped> {
        let least = cx.scale.size(Step::Least);
        let (mut low, mut high) = (least, (room.h / CAP_HEIGHT).max(least));
        for _ in 0..12 {
            let size = (low + high) / 2.0;
            if self.fits(cx, room, size) { low = size } else { high = size }
        }
        let lines = ((room.h - low * CAP_HEIGHT) / (low * LINE_HEIGHT) + 1.0).max(1.0) as usize;
        cx.setter.set(self.setting(low, Cut::Display).within(room.w.max(least), lines))
    }

    fn fits(&self, cx: &mut Cx<'_>, room: Rect, size: f32) -> bool {
        let mut width = |word: &str| cx.setter.set(Setting::line(word, size).cut(Cut::Display)).size.w;
        if self.spec.text.split_whitespace().any(|word| width(word) > room.w) {
            return false;
        }
        let lines = ((room.h - size * CAP_HEIGHT) / (size * LINE_HEIGHT) + 1.0).max(0.0) as usize;
        let whole = cx.setter.set(self.setting(size, Cut::Display).within(room.w, lines + 1));
        whole.lines <= lines && rise(&whole, 0.0) + fall(&whole) <= room.h
    }
}

impl Widget for Text {
    fn heading(&self, _wall: &Wall) -> String {
        String::new()
    }

    fn fed(&self) -> bool {
        false
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = FxHasher::default();
        let a = cx.area;
        hash_f32(&[a.x, a.y, a.w, a.h], &mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let room = home(cx);
        let shaped = self.set(cx, room);
        // The capitals of the first line stand on the top of the area, as headings do, and what reaches above
        // them stays in the box, or at least in the tile.
        let spare = if self.spec.fit == TextFit::Box { 0.0 } else { room.y - cx.tile.rect.y };
        let rise = rise(&shaped, spare);
        let high = rise + fall(&shaped);
        let usual = if self.spec.fit == TextFit::Box { Down::Middle } else { Down::Top };
        let down = match self.spec.valign.unwrap_or(usual) {
            Down::Top => 0.0,
            Down::Middle => (room.h - high) / 2.0,
            Down::Bottom => room.h - high,
        };
        let small = self.spec.size == TextSize::Body && self.spec.fit == TextFit::Size;
        let color = if small { cx.theme.soft } else { cx.theme.ink };
        list.text(shaped, Point::new(room.x, room.y + rise + down.max(0.0)), color);
    }
}

/// From the top of the first line, capitals or what reaches above them by more than `spare`, to its baseline.
fn rise(shaped: &Shaped, spare: f32) -> f32 {
    let (size, cap) = (shaped.setting.size, shaped.setting.size * CAP_HEIGHT);
    let above = shaped.ink.map_or(size * PICTURE.0, |[_, top, ..]| shaped.baseline - top);
    // Round letters reach a little above it, and stand on it all the same.
    if above > cap + size * ROUND { cap.max(above - spare) } else { cap }
}

/// From the first baseline to the last, or to where letters reach below it.
fn fall(shaped: &Shaped) -> f32 {
    let size = shaped.setting.size;
    let rest = size * LINE_HEIGHT * (shaped.lines.max(1) - 1) as f32;
    let below = shaped.ink.map_or(size * PICTURE.1, |[_, _, _, bottom]| bottom - shaped.baseline - rest);
    // As above.
    rest + if below > size * ROUND { below } else { 0.0 }
}

fn step(size: TextSize) -> Step {
    match size {
        TextSize::Body => Step::Body,
        TextSize::Title => Step::Title,
        TextSize::Number => Step::Number,
        TextSize::Hero => Step::Hero,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::fixture::{self, Stage, tile};
    use crate::scene::list::Item;

    fn size(text: &str, size: TextSize, rect: Rect) -> f32 {
        let spec = TextTable { text: text.into(), size, ..TextTable::default() };
        let mut stage = Stage::new(fixture::wall(vec![tile(spec, rect)]));
        match &stage.frame(0).tiles[0].still.items[0] {
            Item::Text { shaped, .. } => shaped.setting.size,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn words_take_the_largest_size_that_fits_up_to_the_one_asked_for() {
        let scale = crate::layout::legibility::Scale::new(3.0);
        let wide = Rect::new(0.0, 0.0, 900.0, 400.0);
        assert_eq!(size("Welcome", TextSize::Hero, wide), scale.size(Step::Hero));
        assert_eq!(size("Welcome", TextSize::Title, wide), scale.size(Step::Title));
        let narrow = Rect::new(0.0, 0.0, 260.0, 140.0);
        assert_eq!(size("Welcome", TextSize::Hero, narrow), scale.size(Step::Title));
        let long = "word ".repeat(300);
        assert_eq!(size(&long, TextSize::Hero, narrow), scale.size(Step::Least));
    }

    #[test]
    fn a_text_fills_its_box_and_stands_where_it_is_put() {
        let shown = |text: &str, align, valign, rect: Rect| {
            let spec = TextTable {
                text: text.into(),
                fit: TextFit::Box,
                align,
                valign: Some(valign),
                ..TextTable::default()
            };
            let mut stage = Stage::new(fixture::wall(vec![tile(spec, rect)]));
            match &stage.frame(0).tiles[0].still.items[0] {
                Item::Text { shaped, at, .. } => (shaped.setting.size, shaped.lines, shaped.size.w, at.y),
                other => panic!("{other}"),
            }
        };
        let rect = Rect::new(0.0, 0.0, 900.0, 300.0);
        let (size, lines, wide, top) = shown("Welcome", Across::Left, Down::Top, rect);
        assert!(lines == 1 && wide > 0.85 * 900.0 && wide <= 900.0 && size > 150.0, "{size} {wide}");
        let (_, _, _, bottom) = shown("Welcome", Across::Center, Down::Bottom, rect);
        assert!(bottom > top + 20.0 && bottom <= 300.0, "{top} {bottom}");
        let (long, lines, _, _) = shown(&"word ".repeat(60), Across::Left, Down::Top, rect);
        assert!(long < size && lines > 3);
    }

    #[test]
    fn letters_that_reach_above_capitals_and_below_the_line_stay_in_the_box() {
        let rect = Rect::new(0.0, 0.0, 900.0, 60.0);
        for valign in [Down::Top, Down::Middle, Down::Bottom] {
            for text in ["jumpy, gypsy quay", "ÅÉÑÖ Ậ Ễ"] {
                let (top, bottom) = inked(text, TextFit::Box, valign, rect, false);
                assert!(
                    top >= 12.0 && bottom <= 48.0 && bottom - top > 26.0,
                    "{valign:?} {text}: {top} {bottom}"
                );
            }
        }
    }

    #[test]
    fn letters_of_other_scripts_stay_in_the_box() {
        let rect = Rect::new(0.0, 0.0, 900.0, 120.0);
        let words = [
            "大家好 世界",
            "안녕하세요 값",
            "ようこそ",
            "مرحبًا إلّا",
            "नमस्ते हूँ",
            "สวัสดี ที่นี่",
            "Ậ g 大",
            "ÅÉ\njumpy",
        ];
        for valign in [Down::Top, Down::Middle, Down::Bottom] {
            for text in words {
                let (top, bottom) = inked(text, TextFit::Box, valign, rect, true);
                assert!(top >= 11.0 && bottom <= 109.0, "{valign:?} {text}: {top} {bottom}");
                assert!(bottom - top > 70.0, "{valign:?} {text} is small: {top} {bottom}");
            }
        }
    }

    #[test]
    fn a_large_text_is_not_cut_at_the_edge_of_its_tile() {
        for text in ["大家好", "안녕하세요", "Ậ Ễ"] {
            let spec = TextTable { text: text.into(), size: TextSize::Hero, ..TextTable::default() };
            let (top, _) = ink_of(spec, Rect::new(0.0, 0.0, 2_000.0, 600.0), true);
            assert!(top >= 0.0, "{text}: {top}");
        }
    }

    /// Top and bottom of the ink of a text.
    fn inked(text: &str, fit: TextFit, valign: Down, rect: Rect, system: bool) -> (f32, f32) {
        ink_of(
            TextTable { text: text.into(), fit, valign: Some(valign), ..TextTable::default() },
            rect,
            system,
        )
    }

    fn ink_of(spec: TextTable, rect: Rect, system: bool) -> (f32, f32) {
        let mut stage = Stage::new(fixture::wall(vec![tile(spec, rect)]));
        if system {
            stage.setter = crate::text::Typesetter::new(true);
        }
        match &stage.frame(0).tiles[0].still.items[0] {
            Item::Text { shaped, at, .. } => {
                let [_, top, _, bottom] = shaped.ink.expect("they are outlines");
                (at.y + top - shaped.baseline, at.y + bottom - shaped.baseline)
            }
            other => panic!("{other}"),
        }
    }

    #[test]
    fn words_wrap() {
        let spec = TextTable {
            text: "Thank you for listening to people today".into(),
            size: TextSize::Title,
            ..TextTable::default()
        };
        let rect = Rect::new(0.0, 0.0, 400.0, 264.0);
        insta::assert_snapshot!(Stage::new(fixture::wall(vec![tile(spec, rect)])).text(0));
    }
}
