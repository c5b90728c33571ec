//! Countries of which little more is known than that something was said there: filled quietly, under
//! the heat, because a dot in their middle would be a lie.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::map::Map;
use super::view::View;
use crate::color::Rgba;
use crate::mention::Country;
use crate::place::borders::{Bordered, Borders, UNIT};
use crate::pulse::snapshot::CountryCount;
use crate::scene::list::{Item, List, Path};
use crate::scene::widget::Cx;

/// Steps of the fill, so that it changes seldom.
const LEVELS: u8 = 3;
/// How far from the land to the coldest heat the weakest and the strongest fill go.
const SHADES: (f32, f32) = (0.18, 0.45);

/// The countries that are filled, each with its level, 1 to [`LEVELS`]; in the order of their codes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lands(Vec<(Country, u8)>);

/// Outlines that were made for a map; at most one a country.
#[derive(Debug, Default)]
pub struct Outlines {
    view: Option<View>,
    known: FxHashMap<Country, (Arc<Path>, Arc<Path>)>,
}

impl Lands {
    /// Those where no more points are known than mentions without one; their level goes by the
    /// root of these, against the country with the most.
    pub fn new(countries: &[CountryCount]) -> Self {
        let coarse = |one: &&CountryCount| one.only > 0 && one.only >= one.count.saturating_sub(one.only);
        let most = countries.iter().filter(coarse).map(|one| one.only).max().unwrap_or(1);
        let level = |one: &CountryCount| {
            let part = (one.only as f32 / most as f32).sqrt();
            (one.country, ((part * f32::from(LEVELS)).ceil() as u8).clamp(1, LEVELS))
        };
        let mut lands: Vec<_> = countries.iter().filter(coarse).map(level).collect();
        lands.sort_unstable();
        Self(lands)
    }

    /// Changes when it looks different.
    pub fn key(&self, state: &mut impl Hasher) {
        self.0.hash(state);
    }

    /// Fills them and draws their borders.
    pub fn draw(&self, cx: &Cx<'_>, map: &Map, width: f32, outlines: &mut Outlines, list: &mut List) {
        let at = map.corner();
        let paths = self.0.iter().map(|(country, level)| (outlines.of(*country, map), *level));
        let paths: Vec<_> = paths.collect();
        for ((path, _), level) in &paths {
            list.push(Item::Fill { path: path.clone(), at, color: shade(cx, *level) });
        }
        for ((_, path), _) in paths {
            list.push(Item::Stroke { path, at, width, color: cx.theme.border });
        }
    }
}

impl Outlines {
    fn of(&mut self, country: Country, map: &Map) -> (Arc<Path>, Arc<Path>) {
        if self.view != Some(map.view) {
            *self = Self { view: Some(map.view), known: FxHashMap::default() };
        }
        let paths = self.known.entry(country).or_insert_with(|| {
            let bordered = Borders::get().countries.iter().find(|one| one.country == country);
            let rings: Vec<_> = bordered.into_iter().flat_map(rings).collect();
            let (area, line) = map.areas(&rings);
            (area.into(), line.into())
        });
        paths.clone()
    }
}

/// Outlines in degrees, longitude first.
fn rings(one: &Bordered) -> impl Iterator<Item = Vec<(f32, f32)>> {
    let degrees = |(lon, lat): &(i16, i16)| (f32::from(*lon) / UNIT, f32::from(*lat) / UNIT);
    one.rings.iter().map(move |ring| ring.iter().map(degrees).collect())
}

fn shade(cx: &Cx<'_>, level: u8) -> Rgba {
    let part = f32::from(level - 1) / f32::from(LEVELS - 1);
    cx.theme.land.mix(cx.theme.heat[0], SHADES.0 + (SHADES.1 - SHADES.0) * part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn land(code: &str, count: u32, only: u32) -> CountryCount {
        CountryCount { country: Country::new(code).expect("two letters"), count, only }
    }

    #[test]
    fn what_is_known_to_the_point_is_not_filled() {
        let lands =
            Lands::new(&[land("US", 900, 100), land("FR", 40, 36), land("DE", 9, 9), land("PE", 2, 1)]);
        let filled: Vec<_> = lands.0.iter().map(|(country, level)| (country.to_string(), *level)).collect();
        assert_eq!(filled, [("DE".into(), 2), ("FR".into(), 3), ("PE".into(), 1)]);
        assert_eq!(Lands::new(&[]), Lands::default());
    }

    #[test]
    fn a_small_change_changes_no_fill() {
        let with = |only| Lands::new(&[land("FR", 100, 100), land("DE", only, only)]);
        assert_eq!(with(30), with(31));
        assert_ne!(with(30), with(90));
    }
}
