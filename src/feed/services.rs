//! Which adapter speaks for which service.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::http::Stream;
use super::json::Polled;
use super::nats::Nats;
use super::outlet::Outlet;
use super::supervise::{Adapter, Pace, Stop};
use super::webhook::Webhook;
use super::websocket::Listener;
use crate::layout::feed::Service;

/// The adapter of a service.
pub(super) fn adapter(service: &Service, pace: &Pace) -> Box<dyn Adapter> {
    match service {
        Service::Ndjson(table) => Box::new(Stream::ndjson(table, pace)),
        Service::Sse(table) => Box::new(Stream::sse(table, pace)),
        Service::Json(table) => Box::new(Polled::new(table, pace)),
        Service::WebSocket(table) => Box::new(Listener::new(table, pace)),
        Service::Nats(table) => Box::new(Nats::new(table, pace)),
        Service::Webhook(table) => Box::new(Webhook::new(table)),
        other => Box::new(Unspoken(other.kind())),
    }
}

/// A service whose adapter has not landed yet.
struct Unspoken(&'static str);

impl Adapter for Unspoken {
    fn play<'a>(&'a mut self, _: &'a mut Outlet) -> BoxFuture<'a, Result<(), Stop>> {
        let kind = self.0;
        async move { Err(Stop::Final(format!("this Fishbowl does not speak `{kind}` yet"))) }.boxed()
    }
}
