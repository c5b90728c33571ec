//! The watch over the layout file: what is saved is on the wall within a second, and what is wrong
//! leaves the wall as it is and is told there.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use crate::clock::Instant;
use crate::kiosk::Command;
use crate::layout::problem::Report;
use crate::layout::wall::Wall;
use crate::layout::{LayoutFile, SolvedLayout};

use super::beside::{Beside, beside};
use super::failure::Failure;
use super::last_good::LastGood;
use super::live::Live;
use super::stamp::{Stamp, stamp};
use super::{check, output};

/// Time between two looks at the layout file.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Looks after which a file is read that changes all the time.
const MOST_RESTLESS: u32 = 15;

/// A layout that has been on the wall for so long did it no harm.
const PROVEN: Duration = Duration::from_secs(600);

/// A layout file that a wall follows.
pub struct Followed {
    pub path: PathBuf,
    /// From before the file was read.
    pub stamp: Option<Stamp>,
    /// What was read, where it is what is shown.
    pub shown: Option<Arc<str>>,
    pub kept: Option<LastGood>,
}

/// Follows the file in a thread of its own and sends what the kiosk has to do. `relisten` is called
/// with the wall of each right layout before it is shown; SIGHUP has the file read again as it is.
pub fn follow(
    followed: Followed,
    live: &Live,
    commands: mpsc::Sender<Command>,
    relisten: impl FnMut(&Arc<Wall>) + Send + 'static,
) -> Result<(), Failure> {
    let (wake, woken) = mpsc::channel();
    reload_on_hangup(live, wake)?;
    let (mut watch, clock) = (Watch::new(followed, relisten), live.clock.clone());
    let work = move || {
        let mut standing = None;
        while let Some(asked) = wait(&woken) {
            let command = watch.look(asked);
            watch.prove(&mut standing, clock.instant());
            if command.is_some_and(|command| commands.send(command).is_err()) {
                return;
            }
        }
    };
    std::thread::Builder::new().name("fishbowl-layout".into()).spawn(work)?;
    Ok(())
}

/// Waits for the next look; true when somebody asked for it. Nothing at the end of the wall.
fn wait(woken: &mpsc::Receiver<()>) -> Option<bool> {
    match woken.recv_timeout(LOOK_EVERY) {
        Ok(()) => Some(true),
        Err(RecvTimeoutError::Timeout) => Some(false),
        Err(RecvTimeoutError::Disconnected) => None,
    }
}

#[cfg(unix)]
fn reload_on_hangup(live: &Live, wake: mpsc::Sender<()>) -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let _inside = live.runtime.enter();
    let mut hangup = signal(SignalKind::hangup())?;
    live.runtime.spawn(async move {
        while hangup.recv().await.is_some() && wake.send(()).is_ok() {
            tracing::info!("re-reading the layout on request");
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn reload_on_hangup(live: &Live, wake: mpsc::Sender<()>) -> Result<(), Failure> {
    live.runtime.spawn(async move {
        std::future::pending::<()>().await;
        drop(wake);
    });
    Ok(())
}

/// A layout on the wall.
struct Stood {
    text: Arc<str>,
    since: Instant,
    is_kept: bool,
}

/// What is known of the file.
struct Watch<F> {
    path: PathBuf,
    kept: Option<LastGood>,
    relisten: F,
    /// As it was at the last look, and when it was read.
    before: Option<Stamp>,
    seen: Option<Stamp>,
    /// What the wall shows, while the file says the same.
    shown: Option<Arc<str>>,
    restless: u32,
    beside: Vec<Beside>,
}

impl<F: FnMut(&Arc<Wall>)> Watch<F> {
    fn new(followed: Followed, relisten: F) -> Self {
        let Followed { path, stamp, shown, kept } = followed;
        let beside = check::read(&path).map(|(file, _)| beside(&file)).unwrap_or_default();
        Self { path, kept, relisten, before: stamp, seen: stamp, shown, restless: 0, beside }
    }

    /// What the kiosk has to do after a look at the file; `asked` reads it even when it rests.
    fn look(&mut self, asked: bool) -> Option<Command> {
        let asked = asked | self.has_moved();
        let now = stamp(&self.path);
        let rests = std::mem::replace(&mut self.before, now) == now;
        if !asked && !self.is_ripe(now, rests) {
            return None;
        }
        self.restless = 0;
        let before = std::mem::replace(&mut self.seen, now);
        let written = |stamp: Option<Stamp>| stamp.map(|stamp| stamp.written);
        match check::read(&self.path) {
            // Another owner, a second name, a backup: nothing that a wall should start anew for.
            Ok((_, report))
                if !asked && written(before) == written(now) && self.shown.as_ref() == Some(&report.text) =>
            {
                None
            }
            Ok((file, report)) => Some(self.take(file, &report)),
            Err(report) => Some(self.refuse(&report)),
        }
    }

    /// Keeps a layout that has been on the wall for a while; `standing` says which, since when and whether it is kept.
    fn prove(&self, standing: &mut Option<Stood>, now: Instant) {
        let Some(text) = &self.shown else { return *standing = None };
        match standing {
            Some(stood) if stood.text == *text => {
                let is_proven = now.saturating_duration_since(stood.since) >= PROVEN;
                if is_proven && !std::mem::replace(&mut stood.is_kept, is_proven) {
                    self.kept.iter().for_each(|kept| kept.prove(text));
                }
            }
            _ => *standing = Some(Stood { text: text.clone(), since: now, is_kept: false }),
        }
    }

    /// Whether a file beside the layout has changed since the last look.
    fn has_moved(&mut self) -> bool {
        self.beside.iter_mut().map(Beside::has_moved).fold(false, |any, moved| any | moved)
    }

    /// Editors and copies write in steps: what changes still is not read yet, unless it never rests.
    fn is_ripe(&mut self, now: Option<Stamp>, rests: bool) -> bool {
        if now == self.seen {
            return false;
        }
        self.restless += 1;
        rests || self.restless >= MOST_RESTLESS
    }

    fn take(&mut self, file: LayoutFile, report: &Report) -> Command {
        tracing::info!("the layout changed: {}", self.path.display());
        self.beside = beside(&file);
        report.problems.iter().for_each(|p| tracing::warn!("{}", p.message));
        let layout = Arc::new(SolvedLayout::new(file));
        (self.relisten)(&layout.wall);
        self.kept.iter().for_each(|kept| kept.keep(&report.text));
        self.shown = Some(report.text.clone());
        Command::Layout(layout)
    }

    fn refuse(&mut self, report: &Report) -> Command {
        output::eprint_report(report);
        let words = report.headline().unwrap_or_default();
        tracing::error!("keeping the last good layout: {words}");
        self.shown = None;
        Command::Notice(Some(format!("Layout not applied: {words}").into()))
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;
    use std::time::SystemTime;

    use super::*;

    const LAYOUT: &str = "[wall]\nname = \"one\"\nviewer_m = 3\n[feed.demo]\nkind = \"demo\"\n\
        [scene.a]\npicture = \"x\"\ntile.x.kind = \"clock\"\n";

    /// A folder with a layout that is shown and watched.
    struct Desk {
        folder: tempfile::TempDir,
        watch: Watch<fn(&Arc<Wall>)>,
    }

    impl Desk {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("wall.toml");
            fs::write(&path, LAYOUT).expect("written");
            let shown = Some(LAYOUT.into());
            let followed = Followed { stamp: stamp(&path), path, shown, kept: None };
            let relisten: fn(&Arc<Wall>) = |_| {};
            Self { folder, watch: Watch::new(followed, relisten) }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        /// Names that the wall has after some looks, or what it says.
        fn told(&mut self) -> Vec<String> {
            let looks: Vec<Command> = (0..3).filter_map(|_| self.watch.look(false)).collect();
            looks.into_iter().map(word).collect()
        }
    }

    fn word(command: Command) -> String {
        match command {
            Command::Layout(layout) => layout.wall.name.clone(),
            Command::Notice(words) => words.unwrap_or_default().to_string(),
            Command::Quit => "quit".into(),
        }
    }

    fn named(name: &str) -> String {
        LAYOUT.replace("one", name)
    }

    /// Gives a file the time of the first layout.
    fn at_one_time(path: &Path) {
        let file = fs::File::options().write(true).open(path).expect("it is there");
        file.set_modified(SystemTime::UNIX_EPOCH).expect("it can be set");
    }

    #[test]
    fn a_layout_of_equal_time_and_length_is_seen() {
        let mut desk = Desk::new();
        at_one_time(&desk.path("wall.toml"));
        for (name, other) in [("a.toml", "two"), ("b.toml", "six")] {
            fs::write(desk.path(name), named(other)).expect("written");
            at_one_time(&desk.path(name));
        }
        desk.told();
        // As Nix stores, ostree and config maps do it.
        for (to, is) in [("a.toml", "two"), ("b.toml", "six")] {
            symlink(desk.path(to), desk.path("new")).expect("linked");
            fs::rename(desk.path("new"), desk.path("wall.toml")).expect("swapped");
            assert_eq!(desk.told(), [is]);
        }
        fs::rename(desk.path("a.toml"), desk.path("wall.toml")).expect("moved");
        assert_eq!(desk.told(), ["two"]);
        // In place, its time put back.
        fs::write(desk.path("wall.toml"), named("ten")).expect("written");
        at_one_time(&desk.path("wall.toml"));
        assert_eq!(desk.told(), ["ten"]);
    }

    #[test]
    fn a_layout_that_stood_for_a_while_is_proven() {
        let mut desk = Desk::new();
        let (path, start) = (desk.path("wall.toml"), crate::clock::Clock::system().instant());
        desk.watch.kept = Some(LastGood::within(&desk.path("state"), &path));
        let mut standing = None;
        let mut proven = |watch: &Watch<_>, seconds: u64| {
            watch.prove(&mut standing, start + Duration::from_secs(seconds));
            let kept = watch.kept.as_ref()?;
            Some(kept.proven(Path::new("/nowhere"))?.0.wall.name.unwrap_or_default())
        };
        assert_eq!([0, 599].map(|s| proven(&desk.watch, s)), [None, None]);
        assert_eq!(proven(&desk.watch, 600).as_deref(), Some("one"));
        fs::write(&path, named("two")).expect("written");
        assert_eq!(desk.told(), ["two"]);
        for (seconds, name) in [(601, "one"), (1_200, "one"), (1_201, "two")] {
            assert_eq!(proven(&desk.watch, seconds).as_deref(), Some(name), "{seconds}");
        }
    }

    #[test]
    fn a_folder_that_is_swapped_above_the_file_is_seen() {
        let mut desk = Desk::new();
        for (folder, name) in [("v1", "two"), ("v2", "six")] {
            fs::create_dir(desk.path(folder)).expect("a folder");
            fs::write(desk.path(folder).join("wall.toml"), named(name)).expect("written");
        }
        symlink("v1", desk.path("now")).expect("linked");
        desk.watch.path = desk.path("now/wall.toml");
        assert_eq!(desk.told(), ["two"]);
        symlink("v2", desk.path("new")).expect("linked");
        fs::rename(desk.path("new"), desk.path("now")).expect("swapped");
        assert_eq!(desk.told(), ["six"]);
    }

    #[test]
    fn what_is_no_file_is_told_and_never_waited_for() {
        let mut desk = Desk::new();
        let path = desk.path("wall.toml");
        let gone = |told: Vec<String>, why: &str| {
            assert!(
                told.len() == 1 && told[0].contains("cannot read the layout: ") && told[0].contains(why),
                "{told:?}"
            );
        };
        fs::remove_file(&path).expect("it was there");
        gone(desk.told(), "No such file");
        let name = std::ffi::CString::new(path.to_string_lossy().as_bytes()).expect("no zero in it");
        // SAFETY: the name ends with a zero and lives during the call.
        assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
        gone(desk.told(), "a pipe");
        fs::remove_file(&path).expect("it was there");
        fs::create_dir(&path).expect("a folder");
        gone(desk.told(), "a folder");
        fs::remove_dir(&path).expect("it was there");
        symlink(&path, &path).expect("linked to itself");
        gone(desk.told(), "symbolic link");
        fs::remove_file(&path).expect("it was there");
        fs::write(&path, LAYOUT).expect("written");
        assert_eq!(desk.told(), ["one"]);
    }

    #[test]
    fn a_file_that_goes_and_comes_back_is_taken_again() {
        let mut desk = Desk::new();
        fs::rename(desk.path("wall.toml"), desk.path("away")).expect("moved");
        assert_eq!(desk.told().len(), 1);
        fs::rename(desk.path("away"), desk.path("wall.toml")).expect("moved");
        assert_eq!(desk.told(), ["one"]);
        assert!(desk.told().is_empty());
    }

    #[test]
    fn the_wall_does_not_start_anew_for_what_is_not_in_the_file() {
        let mut desk = Desk::new();
        fs::hard_link(desk.path("wall.toml"), desk.path("backup")).expect("linked");
        assert!(desk.told().is_empty());
        assert_eq!(desk.watch.look(true).map(word).as_deref(), Some("one"), "it was asked for");
    }

    #[test]
    fn a_file_that_never_rests_is_read_at_last() {
        let mut desk = Desk::new();
        let told = (0..=MOST_RESTLESS).find_map(|n| {
            fs::write(desk.path("wall.toml"), named("two") + &"#".repeat(n as usize)).expect("written");
            desk.watch.look(false)
        });
        assert_eq!(told.map(word).as_deref(), Some("two"));
    }
}
