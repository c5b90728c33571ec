//! The latest mentions, newest on top. A new one slides in and the list settles; then it stands
//! still until the next.

mod look;
mod row;
pub(super) mod said;
pub(super) mod voice;

use crate::layout::check::TileCheck;
use crate::layout::kind::{Need, Quotes, Room, TileKind, of_topic};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::time::Duration;

use rustc_hash::FxHashMap;

use super::figures::about;
use super::marks::{self, Marks};
use super::span::Silence;
use crate::geometry::Rect;
use crate::layout::legibility::Step;
use crate::layout::wall::{Motion, Wall};
use crate::layout::window::Window;
use crate::pulse::snapshot::Shown;
use crate::scene::ease;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use look::{LINES, Look};
use row::Row;
pub use row::{stamp, topic_color};
pub use said::{alike, network_word, shortened};
use voice::Voice;

/// How long a new mention slides in.
const SLIDE: Duration = Duration::from_millis(600);
/// Mentions a minute above which the list cannot be all of them: one enters it every 1.5 s at most.
const SAMPLED_FROM: u64 = 40;
/// Rows kept ready at most.
const KEPT: usize = 40;

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
    of_topic!();

    fn quotes(&self) -> Quotes {
        Quotes::Texts
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Latest]
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (220.0, Room::FRAME + Room::line(Step::Body))
    }

    /// A list is skimmed: five mentions of twelve words each.
    fn words_to_read(&self) -> usize {
        usize::from(self.count.min(5)) * 12
    }

    fn check_room(&self, room: &Room, tile: &mut TileCheck<'_, '_>) {
        let look = Look::choose(room.scale(), room.content(), usize::from(self.count.clamp(1, 24)));
        tile.rows_are(room, look.whole(room.scale()), self.count, "mention");
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
    rows: (Option<Look>, FxHashMap<u64, Row>, FxHashMap<u64, Voice>),
}

impl Mentions {
    pub fn new(spec: &MentionsTable, _wall: &Wall) -> Self {
        let rows = (None, FxHashMap::default(), FxHashMap::default());
        Self { spec: spec.clone(), marks: Marks::default(), rows }
    }

    /// What is pinned, then the latest.
    fn listed<'a>(cx: &Cx<'a>) -> Vec<&'a Shown> {
        let pinned: Vec<&Shown> = cx.snapshot.pinned(cx.topic).collect();
        let is_pinned = |shown: &&Shown| pinned.iter().any(|known| known.mention.uid == shown.mention.uid);
        let rest = cx.snapshot.stream(cx.topic).latest.iter().filter(|shown| !is_pinned(shown));
        pinned.iter().copied().chain(rest).collect()
    }

    /// How many of them are pinned.
    fn pinned(cx: &Cx<'_>) -> usize {
        cx.snapshot.pinned(cx.topic).count()
    }

    fn look(&self, cx: &Cx<'_>) -> Look {
        let home = marks::airy_home(cx);
        let there = Self::listed(cx).len().max(1);
        Look::choose(cx.scale, home, usize::from(self.spec.count.clamp(1, 24)).min(there))
    }

    /// How far the newest mention has come in, eased; `None` when the list stands.
    fn sliding(&self, cx: &Cx<'_>) -> Option<f32> {
        let length = match cx.motion {
            Motion::Full => SLIDE,
            Motion::Calm => SLIDE * 2,
            Motion::Still => return None,
        };
        let (listed, pinned) = (Self::listed(cx), Self::pinned(cx));
        // Rows that are pinned stay where they are, so that nothing slides through them.
        if pinned > usize::from(pinned > 0 && self.look(cx).quote.is_some()) {
            return None;
        }
        let t = cx.now.progress(listed.get(pinned)?.at, length);
        (t < 1.0).then(|| ease::in_out(t))
    }

    /// How much more there is, longest first; empty when the list is all there is.
    fn captions(cx: &Cx<'_>) -> Vec<String> {
        let counts = &cx.snapshot.stream(cx.topic).counts;
        if Self::listed(cx).is_empty() || counts.over(Window::M1).mentions < SAMPLED_FROM {
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
        let plain = || vec!["no mentions yet".into(), "none yet".into()];
        Silence::now(cx).map_or_else(plain, |silence| silence.words(cx))
    }

    /// Lets go of what was set for another look, or for too many mentions.
    fn prepare(&mut self, look: &Look) {
        let (held, rows, voices) = &mut self.rows;
        if held.as_ref() != Some(look) || rows.len() > KEPT || voices.len() > KEPT {
            rows.clear();
            voices.clear();
            *held = Some(*look);
        }
    }

    fn row(&mut self, cx: &mut Cx<'_>, look: &Look, shown: &Shown) -> Row {
        let rows = &mut self.rows.1;
        let key = row::stamp(shown, cx.now);
        rows.entry(key).or_insert_with(|| Row::set(cx, look, shown, LINES.0)).clone()
    }

    fn voice(&mut self, cx: &mut Cx<'_>, look: &Look, place: Rect, shown: &Shown) -> Voice {
        let voices = &mut self.rows.2;
        let key = row::stamp(shown, cx.now);
        voices.entry(key).or_insert_with(|| Voice::set(cx, shown, place, look.largest)).clone()
    }

    /// The rows of `shown` that have room as a whole, each with its top; what is left over stands
    /// between them.
    fn stacked(&mut self, cx: &mut Cx<'_>, look: &Look, shown: &[&Shown]) -> Vec<(f32, Row)> {
        let (mut y, mut stacked) = (0.0, Vec::new());
        let alone = shown.len().min(look.rows) == 1;
        for shown in shown.iter().copied().take(look.rows) {
            let mut row = self.row(cx, look, shown);
            let free = ((look.list.h - y - look.meta.line) / look.text.line + 0.01).max(0.0) as usize;
            // One that stands alone has all lines that there are.
            if stacked.is_empty() && free > 0 && (free < LINES.0 || alone) {
                row = Row::set(cx, look, shown, free);
            }
            let height = row.height(look);
            if y + height > look.list.h + 0.1 {
                break;
            }
            stacked.push((y, row));
            y += height + look.gap;
        }
        let between = stacked.len().saturating_sub(1).max(1) as f32;
        let more = ((look.list.h - y + look.gap) / between).clamp(0.0, look.gap * 1.6);
        let spread = |(i, (y, row)): (usize, (f32, Row))| (look.list.y + y + more * i as f32, row);
        stacked.into_iter().enumerate().map(spread).collect()
    }

    /// Draws everything as it stands, or `part` of the way from where it stood before the newest came.
    fn draw(&mut self, cx: &mut Cx<'_>, list: &mut List, part: Option<f32>) {
        let look = self.look(cx);
        self.prepare(&look);
        self.marks.resize(look.mark);
        let listed = Self::listed(cx);
        if let Some(place) = look.quote {
            let part = part.filter(|_| Self::pinned(cx) == 0);
            self.draw_quote(cx, list, (&look, place), &listed, part);
        }
        let skip = usize::from(look.quote.is_some());
        let rows = listed.get(skip..).unwrap_or_default();
        let new = self.stacked(cx, &look, rows);
        let old = match part {
            Some(_) => self.stacked(cx, &look, rows.get(1..).unwrap_or_default()),
            None => Vec::new(),
        };
        let clip = part.map(|_| look.list);
        let t = part.unwrap_or(1.0);
        let entering = new.first().map_or(0.0, |(_, row)| row.height(&look) + look.gap);
        let marks = self.marks.clone();
        for (i, shown) in rows.iter().enumerate().take(new.len().max(old.len() + usize::from(part.is_some())))
        {
            let was = i.checked_sub(1).and_then(|before| old.get(before));
            let (from, to, row) = match (was, new.get(i)) {
                (Some((from, row)), Some((to, _))) => (*from, *to, row.clone()),
                (Some((from, row)), None) => {
                    (*from, from + entering.max(look.list.bottom() - from), row.clone())
                }
                (None, Some((to, row))) if i == 0 => (look.list.y - entering, *to, row.clone()),
                (None, Some((to, row))) => (to - entering, *to, row.clone()),
                (None, None) => continue,
            };
            let with = voice::Look { theme: cx.theme, topic: row::topic_color(cx, shown), marks: &marks };
            row.draw(list, &look, &with, from + (to - from) * t, clip);
        }
    }

    /// The newest, large; while it comes in, the one before leaves below it.
    fn draw_quote(
        &mut self,
        cx: &mut Cx<'_>,
        list: &mut List,
        (look, place): (&Look, Rect),
        listed: &[&Shown],
        part: Option<f32>,
    ) {
        let marks = self.marks.clone();
        let shifts = [part.map_or(0.0, |t| (t - 1.0) * place.h), part.map_or(0.0, |t| t * place.h)];
        for (shown, shift) in listed.iter().zip(shifts).take(1 + usize::from(part.is_some())) {
            let voice = self.voice(cx, look, place, shown);
            let with = voice::Look { theme: cx.theme, topic: row::topic_color(cx, shown), marks: &marks };
            // One that stands alone stands in the optical middle.
            let left = if look.rows == 0 { (place.h - voice.height()).max(0.0) } else { 0.0 };
            voice.draw(list, &with, place, shift + left * 0.42, 1.0, part.map(|_| place));
        }
    }
}

impl Widget for Mentions {
    fn heading(&self, wall: &Wall) -> String {
        let topic = self.spec.topic.as_ref().and_then(|name| wall.topics.iter().find(|t| t.name == *name));
        topic.map_or_else(|| "Latest mentions".into(), |t| format!("Latest mentions, {}", t.label))
    }

    fn short_headings(&self, wall: &Wall) -> Vec<String> {
        let topic = self.spec.topic.as_ref().and_then(|name| wall.topics.iter().find(|t| t.name == *name));
        vec![topic.map_or_else(|| "Mentions".into(), |topic| topic.label.clone())]
    }

    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        Self::captions(cx)
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        let sliding = self.sliding(cx).is_some();
        let listed = Self::listed(cx);
        (sliding, listed.is_empty().then(|| Self::nothing(cx))).hash(&mut state);
        if !sliding {
            let look = self.look(cx);
            let rows = look.rows + usize::from(look.quote.is_some());
            for shown in listed.iter().take(rows) {
                row::stamp(shown, cx.now).hash(&mut state);
            }
        }
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let home = marks::home(cx);
        if self.sliding(cx).is_none() {
            self.draw(cx, list, None);
        }
        if Self::listed(cx).is_empty() {
            marks::nothing(cx, list, &Self::nothing(cx), home);
        }
    }

    fn motion(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        if let Some(t) = self.sliding(cx) {
            self.draw(cx, list, Some(t));
        }
    }
}

#[cfg(test)]
mod tests;
