//! The shapes of the world in degrees: land and lakes as they were baked, and the borders that
//! countries share.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::place::borders::{Borders, UNIT};

/// Rings of degrees, baked by `assets/map/bake.py`, which states the format.
static LAND: &[u8] = include_bytes!("../../../../assets/map/land.bin");
/// The same, baked by the same.
static LAKES: &[u8] = include_bytes!("../../../../assets/map/lakes.bin");

/// Longitude and latitude.
type Line = Vec<(f32, f32)>;
/// The same in parts of a degree.
type Corner = (i16, i16);

/// Outlines of the world.
#[derive(Debug)]
pub struct World {
    pub land: Vec<Line>,
    pub lakes: Vec<Line>,
    /// Each once.
    pub borders: Vec<Line>,
}

impl World {
    pub fn get() -> &'static Self {
        static ONE: OnceLock<World> = OnceLock::new();
        ONE.get_or_init(|| Self {
            land: decode(LAND),
            lakes: decode(LAKES),
            borders: borders(Borders::get()),
        })
    }
}

fn decode(bytes: &[u8]) -> Vec<Line> {
    let mut words = bytes.chunks_exact(2).map(|b| [b[0], b[1]]);
    let count = words.next().map_or(0, u16::from_le_bytes);
    (0..count).map(|_| ring(&mut words)).collect()
}

fn ring(words: &mut impl Iterator<Item = [u8; 2]>) -> Line {
    let count = words.next().map_or(0, u16::from_le_bytes);
    let mut degrees = || words.next().map(|w| f32::from(i16::from_le_bytes(w)) / UNIT);
    (0..count).map_while(|_| Some((degrees()?, degrees()?))).collect()
}

/// The lines along which two countries meet: those that run one way in one of them and the other
/// way in the other.
fn borders(of: &Borders) -> Vec<Line> {
    let mut owners: FxHashMap<(Corner, Corner), usize> = FxHashMap::default();
    for (index, one) in of.countries.iter().enumerate() {
        owners.extend(one.rings.iter().flat_map(|ring| edges(ring)).map(|edge| (edge, index)));
    }
    let mut lines = Vec::new();
    for (index, one) in of.countries.iter().enumerate() {
        for ring in &one.rings {
            let mut open = false;
            for (a, b) in edges(ring) {
                // Of the two countries the first draws it.
                let shared = owners.get(&(b, a)).is_some_and(|other| *other > index);
                match lines.last_mut().filter(|_| open && shared) {
                    Some(line) => Vec::push(line, degrees(b)),
                    None if shared => lines.push(vec![degrees(a), degrees(b)]),
                    None => {}
                }
                open = shared;
            }
        }
    }
    lines
}

fn edges(ring: &[Corner]) -> impl Iterator<Item = (Corner, Corner)> {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

fn degrees((lon, lat): Corner) -> (f32, f32) {
    (f32::from(lon) / UNIT, f32::from(lat) / UNIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_gives_less_land_not_a_panic() {
        assert_eq!(decode(&[]).len(), 0);
        assert_eq!(decode(&[1, 0, 9, 0, 1, 0, 1]).iter().flatten().count(), 0);
    }

    #[test]
    fn borders_run_between_countries_and_not_along_the_sea() {
        let near = |lat: f32, lon: f32| {
            let close = |p: &(f32, f32)| (p.0 - lon).abs() < 0.4 && (p.1 - lat).abs() < 0.4;
            World::get().borders.iter().flatten().any(close)
        };
        assert!(near(49.0, 8.0), "France and Germany");
        assert!(near(31.8, -106.5), "Mexico and the United States");
        assert!(!near(43.4, -8.3), "the coast of Galicia");
        let points: usize = World::get().borders.iter().map(Vec::len).sum();
        assert!((2_000..20_000).contains(&points), "{points}");
    }
}
