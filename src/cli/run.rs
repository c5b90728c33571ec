//! `fishbowl run`: the wall itself.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use arc_swap::ArcSwap;
use fishbowl::clock::Time;
use fishbowl::gpu::Picture;
use fishbowl::journal::Tally;
use fishbowl::kiosk::{self, Eye, KioskError, Options, Ports, Standing};
use fishbowl::layout::wall::Wall;
use fishbowl::layout::{self, LayoutFile};
use fishbowl::mention::source::Recording;
use fishbowl::remote::{self, Desk, Duty, Hosts, Mirror, Order, State, Vitals};

use super::live::{self, Live};
use super::memory::Wish;
use super::{Failure, RunArgs, ShowArgs, check, say};

/// Shows the wall until somebody ends it.
pub fn run(args: &RunArgs) -> Result<(), Failure> {
    let stamp = args.layout.as_deref().and_then(live::stamp);
    let file = Arc::new(layout(args.layout.as_deref())?);
    let wish = Wish::of(args.journal.as_deref(), args.layout.as_deref());
    let follows = args.layout.as_deref().map(|path| (path, stamp));
    present(file, wish, follows, &args.show)
}

/// Shows a wall that listens to what `file` says, until somebody ends it; takes over what changes
/// in the layout that it follows.
pub fn present(
    file: Arc<LayoutFile>,
    wish: Wish,
    follows: Option<(&Path, Option<live::Stamp>)>,
    args: &ShowArgs,
) -> Result<(), Failure> {
    let mut live = Live::new(wish)?;
    let (sender, commands) = mpsc::channel();
    live::quit_on_signals(&live, sender.clone());
    live.listen(&file)?;
    let mut ports = live::ports(&live, live::solver(file.clone()), commands);
    let assumed = layout::assumed(&file);
    ports.eye = mirror(args, &live)?;
    let live = Arc::new(Mutex::new(live));
    if let Some((path, stamp)) = follows {
        follow(path, stamp, sender, file, live.clone())?;
    }
    let options = Options { windowed: args.windowed, stay: args.stay, ..Options::default() };
    let shown = show(&ports, &options, args.headless, assumed.as_deref());
    // What was heard last is kept before the end.
    if let Ok(mut live) = live.lock() {
        live.end();
    }
    shown
}

/// The layout to show: a file, or the demo that is built in. Prints what is wrong with it.
pub fn layout(path: Option<&Path>) -> Result<LayoutFile, Failure> {
    let Some(path) = path else { return Ok(layout::demo_file()) };
    let (file, report) = check::read(path).map_err(|report| {
        say::report(&report);
        format!("{} cannot become a wall; see above", path.display())
    })?;
    if !report.problems.is_empty() {
        say::report(&report);
    }
    Ok(file)
}

/// `assumed` are the displays of a wall without any, where no monitor tells.
fn show(ports: &Ports, options: &Options, headless: bool, assumed: Option<&str>) -> Result<(), Failure> {
    if headless {
        return without_windows(ports, options, assumed);
    }
    let told = |why: &str| {
        say::tell(format_args!("fishbowl: going on headless ({why}); the mirror shows the wall\n"));
        without_windows(ports, options, assumed)
    };
    if !live::has_display() {
        return told("no display server was found");
    }
    match kiosk::windows::run(ports, options) {
        Err(KioskError::NoWindows(why)) => told(&why),
        other => other.map(|_| ()).map_err(Into::into),
    }
}

fn without_windows(ports: &Ports, options: &Options, assumed: Option<&str>) -> Result<(), Failure> {
    if let Some(assumed) = assumed {
        say::tell(format_args!("fishbowl: the layout names no displays, so it is drawn for {assumed}\n"));
    }
    kiosk::headless::run(ports, options)?;
    Ok(())
}

/// Takes over changes of the layout file. Feeds and pulse start anew only when the change
/// concerns them, because the counts since the start would be lost; else what fails is tried at once.
fn follow(
    path: &Path,
    stamp: Option<live::Stamp>,
    commands: mpsc::Sender<kiosk::Command>,
    first: Arc<LayoutFile>,
    live: Arc<Mutex<Live>>,
) -> Result<(), Failure> {
    let mut heard = layout::solve(&first, &[]);
    let relisten = move |file: &LayoutFile| {
        let wall = layout::solve(file, &[]);
        if listens_alike(&heard, &wall) {
            live.lock().iter().for_each(|live| live.retry());
            return;
        }
        tracing::info!("topics, feeds or tiles changed: counting anew");
        heard = wall;
        match live.lock() {
            Ok(mut live) => live.listen(file).unwrap_or_else(|e| tracing::error!("{e}")),
            Err(_) => tracing::error!("the feeds cannot be started anew"),
        }
    };
    live::watch(path.to_owned(), stamp, commands, relisten)?;
    Ok(())
}

fn listens_alike(old: &Wall, new: &Wall) -> bool {
    let widgets = |wall: &Wall| -> Vec<_> {
        wall.scenes.iter().flat_map(|s| s.tiles.iter().map(|t| t.widget.clone())).collect()
    };
    let topics =
        |wall: &Wall| -> Vec<_> { wall.topics.iter().map(|t| (t.name.clone(), t.query.clone())).collect() };
    old.feeds == new.feeds
        && old.audience == new.audience
        && old.alerts == new.alerts
        && old.journal == new.journal
        && topics(old) == topics(new)
        && widgets(old) == widgets(new)
}

/// Starts the mirror and prints its address. A port that is taken does not stop the wall.
fn mirror(args: &ShowArgs, live: &Live) -> Result<Option<Box<dyn Eye>>, Failure> {
    let (wish, hosts) = (args.mirror.as_str(), Hosts::new(&args.mirror_host)?);
    if wish == "off" {
        return Ok(None);
    }
    let addr: SocketAddr = wish.parse().map_err(|_| {
        format!("--mirror {wish}: write an address and a port such as 127.0.0.1:8460, or `off`")
    })?;
    let mirror = Mirror::new(live.clock.clone())?;
    mirror.set_desk(Desk { snapshot: live.snapshot.clone(), commands: live.commands.clone() });
    match live.runtime.block_on(remote::serve(addr, mirror.clone(), hosts)) {
        Ok(serving) => {
            say::tell(format_args!("mirror: http://{}/\n", remote::openable(serving.addr)));
            if !serving.addr.ip().to_canonical().is_loopback() {
                say::tell(format_args!("fishbowl: warning: {}\n", open_to_all(serving.addr)));
            }
            Ok(Some(Box::new(Onlooker { mirror, tally: live.tally.clone() })))
        }
        Err(error) => {
            say::tell(format_args!(
                "fishbowl: no mirror at {addr}: {error}; choose another with --mirror ADDR\n"
            ));
            Ok(None)
        }
    }
}

fn open_to_all(addr: SocketAddr) -> String {
    format!(
        "the mirror at {addr} asks nobody for a key: whoever reaches it sees the wall and can acknowledge \
         alerts; keep it on 127.0.0.1 behind a proxy that asks, or in a network of its own"
    )
}

/// Hands what the kiosk shows to the mirror.
struct Onlooker {
    mirror: Mirror,
    tally: Arc<ArcSwap<Tally>>,
}

impl Onlooker {
    /// What the journal did, if anything is kept.
    fn journal(&self, recording: &Recording) -> Option<remote::Journal> {
        let tally = self.tally.load();
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        (*recording != Recording::Off).then(|| remote::Journal {
            kept: count(&tally.kept),
            repeats: count(&tally.repeats),
            unrecorded: count(&tally.unrecorded),
            bytes: count(&tally.bytes),
        })
    }
}

impl Eye for Onlooker {
    fn wall(&self, wall: &Wall) {
        self.mirror.set_wall(wall);
    }

    fn drawn(&self, display: usize, now: Time) {
        self.mirror.drawn(display, now);
    }

    fn wants(&self, display: usize, n: u64, now: Time) -> bool {
        self.mirror.wanted(display, n, now)
    }

    fn show(&self, display: usize, n: u64, picture: Picture) {
        let Picture { width, height, rgba } = picture;
        let stride = width as usize * 4;
        let picture = remote::Picture { width, height, stride, order: Order::Rgba, bytes: rgba };
        self.mirror.put(display, n, picture);
    }

    fn standing(&self, now: Standing<'_>) {
        let scene = now.wall.scenes.get(now.scene);
        let absent =
            now.absent.iter().map(|&i| format!("display `{}` has no monitor", now.wall.displays[i].name));
        let vitals = Vitals::from(now.snapshot);
        let journal = self.journal(&vitals.recording);
        let vitals = Vitals { journal, ..vitals };
        let unkept = match &vitals.recording {
            Recording::Failed { why, .. } => Some(format!("not recording: {why}")),
            _ => None,
        };
        self.mirror.set_state(State {
            scene: scene.map(|s| s.name.as_str()).unwrap_or_default().into(),
            title: scene.and_then(|s| s.title.as_deref()).map(Into::into),
            feeds: now.snapshot.feeds.clone(),
            vitals,
            duty: Duty::from(now.snapshot),
            problems: now
                .notice
                .map(str::to_owned)
                .into_iter()
                .chain(unkept)
                .chain(absent)
                .chain(now.remarks.iter().cloned())
                .collect(),
            absent: now.absent,
        });
    }
}
