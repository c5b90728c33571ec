//! Rules about alerts.

use std::time::Duration;

use super::context::Cx;
use super::tiles::numbers_of;
use crate::layout::alert::AlertTable;
use crate::layout::alert::rule::{self, Rule};
use crate::layout::problem::{Problem, listed, nearest};
use crate::layout::value::Lasting;

/// Shortest and longest wait for late mentions.
const WAITS: [Lasting; 2] = [Lasting::from_secs(5), Lasting::from_secs(900)];
const HELP: &str = "Compare a metric as counters have them, `series NAME`, or `stale FEED`, joined by `and` and `or`: \
                    `negative_share > 40% over 15m and mentions > 50 for 2m`.";

pub fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    let wait = file.bursts.wait;
    if !(WAITS[0]..=WAITS[1]).contains(&wait) {
        let span = cx.value(&["bursts", "wait"]);
        let problem = Problem::error("out-of-range", span, "`wait` must be between `5s` and `15m`");
        cx.say(
            problem
                .label("out of range")
                .help("Streams need only seconds; polled feeds need as long as the time between two polls."),
        );
    }
    for (name, table) in file.alert.iter() {
        if let Some(topic) = &table.topic {
            cx.found.known_topic(topic, &["alert", name, "topic"]);
        }
        trigger(cx, name, table);
    }
    twice(cx);
}

fn trigger(cx: &mut Cx<'_>, name: &str, table: &AlertTable) {
    match &table.when {
        Some(_) if table.burst => {
            let message = format!("`{name}` has both a rule and a burst");
            let problem = Problem::error("two-triggers", cx.key(&["alert", name, "burst"]), message);
            let problem =
                problem.label("raised by a burst").and(cx.key(&["alert", name, "when"]), "raised by a rule");
            cx.say(problem.help("Keep one, or split it into two alerts."));
        }
        Some(when) => self::when(cx, name, when),
        None if table.burst => {}
        None if cx.file.places.has(&["alert", name, "when"]) => {}
        None => {
            let message = format!("nothing raises `{name}`");
            let problem = Problem::error("no-trigger", cx.key(&["alert", name]), message);
            cx.say(
                problem
                    .label("has no rule")
                    .help("Give it a rule, `when = \"rate > 200/min for 2m\"`, or `burst = true`."),
            );
        }
    }
}

fn when(cx: &mut Cx<'_>, name: &str, when: &str) {
    let path = ["alert", name, "when"];
    cx.found.ask("rule", &rule::check, &path, when, HELP);
    let Ok(rule) = Rule::parse(when) else { return };
    for word in &rule.old_words {
        let (old, new) = (&when[word.at.clone()], word.metric.name());
        let message = format!("`{old}` is now called `{new}`, as in tiles");
        let problem =
            Problem::warning("old-word", cx.file.places.inside(&path, when, word.at.clone()), message);
        let help = "The next version will no longer accept the old word.";
        cx.say(problem.label(format!("write `{new}`")).help(help));
    }
    let (series, feeds) = rule.names();
    for series in series {
        numbers_of(cx, series, cx.file.places.inside(&path, when, part(when, series)));
    }
    for feed in feeds {
        known_feed(cx, feed, cx.file.places.inside(&path, when, part(when, feed)));
    }
    if rule.lasting > Duration::ZERO && rule.lasting < Duration::from_secs(5) {
        let problem =
            Problem::warning("too-short", cx.value(&path), "a `for` of a few seconds has no effect");
        cx.say(problem.label("here").help("Remove it, or write `for 1m`."));
    }
}

fn known_feed(cx: &mut Cx<'_>, feed: &str, span: std::ops::Range<usize>) {
    let names = cx.file.places.children(&["feed"]);
    if names.contains(&feed) {
        return;
    }
    let problem = Problem::error("unknown-feed", span, format!("there is no feed `{feed}`"));
    cx.say(match nearest(feed, names.iter().copied()) {
        Some(near) => problem.label(format!("did you mean `{near}`?")),
        None => problem.label("not known").help(format!("The feeds are {}.", listed(names))),
    });
}

fn part(text: &str, name: &str) -> std::ops::Range<usize> {
    text.find(name).map_or(0..text.len(), |at| at..at + name.len())
}

/// Two alerts that take the bursts of one topic: the second would never be told.
fn twice(cx: &mut Cx<'_>) {
    let file = cx.file;
    let mut taken: Vec<(&Option<String>, &str)> = Vec::new();
    for (name, table) in file.alert.iter().filter(|(_, table)| table.burst && table.when.is_none()) {
        if let Some((_, other)) = taken.iter().find(|(topic, _)| *topic == &table.topic) {
            let message = format!("`{name}` and `{other}` are raised by the same bursts");
            let problem = Problem::error("same-bursts", cx.key(&["alert", name]), message);
            let problem = problem.label("here again").and(cx.key(&["alert", other]), "first here");
            cx.say(problem.help("Remove one, or give it another `topic`."));
        }
        taken.push((&table.topic, name));
    }
}
