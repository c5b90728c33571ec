//! The heat field: from places to bells, and the peaks of their sum.

use std::hash::{Hash, Hasher};

use crate::geometry::Point;
use crate::pulse::snapshot::Place;
use crate::scene::list::Bell;

/// Most places that heat the map; colder ones are left out.
const MAX_BELLS: usize = 96;
/// A bell's height is rounded to this part of the scale's top, so that the picture is drawn again
/// only when it changed to the eye.
const LEVELS: f32 = 200.0;
/// Most steps on the way up to a peak.
const CLIMB: usize = 40;
/// Peaks nearer than this are one, in sigmas.
const ONE: f32 = 0.6;

/// A sum of bells, in recent mentions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// Rounded, and in an order that does not depend on their rank.
    pub bells: Vec<Bell>,
    /// The value shown in the hottest colour.
    pub full: f32,
}

impl Field {
    /// The field of `places`, hottest first, each at `at(place)`; at `full` it is hottest.
    pub fn new(places: &[Place], sigma: f32, full: f32, at: impl Fn(&Place) -> Point) -> Self {
        let warm = places.iter().filter(|p| p.heat.is_finite() && p.heat > 0.0);
        let bells = warm.take(MAX_BELLS).map(|p| Bell { at: at(p), sigma, height: p.heat }).collect();
        Self { bells: rounded(bells, full), full }
    }

    /// Its value at a point, as a part of the hottest.
    pub fn part(&self, at: Point) -> f32 {
        sum(&self.bells, at) / self.full
    }

    /// Where one comes to who climbs from a place, by mean shift (Comaniciu and Meer 2002).
    fn climb(&self, mut at: Point, sigma: f32) -> Point {
        for _ in 0..CLIMB {
            let (mut weight, mut x, mut y) = (0.0, 0.0, 0.0);
            for bell in &self.bells {
                let value = value(bell, at);
                (weight, x, y) = (weight + value, x + bell.at.x * value, y + bell.at.y * value);
            }
            let next = if weight > 0.0 { Point::new(x / weight, y / weight) } else { at };
            let far = distance(next, at);
            at = next;
            if far < sigma * 0.005 {
                break;
            }
        }
        at
    }

    /// Its peaks, hottest first, and for each of `places` the index of that under which it lies.
    pub fn peaks(&self, places: &[Point]) -> (Vec<Point>, Vec<Option<usize>>) {
        let Some(sigma) = self.bells.first().map(|bell| bell.sigma) else {
            return (vec![], vec![None; places.len()]);
        };
        let tops: Vec<Point> = self.bells.iter().map(|bell| self.climb(bell.at, sigma)).collect();
        let mut peaks: Vec<Point> = vec![];
        for top in &tops {
            if !peaks.iter().any(|peak| distance(*peak, *top) < ONE * sigma) {
                peaks.push(*top);
            }
        }
        peaks.sort_by(|a, b| self.part(*b).total_cmp(&self.part(*a)));
        let of_bell: Vec<Option<usize>> = tops.iter().map(|top| nearest(peaks.iter(), *top, sigma)).collect();
        let bells = || self.bells.iter().map(|bell| &bell.at);
        let under = |place: &Point| nearest(bells(), *place, sigma).and_then(|bell| of_bell[bell]);
        let under = places.iter().map(under).collect();
        (peaks, under)
    }

    /// Changes when it looks different.
    pub fn key(&self, state: &mut impl Hasher) {
        self.full.to_bits().hash(state);
        for b in &self.bells {
            (b.at.x.to_bits(), b.at.y.to_bits(), b.height.to_bits()).hash(state);
        }
    }
}

/// The highest value of the field of `places`, each at `at(place)`, and its sixth highest.
pub fn highest(places: &[Place], sigma: f32, at: impl Fn(&Place) -> Point) -> (f32, f32) {
    /// So many places may outshine the rest.
    const OUTSHINING: usize = 5;
    let field = Field::new(places, sigma, 1.0, at);
    let mut values: Vec<f32> = field.bells.iter().map(|b| sum(&field.bells, b.at)).collect();
    values.sort_by(|a, b| b.total_cmp(a));
    let first = values.first().copied().unwrap_or(0.0);
    (first, values.get(OUTSHINING).copied().unwrap_or(first))
}

/// The index of the nearest of some points within `reach`.
fn nearest<'a>(points: impl Iterator<Item = &'a Point>, to: Point, reach: f32) -> Option<usize> {
    let far = points.map(|point| distance(*point, to)).enumerate();
    far.filter(|(_, far)| *far < reach).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
}

fn distance(a: Point, b: Point) -> f32 {
    (a.x - b.x).hypot(a.y - b.y)
}

fn rounded(bells: Vec<Bell>, full: f32) -> Vec<Bell> {
    let step = full / LEVELS;
    let round = |b: Bell| Bell { height: (b.height / step).ceil() * step, ..b };
    let mut bells: Vec<Bell> = bells.into_iter().map(round).collect();
    bells.sort_by(|a, b| a.at.x.total_cmp(&b.at.x).then(a.at.y.total_cmp(&b.at.y)));
    bells
}

fn sum(bells: &[Bell], at: Point) -> f32 {
    bells.iter().map(|bell| value(bell, at)).sum()
}

fn value(bell: &Bell, at: Point) -> f32 {
    let far = distance(at, bell.at) / bell.sigma;
    bell.height * (-far * far / 2.0).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(lat: f32, heat: f32) -> Place {
        Place { lat, lon: 0.0, name: None, count: heat as u32, heat, pulsed: None }
    }

    fn field(heats: &[(f32, f32)], full: f32) -> Field {
        let places: Vec<Place> = heats.iter().map(|&(lat, heat)| place(lat, heat)).collect();
        Field::new(&places, 5.0, full, |p| Point::new(p.lat, 0.0))
    }

    #[test]
    fn a_place_is_as_hot_as_it_is() {
        let field = field(&[(0.0, 900.0), (200.0, 90.0)], 1_000.0);
        assert!((field.part(Point::new(0.0, 0.0)) - 0.9).abs() < 0.01);
        assert!((field.part(Point::new(200.0, 0.0)) - 0.09).abs() < 0.01);
    }

    #[test]
    fn a_change_nobody_sees_changes_nothing() {
        let places = |a, b| field(&[(0.0, a), (50.0, b)], 1_000.0);
        assert_eq!(places(901.0, 301.0), places(903.0, 304.0));
        assert_ne!(places(900.0, 300.0), places(900.0, 380.0));
    }

    #[test]
    fn neighbours_are_one_peak_between_them() {
        let field = field(&[(0.0, 50.0), (6.0, 40.0), (100.0, 60.0)], 100.0);
        let spots = [0.0, 6.0, 100.0, 300.0].map(|x| Point::new(x, 0.0));
        let (peaks, under) = field.peaks(&spots);
        assert_eq!(under, [Some(0), Some(0), Some(1), None], "{peaks:?}");
        assert!(peaks.len() == 2 && (1.0..5.0).contains(&peaks[0].x), "the two together outshine the third");
    }

    #[test]
    fn hostile_heat_is_left_out() {
        let hostile = [(0.0, f32::NAN), (1.0, f32::INFINITY), (2.0, -4.0)];
        assert_eq!(field(&hostile, 4.0).bells, vec![]);
        assert_eq!(field(&hostile, 4.0).peaks(&[Point::new(0.0, 0.0)]), (vec![], vec![None]));
    }
}
