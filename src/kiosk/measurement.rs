//! A measurement in its phases: warm-up, the wall, commands, the idle wall, the limit.

use std::sync::PoisonError;
use std::time::Duration;

use super::meter::{Figures, Lengths, Meter, Presented};
use super::{Bench, Report, Steer};
use crate::clock::Instant;
use crate::gpu::{Drawn, Output};

/// Until the wall is black and at rest.
const SETTLE: Duration = Duration::from_secs(3);

/// What is measured, and what was found so far.
pub struct Measurement {
    bench: Bench,
    phase: Phase,
    until: Option<Instant>,
    wall: Option<(Meter, u64)>,
    commands: Lengths,
    idle: Option<Meter>,
    found_idle: Option<Figures>,
    limit: Option<Meter>,
    found: Option<(Figures, u64)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Warmup,
    Wall,
    Commands,
    Settle,
    Idle,
    /// The black is taken away again.
    Wake,
    Limit,
    Done,
}

impl Measurement {
    pub fn new(bench: Bench) -> Self {
        Self {
            bench,
            phase: Phase::Warmup,
            until: None,
            wall: None,
            commands: Lengths::default(),
            idle: None,
            found_idle: None,
            limit: None,
            found: None,
        }
    }

    /// Kept pictures are copied and nothing is painted.
    pub fn is_at_the_limit(&self) -> bool {
        self.phase == Phase::Limit
    }

    pub fn is_done(&self) -> bool {
        self.phase == Phase::Done
    }

    /// The first frame that shows a command came so long after it.
    pub fn answered(&mut self, waited: Duration) {
        if self.phase == Phase::Commands {
            self.commands.note(waited);
        }
    }

    pub fn note(
        &mut self,
        now: Instant,
        folded: u64,
        names: impl Iterator<Item = String>,
        displays: &[Presented],
        waited: impl Iterator<Item = Duration>,
        gpu_ms: Option<f32>,
    ) {
        let until = *self.until.get_or_insert(now + self.bench.warmup);
        if let Some((meter, _)) = self.wall.as_mut().filter(|_| self.phase == Phase::Wall) {
            meter.tick(now, displays, waited, gpu_ms);
        }
        if let Some(meter) = self.idle.as_mut().filter(|_| self.phase == Phase::Idle) {
            meter.tick(now, displays, std::iter::empty(), None);
        }
        if let Some(meter) = self.limit.as_mut().filter(|_| self.phase == Phase::Limit) {
            meter.tick(now, displays, std::iter::empty(), None);
        }
        if now >= until {
            self.next_phase(now, folded, names);
        }
    }

    fn next_phase(&mut self, now: Instant, folded: u64, names: impl Iterator<Item = String>) {
        let length = match self.phase {
            Phase::Warmup => {
                self.wall = Some((Meter::new(names, now), folded));
                self.phase = Phase::Wall;
                self.bench.measure
            }
            Phase::Wall => {
                self.found = self.wall.as_ref().map(|(meter, before)| (meter.figures(now), folded - before));
                self.phase = Phase::Commands;
                self.bench.commands
            }
            Phase::Commands => {
                self.phase = Phase::Settle;
                SETTLE
            }
            Phase::Settle => {
                self.idle = Some(Meter::new(names, now));
                self.phase = Phase::Idle;
                self.bench.idle
            }
            Phase::Idle => {
                self.found_idle = self.idle.as_ref().map(|meter| meter.figures(now));
                self.phase = Phase::Wake;
                SETTLE
            }
            Phase::Wake => {
                self.limit = Some(Meter::new(names, now));
                self.phase = Phase::Limit;
                self.bench.limit
            }
            Phase::Limit | Phase::Done => {
                self.phase = Phase::Done;
                Duration::ZERO
            }
        };
        *self.bench.steer.lock().unwrap_or_else(PoisonError::into_inner) = match self.phase {
            Phase::Commands => Steer::Commands,
            Phase::Settle | Phase::Idle => Steer::Black,
            Phase::Warmup | Phase::Wall | Phase::Wake | Phase::Limit | Phase::Done => Steer::Nothing,
        };
        self.until = Some(now + length);
    }

    /// What was found, once all of it is.
    pub fn report(&self, first_frame: Duration, adapter: String) -> Option<Report> {
        let (wall, mentions) = self.found.clone().filter(|_| self.is_done())?;
        let limit = self.limit.as_ref()?.figures(self.until?);
        let idle = self.found_idle.clone()?;
        let command_to_pixel_ms = (self.commands.spread(), self.commands.count());
        Some(Report { wall, idle, limit, first_frame, mentions, command_to_pixel_ms, adapter })
    }
}

/// What a drawn output showed.
pub fn presented(drawn: &Drawn, output: &Output) -> Presented {
    let (w, h) = output.pixels();
    Presented {
        presented: drawn.presented,
        painted_px: drawn.still_px + drawn.motion_px,
        pixels: u64::from(w) * u64::from(h),
    }
}
