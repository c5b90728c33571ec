//! Streams over HTTP: newline-delimited JSON and server-sent events, by reqwest.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::call::Call;
use super::ndjson::{Line, Lines};
use super::outlet::Outlet;
use super::record::{Garbage, Shape, retraction};
use super::secret;
use super::sse::{Event, Parser};
use super::supervise::{Adapter, Fault, Pace, Stop};
use super::web::{self, Response, Web};
use crate::layout::feed::Secret;
use crate::layout::wall::StreamSpec;
use crate::mention::source::Health;

/// How records are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Ndjson,
    Sse,
}

/// A feed over HTTP. Lives through reconnections and keeps what they need.
#[derive(Debug)]
pub(super) struct Stream {
    spec: StreamSpec,
    framing: Framing,
    pace: Pace,
    web: Option<Web>,
    /// Id of the last event that was read.
    last_id: String,
    /// What the stream asks to wait before each reconnection.
    retry: Option<Duration>,
}

/// The decoder of one connection.
enum Decoder {
    Ndjson(Lines),
    Sse(Box<Parser>),
}

impl Stream {
    pub fn new(spec: &StreamSpec, framing: Framing, pace: &Pace) -> Self {
        let (spec, pace) = (spec.clone(), pace.clone());
        Self { spec, framing, pace, web: None, last_id: String::new(), retry: None }
    }

    async fn run(&mut self, outlet: &mut Outlet) -> Result<(), Stop> {
        let shape = Shape::new(self.spec.map.as_ref()).map_err(Stop::Final)?;
        let response = self.connect().await?;
        if self.framing == Framing::Sse && response.status.as_u16() == 204 {
            return Ok(());
        }
        self.accept(&response, outlet)?;
        outlet.hear();
        outlet.tell(Health::Live).await?;
        let stop = self.receive(response, &shape, outlet).await;
        // What was whole before the failure is not lost with it.
        outlet.flush().await?;
        stop
    }

    /// Sends the request and waits for the answer's head.
    async fn connect(&mut self) -> Result<Response, Stop> {
        let url = web::address(&self.spec.url)?;
        let wanted = match self.framing {
            Framing::Ndjson => "application/x-ndjson, application/json;q=0.9, */*;q=0.1",
            Framing::Sse => "text/event-stream",
        };
        let mut call = Call::get(&url).accept(wanted);
        for (name, value) in &self.spec.headers {
            call = call.layout_header(name, value);
        }
        let token = Secret::of(&self.spec.token_env, &self.spec.token_file);
        if let Some(token) = secret::read_any(token.as_ref()).await? {
            call = call.bearer(&token);
        }
        let call = call.last_event_id(&self.last_id);
        let web = match self.web.take() {
            Some(web) => web,
            None => Web::new(&url, &self.pace)?,
        };
        self.web.insert(web).open(call).await
    }

    /// Checks the answer's head.
    fn accept(&self, response: &Response, outlet: &Outlet) -> Result<(), Stop> {
        if response.status.as_u16() != 200 {
            return Err(web::refusal(response.status, &response.headers, outlet.clock.now()));
        }
        let mime = web::mime(&response.headers);
        let refused = |why: String| Err(Stop::of(Fault::Refused, why));
        match (self.framing, mime.as_str()) {
            (Framing::Ndjson, "text/event-stream") => {
                refused("the server sends events; set kind = \"sse\"".into())
            }
            (Framing::Sse, "text/event-stream") => Ok(()),
            (Framing::Sse, _) | (Framing::Ndjson, "text/html") => {
                refused(format!("the server sends {mime:.40}, which is no stream; check the address"))
            }
            (Framing::Ndjson, _) => Ok(()),
        }
    }

    /// Reads until the stream ends, breaks or falls silent.
    async fn receive(
        &mut self,
        mut response: Response,
        shape: &Shape,
        outlet: &mut Outlet,
    ) -> Result<(), Stop> {
        let mut decoder = Decoder::new(self.framing, &self.last_id);
        let silence = outlet.state.stale_after;
        loop {
            let chunk = response.chunk(outlet, silence).await.map_err(|stop| stop.after(self.retry))?;
            let ended = chunk.is_none();
            let bytes = chunk.as_ref().map(AsRef::as_ref);
            self.take(&mut decoder, bytes, shape, outlet).await?;
            if ended {
                return Err(self.again("the server ended the stream; connecting again".into()));
            }
        }
    }

    fn again(&self, why: String) -> Stop {
        Stop::failed(why).after(self.retry)
    }

    /// Decodes bytes, or what is left at the end, and hands over what they held.
    async fn take(
        &mut self,
        decoder: &mut Decoder,
        bytes: Option<&[u8]>,
        shape: &Shape,
        outlet: &mut Outlet,
    ) -> Result<(), Stop> {
        let (source, now) = (outlet.source().clone(), outlet.clock.now());
        let mut found = Vec::new();
        decoder.push(bytes, &mut |piece| match piece {
            Piece::Record("delete", id) if is_bare(id) => {
                let id = String::from_utf8_lossy(id);
                found.push(retraction(id.trim_matches('"'), &source, now));
            }
            Piece::Record(_, json) => match shape.read(json, &source, now) {
                Ok(mention) => found.extend(mention),
                Err(Garbage(why)) => outlet.discard(why),
            },
            Piece::TooLong => outlet.discard("too long"),
            Piece::Retry(wait) => self.retry = Some(wait),
            Piece::Heartbeat => {}
        });
        for mention in found {
            outlet.push(mention).await?;
        }
        if let Decoder::Sse(parser) = decoder {
            self.last_id.clear();
            self.last_id.push_str(parser.last_id());
        }
        Ok(())
    }
}

impl Adapter for Stream {
    fn play<'a>(&'a mut self, outlet: &'a mut Outlet) -> BoxFuture<'a, Result<(), Stop>> {
        self.run(outlet).boxed()
    }
}

/// What either framing yields.
enum Piece<'a> {
    /// The kind of event (empty for NDJSON) and its data.
    Record(&'a str, &'a [u8]),
    Heartbeat,
    TooLong,
    Retry(Duration),
}

impl Decoder {
    fn new(framing: Framing, last_id: &str) -> Self {
        match framing {
            Framing::Ndjson => Self::Ndjson(Lines::default()),
            Framing::Sse => Self::Sse(Box::new(Parser::new(last_id))),
        }
    }

    /// Takes bytes, or at `None` the end of the stream.
    fn push(&mut self, bytes: Option<&[u8]>, each: &mut dyn FnMut(Piece<'_>)) {
        match self {
            Self::Ndjson(lines) => {
                let mut each = |line: Line<'_>| {
                    each(match line {
                        Line::Record(json) => Piece::Record("", json),
                        Line::Heartbeat => Piece::Heartbeat,
                        Line::TooLong => Piece::TooLong,
                    });
                };
                match bytes {
                    Some(bytes) => lines.push(bytes, &mut each),
                    None => lines.finish(&mut each),
                }
            }
            Self::Sse(parser) => parser.push(bytes.unwrap_or_default(), &mut |event| {
                each(match event {
                    Event::Message { kind, data } => Piece::Record(kind, data.as_bytes()),
                    Event::Retry(wait) => Piece::Retry(wait),
                    Event::Heartbeat => Piece::Heartbeat,
                    Event::TooLong => Piece::TooLong,
                });
            }),
        }
    }
}

/// Whether the data of a `delete` event is an id alone, as Mastodon sends it.
fn is_bare(data: &[u8]) -> bool {
    !data.is_empty() && data.len() <= super::field::MAX_ID && !data.contains(&b'{') && !data.contains(&b' ')
}
