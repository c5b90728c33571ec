//! The wall without a window system: drawn into textures, at 60 frames a second.

use std::sync::Arc;
use std::time::Duration;

use super::pace::Pace;
use super::stage::Stage;
use super::{Command, KioskError, Options, Ports, Report, identify};
use crate::gpu::{Gpu, Output};
use crate::layout::wall::Wall;
use crate::text::Typesetter;

/// From one frame to the next.
const PERIOD: Duration = Duration::from_nanos(16_666_667);

/// Devices lost within a minute after which it is given up.
const MAX_LOSSES: u32 = 3;

/// Shows the wall until it is told to end. With `options.bench`, gives what was measured.
pub fn run(ports: &Ports, options: &Options) -> Result<Option<Report>, KioskError> {
    let began = ports.clock.now();
    let setter = std::thread::spawn(|| Typesetter::new(true));
    let wall = Arc::new((ports.solve)(&[]));
    let gpu = Gpu::headless()?;
    let setter = setter.join().unwrap_or_else(|_| Typesetter::new(false));
    let mut stage = Stage::new(wall.clone(), gpu, setter, options.bench);
    dress(&mut stage, wall, ports, options)?;
    let mut losses = Losses::default();
    let mut pace = Pace::new(PERIOD, began);
    loop {
        let now = ports.clock.now();
        if options.stay.is_some_and(|stay| now.since(began) >= stay) || stage.is_measured() {
            return Ok(stage.report(began));
        }
        if !pace.on_timer(now) {
            std::thread::sleep(pace.deadline().since(now));
            continue;
        }
        if !obey(&mut stage, ports, options)? {
            return Ok(stage.report(began));
        }
        let snapshot = ports.snapshot.load();
        // A texture never calls back: the own clock paces, so nothing counts as presented to it.
        let presented = stage.tick(&ports.clock, &snapshot, &mut |_| {});
        pace.ticked(now, &[false]);
        if let Some(eye) = &ports.eye {
            stage.show_to(eye.as_ref(), &presented, &snapshot, now);
        }
        if stage.gpu.lost() {
            losses.note(now)?;
            stage.replace_gpu(Gpu::headless()?);
            let wall = stage.wall.clone();
            dress(&mut stage, wall, ports, options)?;
        }
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

/// How often the device was lost lately.
#[derive(Debug, Default)]
pub(super) struct Losses {
    since: Option<crate::clock::Time>,
    count: u32,
}

impl Losses {
    /// Notes a loss; an error when there were too many within a minute.
    pub fn note(&mut self, now: crate::clock::Time) -> Result<(), KioskError> {
        let recent = self.since.is_some_and(|t| now.since(t) < Duration::from_secs(60));
        if !recent {
            (self.since, self.count) = (Some(now), 0);
        }
        self.count += 1;
        tracing::error!("the graphics device was lost; building everything anew");
        if self.count > MAX_LOSSES { Err(KioskError::DeviceLost(self.count)) } else { Ok(()) }
    }
}
