//! When and where the simulation speaks: the day's rhythm by longitude, drifting topics, bursts.

use std::f64::consts::TAU;

use rand::RngExt as _;
use rand_pcg::Pcg64Mcg;

use super::dice::{BURST, MINUTE, dice, mix, pick, pick_by, sums};
use super::people::World;
use super::topics::TOPICS;

/// Parts of the five topics in all talk, before they drift.
const SHARES: [f64; TOPICS.len()] = [34.0, 17.0, 20.0, 12.0, 17.0];

/// Topics swell and ebb by this much, each with its own period in seconds.
const SWELL: f64 = 0.3;
const PERIODS: [f64; TOPICS.len()] = [2_820.0, 3_660.0, 4_380.0, 5_340.0, 3_120.0];

/// In each stretch of this many seconds there may be one burst.
const SLOT: i64 = 1_200;
const BURST_CHANCE: f64 = 0.6;

/// A burst lasts 5 to 15 minutes, seconds.
const BURST_LENGTH: std::ops::Range<i64> = 300..900;

/// Height of a burst over the mean rate; with [`BURST_MEAN`] it decides what bursts add to a day.
const BURST_HEIGHT: std::ops::Range<f64> = 0.3..1.1;
/// Mean of [`profile`].
const BURST_MEAN: f64 = 0.412;
/// What bursts add to a day, so that the rest leaves room for it.
const BURST_SHARE: f64 = BURST_CHANCE * (600.0 / SLOT as f64) * 0.7 * BURST_MEAN;

/// How the talk stands in one second.
#[derive(Debug)]
pub(super) struct Tide {
    pub seed: u64,
    /// Mentions a second beside the burst.
    base_rate: f64,
    pub burst_rate: f64,
    pub burst: Option<Burst>,
    cities: Vec<f64>,
    topics: Vec<f64>,
}

/// Many people in one place with one story.
#[derive(Clone, Copy, Debug)]
pub(super) struct Burst {
    pub city: usize,
    pub topic: usize,
    start: i64,
    length: i64,
    height: f64,
}

/// Turns seconds into tides; keeps what stays the same for a minute.
#[derive(Debug)]
pub(super) struct Rhythm {
    rate: f64,
    varies: bool,
    minute: i64,
    slot: i64,
    tide: Tide,
}

impl Rhythm {
    /// `rate` is the mean of mentions a second over a day; it is constant unless it `varies`.
    pub fn new(seed: u64, rate: f64, varies: bool) -> Self {
        let tide = Tide {
            seed,
            base_rate: rate,
            burst_rate: 0.0,
            burst: None,
            cities: Vec::new(),
            topics: Vec::new(),
        };
        Self { rate, varies, minute: i64::MIN, slot: i64::MIN, tide }
    }

    /// How the talk stands in the second; the same however it was reached.
    pub fn at(&mut self, second: i64, world: &World) -> &Tide {
        let (minute, slot) = (second.div_euclid(60), second.div_euclid(SLOT));
        if minute != self.minute {
            self.minute = minute;
            self.turn_minute(world);
        }
        if slot != self.slot && self.varies {
            self.slot = slot;
            self.tide.burst = burst(self.tide.seed, slot, world);
        }
        let height = self.tide.burst.map_or(0.0, |b| b.height * profile(b.progress(second)));
        self.tide.burst_rate = self.rate * height;
        &self.tide
    }

    /// The tide that was last asked for.
    pub fn tide(&self) -> &Tide {
        &self.tide
    }

    fn turn_minute(&mut self, world: &World) {
        let time = self.minute as f64 * 60.0;
        let weight = |i: usize| if self.varies { drift(self.tide.seed, i, time) } else { 1.0 };
        self.tide.topics = sums(SHARES.iter().enumerate().map(|(i, share)| share * weight(i)));
        let waking = |lon: f32| if self.varies { waking(time, lon) } else { 1.0 };
        self.tide.cities = sums(world.cities.iter().map(|c| c.weight * waking(c.geo.lon)));
        if self.varies {
            let whole: f64 = world.cities.iter().map(|c| c.weight).sum();
            let awake = self.tide.cities.last().copied().unwrap_or(0.0) / whole;
            let unrest = dice(self.tide.seed, MINUTE, self.minute).random_range(0.85..1.15);
            self.tide.base_rate = self.rate * (1.0 - BURST_SHARE) * awake * unrest;
        }
    }
}

impl Tide {
    /// Mentions a second in all.
    pub fn rate(&self) -> f64 {
        self.base_rate + self.burst_rate
    }

    pub fn city(&self, dice: &mut Pcg64Mcg) -> usize {
        pick_by(dice, &self.cities)
    }

    pub fn topic(&self, dice: &mut Pcg64Mcg) -> usize {
        pick_by(dice, &self.topics)
    }
}

impl Burst {
    /// 0 to 1 while it lasts.
    fn progress(&self, second: i64) -> f64 {
        (second - self.start) as f64 / self.length as f64
    }
}

/// The burst of a slot, if it has one; it lies within the slot and in a city that is awake.
fn burst(seed: u64, slot: i64, world: &World) -> Option<Burst> {
    let mut dice = dice(seed, BURST, slot);
    if !dice.random_bool(BURST_CHANCE) {
        return None;
    }
    let length = dice.random_range(BURST_LENGTH);
    let start = slot * SLOT + dice.random_range(0..SLOT - length);
    let awake = sums(world.cities.iter().map(|c| c.weight * waking(start as f64, c.geo.lon)));
    let (city, topic) = (pick_by(&mut dice, &awake), pick(&mut dice, TOPICS.len()));
    Some(Burst { city, topic, start, length, height: dice.random_range(BURST_HEIGHT) })
}

/// The course of a burst: up within an eighth of its time, then down ever more slowly; 0 outside.
fn profile(x: f64) -> f64 {
    match x {
        _ if !(0.0..1.0).contains(&x) => 0.0,
        _ if x < 0.125 => x / 0.125,
        _ => ((1.0 - x) / 0.875).powf(1.5),
    }
}

/// How awake people at the longitude are, by the sun: from about a quarter before dawn to twice
/// the mean in the evening. The mean over a day is 1.
fn waking(time: f64, lon: f32) -> f64 {
    let hour = time / 3_600.0 + f64::from(lon) / 15.0;
    1.0 - 0.72 * ((hour - 3.5) / 24.0 * TAU).cos() + 0.2 * ((hour - 12.5) / 12.0 * TAU).cos()
}

fn drift(seed: u64, topic: usize, time: f64) -> f64 {
    let phase = (mix(seed ^ topic as u64) % 1_000) as f64 / 1_000.0;
    1.0 + SWELL * ((time / PERIODS[topic] + phase) * TAU).sin()
}

/// A number of events by Poisson's distribution; by the normal one that it approaches above 30.
pub(super) fn poisson(mean: f64, dice: &mut Pcg64Mcg) -> usize {
    if mean > 30.0 {
        let (a, b): (f64, f64) = (dice.random(), dice.random());
        let normal = (-2.0 * (1.0 - a).ln()).sqrt() * (TAU * b).cos();
        return (mean + mean.sqrt() * normal).round().max(0.0) as usize;
    }
    let (floor, mut product, mut count) = ((-mean).exp(), dice.random::<f64>(), 0);
    while product > floor {
        product *= dice.random::<f64>();
        count += 1;
    }
    count
}
