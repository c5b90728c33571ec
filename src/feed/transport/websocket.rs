//! WebSockets (RFC 6455), by tokio-tungstenite.
//!
//! A message has at most [`MAX_MESSAGE`] bytes; a longer one, up to [`MAX_FRAME`], is counted as
//! garbage and passed over, and over that the connection is broken. Pings are answered; a server
//! that says nothing for half of the watchdog's time is pinged. Redirects are not followed, and a
//! proxy is not used.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, http};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::client::{AGENT, innermost};
use super::http::Answer;
use super::reach::{self, Reach};
use super::refusal::refusal;
use super::request::HttpRequest;
use super::url;
use crate::feed::adapter::Pace;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::sender::MentionSender;

/// Longest message that is handed over, bytes.
pub(in crate::feed) const MAX_MESSAGE: usize = 1 << 20;
/// Longest message that is borne at all, bytes.
pub(in crate::feed) const MAX_FRAME: usize = 16 << 20;

/// What a server says in one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::feed) enum Frame {
    Text(String),
    Binary(Vec<u8>),
}

impl Frame {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }
}

/// A sign of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::feed) enum Sign {
    Frame(Frame),
    /// A message over [`MAX_MESSAGE`] has passed.
    TooLong,
    /// It lives.
    Life,
}

/// An open WebSocket.
pub(in crate::feed) struct Socket {
    inner: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pace: Pace,
}

impl Socket {
    /// Opens the socket at the call's address (`ws:` or `wss:`) with its headers; a server that
    /// answers with another status is a [`web::refusal`].
    pub async fn connect(call: HttpRequest, sender: &MentionSender, pace: &Pace) -> Result<Self, FeedError> {
        match Self::knock(call, pace).await? {
            Ok(socket) => Ok(socket),
            Err(answer) => Err(refusal(answer.status, &answer.headers, sender.clock.now())),
        }
    }

    /// The same; a server that answers with another status gives that answer, with as much of its
    /// body as came with the head.
    pub async fn knock(call: HttpRequest, pace: &Pace) -> Result<Result<Self, Answer>, FeedError> {
        // Fails when another part of the program was first, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        if let Some(fault) = call.fault {
            return Err(FeedError::of(FailureKind::Refused, fault));
        }
        if let Some(named) = &call.told_by {
            let from = reach::of_url(named).await.unwrap_or(Reach::World);
            reach::check(from, &call.url).await?;
        }
        let (host, within) = (url::host(&call.url).to_owned(), call.within.unwrap_or(pace.connect_within));
        let request = call.url.as_str().into_client_request();
        let mut request = request.map_err(|_| {
            FeedError::of(FailureKind::Refused, "this is not a WebSocket URL (ws:// or wss://)")
        })?;
        let agent = http::HeaderValue::from_static(AGENT);
        request.headers_mut().insert(http::header::USER_AGENT, agent);
        // Those of the call come in the place of ours.
        let headers = request.headers_mut();
        call.headers.into_iter().for_each(|(name, value)| drop(name.map(|name| headers.insert(name, value))));
        let sizes =
            WebSocketConfig::default().max_message_size(Some(MAX_FRAME)).max_frame_size(Some(MAX_FRAME));
        match timeout(within, connect_async_with_config(request, Some(sizes), true)).await {
            Ok(Ok((inner, _))) => Ok(Ok(Self { inner, pace: pace.clone() })),
            Ok(Err(Error::Http(answer))) => Ok(Err(refused(*answer))),
            Ok(Err(error)) => Err(FeedError::failed(format!("cannot reach {host}: {}", innermost(&error)))),
            Err(_) => Err(FeedError::failed(format!(
                "{host} did not answer within {within:.0?}; check the URL and the network"
            ))),
        }
    }

    /// The next message; what waits in the sender goes out meanwhile. Fails when the server closes
    /// the socket, when the connection breaks, or when nothing comes for as long as `silence`,
    /// not even the answer to a ping.
    pub async fn next(&mut self, sender: &mut MentionSender, silence: Duration) -> Result<Frame, FeedError> {
        loop {
            let sign = sender.meanwhile(self.sign(silence)).await??;
            sender.hear();
            match sign {
                Sign::Frame(frame) => return Ok(frame),
                Sign::TooLong => sender.discard("too long"),
                Sign::Life => {}
            }
        }
    }

    /// The next sign of the server, for adapters that hear several connections at once; as
    /// [`Socket::next`] else. It must not be given up half-way.
    pub async fn sign(&mut self, silence: Duration) -> Result<Sign, FeedError> {
        let half = self.pace.patience(silence) / 2;
        let message = match timeout(half, self.inner.next()).await {
            Ok(message) => message,
            Err(_) => {
                self.send(Message::Ping(Vec::new().into())).await?;
                let unheard = |_| FeedError::failed(format!("silent for {silence:.0?}; reconnecting"));
                timeout(half, self.inner.next()).await.map_err(unheard)?
            }
        };
        let message = message.unwrap_or(Err(Error::ConnectionClosed));
        match message.map_err(|error| self.broken(error))? {
            Message::Text(text) if text.len() <= MAX_MESSAGE => {
                Ok(Sign::Frame(Frame::Text(text.as_str().into())))
            }
            Message::Binary(bytes) if bytes.len() <= MAX_MESSAGE => {
                Ok(Sign::Frame(Frame::Binary(bytes.into())))
            }
            Message::Text(_) | Message::Binary(_) => Ok(Sign::TooLong),
            Message::Close(frame) => Err(Self::close(frame)),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(Sign::Life),
        }
    }

    pub async fn send_text(&mut self, text: impl Into<String>) -> Result<(), FeedError> {
        self.send(Message::Text(text.into().into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), FeedError> {
        match timeout(self.pace.connect_within, self.inner.send(message)).await {
            Ok(sent) => sent.map_err(|error| self.broken(error)),
            Err(_) => Err(FeedError::failed("the server stopped reading; reconnecting")),
        }
    }

    fn close(frame: Option<CloseFrame>) -> FeedError {
        let Some(frame) = frame else {
            return FeedError::failed("the server closed the connection without a reason; reconnecting");
        };
        closed(u16::from(frame.code), frame.reason.as_str())
    }

    fn broken(&self, error: Error) -> FeedError {
        match error {
            Error::ConnectionClosed | Error::AlreadyClosed => {
                FeedError::failed("the server closed the connection; reconnecting")
            }
            Error::Capacity(_) => FeedError::of(
                FailureKind::Server,
                format!("a message is longer than {} MiB", MAX_FRAME >> 20),
            ),
            // A server that is started anew, or a machine between, simply goes.
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
                FeedError::failed("the connection broke; reconnecting")
            }
            Error::Protocol(_) | Error::Utf8(_) => FeedError::of(
                FailureKind::Server,
                format!("the server violates the WebSocket protocol: {error}"),
            ),
            error => FeedError::failed(format!("the connection broke: {}", innermost(&error))),
        }
    }
}

/// What a code of RFC 6455, section 7.4.1, means in words.
fn closed(code: u16, why: &str) -> FeedError {
    let (fault, words) = match code {
        1000 => (FailureKind::Network, "it is done"),
        1001 => (FailureKind::Network, "it is shutting down"),
        1002 | 1003 | 1007 => (FailureKind::Server, "it did not understand what was sent"),
        1008 => (FailureKind::Refused, "its policy does not allow this; check the token"),
        1009 => (FailureKind::Server, "what was sent is too long"),
        1011 => (FailureKind::Server, "it has an internal error"),
        1012 => (FailureKind::Network, "it is restarting"),
        1013 => (FailureKind::Throttled, "it is overloaded"),
        3000 => (FailureKind::Refused, "it rejects the token"),
        3003 => (FailureKind::Refused, "it does not allow this"),
        _ => (FailureKind::Server, "for its own reasons"),
    };
    let said = crate::mention::clean_text(why).map(|why| format!(": {why:.120}")).unwrap_or_default();
    FeedError::of(fault, format!("the server closed the connection ({code}): {words}{said}"))
}

fn refused(answer: http::Response<Option<Vec<u8>>>) -> Answer {
    let (head, body) = answer.into_parts();
    Answer { status: head.status, headers: head.headers, body: body.unwrap_or_default(), moved: None }
}
