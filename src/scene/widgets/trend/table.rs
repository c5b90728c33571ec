//! The keys of a trend.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::layout::check::TileCheck;
use crate::layout::kind::{BehindBezel, Need, Room, TileKind, of_topic};
use crate::layout::problem::Problem;
use crate::layout::sources::Sources;
use crate::layout::window::Window;
use crate::scene::widgets::share;

/// Number of mentions over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TrendTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
    /// Names of topics to compare, each as a line of its own.
    pub topics: Vec<String>,
    /// Time window: `15m`, `1h`, `24h`, `7d`, `today` (since midnight) or `event` (since the start
    /// of the `[event]`, at most 8 days).
    #[schemars(extend("enum" = ["15m", "1h", "24h", "7d", "today", "event"]))]
    pub window: Window,
    /// `shared` with the other trends of the scene that count the same, or the trend's `own`.
    pub scale: Scale,
    /// Whether to show the usual range as a band behind the curve, instead of the day before; bursts are
    /// measured against it. For one topic or everything, and windows of at most a day.
    pub band: bool,
    /// A number series instead of mentions: the name of a feed of numbers (`kind = "prometheus"`),
    /// with labels if it has several series, for example `load/zone=eu`.
    pub series: Option<String>,
    /// Unit of a series' values, for example `ms`.
    pub unit: Option<String>,
    /// Decimal places of a series' last value, 0 to 3. Default: as needed for three significant
    /// digits.
    #[schemars(range(min = 0, max = 3))]
    pub precision: Option<u8>,
}

/// Whose scale a trend has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// One scale for all trends of the scene with the same unit.
    #[default]
    Shared,
    /// Its own scale.
    Own,
}

impl TileKind for TrendTable {
    of_topic!();

    fn compared(&self) -> Option<&[String]> {
        (!self.topics.is_empty()).then_some(&*self.topics)
    }

    fn window(&self) -> Option<Window> {
        Some(self.window)
    }

    fn with_window(&self, window: Window) -> Option<Arc<dyn TileKind>> {
        (window >= Window::M15).then(|| Arc::new(Self { window, ..self.clone() }) as Arc<dyn TileKind>)
    }

    fn series(&self) -> Option<&str> {
        self.series.as_deref()
    }

    fn counting_key(&self) -> Option<&'static str> {
        match (&self.topic, &*self.topics) {
            (Some(_), _) => Some("topic"),
            (None, []) => None,
            _ => Some("topics"),
        }
    }

    fn needs(&self) -> Vec<Need> {
        let day = matches!(self.window, Window::H24 | Window::Today) && self.topics.is_empty();
        match day && self.series.is_none() {
            _ if self.band => vec![Need::Usual],
            true => vec![Need::Quarters],
            false => Vec::new(),
        }
    }

    fn shows_alerts(&self) -> bool {
        self.band
    }

    fn feeds(&self, sources: &Sources<'_>) -> Vec<bool> {
        match self.compared() {
            Some(topics) => sources.of_topics(topics),
            None => sources.of_topic(self.topic()),
        }
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (180.0, 110.0)
    }

    fn behind_bezel(&self) -> BehindBezel {
        BehindBezel::Worse
    }

    fn check(&self, tile: &mut TileCheck<'_, '_>) {
        if self.band {
            self.check_band(tile);
        }
        if self.topics.is_empty() {
            return;
        }
        share::compared(&self.topics, tile);
        if self.topic.is_some() {
            let problem =
                Problem::error("two-sources", tile.key("topic"), "`topic` does not work with `topics`");
            tile.say(problem.label("not here").help("List all topics in `topics`, or remove it."));
        }
    }
}

impl TrendTable {
    /// A band where nobody knows what is usual.
    fn check_band(&self, tile: &mut TileCheck<'_, '_>) {
        let long = matches!(self.window, Window::D7 | Window::Event);
        let (message, help) = if self.series.is_some() {
            ("`band` does not work with `series`", "Remove one of them.")
        } else if !self.topics.is_empty() {
            ("`band` does not work with `topics`", "Show one topic: `topic = …`, or remove `band`.")
        } else if long {
            ("`band` covers at most a day", "Set `window` to `24h` or less, or remove `band`.")
        } else if tile.has_bursts_off() {
            ("`band` needs burst detection, which is off", "Remove `on = false` from `[bursts]`, or `band`.")
        } else {
            return;
        };
        let problem = Problem::error("no-band", tile.key("band"), message);
        tile.say(problem.label("what is usual is not known here").help(help));
    }
}
