//! Where a feed is called: requests of one path, each answered once what it brought is safe.
//!
//! For every feed whose service calls us. An adapter opens an endpoint, keeps it through its failures
//! (meanwhile callers are told to come again) and attends to it.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::time::timeout;

use super::delivery::{Delivery, Reply};
use super::listener::Listener;
use crate::feed::error::FeedError;
use crate::feed::sender::{MentionSender, SIGN_OF_LIFE};
use crate::mention::Mention;

/// Requests that wait for their feed; the next wait at the server.
const QUEUE: usize = 64;
/// What an adapter makes of a delivery.
#[derive(Debug)]
pub(in crate::feed) enum Verdict {
    /// It is genuine: these are kept, and then the caller is told. Nothing to keep is fine.
    Keep(Vec<Mention>, Reply),
    /// Nothing of it is kept.
    Answer(Reply),
}

/// Reads the deliveries of one endpoint.
pub(in crate::feed) trait DeliveryHandler: Send {
    /// Looks at a delivery; [`MentionSender::discard`] counts what cannot be read.
    fn read(&mut self, delivery: &Delivery, mentions: &mut MentionSender) -> Verdict;

    /// A delivery that was kept is safe now.
    fn kept(&mut self, _delivery: &Delivery) {}
}

/// One path of one address. Closed when it is dropped; the address with its last endpoint.
#[derive(Debug)]
pub(in crate::feed) struct Endpoint {
    listener: Arc<Listener>,
    path: String,
    calls: mpsc::Receiver<Delivery>,
    /// Recognises this endpoint among those that had its path.
    own: mpsc::WeakSender<Delivery>,
}

impl Endpoint {
    /// Takes a path (`/hooks/shop`; all that lies below it comes too) of an address. An endpoint that
    /// has the path loses it: it belongs to a wall that is being replaced.
    pub async fn open(address: SocketAddr, path: &str) -> Result<Self, FeedError> {
        let listener = Listener::at(address).await?;
        let path = path.trim_end_matches('/').to_owned();
        let (sender, calls) = mpsc::channel(QUEUE);
        let own = sender.downgrade();
        listener.enter(&path, sender);
        Ok(Self { listener, path, calls, own })
    }

    /// Whether calls still come to it.
    pub fn is_open(&self) -> bool {
        self.own.upgrade().is_some() && self.listener.is_running()
    }

    /// Those that wait, at least one. Fails when another endpoint took the path.
    pub async fn next(&mut self) -> Result<Vec<Delivery>, FeedError> {
        let mut deliveries = Vec::new();
        match self.calls.recv_many(&mut deliveries, QUEUE).await {
            0 => Err(FeedError::failed(format!("another feed now uses the path {}/", self.path))),
            _ => Ok(deliveries),
        }
    }

    /// Waits up to a second for deliveries, has them read, keeps what they brought, and answers.
    /// An endpoint is attended to again and again.
    pub async fn attend(
        &mut self,
        to: &mut MentionSender,
        handler: &mut dyn DeliveryHandler,
    ) -> Result<(), FeedError> {
        let Ok(deliveries) = timeout(SIGN_OF_LIFE, self.next()).await else {
            return Ok(to.flush().await?);
        };
        let mut genuine = Vec::new();
        let mut kept = Vec::new();
        for delivery in deliveries? {
            match handler.read(&delivery, to) {
                Verdict::Answer(reply) => delivery.answer(reply),
                Verdict::Keep(mentions, reply) => {
                    to.hear();
                    kept.extend(mentions);
                    genuine.push((delivery, reply));
                }
            }
        }
        let safe = to.keep(kept, None).await?;
        for (delivery, reply) in genuine {
            if safe {
                handler.kept(&delivery);
            }
            delivery.answer(if safe { reply } else { Reply::later() });
        }
        Ok(to.flush().await?)
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        let own = self.own.upgrade();
        self.listener.leave(&self.path, |calls| own.as_ref().is_some_and(|own| own.same_channel(calls)));
    }
}
