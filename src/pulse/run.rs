//! The task that keeps the pulse going.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::{TryRecvError, TrySendError};

use super::alert::AlertCommand;
use super::snapshot::Snapshot;
use super::{PUBLISH_EVERY, Piece, Pulse};
use crate::clock::{Clock, Time};
use crate::mention::source::{Batch, Note};

/// While the past comes in, which takes all the time there is, snapshots come only so often.
const BACKFILL_EVERY: Duration = Duration::from_millis(100);

/// After so many live batches in a row the past has its turn.
const FAIR: u32 = 8;

/// Folding that is so far behind the time in which batches came is more than can be folded whole …
const LAG: Duration = Duration::from_millis(250);
/// … when at least so many live mentions came meanwhile: a slow start and a stalled machine are no load.
const LOAD: usize = 4_096;
/// Time without work makes up for so many times as much work: a fifth of the time is to stay free.
const SPARE: u32 = 4;

/// What a pulse is fed with.
#[derive(Debug)]
pub struct Inputs {
    /// What is heard now.
    pub batches: mpsc::Receiver<Batch>,
    /// What the journal tells of the time before, if it does; folded when nothing is heard, and
    /// at least after every eighth batch.
    pub past: Option<mpsc::Receiver<Piece>>,
    /// What people do about alerts, where they can.
    pub commands: Option<mpsc::Receiver<AlertCommand>>,
    /// Takes what is to be kept beside the mentions; what it has no room for waits.
    pub notes: Option<mpsc::Sender<Vec<Note>>>,
}

#[allow(clippy::large_enum_variant, reason = "it is taken apart where it is made")]
enum Event {
    Batch(Batch),
    Past(Piece),
    /// All of the past is told.
    Told,
    /// No feed is left.
    Closed,
}

/// Folds batches as they come and publishes what changed: at once when the last publication was
/// [`PUBLISH_EVERY`] ago, else as soon as it was. While folding lags by more than [`LAG`] it thins
/// what it folds. Goes on when no feed is left, because windows move on; ends when it is dropped.
pub async fn run(mut pulse: Pulse, clock: Clock, mut inputs: Inputs, publish: impl Fn(Arc<Snapshot>)) {
    let (mut pace, mut strain) = (Pace::default(), Strain::at(clock.now()));
    let (mut open, mut in_a_row) = (true, 0);
    let mut commands = inputs.commands.take();
    if inputs.past.is_some() {
        pulse.begin_recall();
    }
    loop {
        let (mut came, mut live) = (true, None);
        tokio::select! {
            biased;
            command = ask(&mut commands) => match command {
                Some(command) => pulse.command(&command, clock.now()),
                None => commands = None,
            },
            event = next(&mut inputs, open, in_a_row >= FAIR), if open || inputs.past.is_some() => match event {
                Event::Batch(batch) => {
                    in_a_row += 1;
                    pace.every = if batch.backfill { BACKFILL_EVERY } else { PUBLISH_EVERY };
                    live = Some(if batch.backfill { 0 } else { batch.mentions.len() });
                    strain.begins(clock.now());
                    pulse.press(strain.is_too_much());
                    pulse.fold(batch);
                }
                Event::Past(Piece { kept, since }) => {
                    (in_a_row, pace.every) = (0, BACKFILL_EVERY);
                    pulse.recall(kept);
                    since.into_iter().for_each(|since| pulse.told_since(since));
                }
                Event::Told => {
                    inputs.past = None;
                    pulse.recalled();
                }
                Event::Closed => (open, came) = (false, false),
            },
            () = tokio::time::sleep(pace.wait(clock.now())) => came = false,
        }
        hand_over(&mut pulse, inputs.notes.as_ref());
        let now = clock.now();
        if pace.is_due(now, came) {
            pace.tried = Some(now);
            if let Some(snapshot) = pulse.publish(now) {
                pace.published = Some(now);
                publish(snapshot);
            }
        }
        if let Some(live) = live {
            strain.ends(live, clock.now());
        }
    }
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

async fn ask(commands: &mut Option<mpsc::Receiver<AlertCommand>>) -> Option<AlertCommand> {
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
    since: Time,
}

impl Strain {
    fn at(now: Time) -> Self {
        Self { lag: Duration::ZERO, mentions: 0, since: now }
    }

    /// A batch came, after a time without work.
    fn begins(&mut self, now: Time) {
        self.lag = self.lag.saturating_sub(now.since(self.since).saturating_mul(SPARE));
        if self.lag.is_zero() {
            self.mentions = 0;
        }
        self.since = now;
    }

    /// It is folded.
    fn ends(&mut self, mentions: usize, now: Time) {
        self.lag = (self.lag + now.since(self.since)).min(LAG * 2);
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
    published: Option<Time>,
    tried: Option<Time>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { every: PUBLISH_EVERY, published: None, tried: None }
    }
}

impl Pace {
    fn is_due(&self, now: Time, came: bool) -> bool {
        left(self.published, self.every, now).is_zero()
            && (came || left(self.tried, PUBLISH_EVERY, now).is_zero())
    }

    /// Rounded up to a millisecond, which is as fine as the timer.
    fn wait(&self, now: Time) -> Duration {
        let published = left(self.published, self.every, now);
        published.max(left(self.tried, PUBLISH_EVERY, now)).max(Duration::from_millis(1))
    }
}

/// What is left of `every` since `at`; nothing when the clock was set back.
fn left(at: Option<Time>, every: Duration, now: Time) -> Duration {
    match at {
        Some(at) if at <= now => every.saturating_sub(now.since(at)),
        _ => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether so much is too much: batches of so many mentions, microseconds from one to the next,
    /// and microseconds that each takes; 1,000 times.
    fn is_too_much(mentions: usize, every: i64, takes: i64) -> bool {
        let mut strain = Strain::at(Time::default());
        let mut pressed = false;
        for i in 1..=1_000 {
            strain.begins(Time::from_micros(i * every));
            pressed |= strain.is_too_much();
            strain.ends(mentions, Time::from_micros(i * every + takes));
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
        let mut strain = Strain::at(Time::default());
        strain.ends(36, Time::from_secs(3));
        assert!(!strain.is_too_much(), "it read its tables");
        strain.begins(Time::from_secs(4));
        strain.ends(50_000, Time::from_micros(4_200_000));
        assert!(!strain.is_too_much(), "all of it came at once, and 0.2 s are enough");
    }
}
