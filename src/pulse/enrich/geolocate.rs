//! Where a mention was said: the source's coordinates, else the country that it tells, else the place
//! in the author's profile, else a place that the text names.

use std::hash::{Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHasher;

use crate::mention::{Geo, Lang, Mention};
use crate::place::{self, Gazetteer, Hit, Precision};
use crate::pulse::attributes;
use crate::pulse::enrich::located::{Located, PlaceOrigin};

/// Lines of profiles whose place is remembered; of two that fall together the later stays.
pub const SLOTS: usize = 8_192;

/// Finds it out. Remembers what profiles came to, which changes no answer.
#[derive(Debug, Default)]
pub struct Geolocator {
    profiles: Mutex<Vec<Option<Line>>>,
}

/// A profile's line by its hash, and its place.
#[derive(Clone, Debug)]
struct Line {
    hash: u64,
    place: Option<Hit>,
}

impl Geolocator {
    /// Where a mention was said, whose text in its read form is `text`.
    pub fn of(&self, mention: &Mention, text: Option<&str>) -> Option<Located> {
        if let Some(geo) = attributes::geo(mention) {
            return Some(by_source(geo, mention));
        }
        if let Some(country) = mention.country {
            let (origin, precision) = (PlaceOrigin::Source, Precision::Country);
            return Some(Located { point: None, name: None, country: Some(country), origin, precision });
        }
        let line = mention.author.as_ref().and_then(|author| author.place.as_deref());
        let profile = line.and_then(|line| self.profile(line)).map(|hit| located(hit, PlaceOrigin::Profile));
        profile.or_else(|| by_text(mention, text?))
    }

    fn profile(&self, line: &str) -> Option<Hit> {
        let mut hasher = FxHasher::default();
        line.hash(&mut hasher);
        let hash = hasher.finish();
        // A hash that fell down on the way leaves a list that is as good as before.
        let mut lines = self.profiles.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.is_empty() {
            lines.resize(SLOTS, None);
        }
        let slot = &mut lines[hash as usize % SLOTS];
        match slot {
            Some(known) if known.hash == hash => known.place.clone(),
            _ => slot.insert(Line { hash, place: Gazetteer::get().of_profile(line) }).place.clone(),
        }
    }
}

/// By the source's coordinates; the country in which they lie where it does not tell that.
fn by_source(geo: &Geo, mention: &Mention) -> Located {
    Located {
        point: Some((geo.lat, geo.lon)),
        name: geo.name.clone(),
        country: mention.country.or_else(|| place::country_of(geo.lat, geo.lon)),
        origin: PlaceOrigin::Source,
        precision: Precision::Point,
    }
}

fn by_text(mention: &Mention, text: &str) -> Option<Located> {
    let lang = mention.lang.as_deref().and_then(Lang::new);
    let hit = Gazetteer::get().in_text(text, lang)?;
    Some(located(hit, PlaceOrigin::Text))
}

/// A city keeps its name; that of a country is no name of a spot.
fn located(hit: Hit, origin: PlaceOrigin) -> Located {
    let name: Option<Arc<str>> = hit.point.is_some().then_some(hit.name);
    Located { point: hit.point, name, country: Some(hit.country), origin, precision: hit.precision }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;
    use crate::mention::{Author, Country};

    fn said(text: &str, home: Option<&str>) -> Mention {
        let at = Time::from_secs(1_800_000_000);
        let mut mention = Mention::new(&"feed".into(), "1", at, at).with_text(text);
        let place = home.map(Into::into);
        mention.author = Some(Author { id: "a".into(), place, ..Author::default() });
        mention
    }

    fn of(mention: &Mention) -> Option<(Option<String>, String, PlaceOrigin, Precision)> {
        let whereabouts = Geolocator::default();
        let text = mention.text.as_deref();
        let first = whereabouts.of(mention, text);
        assert_eq!(first, whereabouts.of(mention, text), "what is remembered is the same");
        let found = first?;
        Some((found.name.map(|n| n.to_string()), found.country?.to_string(), found.origin, found.precision))
    }

    #[test]
    fn the_source_goes_before_the_profile_and_that_before_the_text() {
        let mut mention = said("Rain in Lyon", Some("Berlin, Germany"));
        let city = |name: &str| Some(name.to_owned());
        let berlin = (city("Berlin"), "DE".into(), PlaceOrigin::Profile, Precision::City);
        assert_eq!(of(&mention), Some(berlin));
        mention.country = Country::new("AT");
        assert_eq!(of(&mention), Some((None, "AT".into(), PlaceOrigin::Source, Precision::Country)));
        (mention.geo, mention.country) = (Geo::new(35.68, 139.69), None);
        assert_eq!(of(&mention), Some((None, "JP".into(), PlaceOrigin::Source, Precision::Point)));
        let text = said("Rain in Lyon", Some("the moon"));
        assert_eq!(of(&text), Some((city("Lyon"), "FR".into(), PlaceOrigin::Text, Precision::City)));
        assert_eq!(of(&said("hello", None)), None);
    }

    #[test]
    fn a_country_is_no_point_and_has_no_name_of_a_spot() {
        let found = Geolocator::default().of(&said("", Some("Japan")), None).expect("it is a country");
        assert_eq!((found.point, found.name, found.precision), (None, None, Precision::Country));
    }
}
