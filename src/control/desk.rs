//! The desk: where every request arrives, and where everybody reads what holds.
//!
//! Limits: acts wait for the journal in the queue that the pulse's notes wait in; beyond it an act is done and
//! not kept, which the log tells.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, ArcSwapOption};
use jiff::tz::TimeZone;

use tokio::sync::{mpsc, watch};

use super::act::{Act, about, act, note};
use super::adoptions::{Adoptions, MonitorsNow};
use super::power::Panels;
use super::stage::Stage;
use super::state::{Refusal, Rewind, State};
use super::verb::{LONGEST, Request, Verb};
use super::who::Who;
use crate::clock::{Clock, Time};
use crate::layout::moment;
use crate::layout::remote::KeyAct;
use crate::layout::rundown::Rundown;
use crate::layout::vacancies::Vacancies;
use crate::layout::wall::{Feed, Wall};
use crate::mention::source::{Note, NoteKind};
use crate::pulse::PulseCommand;
use crate::pulse::alerts::AlertCommand;
use crate::pulse::gate::{GateAct, GateCommand};
use crate::pulse::snapshot::Snapshot;

/// Key of the note that holds the state: below 1970, so that it never grows old.
const STATE_KEY: (i64, i64) = (0, -1);

/// Where the desk finds what is counted, and whom it tells what to do about alerts.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The newest snapshot.
    pub snapshot: Arc<ArcSwap<Snapshot>>,
    /// To the present pulse, if there is one.
    pub commands: Arc<ArcSwapOption<mpsc::Sender<PulseCommand>>>,
}

/// One for each wall; shared by all ways in and by the one who draws.
#[derive(Debug)]
pub struct Desk {
    clock: Clock,
    sources: Sources,
    state: ArcSwap<State>,
    /// Counts what changed.
    changes: watch::Sender<u64>,
    /// What is played in place of the present.
    past: ArcSwapOption<Past>,
    /// What the displays' panels do.
    panels: Panels,
    /// Monitors in place of those that are gone.
    adoptions: Adoptions,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    rundown: Rundown,
    /// What keys do beside the usual, where the keyboard at the wall controls it.
    keys: Option<Arc<[(String, KeyAct)]>>,
    zone: Option<TimeZone>,
    has_gate: bool,
    /// To the journal, where the wall has one.
    notes: Option<mpsc::Sender<Vec<Note>>>,
    /// Somebody has asked for something since the start, or what was asked before has been read.
    is_current: bool,
    /// Tells acts of the same moment apart.
    acts: i64,
}

/// A past time that is played.
#[derive(Debug, Default)]
pub struct Past {
    /// Tells it from others that were played.
    pub id: u64,
    /// In place of the wall's feeds.
    pub feeds: Vec<Feed>,
    pub snapshot: Arc<ArcSwap<Snapshot>>,
}

/// Why something was not done, in words for who asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not with this role.
    #[error("{0}")]
    Forbidden(String),
    #[error("{0}")]
    Wrong(String),
    #[error("{0}")]
    Missing(String),
    /// Too late.
    #[error("{0}")]
    Ended(String),
    #[error("the wall is busy; try again")]
    Busy,
}

impl Desk {
    pub fn new(clock: Clock, sources: Sources) -> Self {
        let (state, changes, inner) = (ArcSwap::default(), watch::Sender::new(0), Mutex::default());
        let (past, panels, adoptions) = (ArcSwapOption::default(), Panels::default(), Adoptions::default());
        Self { clock, sources, state, changes, past, panels, adoptions, inner }
    }

    /// Says which scenes the wall has, at the start and after every change of the layout.
    pub fn set_wall(&self, wall: &Wall) {
        let mut inner = self.inner();
        inner.rundown = Rundown::of(wall);
        inner.keys = wall.remote.keys.then(|| wall.remote.bound.clone().into());
        (inner.zone, inner.has_gate) = (Some(wall.time_zone()), wall.gate.is_some());
        let mut state = State::clone(&self.state.load());
        state.fit(&inner.rundown);
        // What was shown then nobody could hide.
        state.rewind.take_if(|_| inner.has_gate);
        self.publish(state);
    }

    /// Says where acts are kept from now on.
    pub fn keep_in(&self, notes: Option<mpsc::Sender<Vec<Note>>>) {
        self.inner().notes = notes;
    }

    /// Takes up what held before a restart. What is asked for since counts more.
    pub fn recall(&self, notes: &[Note]) {
        let kept = notes.iter().find(|note| note.kind == NoteKind::Control && note.key == STATE_KEY);
        let Some(kept) = kept else { return };
        let mut inner = self.inner();
        if std::mem::replace(&mut inner.is_current, true) {
            return;
        }
        match serde_json::from_slice::<State>(&kept.body) {
            Ok(mut state) => {
                state.rewind.take_if(|_| inner.has_gate);
                self.publish(state);
            }
            Err(error) => tracing::warn!("what people had asked of the wall cannot be read: {error}"),
        }
    }

    /// The newest snapshot of what is counted.
    pub fn snapshot(&self) -> &Arc<ArcSwap<Snapshot>> {
        &self.sources.snapshot
    }

    /// What is played in place of the present, if anything is.
    pub fn past(&self) -> Option<Arc<Past>> {
        self.past.load_full()
    }

    /// What the displays' panels do, as whoever switches them says.
    pub fn panels(&self) -> &Panels {
        &self.panels
    }

    /// Which displays are shown on another monitor than their own, or could be.
    pub fn adoptions(&self) -> &Adoptions {
        &self.adoptions
    }

    /// What is offered to displays without a monitor, and what they have accepted.
    pub fn monitors(&self) -> MonitorsNow {
        self.adoptions.now(|display| self.panels.is_excused(display))
    }

    /// Says how displays and monitors stand now.
    pub fn see_monitors(&self, now: Vacancies) {
        self.adoptions.see(now, |display| self.panels.is_excused(display));
    }

    /// The past cannot be played, or not any more; because of a gate, none can be until the wall is another.
    pub fn end_rewind(&self, has_gate: bool) {
        let mut inner = self.inner();
        inner.has_gate |= has_gate;
        let mut state = State::clone(&self.state.load());
        if state.rewind.take().is_some() {
            self.publish(state);
        }
    }

    /// Shows a past in place of the present, or the present again.
    pub fn show_past(&self, past: Option<Arc<Past>>) {
        self.past.store(past);
    }

    /// What keys at the wall do beside the usual; `None` where the keyboard does not control it.
    pub fn keys(&self) -> Option<Arc<[(String, KeyAct)]>> {
        self.inner().keys.clone()
    }

    /// Whether acts are kept over a restart.
    pub fn is_kept(&self) -> bool {
        self.inner().notes.as_ref().is_some_and(|notes| !notes.is_closed())
    }

    /// What holds now; parts of it may have ended since.
    pub fn state(&self) -> Arc<State> {
        self.state.load_full()
    }

    /// Wakes when something changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Grows with every change. A copy: whoever held the value itself would hold up all changes.
    pub fn serial(&self) -> u64 {
        *self.changes.borrow()
    }

    /// The scenes, modes and hours of the wall.
    pub fn rundown(&self) -> Rundown {
        self.inner().rundown.clone()
    }

    /// Does what `who` asks for.
    ///
    /// # Errors
    /// When it was not done, and why; nothing has changed then.
    pub fn act(&self, who: &Who, request: &Request) -> Result<(), Refused> {
        let verb = request.verb.name();
        if !who.may(&request.verb) {
            let why = format!("{} has the role `{}`, which may not `{verb}`", who.name, who.role.word());
            return Err(Refused::Forbidden(why));
        }
        let (now, asked) = (self.clock.now(), Some(self.clock.instant()));
        let mut inner = self.inner();
        let mut state = State { asked, ..State::clone(&self.state.load()) };
        if let Verb::Acknowledge { alert } = request.verb {
            self.acknowledge(alert, &who.name)?;
        } else if let Some((act, mention)) = request.verb.moderation() {
            self.moderate(act, (mention, request.verb.words()), &who.name)?;
        } else if let Verb::Adopt { display, monitor } = &request.verb {
            self.adoptions.adopt((display, monitor), &who.name, now).map_err(Refused::Missing)?;
        } else if let Verb::Release { display } = &request.verb {
            self.adoptions.release(display).map_err(Refused::Missing)?;
        } else {
            let snapshot = self.sources.snapshot.load();
            if let Verb::Spotlight { mention } = &request.verb
                && !(snapshot.may_show(mention) && snapshot.shown(mention).is_some())
            {
                return Err(Refused::Missing("the wall has no such text that may be shown".into()));
            }
            let stage = Stage::at(&inner.rundown, &state, &snapshot.alerts, now);
            let done = state.apply(request, &who.name, now, (&inner.rundown, (stage.scene, stage.mode)));
            done.map_err(|Refusal(why)| Refused::Wrong(why))?;
            if let Some(rewind) = inner.rewind(&request.verb, now)? {
                state.rewind(rewind, &who.name, now);
            }
        }
        tracing::info!(by = %who.name, about = ?about(&request.verb, ""), "{verb}");
        inner.is_current = true;
        inner.keep(&state, act(who, request, now));
        self.publish(state);
        Ok(())
    }

    fn acknowledge(&self, id: u64, by: &str) -> Result<(), Refused> {
        let snapshot = self.sources.snapshot.load();
        let alert = snapshot.alerts.iter().find(|alert| alert.id == id);
        let alert = alert.ok_or_else(|| Refused::Missing("no such alert".into()))?;
        if !alert.is_live() {
            return Err(Refused::Ended("this alert has ended".into()));
        }
        self.ask(PulseCommand::Alert(AlertCommand::Acknowledge { id, by: by.into() }))
    }

    fn moderate(&self, act: GateAct, (uid, words): (&str, Option<&str>), by: &str) -> Result<(), Refused> {
        let snapshot = self.sources.snapshot.load();
        let none = "this wall has no gate; a layout defines one in `[gate]`";
        let gate = snapshot.gate.as_ref().ok_or_else(|| Refused::Wrong(none.into()))?;
        let none = || Refused::Missing("no such text at the gate, or not any more".into());
        let known = gate.known(uid).ok_or_else(none)?;
        if words.is_some_and(|words| words != seal_words(known.words)) {
            return Err(Refused::Ended("this text was edited since you read it; read it again".into()));
        }
        if act == GateAct::Ban && !known.has_author {
            return Err(Refused::Wrong("its source does not say who wrote this; hide it instead".into()));
        }
        // It may be edited before this arrives.
        let words = words.map(|_| known.words);
        self.ask(PulseCommand::Gate(GateCommand { mention: uid.into(), words, act, by: by.into() }))
    }

    fn ask(&self, command: PulseCommand) -> Result<(), Refused> {
        let sent = self.sources.commands.load().as_ref().map(|to| to.try_send(command));
        sent.is_some_and(|sent| sent.is_ok()).then_some(()).ok_or(Refused::Busy)
    }

    fn publish(&self, state: State) {
        self.state.store(Arc::new(state));
        self.changes.send_modify(|count| *count += 1);
    }

    /// The lock's content, also after a panic elsewhere: it is whole at any time.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// The past time that is asked for, if one is.
    fn rewind(&self, verb: &Verb, now: Time) -> Result<Option<Rewind>, Refused> {
        let Verb::Rewind { from, to, speed } = verb else { return Ok(None) };
        let refuse = |why: &str| Err(Refused::Wrong(why.into()));
        if self.has_gate {
            return refuse(
                "a wall with a gate cannot be rewound: moderators could not hide what it shows then",
            );
        }
        if self.notes.as_ref().is_none_or(mpsc::Sender::is_closed) {
            return refuse("this wall keeps no journal that could be played");
        }
        let zone = self.zone.clone().unwrap_or(TimeZone::UTC);
        let moment = |key: &str, text: &str| {
            moment::parse(text, now, &zone).map_err(|why| Refused::Wrong(format!("rewind: {key}: {why}")))
        };
        let from = moment("from", from)?;
        let to = to.as_deref().map_or(Ok(now), |to| moment("to", to))?.min(now);
        if from >= to {
            return refuse("rewind: `from` must be before `to`, and in the past");
        }
        if to.since(from).as_secs_f64() / f64::from(*speed) > LONGEST.as_secs_f64() {
            return refuse("rewind: it would take more than 24 h; use a greater `speed`");
        }
        Ok(Some(Rewind { from, to, speed: *speed }))
    }

    fn keep(&mut self, state: &State, act: Act) {
        let Some(notes) = &self.notes else { return };
        self.acts += 1;
        let kept =
            [note(NoteKind::Control, STATE_KEY, state), note(NoteKind::Act, (self.acts, act.at.0), &act)];
        if notes.try_send(kept.into_iter().flatten().collect()).is_err() {
            tracing::warn!("the journal is busy: `{}` by {} is not kept", act.verb, act.by.name);
        }
    }
}

/// The seal of a text's words, as people's programs send it back.
pub fn seal_words(seal: u64) -> String {
    format!("{seal:016x}")
}

#[cfg(test)]
mod tests;
