//! Whether the rules of the layout hold, once a second of event time.

use std::time::Duration;

use crate::clock::Time;
use crate::layout::alert::rule::{Expr, Op, Rule, Test, Value};
use crate::layout::window::Window;
use crate::metric::{Exactness, Metric, Tally, Unit};

/// What rules ask.
pub trait Facts {
    /// Seconds of a window that were heard, and its length.
    fn heard(&self, window: Window) -> (u32, u32);
    /// Whether all of a window was heard.
    fn is_whole(&self, window: Window) -> bool;
    /// The tally of the rule's stream over a window.
    fn tally(&self, window: Window) -> Tally;
    /// The last value of a series; `None` when there is none of the last five minutes.
    fn series(&self, name: &str) -> Option<f64>;
    /// Whether a feed has been silent for longer than it may.
    fn is_stale(&self, feed: &str) -> bool;
}

/// Whether a rule's comparisons hold. With `part` below 1 thresholds are eased to that part, as
/// for an alert that stands. What is unknown holds nothing.
pub fn holds(expr: &Expr, facts: &dyn Facts, part: f64) -> bool {
    match expr {
        Expr::All(parts) => parts.iter().all(|one| holds(one, facts, part)),
        Expr::Any(parts) => parts.iter().any(|one| holds(one, facts, part)),
        Expr::Stale(feed) => facts.is_stale(feed),
        Expr::Test(Test { value, op, threshold }) => {
            let now = match value {
                Value::Counted(metric, window) => counted(*metric, *window, *op, facts),
                Value::Series(name) => facts.series(name),
            };
            now.is_some_and(|now| op.holds(now, op.eased(*threshold, part)))
        }
    }
}

fn is_few(op: Op) -> bool {
    matches!(op, Op::Below | Op::AtMost)
}

/// A metric's value; `None` is unknown, as what is few where some may be missing, and a rate of which less than half
/// was heard.
fn counted(metric: Metric, window: Window, op: Op, facts: &dyn Facts) -> Option<f64> {
    let tally = facts.tally(window);
    let may_miss = metric.exactness(&tally) == Exactness::AtLeast
        || (!metric.unit().is_part() && !facts.is_whole(window));
    let (heard, whole) = facts.heard(window);
    let hardly_heard = metric.unit() == Unit::PerMinute && (whole == 0 || heard < whole / 2);
    if is_few(op) && may_miss || hardly_heard {
        return None;
    }
    metric.value(&tally, heard).ok()
}

/// From one note of a rule that begins to hold to the next.
const NOTED_EVERY: Duration = Duration::from_secs(30);

/// One rule over time.
#[derive(Debug, Default)]
pub struct Held {
    /// Since when its comparisons hold.
    since: Option<Time>,
    /// When that was noted last.
    noted: Option<Time>,
}

/// Since when a rule held that must hold for longer, and when it still did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    pub since: Time,
    pub until: Time,
}

impl Held {
    /// Since when the rule holds, if it has held for as long as it must; `part` as in [`holds`],
    /// below 1 for one that stands.
    pub fn at(&mut self, rule: &Rule, facts: &dyn Facts, part: f64, now: Time) -> Option<Time> {
        if !holds(&rule.when, facts, part) {
            self.since = None;
            return None;
        }
        let since = *self.since.get_or_insert(now);
        (part < 1.0 || now.since(since) >= rule.lasting).then_some(since)
    }

    /// What is to be noted now of a rule that has to hold for a while: that it holds, twice a
    /// minute, and once that it does no more or is told (`Some(None)`).
    pub fn note(&mut self, is_told: bool, now: Time) -> Option<Option<Holding>> {
        let Some(since) = self.since.filter(|_| !is_told) else {
            return self.noted.take().map(|_| None);
        };
        if self.noted.is_some_and(|noted| now < noted + NOTED_EVERY) {
            return None;
        }
        self.noted = Some(now);
        Some(Some(Holding { since, until: now }))
    }

    /// Goes on with what was noted before a restart at `now`, unless more time lies between than
    /// the rule must hold: what is not heard holds nothing.
    pub fn recall(&mut self, rule: &Rule, holding: Holding, now: Time) {
        let is_near = holding.since <= holding.until && now.since(holding.until) <= rule.lasting;
        if is_near && holding.until <= now {
            self.since = Some(holding.since);
        }
        // Noted anew, or taken away.
        self.noted = Some(holding.until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Now(Tally);

    impl Facts for Now {
        fn heard(&self, window: Window) -> (u32, u32) {
            let whole = window.secs().unwrap_or(0);
            (if window == Window::H1 { whole / 3 } else { whole }, whole)
        }
        fn is_whole(&self, window: Window) -> bool {
            window == Window::M10
        }
        fn tally(&self, window: Window) -> Tally {
            if window == Window::M10 { self.0 } else { Tally::default() }
        }
        fn series(&self, name: &str) -> Option<f64> {
            (name == "load").then_some(0.95)
        }
        fn is_stale(&self, feed: &str) -> bool {
            feed == "silent"
        }
    }

    fn at(when: &str, part: f64) -> bool {
        let (positive, neutral, negative) = (10, 20, 30);
        let tally = Tally {
            mentions: 100,
            positive,
            neutral,
            negative,
            unknown: 40,
            authors: Some(7),
            followers: 900,
            ..Tally::default()
        };
        holds(&Rule::parse(when).expect(when).when, &Now(tally), part)
    }

    #[test]
    fn comparisons_hold_as_they_are_written() {
        for (when, expected) in [
            ("mentions > 99 over 10m", true),
            ("mentions > 100 over 10m", false),
            ("count >= 100 over 10m", true),
            ("rate >= 0/min over 10m", true),
            ("rate >= 0/min over 1h", false),
            ("rate > 9/min over 10m", true),
            ("rate > 1/s over 10m", false),
            ("rate > 599/h over 10m", true),
            ("negative >= 50% over 10m", true),
            ("negative_share >= 50% over 10m", true),
            ("negative >= 30 over 10m", true),
            ("negative > 30 over 10m", false),
            ("positive_share < 17% over 10m", true),
            ("net_sentiment < -33% over 10m", true),
            ("net_sentiment < -34% over 10m", false),
            ("unknown_share >= 40% over 10m", true),
            ("authors < 8 over 10m and reach >= 900", true),
            ("count > 999 over 10m or stale silent", true),
            ("stale loud", false),
            ("series load > 0.9", true),
            ("series other > 0.9 or series other <= 0.9", false),
            ("negative_share > 0% over 5m", false),
            ("mentions > 999 over 10m or mentions > 9 and mentions > 99", true),
        ] {
            assert_eq!(at(when, 1.0), expected, "{when}");
        }
        let floor = Tally { authors: Some(7), authors_are: Exactness::AtLeast, ..Tally::default() };
        let holds_of = |when: &str| holds(&Rule::parse(when).expect(when).when, &Now(floor), 1.0);
        assert!(holds_of("authors > 5 over 10m") && !holds_of("authors < 8 over 10m"), "there may be more");
        assert!(at("mentions > 120 over 10m", 0.8) && !at("mentions > 130 over 10m", 0.8));
        assert!(at("net_sentiment < -40% over 10m", 0.8) && !at("net_sentiment < -60% over 10m", 0.8));
    }

    #[test]
    fn a_rule_goes_on_after_a_short_restart_and_begins_anew_after_a_long_one() {
        let rule = Rule::parse("mentions > 50 over 10m for 2m").expect("is one");
        let busy = Now(Tally { mentions: 60, ..Tally::default() });
        let later = |secs| Time::from_secs(1_000) + Duration::from_secs(secs);
        let mut held = Held::default();
        let noted: Vec<_> = (0..70)
            .filter_map(|secs| {
                held.at(&rule, &busy, 1.0, later(secs));
                held.note(false, later(secs))
            })
            .collect();
        let at = |secs| Some(Holding { since: later(0), until: later(secs) });
        assert_eq!(noted, [at(0), at(30), at(60)]);
        for (gap, expected) in [(60, Some(later(0))), (120, Some(later(0))), (121, None)] {
            let mut again = Held::default();
            let now = later(60 + gap);
            again.recall(&rule, Holding { since: later(0), until: later(60) }, now);
            assert_eq!(again.at(&rule, &busy, 1.0, now), expected, "{gap}");
        }
        assert_eq!(held.note(true, later(71)), Some(None), "an alert that stands is kept as such");
        assert_eq!(held.note(true, later(72)), None);
    }

    #[test]
    fn a_rule_must_hold_for_as_long_as_it_says() {
        let rule = Rule::parse("mentions > 50 over 10m for 2m").expect("is one");
        let (busy, calm) = (Now(Tally { mentions: 60, ..Tally::default() }), Now(Tally::default()));
        let mut held = Held::default();
        let start = Time::from_secs(1_000);
        let later = |secs| start + Duration::from_secs(secs);
        assert_eq!(held.at(&rule, &busy, 1.0, start), None);
        assert_eq!(held.at(&rule, &busy, 1.0, later(119)), None);
        assert_eq!(held.at(&rule, &busy, 1.0, later(120)), Some(start));
        assert_eq!(held.at(&rule, &calm, 1.0, later(121)), None);
        assert_eq!(held.at(&rule, &busy, 1.0, later(122)), None);
        assert_eq!(held.at(&rule, &busy, 0.8, later(123)), Some(later(122)), "one that stands goes on");
    }
}
