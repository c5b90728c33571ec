//! Whether the feeds of a layout answer, and accept who asks.

use std::collections::BTreeMap;
use std::time::Duration;

use super::finding::{Finding, Standing};
use crate::clock::Clock;
use crate::feed::{self, Cursors};
use crate::layout::wall::{Feed, Wall};
use crate::mention::source::{FeedState, Health, Nature};

/// How long feeds have to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connects to all that is received, and throws away what comes.
pub fn look(wall: &Wall) -> Vec<Finding> {
    const OF: &str = "feed";
    let feeds: Vec<Feed> =
        wall.feeds.iter().filter(|feed| feed.spec.nature() == Nature::Live).cloned().collect();
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
    else {
        return vec![Finding::new(OF, Standing::Unknown, "cannot be tried: no threads", "")];
    };
    let (sender, mut batches) = tokio::sync::mpsc::channel(feed::QUEUE);
    let running = feed::spawn(&feeds, &Cursors::new(), Clock::system(), sender, runtime.handle());
    let clock = Clock::system();
    let end = clock.instant() + PATIENCE;
    let mut last: BTreeMap<usize, FeedState> = BTreeMap::new();
    let is_done = |last: &BTreeMap<usize, FeedState>| {
        last.len() == feeds.len()
            && last.values().all(|state| matches!(state.health, Health::Live | Health::CatchingUp))
    };
    runtime.block_on(async {
        while !is_done(&last) {
            let left = end.saturating_duration_since(clock.instant());
            match tokio::time::timeout(left, batches.recv()).await {
                Ok(Some(batch)) => drop(last.insert(batch.feed, batch.state)),
                _ => return,
            }
        }
    });
    drop(running);
    runtime.shutdown_background();
    feeds.iter().enumerate().map(|(index, feed)| finding(feed, last.get(&index))).collect()
}

fn finding(feed: &Feed, state: Option<&FeedState>) -> Finding {
    const OF: &str = "feed";
    let name = &feed.name;
    match state.map(|state| &state.health) {
        Some(Health::Live | Health::CatchingUp) => Finding::fine(OF, format!("`{name}` answers")),
        Some(Health::Throttled { why, .. }) => Finding::new(
            OF,
            Standing::Warning,
            format!("`{name}` asks for fewer calls: {why}"),
            "Wait, or ask the service for a higher limit; another program may use the same account.",
        ),
        Some(Health::Refused { why, .. }) => Finding::new(
            OF,
            Standing::Fault,
            format!("`{name}` is refused: {why}"),
            remedy(
                why,
                "Check the token and the plan of the account; docs/feeds/README.md has what each service needs.",
            ),
        ),
        Some(Health::Down { why, .. }) => Finding::new(
            OF,
            Standing::Fault,
            format!("`{name}` is down: {why}"),
            remedy(
                why,
                "Check the address, and the network with its proxy and firewall; docs/feeds/README.md has each service's limits.",
            ),
        ),
        _ => Finding::new(
            OF,
            Standing::Warning,
            format!("`{name}` has not answered within {} s", PATIENCE.as_secs()),
            "A quiet feed may have nothing to say; else check the address and the network.",
        ),
    }
}

/// What to do about a failure that names its cause, else what `usual` says.
fn remedy<'a>(why: &str, usual: &'a str) -> &'a str {
    let why = why.to_lowercase();
    let has = |part: &str| why.contains(part);
    match () {
        () if has("certificate") && has("expired") => {
            "Check this machine's clock. If it is right, whoever runs the server has to renew its certificate."
        }
        () if has("certificate") => {
            "Check this machine's clock. Install the root certificates (`sudo apt install ca-certificates`), or that of the \
             server's own authority."
        }
        () if has("lookup") || has("resolve") || has("dns") => {
            "Check the name in the address, and this machine's name server (`resolvectl status`)."
        }
        () if has("redirect") => "Name the address to which it leads in the layout, if you trust it.",
        () if has("connection refused") => {
            "Check the address and its port; nothing listens there, or a firewall is in between."
        }
        () => usual,
    }
}
