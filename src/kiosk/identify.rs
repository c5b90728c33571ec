//! The picture by which a technician tells screens apart: the display's name, a frame of one
//! pixel at the very edge, and a ruler in millimetres to hold a tape measure against.

use std::sync::Arc;

use crate::color::Theme;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{Scale, Step};
use crate::layout::wall::{Display, Wall};
use crate::scene::list::List;
use crate::scene::{Frame, TileFrame};
use crate::text::{Align, Cut, Setting, Typesetter};

/// Draws a display with the words that belong to it.
type Draw = fn(&Display, &str, &Wall, &mut Typesetter) -> List;

/// One tile for each display; `words` has the lines under each display's name.
pub fn frame(wall: &Wall, words: &[String], setter: &mut Typesetter) -> Frame {
    tiles(wall, words, setter, picture)
}

/// The same without a ruler, for `words` that are sentences.
pub fn message(wall: &Wall, words: &[String], setter: &mut Typesetter) -> Frame {
    tiles(wall, words, setter, sentences)
}

fn tiles(wall: &Wall, words: &[String], setter: &mut Typesetter, draw: Draw) -> Frame {
    let tiles = wall.displays.iter().enumerate().map(|(i, display)| {
        let lines = words.get(i).map(String::as_str).unwrap_or_default();
        let still = Arc::new(draw(display, lines, wall, setter));
        TileFrame {
            id: (0, i),
            rect: display.rect,
            key: still.fingerprint(),
            still,
            motion: List::default(),
            before: 0.0,
            hidden: false,
        }
    });
    Frame { scene: 0, tiles: tiles.collect(), crossing: false }
}

/// The name over a paragraph for each line of `words`, as large as all of it has room.
fn sentences(display: &Display, words: &str, wall: &Wall, setter: &mut Typesetter) -> List {
    let (mut list, theme, area) = (List::default(), &wall.theme, display.rect);
    edge(display, theme, &mut list);
    let (x, width) = (area.x + area.w * 0.1, area.w * 0.8);
    let name = Setting::line(display.name.as_str(), (area.h / 8.0).min(area.w / 10.0)).cut(Cut::Display);
    let name = setter.set(name.within(width, 1));
    let mut y = area.y + area.h * 0.14;
    list.text(name.clone(), Point::new(x, y + name.baseline), theme.ink);
    y += name.size.h * 1.2;
    let size = Scale::new(wall.viewer_m).size(Step::Body).min(area.h / 18.0).min(area.w / 28.0);
    for paragraph in words.lines() {
        let paragraph = setter.set(Setting::line(paragraph, size).within(width, 4));
        list.text(paragraph.clone(), Point::new(x, y + paragraph.baseline), theme.soft);
        y += paragraph.size.h + size * 0.6;
    }
    list
}

fn picture(display: &Display, words: &str, wall: &Wall, setter: &mut Typesetter) -> List {
    let (mut list, theme) = (List::default(), &wall.theme);
    edge(display, theme, &mut list);
    ruler(display, theme, setter, &mut list);
    let (area, scale) = (display.rect, Scale::new(wall.viewer_m));
    let name_size = scale.size(Step::Number).min(area.h / 4.0).min(area.w / 6.0);
    let name = Setting::line(display.name.as_str(), name_size).cut(Cut::Display).align(Align::Center);
    let name = setter.set(name.within(area.w * 0.9, 1));
    let top = area.y + area.h * 0.3;
    list.text(name.clone(), Point::new(area.x + area.w * 0.05, top + name.baseline), theme.ink);
    let mut y = top + name.size.h;
    for line in words.lines() {
        let size = scale.size(Step::Body).min(name_size / 2.0);
        let line = setter.set(Setting::line(line, size).align(Align::Center).within(area.w * 0.9, 1));
        list.text(line.clone(), Point::new(area.x + area.w * 0.05, y + line.baseline), theme.soft);
        y += line.size.h;
    }
    list
}

/// One pixel, so that an overscanning television or a wrong mode shows at once.
fn edge(display: &Display, theme: &Theme, list: &mut List) {
    let (r, px) = (display.rect, 1.0 / display.density());
    list.rect(Rect::new(r.x, r.y, r.w, px), theme.ink);
    list.rect(Rect::new(r.x, r.bottom() - px, r.w, px), theme.ink);
    list.rect(Rect::new(r.x, r.y, px, r.h), theme.ink);
    list.rect(Rect::new(r.right() - px, r.y, px, r.h), theme.ink);
}

/// A mark each 10 mm, a longer one each 50, a number each 100, from the left edge.
fn ruler(display: &Display, theme: &Theme, setter: &mut Typesetter, list: &mut List) {
    let (r, px) = (display.rect, 1.0 / display.density());
    let base = r.bottom() - r.h * 0.12;
    // In proportion on small screens; no longer on large ones than a number has room.
    let unit = (r.h * 0.04).min(8.0);
    let text = 2.0 * unit;
    list.rect(Rect::new(r.x, base, r.w, px), theme.soft);
    for mark in 0..=(r.w / 10.0) as u32 {
        let x = r.x + mark as f32 * 10.0;
        let length = match mark {
            mark if mark % 10 == 0 => 3.0,
            mark if mark % 5 == 0 => 2.0,
            _ => 1.0,
        };
        list.rect(Rect::new(x, base, px, length * unit), theme.soft);
        if mark % 10 == 0 && mark > 0 {
            let number = setter.set(Setting::line(format!("{}", mark * 10), text).tabular());
            list.text(number.clone(), Point::new(x - number.size.w / 2.0, base - unit), theme.soft);
        }
    }
    let words = setter.set(Setting::line("mm", text));
    list.text(words, Point::new(r.x + text, base - unit), theme.quiet);
}
