//! The wall without a window system: drawn into textures, at 60 frames a second.

use std::sync::Arc;
use std::time::Duration;

use super::render_loop::{PERIOD, RenderLoop, Surfaces};
use super::visibility::Visibility;
use super::wall_renderer::WallRenderer;
use super::{KioskError, Options, Ports, Report, Unseen};
use crate::clock::Instant;
use crate::gpu::{Gpu, Output};
use crate::layout::monitors::Monitor;
use crate::layout::wall::Wall;
use crate::text::Typesetter;

/// Shows the wall until it is told to end. With `options.bench`, gives what was measured.
pub fn run(ports: &Ports, options: &Options) -> Result<Option<Report>, KioskError> {
    let mut textures = Textures { visibilities: Vec::new() };
    let mut frames = RenderLoop::new(ports, options);
    frames.open(&mut textures)?;
    loop {
        let now = ports.clock.instant();
        if frames.is_over(now) {
            return Ok(frames.report());
        }
        if !frames.frame_clock.on_timer(now) {
            std::thread::sleep(frames.frame_clock.deadline().saturating_duration_since(now));
        } else if !frames.tick(&mut textures, now)? {
            return Ok(frames.report());
        }
    }
}

/// A texture for each display.
struct Textures {
    /// One for each output of the renderer.
    visibilities: Vec<Visibility>,
}

impl Surfaces for Textures {
    fn refresh(&mut self) {}

    fn look(&mut self, _now: Instant) -> bool {
        false
    }

    fn monitors(&self) -> &[Monitor] {
        &[]
    }

    fn fill_monitors(&self) -> bool {
        false
    }

    fn summary(&self) -> String {
        "none".into()
    }

    fn open(&mut self, _wall: &Arc<Wall>) -> Result<Option<Gpu>, KioskError> {
        Ok(Some(Gpu::headless()?))
    }

    fn dress(&mut self, renderer: &mut WallRenderer) -> Result<(), KioskError> {
        let wall = renderer.wall.clone();
        renderer.outputs.clear();
        for display in &wall.displays {
            let ground = renderer.ground();
            let output = Output::headless(&mut renderer.gpu, display, ground)?;
            renderer.outputs.push(output);
        }
        renderer.slots = (0..wall.displays.len()).collect();
        Ok(())
    }

    fn take_over(&mut self, renderer: &mut WallRenderer, wall: Arc<Wall>) -> Result<(), KioskError> {
        renderer.set_wall(wall);
        self.dress(renderer)
    }

    fn clear(&mut self, renderer: Option<WallRenderer>) -> Option<Typesetter> {
        renderer.map(WallRenderer::into_setter)
    }

    fn begin(&mut self, renderer: &mut WallRenderer, now: Instant) -> Result<(), KioskError> {
        self.visibilities.resize(renderer.outputs.len(), Visibility::new(false, now));
        for (visibility, output) in self.visibilities.iter().zip(&mut renderer.outputs) {
            if visibility.is_due(now) {
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
        for (display, (visibility, _)) in
            self.visibilities.iter_mut().zip(presented).enumerate().filter(|(_, (_, p))| **p)
        {
            visibility.given(now);
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
