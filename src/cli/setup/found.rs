//! The monitors of this machine, as far as they can be read, and the numbers that they show while their places are
//! asked.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};

use super::plan::{Hung, Plan};
use super::text;
use crate::cli::{live, recognise};
use crate::kiosk::monitors::Screen;
use crate::kiosk::{edid, monitors, screens};
use crate::layout::{self, monitors::Monitor, monitors::in_order};

/// How long the numbers stay at most: they may hide the terminal.
const NUMBERS_FOR: &str = "60s";

/// What was found.
#[derive(Default)]
pub struct Found {
    /// In the order that `order` counts. Without pixels where they are not known.
    pub monitors: Vec<Monitor>,
    /// Windows can be opened on them.
    pub has_windows: bool,
    /// Where they were read, or why not.
    pub words: String,
}

/// Asks the window system; where there is none, the kernel.
pub fn look() -> Found {
    let why = match live::has_display().then(screens::monitors) {
        Some(Ok((monitors, _))) if !monitors.is_empty() => {
            let monitors = in_order(&monitors).into_iter().map(|i| monitors[i].clone()).collect();
            return Found { monitors, has_windows: true, words: "The window system reports".into() };
        }
        Some(Ok(_)) => "The window system has no monitors".to_owned(),
        Some(Err(error)) => format!("The window system does not answer ({error})"),
        None => "There is no window system here (WAYLAND_DISPLAY and DISPLAY are not set)".into(),
    };
    let panels = edid::panels();
    let screen = |panel: &edid::Panel| {
        let mode = panel.edid.as_ref().and_then(|edid| edid.preferred);
        let pixels = mode.map_or((0, 0), |mode| mode.size_px);
        Screen { name: panel.connector.clone(), position: (0, 0), pixels }
    };
    let screens: Vec<Screen> = panels.iter().map(screen).collect();
    let words = if panels.is_empty() { why } else { format!("{why}; the kernel reports") };
    Found { monitors: monitors::monitors(&screens, &[], &panels), has_windows: false, words }
}

impl Found {
    /// Entries of `match` for the monitor with this index.
    pub fn matches(&self, index: usize) -> Vec<String> {
        match self.monitors.get(index) {
            Some(monitor) => recognise::entries(index + 1, monitor, &self.monitors),
            None => vec![format!("order = {}", index + 1)],
        }
    }
}

/// The lit area that a monitor reports, where it is plausible, with the proportions of its pixels, which are square:
/// whole centimetres have others.
pub fn told_mm(monitor: &Monitor) -> Option<(f32, f32)> {
    let (w, h) = layout::told_mm(monitor)?;
    let (across, down) = monitor.shown_pixels();
    let square = w * down as f32 / across as f32;
    Some((w, if (0.995..1.005).contains(&(square / h)) { h } else { square }))
}

/// The numbers on the monitors: `fishbowl displays --identify` in a process of its own, because a process can open
/// windows only once.
#[derive(Default)]
pub struct Numbers(Option<Child>);

impl Numbers {
    /// Shows on each monitor its number.
    pub fn show(&mut self, found: &Found) {
        self.hide();
        let identify = ["displays", "/dev/stdin", "--identify", "--for", NUMBERS_FOR];
        let started = std::env::current_exe().and_then(|program| {
            let mut command = Command::new(program);
            command.args(identify).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
        });
        // Without numbers the question can be answered all the same.
        let Ok(mut child) = started else { return };
        if let Some(mut input) = child.stdin.take() {
            let _ = input.write_all(numbered(found).as_bytes());
        }
        self.0 = Some(child);
    }

    pub fn hide(&mut self) {
        if let Some(mut child) = self.0.take() {
            // Both fail only where it has ended.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Numbers {
    fn drop(&mut self) {
        self.hide();
    }
}

/// A layout whose displays are called by the numbers of the monitors.
fn numbered(found: &Found) -> String {
    let display = |(i, monitor): (usize, &Monitor)| {
        let pixels = monitor.shown_pixels();
        let size_mm = told_mm(monitor).unwrap_or((pixels.0 as f32 / 4.0, pixels.1 as f32 / 4.0));
        Hung { matches: found.matches(i), told: String::new(), size_mm, pixels, is_turned: false }
    };
    let plan = Plan::new(found.monitors.iter().enumerate().map(display).collect());
    let tables = plan.names().iter().enumerate().fold(text::displays(&plan), |tables, (i, name)| {
        tables.replace(&format!("[display.{name}]"), &format!("[display.{}]", i + 1))
    });
    let shorter =
        plan.displays.iter().map(|display| display.size_mm.0.min(display.size_mm.1)).reduce(f32::min);
    // As for someone far away: the numbers are then a quarter of the height.
    let viewer_m = (shorter.unwrap_or_default() * 0.014).clamp(0.2, 200.0);
    let picture = vec!["."; plan.displays.len()].join(" | ").replacen('.', "x", 1);
    format!(
        "[wall]\nviewer_m = {viewer_m:.1}\n{tables}\n[scene.a]\npicture = \"{picture}\"\ntile.x.kind = \"clock\"\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::kinds::registry;
    use crate::layout;

    fn monitor(name: &str, pixels: (u32, u32), size_mm: Option<(f32, f32)>) -> Monitor {
        Monitor { name: name.into(), pixels, size_mm, ..Monitor::default() }
    }

    #[test]
    fn a_size_that_cannot_be_is_not_believed_and_whole_centimetres_are_made_to_fit() {
        let told = |size| told_mm(&monitor("DP-1", (1_920, 1_080), size));
        assert_eq!(told(Some((941.0, 529.0))), Some((941.0, 529.0)));
        assert_eq!(told(Some((520.0, 290.0))), Some((520.0, 292.5)));
        for wrong in [None, Some((16.0, 9.0)), Some((160.0, 90.0)), Some((700.0, 529.0)), Some((0.0, 0.0))] {
            assert_eq!(told(wrong).filter(|size| size.0 != 160.0), None, "{wrong:?}");
        }
    }

    #[test]
    fn the_layout_of_the_numbers_is_a_good_one() {
        let monitors = vec![
            Monitor { position: (1_920, 0), ..monitor("DP-1", (3_840, 2_160), Some((941.0, 529.0))) },
            monitor("HDMI-A-1", (1_920, 1_080), None),
        ];
        let found = Found { monitors, has_windows: true, words: String::new() };
        let loaded =
            layout::load_text(&numbered(&found), std::path::Path::new("-"), &found.monitors, registry());
        assert!(!loaded.report.has_errors(), "{}", loaded.report.draw(100, false));
        let names: Vec<&str> = loaded.file.display.names().collect();
        assert_eq!(names, ["1", "2"]);
    }
}
