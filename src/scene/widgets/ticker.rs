//! The latest mentions, walking from right to left in one strip over the whole tile, behind the
//! bezels too. Who spoke stands above what was said; a plate at the left says what this is.

mod item;
mod plate;
mod strip;

use crate::layout::kind::{BehindBezel, Need, Quotes, Room, TileKind, of_topic};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::time::Duration;

use rustc_hash::FxHasher;

use crate::clock::Time;
use crate::geometry::{Point, Rect, hash_f32};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::wall::{Motion, Wall};
use crate::pulse::snapshot::{Shown, Stream};
use crate::scene::chrome::{GUTTER, hairline};
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::scene::widgets::marks;
use crate::scene::widgets::mentions::MentionsTable;
use crate::scene::widgets::span::Silence;
use crate::text::Cut;
use item::{Look, Words};
use plate::Plate;
use strip::{Entry, Strip, Track};

/// Speed when the layout gives none: 2.5° a second for the farthest viewer.
const ARCMIN_PER_S: f32 = 150.0;
/// No layout makes it faster, millimetres per second.
const FASTEST: f32 = 5_000.0;
/// Mentions that are left for the ticker of those that a list shows, at least.
const LEFT: usize = 8;
/// Lanes at most, and how much lower than a lane that the largest text asks for each of them may be.
const LANES: f32 = 6.0;
const TIGHT: f32 = 0.8;
/// How long the words stand when nothing may walk.
const PAGE: Duration = Duration::from_secs(12);

/// The latest mentions, scrolling from right to left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TickerTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
    /// Millimetres per second. Default: 2.5° per second for the farthest viewer.
    #[schemars(range(min = 1.0, max = 10_000.0))]
    pub speed_mm: Option<f32>,
}

impl TileKind for TickerTable {
    of_topic!();

    fn quotes(&self) -> Quotes {
        Quotes::Texts
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Latest]
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (400.0, Room::line(Step::Body))
    }

    /// It runs on from scene to scene.
    fn words_to_read(&self) -> usize {
        0
    }

    fn behind_bezel(&self) -> BehindBezel {
        BehindBezel::Fine
    }
}

impl WidgetTable for TickerTable {
    const KIND: &'static str = "ticker";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Ticker::new(self, wall))
    }
}

pub struct Ticker {
    spec: TickerTable,
    /// One for each lane, from the top.
    strips: Vec<Strip<Words>>,
}

impl Ticker {
    pub fn new(spec: &TickerTable, _wall: &Wall) -> Self {
        Self { spec: spec.clone(), strips: Vec::new() }
    }

    fn track(&self, cx: &Cx<'_>, field: Rect, look: &Look) -> Track {
        let full = self.spec.speed_mm.unwrap_or(cx.scale.mm(ARCMIN_PER_S)).clamp(1.0, FASTEST);
        let speed = if cx.motion == Motion::Calm { full / 2.0 } else { full };
        Track { length: cx.tile.rect.right() - field.x, speed, gap: look.gap }
    }

    /// Moves and draws the strips of all lanes. A mention walks in one of them.
    fn walk(&mut self, cx: &mut Cx<'_>, list: &mut List, field: Rect) {
        let (area, lanes) = (cx.area, lanes(cx));
        self.strips.resize_with(lanes.len(), Strip::default);
        for (i, lane) in lanes.iter().enumerate() {
            cx.area = *lane;
            let field = Rect { y: lane.y, h: lane.h, ..field };
            self.walk_lane(cx, list, field, (i as u64, lanes.len() as u64));
        }
        cx.area = area;
    }

    fn walk_lane(&mut self, cx: &mut Cx<'_>, list: &mut List, field: Rect, (lane, lanes): (u64, u64)) {
        let look = Look::of(cx);
        let track = self.track(cx, field, &look);
        let latest = cx.snapshot.stream(cx.topic).latest.clone();
        let says = |s: &&Shown| s.mention.text.is_some() && s.serial % lanes == lane;
        let offered = latest.iter().skip(listed(cx, latest.len())).filter(says);
        let offer: Vec<Entry> = offered.map(|s| Entry { serial: s.serial, at: s.at }).collect();
        let now = cx.now;
        let stream = cx.snapshot.stream(cx.topic);
        let strip = &mut self.strips[lane as usize];
        strip.release(|words| still_said(words, stream));
        strip.advance(now, &track, &offer, &mut |entry| {
            let words = latest.iter().find(|s| s.serial == entry.serial).map(|s| Words::set(cx, s, &look));
            let words = words.expect("every entry was made from one of the latest");
            (look.width(&words), words)
        });
        for walker in strip.walkers() {
            let x = cx.tile.rect.right() - walker.way(&track, now);
            if x < field.right() && x + walker.width > field.x {
                walker.item.draw(cx, list, &look, x, field);
            }
        }
    }
}

impl Widget for Ticker {
    fn heading(&self, _wall: &Wall) -> String {
        String::new()
    }

    fn framed(&self) -> bool {
        false
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = FxHasher::default();
        let a = cx.area;
        hash_f32(&[a.x, a.y, a.w, a.h], &mut state);
        (cx.theme.hairline, cx.theme.ink, cx.theme.quiet, cx.color).hash(&mut state);
        if cx.motion == Motion::Still {
            let seen = |s: &&Shown| (s.serial, s.mention.text.clone(), s.copies, item::age_words(s, cx.now));
            page(cx).iter().map(seen).for_each(|seen| seen.hash(&mut state));
        }
        (nothing(cx), Plate::is_live(cx), Plate::of(cx).map(|plate| plate.rect.w.to_bits())).hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let tile = cx.tile.rect;
        list.rect(Rect { h: hairline(cx.scale), ..tile }, cx.theme.hairline);
        let plate = Plate::of(cx);
        let field = field(cx, plate.as_ref());
        if let Some(plate) = &plate {
            plate.draw(cx, list);
        }
        if cx.motion == Motion::Still {
            stand(cx, list, field);
        }
        if let Some(words) = nothing(cx) {
            let lit = cx.lit.iter().filter_map(|lit| lit.intersection(&field));
            let room = lit.fold(Rect::default(), |a, b| if b.w > a.w { b } else { a });
            let gap = cx.scale.mm(GUTTER);
            let room = Rect { x: room.x + gap, w: (room.w - 2.0 * gap).max(0.0), ..room };
            let all =
                words.iter().flat_map(|text| [Step::Title, Step::Body, Step::Least].map(|step| (text, step)));
            let all = all.map(|(text, step)| marks::line(cx, text, step, Cut::Regular));
            if let Some(shaped) = { all }.find(|shaped| shaped.size.w <= room.w) {
                let y = room.center().y + shaped.setting.size * CAP_HEIGHT / 2.0;
                list.text(shaped, Point::new(room.x, y), cx.theme.quiet);
            }
        }
    }

    fn motion(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let plate = Plate::of(cx);
        if let Some(plate) = &plate {
            plate.draw_rate(cx, list);
        }
        if cx.motion != Motion::Still {
            let field = field(cx, plate.as_ref());
            self.walk(cx, list, field);
        }
    }
}

/// Where items walk: the area without the plate.
fn field(cx: &Cx<'_>, plate: Option<&Plate>) -> Rect {
    let left = plate.map_or(cx.area.x, |plate| plate.rect.right());
    Rect { x: left, w: (cx.area.right() - left).max(0.0), ..cx.area }
}

/// How many of the newest mentions stand in a list of the scene, so that they need not walk as well;
/// none where too few would be left.
fn listed(cx: &Cx<'_>, latest: usize) -> usize {
    let tiles = cx.wall.scenes.get(cx.showing.scene).map_or(&[][..], |scene| scene.tiles.as_slice());
    let topic = cx.tile.widget.topic();
    let lists = tiles.iter().filter(|tile| tile.widget.topic() == topic);
    let counts = lists.filter_map(|tile| tile.widget.table::<MentionsTable>()).map(|list| list.count);
    let listed = counts.map(usize::from).max().unwrap_or(0);
    if latest >= listed + LEFT { listed } else { 0 }
}

/// Why there is nothing to walk, longest first.
fn nothing(cx: &Cx<'_>) -> Option<Vec<String>> {
    let plain = || vec!["no mentions yet".into(), "none yet".into()];
    let none = cx.snapshot.stream(cx.topic).latest.is_empty();
    none.then(|| Silence::now(cx).map_or_else(plain, |silence| silence.words(cx)))
}

/// False for words that were taken back or changed since they were set; they leave the strip at
/// once, wherever they are.
fn still_said(words: &Words, stream: &Stream) -> bool {
    !stream.withdrawn.contains(&words.uid)
        || stream.latest.iter().any(|s| s.mention.uid == words.uid && s.mention.text == words.said)
}

/// The mentions that stand when nothing may walk: those that had come when the page was turned.
fn page<'a>(cx: &Cx<'a>) -> Vec<&'a Shown> {
    let turned = Time(cx.now.0 - cx.now.0.rem_euclid(PAGE.as_nanos() as i64));
    let latest = &cx.snapshot.stream(cx.topic).latest;
    let had_come = latest.iter().filter(|s| s.at <= turned && s.mention.text.is_some());
    had_come.take(8).collect()
}

/// One lane, or in a high tile several, one below the other.
fn lanes(cx: &Cx<'_>) -> Vec<Rect> {
    let count = (cx.area.h / (cx.scale.mm(item::highest(cx)) * TIGHT)).floor().clamp(1.0, LANES);
    let h = cx.area.h / count;
    (0..count as usize).map(|i| Rect { y: cx.area.y + h * i as f32, h, ..cx.area }).collect()
}

/// The newest mention that fits on each display, from the left, in every lane.
fn stand(cx: &mut Cx<'_>, list: &mut List, field: Rect) {
    let mut page = page(cx).into_iter();
    let (area, lanes) = (cx.area, lanes(cx));
    for (lane, lit) in lanes.into_iter().flat_map(|lane| cx.lit.iter().map(move |lit| (lane, *lit))) {
        cx.area = lane;
        let look = Look::of(cx);
        let Some(room) = lit.intersection(&Rect { y: lane.y, h: lane.h, ..field }) else { continue };
        let Some(words) = page.next().map(|s| Words::set(cx, s, &look)) else { break };
        let inner = Rect { x: room.x + look.indent, w: (room.w - 2.0 * look.indent).max(0.0), ..room };
        words.stand(cx, list, &look, inner);
    }
    cx.area = area;
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::layout::wall::PeopleNamed;
    use crate::mention::Mention;
    use crate::scene::fixture::{self, Stage, tile};
    use crate::scene::list::Item;
    use crate::scene::widgets::names;

    fn stage(change: impl FnOnce(&mut Wall)) -> Stage {
        let spec = TickerTable { speed_mm: Some(60.0), topic: None };
        let mut wall = fixture::wall(vec![tile(spec, fixture::bottom())]);
        change(&mut wall);
        Stage::new(wall)
    }

    #[test]
    fn a_strip_of_mentions() {
        insta::assert_snapshot!(stage(|_| ()).text(0));
    }

    #[test]
    fn all_of_it_moves_at_the_stated_speed() {
        let mut stage = stage(|_| ());
        let mut places = |ms| -> Vec<(String, f32)> {
            let place = |i: &Item| match i {
                Item::Text { shaped, at, .. } => Some((shaped.setting.text.to_string(), at.x)),
                _ => None,
            };
            stage.frame(ms).tiles[0].motion.items.iter().filter_map(place).collect()
        };
        let (before, after) = (places(0), places(500));
        let moved: Vec<f32> =
            before.iter().filter_map(|b| after.iter().find(|a| a.0 == b.0).map(|a| b.1 - a.1)).collect();
        assert!(moved.len() > 4 && moved.iter().any(|m| (m - 30.0).abs() < 0.02));
    }

    #[test]
    fn a_high_tile_has_lanes_and_a_mention_walks_in_one_of_them() {
        let mut wall = fixture::wall(vec![tile(TickerTable::default(), fixture::display(0))]);
        wall.displays.truncate(1);
        let frame = Stage::new(wall).frame(0);
        let mut lanes: Vec<(i32, String)> = Vec::new();
        for item in &frame.tiles[0].motion.items {
            let Item::Text { shaped, at, .. } = item else { continue };
            let lane = (at.y as i32, shaped.setting.text.to_string());
            if !lanes.contains(&lane) {
                lanes.push(lane);
            }
        }
        let rows: std::collections::BTreeSet<i32> = lanes.iter().map(|(y, _)| *y).collect();
        assert!(rows.len() >= 6, "two lines in each of three lanes: {rows:?}");
        let names: Vec<&String> =
            lanes.iter().map(|(_, text)| text).filter(|t| t.starts_with("@person")).collect();
        let distinct: std::collections::BTreeSet<&&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{names:?}");
    }

    #[test]
    fn words_that_are_taken_back_or_changed_leave_the_strip_at_once() {
        let mut stage = stage(|_| ());
        let said = |stage: &mut Stage, ms| stage.text(ms);
        let latest = stage.snapshot.all.latest.to_vec();
        let name = |s: &Shown| {
            let author = s.mention.author.as_ref().and_then(names::author);
            format!("\"{}\"", author.expect("all have names"))
        };
        let before = said(&mut stage, 0);
        let seen: Vec<Shown> = latest.iter().filter(|s| before.contains(&name(s))).cloned().collect();
        assert!(seen.len() > 2, "{before}");
        let (gone, changed) = (seen[0].clone(), seen[1].clone());
        let mut left: Vec<Shown> = latest.into_iter().filter(|s| s.mention.uid != gone.mention.uid).collect();
        for shown in left.iter_mut().filter(|s| s.mention.uid == changed.mention.uid) {
            shown.mention = Mention::clone(&shown.mention).with_text("corrected").into();
        }
        stage.snapshot.all.latest = left.into();
        stage.snapshot.all.withdrawn = [gone.mention.uid.clone(), changed.mention.uid.clone()].into();
        let after = said(&mut stage, 16);
        for shown in [&gone, &changed] {
            assert!(!after.contains(&name(shown)), "{after}");
        }
        assert!(after.contains(&name(&seen[2])), "{after}");
    }

    #[test]
    fn visitors_see_no_names() {
        let text = stage(|wall| wall.people = PeopleNamed::Masked).text(0);
        assert!(!text.contains("person") && !text.contains("@joe"), "{text}");
        assert!(text.contains("Berlin") && text.contains("@…"));
    }

    #[test]
    fn without_motion_the_newest_stand_one_on_each_display() {
        let mut stage = stage(|wall| wall.motion = Motion::Still);
        let frame = stage.frame(0);
        assert!(frame.tiles[0].motion.is_empty());
        insta::assert_snapshot!(frame.tiles[0].still);
        assert_eq!(frame.tiles[0].key, stage.frame(11_000).tiles[0].key);
    }
}
