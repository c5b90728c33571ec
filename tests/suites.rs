//! Listening suites against scripted servers that answer as the services document it, and fail in
//! all the ways that they may.

#[allow(dead_code, reason = "the tests of feeds use more of it")]
#[path = "feeds/client.rs"]
mod client;
#[allow(dead_code, reason = "the tests of feeds use more of it")]
#[path = "feeds/server.rs"]
mod server;

#[path = "suites/brandwatch.rs"]
mod brandwatch;
#[path = "suites/meltwater.rs"]
mod meltwater;
#[path = "suites/sprout.rs"]
mod sprout;
#[path = "suites/talkwalker.rs"]
mod talkwalker;

use std::path::PathBuf;
use std::time::Duration;

use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::source::{Batch, Health};
use tempfile::NamedTempFile;

/// A token in a file; feeds with the same one share a budget.
struct Token(NamedTempFile);

impl Token {
    fn new(secret: &str) -> Self {
        let file = NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), format!("{secret}\n")).expect("it is writable");
        Self(file)
    }

    fn file(&self) -> Option<PathBuf> {
        Some(self.0.path().into())
    }
}

fn service(spec: FeedSpec) -> Feed {
    Feed { name: "feed".into(), stale_after: client::LIMIT * 50, spec }
}

/// What a state is called, in the order in which the feed had them; that it connects says nothing.
fn states(seen: &[Batch]) -> Vec<&'static str> {
    let name = |batch: &Batch| match batch.state.health {
        Health::Connecting => "connecting",
        Health::Live => "live",
        Health::Down { .. } => "down",
        Health::Throttled { .. } => "throttled",
        Health::Refused { .. } => "refused",
        Health::CatchingUp => "catching up",
        Health::Ended => "ended",
    };
    let mut states: Vec<_> = seen.iter().map(name).filter(|name| *name != "connecting").collect();
    states.dedup();
    states
}

fn is_throttled(seen: &[Batch]) -> bool {
    seen.last().is_some_and(|batch| matches!(batch.state.health, Health::Throttled { .. }))
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}
