//! A list with numbers: what is named most, what rises, or who speaks. One line for each, a bar
//! under it that compares it with the first.

mod course;
mod rows;
mod table;

use std::hash::{Hash, Hasher};

use super::marks::{self, Anchor, put};
use super::span::Silence;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::ranks::{Past, Rank};
use crate::layout::wall::Wall;
use crate::mention::ReachKind;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::text::{Cut, Setting};
use rows::Row;

pub use table::{By, RanksOf, RanksTable, own_time};

/// From one row to the next, in lines of running text, at the tightest.
const PITCH: f32 = 1.3;
/// Most that words are larger than running text.
const LARGEST: f32 = 2.2;
/// A narrower row is none, in type sizes.
const LEAST: f32 = 3.0;
/// A narrower row has smaller words, in type sizes.
const NARROWEST: f32 = 8.0;
/// Width of a row in type sizes that words do not grow beyond.
const NARROW: f32 = 15.0;
/// Against what rows have moved.
const MOVED: &str = "▲▼ against the last 24 hours";
/// The same, and what the curves show.
const COURSES: &str = "▲▼ and curves: last 24 hours";
/// Curves alone.
const CURVES: &str = "curves: last 24 hours";
/// Width of a curve as a part of the row's, and its least and most, arc minutes.
const COURSE: (f32, f32, f32) = (0.14, 60.0, 140.0);
/// What the frame of a tile takes of its width, arc minutes.
const FRAME: f32 = 34.0;
/// Most of the width that the number at the right may take.
const VALUE: f32 = 0.5;

impl WidgetTable for RanksTable {
    const KIND: &'static str = "ranks";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Ranks::new(self, wall))
    }
}

pub struct Ranks {
    spec: RanksTable,
}

impl Ranks {
    pub fn new(spec: &RanksTable, _wall: &Wall) -> Self {
        Self { spec: spec.clone() }
    }

    fn past(&self) -> Past {
        self.spec.window.unwrap_or_default()
    }

    fn by_reach(&self) -> bool {
        self.spec.of == RanksOf::Authors && self.spec.by == Some(By::Reach)
    }

    /// How many rows fit.
    fn most(&self, cx: &Cx<'_>, home: Rect) -> usize {
        let line = cx.scale.line(Step::Body);
        ((home.h / (line * PITCH)) as usize).min(usize::from(self.spec.count.clamp(1, 24)))
    }

    /// The rows in places of this width.
    fn rows(&self, cx: &Cx<'_>, width: f32) -> Vec<Row> {
        if let Some(Silence::Untold(_)) = Silence::of(cx, self.past().window()) {
            return Vec::new();
        }
        rows::of(&self.spec, cx, self.most(cx, marks::home(cx)), course::has_room(cx, width))
    }

    /// Why it is empty.
    fn nothing(&self, cx: &Cx<'_>) -> Vec<String> {
        if let Some(silence) = Silence::now(cx) {
            return silence.words(cx);
        }
        let plain = match (self.spec.of, self.spec.rank) {
            (RanksOf::Authors, _) => "no authors yet",
            (_, Rank::Rising) if !cx.snapshot.stream(cx.topic).ranked.has_past => "needs an hour of history",
            (_, Rank::Rising) => "nothing is rising",
            (RanksOf::Emoji, _) => "no emoji yet",
            (RanksOf::Links, _) => "no links yet",
            (RanksOf::Hashtags, _) => "no hashtags yet",
            _ => "no words yet",
        };
        vec![plain.into()]
    }

    fn what(&self) -> &'static str {
        match self.spec.of {
            RanksOf::All | RanksOf::Words => "words",
            RanksOf::Hashtags => "hashtags",
            RanksOf::Emoji => "emoji",
            RanksOf::Links => "links",
            RanksOf::Authors => "authors",
        }
    }

    /// Movement and name at the left, the number at the right, between them in a column of its own what
    /// is known besides; a bar under all.
    fn draw_row(&self, cx: &mut Cx<'_>, list: &mut List, row: &Row, place: Rect, sizes: &Sizes) {
        let size = sizes.text;
        let caps = size * CAP_HEIGHT;
        let baseline = place.y + place.h * 0.42 + caps * 0.5;
        let value = cx.setter.set(Setting::line(row.value.as_str(), size).cut(Cut::Semibold).tabular());
        if place.w < size * LEAST {
            return;
        }
        // A name and its bar say something without the number, which has no room here.
        let counted = value.size.w <= place.w * VALUE;
        if counted {
            put(list, value.clone(), Anchor::Right, Point::new(place.right(), baseline), cx.theme.ink);
        }
        let moved = if sizes.moved > 0.0 { row.moved.words() } else { String::new() };
        if !moved.is_empty() {
            let moved = marks::line(cx, &moved, Step::Label, Cut::Regular);
            put(list, moved, Anchor::Left, Point::new(place.x, baseline), cx.theme.quiet);
        }
        let left = place.x + sizes.moved;
        let right = place.right() - if counted { sizes.value + size * 0.6 } else { 0.0 };
        if !row.course.is_empty() {
            let rect = Rect::new(right - sizes.course, baseline - caps, sizes.course, caps);
            course::draw(cx, list, rect, &row.course);
        }
        let right = right - if sizes.course > 0.0 { sizes.course + size * 0.6 } else { 0.0 };
        let name = marks::name(cx, &row.name, size, right - left);
        let end = left + name.size.w + size * 0.6;
        put(list, name, Anchor::Left, Point::new(left, baseline), cx.theme.soft);
        if let Some(beside) = marks::first_that_fits(cx, &row.beside, Step::Label, (right - end).max(0.0)) {
            put(list, beside, Anchor::Right, Point::new(right, baseline), cx.theme.quiet);
        }
        let bar = Rect::new(place.x, baseline + caps * 0.5, place.w, (place.h * 0.1).max(caps * 0.16));
        list.rect(Rect { w: bar.w * f32::from(row.part) / 200.0, ..bar }, cx.color);
    }

    /// Type size and columns of rows of this place.
    fn sizes(cx: &mut Cx<'_>, rows: &[Row], place: Rect) -> Sizes {
        let body = cx.scale.size(Step::Body);
        let larger = (place.h / cx.scale.line(Step::Body) / PITCH).min(place.w / body / NARROW);
        let least = if place.w < body * NARROWEST { cx.scale.size(Step::Least) / body } else { 1.0 };
        let text = body * larger.clamp(least, LARGEST);
        let value =
            |row: &Row| cx.setter.width(Setting::line(row.value.as_str(), text).cut(Cut::Semibold).tabular());
        let value = rows.iter().map(value).fold(0.0, f32::max);
        let has_moved = rows.iter().any(|row| !row.moved.words().is_empty()) && place.w >= text * NARROW;
        let moved = marks::line(cx, "new ", Step::Label, Cut::Regular).size.w + text * 0.3;
        let has_course = rows.iter().any(|row| !row.course.is_empty());
        let course = (place.w * COURSE.0).clamp(cx.scale.mm(COURSE.1), cx.scale.mm(COURSE.2));
        let (moved, course) = (if has_moved { moved } else { 0.0 }, if has_course { course } else { 0.0 });
        Sizes { text, value, moved, course }
    }
}

/// Type size of a row, and the widths of its columns of numbers, of movements and of curves.
struct Sizes {
    text: f32,
    value: f32,
    moved: f32,
    course: f32,
}

impl Widget for Ranks {
    fn heading(&self, wall: &Wall) -> String {
        let topic = self.spec.topic.as_ref().and_then(|name| wall.topics.iter().find(|t| t.name == *name));
        let what = match (self.spec.rank, self.by_reach()) {
            (Rank::Rising, _) => format!("Rising {}", self.what()),
            (_, true) => "Widest reach".into(),
            (_, false) if self.spec.of == RanksOf::Authors => "Most active authors".into(),
            _ => format!("Most used {}", self.what()),
        };
        let topic = topic.map_or(String::new(), |topic| format!(", {}", topic.label));
        let window = if self.spec.rank == Rank::Most && topic.is_empty() { self.past().words() } else { "" };
        let comma = if window.is_empty() { "" } else { ", " };
        format!("{what}{topic}{comma}{window}")
    }

    fn short_headings(&self, wall: &Wall) -> Vec<String> {
        let (whole, past) = (self.heading(wall), self.past().window());
        let short = whole.replace(past.words(), past.short_words());
        // That a list stands in order can be seen.
        let bare =
            short.strip_prefix("Most used ").or(short.strip_prefix("Most active ")).map(marks::capital);
        [Some(short.clone()), bare].into_iter().flatten().collect()
    }

    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        let ranks = cx.snapshot.stream(cx.topic).ranked.over(self.past());
        let window = self.past().words();
        let missed = match self.spec.of {
            RanksOf::Authors => ranks.authors_missed,
            _ => ranks.terms_missed,
        };
        if self.spec.rank == Rank::Rising {
            return vec!["last 15 minutes, against the day before".into(), "against the day before".into()];
        }
        let mut all = Vec::new();
        if self.by_reach() {
            let kind = ranks.reach.first().and_then(|voice| voice.reach).map(|reach| reach.kind);
            all.extend(kind.map(|kind| format!("by {}, {window}", reach_word(kind))));
            all.extend(kind.map(|kind| format!("by {}", reach_word(kind))));
        }
        if self.spec.of == RanksOf::Authors && cx.wall.hides_people() {
            all.insert(0, "names are not shown".into());
        }
        if missed > 0 {
            all.insert(0, format!("{window}; counts may miss {missed}"));
            all.insert(1, "counts are minimums".into());
        }
        let rows = self.rows(cx, cx.area.w - cx.scale.mm(FRAME));
        let moved = rows.iter().any(|row| !row.moved.words().is_empty());
        let words = match rows.iter().any(|row| !row.course.is_empty()) {
            true if moved => Some(COURSES),
            true => Some(CURVES),
            false => moved.then_some(MOVED),
        };
        if let Some(words) = words {
            let forms = all.first().cloned();
            all.insert(0, forms.map_or_else(|| words.into(), |first| format!("{first}; {words}")));
        }
        if self.spec.topic.is_some() {
            all.push(window.into());
        }
        all
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        let rows = self.rows(cx, marks::home(cx).w);
        (rows.is_empty().then(|| self.nothing(cx)), rows).hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let home = marks::home(cx);
        let rows = self.rows(cx, home.w);
        let pitch = home.h / rows.len().max(1) as f32;
        let pitch = pitch.min(cx.scale.line(Step::Body) * PITCH * LARGEST * 1.2);
        let sizes = Self::sizes(cx, &rows, Rect { h: pitch, ..home });
        for (i, row) in rows.iter().enumerate() {
            let place = Rect::new(home.x, home.y + i as f32 * pitch, home.w, pitch);
            self.draw_row(cx, list, row, place, &sizes);
        }
        if rows.is_empty() {
            marks::nothing(cx, list, &self.nothing(cx), home);
        }
    }
}

const fn reach_word(kind: ReachKind) -> &'static str {
    match kind {
        ReachKind::Followers => "followers",
        ReachKind::Impressions => "impressions of one mention",
        ReachKind::SiteVisitors => "visitors of the site",
        ReachKind::Vendor => "the service's own reach",
    }
}

#[cfg(test)]
mod tests;
