//! Where people are talking: a world map under a heat field, with the hottest places named.

mod field;
mod labels;
mod lands;
mod legend;
mod map;
mod names;
mod projection;
mod thin;

use crate::layout::kind::{BehindBezel, Need, Room, TileKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use rustc_hash::FxHasher;

use crate::clock::Time;
use crate::color::{Rgba, Theme};
use crate::geometry::{Point, Rect, hash_f32};
use crate::layout::wall::{Motion, Wall};
use crate::layout::window::Window;
use crate::pulse::snapshot::Place;
use crate::scene::chrome::hairline;
use crate::scene::ease;
use crate::scene::list::{Heat, Item, List};
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::scene::widgets::span::Silence;
use field::{Contours, Field};
use lands::{Lands, Outlines};
use legend::Legend;
use map::Map;

/// How long a place's ring grows and fades.
const PULSE: Duration = Duration::from_millis(1_200);
/// Most rings at one time.
const MAX_PULSES: usize = 12;
/// Spread of a place's heat: arc minutes, held within these parts of the map's width.
const SIGMA: (f32, f32, f32) = (12.0, 0.006, 0.013);
/// Part of the hottest value below which the map stays cold.
const FLOOR: f32 = 0.004;

/// The standing picture shows the beginning of a period of this length, by the wall's clock: to
/// draw a world is dear, and a tenth of a half-life is soon enough.
const REFRESH: Duration = Duration::from_secs(3);
/// Details of the coast smaller than this are left out, arc minutes: nobody sees them.
const DETAIL: f32 = 0.5;

/// Where people are talking: a world map under a heat field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HeatmapTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
    /// At most `1h`.
    #[schemars(extend("enum" = ["1m", "5m", "10m", "15m", "1h"]))]
    pub window: Window,
    /// How many of the hottest places are named, 0 to 8.
    #[schemars(range(min = 0, max = 8))]
    pub name_places: u8,
}

impl Default for HeatmapTable {
    fn default() -> Self {
        Self { topic: None, window: Window::M10, name_places: 3 }
    }
}

impl TileKind for HeatmapTable {
    fn topic(&self) -> Option<&str> {
        self.topic.as_deref()
    }

    fn window(&self) -> Option<Window> {
        Some(self.window)
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
    names: Option<(Look, Arc<[Place]>, Arc<List>)>,
    caption: Option<(i64, Coverage)>,
    outlines: Outlines,
}

/// What a picture depends on beside its data.
type Look = (Rect, Rgba);

/// Everything that stands still.
struct Picture {
    map: Map,
    lands: Lands,
    field: Field,
    contours: Contours,
    legend: Legend,
}

/// Of a hundred mentions, how many have a place, and how many of all have only a country.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Coverage {
    located: u64,
    coarse: u64,
}

impl Heatmap {
    pub fn new(spec: &HeatmapTable, _wall: &Wall) -> Self {
        Self { spec: spec.clone(), picture: None, names: None, caption: None, outlines: Outlines::default() }
    }

    /// The picture of this period; a map without heat does not wait for the next.
    fn picture(&mut self, cx: &mut Cx<'_>) -> Arc<Picture> {
        let (look, period) = (look(cx), period(cx));
        if let Some((kept, when, picture)) = &self.picture
            && (*kept, *when) == (look, period)
            && !picture.is_bare()
        {
            return picture.clone();
        }
        let fitted = self.picture.take().filter(|(kept, ..)| kept.0 == cx.area).map(|p| p.2.map.clone());
        let map = fitted.unwrap_or_else(|| Map::fit(cx.area, cx.scale.mm(DETAIL)));
        let stream = cx.snapshot.stream(cx.topic);
        let lands = Lands::new(&stream.countries);
        let field = Field::new(&stream.places, sigma(cx, &map), |p| map.at(p.lat, p.lon));
        let contours = Contours::new(&field, self.spec.window);
        let cold = field.bells.is_empty();
        let legend = if cold { Legend::default() } else { Legend::lay(cx, &contours) };
        let picture = Arc::new(Picture { map, lands, field, contours, legend });
        self.picture = Some((look, period, picture.clone()));
        picture
    }

    /// The names of the hottest places, set once for each publication of places.
    fn names(&mut self, cx: &mut Cx<'_>, picture: &Picture) -> Arc<List> {
        let (look, places) = (look(cx), cx.snapshot.stream(cx.topic).places.clone());
        if let Some((kept, seen, names)) = &self.names
            && *kept == look
            && Arc::ptr_eq(seen, &places)
        {
            return names.clone();
        }
        let most = usize::from(self.spec.name_places.min(8));
        let list = Arc::new(names::draw(cx, &places, most, picture));
        self.names = Some((look, places, list.clone()));
        list
    }
}

impl Picture {
    /// Neither heat nor a country to show.
    fn is_bare(&self) -> bool {
        self.field.bells.is_empty() && self.lands == Lands::default()
    }
}

impl Coverage {
    fn of(cx: &Cx<'_>, window: Window) -> Self {
        let stream = cx.snapshot.stream(cx.topic);
        let tally = stream.counts.over(window);
        let part = |n: u64| (n * 100).checked_div(tally.mentions).unwrap_or(0).min(100);
        let coarse = stream.countries.iter().map(|land| u64::from(land.only)).sum();
        Self { located: part(tally.located), coarse: part(coarse) }
    }

    /// In words, the longest first.
    fn words(self) -> Vec<String> {
        let Self { located, coarse } = self;
        let plain = format!("{located}\u{202f}% located");
        match (located, coarse) {
            (0, _) => vec!["nobody said where".into()],
            (_, 0) => vec![format!("{located}\u{202f}% of mentions located"), plain],
            _ => vec![format!("{plain}, {coarse}\u{202f}% only to a country"), plain],
        }
    }
}

fn look(cx: &Cx<'_>) -> Look {
    (cx.area, cx.theme.ink)
}

fn period(cx: &Cx<'_>) -> i64 {
    cx.now.0.div_euclid(REFRESH.as_nanos() as i64)
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
        let now = Coverage::of(cx, self.spec.window);
        let kept = self.caption.filter(|(when, kept)| *when == period(cx) && kept.located > 0);
        self.caption.insert(kept.unwrap_or((period(cx), now))).1.words()
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let picture = self.picture(cx);
        let mut state = FxHasher::default();
        picture.field.key(&mut state);
        picture.legend.key(&mut state);
        picture.lands.key(&mut state);
        hash_f32(&[cx.area.x, cx.area.y, cx.area.w, cx.area.h], &mut state);
        cx.theme.land.hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let picture = self.picture(cx);
        let (map, ramp) = (&picture.map, ramp(cx.theme));
        let at = Point::new(map.frame.x, map.frame.y);
        list.push(Item::Fill { path: map.path.clone(), at, color: cx.theme.land });
        picture.lands.draw(cx, map, cx.scale.mm(DETAIL), &mut self.outlines, list);
        let (path, width) = (map.path.clone(), hairline(cx.scale) * 0.6);
        list.push(Item::Stroke { path, at, width, color: cx.theme.coast });
        if !picture.field.bells.is_empty() {
            list.push(Item::Heat(Arc::new(heat(cx, &picture, ramp))));
        }
        picture.legend.draw(cx, |part| between(&ramp, part), list);
    }

    fn motion(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let picture = self.picture(cx);
        pulses(cx, &picture.map, list);
        list.items.extend(self.names(cx, &picture).items.iter().cloned());
    }
}

/// The field as it is drawn; without a legend that says their values there are no contours.
fn heat(cx: &Cx<'_>, picture: &Picture, ramp: [Rgba; 6]) -> Heat {
    let lines = if picture.legend.is_empty() { [0.0; 4] } else { picture.contours.parts };
    Heat {
        rect: cx.area,
        bells: picture.field.bells.clone(),
        full: picture.field.full,
        ramp,
        floor: FLOOR,
        contours: lines,
        contour_color: cx.theme.ink.fade(0.3),
    }
}

/// The ramp's colour at `part`, made opaque.
fn between(ramp: &[Rgba; 6], part: f32) -> Rgba {
    let x = part.clamp(0.0, 1.0) * 5.0;
    let i = (x as usize).min(4);
    Rgba { a: 1.0, ..ramp[i].mix(ramp[i + 1], x - i as f32) }
}

fn sigma(cx: &Cx<'_>, map: &Map) -> f32 {
    let (arcmin, least, most) = SIGMA;
    cx.scale.mm(arcmin).clamp(map.frame.w * least, map.frame.w * most)
}

/// Rings that grow and fade where something has just been said; the latest few.
fn pulses(cx: &Cx<'_>, map: &Map, list: &mut List) {
    let length = match cx.motion {
        Motion::Full => PULSE,
        Motion::Calm => 2 * PULSE,
        Motion::Still => return,
    };
    let running = |p: &Place| {
        let began = p.pulsed.filter(|&t| t <= cx.now && cx.now.since(t) < length)?;
        Some((began, map.at(p.lat, p.lon)))
    };
    let places = &cx.snapshot.stream(cx.topic).places;
    let mut rings: Vec<(Time, Point)> = places.iter().filter_map(running).collect();
    rings.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.x.total_cmp(&b.1.x)));
    let sigma = sigma(cx, map);
    let (least, most, width) = (sigma, 4.0 * sigma, cx.scale.mm(1.6));
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

/// The theme's ramp, bent so that places far colder than the hottest still show, and clear where
/// it begins, so that heat fades into land and sea.
fn ramp(theme: &Theme) -> [Rgba; 6] {
    const OPACITY: [f32; 6] = [0.0, 0.78, 0.9, 0.95, 0.98, 1.0];
    std::array::from_fn(|i| theme.heat_at((i as f32 / 5.0).powf(0.68).max(0.26)).fade(OPACITY[i]))
}

#[cfg(test)]
mod tests;
