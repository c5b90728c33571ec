//! The command line: what `fishbowl` does for a person who types.

mod acts;
mod adopted;
mod alerts;
mod args;
mod bench;
mod bench_args;
mod beside;
mod bundle;
mod check;
mod dimmed;
mod displays;
mod doctor;
mod failure;
mod gate;
mod generate;
mod hint;
mod hold;
mod journal_setup;
mod kinds;
mod ladder;
mod last;
mod last_good;
mod live;
mod log_limit;
mod mirrored;
mod noted;
mod output;
mod qr;
mod recognise;
mod render;
mod repair;
mod replay;
mod report;
mod restart;
mod rewind;
mod run;
mod safe;
mod schedule;
mod setup;
mod sight;
mod stamp;
mod supervisor;
mod terminal;
mod time;
mod topics;
mod tried;
mod wall_picture;
mod watch;
mod whose;

use std::ffi::OsString;
use std::process::ExitCode;

use args::{Cli, Command, JournalWork, LogFormat};
use clap::{CommandFactory as _, FromArgMatches as _};
use failure::Failure;
use terminal::{Log, Terminal};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::layout::kind::Registry;

/// The program: reads the command line and runs it. Layouts can use the kinds in `registry`.
pub fn main(registry: Registry) -> ExitCode {
    crate::kiosk::usage::share_one_heap();
    let terminal = Terminal::err();
    let filter =
        EnvFilter::try_from_env("FISHBOWL_LOG").unwrap_or_else(|_| EnvFilter::new("warn,fishbowl=info"));
    // It would complain about a closed standard error there, and panic.
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_target(false).log_internal_errors(false);
    let limited = log_limit::install();
    match LogFormat::of(std::env::args_os()) {
        LogFormat::Text => {
            log.with_ansi(terminal.color).with_writer(move || Log(terminal)).finish().with(limited).init()
        }
        LogFormat::Json => {
            output::tell_as_json();
            log.json().flatten_event(true).with_writer(std::io::stderr).finish().with(limited).init();
        }
    }
    output::report_panics();
    let ended = run_command(std::env::args_os(), registry);
    log_limit::last_words();
    ended
}

/// Runs a command line, which starts with the program's name. Sets nothing for the whole process except
/// the kinds in `registry`, which are those of the first call.
pub fn run_command(line: impl IntoIterator<Item = OsString>, registry: Registry) -> ExitCode {
    kinds::set(registry);
    let cli = match parse(line) {
        Ok(cli) => cli,
        Err(error) => return hint::refuse(&error),
    };
    match cli.command {
        Command::Run(args) => finish(run::run(&args)),
        Command::Replay(args) => finish(replay::replay(&args)),
        Command::Check { layouts, format, report } => {
            check::check(&layouts, format, report.as_deref()).unwrap_or_else(|f| finish(Err(f)))
        }
        Command::Render(args) => finish(render::render(&args)),
        Command::Gate(args) => finish(gate::gate(&args)),
        Command::Schedule(args) => finish(schedule::schedule(&args)),
        Command::Bench(args) => finish(bench::bench(&args)),
        Command::Displays { layout, identify, stay } => {
            finish(displays::displays(layout.as_deref(), identify, stay))
        }
        Command::Hold { length } => finish(hold::hold(length)),
        Command::Topics(args) => finish(topics::topics(&args)),
        Command::Setup(args) => setup::setup(&args).unwrap_or_else(|f| finish(Err(f))),
        Command::Doctor(args) => finish(doctor::doctor(&args)),
        Command::Report(args) => finish(bundle::report(&args)),
        Command::Acts(args) => finish(acts::acts(&args)),
        Command::Alerts(args) => finish(alerts::alerts(&args)),
        Command::Journal { work: JournalWork::Repair { journal } } => finish(repair::repair(&journal)),
        Command::Schema => finish(check::schema()),
        Command::Generate(args) => finish(generate::generate(&args, Cli::command())),
    }
}

/// Reads the command line; helps are as wide as the terminal.
fn parse(line: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let terminal = Terminal::out();
    let command = Cli::command().color(terminal::color_choice());
    let command = if terminal.columns.is_some() { command.term_width(terminal.width()) } else { command };
    Cli::from_arg_matches(&command.try_get_matches_from(line)?)
}

fn finish(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::eprint(format_args!("fishbowl: {failure}\n"));
            failure::status(&failure)
        }
    }
}
