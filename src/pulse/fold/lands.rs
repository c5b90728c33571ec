//! Mentions by country within the window of a stream's heat maps.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::mention::Country;

/// Steps into which the window is divided.
pub const STEPS: usize = 60;

/// How much was said in a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CountryCount {
    pub country: Country,
    /// Mentions there within the window.
    pub count: u32,
    /// Those of them of which only the country is known.
    pub only: u32,
}

/// Counts of each country by step; at most 676 countries, as many as two letters make.
#[derive(Debug, Default)]
pub struct Lands(FxHashMap<Country, Land>);

#[derive(Debug)]
struct Land {
    counts: [u32; STEPS],
    only: [u32; STEPS],
}

impl Lands {
    /// Counts a mention in a step's slot; `only` when there is no point.
    pub fn heard(&mut self, country: Country, slot: usize, only: bool) {
        let land = self.0.entry(country).or_insert(Land { counts: [0; STEPS], only: [0; STEPS] });
        land.counts[slot] += 1;
        land.only[slot] += u32::from(only);
    }

    /// Forgets the steps in these slots.
    pub fn forget(&mut self, slots: impl Iterator<Item = usize> + Clone) {
        self.0.retain(|_, land| {
            for slot in slots.clone() {
                (land.counts[slot], land.only[slot]) = (0, 0);
            }
            land.counts.iter().any(|count| *count > 0)
        });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All countries, those with the most mentions first; `old` itself when nothing changed.
    pub fn draw(&self, old: &Arc<[CountryCount]>) -> Arc<[CountryCount]> {
        let sum = |counts: &[u32; STEPS]| counts.iter().sum();
        let count = |(country, land): (&Country, &Land)| CountryCount {
            country: *country,
            count: sum(&land.counts),
            only: sum(&land.only),
        };
        let mut all: Vec<CountryCount> = self.0.iter().map(count).collect();
        all.sort_unstable_by_key(|one| (std::cmp::Reverse(one.count), one.country));
        if *all == **old { old.clone() } else { all.into() }
    }
}
