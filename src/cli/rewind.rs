//! A past time on a running wall: played from its journal into a pulse of its own, beside the one that goes on
//! listening.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::failure::Failure;
use super::live::Live;
use crate::clock::Clock;
use crate::control::{Desk, Past, Rewind, standing};
use crate::feed::kinds::ReplayTable;
use crate::feed::{self, Cursors, Feeds};
use crate::layout::wall::{Feed, Wall};
use crate::pulse::snapshot::Snapshot;
use crate::pulse::{self, Inputs, Pulse};

/// Name of the feed that plays.
const FEED: &str = "replay";

/// Time between two looks at what is asked for: what ends by itself ends without a change.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_millis(250);

/// What plays.
struct Playing {
    what: Rewind,
    /// For this wall: another has other topics.
    wall: Arc<Wall>,
    _feeds: Feeds,
    pulse: JoinHandle<()>,
}

impl Drop for Playing {
    fn drop(&mut self) {
        self.pulse.abort();
    }
}

/// Plays what people ask for, as long as the wall runs, in a thread of its own.
pub fn follow(live: Arc<Mutex<Live>>, desk: Arc<Desk>, clock: Clock) -> Result<(), Failure> {
    let work = move || {
        let mut playing: Option<Playing> = None;
        for id in 1.. {
            // Until something else is to be played.
            let (begun, has_gate) = loop {
                std::thread::sleep(LOOK_EVERY);
                let wanted = standing(&desk.state().rewind, clock.now()).map(|kept| kept.what);
                let Ok(live) = live.lock() else { return };
                let recorded = live.recorded();
                let same = playing.as_ref().map(|playing| (playing.what, Arc::as_ptr(&playing.wall)));
                if same == wanted.zip(recorded.as_ref().map(|(wall, _)| Arc::as_ptr(wall))) {
                    continue;
                }
                // What is heard may have a gate before the wall on the displays has it.
                let has_gate = recorded.as_ref().is_some_and(|(wall, _)| wall.gate.is_some());
                let none = || Err("this wall keeps no journal".into());
                let play = |what| recorded.map_or_else(none, |at| play(at, what, id, &live, &clock));
                break (wanted.map(play), has_gate);
            };
            playing = None;
            desk.show_past(None);
            match begun {
                Some(Ok((begun, past))) => {
                    desk.show_past(Some(past));
                    playing = Some(begun);
                }
                Some(Err(error)) => {
                    tracing::error!("cannot play the past: {error}");
                    desk.end_rewind(has_gate);
                }
                None => {}
            }
        }
    };
    std::thread::Builder::new().name("fishbowl-rewind".into()).spawn(work)?;
    Ok(())
}

fn play(
    (heard, journal): (Arc<Wall>, PathBuf),
    what: Rewind,
    id: u64,
    live: &Live,
    clock: &Clock,
) -> Result<(Playing, Arc<Past>), Failure> {
    if heard.gate.is_some() {
        return Err("the wall has a gate".into());
    }
    if feed::first_of(&journal, Some(what.from), Some(what.to))?.is_none() {
        return Err("nothing was recorded in that time".into());
    }
    let table = ReplayTable {
        file: journal,
        speed: what.speed,
        repeat: false,
        from: Some(what.from),
        to: Some(what.to),
    };
    let feed = Feed { name: FEED.into(), stale_after: std::time::Duration::MAX, spec: table.into() };
    let wall = Wall { feeds: vec![feed], ..Wall::clone(&heard) };
    let pulse = Pulse::new(&wall, clock.now())?;
    let snapshot = Arc::<ArcSwap<Snapshot>>::default();
    let shown = snapshot.clone();
    let (sender, batches) = tokio::sync::mpsc::channel(feed::QUEUE);
    let inputs = Inputs { batches, past: None, renewed: None, notes: None, commands: None };
    let runtime: &Handle = live.runtime.handle();
    let publish = move |new: Arc<Snapshot>| shown.store(new);
    let pulse = runtime.spawn(pulse::run(pulse, clock.clone(), inputs, publish));
    let feeds = feed::spawn(&wall.feeds, &Cursors::new(), clock.clone(), sender, runtime);
    let past = Past { id, feeds: wall.feeds, snapshot };
    Ok((Playing { what, wall: heard, _feeds: feeds, pulse }, Arc::new(past)))
}
