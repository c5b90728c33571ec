//! The open connections of a Mastodon feed: one a stream by server-sent events, or one WebSocket
//! for all.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, BoxStream, SelectAll, StreamExt as _};
use reqwest::Url;

use super::channel::{self, Channel};
use super::event::{self, Message, Said};
use crate::feed::call::Call;
use crate::feed::secret::Hidden;
use crate::feed::sse::{Event, Parser};
use crate::feed::supervise::{Fault, Pace, Stop};
use crate::feed::web::{self, Response, Web};
use crate::feed::ws::{Frame, Socket};
use crate::layout::feed::social::Transport;

/// Silence after which a connection of either kind counts as dead; the server is heard every 15
/// and every 30 seconds.
const SSE_SILENCE: Duration = Duration::from_secs(40);
const SOCKET_SILENCE: Duration = Duration::from_secs(75);

/// One thing that was heard.
#[derive(Debug)]
pub(super) enum Heard {
    Said(usize, Said),
    Garbage(&'static str),
}

/// What came in one piece; nothing is a sign of life.
pub(super) type Piece = Result<Vec<Heard>, Stop>;

/// All that is heard, until the first connection fails.
pub(super) type Ears = SelectAll<BoxStream<'static, Piece>>;

/// Opens the streams at `streaming`.
pub(super) async fn open(
    transport: Transport,
    streaming: &Url,
    channels: &Arc<[Channel]>,
    token: &Hidden,
    web: &Web,
    pace: &Pace,
) -> Result<Ears, Stop> {
    let mut ears = SelectAll::new();
    match transport {
        Transport::Sse => {
            for (index, channel) in channels.iter().enumerate() {
                ears.push(events(index, sse(web, &channel.events(streaming)?, token).await?));
            }
        }
        Transport::WebSocket => {
            let socket = websocket(streaming, channels, token, pace).await?;
            ears.push(messages(socket, channels.clone()));
        }
    }
    Ok(ears)
}

async fn sse(web: &Web, url: &Url, token: &Hidden) -> Result<Response, Stop> {
    let response = web.open(Call::get(url).accept("text/event-stream").bearer(token)).await?;
    match response.status.as_u16() {
        200 if web::mime(&response.headers) == "text/event-stream" => Ok(response),
        200 => {
            let mime = web::mime(&response.headers);
            Err(Stop::of(Fault::Refused, format!("the server sends {mime:.40}, which is no stream; check `url`")))
        }
        status => Err(event::refused(Some(status.into()), "")),
    }
}

fn events(index: usize, response: Response) -> BoxStream<'static, Piece> {
    let start = (response, Parser::new(""));
    stream::unfold(start, move |(mut response, mut parser)| async move {
        let piece = response.bytes(SSE_SILENCE).await.and_then(|bytes| {
            let bytes = bytes.ok_or_else(|| Stop::failed("the server ended the stream; connecting again"))?;
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

async fn websocket(streaming: &Url, channels: &[Channel], token: &Hidden, pace: &Pace) -> Result<Socket, Stop> {
    let mut url = channel::socket(streaming)?;
    let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
    url.set_scheme(scheme).map_err(|()| Stop::of(Fault::Refused, "the address is none of a WebSocket"))?;
    let mut socket = match Socket::knock(Call::get(&url).bearer(token), pace).await? {
        Ok(socket) => socket,
        Err(answer) => return Err(event::refused(Some(answer.status.as_u16().into()), "")),
    };
    for channel in channels {
        socket.send_text(channel.subscription()).await?;
    }
    Ok(socket)
}

fn messages(socket: Socket, channels: Arc<[Channel]>) -> BoxStream<'static, Piece> {
    stream::unfold(socket, move |mut socket| {
        let channels = channels.clone();
        async move {
            let piece = socket.heard(SOCKET_SILENCE).await.and_then(|frame| frame_of(&channels, frame));
            Some((piece, socket))
        }
    })
    .boxed()
}

/// What a message says; `None` is a sign of life.
fn frame_of(channels: &[Channel], frame: Option<Result<Frame, &'static str>>) -> Piece {
    let Some(frame) = frame else { return Ok(Vec::new()) };
    let heard = match frame.map(|frame| event::message(frame.bytes())) {
        Err(why) | Ok(Err(crate::feed::record::Garbage(why))) => Heard::Garbage(why),
        Ok(Ok(Message::Refused(stop))) => return Err(stop),
        Ok(Ok(Message::Event(stream, said))) => match channels.iter().position(|channel| channel.is(&stream)) {
            Some(index) => Heard::Said(index, said),
            None => return Ok(Vec::new()),
        },
    };
    Ok(vec![heard])
}
