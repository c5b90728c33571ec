//! The task that keeps the pulse going.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::snapshot::Snapshot;
use super::{PUBLISH_EVERY, Pulse};
use crate::clock::{Clock, Time};
use crate::mention::source::Batch;

/// While the past comes in, which takes all the time there is, snapshots come only so often.
const BACKFILL_EVERY: Duration = Duration::from_millis(100);

/// Folds batches as they come and publishes what changed: at once when the last publication was
/// [`PUBLISH_EVERY`] ago, else as soon as it was. Goes on when no feed is left, because windows
/// move on; ends when it is dropped.
pub async fn run(
    mut pulse: Pulse,
    clock: Clock,
    mut batches: mpsc::Receiver<Batch>,
    publish: impl Fn(Arc<Snapshot>),
) {
    let mut pace = Pace::default();
    let mut open = true;
    loop {
        let mut came = false;
        tokio::select! {
            biased;
            batch = batches.recv(), if open => match batch {
                Some(batch) => {
                    pace.every = if batch.backfill { BACKFILL_EVERY } else { PUBLISH_EVERY };
                    pulse.fold(batch);
                    came = true;
                }
                None => open = false,
            },
            () = tokio::time::sleep(pace.wait(clock.now())) => {}
        }
        let now = clock.now();
        if pace.is_due(now, came) {
            pace.tried = Some(now);
            if let Some(snapshot) = pulse.publish(now) {
                pace.published = Some(now);
                publish(snapshot);
            }
        }
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
