//! What a map of the world leaves free where its place is much wider or higher than the world: the places with
//! most mentions as a list.

use super::peaks::Peak;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::window::Window;
use crate::pulse::snapshot::Area;
use crate::scene::list::List;
use crate::scene::widget::Cx;
use crate::scene::widgets::figures::grouped;
use crate::scene::widgets::marks::{self, Anchor, put};
use crate::text::{Align, Cut, Setting};

/// Width of a map of the world by its height, beside a list and above one.
const WORLD: (f32, f32) = (2.75, 2.05);
/// Part of a wide place that a list takes at most.
const MOST: f32 = 0.42;
/// A narrower list is none, arc minutes.
const LEAST: f32 = 330.0;
/// Rows of a list: fewer are none; more are not looked at.
const ROWS: (f32, f32) = (2.5, 8.0);
/// From one row to the next in lines of running text, at least and at most.
const PITCH: (f32, f32) = (1.35, 3.2);

/// The frame of the map in `area`, and the place of the list. A part of the world has all of it, and so has a map
/// without names, or one that knows no place in a day.
pub fn split(cx: &Cx<'_>, area: Rect, part: Option<Area>, named: bool) -> (Rect, Option<Rect>) {
    let located = cx.snapshot.stream(cx.topic).counts.over(Window::H24).points > 0;
    if part.is_some() || !named || !located {
        return (area, None);
    }
    let gap = cx.scale.mm(30.0);
    let first = cx.lit.first().and_then(|lit| lit.intersection(&area)).unwrap_or(area);
    let wide = (area.w - area.h * WORLD.0).min(area.w * MOST).min(first.w);
    if wide >= cx.scale.mm(LEAST) {
        let list = Rect { w: wide - gap, ..area };
        return (Rect { x: area.x + wide, w: area.w - wide, ..area }, Some(list));
    }
    let map = area.w / WORLD.1;
    let below = Rect { y: area.y + map + gap, h: area.h - map - gap, ..area };
    let narrow = area.w < cx.scale.mm(LEAST) || cx.lit.len() > 1;
    if narrow || below.h < cx.scale.line(Step::Body) * PITCH.0 * ROWS.0 {
        return (area, None);
    }
    (Rect { h: map, ..area }, Some(below))
}

/// The list: names at the left, what was said there at the right, and how much of the first that is as a line.
pub fn draw(cx: &mut Cx<'_>, list: &mut List, place: Rect, (peaks, legend): (&[Peak], Rect)) {
    // The legend stands at the bottom left of the map's area.
    let taken = legend.intersection(&place).map_or(0.0, |legend| legend.h + cx.scale.mm(10.0));
    let place = Rect { h: place.h - taken, ..place };
    let line = cx.scale.line(Step::Body);
    let most = (place.h / (line * PITCH.0)).floor().min(ROWS.1) as usize;
    let mut peaks: Vec<_> = peaks.iter().collect();
    peaks.sort_by(|a, b| b.count.cmp(&a.count).then(a.names.cmp(&b.names)));
    peaks.truncate(most);
    let Some(first) = peaks.first().map(|peak| peak.count.max(1)) else {
        return marks::nothing(cx, list, &["no places known".into()], place);
    };
    let pitch = (place.h / peaks.len() as f32).min(line * PITCH.1);
    let size = cx.scale.size(Step::Body) * (pitch / line / PITCH.0 * 0.9).clamp(1.0, 1.8);
    let top = place.y + (place.h - pitch * peaks.len() as f32) * 0.3;
    let counts: Vec<_> = peaks
        .iter()
        .map(|peak| Setting::line(grouped(peak.count.into()), size).cut(Cut::Semibold).tabular())
        .map(|setting| cx.setter.set(setting))
        .collect();
    let column = counts.iter().map(|count| count.size.w).fold(0.0, f32::max) + size * 0.6;
    for (i, (peak, count)) in peaks.into_iter().zip(counts).enumerate() {
        let caps = size * CAP_HEIGHT;
        let y = top + pitch * i as f32 + (pitch + caps) / 2.0 - pitch * 0.08;
        let room = (place.w - column).max(size);
        let mut set = |names: usize| cx.setter.set(Setting::line(peak.words(names), size));
        let whole = (1..=peak.names.len()).rev().map(&mut set).find(|name| name.size.w <= room);
        let name = whole.unwrap_or_else(|| {
            cx.setter.set(Setting::line(peak.words(1), size).align(Align::Left).within(room, 1))
        });
        put(list, name, Anchor::Left, Point::new(place.x, y), cx.theme.soft);
        put(list, count, Anchor::Right, Point::new(place.right(), y), cx.theme.ink);
        let part = peak.count as f32 / first as f32;
        let bar = Rect::new(place.x, y + caps * 0.55, place.w, cx.scale.mm(3.0));
        list.rect(bar, cx.theme.hairline);
        list.rect(Rect { w: bar.w * part, ..bar }, cx.theme.heat_at(part));
    }
}
