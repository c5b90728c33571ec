//! Streams over HTTP: newline-delimited or concatenated JSON, and server-sent events.
//!
//! A stream goes on after the last record that was handed over: server-sent events by
//! `Last-Event-ID`, JSON by the parameter that the layout names. The place is marked with the
//! records before it, so that it is kept with them.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::self_described::CanonicalOrJetstream;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, Pace};
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::record::{self, Shape, retraction};
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::framing::concat::Texts;
use crate::feed::framing::ndjson::{Line, Lines};
use crate::feed::framing::sse::{Event, Parser};
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::{self, Response, Web};
use crate::feed::transport::template::{Place, RequestTemplate, Resume};
use crate::layout::feed::Asked;
use crate::layout::wall::FieldMap;
use crate::mention::Mention;
use crate::mention::source::Health;

/// What was said so long before a connection was made is not new …
const MARGIN: Duration = Duration::from_secs(2);
/// … and belongs to the gap when it was said at most so long before that began.
const OVERLAP: Duration = Duration::from_secs(5);

/// How records are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::feed::kinds) enum Wire {
    Lines,
    Concatenated,
    Events,
}

/// A feed over HTTP. Lives through reconnections and keeps what they need.
#[derive(Debug)]
pub(in crate::feed) struct Stream {
    asker: RequestTemplate,
    map: Option<FieldMap>,
    resume: Option<Resume>,
    wire: Wire,
    pace: Pace,
    web: Option<Web>,
    /// What the stream asks to wait before each reconnection.
    retry: Option<Duration>,
}

/// What a connection reads with.
struct Reader {
    decoder: Decoder,
    shape: Shape,
    place: Option<Place>,
}

/// The decoder of one connection.
enum Decoder {
    Lines(Lines),
    Texts(Texts),
    Events(Box<Parser>),
}

impl Stream {
    pub fn new(
        asked: &Asked<'_>,
        map: Option<FieldMap>,
        resume: Option<Resume>,
        wire: Wire,
        pace: &Pace,
    ) -> Self {
        Self {
            asker: RequestTemplate::new(asked),
            map,
            resume,
            wire,
            pace: pace.clone(),
            web: None,
            retry: None,
        }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        sender.belong_to(self.asker.origin());
        let shape = Shape::new(self.map.as_ref(), &CanonicalOrJetstream).map_err(FeedError::Final)?;
        let place = Place::new(self.resume.as_ref())?;
        let cursor = sender.cursor().unwrap_or_default().to_owned();
        let response = self.connect(&cursor, place.as_ref()).await?;
        if self.wire == Wire::Events && response.status.as_u16() == 204 {
            return Ok(());
        }
        self.accept(&response, sender)?;
        let heard = sender.state.heard;
        sender.hear();
        sender.goes_on(place.is_some() && !cursor.is_empty());
        sender.tell(Health::Live).await?;
        // A server that sends ids need not have what it said before: the first record tells.
        let asked = self.wire == Wire::Events && !cursor.is_empty();
        let mut past = asked.then(|| (heard, sender.clock.now()));
        let reader = Reader { decoder: Decoder::new(self.wire, &cursor), shape, place };
        let stop = self.receive(response, reader, &mut past, sender).await;
        // What was whole before the failure is not lost with it.
        sender.flush().await?;
        stop.map_err(|stop| stop.after(self.retry))
    }

    /// Sends the request and waits for the answer's head.
    async fn connect(&mut self, cursor: &str, place: Option<&Place>) -> Result<Response, FeedError> {
        let wanted = match self.wire {
            Wire::Lines | Wire::Concatenated => "application/x-ndjson, application/json;q=0.9, */*;q=0.1",
            Wire::Events => "text/event-stream",
        };
        let call = self.asker.call().await?.accept(wanted);
        let call = match (self.wire, place) {
            (Wire::Events, _) => call.last_event_id(cursor),
            (_, Some(place)) if !cursor.is_empty() => place.ask(call, cursor),
            _ => call,
        };
        let web = match self.web.take() {
            Some(web) => web,
            None => Web::new(&call.url, &self.pace)?,
        };
        self.web.insert(web).open(call).await
    }

    /// Checks the answer's head.
    fn accept(&self, response: &Response, sender: &MentionSender) -> Result<(), FeedError> {
        if response.status.as_u16() != 200 {
            return Err(http::refusal(response.status, &response.headers, sender.clock.now()));
        }
        let mime = http::mime(&response.headers);
        let refused = |why: String| Err(FeedError::of(FailureKind::Refused, why));
        match (self.wire, mime.as_str()) {
            (Wire::Events, "text/event-stream") => Ok(()),
            (Wire::Events, _) | (_, "text/html") => {
                refused(format!("the server sends {mime:.40}, which is not a stream; check the URL"))
            }
            (_, "text/event-stream") => refused("the server sends events; set kind = \"sse\"".into()),
            _ => Ok(()),
        }
    }

    /// Reads until the stream ends, breaks or falls silent.
    async fn receive(
        &mut self,
        mut response: Response,
        mut reader: Reader,
        past: &mut Option<(Option<Time>, Time)>,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        let silence = sender.state.stale_after;
        let mut open = None;
        loop {
            let chunk = response.chunk(sender, silence).await?;
            let bytes = chunk.as_ref().map(AsRef::as_ref);
            let found = reader.take(bytes, &mut self.retry, sender);
            if let Some(first) = found.mentions.first()
                && let Some((heard, begun)) = past.take()
            {
                sender.goes_on(is_past(first, heard, begun));
            }
            for mention in found.mentions {
                sender.push(mention).await?;
            }
            if let Some(cursor) = found.cursor {
                sender.mark(cursor);
            }
            if chunk.is_none() {
                return Err(FeedError::failed("the server ended the stream; reconnecting"));
            }
            // Bytes keep coming, but what they are part of does not end.
            let now = sender.clock.instant();
            open = open.filter(|_| !found.ended).or(Some(now)).filter(|_| reader.decoder.is_open());
            if open.is_some_and(|since| now.duration_since(since) > self.pace.patience(silence)) {
                let why = format!("a record has been incomplete for {silence:.0?}; reconnecting");
                return Err(FeedError::of(FailureKind::Server, why));
            }
        }
    }
}

impl Adapter for Stream {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}

/// Whether the first record of a connection that began at `begun` was said before it, and after the
/// feed was `heard` last: then the server goes on where it was asked to.
fn is_past(first: &Mention, heard: Option<Time>, begun: Time) -> bool {
    first.ts + MARGIN < begun && heard.is_none_or(|heard| first.ts + OVERLAP >= heard)
}

/// What some bytes held.
#[derive(Default)]
struct Found {
    mentions: Vec<Mention>,
    /// The place of the last record.
    cursor: Option<String>,
    /// A record ended.
    ended: bool,
}

impl Reader {
    /// Decodes bytes, or what is left at the end.
    fn take(
        &mut self,
        bytes: Option<&[u8]>,
        retry: &mut Option<Duration>,
        sender: &mut MentionSender,
    ) -> Found {
        let (source, now) = (sender.source().clone(), sender.clock.now());
        let (shape, place) = (&self.shape, &self.place);
        let mut found = Found::default();
        self.decoder.push(bytes, &mut |piece| match piece {
            Piece::Record("delete", id) if is_bare(id) => {
                found.ended = true;
                let id = String::from_utf8_lossy(id);
                found.mentions.push(retraction(id.trim_matches('"'), &source, now));
            }
            Piece::Record(_, json) => {
                found.ended = true;
                let read = match place {
                    None => shape.read(json, &source, now),
                    Some(place) => record::parse(json).and_then(|value| {
                        found.cursor = place.of(&value).or(found.cursor.take());
                        shape.read_value(&value, &source, now)
                    }),
                };
                match read {
                    Ok(mention) => {
                        sender.understood();
                        found.mentions.extend(mention);
                    }
                    Err(DecodeError(why)) => sender.discard(why),
                }
            }
            Piece::TooLong => sender.discard("too long"),
            Piece::Retry(wait) => *retry = Some(wait),
            Piece::Heartbeat => {}
        });
        if let Decoder::Events(parser) = &self.decoder {
            let moved = sender.cursor().unwrap_or_default() != parser.last_id();
            found.cursor = moved.then(|| parser.last_id().to_owned());
        }
        found
    }
}

/// What any framing yields.
enum Piece<'a> {
    /// The kind of event (empty for JSON) and its data.
    Record(&'a str, &'a [u8]),
    Heartbeat,
    TooLong,
    Retry(Duration),
}

impl<'a> From<Line<'a>> for Piece<'a> {
    fn from(line: Line<'a>) -> Self {
        match line {
            Line::Record(json) => Piece::Record("", json),
            Line::Heartbeat => Piece::Heartbeat,
            Line::TooLong => Piece::TooLong,
        }
    }
}

impl<'a> From<Event<'a>> for Piece<'a> {
    fn from(event: Event<'a>) -> Self {
        match event {
            Event::Message { kind, data } => Piece::Record(kind, data.as_bytes()),
            Event::Retry(wait) => Piece::Retry(wait),
            Event::Heartbeat => Piece::Heartbeat,
            Event::TooLong => Piece::TooLong,
        }
    }
}

impl Decoder {
    fn new(wire: Wire, last_id: &str) -> Self {
        match wire {
            Wire::Lines => Self::Lines(Lines::default()),
            Wire::Concatenated => Self::Texts(Texts::default()),
            Wire::Events => Self::Events(Box::new(Parser::new(last_id))),
        }
    }

    /// Whether a record has begun that has not ended.
    fn is_open(&self) -> bool {
        match self {
            Self::Lines(lines) => lines.is_open(),
            Self::Texts(texts) => texts.is_open(),
            Self::Events(parser) => parser.is_open(),
        }
    }

    /// Takes bytes, or the end.
    fn push(&mut self, bytes: Option<&[u8]>, each: &mut dyn FnMut(Piece<'_>)) {
        match (self, bytes) {
            (Self::Lines(lines), Some(bytes)) => lines.push(bytes, &mut |line| each(line.into())),
            (Self::Lines(lines), None) => lines.finish(&mut |line| each(line.into())),
            (Self::Texts(texts), Some(bytes)) => texts.push(bytes, &mut |line| each(line.into())),
            (Self::Texts(texts), None) => texts.finish(&mut |line| each(line.into())),
            (Self::Events(parser), bytes) => {
                parser.push(bytes.unwrap_or_default(), &mut |event| each(event.into()));
            }
        }
    }
}

/// Whether the data of a `delete` event is an id alone, as Mastodon sends it.
fn is_bare(data: &[u8]) -> bool {
    !data.is_empty()
        && data.len() <= crate::feed::decode::field::MAX_ID
        && !data.contains(&b'{')
        && !data.contains(&b' ')
}
