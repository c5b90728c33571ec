//! A real WebSocket server on the loopback that keeps to a script.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

/// What the server does with one socket.
#[derive(Clone)]
pub enum Say {
    Text(String),
    Binary(Vec<u8>),
    Ping,
    /// Waits for a message of the client and keeps it, see [`Sockets::heard`].
    Listen,
    /// Closes with a code and a reason.
    Close(u16, &'static str),
    /// Answers nothing more until the client hangs up, pings neither.
    Freeze,
    /// Reads, and answers pings, until the client hangs up.
    Hold,
    /// Breaks the connection with a reset (RST).
    Reset,
    /// Answers the handshake with this (a whole HTTP answer) instead; must stand alone.
    Refuse(String),
}

pub struct Sockets {
    at: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    heard: Arc<Mutex<Vec<Message>>>,
}

impl Sockets {
    /// Serves one script a connection, in order, and then refuses.
    pub async fn start(scripts: Vec<Vec<Say>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("the loopback has a free port");
        let at = listener.local_addr().expect("it is bound");
        let (heads, heard) = (Arc::default(), Arc::default());
        let server = Self { at, heads: Arc::clone(&heads), heard: Arc::clone(&heard) };
        tokio::spawn(async move {
            for script in scripts {
                let Ok((stream, _)) = listener.accept().await else { return };
                // The client may hang up at any time.
                let _ = serve(stream, &script, &heads, &heard).await;
            }
        });
        server
    }

    /// The address of a path: `/x?y=z`.
    pub fn at(&self, path: &str) -> String {
        format!("ws://{}{path}", self.at)
    }

    /// Each handshake: its address and its headers, names in lower case.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("no test panics with the lock").clone()
    }

    /// What the client said, as text.
    pub fn heard(&self) -> Vec<String> {
        let heard = self.heard.lock().expect("no test panics with the lock");
        heard.iter().map(|message| message.to_string()).collect()
    }
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

async fn serve(
    mut stream: TcpStream,
    script: &[Say],
    heads: &Mutex<Vec<String>>,
    heard: &Mutex<Vec<Message>>,
) -> Result<(), Failed> {
    if let [Say::Refuse(answer)] = script {
        stream.readable().await?;
        stream.write_all(answer.as_bytes()).await?;
        return Ok(stream.shutdown().await?);
    }
    #[allow(clippy::result_large_err, reason = "tungstenite's own callback")]
    let note = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        let headers: String = request
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        heads.lock().expect("no test panics with the lock").push(format!("{}\n{headers}", request.uri()));
        Ok(response)
    };
    let mut socket = accept_hdr_async(stream, note).await?;
    for say in script {
        play(say, &mut socket, heard).await?;
    }
    Ok(())
}

async fn play(
    say: &Say,
    socket: &mut WebSocketStream<TcpStream>,
    heard: &Mutex<Vec<Message>>,
) -> Result<(), Failed> {
    match say {
        Say::Text(text) => socket.send(Message::Text(text.into())).await?,
        Say::Binary(bytes) => socket.send(Message::Binary(bytes.clone().into())).await?,
        Say::Ping => socket.send(Message::Ping(Vec::new().into())).await?,
        Say::Listen => loop {
            match socket.next().await.ok_or("the client has hung up")?? {
                Message::Ping(_) | Message::Pong(_) => {}
                message => break heard.lock().expect("no test panics with the lock").push(message),
            }
        },
        Say::Close(code, reason) => {
            let frame = CloseFrame { code: (*code).into(), reason: (*reason).into() };
            socket.close(Some(frame)).await?;
            while socket.next().await.is_some_and(|message| message.is_ok()) {}
        }
        Say::Freeze => {
            while socket.get_ref().readable().await.is_ok() {
                match socket.get_ref().try_read(&mut [0; 1_024]) {
                    Ok(0) => break,
                    Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => break,
                    _ => {}
                }
            }
        }
        Say::Hold => while socket.next().await.is_some_and(|message| message.is_ok()) {},
        Say::Reset => socket.get_ref().set_zero_linger()?,
        Say::Refuse(_) => return Err("a refusal stands alone".into()),
    }
    Ok(())
}
