//! `fishbowl doctor`: whether this machine can run a wall, and what to do where it cannot.

pub mod ask;
mod backlights;
mod certificate;
mod feeds;
mod finding;
mod machine;
mod panels;
mod system;
mod wall;

use std::path::{Path, PathBuf};

use serde_json::json;

use super::adopted::Adopted;
use super::check;
use super::failure::Failure;
use super::{live, output};
use crate::clock::Clock;
use crate::kiosk::screens;
use crate::layout;
pub use finding::Finding;
use finding::{Standing, There};

#[derive(clap::Args)]
pub struct DoctorArgs {
    /// Layout file whose displays, journal, port and secrets are checked, too
    pub layout: Option<PathBuf>,
    /// Also connect to its feeds for up to ten seconds. What they deliver meanwhile is lost to a running
    /// wall, and some services allow one connection only
    #[arg(long, requires = "layout")]
    pub feeds: bool,
    /// Print a JSON array
    #[arg(long)]
    pub json: bool,
}

/// What was found, and the monitors as they were found.
pub struct Looked {
    pub found: Vec<Finding>,
    pub there: Option<There>,
}

/// Looks at the machine, at what a layout needs of it and, where asked to, at the feeds.
pub fn look(layout: Option<&Path>, tries_feeds: bool) -> Looked {
    // Only once: an event loop cannot be made again.
    let there: Option<There> = live::has_display().then(screens::monitors);
    let mut found = machine::look(there.as_ref());
    found.extend(system::look(Path::new("/")));
    match layout {
        Some(path) => found.extend(of_layout(path, tries_feeds, there.as_ref())),
        None => found.push(Finding::new(
            "layout",
            Standing::Unknown,
            "no layout was given",
            "Name one, so that its displays, journal, ports and secrets are checked: `fishbowl doctor wall.toml`.",
        )),
    }
    Looked { found, there }
}

/// Prints what was found; fails if there is a fault.
pub fn doctor(args: &DoctorArgs) -> Result<(), Failure> {
    let Looked { found, .. } = look(args.layout.as_deref(), args.feeds);
    match args.json {
        true => {
            let all: Vec<_> = found.iter().map(told).collect();
            output::print_raw(serde_json::to_string_pretty(&all)? + "\n")?;
        }
        false => found.iter().try_for_each(|finding| output::print(line(finding)))?,
    }
    let faults = found.iter().filter(|finding| finding.standing == Standing::Fault).count() as u64;
    match faults {
        0 => Ok(()),
        _ => Err(format!("{} found", output::plural(faults, "fault")).into()),
    }
}

fn of_layout(path: &Path, tries_feeds: bool, there: Option<&There>) -> Vec<Finding> {
    let (file, first) = match check::read(path) {
        Ok((file, report)) => {
            let warnings = report.problems.len() as u64;
            let words = match warnings {
                0 => "no problems".into(),
                _ => format!("{}; `fishbowl check` lists them", output::plural(warnings, "warning")),
            };
            (file, Finding::fine("layout", words))
        }
        Err(report) => {
            let words = report.headline().unwrap_or_else(|| "it has errors".into());
            let remedy = format!("Run `fishbowl check {}`.", path.display());
            return vec![Finding::new("layout", Standing::Fault, words, remedy)];
        }
    };
    let adopted = Adopted::of(path).read();
    // A layout without displays gets one for each monitor.
    let seen = there.and_then(|there| there.as_ref().ok()).map_or(&[][..], |(monitors, _)| monitors);
    let solved = layout::solve_with(&file, seen, &adopted);
    let mut found = vec![first];
    found.extend(wall::look(&solved, path, there));
    found.extend(panels::look(&solved));
    found.extend(backlights::look(&solved, there));
    found.extend(certificate::look(&solved, Clock::system().now()));
    if tries_feeds {
        found.extend(feeds::look(&solved));
    }
    found
}

/// A finding as `--json` prints it.
pub fn told(finding: &Finding) -> serde_json::Value {
    let Finding { of, standing, words, remedy } = finding;
    let remedy = (!remedy.is_empty()).then_some(remedy);
    json!({ "check": of, "state": standing.word(), "words": words, "remedy": remedy })
}

fn line(finding: &Finding) -> String {
    let Finding { of, standing, words, remedy } = finding;
    let mut line = format!("{:<8} {of}: {words}\n", standing.word());
    for part in remedy.lines() {
        line += &format!("         {part}\n");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::monitors::Monitor;

    #[test]
    fn a_layout_without_displays_has_one_for_each_monitor() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("wall.toml");
        std::fs::write(&path, include_str!("../../layouts/demo.toml")).expect("writable");
        let monitor = |name: &str, x| Monitor {
            name: name.into(),
            pixels: (1_280, 720),
            position: (x, 0),
            ..Monitor::default()
        };
        let there = Ok((vec![monitor("HEADLESS-1", 0), monitor("HEADLESS-2", 1_280)], Vec::new()));
        let found = of_layout(&path, false, Some(&there));
        let displays = found.iter().find(|finding| finding.of == "displays").expect("they were looked at");
        assert!(displays.standing == Standing::Fine && displays.words.contains("each of 2"), "{displays:?}");
    }
}
