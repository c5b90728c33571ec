//! A goal, and the limits beyond which a number is marked: how the number that is shown stands to
//! them, in words.

use super::reading::Reading;
use crate::metric::{Metric, Unit};
use crate::scene::widgets::figures::{THIN, grouped, rate};

/// The marks of a counter, in the unit of its metric.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    goal: Option<f64>,
    above: Option<f64>,
    below: Option<f64>,
}

/// A number as it is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    pub value: f64,
    /// There may be more than is counted, as in a window of which a part was not heard.
    pub at_least: bool,
}

/// How a number stands to its marks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stand {
    Above(f64),
    Below(f64),
    Reached(f64),
    /// No mark is reached, or nobody knows.
    Within,
}

impl Limits {
    pub fn new(goal: Option<f64>, above: Option<f64>, below: Option<f64>) -> Self {
        Self { goal, above, below }
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub fn goal(&self) -> Option<f64> {
        self.goal
    }

    /// Whether a limit is crossed.
    pub fn warns(&self, shown: Option<Shown>) -> bool {
        matches!(self.stand(shown), Stand::Above(_) | Stand::Below(_))
    }

    /// Whether there is something to say that matters.
    pub fn tells(&self, shown: Option<Shown>) -> bool {
        self.stand(shown) != Stand::Within
    }

    /// How much of the goal is reached, thousandths, at most all; `None` without a goal or a number.
    pub fn reached(&self, shown: Option<Shown>) -> Option<u32> {
        let (goal, shown) = (self.goal?, shown?);
        Some((shown.value / goal * 1_000.0).clamp(0.0, 1_000.0) as u32)
    }

    fn stand(&self, shown: Option<Shown>) -> Stand {
        let Some(Shown { value, at_least }) = shown else { return Stand::Within };
        let above = self.above.filter(|limit| value > *limit).map(Stand::Above);
        let below = self.below.filter(|limit| value < *limit && !at_least).map(Stand::Below);
        let reached = self.goal.filter(|goal| value >= *goal).map(Stand::Reached);
        above.or(below).or(reached).unwrap_or(Stand::Within)
    }

    /// Longest first; `write` writes a number with its unit. `is_part` is said of a number that is a
    /// part of something, which has no part of its own.
    pub fn words(&self, shown: Option<Shown>, is_part: bool, write: impl Fn(f64) -> String) -> Vec<String> {
        match self.stand(shown) {
            Stand::Above(limit) => two("over the limit of", "over", &write(limit)),
            Stand::Below(limit) => two("under the limit of", "under", &write(limit)),
            Stand::Reached(goal) => {
                vec![format!("goal of {} reached", write(goal)), "goal reached".into(), "reached".into()]
            }
            Stand::Within => match self.goal {
                Some(goal) => toward(goal, shown.filter(|_| !is_part), &write(goal)),
                None => self.limits(write),
            },
        }
    }

    fn limits(&self, write: impl Fn(f64) -> String) -> Vec<String> {
        match (self.below, self.above) {
            (Some(below), Some(above)) => vec![format!("limits {} and {}", write(below), write(above))],
            (None, Some(above)) => vec![format!("limit {}", write(above))],
            (Some(below), None) => vec![format!("at least {}", write(below))],
            (None, None) => Vec::new(),
        }
    }
}

fn two(long: &str, short: &str, limit: &str) -> Vec<String> {
    vec![format!("{long} {limit}"), format!("{short} {limit}")]
}

/// How far it is to a goal; all is only said when it is reached.
fn toward(goal: f64, shown: Option<Shown>, written: &str) -> Vec<String> {
    let Some(shown) = shown.filter(|shown| shown.value >= 0.0) else {
        return vec![format!("goal {written}")];
    };
    let part = match (shown.value / goal * 100.0) as u32 {
        0 if shown.value > 0.0 => format!("<1{THIN}%"),
        part => format!("{}{THIN}%", part.min(99)),
    };
    vec![
        format!("{part} of the goal of {written}"),
        format!("{part} of {written}"),
        format!("goal {written}"),
    ]
}

impl Shown {
    /// What stands there for a reading; `None` is a dash.
    pub fn of(reading: Reading, at_least: bool) -> Option<Self> {
        let value = match reading {
            Reading::Unknown(_) | Reading::Silent(_) => return None,
            Reading::Count(n) | Reading::Share(n) => n as f64,
            Reading::Rate(tenths @ 0..100) => tenths as f64 / 10.0,
            Reading::Rate(tenths) => (tenths / 10) as f64,
            Reading::Hourly(n) => n as f64 / 60.0,
            Reading::UnderAnHour => 0.5 / 60.0,
            Reading::UnderAMinute | Reading::UnderAPerCent => 0.5,
            Reading::Net(n) => n as f64,
        };
        Some(Self { value, at_least })
    }
}

/// A value of a metric with its unit.
pub fn written(metric: Metric, value: f64) -> String {
    match metric.unit() {
        Unit::Count => grouped(value.max(0.0).round() as u64),
        Unit::PerMinute => {
            let (number, per) = rate(value);
            format!("{number} {per}")
        }
        Unit::PerCent => format!("{value}{THIN}%"),
        Unit::SignedPerCent if value > 0.0 => format!("+{value}{THIN}%"),
        Unit::SignedPerCent => format!("{value}{THIN}%").replace('-', "−"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(limits: Limits, value: Option<f64>) -> String {
        let shown = value.map(|value| Shown { value, at_least: false });
        let all = limits.words(shown, false, |value| written(Metric::Mentions, value));
        all[0].replace(THIN, " ")
    }

    #[test]
    fn a_goal_is_told_until_it_is_reached_and_then_as_reached() {
        let goal = Limits { goal: Some(500.0), ..Limits::default() };
        let told = [Some(0.0), Some(2.0), Some(310.0), Some(499.9), Some(500.0), None];
        assert_eq!(
            told.map(|value| words(goal, value)),
            [
                "0 % of the goal of 500",
                "<1 % of the goal of 500",
                "62 % of the goal of 500",
                "99 % of the goal of 500",
                "goal of 500 reached",
                "goal 500",
            ]
        );
        assert_eq!([goal.reached(None), Limits::default().reached(None)], [None, None]);
    }

    #[test]
    fn a_limit_is_crossed_beyond_it_and_never_by_what_is_unknown() {
        let limits = Limits { above: Some(40.0), below: Some(10.0), ..Limits::default() };
        let told = [Some(41.0), Some(40.0), Some(10.0), Some(9.0), None];
        assert_eq!(
            told.map(|value| words(limits, value)),
            [
                "over the limit of 40",
                "limits 10 and 40",
                "limits 10 and 40",
                "under the limit of 10",
                "limits 10 and 40"
            ]
        );
        assert!(!limits.warns(None));
        assert!(!limits.warns(Some(Shown { value: 3.0, at_least: true })), "more may have been said");
        assert!(limits.warns(Some(Shown { value: 43.0, at_least: true })));
    }

    #[test]
    fn limits_are_measured_against_the_number_that_stands_there() {
        let shown = |reading| Shown::of(reading, false).map(|shown| shown.value);
        assert_eq!(shown(Reading::Rate(127)), Some(12.0), "`12` is not over 12");
        assert_eq!(shown(Reading::Rate(42)), Some(4.2));
        assert_eq!(shown(Reading::Hourly(30)), Some(0.5));
        assert_eq!(shown(Reading::Unknown("")), None);
        let text = |metric, value| written(metric, value).replace(THIN, " ");
        assert_eq!(text(Metric::Rate, 0.5), "30 an hour");
        assert_eq!(text(Metric::NetSentiment, -10.0), "−10 %");
        assert_eq!(text(Metric::NegativeShare, 12.5), "12.5 %");
    }
}
