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
mod run;
mod say;
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
use terminal::{Log, Terminal};
use tracing_subscriber::EnvFilter;

use crate::layout::kind::Registry;

#[derive(Parser)]
#[command(version, about = "A kiosk video-wall renderer for the command room", long_about = LONG_ABOUT, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const LONG_ABOUT: &str = "\
Fishbowl draws the wall of a command room: it reads a layout file that describes a wall of many \
displays, listens to mention feeds, and draws heat maps, tickers and counters across them on the GPU.";

const EXAMPLES: &str = "\
Examples:
  fishbowl run
      the demo wall, on whatever displays there are
  fishbowl run layouts/reference.toml
      a wall of three displays
  fishbowl run --headless
      no screen: look at it in a browser
  fishbowl check layouts/
      what is wrong with layouts, and what to do
  fishbowl displays layouts/reference.toml
      which monitor becomes which display
  fishbowl topics wall.toml --try 'New Aurora phone'
      which topics a text belongs to, and why
  fishbowl render layouts/demo.toml --out out --at 30s
      pictures of the wall
  fishbowl replay wall.journal --from 14:00 --speed 60
      the hours since two, an hour a minute
  fishbowl alerts wall.journal
      what the wall was alarmed by
  fishbowl bench layouts/reference.toml
      what a frame of it costs on this machine
  fishbowl schema > layout.schema.json
      completion and checks in an editor

Set FISHBOWL_LOG=debug to see more of what it does.";

#[derive(Subcommand)]
enum Command {
    /// Show the wall
    Run(RunArgs),
    /// Show a past hour on the wall, or write it out
    ///
    /// Plays what a wall has recorded (or a file of canonical mentions, one a line) as if it
    /// happened now; the wall says so and tells the moment. The wall that writes the journal may
    /// go on meanwhile.
    Replay(ReplayArgs),
    /// Report every problem of layout files, with the place and what to do
    ///
    /// Exit status: 0 when there is no error (warnings allowed), 1 with errors, 2 for wrong usage.
    Check {
        /// Layout files; a folder stands for every *.toml in it, `-` for standard input
        #[arg(required = true, value_name = "LAYOUT")]
        layouts: Vec<PathBuf>,
        /// How to print what was found
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Draw the wall into PNG files at one moment of a simulated clock
    ///
    /// Writes DIR/<display>.png for every display and DIR/wall.png, the whole wall with its bezels
    /// at true proportion. Two runs with the same arguments give the same bytes.
    Render(RenderArgs),
    /// Draw the wall as `run` does and report what a frame costs
    Bench(BenchArgs),
    /// List the monitors as lines for a layout, and with a layout which display each one becomes
    Displays {
        /// Layout file whose displays are matched against the monitors
        layout: Option<PathBuf>,
        /// Show on each screen its name, a one-pixel frame and a ruler in millimetres
        #[arg(long)]
        identify: bool,
        /// With --identify: end after this long
        #[arg(long = "for", value_name = "TIME", value_parser = parse_duration, requires = "identify")]
        stay: Option<Duration>,
    },
    /// Tell the topics of a layout in words, or which of them a text belongs to and why
    Topics(topics::TopicsArgs),
    /// List what a wall was alarmed by, from its journal
    ///
    /// The wall that writes the journal may go on meanwhile.
    Alerts(AlertsArgs),
    /// Look after the file in which a wall keeps what it hears
    Journal {
        #[command(subcommand)]
        work: JournalWork,
    },
    /// Print the JSON Schema of the layout file
    Schema,
    /// Write man pages or completions into a folder, as `make install` does
    #[command(hide = true)]
    Generate(generate::GenerateArgs),
}

#[derive(clap::Args)]
struct RunArgs {
    /// Layout file; without one the demo wall, which fits any number of displays
    layout: Option<PathBuf>,
    /// Where what is heard is recorded, in place of the layout's own word; `off` keeps it in
    /// memory only
    #[arg(long, value_name = "PATH|off")]
    journal: Option<PathBuf>,
    #[command(flatten)]
    show: ShowArgs,
}

#[derive(clap::Args)]
struct ShowArgs {
    /// Ordinary windows, one for each display, scaled to fit the desk
    #[arg(long, conflicts_with = "headless")]
    windowed: bool,
    /// Draw to textures only; look at the wall through the mirror
    #[arg(long)]
    headless: bool,
    /// Where the mirror of the wall is served for browsers, or `off`
    #[arg(long, value_name = "ADDR|off", default_value = "127.0.0.1:8460")]
    mirror: String,
    /// A name by which browsers may ask for the mirror, beside its address: of this machine or of
    /// the proxy in front. May be given more than once
    #[arg(long, value_name = "NAME")]
    mirror_host: Vec<String>,
    /// End by itself after this long
    #[arg(long = "for", value_name = "TIME", value_parser = parse_duration)]
    stay: Option<Duration>,
}

#[derive(clap::Args)]
#[command(after_help = REPLAY)]
struct ReplayArgs {
    /// A journal that a wall wrote, or a file of canonical mentions
    journal: PathBuf,
    /// The moment with which it begins; the first recorded one when not given
    #[arg(long, value_name = "MOMENT")]
    from: Option<String>,
    /// The moment with which it ends
    #[arg(long, value_name = "MOMENT")]
    to: Option<String>,
    /// How many times as fast as it happened, 0.01 to 1000
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = replay::parse_speed)]
    speed: f32,
    /// Layout of the wall that shows it; its feeds are left out. The demo wall when not given
    #[arg(long, value_name = "FILE")]
    layout: Option<PathBuf>,
    /// Write the mentions as canonical NDJSON to this file (`-` is standard output) and show nothing
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["speed", "layout", "headless", "windowed", "mirror", "mirror_host", "stay"])]
    export: Option<PathBuf>,
    #[command(flatten)]
    show: ShowArgs,
}

const REPLAY: &str = "\
A MOMENT is a time of today (14:00), of yesterday (`yesterday 14:00`), of a day (`2026-11-21 14:00`), \
each by this machine's clock, or RFC 3339 (2026-11-21T14:00:00Z).

Examples:
  cd ~/.local/state/fishbowl
  fishbowl replay wall.journal --from 14:00 --to 15:00
  fishbowl replay wall.journal --from 'yesterday 09:00' \\
      --speed 60 --layout ~/wall.toml
  fishbowl replay wall.journal --export - | jq .text";

#[derive(Subcommand)]
enum JournalWork {
    /// Save what can be read of a damaged journal
    ///
    /// Writes all mentions that can be read into a new file and puts it in the place of the old one,
    /// which stays beside it as JOURNAL.damaged. End the wall that writes it first.
    Repair {
        /// The damaged journal
        journal: PathBuf,
    },
}

#[derive(clap::Args)]
struct AlertsArgs {
    /// A journal that a wall wrote
    journal: PathBuf,
    /// Only alerts that stood at this moment or came after it: `14:00`, `yesterday 14:00`,
    /// `2026-11-21 14:00`, or RFC 3339
    #[arg(long, value_name = "MOMENT")]
    since: Option<String>,
    /// One JSON array on standard output
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct RenderArgs {
    /// Layout file
    layout: PathBuf,
    /// Folder for the pictures; made when missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The scene to draw; the first when not given
    #[arg(long, value_name = "NAME")]
    scene: Option<String>,
    /// How long the wall has been running
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = parse_duration)]
    at: Duration,
    /// Seed for demo feeds, in place of the layout's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Draw the numbers of this file, which --save-snapshot wrote, and not those of the feeds
    #[arg(long, value_name = "FILE", conflicts_with_all = ["at", "seed"])]
    snapshot: Option<PathBuf>,
    /// Also write the numbers that are drawn to this file, as JSON with the words and names in it
    #[arg(long, value_name = "FILE")]
    save_snapshot: Option<PathBuf>,
}

#[derive(clap::Args)]
struct BenchArgs {
    /// Layout file; without one the demo wall
    layout: Option<PathBuf>,
    /// How long to measure
    #[arg(long, value_name = "N", default_value_t = 20)]
    seconds: u64,
    /// How long to wait after the first frame before measuring
    #[arg(long, value_name = "N", default_value_t = 10)]
    warmup: u64,
    /// One JSON object on standard output
    #[arg(long)]
    json: bool,
    /// Draw to textures even where there are displays
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
        Command::Check { layouts, format } => {
            check::check(&layouts, format).unwrap_or_else(|f| finish(Err(f)))
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
        text.parse().map_err(|_| format!("`{text}` is not a length of time; write for example 30s or 5m"))?;
    Duration::try_from(signed).map_err(|_| format!("`{text}` lies in the past"))
}
