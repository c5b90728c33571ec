//! A Jetstream server on the loopback: keeps a log of events and serves it over both wires from
//! any cursor, with the faults that a test asks for.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};
use zstd::bulk::Compressor;

const DICTIONARY: &[u8] = include_bytes!("../../assets/jetstream/dictionary.zstd");

/// Cursors below are numbers, those above microseconds.
const SPLIT: u64 = 1_000_000_000_000_000;

/// How one connection ends, after so many frames.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    Close(usize),
    MidFrame(usize),
    TooSlow(usize),
}

/// What the server is like.
#[derive(Clone, Default)]
pub struct Manner {
    /// Frames of the first wire have no number, as before 2026.
    pub unnumbered: bool,
    /// Every frame is sent twice.
    pub twice: bool,
    /// How the first connections end; later ones are held.
    pub cuts: VecDeque<Cut>,
    /// Numbers below are no longer had: refused on the second wire, passed over on the first.
    pub floor: u64,
    /// No dictionary is handed out.
    pub plain: bool,
}

pub struct Fake {
    port: u16,
    state: Arc<Mutex<State>>,
}

struct State {
    log: Vec<Value>,
    manner: Manner,
    requests: Vec<String>,
}

impl Fake {
    /// Serves `log`: frames of the first wire with their `cursor`.
    pub async fn start(log: Vec<Value>, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("the loopback has a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let state = Arc::new(Mutex::new(State { log, manner, requests: Vec::new() }));
        let served = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // The client may hang up at any time.
                tokio::spawn(serve(stream, served.clone()));
            }
        });
        Self { port, state }
    }

    pub fn first(&self) -> String {
        format!("ws://127.0.0.1:{}/subscribe", self.port)
    }

    pub fn second(&self) -> String {
        format!("ws://127.0.0.1:{}/xrpc/network.bsky.jetstream.subscribeEvents", self.port)
    }

    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The path and query of each request so far.
    pub fn requests(&self) -> Vec<String> {
        self.state.lock().expect("no test panics with the lock").requests.clone()
    }
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

async fn serve(stream: TcpStream, state: Arc<Mutex<State>>) -> Result<(), Failed> {
    let mut head = [0; 2_048];
    let read = stream.peek(&mut head).await?;
    let head = String::from_utf8_lossy(&head[..read]).into_owned();
    let asked = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let (log, manner, cut) = {
        let mut state = state.lock().expect("no test panics with the lock");
        state.requests.push(asked.clone());
        let cut = if asked.contains("subscribe") { state.manner.cuts.pop_front() } else { None };
        (state.log.clone(), state.manner.clone(), cut)
    };
    let cursor: Option<u64> = parameter(&asked, "cursor").and_then(|cursor| cursor.parse().ok());
    let second = asked.contains("subscribeEvents");
    if asked.contains("getZstdDictionary") {
        return answer(stream, if manner.plain { None } else { Some(DICTIONARY) }).await;
    }
    if second && cursor.is_some_and(|cursor| cursor < manner.floor) {
        return too_old(stream).await;
    }
    #[allow(clippy::result_large_err, reason = "tungstenite's own callback")]
    let accept = |_: &Request, response: Response| -> Result<Response, ErrorResponse> { Ok(response) };
    let socket = accept_hdr_async(stream, accept).await?;
    let zipped = asked.contains("compress=true") || asked.contains("zstdDictionary=1612007021");
    let newest = log.iter().map(number).max().unwrap_or_default();
    // A number that is still to come means: from now on. All of the log happens now.
    let cursor = cursor.filter(|cursor| *cursor >= SPLIT || *cursor <= newest);
    let from = log.iter().filter(|frame| after(frame, cursor) && number(frame) >= manner.floor);
    let frames = from.map(|frame| write(frame, second, manner.unnumbered)).collect();
    play(socket, frames, cut, zipped, manner.twice).await
}

fn parameter<'a>(asked: &'a str, name: &str) -> Option<&'a str> {
    let query = asked.split_once('?')?.1;
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|pair| pair.1)
}

fn number(frame: &Value) -> u64 {
    frame["cursor"].as_u64().expect("it has one")
}

/// Numbers and times are told apart by their size; without a cursor everything is new.
fn after(frame: &Value, cursor: Option<u64>) -> bool {
    match cursor {
        None => true,
        Some(seq) if seq < SPLIT => number(frame) >= seq,
        Some(micros) => frame["time_us"].as_u64().is_some_and(|at| at >= micros),
    }
}

fn write(frame: &Value, second: bool, unnumbered: bool) -> String {
    let mut frame = frame.clone();
    if second {
        return in_envelope(&frame).to_string();
    }
    if unnumbered {
        frame.as_object_mut().expect("it is an object").remove("cursor");
    }
    frame.to_string()
}

/// The same event as the second wire tells it.
fn in_envelope(frame: &Value) -> Value {
    let kind = frame["kind"].as_str().expect("it has one");
    let time = jiff::Timestamp::from_microsecond(frame["time_us"].as_i64().expect("it has one"));
    let mut payload = json!({
        "$type": format!("network.bsky.jetstream.subscribeEvents#{kind}"), "seq": frame["cursor"],
        "did": frame["did"], "time": time.expect("it is a time").to_string()
    });
    let inner = if kind == "commit" { frame["commit"].clone() } else { json!({ kind: frame[kind] }) };
    payload.as_object_mut().expect("it is one").extend(inner.as_object().expect("it is one").clone());
    json!({"$type": "message", "payload": payload})
}

async fn play(
    mut socket: WebSocketStream<TcpStream>,
    frames: Vec<String>,
    cut: Option<Cut>,
    zipped: bool,
    twice: bool,
) -> Result<(), Failed> {
    let mut zip = Compressor::with_dictionary(3, DICTIONARY)?;
    let mut pack = |text: &str| -> Result<Message, Failed> {
        Ok(if zipped {
            Message::Binary(zip.compress(text.as_bytes())?.into())
        } else {
            Message::Text(text.into())
        })
    };
    let limit = match cut {
        Some(Cut::Close(limit) | Cut::MidFrame(limit) | Cut::TooSlow(limit)) => limit,
        None => usize::MAX,
    };
    for frame in frames.iter().take(limit) {
        for _ in 0..=usize::from(twice) {
            socket.send(pack(frame)?).await?;
        }
    }
    match cut {
        None => while socket.next().await.is_some_and(|message| message.is_ok()) {},
        Some(Cut::Close(_)) => socket.close(None).await?,
        Some(Cut::MidFrame(_)) => socket.get_mut().write_all(b"\x81\x20{\"did\":\"did:").await?,
        Some(Cut::TooSlow(_)) => {
            let last =
                json!({"$type": "error", "error": "ConsumerTooSlow", "message": "reconnect with cursor=1"});
            socket.send(pack(&last.to_string())?).await?;
        }
    }
    Ok(())
}

async fn answer(mut stream: TcpStream, body: Option<&[u8]>) -> Result<(), Failed> {
    let _ = stream.read(&mut [0; 2_048]).await?;
    let status = if body.is_some() { "200 OK" } else { "404 Not Found" };
    let body = body.unwrap_or_default();
    stream
        .write_all(format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes())
        .await?;
    Ok(stream.write_all(body).await?)
}

async fn too_old(mut stream: TcpStream) -> Result<(), Failed> {
    let _ = stream.read(&mut [0; 2_048]).await?;
    let body = r#"{"error":"CursorTooOld","message":"the oldest is 5"}"#;
    let head = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    Ok(stream.write_all(format!("{head}{body}").as_bytes()).await?)
}
