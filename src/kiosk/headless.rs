//! The wall without a window system: drawn into textures, at 60 frames a second.

use std::sync::Arc;
use std::time::Duration;

use super::render_loop::{PERIOD, RenderLoop, Surfaces};
use super::sight::Sight;
use super::stage::Stage;
use super::{KioskError, Options, Ports, Report, Unseen};
use crate::clock::Instant;
use crate::gpu::{Gpu, Output};
use crate::layout::monitors::Monitor;
use crate::layout::wall::Wall;
use crate::text::Typesetter;

/// Shows the wall until it is told to end. With `options.bench`, gives what was measured.
pub fn run(ports: &Ports, options: &Options) -> Result<Option<Report>, KioskError> {
    let mut textures = Textures { sights: Vec::new() };
    let mut frames = RenderLoop::new(ports, options);
    frames.open(&mut textures)?;
    loop {
        let now = ports.clock.instant();
        if frames.is_over(now) {
            return Ok(frames.report());
        }
        if !frames.pace.on_timer(now) {
            std::thread::sleep(frames.pace.deadline().saturating_duration_since(now));
        } else if !frames.tick(&mut textures, now)? {
            return Ok(frames.report());
        }
    }
}

/// A texture for each display.
struct Textures {
    /// One for each output of the stage.
    sights: Vec<Sight>,
}

impl Surfaces for Textures {
    fn refresh(&mut self) {}

    fn look(&mut self, _now: Instant) -> bool {
        false
    }

    fn monitors(&self) -> &[Monitor] {
        &[]
    }

    fn summary(&self) -> String {
        "none".into()
    }

    fn open(&mut self, _wall: &Arc<Wall>) -> Result<Option<Gpu>, KioskError> {
        Ok(Some(Gpu::headless()?))
    }

    fn dress(&mut self, stage: &mut Stage) -> Result<(), KioskError> {
        let wall = stage.wall.clone();
        stage.outputs.clear();
        for display in &wall.displays {
            let output = Output::headless(&mut stage.gpu, display, wall.theme.ground)?;
            stage.outputs.push(output);
        }
        stage.slots = (0..wall.displays.len()).collect();
        Ok(())
    }

    fn take_over(&mut self, stage: &mut Stage, wall: Arc<Wall>) -> Result<(), KioskError> {
        stage.set_wall(wall);
        self.dress(stage)
    }

    fn clear(&mut self, stage: Option<Stage>) -> Option<Typesetter> {
        stage.map(Stage::into_setter)
    }

    fn begin(&mut self, stage: &mut Stage, now: Instant) -> Result<(), KioskError> {
        self.sights.resize(stage.outputs.len(), Sight::new(false, now));
        for (sight, output) in self.sights.iter().zip(&mut stage.outputs) {
            if sight.is_due(now) {
                output.expose();
            }
        }
        Ok(())
    }

    fn ready(&self, _output: usize) {}

    fn unseen(&self, _now: Instant) -> Vec<Unseen> {
        Vec::new()
    }

    /// A texture never calls back: the own clock paces.
    fn presented(&mut self, presented: &[bool], ports: &Ports) -> Vec<bool> {
        let now = ports.clock.instant();
        for (display, (sight, _)) in
            self.sights.iter_mut().zip(presented).enumerate().filter(|(_, (_, p))| **p)
        {
            sight.given(now);
            ports.observer.iter().for_each(|observer| observer.seen(display, now));
        }
        vec![false]
    }

    fn period(&self) -> Duration {
        PERIOD
    }

    fn words(&self, _wall: &Wall) -> Vec<String> {
        Vec::new()
    }
}
