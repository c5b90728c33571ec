//! `fishbowl bench`: what a frame costs, beside the least that presenting costs at all.

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak, mpsc};
use std::time::Duration;

use crate::control::{Clearing, Desk, Request, Role, Verb, Weight, Who};
use crate::kiosk::meter::{DisplayFigures, Spread};
use crate::kiosk::{self, Bench, Options, Report, usage};
use crate::layout::SolvedLayout;
use serde::Serialize;

use super::args::BenchArgs;
use super::failure::Failure;
use super::journal_setup::JournalChoice;
use super::{live, output, run};

/// Shortest time between two commands.
const COMMAND_EVERY: Duration = Duration::from_millis(200);
/// How long commands and the limit are measured, as a part of the measurement.
const LIMIT_PART: u32 = 4;

/// The figures as `--json` prints them.
#[derive(Serialize)]
struct Json<'a> {
    displays: &'a [DisplayFigures],
    frames: u64,
    fps: f64,
    cpu_ms_per_frame: f64,
    gpu_ms: Option<Spread>,
    repainted: f64,
    feed_to_pixel_ms: Spread,
    command_to_pixel_ms: Spread,
    first_frame_ms: f64,
    memory_mb: Memory,
    mentions: u64,
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
    let (warmup, limit) = (Duration::from_secs(args.warmup), measure / LIMIT_PART);
    let bench = Bench { warmup, measure, commands: measure / LIMIT_PART, steer: Arc::default(), limit };
    steer(live.desk.clone(), Arc::downgrade(&bench.steer))?;
    let options = Options { bench: Some(bench), ..Options::default() };
    let report = if args.headless || !live::has_display() {
        kiosk::headless::run(&ports, &options)?
    } else {
        kiosk::windows::run(&ports, &options)?
    };
    let report = report.ok_or("stopped before the measurement was complete")?;
    if args.json { output::print_raw(in_json(&report)?) } else { output::print(in_words(&report)?) }
}

/// Gives commands while it is wanted, at moments that have nothing to do with those of frames.
fn steer(desk: Arc<Desk>, wanted: Weak<AtomicBool>) -> std::io::Result<()> {
    let someone = Who::new("bench", Role::Admin);
    let banner = || Verb::Banner { text: "Command to pixel".into(), severity: Weight::Info };
    let verbs = move |n: u64| match n % 4 {
        0 => banner(),
        1 => Verb::Clear { what: Clearing::Banner },
        2 => Verb::Black,
        _ => Verb::Clear { what: Clearing::All },
    };
    let work = move || {
        let mut n = 0;
        while let Some(wanted) = wanted.upgrade() {
            if wanted.load(Ordering::Relaxed) {
                // Each of them can be done on every wall.
                let _ = desk.act(&someone, &Request::plain(verbs(n)));
                n += 1;
            }
            drop(wanted);
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
        limit: Limit { fps: report.limit.fps, cpu_ms_per_frame: report.limit.cpu_ms_per_frame },
        ratio: ratio(report),
        adapter: &report.adapter,
    };
    Ok(serde_json::to_string_pretty(&json)? + "\n")
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
