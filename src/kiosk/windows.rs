//! The wall in windows: one for each display, full screen on its monitor, or ordinary ones.

use std::sync::Arc;
use std::time::Duration;

use winit::application::ApplicationHandler;
use winit::event::{ElementState, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop};
use winit::keyboard::{Key, NamedKey};
use winit::window::WindowId;

use super::loss::Losses;
use super::pace::Pace;
use super::panes::{self, Pane};
use super::screens::{self, Ear, Place, Screens};
use super::seen;
use super::sight::Sight;
use super::signs::{self, Signs};
use super::stage::Stage;
use super::{Command, KioskError, Options, Ports, Report, identify};
use crate::clock::Instant;
use crate::gpu::{Gpu, GpuError, Output};
use crate::layout::wall::{Display, Wall};
use crate::text::Typesetter;

/// Time between two looks at the monitors: neither winit nor Wayland clients are told of all
/// that happens to them.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Frame period when no monitor tells its own.
const PERIOD: Duration = Duration::from_nanos(16_666_667);

/// Shows the wall until it is told to end. With `options.bench`, gives what was measured.
///
/// # Errors
/// [`KioskError::NoWindows`] when there is no window system to talk to, [`KioskError::Ended`] when
/// it went away; neither can be tried again in this process.
pub fn run(ports: &Ports, options: &Options) -> Result<Option<Report>, KioskError> {
    let event_loop = EventLoop::new().map_err(|e| KioskError::NoWindows(e.to_string()))?;
    let mut kiosk = Kiosk::new(ports, options);
    event_loop.run_app(&mut kiosk).map_err(|e| KioskError::Ended(e.to_string()))?;
    match kiosk.failure {
        // A window can only be refused by a window system that is about to go.
        Some(KioskError::Window(why) | KioskError::Gpu(GpuError::Surface(why))) => {
            Err(KioskError::Ended(why))
        }
        Some(failure) => Err(failure),
        None => Ok(kiosk.stage.as_ref().and_then(|s| s.report(kiosk.began))),
    }
}

pub(super) struct Kiosk<'a> {
    pub(super) ports: &'a Ports,
    pub(super) options: &'a Options,
    began: Instant,
    setter: Option<std::thread::JoinHandle<Typesetter>>,
    /// The typesetter of the stage before.
    pub(super) spare: Option<Typesetter>,
    notice: Option<Arc<str>>,
    pub(super) solve: super::Solve,
    pub(super) stage: Option<Stage>,
    /// One for each output of the stage, in the same order.
    pub(super) windows: Vec<Pane>,
    pub(super) screens: Screens,
    pub(super) ear: Ear,
    pub(super) signs: Signs,
    looked: Instant,
    /// When it last did anything, and when it last did nothing for long before.
    pub(super) round: Instant,
    pub(super) awake: Instant,
    /// When the monitors last changed.
    pub(super) unsettled: Option<Instant>,
    pub(super) pace: Pace,
    pub(super) losses: Losses,
    failure: Option<KioskError>,
}

impl<'a> Kiosk<'a> {
    fn new(ports: &'a Ports, options: &'a Options) -> Self {
        let began = ports.clock.instant();
        Self {
            ports,
            options,
            began,
            setter: Some(std::thread::spawn(|| Typesetter::new(true))),
            spare: None,
            notice: ports.notice.clone(),
            solve: ports.solve.clone(),
            stage: None,
            windows: Vec::new(),
            screens: Screens::default(),
            ear: Ear::default(),
            signs: Signs::default(),
            looked: began,
            round: began,
            awake: began,
            unsettled: None,
            pace: Pace::new(PERIOD, began),
            losses: Losses::default(),
            failure: None,
        }
    }

    /// Opens the wall; without a monitor for any display it stays closed, to be tried again.
    pub(super) fn open(&mut self, event_loop: &ActiveEventLoop) -> Result<(), KioskError> {
        self.screens = screens::look(event_loop, &mut self.ear);
        let wall = Arc::new((self.solve)(&self.screens.monitors));
        let mut places = self.places(&wall);
        let panes = self.make_panes(event_loop, &wall, &places.all)?;
        self.signs.want(event_loop, &places.signs, (&self.screens, &self.ear.server))?;
        places.doubts.iter().for_each(|doubt| tracing::error!("{doubt}; {}", signs::ADVICE));
        places.remarks.append(&mut places.doubts);
        let first = panes.first().map(|pane| pane.window.clone());
        let Some(first) = first.or_else(|| self.signs.window()) else {
            self.losses.rest();
            return Ok(());
        };
        let gpu = match Gpu::open(first) {
            Ok(gpu) => gpu,
            Err(error) => return self.losses.failed(error, self.ports.clock.instant()),
        };
        self.losses.opened();
        self.signs.forget();
        let setter = self.spare.take().or_else(|| self.setter.take().and_then(|t| t.join().ok()));
        let setter = setter.unwrap_or_else(|| Typesetter::new(false));
        let mut stage = Stage::new(wall.clone(), gpu, setter, self.options.bench);
        stage.control.notice = self.notice.clone();
        stage.remarks = places.remarks;
        self.windows.clear();
        for pane in panes {
            add(&mut stage, &mut self.windows, &wall, pane)?;
        }
        self.stage = Some(stage);
        self.settle(&wall);
        Ok(())
    }

    pub(super) fn make_panes(
        &self,
        event_loop: &ActiveEventLoop,
        wall: &Wall,
        places: &[Place],
    ) -> Result<Vec<Pane>, KioskError> {
        let desk = self.screens.desk();
        let make = |place: &Place| {
            let spot = place.monitor.as_ref().and_then(|m| self.screens.spot(m));
            let spot = spot.map(|spot| (spot, &self.ear.server));
            let window = panes::open(event_loop, wall, place.display, spot, desk)?;
            let sight = Sight::new(seen::acknowledges(event_loop), self.ports.clock.instant());
            Ok(Pane { window, place: place.clone(), sight, owed: false })
        };
        places.iter().map(make).collect()
    }

    /// After the set of outputs or the wall changed.
    fn settle(&mut self, wall: &Arc<Wall>) {
        let Some(stage) = &mut self.stage else { return };
        let words = self.screens.words(wall);
        stage.fixed = self.options.identify.then(|| identify::frame(wall, &words, stage.setter()));
        if let Some(eye) = &self.ports.eye {
            eye.wall(wall);
        }
        self.pace.set_period(self.screens.period().unwrap_or(PERIOD));
    }

    /// Takes over a wall, keeping the windows whose display stays what and where it was.
    fn take_over(&mut self, event_loop: &ActiveEventLoop, wall: Arc<Wall>) -> Result<(), KioskError> {
        let places = self.sure_places(&wall);
        self.signs.want(event_loop, &places.signs, (&self.screens, &self.ear.server))?;
        let Some(stage) = &mut self.stage else { return Ok(()) };
        let old = stage.wall.clone();
        let same_ground = old.theme.ground == wall.theme.ground;
        let stays = |slot: usize, pane: &Pane| {
            let there = panes::drawn_alike(old.displays.get(slot), wall.displays.get(slot));
            same_ground && there && places.all.contains(&pane.place)
        };
        for i in (0..self.windows.len()).rev() {
            if !stays(stage.slots[i], &self.windows[i]) {
                // The surface goes before its window.
                drop(stage.outputs.remove(i));
                self.windows.remove(i);
                stage.slots.remove(i);
            }
        }
        stage.set_wall(wall.clone());
        let open: Vec<usize> = stage.slots.clone();
        stage.remarks = places.remarks;
        let missing: Vec<Place> = places.all.into_iter().filter(|p| !open.contains(&p.display)).collect();
        for pane in self.make_panes(event_loop, &wall, &missing)? {
            if let Some(stage) = &mut self.stage {
                add(stage, &mut self.windows, &wall, pane)?;
            }
        }
        self.settle(&wall);
        Ok(())
    }

    /// Looks at the monitors; when they changed, matches anew.
    fn look(&mut self, event_loop: &ActiveEventLoop, now: Instant) -> Result<(), KioskError> {
        self.looked = now;
        let seen = screens::look(event_loop, &mut self.ear);
        if self.stage.is_none() && (!seen.are_as(&self.screens) || self.losses.is_due(now)) {
            return self.open(event_loop);
        }
        if seen.are_as(&self.screens) {
            self.keep_fullscreen();
            return Ok(());
        }
        tracing::info!("the monitors changed: {}", seen.summary());
        self.unsettle(now);
        self.screens = seen;
        let wall = Arc::new((self.solve)(&self.screens.monitors));
        self.take_over(event_loop, wall)?;
        self.each_on_monitor(panes::follow);
        Ok(())
    }

    fn obey(&mut self, event_loop: &ActiveEventLoop) -> Result<(), KioskError> {
        while let Ok(command) = self.ports.commands.try_recv() {
            match (command, &mut self.stage) {
                (Command::Quit, _) => event_loop.exit(),
                (Command::Notice(notice), stage) => {
                    self.notice = notice.clone();
                    stage.iter_mut().for_each(|stage| stage.control.notice = notice.clone());
                }
                (Command::Layout(solve), Some(stage)) => {
                    let wall = Arc::new(solve(&self.screens.monitors));
                    if stage.can_take(&wall) {
                        (self.solve, self.notice) = (solve, None);
                        self.take_over(event_loop, wall)?;
                    }
                }
                (Command::Layout(solve), None) => {
                    (self.solve, self.notice) = (solve, None);
                    self.open(event_loop)?;
                }
            }
        }
        Ok(())
    }

    fn tick(&mut self, event_loop: &ActiveEventLoop, now: Instant) -> Result<(), KioskError> {
        self.obey(event_loop)?;
        let looks = now.saturating_duration_since(self.looked) >= LOOK_EVERY;
        if looks {
            self.look(event_loop, now)?;
        }
        self.renew(event_loop, now)?;
        self.hold(now);
        let unseen = self.unseen(now);
        let Some(stage) = &mut self.stage else {
            self.pace.ticked(now, &[]);
            if looks {
                self.tell_of_nothing();
            }
            return Ok(());
        };
        let snapshot = self.ports.snapshot.load();
        let windows = &self.windows;
        let mut ready = |i: usize| windows[i].window.pre_present_notify();
        let presented = stage.tick(&self.ports.clock, &snapshot, &mut ready);
        self.signs.draw(stage);
        if let Some(eye) = &self.ports.eye {
            stage.show_to(eye.as_ref(), &unseen, &snapshot, &self.ports.clock);
        }
        let lost = stage.gpu.lost();
        let awaited = self.given(&presented);
        self.pace.ticked(now, &awaited);
        if lost {
            self.recover(event_loop, now)?;
        }
        Ok(())
    }

    fn done(&self, now: Instant) -> bool {
        let over = self.options.stay.is_some_and(|stay| now.saturating_duration_since(self.began) >= stay);
        over || self.stage.as_ref().is_some_and(Stage::is_measured)
    }

    pub(super) fn step(&mut self, event_loop: &ActiveEventLoop, now: Instant) {
        if let Err(failure) = self.tick(event_loop, now) {
            self.failure = Some(failure);
            event_loop.exit();
        }
    }
}

impl ApplicationHandler for Kiosk<'_> {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        if self.stage.is_some() {
            return;
        }
        if let Err(failure) = self.open(event_loop) {
            self.failure = Some(failure);
            event_loop.exit();
        } else if self.stage.is_none() {
            tracing::warn!(
                "none of the layout's displays has a monitor here ({}); waiting for one",
                self.screens.summary()
            );
        }
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, id: WindowId, event: WindowEvent) {
        let index = self.windows.iter().position(|p| p.window.id() == id);
        if let (WindowEvent::Resized(_), Some(stage)) = (&event, &self.stage) {
            self.signs.resized(id, &stage.gpu);
        }
        let Some(index) = index else { return };
        match event {
            // The picture is as large as its monitor, whatever the desktop's scale.
            WindowEvent::ScaleFactorChanged { mut inner_size_writer, .. } if self.screens.on_x11() => {
                let size = self.windows[index].window.inner_size();
                // It fails only when the window is going.
                let _ = inner_size_writer.request_inner_size(size);
            }
            WindowEvent::CloseRequested => event_loop.exit(),
            WindowEvent::KeyboardInput { event, .. } if event.state == ElementState::Pressed => {
                let quit = Key::Character("q".into());
                if event.logical_key == Key::Named(NamedKey::Escape) || event.logical_key == quit {
                    event_loop.exit();
                }
            }
            WindowEvent::Resized(size) => {
                if let Some(stage) = &mut self.stage {
                    stage.outputs[index].resize(&stage.gpu, size.width, size.height);
                }
            }
            WindowEvent::Occluded(covered) => {
                self.windows[index].sight.cover(covered, self.ports.clock.instant());
            }
            WindowEvent::RedrawRequested => {
                let now = self.ports.clock.instant();
                self.wake(now);
                self.answered(event_loop, index, now);
            }
            _ => {}
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        let now = self.ports.clock.instant();
        self.wake(now);
        if self.done(now) {
            return event_loop.exit();
        }
        if self.pace.on_timer(now) {
            self.step(event_loop, now);
        }
        let wait = self.pace.deadline().saturating_duration_since(self.ports.clock.instant());
        event_loop.set_control_flow(ControlFlow::wait_duration(wait));
    }

    fn exiting(&mut self, _event_loop: &ActiveEventLoop) {
        if let Some(stage) = &mut self.stage {
            stage.outputs.clear();
        }
        self.signs = Signs::default();
        self.windows.clear();
    }
}

pub(super) fn add(
    stage: &mut Stage,
    windows: &mut Vec<Pane>,
    wall: &Wall,
    mut pane: Pane,
) -> Result<(), KioskError> {
    let (size, display) = (pane.window.inner_size(), pane.place.display);
    let spec = Display { rotate: pane.place.turn, ..wall.displays[display].clone() };
    if let Err(error) = stage.gpu.takes(&spec) {
        tracing::error!("{error}");
        stage.remarks.push(format!("{error}; it stays dark"));
        return Ok(());
    }
    let (window, size) = (pane.window.clone(), (size.width, size.height));
    let output = Output::window(&mut stage.gpu, window, &spec, wall.theme.ground, size)?;
    pane.sight.blocks = output.may_block();
    stage.outputs.push(output);
    stage.slots.push(display);
    windows.push(pane);
    Ok(())
}
