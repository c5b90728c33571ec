//! Which adapter speaks for which service.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::mastodon::Mastodon;
use super::nats::Nats;
use super::outlet::Outlet;
use super::polled::gdelt::Gdelt;
use super::polled::hackernews::HackerNews;
use super::polled::reddit::Reddit;
use super::polled::rss::Rss;
use super::prometheus::Prometheus;
use super::suites;
use super::supervise::{Adapter, Pace, Stop};
use super::webhook::Webhook;
use super::x::X;
use crate::layout::feed::Service;

/// The adapter of a service.
pub(super) fn adapter(service: &Service, pace: &Pace) -> Box<dyn Adapter> {
    match service {
        Service::Nats(table) => Box::new(Nats::new(table, pace)),
        Service::Brandwatch(table) => Box::new(suites::brandwatch::Source::new(table, pace)),
        Service::Talkwalker(table) => Box::new(suites::talkwalker::Source::new(table, pace)),
        Service::Meltwater(table) => Box::new(suites::meltwater::Source::new(table, pace)),
        Service::Sprout(table) => Box::new(suites::sprout::Source::new(table, pace)),
        Service::Mastodon(table) => Box::new(Mastodon::new(table, pace)),
        Service::X(table) => Box::new(X::new(table, pace)),
        Service::Rss(table) => Box::new(Rss::new(table, pace)),
        Service::HackerNews(table) => Box::new(HackerNews::new(table, pace)),
        Service::Gdelt(table) => Box::new(Gdelt::new(table, pace)),
        Service::Reddit(table) => Box::new(Reddit::new(table, pace)),
        Service::Prometheus(table) => Box::new(Prometheus::new(table, pace)),
        Service::Webhook(table) => Box::new(Webhook::new(table, pace)),
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
