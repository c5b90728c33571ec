//! How many mentions, over a window: an area with its levels and its present value beside
//! the data, behind it the day before; or several topics as lines.

mod alerts;
mod columns;
mod line;
mod past;
mod table;
pub(super) mod times;
mod usual;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::chart::{self, Plot};
use super::dashes::Dashes;
use super::figures::{grouped, rate, round_step};
use super::marks::{self, Anchor, put};
use super::span::{self, Silence};
use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::wall::Wall;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::text::{Cut, Setting, Shaped};
use alerts::Mark;
use columns::{Columns, Kept};
use past::Past;
use times::Stretch;
use usual::Band;

use line::GAP;
pub use line::Line;
pub use table::{Scale, TrendTable};

/// Height of the present value's capitals as a part of the tile's.
const VALUE: f32 = 0.14;
/// How strongly the area below a single curve is filled, and below one of several.
const FILL: (f32, f32) = (0.24, 0.0);

impl WidgetTable for TrendTable {
    const KIND: &'static str = "trend";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        match &self.series {
            Some(series) => Box::new(Line::new(self, series)),
            None => Box::new(Trend::new(self, wall)),
        }
    }
}

pub struct Trend {
    spec: TrendTable,
    kept: Kept,
}

/// One of the curves.
struct Curve {
    name: String,
    color: Rgba,
    dashes: Option<Dashes>,
    columns: Columns,
}

/// All that is drawn, apart from where.
struct Picture {
    curves: Vec<Curve>,
    /// Value at the upper edge, mentions a minute.
    top: f32,
    stretch: Stretch,
    marks: Vec<Mark>,
    past: Past,
    band: Arc<Band>,
}

/// Where the parts stand.
struct Places {
    plot: Rect,
    /// Where the values of the levels begin.
    left: f32,
    /// Baseline of the words for the time.
    time: Option<f32>,
    /// Right edge and type size of the present value; `None` has no room.
    value: Option<(f32, f32)>,
}

impl Curve {
    /// Its name in its colour; where others have the same, with its dashes below it.
    fn name(&self, cx: &Cx<'_>, list: &mut List, name: Arc<Shaped>, at: Point) {
        let (width, caps) = (name.size.w, cx.scale.cap(Step::Label));
        put(list, name, Anchor::Left, at, self.color);
        let line = Rect::new(at.x, at.y + caps * 0.36, width, cx.scale.mm(2.4));
        let dashes = self.dashes.iter().flat_map(|dashes| dashes.along(line));
        dashes.for_each(|dash| list.rect(dash, self.color));
    }

    /// Draws it over a plot.
    fn draw(&self, list: &mut List, rect: Rect, top: f32, width: f32, fill: f32) {
        let Self { color, dashes, columns, .. } = self;
        let scale = columns.per_minute();
        let end = columns.present().map(|value| value / scale);
        let plot = Plot { rect, bins: &columns.bins, top: top / scale, end };
        let Stretch { secs, .. } = columns.stretch();
        let stretch = (columns.stretch().begin(), secs);
        match dashes {
            None => plot.draw(list, *color, width, fill),
            Some(dashes) => plot
                .draw_with(list, *color, width, fill, |line| dashes.cut(&line, rect, stretch, columns.per)),
        }
    }
}

impl Trend {
    pub fn new(spec: &TrendTable, _wall: &Wall) -> Self {
        Self { spec: spec.clone(), kept: Kept::default() }
    }

    fn picture(&mut self, cx: &Cx<'_>) -> Picture {
        let topics = columns::topics(cx, &self.spec);
        let window = self.spec.window;
        let curves: Vec<Curve> = topics.iter().map(|topic| self.curve(cx, *topic)).collect();
        let columns = self.kept.columns(cx, topics.first().copied().flatten(), window);
        let stretch = columns.stretch();
        let band = match &*topics {
            [topic] if self.spec.band => self.kept.band(cx, *topic, &columns),
            _ => Arc::default(),
        };
        let past = match &*topics {
            [topic] if !self.spec.band => Past::of(cx.snapshot.stream(*topic), window, stretch),
            _ => Past::default(),
        };
        let highest = self.kept.highest(cx, &self.spec, &topics).max(past.highest());
        let top = (highest * 1.12).max(f32::MIN_POSITIVE);
        Picture { curves, top, stretch, marks: alerts::of(cx, &topics, stretch), past, band }
    }

    fn curve(&mut self, cx: &Cx<'_>, topic: Option<usize>) -> Curve {
        let known =
            topic.and_then(|topic| cx.wall.topics.get(topic)).filter(|_| !self.spec.topics.is_empty());
        Curve {
            name: known.map(|topic| topic.label.clone()).unwrap_or_default(),
            color: known.map_or(cx.color, |t| cx.theme.topic(t.color)),
            dashes: Dashes::of(cx, topic.filter(|_| known.is_some())),
            columns: self.kept.columns(cx, topic, self.spec.window),
        }
    }

    fn places(&self, cx: &mut Cx<'_>, picture: &Picture) -> Places {
        let area = cx.area;
        let line = cx.scale.line(Step::Label);
        let several = picture.curves.len() > 1;
        let largest = if several { Step::Body } else { Step::Number };
        let size = (area.h * VALUE / CAP_HEIGHT).min(area.w * 0.06);
        let size = size.clamp(cx.scale.size(Step::Body), cx.scale.size(largest));
        let time = area.h >= line * 4.0;
        let below = if time { line * 1.15 } else { cx.scale.mm(2.0) };
        let mut wide = value_width(cx, "8\u{202f}888", size);
        for words in picture.curves.iter().map(|curve| &*curve.name).chain(["a minute"]) {
            let words = marks::line(cx, words, Step::Label, Cut::Regular).size.w;
            wide = if area.w >= words * 5.0 { wide.max(words) } else { wide };
        }
        let gutter = wide + size * GAP;
        let value = area.w >= gutter * 2.5 && area.h >= line * 2.0;
        let right = if value { gutter } else { cx.scale.mm(4.0) };
        let levels = if value && area.w >= gutter * 3.0 { levels_width(cx, picture.top) } else { 0.0 };
        let (w, h) = ((area.w - right - levels).max(0.0), (area.h - below).max(0.0));
        let plot = Rect::new(area.x + levels, area.y, w, h);
        let time = time.then(|| area.bottom() - line * 0.2);
        Places { plot, left: area.x, time, value: value.then(|| (area.right(), size)) }
    }

    /// Number and name at the end of each curve; of several the lower ones make room, and where there is none for
    /// both, names say more than numbers.
    fn draw_values(
        cx: &mut Cx<'_>,
        list: &mut List,
        picture: &Picture,
        plot: &Rect,
        (right, size): (f32, f32),
    ) {
        let several = picture.curves.len() > 1;
        let (caps, line) = (size * CAP_HEIGHT, cx.scale.line(Step::Label));
        // Below a name its dashes, and the next number not on them.
        let words = line * if picture.curves.iter().any(|curve| curve.dashes.is_some()) { 1.3 } else { 1.0 };
        let worded = plot.h >= (caps + words * 1.2) * picture.curves.len() as f32;
        let only_named = several && !worded;
        let (size, caps) =
            if only_named { (cx.scale.size(Step::Label), cx.scale.cap(Step::Label)) } else { (size, caps) };
        let pitch = if only_named { line } else { caps * 1.35 + if worded { words } else { 0.0 } };
        let y = |value: f32| plot.bottom() - plot.h * (value / picture.top).clamp(0.0, 1.0);
        let mut ends: Vec<(f32, &Curve)> =
            picture.curves.iter().map(|c| (c.columns.present().map_or(plot.center().y, y), c)).collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let left = plot.right() + size * GAP;
        let mut free = plot.y + caps;
        let last = plot.bottom() - if worded { line } else { 0.0 };
        let count = ends.len();
        for (i, (level, curve)) in ends.into_iter().enumerate() {
            let lowest = (last - pitch * (count - 1 - i) as f32).max(free);
            let baseline = (level + caps / 2.0).clamp(free, lowest);
            free = baseline + pitch;
            let value = curve.columns.present();
            let (text, per) = value.map_or_else(|| ("–".into(), "a minute"), |value| rate(value.into()));
            if value.is_some() {
                list.disc(Point::new(plot.right(), level), cx.scale.mm(4.0), curve.color);
            }
            if only_named {
                let name = marks::line(cx, &curve.name, Step::Label, Cut::Regular);
                if baseline <= plot.bottom() + line && left + name.size.w <= right + 0.5 {
                    curve.name(cx, list, name, Point::new(left, baseline));
                }
                continue;
            }
            let ink = if value.is_some() { cx.theme.ink } else { cx.theme.quiet };
            let shaped = cx.setter.set(value_setting(&text, size));
            if baseline > plot.bottom() + line || left + shaped.size.w > right + 0.5 {
                continue;
            }
            put(list, shaped, Anchor::Left, Point::new(left, baseline), ink);
            let words = if several { &*curve.name } else { per };
            let words = marks::first_that_fits(cx, &[words.into()], Step::Label, right - left);
            let at = Point::new(left, baseline + line);
            match words.filter(|_| worded) {
                Some(words) if several => curve.name(cx, list, words, at),
                Some(words) => put(list, words, Anchor::Left, at, cx.theme.quiet),
                None => {}
            }
        }
    }
}

fn value_setting(text: &str, size: f32) -> Setting {
    Setting::line(text, size).cut(Cut::Semibold).tabular()
}

fn value_width(cx: &mut Cx<'_>, text: &str, size: f32) -> f32 {
    cx.setter.width(value_setting(text, size))
}

/// Room for the values of the levels; the same for all numbers with as many digits.
fn levels_width(cx: &mut Cx<'_>, top: f32) -> f32 {
    let text = if top >= 10_000.0 { "88\u{202f}888" } else { "8\u{202f}888" };
    let label = marks::line(cx, text, Step::Label, Cut::Regular);
    label.size.w + cx.scale.size(Step::Label) * CAP_HEIGHT * 0.5
}

/// Lines at round values, each with its value at the left of the curve.
fn draw_levels(cx: &mut Cx<'_>, list: &mut List, plot: &Rect, top: f32, left: f32) {
    let (quiet, hairline) = (cx.theme.quiet, cx.theme.hairline);
    let (thin, caps) = (cx.scale.mm(0.8), cx.scale.size(Step::Label) * CAP_HEIGHT);
    let room = plot.h / cx.scale.line(Step::Label) / 1.8;
    let step = round_step(top, (room as usize).clamp(1, 3));
    list.rect(Rect::new(plot.x, plot.bottom(), plot.w, thin), hairline);
    for level in (0..=3).map(|i| i * step).filter(|&l| l as f32 <= top) {
        let y = plot.bottom() - plot.h * level as f32 / top;
        let label = marks::line(cx, &grouped(level), Step::Label, Cut::Regular);
        if label.size.w <= plot.x - left && y - plot.y >= caps * 0.4 {
            list.rect(Rect::new(plot.x, y, plot.w, thin), hairline);
            let right = plot.x - caps * 0.5;
            let baseline = (y + caps / 2.0).max(plot.y + caps).min(plot.bottom());
            put(list, label, Anchor::Right, Point::new(right, baseline), quiet);
        }
    }
}

impl Widget for Trend {
    fn heading(&self, wall: &Wall) -> String {
        let topic = self.spec.topic.as_ref().and_then(|name| wall.topics.iter().find(|t| t.name == *name));
        let window = wall.window_words(self.spec.window);
        let topic = topic.filter(|_| self.spec.topics.is_empty());
        topic.map_or_else(|| format!("Mentions, {window}"), |t| format!("{}, {window}", t.label))
    }

    /// How much of its time is known, and whose scale it has.
    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        if let Some(silence) = Silence::of(cx, self.spec.window) {
            return silence.words(cx);
        }
        let part = span::part(cx.snapshot.stream(cx.topic), self.spec.window);
        let own = (self.spec.scale == Scale::Own).then(|| "own scale".to_owned());
        let all: Vec<String> = part.into_iter().chain(own).collect();
        if all.is_empty() { Vec::new() } else { vec![all.join(", "), all[0].clone()] }
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        let picture = self.picture(cx);
        (picture.top.to_bits(), picture.stretch, &picture.marks, &picture.past).hash(&mut state);
        picture.band.hash(&mut state);
        for curve in &picture.curves {
            for bin in curve.columns.bins.iter() {
                bin.map(|b| b.mean.to_bits()).hash(&mut state);
            }
        }
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let picture = self.picture(cx);
        let Places { plot, left, time, value } = self.places(cx, &picture);
        let Some(first) = picture.curves.first() else { return };
        chart::hatch(list, plot, &first.columns.bins, cx.scale.mm(8.0), cx.theme.unknown.fade(0.5));
        if picture.curves.iter().any(|curve| curve.columns.bins.iter().any(Option::is_some)) {
            let end = picture.curves.first().and_then(|curve| curve.columns.present());
            let taken =
                |left, right| alerts::stand_between(&picture.marks, picture.stretch, &plot, (left, right));
            picture.band.draw(cx, list, &plot, (picture.top, end), taken);
            draw_levels(cx, list, &plot, picture.top, left);
            picture.past.draw(cx, list, &plot, picture.top, end);
            alerts::draw(cx, list, &plot, picture.stretch, &picture.marks);
            let fill = if picture.curves.len() > 1 { FILL.1 } else { FILL.0 };
            for curve in &picture.curves {
                curve.draw(list, plot, picture.top, cx.scale.mm(2.4), fill);
            }
        }
        if let Some(baseline) = time {
            times::draw(cx, list, &plot, baseline, self.spec.window, picture.stretch);
        }
        if let Some(value) = value {
            Self::draw_values(cx, list, &picture, &plot, value);
        }
    }
}

#[cfg(test)]
mod tests;
