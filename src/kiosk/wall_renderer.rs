//! The renderer: one wall, its director, the GPU and the outputs; everything that a frame takes,
//! whether it ends in windows or in textures.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::absences::Absences;
use super::measurement::{Measurement, presented};
use super::meter::Presented;
use super::resting::Resting;
use super::spotlight::Spotlight;
use super::steering::{self, Changes, Cover};
use super::worn::{Wear, stripped};
use super::{Bench, FrameObserver, Report, orbit};
use crate::clock::{Clock, Instant, Time};
use crate::color::Rgba;
use crate::control::backlight::BacklightNow;
use crate::control::power::Panels;
use crate::control::stage::{Reason, Stage};
use crate::control::{Past, State, standing};
use crate::geometry::Rect;
use crate::gpu::{Drawn, Gpu, Output};
use crate::layout::absent::Displays;
use crate::layout::rundown::Rundown;
use crate::layout::wall::Wall;
use crate::pulse::snapshot::Snapshot;
use crate::scene::{Control, Director, Frame};
use crate::text::Typesetter;

/// A wall that is being shown.
pub struct WallRenderer {
    pub wall: Arc<Wall>,
    pub gpu: Gpu,
    /// Each with the index of the display that it shows.
    pub outputs: Vec<Output>,
    pub slots: Vec<usize>,
    pub control: Control,
    /// What of displays and their monitors does not agree.
    pub remarks: Vec<String>,
    /// Shown in place of the scenes.
    pub fixed: Option<Frame>,
    /// For each display, how a technician tells it apart.
    pub words: Vec<String>,
    /// Displays that may be dark: their panels rest.
    pub excused: Displays,
    /// Displays that are dimmed by their backlights.
    backlights: Arc<BTreeMap<String, BacklightNow>>,
    /// How often the graphics device was lost before.
    pub device_losses: u64,
    /// The wall as it is worn, and how.
    worn: Arc<Wall>,
    wear: Wear,
    spotlight: Spotlight,
    resting: Resting,
    /// What is played in place of the present.
    past: Option<Arc<Past>>,
    /// Displays without a monitor.
    pub absences: Absences,
    rundown: Rundown,
    director: Director,
    /// The director's wall has strips for so many lines of a banner.
    strips: Option<u8>,
    /// What is shown in place of the scenes because people asked for it.
    covered: Option<(Cover, Frame)>,
    setter: Typesetter,
    gauge: Option<Measurement>,
    /// When the last command came that was taken up, and while nothing shows it yet.
    asked: Option<Instant>,
    /// What was on the stage last.
    stage: Option<Stage>,
    /// When the whole wall became another at once.
    changes: Changes,
    /// When an alert's scene last came or went.
    turned: Option<Time>,
    unanswered: Option<Instant>,
    /// Version of the snapshot that was drawn last.
    seen: u64,
    /// Pictures of each output so far.
    counts: Vec<u64>,
    scene: usize,
    /// The moment of the last frame, and that frame.
    at: Option<Time>,
    frame: Option<Frame>,
    /// When it was last said how the wall is shown.
    reported: Option<Instant>,
    /// How many displays were not seen then.
    unseen: usize,
    pub first_frame: Option<Instant>,
}

impl WallRenderer {
    pub fn new(wall: Arc<Wall>, mut gpu: Gpu, setter: Typesetter, bench: Option<Bench>) -> Self {
        if bench.is_some() {
            gpu.measure();
        }
        gpu.set_background(wall.background.as_ref(), &wall.theme);
        let director = Director::new(wall.clone());
        let gauge = bench.map(Measurement::new);
        Self {
            worn: wall.clone(),
            wear: Wear::default(),
            spotlight: Spotlight::default(),
            resting: Resting::default(),
            past: None,
            absences: Absences::default(),
            rundown: Rundown::of(&wall),
            wall,
            gpu,
            outputs: Vec::new(),
            slots: Vec::new(),
            control: Control::default(),
            remarks: Vec::new(),
            fixed: None,
            words: Vec::new(),
            excused: Displays::NONE,
            backlights: Arc::default(),
            device_losses: 0,
            director,
            strips: None,
            covered: None,
            setter,
            gauge,
            asked: None,
            stage: None,
            changes: Changes::default(),
            turned: None,
            unanswered: None,
            seen: 0,
            counts: Vec::new(),
            scene: 0,
            at: None,
            frame: None,
            reported: None,
            unseen: 0,
            first_frame: None,
        }
    }

    /// Takes over a changed wall. The outputs must fit it or be replaced by the caller.
    pub fn set_wall(&mut self, wall: Arc<Wall>) {
        // Which displays are absent is told by their numbers in the new wall.
        self.reported = None;
        self.rundown = Rundown::of(&wall);
        self.wall = wall;
        self.resting.forget();
        self.covered = None;
        // A mode of the wall before is none of this one until somebody says so.
        (self.stage, self.wear) = (None, Wear::default());
        self.changes = Changes::default();
        self.direct(None);
    }

    /// What stands where no tile is.
    pub fn ground(&self) -> Rgba {
        self.worn.theme.ground
    }

    /// Begins with a new director, whose wall has strips for so many lines of a banner.
    fn direct(&mut self, strips: Option<u8>) {
        self.worn = self.wear.wear(&self.wall, self.past.as_deref());
        self.strips = strips;
        self.director = Director::new(stripped(&self.worn, strips));
        self.frame = None;
        self.gpu.set_background(self.worn.background.as_ref(), &self.worn.theme);
        let ground = self.ground();
        self.outputs.iter_mut().for_each(|output| output.set_ground(ground));
    }

    /// Takes over what holds of all that people asked for.
    fn steer(&mut self, state: &State, snapshot: &Snapshot, now: Time) {
        if state.asked != self.asked {
            (self.asked, self.unanswered) = (state.asked, state.asked);
        }
        // However fast people press, and whatever alerts do, the wall never flashes.
        if !self.changes.allow(now) {
            return;
        }
        let mut stage = Stage::at(&self.rundown, state, &snapshot.alerts, now);
        let before = self.stage.replace(stage);
        // An alert was raised before it was known here, and nobody dates its end: it crosses over now.
        let is_alerts = |stage: &Stage| stage.why == Reason::Alert;
        if before.is_some_and(|before| {
            is_alerts(&before) != is_alerts(&stage) || before.scene != stage.scene && is_alerts(&stage)
        }) {
            self.turned = Some(now);
        }
        stage.since = stage.since.max(self.turned.filter(|at| *at <= now).unwrap_or(stage.since));
        let notice = self.control.notice.take();
        self.control = steering::control((state, snapshot), (&self.worn, &stage), now, notice);
        let wear = self.wear_at(state, snapshot, &stage, now);
        let wears_another = !wear.is_like(&self.wear, &self.wall);
        self.wear = wear;
        let strips = self.control.banner.as_ref().map(|banner| banner.lines(&self.wall, &mut self.setter));
        // One and two lines take the same room.
        let makes_room = strips.map(|lines| lines.max(2)) != self.strips.map(|lines| lines.max(2));
        if wears_another || makes_room {
            self.direct(strips);
            self.changes.note(now);
        }
        let cover = steering::cover(state, now);
        if cover == self.covered.as_ref().map(|(cover, _)| *cover) && !wears_another {
            return;
        }
        self.changes.note(now);
        let setter = &mut self.setter;
        let picture = |cover| (cover, steering::picture(cover, stage.scene, &self.worn, &self.words, setter));
        self.covered = cover.map(picture);
        self.outputs.iter_mut().for_each(Output::forget);
    }

    /// How the wall is to be worn at `now`, with this on its stage.
    fn wear_at(&mut self, state: &State, snapshot: &Snapshot, stage: &Stage, now: Time) -> Wear {
        let asked = standing(&state.spotlight, now);
        let is_there = self.spotlight.follow(asked.map(|kept| kept.what.as_str()), snapshot);
        // An alert that came later counts more.
        let alerted = stage.why == Reason::Alert;
        let spotlight = is_there && asked.is_some_and(|kept| !alerted || kept.since >= stage.since);
        let is_of_alert = self.rundown.scenes.get(stage.scene).is_some_and(|scene| scene.on_alert.is_some());
        // What goes out goes as it is.
        let topic = if is_of_alert { stage.topic } else { self.wear.topic };
        let topic = topic.filter(|_| self.wall.has_alerted());
        let window = standing(&state.window, now).map(|kept| kept.what);
        // An alert is about the present.
        let rewinds = standing(&state.rewind, now).is_some() && !alerted;
        // Of what stands behind a gate nothing is shown that moderators cannot hide.
        let past = self.past.as_ref().filter(|_| rewinds && self.wall.gate.is_none()).map(|past| past.id);
        let gone = self.absences.gone(&self.wall);
        Wear { mode: stage.mode, window, topic, spotlight, past, gone }
    }

    /// Notes at `now` which displays may be dark, rest or are missing, and at `time` who looks at them elsewhere.
    pub fn attend(
        &mut self,
        panels: &Panels,
        observer: Option<&dyn FrameObserver>,
        (now, time): (Instant, Time),
    ) {
        self.excused = panels.excused(&self.wall);
        self.backlights = panels.backlights().now();
        self.absences.note(&self.wall, &self.slots, self.excused, now);
        self.resting.note(&self.wall, panels, observer, time);
        for (output, &slot) in self.outputs.iter_mut().zip(&self.slots) {
            output.instead = self.resting.instead(slot);
        }
    }

    /// Whether no display shows what the director draws.
    fn is_all_at_rest(&self) -> bool {
        !self.outputs.is_empty() && self.outputs.iter().all(|output| output.instead.is_some())
    }

    /// Ends it; its typesetter can serve the next.
    pub fn into_setter(self) -> Typesetter {
        self.setter
    }

    /// Whether the adapter can draw a changed wall; says on the wall why not.
    pub fn can_take(&mut self, wall: &Wall) -> bool {
        let refused = wall.displays.iter().try_for_each(|display| self.gpu.takes(display)).err();
        self.control.notice = refused.as_ref().map(|why| format!("Layout not applied: {why}").into());
        refused.iter().for_each(|why| tracing::error!("keeping the last good layout: {why}"));
        refused.is_none()
    }

    /// Draws outputs that show no display of the wall.
    pub fn draw_apart(&mut self, outputs: &mut [&mut Output], frame: &Frame, ready: &mut dyn FnMut(usize)) {
        self.gpu.draw(outputs, frame, &mut self.setter, ready);
    }

    /// For drawing the picture that tells screens apart.
    pub fn setter(&mut self) -> &mut Typesetter {
        &mut self.setter
    }

    /// Draws one moment on every output that is not held. `ready` is called with an output's index
    /// just before it is presented. Tells which outputs were presented.
    pub fn tick(
        &mut self,
        clock: &Clock,
        snapshot: &Snapshot,
        (asked, past): (&State, Option<Arc<Past>>),
        ready: &mut dyn FnMut(usize),
    ) -> Vec<bool> {
        let now = clock.now();
        if self.at.is_some_and(|before| now < before) {
            // The clock was set back: what remembers when it changed would wait for that moment.
            self.set_wall(self.wall.clone());
        }
        self.at = Some(now);
        self.past = past;
        self.steer(asked, snapshot, now);
        let played =
            self.past.as_ref().filter(|_| self.wear.past.is_some()).map(|past| past.snapshot.load_full());
        let shown = played.as_deref().unwrap_or(snapshot);
        let covered = self.covered.as_ref().map(|(_, frame)| frame);
        self.frame = Some(match self.fixed.as_ref().or(covered) {
            Some(frame) => frame.clone(),
            // What every display shows instead, it brings.
            None if self.is_all_at_rest() => {
                let scene = self.stage.map_or(self.scene, |stage| stage.scene);
                Frame { scene, tiles: Vec::new(), crossing: false }
            }
            None => self.director.frame(
                self.spotlight.lit(shown, self.wear.spotlight),
                &self.control,
                now,
                &mut self.setter,
            ),
        });
        self.draw(clock, snapshot, ready)
    }

    /// Draws the last moment again, on an output that was held then and is not any more.
    pub fn catch_up(
        &mut self,
        index: usize,
        clock: &Clock,
        snapshot: &Snapshot,
        ready: &mut dyn FnMut(usize),
    ) -> bool {
        self.outputs.iter_mut().enumerate().for_each(|(i, output)| output.held = i != index);
        self.draw(clock, snapshot, ready).get(index) == Some(&true)
    }

    fn draw(&mut self, clock: &Clock, snapshot: &Snapshot, ready: &mut dyn FnMut(usize)) -> Vec<bool> {
        self.spare_panels();
        let mut refs: Vec<&mut Output> = self.outputs.iter_mut().collect();
        let drawn = if self.gauge.as_ref().is_some_and(Measurement::is_at_the_limit) {
            self.gpu.draw_limit(&mut refs, ready)
        } else {
            let Some(frame) = &self.frame else { return Vec::new() };
            self.scene = frame.scene;
            self.gpu.draw(&mut refs, frame, &mut self.setter, ready)
        };
        self.counts.resize(drawn.len(), 0);
        self.counts.iter_mut().zip(&drawn).for_each(|(count, drawn)| *count += u64::from(drawn.changed));
        self.note(clock, snapshot, &drawn);
        drawn.iter().map(|d| d.presented).collect()
    }

    /// Moves and dims the pictures as the layout asks for it.
    fn spare_panels(&mut self) {
        let Some(now) = self.at else { return };
        let mode = self.wear.mode.and_then(|mode| self.wall.modes.get(mode));
        let wanted = mode.map_or(1.0, |mode| mode.brightness);
        // What covers a whole display has no margin to move into.
        let is_covered = self.fixed.is_some() || self.covered.is_some();
        for (output, &slot) in self.outputs.iter_mut().zip(&self.slots) {
            let backlight = self.backlights.get(&self.wall.displays[slot].name);
            let wanted = backlight.map_or(wanted, |backlight| backlight.picture(wanted));
            let is_dark = self.resting.has(slot) && output.instead.is_none();
            output.set_brightness(if is_dark { 0.0 } else { wanted });
            let part = self.absences.part(&self.wall, slot, now);
            let (x, y) = orbit::offset(&self.wall, slot, now);
            let moved = Rect { x: part.x - x, y: part.y - y, ..part };
            let stays = is_covered || output.instead.is_some();
            output.aim(if stays { self.wall.displays[slot].rect } else { moved });
        }
    }

    fn note(&mut self, clock: &Clock, snapshot: &Snapshot, drawn: &[Drawn]) {
        if !drawn.iter().any(|d| d.presented) {
            return;
        }
        let (now, at) = (clock.now(), clock.instant());
        self.first_frame.get_or_insert(at);
        let fresh = snapshot.version != self.seen;
        self.seen = snapshot.version;
        let arrivals: &[Time] = if fresh { &snapshot.arrivals } else { &[] };
        let gpu_ms = self.gpu.last_gpu_ms();
        let shows = drawn.iter().any(|d| d.presented && d.changed);
        let answered = shows.then(|| self.unanswered.take()).flatten();
        let names = self.slots.iter().map(|&i| self.wall.displays[i].name.clone());
        if let Some(gauge) = &mut self.gauge {
            let displays: Vec<Presented> =
                drawn.iter().zip(&self.outputs).map(|(d, o)| presented(d, o)).collect();
            answered.into_iter().for_each(|asked| gauge.answered(at.saturating_duration_since(asked)));
            let waited = arrivals.iter().map(|arrival| now.since(*arrival));
            gauge.note(at, snapshot.folded, names, &displays, waited, gpu_ms);
        }
    }

    /// What a measurement found, once it is done.
    pub fn report(&self, began: Instant) -> Option<Report> {
        let first_frame = self.first_frame?.saturating_duration_since(began);
        self.gauge.as_ref()?.report(first_frame, self.gpu.adapter_words())
    }

    /// True when a measurement was asked for and is done.
    pub fn is_measured(&self) -> bool {
        self.gauge.as_ref().is_some_and(Measurement::is_done)
    }
}

mod told;

#[cfg(test)]
mod tests;
