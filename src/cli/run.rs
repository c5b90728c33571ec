//! `fishbowl run`: the wall itself.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use crate::kiosk::{self, Options, Ports};
use crate::layout::problem::Report;
use crate::layout::wall::Wall;
use crate::layout::{self, LayoutFile, SolvedLayout};
use crate::power;

use super::adopted::Adopted;
use super::args::{RunArgs, ShowArgs};
use super::dimmed;
use super::failure::Failure;
use super::journal_setup::JournalChoice;
use super::kinds::registry;
use super::ladder::{Ladder, Rung};
use super::last_good::LastGood;
use super::live::{self, Live};
use super::mirrored::mirror;
use super::restart::{self, Restart};
use super::stamp::stamp;
use super::supervisor::Supervised;
use super::watch::{self, Followed};
use super::{check, output, rewind, safe};

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
    // Walls that somebody looks after by hand are left to that person.
    let is_looked_after = safe::is_wanted(args) && !check::is_handed_over(path);
    let ladder = is_looked_after.then(|| Ladder::of(path));
    let rung = ladder.as_ref().map_or(Rung::Usual, |ladder| ladder.climb(Restart::came().is_some()));
    let shown = show_on(path, args, (ladder.as_ref(), rung));
    if shown.is_ok() {
        ladder.iter().for_each(Ladder::forget);
    }
    shown
}

/// Shows the wall, or as much of it as may be risked after so many bad ends.
fn show_on(path: &Path, args: &RunArgs, (ladder, rung): (Option<&Ladder>, Rung)) -> Result<(), Failure> {
    let stamp = stamp(path);
    let kept = (!check::is_handed_over(path)).then(|| LastGood::of(path));
    let before = kept.as_ref().filter(|_| rung == Rung::LastGood).and_then(|kept| kept.proven(path));
    let First { file, shown, notice } = match (rung, before) {
        (Rung::Safe(ends), _) => return safely(path, safe::Why::Ends(ends), args, ladder),
        (_, Some((file, notice))) => First { file, shown: None, notice: Some(notice) },
        _ => match first(path, kept.as_ref()) {
            Ok(first) => first,
            Err(wrong) if safe::is_wanted(args) => {
                return safely(path, safe::Why::Wrong(&wrong), args, ladder);
            }
            Err(_) => return Err(no_wall(path)),
        },
    };
    let wish = JournalChoice::of(args.journal.as_deref(), Some(path));
    let followed = Followed { path: path.into(), stamp, shown, kept };
    let follows = Follows::File(Box::new(followed), notice, ladder.cloned());
    present(Arc::new(SolvedLayout::new(file)), wish, follows, &args.show)
}

/// Shows why the wall cannot be shown until that may have changed, and then begins again.
fn safely(path: &Path, why: safe::Why<'_>, args: &RunArgs, ladder: Option<&Ladder>) -> Result<(), Failure> {
    let layout = Arc::new(SolvedLayout::new(safe::wall(path, &why)));
    tracing::error!("{}", why.log());
    let is_mended = Arc::new(AtomicBool::new(false));
    let (mended, path, waiting) = (is_mended.clone(), path.to_owned(), why.waiting());
    let begin = move |commands| {
        let work = move || safe::wait(&path, waiting, &mended, &commands);
        std::thread::Builder::new().name("fishbowl-layout".into()).spawn(work).map(drop).map_err(Into::into)
    };
    present(layout, JournalChoice::Off, Follows::Until(Box::new(begin), ladder.cloned()), &args.show)?;
    if !is_mended.load(Ordering::Relaxed) {
        return Ok(());
    }
    ladder.into_iter().for_each(Ladder::forget);
    Err(Restart::anew().start())
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
    /// Changes of a layout file, what is to be said of it first, and what is to be told of a good end.
    File(Box<Followed>, Option<Arc<str>>, Option<Ladder>),
    /// Somebody who says when it ends; and what is to be told of a good end.
    Until(Box<dyn FnOnce(mpsc::Sender<kiosk::Command>) -> Result<(), Failure>>, Option<Ladder>),
}

impl Follows {
    fn ladder(&self) -> Option<Ladder> {
        match self {
            Self::File(_, _, ladder) | Self::Until(_, ladder) => ladder.clone(),
            Self::Nothing => None,
        }
    }
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
    ports.observer = Supervised::over(mirror(args, &live, &layout.wall)?, &live.clock)?;
    // A replay looks at the past, and leaves panels to the wall itself.
    let dimming = if let Follows::File(followed, ..) = &follows {
        power::keep(live.desk.clone(), live.clock.clone(), live.runtime.handle());
        Some(dimmed::start(&live, &followed.path))
    } else {
        None
    };
    if let Follows::File(followed, ..) = &follows {
        Adopted::of(&followed.path).restore(live.desk.adoptions());
    }
    let live = Arc::new(Mutex::new(live));
    live::watch_clock(live.clone())?;
    rewind::follow(live.clone(), ports.desk.clone(), ports.clock.clone())?;
    let end = end_of(&live);
    let (forced, ladder) = (end.clone(), follows.ladder());
    last.do_this(move || {
        forced();
        ladder.iter().for_each(Ladder::forget);
    });
    let easy_quit = matches!(follows, Follows::Nothing);
    if let Follows::Until(begin, _) = follows {
        begin(sender)?;
    } else if let Follows::File(followed, notice, _) = follows {
        if let Some((kept, text)) = followed.kept.as_ref().zip(followed.shown.as_ref()) {
            kept.keep(text);
        }
        if notice.is_some() {
            sender.send(kiosk::Command::Notice(notice))?;
        }
        follow(*followed, sender, layout.wall.clone(), live.clone())?;
    }
    let stay = Restart::came().map_or(args.stay, |again| again.left());
    // The demo and replays are looked at from a desk; a wall of its own must not end by a stray key.
    let options = Options { windowed: args.windowed, easy_quit, stay, ..Options::default() };
    let shown = show(&mut ports, &options, args.headless, assumed.as_deref(), end.clone());
    dimming.into_iter().for_each(power::Dimming::end);
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
