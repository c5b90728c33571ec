//! The wall without a window system: drawn into textures, at 60 frames a second.

use std::sync::Arc;
use std::time::Duration;

use super::loss::Losses;
use super::pace::Pace;
use super::sight::Sight;
use super::stage::Stage;
use super::{Command, KioskError, Options, Ports, Report, identify};
use crate::gpu::{Gpu, Output};
use crate::layout::wall::Wall;
use crate::text::Typesetter;

/// From one frame to the next.
const PERIOD: Duration = Duration::from_nanos(16_666_667);

/// Shows the wall until it is told to end. With `options.bench`, gives what was measured.
pub fn run(ports: &Ports, options: &Options) -> Result<Option<Report>, KioskError> {
    let began = ports.clock.instant();
    let setter = std::thread::spawn(|| Typesetter::new(true));
    let wall = Arc::new((ports.solve)(&[]));
    let gpu = Gpu::headless()?;
    let setter = setter.join().unwrap_or_else(|_| Typesetter::new(false));
    let mut stage = Stage::new(wall.clone(), gpu, setter, options.bench);
    dress(&mut stage, wall, ports, options)?;
    let mut losses = Losses::default();
    losses.opened();
    let mut pace = Pace::new(PERIOD, began);
    let mut sights = Vec::new();
    loop {
        let now = ports.clock.instant();
        let over = options.stay.is_some_and(|stay| now.saturating_duration_since(began) >= stay);
        if over || stage.is_measured() {
            return Ok(stage.report(began));
        }
        if !pace.on_timer(now) {
            std::thread::sleep(pace.deadline().saturating_duration_since(now));
            continue;
        }
        if !obey(&mut stage, ports, options)? {
            return Ok(stage.report(began));
        }
        tick(&mut stage, &mut sights, ports);
        // A texture never calls back: the own clock paces, so nothing counts as presented to it.
        pace.ticked(now, &[false]);
        if stage.gpu.lost() {
            recover(&mut stage, &mut losses, ports, options)?;
        }
    }
}

/// Draws one moment, and tells of it.
fn tick(stage: &mut Stage, sights: &mut Vec<Sight>, ports: &Ports) {
    let now = ports.clock.instant();
    sights.resize(stage.outputs.len(), Sight::new(false, now));
    for (sight, output) in sights.iter().zip(&mut stage.outputs) {
        if sight.is_due(now) {
            output.expose();
        }
    }
    let snapshot = ports.snapshot.load();
    let presented = stage.tick(&ports.clock, &snapshot, &mut |_| {});
    let Some(eye) = &ports.eye else { return };
    let now = ports.clock.instant();
    for ((sight, display), _) in sights.iter_mut().zip(&stage.slots).zip(&presented).filter(|(_, p)| **p) {
        sight.given(now);
        eye.seen(*display, now);
    }
    stage.show_to(eye.as_ref(), &[], &snapshot, &ports.clock);
}

/// Builds everything on the GPU anew from what the processor knows.
fn recover(
    stage: &mut Stage,
    losses: &mut Losses,
    ports: &Ports,
    options: &Options,
) -> Result<(), KioskError> {
    let now = ports.clock.instant();
    if !losses.is_out() {
        losses.note(now)?;
    }
    if !losses.is_due(now) {
        return Ok(());
    }
    match Gpu::headless() {
        Ok(gpu) => {
            losses.opened();
            stage.replace_gpu(gpu);
            let wall = stage.wall.clone();
            dress(stage, wall, ports, options)
        }
        Err(error) => losses.failed(error, now),
    }
}

/// Gives every display a texture.
fn dress(stage: &mut Stage, wall: Arc<Wall>, ports: &Ports, options: &Options) -> Result<(), KioskError> {
    stage.set_wall(wall.clone());
    stage.outputs.clear();
    for display in &wall.displays {
        let output = Output::headless(&mut stage.gpu, display, wall.theme.ground)?;
        stage.outputs.push(output);
    }
    stage.slots = (0..wall.displays.len()).collect();
    stage.fixed = options.identify.then(|| identify::frame(&wall, &[], stage.setter()));
    if let Some(eye) = &ports.eye {
        eye.wall(&wall);
    }
    Ok(())
}

/// Does what was asked since the last frame; false when it is to end.
fn obey(stage: &mut Stage, ports: &Ports, options: &Options) -> Result<bool, KioskError> {
    while let Ok(command) = ports.commands.try_recv() {
        match command {
            Command::Quit => return Ok(false),
            Command::Notice(notice) => stage.control.notice = notice,
            Command::Layout(solve) => {
                let wall = Arc::new(solve(&[]));
                if stage.can_take(&wall) {
                    dress(stage, wall, ports, options)?;
                }
            }
        }
    }
    Ok(true)
}
