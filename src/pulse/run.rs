//! The task that keeps the pulse going.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::{TryRecvError, TrySendError};

use crate::clock::{Clock, Instant};
use crate::mention::source::{Batch, Note, Recording};
use crate::pulse::alerts::AlertCommand;
use crate::pulse::gate::GateCommand;
use crate::pulse::persist::recall::Piece;
use crate::pulse::snapshot::Snapshot;
use crate::pulse::state::Pulse;

/// Shortest time between two publications.
pub const PUBLISH_EVERY: Duration = Duration::from_millis(30);
/// While the past comes in, which takes all the time there is, snapshots come only so often.
const BACKFILL_EVERY: Duration = Duration::from_millis(100);

/// After so many live batches in a row the past has its turn.
const FAIR: u32 = 8;

/// A clock that was set by less moves windows by so much and does no harm.
const LEAP: Duration = Duration::from_secs(5);

/// Folding that is so far behind the time in which batches came is more than can be folded whole …
const LAG: Duration = Duration::from_millis(250);
/// … when at least so many live mentions came meanwhile: a slow start and a stalled machine are no load.
const LOAD: usize = 4_096;
/// Time without work makes up for so many times as much work: a fifth of the time is to stay free.
const SPARE: u32 = 4;

/// Something that people ask of a pulse.
#[derive(Clone, Debug, PartialEq)]
pub enum PulseCommand {
    Alert(AlertCommand),
    Gate(GateCommand),
}

/// What a pulse is fed with.
#[derive(Debug)]
pub struct Inputs {
    /// What is heard now.
    pub batches: mpsc::Receiver<Batch>,
    /// What the journal tells of the time before, if it does; folded when nothing is heard, and
    /// at least after every eighth batch.
    pub past: Option<mpsc::Receiver<Piece>>,
    /// What people do about alerts and at the gate, where they can.
    pub commands: Option<mpsc::Receiver<PulseCommand>>,
    /// Whoever listens begins anew when the clock was set, and reads the past again: how often it was
    /// until the pulse was made. `None`: nobody does.
    pub renewed: Option<u64>,
    /// Takes what is to be kept beside the mentions; what it has no room for waits.
    pub notes: Option<mpsc::Sender<Vec<Note>>>,
}

#[allow(clippy::large_enum_variant, reason = "it is taken apart where it is made")]
enum Event {
    Asked(PulseCommand),
    /// Nobody will ask any more.
    Unasked,
    /// It is time to look.
    Time,
    Batch(Batch),
    Past(Piece),
    /// All of the past is told.
    Told,
    /// No feed is left.
    Closed,
}

/// Folds batches as they come and publishes what changed: at once when the last publication was
/// [`PUBLISH_EVERY`] ago, else as soon as it was. While folding lags by more than `LAG` it thins
/// what it folds. Goes on when no feed is left, because windows move on; ends when it is dropped, and
/// before anything is folded by a clock that was set, where it is renewed then.
pub async fn run(mut pulse: Pulse, clock: Clock, mut inputs: Inputs, publish: impl Fn(Arc<Snapshot>)) {
    let (mut pace, mut strain) = (Pace::default(), Strain::at(clock.instant()));
    let (mut open, mut in_a_row) = (true, 0);
    let mut leaps = inputs.renewed.unwrap_or_else(|| clock.leaps().count);
    let mut commands = inputs.commands.take();
    if inputs.past.is_some() {
        pulse.begin_recall();
    }
    loop {
        let (mut came, mut live) = (true, None);
        let happened = tokio::select! {
            biased;
            command = ask(&mut commands) => command.map_or(Event::Unasked, Event::Asked),
            event = next(&mut inputs, open, in_a_row >= FAIR), if open || inputs.past.is_some() => event,
            () = tokio::time::sleep(pace.wait(clock.instant())) => Event::Time,
        };
        let now = clock.now();
        if let Some(leap) = leap(&clock, &mut leaps) {
            // What only stands in memory is not read again.
            if inputs.renewed.is_some() && !matches!(**pulse.recording.load(), Recording::Failed { .. }) {
                return;
            }
            if leap > 0 {
                pulse.leap(now);
            }
        }
        match happened {
            Event::Asked(PulseCommand::Alert(command)) => pulse.command(&command, now),
            Event::Asked(PulseCommand::Gate(command)) => pulse.moderate(&command, now),
            Event::Unasked => commands = None,
            Event::Batch(batch) => {
                in_a_row += 1;
                pace.every = if batch.backfill { BACKFILL_EVERY } else { PUBLISH_EVERY };
                live = Some(if batch.backfill { 0 } else { batch.mentions.len() });
                strain.begins(clock.instant());
                pulse.press(strain.is_too_much());
                pulse.fold(batch);
            }
            Event::Past(Piece { kept, since, unread }) => {
                (in_a_row, pace.every) = (0, BACKFILL_EVERY);
                pulse.recall(kept);
                pulse.cannot_read(&unread);
                since.into_iter().for_each(|since| pulse.told_since(since));
            }
            Event::Told => {
                inputs.past = None;
                pulse.recalled();
            }
            Event::Closed => (open, came) = (false, false),
            Event::Time => came = false,
        }
        hand_over(&mut pulse, inputs.notes.as_ref());
        let instant = clock.instant();
        if pace.is_due(instant, came) {
            pace.tried = Some(instant);
            if let Some(snapshot) = pulse.publish(now) {
                pace.published = Some(instant);
                publish(snapshot);
            }
        }
        if let Some(live) = live {
            strain.ends(live, clock.instant());
        }
    }
}

/// Nanoseconds by which the clock was set since the last look, if that is more than [`LEAP`].
fn leap(clock: &Clock, seen: &mut u64) -> Option<i64> {
    let leaps = clock.leaps();
    let missed = leaps.count - std::mem::replace(seen, leaps.count);
    let by = leaps.last.map_or(0, |leap| leap.by_ns);
    // Of several only the last is known.
    (missed > 1 || missed == 1 && by.unsigned_abs() > LEAP.as_nanos() as u64).then_some(by)
}

/// Gives the pulse's notes to whoever keeps them, when there is room.
fn hand_over(pulse: &mut Pulse, to: Option<&mpsc::Sender<Vec<Note>>>) {
    match to.map(mpsc::Sender::try_reserve) {
        Some(Ok(room)) => {
            let notes = pulse.notes();
            if !notes.is_empty() {
                room.send(notes);
            }
        }
        Some(Err(TrySendError::Full(()))) => {}
        Some(Err(TrySendError::Closed(()))) | None => drop(pulse.notes()),
    }
}

/// What comes next: what is heard now before the past, unless it is the past's turn. Loses
/// nothing when it is given up.
async fn next(inputs: &mut Inputs, open: bool, past_first: bool) -> Event {
    let Inputs { batches, past, .. } = inputs;
    if past_first {
        match past.as_mut().map(|past| past.try_recv()) {
            Some(Ok(kept)) => return Event::Past(kept),
            Some(Err(TryRecvError::Disconnected)) => return Event::Told,
            Some(Err(TryRecvError::Empty)) | None => {}
        }
    }
    tokio::select! {
        biased;
        batch = batches.recv(), if open => batch.map_or(Event::Closed, Event::Batch),
        kept = tell(past) => kept.map_or(Event::Told, Event::Past),
    }
}

async fn ask(commands: &mut Option<mpsc::Receiver<PulseCommand>>) -> Option<PulseCommand> {
    match commands {
        Some(commands) => commands.recv().await,
        None => std::future::pending().await,
    }
}

async fn tell(past: &mut Option<mpsc::Receiver<Piece>>) -> Option<Piece> {
    match past {
        Some(past) => past.recv().await,
        None => std::future::pending().await,
    }
}

/// How far folding lags: the time it took, less what time without work made up for.
#[derive(Debug)]
struct Strain {
    lag: Duration,
    /// Live mentions since there was no lag.
    mentions: usize,
    /// When the last work began or ended.
    since: Instant,
}

impl Strain {
    fn at(now: Instant) -> Self {
        Self { lag: Duration::ZERO, mentions: 0, since: now }
    }

    /// A batch came, after a time without work.
    fn begins(&mut self, now: Instant) {
        self.lag = self.lag.saturating_sub((now - self.since).saturating_mul(SPARE));
        if self.lag.is_zero() {
            self.mentions = 0;
        }
        self.since = now;
    }

    /// It is folded.
    fn ends(&mut self, mentions: usize, now: Instant) {
        self.lag = (self.lag + (now - self.since)).min(LAG * 2);
        self.mentions = self.mentions.saturating_add(mentions);
        self.since = now;
    }

    fn is_too_much(&self) -> bool {
        self.lag >= LAG && self.mentions >= LOAD
    }
}

/// When to publish.
#[derive(Debug)]
struct Pace {
    every: Duration,
    published: Option<Instant>,
    tried: Option<Instant>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { every: PUBLISH_EVERY, published: None, tried: None }
    }
}

impl Pace {
    fn is_due(&self, now: Instant, came: bool) -> bool {
        left(self.published, self.every, now).is_zero()
            && (came || left(self.tried, PUBLISH_EVERY, now).is_zero())
    }

    /// Rounded up to a millisecond, which is as fine as the timer.
    fn wait(&self, now: Instant) -> Duration {
        let published = left(self.published, self.every, now);
        published.max(left(self.tried, PUBLISH_EVERY, now)).max(Duration::from_millis(1))
    }
}

/// What is left of `every` since `at`.
fn left(at: Option<Instant>, every: Duration, now: Instant) -> Duration {
    at.map_or(Duration::ZERO, |at| every.saturating_sub(now.saturating_duration_since(at)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;

    /// Whether so much is too much: batches of so many mentions, microseconds from one to the next,
    /// and microseconds that each takes; 1,000 times.
    fn is_too_much(mentions: usize, every: u64, takes: u64) -> bool {
        let start = Clock::simulated(Time::default()).instant();
        let mut strain = Strain::at(start);
        let mut pressed = false;
        for i in 1..=1_000 {
            strain.begins(start + Duration::from_micros(i * every));
            pressed |= strain.is_too_much();
            strain.ends(mentions, start + Duration::from_micros(i * every + takes));
        }
        pressed
    }

    #[test]
    fn only_work_that_lags_is_too_much() {
        assert!(!is_too_much(1, 10, 10), "many small batches without a break");
        assert!(!is_too_much(0, 10_000, 10_000), "changes of state, or the past");
        assert!(!is_too_much(1_000, 20_000, 5_000), "much, and time for it");
        assert!(!is_too_much(100, 20_000, 15_000), "busy, and done before the next");
        assert!(is_too_much(100, 10_000, 9_999), "more than can be folded");
        assert!(!is_too_much(1, 1_000, 1_000), "a slow machine that hears little");
    }

    #[test]
    fn a_burst_is_folded_whole_and_a_slow_start_is_no_load() {
        let start = Clock::simulated(Time::default()).instant();
        let mut strain = Strain::at(start);
        strain.ends(36, start + Duration::from_secs(3));
        assert!(!strain.is_too_much(), "it read its tables");
        strain.begins(start + Duration::from_secs(4));
        strain.ends(50_000, start + Duration::from_micros(4_200_000));
        assert!(!strain.is_too_much(), "all of it came at once, and 0.2 s are enough");
    }
}
