//! `fishbowl displays`: which monitor is which, in words and on the screens themselves.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use fishbowl::kiosk::screens::{self, Line};
use fishbowl::kiosk::{Options, windows};
use fishbowl::layout::monitors::{self, Monitor};
use fishbowl::layout::mount;
use fishbowl::layout::wall::Wall;

use super::live::{self, Live};
use super::memory::Wish;
use super::{Failure, run, say};

/// Lists the monitors; with a layout also its displays; with `identify` shows both.
pub fn displays(layout: Option<&Path>, identify: bool, stay: Option<Duration>) -> Result<(), Failure> {
    let file = run::layout(layout)?;
    if !live::has_display() {
        return Err("no display server was found (neither WAYLAND_DISPLAY nor DISPLAY is set); \
                    start this from the session that owns the screens"
            .into());
    }
    if identify {
        return show(file, stay);
    }
    let (monitors, lines) = screens::monitors()?;
    say::answer(table(&lines))?;
    match layout {
        Some(_) => matched(&fishbowl::layout::solve(&file, &monitors), &monitors),
        None => Ok(()),
    }
}

fn table(lines: &[Line]) -> String {
    let row = |cells: [&str; 6]| {
        let [connector, edid, mode, position, scale, size] = cells;
        format!("{connector:<14} {edid:<28} {mode:<24} {position:<12} {scale:<6} {size}\n")
    };
    let mut table = row(["connector", "make-model-serial", "mode", "position", "scale", "size"]);
    for l in lines {
        let edid = if l.edid.is_empty() { "(no EDID)" } else { &l.edid };
        table += &row([&l.connector, edid, &l.mode, &l.position, &l.scale, &l.size]);
    }
    table
}

fn matched(wall: &Wall, seen: &[Monitor]) -> Result<(), Failure> {
    let assignment = match monitors::assign(&wall.displays, seen) {
        Ok(assignment) => assignment,
        Err(errors) => {
            let errors: String = errors.iter().map(|e| format!("ambiguous: {e}\n")).collect();
            say::answer(format_args!("\n{errors}"))?;
            return Err("give these displays a `match` that fits one monitor only, such as its edid".into());
        }
    };
    let displays = wall.displays.iter().zip(&assignment.monitors).map(|(display, monitor)| {
        let monitor = monitor.map_or("no monitor here", |m| seen[m].name.as_str());
        format!("display {:<16} → {monitor}\n", display.name)
    });
    let spare = assignment.spare.iter();
    let spare = spare.map(|&m| format!("monitor {:<16} → no display; stays dark\n", seen[m].name));
    let remarks = mount::remarks(&wall.displays, seen, &assignment);
    let remarks = remarks.iter().map(|remark| format!("warning: {remark}\n"));
    let lines: String = displays.chain(spare).chain(remarks).collect();
    say::answer(format_args!("\n{lines}"))
}

fn show(file: fishbowl::layout::LayoutFile, stay: Option<Duration>) -> Result<(), Failure> {
    let live = Live::new(Wish::Off)?;
    let (sender, commands) = mpsc::channel();
    live::quit_on_signals(&live, sender);
    let ports = live::ports(&live, live::solver(Arc::new(file)), commands);
    windows::run(&ports, &Options { identify: true, stay, ..Options::default() })?;
    Ok(())
}
