//! Alerts with the same cause, which stand as one: a fire is a burst of its topic, of the brand and of
//! everything.

use crate::pulse::snapshot::{Alert, Cause};

/// Bursts that began within so many seconds of each other …
const NEAR: i64 = 360;
/// … and of whose words so many are the same have one cause.
const COMMON: usize = 2;

/// Each alert with those that it stands for, in their order.
pub fn merged(alerts: Vec<&Alert>) -> Vec<(&Alert, Vec<&Alert>)> {
    let mut merged: Vec<(&Alert, Vec<&Alert>)> = Vec::with_capacity(alerts.len());
    for alert in alerts {
        match merged.iter_mut().find(|(first, _)| have_one_cause(first, alert)) {
            // Of two that are equally loud the one of a topic says more than the one of everything.
            Some((first, others)) if first.topic.is_none() && first.severity == alert.severity => {
                others.push(std::mem::replace(first, alert));
            }
            Some((_, others)) => others.push(alert),
            None => merged.push((alert, Vec::new())),
        }
    }
    merged
}

fn have_one_cause(a: &Alert, b: &Alert) -> bool {
    let bursts = a.cause == Cause::Burst && b.cause == Cause::Burst;
    let near = (a.since.as_secs() - b.since.as_secs()).abs() <= NEAR;
    let taken = a.acknowledged.is_some() == b.acknowledged.is_some();
    bursts && near && taken && common(a, b) >= COMMON
}

/// How many of their words two alerts have in common.
fn common(a: &Alert, b: &Alert) -> usize {
    let (Some(a), Some(b)) = (&a.about, &b.about) else { return 0 };
    a.terms.iter().filter(|term| b.terms.iter().any(|other| other.name == term.name)).count()
}
