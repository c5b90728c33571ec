//! Share of voice: one bar for each topic, or for the largest sources, languages or countries of a
//! stream; the largest first.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

use super::dashes::{Dashes, GAPS};
use super::figures::{self, THIN, hundred};
use super::marks::{self, Anchor, put};
use super::span::{Silence, window_words};
use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::wall::Wall;
use crate::pulse::snapshot::{Breakdown, Breakdowns, Portion, Series};
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::text::{Cut, Setting};

use captions::{part_captions, part_name};
use course::{Course, changes};
pub use table::{Parts, ShareTable, compared};

/// Height of a bar as a part of a row's, beside its words and below them.
const BAR: (f32, f32) = (0.55, 0.36);
/// Height of a row's capitals as a part of the row's, likewise.
const CAPS: (f32, f32) = (0.36, 0.26);
/// Most that words are larger than running text.
const LARGEST: f32 = 2.4;

/// Names of so many parts are given room.
const MEASURED: usize = 16;
/// A longer name of a source, language or country is cut, parts of the width.
const LONGEST: f32 = 0.4;
/// Of a stream that is not divided.
static NOTHING: LazyLock<Breakdowns> = LazyLock::new(Breakdowns::default);

impl WidgetTable for ShareTable {
    const KIND: &'static str = "share";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Share::new(self, wall))
    }
}

pub struct Share {
    spec: ShareTable,
    /// Indices of the topics compared.
    topics: Vec<usize>,
    /// The last day, made once for its series.
    course: Option<(Vec<Arc<Series>>, Option<Course>)>,
}

/// One of those that are compared.
struct Entry {
    name: String,
    /// Index of a topic.
    topic: Option<usize>,
    color: Rgba,
    count: u64,
    /// The same a day ago, where it is known.
    before: Option<u64>,
}

/// One line of the comparison.
struct Row {
    name: String,
    /// Index of a topic.
    topic: Option<usize>,
    color: Rgba,
    /// Per cent in words; `None` is unknown.
    per_cent: Option<String>,
    /// Length of the bar, half per cent of all mentions.
    half_per_cents: u32,
    /// By how many per cents it grew since yesterday.
    change: Option<i32>,
    /// All that have no row of their own.
    rest: bool,
}

/// How rows stand.
struct Plan {
    /// Rows in each column.
    rows: usize,
    columns: usize,
    pitch: f32,
    width: f32,
    /// Name and per cent above the bar rather than beside it.
    above: bool,
    name_w: f32,
    value_w: f32,
    /// Type size.
    size: f32,
}

impl Share {
    pub fn new(spec: &ShareTable, wall: &Wall) -> Self {
        let wanted = |name: &String| spec.topics.is_empty() || spec.topics.contains(name);
        let named = wall.topics.iter().enumerate();
        let topics = named.filter(|(_, t)| wanted(&t.name)).map(|(i, _)| i).collect();
        Self { spec: spec.clone(), topics, course: None }
    }

    /// All that is compared, the largest first; and the mentions of further parts that have no name.
    fn entries(&self, cx: &Cx<'_>) -> (Vec<Entry>, u64) {
        let (mut entries, nameless) = self.unsorted(cx);
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.count));
        (entries, nameless)
    }

    fn unsorted(&self, cx: &Cx<'_>) -> (Vec<Entry>, u64) {
        if let Some(made) = self.breakdown(cx) {
            let count = |part: &Portion| part.counts.over(self.spec.window);
            let parts = made.parts.iter().filter(|part| count(part) > 0);
            let mut nameless = made.other.over(self.spec.window);
            let named = |part: &Portion| match part_name(self.spec.by, &part.name) {
                Some(name) => Some((count(part), name.to_owned())),
                None => {
                    nameless += count(part);
                    None
                }
            };
            let named: Vec<(u64, String)> = parts.filter_map(named).collect();
            let entry = |(count, name): (u64, String)| Entry {
                name,
                topic: None,
                color: cx.color,
                count,
                before: None,
            };
            let mut entries: Vec<Entry> = named.into_iter().map(entry).collect();
            entries.sort_by(|a, b| a.name.cmp(&b.name));
            return (entries, nameless);
        }
        let entry = |&i: &usize| {
            let topic = cx.wall.topics.get(i)?;
            let stream = cx.snapshot.topics.get(i);
            let count = stream.map_or(0, |s| s.counts.over(self.spec.window).mentions);
            let before = stream.and_then(|s| s.before.over(self.spec.window).day);
            let color = cx.theme.topic(topic.color);
            Some(Entry { name: topic.label.clone(), topic: Some(i), color, count, before })
        };
        (self.topics.iter().filter_map(entry).collect(), 0)
    }

    /// The parts of its stream, unless topics are compared.
    fn breakdown<'a>(&self, cx: &Cx<'a>) -> Option<&'a Breakdown> {
        let made = cx.snapshot.stream(cx.topic).breakdown.as_deref();
        let made = made.unwrap_or(&NOTHING);
        match self.spec.by {
            Parts::Topic => None,
            Parts::Source => Some(&made.sources),
            Parts::Language => Some(&made.languages),
            Parts::Country => Some(&made.countries),
        }
    }

    /// At most `most` rows; of several, the last takes all that have no row of their own.
    fn rows(&self, cx: &Cx<'_>, most: usize) -> Vec<Row> {
        let (entries, nameless) = self.entries(cx);
        let all = entries.len();
        let rest = all > most || nameless > 0;
        let own = if rest { most.saturating_sub(1).max(1).min(all) } else { all };
        let mut counts: Vec<u64> = entries[..own].iter().map(|e| e.count).collect();
        if rest {
            counts.push(entries[own..].iter().map(|e| e.count).sum::<u64>() + nameless);
        }
        let silent = Silence::of(cx, self.spec.window).is_some();
        let total: u64 = if silent { 0 } else { counts.iter().sum() };
        let per_cents = hundred(&counts);
        let others = if nameless > 0 { "others".into() } else { format!("{} others", all - own) };
        let before: Vec<Option<u64>> = entries.iter().map(|entry| entry.before).collect();
        let changes = if silent { vec![None; all] } else { changes(&before, &per_cents) };
        let row = |(i, &n): (usize, &u64)| {
            let entry = entries.get(i).filter(|_| i < own);
            Row {
                name: entry.map_or_else(|| others.clone(), |entry| entry.name.clone()),
                topic: entry.and_then(|entry| entry.topic),
                color: entry.map_or(cx.theme.neutral, |entry| entry.color),
                change: entry.and(changes.get(i).copied().flatten()),
                rest: entry.is_none(),
                per_cent: (total > 0).then(|| figures::share(per_cents[i], n, total)),
                half_per_cents: if silent {
                    0
                } else {
                    (n as f64 * 200.0 / total.max(1) as f64).round() as u32
                },
            }
        };
        counts.iter().enumerate().map(row).take(most).collect()
    }

    fn is_empty(&self, cx: &Cx<'_>) -> bool {
        let (entries, nameless) = self.entries(cx);
        entries.is_empty() && nameless == 0
    }

    /// Of what the per cents are, longest first.
    fn captions(&self, cx: &Cx<'_>) -> Vec<String> {
        if let Some(silence) = Silence::of(cx, self.spec.window) {
            return silence.words(cx);
        }
        let window = &*window_words(cx, self.spec.window);
        if let Some(made) = self.breakdown(cx) {
            return part_captions(self.spec.by, made.coverage(self.spec.window), window);
        }
        let of = if self.spec.topics.is_empty() { "with a topic" } else { "with one of these topics" };
        vec![
            format!("of mentions {of}, {window}; one with two topics counts for both"),
            format!("of mentions {of}, {window}"),
            format!("of mentions {of}"),
            window.into(),
        ]
    }

    /// One column of bars when all topics fit, else as many as there is width for.
    fn plan(&self, cx: &mut Cx<'_>, home: Rect) -> Plan {
        let (body, usual) = (cx.scale.line(Step::Body), cx.scale.size(Step::Body));
        let (name_w, value_w) = self.widths(cx, home);
        let above = name_w + value_w > home.w * 0.6;
        let least = if above { body * 1.45 } else { body * 1.05 };
        let narrowest = if above { value_w + body * 3.0 } else { name_w + value_w + body * 3.0 };
        let most_columns = ((home.w + body) / (narrowest + body)) as usize;
        // In a narrow place words are rather smaller than that nothing stands there.
        let narrow = home.w < value_w + usual * 3.0;
        let smallest = if narrow { cx.scale.size(Step::Least) / usual } else { 1.0 };
        let most_columns = most_columns.max(usize::from(home.w >= (value_w + usual * 1.2) * smallest));
        let (entries, nameless) = self.entries(cx);
        let bars = entries.len() + usize::from(nameless > 0);
        // The largest stands even where a row is tight.
        let one = usize::from(home.h >= cx.scale.cap(Step::Body) * 1.2);
        let lines = ((home.h / least) as usize).max(one);
        // The smallest of many parts say little: one column of the largest is enough.
        let most_columns = if self.spec.by == Parts::Topic { most_columns } else { most_columns.min(1) };
        let columns = (1..=most_columns).find(|c| lines * c >= bars).unwrap_or(most_columns);
        let rows = lines.min(bars.div_ceil(columns.max(1)));
        let pitch = home.h / rows.max(1) as f32;
        let width = (home.w + body) / columns.max(1) as f32 - body;
        // Words grow with their row until they take too much of the width from the bar.
        let (high, wide) = if above { (CAPS.1, 0.98) } else { (CAPS.0, 0.5) };
        let larger = (pitch * high / CAP_HEIGHT / usual)
            .min(width * wide / (name_w + value_w))
            .clamp(smallest, LARGEST);
        let (name_w, value_w) = (name_w * larger, value_w * larger);
        Plan {
            rows,
            columns,
            pitch,
            width,
            above,
            name_w: name_w.min(home.w * 0.5),
            value_w,
            size: usual * larger,
        }
    }

    /// Room for the longest name, and for a per cent, in running text.
    fn widths(&self, cx: &mut Cx<'_>, home: Rect) -> (f32, f32) {
        let body = cx.scale.line(Step::Body);
        let (mut name_w, mut most) = (0.0_f32, f32::MAX);
        if self.spec.by != Parts::Topic {
            name_w = marks::line(cx, "88 others", Step::Body, Cut::Regular).size.w;
            most = name_w.max(home.w * LONGEST);
        }
        for entry in self.entries(cx).0.iter().take(MEASURED) {
            name_w = name_w.max(marks::line(cx, &entry.name, Step::Body, Cut::Regular).size.w);
        }
        name_w = name_w.min(most);
        let value_w = marks::line(cx, "100\u{202f}%", Step::Body, Cut::Semibold).size.w;
        (name_w + body * 0.5, value_w + body * 0.4)
    }

    fn draw_row(&self, cx: &mut Cx<'_>, list: &mut List, plan: &Plan, row: &Row, full: u32, at: Point) {
        let size = plan.size;
        let caps = size * CAP_HEIGHT;
        let baseline =
            at.y + if plan.above { (plan.pitch * 0.42).max(caps * 1.05) } else { (plan.pitch + caps) / 2.0 };
        let name_room = if plan.above { plan.width - plan.value_w } else { plan.name_w };
        let name = marks::name(cx, &row.name, size, name_room);
        put(list, name, Anchor::Left, Point::new(at.x, baseline), cx.theme.soft);
        let bar = plan.bar(at, baseline);
        let filled = bar.w * row.half_per_cents as f32 / full as f32;
        if bar.bottom() <= at.y + plan.pitch + 0.1 {
            draw_bar(cx, list, Rect { w: filled, ..bar }, row);
        }
        let value = row.per_cent.as_deref().unwrap_or("–");
        let value = cx.setter.set(Setting::line(value, size).cut(Cut::Semibold).tabular());
        let (anchor, x) = match plan.above {
            true => (Anchor::Right, at.x + plan.width),
            false => (Anchor::Left, bar.x + filled + size * 0.3),
        };
        let end = x + value.size.w + size * 0.4;
        put(list, value, anchor, Point::new(x, baseline), cx.theme.ink);
        let Some(change) = row.change.filter(|_| !plan.above) else { return };
        let words = match change {
            0 => return,
            1.. => format!("▲{THIN}{change}"),
            _ => format!("▼{THIN}{}", -change),
        };
        let words = marks::line(cx, &words, Step::Label, Cut::Regular);
        if end + words.size.w <= at.x + plan.width {
            put(list, words, Anchor::Left, Point::new(end, baseline), cx.theme.quiet);
        }
    }
}

/// A bar; of all that have no row of their own only its outline.
fn draw_bar(cx: &Cx<'_>, list: &mut List, bar: Rect, row: &Row) {
    let thin = cx.scale.mm(1.5).min(bar.h / 3.0);
    match Dashes::of(cx, row.topic) {
        None => list.rect(bar, row.color),
        Some(dashes) => {
            list.rect(bar, row.color.fade(GAPS));
            dashes.along(bar).for_each(|dash| list.rect(dash, row.color));
        }
    }
    if row.rest && bar.w > thin * 3.0 {
        list.rect(bar.inset(thin), cx.theme.ground);
    }
}

impl Plan {
    /// Room for the longest bar: under the words, or between name and value.
    fn bar(&self, at: Point, baseline: f32) -> Rect {
        if self.above {
            let top = baseline + self.pitch * 0.1;
            return Rect::new(at.x, top, self.width, self.pitch * BAR.1);
        }
        let w = (self.width - self.name_w - self.value_w).max(0.0);
        let h = self.pitch * BAR.0;
        Rect::new(at.x + self.name_w, at.y + (self.pitch - h) / 2.0, w, h)
    }

    /// Top left corner of a row; rows run down the columns.
    fn place(&self, home: Rect, row: usize, gap: f32) -> Point {
        let (column, line) = (row / self.rows.max(1), row % self.rows.max(1));
        Point::new(home.x + column as f32 * (self.width + gap), home.y + line as f32 * self.pitch)
    }
}

impl Widget for Share {
    fn heading(&self, wall: &Wall) -> String {
        let topic = self.spec.topic.as_ref().and_then(|name| wall.topics.iter().find(|t| t.name == *name));
        let what = match self.spec.by {
            Parts::Topic => return "Share of voice".into(),
            Parts::Source => "Sources",
            Parts::Language => "Languages",
            Parts::Country => "Countries",
        };
        topic.map_or_else(|| what.into(), |topic| format!("{what}, {}", topic.label))
    }

    /// What stands in the tile itself is not said twice.
    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        if self.is_empty(cx) { Vec::new() } else { self.captions(cx) }
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        let (home, day) = self.places(cx);
        if day.is_some() {
            self.course(cx).hash(&mut state);
        }
        let plan = self.plan(cx, home);
        let rows = self.rows(cx, plan.rows * plan.columns);
        self.is_empty(cx).then(|| self.captions(cx)).hash(&mut state);
        for row in rows {
            (row.name, row.color, row.per_cent, row.half_per_cents, row.change, row.rest).hash(&mut state);
        }
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let (home, day) = self.places(cx);
        let plan = self.plan(cx, home);
        if self.is_empty(cx) {
            return marks::nothing(cx, list, &self.captions(cx), marks::home(cx));
        }
        if plan.rows * plan.columns == 0 {
            return;
        }
        let (gap, rows) = (cx.scale.line(Step::Body), self.rows(cx, plan.rows * plan.columns));
        // One alone is measured by the whole.
        let most = rows.iter().map(|row| row.half_per_cents.max(1)).max();
        let full = most.filter(|_| rows.len() > 1).unwrap_or(200);
        for (i, row) in rows.iter().enumerate() {
            self.draw_row(cx, list, &plan, row, full, plan.place(home, i, gap));
        }
        if let Some(place) = day {
            self.draw_course(cx, list, place, &rows);
        }
    }
}

mod beside;
mod captions;
mod course;
mod table;
#[cfg(test)]
mod tests;
