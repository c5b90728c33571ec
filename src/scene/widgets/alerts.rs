//! Alerts: what is unusual now, since when, how strongly, what it is about, and who acts. When
//! nothing is: since when, what was the last, and the last day as a line.

mod quiet;
mod row;

use crate::layout::kind::{Room, TileKind};
use crate::layout::own;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};

use jiff::tz::TimeZone;

use super::marks::{self, Anchor, put};
use crate::geometry::Point;
use crate::layout::legibility::{CAP_HEIGHT, Step};
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
    fn topic(&self) -> Option<&str> {
        self.topic.as_deref()
    }

    fn shows_alerts(&self) -> bool {
        true
    }

    fn feeds(&self, wall: &Wall) -> Vec<bool> {
        own::of_alerts(wall, self.topic())
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (420.0, Room::FRAME + 2.0 * Room::line(Step::Body))
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

/// How rows stand.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Plan {
    rows: usize,
    /// Lines of a row, the first included: 1 to 3.
    lines: usize,
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

    /// As many lines for each as there is room for, and as many alerts as the tile wants.
    fn plan(&self, cx: &Cx<'_>, alerts: usize) -> Plan {
        let room = marks::airy_home(cx).h;
        let scale = cx.scale;
        let height = |lines: usize| {
            scale.cap(Step::Title)
                + scale.line(Step::Body) * (lines as f32 - 1.0)
                + scale.cap(Step::Body) * 0.4
        };
        let gap = scale.cap(Step::Title) * 0.9;
        let wanted = alerts.min(usize::from(self.spec.count.clamp(1, 12))).max(1);
        let fits = |lines: usize| ((room + gap) / (height(lines) + gap)).floor() as usize;
        let lines = (1..=3).rev().find(|lines| fits(*lines) >= wanted).unwrap_or(1);
        Plan { rows: fits(lines).min(wanted), lines, pitch: height(lines) + gap }
    }

    fn rows(&self, cx: &Cx<'_>) -> (Plan, Vec<Row>) {
        let live = self.live(cx);
        let plan = self.plan(cx, live.len());
        let rows = live.iter().take(plan.rows).map(|alert| Row::of(alert, cx.wall.audience, &self.zone));
        (plan, rows.collect())
    }

    fn draw_rows(&mut self, cx: &mut Cx<'_>, list: &mut List, plan: Plan, rows: &[Row]) {
        let home = marks::airy_home(cx);
        self.signs.resize(cx.scale.cap(Step::Title));
        for (i, row) in rows.iter().enumerate() {
            let top = Point::new(home.x, home.y + i as f32 * plan.pitch);
            row.draw(cx, list, &self.signs, top, home.w, plan.lines);
        }
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
        let standing = if live == 1 { "1 alert stands".into() } else { format!("{live} alerts stand") };
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
        if !rows.is_empty() {
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
