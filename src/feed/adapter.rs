//! What every kind of feed implements, and the times that govern it.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::backoff::RetryPolicies;
use super::error::FeedError;
use super::sender::Outlet;

/// The times that govern waiting; tests shorten them.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Mentions wait at most this long for company.
    pub flush_every: Duration,
    /// Waits between attempts and between polls are this many times as long; 1 but in tests.
    pub stretch: f64,
    /// Silences after which a connection counts as dead are this many times as long; 1 but in
    /// tests.
    pub patience: f64,
    /// A feed that was live for this long has recovered: the next wait is a first one.
    pub healthy_after: Duration,
    /// A server that has not answered by then is given up.
    pub connect_within: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            flush_every: Duration::from_millis(20),
            stretch: 1.0,
            patience: 1.0,
            healthy_after: Duration::from_secs(60),
            connect_within: Duration::from_secs(10),
        }
    }
}

impl Pace {
    /// A wait between attempts or polls at this pace.
    pub(super) fn stretch(&self, wait: Duration) -> Duration {
        wait.mul_f64(self.stretch)
    }

    /// A silence to be borne at this pace.
    pub(super) fn patience(&self, silence: Duration) -> Duration {
        silence.mul_f64(self.patience)
    }
}

/// One source's protocol. `Ok` is an end for good; a failure is tried again with the same adapter.
pub(super) trait Adapter: Send {
    fn play<'a>(&'a mut self, outlet: &'a mut Outlet) -> BoxFuture<'a, Result<(), FeedError>>;

    /// How long to wait after its failures.
    fn retry_policies(&self) -> RetryPolicies {
        RetryPolicies::default()
    }
}
