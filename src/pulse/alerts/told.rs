//! An alert as JSON for other programs, and as a line for people.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::report::{About, Alert, Cause, Part};
use crate::clock::Time;

/// One alert with the name of its topic. With `names` false authors and who acknowledged it are
/// left out.
pub fn json(alert: &Alert, topic: Option<&str>, names: bool) -> Value {
    let taken = alert.acknowledged.as_ref();
    json!({
        "id": alert.id,
        "cause": alert.cause,
        "name": alert.name,
        "label": alert.label,
        "topic": topic,
        "rule": (!alert.rule.is_empty()).then_some(&alert.rule),
        "severity": alert.severity,
        "standing": alert.standing(),
        "since": stamp(alert.since),
        "raised": stamp(alert.raised),
        "acknowledged": taken.map(|a| json!({ "at": stamp(a.at), "by": names.then_some(&a.by) })),
        "cleared": alert.cleared.map(stamp),
        "observed": alert.observed,
        "expected": alert.expected,
        "strength": (alert.cause == Cause::Burst).then(|| (alert.strength() * 10.0).round() / 10.0),
        "owner": alert.owner,
        "action": alert.action,
        "about": alert.about.as_ref().map(|about| json_of(about, names)),
        "group": alert.group,
        "parts": (alert.cause == Cause::Group).then_some(&alert.parts),
        "size": alert.size,
    })
}

fn json_of(about: &About, names: bool) -> Value {
    let none = Vec::new();
    let list = |parts: &[Part]| -> Value {
        parts.iter().map(|p| json!({ "name": p.name, "count": p.count, "lift": p.lift })).collect()
    };
    json!({
        "terms": list(&about.terms),
        "places": list(&about.places),
        "authors": list(if names { &about.authors } else { &none }),
    })
}

/// One line: `2026-11-22 14:05  12 min  warning  Aurora: 4.2 × as many as usual (acknowledged by
/// Jo)`; `clock` writes a moment.
pub fn line(alert: &Alert, clock: impl Fn(Time) -> String) -> String {
    let lasting = alert.cleared.map_or_else(
        || "stands".into(),
        |at| format!("{} min", at.since(alert.since).as_secs().div_ceil(60)),
    );
    let severity = alert.severity.word();
    let mut line = format!("{}  {lasting:>8}  {severity:<7}  {}", clock(alert.since), alert.label);
    // Writing to a string cannot fail.
    let _ = match alert.cause {
        Cause::Burst => write!(line, ": {:.1} × as many as usual", alert.strength()),
        Cause::Rule => write!(line, ": {}", alert.rule),
        Cause::Group => write!(line, ": {} alerts", alert.size),
    };
    if let Some(taken) = &alert.acknowledged {
        let _ = write!(line, " (acknowledged by {})", taken.by);
    }
    line
}

fn stamp(at: Time) -> String {
    Timestamp::from_nanosecond(i128::from(at.0)).unwrap_or_default().to_string()
}
