//! `fishbowl acts`: what people did with a wall, from its journal.

use std::path::Path;

use jiff::tz::TimeZone;
use serde_json::json;

use super::args::ActsArgs;
use super::failure::Failure;
use super::output;
use crate::clock::{Clock, Time};
use crate::control::Act;
use crate::journal;
use crate::layout::moment;
use crate::mention::source::NoteKind;

/// Notes that are read at one go.
const CHUNK: usize = 10_000;

/// Lists what people asked for and decided, the first first.
pub fn acts(args: &ActsArgs) -> Result<(), Failure> {
    let (now, zone) = (Clock::system().now(), TimeZone::system());
    let since = match &args.since {
        Some(text) => moment::parse(text, now, &zone).map_err(|e| format!("--since: {e}"))?,
        None => Time(i64::MIN),
    };
    let (acts, lost) = read(&args.journal, since)?;
    if lost > 0 {
        output::eprint(format_args!("fishbowl: {} cannot be read\n", output::plural(lost, "act")));
    }
    if args.json {
        let all: Vec<_> = acts.iter().map(told).collect();
        return output::print_raw(serde_json::to_string_pretty(&all)? + "\n");
    }
    for act in &acts {
        output::print(line(act, &zone) + "\n")?;
    }
    output::print(format!("{}\n", output::plural(acts.len() as u64, "act")))
}

fn line(act: &Act, zone: &TimeZone) -> String {
    let Act { at, by, verb, about, until } = act;
    let about = if about.is_empty() { String::new() } else { format!(" {about}") };
    let until = until.map(|until| format!(", until {}", moment::words(until, zone))).unwrap_or_default();
    format!("{}  {} ({}): {verb}{about}{until}", moment::words(*at, zone), by.name, by.role.word())
}

fn told(act: &Act) -> serde_json::Value {
    let stamp = |at: Time| jiff::Timestamp::from_microsecond(at.as_micros()).map(|at| at.to_string()).ok();
    json!({
        "at": stamp(act.at),
        "by": act.by.name,
        "role": act.by.role.word(),
        "verb": act.verb,
        "about": act.about,
        "until": act.until.and_then(stamp),
    })
}

/// The acts since a moment, and how many could not be read.
fn read(journal: &Path, since: Time) -> Result<(Vec<Act>, u64), Failure> {
    let (mut acts, mut lost) = (Vec::new(), 0);
    // The key before all notes of acts.
    let mut after = Some(journal::next_kind(Some((NoteKind::Act as i64 - 1, 0, 0))));
    while after.is_some() {
        let (notes, next) = journal::notes(journal, after, CHUNK)?;
        after = next.filter(|_| notes.last().is_some_and(|note| note.kind == NoteKind::Act));
        for note in notes.iter().filter(|note| note.kind == NoteKind::Act) {
            match serde_json::from_slice::<Act>(&note.body) {
                Ok(act) if act.at >= since => acts.push(act),
                Ok(_) => {}
                Err(_) => lost += 1,
            }
        }
    }
    acts.sort_by_key(|act| act.at);
    Ok((acts, lost))
}
