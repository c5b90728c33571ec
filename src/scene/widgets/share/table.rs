//! The keys of a share of voice.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::layout::check::TileCheck;
use crate::layout::kind::{BehindBezel, Need, Room, TileKind, of_topic};
use crate::layout::legibility::Step;
use crate::layout::problem::Problem;
use crate::layout::sources::Sources;
use crate::layout::window::Window;

/// Share of voice by topic, or of one topic by source, language or country.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShareTable {
    /// What to compare: `topic`, `source` (feeds), `language` or `country`.
    pub by: Parts,
    /// Names of the topics to compare; only for `by = "topic"`. Empty: all.
    pub topics: Vec<String>,
    /// Name of the topic to divide; not for `by = "topic"`. Default: everything.
    pub topic: Option<String>,
    /// Time window: `1m`, `5m`, `10m`, `15m`, `1h`, `24h`, `7d`, `today` (since midnight) or
    /// `event` (since the start of the `[event]`).
    pub window: Window,
}

/// Of what a share is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Parts {
    #[default]
    Topic,
    Source,
    Language,
    Country,
}

/// From one row to the next, in lines of running text.
const PITCH: f32 = 1.05;

impl ShareTable {
    /// How many topics it compares in a layout that has `topics`.
    fn rows(&self, topics: usize) -> usize {
        if self.topics.is_empty() { topics } else { self.topics.len() }
    }
}

impl TileKind for ShareTable {
    of_topic!();

    fn compared(&self) -> Option<&[String]> {
        (self.by == Parts::Topic).then_some(&*self.topics)
    }

    fn window(&self) -> Option<Window> {
        Some(self.window)
    }

    fn with_window(&self, window: Window) -> Option<Arc<dyn TileKind>> {
        Some(Arc::new(Self { window, ..self.clone() }))
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Breakdown]
    }

    fn feeds(&self, sources: &Sources<'_>) -> Vec<bool> {
        match self.compared() {
            Some(topics) => sources.of_topics(topics),
            None => sources.of_topic(self.topic()),
        }
    }

    /// The largest part stands even where it is the only one.
    fn least(&self, _room: &Room) -> (f32, f32) {
        (220.0, Room::FRAME + Room::line(Step::Body) * PITCH)
    }

    fn words_to_read(&self) -> usize {
        4
    }

    fn behind_bezel(&self) -> BehindBezel {
        BehindBezel::Worse
    }

    fn check(&self, tile: &mut TileCheck<'_, '_>) {
        let by_topic = self.by == Parts::Topic;
        if by_topic {
            compared(&self.topics, tile);
        }
        let (wrong, key, help) = match by_topic {
            true => (
                self.topic.is_some(),
                "topic",
                "Use `topic` only with `by = \"source\"`, `\"language\"` or `\"country\"`, or list several in `topics`.",
            ),
            false => (
                !self.topics.is_empty(),
                "topics",
                "Only one topic can be divided: name it in `topic`, or remove `topics` to divide everything.",
            ),
        };
        if wrong {
            let by = if by_topic { "topic" } else { "source, language or country" };
            let message = format!("`{key}` does not work for a share by {by}");
            tile.say(Problem::error("two-sources", tile.key(key), message).label("not here").help(help));
        }
    }

    fn check_room(&self, room: &Room, tile: &mut TileCheck<'_, '_>) {
        let topics = self.rows(room.topics);
        let fit = ((room.height - Room::FRAME) / (Room::line(Step::Body) * PITCH)).floor();
        if self.by != Parts::Topic || fit >= topics as f32 {
            return;
        }
        let needed = room.mm(Room::FRAME + Room::line(Step::Body) * PITCH * topics as f32);
        let message = format!("only {fit:.0} of {topics} topics fit");
        let problem = Problem::warning("too-many-rows", tile.header(), message);
        // Beyond the edge of sight there is no height that would do.
        let help = match needed > room.height_mm {
            true => format!("The rest are combined in one bar. Showing all needs {needed} mm."),
            false => "The rest are combined in one bar. List those to compare: `topics = […]`.".into(),
        };
        tile.say(problem.label(format!("in {:.0} mm", room.height_mm)).help(help));
    }
}

/// Reports topics that are unknown or listed twice, and that there are none.
pub fn compared(topics: &[String], tile: &mut TileCheck<'_, '_>) {
    for (i, topic) in topics.iter().enumerate() {
        let place = ["topics", &i.to_string()];
        tile.known_topic(topic, &place);
        if topics[..i].contains(topic) {
            let message = format!("`{topic}` is listed twice");
            let problem = Problem::warning("twice", tile.value(&place), message);
            tile.say(problem.label("here again").help("List each topic once."));
        }
    }
    if topics.is_empty() && tile.topics().is_empty() {
        let problem = Problem::warning("no-topic", tile.header(), "there are no topics to compare");
        tile.say(problem.label("shows nothing").help("Add `[topic.…]` with a `query`."));
    }
}
