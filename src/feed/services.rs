//! Which adapter speaks for which service.

use super::adapter::{Adapter, Pace};
use super::http::Stream;
use super::jetstream::Jetstream;
use super::json::Polled;
use super::mastodon::Mastodon;
use super::nats::Nats;
use super::prometheus::Prometheus;
use super::suites::{brandwatch, meltwater, sprout, talkwalker};
use super::webhook::Webhook;
use super::websocket::Listener;
use super::wikimedia::Edits;
use super::x::X;
use crate::feed::polled::gdelt::Gdelt;
use crate::feed::polled::hackernews::HackerNews;
use crate::feed::polled::reddit::Reddit;
use crate::feed::polled::rss::Rss;
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
