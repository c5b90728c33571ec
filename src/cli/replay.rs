//! `fishbowl replay`: a past hour on the wall, or written out.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;

use crate::clock::{Clock, Time};
use crate::feed::{self, kinds::ReplayTable};
use crate::layout::moment;
use crate::layout::schema::{FeedTable, Tables};
use crate::layout::{LayoutFile, SolvedLayout};
use jiff::tz::TimeZone;

use super::args::ReplayArgs;
use super::failure::Failure;
use super::journal_setup::JournalChoice;
use super::{output, run};

/// Name of the feed that plays.
const FEED: &str = "replay";

/// Shows or writes what a journal holds.
pub fn replay(args: &ReplayArgs) -> Result<(), Failure> {
    let (now, zone) = (Clock::system().now(), TimeZone::system());
    let moment = |option: &str, text: &Option<String>| match text {
        Some(text) => moment::parse(text, now, &zone).map(Some).map_err(|e| format!("--{option}: {e}")),
        None => Ok(None),
    };
    let (from, to) = (moment("from", &args.from)?, moment("to", &args.to)?);
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        let [from, to] = [from, to].map(|at| moment::words(at, &zone));
        return Err(format!("the end ({to}) is before the start ({from}); change --from or --to").into());
    }
    match &args.export {
        Some(file) => export(&args.journal, from, to, file),
        None => show(args, from, to),
    }
}

fn show(args: &ReplayArgs, from: Option<Time>, to: Option<Time>) -> Result<(), Failure> {
    let mut file = run::layout(args.layout.as_deref())?;
    let table = ReplayTable { file: args.journal.clone(), speed: args.speed, repeat: false, from, to };
    // The layout's folder is no part of a path on the command line.
    let table = ReplayTable { file: std::path::absolute(&table.file)?, ..table };
    has_something(&table)?;
    only(&mut file, table);
    run::present(Arc::new(SolvedLayout::new(file)), JournalChoice::Off, run::Follows::Nothing, &args.show)
}

/// Fails when nothing would be played.
fn has_something(table: &ReplayTable) -> Result<(), Failure> {
    let (path, zone) = (table.file.display(), TimeZone::system());
    if feed::first_of(&table.file, table.from, table.to)?.is_some() {
        return Ok(());
    }
    Err(match feed::first_of(&table.file, None, None)? {
        None => format!("{path} contains no readable mentions"),
        Some(first) => {
            let first = moment::words(first, &zone);
            format!("{path} contains nothing from that time; its first mention is from {first}")
        }
    }
    .into())
}

/// Leaves the layout one feed.
fn only(file: &mut LayoutFile, table: ReplayTable) {
    let feed = FeedTable { stale_after: None, kind: table.into() };
    file.feed = Tables(vec![(FEED.into(), feed)]);
}

/// Writes the mentions that arrived from `from` to `to`.
fn export(journal: &Path, from: Option<Time>, to: Option<Time>, file: &Path) -> Result<(), Failure> {
    if file == Path::new("-") {
        let out = BufWriter::new(io::stdout().lock());
        return match feed::export(journal, from, to, out) {
            // A reader that has seen enough is no failure.
            Err(feed::ExportError::Write(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            Ok(done) => {
                say_lost(journal, done.lost);
                Ok(())
            }
            Err(error) => Err(error.into()),
        };
    }
    let out = File::create(file).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    let mut out = BufWriter::new(out);
    let feed::Exported { written: count, lost } = feed::export(journal, from, to, &mut out)?;
    out.flush().map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    output::eprint(format_args!("{} written to {}\n", output::plural(count, "mention"), file.display()));
    say_lost(journal, lost);
    Ok(())
}

fn say_lost(journal: &Path, lost: u64) {
    if lost > 0 {
        let (path, lost) = (journal.display(), output::plural(lost, "mention"));
        output::eprint(format_args!("fishbowl: {path} is damaged: {lost} cannot be read\n"));
    }
}
