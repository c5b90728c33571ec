//! Who waits for an answer: how many, for how long, how long answers take, and the day by hours.
//! What has no room is left out, the last of these first.

mod durations;
mod waits;

use crate::layout::check::TileCheck;
use crate::layout::kind::{Room, TileKind};
use crate::layout::problem::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::Hash as _;
use std::time::Duration;

use super::figures::{THIN, grouped, share_of};
use super::marks::{self, Anchor, put};
use super::span::{self, Silence};
use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::wall::Wall;
use crate::layout::window::Window;
use crate::pulse::care::{CareQueue, Times};
use crate::pulse::snapshot::Series;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::text::{Cut, Setting};
use durations::{promise_words, took_words};
use waits::Waits;

/// A wall that has heard less does not say that nobody waits, seconds.
const YOUNG: u32 = 300;
/// A row of figures needs so many lines of running text.
const FACTS_LINES: f32 = 2.6;
/// A chart of fewer lines of running text than this says nothing.
const CHART_LINES: f32 = 2.2;
/// A chart of so many times that height leaves the rest to those who wait.
const ROOMY: f32 = 1.5;
/// Border of the plate behind what is overdue, parts of its capitals.
const PLATE: f32 = 0.22;
/// Part of an hour's width that its bar takes.
const BAR: f32 = 0.72;

/// Who is waiting for an answer from the brand, and how long answers take.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CareTileTable {
    /// Time window for answer times: `1h` or `24h`.
    #[schemars(extend("enum" = ["1h", "24h"]))]
    pub window: Window,
}

impl TileKind for CareTileTable {
    fn least(&self, _room: &Room) -> (f32, f32) {
        (120.0, 95.0)
    }

    fn words_to_read(&self) -> usize {
        4
    }

    fn check(&self, tile: &mut TileCheck<'_, '_>) {
        if !tile.has_section("care") {
            let message = format!("`{}` shows who is waiting for an answer", tile.name());
            let problem =
                Problem::error("no-care", tile.header(), message).label("but no handles are defined");
            tile.say(problem.help("Add `[care]` with the brand's handles: `handles = [\"@aurora\"]`."));
        }
    }
}

impl WidgetTable for CareTileTable {
    const KIND: &'static str = "care";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Care::new(self, wall))
    }
}

pub struct Care {
    spec: CareTileTable,
    owner: Option<String>,
}

/// Where the parts stand, from the top.
struct Plan {
    /// Type size and baseline of the number.
    number: Option<(f32, f32)>,
    /// As high as the number's capitals, to the right of it.
    beside: Rect,
    facts: Option<Rect>,
    /// Where those who wait are listed, if not beside the number.
    list: Option<Rect>,
    chart: Option<Rect>,
}

impl Plan {
    fn parts(&self) -> [bool; 3] {
        [self.number.is_some(), self.facts.is_some(), self.chart.is_some()]
    }
}

impl Care {
    pub fn new(spec: &CareTileTable, wall: &Wall) -> Self {
        let owner = wall.care.as_ref().and_then(|care| care.owner.clone());
        Self { spec: spec.clone(), owner }
    }

    fn times<'a>(&self, desk: &'a CareQueue) -> &'a Times {
        if self.spec.window == Window::H24 { &desk.last_day } else { &desk.last_hour }
    }

    /// How many are overdue, if any, else how many wait.
    fn hero(cx: &Cx<'_>) -> String {
        let Some(desk) = cx.snapshot.care.as_ref() else { return "–".into() };
        // Nobody waits only where somebody listened, and not just since now.
        let young = span::known(cx.snapshot.stream(cx.topic), Window::H1) < YOUNG;
        if desk.waiting == 0 && (young || Silence::of(cx, Window::H1).is_some()) {
            return "–".into();
        }
        grouped(if desk.overdue > 0 { desk.overdue } else { desk.waiting })
    }

    fn is_overdue(cx: &Cx<'_>) -> bool {
        cx.snapshot.care.as_ref().is_some_and(|desk| desk.overdue > 0)
    }

    /// Values and what they are: the times of the answers, and how many came in time.
    fn facts(&self, desk: &CareQueue) -> [(String, String); 3] {
        let times = self.times(desk);
        let time = |took: Option<Duration>| took.map_or("–".into(), took_words);
        let kept = times.kept_percent().map_or("–".into(), |_| share_of(times.kept, times.due));
        [
            (time(times.p50), "half answered within".into()),
            (time(times.p90), "9 of 10 within".into()),
            (kept, format!("answered within {}", promise_words(desk.promise))),
        ]
    }

    /// With air under the heading, unless that costs a part.
    fn plan(cx: &mut Cx<'_>) -> Plan {
        let (airy, home) = (marks::airy_home(cx), marks::home(cx));
        let (airy, close) = (Self::plan_in(cx, airy), Self::plan_in(cx, home));
        if airy.parts() == close.parts() { airy } else { close }
    }

    fn plan_in(cx: &mut Cx<'_>, home: Rect) -> Plan {
        let (body, label) = (cx.scale.line(Step::Body), cx.scale.line(Step::Label));
        let facts_h = body * FACTS_LINES;
        let chart_h = body * CHART_LINES + label;
        let words = marks::line(cx, "oldest 88 min", Step::Body, Cut::Regular).size.w;
        let overdue = Self::is_overdue(cx);
        let digits = Self::hero(cx);
        let wide = cx.setter.width(Setting::line(digits, 100.0).cut(Cut::Display).tabular()) / 100.0;
        let narrow = home.w < words * 1.8;
        let most = (home.w - if narrow { 0.0 } else { words + body }).max(0.0) / wide.max(0.01);
        // Under the heading a large number needs more air than words do.
        let pad = if home.h > body * 6.0 { body * 0.35 } else { 0.0 };
        let room = |taken: f32| ((home.h - pad - taken) / CAP_HEIGHT).min(most);
        let least = cx.scale.size(Step::Title);
        let has_facts = room(facts_h) >= least && home.w >= words * 2.4;
        let above = if has_facts { facts_h } else { body };
        let has_chart = room(above + chart_h) >= cx.scale.size(Step::Number) * 0.8 && home.w >= body * 6.0;
        let below =
            if has_facts { facts_h } else { 0.0 } + if has_chart { chart_h + body * 0.5 } else { 0.0 };
        let share = if has_chart { 0.42 } else { 0.62 };
        let cap = if has_facts || has_chart { home.h * share } else { home.h - pad };
        // A plate stands out around its digits.
        let plated = if overdue { 1.0 + 2.0 * PLATE } else { 1.0 };
        let mut size =
            (room(below) / plated).min(cap / CAP_HEIGHT / plated).min(cx.scale.size(Step::Hero) * 2.0);
        if Self::hero(cx) == "–" {
            // A dash as large as digits would be a bar.
            size = size.min(cx.scale.size(Step::Number) * 1.3);
        }
        if size < cx.scale.size(Step::Least) {
            size = 0.0;
        }
        let caps = size * CAP_HEIGHT;
        let border = if overdue { caps * PLATE } else { 0.0 };
        let baseline = home.y + pad.max(border) + caps;
        let x = home.x + wide * size + border * 2.0 + body * 0.6;
        let top = baseline + border + body * 0.5;
        let facts = has_facts.then(|| Rect::new(home.x, top, home.w, facts_h - body * 0.5));
        let below = has_chart.then(|| {
            let top = facts.map_or(top, |facts| facts.bottom() + body * 0.5);
            Rect::new(home.x, top, home.w, home.bottom() - top)
        });
        let excess = below.map_or(0.0, |below| below.h - chart_h * ROOMY);
        let (list, chart) = below.map(|below| waits::part(cx, below, excess)).unwrap_or_default();
        let beside = Rect::new(x, baseline - caps - border, (home.right() - x).max(0.0), caps + 2.0 * border);
        Plan { number: (size > 0.0).then_some((size, baseline)), beside, facts, list, chart }
    }

    fn draw_number(cx: &mut Cx<'_>, list: &mut List, plan: &Plan) {
        let Some((size, baseline)) = plan.number else { return };
        let home = marks::home(cx);
        let digits = Self::hero(cx);
        let known = digits != "–";
        let shaped = cx.setter.set(Setting::line(digits, size).cut(Cut::Display));
        let mut at = Point::new(home.x, baseline);
        let mut ink = if known { cx.theme.ink } else { cx.theme.quiet };
        if Self::is_overdue(cx) {
            let (caps, border) = (size * CAP_HEIGHT, size * CAP_HEIGHT * PLATE);
            let (w, h) = (shaped.size.w + 2.0 * border, caps + 2.0 * border);
            let plate = plate(cx);
            list.rect(Rect::new(home.x, baseline - caps - border, w, h), plate);
            (at.x, ink) = (home.x + border, marks::readable(cx, plate));
        } else if known {
            at.x -= size * 0.03;
        }
        put(list, shaped, Anchor::Left, at, ink);
    }

    fn draw_facts(&self, cx: &mut Cx<'_>, list: &mut List, desk: &CareQueue, rect: Rect) {
        let size = cx.scale.size(Step::Title).min(rect.h * 0.5 / CAP_HEIGHT);
        let column = rect.w / 3.0;
        let baseline = rect.y + size * CAP_HEIGHT;
        for (i, (value, words)) in self.facts(desk).into_iter().enumerate() {
            let x = rect.x + column * i as f32;
            let gap = cx.scale.size(Step::Label) * 0.4;
            let forms = [words.clone(), words.replacen("answered ", "", 1)];
            let named = [Step::Label, Step::Least]
                .into_iter()
                .find_map(|step| marks::first_that_fits(cx, &forms, step, column - gap));
            // A number that nobody can name says nothing.
            let Some(named) = named else { continue };
            let shaped = cx.setter.set(Setting::line(value, size).cut(Cut::Display).tabular());
            put(list, shaped, Anchor::Left, Point::new(x, baseline), cx.theme.ink);
            let below = baseline + cx.scale.line(Step::Label);
            put(list, named, Anchor::Left, Point::new(x, below), cx.theme.quiet);
        }
    }

    /// Cases opened in each hour, and in front of them the first answers.
    fn draw_chart(cx: &mut Cx<'_>, list: &mut List, desk: &CareQueue, rect: Rect) {
        let line = cx.scale.line(Step::Label);
        let head = cx.scale.cap(Step::Label) * 1.4;
        let plot = Rect::new(rect.x, rect.y + head, rect.w, rect.h - line * 1.15 - head);
        let most = |series: &Series| series.known_values().max().unwrap_or(0);
        let top = most(&desk.opened).max(most(&desk.answered)).max(4) as f32;
        let hours = desk.opened.values.len().max(1);
        let pitch = plot.w / hours as f32;
        let (asked, answered) = (cx.theme.soft.fade(0.35), cx.color);
        for (from, end) in &desk.opened.unknown {
            let rect = Rect { x: plot.x + pitch * *from as f32, w: pitch * (end - from) as f32, ..plot };
            marks::unknown(list, rect, cx.scale.mm(8.0), cx.theme.unknown.fade(0.5));
        }
        let known = || desk.opened.known(0..hours).flatten();
        // The last hour still runs: it is not as high as it will be.
        let hollow = |i: usize| (i + 1 == hours).then_some((cx.theme.ground, cx.scale.mm(1.2)));
        for (i, value) in known().filter_map(|i| Some((i, desk.opened.values.get(i)?))) {
            bar(list, plot, (pitch * i as f32, pitch * BAR), *value as f32 / top, asked, hollow(i));
        }
        for (i, value) in known().filter_map(|i| Some((i, desk.answered.values.get(i)?))) {
            let w = pitch * BAR * 0.5;
            let x = pitch * i as f32 + (pitch * BAR - w) / 2.0;
            bar(list, plot, (x, w), *value as f32 / top, answered, hollow(i));
        }
        let most = marks::line(cx, &grouped(top as u64), Step::Label, Cut::Regular);
        list.rect(Rect::new(plot.x, plot.y, plot.w, cx.scale.mm(0.8)), cx.theme.hairline);
        let at = Point::new(plot.x, plot.y - cx.scale.cap(Step::Label) * 0.35);
        if at.y - cx.scale.cap(Step::Label) >= rect.y {
            put(list, most, Anchor::Left, at, cx.theme.quiet);
        }
        list.rect(Rect::new(plot.x, plot.bottom(), plot.w, cx.scale.mm(0.8)), cx.theme.hairline);
        Self::draw_legend(cx, list, rect, line);
    }

    /// Under the chart: its ends, and what the bars are, each beside a piece of one.
    fn draw_legend(cx: &mut Cx<'_>, list: &mut List, rect: Rect, line: f32) {
        let baseline = rect.bottom() - line * 0.2;
        let caps = cx.scale.size(Step::Label) * CAP_HEIGHT;
        let mut x = rect.x;
        for (words, color) in [("asked", cx.theme.soft.fade(0.35)), ("answered", cx.color)] {
            list.rect(Rect::new(x, baseline - caps, caps * 0.6, caps), color);
            let shaped = marks::line(cx, words, Step::Label, Cut::Regular);
            let next = x + caps * 1.0 + shaped.size.w + caps;
            if next > rect.right() {
                return;
            }
            put(list, shaped, Anchor::Left, Point::new(x + caps, baseline), cx.theme.quiet);
            x = next;
        }
        let hours = [format!("by the hour, last 24{THIN}h"), format!("last 24{THIN}h")];
        if let Some(shaped) = marks::first_that_fits(cx, &hours, Step::Label, rect.right() - x) {
            put(list, shaped, Anchor::Right, Point::new(rect.right(), baseline), cx.theme.quiet);
        }
    }
}

/// Behind what is overdue; no brighter than the rest of the tile where its feeds are not heard.
fn plate(cx: &Cx<'_>) -> Rgba {
    let stale = cx.theme.ink != cx.wall.theme.ink;
    if stale { cx.theme.alarm.mix(cx.theme.ground, 0.5) } else { cx.theme.alarm }
}

/// A bar at (x, width); with a ground and a width only its outline.
fn bar(list: &mut List, plot: Rect, (x, w): (f32, f32), part: f32, color: Rgba, hollow: Option<(Rgba, f32)>) {
    let h = plot.h * part.clamp(0.0, 1.0);
    if h <= 0.0 {
        return;
    }
    let whole = Rect::new(plot.x + x, plot.bottom() - h, w, h);
    list.rect(whole, color);
    if let Some((ground, thin)) = hollow.filter(|(_, thin)| h > thin * 2.0 && w > thin * 3.0) {
        list.rect(Rect { x: whole.x + thin, y: whole.y + thin, w: w - thin * 2.0, h: h - thin }, ground);
    }
}

impl Widget for Care {
    fn heading(&self, _wall: &Wall) -> String {
        "Waiting for an answer".into()
    }

    fn short_headings(&self, _wall: &Wall) -> Vec<String> {
        vec!["Waiting".into()]
    }

    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        let window = self.spec.window.words();
        let Some(desk) = &cx.snapshot.care else { return vec!["unknown".into()] };
        let answers = grouped(self.times(desk).answers);
        let doubt = if desk.exact { "" } else { "at least, " };
        let owner = self
            .owner
            .as_ref()
            .map(|owner| format!("{owner} answers; {doubt}{answers} first answers, {window}"));
        let plain = [
            format!("{doubt}{answers} first answers, {window}"),
            format!("{answers} answers"),
            window.into(),
        ];
        owner.into_iter().chain(plain).collect()
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        Self::hero(cx).hash(&mut state);
        if let Some(desk) = cx.snapshot.care.clone() {
            (self.facts(&desk), Waits::of(cx, &desk)).hash(&mut state);
            for series in [&desk.opened, &desk.answered] {
                (&series.values, &series.unknown).hash(&mut state);
            }
        }
        marks::sum(state)
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let plan = Self::plan(cx);
        Self::draw_number(cx, list, &plan);
        let Some(desk) = cx.snapshot.care.clone() else { return };
        if plan.number.is_some() {
            Waits::of(cx, &desk).draw(cx, list, plan.beside, plan.list);
        }
        if let Some(rect) = plan.facts {
            self.draw_facts(cx, list, &desk, rect);
        }
        if let Some(rect) = plan.chart {
            Self::draw_chart(cx, list, &desk, rect);
        }
    }
}

#[cfg(test)]
mod tests;
