//! What frames cost and how evenly they come: the figures of `fishbowl bench`.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

use super::energy::Energy;
use super::usage;
use crate::clock::Instant;

/// Most looks at the memory kept (60 hours); later ones are not kept.
const MAX_LOOKS: usize = 216_000;

/// Time between two looks at the memory.
const MEMORY_EVERY: Duration = Duration::from_secs(1);

/// Collects while the wall runs.
#[derive(Debug)]
pub struct Meter {
    began: Instant,
    cpu: Duration,
    energy: Option<Energy>,
    tracks: Vec<Track>,
    latency: Lengths,
    gpu: Lengths,
    painted_px: u64,
    shown_px: u64,
    memory: Vec<(f64, f64)>,
    memory_looked: Option<Instant>,
}

#[derive(Debug, Default)]
struct Track {
    name: String,
    frames: u64,
    last: Option<Instant>,
    intervals: Lengths,
}

/// One display in one tick.
#[derive(Clone, Copy, Debug, Default)]
pub struct Presented {
    pub presented: bool,
    /// Pixels of the kept picture painted anew, and of moving things drawn above it.
    pub painted_px: u64,
    /// Pixels of the display.
    pub pixels: u64,
}

impl Meter {
    pub fn new(names: impl Iterator<Item = String>, now: Instant) -> Self {
        let tracks = names.map(|name| Track { name, ..Track::default() }).collect();
        Self {
            began: now,
            cpu: usage::cpu_time(),
            energy: Energy::read(),
            tracks,
            latency: Lengths::default(),
            gpu: Lengths::default(),
            painted_px: 0,
            shown_px: 0,
            memory: Vec::new(),
            memory_looked: None,
        }
    }

    /// Notes a tick that ended at `now`. `waited` is how long each mention that these pictures are the
    /// first to show had been here.
    pub fn tick(
        &mut self,
        now: Instant,
        displays: &[Presented],
        waited: impl Iterator<Item = Duration>,
        gpu_ms: Option<f32>,
    ) {
        for (track, display) in self.tracks.iter_mut().zip(displays) {
            if display.presented {
                track.presented(now);
                self.painted_px += display.painted_px;
                self.shown_px += display.pixels;
            }
        }
        if displays.iter().any(|d| d.presented) {
            waited.for_each(|waited| self.latency.note(waited));
        }
        if let Some(gpu_ms) = gpu_ms {
            self.gpu.note(Duration::from_secs_f32(gpu_ms.max(0.0) / 1e3));
        }
        self.look_at_memory(now);
    }

    fn look_at_memory(&mut self, now: Instant) {
        let looked = |at| now.saturating_duration_since(at) < MEMORY_EVERY;
        if self.memory_looked.is_some_and(looked) || self.memory.len() >= MAX_LOOKS {
            return;
        }
        self.memory_looked = Some(now);
        if let Some(mb) = usage::resident_mb() {
            self.memory.push((now.saturating_duration_since(self.began).as_secs_f64() / 60.0, mb));
        }
    }

    /// The figures so far.
    pub fn figures(&self, now: Instant) -> Figures {
        let secs = now.saturating_duration_since(self.began).as_secs_f64().max(1e-3);
        let frames: u64 = self.tracks.iter().map(|t| t.frames).sum();
        let cpu_ms = usage::cpu_time().saturating_sub(self.cpu).as_secs_f64() * 1e3;
        let joules = self.energy.as_ref().and_then(|before| Some(Energy::read()?.since(before)));
        Figures {
            displays: self.tracks.iter().map(|t| t.figures(secs)).collect(),
            frames,
            fps: frames as f64 / secs / self.tracks.len().max(1) as f64,
            cpu_ms_per_frame: cpu_ms / frames.max(1) as f64,
            cpu_percent: cpu_ms / (secs * 10.0),
            watts: joules.map(|joules| joules / secs),
            gpu_ms: (!self.gpu.0.is_empty()).then(|| self.gpu.spread()),
            repainted: self.painted_px as f64 / self.shown_px.max(1) as f64,
            feed_to_pixel_ms: self.latency.spread(),
            memory_mb: self.memory.last().map(|(_, mb)| *mb),
            memory_slope_mb_per_min: slope(&self.memory),
        }
    }
}

impl Track {
    fn presented(&mut self, now: Instant) {
        self.frames += 1;
        if let Some(last) = self.last {
            self.intervals.note(now.saturating_duration_since(last));
        }
        self.last = Some(now);
    }

    fn figures(&self, secs: f64) -> DisplayFigures {
        DisplayFigures {
            name: self.name.clone(),
            frames: self.frames,
            fps: self.frames as f64 / secs,
            interval_ms: self.intervals.spread(),
        }
    }
}

/// What a [`Meter`] found.
#[derive(Clone, Debug)]
pub struct Figures {
    pub displays: Vec<DisplayFigures>,
    /// Presented on all displays together.
    pub frames: u64,
    /// Mean of the displays.
    pub fps: f64,
    pub cpu_ms_per_frame: f64,
    /// Processor time of the whole process, percent of one core.
    pub cpu_percent: f64,
    /// Power of the machine's processors, with all that runs on them; `None` where it cannot be read.
    pub watts: Option<f64>,
    pub gpu_ms: Option<Spread>,
    /// Part of the presented pixels that was painted anew, 0 to 1.
    pub repainted: f64,
    pub feed_to_pixel_ms: Spread,
    /// Resident memory at the last look, MiB.
    pub memory_mb: Option<f64>,
    pub memory_slope_mb_per_min: f64,
}

#[derive(Clone, Debug, Serialize)]
pub struct DisplayFigures {
    pub name: String,
    pub frames: u64,
    pub fps: f64,
    pub interval_ms: Spread,
}

/// Median, 99th percentile and maximum; 0 of nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    pub p50: f32,
    pub p99: f32,
    pub max: f32,
}

/// Lengths of time up to an hour, to three digits, in bounded memory.
#[derive(Clone, Debug)]
pub struct Lengths(Histogram<u32>);

impl Default for Lengths {
    fn default() -> Self {
        // Microseconds; the digits are within the 0 to 5 that the library takes.
        Self(Histogram::new_with_max(3_600_000_000, 3).expect("bounds that the library takes"))
    }
}

impl Lengths {
    pub fn note(&mut self, length: Duration) {
        self.0.saturating_record(u64::try_from(length.as_micros()).unwrap_or(u64::MAX));
    }

    pub fn count(&self) -> u64 {
        self.0.len()
    }

    pub fn spread(&self) -> Spread {
        let ms = |us: u64| us as f32 / 1e3;
        let at = |quantile| ms(self.0.value_at_quantile(quantile));
        Spread { p50: at(0.5), p99: at(0.99), max: ms(self.0.max()) }
    }
}

/// Least-squares slope of `(x, y)` points; 0 of fewer than two.
fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    if points.len() < 2 {
        return 0.0;
    }
    let mean = |f: fn(&(f64, f64)) -> f64| points.iter().map(f).sum::<f64>() / n;
    let (mx, my) = (mean(|p| p.0), mean(|p| p.1));
    let (mut above, mut below) = (0.0, 0.0);
    for (x, y) in points {
        above += (x - mx) * (y - my);
        below += (x - mx) * (x - mx);
    }
    if below > 0.0 { above / below } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let mut lengths = Lengths::default();
        assert_eq!(lengths.spread(), Spread::default());
        (1..=200).for_each(|ms| lengths.note(Duration::from_millis(ms)));
        let Spread { p50, p99, max } = lengths.spread();
        for (is, should) in [(p50, 100.0), (p99, 198.0), (max, 200.0)] {
            assert!((is / should - 1.0_f32).abs() < 1e-3, "{is} ms, not {should}");
        }
    }

    #[test]
    fn a_leak_of_two_a_minute_has_slope_two() {
        let points: Vec<_> = (0..60).map(|s| (f64::from(s) / 60.0, 100.0 + f64::from(s) / 30.0)).collect();
        assert!((slope(&points) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn only_presented_frames_count() {
        let start = Clock::system().instant();
        let t = |ms| start + Duration::from_millis(ms);
        let waited = |ms: u64| std::iter::once(Duration::from_millis(ms));
        let mut meter = Meter::new(["a".to_owned()].into_iter(), t(0));
        let shown = Presented { presented: true, painted_px: 25, pixels: 100 };
        meter.tick(t(0), &[shown], std::iter::empty(), None);
        meter.tick(t(16), &[Presented::default()], waited(15), None);
        meter.tick(t(500), &[shown], waited(40), None);
        let figures = meter.figures(t(1_000));
        let (longest, waited) = (figures.displays[0].interval_ms.max, figures.feed_to_pixel_ms.p99);
        assert_eq!((figures.frames, figures.repainted), (2, 0.25));
        assert!((longest - 500.0).abs() < 0.5 && (waited - 40.0).abs() < 0.05, "{longest} {waited}");
    }
}
