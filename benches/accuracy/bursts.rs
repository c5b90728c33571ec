//! Bursts over simulated minutes: thirty days with the day's swing, fourteen bursts of four times
//! the usual for fifteen minutes, at 2 and at 50 mentions a minute; plain chance, the rate varied
//! from minute to minute (negative binomial of size 3), and the same drifting over minutes.

use std::fmt::Write as _;

use fishbowl::layout::alert::Sensitivity;
use fishbowl::pulse::alerts::detector::{Detector, Turn};
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

const DAYS: i64 = 30;
const BURSTS: i64 = 14;
const LENGTH: i64 = 15;
const TIMES: f64 = 4.0;
const SEEDS: u64 = 5;
/// Minutes in which a deviation loses half its weight in the simple detectors.
const HALF_LIFE: f64 = 90.0;

/// How the rate varies beside the day's swing.
#[derive(Clone, Copy)]
enum Variation {
    Plain,
    /// Anew in every minute.
    Varied,
    /// A new minute is three parts of ten its own, the rest the one before.
    Drifting,
}

const VARIATIONS: [(&str, Variation); 3] = [
    ("plain chance", Variation::Plain),
    ("overdispersed", Variation::Varied),
    ("drifting", Variation::Drifting),
];

/// A part of `docs/accuracy.md`.
pub fn table() -> String {
    let mut out = String::from(
        "## Bursts\n\nThirty simulated days with a daily swing of 60 %, and fourteen bursts of four \
         times the usual rate for fifteen minutes; sums of five seeds. Each cell has the false alarms \
         per day, the number of the 70 bursts that were found, and the median delay in minutes after the \
         burst began (the wall adds 20 seconds). Overdispersed minutes are negative binomial of size 3; \
         drifting ones keep seven tenths of the minute before.\n\n\
         | a minute | | Fishbowl, normal | calm | keen | EWMA z > 4 | EW Poisson p < 10⁻⁵ |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for mean in [2.0, 50.0] {
        for (name, variation) in VARIATIONS {
            let runs: Vec<Run> = (0..SEEDS).map(|seed| Run::new(mean, variation, seed)).collect();
            let ours = |sensitivity| score(&runs, |counts| detector(counts, sensitivity));
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "| {mean} | {name} | {} | {} | {} | {} | {} |",
                ours(Sensitivity::Normal),
                ours(Sensitivity::Calm),
                ours(Sensitivity::Keen),
                score(&runs, |counts| simple(counts, is_far)),
                score(&runs, |counts| simple(counts, is_rare)),
            );
        }
    }
    out
}

/// Minutes with bursts in them.
struct Run {
    counts: Vec<u32>,
    starts: Vec<i64>,
}

impl Run {
    fn new(mean: f64, variation: Variation, seed: u64) -> Self {
        let mut dice = Pcg64Mcg::seed_from_u64(seed);
        let minutes = DAYS * 1_440;
        let spacing = (minutes - 2_880) / BURSTS;
        let starts: Vec<i64> = (0..BURSTS)
            .map(|i| 2_880 + i * spacing + (dice.random::<f64>() * spacing as f64 * 0.8) as i64)
            .collect();
        let mut drift = 1.0;
        let count = |minute: i64| {
            let swing = 1.0 - 0.6 * (minute as f64 / 1_440.0 * std::f64::consts::TAU).cos();
            let times = if starts.iter().any(|s| (*s..s + LENGTH).contains(&minute)) { TIMES } else { 1.0 };
            let varied = match variation {
                Variation::Plain => 1.0,
                Variation::Varied => thirds(&mut dice),
                Variation::Drifting => {
                    drift = 0.7 * drift + 0.3 * thirds(&mut dice);
                    drift
                }
            };
            poisson(mean * swing * times * varied, &mut dice)
        };
        let counts = (0..minutes).map(count).collect();
        Self { counts, starts }
    }
}

/// A gamma variate of shape 3 and mean 1.
fn thirds(dice: &mut Pcg64Mcg) -> f64 {
    (0..3).map(|_| -(1.0 - dice.random::<f64>()).ln()).sum::<f64>() / 3.0
}

fn poisson(mean: f64, dice: &mut Pcg64Mcg) -> u32 {
    let (mut left, mut count) = (mean, 0);
    loop {
        left += (1.0 - dice.random::<f64>()).ln();
        if left < 0.0 {
            return count;
        }
        count += 1;
    }
}

/// Minutes in which the wall's detector tells a burst.
fn detector(counts: &[u32], sensitivity: Sensitivity) -> Vec<i64> {
    let mut detector = Detector::new(sensitivity);
    let judged = (0..).zip(counts).map(|(minute, count)| (minute, detector.minute(minute, Some(*count))));
    judged.filter(|(_, turn)| matches!(turn, Some(Turn::Begins(_)))).map(|(minute, _)| minute).collect()
}

/// Minutes in which a detector begins to tell one that looks at a single minute, with an
/// exponentially weighted mean and variance.
fn simple(counts: &[u32], tells: fn(f64, f64, f64) -> bool) -> Vec<i64> {
    let (mut mean, mut variance, mut told) = (0.0, 0.0, false);
    let mut minutes = Vec::new();
    for (minute, count) in (0..).zip(counts) {
        let count = f64::from(*count);
        let now = minute > 60 && tells(count, mean, variance);
        if now && !told {
            minutes.push(minute);
        }
        told = now;
        if !now {
            let weight = (1.0 - 0.5_f64.powf(1.0 / HALF_LIFE)).max(1.0 / (minute + 1) as f64);
            variance = (1.0 - weight) * (variance + weight * (count - mean).powi(2));
            mean += weight * (count - mean);
        }
    }
    minutes
}

fn is_far(count: f64, mean: f64, variance: f64) -> bool {
    count - mean > 4.0 * variance.max(0.1).sqrt()
}

/// True when chance alone gives as many less than once in 100 000 minutes.
fn is_rare(count: f64, mean: f64, _variance: f64) -> bool {
    let (mut term, mut below) = ((-mean).exp(), 0.0);
    for i in 0..count as u32 {
        below += term;
        term *= mean / f64::from(i + 1);
    }
    count > mean && 1.0 - below < 1e-5
}

/// `false alarms a day, found of all, median delay`.
fn score(runs: &[Run], tell: impl Fn(&[u32]) -> Vec<i64>) -> String {
    let (mut wrong, mut delays) = (0, Vec::new());
    for run in runs {
        let told = tell(&run.counts);
        let within = |minute: &i64, start: &i64| (start - 1..start + LENGTH + 5).contains(minute);
        wrong += told.iter().filter(|minute| !run.starts.iter().any(|start| within(minute, start))).count();
        let first =
            |start: &i64| told.iter().find(|minute| within(minute, start)).map(|minute| minute - start + 1);
        delays.extend(run.starts.iter().filter_map(first));
    }
    delays.sort_unstable();
    let days = (runs.len() as i64 * DAYS) as f64;
    let median =
        delays.get(delays.len() / 2).map_or("–".into(), |delay| format!("{} min", (*delay).max(0)));
    format!("{:.2}, {}, {median}", wrong as f64 / days, delays.len())
}
