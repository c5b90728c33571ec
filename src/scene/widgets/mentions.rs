//! The latest mentions, newest on top. A new one slides in and the list settles; then it stands
//! still until the next.

mod row;

use crate::layout::check::TileCheck;
use crate::layout::kind::{Need, Quotes, Room, TileKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::time::Duration;

use rustc_hash::FxHashMap;

use super::figures::about;
use super::marks::{self, Anchor, Marks, put};
use super::span::Silence;
use crate::geometry::Point;
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::wall::{Motion, Wall};
use crate::layout::window::Window;
use crate::pulse::snapshot::Shown;
use crate::scene::ease;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use row::{Look, Row};
pub use row::{alike, network_word, shortened};

/// How long a new mention slides in.
const SLIDE: Duration = Duration::from_millis(600);
/// Mentions a minute above which the list cannot be all of them: one enters it every 1.5 s at most.
const SAMPLED_FROM: u64 = 40;
/// Rows kept ready beyond those that are shown.
const SPARE_ROWS: usize = 8;

/// A list of the latest mentions; a sample if there are more than anyone can read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MentionsTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
    /// Maximum number of rows, 1 to 24.
    #[schemars(range(min = 1, max = 24))]
    pub count: u8,
}

impl Default for MentionsTable {
    fn default() -> Self {
        Self { topic: None, count: 8 }
    }
}

impl TileKind for MentionsTable {
    fn topic(&self) -> Option<&str> {
        self.topic.as_deref()
    }

    fn quotes(&self) -> Quotes {
        Quotes::Texts
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Latest]
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (450.0, Room::FRAME + 2.0 * Room::line(Step::Body))
    }

    /// A list is skimmed: five mentions of twelve words each.
    fn words_to_read(&self) -> usize {
        usize::from(self.count.min(5)) * 12
    }

    fn check_room(&self, room: &Room, tile: &mut TileCheck<'_, '_>) {
        tile.rows_fit(room, self.count, "mentions");
    }
}

impl WidgetTable for MentionsTable {
    const KIND: &'static str = "mentions";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Mentions::new(self, wall))
    }
}

pub struct Mentions {
    spec: MentionsTable,
    marks: Marks,
    /// What was set, by [`row::stamp`]; for the look that it was set for.
    rows: (Option<Look>, FxHashMap<u64, Row>),
}

impl Mentions {
    pub fn new(spec: &MentionsTable, _wall: &Wall) -> Self {
        Self { spec: spec.clone(), marks: Marks::default(), rows: (None, FxHashMap::default()) }
    }

    fn latest<'a>(cx: &Cx<'a>) -> &'a [Shown] {
        &cx.snapshot.stream(cx.topic).latest
    }

    fn look(&self, cx: &Cx<'_>) -> Look {
        let home = marks::home(cx);
        Look::choose(cx.scale, home, usize::from(self.spec.count.clamp(1, 24)))
    }

    /// How far the newest mention has come in, eased; `None` when the list stands.
    fn sliding(cx: &Cx<'_>) -> Option<f32> {
        let length = match cx.motion {
            Motion::Full => SLIDE,
            Motion::Calm => SLIDE * 2,
            Motion::Still => return None,
        };
        let t = cx.now.progress(Self::latest(cx).first()?.at, length);
        (t < 1.0).then(|| ease::in_out(t))
    }

    /// How much more there is, longest first; empty when the list is all there is.
    fn captions(cx: &Cx<'_>) -> Vec<String> {
        let counts = &cx.snapshot.stream(cx.topic).counts;
        if Self::latest(cx).is_empty() || counts.over(Window::M1).mentions < SAMPLED_FROM {
            return Vec::new();
        }
        let all = about(counts.over(Window::H1).mentions);
        vec![
            format!("a sample of {all} in the last hour"),
            format!("a sample of {all} an hour"),
            "a sample".into(),
        ]
    }

    /// Why it is empty, longest first.
    fn nothing(cx: &Cx<'_>) -> Vec<String> {
        let plain = || vec!["nothing was said yet".into(), "nothing yet".into()];
        Silence::now(cx).map_or_else(plain, |silence| silence.words(cx))
    }

    fn prepare(&mut self, cx: &mut Cx<'_>, look: &Look, shown: &Shown) -> &Row {
        let (held, rows) = &mut self.rows;
        if held.as_ref() != Some(look) || rows.len() > look.rows + SPARE_ROWS {
            rows.clear();
            *held = Some(*look);
        }
        let key = row::stamp(shown, cx.now);
        rows.entry(key).or_insert_with(|| Row::set(cx, look, shown))
    }

    /// Draws the rows, moved by `shift` pitches; the one that comes in and the one that goes out
    /// are clipped to the list.
    fn draw_rows(&mut self, cx: &mut Cx<'_>, list: &mut List, shift: f32) {
        let look = self.look(cx);
        self.marks.resize(look.mark);
        let moving = shift != 0.0;
        let marks = self.marks.clone();
        for (i, shown) in Self::latest(cx).iter().take(look.rows + usize::from(moving)).enumerate() {
            let top = look.area.y + (i as f32 + shift) * look.pitch;
            let color = row::topic_color(cx, shown);
            let theme = cx.theme;
            let clip = moving.then_some(look.list());
            self.prepare(cx, &look, shown).draw(list, &look, &marks, theme, color, top, clip);
        }
    }
}

impl Widget for Mentions {
    fn heading(&self, wall: &Wall) -> String {
        let topic = self.spec.topic.as_ref().and_then(|name| wall.topics.iter().find(|t| t.name == *name));
        topic.map_or_else(|| "Latest mentions".into(), |t| format!("Latest mentions, {}", t.label))
    }

    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        Self::captions(cx)
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        let sliding = Self::sliding(cx).is_some();
        (sliding, Self::latest(cx).is_empty().then(|| Self::nothing(cx))).hash(&mut state);
        if !sliding {
            let rows = self.look(cx).rows;
            for shown in Self::latest(cx).iter().take(rows) {
                row::stamp(shown, cx.now).hash(&mut state);
            }
        }
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let home = marks::home(cx);
        if Self::sliding(cx).is_none() {
            self.draw_rows(cx, list, 0.0);
        }
        if Self::latest(cx).is_empty() {
            let caps = cx.scale.size(Step::Body) * CAP_HEIGHT;
            let texts = Self::nothing(cx);
            if let Some(words) = marks::first_that_fits(cx, &texts, Step::Body, home.w) {
                put(list, words, Anchor::Left, Point::new(home.x, home.y + caps * 1.2), cx.theme.quiet);
            }
        }
    }

    fn motion(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        if let Some(t) = Self::sliding(cx) {
            // One row that has come in entirely is a shift of nothing, which would stand unclipped.
            self.draw_rows(cx, list, (t - 1.0).min(-f32::EPSILON));
        }
    }
}

#[cfg(test)]
mod tests;
