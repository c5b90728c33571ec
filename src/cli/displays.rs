//! `fishbowl displays`: which monitor is which, in words and on the screens themselves.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use fishbowl::kiosk::{Options, windows};
use fishbowl::layout::monitors::{self, Monitor};
use fishbowl::layout::wall::Wall;

use super::live::{self, Live};
use super::{Failure, run};

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
    let (monitors, lines) = windows::monitors()?;
    println!(
        "{:<14} {:<28} {:<24} {:<12} {:<6} size",
        "connector", "make-model-serial", "mode", "position", "scale"
    );
    for l in &lines {
        let edid = if l.edid.is_empty() { "(no EDID)" } else { &l.edid };
        println!(
            "{:<14} {:<28} {:<24} {:<12} {:<6} {}",
            l.connector, edid, l.mode, l.position, l.scale, l.size
        );
    }
    match layout {
        Some(_) => matched(&fishbowl::layout::solve(&file, &monitors), &monitors),
        None => Ok(()),
    }
}

fn matched(wall: &Wall, seen: &[Monitor]) -> Result<(), Failure> {
    println!();
    let assignment = match monitors::assign(&wall.displays, seen) {
        Ok(assignment) => assignment,
        Err(errors) => {
            errors.iter().for_each(|e| println!("ambiguous: {e}"));
            return Err("give these displays a `match` that fits one monitor only, such as its edid".into());
        }
    };
    for (display, monitor) in wall.displays.iter().zip(&assignment.monitors) {
        let monitor = monitor.map_or("no monitor here", |m| seen[m].name.as_str());
        println!("display {:<16} → {monitor}", display.name);
    }
    for &spare in &assignment.spare {
        println!("monitor {:<16} → no display; stays dark", seen[spare].name);
    }
    Ok(())
}

fn show(file: fishbowl::layout::LayoutFile, stay: Option<Duration>) -> Result<(), Failure> {
    let live = Live::new()?;
    let (sender, commands) = mpsc::channel();
    live::quit_on_signals(&live, sender);
    let ports = live::ports(&live, live::solver(Arc::new(file)), commands);
    windows::run(&ports, &Options { identify: true, stay, ..Options::default() })?;
    Ok(())
}
