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
use crate::layout::rundown::Rundown;
use crate::layout::wall::{Tile, Wall};
use crate::pulse::snapshot::Snapshot;
use crate::scene::badge::{Badge, badge};
use crate::scene::band::BandTable;
use crate::scene::banner::Strips;
use crate::scene::chrome::{self, Chrome, Seat, Tools, Words};
use crate::scene::crossing::Seen;
use crate::scene::list::{Item, List};
use crate::scene::widget::{Cx, Showing, Widget, WidgetTable as _};
use crate::scene::{Control, Frame, TileFrame, crossing, widgets, zone};
use crate::text::Typesetter;

/// Makes the frames of one wall. A changed layout makes a new director.
pub struct Director {
    wall: Arc<Wall>,
    rundown: Rundown,
    bounds: Rect,
    dimmed: Theme,
    zone: TimeZone,
    /// The feeds that tiles speak of, each set once.
    owns: Vec<Own>,
    /// What the band tells of the wall as a whole; `None` without a band.
    told: Option<Own>,
    /// All tiles, each once although several scenes show the same one, and last the band.
    stages: Vec<Stage>,
    casts: Vec<Cast>,
    strips: Strips,
    /// The scene shown last.
    shown: Option<Shown>,
    /// Frames so far.
    frames: usize,
}

/// What a scene shows.
struct Cast {
    /// Indices into the director's stages.
    stages: Vec<usize>,
    /// That of them which carries the notice when there is one.
    notices: Option<usize>,
    /// Its question has been given a place.
    asked: bool,
}

/// A scene on the wall.
struct Shown {
    scene: usize,
    /// The scene before it, and when this one came in; `None` when no other went out for it.
    came: Option<(usize, Time)>,
}

/// One tile: its widget, and what was drawn last.
struct Stage {
    tile: Tile,
    /// The first scene that shows it, and its place there.
    id: (usize, usize),
    widget: Box<dyn Widget>,
    /// Index into the sets of feeds that tiles speak of.
    own: usize,
    heading: String,
    /// Shorter forms of it, longest first; none of a title of the layout.
    short_headings: Vec<String>,
    question: Option<(String, Seat)>,
    topic: Option<usize>,
    /// Index into the theme's topic colours.
    color: Option<usize>,
    lit: Vec<Rect>,
    kept: Option<(u64, Arc<List>)>,
}

/// What all tiles of a frame have in common.
struct Moment<'a> {
    wall: &'a Wall,
    dimmed: &'a Theme,
    snapshot: &'a Snapshot,
    /// One for each set of feeds.
    badges: &'a [Badge],
    now: Time,
    showing: Showing,
}

impl Director {
    pub fn new(wall: Arc<Wall>) -> Self {
        let (mut owns, mut stages) = (Vec::new(), Vec::new());
        let mut casts: Vec<Cast> =
            (0..wall.scenes.len()).map(|scene| cast(scene, &wall, &mut owns, &mut stages)).collect();
        if let Some(band) = wall.band {
            stages.push(stage((usize::MAX, 0), &band_tile(band, &wall), &wall, &mut owns));
            casts.iter_mut().for_each(|cast| cast.stages.push(stages.len() - 1));
        }
        Self {
            rundown: Rundown::of(&wall),
            bounds: wall.bounds(),
            dimmed: chrome::dimmed(&wall.theme),
            zone: zone::find(wall.zone.as_deref()),
            told: wall.band.map(|_| Own::of_wall(&wall)),
            stages,
            casts,
            strips: Strips::default(),
            owns,
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
        setter.wear(self.wall.typeface.as_ref());
        let showing = self.choose(control, now);
        self.ask(showing.scene, setter);
        let badges = self.badges(snapshot, now);
        let Some(cast) = self.casts.get(showing.scene) else { return Frame::default() };
        let leaving = showing.from.map(|from| self.casts[from].stages.as_slice());
        let proves = self.frames % cast.stages.len().max(1);
        self.frames = self.frames.wrapping_add(1);
        let moment =
            Moment { wall: &self.wall, dimmed: &self.dimmed, snapshot, badges: &badges, now, showing };
        let mut tiles = Vec::with_capacity(cast.stages.len());
        for (place, &index) in cast.stages.iter().enumerate() {
            let notice = control.notice.as_deref().filter(|_| cast.notices == Some(index));
            let mut tile = self.stages[index].frame(&moment, notice, place == proves, setter);
            if leaving.is_some_and(|leaving| !leaving.contains(&index)) {
                let seen = crossing::seen(self.bounds, tile.rect, showing.progress);
                cross(&mut tile, seen, self.wall.theme.ground);
            }
            tiles.push(tile);
        }
        if let Some(banner) = &control.banner {
            tiles.extend(self.strips.frame(&self.wall, banner, setter));
        }
        Frame { scene: showing.scene, tiles, crossing: showing.from.is_some() }
    }

    /// What tiles say of their feeds; beside a band, what differs from what it says.
    fn badges(&self, snapshot: &Snapshot, now: Time) -> Vec<Badge> {
        let of = |own: &Own| badge(snapshot, own, now, &self.zone);
        let told = self.told.as_ref().map(of);
        let beside = |badge: Badge| told.as_ref().map_or(badge.clone(), |told| badge.beside(told));
        self.owns.iter().map(|own| beside(of(own))).collect()
    }

    /// Gives the scene's question to the first tile, in reading order, that has room for it.
    fn ask(&mut self, scene: usize, setter: &mut Typesetter) {
        let (Some(plan), Some(cast)) = (self.wall.scenes.get(scene), self.casts.get_mut(scene)) else {
            return;
        };
        if std::mem::replace(&mut cast.asked, true) || self.wall.band.is_some() {
            return;
        }
        let Some(question) = &plan.title else { return };
        let stages = &mut self.stages;
        let framed = |&i: &usize| stages[i].widget.framed();
        let mut order: Vec<usize> = cast.stages.iter().copied().filter(framed).collect();
        let rects: Vec<(Rect, f32)> = stages.iter().map(|s| (s.tile.rect, s.tile.text_arcmin)).collect();
        let place = |i: usize| rects[i].0;
        order.sort_by(|&a, &b| place(a).y.total_cmp(&place(b).y).then(place(a).x.total_cmp(&place(b).x)));
        let scale = Scale::new(self.wall.viewer_m);
        let mut with = Tools { theme: &self.wall.theme, scale, setter };
        for &i in &order {
            let stage = &mut stages[i];
            with.scale = scale.with_text(rects[i].1);
            let seat = Chrome::seat(question, &stage.heading, place(i), &stage.lit, &mut with);
            if let Some(seat) = seat {
                stage.question = Some((question.clone(), seat));
                return;
            }
        }
        // Rather shortened than not asked.
        let high = |i: &usize| Chrome::has_line_above(place(*i), scale.with_text(rects[*i].1));
        let widest = order.into_iter().rev().filter(high);
        if let Some(i) = widest.max_by(|&a, &b| place(a).w.total_cmp(&place(b).w)) {
            stages[i].question = Some((question.clone(), Seat::Above));
        }
    }

    /// The scene at `now`, and how far its crossing has come when one is under way.
    fn choose(&mut self, control: &Control, now: Time) -> Showing {
        let (scene, since) =
            control.scene.filter(|(s, _)| *s < self.wall.scenes.len()).unwrap_or_else(|| {
                let turn = self.rundown.turn(None, now);
                (turn.scene, turn.since)
            });
        let since = since.min(now);
        let came = match &self.shown {
            None => None,
            Some(shown) if shown.scene == scene => shown.came,
            Some(shown) => Some((shown.scene, since)),
        };
        self.shown = Some(Shown { scene, came });
        let length = crossing::length(self.wall.motion);
        let progress = came.map_or(1.0, |(_, came)| now.progress(came, length));
        Showing { scene, from: came.map(|(from, _)| from).filter(|_| progress < 1.0), progress }
    }
}

/// How a tile looks that comes in where others stood: until they are gone the ground covers it.
fn cross(tile: &mut TileFrame, seen: Seen, ground: Rgba) {
    (tile.before, tile.hidden) = (seen.old, seen.new <= 0.0);
    if seen.new >= 1.0 {
        return;
    }
    let mut motion = List::default();
    motion.push(Item::Ground { rect: tile.rect, color: ground.fade(1.0 - seen.new) });
    if seen.new > 0.0 {
        tile.motion.fade(seen.new);
        motion.items.append(&mut tile.motion.items);
    }
    tile.motion = motion;
}

impl Stage {
    /// What it shows; where it `proves` its key, debug builds draw it once more.
    fn frame(
        &mut self,
        moment: &Moment<'_>,
        notice: Option<&str>,
        proves: bool,
        setter: &mut Typesetter,
    ) -> TileFrame {
        let tile = &self.tile;
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
            showing: moment.showing,
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
            short_headings: if named.is_some() { &[] } else { &self.short_headings },
            captions: &self.widget.caption(&mut cx),
            badge,
            notice,
            framed: self.widget.framed(),
        };
        let mut with = Tools { theme: &moment.wall.theme, scale, setter: &mut *cx.setter };
        let chrome = Chrome::lay(&words, tile.rect, &self.lit, &mut with);
        cx.area = chrome.area;
        let mut state = FxHasher::default();
        (self.id, chrome.key(), theme.ink, self.widget.key(&mut cx)).hash(&mut state);
        let files = moment.wall.typeface.iter().flat_map(|typeface| &typeface.files);
        files.for_each(|file| Arc::as_ptr(file).hash(&mut state));
        let key = state.finish();
        let still = match &self.kept {
            Some((kept, list)) if *kept == key => list.clone(),
            _ => Arc::new(drawn(&mut *self.widget, &mut cx, &chrome)),
        };
        // In a debug build one tile of each frame shows that its key changes when its picture does.
        if cfg!(debug_assertions) && (cfg!(test) || proves) {
            let again = drawn(&mut *self.widget, &mut cx, &chrome).to_string();
            assert_eq!(still.to_string(), again, "tile `{}` looks different under the same key", tile.name);
        }
        self.kept = Some((key, still.clone()));
        let mut motion = List::default();
        self.widget.motion(&mut cx, &mut motion);
        TileFrame { id: self.id, rect: tile.rect, key, still, motion, before: 0.0, hidden: false }
    }
}

fn drawn(widget: &mut dyn Widget, cx: &mut Cx<'_>, chrome: &Chrome) -> List {
    let mut list = List::default();
    widget.still(cx, &mut list);
    chrome.draw(&mut list);
    list
}

fn topic_color(theme: &Theme, index: usize) -> Rgba {
    theme.topic(index)
}

/// The tiles of a scene. One that stands in an earlier scene, too, is the same; where a question needs
/// a tile that carries it, that holds only for tiles that cannot.
fn cast(scene: usize, wall: &Wall, owns: &mut Vec<Own>, stages: &mut Vec<Stage>) -> Cast {
    let tiles = &wall.scenes[scene].tiles;
    let mut indices: Vec<usize> = Vec::with_capacity(tiles.len());
    for (place, tile) in tiles.iter().enumerate() {
        let same = |s: &Stage| s.tile == *tile && (wall.band.is_some() || !s.widget.framed());
        let known = (0..stages.len()).find(|i| same(&stages[*i]) && !indices.contains(i));
        if known.is_none() {
            stages.push(stage((scene, place), tile, wall, owns));
        }
        indices.push(known.unwrap_or(stages.len() - 1));
    }
    let on_first = |i: &usize| stages[*i].tile.displays.contains(&0);
    let rank = |i: &usize| {
        let stage = &stages[*i];
        (stage.widget.framed(), stage.tile.rect.w * stage.tile.rect.h)
    };
    let larger = |a: &usize, b: &usize| rank(a).0.cmp(&rank(b).0).then(rank(a).1.total_cmp(&rank(b).1));
    let notices = indices.iter().copied().filter(on_first).max_by(larger);
    Cast { stages: indices, notices, asked: false }
}

/// The place of the band, as if a layout had named it.
fn band_tile(rect: Rect, wall: &Wall) -> Tile {
    let touches = |i: &usize| wall.displays[*i].rect.intersection(&rect).is_some();
    Tile {
        name: BandTable::KIND.into(),
        title: None,
        rect,
        text_arcmin: wall.text_arcmin,
        displays: (0..wall.displays.len()).filter(touches).collect(),
        widget: BandTable::default().into(),
    }
}

fn stage(id: (usize, usize), tile: &Tile, wall: &Wall, owns: &mut Vec<Own>) -> Stage {
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
        short_headings: if tile.title.is_none() { widget.short_headings(wall) } else { Vec::new() },
        tile: tile.clone(),
        id,
        widget,
        own: known,
        question: None,
        topic,
        color: topic.map(|t| wall.topics[t].color),
        lit,
        kept: None,
    }
}

#[cfg(test)]
mod tests;
