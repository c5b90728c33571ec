//! The land of the world, fitted into a rectangle of the wall.

use std::sync::{Arc, OnceLock};

use super::projection::project;
use super::thin::thin;
use crate::geometry::{Point, Rect};
use crate::scene::list::{Outline, Path};

/// Rings of degrees, baked by `assets/map/bake.py`, which states the format.
static BAKED: &[u8] = include_bytes!("../../../../assets/map/land.bin");
/// Parts of a degree in which the rings count.
const UNIT: f32 = 150.0;

/// The projected land: rings in the units of [`project`] with y down, and the box around them.
struct Land {
    rings: Vec<Vec<Point>>,
    bounds: Rect,
}

/// A world map that fills as much of a rectangle as its proportions allow.
#[derive(Clone, Debug)]
pub struct Map {
    /// The box around the land, wall millimetres.
    pub frame: Rect,
    /// The coastlines, from the frame's top left.
    pub path: Arc<Path>,
    /// Millimetres per unit of the projection.
    unit: f32,
    /// Where the projection's origin lies on the wall.
    origin: Point,
}

impl Map {
    /// Fits the land into the middle of `area`, without details smaller than `detail` millimetres.
    pub fn fit(area: Rect, detail: f32) -> Self {
        let Land { rings, bounds } = land();
        let unit = (area.w / bounds.w).min(area.h / bounds.h).max(0.0);
        let (w, h) = (bounds.w * unit, bounds.h * unit);
        let frame = Rect::new(area.x + (area.w - w) / 2.0, area.y + (area.h - h) / 2.0, w, h);
        let place = |p: &Point| Point::new((p.x - bounds.x) * unit, (p.y - bounds.y) * unit);
        let outline = |ring: &Vec<Point>| {
            let points: Vec<Point> = ring.iter().map(place).collect();
            thin(&points, detail).map(|points| Outline { points, closed: true })
        };
        let path = Arc::new(Path { outlines: rings.iter().filter_map(outline).collect() });
        let origin = Point::new(frame.x - bounds.x * unit, frame.y - bounds.y * unit);
        Self { frame, path, unit, origin }
    }

    /// Outlines of degrees (longitude, latitude) from the frame's top left, without details smaller
    /// than `detail` millimetres; specks are left out.
    pub fn outlines(&self, rings: impl Iterator<Item = Vec<(f32, f32)>>, detail: f32) -> Path {
        let outline = |ring: Vec<(f32, f32)>| {
            let place = |(lon, lat): &(f32, f32)| {
                let at = self.at(*lat, *lon);
                Point::new(at.x - self.frame.x, at.y - self.frame.y)
            };
            let points: Vec<Point> = ring.iter().map(place).collect();
            thin(&points, detail).map(|points| Outline { points, closed: true })
        };
        Path { outlines: rings.filter_map(outline).collect() }
    }

    /// Where a place (degrees) lies on the wall.
    pub fn at(&self, lat: f32, lon: f32) -> Point {
        let (x, y) = project(lat, lon);
        Point::new(self.origin.x + x * self.unit, self.origin.y - y * self.unit)
    }
}

fn land() -> &'static Land {
    static LAND: OnceLock<Land> = OnceLock::new();
    LAND.get_or_init(|| {
        let rings = decode(BAKED);
        let bounds = bounds(&rings);
        Land { rings, bounds }
    })
}

fn decode(bytes: &[u8]) -> Vec<Vec<Point>> {
    let mut words = bytes.chunks_exact(2).map(|b| [b[0], b[1]]);
    let count = words.next().map_or(0, u16::from_le_bytes);
    (0..count).map(|_| ring(&mut words)).collect()
}

fn ring(words: &mut impl Iterator<Item = [u8; 2]>) -> Vec<Point> {
    let count = words.next().map_or(0, u16::from_le_bytes);
    let mut degrees = || words.next().map(|w| f32::from(i16::from_le_bytes(w)) / UNIT);
    let point = |_| {
        let (lon, lat) = (degrees()?, degrees()?);
        let (x, y) = project(lat, lon);
        Some(Point::new(x, -y))
    };
    (0..count).map_while(point).collect()
}

fn bounds(rings: &[Vec<Point>]) -> Rect {
    let (mut low, mut high) = (Point::new(f32::MAX, f32::MAX), Point::new(f32::MIN, f32::MIN));
    for p in rings.iter().flatten() {
        low = Point::new(low.x.min(p.x), low.y.min(p.y));
        high = Point::new(high.x.max(p.x), high.y.max(p.y));
    }
    Rect::new(low.x, low.y, high.x - low.x, high.y - low.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(map: &Map, lat: f32, lon: f32) -> bool {
        let at = map.at(lat, lon);
        let p = Point::new(at.x - map.frame.x, at.y - map.frame.y);
        let crossings = map.path.outlines.iter().flat_map(|o| {
            o.points.iter().zip(o.points.iter().cycle().skip(1)).filter(|(a, b)| {
                (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x
            })
        });
        crossings.count() % 2 == 1
    }

    #[test]
    fn cities_are_on_land_and_oceans_are_not() {
        let map = Map::fit(Rect::new(0.0, 0.0, 941.0, 420.0), 0.2);
        for (lat, lon) in [(52.5, 13.4), (39.7, -105.0), (-23.6, -46.7), (-25.3, 133.8), (66.0, -174.0)] {
            assert!(inside(&map, lat, lon), "{lat} {lon}");
        }
        for (lat, lon) in [(0.0, -150.0), (40.0, -40.0), (-40.0, 80.0), (42.0, 51.0), (70.0, 179.9)] {
            assert!(!inside(&map, lat, lon), "{lat} {lon}");
        }
    }

    #[test]
    fn the_map_keeps_its_proportions_in_the_middle() {
        let (wide, tall) = (Rect::new(10.0, 0.0, 2_000.0, 400.0), Rect::new(0.0, 0.0, 400.0, 2_000.0));
        let (a, b) = (Map::fit(wide, 0.2).frame, Map::fit(tall, 0.2).frame);
        assert!((a.w / a.h - b.w / b.h).abs() < 1e-3);
        assert!((a.h - 400.0).abs() < 1e-2 && (a.center().x - wide.center().x).abs() < 1e-2);
        assert!((b.w - 400.0).abs() < 1e-2 && (b.center().y - tall.center().y).abs() < 1e-2);
    }

    #[test]
    fn a_damaged_file_gives_less_land_not_a_panic() {
        assert_eq!(decode(&[]).len(), 0);
        assert_eq!(decode(&[1, 0, 9, 0, 1, 0, 1]).iter().flatten().count(), 0);
    }
}
