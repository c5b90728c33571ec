//! The wall of a machine that has no valid layout at its start, or on which the wall ended badly again and again: what
//! is wrong, whom to call and the time, until that may have changed. Nobody looks at a log behind a wall of displays.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use super::args::RunArgs;
use super::kinds::registry;
use super::stamp::stamp;
use super::{check, ladder};
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

/// Why the wall itself is not shown.
pub enum Why<'a> {
    /// The layout is wrong, and there is no good one.
    Wrong(&'a Report),
    /// It ended badly so often lately.
    Ends(usize),
}

/// Until when the wall waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Until the layout can be read.
    Mended,
    /// Until the layout is another, or so long.
    Changed(Duration),
}

impl Why<'_> {
    /// For the log.
    pub fn log(&self) -> String {
        match self {
            Self::Wrong(_) => "there is no valid layout; showing what is wrong until it is fixed".into(),
            Self::Ends(ends) => format!(
                "the wall ended {ends} times within half an hour; showing that until the layout changes, for half \
                 an hour at most"
            ),
        }
    }

    /// Until when it holds.
    pub fn waiting(&self) -> Waiting {
        match self {
            Self::Wrong(_) => Waiting::Mended,
            Self::Ends(_) => Waiting::Changed(ladder::LATELY),
        }
    }

    /// For people in front of the wall: what is wrong, and more about it.
    fn words(&self, path: &Path) -> (String, String) {
        match self {
            Self::Wrong(wrong) => {
                let why = wrong.headline().unwrap_or_else(|| "the layout has errors".into());
                // Where it lies is nobody's business in front of the wall.
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                ("This wall has no valid layout".into(), why.replace(&*path.display().to_string(), &file))
            }
            Self::Ends(ends) => (
                format!("This wall ended {ends} times within half an hour"),
                "It tries again within half an hour, or when its layout changes. The log says more.".into(),
            ),
        }
    }
}

/// Ends the wall once it may be tried again.
pub fn wait(path: &Path, waiting: Waiting, mended: &AtomicBool, commands: &mpsc::Sender<Command>) {
    let mut left = match waiting {
        // It may have been mended since it was read.
        Waiting::Mended => None,
        Waiting::Changed(most) => Some(most),
    };
    let mut seen = left.and_then(|_| stamp(path));
    loop {
        std::thread::sleep(LOOK_EVERY);
        left = left.map(|left| left.saturating_sub(LOOK_EVERY));
        let now = stamp(path);
        let is_over = left == Some(Duration::ZERO);
        if now == seen && !is_over {
            continue;
        }
        // It may still be being written.
        std::thread::sleep(LOOK_EVERY / 2);
        seen = stamp(path);
        if is_over || check::read(path).is_ok() {
            mended.store(true, Ordering::Relaxed);
            // The wall is already gone when nobody listens.
            let _ = commands.send(Command::Quit);
            return;
        }
    }
}

/// A layout of texts and a clock, which fits any display: small on top whose wall it is and the time, large in the
/// middle what is wrong, and at the bottom whom to call.
pub fn wall(path: &Path, why: &Why<'_>) -> LayoutFile {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (what, more) = why.words(path);
    let contact = std::env::var(CONTACT).ok().filter(|contact| !contact.trim().is_empty());
    let call = contact.as_ref().map(|contact| format!("Call {}", contact.trim()));
    let rows = if call.is_some() { "3: call call" } else { "1: . ." };
    let mut text = format!(
        "[wall]\nname = {}\nband = false\n[scene.safe]\npicture = \"\"\"\ncols: 6 1\n2: name clock\n2: . .\n\
         9: what what\n1: . .\n4: more more\n2: . .\n{rows}\n\"\"\"\n\
         [scene.safe.tile.clock]\nkind = \"clock\"\ndate = false\ntitle = \"\"\n",
        quoted(&name)
    );
    let texts = [("name", Some(name)), ("what", Some(what)), ("more", Some(more)), ("call", call)];
    for (tile, words) in texts.iter().filter_map(|(tile, words)| Some((tile, words.as_ref()?))) {
        let valign = if *tile == "what" { "bottom" } else { "top" };
        text += &format!(
            "[scene.safe.tile.{tile}]\nkind = \"text\"\nfit = \"box\"\nvalign = \"{valign}\"\ntitle = \"\"\ntext = {}\n",
            quoted(words)
        );
    }
    layout::load_text(&text, Path::new("safe.toml"), &[], registry()).file
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
        let file = wall(Path::new("/x/lobby \"one\".toml"), &Why::Wrong(&wrong.report));
        assert_eq!(file.wall.name.as_deref(), Some("lobby \"one\""));
        let solved = layout::solve(&file, &[]);
        assert_eq!(solved.scenes[0].tiles.len(), 4, "without whom to call");
        let texts: Vec<String> =
            solved.scenes[0].tiles.iter().map(|tile| format!("{:?}", tile.widget)).collect();
        for words in ["This wall has no valid layout", "a.toml:1"] {
            assert!(texts.iter().any(|text| text.contains(words)), "{words}: {texts:?}");
        }
        let ended = format!("{:?}", wall(Path::new("lobby.toml"), &Why::Ends(5)));
        assert!(ended.contains("ended 5 times"), "{ended}");
    }
}
