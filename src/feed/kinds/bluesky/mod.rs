//! Bluesky, through a Jetstream server: posts become mentions, likes, reposts, answers and quotes
//! are counted to their post.
//!
//! <https://docs.bsky.app/docs/advanced-guides/jetstream>, <https://bsky.network/docs/jetstream/>.

mod address;
mod cursor;
mod frame;
mod memory;
mod post;
mod profiles;
mod stream_state;
pub(in crate::feed) mod table;
mod unzip;

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use tokio::time::timeout;

use self::address::Server;
use self::cursor::{Had, Start};
pub(in crate::feed) use self::frame::Frame;
use self::frame::{Told, What};
use self::profiles::Profiles;
use self::stream_state::StreamState;
pub use self::table::BlueskyTable;
use self::table::Wire;
use self::unzip::Unzip;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::json_text;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::{self, Answer, Web};
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::websocket::{self, Socket};
use crate::mention::source::Health;
use crate::mention::{Mention, clean_text};

impl AdapterTable for BlueskyTable {
    const KIND: &'static str = "bluesky";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Jetstream::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        match bytes.split_first() {
            Some((wire, json)) => decode(json, *wire == b'2', source, now).ok().flatten().into(),
            None => Decoded::default(),
        }
    }
}

/// A stream that says nothing for so long has no past left to tell.
const QUIET: Duration = Duration::from_secs(2);

/// A feed of Bluesky's. Lives through reconnections and keeps what they need.
pub(in crate::feed) struct Jetstream {
    table: BlueskyTable,
    pace: Pace,
    web: Option<Web>,
    /// How frames are taken apart, once that has been asked for.
    unzip: Option<Unzip>,
    /// False from when the server would not compress.
    compress: bool,
    stream: StreamState,
}

impl Jetstream {
    pub fn new(table: &BlueskyTable, pace: &Pace) -> Self {
        let (table, pace) = (table.clone(), pace.clone());
        let (compress, stream) = (table.compress, StreamState::new(table.languages.clone()));
        Self { table, pace, web: None, unzip: None, compress, stream }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let server = Server::of(&self.table)?;
        self.stream.begin(sender, &server.host());
        if self.table.profiles && self.stream.profiles.is_none() {
            self.stream.profiles = Some(Profiles::new(&self.table.appview, &self.pace)?);
        }
        let start = self.stream.start(sender.clock.now(), self.table.look_back.map(|past| past.0));
        let mut socket = self.connect(&server, &start, sender).await?;
        let behind = self.stream.behind(&start, sender.clock.now());
        sender.goes_on(self.stream.goes_on(sender.clock.now()));
        sender.tell(if behind { Health::CatchingUp } else { Health::Live }).await?;
        let had = Had::new(&start, self.stream.last());
        let stop = self.receive(&mut socket, server.wire, &had, sender).await;
        // What came before the failure is not lost with it.
        sender.flush().await?;
        stop
    }

    async fn connect(
        &mut self,
        server: &Server,
        start: &Start,
        sender: &MentionSender,
    ) -> Result<Socket, FeedError> {
        if self.compress && self.unzip.is_none() {
            self.unzip = self.dictionary(server).await;
            self.compress = self.unzip.is_some();
        }
        let dictionary = self.unzip.as_ref().map(Unzip::id);
        let call = HttpRequest::get(&server.stream(&self.table, start, dictionary));
        match Socket::knock(call, &self.pace).await? {
            Ok(socket) => Ok(socket),
            Err(answer) => Err(self.refused(answer, sender)),
        }
    }

    /// What frames are taken apart with; a server without a dictionary sends them as they are.
    async fn dictionary(&mut self, server: &Server) -> Option<Unzip> {
        if server.wire == Wire::V1 {
            return Unzip::first().ok();
        }
        let url = server.dictionary()?;
        let web = match self.web.take() {
            Some(web) => web,
            None => Web::new(&url, &self.pace).ok()?,
        };
        let answer = self.web.insert(web).fetch(HttpRequest::get(&url)).await.ok()?;
        answer.status.is_success().then(|| Unzip::with(&answer.body).ok())?
    }

    /// Puts a refusal into words, and the next attempt right where that is possible.
    fn refused(&mut self, answer: Answer, sender: &MentionSender) -> FeedError {
        let said: Refusal = json_text::typed(&answer.body).unwrap_or_default();
        let message = clean_text(&said.message).map(|words| format!(": {words:.160}")).unwrap_or_default();
        match said.error.as_str() {
            "CursorTooOld" => {
                self.stream.by_time = true;
                tracing::warn!(feed = %sender.source(), "the server no longer has everything that this wall missed{message}; there is a gap");
                FeedError::failed(
                    "the server no longer has everything that this wall missed; resuming with the oldest it has",
                )
            }
            "UnknownZstdDictionary" => {
                // Had anew at the next attempt; without, should that be refused too.
                self.unzip = None;
                FeedError::failed("the server has a new dictionary; fetching it")
            }
            _ if answer.status.as_u16() == 400 => {
                FeedError::of(FailureKind::Refused, format!("the server rejects this request{message}"))
            }
            _ => http::refusal(answer.status, &answer.headers, sender.clock.now()),
        }
    }

    /// Reads until the stream ends, breaks or falls silent.
    async fn receive(
        &mut self,
        socket: &mut Socket,
        wire: Wire,
        had: &Had,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        loop {
            let frame = tokio::select! {
                frame = listen(socket, sender) => frame?,
                mentions = named(&mut self.stream.profiles) => {
                    self.stream.name(mentions, sender).await?;
                    continue;
                }
            };
            let Some(frame) = frame else {
                sender.tell(Health::Live).await?;
                continue;
            };
            let json = match text(&mut self.unzip, &frame) {
                Ok(json) => json,
                Err(DecodeError(why)) => {
                    sender.discard(why);
                    continue;
                }
            };
            let mended;
            let told = match told(wire, json) {
                Err(json_text::NOT_JSON) => {
                    mended = json_text::mended(json.as_bytes());
                    told(wire, &mended)
                }
                other => other,
            };
            match told {
                Ok(Told::Event(event)) => {
                    sender.understood();
                    self.stream.take(event, had, sender).await?;
                }
                Ok(Told::Notice { name, message }) => self.stream.notice(&name, &message, sender)?,
                Ok(Told::Error { name, message }) => return Err(last_word(&name, &message)),
                Err(DecodeError(why)) => sender.discard(why),
            }
        }
    }
}

impl Adapter for Jetstream {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}

/// The next frame; `None` when there is no past left to be had.
async fn listen(
    socket: &mut Socket,
    sender: &mut MentionSender,
) -> Result<Option<websocket::Frame>, FeedError> {
    let silence = sender.state.stale_after;
    if sender.state.health != Health::CatchingUp {
        return socket.next(sender, silence).await.map(Some);
    }
    timeout(QUIET, socket.next(sender, silence)).await.map_or(Ok(None), |frame| frame.map(Some))
}

/// Posts whose authors have become known; waits for ever where nobody asks for them.
async fn named(profiles: &mut Option<Profiles>) -> Vec<Mention> {
    match profiles {
        Some(profiles) => profiles.next().await,
        None => pending().await,
    }
}

/// The body of a refusal, as every XRPC server writes it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    error: String,
    message: String,
}

/// The JSON text of a frame.
fn text<'f>(unzip: &'f mut Option<Unzip>, frame: &'f websocket::Frame) -> Result<&'f str, DecodeError> {
    match (frame, unzip) {
        (websocket::Frame::Text(text), _) => Ok(text),
        (websocket::Frame::Binary(bytes), Some(unzip)) => {
            unzip.text(bytes).ok_or(DecodeError("a compressed frame cannot be decompressed"))
        }
        (websocket::Frame::Binary(_), None) => Err(DecodeError("a compressed frame that was not requested")),
    }
}

/// What a frame tells.
fn told(wire: Wire, json: &str) -> Result<Told<'_>, DecodeError> {
    match wire {
        Wire::V1 => frame::first(json),
        Wire::V2 => frame::second(json),
    }
}

/// The server's last word before it hangs up.
fn last_word(name: &str, message: &str) -> FeedError {
    match name {
        "ConsumerTooSlow" => FeedError::of(
            FailureKind::Server,
            "the server disconnected because this wall reads too slowly; resuming where it stopped",
        ),
        _ => {
            let message = clean_text(message).map(|words| format!(": {words:.160}")).unwrap_or_default();
            FeedError::of(FailureKind::Server, format!("the server disconnected with {name:.60}{message}"))
        }
    }
}

/// The mention that a frame of the first wire makes; `None` is one that is no post. `received` is
/// when it arrived: in a recording, where it is `None`, when the server sent it.
pub(in crate::feed) fn read(
    frame: Box<Frame<'_>>,
    source: &Arc<str>,
    received: Option<Time>,
) -> Result<Option<Mention>, DecodeError> {
    let event = frame.event()?;
    let What::Commit(commit) = &event.what else { return Ok(None) };
    let received = received.or(event.at).ok_or(DecodeError("a record without a time"))?;
    post::mention(&event, commit, source, received)
}

/// Reads a frame of either wire as the adapter does; `None` is one that is no post.
pub(in crate::feed) fn decode(
    json: &[u8],
    second: bool,
    source: &Arc<str>,
    received: Time,
) -> Result<Option<Mention>, DecodeError> {
    let json = std::str::from_utf8(json).map_err(|_| DecodeError("not UTF-8"))?;
    let told = if second { frame::second(json)? } else { frame::first(json)? };
    let Told::Event(event) = told else { return Ok(None) };
    let What::Commit(commit) = &event.what else { return Ok(None) };
    drop(post::deeds(commit));
    post::mention(&event, commit, source, received)
}

/// The length of the text in a compressed frame of the first wire.
pub(in crate::feed) fn unzipped(frame: &[u8]) -> Option<usize> {
    Unzip::first().ok()?.text(frame).map(str::len)
}
