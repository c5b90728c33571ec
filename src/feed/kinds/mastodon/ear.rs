//! The open connections of a Mastodon feed: one a stream by server-sent events, or one WebSocket
//! for all.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, BoxStream, SelectAll, StreamExt as _};
use reqwest::Url;
use reqwest::header::HeaderMap;

use super::channel::{self, Channel};
use super::event::{self, Message, Said};
use super::table::Transport;
use crate::clock::Time;
use crate::feed::adapter::Pace;
use crate::feed::decode::error::DecodeError;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::framing::sse::{Event, Parser};
use crate::feed::transport::http::{self, Response, Web};
use crate::feed::transport::rate_limit;
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::secret::Hidden;
use crate::feed::transport::websocket::{Sign, Socket};

/// Silence after which a connection of either kind counts as dead; the server is heard every 15
/// and every 30 seconds.
const SSE_SILENCE: Duration = Duration::from_secs(40);
const SOCKET_SILENCE: Duration = Duration::from_secs(75);

/// How much of a refusal is read, bytes, and how long it may be silent.
const MAX_REFUSAL: usize = 8 * 1024;
const REFUSAL_WITHIN: Duration = Duration::from_secs(5);

/// One thing that was heard.
#[derive(Debug)]
pub(super) enum Heard {
    Said(usize, Said),
    Garbage(&'static str),
}

/// What came in one piece; nothing is a sign of life.
pub(super) type Piece = Result<Vec<Heard>, FeedError>;

/// All that is heard, until the first connection fails.
pub(super) type Ears = SelectAll<BoxStream<'static, Piece>>;

/// What is needed to open the streams of a server.
pub(super) struct Door<'a> {
    /// Where the server is, as the layout has it, and where it says that it streams.
    pub server: &'a Url,
    pub streaming: &'a Url,
    pub channels: &'a Arc<[Channel]>,
    pub token: &'a Hidden,
    pub web: &'a Web,
    pub pace: &'a Pace,
    pub now: Time,
}

impl Door<'_> {
    /// Opens all streams.
    pub async fn open(&self, transport: Transport) -> Result<Ears, FeedError> {
        let mut ears = SelectAll::new();
        match transport {
            Transport::Sse => {
                for (index, channel) in self.channels.iter().enumerate() {
                    ears.push(events(index, self.sse(channel).await?));
                }
            }
            Transport::WebSocket => ears.push(messages(self.websocket().await?, self.channels.clone())),
        }
        Ok(ears)
    }

    async fn sse(&self, channel: &Channel) -> Result<Response, FeedError> {
        let url = channel.events(self.streaming)?;
        let call = HttpRequest::get(&url).told_by(self.server).accept("text/event-stream").bearer(self.token);
        let response = self.web.open(call).await?;
        match response.status.as_u16() {
            200 if http::mime(&response.headers) == "text/event-stream" => Ok(response),
            200 => {
                let mime = http::mime(&response.headers);
                let why = format!("the server sends {mime:.40}, which is not a stream; check `url`");
                Err(FeedError::of(FailureKind::Refused, why))
            }
            status => {
                let headers = response.headers.clone();
                Err(self.refused(status, &headers, &words(response).await))
            }
        }
    }

    async fn websocket(&self) -> Result<Socket, FeedError> {
        let mut url = channel::socket(self.streaming)?;
        let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
        let odd = |()| FeedError::of(FailureKind::Refused, "this is not a WebSocket URL (ws:// or wss://)");
        url.set_scheme(scheme).map_err(odd)?;
        let call = HttpRequest::get(&url).told_by(self.server).bearer(self.token);
        let mut socket = match Socket::knock(call, self.pace).await? {
            Ok(socket) => socket,
            Err(answer) => return Err(self.refused(answer.status.as_u16(), &answer.headers, &answer.body)),
        };
        for channel in self.channels.iter() {
            socket.send_text(channel.subscription()).await?;
        }
        Ok(socket)
    }

    fn refused(&self, status: u16, headers: &HeaderMap, body: &[u8]) -> FeedError {
        let wait = matches!(status, 429 | 500..600).then(|| rate_limit::wait(headers, self.now));
        event::refusal(status, body).after(wait.flatten())
    }
}

/// The beginning of a refusal's body.
async fn words(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < MAX_REFUSAL
        && let Ok(Some(bytes)) = response.bytes(REFUSAL_WITHIN).await
    {
        body.extend_from_slice(bytes.as_ref());
    }
    body
}

fn events(index: usize, response: Response) -> BoxStream<'static, Piece> {
    let start = (response, Parser::new(""));
    stream::unfold(start, move |(mut response, mut parser)| async move {
        let piece = response.bytes(SSE_SILENCE).await.and_then(|bytes| {
            let bytes =
                bytes.ok_or_else(|| FeedError::failed("the server ended the stream; reconnecting"))?;
            let mut heard = Vec::new();
            parser.push(bytes.as_ref(), &mut |event| heard.extend(said(index, event)));
            Ok(heard)
        });
        Some((piece, (response, parser)))
    })
    .boxed()
}

fn said(index: usize, event: Event<'_>) -> Option<Heard> {
    match event {
        Event::Message { kind, data } => Some(match event::read(kind, data) {
            Ok(said) => Heard::Said(index, said),
            Err(garbage) => Heard::Garbage(garbage.0),
        }),
        Event::TooLong => Some(Heard::Garbage("too long")),
        Event::Heartbeat | Event::Retry(_) => None,
    }
}

fn messages(socket: Socket, channels: Arc<[Channel]>) -> BoxStream<'static, Piece> {
    stream::unfold(socket, move |mut socket| {
        let channels = channels.clone();
        async move {
            let piece = socket.sign(SOCKET_SILENCE).await.and_then(|sign| understood(&channels, sign));
            Some((piece, socket))
        }
    })
    .boxed()
}

/// What a message says, and in which stream.
fn understood(channels: &[Channel], sign: Sign) -> Piece {
    let message = match sign {
        Sign::Life => return Ok(Vec::new()),
        Sign::TooLong => Err(DecodeError("too long")),
        Sign::Frame(frame) => event::message(frame.bytes()),
    };
    let heard = match message {
        Err(DecodeError(why)) => Some(Heard::Garbage(why)),
        Ok(Message::Refused(stop)) => return Err(stop),
        Ok(Message::Event(stream, said)) => {
            let index = channels.iter().position(|channel| channel.is(&stream));
            index.map(|index| Heard::Said(index, said))
        }
    };
    Ok(heard.into_iter().collect())
}
