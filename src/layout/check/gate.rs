//! Rules about the gate.

use super::context::Cx;
use super::topics;
use crate::layout::gate::{Approve, MAX_HOLD, words};
use crate::layout::problem::Problem;

pub fn check(cx: &mut Cx<'_>) {
    let Some(gate) = &cx.file.gate else { return };
    for (key, query) in gate.queries() {
        if let Some(query) = query {
            topics::readable(cx, &["gate", key], &format!("`{key}`"), query);
        }
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
