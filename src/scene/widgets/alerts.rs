//! Alerts: what is unusual now, since when, how strongly, what it is about, and who acts. When
//! nothing is: since when, what was the last, and the last day as a line.

mod causes;
mod hero;
mod quiet;
mod rising;
mod row;

use crate::layout::kind::{Room, TileKind, of_topic};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};

use jiff::tz::TimeZone;

use super::marks::{self, Anchor, put};
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::sources::Sources;
use crate::layout::wall::Wall;
use crate::pulse::snapshot::Alert;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::scene::zone;
use crate::text::Cut;
use row::{Row, Signs};

/// What is unusual now, since when, and who has to act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AlertsTable {
    /// Name of a topic. Default: everything, and every topic.
    pub topic: Option<String>,
    /// Maximum number of rows, 1 to 12.
    #[schemars(range(min = 1, max = 12))]
    pub count: u8,
}

impl Default for AlertsTable {
    fn default() -> Self {
        Self { topic: None, count: 6 }
    }
}

impl TileKind for AlertsTable {
    of_topic!();

    fn shows_alerts(&self) -> bool {
        true
    }

    fn feeds(&self, sources: &Sources<'_>) -> Vec<bool> {
        sources.of_alerts(self.topic())
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (240.0, Room::FRAME + Room::line(Step::Body))
    }

    fn words_to_read(&self) -> usize {
        usize::from(self.count.min(2)) * 10
    }
}

impl WidgetTable for AlertsTable {
    const KIND: &'static str = "alerts";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Alerts::new(self, wall))
    }
}

pub struct Alerts {
    spec: AlertsTable,
    zone: TimeZone,
    signs: Signs,
}

/// How the tile is divided.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Plan {
    /// The place of the alert that matters most.
    hero: Rect,
    /// Rows below it, and lines of each: 1 or 2.
    rows: usize,
    lines: usize,
    top: f32,
    pitch: f32,
}

impl Alerts {
    pub fn new(spec: &AlertsTable, wall: &Wall) -> Self {
        Self { spec: spec.clone(), zone: zone::find(wall.zone.as_deref()), signs: Signs::default() }
    }

    /// Those of the tile's topic, without such as a group tells.
    fn wanted<'a>(&self, cx: &Cx<'a>) -> impl Iterator<Item = &'a Alert> {
        let topic = cx.topic;
        let is_ours = move |alert: &Alert| topic.is_none() || alert.topic.map(usize::from) == topic;
        cx.snapshot.alerts.iter().filter(move |alert| is_ours(alert))
    }

    /// Those that stand and are told on their own; on a tile of one topic also those of a group.
    fn live<'a>(&self, cx: &Cx<'a>) -> Vec<&'a Alert> {
        let alone = cx.topic.is_some();
        self.wanted(cx).filter(|alert| alert.is_live() && (alone || alert.group.is_none())).collect()
    }

    /// Half of the tile for the first, all of it where it is alone; the others share what is left.
    fn plan(&self, cx: &Cx<'_>, alerts: usize) -> Plan {
        let home = marks::airy_home(cx);
        let scale = cx.scale;
        let height = |lines: usize| {
            scale.cap(Step::Title)
                + (scale.line(Step::Body) + scale.cap(Step::Body) * 0.4) * (lines as f32 - 1.0)
        };
        let gap = scale.cap(Step::Title) * 0.9;
        let others = alerts.min(usize::from(self.spec.count.clamp(1, 12))).saturating_sub(1);
        let least = scale.line(Step::Title) * 2.2;
        let hero = |part: f32| (home.h * part).max(least.min(home.h));
        let fits = |lines: usize, part: f32| ((home.h - hero(part)) / (height(lines) + gap)).floor() as usize;
        if others == 0 {
            return Plan { hero: home, rows: 0, lines: 1, top: home.bottom(), pitch: 0.0 };
        }
        let ways = [(2, 0.5), (2, 0.42), (1, 0.5), (1, 0.42)];
        let (lines, part) = ways.into_iter().find(|(l, part)| fits(*l, *part) >= others).unwrap_or((1, 0.5));
        let rows = fits(lines, part).min(others);
        let pitch = height(lines) + gap;
        // What the rows do not need is the first one's.
        let top = home.bottom() - (pitch * rows as f32 - gap).max(0.0);
        let h = if rows > 0 { top - gap - home.y } else { home.h };
        Plan { hero: Rect { h, ..home }, rows, lines, top, pitch }
    }

    fn rows(&self, cx: &Cx<'_>) -> (Plan, Vec<Row>) {
        let live = causes::merged(self.live(cx));
        let plan = self.plan(cx, live.len());
        let row = |(first, others): &(&Alert, Vec<&Alert>)| Row::of(first, others, cx, &self.zone);
        let rows = live.iter().take(plan.rows + 1).map(row).collect();
        (plan, rows)
    }

    fn draw_rows(&mut self, cx: &mut Cx<'_>, list: &mut List, plan: Plan, rows: &[Row]) {
        if let Some(first) = rows.first() {
            hero::draw(first, cx, list, &mut self.signs, plan.hero);
        }
        self.signs.resize(cx.scale.cap(Step::Title));
        for (i, row) in rows.iter().skip(1).enumerate() {
            let top = Point::new(plan.hero.x, plan.top + i as f32 * plan.pitch);
            row.draw(cx, list, &self.signs, top, plan.hero.w, plan.lines);
        }
    }

    /// Whether anything of an alert can be read there.
    fn has_room(cx: &Cx<'_>) -> bool {
        let home = marks::airy_home(cx);
        home.h >= cx.scale.cap(Step::Body) * 1.2 && home.w >= cx.scale.size(Step::Body) * 6.0
    }
}

impl Widget for Alerts {
    fn heading(&self, wall: &Wall) -> String {
        let topic = self.spec.topic.as_ref().and_then(|name| wall.topics.iter().find(|t| t.name == *name));
        topic.map_or_else(|| "Alerts".into(), |t| format!("Alerts, {}", t.label))
    }

    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        let live = self.live(cx).len();
        if live == 0 {
            return quiet::captions(cx);
        }
        let hidden = live.saturating_sub(usize::from(self.spec.count.clamp(1, 12)));
        let standing = if live == 1 { "1 alert active".into() } else { format!("{live} alerts active") };
        match hidden {
            0 => vec![standing],
            _ => vec![format!("{standing}, {hidden} of them not shown"), standing],
        }
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        cx.theme.alarm.hash(&mut state);
        let (plan, rows) = self.rows(cx);
        (plan.lines, &rows).hash(&mut state);
        if rows.is_empty() {
            quiet::Quiet::of(cx, self.wanted(cx), &self.zone).hash(&mut state);
        }
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let (plan, rows) = self.rows(cx);
        if !rows.is_empty() && Self::has_room(cx) {
            return self.draw_rows(cx, list, plan, &rows);
        }
        if self.live(cx).is_empty() {
            return quiet::Quiet::of(cx, self.wanted(cx), &self.zone).draw(cx, list);
        }
        // Too low for a row: that there is something must be seen all the same.
        let home = marks::home(cx);
        let caps = cx.scale.size(Step::Body) * CAP_HEIGHT;
        let words = marks::line(cx, "alert", Step::Body, Cut::Semibold);
        if words.size.w <= home.w && caps <= home.h {
            put(list, words, Anchor::Left, Point::new(home.x, home.y + caps), cx.theme.ink);
        }
    }
}

#[cfg(test)]
mod tests;
