//! The time of day.

use crate::layout::check::TileCheck;
use crate::layout::kind::{Room, TileKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustc_hash::FxHasher;

use crate::clock::Time;
use crate::geometry::{Point, Rect, hash_f32};
use crate::layout::legibility::Step;
use crate::layout::wall::Wall;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::scene::widgets::marks::home;
use crate::scene::zone;
use crate::text::{Align, Cut, Setting, Shaped};

/// Sizes that are tried, largest first.
const STEPS: [Step; 5] = [Step::Hero, Step::Number, Step::Title, Step::Label, Step::Least];
/// From the date's capitals to the time's baseline, arc minutes.
const GAP: f32 = 14.0;

/// The time of day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClockTable {
    /// IANA name, for example `Asia/Tokyo`. Default: the wall's time zone.
    pub zone: Option<String>,
    /// Show the seconds.
    pub seconds: bool,
    /// Show the weekday and the date.
    pub date: bool,
}

impl Default for ClockTable {
    fn default() -> Self {
        Self { zone: None, seconds: false, date: true }
    }
}

impl TileKind for ClockTable {
    fn least(&self, _room: &Room) -> (f32, f32) {
        (if self.seconds { 400.0 } else { 260.0 }, Room::line(Step::Number))
    }

    fn check(&self, tile: &mut TileCheck<'_, '_>) {
        if let Some(zone) = &self.zone {
            tile.known_zone(zone, "zone");
        }
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
}

impl Clock {
    pub fn new(spec: &ClockTable, wall: &Wall) -> Self {
        let name = spec.zone.as_deref().or(wall.zone.as_deref());
        Self { spec: spec.clone(), zone: zone::find(name) }
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
        self.words(cx.now).hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let (time, dates) = self.words(cx.now);
        let room = home(cx);
        let date = if self.spec.date { date(cx, &dates, room) } else { None };
        let below = if date.is_some() { cx.scale.mm(GAP) + cx.scale.cap(Step::Body) } else { 0.0 };
        let Some((shaped, cap)) = largest(cx, &time, room, below) else { return };
        list.text(shaped, Point::new(room.x, room.y + cap), cx.theme.ink);
        if let Some(date) = date.filter(|_| cap + below <= room.h) {
            list.text(date, Point::new(room.x, room.y + cap + below), cx.theme.soft);
        }
    }
}

/// The longest form of the date that fits.
fn date(cx: &mut Cx<'_>, forms: &[String; 3], room: Rect) -> Option<Arc<Shaped>> {
    let size = cx.scale.size(Step::Body);
    let mut set = forms.iter().map(|f| cx.setter.set(Setting::line(f.as_str(), size).align(Align::Left)));
    set.find(|s| s.size.w <= room.w)
}

/// The time in the largest step that fits above `below` millimetres, or else without it, and the
/// height of its figures.
fn largest(cx: &mut Cx<'_>, time: &str, room: Rect, below: f32) -> Option<(Arc<Shaped>, f32)> {
    for below in [below, 0.0] {
        for step in STEPS {
            let cap = cx.scale.cap(step);
            let setting = Setting::line(time, cx.scale.size(step)).cut(Cut::Display).tabular();
            let shaped = cx.setter.set(setting);
            if shaped.size.w <= room.w && cap + below <= room.h {
                return Some((shaped, cap));
            }
        }
    }
    None
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
        let text = stage(ClockTable::default(), Rect::new(0.0, 0.0, 140.0, 70.0)).text(0);
        assert!(text.contains("08:00") && !text.contains("January"), "{text}");
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
