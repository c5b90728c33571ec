//! The wall of a machine that has no valid layout at its start: what is wrong, whom to call and the time, until the
//! file is mended. Nobody looks at a log behind a wall of displays.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use super::args::RunArgs;
use super::kinds::registry;
use super::{check, watch};
use crate::kiosk::Command;
use crate::layout::problem::Report;
use crate::layout::{self, LayoutFile};

/// Names whom to call.
const CONTACT: &str = "FISHBOWL_CONTACT";

/// Time between two looks at the layout file.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Whether the wall is to stay although it has no layout: under systemd nobody reads what it prints.
pub fn is_wanted(args: &RunArgs) -> bool {
    args.keep_running || std::env::var_os("NOTIFY_SOCKET").is_some()
}

/// Ends the wall once the file can be read.
pub fn wait(path: &Path, mended: &AtomicBool, commands: &mpsc::Sender<Command>) {
    // It may have been mended since it was read.
    let mut seen = None;
    loop {
        std::thread::sleep(LOOK_EVERY);
        let now = watch::stamp(path);
        if now == seen {
            continue;
        }
        // It may still be being written.
        std::thread::sleep(LOOK_EVERY / 2);
        seen = watch::stamp(path);
        if check::read(path).is_ok() {
            mended.store(true, Ordering::Relaxed);
            // The wall is already gone when nobody listens.
            let _ = commands.send(Command::Quit);
            return;
        }
    }
}

/// A layout of two texts and a clock, which fits any display.
pub fn wall(path: &Path, wrong: &Report) -> LayoutFile {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let contact = std::env::var(CONTACT).ok().filter(|contact| !contact.trim().is_empty());
    let call = contact.map(|contact| format!("\nCall {}", contact.trim())).unwrap_or_default();
    let why = wrong.headline().unwrap_or_else(|| "the layout has errors".into());
    // Where it lies is nobody's business in front of the wall.
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let why = why.replace(&*path.display().to_string(), &file);
    let text = format!(
        "[wall]\nname = {}\nband = false\n[scene.safe]\npicture = \"\"\"\n2: name clock\n6: what what\n\"\"\"\n\
         [scene.safe.tile.name]\nkind = \"text\"\nsize = \"title\"\ntitle = \"\"\ntext = {}\n\
         [scene.safe.tile.clock]\nkind = \"clock\"\ntitle = \"\"\n\
         [scene.safe.tile.what]\nkind = \"text\"\nfit = \"box\"\ntitle = \"\"\ntext = {}\n",
        quoted(&name),
        quoted(&name),
        quoted(&format!("This wall has no valid layout.\n{why}{call}")),
    );
    let read = layout::load_text(&text, Path::new("safe.toml"), &[], registry());
    read.file
}

/// As a basic string of TOML, which takes all that JSON's strings do.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_wrong_there_is_a_wall() {
        super::super::kinds::set(crate::registry());
        let wrong =
            layout::load_text("[wall]\nviewer_m = \"\\\"far\\\"\"\n", Path::new("a.toml"), &[], registry());
        let file = wall(Path::new("/x/lobby \"one\".toml"), &wrong.report);
        assert_eq!(file.wall.name.as_deref(), Some("lobby \"one\""));
        let solved = layout::solve(&file, &[]);
        assert_eq!(solved.scenes[0].tiles.len(), 3);
        let texts: Vec<String> =
            solved.scenes[0].tiles.iter().map(|tile| format!("{:?}", tile.widget)).collect();
        assert!(
            texts.iter().any(|text| text.contains("no valid layout") && text.contains("a.toml:1")),
            "{texts:?}"
        );
    }
}
