//! NATS JetStream: a durable consumer from which messages are pulled, as documented at
//! docs.nats.io ("JetStream", "Consumers").
//!
//! A message is acknowledged when what it brought is safe, and handed back for later when it is
//! not; one that comes again (after a crash between the two) is known by its uid. A message that
//! cannot be read is counted and never asked for again. Limits: [`MOST`] messages are fetched at a
//! time; a message is what the server's own limit allows, 1 MiB unless it was changed.

mod consumer;
mod errors;
pub(in crate::feed) mod table;

use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream::consumer::pull::{self, MessagesErrorKind};
use async_nats::jetstream::{self, AckKind, Message};
use async_nats::{Client, ConnectErrorKind, ConnectOptions, Event};
use futures_util::future::BoxFuture;
use futures_util::stream::ReadyChunks;
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::sync::watch;
use tokio::time::timeout;

use self::errors::{cause, server};
pub use self::table::NatsTable;
use super::self_described::CanonicalOrJetstream;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::decode::payload::Payload;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::kinds::self_described;
use crate::feed::sender::{MentionSender, SIGN_OF_LIFE};
use crate::feed::transport::secret;
use crate::mention::Mention;
use crate::mention::source::Health;

impl AdapterTable for NatsTable {
    const KIND: &'static str = "nats";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Nats::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        self_described::payload(bytes, source, now).into()
    }
}

/// Most messages that are fetched, and kept, at a time.
const MOST: usize = 500;
/// A request for messages ends after this time and is made anew.
const EXPIRES: Duration = Duration::from_secs(30);
/// The server says so often that it lives while there is nothing to hand over; twice this in
/// silence is a failure.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// When a message that could not be kept comes again.
const COME_AGAIN: Duration = Duration::from_secs(10);
/// A message that waited this long in the stream is the past.
const PAST: Duration = Duration::from_secs(60);

/// One consumer; connects anew for each play.
#[derive(Debug)]
pub(in crate::feed) struct Nats {
    spec: NatsTable,
    pace: Pace,
}

/// An open connection.
struct Bus {
    client: Client,
    messages: ReadyChunks<pull::Stream>,
    /// True once the connection broke.
    lost: watch::Receiver<bool>,
}

impl Nats {
    pub fn new(spec: &NatsTable, pace: &Pace) -> Self {
        Self { spec: spec.clone(), pace: pace.clone() }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let payload = Payload::new(self.spec.items.as_deref(), self.spec.map.as_ref(), &CanonicalOrJetstream)
            .map_err(FeedError::Final)?;
        let mut bus = self.open(sender).await?;
        loop {
            match bus.next(sender).await? {
                Some(chunk) => self.keep(chunk, &payload, sender).await?,
                None if bus.client.connection_state() == State::Connected => {
                    sender.hear();
                    sender.tell(Health::Live).await?;
                }
                None => {}
            }
        }
    }

    async fn open(&self, sender: &mut MentionSender) -> Result<Bus, FeedError> {
        let (client, lost) = self.connect().await?;
        let mut context = jetstream::new(client.clone());
        context.set_timeout(self.pace.connect_within);
        let cursor = sender.cursor().and_then(|cursor| cursor.parse().ok());
        let consumer = consumer::open(&context, &self.spec, cursor, sender.clock.now()).await?;
        let requests = consumer.stream().max_messages_per_batch(MOST).expires(EXPIRES).heartbeat(HEARTBEAT);
        let messages = requests.messages().await;
        let messages =
            messages.map_err(|error| server(format!("cannot request messages: {}", cause(&error))))?;
        sender.hear();
        sender.goes_on(sender.cursor().is_some());
        let behind = consumer.cached_info().num_pending > MOST as u64;
        sender.tell(if behind { Health::CatchingUp } else { Health::Live }).await?;
        Ok(Bus { client, messages: messages.ready_chunks(MOST), lost })
    }

    async fn connect(&self) -> Result<(Client, watch::Receiver<bool>), FeedError> {
        let servers = &self.spec.servers;
        let (tell, lost) = watch::channel(false);
        let options = self.options().await?.event_callback(move |event| {
            if matches!(event, Event::Disconnected | Event::Closed) {
                tell.send_replace(true);
            }
            std::future::ready(())
        });
        let reached = options.connect(servers.as_slice()).await;
        let client = reached.map_err(|error| {
            let (fault, hint) = match error.kind() {
                ConnectErrorKind::AuthorizationViolation | ConnectErrorKind::Authentication => (
                    FailureKind::Refused,
                    "NATS denied access; check the user, the token or the credentials".to_owned(),
                ),
                ConnectErrorKind::TimedOut => {
                    (FailureKind::Network, "no response; check `servers` and the network".into())
                }
                _ => (FailureKind::Network, cause(&error)),
            };
            FeedError::of(fault, format!("cannot connect to {}: {hint}", servers.join(", ")))
        })?;
        Ok((client, lost))
    }

    async fn options(&self) -> Result<ConnectOptions, FeedError> {
        // One round over the servers; the waits between rounds are the supervisor's.
        let mut options = ConnectOptions::new()
            .name("fishbowl")
            .connection_timeout(self.pace.connect_within)
            .max_reconnects(self.spec.servers.len());
        if let Some(file) = &self.spec.credentials {
            secret::note(file).await;
            let read = options.credentials_file(file).await;
            options = read.map_err(|error| {
                FeedError::of(FailureKind::Refused, format!("credentials file {}: {error}", file.display()))
            })?;
        }
        if let Some(token) = secret::read_any(self.spec.token().as_ref()).await? {
            options = match &self.spec.user {
                Some(user) => options.user_and_password(user.clone(), token.expose().to_owned()),
                None => options.token(token.expose().to_owned()),
            };
        }
        Ok(match &self.spec.ca_file {
            Some(file) => options.add_root_certificates(file.clone()),
            None => options,
        })
    }

    /// Keeps what a chunk brought, and acknowledges it.
    async fn keep(
        &self,
        chunk: Vec<Result<Message, pull::MessagesError>>,
        payload: &Payload,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        let mut broken = None;
        let mut messages = Vec::with_capacity(chunk.len());
        let mut mentions = Vec::new();
        for message in chunk {
            match message {
                Ok(message) => {
                    read(&message, payload, sender, &mut mentions);
                    messages.push(message);
                }
                Err(error) => broken = Some(self.broken(&error)),
            }
        }
        if let Some(reached) = messages.iter().filter_map(|m| m.info().ok()).map(|i| i.stream_sequence).max()
        {
            sender.hear();
            sender.state.health = standing(messages.last(), sender.clock.now());
            let before = sender.cursor().and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
            let safe = sender.keep(mentions, Some(reached.max(before).to_string())).await?;
            let answer = if safe { AckKind::Ack } else { AckKind::Nak(Some(self.pace.stretch(COME_AGAIN))) };
            for message in &messages {
                let told = message.ack_with(answer).await;
                told.map_err(|_| {
                    FeedError::failed("the connection to NATS broke before messages were acknowledged")
                })?;
            }
        }
        broken.map_or(Ok(()), Err)
    }

    fn broken(&self, error: &pull::MessagesError) -> FeedError {
        let name = &self.spec.consumer;
        match error.kind() {
            MessagesErrorKind::ConsumerDeleted => {
                FeedError::failed(format!("consumer `{name}` was deleted on the server; recreating it"))
            }
            MessagesErrorKind::MissingHeartbeat => {
                FeedError::failed(format!("NATS has been silent for {:.0?}; reconnecting", HEARTBEAT * 2))
            }
            MessagesErrorKind::NoResponders => {
                server(format!("stream `{}` does not answer", self.spec.stream))
            }
            _ => server(format!("consumer `{name}` failed: {}", cause(error))),
        }
    }
}

impl Bus {
    /// What has come; `None` after a second without anything.
    async fn next(
        &mut self,
        sender: &mut MentionSender,
    ) -> Result<Option<Vec<Result<Message, pull::MessagesError>>>, FeedError> {
        let broke = || FeedError::failed("the connection to NATS broke; reconnecting");
        let (messages, lost) = (&mut self.messages, &mut self.lost);
        let next = async {
            tokio::select! {
                biased;
                _ = lost.wait_for(|lost| *lost) => Err(broke()),
                chunk = timeout(SIGN_OF_LIFE, messages.next()) => match chunk {
                    Ok(Some(chunk)) => Ok(Some(chunk)),
                    Ok(None) => Err(broke()),
                    Err(_) => Ok(None),
                },
            }
        };
        sender.meanwhile(next).await?
    }
}

impl Adapter for Nats {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}

/// Reads a message as of when it came into the stream, for what does not tell its own time.
fn read(message: &Message, payload: &Payload, sender: &mut MentionSender, mentions: &mut Vec<Mention>) {
    let (source, now) = (sender.source().clone(), sender.clock.now());
    let told = published(message).map_or(now, |at| at.min(now));
    match payload.read(&message.payload, &source, told) {
        Ok(found) => {
            found.garbage.iter().for_each(|why| sender.discard(why.0));
            if found.garbage.is_empty() {
                sender.understood();
            }
            mentions.extend(found.mentions.into_iter().map(|mention| Mention { received: now, ..mention }));
        }
        Err(why) => sender.discard(why.0),
    }
}

fn published(message: &Message) -> Option<Time> {
    let nanos = message.info().ok()?.published.unix_timestamp_nanos();
    i64::try_from(nanos).ok().map(Time)
}

/// Behind while messages wait and the last one is old.
fn standing(last: Option<&Message>, now: Time) -> Health {
    let waits = last.and_then(|m| m.info().ok()).is_some_and(|info| info.pending > 0);
    let old = last.and_then(published).is_some_and(|at| now.since(at) > PAST);
    if waits && old { Health::CatchingUp } else { Health::Live }
}
