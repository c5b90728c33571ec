//! How it is meant: one bar of positive, neutral, negative and what nobody knows. Per cents are of
//! all mentions, so that each number is as long as its part of the bar. In a large tile the last day
//! stands below it, and a voice of each pole.

mod course;
mod poles;

use crate::layout::kind::{BehindBezel, Need, Quotes, Room, TileKind, of_topic};
use crate::layout::window::Window;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::figures::{about, hundred, share};
use super::marks::{self, Anchor, Marks, Mood, put};
use super::mentions::stamp;
use super::span::{Silence, window_words};
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::wall::Wall;
use crate::pulse::snapshot::{Series, Shown, Tally};
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::text::{Cut, Setting};
use course::Course;

const MOODS: [Mood; 4] = [Mood::Positive, Mood::Neutral, Mood::Negative, Mood::Unknown];

/// Sentiment: positive, neutral, negative and unknown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SentimentTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
    /// Time window: `1m`, `5m`, `10m`, `15m`, `1h`, `24h`, `7d`, `today` (since midnight) or
    /// `event` (since the start of the `[event]`).
    pub window: Window,
    /// Whether to show the most positive and the most negative of the latest mentions, if there is room.
    pub quotes: bool,
}

impl TileKind for SentimentTable {
    of_topic!();

    fn window(&self) -> Option<Window> {
        Some(self.window)
    }

    fn with_window(&self, window: Window) -> Option<Arc<dyn TileKind>> {
        Some(Arc::new(Self { window, ..self.clone() }))
    }

    fn quotes(&self) -> Quotes {
        if self.quotes { Quotes::Texts } else { Quotes::Nothing }
    }

    fn needs(&self) -> Vec<Need> {
        let latest = self.quotes.then_some(Need::Latest);
        std::iter::once(Need::Moods).chain(latest).collect()
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (180.0, Room::FRAME + Room::line(Step::Label))
    }

    fn words_to_read(&self) -> usize {
        4
    }

    fn behind_bezel(&self) -> BehindBezel {
        BehindBezel::Worse
    }
}

impl WidgetTable for SentimentTable {
    const KIND: &'static str = "sentiment";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Sentiment::new(self, wall))
    }
}

pub struct Sentiment {
    spec: SentimentTable,
    marks: Marks,
    small: Marks,
    /// The last day, made once for its series.
    course: Option<(Arc<[Series]>, Option<Course>)>,
}

/// A place of so many lines of labels has room for the numbers one below the other.
const NARROW_LINES: f32 = 5.5;

/// Where the parts stand.
struct Plan {
    bar: Rect,
    /// Type size and baseline of the numbers.
    numbers: Option<(f32, f32)>,
    /// From one number to the next where they stand one below the other.
    pitch: Option<f32>,
    /// Type size and baseline of the words under the numbers.
    words: Option<(f32, f32)>,
    /// Bars of other windows, below.
    more: Vec<(Window, Rect)>,
    /// The last day, instead of other windows.
    course: Option<Rect>,
}

/// Windows that stand below the tile's own one where there is room, and how they are called.
const MORE: [(Window, &str); 3] =
    [(Window::M15, "15\u{202f}min"), (Window::H1, "1\u{202f}h"), (Window::H24, "24\u{202f}h")];
/// Of fewer known per cents nothing is claimed.
const JUDGED: u32 = 5;
/// Labels one below the other that a tile with the last day has room for, and the day itself.
const COURSE_LINES: (f32, f32) = (11.0, 6.0);
/// Part of the width that voices take beside the day, where it is so many type sizes wide; part of the
/// height that they take below it, where it is so many lines high.
const BESIDE: (f32, f32) = (0.4, 22.0);
const BELOW: (f32, f32) = (0.5, 15.0);

impl Sentiment {
    pub fn new(spec: &SentimentTable, _wall: &Wall) -> Self {
        Self { spec: spec.clone(), marks: Marks::default(), small: Marks::default(), course: None }
    }

    fn course(&mut self, cx: &Cx<'_>) -> Option<&Course> {
        let stream = cx.snapshot.stream(cx.topic);
        if self.course.as_ref().is_none_or(|(held, _)| !Arc::ptr_eq(held, &stream.by_mood)) {
            self.course = Some((stream.by_mood.clone(), Course::of(stream)));
        }
        self.course.as_ref().and_then(|(_, course)| course.as_ref())
    }

    /// The voices of both poles, where the layout wants them.
    fn poles<'a>(&self, cx: &Cx<'a>) -> [Option<&'a Shown>; 2] {
        if self.spec.quotes { poles::of(cx) } else { [None; 2] }
    }

    /// Where the day and the voices stand in their part of the tile.
    fn divided(cx: &Cx<'_>, place: Rect, voices: bool) -> (Rect, Option<Rect>) {
        let (body, line) = (cx.scale.size(Step::Body), cx.scale.line(Step::Label));
        if voices && place.w >= body * BESIDE.1 {
            let w = place.w * BESIDE.0;
            let rest = place.w - w - body;
            return (Rect { w: rest, ..place }, Some(Rect { x: place.right() - w, w, ..place }));
        }
        if voices && place.h >= line * BELOW.1 {
            let h = place.h * BELOW.0;
            let rest = place.h - h - line * 0.6;
            return (Rect { h: rest, ..place }, Some(Rect { y: place.bottom() - h, h, ..place }));
        }
        (place, None)
    }

    fn draw_course(&mut self, cx: &mut Cx<'_>, list: &mut List, place: Rect) {
        let poles = self.poles(cx);
        let (day, voices) = Self::divided(cx, place, poles.iter().any(Option::is_some));
        if let Some(course) = self.course(cx) {
            course.draw(cx, list, day);
        }
        if let Some(place) = voices {
            poles::draw(cx, list, place, poles, &mut self.small);
        }
    }

    fn tally<'a>(&self, cx: &Cx<'a>) -> &'a Tally {
        cx.snapshot.stream(cx.topic).counts.over(self.spec.window)
    }

    /// Mentions of each mood, in the order of [`MOODS`].
    fn counts(t: &Tally) -> [u64; 4] {
        [t.positive, t.neutral, t.negative, t.unknown]
    }

    /// Whole per cent of each mood, in the order of [`MOODS`]; `None` without mentions.
    fn parts(&self, cx: &Cx<'_>, window: Window) -> Option<[u32; 4]> {
        if Silence::of(cx, window).is_some() {
            return None;
        }
        let t = cx.snapshot.stream(cx.topic).counts.over(window);
        let parts = hundred(&Self::counts(t));
        (parts.iter().sum::<u32>() == 100).then(|| [parts[0], parts[1], parts[2], parts[3]])
    }

    fn coverage(&self, cx: &Cx<'_>) -> Vec<String> {
        if let Some(silence) = Silence::of(cx, self.spec.window) {
            return silence.words(cx);
        }
        let window = window_words(cx, self.spec.window);
        let Some(parts) = self.parts(cx, self.spec.window) else {
            return vec![format!("no mentions, {window}"), "no mentions".into()];
        };
        if 100 - parts[3] < JUDGED {
            let words = "not judged in this language";
            return vec![format!("{words}, {window}"), words.into(), "not judged".into()];
        }
        let counts = Self::counts(self.tally(cx));
        let total = counts.iter().sum();
        let known = share(100 - parts[3], total - counts[3], total);
        let mentions = about(self.tally(cx).mentions);
        vec![
            format!("known for {known} of {mentions} mentions, {window}"),
            format!("known for {known}, {window}"),
            format!("known for {known}"),
            window,
        ]
    }

    /// From the top: numbers, their words, the bar, bars of other windows. What has no room is left out:
    /// first the other windows, then the words, then the numbers.
    fn plan(cx: &mut Cx<'_>, window: Window, course: bool) -> Plan {
        let home = marks::home(cx);
        let scale = cx.scale;
        let label = scale.line(Step::Label);
        let widest = Self::number_width(cx, 100.0) / 100.0;
        let by_width = home.w / 4.0 / widest;
        let bar_least = (home.h * 0.2).clamp(label * 0.5, scale.mm(60.0));
        let taken = bar_least + label * 0.6;
        let course = course && home.h >= label * COURSE_LINES.0;
        let most = if course { home.h * 0.24 } else { home.h };
        let by_height = ((home.h - taken) / 1.15).min(most);
        let size = by_width.min(by_height / CAP_HEIGHT * 0.8);
        let named = (size * 0.32).clamp(scale.size(Step::Label), scale.size(Step::Title));
        let named = named.min(home.w / 4.0 / Self::words_width(cx).max(0.01));
        let words_fit =
            named >= scale.size(Step::Label) * 0.99 && by_height >= size * CAP_HEIGHT + named * 1.3;
        if by_width < scale.size(Step::Least) && home.h >= label * NARROW_LINES {
            return Self::narrow_plan(cx, home, widest);
        }
        let mut size = if words_fit { size } else { by_width.min(by_height / CAP_HEIGHT) };
        if size < scale.size(Step::Least) {
            size = 0.0;
        }
        let caps = size * CAP_HEIGHT;
        let air = if home.h > label * 4.0 { label * 0.4 } else { 0.0 };
        let mut y = home.y + caps + air;
        let numbers = (size > 0.0).then_some((size, y));
        let words = (words_fit && size > 0.0).then(|| {
            y += named * 1.35;
            (named, y)
        });
        let above = if numbers.is_some() { y + label * 0.5 } else { home.y };
        let room = (home.bottom() - above).max(0.0);
        if course && room >= label * (COURSE_LINES.1 + 1.5) {
            let bar = Rect::new(home.x, above, home.w, label);
            let day = Rect { y: bar.bottom() + label * 0.6, h: room - label * 1.6, ..bar };
            return Plan { bar, numbers, pitch: None, words, more: Vec::new(), course: Some(day) };
        }
        let others: Vec<Window> =
            MORE.into_iter().map(|(other, _)| other).filter(|other| *other != window).collect();
        let row = (room / (others.len() as f32 + 1.6)).min(label * 2.4);
        let listed = row >= label * 0.95 && numbers.is_some();
        let own = if listed { room - row * others.len() as f32 - row * 0.3 } else { room };
        let bar = Rect::new(home.x, above, home.w, own.min(scale.mm(150.0)));
        let place = |(i, other): (usize, Window)| {
            let y = home.bottom() - row * (others.len() - i) as f32;
            (other, Rect::new(home.x, y + row * 0.2, home.w, row * 0.8))
        };
        let more = if listed { others.iter().copied().enumerate().map(place).collect() } else { Vec::new() };
        Plan { bar, numbers, pitch: None, words, more, course: None }
    }

    /// In a place that is too narrow for four numbers side by side they stand one below the other, the bar below.
    fn narrow_plan(cx: &Cx<'_>, home: Rect, widest: f32) -> Plan {
        let pitch = home.h / 5.0;
        let size = (home.w / widest).min(pitch * 0.7 / CAP_HEIGHT).min(cx.scale.size(Step::Number));
        let first = home.y + (pitch + size * CAP_HEIGHT) / 2.0;
        let bar = Rect { y: home.y + pitch * 4.2, h: pitch * 0.8, ..home };
        let numbers = (size >= cx.scale.size(Step::Least)).then_some((size, first));
        Plan { bar, numbers, pitch: Some(pitch), words: None, more: Vec::new(), course: None }
    }

    /// A mark, a gap and `100 %` at a type size.
    fn number_width(cx: &mut Cx<'_>, size: f32) -> f32 {
        let text = Setting::line("88\u{202f}%", size).cut(Cut::Display).tabular();
        cx.setter.width(text) + size * 1.25
    }

    /// Width of the longest word and a gap, as a part of the type size.
    fn words_width(cx: &mut Cx<'_>) -> f32 {
        let words = MOODS.map(|mood| cx.setter.width(Setting::line(mood.word(), 100.0)) / 100.0);
        words.into_iter().fold(0.0, f32::max) + 0.5
    }

    /// The same in other windows, one bar each, so that it can be seen whether it changes.
    fn draw_more(&self, cx: &mut Cx<'_>, list: &mut List, plan: &Plan) {
        let names = MORE.map(|(_, name)| marks::line(cx, name, Step::Label, Cut::Regular));
        let column =
            names.iter().map(|name| name.size.w).fold(0.0, f32::max) + cx.scale.size(Step::Label) * 0.5;
        let caps = cx.scale.cap(Step::Label);
        for (window, rect) in &plan.more {
            let Some(name) = MORE.iter().position(|(other, _)| other == window) else { continue };
            let baseline = rect.center().y + caps / 2.0;
            put(list, names[name].clone(), Anchor::Left, Point::new(rect.x, baseline), cx.theme.quiet);
            let bar = Rect { x: rect.x + column, w: (rect.w - column).max(0.0), ..*rect };
            Self::draw_bar(list, cx, bar, &self.parts(cx, *window).unwrap_or([0, 0, 0, 100]));
        }
    }

    fn draw_bar(list: &mut List, cx: &Cx<'_>, bar: Rect, parts: &[u32; 4]) {
        let gap = cx.scale.mm(1.5);
        let mut x = bar.x;
        for (mood, &part) in MOODS.into_iter().zip(parts).filter(|(_, part)| **part > 0) {
            let w = bar.w * part as f32 / 100.0;
            let rect = Rect { x, w: (w - gap).max(w.min(gap)), ..bar };
            match mood {
                Mood::Unknown => marks::unknown(list, rect, cx.scale.mm(8.0), mood.color(cx.theme)),
                _ => list.rect(rect, mood.color(cx.theme)),
            }
            x += w;
        }
    }

    fn draw_numbers(&mut self, cx: &mut Cx<'_>, list: &mut List, plan: &Plan, parts: Option<[u32; 4]>) {
        let Some((size, baseline)) = plan.numbers else { return };
        let home = marks::home(cx);
        let caps = size * CAP_HEIGHT;
        self.marks.resize(caps * 0.8);
        for (i, mood) in MOODS.into_iter().enumerate() {
            let (x, baseline) = match plan.pitch {
                Some(pitch) => (home.x, baseline + pitch * i as f32),
                None => (home.x + home.w * i as f32 / 4.0, baseline),
            };
            let center = Point::new(x + caps * 0.4, baseline - caps / 2.0);
            self.marks.draw(list, mood, center, mood.color(cx.theme));
            let counts = Self::counts(self.tally(cx));
            let known = parts.filter(|p| mood == Mood::Unknown || 100 - p[3] >= JUDGED);
            let text = known.map_or_else(|| "–".to_owned(), |p| share(p[i], counts[i], counts.iter().sum()));
            let set = |size: f32| Setting::line(text.clone(), size).cut(Cut::Display).tabular();
            let room = if plan.pitch.is_some() { home.w } else { home.w / 4.0 } - caps * 1.1;
            let size = size * (room / cx.setter.width(set(size)).max(0.01)).min(1.0);
            let shaped = cx.setter.set(set(size));
            put(list, shaped, Anchor::Left, Point::new(x + caps * 1.1, baseline), cx.theme.ink);
            if let Some((size, words)) = plan.words {
                let word = cx.setter.set(Setting::line(mood.word(), size));
                put(list, word, Anchor::Left, Point::new(x, words), cx.theme.quiet);
            }
        }
    }
}

impl Widget for Sentiment {
    fn heading(&self, wall: &Wall) -> String {
        let topic = self.spec.topic.as_ref().and_then(|name| wall.topics.iter().find(|t| t.name == *name));
        topic.map_or_else(|| "Sentiment".into(), |t| format!("Sentiment, {}", t.label))
    }

    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        self.coverage(cx)
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        let windows = MORE.map(|(window, _)| window).into_iter().chain([self.spec.window]);
        windows.map(|window| self.parts(cx, window)).for_each(|parts| parts.hash(&mut state));
        self.course(cx).hash(&mut state);
        self.poles(cx).map(|pole| pole.map(|shown| stamp(shown, cx.now))).hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let course = self.course(cx).is_some();
        let plan = Self::plan(cx, self.spec.window, course);
        let parts = self.parts(cx, self.spec.window);
        let all_unknown = [0, 0, 0, 100];
        Self::draw_bar(list, cx, plan.bar, &parts.unwrap_or(all_unknown));
        self.draw_numbers(cx, list, &plan, parts);
        self.draw_more(cx, list, &plan);
        if let Some(place) = plan.course {
            self.draw_course(cx, list, place);
        }
    }
}

#[cfg(test)]
mod tests;
