//! A QR code: dark on light in every theme, on whole pixels, with the margin that phones need.

use std::hash::Hash as _;
use std::sync::Arc;

use qrcodegen::{QrCode, QrCodeEcc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::check::TileCheck;
use crate::layout::kind::{Room, TileKind};
use crate::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT, Step};
use crate::layout::problem::Problem;
use crate::layout::wall::Wall;
use crate::scene::chrome::GUTTER;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::scene::widgets::marks;
use crate::text::{Align, Setting, Shaped};

/// Light modules around the code (ISO/IEC 18004).
const MARGIN: i32 = 4;
/// Smallest module that is drawn, arc minutes: a phone reads it at a third of the distance.
const LEAST: f32 = 4.5;
/// A module that a phone reads where the farthest viewer stands, arc minutes: a code of 25 modules is a
/// tenth of the distance wide.
const EASY: f32 = 13.75;
/// A place that is wider by so many sides of the code has room for its address, at this distance.
const BESIDE: f32 = 0.7;
const APART: f32 = 0.14;
const LIGHT: Rgba = Rgba::hex(0xffffff);
const DARK: Rgba = Rgba::hex(0x000000);

/// A QR code, for visitors' phones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QrTable {
    /// What the phone reads, usually a URL.
    pub text: String,
}

impl QrTable {
    /// `None` where the text is too long.
    fn code(&self) -> Option<QrCode> {
        QrCode::encode_text(&self.text, QrCodeEcc::Medium).ok()
    }
}

/// Modules of a side with the margin.
fn modules(code: &QrCode) -> i32 {
    code.size() + 2 * MARGIN
}

impl TileKind for QrTable {
    fn least(&self, _room: &Room) -> (f32, f32) {
        let side = self.code().map_or(0.0, |code| modules(&code) as f32 * LEAST);
        (side + 2.0 * GUTTER, side + 2.0 * GUTTER)
    }

    fn words_to_read(&self) -> usize {
        0
    }

    fn check(&self, tile: &mut TileCheck<'_, '_>) {
        let message = match self.code() {
            _ if self.text.is_empty() => format!("`{}` has no `text`", tile.name()),
            Some(_) => return,
            None => format!("the text of `{}` is too long for a QR code", tile.name()),
        };
        let problem = Problem::error("no-code", tile.value(&["text"]), message).label("here");
        tile.say(problem.help("Give it a short URL: `text = \"https://example.com\"`."));
    }

    fn check_room(&self, room: &Room, tile: &mut TileCheck<'_, '_>) {
        let Some(code) = self.code().filter(|_| !self.text.is_empty()) else { return };
        let side = room.width.min(room.height) - 2.0 * GUTTER;
        let module = side / modules(&code) as f32;
        if !(LEAST..EASY).contains(&module) {
            return;
        }
        let viewer_m = room.mm(100.0) / 100.0 * 10_800.0 / std::f32::consts::PI / 1_000.0;
        let message = format!(
            "phones can read the code of `{}` from at most {:.1} m",
            tile.name(),
            viewer_m * module / EASY
        );
        let need = room.mm(modules(&code) as f32 * EASY + 2.0 * GUTTER);
        let problem = Problem::warning("small-code", tile.header(), message);
        let problem = problem.label(format!("the farthest viewer is {viewer_m:.1} m away"));
        tile.say(problem.help(format!(
            "Give it {need:.0} × {need:.0} mm or shorten its text, unless only closer viewers need to scan it."
        )));
    }
}

impl WidgetTable for QrTable {
    const KIND: &'static str = "qr";

    fn widget(&self, _wall: &Wall) -> Box<dyn Widget> {
        let code = self.code().filter(|_| !self.text.is_empty());
        Box::new(Qr { text: self.text.clone(), code })
    }
}

struct Qr {
    text: String,
    code: Option<QrCode>,
}

impl Qr {
    /// The top left corner of the plate and the side of a module, millimetres, both on whole pixels of
    /// the display that it stands on.
    fn place(code: &QrCode, cx: &Cx<'_>, accompanied: bool) -> (Rect, f32) {
        let home = marks::home(cx);
        let display = cx.wall.displays.iter().find(|display| display.rect.contains(home.center()));
        let (origin, density) = display.map_or((home, 1.0), |display| (display.rect, display.density()));
        let count = modules(code) as f32;
        let pixels = (home.w.min(home.h) * density / count).floor().max(1.0);
        let (module, side) = (pixels / density, pixels / density * count);
        let snap = |at: f32, from: f32| from + ((at - from) * density).round() / density;
        // Where its address stands beside it, the code stands at the left.
        let free = home.w - side;
        let x = snap(home.x + if accompanied { 0.0 } else { free / 2.0 }, origin.x);
        let y = snap(home.y + (home.h - side) / 2.0, origin.y);
        (Rect::new(x, y, side, side), module)
    }
}

/// The address as people type it; `None` for what is none.
fn address(text: &str) -> Option<&str> {
    let host = text.strip_prefix("https://").or(text.strip_prefix("http://"))?;
    Some(host.trim_start_matches("www.").trim_end_matches('/')).filter(|rest| !rest.is_empty())
}

impl Qr {
    /// In a wide place the address beside the code, for those who do not scan it: on one line or two, whole or not at
    /// all.
    fn beside(&self, cx: &mut Cx<'_>, side: f32) -> Option<Arc<Shaped>> {
        let home = marks::home(cx);
        let (words, room) = (address(&self.text)?, home.w - side * (1.0 + APART));
        if room < side * BESIDE {
            return None;
        }
        let broken = words.replacen('/', "\n/", 1);
        let set = |(words, lines): (&str, usize)| {
            let wide = cx.setter.set(Setting::line(words, 100.0).within(1e6, 2)).size.w / 100.0;
            let size = (room / wide.max(0.01) * 0.98).min(home.h * 0.3);
            let setting = Setting::line(words, size).align(Align::Left).within(room, lines);
            (size >= cx.scale.size(Step::Body)).then(|| cx.setter.set(setting))
        };
        let forms = [(words, 1), (broken.as_str(), 2)].into_iter().filter_map(set);
        forms.max_by(|a, b| a.setting.size.total_cmp(&b.setting.size))
    }
}

impl Widget for Qr {
    fn heading(&self, _wall: &Wall) -> String {
        String::new()
    }

    fn fed(&self) -> bool {
        false
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        self.text.hash(&mut state);
        marks::sum(state)
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let Some(code) = &self.code else {
            return marks::unknown(list, cx.area, cx.scale.mm(12.0), cx.theme.unknown);
        };
        let home = marks::home(cx);
        let beside = self.beside(cx, home.w.min(home.h));
        let (plate, module) = Self::place(code, cx, beside.is_some());
        if let Some(words) = beside {
            let size = words.setting.size;
            let high = size * (CAP_HEIGHT + LINE_HEIGHT * (words.lines.max(1) - 1) as f32);
            let y = plate.center().y - high / 2.0 + size * CAP_HEIGHT;
            list.text(words, Point::new(plate.right() + plate.w * APART, y), cx.theme.ink);
        }
        list.rect(plate, LIGHT);
        for row in 0..code.size() {
            let y = plate.y + (row + MARGIN) as f32 * module;
            for (from, to) in runs(code, row) {
                let x = plate.x + (from + MARGIN) as f32 * module;
                list.rect(Rect::new(x, y, (to - from) as f32 * module, module), DARK);
            }
        }
    }
}

/// Dark modules side by side in a row: the first of them, and the one after the last.
fn runs(code: &QrCode, row: i32) -> Vec<(i32, i32)> {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for x in (0..code.size()).filter(|x| code.get_module(*x, row)) {
        match runs.last_mut() {
            Some((_, end)) if *end == x => *end += 1,
            _ => runs.push((x, x + 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::color::Theme;
    use crate::scene::list::Item;
    use crate::scene::widgets::fixture::Stage;

    fn rects(stage: &mut Stage) -> Vec<(Rect, Rgba)> {
        let table = QrTable { text: "https://example.com/aurora".into() };
        let list = stage.still(&mut *table.widget(&stage.wall));
        let rect = |item: &Item| match item {
            Item::Rect { rect, color, .. } => (*rect, *color),
            other => panic!("{other:?}"),
        };
        list.items.iter().map(rect).collect()
    }

    #[test]
    fn it_is_dark_on_light_with_a_margin_in_every_theme() {
        for (_, theme) in Theme::NAMED {
            let mut stage = Stage::new(300.0, 200.0);
            stage.theme = theme;
            let all = rects(&mut stage);
            let (plate, light) = all[0];
            assert_eq!(light, LIGHT);
            assert!(plate.w > 150.0 && plate.w == plate.h && plate.right() <= 400.0);
            let dark = all[1..].iter().map(|(rect, _)| *rect).reduce(|a, b| a.union(&b)).expect("modules");
            let module = all[1].0.h;
            assert!((dark.x - plate.x - 4.0 * module).abs() < 0.01);
            assert!((plate.bottom() - dark.bottom() - 4.0 * module).abs() < 0.01);
        }
    }

    #[test]
    fn modules_are_whole_pixels() {
        let mut stage = Stage::new(333.0, 211.0);
        let density = stage.wall.displays[0].density();
        for (rect, _) in rects(&mut stage) {
            for edge in [rect.x, rect.y, rect.right(), rect.bottom()] {
                let pixel = edge * density;
                assert!((pixel - pixel.round()).abs() < 0.01, "{rect:?}");
            }
        }
    }

    #[test]
    fn a_text_that_is_too_long_has_no_code() {
        assert!(QrTable { text: "x".repeat(5_000) }.code().is_none());
    }
}
