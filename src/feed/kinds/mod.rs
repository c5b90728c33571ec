//! The kinds of feeds: a file or a folder each.

pub(in crate::feed) mod bluesky;
pub(in crate::feed) mod brandwatch;
pub mod demo;
pub(in crate::feed) mod gdelt;
pub(in crate::feed) mod hackernews;
pub(in crate::feed) mod json;
pub(in crate::feed) mod mastodon;
pub(in crate::feed) mod meltwater;
pub(in crate::feed) mod nats;
pub(in crate::feed) mod prometheus;
pub(in crate::feed) mod reddit;
pub(in crate::feed) mod replay;
pub(in crate::feed) mod rss;
pub(in crate::feed) mod self_described;
pub(in crate::feed) mod sprout;
pub(in crate::feed) mod stream;
pub(in crate::feed) mod suites;
pub(in crate::feed) mod talkwalker;
pub(in crate::feed) mod webhook;
pub(in crate::feed) mod websocket;
pub(in crate::feed) mod wikimedia;
pub(in crate::feed) mod x;

use self::bluesky::Jetstream;
use self::gdelt::Gdelt;
use self::hackernews::HackerNews;
use self::json::Polled;
use self::mastodon::Mastodon;
use self::nats::Nats;
use self::prometheus::Prometheus;
use self::reddit::Reddit;
use self::rss::Rss;
use self::stream::Stream;
use self::webhook::Webhook;
use self::websocket::Listener;
use self::wikimedia::Edits;
use self::x::X;
use super::adapter::{Adapter, Pace};
use crate::layout::feed::Service;

/// The adapter of a service.
pub(super) fn adapter(service: &Service, pace: &Pace) -> Box<dyn Adapter> {
    match service {
        Service::Bluesky(table) => Box::new(Jetstream::new(table, pace)),
        Service::Wikimedia(table) => Box::new(Edits::new(table, pace)),
        Service::Rss(table) => Box::new(Rss::new(table, pace)),
        Service::HackerNews(table) => Box::new(HackerNews::new(table, pace)),
        Service::Gdelt(table) => Box::new(Gdelt::new(table, pace)),
        Service::Reddit(table) => Box::new(Reddit::new(table, pace)),
        Service::Mastodon(table) => Box::new(Mastodon::new(table, pace)),
        Service::X(table) => Box::new(X::new(table, pace)),
        Service::Brandwatch(table) => Box::new(brandwatch::Source::new(table, pace)),
        Service::Talkwalker(table) => Box::new(talkwalker::Source::new(table, pace)),
        Service::Meltwater(table) => Box::new(meltwater::Source::new(table, pace)),
        Service::Sprout(table) => Box::new(sprout::Source::new(table, pace)),
        Service::Ndjson(table) => Box::new(Stream::ndjson(table, pace)),
        Service::Sse(table) => Box::new(Stream::sse(table, pace)),
        Service::Json(table) => Box::new(Polled::new(table, pace)),
        Service::WebSocket(table) => Box::new(Listener::new(table, pace)),
        Service::Webhook(table) => Box::new(Webhook::new(table, pace)),
        Service::Nats(table) => Box::new(Nats::new(table, pace)),
        Service::Prometheus(table) => Box::new(Prometheus::new(table, pace)),
    }
}
