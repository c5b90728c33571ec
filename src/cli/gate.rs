//! `fishbowl gate`: which tiles of a layout wait for the gate, and what would become of a text.

use std::fmt::Write as _;
use std::io::BufRead as _;

use serde_json::json;

use super::args::GateArgs;
use super::failure::Failure;
use super::{output, run, tried};
use crate::layout;
use crate::layout::gate::{Approve, Effect, GateSpec};
use crate::layout::kind::Quotes;
use crate::layout::wall::Wall;
use crate::pulse::enrich::Enricher;
use crate::pulse::gate::{Gate, Passage, Verdict};

/// Explains the gate of a layout, or tries texts on it.
pub fn gate(args: &GateArgs) -> Result<(), Failure> {
    let wall = layout::solve(&run::layout(Some(&args.layout))?, &[]);
    let Some(spec) = &wall.gate else {
        return Err("the layout has no gate: add `[gate]`; docs/gate.md says how".into());
    };
    let mut gate = Gate::new(spec)?;
    match args.text.as_deref() {
        None => output::print_raw(explained(spec, &wall)),
        Some("-") => {
            std::io::stdin().lock().lines().try_for_each(|line| attempt(args, &mut gate, spec, &line?))
        }
        Some(text) => attempt(args, &mut gate, spec, text),
    }
}

fn attempt(args: &GateArgs, gate: &mut Gate, spec: &GateSpec, text: &str) -> Result<(), Failure> {
    let (mention, _) = tried::mention(&args.told, text)?;
    let verdict = gate.judge(&mention, &Enricher::default().learn(&mention));
    if args.json {
        let Verdict { passage, why } = &verdict;
        return output::print_raw(format!("{}\n", json!({ "text": text, "queue": passage, "why": &**why })));
    }
    let what = match verdict.passage {
        Passage::Approved | Passage::Pinned if spec.hold.is_zero() => "shown at once".into(),
        Passage::Approved | Passage::Pinned => format!("shown after {} s", spec.hold.as_secs()),
        Passage::Hidden => "hidden".into(),
        Passage::Waiting | Passage::Stashed => "waits for approval".into(),
    };
    output::print(format!("{what}: {}\n", verdict.why))
}

fn explained(spec: &GateSpec, wall: &Wall) -> String {
    let mut text = String::from(match spec.approve {
        Approve::All => "Every text needs a moderator's approval, unless a rule decides.\n",
        Approve::Rules => "Texts that a rule holds back need a moderator's approval.\n",
        Approve::None => "No text needs approval; blocked ones are hidden.\n",
    });
    for (effect, rule) in &spec.rules {
        let what = match effect {
            Effect::Block => "Block",
            Effect::Pass => "Pass",
            Effect::Wait => "Wait",
        };
        let _ = match rule.label.contains("block_file") {
            true => writeln!(text, "  {what}: the words in `block_file`"),
            false => writeln!(text, "  {what}: {}", rule.query.chars().take(200).collect::<String>()),
        };
    }
    if spec.blocks_personal_data {
        text +=
            "  Block: telephone numbers, e-mail addresses, and numbers of payment cards and bank accounts\n";
    }
    if spec.holds_profanity {
        text += "  Wait: what may be profanity\n";
    }
    if !spec.hold.is_zero() {
        let _ = writeln!(text, "A text that needs no approval is shown after {} s.", spec.hold.as_secs());
    }
    text += "Guarded tiles:\n";
    for scene in &wall.scenes {
        for tile in scene.tiles.iter().filter(|tile| tile.widget.quotes() != Quotes::Nothing) {
            let what =
                if tile.widget.quotes() == Quotes::Texts { "whole texts" } else { "words, links and names" };
            let _ = writeln!(text, "  {} in scene {}: {what}", tile.name, scene.name);
        }
    }
    text
}
