//! How degrees become millimetres of a tile: the world in Equal Earth, a part of it in a conic
//! projection of its own. Both keep areas true, so that density is honest.

use super::projection::{self, Conic};
use crate::geometry::{Point, Rect};
use crate::pulse::snapshot::Area;

/// What a map of the world shows, degrees …
const WORLD: [f32; 4] = [-168.0, 190.0, -56.0, 72.0];
/// … and the latitudes within which nearly all people live, to which a wide frame is cropped.
const PEOPLED: (f32, f32) = (-44.0, 66.0);
/// Width by height up to which all of the world is shown, and from which on only where people live.
const WIDE: (f32, f32) = (2.3, 3.0);
/// A part of the world is never smaller than this, degrees.
const LEAST: f32 = 7.0;
/// Around a part of the world, as a part of its sides.
const MARGIN: f32 = 0.06;
/// Points along each side of an area.
const ALONG: u8 = 24;

/// Where places lie on the wall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Into what it is fitted, wall millimetres.
    pub frame: Rect,
    /// What it fills; at least the frame.
    pub bleed: Rect,
    /// `None` is the world.
    conic: Option<Conic>,
    /// Millimetres per radius of the earth.
    pub unit: f32,
    /// Where the projection's origin lies on the wall.
    origin: Point,
}

impl View {
    /// The part `area` of the world, or all of it, as large as `frame` allows; what lies around is
    /// shown where there is room.
    pub fn new(frame: Rect, area: Option<Area>) -> Self {
        match area {
            Some(area) => Self::part(frame, grown(degrees(&area))),
            None => Self::fit(frame, None, world(&frame)),
        }
    }

    /// The same map, running on beyond its frame as far as `bleed`.
    pub fn bleeding(self, bleed: Rect) -> Self {
        Self { bleed, ..self }
    }

    /// On the way from one part of the world to another, `t` from 0 to 1: nearer and farther in even
    /// steps, the middle along with it.
    pub fn between(frame: Rect, from: Option<Area>, to: Option<Area>, t: f32) -> Self {
        let sides = |area: Option<Area>| area.map_or(WORLD, |area| grown(degrees(&area)));
        let (from, to) = (sides(from), sides(to));
        let turn = ((middle(&from) - middle(&to)) / 360.0).round() * 360.0;
        let to = [to[0] + turn, to[1] + turn, to[2], to[3]];
        let size = |[west, east, south, north]: [f32; 4]| (east - west) + (north - south);
        let (first, last) = (size(from), size(to));
        let now = first * (last / first).powf(t);
        let way = if (first / last - 1.0).abs() < 0.05 { t } else { (first - now) / (first - last) };
        Self::part(frame, std::array::from_fn(|i| from[i] + (to[i] - from[i]) * way))
    }

    fn part(frame: Rect, sides: [f32; 4]) -> Self {
        Self::fit(frame, Some(Conic::of(sides[2], sides[3], middle(&sides))), sides)
    }

    fn fit(frame: Rect, conic: Option<Conic>, sides: [f32; 4]) -> Self {
        let mut view = Self { frame, bleed: frame, conic, unit: 1.0, origin: Point::new(0.0, 0.0) };
        let bounds = view.bounds(sides);
        view.unit = (frame.w / bounds.w).min(frame.h / bounds.h).max(f32::MIN_POSITIVE);
        let (middle, of) = (frame.center(), bounds.center());
        view.origin = Point::new(middle.x - of.x * view.unit, middle.y - of.y * view.unit);
        view
    }

    /// The longitude in its middle, half a turn from where it is cut, degrees.
    pub fn meridian(&self) -> f32 {
        self.conic.as_ref().map_or(projection::CENTER_LON, |conic| conic.lon)
    }

    /// Where a place (degrees) lies on the wall.
    pub fn at(&self, lat: f32, lon: f32) -> Point {
        let (x, y) = match &self.conic {
            Some(conic) => conic.project(lat, projection::within(lon, conic.lon)),
            None => projection::project(lat, lon),
        };
        Point::new(self.origin.x + x * self.unit, self.origin.y - y * self.unit)
    }

    /// An outline of degrees (longitude, latitude) in one piece, from the top left of what it
    /// fills.
    pub fn outline(&self, degrees: &[(f32, f32)]) -> Vec<Point> {
        let corner = (self.origin.x - self.bleed.x, self.origin.y - self.bleed.y);
        let turn = self.conic.as_ref().map_or(0.0, |conic| turn(degrees, conic.lon));
        let place = |&(lon, lat): &(f32, f32)| {
            let (x, y) = match &self.conic {
                Some(conic) => conic.project(lat, lon + turn),
                None => projection::project(lat, lon),
            };
            Point::new(corner.0 + x * self.unit, corner.1 - y * self.unit)
        };
        degrees.iter().map(place).collect()
    }

    /// Around the projected sides of an area, with y down.
    fn bounds(&self, [west, east, south, north]: [f32; 4]) -> Rect {
        let part = |i: u8| f32::from(i) / f32::from(ALONG);
        let edge = (0..=ALONG).flat_map(|i| {
            let (lon, lat) = (west + (east - west) * part(i), south + (north - south) * part(i));
            [(lat, west), (lat, east), (south, lon), (north, lon)]
        });
        let points: Vec<(f32, f32)> = edge.map(|(lat, lon)| self.plain(lat, lon)).collect();
        let least = |of: fn(&(f32, f32)) -> f32| points.iter().map(of).fold(f32::MAX, f32::min);
        let most = |of: fn(&(f32, f32)) -> f32| points.iter().map(of).fold(f32::MIN, f32::max);
        let (x, y) = (least(|p| p.0), -most(|p| p.1));
        Rect::new(x, y, most(|p| p.0) - x, -least(|p| p.1) - y)
    }

    fn plain(&self, lat: f32, lon: f32) -> (f32, f32) {
        match &self.conic {
            Some(conic) => conic.project(lat, lon),
            None => projection::project(lat, lon),
        }
    }
}

/// Full turns of an outline (degrees) that bring it nearest to the longitude `to`.
fn turn(degrees: &[(f32, f32)], to: f32) -> f32 {
    let (low, high) = degrees.iter().fold((f32::MAX, f32::MIN), |(l, h), p| (l.min(p.0), h.max(p.0)));
    -(((low + high) / 2.0 - to) / 360.0).round() * 360.0
}

/// The sides of the world in a frame.
fn world(frame: &Rect) -> [f32; 4] {
    let crop = ((frame.w / frame.h.max(1.0) - WIDE.0) / (WIDE.1 - WIDE.0)).clamp(0.0, 1.0);
    let [west, east, south, north] = WORLD;
    [west, east, south + (PEOPLED.0 - south) * crop, north + (PEOPLED.1 - north) * crop]
}

/// Whether a place (degrees) is in an area or near enough to be shown with it; without one, on the
/// map of the world in a frame.
pub fn shows(frame: &Rect, area: Option<Area>, lat: f32, lon: f32) -> bool {
    let sides = area.map_or_else(|| world(frame), |area| grown(degrees(&area)));
    let [west, east, south, north] = sides;
    (south..=north).contains(&lat) && (west..=east).contains(&projection::within(lon, middle(&sides)))
}

fn middle([west, east, ..]: &[f32; 4]) -> f32 {
    (west + east) / 2.0
}

fn degrees(area: &Area) -> [f32; 4] {
    [area.west, area.east, area.south, area.north].map(f32::from)
}

/// An area's sides with a margin, and never too near.
fn grown([west, east, south, north]: [f32; 4]) -> [f32; 4] {
    let (high, wide) = (north - south, east - west);
    let down = (high * MARGIN).max((LEAST - high) / 2.0);
    let squeeze = ((south + north) / 2.0).to_radians().cos().max(0.2);
    let across = (wide * MARGIN).max((LEAST / squeeze - wide) / 2.0);
    [west - across, east + across, (south - down).max(-85.0), (north + down).min(85.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const EUROPE: Area = Area { west: -12, east: 42, south: 35, north: 71 };

    #[test]
    fn the_world_fills_a_wide_frame_and_all_of_it_stays_inside() {
        for (w, h) in [(941.0, 420.0), (900.0, 500.0), (400.0, 700.0)] {
            let frame = Rect::new(10.0, 20.0, w, h);
            let view = View::new(frame, None);
            for (lat, lon) in [(-54.8, -68.3), (69.6, 18.9), (-36.8, 174.8), (61.2, -149.9), (66.0, -173.0)] {
                let at = view.at(lat, lon);
                assert!(frame.inset(-1.0).contains(at), "{w} {lat} {lon} {at:?}");
            }
        }
    }

    #[test]
    fn a_very_wide_frame_shows_where_people_live() {
        let frame = Rect::new(0.0, 0.0, 2_400.0, 680.0);
        let view = View::new(frame, None);
        let cities = [(-37.8, 145.0), (60.2, 24.9), (-34.6, -58.4), (64.1, -21.9)];
        assert!(cities.iter().all(|(lat, lon)| frame.contains(view.at(*lat, *lon))));
        assert!(view.unit * 5.4 > 0.75 * frame.w, "{}", view.unit);
        assert!(
            !shows(&frame, None, -54.8, -68.3)
                && shows(&Rect::new(0.0, 0.0, 900.0, 500.0), None, -54.8, -68.3)
        );
    }

    #[test]
    fn a_part_of_the_world_fills_its_frame() {
        let frame = Rect::new(0.0, 0.0, 600.0, 600.0);
        let view = View::new(frame, Some(EUROPE));
        let cities =
            [(38.7, -9.1), (64.1, 12.0), (37.9, 23.7), (55.8, 37.6)].map(|(lat, lon)| view.at(lat, lon));
        assert!(cities.iter().all(|at| frame.contains(*at)), "{cities:?}");
        assert!(cities[3].x - cities[0].x > 340.0, "{cities:?}");
        let pacific = View::new(frame, Some(Area { west: 160, east: 200, south: -40, north: 0 }));
        assert!(frame.contains(pacific.at(-13.8, -171.8)) && frame.contains(pacific.at(-36.8, 174.8)));
    }

    #[test]
    fn one_city_has_land_around_it() {
        let city = Area { west: 13, east: 14, south: 52, north: 53 };
        let view = View::new(Rect::new(0.0, 0.0, 800.0, 450.0), Some(city));
        let (berlin, hamburg) = (view.at(52.5, 13.4), view.at(53.6, 10.0));
        let apart = (berlin.x - hamburg.x).hypot(berlin.y - hamburg.y);
        assert!((60.0..200.0).contains(&apart), "{apart}");
    }

    #[test]
    fn the_way_from_one_part_to_another_begins_and_ends_there() {
        let frame = Rect::new(0.0, 0.0, 800.0, 450.0);
        let japan = Some(Area { west: 129, east: 146, south: 31, north: 46 });
        let tokyo = |view: &View| view.at(35.7, 139.7);
        let ways: Vec<Point> =
            (0..=10).map(|i| tokyo(&View::between(frame, Some(EUROPE), japan, i as f32 / 10.0))).collect();
        let (first, last) = (tokyo(&View::new(frame, Some(EUROPE))), tokyo(&View::new(frame, japan)));
        let near = |a: Point, b: Point| (a.x - b.x).hypot(a.y - b.y) < 1.0;
        assert!(near(ways[0], first) && near(ways[10], last), "{ways:?}");
        let apart = |at: &Point| (at.x - 400.0).hypot(at.y - 225.0);
        assert!(
            ways.windows(2).all(|w| apart(&w[1]) < apart(&w[0])),
            "it comes nearer all the way: {ways:?}"
        );
    }

    #[test]
    fn an_outline_lies_where_its_points_do() {
        let view = View::new(Rect::new(5.0, 7.0, 600.0, 400.0), Some(EUROPE));
        let ring = [(10.0, 50.0), (20.0, 50.0), (20.0, 60.0)];
        for (point, (lon, lat)) in view.outline(&ring).into_iter().zip(ring) {
            let at = view.at(lat, lon);
            assert!((point.x + 5.0 - at.x).abs() < 0.01 && (point.y + 7.0 - at.y).abs() < 0.01);
        }
    }
}
