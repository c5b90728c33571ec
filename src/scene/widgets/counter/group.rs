//! Counters of several topics in one tile: one size of digits for all, so that the numbers can be
//! compared.

use std::hash::Hash as _;

use super::extra;
use super::plan::Common;
use super::reading::{self, Reading};
use super::{Counter, heading};
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::wall::Wall;
use crate::layout::window::Window;
use crate::metric::{Exactness, Metric};
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};
use crate::scene::widgets::marks::{self, Anchor, put};
use crate::text::{Cut, Setting};

/// Width of a digit, parts of its type size: enough to choose columns by.
const DIGIT: f32 = 0.66;
/// Between two numbers, as a part of the type size of their names.
const BETWEEN: f32 = 1.6;

pub struct Group {
    metric: Metric,
    window: Window,
    counters: Vec<(usize, Counter)>,
}

impl Group {
    /// Of these counters, each of a topic by its index, all of one metric and window.
    pub fn new(metric: Metric, window: Window, counters: Vec<(usize, Counter)>) -> Self {
        Self { metric, window, counters }
    }

    /// Gives all counters what they have in common.
    fn agree(&mut self, cx: &mut Cx<'_>) {
        let area = cx.area;
        let readings = self.counters.iter_mut().map(|(topic, counter)| {
            counter.common = None;
            let cx = &of(cx, *topic, area);
            let (most, now) = (counter.ceiling(cx).capacity(), counter.reading(cx).capacity());
            (most, now, counter.has_note(cx))
        });
        let readings: Vec<(Reading, Reading, bool)> = readings.collect();
        let largest = |all: &mut dyn Iterator<Item = Reading>| {
            all.max_by(|a, b| a.size().total_cmp(&b.size())).unwrap_or(Reading::Unknown(""))
        };
        let common = Common {
            most: largest(&mut readings.iter().map(|(most, ..)| *most)),
            now: largest(&mut readings.iter().map(|(_, now, _)| *now)),
            note: readings.iter().any(|(.., note)| *note),
            by_minute: readings.iter().any(|(_, now, _)| matches!(now, Reading::Rate(_))),
        };
        self.counters.iter_mut().for_each(|(_, counter)| counter.common = Some(common));
    }

    /// Where the counters stand, with their names; only the first where not all can be read.
    fn cells(&mut self, cx: &mut Cx<'_>) -> Vec<Rect> {
        for n in (1..=self.counters.len()).rev() {
            let cells = self.arranged(cx, n);
            let Some((first, (topic, counter))) = cells.first().zip(self.counters.first_mut()) else { break };
            let area = below_name(cx, *first);
            if counter.plan(&mut of(cx, *topic, area)).size > 0.0 {
                return cells;
            }
        }
        Vec::new()
    }

    /// The places of `n` counters, in as many columns as make the digits largest.
    fn arranged(&self, cx: &Cx<'_>, n: usize) -> Vec<Rect> {
        let home = marks::airy_home(cx);
        let most = self.counters.first().and_then(|(_, counter)| counter.common).map(|common| common.most);
        let digits = most.map_or(1, |most| super::reading::Form::Exact.figure(most).used().len());
        let name = cx.scale.line(Step::Label);
        let gap = cx.scale.size(Step::Label) * BETWEEN;
        let cell = |columns: usize| {
            let rows = n.div_ceil(columns);
            let w = (home.w - gap * (columns - 1) as f32) / columns as f32;
            let h = (home.h - gap * 0.5 * (rows - 1) as f32) / rows as f32;
            let size = (w / (digits.max(3) as f32 * DIGIT)).min((h - name) * 0.75 / CAP_HEIGHT);
            (columns, w, h, size)
        };
        // Of equally large digits those in the most columns: their names stand on one line.
        let best = (1..=n).map(cell).max_by(|a, b| (a.3 * 1.001f32.powi(a.0 as i32)).total_cmp(&b.3));
        let (columns, w, h, _) = best.unwrap_or((1, home.w, home.h, 0.0));
        let place = |i: usize| {
            let (column, row) = ((i % columns) as f32, (i / columns) as f32);
            Rect::new(home.x + column * (w + gap), home.y + row * (h + gap * 0.5), w, h)
        };
        (0..n).map(place).collect()
    }

    /// Calls `f` for each counter, with what it may look at: its topic and its cell below its name.
    fn each(&mut self, cx: &mut Cx<'_>, mut f: impl FnMut(&mut Counter, &mut Cx<'_>)) {
        self.agree(cx);
        let cells = self.cells(cx);
        for ((topic, counter), cell) in self.counters.iter_mut().zip(cells) {
            let area = below_name(cx, cell);
            f(counter, &mut of(cx, *topic, area));
        }
    }

    fn is_unknown(reading: Reading) -> bool {
        matches!(reading, Reading::Unknown(_) | Reading::Silent(_))
    }
}

/// The part of a cell in which its counter stands.
fn below_name(cx: &Cx<'_>, cell: Rect) -> Rect {
    let name = cx.scale.line(Step::Label);
    Rect { y: cell.y + name, h: (cell.h - name).max(0.0), ..cell }
}

/// What the counter of a topic may look at.
fn of<'c>(cx: &'c mut Cx<'_>, topic: usize, area: Rect) -> Cx<'c> {
    let color = cx.wall.topics.get(topic).map_or(cx.color, |topic| cx.theme.topic(topic.color));
    Cx {
        wall: cx.wall,
        theme: cx.theme,
        scale: cx.scale,
        motion: cx.motion,
        snapshot: cx.snapshot,
        now: cx.now,
        showing: cx.showing,
        tile: cx.tile,
        area,
        lit: cx.lit,
        topic: Some(topic),
        color,
        setter: cx.setter,
    }
}

impl Widget for Group {
    fn heading(&self, _: &Wall) -> String {
        self.metric.heading().into()
    }

    fn named(&mut self, cx: &mut Cx<'_>, heading: &str) -> Option<String> {
        self.agree(cx);
        let area = cx.area;
        let readings = self.counters.iter().map(|(topic, counter)| counter.reading(&of(cx, *topic, area)));
        let readings: Vec<Reading> = readings.collect();
        let largest = readings.into_iter().max_by(|a, b| a.size().total_cmp(&b.size()));
        heading::of(cx, self.metric, false, largest.unwrap_or(Reading::Unknown("")), heading)
    }

    /// Over which time, unless the title says so; why, where nobody knows any of them.
    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        let (mut known, mut why, mut sure) = (false, Vec::new(), Exactness::Exact);
        let metric = self.metric;
        let mut words = Vec::new();
        let window = self.window;
        self.each(cx, |counter, cx| {
            known |= !Self::is_unknown(counter.reading(cx));
            if why.is_empty() {
                why = counter.captions(cx);
                words = vec![reading::window_words(cx.wall, cx.snapshot.stream(cx.topic), window)];
            }
            sure = sure.max(metric.exactness(counter.tally(cx)));
        });
        if !known {
            return why;
        }
        let told = |title: &str, words: &str| title.to_lowercase().contains(&words.to_lowercase());
        words.retain(|words| !cx.tile.title.as_deref().is_some_and(|title| told(title, words)));
        let short = words.first().map(|words| words.trim_start_matches("last ").to_owned());
        words.extend(short);
        match extra::sureness(sure) {
            Some(sure) => words.iter().map(|words| format!("{sure}, {words}")).chain([sure.into()]).collect(),
            None => words,
        }
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        self.each(cx, |counter, cx| counter.key(cx).hash(&mut state));
        marks::sum(state)
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        self.each(cx, |counter, cx| {
            counter.still(cx, list);
            let Some(topic) = cx.topic.and_then(|topic| cx.wall.topics.get(topic)) else { return };
            let size = cx.scale.size(Step::Label);
            let name = Setting::line(topic.label.clone(), size).cut(Cut::Semibold).within(cx.area.w, 1);
            let (name, caps) = (cx.setter.set(name), size * CAP_HEIGHT);
            let baseline = cx.area.y - cx.scale.line(Step::Label) + caps;
            put(list, name, Anchor::Left, Point::new(cx.area.x, baseline), cx.color);
        });
    }

    fn motion(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        self.each(cx, |counter, cx| counter.motion(cx, list));
    }
}
