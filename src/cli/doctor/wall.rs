//! What a layout needs of the machine: displays, the journal's disk, the mirror's port, secrets.

use std::net::TcpListener;
use std::path::Path;

use super::ask::Door;
use super::finding::{Finding, Standing, There};
use crate::cli::journal_setup::{self, JournalChoice};
use crate::cli::time;
use crate::clock::Clock;
use crate::journal;
use crate::layout::monitors::{self, Monitor};
use crate::layout::remote::TokenSource;
use crate::layout::wall::Wall;
use crate::remote;

/// Largest answer that is read, bytes.
const LARGEST: u64 = 8_192;
/// Less room than this is soon used up, whatever the journal may take, bytes.
const LEAST: u64 = 200 << 20;

pub fn look(wall: &Wall, path: &Path, there: Option<&There>) -> Vec<Finding> {
    let mut found = Vec::new();
    // That there is no window system is told elsewhere.
    found.extend(there.and_then(|there| there.as_ref().ok()).map(|(there, _)| displays(wall, there)));
    found.extend(disk(wall, path));
    found.push(port(wall));
    found.extend(secrets(wall));
    found
}

fn displays(wall: &Wall, there: &[Monitor]) -> Finding {
    const OF: &str = "displays";
    let (assignment, doubts) = monitors::certain(&wall.displays, there);
    let missing: Vec<&str> =
        assignment.missing.iter().map(|display| wall.displays[*display].name.as_str()).collect();
    match (doubts.is_empty(), missing.is_empty()) {
        (false, _) => Finding::new(
            OF,
            Standing::Fault,
            doubts.iter().map(|doubt| doubt.why.to_string()).collect::<Vec<_>>().join("; "),
            "Make `match` of these displays exact: `fishbowl displays LAYOUT` prints what each monitor says of itself.",
        ),
        (_, false) => Finding::new(
            OF,
            Standing::Fault,
            format!("no monitor for {}", missing.join(", ")),
            "Check cables and power, and compare `match` with what `fishbowl displays LAYOUT` prints.",
        ),
        _ => Finding::fine(OF, format!("each of {} has its monitor", wall.displays.len())),
    }
}

fn disk(wall: &Wall, path: &Path) -> Vec<Finding> {
    const OF: &str = "journal";
    let plan = match journal_setup::plan(wall, &JournalChoice::of(None, Some(path)), &Clock::system()) {
        Ok(Some(plan)) => plan,
        Ok(None) => return vec![Finding::fine(OF, "nothing is recorded")],
        Err(error) => return vec![Finding::new(OF, Standing::Fault, error.to_string(), "")],
    };
    let file = &plan.settings.path;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut found = vec![match journal::try_lock(file).and_then(|()| journal::layout_of(file)) {
        Ok(_) => Finding::fine(OF, format!("{} can be written", file.display())),
        Err(
            error @ (journal::JournalError::Damaged { .. }
            | journal::JournalError::Foreign(_)
            | journal::JournalError::Newer { .. }),
        ) => Finding::new(
            OF,
            Standing::Fault,
            error.to_string(),
            "Until then the wall runs without a memory: it says `not recording`.",
        ),
        Err(journal::JournalError::Locked { .. }) => {
            Finding::fine(OF, format!("{} is being written by a running wall", file.display()))
        }
        Err(error) => Finding::new(
            OF,
            Standing::Fault,
            error.to_string(),
            format!("Let this user write in {}, or set `[journal] file`.", folder.display()),
        ),
    }];
    // A clock that is not set at all is told elsewhere.
    if let Some((why, true)) = time::waits(Some(&plan), &Clock::system()) {
        let remedy = "`sudo timedatectl set-ntp true`, or set the clock by hand; the wall waits for it for ten minutes.";
        found.push(Finding::new("clock", Standing::Fault, &*why, remedy));
    }
    found.extend(room(folder, plan.settings.max_bytes));
    found
}

#[cfg(unix)]
fn room(folder: &Path, wanted: u64) -> Option<Finding> {
    const OF: &str = "disk";
    // The folder may not be there yet.
    let told = folder.ancestors().find_map(|folder| rustix::fs::statvfs(folder).ok())?;
    let free = told.f_bavail.saturating_mul(told.f_frsize);
    let mib = |bytes: u64| bytes >> 20;
    Some(match free {
        free if free < LEAST => Finding::new(
            OF,
            Standing::Fault,
            format!("{} MiB are free in {}", mib(free), folder.display()),
            "Make room, or put the journal on another disk with `[journal] file`.",
        ),
        free if free < wanted => Finding::new(
            OF,
            Standing::Warning,
            format!("{} MiB are free; the journal may grow to {} MiB", mib(free), mib(wanted)),
            "Make room, or set a smaller `[journal] max_mb`.",
        ),
        free => Finding::fine(OF, format!("{} MiB are free", mib(free))),
    })
}

#[cfg(not(unix))]
fn room(_: &Path, _: u64) -> Option<Finding> {
    None
}

fn port(wall: &Wall) -> Finding {
    const OF: &str = "mirror";
    let addr = wall.remote.listen.unwrap_or(remote::DEFAULT_ADDR);
    match TcpListener::bind(addr) {
        Ok(_) => Finding::fine(OF, format!("{addr} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse && is_a_wall(wall) => {
            Finding::fine(OF, format!("a running wall answers at {addr}"))
        }
        Err(error) => Finding::new(
            OF,
            Standing::Fault,
            format!("cannot listen at {addr}: {error}"),
            "End what uses this port, or set another in `[remote] listen`.",
        ),
    }
}

/// Whether something answers as a wall's `/health` does.
fn is_a_wall(wall: &Wall) -> bool {
    let asked = Door::of(Some(&wall.remote)).ok().and_then(|door| door.get("/health", LARGEST).ok());
    asked.is_some_and(|answer| answer.is_of_a_wall())
}

fn secrets(wall: &Wall) -> Vec<Finding> {
    const OF: &str = "secrets";
    let is_there = |env: Option<&str>, file: Option<&Path>| match (env, file) {
        (Some(name), _) => match std::env::var_os(name).filter(|value| !value.is_empty()) {
            Some(_) => Ok(()),
            None => Err(format!("the environment variable {name} is not set")),
        },
        (None, Some(file)) => match std::fs::read_to_string(file) {
            Ok(text) if text.trim().is_empty() => Err(format!("{} is empty", file.display())),
            Ok(_) => Ok(()),
            Err(error) => Err(format!("{}: {error}", file.display())),
        },
        (None, None) => Ok(()),
    };
    let feeds = wall.feeds.iter().filter_map(|feed| {
        let asked = feed.spec.asked()?;
        let there = is_there(asked.token_env.map(String::as_str), asked.token_file.map(|file| &**file));
        let has = asked.token_env.is_some() || asked.token_file.is_some();
        has.then_some((format!("feed `{}`", feed.name), there))
    });
    let people = wall.remote.people.iter().map(|person| {
        let there = match &person.token {
            TokenSource::Env(name) => is_there(Some(name), None),
            TokenSource::File(file) => is_there(None, Some(file)),
        };
        (person.name.clone(), there)
    });
    let panels = wall.power.panels.iter().filter_map(|(display, panel)| {
        Some((format!("panel of `{display}`"), panel.secret()?.read().map(drop)))
    });
    let all: Vec<(String, Result<(), String>)> = feeds.chain(people).chain(panels).collect();
    let missing: Vec<String> = all
        .iter()
        .filter_map(|(whose, there)| there.as_ref().err().map(|why| format!("{whose}: {why}")))
        .collect();
    let open = open_files(wall);
    match (all.len(), missing.is_empty()) {
        (0, _) => Vec::new(),
        (_, true) if !open.is_empty() => vec![Finding::new(
            OF,
            Standing::Warning,
            format!("other users of this machine can read {}", open.join(", ")),
            format!("`chmod 600 {}`", open.join(" ")),
        )],
        (count, true) => vec![Finding::fine(OF, format!("all {count} are there"))],
        _ => vec![Finding::new(
            OF,
            Standing::Fault,
            missing.join("; "),
            "A service has its own environment: set variables in its unit (`EnvironmentFile=`), and let its user read the files.",
        )],
    }
}

/// Files with secrets that others than their owner can read.
#[cfg(unix)]
fn open_files(wall: &Wall) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let feeds = wall.feeds.iter().filter_map(|feed| feed.spec.asked()?.token_file);
    let people = wall.remote.people.iter().map(|person| &person.token);
    let panels = wall.power.panels.iter().filter_map(|(_, panel)| panel.secret());
    let others = people.chain(panels).filter_map(|secret| match secret {
        TokenSource::File(file) => Some(file),
        TokenSource::Env(_) => None,
    });
    let is_open = |file: &&std::path::PathBuf| {
        std::fs::metadata(file).is_ok_and(|there| there.permissions().mode() & 0o077 != 0)
    };
    feeds.chain(others).filter(is_open).map(|file| file.display().to_string()).collect()
}

#[cfg(not(unix))]
fn open_files(_: &Wall) -> Vec<String> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::kinds::registry;
    use crate::layout;

    fn wall(displays: &str) -> Wall {
        let text = format!("[wall]\nviewer_m = 2\n{displays}[feed.demo]\nkind = \"demo\"\n");
        layout::solve(&layout::load_text(&text, Path::new("wall.toml"), &[], registry()).file, &[])
    }

    fn monitor(name: &str, x: i32) -> Monitor {
        Monitor { name: name.into(), pixels: (1_920, 1_080), position: (x, 0), ..Monitor::default() }
    }

    fn says(found: &Finding, standing: Standing, words: &str) {
        assert!(found.standing == standing && found.words.contains(words), "{found:?}");
        assert!(standing == Standing::Fine || found.remedy.contains("fishbowl displays"), "{found:?}");
    }

    #[test]
    fn displays_without_a_monitor_and_displays_in_doubt_are_faults() {
        let one = wall("[display.one]\nsize_mm = [600, 340]\nmatch = [{ connector = \"DP-1\" }]\n");
        says(&displays(&one, &[monitor("DP-1", 0)]), Standing::Fine, "each of 1");
        says(&displays(&one, &[monitor("DP-2", 0)]), Standing::Fault, "no monitor for one");
        says(&displays(&one, &[]), Standing::Fault, "no monitor for one");
        let twins = [monitor("DP-1", 0), monitor("DP-1", 1_920)];
        says(&displays(&one, &twins), Standing::Fault, "`one` matches `DP-1` and `DP-1`");
    }
}
