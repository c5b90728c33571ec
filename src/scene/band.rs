//! The band across the wall's top: the scene's question at the left, the state that all share and
//! the time at the right, and a rule below.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Deserialize;

use super::badge::{badge, hour};
use super::chrome::{GUTTER, hairline};
use super::{crossing, zone};
use crate::clock::Time;
use crate::geometry::{Point, Rect, Size};
use crate::layout::kind::{BehindBezel, Room, TileKind};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::own::Own;
use crate::layout::wall::Wall;
use crate::layout::window::Window;
use crate::pulse::snapshot::Nature;
use crate::scene::list::{Item, List};
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::scene::widgets::marks;
use crate::text::{Align, Cut, Setting, Shaped, image};

/// Between the state and the time, arc minutes.
const SPACE: f32 = 30.0;
/// State and time take at most this part of a display that the question stands on, too.
const SHARE: f32 = 0.5;
/// A wall that listens for less says since when, seconds.
const YOUNG: u32 = 3_600;
/// A question that is long is set in the first step that holds it.
const QUESTION: [Step; 3] = [Step::Title, Step::Body, Step::Label];
/// State and time in the forms that are tried: the step, and whether the time is there.
const FORMS: [(Step, bool); 5] = [
    (Step::Body, true),
    (Step::Label, true),
    (Step::Least, true),
    (Step::Label, false),
    (Step::Least, false),
];

/// Height of the logo, parts of the band's, and its greatest width, parts of the first display's.
const LOGO: f32 = 0.62;
const WIDEST_LOGO: f32 = 0.25;

/// The band has no keys: it is no tile of a layout.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
pub struct BandTable {}

impl TileKind for BandTable {
    fn least(&self, _room: &Room) -> (f32, f32) {
        (0.0, 0.0)
    }

    fn behind_bezel(&self) -> BehindBezel {
        BehindBezel::Fine
    }
}

impl WidgetTable for BandTable {
    const KIND: &'static str = "band";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Band { own: Own::of_wall(wall), zone: zone::find(wall.zone.as_deref()) })
    }
}

struct Band {
    own: Own,
    zone: TimeZone,
}

/// What the right end says.
#[derive(Hash)]
struct State {
    words: String,
    /// Something is wrong, which must be seen.
    troubled: bool,
    /// `None` where a recording has a time of its own, or a tile of the scene shows it.
    time: Option<String>,
}

impl Band {
    fn state(&self, cx: &Cx<'_>) -> State {
        let mut told = badge(cx.snapshot, &self.own, cx.now, &self.zone);
        let replays = |own: &Own| {
            let mut feeds = cx.snapshot.feeds.iter().enumerate().filter(|(i, _)| own.has(*i));
            feeds.any(|(_, feed)| matches!(feed.nature, Nature::Replay(_)))
        };
        let troubled = told.stale || told.parts.len() > 1;
        let scene = cx.wall.scenes.get(cx.showing.scene);
        let shown = scene.is_some_and(|s| s.tiles.iter().any(|tile| tile.widget.kind() == "clock"));
        let time = (!shown && !replays(&self.own)).then(|| hour(cx.now, &self.zone));
        if told.parts.is_empty() {
            told.parts.extend(young(cx, &self.zone));
        }
        // Why there is none says it.
        if told.parts.len() > 1 {
            told.parts.retain(|part| part != "no data" && part != "connecting");
        }
        State { words: told.words(), troubled, time }
    }

    /// Draws the right end, and returns where it begins.
    fn right(&self, cx: &mut Cx<'_>, list: &mut List, state: &State) -> f32 {
        let gap = cx.scale.mm(GUTTER);
        let (first, last) = ends(cx);
        let end = last.right() - gap;
        let shared = first.x == last.x;
        let most = if shared { last.w * SHARE } else { last.w - 2.0 * gap };
        let (words, time) = fitted(cx, state, most);
        let mut left = end;
        let least = first.x + (first.w * if shared { 1.0 - SHARE } else { 0.0 });
        for (shaped, color) in [
            time.map(|time| (time, cx.theme.ink)),
            words.map(|words| (words, if state.troubled { cx.theme.ink } else { cx.theme.quiet })),
        ]
        .into_iter()
        .flatten()
        {
            let at = Point::new(left - shaped.size.w, baseline(cx, shaped.setting.size));
            left = at.x - cx.scale.mm(SPACE);
            list.text(shaped, at, color);
        }
        self.visitor(cx, list, left, left - if shared { least } else { last.x + gap })
    }

    /// Welcomes the visitor left of `right` where that takes no more than `room`; returns where the band is
    /// free up to.
    fn visitor(&self, cx: &mut Cx<'_>, list: &mut List, right: f32, room: f32) -> f32 {
        let Some(visitor) = &cx.wall.visitor else { return right };
        let welcome = format!("Welcome, {visitor}");
        for step in QUESTION {
            let shaped = marks::line(cx, &welcome, step, Cut::Semibold);
            if shaped.size.w <= room.max(0.0) {
                let at = Point::new(right - shaped.size.w, baseline(cx, shaped.setting.size));
                list.text(shaped, at, cx.theme.ink);
                return at.x - cx.scale.mm(SPACE);
            }
        }
        right
    }

    /// Draws the logo at the left end.
    fn logo(cx: &Cx<'_>, list: &mut List) {
        let Some((place, bitmap)) = Self::logo_place(cx).zip(cx.wall.logo.as_ref()) else { return };
        let shaped = image(bitmap, Size::new(place.w, place.h));
        let at = Point::new(place.x, place.bottom());
        list.push(Item::Text { shaped, at, color: cx.theme.ink, clip: Some(cx.area) });
    }

    fn logo_place(cx: &Cx<'_>) -> Option<Rect> {
        let bitmap = cx.wall.logo.as_ref()?;
        let (first, _) = ends(cx);
        let high = cx.area.h * LOGO;
        let wide = high * bitmap.width as f32 / bitmap.height.max(1) as f32;
        let scale = (first.w * WIDEST_LOGO / wide.max(0.01)).min(1.0);
        let (w, h) = (wide * scale, high * scale);
        Some(Rect::new(first.x + cx.scale.mm(GUTTER), cx.area.center().y - h / 2.0, w, h))
    }

    /// Draws a scene's question up to `end`.
    fn question(&self, cx: &mut Cx<'_>, list: &mut List, scene: usize, end: f32, seen: f32) {
        let asked = cx.wall.scenes.get(scene).and_then(|scene| scene.title.as_deref());
        let Some(title) = asked.filter(|_| seen > 0.0) else { return };
        let (first, _) = ends(cx);
        let logo = Self::logo_place(cx).map_or(0.0, |place| place.w + cx.scale.mm(SPACE) * 0.7);
        let left = first.x + cx.scale.mm(GUTTER) + logo;
        let width = end.min(first.right() - cx.scale.mm(GUTTER)) - left;
        let whole = |step: Step| Setting::line(title, cx.scale.size(step)).cut(Cut::Semibold);
        let sizes = QUESTION.map(whole);
        let fits = sizes.iter().map(|s| cx.setter.set(s.clone())).find(|shaped| shaped.size.w <= width);
        let cut = || sizes[sizes.len() - 1].clone().align(Align::Left).within(width.max(1.0), 1);
        let shaped = fits.unwrap_or_else(|| cx.setter.set(cut()));
        let at = Point::new(left, baseline(cx, shaped.setting.size));
        list.text(shaped, at, cx.theme.ink.fade(seen));
    }
}

impl Widget for Band {
    fn heading(&self, _wall: &Wall) -> String {
        String::new()
    }

    fn framed(&self) -> bool {
        false
    }

    fn fed(&self) -> bool {
        false
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        self.state(cx).hash(&mut state);
        cx.wall.visitor.hash(&mut state);
        cx.wall.logo.as_ref().map(|logo| Arc::as_ptr(logo) as usize).hash(&mut state);
        (cx.showing.scene, cx.showing.from.is_some()).hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let (area, gap, thin) = (cx.area, cx.scale.mm(GUTTER), hairline(cx.scale));
        let rule = Rect::new(area.x + gap, area.bottom() - thin, (area.w - 2.0 * gap).max(0.0), thin);
        list.rect(rule, cx.theme.hairline);
        Self::logo(cx, list);
        let state = self.state(cx);
        let end = self.right(cx, list, &state);
        if cx.showing.from.is_none() {
            self.question(cx, list, cx.showing.scene, end, 1.0);
        }
    }

    /// While scenes cross over, the old question goes out and the new one comes in.
    fn motion(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let Some(from) = cx.showing.from else { return };
        let state = self.state(cx);
        let end = self.right(cx, &mut List::default(), &state);
        let title = |scene: usize| cx.wall.scenes.get(scene).map(|scene| scene.title.clone());
        if title(from) == title(cx.showing.scene) {
            return self.question(cx, list, from, end, 1.0);
        }
        let (first, _) = ends(cx);
        let seen = crossing::seen(cx.area, first, cx.showing.progress);
        self.question(cx, list, from, end, seen.old);
        self.question(cx, list, cx.showing.scene, end, seen.new);
    }
}

/// Since when it listens, while that is short.
fn young(cx: &Cx<'_>, zone: &TimeZone) -> Option<String> {
    let span = cx.snapshot.all.spans.over(Window::H24);
    let since = cx.snapshot.at.as_secs() + 1 - i64::from(span.age);
    let heard = span.whole > 0 && (1..YOUNG).contains(&span.age);
    heard.then(|| format!("listening since {}", hour(Time::from_secs(since), zone)))
}

/// The lit parts of the first and of the last display that the band runs over.
fn ends(cx: &Cx<'_>) -> (Rect, Rect) {
    (cx.lit.first().copied().unwrap_or(cx.area), cx.lit.last().copied().unwrap_or(cx.area))
}

/// Where capitals of a size stand in the middle of the band.
fn baseline(cx: &Cx<'_>, size: f32) -> f32 {
    cx.area.center().y + size * CAP_HEIGHT / 2.0
}

/// State and time in the first form that fits into `most`; the last is cut.
fn fitted(cx: &mut Cx<'_>, state: &State, most: f32) -> (Option<Arc<Shaped>>, Option<Arc<Shaped>>) {
    let cut = if state.troubled { Cut::Semibold } else { Cut::Regular };
    let mut words = None;
    for (step, timed) in FORMS {
        let time = state.time.as_ref().filter(|_| timed);
        let time = time.map(|time| marks::line(cx, time, step, Cut::Semibold));
        words = (!state.words.is_empty()).then(|| marks::line(cx, &state.words, step, cut));
        let width = |shaped: &Option<Arc<Shaped>>| shaped.as_ref().map_or(0.0, |s| s.size.w);
        if width(&time) + cx.scale.mm(SPACE) + width(&words) <= most {
            return (words, time);
        }
    }
    let shortened = |words: Arc<Shaped>| words.setting.clone().align(Align::Left).within(most, 1);
    (words.map(|words| cx.setter.set(shortened(words))), None)
}
