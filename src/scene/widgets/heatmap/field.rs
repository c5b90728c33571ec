//! The heat field: from places to bells, how hot is hottest, and at which values contours run.

use std::hash::{Hash, Hasher};

use crate::geometry::Point;
use crate::layout::window::Window;
use crate::pulse::snapshot::Place;
use crate::scene::list::Bell;

/// Most places that heat the map; colder ones are left out.
const MAX_BELLS: usize = 96;
/// A bell's height is rounded to this part of the hottest value, so that the picture is drawn
/// again only when it changed to the eye.
const LEVELS: f32 = 40.0;
/// Steps of the hottest value for each doubling.
const OCTAVE: f32 = 10.0;
/// So many places may outshine the rest …
const OUTSHINING: usize = 5;
/// … by this much before they all count as hottest: a single burst does not darken the world.
const OUTSHONE: f32 = 3.0;
/// The hottest value of a quiet map: one fresh mention is warm, not hot.
const LEAST_FULL: f32 = 4.0;
/// Part of a doubled half-life that a window of four half-lives leaves out.
const TAIL: f32 = 15.0 / 16.0;

/// A sum of bells, in recent mentions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// Rounded, and in an order that does not depend on their rank.
    pub bells: Vec<Bell>,
    /// The value shown in the hottest colour, rounded upwards in steps of 7 %.
    pub full: f32,
    /// The highest value; above `full` where one place outshines all others.
    pub peak: f32,
}

impl Field {
    /// The field of `places`, hottest first, each at `at(place)`.
    pub fn new(places: &[Place], sigma: f32, at: impl Fn(&Place) -> Point) -> Self {
        let warm = places.iter().filter(|p| p.heat.is_finite() && p.heat > 0.0);
        let bells: Vec<Bell> =
            warm.take(MAX_BELLS).map(|p| Bell { at: at(p), sigma, height: p.heat }).collect();
        let mut values: Vec<f32> = bells.iter().map(|b| sum(&bells, b.at)).collect();
        values.sort_by(|a, b| b.total_cmp(a));
        let peak = values.first().copied().unwrap_or(0.0);
        let usual = values.get(OUTSHINING).map_or(peak, |v| v * OUTSHONE);
        let full = steps(peak.min(usual).max(LEAST_FULL));
        Self { bells: rounded(bells, full), full, peak: steps(peak.max(full)) }
    }

    /// Its value at a point, as a part of the hottest.
    pub fn part(&self, at: Point) -> f32 {
        sum(&self.bells, at) / self.full
    }

    /// Changes when it looks different.
    pub fn key(&self, state: &mut impl Hasher) {
        (self.full.to_bits(), self.peak.to_bits()).hash(state);
        for b in &self.bells {
            (b.at.x.to_bits(), b.at.y.to_bits(), b.height.to_bits()).hash(state);
        }
    }
}

/// Rounded upwards to the next of [`OCTAVE`] steps.
fn steps(value: f32) -> f32 {
    ((value.log2() * OCTAVE).ceil() / OCTAVE).exp2()
}

fn rounded(bells: Vec<Bell>, full: f32) -> Vec<Bell> {
    let step = full / LEVELS;
    let round = |b: Bell| Bell { height: (b.height / step).round() * step, ..b };
    let mut bells: Vec<Bell> = bells.into_iter().map(round).filter(|b| b.height > 0.0).collect();
    bells.sort_by(|a, b| a.at.x.total_cmp(&b.at.x).then(a.at.y.total_cmp(&b.at.y)));
    bells
}

fn sum(bells: &[Bell], at: Point) -> f32 {
    let value = |b: &Bell| {
        let (dx, dy) = (at.x - b.at.x, at.y - b.at.y);
        b.height * (-(dx * dx + dy * dy) / (2.0 * b.sigma * b.sigma)).exp()
    };
    bells.iter().map(value).sum()
}

/// The values at which contour lines run: round numbers of mentions in a time that people think in.
#[derive(Clone, Debug, PartialEq)]
pub struct Contours {
    /// Ascending, at most four.
    pub values: Vec<u64>,
    /// The same as parts of the hottest value.
    pub parts: [f32; 4],
    /// `a minute` or `an hour`.
    pub per: &'static str,
}

impl Contours {
    /// A steady rate `r` per second heats a place to `r · half-life / ln 2 · 15/16`.
    pub fn new(field: &Field, window: Window) -> Self {
        let Field { full, peak, .. } = *field;
        const HOUR: u32 = 3_600;
        let half_life = window.secs().map_or(HOUR, |secs| secs.min(HOUR)) as f32 / 4.0;
        let per_second = full / (half_life / std::f32::consts::LN_2 * TAIL);
        let (rate, per) = match per_second * 60.0 {
            rate if rate >= 10.0 => (rate, "a minute"),
            rate => (rate * 60.0, "an hour"),
        };
        let fits = |v: &u64| (0.045..0.85 * peak / full).contains(&(*v as f32 / rate));
        let mut values: Vec<u64> = ladder().filter(fits).collect();
        values.drain(..values.len().saturating_sub(4));
        let mut parts = [0.0; 4];
        parts.iter_mut().zip(&values).for_each(|(part, v)| *part = *v as f32 / rate);
        Self { values, parts, per }
    }
}

/// 1, 3, 10, 30, 100 …
fn ladder() -> impl Iterator<Item = u64> {
    (0..12).flat_map(|power| [1, 3].map(|leading| leading * 10u64.pow(power)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(lat: f32, heat: f32) -> Place {
        Place { lat, lon: 0.0, name: None, count: heat as u32, heat, pulsed: None }
    }

    fn field(heats: &[(f32, f32)]) -> Field {
        let places: Vec<Place> = heats.iter().map(|&(lat, heat)| place(lat, heat)).collect();
        Field::new(&places, 5.0, |p| Point::new(p.lat, 0.0))
    }

    #[test]
    fn the_hottest_place_is_nearly_full() {
        let field = field(&[(0.0, 900.0), (200.0, 90.0)]);
        let top = field.part(Point::new(0.0, 0.0));
        assert!((0.9..=1.01).contains(&top), "{top}");
        assert!((0.08..0.12).contains(&field.part(Point::new(200.0, 0.0))));
    }

    #[test]
    fn one_mention_in_a_quiet_night_is_warm_not_hot() {
        let top = field(&[(0.0, 1.0)]).part(Point::new(0.0, 0.0));
        assert!((0.2..0.4).contains(&top), "{top}");
    }

    #[test]
    fn a_change_nobody_sees_changes_nothing() {
        let places = |a, b| field(&[(0.0, a), (50.0, b), (90.0, 0.01)]);
        assert_eq!(places(900.0, 300.0), places(901.0, 301.0));
        assert_ne!(places(900.0, 300.0), places(900.0, 380.0));
    }

    #[test]
    fn a_single_burst_does_not_darken_the_world() {
        let mut heats: Vec<(f32, f32)> = (1..9).map(|i| (i as f32 * 100.0, 50.0)).collect();
        heats.push((0.0, 5_000.0));
        let field = field(&heats);
        assert!(field.part(Point::new(100.0, 0.0)) > 0.3);
        assert!(field.part(Point::new(0.0, 0.0)) > 1.0 && field.peak >= 5_000.0);
    }

    #[test]
    fn hostile_heat_is_left_out() {
        assert_eq!(field(&[(0.0, f32::NAN), (1.0, f32::INFINITY), (2.0, -4.0)]).bells, vec![]);
    }

    #[test]
    fn contours_are_round_rates() {
        // 300 mentions a minute over ten minutes heat a place to 1014.
        let contours = |full, peak, window| Contours::new(&Field { bells: vec![], full, peak }, window);
        let busy = contours(1_014.4, 1_014.4, Window::M10);
        assert_eq!((busy.values.as_slice(), busy.per), ([30, 100].as_slice(), "a minute"));
        let burst = contours(1_014.4, 4_000.0, Window::M10);
        assert_eq!(burst.values, [30, 100, 300, 1_000]);
        assert!((busy.parts[1] - 100.0 / 300.0).abs() < 1e-3);
        let quiet = contours(4.0, 4.0, Window::H1);
        assert_eq!(quiet.per, "an hour");
        assert!(!quiet.values.is_empty());
    }
}
