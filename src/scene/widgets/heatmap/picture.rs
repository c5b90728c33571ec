//! The standing picture of a map: the ground, the heat above it, and what they stand for.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::beside;
use super::field::Field;
use super::lands::{Lands, Outlines};
use super::legend::Legend;
use super::map::Map;
use super::night;
use super::peaks::{self, Peak};
use super::scale::Scale;
use super::view::View;
use crate::geometry::Rect;
use crate::layout::window::Window;
use crate::pulse::snapshot::{Area, Place};
use crate::scene::list::{Heat, Item, List, Path};
use crate::scene::widget::Cx;
use crate::scene::widgets::span::Silence;

/// Details of the coast smaller than this are left out, arc minutes: nobody sees them.
pub const DETAIL: f32 = 0.5;
/// Widths of coasts and borders, arc minutes.
const COAST: f32 = 1.0;
const BORDER: f32 = 0.6;
/// Spread of a place's heat: arc minutes, held within these parts of the tile's width.
const SIGMA: (f32, f32, f32) = (9.0, 0.006, 0.011);
/// Part of the top of the scale below which the map stays cold.
const FLOOR: f32 = 0.008;

/// What a layout wants to see.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub window: Window,
    /// Peaks are named.
    pub named: bool,
    /// Where it is night is darker.
    pub night: bool,
}

/// Everything that stands still.
pub struct Picture {
    /// The part of the world that is shown.
    pub part: Option<Area>,
    pub map: Map,
    /// Where it is night, if that is shown, and since which step.
    night: Option<(i64, Arc<Path>)>,
    lands: Lands,
    pub field: Field,
    scale: Scale,
    pub legend: Legend,
    /// Hottest first.
    pub peaks: Vec<Peak>,
    /// The place of a list of them.
    pub beside: Option<Rect>,
}

/// Where the map may run on beyond its frame: to the edges of the tile, but not under its heading.
pub fn bleed(cx: &Cx<'_>) -> Rect {
    let tile = cx.tile.rect;
    Rect { y: cx.area.y, h: tile.bottom() - cx.area.y, ..tile }
}

impl Picture {
    /// Of a part of the world as the layout asks for it, on `map` where it shows that part.
    pub fn new(cx: &mut Cx<'_>, part: Option<Area>, spec: &Wanted, map: Option<Map>) -> Self {
        let &Wanted { window, named, night } = spec;
        let stream = cx.snapshot.stream(cx.topic);
        let (frame, beside) = beside::split(cx, cx.area, part, named);
        let view = View::new(frame, part).bleeding(bleed(cx));
        let fitted = map.filter(|map| map.view == view);
        let map = fitted.unwrap_or_else(|| Map::new(view, cx.scale.mm(DETAIL)));
        let (scale, field) = heat_of(cx, &view, window);
        let at = |p: &Place| view.at(p.lat, p.lon);
        let peaks = if named { peaks::of(&field, &stream.places, at) } else { vec![] };
        // Where nobody listened, an empty list would say that there are no places.
        let beside = beside.filter(|_| !peaks.is_empty() || Silence::of(cx, window).is_none());
        let legend = if field.bells.is_empty() { Legend::default() } else { Legend::lay(cx, &scale) };
        let night = night.then(|| (night::step(cx.now), night::of(&map, cx.now)));
        Self { part, map, night, lands: Lands::new(&stream.countries), field, scale, legend, peaks, beside }
    }

    /// Neither heat nor a country to show.
    pub fn is_bare(&self) -> bool {
        self.field.bells.is_empty() && self.lands == Lands::default()
    }

    /// Changes when it looks different on the same place of the wall in the same theme.
    pub fn key(&self, state: &mut impl Hasher) {
        self.field.key(state);
        self.legend.key(state);
        self.lands.key(state);
        (self.map.view.unit.to_bits(), self.night.as_ref().map(|(step, _)| *step)).hash(state);
    }

    pub fn draw(&self, cx: &Cx<'_>, outlines: &mut Outlines, list: &mut List) {
        let theme = cx.theme;
        let border = cx.scale.mm(BORDER);
        let night = self.night.as_ref().map(|(_, night)| night);
        ground(cx, &self.map, night, list, |list| self.lands.draw(cx, &self.map, border, outlines, list));
        // Without a legend that says their values there are no contours.
        let lines = if self.legend.is_empty() { [0.0; 4] } else { self.scale.parts() };
        heat(cx, &self.field, lines, list);
        self.legend.draw(cx, |part| theme.heat_at(part), list);
    }
}

/// The scale and the field of what is said on a map.
pub fn heat_of(cx: &Cx<'_>, view: &View, window: Window) -> (Scale, Field) {
    let (stream, sigma) = (cx.snapshot.stream(cx.topic), sigma(cx, view));
    let scale = Scale::new(&stream.extent, &stream.places, window, sigma, view);
    let field = Field::new(&stream.places, sigma, scale.full, |p| view.at(p.lat, p.lon));
    (scale, field)
}

/// Spread of a place's heat, millimetres.
pub fn sigma(cx: &Cx<'_>, view: &View) -> f32 {
    let (arcmin, least, most) = SIGMA;
    cx.scale.mm(arcmin).clamp(view.frame.w * least, view.frame.w * most)
}

/// Draws land, the night, what `tint` puts on it, borders, lakes and coasts.
pub fn ground(
    cx: &Cx<'_>,
    map: &Map,
    night: Option<&Arc<Path>>,
    list: &mut List,
    tint: impl FnOnce(&mut List),
) {
    let (at, theme) = (map.corner(), cx.theme);
    list.push(Item::Fill { path: map.land.clone(), at, color: theme.land });
    if let Some(night) = night {
        list.push(Item::Fill { path: night.clone(), at, color: night::shade(theme) });
    }
    tint(list);
    list.push(Item::Stroke {
        path: map.borders.clone(),
        at,
        width: cx.scale.mm(BORDER),
        color: theme.border,
    });
    list.push(Item::Fill { path: map.lakes.clone(), at, color: theme.ground });
    list.push(Item::Stroke { path: map.coast.clone(), at, width: cx.scale.mm(COAST), color: theme.coast });
}

/// Draws the field with lines at these parts of its top.
pub fn heat(cx: &Cx<'_>, field: &Field, contours: [f32; 4], list: &mut List) {
    if !field.bells.is_empty() {
        list.push(Item::Heat(Arc::new(Heat {
            rect: cx.area,
            bells: field.bells.clone(),
            full: field.full,
            ramp: cx.theme.heat,
            floor: FLOOR,
            contours,
            contour_color: cx.theme.ink.fade(0.3),
        })));
    }
}
