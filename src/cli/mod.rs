//! The command line: what `fishbowl` does for a person who types.

mod again;
mod alerts;
mod bench;
mod check;
mod displays;
mod generate;
mod hint;
mod kept;
mod last;
mod live;
mod memory;
mod moment;
mod render;
mod repair;
mod replay;
mod report;
mod run;
mod say;
mod sight;
mod terminal;
mod time;
mod topics;
mod watch;
mod whose;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::Duration;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use sight::Sight;
use terminal::{Log, Terminal};
use tracing_subscriber::EnvFilter;

use crate::layout::kind::Registry;

#[derive(Parser)]
#[command(version, about = "Draws the video wall of a social-media command room", long_about = LONG_ABOUT, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const LONG_ABOUT: &str = "\
Fishbowl drives the video wall of a social-media command room. A layout file describes the \
displays and what they show; Fishbowl listens to mention feeds and draws heat maps, tickers and \
counters across all displays on the GPU.";

const EXAMPLES: &str = "\
Examples:
  fishbowl run
      the demo wall, on whatever displays are connected
  fishbowl run layouts/reference.toml
      a wall of three displays
  fishbowl run --headless
      no display: watch it in a browser
  fishbowl check layouts/
      what is wrong with the layouts, and how to fix it
  fishbowl displays layouts/reference.toml
      which monitor becomes which display of the layout
  fishbowl topics wall.toml --try 'New Aurora phone'
      which topics a text matches, and why
  fishbowl render layouts/demo.toml --out out --at 30s
      pictures of the wall, 30 seconds in
  fishbowl replay wall.journal --from 14:00 --speed 60
      everything since 14:00, one hour a minute
  fishbowl alerts wall.journal
      every alert that the wall raised
  fishbowl bench layouts/reference.toml
      what a frame costs on this machine
  fishbowl schema > layout.schema.json
      completion and checks in an editor

For a more detailed log, set FISHBOWL_LOG=debug.";

#[derive(Subcommand)]
enum Command {
    /// Show the wall
    Run(RunArgs),
    /// Play a recording on the wall, or export it
    ///
    /// Plays a wall's journal (or a file of canonical mentions, one per line) as if it were
    /// happening now; the wall shows that it is a replay, and of when. The wall that writes the
    /// journal can keep running.
    Replay(ReplayArgs),
    /// Report every problem in layout files, with its place and a fix
    ///
    /// Exit status: 0 without errors (warnings are allowed), 1 with errors, 2 for a wrong command
    /// line.
    Check {
        /// Layout files; a folder means every *.toml in it, `-` standard input
        #[arg(required = true, value_name = "LAYOUT")]
        layouts: Vec<PathBuf>,
        /// Output format
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Also write DIR/<layout>.html: the wall to scale with the figures of every tile, and as
        /// people see it who lack a kind of cone
        #[arg(long, value_name = "DIR")]
        report: Option<PathBuf>,
    },
    /// Render the wall to PNG files at one moment of a simulated clock
    ///
    /// Writes DIR/<display>.png for every display, and DIR/wall.png with the whole wall and its
    /// bezels to scale. The same arguments always give the same bytes.
    Render(RenderArgs),
    /// Draw the wall as `run` does, and report what a frame costs
    Bench(BenchArgs),
    /// List the connected monitors as layout tables; with a layout, also which display each one
    /// becomes
    Displays {
        /// Layout file whose displays are matched to the monitors
        layout: Option<PathBuf>,
        /// Show on each monitor its name, a one-pixel frame and a ruler in millimetres
        #[arg(long)]
        identify: bool,
        /// With --identify: exit after this long
        #[arg(long = "for", value_name = "TIME", value_parser = parse_duration, requires = "identify")]
        stay: Option<Duration>,
    },
    /// Explain the topics of a layout, or which of them a text matches and why
    Topics(topics::TopicsArgs),
    /// List the alerts that a wall raised, from its journal
    ///
    /// The wall that writes the journal can keep running.
    Alerts(AlertsArgs),
    /// Maintain the file in which a wall records mentions
    Journal {
        #[command(subcommand)]
        work: JournalWork,
    },
    /// Print the JSON Schema of layout files
    Schema,
    /// Write man pages or completions to a folder, as `make install` does
    #[command(hide = true)]
    Generate(generate::GenerateArgs),
}

#[derive(clap::Args)]
struct RunArgs {
    /// Layout file [default: the demo wall, which fits any number of displays]
    layout: Option<PathBuf>,
    /// Record mentions in this file, whatever the layout says; `off` keeps them in memory only
    #[arg(long, value_name = "PATH|off")]
    journal: Option<PathBuf>,
    #[command(flatten)]
    show: ShowArgs,
}

#[derive(clap::Args)]
struct ShowArgs {
    /// Open one ordinary window per display, scaled to fit the desktop
    #[arg(long, conflicts_with = "headless")]
    windowed: bool,
    /// Draw off-screen only; watch the wall through the mirror
    #[arg(long)]
    headless: bool,
    /// Address at which browsers see the mirror of the wall, or `off`
    #[arg(long, value_name = "ADDR|off", default_value = "127.0.0.1:8460")]
    mirror: String,
    /// Another host name under which browsers reach the mirror: that of this machine, or of a proxy
    /// in front of it. Can be repeated
    #[arg(long, value_name = "NAME")]
    mirror_host: Vec<String>,
    /// Exit after this long
    #[arg(long = "for", value_name = "TIME", value_parser = parse_duration)]
    stay: Option<Duration>,
}

#[derive(clap::Args)]
#[command(after_help = REPLAY)]
struct ReplayArgs {
    /// The journal of a wall, or a file of canonical mentions
    journal: PathBuf,
    /// Start at this moment [default: the start of the recording]
    #[arg(long, value_name = "MOMENT")]
    from: Option<String>,
    /// End at this moment
    #[arg(long, value_name = "MOMENT")]
    to: Option<String>,
    /// Playback speed, 0.01 to 1000; 1 is real time
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = replay::parse_speed)]
    speed: f32,
    /// Layout to show it with; its own feeds are ignored [default: the demo wall]
    #[arg(long, value_name = "FILE")]
    layout: Option<PathBuf>,
    /// Write the mentions to this file as canonical NDJSON (`-` is standard output) and show
    /// nothing
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["speed", "layout", "headless", "windowed", "mirror", "mirror_host", "stay"])]
    export: Option<PathBuf>,
    #[command(flatten)]
    show: ShowArgs,
}

const REPLAY: &str = "\
A MOMENT is a time today (14:00), yesterday (`yesterday 14:00`) or on a given day (`2026-11-21 14:00`) \
in this machine's time zone, or an RFC 3339 time (2026-11-21T14:00:00Z).

Examples:
  cd ~/.local/state/fishbowl
  fishbowl replay wall.journal --from 14:00 --to 15:00
  fishbowl replay wall.journal --from 'yesterday 09:00' \\
      --speed 60 --layout ~/wall.toml
  fishbowl replay wall.journal --export - | jq .text";

#[derive(Subcommand)]
enum JournalWork {
    /// Save whatever is readable in a damaged journal
    ///
    /// Writes every readable mention to a new file that takes the place of the old one, which is
    /// renamed to JOURNAL.damaged. Stop the wall that writes it first.
    Repair {
        /// The damaged journal
        journal: PathBuf,
    },
}

#[derive(clap::Args)]
struct AlertsArgs {
    /// The journal of a wall
    journal: PathBuf,
    /// Only alerts that were active at this moment or raised after it: `14:00`, `yesterday 14:00`,
    /// `2026-11-21 14:00`, or RFC 3339
    #[arg(long, value_name = "MOMENT")]
    since: Option<String>,
    /// Print a JSON array
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct RenderArgs {
    /// Layout file
    layout: PathBuf,
    /// Folder for the pictures, created if missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Scene to draw [default: the first]
    #[arg(long, value_name = "NAME")]
    scene: Option<String>,
    /// Time since the wall started
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = parse_duration)]
    at: Duration,
    /// Seed for demo feeds, whatever the layout says
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Draw the wall as people see it who lack a kind of cone
    #[arg(long, value_name = "SIGHT", value_enum)]
    vision: Option<Sight>,
    /// Draw the numbers in this file, written by --save-snapshot, instead of those of the feeds
    #[arg(long, value_name = "FILE", conflicts_with_all = ["at", "seed"])]
    snapshot: Option<PathBuf>,
    /// Also write the numbers that are drawn to this file, as JSON; it contains the words and names
    /// shown
    #[arg(long, value_name = "FILE")]
    save_snapshot: Option<PathBuf>,
}

#[derive(clap::Args)]
struct BenchArgs {
    /// Layout file [default: the demo wall]
    layout: Option<PathBuf>,
    /// Seconds to measure
    #[arg(long, value_name = "N", default_value_t = 20)]
    seconds: u64,
    /// Seconds to wait after the first frame before measuring
    #[arg(long, value_name = "N", default_value_t = 10)]
    warmup: u64,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
    /// Draw off-screen even if there are displays
    #[arg(long)]
    headless: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// The kinds that layouts may name: set once by [`run_command`].
static REGISTRY: OnceLock<Registry> = OnceLock::new();

/// The kinds that layouts may name.
fn registry() -> &'static Registry {
    REGISTRY.get_or_init(crate::registry)
}

/// The program: reads the command line and does what it says. Layouts may name the kinds of `registry`.
pub fn main(registry: Registry) -> ExitCode {
    crate::kiosk::usage::share_one_heap();
    let terminal = Terminal::err();
    let filter =
        EnvFilter::try_from_env("FISHBOWL_LOG").unwrap_or_else(|_| EnvFilter::new("warn,fishbowl=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(terminal.color)
        .with_writer(move || Log(terminal))
        // It would complain about a closed standard error there, and panic.
        .log_internal_errors(false)
        .init();
    say::tell_what_breaks();
    run_command(std::env::args_os(), registry)
}

/// Does what a command line says, the program's name first; sets up nothing for the whole process but
/// the kinds of `registry`, which are those of the first call.
pub fn run_command(line: impl IntoIterator<Item = OsString>, registry: Registry) -> ExitCode {
    REGISTRY.get_or_init(|| registry);
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
        Command::Bench(args) => finish(bench::bench(&args)),
        Command::Displays { layout, identify, stay } => {
            finish(displays::displays(layout.as_deref(), identify, stay))
        }
        Command::Topics(args) => finish(topics::topics(&args)),
        Command::Alerts(args) => finish(alerts::alerts(&args)),
        Command::Journal { work: JournalWork::Repair { journal } } => finish(repair::repair(&journal)),
        Command::Schema => finish(check::schema()),
        Command::Generate(args) => finish(generate::generate(&args)),
    }
}

/// Reads the command line; helps are as wide as the terminal.
fn parse(line: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let terminal = Terminal::out();
    let command = Cli::command().color(terminal::color_choice());
    let command = if terminal.columns.is_some() { command.term_width(terminal.width()) } else { command };
    Cli::from_arg_matches(&command.try_get_matches_from(line)?)
}

/// Why a command could not do its work, in words for a person.
type Failure = Box<dyn std::error::Error + Send + Sync>;

fn finish(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say::tell(format_args!("fishbowl: {failure}\n"));
            ExitCode::FAILURE
        }
    }
}

/// `90s`, `10m`, `1h 30m`, or plain seconds.
fn parse_duration(text: &str) -> Result<Duration, String> {
    if let Ok(secs) = text.parse::<u32>() {
        return Ok(Duration::from_secs(secs.into()));
    }
    let signed: jiff::SignedDuration =
        text.parse().map_err(|_| format!("`{text}` is not a duration; use for example 30s or 5m"))?;
    Duration::try_from(signed).map_err(|_| format!("`{text}` is negative"))
}
