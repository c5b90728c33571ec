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
use crate::text::{Cut, Setting, Shaped};

/// All steps, largest first.
const STEPS: [Step; 6] = [Step::Hero, Step::Number, Step::Title, Step::Body, Step::Label, Step::Least];

/// Text from the layout file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TextTable {
    /// The text.
    pub text: String,
    /// `fit` (as large as the tile allows), `body`, `title`, `number` or `hero`.
    pub size: TextSize,
}

/// Size of the words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TextSize {
    #[default]
    Fit,
    Body,
    Title,
    Number,
    Hero,
}

/// Largest capitals that fill a tile, arc minutes, and the part from each size that is tried to the next.
const FIT: (f32, f32) = (320.0, 0.9);
/// Part of the height that stands above a text which does not fill its tile.
const MIDDLE: f32 = 0.42;
/// Mean width of a letter, as a part of the type size.
const LETTER: f32 = 0.55;

impl TileKind for TextTable {
    /// Width of the longest word, and height of all words broken into lines.
    fn least(&self, room: &Room) -> (f32, f32) {
        let step = step(self.size);
        let letter = step.arcmin() / CAP_HEIGHT * LETTER;
        let length = |text: &str| text.chars().count() as f32 * letter;
        let longest = self.text.split_whitespace().map(length).fold(0.0, f32::max);
        let lines: f32 = self.text.lines().map(|l| (length(l) / room.width.max(1.0)).ceil()).sum();
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
        if self.spec.size == TextSize::Fit {
            return self.fitted(cx, room);
        }
        let asked = step(self.spec.size);
        let steps = STEPS.into_iter().skip_while(|s| *s != asked);
        let mut last = None;
        for step in steps {
            let size = cx.scale.size(step);
            let cut = if step >= Step::Number { Cut::Display } else { Cut::Regular };
            let lines = (room.h / cx.scale.line(step)).max(1.0) as usize;
            let setting = Setting::line(self.spec.text.as_str(), size).cut(cut).within(room.w, lines);
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
    /// The text in the largest size in which all of it fits.
    fn fitted(&self, cx: &mut Cx<'_>, room: Rect) -> Arc<Shaped> {
        let least = cx.scale.size(Step::Least);
        let mut size = cx.scale.em(FIT.0).max(least);
        loop {
            let cut = if size >= cx.scale.size(Step::Number) { Cut::Display } else { Cut::Regular };
            let lines = (room.h / (size * LINE_HEIGHT) + 0.15).max(1.0) as usize;
            let setting = Setting::line(self.spec.text.as_str(), size).cut(cut).within(room.w, lines);
            let whole = cx.setter.set(Setting { lines: lines + 1, ..setting.clone() });
            // A word that is broken is too large.
            let longest = self.spec.text.split_whitespace().max_by_key(|word| word.chars().count());
            let word = cx.setter.width(Setting::line(longest.unwrap_or_default(), size).cut(cut));
            if whole.lines <= lines && whole.size.w <= room.w && word <= room.w {
                return whole;
            }
            if size <= least {
                return cx.setter.set(setting);
            }
            size = (size * FIT.1).max(least);
        }
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
        // The capitals of the first line stand on the top of the area, as headings do.
        let cap = shaped.setting.size * CAP_HEIGHT;
        let color = if self.spec.size == TextSize::Body { cx.theme.soft } else { cx.theme.ink };
        let high = cap + shaped.setting.size * LINE_HEIGHT * (shaped.lines.max(1) as f32 - 1.0);
        let above = if self.spec.size == TextSize::Fit { ((room.h - high) * MIDDLE).max(0.0) } else { 0.0 };
        list.text(shaped, Point::new(room.x, room.y + above + cap), color);
    }
}

fn step(size: TextSize) -> Step {
    match size {
        TextSize::Body | TextSize::Fit => Step::Body,
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
        let spec = TextTable { text: text.into(), size };
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
        assert!(size("Welcome", TextSize::Fit, wide) > scale.size(Step::Hero));
        assert_eq!(size(&long, TextSize::Fit, narrow), scale.size(Step::Least));
    }

    #[test]
    fn words_wrap() {
        let spec =
            TextTable { text: "Thank you for listening to people today".into(), size: TextSize::Title };
        let rect = Rect::new(0.0, 0.0, 400.0, 264.0);
        insta::assert_snapshot!(Stage::new(fixture::wall(vec![tile(spec, rect)])).text(0));
    }
}
