//! Places by their names and countries by their borders: what a profile or a text says about where
//! somebody is, and in which country a point lies.
//!
//! Names are those of GeoNames' cities with 15,000 people or more, of 250 countries in sixty
//! languages and of the regions of six large countries; see `assets/places/README.md`. A name that
//! could mean two countries means none: a wrong place is worse than none.

pub mod borders;
mod common;
mod company;
mod names;
mod profile;
mod table;
mod text;
mod words;

use std::sync::Arc;

use crate::mention::Country;

pub use table::Gazetteer;

/// How precisely a place is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// Coordinates that the source gives.
    Point,
    /// A city, by its name.
    City,
    /// A state or province: no point, its country.
    Region,
    Country,
}

impl Precision {
    pub const ALL: [Self; 4] = [Self::Point, Self::City, Self::Region, Self::Country];
}

/// A place that a name stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Latitude and longitude of a city, degrees; a country has none.
    pub point: Option<(f32, f32)>,
    /// As GeoNames calls it.
    pub name: Arc<str>,
    pub country: Country,
    pub precision: Precision,
}

/// The country in which a point (degrees) lies: by the borders, else that of the nearest city
/// within 50 km; `None` at sea. To about 3 km at borders.
pub fn country_of(lat: f32, lon: f32) -> Option<Country> {
    borders::Borders::get().country_of(lat, lon).or_else(|| Gazetteer::get().country_near(lat, lon))
}

/// Great-circle distance of two points (degrees), km.
fn distance_km(a: (f32, f32), b: (f32, f32)) -> f32 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (dlat, dlon) = ((lat_b - lat_a) / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let h = dlat.sin().powi(2) + lat_a.cos() * lat_b.cos() * dlon.sin().powi(2);
    12_742.0 * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests;
