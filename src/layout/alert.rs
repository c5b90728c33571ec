//! Alerts as a layout file asks for them: bursts, which need no numbers, and rules with
//! thresholds.

pub mod rule;

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::layout::value::Lasting;
use crate::layout::window::Window;
use crate::metric::Metric;
use rule::{Expr, Rule, Value};

/// A rule is over when its values fell to this part of their thresholds, per cent.
pub const CLEAR_BELOW: u8 = 80;
/// How long after a minute its late mentions still count for it.
pub const WAIT: Lasting = Lasting::from_secs(15);

/// How loudly an alert speaks.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Someone should have a look.
    #[default]
    Warning,
    /// Someone must act now; the only severity in red.
    Alarm,
}

impl Severity {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Alarm => "alarm",
        }
    }
}

/// How much must speak for a burst before it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// Only bursts beyond doubt, a few minutes later.
    Calm,
    #[default]
    Normal,
    /// Sooner, with more false alarms.
    Keen,
}

/// An alert: what raises it, and what to do about it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AlertTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
    /// The rule that raises the alert, for example `negative_share > 40% over 10m and mentions >
    /// 50`.
    pub when: Option<String>,
    /// `true`, instead of `when`, raises it at a burst of the topic.
    pub burst: bool,
    /// Name shown on the wall. Default: the table's name, capitalised.
    pub label: Option<String>,
    /// `info`, `warning` or `alarm`; only `alarm` is red.
    pub severity: Severity,
    /// Who has to act.
    #[schemars(length(max = 80))]
    pub owner: Option<String>,
    /// What that person should do.
    #[schemars(length(max = 160))]
    pub action: Option<String>,
    /// The alert ends when the values fall to this percentage of their thresholds, 10 to 100.
    /// Default: 80.
    #[schemars(range(min = 10, max = 100))]
    pub clear_below: Option<u8>,
}

/// Bursts: unusual volume, found without a threshold.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BurstsTable {
    /// `false` reports only the bursts of alerts with `burst = true`. Default: `true` on a wall
    /// that has this table, an alert or an alerts tile; then everything and every topic is watched.
    pub on: Option<bool>,
    /// How much evidence a burst needs: `calm`, `normal` or `keen`.
    pub sensitivity: Sensitivity,
    /// How long to wait for late mentions before a minute is judged, `5s` to `15m`. Polled feeds
    /// need as long as the time between two polls.
    pub wait: Lasting,
    /// Severity of bursts that no alert of the layout covers.
    pub severity: Severity,
    /// Who has to act.
    #[schemars(length(max = 80))]
    pub owner: Option<String>,
    /// What that person should do.
    #[schemars(length(max = 160))]
    pub action: Option<String>,
}

impl Default for BurstsTable {
    fn default() -> Self {
        Self {
            on: None,
            sensitivity: Sensitivity::Normal,
            wait: WAIT,
            severity: Severity::Warning,
            owner: None,
            action: None,
        }
    }
}

/// What a wall watches for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlertsSpec {
    /// Every topic and everything is watched for bursts.
    pub bursts: bool,
    pub sensitivity: Sensitivity,
    /// How long after a minute its late mentions still count for it.
    pub wait: Duration,
    /// What bursts get that no alert takes.
    pub usual: Duty,
    pub alerts: Vec<AlertSpec>,
}

/// Who acts, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duty {
    pub severity: Severity,
    pub owner: Option<String>,
    pub action: Option<String>,
}

/// One alert.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertSpec {
    pub name: String,
    /// Name on the wall.
    pub label: String,
    /// `None` is everything.
    pub topic: Option<String>,
    pub raised_by: Trigger,
    pub duty: Duty,
    /// Per cent of the thresholds.
    pub clear_below: u8,
}

/// What raises an alert.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    Burst,
    Rule(Rule),
}

impl AlertsSpec {
    /// True when the wall watches for nothing.
    pub fn is_empty(&self) -> bool {
        !self.bursts && self.alerts.is_empty()
    }

    /// Whether a topic, or everything, is watched for bursts.
    pub fn has_bursts_of(&self, topic: Option<&str>) -> bool {
        self.bursts || self.burst_of(topic).is_some()
    }

    /// Whether an alert can be about a topic.
    pub fn watches(&self, topic: &str) -> bool {
        self.bursts || self.alerts.iter().any(|alert| alert.topic.as_deref() == Some(topic))
    }

    /// The windows over which rules about a topic, or everything, count people.
    pub fn people_of(&self, topic: Option<&str>) -> impl Iterator<Item = Window> {
        let rules = self.alerts.iter().filter(move |alert| alert.topic.as_deref() == topic);
        let tests = rules.flat_map(|alert| match &alert.raised_by {
            Trigger::Rule(rule) => values(&rule.when),
            Trigger::Burst => Vec::new(),
        });
        tests.filter_map(|value| match value {
            Value::Counted(Metric::Authors, window) => Some(*window),
            _ => None,
        })
    }

    /// The alert that takes the bursts of a topic.
    pub fn burst_of(&self, topic: Option<&str>) -> Option<&AlertSpec> {
        let mut alerts = self.alerts.iter();
        alerts.find(|alert| alert.raised_by == Trigger::Burst && alert.topic.as_deref() == topic)
    }
}

/// All values that a rule compares.
fn values(when: &Expr) -> Vec<&Value> {
    match when {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().flat_map(values).collect(),
        Expr::Test(test) => vec![&test.value],
        Expr::Stale(_) => Vec::new(),
    }
}
