//! The time of day.

use crate::layout::check::TileCheck;
use crate::layout::kind::{Room, TileKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustc_hash::FxHasher;

use crate::clock::Time;
use crate::geometry::{Point, Rect, hash_f32};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::wall::Wall;
use crate::scene::list::{Item, List};
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::scene::widgets::marks::home;
use crate::scene::zone;
use crate::text::{Cut, Setting};

/// Cities at most.
const MOST: usize = 8;
/// The date's type size as a part of the time's.
const DATE: f32 = 0.26;
/// From the time's baseline to the date's, in its lines.
const LEADING: f32 = 1.3;
/// A place so many times as wide as high is flat.
const FLAT: f32 = 2.6;
/// Part of the width that the time may fill.
const FILLED: f32 = 0.92;

/// The time of day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClockTable {
    /// IANA name, for example `Asia/Tokyo`. Default: the wall's time zone.
    pub zone: Option<String>,
    /// Whether to show the seconds.
    pub seconds: bool,
    /// Whether to show the weekday and the date.
    pub date: bool,
    /// More time zones, each with its city and its time, for example `["Asia/Tokyo"]`; at most 8.
    pub cities: Vec<String>,
}

impl Default for ClockTable {
    fn default() -> Self {
        Self { zone: None, seconds: false, date: true, cities: Vec::new() }
    }
}

impl TileKind for ClockTable {
    fn least(&self, _room: &Room) -> (f32, f32) {
        (if self.seconds { 190.0 } else { 130.0 }, Room::line(Step::Title))
    }

    fn check(&self, tile: &mut TileCheck<'_, '_>) {
        if let Some(zone) = &self.zone {
            tile.known_zone(zone, "zone");
        }
        self.cities.iter().for_each(|zone| tile.known_zone(zone, "cities"));
    }
}

impl WidgetTable for ClockTable {
    const KIND: &'static str = "clock";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Clock::new(self, wall))
    }
}

pub struct Clock {
    spec: ClockTable,
    zone: TimeZone,
    /// Names and zones of the cities.
    cities: Vec<(String, TimeZone)>,
}

impl Clock {
    pub fn new(spec: &ClockTable, wall: &Wall) -> Self {
        let name = spec.zone.as_deref().or(wall.zone.as_deref());
        let cities = spec.cities.iter().take(MOST).map(|name| (zone::label(name), zone::find(Some(name))));
        Self { spec: spec.clone(), zone: zone::find(name), cities: cities.collect() }
    }

    /// Each city with its time and whether it is day there, from six to six.
    fn elsewhere(&self, now: Time) -> Vec<(String, String, bool)> {
        let stamp = Timestamp::from_microsecond(now.as_micros()).unwrap_or_default();
        let city = |(name, zone): &(String, TimeZone)| {
            let there = stamp.to_zoned(zone.clone());
            (name.clone(), there.strftime("%H:%M").to_string(), (6..18).contains(&there.hour()))
        };
        self.cities.iter().map(city).collect()
    }

    /// Time and date in words, the date longest first.
    fn words(&self, now: Time) -> (String, [String; 3]) {
        let stamp = Timestamp::from_microsecond(now.as_micros()).unwrap_or_default();
        let here = stamp.to_zoned(self.zone.clone());
        let time = here.strftime(if self.spec.seconds { "%H:%M:%S" } else { "%H:%M" });
        let date = ["%A, %-d %B", "%a, %-d %b", "%-d %b"].map(|f| here.strftime(f).to_string());
        (time.to_string(), date)
    }
}

impl Widget for Clock {
    fn heading(&self, _wall: &Wall) -> String {
        self.spec.zone.as_deref().map(zone::label).unwrap_or_default()
    }

    fn fed(&self) -> bool {
        false
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = FxHasher::default();
        let a = cx.area;
        hash_f32(&[a.x, a.y, a.w, a.h], &mut state);
        (self.words(cx.now), self.elsewhere(cx.now)).hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let (time, dates) = self.words(cx.now);
        let room = home(cx);
        let (own, rest, across) = self.split(cx, room);
        let dates = if self.spec.date { &dates[..] } else { &[] };
        if !draw_beside(cx, list, &time, dates, own) {
            draw_time(cx, list, &time, dates, own);
        }
        draw_cities(cx, list, &self.elsewhere(cx.now), rest, across);
    }
}

impl Clock {
    /// What the wall's own time and the cities have of the place, and whether the cities stand side by side.
    fn split(&self, cx: &Cx<'_>, room: Rect) -> (Rect, Rect, bool) {
        let (line, count) = (cx.scale.line(Step::Body), self.cities.len() as f32);
        if self.cities.is_empty() || room.h < line * 2.4 {
            return (room, Rect::default(), true);
        }
        if room.w > room.h * FLAT && room.h >= line * count * 0.9 {
            let w = room.w * 0.5 - line;
            return (Rect { w, ..room }, Rect { x: room.right() - w, w, ..room }, false);
        }
        if room.h < line * 3.5 {
            return (room, Rect::default(), true);
        }
        let across = room.w > room.h * 1.3;
        let (rows, least, most) = if across { (2.4, 0.3, 0.45) } else { (count, 0.45, 0.6) };
        let h = (line * rows * 1.1).max(room.h * least).min(room.h * most);
        (Rect { h: room.h - h - line * 0.4, ..room }, Rect { y: room.bottom() - h, h, ..room }, across)
    }
}

/// In a flat place the date stands beside the time, the day of the week above that of the month; false where that
/// has no room or would not make the time larger.
fn draw_beside(cx: &mut Cx<'_>, list: &mut List, time: &str, dates: &[String], room: Rect) -> bool {
    let Some((weekday, day)) = dates.first().and_then(|whole| whole.split_once(", ")) else { return false };
    if room.w < room.h * FLAT {
        return false;
    }
    let set = |size: f32| Setting::line(time, size).cut(Cut::Display).tabular();
    let size = room.h * 0.88 / CAP_HEIGHT;
    let (caps, wide) = (size * CAP_HEIGHT, cx.setter.width(set(size)));
    let left = room.x + wide + size * 0.3;
    let longest = [weekday, day].map(|words| cx.setter.width(Setting::line(words, 100.0)) / 100.0);
    let small = ((room.right() - left) / longest[0].max(longest[1]) * 0.98).min(caps * 0.4 / CAP_HEIGHT);
    let top = room.y + (room.h - caps) * 0.5;
    // Too flat for two lines: the date on one, if any form of it fits.
    let body = cx.scale.size(Step::Body).max(caps * 0.5 / CAP_HEIGHT);
    let one = dates.iter().map(|form| cx.setter.set(Setting::line(form.as_str(), body)));
    let one = { one }.find(|date| date.size.w <= room.right() - left);
    if size < cx.scale.size(Step::Least) || (small < cx.scale.size(Step::Body) && one.is_none()) {
        return false;
    }
    let time = cx.setter.set(set(size));
    list.text(time, Point::new(room.x - (size * BEARING).min(cx.scale.mm(12.0)), top + caps), cx.theme.ink);
    if small < cx.scale.size(Step::Body) {
        list.text(one.expect("it was looked for above"), Point::new(left, top + caps), cx.theme.soft);
        return true;
    }
    let lines = [(weekday, top + small * CAP_HEIGHT, cx.theme.ink), (day, top + caps, cx.theme.soft)];
    for (words, baseline, color) in lines {
        let words = cx.setter.set(Setting::line(words, small));
        list.text(words, Point::new(left, baseline), color);
    }
    true
}

/// The time as large as the place allows, the date below it.
fn draw_time(cx: &mut Cx<'_>, list: &mut List, time: &str, dates: &[String], room: Rect) {
    let set = |size: f32| Setting::line(time, size).cut(Cut::Display).tabular();
    let wide = cx.setter.width(set(100.0)) / 100.0;
    let body = cx.scale.size(Step::Body);
    let dated = |size: f32| (size * DATE).clamp(body, cx.scale.size(Step::Title) * 1.6);
    let by_width = room.w * FILLED / wide.max(0.01);
    // With the date where the time then keeps the size of a number.
    let below = |size: f32| dated(size) * LEADING;
    let mut size = by_width.min(room.h / CAP_HEIGHT);
    let with_date =
        by_width.min((room.h - below(by_width.min(room.h / CAP_HEIGHT * 0.7))) * 0.97 / CAP_HEIGHT);
    let has_date = !dates.is_empty() && with_date >= cx.scale.size(Step::Title) && with_date >= size * 0.5;
    if has_date {
        size = with_date;
    }
    if size < cx.scale.size(Step::Least) {
        return;
    }
    let caps = size * CAP_HEIGHT;
    // What is left over stands above and below.
    let used = caps + if has_date { below(size) } else { 0.0 };
    let top = room.y + ((room.h - used) * 0.35).max(0.0);
    let shaped = cx.setter.set(set(size));
    list.text(shaped, Point::new(room.x - (size * BEARING).min(cx.scale.mm(12.0)), top + caps), cx.theme.ink);
    let small = dated(size);
    let date = dates.iter().map(|form| cx.setter.set(Setting::line(form.as_str(), small)));
    if let Some(date) = { date }.find(|date| has_date && date.size.w <= room.w) {
        list.text(date, Point::new(room.x, top + caps + below(size)), cx.theme.soft);
    }
}

/// Space that figures bring along at their left, as a part of the type size.
const BEARING: f32 = 0.05;

/// The times of other cities and their names; a disc by day, a ring by night.
fn draw_cities(cx: &mut Cx<'_>, list: &mut List, cities: &[(String, String, bool)], room: Rect, wide: bool) {
    if room.is_empty() || cities.is_empty() {
        return;
    }
    let (label, body) = (cx.scale.size(Step::Label), cx.scale.size(Step::Body));
    let count = cities.len() as f32;
    let (w, h) = if wide { (room.w / count, room.h) } else { (room.w, room.h / count) };
    for (i, (name, time, is_day)) in cities.iter().enumerate() {
        let at = if wide {
            Point::new(room.x + w * i as f32, room.y)
        } else {
            Point::new(room.x, room.y + h * i as f32)
        };
        let lines = if wide { label * 1.4 } else { 0.0 };
        let by_width = if wide { w * 0.8 } else { w * 0.4 }
            / (cx.setter.width(Setting::line("00:00", 100.0).tabular()) / 100.0);
        let size = by_width.min((h - lines) / CAP_HEIGHT * 0.7).min(cx.scale.size(Step::Number));
        if size < cx.scale.size(Step::Least) {
            return;
        }
        let caps = size * CAP_HEIGHT;
        let shaped = cx.setter.set(Setting::line(time.as_str(), size).cut(Cut::Display).tabular());
        let baseline = at.y + if wide { lines + caps * 1.15 } else { (h + caps) / 2.0 };
        let (x, named, room) = match wide {
            true => (at.x, at.y + label * CAP_HEIGHT, w - label),
            false => (at.x + w - shaped.size.w, baseline, w - shaped.size.w - body),
        };
        list.text(shaped, Point::new(x, baseline), cx.theme.ink);
        let radius = label * 0.2;
        let center = Point::new(at.x + radius, named - label * CAP_HEIGHT / 2.0);
        match is_day {
            true => list.disc(center, radius, cx.theme.soft),
            false => list.push(Item::Ring {
                center,
                radius: radius * 0.85,
                width: radius * 0.35,
                color: cx.theme.quiet,
            }),
        }
        let name = Setting::line(name.as_str(), label).within((room - label * 0.7).max(label), 1);
        let name = cx.setter.set(name);
        list.text(name, Point::new(at.x + label * 0.7, named), cx.theme.quiet);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::scene::fixture::{self, Stage, tile};

    fn stage(spec: ClockTable, rect: Rect) -> Stage {
        Stage::new(fixture::wall(vec![tile(spec, rect)]))
    }

    #[test]
    fn time_and_date() {
        insta::assert_snapshot!(stage(ClockTable::default(), Rect::new(0.0, 0.0, 470.0, 264.0)).text(0));
    }

    #[test]
    fn a_small_tile_shows_less() {
        let text = stage(ClockTable::default(), Rect::new(0.0, 0.0, 140.0, 60.0)).text(0);
        assert!(text.contains("08:00") && !text.contains("January"), "{text}");
    }

    #[test]
    fn cities_stand_with_their_times() {
        let spec =
            ClockTable { cities: vec!["Asia/Tokyo".into(), "America/New_York".into()], ..Default::default() };
        for (w, h) in [(900.0, 400.0), (300.0, 500.0)] {
            let text = stage(spec.clone(), Rect::new(0.0, 0.0, w, h)).text(0);
            let there = ["\"Tokyo\"", "\"17:00\"", "\"New York\"", "\"03:00\"", "\"08:00\""];
            assert!(there.iter().all(|words| text.contains(words)), "{text}");
        }
    }

    #[test]
    fn it_changes_once_a_minute_or_once_a_second() {
        let rect = Rect::new(0.0, 0.0, 470.0, 264.0);
        let mut key = stage(ClockTable::default(), rect);
        assert_eq!(key.frame(0).tiles[0].key, key.frame(59_900).tiles[0].key);
        assert_ne!(key.frame(0).tiles[0].key, key.frame(60_000).tiles[0].key);
        let mut key = stage(ClockTable { seconds: true, ..Default::default() }, rect);
        assert_ne!(key.frame(0).tiles[0].key, key.frame(1_000).tiles[0].key);
    }
}
