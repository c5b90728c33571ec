//! Tasks that dim the monitors of a wall, and set them back.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::ddc::{self, Level};
use super::dimmer::dim;
use super::holds::Holds;
use super::i2c::{Buses, Reached};
use super::link::{PATIENCE, aside};
use super::said::Trouble;
use crate::clock::{Clock, Instant};
use crate::control::Desk;
use crate::control::backlight::{BacklightNow, wanted};
use crate::layout::backlight::BacklightSpec;

/// Between two looks at what is wanted.
const TICK: Duration = Duration::from_millis(500);
/// From a failure to the next try, at first and at most.
const AGAIN: Duration = Duration::from_secs(5);
const AGAIN_SELDOM: Duration = Duration::from_secs(600);
/// Failures before that is told, of a monitor that does not answer.
const MISSES: u32 = 3;

/// Opens the bus of the monitor at a connector.
pub type Opener = dyn Fn(&BacklightSpec, Option<&str>) -> Result<Reached, Trouble> + Send + Sync;

/// Asks a monitor how bright it is; changes nothing.
///
/// # Errors
/// When it does not say.
pub async fn level(spec: &BacklightSpec, connector: Option<&str>) -> Result<Level, Trouble> {
    let (spec, connector) = (spec.clone(), connector.map(str::to_owned));
    let ask = move || ddc::brightness(&mut *Buses::default().reach(&spec, connector.as_deref())?.bus);
    aside(&Arc::new(Semaphore::new(1)), ask).await
}

/// What every task needs.
struct Tools {
    desk: Arc<Desk>,
    clock: Clock,
    open: Arc<Opener>,
    holds: Arc<Holds>,
}

/// Dims monitors until it is ended.
pub struct Dimming {
    ends: watch::Sender<bool>,
    runtime: Handle,
    follower: JoinHandle<()>,
}

impl Dimming {
    /// Begins to dim the monitors of the desk's wall as its mode wants it.
    pub fn start(desk: Arc<Desk>, clock: Clock, runtime: &Handle, open: Arc<Opener>, holds: Holds) -> Self {
        let tools = Arc::new(Tools { desk, clock, open, holds: Arc::new(holds) });
        let (ends, over) = watch::channel(false);
        Self { ends, runtime: runtime.clone(), follower: runtime.spawn(follow(tools, over)) }
    }

    /// Sets all monitors back, and waits for them as long as one exchange may take. Not to be called by a task.
    pub fn end(self) {
        self.ends.send_replace(true);
        if self.runtime.block_on(async { timeout(PATIENCE + TICK, self.follower).await }).is_err() {
            tracing::warn!("not all monitors were set back to their brightness; the next start will do it");
        }
    }
}

/// A monitor that a task looks after.
struct Attended {
    of: (String, BacklightSpec),
    ends: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Sets monitors back that the layout does not name any more, and begins with those that are new in it.
async fn follow(tools: Arc<Tools>, mut over: watch::Receiver<bool>) {
    let mut attended: Vec<Attended> = Vec::new();
    let mut is_over = false;
    while !is_over {
        is_over = ticked(&mut over).await;
        let power = tools.desk.rundown().power;
        let named = if is_over { &[][..] } else { &power.backlights };
        let gone: Vec<_> = attended.extract_if(.., |one| !named.contains(&one.of)).collect();
        gone.iter().for_each(|one| _ = one.ends.send_replace(true));
        for one in gone {
            // One that panicked has been told of.
            let _ = one.task.await;
        }
        for of in named {
            if attended.iter().all(|one| one.of != *of) {
                let (ends, over) = watch::channel(false);
                let task = tokio::spawn(attend(tools.clone(), of.clone(), over));
                attended.push(Attended { of: of.clone(), ends, task });
            }
        }
    }
}

/// Waits a moment; true when it is over.
async fn ticked(over: &mut watch::Receiver<bool>) -> bool {
    let is_gone = matches!(timeout(TICK, over.changed()).await, Ok(Err(_)));
    is_gone || *over.borrow()
}

/// Looks after one monitor.
async fn attend(
    tools: Arc<Tools>,
    (display, spec): (String, BacklightSpec),
    mut over: watch::Receiver<bool>,
) {
    let panels = tools.desk.panels();
    let mut monitor = Monitor::new(tools.clock.instant());
    let mut is_over = false;
    while !is_over {
        panels.backlights().note(&display, Some(monitor.told.clone()));
        is_over = ticked(&mut over).await;
        let connector = panels.output(&display);
        let is_there = spec.bus.is_some() || connector.is_some();
        if !is_there {
            monitor.done = None;
        }
        let percent = match is_over {
            true => 100,
            false => wanted(&tools.desk.rundown(), &tools.desk.state(), tools.clock.now()),
        };
        // What is off may not hear it, and shows nothing.
        let is_dark = panels.is_excused(&display) && !is_over;
        let is_needless = is_over && tools.holds.of(&display).is_none();
        if !is_there || is_dark || is_needless || !monitor.is_due(percent, tools.clock.instant()) {
            continue;
        }
        let said = tools.set(&display, &spec, connector, (percent, &monitor.turn)).await;
        monitor.heard(&display, percent, said, tools.clock.instant());
    }
    panels.backlights().note(&display, None);
}

impl Tools {
    async fn set(
        &self,
        display: &str,
        spec: &BacklightSpec,
        connector: Option<String>,
        (percent, turn): (u8, &Arc<Semaphore>),
    ) -> Result<Level, Trouble> {
        let (open, holds) = (self.open.clone(), self.holds.clone());
        let (display, spec) = (display.to_owned(), spec.clone());
        aside(turn, move || {
            let mut reached = open(&spec, connector.as_deref())?;
            let hold = |held| holds.hold(&display, held);
            dim(&mut *reached.bus, &reached.monitor, percent, holds.of(&display), &hold)
        })
        .await
    }
}

/// What is known of one monitor.
struct Monitor {
    /// One exchange at a time.
    turn: Arc<Semaphore>,
    told: BacklightNow,
    /// Percent at which it was set last, and then not again.
    done: Option<u8>,
    /// Percent of its light at which it stands.
    stands: u8,
    tried: u8,
    failures: u32,
    due: Instant,
}

impl Monitor {
    fn new(now: Instant) -> Self {
        let (turn, told) = (Arc::new(Semaphore::new(1)), BacklightNow::default());
        Self { turn, told, done: None, stands: 100, tried: 100, failures: 0, due: now }
    }

    fn is_due(&mut self, percent: u8, now: Instant) -> bool {
        if std::mem::replace(&mut self.tried, percent) != percent {
            (self.failures, self.due) = (0, now);
        }
        self.done != Some(percent) && now >= self.due
    }

    fn heard(&mut self, name: &str, percent: u8, said: Result<Level, Trouble>, now: Instant) {
        let before = self.told.problem.take();
        match said {
            Ok(level) => {
                (self.done, self.stands, self.failures) = (Some(percent), percent, 0);
                self.told = BacklightNow { level: Some((level.now, level.most)), ..BacklightNow::default() };
                let Level { now, most } = level;
                tracing::debug!("the brightness of {name} is {now} of {most}");
                if before.is_some() {
                    tracing::info!("the backlight of {name} obeys again");
                }
            }
            Err(why) => {
                self.failures = self.failures.saturating_add(1);
                self.due = now + (AGAIN * 2u32.saturating_pow((self.failures - 1).min(8))).min(AGAIN_SELDOM);
                let is_told =
                    self.failures >= MISSES || matches!(why, Trouble::Refused(_)) || before.is_some();
                let problem = format!("display {name} is dimmed by its picture, not by its backlight: {why}");
                let problem = is_told.then_some(problem);
                problem
                    .iter()
                    .filter(|problem| before.as_ref() != Some(problem))
                    .for_each(|problem| tracing::warn!("{problem}"));
                self.told = BacklightNow { level: None, stuck: Some(self.stands), problem };
            }
        }
    }
}
