//! The side of the earth on which it is night, by the wall's clock.

use std::sync::Arc;

use super::map::Map;
use crate::clock::Time;
use crate::color::{Rgba, Theme};
use crate::scene::list::Path;

/// The sun stands still for so long, seconds; it then goes on by five quarters of a degree.
const STEP: i64 = 300;
/// Seconds from 1970 to noon of the first day of 2000, from which astronomers count.
const J2000: f64 = 946_728_000.0;
/// Degrees between two points of the edge.
const FINE: usize = 2;
/// Points along a side of the map.
const SIDE: u8 = 24;
/// How much darker the night is, in dark themes and in light ones.
const SHADE: (f32, f32) = (0.42, 0.07);

/// Since when the night has the shape that it has now, steps.
pub fn step(now: Time) -> i64 {
    now.as_secs().div_euclid(STEP)
}

/// The night on a map.
pub fn of(map: &Map, now: Time) -> Arc<Path> {
    let (areas, _) = map.areas(&[ring(step(now) * STEP, map.view.meridian())]);
    Arc::new(areas)
}

/// What lies on the land at night.
pub fn shade(theme: &Theme) -> Rgba {
    if theme.dark { theme.ground.fade(SHADE.0) } else { theme.ink.fade(SHADE.1) }
}

/// Where the sun stands in the zenith (latitude and longitude, degrees) in a second since 1970; good to
/// a hundredth of a degree (The Astronomical Almanac, page C5).
fn zenith(second: i64) -> (f64, f64) {
    let days = (second as f64 - J2000) / 86_400.0;
    let anomaly = (357.529 + 0.985_600_28 * days).to_radians();
    let mean = 280.459 + 0.985_647_36 * days;
    let longitude = (mean + 1.915 * anomaly.sin() + 0.020 * (2.0 * anomaly).sin()).to_radians();
    let tilt = (23.439 - 0.000_000_36 * days).to_radians();
    let declination = (tilt.sin() * longitude.sin()).asin().to_degrees();
    let ascension = (tilt.cos() * longitude.sin()).atan2(longitude.cos()).to_degrees();
    let turned = (18.697_374_558 + 24.065_709_824_419_08 * days) * 15.0;
    (declination, (ascension - turned + 180.0).rem_euclid(360.0) - 180.0)
}

/// The outline of the night (longitude, latitude) on a map around a meridian: its edge from west to
/// east, and back along the pole where the sun does not rise.
fn ring(second: i64, meridian: f32) -> Vec<(f32, f32)> {
    let (declination, noon) = zenith(second);
    // At the equinox both poles have the sun on their horizon.
    let declination = if declination.abs() < 0.2 { 0.2_f64.copysign(declination) } else { declination };
    let dark_pole: f32 = if declination > 0.0 { -90.0 } else { 90.0 };
    let slope = declination.to_radians().tan();
    let along = || (0..=360 / FINE).map(|i| (i * FINE) as f32 - 180.0 + meridian);
    let edge = along().map(|lon| {
        let hour = (f64::from(lon) - noon).to_radians();
        (lon, (-hour.cos() / slope).atan().to_degrees() as f32)
    });
    let edge: Vec<(f32, f32)> = edge.collect();
    // Along the meridians at which the map is cut, which are no straight lines on it.
    let side = |(lon, lat): (f32, f32)| {
        (0..=SIDE).map(move |i| (lon, lat + (dark_pole - lat) * i as f32 / SIDE as f32))
    };
    let (west, east) = (edge[0], edge[edge.len() - 1]);
    let pole = along().rev().map(|lon| (lon, dark_pole));
    edge.iter().copied().chain(side(east)).chain(pole).chain(side(west).rev()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sun_stands_where_the_almanac_says() {
        // The June solstice of 2024: 20 June, 20:51 UTC, at 23.44° N; the equation of time is −2 minutes.
        let (lat, lon) = zenith(1_718_916_660);
        assert!((lat - 23.44).abs() < 0.02 && (lon + 132.3).abs() < 0.5, "{lat} {lon}");
        // The March equinox of 2024: 20 March, 03:06 UTC; −7.4 minutes.
        let (lat, lon) = zenith(1_710_903_960);
        assert!(lat.abs() < 0.02 && (lon - 135.3).abs() < 0.6, "{lat} {lon}");
    }

    #[test]
    fn it_is_night_at_midnight_and_day_at_noon() {
        let inside = |ring: &[(f32, f32)], (lon, lat): (f32, f32)| {
            let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
            let crossed = pairs.filter(|(a, b)| {
                (a.1 > lat) != (b.1 > lat) && lon < (b.0 - a.0) * (lat - a.1) / (b.1 - a.1) + a.0
            });
            crossed.count() % 2 == 1
        };
        let night = ring(1_718_928_000, 11.0); // 21 June 2024, 00:00 UTC.
        assert!(inside(&night, (0.0, 40.0)), "London sleeps");
        assert!(!inside(&night, (179.0, 40.0)) && !inside(&night, (25.0, 75.0)), "the north has no night");
        assert!(inside(&night, (100.0, -85.0)), "the south has no day");
    }
}
