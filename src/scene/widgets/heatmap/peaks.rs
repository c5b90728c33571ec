//! The peaks of the heat and what lies under each: its places by name and all that was said there.

use std::cmp::Reverse;
use std::sync::Arc;

use super::field::Field;
use crate::geometry::Point;
use crate::place;
use crate::pulse::snapshot::Place;
use crate::scene::widgets::names;

/// Places of a peak that are named at most; the others are a number.
const NAMED: usize = 3;
/// A place is named beside the largest when so much of its count was said there.
const WORTH: f32 = 0.2;

/// A peak of the field.
#[derive(Clone, Debug, PartialEq)]
pub struct Peak {
    pub at: Point,
    /// Its largest places that have a name, most mentions first; where none has one, its country.
    pub names: Vec<Arc<str>>,
    /// Places under it beside those.
    pub others: usize,
    /// Mentions at all its places.
    pub count: u32,
}

impl Peak {
    /// `London, Paris +7` with at most `most` names.
    pub fn words(&self, most: usize) -> String {
        let named = self.names.len().min(most.max(1));
        let others = self.others + self.names.len() - named;
        let names: Vec<&str> = self.names[..named].iter().map(|name| &**name).collect();
        let names = names.join(", ");
        if others == 0 { names } else { format!("{names} +{others}") }
    }
}

/// The peaks of a field of `places`, each at `at(place)`: the hottest first, then by their mentions, because
/// a small one on the slope of a large one is hot, too.
pub fn of(field: &Field, places: &[Place], at: impl Fn(&Place) -> Point) -> Vec<Peak> {
    let places: Vec<&Place> = places.iter().filter(|place| place.count > 0).collect();
    let spots: Vec<Point> = places.iter().map(|place| at(place)).collect();
    let (peaks, under) = field.peaks(&spots);
    let peak = |(index, at): (usize, &Point)| {
        let of =
            under.iter().zip(&places).filter(|(under, _)| **under == Some(index)).map(|(_, place)| *place);
        let mut of: Vec<&Place> = of.collect();
        of.sort_by(|a, b| b.count.cmp(&a.count).then(a.name.cmp(&b.name)));
        let (names, count) = (largest(&of), of.iter().map(|place| place.count).sum());
        let others = others(&of, &names);
        Peak { at: *at, names, others, count }
    };
    let mut peaks: Vec<Peak> = peaks.iter().enumerate().map(peak).filter(|peak| peak.count > 0).collect();
    if let Some((_, others)) = peaks.split_first_mut() {
        others.sort_by_key(|peak| Reverse(peak.count));
    }
    peaks
}

/// How many places lie there beside the named ones; what has one name is one place.
fn others(places: &[&Place], named: &[Arc<str>]) -> usize {
    let nameless = places.iter().filter(|place| place.name.is_none()).count();
    let mut known: Vec<&Arc<str>> = places.iter().filter_map(|place| place.name.as_ref()).collect();
    // The first stands for its country where that is told.
    let told = usize::from(!known.iter().any(|name| named.contains(name)));
    known.sort_unstable();
    known.dedup();
    known.retain(|name| !named.contains(name));
    (known.len() + nameless).saturating_sub(told)
}

/// The names of the largest of some places, most mentions first.
fn largest(places: &[&Place]) -> Vec<Arc<str>> {
    let most = places.first().map_or(0.0, |place| place.count as f32);
    let worth = places.iter().filter(|place| place.count as f32 >= WORTH * most);
    let mut names: Vec<Arc<str>> = vec![];
    for name in worth.filter_map(|place| place.name.as_ref()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names.truncate(NAMED);
    if names.is_empty() {
        names.extend(places.first().map(|place| whereabouts(place)));
    }
    names
}

/// Of a place without a name: its country, or its degrees at sea.
fn whereabouts(at: &Place) -> Arc<str> {
    let country = place::country_of(at.lat, at.lon);
    let Some(name) = country.and_then(|country| names::country(country.as_str())) else {
        let (north, east) = (if at.lat < 0.0 { 'S' } else { 'N' }, if at.lon < 0.0 { 'W' } else { 'E' });
        return format!("{:.0}° {north} {:.0}° {east}", at.lat.abs(), at.lon.abs()).into();
    };
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: Option<&str>, lat: f32, lon: f32, count: u32) -> Place {
        Place { lat, lon, name: name.map(Into::into), count, heat: count as f32, pulsed: None }
    }

    fn peaks(places: &[Place]) -> Vec<Peak> {
        let at = |p: &Place| Point::new(p.lon * 5.0, p.lat * -5.0);
        of(&Field::new(places, 10.0, 1_000.0, at), places, at)
    }

    #[test]
    fn the_hottest_peak_is_named_by_its_places_with_their_sum() {
        let peaks = peaks(&[
            place(Some("Rio"), -22.9, -43.2, 695),
            place(Some("London"), 51.5, -0.1, 520),
            place(Some("Paris"), 48.9, 2.3, 440),
            place(Some("Paris"), 48.7, 2.1, 40),
            place(Some("Bruges"), 51.2, 3.2, 30),
            place(None, 50.0, 1.0, 12),
        ]);
        assert_eq!((peaks[0].words(3), peaks[0].count), ("London, Paris +2".into(), 1_042));
        assert_eq!((peaks[1].words(3), peaks[1].count), ("Rio".into(), 695));
        assert_eq!(peaks[0].words(1), "London +3");
    }

    #[test]
    fn a_peak_without_a_name_has_its_country() {
        let words: Vec<String> = peaks(&[place(None, 51.0, 10.0, 9), place(None, -20.0, -30.0, 5)])
            .iter()
            .map(|p| p.words(3))
            .collect();
        assert_eq!(words, ["Germany", "20° S 30° W"]);
    }
}
