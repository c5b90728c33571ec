//! The director: holds a widget for every tile and makes each moment of the wall.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use jiff::tz::TimeZone;
use rustc_hash::FxHasher;

use crate::clock::Time;
use crate::color::{Rgba, Theme};
use crate::geometry::Rect;
use crate::layout::legibility::Scale;
use crate::layout::own::Own;
use crate::layout::wall::{Scene, Tile, Wall};
use crate::pulse::snapshot::Snapshot;
use crate::scene::badge::{Badge, badge};
use crate::scene::chrome::{self, Chrome, Seat, Tools, Words};
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};
use crate::scene::{Control, Frame, TileFrame, crossing, widgets, zone};
use crate::text::Typesetter;

/// Makes the frames of one wall. A changed layout makes a new director.
pub struct Director {
    wall: Arc<Wall>,
    bounds: Rect,
    dimmed: Theme,
    zone: TimeZone,
    /// The feeds that tiles speak of, each set once.
    owns: Vec<Own>,
    stages: Vec<Vec<Stage>>,
    /// For each scene whether its question has been given a place.
    asked: Vec<bool>,
    /// The scene shown last and when it came in; `None` in `came` for no crossing.
    shown: Option<(usize, Option<Time>)>,
    /// Frames so far.
    frames: usize,
}

/// One tile of one scene: its widget, and what was drawn last.
struct Stage {
    widget: Box<dyn Widget>,
    /// Index into the sets of feeds that tiles speak of.
    own: usize,
    heading: String,
    question: Option<(String, Seat)>,
    topic: Option<usize>,
    /// Index into the theme's topic colours.
    color: Option<usize>,
    lit: Vec<Rect>,
    /// Carries the notice when there is one.
    notices: bool,
    kept: Option<(u64, Arc<List>)>,
}

/// What all tiles of a frame have in common.
struct Moment<'a> {
    wall: &'a Wall,
    dimmed: &'a Theme,
    snapshot: &'a Snapshot,
    /// One for each set of feeds.
    badges: &'a [Badge],
    notice: Option<&'a str>,
    now: Time,
    /// The tile that proves its key in this frame.
    proves: usize,
}

impl Director {
    pub fn new(wall: Arc<Wall>) -> Self {
        let mut owns = Vec::new();
        Self {
            bounds: wall.bounds(),
            dimmed: chrome::dimmed(&wall.theme),
            zone: zone::find(wall.zone.as_deref()),
            stages: wall.scenes.iter().map(|scene| stages(scene, &wall, &mut owns)).collect(),
            owns,
            asked: vec![false; wall.scenes.len()],
            shown: None,
            frames: 0,
            wall,
        }
    }

    /// The wall at `now`. Frames are asked for in the order of time.
    pub fn frame(
        &mut self,
        snapshot: &Snapshot,
        control: &Control,
        now: Time,
        setter: &mut Typesetter,
    ) -> Frame {
        let (scene, progress) = self.choose(control, now);
        self.ask(scene, setter);
        let badges: Vec<Badge> = self.owns.iter().map(|own| badge(snapshot, own, now, &self.zone)).collect();
        let (dimmed, notice) = (&self.dimmed, control.notice.as_deref());
        let (Some(plan), Some(stages)) = (self.wall.scenes.get(scene), self.stages.get_mut(scene)) else {
            return Frame::default();
        };
        let proves = self.frames % stages.len().max(1);
        self.frames = self.frames.wrapping_add(1);
        let moment = Moment { wall: &self.wall, dimmed, snapshot, badges: &badges, notice, now, proves };
        let tiles = plan.tiles.iter().zip(stages).enumerate().map(|(index, (tile, stage))| TileFrame {
            before: progress.map_or(0.0, |p| crossing::before(self.bounds, tile.rect, p)),
            ..stage.frame((scene, index), tile, &moment, setter)
        });
        Frame { scene, tiles: tiles.collect(), crossing: progress.is_some() }
    }

    /// Gives the scene's question to the first tile, in reading order, that has room for it.
    fn ask(&mut self, scene: usize, setter: &mut Typesetter) {
        let (Some(plan), Some(stages)) = (self.wall.scenes.get(scene), self.stages.get_mut(scene)) else {
            return;
        };
        if std::mem::replace(&mut self.asked[scene], true) {
            return;
        }
        let Some(question) = &plan.title else { return };
        let mut order: Vec<usize> = (0..stages.len()).filter(|&i| stages[i].widget.framed()).collect();
        let place = |i: usize| plan.tiles[i].rect;
        order.sort_by(|&a, &b| place(a).y.total_cmp(&place(b).y).then(place(a).x.total_cmp(&place(b).x)));
        let scale = Scale::new(self.wall.viewer_m);
        let mut with = Tools { theme: &self.wall.theme, scale, setter };
        for &i in &order {
            let stage = &mut stages[i];
            with.scale = scale.with_text(plan.tiles[i].text_arcmin);
            let seat = Chrome::seat(question, &stage.heading, place(i), &stage.lit, &mut with);
            if let Some(seat) = seat {
                stage.question = Some((question.clone(), seat));
                return;
            }
        }
        // Rather shortened than not asked.
        let high = |i: &usize| Chrome::has_line_above(place(*i), scale.with_text(plan.tiles[*i].text_arcmin));
        let widest = order.into_iter().rev().filter(high);
        if let Some(i) = widest.max_by(|&a, &b| place(a).w.total_cmp(&place(b).w)) {
            stages[i].question = Some((question.clone(), Seat::Above));
        }
    }

    /// The scene at `now`, and how far its crossing has come when one is under way.
    fn choose(&mut self, control: &Control, now: Time) -> (usize, Option<f32>) {
        let pinned = control.scene.filter(|&s| s < self.wall.scenes.len()).map(|s| (s, now));
        let (scene, came) = pinned.unwrap_or_else(|| crossing::scheduled(&self.wall.scenes, now));
        let came = match self.shown {
            None => None,
            Some((before, came)) if before == scene => came,
            Some(_) => Some(if pinned.is_some() { now } else { came }),
        };
        self.shown = Some((scene, came));
        let length = crossing::length(self.wall.motion);
        (scene, came.map(|c| now.progress(c, length)).filter(|&p| p < 1.0))
    }
}

impl Stage {
    fn frame(
        &mut self,
        id: (usize, usize),
        tile: &Tile,
        moment: &Moment<'_>,
        setter: &mut Typesetter,
    ) -> TileFrame {
        let badge = moment.badges.get(self.own).filter(|_| self.widget.fed());
        let theme = if badge.is_some_and(|badge| badge.stale) { moment.dimmed } else { &moment.wall.theme };
        let scale = Scale::new(moment.wall.viewer_m).with_text(tile.text_arcmin);
        let mut cx = Cx {
            wall: moment.wall,
            theme,
            scale,
            motion: moment.wall.motion,
            snapshot: moment.snapshot,
            now: moment.now,
            tile,
            area: tile.rect,
            lit: &self.lit,
            topic: self.topic,
            color: self.color.map_or(theme.accent, |c| topic_color(theme, c)),
            setter,
        };
        let named = self.widget.named(&mut cx, &self.heading);
        let words = Words {
            question: self.question.as_ref().map(|(text, seat)| (text.as_str(), *seat)),
            heading: named.as_deref().unwrap_or(&self.heading),
            captions: &self.widget.caption(&mut cx),
            badge,
            notice: moment.notice.filter(|_| self.notices),
            framed: self.widget.framed(),
        };
        let mut with = Tools { theme: &moment.wall.theme, scale, setter: &mut *cx.setter };
        let chrome = Chrome::lay(&words, tile.rect, &self.lit, &mut with);
        cx.area = chrome.area;
        let mut state = FxHasher::default();
        (id, chrome.key(), theme.ink, self.widget.key(&mut cx)).hash(&mut state);
        let key = state.finish();
        let still = match &self.kept {
            Some((kept, list)) if *kept == key => list.clone(),
            _ => Arc::new(drawn(&mut *self.widget, &mut cx, &chrome)),
        };
        // In a debug build one tile of each frame shows that its key changes when its picture does.
        if cfg!(debug_assertions) && (cfg!(test) || moment.proves == id.1) {
            let again = drawn(&mut *self.widget, &mut cx, &chrome).to_string();
            assert_eq!(still.to_string(), again, "tile `{}` looks different under the same key", tile.name);
        }
        self.kept = Some((key, still.clone()));
        let mut motion = List::default();
        self.widget.motion(&mut cx, &mut motion);
        TileFrame { id, rect: tile.rect, key, still, motion, before: 0.0 }
    }
}

fn drawn(widget: &mut dyn Widget, cx: &mut Cx<'_>, chrome: &Chrome) -> List {
    let mut list = List::default();
    widget.still(cx, &mut list);
    chrome.draw(&mut list);
    list
}

fn topic_color(theme: &Theme, index: usize) -> Rgba {
    theme.topics[index % theme.topics.len()]
}

fn stages(scene: &Scene, wall: &Wall, owns: &mut Vec<Own>) -> Vec<Stage> {
    let mut stages: Vec<Stage> = scene.tiles.iter().map(|tile| stage(tile, wall, owns)).collect();
    let framed = |i: &usize| stages[*i].widget.framed();
    let on_first = |i: &usize| scene.tiles[*i].displays.contains(&0);
    let area = |i: &usize| scene.tiles[*i].rect.w * scene.tiles[*i].rect.h;
    let notices = (0..stages.len())
        .filter(on_first)
        .max_by(|a, b| (framed(a).cmp(&framed(b))).then(area(a).total_cmp(&area(b))));
    if let Some(notices) = notices {
        stages[notices].notices = true;
    }
    stages
}

fn stage(tile: &Tile, wall: &Wall, owns: &mut Vec<Own>) -> Stage {
    let own = Own::of(wall, &*tile.widget);
    let known = owns.iter().position(|known| *known == own).unwrap_or(owns.len());
    if known == owns.len() {
        owns.push(own);
    }
    let widget = widgets::make(&tile.widget, wall);
    let topic = tile.widget.topic().and_then(|name| wall.topics.iter().position(|t| t.name == name));
    let displays = tile.displays.iter().filter_map(|&d| wall.displays.get(d));
    let mut lit: Vec<Rect> = displays.filter_map(|d| d.rect.intersection(&tile.rect)).collect();
    lit.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    Stage {
        heading: tile.title.clone().unwrap_or_else(|| widget.heading(wall)),
        widget,
        own: known,
        question: None,
        topic,
        color: topic.map(|t| wall.topics[t].color),
        lit,
        notices: false,
        kept: None,
    }
}

#[cfg(test)]
mod tests;
