//! A list with numbers: what is named most, what rises, or who speaks. One line for each, a bar
//! under it that compares it with the first.

mod rows;
mod table;

use std::hash::{Hash, Hasher};

use super::marks::{self, Anchor, put};
use super::span::Silence;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::ranks::{Past, Rank};
use crate::layout::wall::{Audience, Wall};
use crate::mention::ReachKind;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};
use crate::text::{Align, Cut, Setting};
use rows::Row;

pub use table::{By, RanksOf, RanksTable, own_time};

/// From one row to the next, in lines of running text, at the tightest and at the loosest.
const PITCH: (f32, f32) = (1.3, 1.9);
/// Most of the width that the number at the right may take.
const VALUE: f32 = 0.5;

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

    /// How many rows fit, and how far apart they stand.
    fn plan(&self, cx: &Cx<'_>, home: Rect) -> (usize, f32) {
        let line = cx.scale.line(Step::Body);
        let most = usize::from(self.spec.count.clamp(1, 24));
        let rows = ((home.h / (line * PITCH.0)) as usize).min(most);
        (rows, (home.h / rows.max(1) as f32).min(line * PITCH.1))
    }

    fn rows(&self, cx: &Cx<'_>) -> Vec<Row> {
        if let Some(Silence::Untold(_)) = Silence::of(cx, self.past().window()) {
            return Vec::new();
        }
        let (rows, _) = self.plan(cx, marks::home(cx));
        rows::of(&self.spec, cx, rows)
    }

    /// Why it is empty.
    fn nothing(&self, cx: &Cx<'_>) -> Vec<String> {
        if let Some(silence) = Silence::now(cx) {
            return silence.words(cx);
        }
        let plain = match (self.spec.of, self.spec.rank) {
            (RanksOf::Authors, _) => "nobody yet",
            (_, Rank::Rising) if !cx.snapshot.stream(cx.topic).ranked.has_past => "needs an hour of past",
            (_, Rank::Rising) => "nothing rises",
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

    fn draw_row(&self, cx: &mut Cx<'_>, list: &mut List, row: &Row, place: Rect) {
        let size = cx.scale.size(Step::Body);
        let caps = size * CAP_HEIGHT;
        let baseline = place.y + place.h * 0.5 + caps * 0.3;
        let value = marks::line(cx, &row.value, Step::Body, Cut::Semibold);
        if value.size.w > place.w * VALUE {
            return;
        }
        let room = (place.w - value.size.w - size * 0.6).max(size);
        put(list, value, Anchor::Right, Point::new(place.right(), baseline), cx.theme.ink);
        let name = cx.setter.set(Setting::line(row.name.as_str(), size).align(Align::Left).within(room, 1));
        let end = name.size.w;
        put(list, name, Anchor::Left, Point::new(place.x, baseline), cx.theme.soft);
        let left = room - end - size * 0.6;
        if let Some(beside) = marks::first_that_fits(cx, &row.beside, Step::Label, left.max(0.0)) {
            put(list, beside, Anchor::Left, Point::new(place.x + end + size * 0.6, baseline), cx.theme.quiet);
        }
        let bar = Rect::new(place.x, baseline + caps * 0.5, place.w, caps * 0.16);
        list.rect(bar, cx.theme.hairline);
        list.rect(Rect { w: bar.w * f32::from(row.part) / 200.0, ..bar }, cx.color);
    }
}

impl Widget for Ranks {
    fn heading(&self, wall: &Wall) -> String {
        let topic = self.spec.topic.as_ref().and_then(|name| wall.topics.iter().find(|t| t.name == *name));
        let what = match (self.spec.rank, self.by_reach()) {
            (Rank::Rising, _) => format!("Rising {}", self.what()),
            (_, true) => "Widest reach".into(),
            (_, false) if self.spec.of == RanksOf::Authors => "Who says most".into(),
            _ => format!("Most used {}", self.what()),
        };
        let topic = topic.map_or(String::new(), |topic| format!(", {}", topic.label));
        let window = if self.spec.rank == Rank::Most && topic.is_empty() { self.past().words() } else { "" };
        let comma = if window.is_empty() { "" } else { ", " };
        format!("{what}{topic}{comma}{window}")
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
        if self.spec.of == RanksOf::Authors && cx.wall.audience == Audience::Public {
            all.insert(0, "names are not shown".into());
        }
        if missed > 0 {
            all.insert(0, format!("{window}; counts may miss {missed}"));
            all.insert(1, "counts are floors".into());
        }
        if self.spec.topic.is_some() {
            all.push(window.into());
        }
        all
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        let rows = self.rows(cx);
        (rows.is_empty().then(|| self.nothing(cx)), rows).hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let home = marks::home(cx);
        let (_, pitch) = self.plan(cx, home);
        let rows = self.rows(cx);
        for (i, row) in rows.iter().enumerate() {
            let place = Rect::new(home.x, home.y + i as f32 * pitch, home.w, pitch);
            self.draw_row(cx, list, row, place);
        }
        if rows.is_empty() {
            let caps = cx.scale.size(Step::Body) * CAP_HEIGHT;
            let words = self.nothing(cx);
            if let Some(words) = marks::first_that_fits(cx, &words, Step::Body, home.w) {
                put(list, words, Anchor::Left, Point::new(home.x, home.y + caps * 1.2), cx.theme.quiet);
            }
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
