//! `fishbowl run`: the wall itself.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use crate::bitmap::Bitmap;
use crate::clock::{Instant, Time};
use crate::control::Desk;
use crate::journal::{self, Tally};
use crate::kiosk::{self, FrameObserver, Options, Ports, WallStatus};
use crate::layout::problem::Report;
use crate::layout::wall::Wall;
use crate::layout::{self, LayoutFile, SolvedLayout};
use crate::power;
use crate::remote::{self, FrameStatus, Hosts, JournalStats, Mirror, Sealed};
use arc_swap::ArcSwap;

use super::args::{RunArgs, ShowArgs};
use super::failure::Failure;
use super::journal_setup::{self, JournalChoice};
use super::kinds::registry;
use super::last_good::LastGood;
use super::live::{self, Live};
use super::restart::{self, Restart};
use super::supervisor::Supervised;
use super::watch::{self, Followed};
use super::{check, output, qr, rewind, safe};

/// Shows the wall until somebody ends it.
pub fn run(args: &RunArgs) -> Result<(), Failure> {
    let Some(path) = args.layout.as_deref() else {
        return present(
            Arc::new(SolvedLayout::new(layout::demo_file(registry()))),
            JournalChoice::of(args.journal.as_deref(), None),
            Follows::Nothing,
            &args.show,
        );
    };
    let stamp = watch::stamp(path);
    let kept = LastGood::of(path).filter(|_| !check::is_handed_over(path));
    let First { file, shown, notice } = match first(path, kept.as_ref()) {
        Ok(first) => first,
        Err(wrong) if safe::is_wanted(args) => return safely(path, &wrong, args),
        Err(_) => return Err(no_wall(path)),
    };
    let wish = JournalChoice::of(args.journal.as_deref(), Some(path));
    let followed = Followed { path: path.into(), stamp, shown, kept };
    present(Arc::new(SolvedLayout::new(file)), wish, Follows::File(followed, notice), &args.show)
}

/// Shows what is `wrong` with the layout at `path` until it is mended, and then begins anew with it.
fn safely(path: &Path, wrong: &Report, args: &RunArgs) -> Result<(), Failure> {
    let layout = Arc::new(SolvedLayout::new(safe::wall(path, wrong)));
    tracing::error!("there is no valid layout; showing what is wrong until it is mended");
    let is_mended = Arc::new(AtomicBool::new(false));
    let (mended, path) = (is_mended.clone(), path.to_owned());
    let begin = move |commands| {
        let work = move || safe::wait(&path, &mended, &commands);
        std::thread::Builder::new().name("fishbowl-layout".into()).spawn(work).map(drop).map_err(Into::into)
    };
    present(layout, JournalChoice::Off, Follows::Until(Box::new(begin)), &args.show)?;
    if is_mended.load(Ordering::Relaxed) { Err(Restart::anew().start()) } else { Ok(()) }
}

/// What a wall shows first.
struct First {
    file: LayoutFile,
    /// The text of the layout, where it is the file's own.
    shown: Option<Arc<str>>,
    /// What the wall says of it.
    notice: Option<Arc<str>>,
}

/// The layout at `path`, or the one that was good last. Prints what is wrong.
fn first(path: &Path, kept: Option<&LastGood>) -> Result<First, Box<Report>> {
    let wrong = match check::read(path) {
        Ok((file, report)) => {
            say_problems(&report);
            return Ok(First { file, shown: Some(report.text), notice: None });
        }
        Err(wrong) => wrong,
    };
    output::eprint_report(&wrong);
    let Some((file, notice)) = kept.and_then(|kept| kept.instead_of(&wrong)) else {
        return Err(Box::new(wrong));
    };
    output::eprint(format_args!("fishbowl: showing the last good version of {}\n", path.display()));
    Ok(First { file, shown: None, notice: Some(notice) })
}

fn say_problems(report: &Report) {
    if !report.problems.is_empty() {
        output::eprint_report(report);
    }
}

fn no_wall(path: &Path) -> Failure {
    format!("{} has errors; see above", path.display()).into()
}

/// What a wall goes by while it runs.
pub enum Follows {
    Nothing,
    /// Changes of a layout file, and what is to be said of it first.
    File(Followed, Option<Arc<str>>),
    /// Somebody who says when it ends.
    Until(Box<dyn FnOnce(mpsc::Sender<kiosk::Command>) -> Result<(), Failure>>),
}

/// Shows a wall that listens to what `layout` says, until somebody ends it; takes over what changes
/// in the layout that it follows, and says first what is to be said of that.
pub fn present(
    layout: Arc<SolvedLayout>,
    wish: JournalChoice,
    follows: Follows,
    args: &ShowArgs,
) -> Result<(), Failure> {
    let mut live = Live::new(wish)?;
    let (sender, commands) = mpsc::channel();
    let last = live::quit_on_signals(&live, sender.clone());
    live.listen(&layout.wall)?;
    let mut ports = live::ports(&live, layout.clone(), commands);
    let assumed = layout.assumed();
    ports.observer = Supervised::over(mirror(args, &live, &layout.wall)?, &live.clock, &live.desk)?;
    // A replay looks at the past, and leaves panels to the wall itself.
    if matches!(follows, Follows::File(..)) {
        power::keep(live.desk.clone(), live.clock.clone(), live.runtime.handle());
    }
    let live = Arc::new(Mutex::new(live));
    live::watch_clock(live.clone())?;
    rewind::follow(live.clone(), ports.desk.clone(), ports.clock.clone())?;
    let end = end_of(&live);
    last.do_this(end.clone());
    let easy_quit = matches!(follows, Follows::Nothing);
    if let Follows::Until(begin) = follows {
        begin(sender)?;
    } else if let Follows::File(followed, notice) = follows {
        if let Some((kept, text)) = followed.kept.as_ref().zip(followed.shown.as_ref()) {
            kept.keep(text);
        }
        if notice.is_some() {
            sender.send(kiosk::Command::Notice(notice))?;
        }
        follow(followed, sender, layout.wall.clone(), live.clone())?;
    }
    let stay = Restart::came().map_or(args.stay, |again| again.left());
    // The demo and replays are looked at from a desk; a wall of its own must not end by a stray key.
    let options = Options { windowed: args.windowed, easy_quit, stay, ..Options::default() };
    let shown = show(&mut ports, &options, args.headless, assumed.as_deref(), end.clone());
    end();
    shown?.map_or(Ok(()), |again| Err(again.start()))
}

/// Ends what runs behind the wall, so that what was heard last is kept.
fn end_of(live: &Arc<Mutex<Live>>) -> impl Fn() + Clone + Send + Sync + 'static {
    let live = live.clone();
    move || {
        if let Ok(mut live) = live.lock() {
            live.end();
        }
    }
}

/// The layout to show: a file, or the demo that is built in. Prints what is wrong with it.
pub fn layout(path: Option<&Path>) -> Result<LayoutFile, Failure> {
    let Some(path) = path else { return Ok(layout::demo_file(registry())) };
    let (file, report) = check::read(path).map_err(|report| {
        output::eprint_report(&report);
        no_wall(path)
    })?;
    say_problems(&report);
    Ok(file)
}

/// `assumed` are the displays of a wall without any, where no monitor tells; `end` is called where
/// the wall has to start anew and cannot come back for that. Gives the start that is due.
fn show(
    ports: &mut Ports,
    options: &Options,
    headless: bool,
    assumed: Option<&str>,
    end: impl Fn() + Send + Sync + 'static,
) -> Result<Option<Restart>, Failure> {
    if !headless && live::has_display() {
        return restart::in_windows(ports, options, end);
    }
    if !headless {
        if Restart::came().is_some() {
            return Err("the window system ended, and the environment names no other".into());
        }
        let why = "no display server was found";
        output::eprint(format_args!(
            "fishbowl: {why}: running headless; watch the wall through the mirror\n"
        ));
    }
    without_windows(ports, options, assumed).map(|()| None)
}

fn without_windows(ports: &Ports, options: &Options, assumed: Option<&str>) -> Result<(), Failure> {
    if let Some(assumed) = assumed {
        output::eprint(format_args!(
            "fishbowl: the layout defines no displays, so it is drawn for {assumed}\n"
        ));
    }
    kiosk::headless::run(ports, options)?;
    Ok(())
}

/// Takes over changes of the layout file. Feeds and pulse start anew only when the change
/// concerns them, because the counts since the start would be lost; else what fails is tried at once.
fn follow(
    followed: Followed,
    commands: mpsc::Sender<kiosk::Command>,
    mut heard: Arc<Wall>,
    live: Arc<Mutex<Live>>,
) -> Result<(), Failure> {
    if check::is_handed_over(&followed.path) {
        return Ok(());
    }
    let behind = live.clone();
    let relisten = move |wall: &Arc<Wall>| {
        if listens_alike(&heard, wall) {
            live.lock().iter().for_each(|live| live.retry());
            return;
        }
        tracing::info!("topics, feeds or tiles changed; restarting the counts");
        heard = wall.clone();
        match live.lock() {
            Ok(mut live) => live.listen(wall).unwrap_or_else(|e| tracing::error!("{e}")),
            Err(_) => tracing::error!("cannot restart the feeds"),
        }
    };
    let behind = behind.lock().map_err(|_| "the feeds failed")?;
    watch::follow(followed, &behind, commands, relisten)
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
        && old.gate == new.gate
        && old.journal == new.journal
        && topics(old) == topics(new)
        && widgets(old) == widgets(new)
}

/// Starts the mirror and prints its address. A port that is taken does not stop the wall.
fn mirror(args: &ShowArgs, live: &Live, wall: &Wall) -> Result<Option<Box<dyn FrameObserver>>, Failure> {
    let hosts = Hosts::new(&args.mirror_host)?;
    let Some(addr) = address(args.mirror.as_deref(), wall)? else { return Ok(None) };
    let mirror = Mirror::new(live.clock.clone(), live.desk.clone())?;
    // Who may see what stands before the first display does.
    mirror.set_wall(wall);
    let sealed = match sealed(addr, wall) {
        Ok(sealed) => sealed,
        Err(why) => {
            output::eprint(format_args!("fishbowl: no mirror: [remote] tls: {why}\n"));
            return Ok(None);
        }
    };
    match live.runtime.block_on(remote::serve(addr, mirror.clone(), hosts, sealed.clone())) {
        Ok(serving) => {
            say_where(serving.addr, sealed.as_ref(), wall.gate.is_some());
            if !serving.addr.ip().to_canonical().is_loopback() {
                mirror.announce_codes(say_code);
            }
            let (tally, desk) = (live.tally.clone(), live.desk.clone());
            Ok(Some(Box::new(MirrorObserver { mirror, tally, desk })))
        }
        Err(error) => {
            output::eprint(format_args!(
                "fishbowl: no mirror: {error}; choose another address with --mirror ADDR\n"
            ));
            Ok(None)
        }
    }
}

/// Where the mirror is to listen, if at all: the command line before the layout.
fn address(wish: Option<&str>, wall: &Wall) -> Result<Option<SocketAddr>, Failure> {
    match wish {
        Some("off") => Ok(None),
        None => Ok(Some(wall.remote.listen.unwrap_or(remote::DEFAULT_ADDR))),
        Some(wish) => wish.parse().map(Some).map_err(|_| {
            let example = "use an IP address and a port, such as 127.0.0.1:8460, or `off`";
            format!("--mirror {wish}: not an address; {example}").into()
        }),
    }
}

/// What the mirror's connections are encrypted with, if they are to be. Where that cannot be done nothing is
/// served in the clear instead.
fn sealed(addr: SocketAddr, wall: &Wall) -> Result<Option<Sealed>, String> {
    let Some(tls) = &wall.remote.tls else { return Ok(None) };
    let folder = journal_setup::state_folder().map(|folder| folder.join("fishbowl"));
    folder.iter().for_each(|folder| journal::close_folder(folder));
    remote::seal(tls, remote::openable(addr), folder.as_deref()).map(Some)
}

fn say_where(addr: SocketAddr, sealed: Option<&Sealed>, has_gate: bool) {
    let (scheme, address) = (if sealed.is_some() { "https" } else { "http" }, remote::openable(addr));
    output::eprint(format_args!("mirror: {scheme}://{address}/\nremote: {scheme}://{address}/remote\n"));
    if has_gate {
        output::eprint(format_args!("moderation: {scheme}://{address}/moderate\n"));
    }
    let is_reached = !addr.ip().to_canonical().is_loopback();
    match sealed {
        Some(sealed) => {
            output::eprint(format_args!("certificate (SHA-256): {}\n", sealed.fingerprint));
        }
        None if is_reached => {
            output::eprint(format_args!("fishbowl: warning: {}\n", in_the_clear(addr)));
        }
        None => {}
    }
    if is_reached {
        output::eprint(format_args!("{}", qr::lines(&format!("{scheme}://{address}/remote"))));
    }
}

fn in_the_clear(addr: SocketAddr) -> String {
    format!(
        "the mirror at {addr} is not encrypted: anyone on this network can read what passes, tokens too; set \
         `[remote] tls = true`, or use a network of its own"
    )
}

/// On the console alone: a code is no matter for a log file.
fn say_code(code: &str) {
    let (first, last) = code.split_at(code.len() / 2);
    output::eprint(format_args!("sign-in code for one phone: {first} {last}\n"));
}

/// Hands what the kiosk shows to the mirror.
struct MirrorObserver {
    mirror: Mirror,
    tally: Arc<ArcSwap<Tally>>,
    desk: Arc<Desk>,
}

/// What the journal did.
fn journal_stats(tally: &Tally) -> JournalStats {
    let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
    JournalStats {
        kept: count(&tally.kept),
        repeats: count(&tally.repeats),
        unrecorded: count(&tally.unrecorded),
        bytes: count(&tally.bytes),
    }
}

impl FrameObserver for MirrorObserver {
    fn wall(&self, wall: &Wall) {
        self.mirror.set_wall(wall);
    }

    fn seen(&self, display: usize, at: Instant) {
        self.mirror.seen(display, at);
    }

    fn wants(&self, display: usize, n: u64, now: Time) -> bool {
        self.mirror.wanted(display, n, now)
    }

    fn show(&self, display: usize, n: u64, picture: Bitmap) {
        self.mirror.put(display, n, picture);
    }

    fn status(&self, now: WallStatus<'_>) {
        let scene = now.wall.scenes.get(now.scene);
        let excused = |display: &usize| self.desk.panels().excuse(&now.wall.displays[*display].name);
        // Many panels take their monitor away when they rest.
        let absent = now.absent.iter().filter(|display| now.outage.is_none() && !excused(display));
        let absent = absent.map(|&i| format!("display `{}` has no monitor", now.wall.displays[i].name));
        let tally = self.tally.load();
        let doubt = tally.doubt.load().as_deref().cloned();
        self.mirror.set_status(FrameStatus {
            scene: scene.map(|s| s.name.as_str()).unwrap_or_default().into(),
            title: scene.and_then(|s| s.title.as_deref()).map(Into::into),
            notice: now.notice.map(str::to_owned),
            problems: doubt.into_iter().chain(absent).chain(now.remarks.iter().cloned()).collect(),
            excused: (0..now.wall.displays.len()).filter(excused).collect(),
            absent: now.absent,
            unseen: now.unseen.iter().map(|unseen| (unseen.display, unseen.length)).collect(),
            outage: now.outage.map(str::to_owned),
            journal: journal_stats(&tally),
        });
    }
}
