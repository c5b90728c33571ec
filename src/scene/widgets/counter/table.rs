//! The keys of a counter.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limits::Limits;
use crate::layout::check::TileCheck;
use crate::layout::kind::{Need, Room, TileKind, of_topic};
use crate::layout::problem::Problem;
use crate::layout::sources::Sources;
use crate::layout::window::Window;
use crate::metric::Metric;
use crate::scene::widgets::share;

/// One number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CounterTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
    /// Names of topics whose numbers are shown together, all in the same size.
    pub topics: Vec<String>,
    /// Time window: `1m`, `5m`, `10m`, `15m`, `1h`, `24h`, `7d`, `today` (since midnight) or
    /// `event` (since the start of the `[event]`).
    pub window: Window,
    /// What to count; the same words as in alert rules.
    pub metric: Metric,
    /// A number series instead of mentions: the name of a feed of numbers (`kind = "prometheus"`),
    /// with labels if it has several series, for example `load/zone=eu` or, as in PromQL,
    /// `load/up{zone="eu"}`.
    pub series: Option<String>,
    /// Unit shown after a series' value, for example `ms`.
    pub unit: Option<String>,
    /// Decimal places of a series' value, 0 to 3. Default: as needed for three significant digits.
    #[schemars(range(min = 0, max = 3))]
    pub precision: Option<u8>,
    /// The number to reach, in the unit of the metric (`rate`: mentions per minute). The tile says how
    /// much of it has been reached.
    pub goal: Option<f64>,
    /// Above this, the number is marked in colour and in words.
    pub warn_above: Option<f64>,
    /// Below this, the number is marked in colour and in words.
    pub warn_below: Option<f64>,
}

impl TileKind for CounterTable {
    of_topic!();

    fn compared(&self) -> Option<&[String]> {
        (!self.topics.is_empty()).then_some(&*self.topics)
    }

    fn window(&self) -> Option<Window> {
        Some(self.window)
    }

    fn with_window(&self, window: Window) -> Option<Arc<dyn TileKind>> {
        Some(Arc::new(Self { window, ..self.clone() }))
    }

    fn series(&self) -> Option<&str> {
        self.series.as_deref()
    }

    fn counting_key(&self) -> Option<&'static str> {
        if self.topic.is_some() {
            return Some("topic");
        }
        if !self.topics.is_empty() {
            return Some("topics");
        }
        (self.metric != Metric::default()).then_some("metric")
    }

    fn needs(&self) -> Vec<Need> {
        (self.metric == Metric::Authors).then_some(Need::People(self.window)).into_iter().collect()
    }

    fn feeds(&self, sources: &Sources<'_>) -> Vec<bool> {
        match self.compared() {
            Some(topics) => sources.of_topics(topics),
            None => sources.of_topic(self.topic()),
        }
    }

    /// A number of 30′ below its heading, or several with their names.
    fn least(&self, room: &Room) -> (f32, f32) {
        let columns = (room.width / 90.0).floor().clamp(1.0, self.topics.len().max(1) as f32);
        let rows = (self.topics.len() as f32 / columns).ceil();
        (120.0, (45.0 + 62.0 * rows).max(95.0))
    }

    fn words_to_read(&self) -> usize {
        self.topics.len().max(1)
    }

    fn check(&self, tile: &mut TileCheck<'_, '_>) {
        if !self.topics.is_empty() {
            share::compared(&self.topics, tile);
            if self.topic.is_some() {
                let message = "`topic` does not work with `topics`";
                let problem = Problem::error("two-sources", tile.key("topic"), message);
                tile.say(problem.label("not here").help("List all topics in `topics`, or remove it."));
            }
        }
        self.check_limits(tile);
    }
}

impl CounterTable {
    /// Its marks.
    pub fn limits(&self) -> Limits {
        Limits::new(self.goal, self.warn_above, self.warn_below)
    }

    /// Marks that nothing can reach, or that everything has crossed.
    fn check_limits(&self, tile: &mut TileCheck<'_, '_>) {
        let all = [("goal", self.goal), ("warn_above", self.warn_above), ("warn_below", self.warn_below)];
        for (key, value) in all {
            if value.is_some_and(|value| !value.is_finite()) {
                let problem =
                    Problem::error("no-number", tile.value(&[key]), format!("`{key}` is not a number"));
                tile.say(problem.label("not a number").help("Write a number, for example `500`."));
            }
        }
        if self.goal.is_some_and(|goal| goal <= 0.0) {
            let problem = Problem::error("no-goal", tile.value(&["goal"]), "`goal` is not above zero");
            let help = "Write a number above 0. For a number that must not fall, use `warn_below`.";
            tile.say(problem.label("always reached").help(help));
        }
        if let (Some(above), Some(below)) = (self.warn_above, self.warn_below)
            && above < below
        {
            let message = format!("every number is above {above} or below {below}");
            let problem = Problem::error("limits-crossed", tile.value(&["warn_above"]), message);
            tile.say(problem.label("smaller than `warn_below`").help("Swap the two numbers."));
        }
    }
}
