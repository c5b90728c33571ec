//! `fishbowl displays`: which monitor is which, in words and on the screens themselves.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use crate::kiosk::screens::{self, Line};
use crate::kiosk::{Options, windows};
use crate::layout::SolvedLayout;
use crate::layout::adoption::{Adoption, reminder};
use crate::layout::monitors::{self, Monitor};
use crate::layout::vacancies::{Vacancies, question};
use crate::layout::{LayoutFile, mount, solve_with};

use super::adopted::Adopted;
use super::failure::Failure;
use super::journal_setup::JournalChoice;
use super::live::{self, Live};
use super::recognise::{entries, quoted};
use super::terminal::Terminal;
use super::{output, run};

const HEAD: &str = "# The connected monitors, ready to paste into a layout.\n";

/// Lists the monitors; with a layout also its displays; with `identify` shows both.
pub fn displays(layout: Option<&Path>, identify: bool, stay: Option<Duration>) -> Result<(), Failure> {
    let file = run::layout(layout)?;
    if !live::has_display() {
        return Err(
            "no display server was found (neither WAYLAND_DISPLAY nor DISPLAY is set); run this from \
            the desktop session that owns the screens"
                .into(),
        );
    }
    if identify {
        return show(layout, file, stay);
    }
    let (monitors, lines) = screens::monitors()?;
    // Not broken: a layout could not take the halves of a line.
    output::print_raw(Terminal::out().letters(&listed(&monitors, &lines)))?;
    match layout {
        Some(path) => matched(&file, &monitors, &Adopted::of(path).read()),
        None => Ok(()),
    }
}

/// The monitors as tables of a layout, in the order that `order` counts.
fn listed(monitors: &[Monitor], lines: &[Line]) -> String {
    let order = monitors::in_order(monitors).into_iter().enumerate();
    let tables = order.map(|(place, i)| table(place + 1, &monitors[i], &lines[i], monitors));
    HEAD.to_owned() + &tables.collect::<String>()
}

fn table(order: usize, monitor: &Monitor, line: &Line, all: &[Monitor]) -> String {
    let entries: String =
        entries(order, monitor, all).iter().map(|entry| format!("    {{ {entry} }},\n")).collect();
    let size = match monitor.size_mm {
        Some((w, h)) => format!("size_mm = [{w:.0}, {h:.0}]\n"),
        None => "# Its size is unknown: measure the lit area.\n# size_mm = [width, height]\n".into(),
    };
    let (w, h) = monitor.shown_pixels();
    let told = format!("order {order}: {} at {}, scale {}", line.mode, line.position, line.scale);
    let name = key(&name(order, monitor, all));
    format!("\n# {told}\n[display.{name}]\nmatch = [\n{entries}]\n{size}pixels = [{w}, {h}]\n")
}

/// A name for the display: its plug's, which several may have.
fn name(order: usize, monitor: &Monitor, all: &[Monitor]) -> String {
    match all.iter().filter(|other| other.name == monitor.name).count() {
        1 => monitor.name.clone(),
        _ => format!("{}-{order}", monitor.name),
    }
}

/// As TOML takes a key.
fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(is_bare) { name.into() } else { quoted(name) }
}

fn matched(file: &LayoutFile, seen: &[Monitor], adopted: &[Adoption]) -> Result<(), Failure> {
    let wall = solve_with(file, seen, adopted);
    let assignment = match monitors::assign(&wall.displays, seen) {
        Ok(assignment) => assignment,
        Err(errors) => {
            let errors: String = errors.iter().map(|e| format!("ambiguous: {e}\n")).collect();
            output::print(format_args!("\n{errors}"))?;
            return Err(
                "give each of these displays a `match` for exactly one monitor, for example its `edid`"
                    .into(),
            );
        }
    };
    let displays = wall.displays.iter().zip(&assignment.monitors).map(|(display, monitor)| {
        let monitor = monitor.map_or("no monitor here", |m| seen[m].name.as_str());
        format!("display {:<16} → {monitor}\n", display.name)
    });
    let spare = assignment.spare.iter();
    let spare = spare.map(|&m| format!("monitor {:<16} → no display; it stays dark\n", seen[m].name));
    let remarks = mount::remarks(&wall.displays, seen, &assignment);
    let remarks = remarks.iter().map(|remark| format!("warning: {remark}\n"));
    let lines: String = displays.chain(spare).chain(remarks).collect();
    let lines = lines + &stand_ins(file, seen, adopted);
    output::print(format_args!("\n{lines}"))
}

/// What could stand in for monitors that are gone, and what does already.
fn stand_ins(file: &LayoutFile, seen: &[Monitor], adopted: &[Adoption]) -> String {
    let Vacancies { offers, filled, .. } = Vacancies::of(file, seen, adopted);
    let questions = offers.chunk_by(|a, b| a.connector == b.connector).map(question);
    let used = adopted.iter().filter(|adoption| filled.contains(&adoption.display)).map(reminder);
    questions.chain(used).map(|words| format!("note: {words}\n")).collect()
}

fn show(layout: Option<&Path>, file: LayoutFile, stay: Option<Duration>) -> Result<(), Failure> {
    let live = Live::new(JournalChoice::Off)?;
    layout.iter().for_each(|path| live.desk.adoptions().restore(Adopted::of(path).read()));
    let (sender, commands) = mpsc::channel();
    let _ends = live::quit_on_signals(&live, sender);
    let ports = live::ports(&live, Arc::new(SolvedLayout::new(file)), commands);
    windows::run(&ports, &Options { identify: true, stay, ..Options::default() })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::cli::kinds::registry;
    use crate::layout::load_text;
    use crate::layout::monitors::Edid;

    use super::*;

    fn monitor(name: &str, x: i32, serial: Option<&str>) -> (Monitor, Line) {
        let edid = serial.map(|serial| Edid {
            make: "DEL".into(),
            model: "U4323QE".into(),
            serial: serial.into(),
            sha256: None,
        });
        let size_mm = edid.as_ref().map(|_| (941.0, 529.3));
        let monitor = Monitor {
            name: name.into(),
            pixels: (1920, 1080),
            size_mm,
            position: (x, 0),
            edid,
            ..Monitor::default()
        };
        (monitor, Line { mode: "1920×1080".into(), ..Line::default() })
    }

    const REST: &str = "[wall]\nviewer_m = 3\n[feed.demo]\nkind = \"demo\"\n[scene.a]\n\
        picture = \"x | x | x | x\"\ntile.x.kind = \"ticker\"\n";

    #[test]
    fn the_lines_make_a_layout_that_finds_each_monitor_again() {
        let seen = [
            monitor("DP-1", 1_920, Some("7X1")),
            monitor("HDMI \"A\" 1", 0, Some("1234")),
            monitor("DP-3", 3_840, Some("7X1")),
            monitor("VGA-1", 5_760, None),
        ];
        let (monitors, lines): (Vec<_>, Vec<_>) = seen.into_iter().unzip();
        let printed = listed(&monitors, &lines);
        let order: Vec<&str> = printed.lines().filter(|line| line.starts_with('[')).collect();
        let heads = ["[display.\"HDMI \\\"A\\\" 1\"]", "[display.DP-1]", "[display.DP-3]", "[display.VGA-1]"];
        assert_eq!(order, heads);
        assert!(printed.contains("edid = \"DEL-U4323QE-7X1\", connector = \"DP-1\" }"), "{printed}");
        assert!(printed.contains("size_mm = [941, 529]\npixels = [1920, 1080]\n"), "{printed}");
        assert!(printed.lines().all(|line| line.chars().count() <= 60), "{printed}");
        let measured = printed.replace("# size_mm = [width, height]", "size_mm = [941, 529]");
        let loaded = load_text(&(measured + REST), Path::new("wall.toml"), &monitors, registry());
        let wall = loaded.wall(&monitors).unwrap_or_else(|| panic!("{}", loaded.report.draw(100, false)));
        let assignment = monitors::assign(&wall.displays, &monitors).expect("nothing is ambiguous");
        let found: Vec<_> =
            assignment.monitors.iter().map(|m| monitors[m.expect("it is there")].name.as_str()).collect();
        assert_eq!(found, ["HDMI \"A\" 1", "DP-1", "DP-3", "VGA-1"]);
    }
}
