//! Where people are talking: counts and heat by spots of a quarter of a degree. A spot lies in the
//! middle of what was said there within the window, and is named as it was last; so it is the same
//! in whatever order mentions come.

use std::sync::Arc;
use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::clock::Time;
use crate::layout::window::Window;
use crate::metric::Exactness;
use crate::pulse::enrich::located::Located;
use crate::pulse::fold::areas::{Areas, Extent};
use crate::pulse::fold::lands::{CountryCount, Lands, STEPS};

/// Most places of a stream; when there are more, the coldest quarter is forgotten.
pub const MAX_PLACES: usize = 2_048;
/// Shortest time between two pulses of a place.
pub const PULSE_EVERY: Duration = Duration::from_secs(3);
/// A pulse counts as running for so long.
pub const PULSE_RUNS: Duration = Duration::from_millis(1_500);
/// Most pulses of a stream that run at one time.
pub const MAX_PULSES: usize = 12;
/// From one pulse of a refresh to the next: as many as may run begin in turn, not in step.
const PULSE_GAP: Duration = PULSE_RUNS.checked_div(MAX_PULSES as u32).expect("pulses may run");
/// Parts of a degree to which places are told apart.
const PER_DEGREE: f32 = 4.0;

/// A spot on the map.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// Degrees.
    pub lat: f32,
    pub lon: f32,
    pub name: Option<Arc<str>>,
    /// Mentions there within the window.
    pub count: u32,
    /// The same, each weighted by `2^(−age / half-life)`; the half-life is a quarter of the window.
    pub heat: f32,
    /// When its last pulse began, or will within the next 1.5 s, so that those of one refresh do
    /// not begin at once; a place pulses at most once in three seconds.
    pub pulsed: Option<Time>,
}

/// The places of one stream.
#[derive(Debug)]
pub struct Places {
    spots: FxHashMap<(i16, i16), Spot>,
    lands: Lands,
    areas: Areas,
    /// Length of a step, seconds.
    step: i64,
    /// The running step.
    head: i64,
    /// The last step in which places were forgotten.
    cut: Option<i64>,
}

/// Parts of a degree in which middles are reckoned: whole numbers, so that order makes no odds.
const NANO: f64 = 1e9;

#[derive(Debug)]
struct Spot {
    /// Sums of latitude and longitude in billionths of a degree, by step.
    sums: [(i64, i64); STEPS],
    /// The last name that was told, and its second.
    name: Option<(i64, Arc<str>)>,
    counts: [u32; STEPS],
    total: u32,
    pulsed: Option<Time>,
    /// Something new was said there.
    wants_pulse: bool,
}

impl Places {
    /// Empty, over a window of at most an hour.
    pub fn new(window: Window, now: i64) -> Self {
        let step = i64::from(window.secs().map_or(3_600, |secs| secs.min(3_600))) / STEPS as i64;
        Self {
            spots: FxHashMap::default(),
            lands: Lands::default(),
            areas: Areas::new(now),
            step,
            head: now.div_euclid(step),
            cut: None,
        }
    }

    /// Counts a mention at the second `at`; a live one makes its place pulse. One of which only the
    /// country is known is no spot.
    pub fn heard(&mut self, place: &Located, at: i64, live: bool) {
        if let Some(point) = place.point {
            self.areas.heard(point, at);
        }
        let age = self.head - at.div_euclid(self.step);
        if !(0..STEPS as i64).contains(&age) {
            return;
        }
        let slot = slot(self.head - age);
        if let Some(country) = place.country {
            self.lands.heard(country, slot, place.point.is_none());
        }
        let Some((lat, lon)) = place.point else { return };
        let key = ((lat * PER_DEGREE).round() as i16, (lon * PER_DEGREE).round() as i16);
        if self.spots.len() >= MAX_PLACES && !self.spots.contains_key(&key) {
            self.forget_coldest();
        }
        let spot = self.spots.entry(key).or_insert_with(Spot::new);
        spot.counts[slot] += 1;
        spot.total += 1;
        let nano = |degrees: f32| (f64::from(degrees) * NANO).round() as i64;
        spot.sums[slot].0 += nano(lat);
        spot.sums[slot].1 += nano(lon);
        spot.wants_pulse |= live;
        let told = place.name.as_ref().map(|name| (at, name));
        if told > spot.name.as_ref().map(|(at, name)| (*at, name)) {
            spot.name = told.map(|(at, name)| (at, name.clone()));
        }
    }

    /// Moves the end of the window to the second `now`.
    pub fn advance(&mut self, now: i64) {
        self.areas.advance(now);
        let to = now.div_euclid(self.step);
        let steps = (to - self.head).clamp(0, STEPS as i64);
        self.head = self.head.max(to);
        if steps == 0 {
            return;
        }
        let gone = self.head - steps + 1..=self.head;
        let begin = (self.head - STEPS as i64 + 1) * self.step;
        self.spots.retain(|_, spot| {
            for step in gone.clone() {
                spot.total -= std::mem::take(&mut spot.counts[slot(step)]);
                spot.sums[slot(step)] = (0, 0);
            }
            spot.name.take_if(|(at, _)| *at < begin);
            spot.total > 0
        });
        self.lands.forget(gone.map(slot));
    }

    /// Every named place in which somebody spoke since the second `since`, to the step in which it
    /// lies, with the mentions since and in all; and the second with which that step began.
    pub fn since(&self, since: i64) -> (i64, Vec<(Arc<str>, u32, u32)>) {
        let first = since.div_euclid(self.step).clamp(self.head - STEPS as i64 + 1, self.head);
        let heard = |spot: &Spot| -> u32 { (first..=self.head).map(|step| spot.counts[slot(step)]).sum() };
        let named = |spot: &Spot| Some((spot.name.as_ref()?.1.clone(), heard(spot), spot.total));
        (first * self.step, self.spots.values().filter_map(named).collect())
    }

    /// Seconds of the whole window.
    pub fn length(&self) -> i64 {
        self.step * STEPS as i64
    }

    pub fn is_empty(&self) -> bool {
        self.spots.is_empty() && self.lands.is_empty()
    }

    /// How much was said where over the last day, as of the second `now`.
    pub fn extent(&mut self, now: i64) -> Arc<Extent> {
        self.areas.draw(now)
    }

    /// All countries, most mentions first; `old` itself when nothing changed.
    pub fn countries(&self, old: &Arc<[CountryCount]>) -> Arc<[CountryCount]> {
        self.lands.draw(old)
    }

    /// All places as of `now`, hottest first; lets those pulse that may.
    pub fn draw(&mut self, now: Time) -> Arc<[Place]> {
        self.pulse(now);
        let weights = self.weights(now);
        let mut places: Vec<Place> = self.spots.values().map(|spot| spot.place(&weights)).collect();
        places.sort_unstable_by(|a, b| {
            let by_place = || a.lat.total_cmp(&b.lat).then(a.lon.total_cmp(&b.lon));
            b.heat.total_cmp(&a.heat).then_with(by_place)
        });
        places.into()
    }

    /// What a mention in each slot still weighs; a step's mentions are taken to lie in its middle.
    fn weights(&self, now: Time) -> [f32; STEPS] {
        let half_life = (self.step * STEPS as i64) as f32 / 4.0;
        let mut weights = [0.0; STEPS];
        for age in 0..STEPS as i64 {
            let middle = (self.head - age) * self.step * 1_000 + self.step * 500;
            let seconds = (now.0 / 1_000_000 - middle).max(0) as f32 / 1_000.0;
            weights[slot(self.head - age)] = (-seconds / half_life).exp2();
        }
        weights
    }

    fn pulse(&mut self, now: Time) {
        let running = |spot: &Spot| spot.pulsed.is_some_and(|at| at + PULSE_RUNS > now);
        let room = MAX_PULSES.saturating_sub(self.spots.values().filter(|s| running(s)).count());
        let mut waiting: Vec<(&(i16, i16), &mut Spot)> = Vec::new();
        for (key, spot) in &mut self.spots {
            if std::mem::take(&mut spot.wants_pulse) && spot.pulsed.is_none_or(|at| at + PULSE_EVERY <= now) {
                waiting.push((key, spot));
            }
        }
        waiting.sort_unstable_by_key(|(key, spot)| (spot.pulsed, **key));
        waiting.truncate(room);
        for (i, (_, spot)) in waiting.into_iter().enumerate() {
            spot.pulsed = Some(now + PULSE_GAP * i as u32);
        }
    }

    /// At least, while there are places in the window that were forgotten.
    pub fn exactness(&self) -> Exactness {
        let is_cut = self.cut.is_some_and(|step| self.head - step < STEPS as i64);
        if is_cut { Exactness::AtLeast } else { Exactness::Exact }
    }

    fn forget_coldest(&mut self) {
        self.cut = Some(self.head);
        let weights = self.weights(Time::from_secs(self.head * self.step));
        let mut heats: Vec<f32> = self.spots.values().map(|spot| spot.heat(&weights)).collect();
        let quarter = heats.len() / 4;
        let (_, &mut limit, _) = heats.select_nth_unstable_by(quarter, f32::total_cmp);
        self.spots.retain(|_, spot| spot.heat(&weights) > limit);
    }
}

fn slot(step: i64) -> usize {
    step.rem_euclid(STEPS as i64) as usize
}

impl Spot {
    fn new() -> Self {
        Self {
            sums: [(0, 0); STEPS],
            name: None,
            counts: [0; STEPS],
            total: 0,
            pulsed: None,
            wants_pulse: false,
        }
    }

    fn heat(&self, weights: &[f32; STEPS]) -> f32 {
        self.counts.iter().zip(weights).map(|(count, weight)| *count as f32 * weight).sum()
    }

    fn place(&self, weights: &[f32; STEPS]) -> Place {
        let (lat, lon) = self.sums.iter().fold((0, 0), |sum, step| (sum.0 + step.0, sum.1 + step.1));
        let middle = |sum: i64| (sum as f64 / f64::from(self.total.max(1)) / NANO) as f32;
        Place {
            lat: middle(lat),
            lon: middle(lon),
            name: self.name.as_ref().map(|(_, name)| name.clone()),
            count: self.total,
            heat: self.heat(weights),
            pulsed: self.pulsed,
        }
    }
}
