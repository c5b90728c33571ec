//! The kinds of feeds, a file or a folder each. A kind is added by its file and one line below.

mod asked;
mod faults;
pub(in crate::feed) mod self_described;
mod stream;
mod suites;
#[cfg(test)]
mod tests;

use crate::feed::adapter::entry;
use crate::layout::feed::FeedEntry;

/// Declares each module with its kind's table.
macro_rules! kinds {
    ($($module:ident $table:ident),* $(,)?) => {
        $(pub(in crate::feed) mod $module; pub use $module::$table;)*

        /// The kinds of feeds that Fishbowl listens to.
        pub const KINDS: &[FeedEntry] = &[$(entry::<$table>()),*];
    };
}

kinds! {
    demo DemoTable,
    replay ReplayTable,
    ndjson NdjsonTable,
    sse SseTable,
    bluesky BlueskyTable,
    wikimedia WikimediaTable,
    rss RssTable,
    hackernews HackerNewsTable,
    gdelt GdeltTable,
    reddit RedditTable,
    mastodon MastodonTable,
    x XTable,
    brandwatch BrandwatchTable,
    talkwalker TalkwalkerTable,
    meltwater MeltwaterTable,
    sprout SproutTable,
    json JsonTable,
    websocket WebSocketTable,
    webhook WebhookTable,
    nats NatsTable,
    prometheus PrometheusTable,
}

pub use super::poll::paging::Paging;
pub use super::transport::listen_address::Listen;
pub use super::transport::signature::Profile;
pub use super::transport::template::Resume;
pub use demo::{Demo, DemoTopic, TOPICS};
pub use mastodon::table::{Timeline, Transport};
pub use ndjson::Framing;
pub use x::table::XMode;
