//! Which adapter speaks for which service.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::outlet::Outlet;
use super::polled::gdelt::Gdelt;
use super::polled::hackernews::HackerNews;
use super::polled::reddit::Reddit;
use super::polled::rss::Rss;
use super::supervise::{Adapter, Pace, Stop};
use crate::layout::feed::Service;

/// The adapter of a service.
pub(super) fn adapter(service: &Service, pace: &Pace) -> Box<dyn Adapter> {
    match service {
        Service::Rss(table) => Box::new(Rss::new(table, pace)),
        Service::HackerNews(table) => Box::new(HackerNews::new(table, pace)),
        Service::Gdelt(table) => Box::new(Gdelt::new(table, pace)),
        Service::Reddit(table) => Box::new(Reddit::new(table, pace)),
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
