//! Where people are talking: a world map under a heat field, with the hottest places named.

mod field;
mod labels;
mod legend;
mod map;
mod projection;

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use rustc_hash::FxHasher;

use crate::clock::Time;
use crate::color::{Rgba, Theme};
use crate::geometry::{Point, Rect, Size, hash_f32};
use crate::layout::legibility::Step;
use crate::layout::wall::{Motion, Wall};
use crate::layout::widget::HeatmapSpec;
use crate::pulse::snapshot::{Place, Snapshot};
use crate::scene::chrome::hairline;
use crate::scene::ease;
use crate::scene::list::{Heat, Item, List, Outline, Path};
use crate::scene::widget::{Cx, Widget};
use crate::scene::widgets::figures::grouped;
use crate::text::{Cut, Setting, Shaped};
use field::{Contours, Field};
use labels::{Ground, Wish};
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

pub struct Heatmap {
    spec: HeatmapSpec,
    map: Option<(Rect, Map)>,
    seen: Option<Seen>,
}

/// What was worked out of one publication of places.
struct Seen {
    places: Arc<[Place]>,
    area: Rect,
    ink: Rgba,
    picture: Arc<Picture>,
}

struct Picture {
    map: Map,
    field: Field,
    contours: Contours,
    legend: Legend,
    names: List,
}

impl Heatmap {
    pub fn new(spec: &HeatmapSpec, _wall: &Wall) -> Self {
        Self { spec: spec.clone(), map: None, seen: None }
    }

    fn map(&mut self, area: Rect) -> Map {
        if let Some((fitted, map)) = &self.map
            && *fitted == area
        {
            return map.clone();
        }
        let map = Map::fit(area);
        self.map = Some((area, map.clone()));
        map
    }

    /// The picture of the present places, worked out once for each publication.
    fn see(&mut self, cx: &mut Cx<'_>) -> Arc<Picture> {
        let places = &cx.snapshot.stream(cx.topic).places;
        if let Some(seen) = &self.seen
            && Arc::ptr_eq(&seen.places, places)
            && (seen.area, seen.ink) == (cx.area, cx.theme.ink)
        {
            return seen.picture.clone();
        }
        let (places, area, ink) = (places.clone(), cx.area, cx.theme.ink);
        let picture = Arc::new(self.picture(cx, &places));
        self.seen = Some(Seen { places, area, ink, picture: picture.clone() });
        picture
    }

    fn picture(&mut self, cx: &mut Cx<'_>, places: &[Place]) -> Picture {
        let map = self.map(cx.area);
        let field = Field::new(places, sigma(cx, &map), |p| map.at(p.lat, p.lon));
        let contours = Contours::new(&field, self.spec.window);
        let cold = field.bells.is_empty();
        let legend = if cold { Legend::default() } else { Legend::lay(cx, &contours) };
        let names = self.names(cx, places, &field, &map, legend.rect);
        Picture { map, field, contours, legend, names }
    }

    /// The hottest places with their counts.
    fn names(&self, cx: &mut Cx<'_>, places: &[Place], field: &Field, map: &Map, legend: Rect) -> List {
        let mut hottest: Vec<&Place> = places.iter().filter(|p| p.name.is_some() && p.count > 0).collect();
        hottest.truncate(usize::from(self.spec.name_places.min(8)));
        // Neighbours in rank that change places do not change where names stand.
        hottest.sort_by(|a, b| a.name.cmp(&b.name));
        let set: Vec<(Arc<Shaped>, Arc<Shaped>)> = hottest.iter().map(|p| name(cx, p)).collect();
        let (cap, space) = (cx.scale.cap(Step::Label), cx.scale.mm(7.0));
        let wish = |(place, (name, count)): (&&Place, &(Arc<Shaped>, Arc<Shaped>))| Wish {
            at: map.at(place.lat, place.lon),
            size: Size::new(name.size.w + space + count.size.w, cap * 1.4),
        };
        let wishes: Vec<Wish> = hottest.iter().zip(&set).map(wish).collect();
        let margin = cx.scale.mm(6.0);
        let rooms: Vec<Rect> = cx.lit.iter().filter_map(|l| l.inset(margin).intersection(&cx.area)).collect();
        let ground = Ground { rooms: &rooms, taken: &[legend], reach: sigma(cx, map) * 1.5 };
        let spots = labels::place(&wishes, &ground, |at| field.part(at));
        let mut list = List::default();
        for ((wish, spot), (name, count)) in wishes.iter().zip(spots).zip(set) {
            let Some(rect) = spot else { continue };
            leader(cx, &mut list, wish.at, rect);
            let baseline = rect.center().y + cap / 2.0;
            let x = rect.x + name.size.w + space;
            list.text(name, Point::new(rect.x, baseline), cx.theme.ink);
            list.text(count, Point::new(x, baseline), cx.theme.soft);
        }
        list
    }
}

impl Widget for Heatmap {
    fn heading(&self, wall: &Wall) -> String {
        let topic = wall.topics.iter().find(|t| Some(&t.name) == self.spec.topic.as_ref());
        let about = topic.map_or(String::new(), |t| format!("{}, ", t.label));
        format!("Places, {about}{}", self.spec.window.words())
    }

    /// For how many mentions nobody knows the place is told, too.
    fn caption(&self, snapshot: &Snapshot, topic: Option<usize>) -> Vec<String> {
        let tally = snapshot.stream(topic).counts.over(self.spec.window);
        match (tally.located * 100).checked_div(tally.mentions) {
            None | Some(0) => vec!["nobody said where".into()],
            Some(part) => {
                let part = part.min(100);
                vec![format!("{part}\u{202f}% of mentions say where"), format!("{part}\u{202f}% say where")]
            }
        }
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let picture = self.see(cx);
        let mut state = FxHasher::default();
        picture.field.key(&mut state);
        picture.legend.key(&mut state);
        hash_f32(&[cx.area.x, cx.area.y, cx.area.w, cx.area.h], &mut state);
        cx.theme.land.hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let picture = self.see(cx);
        let (map, ramp) = (&picture.map, ramp(cx.theme));
        let at = Point::new(map.frame.x, map.frame.y);
        list.push(Item::Fill { path: map.path.clone(), at, color: cx.theme.land });
        let (path, width) = (map.path.clone(), hairline(cx.scale) * 0.6);
        list.push(Item::Stroke { path, at, width, color: cx.theme.coast });
        if !picture.field.bells.is_empty() {
            list.push(Item::Heat(Arc::new(heat(cx, &picture, ramp))));
        }
        picture.legend.draw(cx, |part| between(&ramp, part), list);
    }

    fn motion(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let picture = self.see(cx);
        pulses(cx, &picture.map, list);
        list.items.extend(picture.names.items.iter().cloned());
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

/// Name and count of a place.
fn name(cx: &mut Cx<'_>, place: &Place) -> (Arc<Shaped>, Arc<Shaped>) {
    let size = cx.scale.size(Step::Label);
    let name = Setting::line(place.name.clone().unwrap_or_default(), size).cut(Cut::Semibold);
    let count = Setting::line(grouped(place.count.into()), size).tabular();
    (cx.setter.set(name), cx.setter.set(count))
}

/// A dot on the place and a line from it to its name.
fn leader(cx: &Cx<'_>, list: &mut List, at: Point, label: Rect) {
    let end = labels::nearest(label, at);
    let points = vec![Point::new(0.0, 0.0), Point::new(end.x - at.x, end.y - at.y)];
    let path = Arc::new(Path { outlines: vec![Outline { points, closed: false }] });
    list.push(Item::Stroke { path, at, width: hairline(cx.scale), color: cx.theme.ink.fade(0.6) });
    list.disc(at, cx.scale.mm(3.2), cx.theme.ground.fade(0.7));
    list.disc(at, cx.scale.mm(2.0), cx.theme.ink);
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
mod tests {
    use super::*;
    use crate::layout::widget::WidgetSpec;
    use crate::scene::fixture::{self, NOW, Stage, display, tile};

    fn stage() -> Stage {
        Stage::new(fixture::wall(vec![tile(WidgetSpec::Heatmap(HeatmapSpec::default()), display(0))]))
    }

    #[test]
    fn a_busy_map() {
        insta::assert_snapshot!(stage().text(0));
    }

    #[test]
    fn a_quiet_map_is_only_a_map() {
        let mut stage = stage();
        stage.snapshot.all.places = Arc::new([]);
        let text = stage.text(0);
        assert!(text.contains("of mentions say where"), "{text}");
        assert!(!text.contains("heat ") && !text.contains("a minute"));
        stage.snapshot.all.counts = Default::default();
        assert!(stage.text(0).contains("nobody said where"));
    }

    #[test]
    fn a_place_pulses_for_1200_ms() {
        let mut stage = stage();
        let tokyo = |p: Option<Time>| Place { pulsed: p, ..fixture::snapshot().all.places[0].clone() };
        stage.snapshot.all.places = Arc::new([tokyo(Some(NOW))]);
        let mut rings = |ms| {
            let frame = stage.frame(ms);
            let radius = |i: &Item| match i {
                Item::Ring { radius, .. } => Some(*radius),
                _ => None,
            };
            frame.tiles[0].motion.items.iter().filter_map(radius).collect::<Vec<f32>>()
        };
        let (early, late) = (rings(100), rings(900));
        assert!(early.len() == 1 && early[0] < late[0]);
        assert_eq!(rings(1_201), Vec::<f32>::new());
        assert_eq!(rings(-1), Vec::<f32>::new());
    }

    #[test]
    fn at_most_twelve_places_pulse_at_once() {
        let mut stage = stage();
        let one = fixture::snapshot().all.places[0].clone();
        let at = |i: usize| Place { lon: i as f32, pulsed: Some(NOW), ..one.clone() };
        stage.snapshot.all.places = (0..60).map(at).collect();
        let motion = &stage.frame(100).tiles[0].motion;
        assert_eq!(motion.items.iter().filter(|i| matches!(i, Item::Ring { .. })).count(), MAX_PULSES);
    }
}
