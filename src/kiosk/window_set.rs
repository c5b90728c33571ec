//! The windows of a wall, one for each display, and the notices on monitors in doubt.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use winit::event_loop::ActiveEventLoop;
use winit::window::Window;

use super::awake::Inhibition;
use super::panes::{self, Pane};
use super::places::{self, Place, Places};
use super::randr::{Server, Standing};
use super::render_loop::{PERIOD, Surfaces};
use super::screens::{self, Listeners, Screens};
use super::signs::{self, Signs};
use super::visibility::Visibility;
use super::wall_renderer::WallRenderer;
use super::{KioskError, Ports, Unseen};
use crate::clock::{Clock, Instant};
use crate::gpu::{Gpu, Output};
use crate::layout::monitors::Monitor;
use crate::layout::wall::{Display, Wall};
use crate::text::Typesetter;

/// Time between two looks at the monitors: neither winit nor Wayland clients are told of all
/// that happens to them.
const LOOK_EVERY: Duration = Duration::from_millis(300);
/// The same while the window system is telling of something.
const STIRRED: Duration = Duration::from_millis(40);

/// So often in a row a window is raised over another.
const RAISED: u32 = 10;

/// How a notice begins when monitors and displays cannot be told apart.
const UNSURE: &str = "The displays stay as they were";

/// The windows, and the monitors that they are on.
pub struct Windows {
    /// Asks the window system to keep the screens on.
    pub inhibition: Inhibition,
    pub signs: Signs,
    /// One for each output of the renderer, in the same order.
    pub panes: Vec<Pane>,
    pub screens: Screens,
    /// When the monitors last changed.
    pub unsettled: Option<Instant>,
    /// When it last did anything, and when it last did nothing for long before.
    pub round: Instant,
    pub awake: Instant,
    listeners: Listeners,
    looked: Instant,
    /// Windows without an output yet, and what of displays and their monitors does not agree.
    opening: Vec<Pane>,
    remarks: Vec<String>,
    windowed: bool,
    clock: Clock,
}

/// The windows within an event of the window system.
pub struct WindowSurfaces<'a> {
    pub windows: &'a mut Windows,
    pub event_loop: &'a ActiveEventLoop,
}

impl Windows {
    /// `windowed`: ordinary windows, on no monitor of their own.
    pub fn new(clock: Clock, windowed: bool) -> Self {
        let now = clock.instant();
        Self {
            inhibition: Inhibition::default(),
            signs: Signs::default(),
            panes: Vec::new(),
            screens: Screens::default(),
            unsettled: None,
            round: now,
            awake: now,
            listeners: Listeners::default(),
            looked: now,
            opening: Vec::new(),
            remarks: Vec::new(),
            windowed,
            clock,
        }
    }

    pub fn make_panes(
        &self,
        event_loop: &ActiveEventLoop,
        wall: &Wall,
        places: &[Place],
    ) -> Result<Vec<Pane>, KioskError> {
        let desk = self.screens.desk();
        let make = |place: &Place| {
            let spot = place.monitor.as_ref().and_then(|m| self.screens.spot(m));
            let spot = spot.map(|spot| (spot, &self.listeners.server));
            let window = panes::open(event_loop, wall, place.display, spot, desk)?;
            let visibility = Visibility::new(panes::acknowledges(event_loop), self.clock.instant());
            Ok(Pane { awake: None, window, place: place.clone(), visibility, owed: false, raised: 0 })
        };
        places.iter().map(make).collect()
    }

    /// Gives a window its output; one that the adapter cannot draw stays dark.
    pub fn add(
        &mut self,
        renderer: &mut WallRenderer,
        wall: &Wall,
        mut pane: Pane,
    ) -> Result<(), KioskError> {
        let (size, display) = (pane.window.inner_size(), pane.place.display);
        let spec = Display { rotate: pane.place.turn, ..wall.displays[display].clone() };
        if let Err(error) = renderer.gpu.takes(&spec) {
            tracing::error!("{error}");
            renderer.remarks.push(format!("{error}; it stays dark"));
            return Ok(());
        }
        let (window, size) = (pane.window.clone(), (size.width, size.height));
        let ground = renderer.ground();
        let output = Output::window(&mut renderer.gpu, window, &spec, ground, size)?;
        pane.visibility.blocks = output.may_block();
        renderer.outputs.push(output);
        renderer.slots.push(display);
        self.panes.push(pane);
        Ok(())
    }

    /// Closes a window; its surface goes before it.
    pub fn remove(&mut self, renderer: &mut WallRenderer, index: usize) -> Pane {
        drop(renderer.outputs.remove(index));
        renderer.slots.remove(index);
        self.panes.remove(index)
    }

    /// Which display goes on which monitor; in windowed mode every display, on none.
    fn places(&self, wall: &Wall) -> Places {
        if self.windowed { Places::desk(wall) } else { places::places(wall, &self.screens) }
    }

    /// On a running wall a display in doubt stays where it is, and the wall says so.
    fn sure_places(&self, renderer: &mut WallRenderer, wall: &Wall) -> Places {
        let mut places = self.places(wall);
        renderer.control.notice.take_if(|notice| notice.starts_with(UNSURE));
        if places.doubts.is_empty() {
            return places;
        }
        let error = format!("{}; {}", places.doubts.join("; "), signs::ADVICE);
        tracing::error!("{UNSURE}: {error}");
        for pane in &self.panes {
            let name = &renderer.wall.displays[pane.place.display].name;
            places.leave(&pane.place, wall.displays.iter().position(|d| d.name == *name), &self.screens);
        }
        match places.signs.is_empty() {
            true => renderer.control.notice = Some(format!("{UNSURE}: {error}").into()),
            false => places.remarks.append(&mut places.doubts),
        }
        places
    }

    fn each_on_monitor(&self, work: fn(&Window, &str, &Screens, &Server)) {
        for pane in &self.panes {
            if let Some(monitor) = &pane.place.monitor {
                work(&pane.window, monitor, &self.screens, &self.listeners.server);
            }
        }
    }

    /// Keeps every window on its monitor and in sight, and that monitor on.
    fn keep_fullscreen(&mut self, now: Instant) {
        self.each_on_monitor(panes::keep);
        self.inhibition.listen();
        self.signs.keep((&self.screens, &self.listeners.server), &mut self.inhibition);
        let server = &self.listeners.server;
        for pane in self.panes.iter_mut().filter(|pane| pane.place.monitor.is_some()) {
            pane.awake.get_or_insert_with(|| self.inhibition.inhibit(&pane.window));
            // Two windows that show the same part of a desktop would take turns for ever.
            let raise = pane.raised < RAISED;
            match self.screens.on_x11().then(|| server.tend(pane.window.id().into(), raise)) {
                Some(Standing::Unmapped) => pane.visibility.cover(true, now),
                Some(Standing::Covered) if raise => {
                    pane.raised += 1;
                    if pane.raised == RAISED {
                        let place = pane.place.monitor.as_deref().unwrap_or_default();
                        tracing::warn!(
                            "another window covers a part of the one on `{place}`, and stays there"
                        );
                    }
                }
                Some(Standing::Whole) => pane.raised = 0,
                Some(Standing::Covered) | None => {}
            }
        }
    }

    /// Closes the windows whose display does not stay what and where it was.
    fn close_others(&mut self, renderer: &mut WallRenderer, wall: &Wall, places: &[Place]) {
        let old = renderer.wall.clone();
        for i in (0..self.panes.len()).rev() {
            let slot = renderer.slots[i];
            let there = panes::drawn_alike(old.displays.get(slot), wall.displays.get(slot));
            if !(there && places.contains(&self.panes[i].place)) {
                self.remove(renderer, i);
            }
        }
    }
}

impl Surfaces for WindowSurfaces<'_> {
    fn refresh(&mut self) {
        self.windows.screens = screens::look(self.event_loop, &mut self.windows.listeners);
    }

    fn look(&mut self, now: Instant) -> bool {
        let windows = &mut *self.windows;
        let rest = if windows.listeners.is_stirred() { STIRRED } else { LOOK_EVERY };
        if now.saturating_duration_since(windows.looked) < rest {
            return false;
        }
        windows.looked = now;
        let seen = screens::look(self.event_loop, &mut windows.listeners);
        if seen.are_as(&windows.screens) {
            windows.keep_fullscreen(now);
            return false;
        }
        tracing::info!("the monitors changed: {}", seen.summary());
        windows.unsettle(now);
        windows.screens = seen;
        true
    }

    fn monitors(&self) -> &[Monitor] {
        &self.windows.screens.monitors
    }

    fn fill_monitors(&self) -> bool {
        !self.windows.windowed
    }

    fn summary(&self) -> String {
        self.windows.screens.summary()
    }

    fn open(&mut self, wall: &Arc<Wall>) -> Result<Option<Gpu>, KioskError> {
        let windows = &mut *self.windows;
        let mut places = windows.places(wall);
        windows.opening = windows.make_panes(self.event_loop, wall, &places.all)?;
        windows.signs.want(self.event_loop, &places.signs, (&windows.screens, &windows.listeners.server))?;
        places.doubts.iter().for_each(|doubt| tracing::error!("{doubt}; {}", signs::ADVICE));
        places.remarks.append(&mut places.doubts);
        windows.remarks = places.remarks;
        let first = windows.opening.first().map(|pane| pane.window.clone());
        let Some(first) = first.or_else(|| windows.signs.window()) else { return Ok(None) };
        Ok(Some(Gpu::open(first)?))
    }

    fn dress(&mut self, renderer: &mut WallRenderer) -> Result<(), KioskError> {
        let windows = &mut *self.windows;
        windows.signs.forget();
        renderer.remarks = std::mem::take(&mut windows.remarks);
        windows.panes.clear();
        let wall = renderer.wall.clone();
        for pane in std::mem::take(&mut windows.opening) {
            windows.add(renderer, &wall, pane)?;
        }
        Ok(())
    }

    /// Keeps the windows whose display stays what and where it was.
    fn take_over(&mut self, renderer: &mut WallRenderer, wall: Arc<Wall>) -> Result<(), KioskError> {
        let windows = &mut *self.windows;
        let places = windows.sure_places(renderer, &wall);
        windows.signs.want(self.event_loop, &places.signs, (&windows.screens, &windows.listeners.server))?;
        windows.close_others(renderer, &wall, &places.all);
        renderer.set_wall(wall.clone());
        renderer.remarks = places.remarks;
        let open = |place: &Place| renderer.slots.contains(&place.display);
        let missing: Vec<Place> = places.all.into_iter().filter(|place| !open(place)).collect();
        for pane in windows.make_panes(self.event_loop, &wall, &missing)? {
            windows.add(renderer, &wall, pane)?;
        }
        windows.each_on_monitor(panes::follow);
        Ok(())
    }

    fn clear(&mut self, renderer: Option<WallRenderer>) -> Option<Typesetter> {
        // Surfaces go before their windows.
        self.windows.signs.forget();
        let setter = renderer.map(WallRenderer::into_setter);
        self.windows.panes.clear();
        self.windows.opening.clear();
        setter
    }

    fn begin(&mut self, renderer: &mut WallRenderer, now: Instant) -> Result<(), KioskError> {
        self.windows.renew(self.event_loop, renderer, now)?;
        self.windows.hold(renderer, now);
        Ok(())
    }

    fn ready(&self, output: usize) {
        self.windows.panes[output].window.pre_present_notify();
    }

    fn draw_apart(&mut self, renderer: &mut WallRenderer) {
        self.windows.signs.draw(renderer);
    }

    fn unseen(&self, now: Instant) -> Vec<Unseen> {
        self.windows.unseen(now)
    }

    fn presented(&mut self, presented: &[bool], ports: &Ports) -> Vec<bool> {
        self.windows.given(presented, ports)
    }

    fn period(&self) -> Duration {
        self.windows.screens.period().unwrap_or(PERIOD)
    }

    fn words(&self, wall: &Wall) -> Vec<String> {
        self.windows.screens.words(wall)
    }

    fn connectors(&self, wall: &Wall) -> BTreeMap<String, String> {
        let name = |pane: &Pane| Some(wall.displays.get(pane.place.display)?.name.clone());
        let named = |pane: &Pane| Some((name(pane)?, pane.place.monitor.clone()?));
        self.windows.panes.iter().filter_map(named).collect()
    }
}
