//! Streams over HTTP: newline-delimited JSON and server-sent events, by reqwest.

use std::pin::pin;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::ndjson::{Line, Lines};
use super::outlet::Outlet;
use super::record::{Garbage, Shape, retraction};
use super::request;
use super::sse::{Event, Parser};
use super::supervise::{Adapter, Pace, Stop};
use crate::layout::wall::StreamSpec;
use crate::mention::source::Health;

/// Longest wait that a server may ask for.
const MAX_WAIT: Duration = Duration::from_secs(600);

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
    client: Option<Client>,
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
        Self { spec, framing, pace, client: None, last_id: String::new(), retry: None }
    }

    async fn run(&mut self, outlet: &mut Outlet) -> Result<(), Stop> {
        let shape = Shape::new(self.spec.map.as_ref()).map_err(Stop::failed)?;
        let response = self.connect().await?;
        if self.framing == Framing::Sse && response.status() == StatusCode::NO_CONTENT {
            return Ok(());
        }
        self.accept(&response)?;
        outlet.hear();
        outlet.tell(Health::Live).await?;
        let stop = self.receive(response, &shape, outlet).await;
        // What was whole before the failure is not lost with it.
        outlet.flush().await?;
        stop
    }

    /// Sends the request and waits for the answer's head.
    async fn connect(&mut self) -> Result<Response, Stop> {
        let url = request::address(&self.spec.url)?;
        let wanted = match self.framing {
            Framing::Ndjson => "application/x-ndjson, application/json;q=0.9, */*;q=0.1",
            Framing::Sse => "text/event-stream",
        };
        let headers = request::headers(&self.spec, wanted, &self.last_id).await?;
        let client = match &self.client {
            Some(client) => client.clone(),
            None => {
                self.client.insert(request::client(&url, !self.spec.headers.is_empty(), &self.pace)?).clone()
            }
        };
        let host = url.host_str().unwrap_or_default().to_owned();
        let answer = timeout(self.pace.connect_within, client.get(url).headers(headers).send()).await;
        match answer {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(Stop::failed(format!("cannot reach {host}: {}", request::reason(error)))),
            Err(_) => Err(Stop::failed(format!(
                "{host} does not answer within {:.0?}; check the address and the network",
                self.pace.connect_within
            ))),
        }
    }

    /// Checks the answer's head.
    fn accept(&self, response: &Response) -> Result<(), Stop> {
        let status = response.status();
        if status != StatusCode::OK {
            return Err(self.refused(status, response.headers()));
        }
        let mime =
            response.headers().get(CONTENT_TYPE).and_then(|mime| mime.to_str().ok()).unwrap_or("nothing");
        let mime = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match (self.framing, mime.as_str()) {
            (Framing::Sse, "text/event-stream") => {}
            (Framing::Ndjson, "text/event-stream") => {
                return Err(self.slow("the server sends events; set kind = \"sse\"".into()));
            }
            (Framing::Sse, _) | (Framing::Ndjson, "text/html") => {
                return Err(
                    self.slow(format!("the server sends {mime:.40}, which is no stream; check the address"))
                );
            }
            (Framing::Ndjson, _) => {}
        }
        Ok(())
    }

    fn refused(&self, status: StatusCode, headers: &HeaderMap) -> Stop {
        let hint = match status.as_u16() {
            401 | 403 => "check the token",
            404 | 410 => "check the address",
            429 => "too many requests; waiting",
            500..600 => "the server has a fault; trying again",
            _ => "no stream here",
        };
        let why = format!("the server answers {}: {hint}", status.as_u16());
        match asked_wait(headers) {
            Some(wait) => Stop::failed(why).after(Some(wait)),
            None if status.is_client_error() => self.slow(why),
            None => Stop::failed(why),
        }
    }

    /// A failure that a quick retry will not mend.
    fn slow(&self, why: String) -> Stop {
        Stop::failed(why).after(Some(self.pace.longest_wait))
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
        let mut watchdog = pin!(sleep(silence));
        let mut ticks = interval(self.pace.flush_every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                chunk = response.chunk() => match chunk {
                    Ok(Some(bytes)) => {
                        watchdog.set(sleep(silence));
                        outlet.hear();
                        self.take(&mut decoder, Some(&bytes), shape, outlet).await?;
                    }
                    Ok(None) => {
                        self.take(&mut decoder, None, shape, outlet).await?;
                        return Err(self.again("the server ended the stream; connecting again".into()));
                    }
                    Err(error) => return Err(self.again(format!("the connection broke: {}", request::reason(error)))),
                },
                _ = ticks.tick(), if outlet.is_waiting() => outlet.flush().await?,
                () = &mut watchdog => {
                    return Err(self.again(format!("nothing heard for {silence:.0?}; connecting again")));
                }
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
            Piece::Retry(wait) => self.retry = Some(wait.min(MAX_WAIT)),
            Piece::Heartbeat => {}
        });
        for mention in found {
            outlet.push(mention).await?;
        }
        if let Decoder::Sse(parser) = decoder {
            self.last_id.clear();
            self.last_id.push_str(parser.last_id());
        }
        if outlet.is_waiting() { Ok(()) } else { Ok(outlet.flush().await?) }
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

fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(MAX_WAIT))
}
