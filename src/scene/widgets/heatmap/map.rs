//! The land, the lakes and the borders of the world in a rectangle of the wall.

use std::sync::Arc;

use super::clip;
use super::thin::{thin, thin_line};
use super::view::View;
use super::world::World;
use crate::geometry::{Point, Rect};
use crate::scene::list::{Outline, Path};

/// A map of a part of the world, cut where it ends.
#[derive(Clone, Debug)]
pub struct Map {
    pub view: View,
    /// Details smaller than this are left out, millimetres.
    detail: f32,
    /// Its outlines count from the map's top left, as those of all its paths do.
    pub land: Arc<Path>,
    pub lakes: Arc<Path>,
    /// Along the sea and the lakes.
    pub coast: Arc<Path>,
    /// Between countries.
    pub borders: Arc<Path>,
}

impl Map {
    /// What `view` shows, without details smaller than `detail` millimetres.
    pub fn new(view: View, detail: f32) -> Self {
        let world = World::get();
        let empty = Arc::<Path>::default();
        let mut map = Self {
            view,
            detail,
            land: empty.clone(),
            lakes: empty.clone(),
            coast: empty.clone(),
            borders: empty,
        };
        let (land, mut coast) = map.areas(&world.land);
        let (lakes, shore) = map.areas(&world.lakes);
        coast.outlines.extend(shore.outlines);
        (map.land, map.lakes, map.coast) = (land.into(), lakes.into(), coast.into());
        map.borders = Arc::new(map.lines(&world.borders));
        map
    }

    /// The corner from which its outlines count.
    pub fn corner(&self) -> Point {
        Point::new(self.view.bleed.x, self.view.bleed.y)
    }

    /// Closed outlines of degrees (longitude, latitude) on the map, as areas and as the lines
    /// around them.
    pub fn areas(&self, rings: &[Vec<(f32, f32)>]) -> (Path, Path) {
        let rect = self.rect();
        let (mut areas, mut lines) = (Path::default(), Path::default());
        for ring in rings {
            let points = self.view.outline(ring);
            if !meets(&points, &rect) {
                continue;
            }
            let Some(mut points) = thin(&points, self.detail) else { continue };
            let closed = [points.as_slice(), &points[..1]].concat();
            lines.outlines.extend(clip::line(&closed, &rect).into_iter().map(open));
            points = clip::area(points, &rect);
            if points.len() > 2 {
                areas.outlines.push(Outline { points, closed: true });
            }
        }
        (areas, lines)
    }

    fn lines(&self, lines: &[Vec<(f32, f32)>]) -> Path {
        let rect = self.rect();
        let inside = |line: &Vec<(f32, f32)>| {
            let points = self.view.outline(line);
            let pieces = if meets(&points, &rect) {
                clip::line(&thin_line(&points, self.detail), &rect)
            } else {
                vec![]
            };
            pieces.into_iter().map(open)
        };
        Path { outlines: lines.iter().flat_map(inside).collect() }
    }

    fn rect(&self) -> Rect {
        Rect::new(0.0, 0.0, self.view.bleed.w, self.view.bleed.h)
    }
}

fn open(points: Vec<Point>) -> Outline {
    Outline { points, closed: false }
}

/// Whether the box around points meets a rectangle.
fn meets(points: &[Point], rect: &Rect) -> bool {
    let least = |of: fn(&Point) -> f32| points.iter().map(of).fold(f32::MAX, f32::min);
    let most = |of: fn(&Point) -> f32| points.iter().map(of).fold(f32::MIN, f32::max);
    least(|p| p.x) < rect.right()
        && most(|p| p.x) > rect.x
        && least(|p| p.y) < rect.bottom()
        && most(|p| p.y) > rect.y
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pulse::snapshot::Area;

    fn inside(map: &Map, path: &Path, lat: f32, lon: f32) -> bool {
        let (at, corner) = (map.view.at(lat, lon), map.corner());
        let p = Point::new(at.x - corner.x, at.y - corner.y);
        let crossings = path.outlines.iter().flat_map(|o| {
            o.points.iter().zip(o.points.iter().cycle().skip(1)).filter(|(a, b)| {
                (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x
            })
        });
        crossings.count() % 2 == 1
    }

    fn map(area: Option<Area>) -> Map {
        Map::new(View::new(Rect::new(30.0, 0.0, 941.0, 420.0), area), 0.2)
    }

    #[test]
    fn cities_are_on_land_and_oceans_are_not() {
        let map = map(None);
        for (lat, lon) in [(52.5, 13.4), (39.7, -105.0), (-23.6, -46.7), (-25.3, 133.8), (66.0, -174.0)] {
            assert!(inside(&map, &map.land, lat, lon), "{lat} {lon}");
        }
        for (lat, lon) in [(0.0, -150.0), (40.0, -40.0), (-40.0, 80.0), (42.0, 51.0), (70.0, 179.9)] {
            assert!(!inside(&map, &map.land, lat, lon), "{lat} {lon}");
        }
    }

    #[test]
    fn great_lakes_are_water() {
        let map = map(None);
        for (lat, lon) in [(43.5, -87.0), (47.7, -87.5), (-1.0, 33.0), (53.5, 108.1)] {
            assert!(inside(&map, &map.lakes, lat, lon), "{lat} {lon}");
        }
        assert!(!inside(&map, &map.lakes, 41.9, -87.7), "Chicago is dry");
    }

    #[test]
    fn every_part_of_the_world_has_its_land_and_nothing_beyond_its_frame() {
        for (west, south, lat, lon) in [
            (-130, 20, 39.7, -105.0),
            (100, -45, -25.3, 133.8),
            (60, 45, 55.0, 82.9),
            (160, -50, -44.0, 170.5),
        ] {
            let area = Area { west, east: west + 60, south, north: south + 25 };
            let map = map(Some(area));
            assert!(inside(&map, &map.land, lat, lon), "{area:?}");
            let all =
                [&map.land, &map.lakes, &map.coast, &map.borders].into_iter().flat_map(|path| &path.outlines);
            let (w, h) = (map.view.frame.w, map.view.frame.h);
            let out = |p: &Point| p.x < -0.1 || p.x > w + 0.1 || p.y < -0.1 || p.y > h + 0.1;
            assert!(!all.flat_map(|outline| &outline.points).any(out), "{area:?}");
        }
    }
}
