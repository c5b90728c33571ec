//! What runs behind a wall: feeds, the journal and the pulse.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use crate::clock::{Clock, Instant};
use crate::control::{Desk, Sources};
use crate::feed::{self, Cursors, Feeds};
use crate::journal::{self, Keeping, Plan, Recorder, Tally};
use crate::kiosk::{self, Command, usage};
use crate::layout::SolvedLayout;
use crate::layout::wall::Wall;
use crate::mention::source::{Nature, Recording};
use crate::pulse::snapshot::Snapshot;
use crate::pulse::{self, Inputs, Pulse, PulseCommand};
use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use super::failure::Failure;
use super::journal_setup::{self, JournalChoice};
use super::last::Last;
use super::supervisor;
use super::time::{self, Shifts};

/// Commands that may wait.
const COMMANDS: usize = 16;

/// Feeds, journal and pulse of one layout.
pub struct Live {
    pub snapshot: Arc<ArcSwap<Snapshot>>,
    pub clock: Clock,
    pub runtime: Runtime,
    /// What the recorder of the present layout has done.
    pub tally: Arc<ArcSwap<Tally>>,
    /// What people ask of the wall.
    pub desk: Arc<Desk>,
    /// To the pulse of the present layout.
    commands: Arc<ArcSwapOption<tokio::sync::mpsc::Sender<PulseCommand>>>,
    wish: JournalChoice,
    /// What it listens to.
    wall: Option<Arc<Wall>>,
    running: Option<Running>,
    /// When it began to listen last.
    began: Instant,
    shifts: Shifts,
    /// Where the monotonic clock stood at the start.
    started: Instant,
    /// The clock is believed, also when it is behind the journal: it was once right, or does not change.
    believes: bool,
}

struct Running {
    feeds: Feeds,
    /// Where it records.
    journal: Option<PathBuf>,
    recorder: Recorder,
    pulse: JoinHandle<()>,
    /// How often the clock was set until it began.
    leaps: u64,
    /// It waits for the clock to be right, but not for ever.
    waits: bool,
}

/// Time between two looks at the clock.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// From one beginning to the next, when a pulse ended by itself.
const BEGIN_EVERY: Duration = Duration::from_secs(10);

impl Running {
    /// Ends the feeds, waits until what they told is kept, and ends the pulse.
    fn end(self) {
        drop(self.feeds);
        self.recorder.join();
        self.pulse.abort();
    }
}

impl Live {
    /// A runtime with two threads that give way to the one that draws. Records as `wish` says.
    pub fn new(wish: JournalChoice) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("fishbowl-feed")
            .on_thread_start(usage::give_way)
            .enable_all()
            .build()?;
        let clock = Clock::system();
        let (tally, sources) = (Default::default(), Sources::default());
        let (snapshot, commands) = (sources.snapshot.clone(), sources.commands.clone());
        let desk = Arc::new(Desk::new(clock.clone(), sources));
        let (started, shifts) = (clock.instant(), Shifts::default());
        Ok(Self {
            snapshot,
            clock,
            runtime,
            tally,
            desk,
            commands,
            wish,
            wall: None,
            running: None,
            shifts,
            began: started,
            started,
            believes: false,
        })
    }

    /// Starts (or starts anew) what `wall` listens to, after what the journal knows of it; waits with
    /// what really happens until the clock is right.
    pub fn listen(&mut self, wall: &Arc<Wall>) -> Result<(), Failure> {
        let (now, leaps) = (self.clock.now(), self.clock.leaps().count);
        let mut pulse = Pulse::new(wall, now)?;
        self.end();
        (self.wall, self.began) = (Some(wall.clone()), self.clock.instant());
        let recording = Arc::<ArcSwap<Recording>>::default();
        pulse.watch(recording.clone());
        let plan = journal_setup::plan(wall, &self.wish, &self.clock)?;
        let waits = self.waits(wall, plan.as_ref());
        let (keeping, cursors) = match waits {
            Some(_) => (Keeping::Off, Cursors::new()),
            None => self.keeping(plan),
        };
        if waits.is_some() {
            pulse.wait_for_time();
        }
        journal_setup::notes(&keeping, &mut pulse, &self.desk);
        journal_setup::decisions(wall, &mut pulse);
        self.believes |= waits.is_none();
        if let Keeping::On(journal) = &keeping {
            let run = self.clock.instant().saturating_duration_since(self.started);
            let offset = (self.clock.now() - run).0;
            self.shifts.note(&journal.plan().settings.path, journal.head(), offset);
        }
        let past = journal_setup::past(&keeping, self.shifts.clone(), pulse.recall_from(now), now);
        journal_setup::numbers(&keeping, now, &mut pulse);
        let (heard, to_keep) = tokio::sync::mpsc::channel(feed::QUEUE);
        let (kept, batches) = tokio::sync::mpsc::channel(feed::QUEUE);
        let (command, commands) = tokio::sync::mpsc::channel(COMMANDS);
        self.commands.store(Some(Arc::new(command)));
        let (note, notes) = tokio::sync::mpsc::channel(pulse::NOTES_QUEUE);
        self.desk.keep_in(matches!(keeping, Keeping::On(_)).then(|| note.clone()));
        // What only stands in memory is not read again.
        let is_read_again = matches!(keeping, Keeping::On(_)) || waits.is_some() || !hears(wall);
        let path = match &keeping {
            Keeping::On(journal) => Some(journal.plan().settings.path.clone()),
            _ => None,
        };
        let recorder = journal::spawn(keeping, self.clock.clone(), to_keep, notes, kept, recording)?;
        self.tally.store(recorder.tally.clone());
        let handle = self.runtime.handle();
        let snapshot = self.snapshot.clone();
        let publish = move |new: Arc<Snapshot>| snapshot.store(new);
        let renewed = is_read_again.then_some(leaps);
        let inputs = Inputs { batches, past, renewed, notes: Some(note), commands: Some(commands) };
        let pulse = handle.spawn(pulse::run(pulse, self.clock.clone(), inputs, publish));
        let feeds = match &waits {
            Some((why, _)) => feed::spawn_waiting(&wall.feeds, why, self.clock.clone(), heard, handle),
            None => feed::spawn(&wall.feeds, &cursors, self.clock.clone(), heard, handle),
        };
        let waits = waits.is_some_and(|(_, may_pass)| may_pass);
        self.running = Some(Running { feeds, journal: path, recorder, pulse, leaps, waits });
        Ok(())
    }

    /// Why nothing that really happens is listened to yet, and whether that passes.
    fn waits(&self, wall: &Wall, plan: Option<&Plan>) -> Option<(Arc<str>, bool)> {
        let waits = time::waits(plan, &self.clock).filter(|_| hears(wall))?;
        let is_over = waits.1 && self.believes;
        if !is_over {
            tracing::warn!("{}", waits.0);
        }
        (!is_over).then_some(waits)
    }

    /// Begins anew when the clock was set, or has not been for so long that it may be right; also
    /// when the pulse broke.
    pub fn look(&mut self) {
        let now = self.clock.now();
        let Some(wall) = self.wall.clone() else { return };
        let (run, leaps) = (self.clock.instant().saturating_duration_since(self.began), self.clock.leaps());
        let was_set = self.running.as_ref().is_some_and(|running| leaps.count > running.leaps);
        let has_ended = self.running.as_ref().is_none_or(|running| running.pulse.is_finished());
        if self.running.as_ref().is_some_and(|running| running.waits) && run >= time::PATIENCE {
            tracing::warn!(
                "this machine's clock is still behind the journal; going by the clock from now on"
            );
            self.believes = true;
        } else if !has_ended || !(was_set || run >= BEGIN_EVERY) {
            return;
        } else if let Some(leap) = leaps.last.filter(|_| was_set) {
            tracing::warn!("{}; reading the past again", time::leap(leap.by_ns, now));
        }
        self.listen(&wall).unwrap_or_else(|error| tracing::error!("{error}"));
    }

    /// The wall that it listens to, and the journal in which it records that.
    pub fn recorded(&self) -> Option<(Arc<Wall>, PathBuf)> {
        self.wall.clone().zip(self.running.as_ref()?.journal.clone())
    }

    /// Tries at once what rests after a failure.
    pub fn retry(&self) {
        self.running.iter().for_each(|running| running.feeds.retry());
    }

    /// Ends feeds and pulse once what was heard is kept.
    pub fn end(&mut self) {
        self.wall = None;
        if let Some(running) = self.running.take() {
            running.end();
        }
    }

    /// Opens the journal, and says where the feeds go on. One that cannot be used does not stop
    /// the wall.
    fn keeping(&self, plan: Option<Plan>) -> (Keeping, Cursors) {
        let (keeping, cursors) = match Keeping::start(plan) {
            Keeping::On(journal) => match journal.cursors() {
                Ok(cursors) => (Keeping::On(journal), cursors),
                Err(error) => (Keeping::failed(journal.plan().clone(), error), Cursors::new()),
            },
            other => (other, Cursors::new()),
        };
        match &keeping {
            Keeping::On(journal) => {
                tracing::info!("recording to {}", journal.plan().settings.path.display());
                self.wish.sign(journal);
            }
            Keeping::Failed(_, why, _) => tracing::error!("not recording: {why}"),
            Keeping::Off => {}
        }
        (keeping, cursors)
    }
}

/// Begins anew when the clock was set, in a thread of its own.
pub fn watch_clock(live: Arc<Mutex<Live>>) -> Result<(), Failure> {
    let work = move || {
        while let Ok(mut live) = live.lock() {
            live.look();
            drop(live);
            std::thread::sleep(LOOK_EVERY);
        }
    };
    std::thread::Builder::new().name("fishbowl-time".into()).spawn(work)?;
    Ok(())
}

/// Whether a wall hears anything that happens now.
fn hears(wall: &Wall) -> bool {
    wall.feeds.iter().any(|feed| feed.spec.nature() == Nature::Live)
}

/// Ends the kiosk on Ctrl-C and on the supervisor's request: within a second, whatever it waits for.
pub fn quit_on_signals(live: &Live, commands: mpsc::Sender<Command>) -> Last {
    let last = Last::default();
    let then = last.clone();
    live.runtime.spawn(async move {
        wait_for_signal().await;
        supervisor::stopping();
        // The kiosk is already gone when nobody listens.
        let _ = commands.send(Command::Quit);
        then.after_all();
    });
    last
}

#[cfg(unix)]
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await.unwrap_or(()),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

/// True where a window system announces itself.
pub fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    !cfg!(all(unix, not(target_os = "macos")))
        || set("WAYLAND_DISPLAY")
        || set("WAYLAND_SOCKET")
        || set("DISPLAY")
}

/// Ports for a kiosk that draws what `live` knows.
pub fn ports(live: &Live, layout: Arc<SolvedLayout>, commands: mpsc::Receiver<Command>) -> kiosk::Ports {
    let (clock, snapshot) = (live.clock.clone(), live.snapshot.clone());
    let desk = live.desk.clone();
    desk.set_wall(&layout.wall);
    kiosk::Ports { clock, layout, snapshot, commands, desk, notice: None, observer: None }
}
