//! Which part of the world a map shows.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer};

use crate::mention::Country;
use crate::place::borders::{Borders, UNIT};
use crate::pulse::snapshot::Area;

/// The continents by their names, with the part of each where people live.
const CONTINENTS: [(&str, Area); 6] = [
    ("africa", area(-19, 53, -36, 38)),
    ("asia", area(26, 147, -11, 60)),
    ("europe", area(-12, 42, 35, 71)),
    ("north-america", area(-130, -56, 12, 62)),
    ("oceania", area(110, 180, -48, 2)),
    ("south-america", area(-83, -33, -56, 14)),
];
/// Islands nearer than this to a country's largest part are shown with it, degrees.
const NEAR: f32 = 4.0;

const fn area(west: i16, east: i16, south: i16, north: i16) -> Area {
    Area { west, east, south, north }
}

/// Part of the world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Region {
    /// Where nearly all was said in the last day.
    #[default]
    Auto,
    World,
    /// Of [`CONTINENTS`].
    Continent(usize),
    Country(Country),
}

impl Region {
    fn new(word: &str) -> Option<Self> {
        match word {
            "auto" => Some(Self::Auto),
            "world" => Some(Self::World),
            _ => match CONTINENTS.iter().position(|(name, _)| *name == word) {
                Some(continent) => Some(Self::Continent(continent)),
                None => {
                    Country::new(word).filter(|country| of_country(*country).is_some()).map(Self::Country)
                }
            },
        }
    }

    fn word(&self) -> &str {
        match self {
            Self::Auto => "auto",
            Self::World => "world",
            Self::Continent(index) => CONTINENTS[*index].0,
            Self::Country(country) => country.as_str(),
        }
    }

    /// The area that it always shows; `None` for the world and for what the data say.
    pub fn fixed(&self) -> Option<Area> {
        match self {
            Self::Auto | Self::World => None,
            Self::Continent(index) => Some(CONTINENTS[*index].1),
            Self::Country(country) => of_country(*country),
        }
    }
}

/// The largest part of a country with the islands around it; without what lies overseas.
fn of_country(country: Country) -> Option<Area> {
    let of = Borders::get().countries.iter().find(|one| one.country == country)?;
    let mut boxes: Vec<[f32; 4]> = of.rings.iter().map(|ring| bounds(ring)).collect();
    let size = |b: &[f32; 4]| (b[1] - b[0]) * (b[3] - b[2]);
    let largest = (0..boxes.len()).max_by(|&a, &b| size(&boxes[a]).total_cmp(&size(&boxes[b])))?;
    let mut all = boxes.swap_remove(largest);
    let is_near = |all: &[f32; 4], b: &[f32; 4]| {
        b[0] < all[1] + NEAR && b[1] > all[0] - NEAR && b[2] < all[3] + NEAR && b[3] > all[2] - NEAR
    };
    while let Some(next) = boxes.iter().position(|b| is_near(&all, b)) {
        let b = boxes.swap_remove(next);
        all = [all[0].min(b[0]), all[1].max(b[1]), all[2].min(b[2]), all[3].max(b[3])];
    }
    let [west, east, south, north] = all;
    let (down, up) = (|v: f32| v.floor() as i16, |v: f32| v.ceil() as i16);
    Some(area(down(west), up(east), down(south), up(north)))
}

/// West, east, south and north of a ring, degrees.
fn bounds(ring: &[(i16, i16)]) -> [f32; 4] {
    let start = [f32::MAX, f32::MIN, f32::MAX, f32::MIN];
    ring.iter()
        .map(|(x, y)| (f32::from(*x) / UNIT, f32::from(*y) / UNIT))
        .fold(start, |all, (x, y)| [all[0].min(x), all[1].max(x), all[2].min(y), all[3].max(y)])
}

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::new(&word).ok_or_else(|| {
            let continents: Vec<String> = CONTINENTS.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            D::Error::custom(format!(
                "`{word}` is not a region\nWrite \"auto\", \"world\", a continent ({}) or the two letters of a \
                 country: \"DE\".",
                continents.join(", ")
            ))
        })
    }
}

impl Serialize for Region {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl JsonSchema for Region {
    fn schema_name() -> Cow<'static, str> {
        "Region".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let continents = CONTINENTS.map(|(name, _)| name).join("`, `");
        json_schema!({
            "type": "string",
            "description": format!(
                "Part of the world: `auto` (where nearly all mentions of the last day are from), `world`, \
                 `{continents}`, or the two letters of a country (ISO 3166-1)."
            ),
            "examples": ["auto", "world", "europe", "DE"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(word: &str) -> Result<Region, serde_json::Error> {
        serde_json::from_value(word.into())
    }

    #[test]
    fn regions_are_words() {
        for word in ["auto", "world", "europe", "DE", "JP"] {
            let region = read(word).expect("a region");
            assert_eq!(serde_json::to_value(region).ok(), Some(word.into()));
        }
        assert_eq!(read("de").ok(), read("DE").ok());
        let error = read("mars").expect_err("no region").to_string();
        assert!(error.contains("`mars` is not a region") && error.contains("\"europe\""), "{error}");
        assert!(read("QQ").is_err(), "no country");
    }

    #[test]
    fn a_country_comes_with_its_islands_and_without_what_lies_overseas() {
        let of = |code| of_country(Country::new(code).expect("letters")).expect("a country");
        let france = of("FR");
        assert!(
            france.west > -8 && france.east >= 9 && france.south <= 42 && france.north <= 52,
            "{france:?}"
        );
        let states = of("US");
        assert!(states.west > -130 && states.north < 52, "{states:?}");
        let (japan, germany) = (of("JP"), of("DE"));
        assert!(japan.north >= 45 && japan.south <= 32, "{japan:?}");
        assert_eq!((germany.west, germany.east, germany.south), (5, 16, 47));
    }
}
