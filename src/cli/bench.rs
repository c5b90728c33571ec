//! `fishbowl bench`: what a frame costs, beside the least that presenting costs at all.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError, Weak, mpsc};
use std::time::Duration;

use crate::control::{Clearing, Desk, Request, Role, Verb, Weight, Who};
use crate::kiosk::meter::{DisplayFigures, Figures, Spread};
use crate::kiosk::{self, Bench, Options, Report, Steer, usage};
use crate::layout::SolvedLayout;
use serde::Serialize;

use super::bench_args::BenchArgs;
use super::failure::Failure;
use super::journal_setup::JournalChoice;
use super::{live, output, run};

/// Shortest time between two commands.
const COMMAND_EVERY: Duration = Duration::from_millis(200);
/// How long commands, the idle wall and the limit are each measured, as a part of the measurement.
const PART: u32 = 4;

/// The figures as `--json` prints them.
#[derive(Serialize)]
struct Json<'a> {
    displays: &'a [DisplayFigures],
    frames: u64,
    fps: f64,
    cpu_ms_per_frame: f64,
    /// Of one core.
    cpu_percent: f64,
    /// Of the machine's processors; null where it cannot be read.
    watts: Option<f64>,
    gpu_ms: Option<Spread>,
    repainted: f64,
    feed_to_pixel_ms: Spread,
    command_to_pixel_ms: Spread,
    first_frame_ms: f64,
    memory_mb: Memory,
    mentions: u64,
    idle: Idle,
    limit: Limit,
    ratio: f64,
    adapter: &'a str,
}

#[derive(Serialize)]
struct Memory {
    peak: f64,
    /// At the last look.
    end: f64,
    slope_per_min: f64,
}

/// While the wall is black and nothing changes.
#[derive(Serialize)]
struct Idle {
    fps: f64,
    cpu_percent: f64,
    watts: Option<f64>,
    repainted: f64,
}

#[derive(Serialize)]
struct Limit {
    fps: f64,
    cpu_ms_per_frame: f64,
}

/// Draws the wall for a while and reports.
pub fn bench(args: &BenchArgs) -> Result<(), Failure> {
    let layout = Arc::new(SolvedLayout::new(run::layout(args.layout.as_deref())?));
    let mut live = live::Live::new(JournalChoice::Off)?;
    let (sender, commands) = mpsc::channel();
    let _ends = live::quit_on_signals(&live, sender);
    live.listen(&layout.wall)?;
    let ports = live::ports(&live, layout, commands);
    let measure = Duration::from_secs(args.seconds.max(1));
    let warmup = Duration::from_secs(args.warmup);
    let part = measure / PART;
    let bench = Bench { warmup, measure, commands: part, idle: part, limit: part, steer: Arc::default() };
    steer(live.desk.clone(), Arc::downgrade(&bench.steer))?;
    let options = Options { bench: Some(bench), ..Options::default() };
    let report = if args.headless || !live::has_display() {
        kiosk::headless::run(&ports, &options)?
    } else {
        kiosk::windows::run(&ports, &options)?
    };
    let report = report.ok_or("stopped before the measurement was complete")?;
    let words = if args.json { in_json(&report)? } else { in_words(&report)? };
    if args.json {
        output::print_raw(words)?
    } else {
        output::print(words)?
    }
    args.idle_budget.map_or(Ok(()), |percent| within_budget(&report.idle, percent))
}

/// Asks of the wall what is wanted; commands come at moments that have nothing to do with those of frames.
fn steer(desk: Arc<Desk>, wanted: Weak<Mutex<Steer>>) -> std::io::Result<()> {
    let someone = Who::new("bench", Role::Admin);
    let banner = || Verb::Banner { text: "Command to pixel".into(), severity: Weight::Info };
    let clear = || Verb::Clear { what: Clearing::All };
    let verbs = move |n: u64| match n % 4 {
        0 => banner(),
        1 => Verb::Clear { what: Clearing::Banner },
        2 => Verb::Black,
        _ => clear(),
    };
    let work = move || {
        let (mut n, mut before) = (0, Steer::Nothing);
        while let Some(wanted) = wanted.upgrade() {
            let now = *wanted.lock().unwrap_or_else(PoisonError::into_inner);
            drop(wanted);
            let verb = match now {
                Steer::Commands => {
                    n += 1;
                    Some(verbs(n - 1))
                }
                Steer::Black => (before != now).then_some(Verb::Black),
                Steer::Nothing => (before != now).then(clear),
            };
            before = now;
            if let Some(verb) = verb {
                // Each of them can be done on every wall.
                let _ = desk.act(&someone, &Request::plain(verb));
            }
            std::thread::sleep(COMMAND_EVERY + Duration::from_micros(n * 7_919 % 100_000));
        }
    };
    std::thread::Builder::new().name("fishbowl-bench".into()).spawn(work).map(drop)
}

fn ratio(report: &Report) -> f64 {
    report.wall.cpu_ms_per_frame / report.limit.cpu_ms_per_frame.max(1e-6)
}

fn in_json(report: &Report) -> Result<String, serde_json::Error> {
    let json = Json {
        displays: &report.wall.displays,
        frames: report.wall.frames,
        fps: report.wall.fps,
        cpu_ms_per_frame: report.wall.cpu_ms_per_frame,
        cpu_percent: report.wall.cpu_percent,
        watts: report.wall.watts,
        gpu_ms: report.wall.gpu_ms,
        repainted: report.wall.repainted,
        feed_to_pixel_ms: report.wall.feed_to_pixel_ms,
        command_to_pixel_ms: report.command_to_pixel_ms.0,
        first_frame_ms: report.first_frame.as_secs_f64() * 1e3,
        memory_mb: Memory {
            peak: usage::peak_mb().unwrap_or_default(),
            end: report.wall.memory_mb.unwrap_or_default(),
            slope_per_min: report.wall.memory_slope_mb_per_min,
        },
        mentions: report.mentions,
        idle: Idle {
            fps: report.idle.fps,
            cpu_percent: report.idle.cpu_percent,
            watts: report.idle.watts,
            repainted: report.idle.repainted,
        },
        limit: Limit { fps: report.limit.fps, cpu_ms_per_frame: report.limit.cpu_ms_per_frame },
        ratio: ratio(report),
        adapter: &report.adapter,
    };
    Ok(serde_json::to_string_pretty(&json)? + "\n")
}

fn within_budget(idle: &Figures, percent: f64) -> Result<(), Failure> {
    if idle.repainted > 0.0 {
        return Err("the idle wall painted something".into());
    }
    if idle.cpu_percent > percent {
        let taken = idle.cpu_percent;
        return Err(
            format!("the idle wall took {taken:.1} % of a core, above the budget of {percent} %").into()
        );
    }
    Ok(())
}

fn power(figures: &Figures) -> String {
    let watts = figures.watts.map_or_else(
        || "watts not measured (no counters that this user may read)".to_owned(),
        |watts| format!("processors at {watts:.1} W"),
    );
    format!("{:.0} % of a core, {watts}", figures.cpu_percent)
}

fn in_words(report: &Report) -> Result<String, fmt::Error> {
    let mut out = String::new();
    let wall = &report.wall;
    writeln!(out, "{}\n", report.adapter)?;
    writeln!(
        out,
        "{:<12} {:>8} {:>7} {:>9} {:>9} {:>9}",
        "display", "frames", "fps", "p50 ms", "p99 ms", "max ms"
    )?;
    for d in &wall.displays {
        let i = d.interval_ms;
        writeln!(
            out,
            "{:<12} {:>8} {:>7.1} {:>9.1} {:>9.1} {:>9.1}",
            d.name, d.frames, d.fps, i.p50, i.p99, i.max
        )?;
    }
    writeln!(out)?;
    writeln!(out, "{:<34} {:.2} ms", "CPU per presented frame", wall.cpu_ms_per_frame)?;
    writeln!(
        out,
        "{:<34} {:.2} ms at {:.1} fps",
        "lower bound (copy only, no painting)", report.limit.cpu_ms_per_frame, report.limit.fps
    )?;
    writeln!(out, "{:<34} {:.2}", "ratio to the lower bound", ratio(report))?;
    writeln!(out, "{:<34} {}", "power", power(wall))?;
    writeln!(
        out,
        "{:<34} {}, {:.1} fps, {:.1} % repainted",
        "power, idle (a black wall)",
        power(&report.idle),
        report.idle.fps,
        report.idle.repainted * 100.0
    )?;
    match wall.gpu_ms {
        Some(gpu) => {
            writeln!(out, "{:<34} p50 {:.2} ms, p99 {:.2} ms", "GPU per frame of the wall", gpu.p50, gpu.p99)?
        }
        None => writeln!(out, "{:<34} not measured (driver has no timestamps)", "GPU per frame of the wall")?,
    }
    let f = wall.feed_to_pixel_ms;
    writeln!(out, "{:<34} {:.1} % of presented pixels", "repainted", wall.repainted * 100.0)?;
    writeln!(
        out,
        "{:<34} p50 {:.0} ms, p99 {:.0} ms ({} mentions)",
        "feed to pixel", f.p50, f.p99, report.mentions
    )?;
    let (c, count) = &report.command_to_pixel_ms;
    writeln!(out, "{:<34} p50 {:.0} ms, p99 {:.0} ms ({count} commands)", "command to pixel", c.p50, c.p99)?;
    writeln!(out, "{:<34} {:.0} ms", "start to first frame", report.first_frame.as_secs_f64() * 1e3)?;
    let (peak, end) = (usage::peak_mb().unwrap_or_default(), wall.memory_mb.unwrap_or_default());
    writeln!(
        out,
        "{:<34} {peak:.0} MiB peak, {end:.0} MiB at the end, {:+.2} MiB per minute",
        "resident memory", wall.memory_slope_mb_per_min
    )?;
    Ok(out)
}
