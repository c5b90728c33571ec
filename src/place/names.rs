//! From the meanings of a name to one place: which of them agree, and whether one stands out.

use super::table::{Gazetteer, Meaning, Named};
use super::{Hit, Precision, distance_km};
use crate::mention::Country;

/// What a second name weighs less: a thirty-second of the people. Cities keep the names of villages
/// that they grew over.
const SECOND: i16 = 30;
/// Cities so near each other are one place, km.
const SAME_KM: f32 = 50.0;
/// A city that weighs so much is meant by its name though a country or region elsewhere has it too.
const RIVAL: i16 = 140;
/// A city that weighs so much is meant by its name though its region has it too.
const METROPOLIS: i16 = 170;
/// Countries that are one city.
const CITY_STATES: [&str; 7] = ["SG", "HK", "MO", "MC", "GI", "LU", "DJ"];

/// By how much one city must outweigh all others of its name.
#[derive(Clone, Copy, Debug)]
pub struct Margin(pub i16);

impl Margin {
    /// Twice the weight: where the country agrees already.
    pub const AGREED: Self = Self(6);
    /// Four times.
    pub const CLEAR: Self = Self(12);
    /// Eight times.
    pub const PLAIN: Self = Self(18);
}

/// What a name may mean.
#[derive(Debug, Default)]
pub struct Found {
    /// Cities with their score, best first.
    pub cities: Vec<(u16, i16)>,
    pub holders: Vec<Holder>,
    /// It was written in capitals, as codes are.
    pub loud: bool,
}

/// A country or a region, which holds cities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    pub named: Named,
    /// By its code (`TX`), not its name.
    pub code: bool,
}

impl Found {
    /// All that the name with this hash means.
    pub fn of(own: &Gazetteer, hash: u64) -> Self {
        let mut found = Self::default();
        for Meaning { named, second } in own.find(hash) {
            match named {
                Named::City(city) => {
                    let score = i16::from(own.weight(city)) - if second { SECOND } else { 0 };
                    found.cities.push((city, score));
                }
                named => found.holders.push(Holder { named, code: second }),
            }
        }
        found.cities.sort_by_key(|(_, score)| -score);
        found
    }

    pub fn is_empty(&self) -> bool {
        self.cities.is_empty() && self.holders.is_empty()
    }

    /// Whether it is the name, not the code, of a country or region.
    pub fn is_named(&self) -> bool {
        self.holders.iter().any(|holder| !holder.code)
    }

    /// The best score of its cities.
    pub fn best(&self) -> i16 {
        self.cities.first().map_or(0, |(_, score)| *score)
    }

    /// Its cities that any of `holders` holds.
    pub fn held(&self, own: &Gazetteer, holders: &[Holder]) -> Vec<(u16, i16)> {
        let is_held = |(city, _): &&(u16, i16)| holders.iter().any(|holder| holder.holds(own, *city));
        self.cities.iter().filter(is_held).copied().collect()
    }

    /// The place that the name means by itself.
    pub fn alone(&self, own: &Gazetteer, margin: Margin) -> Option<Hit> {
        let city = one_of(own, &self.cities, margin);
        let names: Vec<Holder> = self.holders.iter().filter(|holder| !holder.code).copied().collect();
        let Some(held) = common(own, &names) else {
            return if names.is_empty() { city } else { None };
        };
        let elsewhere =
            |(city, score): &(u16, i16)| *score >= RIVAL && own.country(Named::City(*city)) != held.country;
        if self.cities.iter().any(elsewhere) {
            return None;
        }
        let is_meant = city.as_ref().is_some_and(|city| {
            let state = CITY_STATES.contains(&held.country.as_str());
            let whole = held.precision == Precision::Region && self.best() >= METROPOLIS;
            city.precision == Precision::City && city.country == held.country && (state || whole)
        });
        if is_meant { city } else { Some(held) }
    }
}

impl Holder {
    fn holds(&self, own: &Gazetteer, city: u16) -> bool {
        match self.named {
            Named::Region(region) => own.region(city) == Some(region),
            named => own.country(named) == own.country(Named::City(city)),
        }
    }
}

/// The city that stands out among `cities` (best first) by `margin`; when several do that lie in
/// one region or country, that.
pub fn one_of(own: &Gazetteer, cities: &[(u16, i16)], margin: Margin) -> Option<Hit> {
    let (best, score) = *cities.first()?;
    let is_rival = |(city, other): &&(u16, i16)| {
        let same = own.country(Named::City(*city)) == own.country(Named::City(best));
        let near = same && distance_km(own.point(*city), own.point(best)) <= SAME_KM;
        score - other < margin.0 && !near
    };
    let rivals: Vec<u16> = cities.iter().filter(is_rival).map(|(city, _)| *city).collect();
    if rivals.is_empty() {
        return Some(of_city(own, best));
    }
    let all = || rivals.iter().chain(std::iter::once(&best));
    let country = own.country(Named::City(best));
    if all().any(|city| own.country(Named::City(*city)) != country) {
        return None;
    }
    let region = own.region(best).filter(|region| all().all(|city| own.region(*city) == Some(*region)));
    region.map(|region| of_holder(own, Named::Region(region))).or_else(|| of_country(own, country))
}

/// The country or region that all `holders` agree in; the region only when all say it.
pub fn common(own: &Gazetteer, holders: &[Holder]) -> Option<Hit> {
    let first = holders.first()?;
    let country = own.country(first.named);
    if holders.iter().any(|holder| own.country(holder.named) != country) {
        return None;
    }
    let regions: Vec<Named> =
        holders.iter().map(|h| h.named).filter(|named| matches!(named, Named::Region(_))).collect();
    match regions.first() {
        Some(region) if regions.iter().all(|other| other == region) => Some(of_holder(own, *region)),
        _ => of_country(own, country),
    }
}

/// What places that are all meant have in common: the place, or the country.
pub fn all_of(own: &Gazetteer, hits: &[Hit]) -> Option<Hit> {
    let country = hits.first()?.country;
    if hits.iter().any(|hit| hit.country != country) {
        return None;
    }
    // Of a city and the country that it lies in the city is meant.
    let finest = hits.iter().map(|hit| hit.precision).min()?;
    let mut fine = hits.iter().filter(|hit| hit.precision == finest);
    let first = fine.next()?;
    let near = |hit: &Hit| first.point.zip(hit.point).is_some_and(|(a, b)| distance_km(a, b) <= SAME_KM);
    if fine.all(|hit| hit == first || near(hit)) { Some(first.clone()) } else { of_country(own, country) }
}

pub fn of_city(own: &Gazetteer, city: u16) -> Hit {
    let named = Named::City(city);
    Hit {
        point: Some(own.point(city)),
        name: own.name(named).into(),
        country: own.country(named),
        precision: Precision::City,
    }
}

fn of_holder(own: &Gazetteer, named: Named) -> Hit {
    let precision = if matches!(named, Named::Region(_)) { Precision::Region } else { Precision::Country };
    Hit { point: None, name: own.name(named).into(), country: own.country(named), precision }
}

pub fn of_country(own: &Gazetteer, country: Country) -> Option<Hit> {
    own.by_code(country).map(|named| of_holder(own, named))
}

/// The country of flags, when all are of one.
pub fn of_flags(own: &Gazetteer, flags: &[Country]) -> Option<Hit> {
    let first = flags.first()?;
    if flags.iter().all(|flag| flag == first) { of_country(own, *first) } else { None }
}
