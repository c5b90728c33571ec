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
        loop {
            std::thread::sleep(LOOK_EVERY);
            let wanted = standing(&desk.state().rewind, clock.now()).map(|kept| kept.what);
            if playing.as_ref().map(|playing| playing.what) == wanted {
                continue;
            }
            playing = None;
            desk.show_past(None);
            let Some(what) = wanted else { continue };
            let Ok(live) = live.lock() else { return };
            let begun = live.recorded().map(|(wall, journal)| play(&wall, journal, what, &live, &clock));
            match begun {
                Some(Ok((begun, past))) => {
                    desk.show_past(Some(past));
                    playing = Some(begun);
                }
                Some(Err(error)) => tracing::error!("cannot play the past: {error}"),
                None => tracing::error!("cannot play the past: this wall keeps no journal"),
            }
        }
    };
    std::thread::Builder::new().name("fishbowl-rewind".into()).spawn(work)?;
    Ok(())
}

fn play(
    wall: &Wall,
    journal: PathBuf,
    what: Rewind,
    live: &Live,
    clock: &Clock,
) -> Result<(Playing, Arc<Past>), Failure> {
    let table = ReplayTable {
        file: journal,
        speed: what.speed,
        repeat: false,
        from: Some(what.from),
        to: Some(what.to),
    };
    let feed = Feed { name: FEED.into(), stale_after: std::time::Duration::MAX, spec: table.into() };
    let wall = Wall { feeds: vec![feed], ..wall.clone() };
    let pulse = Pulse::new(&wall, clock.now())?;
    let snapshot = Arc::<ArcSwap<Snapshot>>::default();
    let shown = snapshot.clone();
    let (heard, batches) = tokio::sync::mpsc::channel(feed::QUEUE);
    let inputs = Inputs { batches, past: None, renewed: None, notes: None, commands: None };
    let runtime: &Handle = live.runtime.handle();
    let publish = move |new: Arc<Snapshot>| shown.store(new);
    let pulse = runtime.spawn(pulse::run(pulse, clock.clone(), inputs, publish));
    let feeds = feed::spawn(&wall.feeds, &Cursors::new(), clock.clone(), heard, runtime);
    let past = Past { feeds: wall.feeds, snapshot };
    Ok((Playing { what, _feeds: feeds, pulse }, Arc::new(past)))
}
