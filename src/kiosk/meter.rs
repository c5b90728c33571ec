//! What frames cost and how evenly they come: the figures of `fishbowl bench`.

use std::time::Duration;

use serde::Serialize;

use super::usage;
use crate::clock::Instant;

/// Most values kept of one kind (an hour at 60 a second); later ones are not kept.
const MAX_VALUES: usize = 216_000;

/// Time between two looks at the memory.
const MEMORY_EVERY: Duration = Duration::from_secs(1);

/// Collects while the wall runs.
#[derive(Debug)]
pub struct Meter {
    began: Instant,
    cpu: Duration,
    tracks: Vec<Track>,
    latency_ms: Vec<f32>,
    gpu_ms: Vec<f32>,
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
    interval_ms: Vec<f32>,
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
            tracks,
            latency_ms: Vec::new(),
            gpu_ms: Vec::new(),
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
            self.latency_ms.extend(waited.map(ms));
            self.latency_ms.truncate(MAX_VALUES);
        }
        if let Some(gpu) = gpu_ms.filter(|_| self.gpu_ms.len() < MAX_VALUES) {
            self.gpu_ms.push(gpu);
        }
        self.look_at_memory(now);
    }

    fn look_at_memory(&mut self, now: Instant) {
        let looked = |at| now.saturating_duration_since(at) < MEMORY_EVERY;
        if self.memory_looked.is_some_and(looked) || self.memory.len() >= MAX_VALUES {
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
        Figures {
            displays: self.tracks.iter().map(|t| t.figures(secs)).collect(),
            frames,
            fps: frames as f64 / secs / self.tracks.len().max(1) as f64,
            cpu_ms_per_frame: cpu_ms / frames.max(1) as f64,
            gpu_ms: (!self.gpu_ms.is_empty()).then(|| Spread::of(&self.gpu_ms)),
            repainted: self.painted_px as f64 / self.shown_px.max(1) as f64,
            feed_to_pixel_ms: Spread::of(&self.latency_ms),
            memory_mb: self.memory.last().map(|(_, mb)| *mb),
            memory_slope_mb_per_min: slope(&self.memory),
        }
    }
}

impl Track {
    fn presented(&mut self, now: Instant) {
        self.frames += 1;
        if let Some(last) = self.last.filter(|_| self.interval_ms.len() < MAX_VALUES) {
            self.interval_ms.push(ms(now.saturating_duration_since(last)));
        }
        self.last = Some(now);
    }

    fn figures(&self, secs: f64) -> DisplayFigures {
        DisplayFigures {
            name: self.name.clone(),
            frames: self.frames,
            fps: self.frames as f64 / secs,
            interval_ms: Spread::of(&self.interval_ms),
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

impl Spread {
    pub fn of(values: &[f32]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f32::total_cmp);
        let rank = |p: f64| ((sorted.len() as f64 * p).ceil() as usize).max(1) - 1;
        let at = |p: f64| sorted.get(rank(p)).copied().unwrap_or_default();
        Self { p50: at(0.5), p99: at(0.99), max: at(1.0) }
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

fn ms(length: Duration) -> f32 {
    length.as_secs_f32() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let values: Vec<f32> = (1..=200).map(|v| v as f32).collect();
        assert_eq!(Spread::of(&values), Spread { p50: 100.0, p99: 198.0, max: 200.0 });
        assert_eq!(Spread::of(&[]), Spread::default());
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
        assert_eq!((figures.frames, figures.displays[0].interval_ms.max), (2, 500.0));
        assert_eq!((figures.repainted, figures.feed_to_pixel_ms.p99), (0.25, 40.0));
    }
}
