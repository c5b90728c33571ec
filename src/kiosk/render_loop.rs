//! The loop that draws frames, whether they go to windows or to textures: it does what it is told,
//! draws one moment after the other, and opens another graphics device when one is lost.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use super::absences::Absences;
use super::device_loss::DeviceLosses;
use super::frame_clock::FrameClock;
use super::wall_renderer::WallRenderer;
use super::{Command, KioskError, Options, Ports, Report, Unseen, faults, identify, wait};
use crate::clock::Instant;
use crate::gpu::{Faults, Gpu};
use crate::layout::SolvedLayout;
use crate::layout::adoption::Adoption;
use crate::layout::monitors::Monitor;
use crate::layout::wall::Wall;
use crate::text::Typesetter;

/// Frame period where no monitor tells its own.
pub const PERIOD: Duration = Duration::from_nanos(16_666_667);

/// Time between two reports that nothing can be shown.
const REPORT_EVERY: Duration = Duration::from_millis(500);

/// Where frames go. Outputs have the order of [`WallRenderer::outputs`].
pub trait Surfaces {
    /// Looks at the monitors anew.
    fn refresh(&mut self);

    /// Looks at the monitors now and then; true when they changed.
    fn look(&mut self, now: Instant) -> bool;

    /// What was seen last.
    fn monitors(&self) -> &[Monitor];

    /// True where each display is on a monitor of its own.
    fn fill_monitors(&self) -> bool;

    /// The same in one line.
    fn summary(&self) -> String;

    /// Opens a device that can draw `wall`; `None` while there is nothing to draw it to. Only
    /// [`KioskError::Gpu`] is tried again.
    fn open(&mut self, wall: &Arc<Wall>) -> Result<Option<Gpu>, KioskError>;

    /// Gives the displays of a new renderer their outputs.
    fn dress(&mut self, renderer: &mut WallRenderer) -> Result<(), KioskError>;

    /// Takes over a changed wall.
    fn take_over(&mut self, renderer: &mut WallRenderer, wall: Arc<Wall>) -> Result<(), KioskError>;

    /// Gives up everything on a device that is lost, and hands back the renderer's typesetter.
    fn clear(&mut self, renderer: Option<WallRenderer>) -> Option<Typesetter>;

    /// Gets the outputs ready for a frame: those that take none now are held.
    fn begin(&mut self, renderer: &mut WallRenderer, now: Instant) -> Result<(), KioskError>;

    /// Just before an output is presented.
    fn ready(&self, output: usize);

    /// After the wall was drawn: draws what is not part of it.
    fn draw_apart(&mut self, _stage: &mut WallRenderer) {}

    /// Displays that have a window which is not seen.
    fn unseen(&self, now: Instant) -> Vec<Unseen>;

    /// Notes which outputs were presented; tells which of them will call back.
    fn presented(&mut self, presented: &[bool], ports: &Ports) -> Vec<bool>;

    /// From one frame to the next.
    fn period(&self) -> Duration;

    /// For each display of the wall some lines about its monitor.
    fn words(&self, wall: &Wall) -> Vec<String>;

    /// The connectors on which displays are shown, by the displays' names.
    fn connectors(&self, _wall: &Wall) -> BTreeMap<String, String> {
        BTreeMap::new()
    }
}

/// What is shown, and how it goes on.
pub struct RenderLoop<'a> {
    pub ports: &'a Ports,
    /// `None` while there is nothing to draw to, or nothing to draw with.
    pub renderer: Option<WallRenderer>,
    pub frame_clock: FrameClock,
    options: &'a Options,
    began: Instant,
    layout: Arc<SolvedLayout>,
    /// Monitors in place of those that are gone.
    adopted: Arc<Vec<Adoption>>,
    notice: Option<Arc<str>>,
    /// Fonts take a moment to load, meanwhile the device is opened.
    loading: Option<JoinHandle<Typesetter>>,
    /// The typesetter of the renderer before.
    spare: Option<Typesetter>,
    losses: DeviceLosses,
    /// What the renderer before knew of missing displays.
    absences: Absences,
    faults: Faults,
    /// When it was last told that nothing is shown.
    told: Option<Instant>,
}

impl<'a> RenderLoop<'a> {
    pub fn new(ports: &'a Ports, options: &'a Options) -> Self {
        let began = ports.clock.instant();
        Self {
            ports,
            renderer: None,
            frame_clock: FrameClock::new(PERIOD, began),
            options,
            began,
            layout: ports.layout.clone(),
            adopted: ports.desk.adoptions().accepted(),
            notice: ports.notice.clone(),
            loading: Some(std::thread::spawn(|| Typesetter::new(true))),
            spare: None,
            losses: DeviceLosses::default(),
            absences: Absences::default(),
            faults: faults::listen(&ports.clock),
            told: None,
        }
    }

    /// Opens the wall; while there is nothing to draw to it stays closed, to be tried again.
    pub fn open(&mut self, surfaces: &mut impl Surfaces) -> Result<(), KioskError> {
        surfaces.refresh();
        let wall = self.wall(surfaces);
        let mut gpu = match surfaces.open(&wall) {
            Ok(Some(gpu)) => gpu,
            Ok(None) => {
                self.losses.rest();
                return Ok(());
            }
            Err(KioskError::Gpu(error)) => {
                surfaces.clear(None);
                return self.losses.failed(error, self.ports.clock.instant());
            }
            Err(error) => return Err(error),
        };
        self.losses.opened();
        gpu.obey(self.faults.clone());
        let mut renderer = WallRenderer::new(wall, gpu, self.typesetter(), self.options.bench.clone());
        renderer.control.notice = self.notice.clone();
        renderer.device_losses = self.losses.total();
        renderer.absences = std::mem::take(&mut self.absences);
        surfaces.dress(&mut renderer)?;
        self.renderer = Some(renderer);
        self.settle(surfaces);
        Ok(())
    }

    /// The wall on the monitors that were seen last. Tells which displays have none, and what could stand in.
    fn wall(&self, surfaces: &impl Surfaces) -> Arc<Wall> {
        if surfaces.fill_monitors() {
            let vacancies = self.layout.vacancies(surfaces.monitors(), &self.adopted);
            self.ports.desk.see_monitors(vacancies);
        }
        self.layout.on(surfaces.monitors(), &self.adopted)
    }

    fn typesetter(&mut self) -> Typesetter {
        let loaded = || self.loading.take().and_then(|loading| loading.join().ok());
        self.spare.take().or_else(loaded).unwrap_or_else(|| Typesetter::new(false))
    }

    /// After the set of outputs or the wall changed.
    fn settle(&mut self, surfaces: &impl Surfaces) {
        let Some(renderer) = &mut self.renderer else { return };
        let wall = renderer.wall.clone();
        let words = surfaces.words(&wall);
        renderer.fixed = self.options.identify.then(|| identify::frame(&wall, &words, renderer.setter()));
        renderer.words = words;
        self.ports.desk.set_wall(&wall);
        self.ports.desk.panels().set_outputs(surfaces.connectors(&wall));
        if let Some(observer) = &self.ports.observer {
            observer.wall(&wall);
        }
        self.frame_clock.set_period(surfaces.period());
    }

    /// Draws one moment. False when it was told to end.
    pub fn tick(&mut self, surfaces: &mut impl Surfaces, now: Instant) -> Result<bool, KioskError> {
        if !self.obey(surfaces)? {
            return Ok(false);
        }
        let adopted = self.ports.desk.adoptions().accepted();
        let is_new = !Arc::ptr_eq(&adopted, &self.adopted);
        self.adopted = adopted;
        let changed = surfaces.look(now) || is_new;
        match &mut self.renderer {
            None if changed || self.losses.is_due(now) => self.open(surfaces)?,
            Some(_) if changed => self.take_wall(surfaces)?,
            _ => {}
        }
        match &mut self.renderer {
            Some(renderer) => {
                let (panels, observer) = (self.ports.desk.panels(), self.ports.observer.as_deref());
                renderer.attend(panels, observer, (now, self.ports.clock.now()));
                surfaces.begin(renderer, now)?;
            }
            None => self.rest(surfaces, now),
        }
        self.draw(surfaces, now)?;
        Ok(true)
    }

    fn draw(&mut self, surfaces: &mut impl Surfaces, now: Instant) -> Result<(), KioskError> {
        let Some(renderer) = &mut self.renderer else { return Ok(()) };
        let ports = self.ports;
        let mut unseen = surfaces.unseen(now);
        unseen.retain(|unseen| !renderer.excused.has(unseen.display));
        let snapshot = ports.snapshot.load();
        let asked = ports.desk.state();
        let asked = (&*asked, ports.desk.past());
        let presented = renderer.tick(&ports.clock, &snapshot, asked, &mut |output| surfaces.ready(output));
        surfaces.draw_apart(renderer);
        if let Some(observer) = &ports.observer {
            renderer.show_to(observer.as_ref(), &unseen, &ports.clock);
        }
        let lost = renderer.gpu.lost();
        if presented.contains(&true) && !lost {
            self.losses.drawn(ports.clock.instant());
        }
        let awaited = surfaces.presented(&presented, ports);
        self.frame_clock.ticked(now, &awaited);
        if lost { self.recover(surfaces) } else { Ok(()) }
    }

    /// Nothing can be drawn; that is told.
    fn rest(&mut self, surfaces: &impl Surfaces, now: Instant) {
        self.frame_clock.ticked(now, &[]);
        if self.told.is_some_and(|told| now.saturating_duration_since(told) < REPORT_EVERY) {
            return;
        }
        self.told = Some(now);
        let outage = match self.losses.is_out() {
            true => "the graphics device was lost, and none can be opened yet".to_owned(),
            false => format!("none of the layout's displays has a monitor here ({})", surfaces.summary()),
        };
        let wall = self.layout.on(surfaces.monitors(), &self.adopted);
        wait::tell(self.ports, &wall, &outage, self.losses.total());
    }

    /// Takes everything on the GPU down, and builds it anew from what the processor knows: at once,
    /// or when a monitor comes.
    fn recover(&mut self, surfaces: &mut impl Surfaces) -> Result<(), KioskError> {
        self.losses.note(self.ports.clock.instant())?;
        if let Some(renderer) = &mut self.renderer {
            self.absences = std::mem::take(&mut renderer.absences);
        }
        self.spare = surfaces.clear(self.renderer.take());
        self.open(surfaces)
    }

    /// Does what was asked since the last frame; false when it is to end.
    fn obey(&mut self, surfaces: &mut impl Surfaces) -> Result<bool, KioskError> {
        while let Ok(command) = self.ports.commands.try_recv() {
            match command {
                Command::Quit => return Ok(false),
                Command::Notice(notice) => {
                    self.notice = notice.clone();
                    self.renderer.iter_mut().for_each(|renderer| renderer.control.notice = notice.clone());
                }
                Command::Layout(layout) => self.take_layout(surfaces, layout)?,
            }
        }
        Ok(true)
    }

    fn take_layout(
        &mut self,
        surfaces: &mut impl Surfaces,
        layout: Arc<SolvedLayout>,
    ) -> Result<(), KioskError> {
        let Some(renderer) = &mut self.renderer else {
            (self.layout, self.notice) = (layout, None);
            return self.open(surfaces);
        };
        if renderer.can_take(&layout.on(surfaces.monitors(), &self.adopted)) {
            (self.layout, self.notice) = (layout, None);
            self.take_wall(surfaces)?;
        }
        Ok(())
    }

    /// Shows the present layout on the monitors that were seen last.
    fn take_wall(&mut self, surfaces: &mut impl Surfaces) -> Result<(), KioskError> {
        let wall = self.wall(surfaces);
        if let Some(renderer) = &mut self.renderer {
            surfaces.take_over(renderer, wall)?;
        }
        self.settle(surfaces);
        Ok(())
    }

    /// True when it has been shown, or measured, for as long as was asked.
    pub fn is_over(&self, now: Instant) -> bool {
        let over = self.options.stay.is_some_and(|stay| now.saturating_duration_since(self.began) >= stay);
        over || self.renderer.as_ref().is_some_and(WallRenderer::is_measured)
    }

    /// What was measured, once that is done.
    pub fn report(&self) -> Option<Report> {
        self.renderer.as_ref().and_then(|renderer| renderer.report(self.began))
    }
}
