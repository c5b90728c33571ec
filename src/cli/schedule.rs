//! `fishbowl schedule`: what will be on the wall when.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::json;

use crate::clock::{Clock, Time};
use crate::layout;
use crate::layout::hours::{self, Standing};
use crate::layout::moment;
use crate::layout::rundown::Rundown;
use crate::layout::wall::Wall;

use super::args::ScheduleArgs;
use super::failure::Failure;
use super::{output, run};

/// One entry: what is on from a moment to another.
struct Entry {
    from: Time,
    to: Time,
    stands: Standing,
    /// Names of displays that rest.
    resting: Vec<String>,
}

/// Prints what the schedule of a layout has on each day.
pub fn schedule(args: &ScheduleArgs) -> Result<(), Failure> {
    let wall = layout::solve(&run::layout(Some(&args.layout))?, &[]);
    let zone = wall.time_zone();
    let today = moment::zoned(Clock::system().now(), &zone).date();
    let first = args.from.unwrap_or(today);
    let last = first.checked_add(i64::from(args.days.unwrap_or(7)).days())?;
    let midnight = |date: jiff::civil::Date| -> Result<Time, Failure> {
        let at = date.to_zoned(zone.clone())?;
        Ok(Time::from_micros(at.timestamp().as_microsecond()))
    };
    let entries = entries(&Rundown::of(&wall), midnight(first)?, midnight(last)?);
    match args.json {
        true => {
            entries.iter().try_for_each(|entry| output::print(format_args!("{}\n", as_json(entry, &wall))))
        }
        false => output::print_raw(in_words(&entries, &wall, &zone)),
    }
}

/// What is on from `from` to `to`, change by change.
fn entries(rundown: &Rundown, from: Time, to: Time) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut at = from;
    while at < to {
        let turns = rundown.power.panels.iter().filter_map(|(display, _)| rundown.power.turns(display, at));
        let next = turns.chain(hours::next_change(&rundown.slots, at)).min().unwrap_or(to).min(to);
        let resting = rundown.power.resting(at).into_iter().map(str::to_owned).collect();
        entries.push(Entry { from: at, to: next, stands: rundown.standing(at), resting });
        at = next;
    }
    entries
}

/// The mode that is on, and the scenes that are shown in it.
fn shown<'w>(stands: &Standing, wall: &'w Wall) -> (Option<&'w str>, Vec<&'w str>) {
    let rundown = Rundown::of(wall);
    let mode = stands.mode.or((!wall.modes.is_empty()).then_some(0));
    let scenes = match stands.scene {
        Some(scene) => vec![scene],
        None => (0..wall.scenes.len()).filter(|scene| rundown.takes_turns(*scene, mode)).collect(),
    };
    let names = scenes.into_iter().map(|scene| wall.scenes[scene].name.as_str()).collect();
    (mode.map(|mode| wall.modes[mode].name.as_str()), names)
}

fn as_json(entry: &Entry, wall: &Wall) -> serde_json::Value {
    let (mode, scenes) = shown(&entry.stands, wall);
    let stamp = |at: Time| Timestamp::from_microsecond(at.as_micros()).map(|at| at.to_string()).ok();
    let slot = entry.stands.slot.map(|slot| wall.schedule[slot].name.as_str());
    json!({
        "from": stamp(entry.from),
        "to": stamp(entry.to),
        "mode": mode,
        "scenes": scenes,
        "entry": slot,
        "resting": entry.resting,
    })
}

fn in_words(entries: &[Entry], wall: &Wall, zone: &TimeZone) -> String {
    let zoned = |at| moment::zoned(at, zone);
    let name = zone.iana_name().map(|name| format!(" ({name})")).unwrap_or_default();
    let mut text = format!("Schedule of {}{name}\n", wall.name);
    if wall.schedule.is_empty() {
        text += "The layout has no [schedule.…]: the same is on at all hours.\n";
    }
    let mut day = None;
    let offsets: Vec<_> = entries.iter().map(|entry| zoned(entry.from).offset()).collect();
    let changes = offsets.windows(2).any(|two| two[0] != two[1]);
    for entry in entries {
        let at = zoned(entry.from);
        if day.replace(at.date()) != Some(at.date()) {
            let _ = writeln!(text, "\n{}", at.strftime("%A, %-d %B %Y"));
        }
        let (mode, scenes) = shown(&entry.stands, wall);
        let clock = at.strftime(if changes { "%H:%M (UTC%:z)" } else { "%H:%M" });
        let what = mode.map(|mode| format!("{mode}: ")).unwrap_or_default() + &scenes.join(", ");
        let because = match entry.stands.slot {
            Some(slot) => format!("  [schedule.{}]", wall.schedule[slot].name),
            None => String::new(),
        };
        let resting = match entry.resting.is_empty() {
            true => String::new(),
            false => format!("  (resting: {})", entry.resting.join(", ")),
        };
        let _ = writeln!(text, "  {clock}  {what}{because}{resting}");
    }
    text
}

/// The moment that `text` names in the wall's zone.
pub fn at(text: &str, wall: &Wall) -> Result<Time, Failure> {
    Ok(moment::parse(text, Clock::system().now(), &wall.time_zone())?)
}
