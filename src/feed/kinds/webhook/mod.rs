//! Webhooks: services that call us. Each call proves that it is genuine, and is answered when what
//! it brought is safe.
//!
//! A call that is not genuine is answered with 401 and counted, one that brings nothing readable
//! with 400; a body may be packed, or stand in a form; 503 asks to hand it over again. A delivery whose id was among the last
//! [`seen::MOST`] is answered without being read.

mod challenge;
mod form;
mod seen;
pub(in crate::feed) mod table;
mod websub;

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use hyper::Method;
use tokio::time::Duration;

use self::seen::Seen;
pub use self::table::WebhookTable;
use self::websub::{Subscription, Told};
use super::rss::{document, ids};
use super::self_described::CanonicalOrJetstream;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::backoff::{RetryPolicies, RetryPolicy};
use crate::feed::decode::payload::Payload;
use crate::feed::error::FeedError;
use crate::feed::kinds::rss::context::DocumentContext;
use crate::feed::kinds::self_described;
use crate::feed::poll::paging::linked;
use crate::feed::sender::MentionSender;
use crate::feed::transport::delivery::{Delivery, Reply, StatusCode};
use crate::feed::transport::endpoint::{DeliveryHandler, Endpoint, Verdict};
use crate::feed::transport::secret::{self, Hidden};
use crate::feed::transport::signature::Profile;
use crate::feed::transport::url;
use crate::mention::source::Health;
use crate::mention::{Mention, Network};

impl AdapterTable for WebhookTable {
    const KIND: &'static str = "webhook";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Webhook::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        self_described::payload(bytes, source, now).into()
    }
}

/// A secret that was changed holds after this time.
const SECRETS_EVERY: Duration = Duration::from_secs(10);

/// One webhook; keeps its endpoint through failures.
#[derive(Debug)]
pub(in crate::feed) struct Webhook {
    spec: WebhookTable,
    endpoint: Option<Endpoint>,
    gate: Option<Gate>,
    subscription: Option<Subscription>,
}

impl Webhook {
    pub fn new(spec: &WebhookTable, pace: &Pace) -> Self {
        Self { spec: spec.clone(), endpoint: None, gate: None, subscription: Subscription::of(spec, pace) }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let Self { spec, endpoint, gate, subscription } = self;
        // A endpoint that another feed took over is of no use any more.
        let endpoint = match endpoint.take_if(|endpoint| endpoint.is_open()) {
            Some(open) => endpoint.insert(open),
            None => endpoint.insert(Endpoint::open(spec.listen.0, &spec.path).await?),
        };
        let gate = match gate {
            Some(gate) => gate,
            None => gate.insert(Gate::new(spec)?),
        };
        gate.keys = keys(spec).await?;
        let mut read_at = sender.clock.instant();
        if subscription.is_none() {
            sender.tell(Health::Live).await?;
        }
        loop {
            if let (Some(subscription), Some(key)) = (&mut *subscription, gate.keys.first()) {
                subscription.tend(key, gate.told.take(), sender).await?;
            }
            endpoint.attend(sender, gate).await?;
            let now = sender.clock.instant();
            if now.saturating_duration_since(read_at) >= SECRETS_EVERY {
                gate.keys = keys(spec).await?;
                read_at = now;
            }
        }
    }
}

impl Adapter for Webhook {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }

    /// A secret that is not there yet is looked for twice a minute: that troubles nobody.
    fn retry_policies(&self) -> RetryPolicies {
        RetryPolicies { refused: RetryPolicy::constant(Duration::from_secs(30)), ..RetryPolicies::default() }
    }
}

/// The secret and, where there still is one, the secret before it.
async fn keys(spec: &WebhookTable) -> Result<Vec<Hidden>, FeedError> {
    let [key, old] = spec.secrets();
    let key = key.ok_or_else(|| {
        FeedError::Final("the layout does not name a secret to authenticate calls with".into())
    })?;
    let mut keys = vec![secret::read(&key).await?];
    if let Some(old) = old {
        keys.extend(secret::read(&old).await.ok());
    }
    Ok(keys)
}

/// Lets in what is genuine.
#[derive(Debug)]
struct Gate {
    profile: Profile,
    header: Option<String>,
    delivery_header: String,
    topic: Option<String>,
    /// What a hub told since it was looked at last.
    told: Option<Told>,
    payload: Payload,
    /// The secret that holds, then the one before.
    keys: Vec<Hidden>,
    seen: Seen,
}

impl Gate {
    fn new(spec: &WebhookTable) -> Result<Self, FeedError> {
        let profile = spec
            .profile
            .ok_or_else(|| FeedError::Final("the layout does not set a `profile` for the webhook".into()))?;
        let payload = Payload::new(spec.items.as_deref(), spec.map.as_ref(), &CanonicalOrJetstream)
            .map_err(FeedError::Final)?;
        let lower = |name: &String| name.to_ascii_lowercase();
        Ok(Self {
            profile,
            header: spec.header.as_ref().map(lower),
            delivery_header: spec.delivery_header.as_ref().map_or("x-github-delivery".into(), lower),
            topic: spec.topic.clone(),
            told: None,
            payload,
            keys: Vec::new(),
            seen: Seen::default(),
        })
    }

    /// Takes a delivery apart that is genuine.
    fn open(&self, delivery: &Delivery, sender: &mut MentionSender) -> Verdict {
        if self.id(delivery).is_some_and(|id| self.seen.holds(id)) {
            sender.understood();
            return Verdict::Keep(Vec::new(), Reply::ok().because("known already"));
        }
        if let Some(mentions) = self.publication(delivery, sender) {
            return Verdict::Keep(mentions, Reply::ok());
        }
        let (source, now) = (sender.source().clone(), sender.clock.now());
        match form::content(delivery).and_then(|body| self.payload.read(&body, &source, now)) {
            Ok(found) => {
                found.garbage.iter().for_each(|why| sender.discard(why.0));
                if found.garbage.is_empty() {
                    sender.understood();
                }
                let (kept, refused) = (found.mentions.len(), found.garbage.len());
                let reply = Reply::json(format!("{{\"kept\":{kept},\"refused\":{refused}}}"));
                // Whoever sends mentions of our own kind wants to know; a service would only try
                // the same again.
                let wrong = kept == 0 && refused > 0 && !self.payload.is_foreign();
                let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { reply.status };
                Verdict::Keep(found.mentions, Reply { status, ..reply })
            }
            Err(why) => {
                sender.discard(why.0);
                Verdict::Answer(Reply::of(StatusCode::BAD_REQUEST, why.0))
            }
        }
    }

    /// What a hub hands over is mostly a news feed with what is new.
    fn publication(&self, delivery: &Delivery, sender: &MentionSender) -> Option<Vec<Mention>> {
        if self.profile != Profile::Websub || self.payload.is_foreign() {
            return None;
        }
        // A hub names the topic (WebSub, 7); the layout's counts.
        let named = self.topic.clone().or_else(|| linked(&delivery.headers, "self"));
        let topic = named.filter(|topic| url::address(topic).is_ok());
        let (source, received) = (sender.source(), sender.clock.now());
        // As the same feed is read where it is polled, so that a post counts once.
        let scope = topic.as_deref().map(ids::scope).unwrap_or_default();
        let site = topic.as_deref().unwrap_or("http://localhost/");
        let frame =
            DocumentContext { source, network: Network::News, base: site, site, scope: &scope, received };
        let read = document::read(&delivery.body, delivery.header("content-type"), &frame);
        read.ok().map(|document| document.mentions)
    }

    fn id<'a>(&self, delivery: &'a Delivery) -> Option<&'a str> {
        delivery.header(&self.delivery_header).filter(|id| (1..=seen::LONGEST).contains(&id.len()))
    }

    fn check(&self, delivery: &Delivery, now: Time) -> Result<(), crate::feed::transport::signature::Wrong> {
        crate::feed::transport::signature::check(
            self.profile,
            self.header.as_deref(),
            &self.keys,
            delivery,
            now,
        )
    }
}

impl DeliveryHandler for Gate {
    fn read(&mut self, delivery: &Delivery, sender: &mut MentionSender) -> Verdict {
        if !delivery.rest.is_empty() && self.profile != Profile::Token {
            return Verdict::Answer(Reply::of(StatusCode::NOT_FOUND, "there is nothing at this path"));
        }
        if delivery.method != Method::POST {
            return Verdict::Answer(self.challenged(delivery));
        }
        match self.check(delivery, sender.clock.now()) {
            Ok(()) => self.open(delivery, sender),
            Err(why) => {
                sender.discard(why);
                // WebSub wants that hubs learn nothing from what is discarded.
                let status =
                    if self.profile == Profile::Websub { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
                let words = if status == StatusCode::OK { "" } else { why };
                Verdict::Answer(Reply::of(status, words))
            }
        }
    }

    fn kept(&mut self, delivery: &Delivery) {
        if let Some(id) = self.id(delivery).map(str::to_owned) {
            self.seen.keep(&id);
        }
    }
}
