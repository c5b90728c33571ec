//! Where people are talking: a world map under a heat field, with the hottest places named.

mod beside;
mod clip;
mod coverage;
mod fade;
mod field;
mod labels;
mod lands;
mod legend;
mod map;
mod movement;
mod names;
mod night;
mod peaks;
mod picture;
mod projection;
mod region;
mod scale;
mod thin;
mod view;
mod world;

use crate::layout::kind::{BehindBezel, Need, Room, TileKind, of_topic};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use rustc_hash::FxHasher;

use crate::clock::Time;
use crate::color::Rgba;
use crate::geometry::{Point, Rect, hash_f32};
use crate::layout::wall::{Motion, Wall};
use crate::layout::window::Window;
use crate::pulse::snapshot::{Area, Place};
use crate::scene::ease;
use crate::scene::list::{Item, List};
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::scene::widgets::span::Silence;
use coverage::Coverage;
use fade::Change;
use lands::Outlines;
use movement::Movement;
use picture::{Picture, Wanted, sigma};
use region::Region;
use view::View;

/// Most peaks that are named.
const MOST_NAMES: u8 = 8;
/// How long names take to change.
const FADE: Duration = Duration::from_millis(400);
/// How long a place's ring grows and fades.
const PULSE: Duration = Duration::from_millis(1_200);
/// Most rings at one time.
const MAX_PULSES: usize = 12;
/// The standing picture shows the beginning of a period of this length, by the wall's clock: to
/// draw a world is dear, and a tenth of a half-life is soon enough.
const REFRESH: Duration = Duration::from_secs(3);

/// Where people are talking: a world map under a heat field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HeatmapTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
    /// At most `1h`.
    #[schemars(extend("enum" = ["1m", "5m", "10m", "15m", "1h"]))]
    pub window: Window,
    /// How many of the hottest spots are named, 0 to 8.
    #[schemars(range(min = 0, max = 8))]
    pub name_places: u8,
    /// Part of the world. Default: `auto`.
    pub region: Region,
    /// Whether to darken the land where it is night now.
    pub night: bool,
}

impl Default for HeatmapTable {
    fn default() -> Self {
        Self { topic: None, window: Window::M10, name_places: 3, region: Region::Auto, night: false }
    }
}

impl TileKind for HeatmapTable {
    of_topic!();

    fn window(&self) -> Option<Window> {
        Some(self.window)
    }

    fn with_window(&self, window: Window) -> Option<Arc<dyn TileKind>> {
        (window <= Window::H1).then(|| Arc::new(Self { window, ..self.clone() }) as Arc<dyn TileKind>)
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Places(self.window)]
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (240.0, 120.0)
    }

    fn words_to_read(&self) -> usize {
        usize::from(self.name_places)
    }

    fn behind_bezel(&self) -> BehindBezel {
        BehindBezel::Fine
    }
}

impl WidgetTable for HeatmapTable {
    const KIND: &'static str = "heatmap";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Heatmap::new(self, wall))
    }
}

pub struct Heatmap {
    spec: HeatmapTable,
    picture: Option<(Look, i64, Arc<Picture>)>,
    names: Option<Names>,
    caption: Option<(i64, Coverage)>,
    outlines: Outlines,
}

/// What a picture depends on beside its data.
type Look = (Rect, Rgba);

/// The names on a picture, and how they came about.
struct Names {
    look: Look,
    period: i64,
    on: Arc<Picture>,
    list: Arc<List>,
    change: Change,
}

impl Heatmap {
    pub fn new(spec: &HeatmapTable, _wall: &Wall) -> Self {
        Self { spec: spec.clone(), picture: None, names: None, caption: None, outlines: Outlines::default() }
    }

    fn wanted(&self) -> Wanted {
        let &HeatmapTable { window, name_places, night, .. } = &self.spec;
        Wanted { window, named: name_places > 0, night }
    }

    /// The picture of this period; a map without heat does not wait for the next.
    fn picture(&mut self, cx: &mut Cx<'_>) -> Arc<Picture> {
        let (look, period) = (look(cx), period(cx));
        if let Some((kept, when, picture)) = &self.picture
            && (*kept, *when) == (look, period)
            && !picture.is_bare()
            && picture.part == self.part(cx)
        {
            return picture.clone();
        }
        let map = self.picture.take().map(|(.., kept)| kept.map.clone());
        let wanted = self.wanted();
        let picture = Arc::new(Picture::new(cx, self.part(cx), &wanted, map));
        self.picture = Some((look, period, picture.clone()));
        picture
    }

    /// The way from one part of the world to another, while it is under way.
    fn movement(&self, cx: &Cx<'_>) -> Option<Movement> {
        let extent = &cx.snapshot.stream(cx.topic).extent;
        Movement::of(extent, cx.now, cx.motion).filter(|_| self.spec.region == Region::Auto)
    }

    /// The part of the world that is to be shown.
    fn part(&self, cx: &Cx<'_>) -> Option<Area> {
        let found = || cx.snapshot.stream(cx.topic).extent.area.filter(|_| self.spec.region == Region::Auto);
        self.spec.region.fixed().or_else(found)
    }

    /// The names of the hottest peaks, set once for each picture.
    fn names(&mut self, cx: &mut Cx<'_>, picture: &Arc<Picture>) -> &Names {
        let (look, period, on) = (look(cx), period(cx), picture.clone());
        let kept = self.names.take_if(|kept| kept.look != look || !Arc::ptr_eq(&kept.on, &on));
        self.names.get_or_insert_with(|| {
            let list = Arc::new(names::draw(cx, usize::from(MOST_NAMES.min(self.spec.name_places)), picture));
            let is_before =
                |kept: &Names| kept.look == look && kept.period == period - 1 && kept.on.part == on.part;
            let before = kept.filter(is_before).map(|kept| kept.list);
            let change = Change::new(before.as_ref().unwrap_or(&list), &list);
            Names { look, period, on, list, change }
        })
    }
}

fn look(cx: &Cx<'_>) -> Look {
    (cx.area, cx.theme.ink)
}

fn period(cx: &Cx<'_>) -> i64 {
    cx.now.0.div_euclid(REFRESH.as_nanos() as i64)
}

/// How much of `length` has passed since this period began, 0 to 1.
fn since_period(cx: &Cx<'_>, length: Duration) -> f32 {
    cx.now.progress(Time(period(cx) * REFRESH.as_nanos() as i64), length)
}

impl Widget for Heatmap {
    fn heading(&self, wall: &Wall) -> String {
        let topic = wall.topics.iter().find(|t| Some(&t.name) == self.spec.topic.as_ref());
        let about = topic.map_or(String::new(), |t| format!("{}, ", t.label));
        format!("Places, {about}{}", self.spec.window.words())
    }

    /// For how many mentions nobody knows the place is told, too; for each period once.
    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        if let Some(silence) = Silence::of(cx, self.spec.window) {
            return silence.words(cx);
        }
        let (part, named) = (self.part(cx), self.spec.name_places > 0);
        let frame = beside::split(cx, cx.tile.rect, part, named).0;
        let now = Coverage::of(cx, self.spec.window, part, &frame);
        let kept = self.caption.filter(|(when, kept)| *when == period(cx) && kept.is_known());
        self.caption.insert(kept.unwrap_or((period(cx), now))).1.words()
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        if self.movement(cx).is_some() {
            return 0;
        }
        let picture = self.picture(cx);
        let mut state = FxHasher::default();
        picture.key(&mut state);
        hash_f32(&[cx.area.x, cx.area.y, cx.area.w, cx.area.h], &mut state);
        cx.theme.land.hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        if self.movement(cx).is_some() {
            return;
        }
        let picture = self.picture(cx);
        picture.draw(cx, &mut self.outlines, list);
    }

    fn motion(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        if let Some(movement) = self.movement(cx) {
            return movement.draw(cx, &self.wanted(), list);
        }
        let picture = self.picture(cx);
        pulses(cx, &picture.map.view, list);
        let progress = if cx.motion == Motion::Still { 1.0 } else { since_period(cx, FADE) };
        let names = self.names(cx, &picture);
        match progress < 1.0 {
            true => names.change.draw(progress, list),
            false => list.items.extend(names.list.items.iter().cloned()),
        }
    }
}

/// Rings that grow and fade where something has just been said; the latest few.
fn pulses(cx: &Cx<'_>, view: &View, list: &mut List) {
    let length = match cx.motion {
        Motion::Full => PULSE,
        Motion::Calm => 2 * PULSE,
        Motion::Still => return,
    };
    let running = |p: &Place| {
        let began = p.pulsed.filter(|&t| t <= cx.now && cx.now.since(t) < length)?;
        Some((began, view.at(p.lat, p.lon)))
    };
    let places = &cx.snapshot.stream(cx.topic).places;
    let mut rings: Vec<(Time, Point)> = places.iter().filter_map(running).collect();
    rings.retain(|(_, at)| view.frame.contains(*at));
    rings.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.x.total_cmp(&b.1.x)));
    let sigma = sigma(cx, view);
    let (least, most, width) = (1.3 * sigma, 5.0 * sigma, cx.scale.mm(1.6));
    for (began, center) in rings.into_iter().take(MAX_PULSES) {
        let way = cx.now.progress(began, length);
        let radius = (least + (most - least) * ease::out(way)).min(inside(&cx.tile.rect, center));
        let color = cx.theme.ink.fade(0.8 * (1.0 - way) * (1.0 - way));
        list.push(Item::Ring { center, radius, width: width * (1.0 - 0.5 * way), color });
    }
}

/// The largest radius around `center` that stays in `rect`, less the ring's own width.
fn inside(rect: &Rect, c: Point) -> f32 {
    let edges = [c.x - rect.x, rect.right() - c.x, c.y - rect.y, rect.bottom() - c.y];
    (edges.into_iter().fold(f32::MAX, f32::min) * 0.97).max(0.1)
}

#[cfg(test)]
mod tests;
