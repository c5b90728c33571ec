//! Feeds that are played rather than received (demo and replay): driven by the wall's clock in a
//! running wall, and by a simulated one for pictures that must be the same every time.

use std::iter;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

use super::adapter::{Adapter, Pace, player_of};
use super::error::FeedError;
use super::player::Player;
use super::sender::{MentionSender, SIGN_OF_LIFE};
use crate::clock::Time;
use crate::layout::feed::FeedSpec;
use crate::layout::wall::Feed;
use crate::mention::Mention;
use crate::mention::source::{Batch, FeedState, Health, MAX_BATCH, Nature};

/// A clock that moves by more than this at once was set, or the machine slept.
const LEAP: Duration = Duration::from_secs(300);

/// Why the feeds of a simulated run cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum PlaybackError {
    #[error("feed `{feed}`: {why}")]
    Unreadable { feed: String, why: String },
}

/// A player and the moment before which everything is history.
#[derive(Debug)]
struct Playback {
    player: Box<dyn Player>,
    start: Time,
    /// True until the history has been handed over.
    past: bool,
}

/// What a course hands over at once.
struct Chunk {
    mentions: Vec<Mention>,
    backfill: bool,
    /// True when there may be more for the same moment.
    more: bool,
}

impl Playback {
    fn open(source: &Arc<str>, spec: &FeedSpec, start: Time) -> Result<Self, String> {
        let player = player_of(spec, source, start);
        let player = player.unwrap_or_else(|| Err("not played in a simulated run".into()))?;
        Ok(Self { player, start, past: true })
    }

    /// Follows a clock that was set.
    fn leap(&mut self, from: Time, to: Time) {
        if self.player.leap(from, to) {
            (self.start, self.past) = (to, true);
        }
    }

    /// Writes down how it stands at `now`.
    fn describe(&self, now: Time, state: &mut FeedState) {
        self.player.describe(now, state);
        if self.past && state.health == Health::Live {
            state.health = Health::CatchingUp;
        }
    }

    fn next(&mut self, now: Time) -> Chunk {
        let backfill = self.past;
        let to = if self.past { self.start.min(now) } else { now };
        let mentions = self.player.until(to);
        let full = mentions.len() >= MAX_BATCH;
        self.past &= full || now < self.start;
        Chunk { mentions, backfill, more: full || (backfill && !self.past) }
    }
}

/// Plays a feed by the wall's clock.
pub(super) struct Playing {
    spec: FeedSpec,
    flush_every: Duration,
}

impl Playing {
    pub fn new(spec: FeedSpec, pace: &Pace) -> Self {
        Self { spec, flush_every: pace.flush_every }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let mut last = sender.clock.now();
        let mut course = self.open(sender, last).await?;
        let mut ticks = interval(self.flush_every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let now = sender.clock.now();
            if now.since(last).max(last.since(now)) > LEAP {
                course.leap(last, now);
            }
            last = now;
            course = hand_over(course, sender, now).await?;
            match &sender.state.health {
                Health::Ended => return Ok(()),
                Health::Down { why, .. } => return Err(FeedError::failed(&**why)),
                _ => {}
            }
        }
    }

    async fn open(&self, sender: &MentionSender, start: Time) -> Result<Playback, FeedError> {
        let (source, spec) = (sender.source().clone(), self.spec.clone());
        off_thread(move || Playback::open(&source, &spec, start)).await?.map_err(FeedError::failed)
    }
}

impl Adapter for Playing {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}

/// Sends all up to `now`.
async fn hand_over(
    mut course: Playback,
    sender: &mut MentionSender,
    now: Time,
) -> Result<Playback, FeedError> {
    loop {
        let chunk;
        (course, chunk) = step(course, now).await?;
        course.describe(now, &mut sender.state);
        if chunk.mentions.is_empty() {
            sender.flush().await?;
        } else {
            sender.send(chunk.mentions, chunk.backfill).await?;
        }
        if !chunk.more {
            return Ok(course);
        }
    }
}

/// One chunk; off the runtime's threads when that may wait for a disk.
async fn step(mut course: Playback, now: Time) -> Result<(Playback, Chunk), FeedError> {
    let reads = course.player.reads_disk() && course.player.position() <= now;
    let next = move || {
        let chunk = course.next(now);
        (course, chunk)
    };
    if reads { off_thread(next).await } else { Ok(next()) }
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, FeedError> {
    spawn_blocking(work).await.map_err(|error| match error.try_into_panic() {
        Ok(panic) => resume_unwind(panic),
        Err(_) => FeedError::Closed,
    })
}

/// The feeds of a wall on a simulated clock. Only demo and replay feeds are played; the others
/// are down and say so.
#[derive(Debug)]
pub struct Recorded {
    voices: Vec<Voice>,
}

/// One feed of a simulated run.
#[derive(Debug)]
struct Voice {
    feed: usize,
    state: FeedState,
    course: Option<Playback>,
    /// When it last sent a batch.
    told: Option<Time>,
    /// The moment up to which everything was handed over.
    done: Option<Time>,
}

/// Sets up the feeds for a simulated run that begins at `start`. Fails when a recording cannot
/// be read.
pub fn recorded(feeds: &[Feed], start: Time) -> Result<Recorded, PlaybackError> {
    let voices = feeds.iter().enumerate().map(|(i, feed)| Voice::new(i, feed, start));
    Ok(Recorded { voices: voices.collect::<Result<_, _>>()? })
}

impl Recorded {
    /// The batches up to and at `now` that were not yet handed over, oldest first as far as
    /// batches can be; each is made when it is asked for. `now` must not go back.
    pub fn until(&mut self, now: Time) -> impl Iterator<Item = Batch> + '_ {
        iter::from_fn(move || {
            loop {
                let waiting = self.voices.iter_mut().filter(|voice| voice.done != Some(now));
                let first = waiting.min_by_key(|voice| voice.position())?;
                if let Some(batch) = first.next(now) {
                    return Some(batch);
                }
            }
        })
    }
}

impl Voice {
    fn new(index: usize, feed: &Feed, start: Time) -> Result<Self, PlaybackError> {
        let mut state = FeedState::new(&feed.name, feed.spec.nature(), feed.stale_after);
        let played = feed.spec.nature() != Nature::Live;
        let course = match Playback::open(&state.name, &feed.spec, start) {
            Ok(course) => Some(course),
            Err(why) if played => return Err(PlaybackError::Unreadable { feed: feed.name.clone(), why }),
            Err(why) => {
                state.health = Health::Down { since: start, why: why.into() };
                None
            }
        };
        Ok(Self { feed: index, state, course, told: None, done: None })
    }

    fn position(&self) -> Time {
        self.course.as_ref().map_or(Time(i64::MIN), |course| course.player.position())
    }

    /// The next batch; `None` when it has nothing to tell at this step.
    fn next(&mut self, now: Time) -> Option<Batch> {
        let chunk = self.course.as_mut().map(|course| course.next(now));
        let health = self.state.health.clone();
        if let Some(course) = &self.course {
            course.describe(now, &mut self.state);
        }
        if self.state.health != health {
            self.told = None;
        }
        let (mentions, backfill, more) =
            chunk.map_or((Vec::new(), false, false), |c| (c.mentions, c.backfill, c.more));
        if !more {
            self.done = Some(now);
        }
        let silent = self.told.is_some_and(|told| self.course.is_none() || now.since(told) < SIGN_OF_LIFE);
        if mentions.is_empty() && (silent || more) {
            return None;
        }
        self.told = Some(now);
        self.state.received += mentions.len() as u64;
        Some(Batch { mentions, backfill, ..Batch::of(self.feed, self.state.clone()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::kinds::{DemoTable, SseTable};
    use crate::layout::value::Lasting;

    const START: Time = Time::from_secs(1_800_000_000);

    fn feed(name: &str, spec: FeedSpec) -> Feed {
        Feed { name: name.into(), stale_after: Duration::from_secs(60), spec }
    }

    fn demo(name: &str, history: u64) -> Feed {
        let history = Lasting::from_secs(history);
        feed(
            name,
            FeedSpec::from(DemoTable { rate_per_s: 40.0, seed: 3, history, rhythm: false, care: None }),
        )
    }

    #[test]
    fn history_comes_first_in_order_and_in_bounded_batches() {
        let mut run = recorded(&[demo("a", 120), demo("b", 120)], START).expect("demo feeds");
        let batches: Vec<_> = run.until(START + Duration::from_secs(10)).collect();
        assert!(batches.iter().all(|b| b.mentions.len() <= MAX_BATCH && b.state.nature == Nature::Simulated));
        for batch in batches.iter().filter(|b| !b.mentions.is_empty()) {
            assert_eq!(batch.backfill, batch.mentions.iter().all(|m| m.ts <= START));
        }
        let past: usize = batches.iter().filter(|b| b.backfill).map(|b| b.mentions.len()).sum();
        assert!((9_000..10_200).contains(&past), "{past}");
        assert_eq!(run.until(START + Duration::from_secs(10)).count(), 0);
    }

    #[test]
    fn a_simulated_run_is_the_same_however_it_is_stepped() {
        let play = |steps: u64| {
            let mut run = recorded(&[demo("a", 5)], START).expect("demo feeds");
            let at = |i| START + Duration::from_millis(20_000 / steps * i);
            let batches: Vec<_> = (0..=steps).flat_map(|i| run.until(at(i)).collect::<Vec<_>>()).collect();
            batches.into_iter().flat_map(|b| b.mentions).collect::<Vec<_>>()
        };
        assert_eq!(play(1), play(1_000));
    }

    #[test]
    fn a_network_feed_is_down_in_a_simulated_run_and_says_so_once() {
        let spec = FeedSpec::from(SseTable::default());
        let mut run = recorded(&[feed("live", spec)], START).expect("nothing to read");
        let batches: Vec<_> = run.until(START).chain(Vec::new()).collect();
        assert!(matches!(&batches[..], [b] if matches!(&b.state.health, Health::Down { why, .. }
            if &**why == "not played in a simulated run")));
        assert_eq!(run.until(START + Duration::from_secs(60)).count(), 0);
    }
}
