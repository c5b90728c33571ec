//! The keys of a counter.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Counter, Gauge};
use crate::layout::kind::{Need, Room, TileKind};
use crate::layout::wall::Wall;
use crate::layout::window::Window;
use crate::metric::Metric;
use crate::scene::widget::{Widget, WidgetTable};

/// One number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CounterTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
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
}

impl TileKind for CounterTable {
    fn topic(&self) -> Option<&str> {
        self.topic.as_deref()
    }

    fn window(&self) -> Option<Window> {
        Some(self.window)
    }

    fn series(&self) -> Option<&str> {
        self.series.as_deref()
    }

    fn counting_key(&self) -> Option<&'static str> {
        if self.topic.is_some() {
            return Some("topic");
        }
        (self.metric != Metric::default()).then_some("metric")
    }

    fn needs(&self) -> Vec<Need> {
        (self.metric == Metric::Authors).then_some(Need::People(self.window)).into_iter().collect()
    }

    /// A number of 30′ below its heading.
    fn least(&self, _room: &Room) -> (f32, f32) {
        (120.0, 95.0)
    }
}

impl WidgetTable for CounterTable {
    const KIND: &'static str = "counter";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        match &self.series {
            Some(series) => Box::new(Gauge::new(self, series)),
            None => Box::new(Counter::new(self, wall)),
        }
    }
}
