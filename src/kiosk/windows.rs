//! The wall in windows: one for each display, full screen on its monitor, or ordinary ones.

use std::sync::Arc;
use std::time::Duration;

use winit::application::ApplicationHandler;
use winit::event::{ElementState, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop};
use winit::keyboard::{Key, NamedKey};
use winit::window::{Window, WindowId};

use super::headless::Losses;
use super::pace::Pace;
use super::panes::{self, Pane};
use super::randr::Server;
use super::screens::{self, Ear, Place, Places, Screens};
use super::signs::Signs;
use super::stage::Stage;
use super::{Command, KioskError, Options, Ports, Report, identify};
use crate::clock::Time;
use crate::gpu::{Gpu, Output};
use crate::layout::wall::{Display, Wall};
use crate::text::Typesetter;

/// Time between two looks at the monitors: neither winit nor Wayland clients are told of all
/// that happens to them.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Frame period when no monitor tells its own.
const PERIOD: Duration = Duration::from_nanos(16_666_667);

/// How a notice begins when monitors and displays cannot be told apart.
const UNSURE: &str = "The displays stay as they are";

/// What to do then.
const ADVICE: &str =
    "give these displays a `match` that fits one monitor only, as `fishbowl displays` prints it";

/// Shows the wall until it is told to end. With `options.bench`, gives what was measured.
///
/// # Errors
/// [`KioskError::NoWindows`] when there is no window system to talk to.
pub fn run(ports: &Ports, options: &Options) -> Result<Option<Report>, KioskError> {
    let event_loop = EventLoop::new().map_err(|e| KioskError::NoWindows(e.to_string()))?;
    let mut kiosk = Kiosk::new(ports, options);
    event_loop.run_app(&mut kiosk).map_err(|e| KioskError::NoWindows(e.to_string()))?;
    match kiosk.failure {
        Some(failure) => Err(failure),
        None => Ok(kiosk.stage.as_ref().and_then(|s| s.report(kiosk.began))),
    }
}

struct Kiosk<'a> {
    ports: &'a Ports,
    options: &'a Options,
    began: Time,
    setter: Option<std::thread::JoinHandle<Typesetter>>,
    solve: super::Solve,
    stage: Option<Stage>,
    /// One for each output of the stage, in the same order.
    windows: Vec<Pane>,
    screens: Screens,
    ear: Ear,
    signs: Signs,
    /// What the first wall has to say.
    notice: Option<Arc<str>>,
    looked: Time,
    pace: Pace,
    losses: Losses,
    failure: Option<KioskError>,
}

impl<'a> Kiosk<'a> {
    fn new(ports: &'a Ports, options: &'a Options) -> Self {
        let began = ports.clock.now();
        Self {
            ports,
            options,
            began,
            setter: Some(std::thread::spawn(|| Typesetter::new(true))),
            solve: ports.solve.clone(),
            stage: None,
            windows: Vec::new(),
            screens: Screens::default(),
            ear: Ear::default(),
            signs: Signs::default(),
            notice: None,
            looked: began,
            pace: Pace::new(PERIOD, began),
            losses: Losses::default(),
            failure: None,
        }
    }

    /// Opens the wall; without a monitor for any display it stays closed, to be tried again.
    fn open(&mut self, event_loop: &ActiveEventLoop) -> Result<(), KioskError> {
        self.screens = screens::look(event_loop, &mut self.ear);
        let wall = Arc::new((self.solve)(&self.screens.monitors));
        let mut places = self.places(&wall);
        let panes = self.make_panes(event_loop, &wall, &places.all)?;
        self.signs.want(event_loop, &places.signs, (&self.screens, &self.ear.server))?;
        places.doubts.iter().for_each(|doubt| tracing::error!("{doubt}; {ADVICE}"));
        places.remarks.append(&mut places.doubts);
        let first = panes.first().map(|pane| pane.window.clone());
        let Some(first) = first.or_else(|| self.signs.window()) else { return Ok(()) };
        let gpu = Gpu::open(first)?;
        let setter = self.setter.take().and_then(|t| t.join().ok()).unwrap_or_else(|| Typesetter::new(false));
        let mut stage = Stage::new(wall.clone(), gpu, setter, self.options.bench);
        stage.remarks = places.remarks;
        stage.control.notice = self.notice.take();
        self.windows.clear();
        for pane in panes {
            add(&mut stage, &mut self.windows, &wall, pane)?;
        }
        self.stage = Some(stage);
        self.settle(&wall);
        Ok(())
    }

    /// Which display goes on which monitor; in windowed mode every display, on none.
    fn places(&self, wall: &Wall) -> Places {
        if self.options.windowed { Places::desk(wall) } else { screens::places(wall, &self.screens) }
    }

    /// On a running wall a display in doubt stays where it is, and the wall says so.
    fn sure_places(&mut self, wall: &Wall) -> Places {
        let mut places = self.places(wall);
        let Some(stage) = &mut self.stage else { return places };
        stage.control.notice.take_if(|notice| notice.starts_with(UNSURE));
        if places.doubts.is_empty() {
            return places;
        }
        let error = format!("{}; {ADVICE}", places.doubts.join("; "));
        tracing::error!("{UNSURE}: {error}");
        for pane in &self.windows {
            let name = &stage.wall.displays[pane.place.display].name;
            places.leave(&pane.place, wall.displays.iter().position(|d| d.name == *name), &self.screens);
        }
        match places.signs.is_empty() {
            true => stage.control.notice = Some(format!("{UNSURE}: {error}").into()),
            false => places.remarks.append(&mut places.doubts),
        }
        places
    }

    fn make_panes(
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
            Ok(Pane { window, place: place.clone() })
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
    fn look(&mut self, event_loop: &ActiveEventLoop, now: Time) -> Result<(), KioskError> {
        self.looked = now;
        let seen = screens::look(event_loop, &mut self.ear);
        if self.stage.is_none() && !seen.are_as(&self.screens) {
            return self.open(event_loop);
        }
        if seen.are_as(&self.screens) {
            self.keep_fullscreen();
            return Ok(());
        }
        tracing::info!("the monitors changed: {}", seen.summary());
        self.screens = seen;
        let wall = Arc::new((self.solve)(&self.screens.monitors));
        self.take_over(event_loop, wall)?;
        self.each_on_monitor(panes::follow);
        Ok(())
    }

    fn keep_fullscreen(&self) {
        self.each_on_monitor(panes::keep);
        self.signs.keep(&self.screens, &self.ear.server);
    }

    fn each_on_monitor(&self, work: fn(&Window, &str, &Screens, &Server)) {
        for pane in &self.windows {
            if let Some(monitor) = &pane.place.monitor {
                work(&pane.window, monitor, &self.screens, &self.ear.server);
            }
        }
    }

    fn obey(&mut self, event_loop: &ActiveEventLoop) -> Result<(), KioskError> {
        while let Ok(command) = self.ports.commands.try_recv() {
            match (command, &mut self.stage) {
                (Command::Quit, _) => event_loop.exit(),
                (Command::Notice(notice), Some(stage)) => stage.control.notice = notice,
                (Command::Layout(solve), Some(stage)) => {
                    let wall = Arc::new(solve(&self.screens.monitors));
                    if stage.can_take(&wall) {
                        self.solve = solve;
                        self.take_over(event_loop, wall)?;
                    }
                }
                (Command::Layout(solve), None) => {
                    (self.solve, self.notice) = (solve, None);
                    self.open(event_loop)?;
                }
                (Command::Notice(notice), None) => self.notice = notice,
            }
        }
        Ok(())
    }

    fn tick(&mut self, event_loop: &ActiveEventLoop, now: Time) -> Result<(), KioskError> {
        self.obey(event_loop)?;
        if now.since(self.looked) >= LOOK_EVERY {
            self.look(event_loop, now)?;
        }
        let Some(stage) = &mut self.stage else {
            self.pace.ticked(now, &[]);
            return Ok(());
        };
        let snapshot = self.ports.snapshot.load();
        let windows = &self.windows;
        let mut ready = |i: usize| windows[i].window.pre_present_notify();
        let presented = stage.tick(&self.ports.clock, &snapshot, &mut ready);
        self.signs.draw(stage);
        self.pace.ticked(now, &presented);
        if let Some(pane) =
            self.windows.get(self.pace.lead()).filter(|_| presented.get(self.pace.lead()) == Some(&true))
        {
            pane.window.request_redraw();
        }
        if let Some(eye) = &self.ports.eye {
            stage.show_to(eye.as_ref(), &presented, &snapshot, now);
        }
        if stage.gpu.lost() {
            self.recover(event_loop, now)?;
        }
        Ok(())
    }

    /// Builds everything on the GPU anew from what the processor knows.
    fn recover(&mut self, event_loop: &ActiveEventLoop, now: Time) -> Result<(), KioskError> {
        self.losses.note(now)?;
        let Some(stage) = &mut self.stage else { return Ok(()) };
        let Some(first) = self.windows.first() else { return Ok(()) };
        self.signs.forget();
        stage.replace_gpu(Gpu::open(first.window.clone())?);
        self.windows.clear();
        let wall = stage.wall.clone();
        self.take_over(event_loop, wall)
    }

    fn done(&self, now: Time) -> bool {
        let over = self.options.stay.is_some_and(|stay| now.since(self.began) >= stay);
        over || self.stage.as_ref().is_some_and(Stage::is_measured)
    }

    fn step(&mut self, event_loop: &ActiveEventLoop, now: Time) {
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
                "no display of this layout has a monitor here ({}); waiting for one",
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
            WindowEvent::RedrawRequested => {
                let now = self.ports.clock.now();
                if self.pace.on_ready(index, now) {
                    self.step(event_loop, now);
                }
            }
            _ => {}
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        let now = self.ports.clock.now();
        if self.done(now) {
            return event_loop.exit();
        }
        if self.pace.on_timer(now) {
            self.step(event_loop, now);
        }
        let wait = self.pace.deadline().since(self.ports.clock.now());
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

fn add(stage: &mut Stage, windows: &mut Vec<Pane>, wall: &Wall, pane: Pane) -> Result<(), KioskError> {
    let (size, display) = (pane.window.inner_size(), pane.place.display);
    let spec = Display { rotate: pane.place.turn, ..wall.displays[display].clone() };
    if let Err(error) = stage.gpu.takes(&spec) {
        tracing::error!("{error}");
        stage.remarks.push(format!("{error}: it stays dark"));
        return Ok(());
    }
    let (window, size) = (pane.window.clone(), (size.width, size.height));
    let output = Output::window(&mut stage.gpu, window, &spec, wall.theme.ground, size)?;
    stage.outputs.push(output);
    stage.slots.push(display);
    windows.push(pane);
    Ok(())
}
