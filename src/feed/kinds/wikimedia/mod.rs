//! Edits of Wikipedia and its sisters, by Wikimedia EventStreams: server-sent events whose id
//! tells where to go on.
//!
//! <https://wikitech.wikimedia.org/wiki/Event_Platform/EventStreams_HTTP_Service>; who calls has to
//! say who he is: <https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy>.

mod change;
mod markup;
pub(in crate::feed) mod table;

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use self::change::Filter;
pub use self::table::WikimediaTable;
use crate::clock::{Instant, Time};
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::decode::error::DecodeError;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::framing::sse::{Event, Parser};
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::{self, Response, Web};
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::url;
use crate::mention::Mention;
use crate::mention::source::{Health, MAX_CURSOR};

impl AdapterTable for WikimediaTable {
    const KIND: &'static str = "wikimedia";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Edits::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        std::str::from_utf8(bytes).ok().and_then(|json| read(json, source, now).ok().flatten()).into()
    }
}

const STREAMS: &str = "https://stream.wikimedia.org/v2/stream/";
const AGENT: &str = concat!("fishbowl/", env!("CARGO_PKG_VERSION"));

/// A feed of Wikimedia's. Lives through reconnections and keeps what they need.
pub(in crate::feed) struct Edits {
    table: WikimediaTable,
    filter: Filter,
    pace: Pace,
    web: Option<Web>,
    /// Id of the last event that was read; empty before the first.
    last_id: String,
    /// The stream does not know the id: it has been set up anew.
    forgotten: bool,
}

/// How a connection came to its end.
enum End {
    /// After it was good for a while, as the service ends each one now and then.
    Usual,
    Early(FeedError),
}

impl Edits {
    pub fn new(table: &WikimediaTable, pace: &Pace) -> Self {
        let (table, filter, pace) = (table.clone(), Filter::new(table), pace.clone());
        Self { table, filter, pace, web: None, last_id: String::new(), forgotten: false }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        if let Some(cursor) = sender.cursor().filter(|_| self.last_id.is_empty() && !self.forgotten) {
            self.last_id = cursor.to_string();
        }
        loop {
            let Some(response) = self.connect(sender).await? else { return Ok(()) };
            sender.goes_on(!self.last_id.is_empty());
            sender.tell(Health::Live).await?;
            let begun = sender.clock.instant();
            let end = self.receive(response, begun, sender).await;
            // What was whole before the end is not lost with it.
            sender.flush().await?;
            if let End::Early(stop) = end {
                return Err(stop);
            }
            tracing::debug!(feed = %sender.source(), "the stream was closed, as usual; reconnecting");
        }
    }

    /// Asks for the stream; `None` when it has come to its end for good.
    async fn connect(&mut self, sender: &MentionSender) -> Result<Option<Response>, FeedError> {
        let (now, call) = (sender.clock.now(), self.call(sender.clock.now())?);
        let web = match self.web.take() {
            Some(web) => web,
            None => Web::new(&call.url, &self.pace)?,
        };
        let response = self.web.insert(web).open(call).await?;
        match response.status.as_u16() {
            204 => Ok(None),
            200 if http::mime(&response.headers) == "text/event-stream" => Ok(Some(response)),
            200 => {
                let mime = http::mime(&response.headers);
                let why = format!("the server sends {mime:.40}, which is not a stream; check the URL");
                Err(FeedError::of(FailureKind::Refused, why))
            }
            400 if !self.last_id.is_empty() => Err(self.forget(sender)),
            403 => Err(FeedError::of(
                FailureKind::Refused,
                "Wikimedia denied access; say who you are with `contact`",
            )),
            _ => Err(http::refusal(response.status, &response.headers, now)),
        }
    }

    fn call(&self, now: Time) -> Result<HttpRequest, FeedError> {
        let names: Vec<_> = self.table.streams.iter().map(|stream| stream.name()).collect();
        let url = self.table.url.clone().unwrap_or_else(|| STREAMS.to_owned() + &names.join(","));
        let agent = self.table.contact.as_ref().map(|contact| format!("{AGENT} ({contact})"));
        let call = HttpRequest::get(&url::address(&url)?).accept("text/event-stream");
        let call = call.header("user-agent", agent.as_deref().unwrap_or(AGENT));
        Ok(match (self.last_id.as_str(), self.table.look_back) {
            ("", Some(past)) => match Timestamp::from_nanosecond((now - past.0).0.into()) {
                Ok(since) => call.query("since", &since.to_string()),
                Err(_) => call,
            },
            ("", None) => call,
            (id, _) => call.header("last-event-id", id),
        })
    }

    /// Begins anew with what happens now, where the stream cannot go on.
    fn forget(&mut self, sender: &MentionSender) -> FeedError {
        self.last_id.clear();
        self.forgotten = true;
        tracing::warn!(feed = %sender.source(), "the stream no longer knows where this wall stopped: there is a gap");
        FeedError::failed("the stream no longer knows where this wall stopped; starting over")
    }

    /// Reads until the stream ends, breaks or falls silent.
    async fn receive(&mut self, mut response: Response, begun: Instant, sender: &mut MentionSender) -> End {
        let mut parser = Parser::new(&self.last_id);
        let silence = sender.state.stale_after;
        loop {
            let stop = match response.chunk(sender, silence).await {
                Ok(Some(bytes)) => match self.take(&mut parser, bytes.as_ref(), sender).await {
                    Ok(()) => continue,
                    Err(stop) => return End::Early(stop),
                },
                Ok(None) => FeedError::failed("the server ended the stream; reconnecting"),
                Err(FeedError::Closed) => return End::Early(FeedError::Closed),
                Err(stop) => stop,
            };
            let good = sender.clock.instant().saturating_duration_since(begun) >= self.pace.healthy_after;
            return if good { End::Usual } else { End::Early(stop) };
        }
    }

    /// Reads bytes and hands over what they held.
    async fn take(
        &mut self,
        parser: &mut Parser,
        bytes: &[u8],
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        let (source, now) = (sender.source().clone(), sender.clock.now());
        let mut found = Vec::new();
        parser.push(bytes, &mut |event| match event {
            Event::Message { data, .. } => match self.filter.read(data, &source, now) {
                Ok(mention) => {
                    sender.understood();
                    found.extend(mention);
                }
                Err(DecodeError(why)) => sender.discard(why),
            },
            Event::TooLong => sender.discard("too long"),
            Event::Retry(_) | Event::Heartbeat => {}
        });
        for mention in found {
            sender.push(mention).await?;
        }
        if parser.last_id() != self.last_id && parser.last_id().len() <= MAX_CURSOR {
            self.last_id.clear();
            self.last_id.push_str(parser.last_id());
            sender.mark(self.last_id.as_str());
        }
        Ok(())
    }
}

impl Adapter for Edits {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}

/// Reads one event as the default feed would.
pub(in crate::feed) fn read(
    json: &str,
    source: &Arc<str>,
    received: Time,
) -> Result<Option<Mention>, DecodeError> {
    Filter::new(&WikimediaTable::default()).read(json, source, received)
}
