//! `fishbowl alerts`: what a wall was alarmed by, from its journal.

use std::path::Path;

use crate::clock::{Clock, Time};
use crate::journal;
use crate::layout::moment;
use crate::pulse::alerts;
use crate::pulse::alerts::told;
use crate::pulse::snapshot::Alert;
use jiff::tz::TimeZone;

use super::args::AlertsArgs;
use super::failure::Failure;
use super::output;

/// Notes that are read at one go.
const CHUNK: usize = 1_000;

/// Lists the alerts of a journal, the first raised first.
pub fn alerts(args: &AlertsArgs) -> Result<(), Failure> {
    let (now, zone) = (Clock::system().now(), TimeZone::system());
    let since = match &args.since {
        Some(text) => moment::parse(text, now, &zone).map_err(|e| format!("--since: {e}"))?,
        None => Time(i64::MIN),
    };
    let alerts = read(&args.journal, since)?;
    if args.json {
        let all: Vec<_> = alerts.iter().map(|alert| told::json(alert, topic(alert), true)).collect();
        return output::print_raw(serde_json::to_string_pretty(&all)? + "\n");
    }
    for alert in &alerts {
        output::print(told::line(alert, |at| moment::words(at, &zone)) + "\n")?;
    }
    output::print(match alerts.len() {
        0 => "no alerts\n".into(),
        1 => "1 alert\n".into(),
        n => format!("{n} alerts\n"),
    })
}

/// The topic that the journal knows: that of a burst.
fn topic(alert: &Alert) -> Option<&str> {
    Some(&*alert.name).filter(|name| alert.cause == alerts::report::Cause::Burst && !name.is_empty())
}

fn read(journal: &Path, since: Time) -> Result<Vec<Alert>, Failure> {
    let (mut alerts, mut after) = (Vec::new(), None);
    loop {
        let (notes, next) = journal::notes(journal, after, CHUNK)?;
        let told = notes.iter().filter_map(alerts::alert_in);
        alerts.extend(told.filter(|alert| alert.cleared.is_none_or(|at| at >= since)));
        after = next;
        if after.is_none() {
            alerts.sort_by_key(|alert: &Alert| (alert.since, alert.raised));
            return Ok(alerts);
        }
    }
}
