//! The borders of countries: outlines of Natural Earth, 1:50m, simplified to about 3 km, and which
//! of them a point lies in.

use std::sync::OnceLock;

use crate::mention::Country;

/// Baked by `assets/map/countries.py`, which states the format.
static BAKED: &[u8] = include_bytes!("../../assets/map/countries.bin");
/// Parts of a degree in which the outlines count.
pub const UNIT: f32 = 150.0;
/// The western edge of the map, degrees; longitudes count from there.
const EDGE: f32 = -169.0;

/// All countries with their outlines.
#[derive(Debug)]
pub struct Borders {
    pub countries: Vec<Bordered>,
}

/// One country.
#[derive(Debug)]
pub struct Bordered {
    pub country: Country,
    /// Longitude and latitude in 1/150 degree; holes wind the other way.
    pub rings: Vec<Vec<(i16, i16)>>,
    /// Least and greatest longitude, least and greatest latitude.
    bounds: [i16; 4],
}

impl Borders {
    pub fn get() -> &'static Self {
        static ONE: OnceLock<Borders> = OnceLock::new();
        ONE.get_or_init(|| Self::read(BAKED))
    }

    /// As much as can be read.
    fn read(bytes: &[u8]) -> Self {
        let mut words = bytes.chunks_exact(2).map(|b| [b[0], b[1]]);
        let count = words.next().map_or(0, u16::from_le_bytes);
        Self { countries: (0..count).map_while(|_| Bordered::read(&mut words)).collect() }
    }

    /// The country in which a point lies (degrees); `None` at sea.
    pub fn country_of(&self, lat: f32, lon: f32) -> Option<Country> {
        let x = ((lon - EDGE).rem_euclid(360.0) + EDGE) * UNIT;
        let y = lat * UNIT;
        self.countries.iter().find(|one| one.has(x, y)).map(|one| one.country)
    }
}

impl Bordered {
    fn read(words: &mut impl Iterator<Item = [u8; 2]>) -> Option<Self> {
        let country = Country::from_bytes(words.next()?)?;
        let count = u16::from_le_bytes(words.next()?);
        let rings: Vec<_> = (0..count).map_while(|_| ring(words)).collect();
        let mut bounds = [i16::MAX, i16::MIN, i16::MAX, i16::MIN];
        for (x, y) in rings.iter().flatten() {
            bounds = [bounds[0].min(*x), bounds[1].max(*x), bounds[2].min(*y), bounds[3].max(*y)];
        }
        Some(Self { country, rings, bounds })
    }

    /// Whether a ray to the east crosses its outlines an odd number of times.
    fn has(&self, x: f32, y: f32) -> bool {
        let [west, east, south, north] = self.bounds.map(f32::from);
        if !((west..=east).contains(&x) && (south..=north).contains(&y)) {
            return false;
        }
        let crosses = |(a, b): &(&(i16, i16), &(i16, i16))| {
            let (ax, ay, bx, by) = (f32::from(a.0), f32::from(a.1), f32::from(b.0), f32::from(b.1));
            (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
        };
        let crossed = |ring: &Vec<(i16, i16)>| {
            let next = ring.iter().skip(1).chain(ring.first());
            ring.iter().zip(next).filter(|edge| crosses(edge)).count()
        };
        self.rings.iter().map(crossed).sum::<usize>() % 2 == 1
    }
}

fn ring(words: &mut impl Iterator<Item = [u8; 2]>) -> Option<Vec<(i16, i16)>> {
    let count = words.next().map(u16::from_le_bytes)?;
    let mut number = || words.next().map(i16::from_le_bytes);
    (0..count).map(|_| Some((number()?, number()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities_lie_in_their_countries_and_ships_in_none() {
        let of = |lat, lon| Borders::get().country_of(lat, lon).map(|c| c.to_string());
        for (lat, lon, code) in [
            (52.5, 13.4, "DE"),
            (-29.6, 28.2, "LS"),
            (-28.0, 25.0, "ZA"),
            (66.0, -174.0, "RU"),
            (66.0, 186.0, "RU"),
            (42.6, 20.9, "XK"),
            (-17.8, 178.0, "FJ"),
        ] {
            assert_eq!(of(lat, lon).as_deref(), Some(code), "{lat} {lon}");
        }
        for (lat, lon) in [(0.0, -150.0), (40.0, -40.0), (f32::NAN, 0.0), (0.0, f32::INFINITY), (999.0, 0.0)]
        {
            assert_eq!(of(lat, lon), None, "{lat} {lon}");
        }
    }

    #[test]
    fn a_damaged_file_gives_fewer_countries_not_a_panic() {
        assert!(Borders::read(&[]).countries.is_empty());
        for end in [1, 5, 7, 1_000, 50_001] {
            let some = Borders::read(&BAKED[..end]);
            assert!(
                some.countries.len() < 235 && some.country_of(52.5, 13.4).is_none_or(|c| c.as_str() == "DE")
            );
        }
    }
}
