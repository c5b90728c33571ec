//! The scale of the heat: what its hottest colour stands for, and the values at which lines run.

use super::field::highest;
use super::view::View;
use crate::layout::window::Window;
use crate::pulse::snapshot::{Extent, Place};

/// Part of a doubled half-life that a window of four half-lives leaves out.
const TAIL: f32 = 15.0 / 16.0;
/// Seconds of the quarters of an hour of an [`Extent`].
const QUARTER: f32 = 900.0;
/// The top of a quiet map in recent mentions: one fresh mention is warm, not hot.
const LEAST: f32 = 4.0;
/// One place may outshine the sixth by this much before both count as hottest.
const OUTSHONE: f32 = 3.0;
/// Bells wider than this add up what a block of five degrees holds; narrower ones show places.
const WIDE: f32 = 0.8;
/// Parts of the top at which lines run and values stand.
const PARTS: [f32; 3] = [0.1, 0.5, 1.0];

/// What the colours stand for. The top is the busiest quarter of an hour of the last day in the
/// busiest place, rounded upwards to 1, 2 or 5 and noughts: so it seldom changes within a day, and
/// is the same after a restart.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// The top, in recent mentions as [`Place::heat`] counts them.
    pub full: f32,
    /// Rates at [`Scale::parts`], each a round number.
    pub values: [u64; 3],
    /// `a minute` or `an hour`.
    pub per: &'static str,
}

impl Scale {
    /// Where it runs through the values, as parts of the top.
    pub const fn parts(&self) -> [f32; 4] {
        [PARTS[0], PARTS[1], PARTS[2], 0.0]
    }

    /// For bells of `sigma` millimetres over a window.
    pub fn new(extent: &Extent, places: &[Place], window: Window, sigma: f32, view: &View) -> Self {
        let of_rate = of_rate(window);
        let busiest = if sigma_degrees(sigma, view) > WIDE { extent.block } else { extent.square };
        let now = || {
            let (first, sixth) = highest(places, sigma, |p| view.at(p.lat, p.lon));
            first.min(sixth * OUTSHONE)
        };
        let top = if busiest > 0 { busiest as f32 / QUARTER * of_rate } else { now() };
        Self::of(top.max(LEAST), of_rate)
    }

    fn of(top: f32, of_rate: f32) -> Self {
        let (rate, per, secs) = match top / of_rate * 60.0 {
            rate if rate >= 10.0 => (rate, "a minute", 60.0),
            rate => (rate * 60.0, "an hour", 3_600.0),
        };
        let top = round(rate);
        Self {
            full: top as f32 / secs * of_rate,
            values: PARTS.map(|part| (top as f32 * part).round() as u64),
            per,
        }
    }
}

/// A steady rate `r` per second heats a place to `r · half-life / ln 2 · 15/16`; the half-life is a
/// quarter of the window.
fn of_rate(window: Window) -> f32 {
    const HOUR: u32 = 3_600;
    let half_life = window.secs().map_or(HOUR, |secs| secs.min(HOUR)) as f32 / 4.0;
    half_life / std::f32::consts::LN_2 * TAIL
}

/// Degrees of latitude that a sigma spans in the middle of the map.
fn sigma_degrees(sigma: f32, view: &View) -> f32 {
    sigma / view.unit * 180.0 / std::f32::consts::PI
}

/// Upwards to 10, 20, 50, 100 …
fn round(rate: f32) -> u64 {
    let mut ladder = (1..12).flat_map(|power| [1, 2, 5].map(|leading| leading * 10u64.pow(power)));
    ladder.find(|step| *step as f32 >= rate * 0.999).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::pulse::snapshot::Area;

    fn scale(extent: &Extent, window: Window, area: Option<Area>) -> Scale {
        let view = View::new(Rect::new(0.0, 0.0, 1_200.0, 600.0), area);
        Scale::new(extent, &[], window, 10.0, &view)
    }

    #[test]
    fn the_top_is_the_days_busiest_quarter_rounded_upwards() {
        let extent = Extent { square: 300, block: 1_234, ..Extent::default() };
        let world = scale(&extent, Window::M10, None);
        assert_eq!((world.values, world.per), ([10, 50, 100], "a minute"), "82 a minute at the most");
        let germany = Some(Area { west: 5, east: 16, south: 47, north: 56 });
        let country = scale(&extent, Window::M10, germany);
        assert_eq!((country.values, country.per), ([2, 10, 20], "a minute"));
    }

    #[test]
    fn a_rate_at_the_top_is_in_the_hottest_colour() {
        // 100 mentions a minute over ten minutes heat a place to 338.
        let extent = Extent { square: 1_500, block: 1_500, ..Extent::default() };
        assert!((scale(&extent, Window::M10, None).full - 338.1).abs() < 0.5);
    }

    #[test]
    fn a_quiet_map_counts_by_the_hour() {
        let quiet = scale(&Extent { square: 1, block: 1, ..Extent::default() }, Window::H1, None);
        assert_eq!((quiet.values, quiet.per), ([2, 10, 20], "an hour"));
        assert!(quiet.full >= LEAST);
    }

    #[test]
    fn without_a_day_the_present_is_the_measure() {
        let place = |lat: f32, heat| Place { lat, lon: 0.0, name: None, count: 1, heat, pulsed: None };
        let places = [place(50.0, 900.0), place(0.0, 90.0)];
        let view = View::new(Rect::new(0.0, 0.0, 1_200.0, 600.0), None);
        let scale = Scale::new(&Extent::default(), &places, Window::M10, 10.0, &view);
        assert!(scale.full >= 900.0 && scale.full < 2_300.0, "{}", scale.full);
    }
}
