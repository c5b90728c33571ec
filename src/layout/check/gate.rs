//! Rules about the gate.

use super::context::Cx;
use super::topics;
use crate::layout::gate::{Approve, GateTable, MAX_HOLD, words};
use crate::layout::problem::Problem;
use crate::layout::value::{Audience, PeopleNamed};
use crate::query::Query;
use crate::query::field::Field;
use crate::query::tree::What;

pub fn check(cx: &mut Cx<'_>) {
    people(cx);
    let Some(gate) = &cx.file.gate else { return };
    for (key, query) in gate.queries() {
        if let Some(query) = query {
            topics::readable(cx, &["gate", key], &format!("`{key}`"), query);
        }
    }
    if let Some(query) = &gate.pass {
        anyone(cx, query);
    }
    if let Some(Err(why)) = gate.block_file.as_ref().map(|file| words(&cx.file.dir.join(file))) {
        let message = format!("cannot read the blocked words: {why}");
        let problem = Problem::error("unreadable", cx.value(&["gate", "block_file"]), message);
        cx.say(problem.label("not readable").help("Write one word or phrase per line, in UTF-8."));
    }
    if gate.hold.0 > MAX_HOLD {
        let problem = Problem::error("too-long", cx.value(&["gate", "hold"]), "`hold` can be at most 1 h");
        cx.say(problem.label("too long"));
    }
    if gate.approve == Approve::Rules && !gate.holds_back() {
        let problem =
            Problem::warning("no-effect", cx.value(&["gate", "approve"]), "no rule holds a text back");
        cx.say(
            problem
                .label("lets every text pass")
                .help("Add `block`, `block_file` or `wait`, or use \"all\"."),
        );
    }
    if gate.wait.is_some() && gate.approve != Approve::Rules {
        let message = "`wait` has no effect here";
        let problem = Problem::warning("no-effect", cx.key(&["gate", "wait"]), message);
        cx.say(
            problem
                .label("only with `approve = \"rules\"`")
                .help("Set `approve = \"rules\"`, or remove `wait`."),
        );
    }
}

/// Names are given out by each service anew: without a source, a stranger can have the same.
fn anyone(cx: &mut Cx<'_>, text: &str) {
    let Ok(query) = Query::parse(text) else { return };
    let (mut name, mut has_source) = (None, false);
    query.tree().leaves(&mut |leaf| match &leaf.what {
        What::Field(Field::From(_) | Field::FromPrefix(_)) => name = name.clone().or(Some(leaf.at.clone())),
        What::Field(Field::Source(_)) => has_source = true,
        _ => {}
    });
    let Some(at) = name.filter(|_| !has_source && cx.file.feed.iter().count() > 1) else { return };
    let span = cx.file.places.inside(&["gate", "pass"], text, at);
    let problem = Problem::warning("anyone", span, "someone else can have this name in another feed");
    cx.say(problem.label("in any feed").help("Name the feed as well: `from:ourbrand source:FEED`."));
}

/// Whoever is named before the public must have been looked at.
fn people(cx: &mut Cx<'_>) {
    let file = cx.file;
    if file.wall.audience != Audience::Public || file.gate.as_ref().is_some_and(GateTable::holds_back) {
        return;
    }
    let modes = file.mode.iter().map(|(name, mode)| (vec!["mode", name, "people"], mode.people));
    for (path, people) in modes.chain([(vec!["wall", "people"], file.wall.people)]) {
        if people.is_some_and(|people| people != PeopleNamed::Masked) {
            let problem =
                Problem::error("unapproved", cx.value(&path), "people would be named before the public");
            let help = "Add a `[gate]` that holds texts back (docs/gate.md), or use \"masked\".";
            cx.say(problem.label("without anyone's approval").help(help));
        }
    }
}
