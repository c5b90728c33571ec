//! The command line: what can be typed, and its help.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};

use super::bench_args::BenchArgs;
use super::bundle::ReportArgs;
use super::check::Format;
use super::doctor::DoctorArgs;
use super::generate::GenerateArgs;
use super::setup::SetupArgs;
use super::sight::Sight;
use super::topics::TopicsArgs;
use super::tried::Told;

#[derive(Parser)]
#[command(version, about = "Draws the video wall of a social-media command room", long_about = LONG_ABOUT, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// How the log is written to standard error: for people, or one JSON object per line
    // Read before the rest, because the log comes first.
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t = LogFormat::Text, hide_short_help = true)]
    pub log: LogFormat,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

impl LogFormat {
    /// As a command line says, whatever else is wrong with it.
    pub fn of(line: impl IntoIterator<Item = std::ffi::OsString>) -> Self {
        let mut words = line.into_iter().map(|word| word.to_string_lossy().into_owned());
        while let Some(word) = words.next() {
            match word.as_str() {
                "--" => break,
                "--log" if words.next().as_deref() == Some("json") => return Self::Json,
                "--log=json" => return Self::Json,
                _ => {}
            }
        }
        Self::Text
    }
}

const LONG_ABOUT: &str = "\
Fishbowl drives the video wall of a social-media command room. A layout file describes the \
displays and what they show; Fishbowl listens to mention feeds and draws heat maps, tickers and \
counters across all displays on the GPU.";

const EXAMPLES: &str = "\
Examples:
  fishbowl run
      the demo wall, on whatever displays are connected
  fishbowl setup --out wall.toml
      a layout for your monitors, question by question
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
  fishbowl gate wall.toml --try 'Ring me: +49 30 1234567'
      whether a text would be shown, and why
  fishbowl schedule wall.toml --week
      which mode is on when
  fishbowl replay wall.journal --from 14:00 --speed 60
      everything since 14:00, one hour per minute
  fishbowl alerts wall.journal
      every alert that the wall raised
  fishbowl bench layouts/reference.toml
      what a frame costs on this machine
  fishbowl schema > layout.schema.json
      completion and checks in an editor

For a more detailed log, set FISHBOWL_LOG=debug.";

#[derive(Subcommand)]
pub enum Command {
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
        /// Also write DIR/<layout>.html: the wall to scale, the figures of every tile, and simulations
        /// of colour blindness
        #[arg(long, value_name = "DIR")]
        report: Option<PathBuf>,
    },
    /// Render the wall to PNG files at one moment of a simulated clock
    ///
    /// Writes DIR/<display>.png for every display, and DIR/wall.png with the whole wall and its
    /// bezels to scale. The same arguments always give the same bytes.
    Render(RenderArgs),
    /// Explain the gate of a layout, or what would become of a text and why
    Gate(GateArgs),
    /// Make a layout for the monitors of this machine, question by question
    Setup(SetupArgs),
    /// Check whether this machine can run a wall, and say what to do where it cannot
    Doctor(DoctorArgs),
    /// Collect what someone who helps needs to know in one file, without secrets or people's words
    Report(ReportArgs),
    /// Print what a layout's schedule puts on the wall, day by day
    Schedule(ScheduleArgs),
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
    /// Keep what is on the screens there while the wall is being restarted
    ///
    /// The pictures lie below all windows: the wall uncovers them when it ends, and covers them when it is back.
    /// Needs a Wayland compositor with wlr-layer-shell and wlr-screencopy, such as sway or labwc.
    Hold {
        /// How long to keep them at most: an old picture must not pass for the present
        #[arg(long = "for", value_name = "TIME", value_parser = parse_duration, default_value = "15s")]
        length: Duration,
    },
    /// Explain the topics of a layout, or which of them a text matches and why
    Topics(TopicsArgs),
    /// List the alerts that a wall raised, from its journal
    ///
    /// The wall that writes the journal can keep running.
    Alerts(AlertsArgs),
    /// List what people did with a wall, from its journal: verbs, banners, decisions at the gate
    ///
    /// The wall that writes the journal can keep running.
    Acts(ActsArgs),
    /// Maintain a wall's journal, the file in which it records mentions
    Journal {
        #[command(subcommand)]
        work: JournalWork,
    },
    /// Print the JSON Schema of layout files
    Schema,
    /// Write man pages or completions to a folder, as `make install` does
    #[command(hide = true)]
    Generate(GenerateArgs),
}

#[derive(clap::Args)]
pub struct RunArgs {
    /// Layout file [default: the demo wall, which fits any number of displays]
    pub layout: Option<PathBuf>,
    /// Record mentions in this file, overriding the layout; `off` keeps them in memory only
    #[arg(long, value_name = "PATH|off")]
    pub journal: Option<PathBuf>,
    /// If the layout has errors at the start, show them on the wall until they are fixed, instead of exiting
    /// [default under systemd with `Type=notify`]
    #[arg(long)]
    pub keep_running: bool,
    #[command(flatten)]
    pub show: ShowArgs,
}

#[derive(clap::Args)]
pub struct ShowArgs {
    /// Open one ordinary window per display, scaled to fit the desktop
    #[arg(long, conflicts_with = "headless")]
    pub windowed: bool,
    /// Draw off-screen only; watch the wall through the mirror
    #[arg(long)]
    pub headless: bool,
    /// Address of the mirror and the remote in browsers, or `off` [default: what `[remote]` in the layout
    /// says, else 127.0.0.1:8460]
    #[arg(long, value_name = "ADDR|off")]
    pub mirror: Option<String>,
    /// Another host name that browsers use for the mirror: that of this machine, or of a proxy in front
    /// of it. Can be repeated
    #[arg(long, value_name = "NAME")]
    pub mirror_host: Vec<String>,
    /// Exit after this long
    #[arg(long = "for", value_name = "TIME", value_parser = parse_duration)]
    pub stay: Option<Duration>,
}

#[derive(clap::Args)]
#[command(after_help = REPLAY)]
pub struct ReplayArgs {
    /// The journal of a wall, or a file of canonical mentions
    pub journal: PathBuf,
    /// Start at this moment [default: the start of the recording]
    #[arg(long, value_name = "MOMENT")]
    pub from: Option<String>,
    /// End at this moment
    #[arg(long, value_name = "MOMENT")]
    pub to: Option<String>,
    /// Playback speed, 0.01 to 1000; 1 is real time
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = parse_speed)]
    pub speed: f32,
    /// Layout to show it with; its own feeds are ignored [default: the demo wall]
    #[arg(long, value_name = "FILE")]
    pub layout: Option<PathBuf>,
    /// Write the mentions to this file as canonical NDJSON (`-` is standard output) and show
    /// nothing
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["speed", "layout", "headless", "windowed", "mirror", "mirror_host", "stay"])]
    pub export: Option<PathBuf>,
    #[command(flatten)]
    pub show: ShowArgs,
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
pub enum JournalWork {
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
pub struct AlertsArgs {
    /// The journal of a wall
    pub journal: PathBuf,
    /// Only alerts that were active at this moment or raised after it: `14:00`, `yesterday 14:00`,
    /// `2026-11-21 14:00`, or RFC 3339
    #[arg(long, value_name = "MOMENT")]
    pub since: Option<String>,
    /// Print a JSON array
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub struct ActsArgs {
    /// The journal of a wall
    pub journal: PathBuf,
    /// Only acts since this moment: `14:00`, `yesterday 14:00`, `2026-11-21 14:00`, or RFC 3339
    #[arg(long, value_name = "MOMENT")]
    pub since: Option<String>,
    /// Print a JSON array
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub struct RenderArgs {
    /// Layout file
    pub layout: PathBuf,
    /// Folder for the pictures, created if missing
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Scene to draw [default: the first; with --on, the one whose turn it is]
    #[arg(long, value_name = "NAME")]
    pub scene: Option<String>,
    /// Mode of the wall [default: the first; with --on, the one that the schedule has]
    #[arg(long, value_name = "NAME")]
    pub mode: Option<String>,
    /// Draw the wall at this moment as the schedule has it: `22:00`, `2026-12-24 18:30` in the wall's time
    /// zone, or RFC 3339
    #[arg(long, value_name = "MOMENT", conflicts_with = "snapshot")]
    pub on: Option<String>,
    /// Time since the wall started
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = parse_duration)]
    pub at: Duration,
    /// Seed for demo feeds, overriding the layout
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Draw the wall as people with this kind of colour blindness see it
    #[arg(long, value_name = "SIGHT", value_enum)]
    pub vision: Option<Sight>,
    /// Draw the numbers in this file, written by --save-snapshot, instead of those of the feeds
    #[arg(long, value_name = "FILE", conflicts_with_all = ["at", "seed"])]
    pub snapshot: Option<PathBuf>,
    /// Also write the numbers that are drawn to this file, as JSON; it contains the words and names
    /// shown
    #[arg(long, value_name = "FILE")]
    pub save_snapshot: Option<PathBuf>,
}

#[derive(clap::Args)]
#[command(after_help = SCHEDULE)]
pub struct ScheduleArgs {
    /// Layout file
    pub layout: PathBuf,
    /// Print the next seven days; the default
    #[arg(long, conflicts_with = "days")]
    pub week: bool,
    /// Print this many days
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=366))]
    pub days: Option<u16>,
    /// Start on this date [default: today]
    #[arg(long, value_name = "DATE")]
    pub from: Option<jiff::civil::Date>,
    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
}

const SCHEDULE: &str = "\
A layout defines modes in [mode.NAME] and their hours in [schedule.NAME]; docs/layout.md describes both.

Examples:
  fishbowl schedule wall.toml
  fishbowl schedule wall.toml --from 2026-12-24 --days 3
  fishbowl render wall.toml --out out --on '2026-12-24 18:30'";

#[derive(clap::Args)]
#[command(after_help = GATE)]
pub struct GateArgs {
    /// Layout file
    pub layout: PathBuf,
    /// Text to try; `-` reads texts from standard input, one per line
    #[arg(long = "try", value_name = "TEXT|-", allow_hyphen_values = true)]
    pub text: Option<String>,
    /// Print one JSON object per text
    #[arg(long, requires = "text")]
    pub json: bool,
    #[command(flatten)]
    pub told: Told,
}

const GATE: &str = "\
Without --try, the rules are listed, and the tiles that they guard. docs/gate.md describes the gate.

Examples:
  fishbowl gate wall.toml
  fishbowl gate wall.toml --try 'Ring me: +49 30 1234567'
  fishbowl gate wall.toml --try - --json < texts.txt";

/// `0.01` to `1000`.
fn parse_speed(text: &str) -> Result<f32, String> {
    let speed = text.parse().ok().filter(|speed| (0.01..=1_000.0).contains(speed));
    speed.ok_or_else(|| format!("`{text}` is not a speed; use a number from 0.01 to 1000"))
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
