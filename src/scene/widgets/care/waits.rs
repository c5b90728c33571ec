//! How long people wait: how many too long, the oldest, and, where there is room, who they are and
//! what they asked, the oldest first. Before visitors nobody is named and nothing is quoted.

use std::sync::Arc;
use std::time::Duration;

use super::super::figures::grouped;
use super::super::marks::{self, Anchor, put};
use super::super::mentions::shortened;
use super::super::names;
use super::durations::took_words;
use crate::clock::Time;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::Step;
use crate::mention::Mention;
use crate::pulse::care::CareQueue;
use crate::scene::list::List;
use crate::scene::widget::Cx;
use crate::text::{Cut, Setting, Shaped};

/// Rows of a list at most.
const ROWS: usize = 8;
/// A list of fewer rows is none.
const LEAST_ROWS: f32 = 3.0;
/// From one row of a list to the next, in lines of running text.
const PITCH: f32 = 1.1;
/// Characters that are set for a row at most; more never fit.
const CHARS: usize = 160;
/// A row of fewer type sizes in width says nothing.
const NARROWEST: f32 = 13.0;

/// What stands there in words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Waits {
    oldest: Option<String>,
    /// What the number is, and how many wait where it is not that.
    words: String,
    overdue: bool,
    rows: Vec<Row>,
}

/// Somebody who waits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Row {
    age: String,
    name: String,
    words: String,
}

/// What the list of those who wait and what comes below it have of `area`, when `excess`
/// millimetres of its height are more than the latter needs. Before visitors there is no list.
pub fn part(cx: &Cx<'_>, area: Rect, excess: f32) -> (Option<Rect>, Option<Rect>) {
    let line = cx.scale.line(Step::Body);
    let listed = cx.snapshot.care.as_ref().map_or(0, |desk| desk.longest.len()).min(ROWS) as f32;
    let rows = (excess / (line * PITCH)).floor().min(listed.max(LEAST_ROWS));
    if rows < LEAST_ROWS || !names_people(cx) {
        return (None, Some(area));
    }
    let h = rows * line * PITCH;
    let below = Rect { y: area.y + h + line * 0.5, h: area.h - h - line * 0.5, ..area };
    (Some(Rect { h, ..area }), Some(below))
}

/// Whether the words of those who wait may stand here: nobody approves them.
fn names_people(cx: &Cx<'_>) -> bool {
    !cx.wall.hides_people() && cx.wall.gate.is_none()
}

impl Waits {
    /// As of now.
    pub fn of(cx: &Cx<'_>, desk: &CareQueue) -> Self {
        let age = |at: Time| took_words(Duration::from_nanos(cx.now.0.saturating_sub(at.0).max(0) as u64));
        let row = |since: Time, mention: Option<&Arc<Mention>>| Row {
            age: age(since),
            name: mention.and_then(|m| name(m)).unwrap_or_default(),
            words: mention.map_or_else(|| "text not stored".into(), |m| words(m)),
        };
        let staff = names_people(cx);
        let listed = desk.longest.iter().take(if staff { ROWS } else { 0 });
        Self {
            oldest: desk.oldest.map(|at| format!("oldest {}", age(at))),
            words: match desk.overdue {
                0 => "waiting".into(),
                _ => format!("overdue, {} waiting", grouped(desk.waiting)),
            },
            overdue: desk.overdue > 0,
            rows: listed.map(|waiting| row(waiting.since, waiting.mention.as_ref())).collect(),
        }
    }

    /// Draws the words beside the number, whose capitals are as high as `beside`, and the list in
    /// its place or, without one, where it fits under those words.
    pub fn draw(&self, cx: &mut Cx<'_>, list: &mut List, beside: Rect, place: Option<Rect>) {
        if let Some(place) = place {
            self.draw_rows(cx, list, place, cx.scale.line(Step::Body) * PITCH);
        }
        let (line, caps) = (cx.scale.line(Step::Body), cx.scale.cap(Step::Body));
        let rows = self.rows.len().min(((beside.h - caps) / line * 1.05).max(0.0) as usize);
        let wide = beside.w >= cx.scale.size(Step::Body) * NARROWEST;
        if place.is_some() || !wide || rows == 0 {
            return self.draw_words(cx, list, beside);
        }
        let high = line * rows as f32 + caps;
        let top = beside.y + (beside.h - high) / 2.0;
        self.draw_first(cx, list, Point::new(beside.x, top + caps), beside.w);
        let below = Rect::new(beside.x, top + line, beside.w, line * rows as f32);
        self.draw_rows(cx, list, below, line);
    }

    /// What the number is and how long the oldest waits: one below the other, or the first.
    fn draw_words(&self, cx: &mut Cx<'_>, list: &mut List, area: Rect) {
        let (line, caps) = (cx.scale.line(Step::Body), cx.scale.cap(Step::Body));
        let two = area.h >= (line + caps) * 0.8 && self.oldest.is_some();
        let y = area.center().y + caps / 2.0 - if two { line / 2.0 } else { 0.0 };
        self.draw_first(cx, list, Point::new(area.x, y), area.w);
        if let (true, Some(oldest)) = (two, &self.oldest) {
            put_if_it_fits(cx, list, oldest, Point::new(area.x, y + line), area.w);
        }
    }

    fn draw_first(&self, cx: &mut Cx<'_>, list: &mut List, at: Point, width: f32) {
        let forms = [self.words.clone(), self.words.split(',').next().unwrap_or_default().into()];
        let cut = if self.overdue { Cut::Semibold } else { Cut::Regular };
        let all = forms.iter().map(|words| marks::line(cx, words, Step::Body, cut));
        if let Some(shaped) = { all }.find(|shaped| shaped.size.w <= width) {
            put(list, shaped, Anchor::Left, at, cx.theme.ink);
        }
    }

    /// As many as fit: since when, who, and what.
    fn draw_rows(&self, cx: &mut Cx<'_>, list: &mut List, area: Rect, pitch: f32) {
        let size = cx.scale.size(Step::Body);
        let rows = &self.rows[..self.rows.len().min((area.h / pitch * 1.01) as usize)];
        let ages: Vec<Arc<Shaped>> =
            rows.iter().map(|row| marks::line(cx, &row.age, Step::Body, Cut::Regular)).collect();
        let column = ages.iter().map(|age| age.size.w).fold(0.0, f32::max);
        for (i, (row, age)) in rows.iter().zip(ages).enumerate() {
            let y = area.y + pitch * i as f32 + cx.scale.cap(Step::Body);
            put(list, age, Anchor::Right, Point::new(area.x + column, y), cx.theme.ink);
            let mut x = area.x + column + size * 0.6;
            if !row.name.is_empty() {
                // Half of the row at most, so that some words follow the longest name.
                let most = (area.right() - x) * 0.5;
                let shaped = cx.setter.set(Setting::line(row.name.as_str(), size).within(most, 1));
                let next = x + shaped.size.w + size * 0.5;
                put(list, shaped, Anchor::Left, Point::new(x, y), cx.theme.quiet);
                x = next;
            }
            let shaped = cx.setter.set(Setting::line(row.words.as_str(), size).within(area.right() - x, 1));
            put(list, shaped, Anchor::Left, Point::new(x, y), cx.theme.soft);
        }
    }
}

fn name(mention: &Mention) -> Option<String> {
    names::author(mention.author.as_ref()?).map(|name| shortened(&name, 40))
}

/// What was asked, without the handles that it begins with: all of them are asked of the brand.
fn words(mention: &Mention) -> String {
    let Some(text) = mention.text.as_deref() else { return "without words".into() };
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(' ').filter(|(first, _)| first.starts_with('@')) {
        rest = after;
    }
    shortened(rest, CHARS)
}

fn put_if_it_fits(cx: &mut Cx<'_>, list: &mut List, words: &str, at: Point, width: f32) {
    if let Some(shaped) = marks::first_that_fits(cx, &[words.to_owned()], Step::Body, width) {
        put(list, shaped, Anchor::Left, at, cx.theme.soft);
    }
}
