//! A server on the loopback that keeps to a script of answers and faults.
//!
//! A connection serves one request. [`Server::start`] plays one script a connection, in order;
//! [`Server::answering`] asks a function what to do with each request, many at a time.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// What the server does with one connection after it has read the request.
#[derive(Clone)]
pub enum Act {
    /// Writes as it is.
    Raw(Vec<u8>),
    /// Writes the head of an answer whose body comes in chunks.
    Head(&'static str),
    /// Writes one chunk of the body.
    Chunk(Vec<u8>),
    /// Writes each byte of the body as a chunk of its own.
    Crumbs(Vec<u8>),
    /// Says nothing for so many milliseconds.
    Rest(u64),
    /// Ends the body as it should; without it the connection is cut.
    End,
    /// Says nothing until the client hangs up.
    Hold,
    /// Breaks the connection with a reset (RST); nothing may follow.
    Reset,
}

/// A whole answer with a status (`200 OK`), headers (`a: b`, lines without ends) and a body.
pub fn answer(status: &str, headers: &[&str], body: &str) -> Vec<Act> {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n");
    vec![Act::Raw((head + body).into())]
}

/// `200 OK` with JSON.
pub fn json(body: &str) -> Vec<Act> {
    answer("200 OK", &["content-type: application/json"], body)
}

/// A request as the server read it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET /path?query` as it was sent.
    pub line: String,
    /// The whole head in lower case.
    pub head: String,
    pub body: Vec<u8>,
}

impl Request {
    /// A parameter of the address, as it was sent.
    pub fn query(&self, name: &str) -> Option<&str> {
        let pairs = self.line.split_once('?')?.1.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(n, _)| *n == name).map(|(_, value)| value)
    }
}

pub struct Server {
    at: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    /// Counts connections that the client closed during [`Act::Hold`].
    pub hung_up: mpsc::Receiver<()>,
}

impl Server {
    /// Serves one script a connection, in order, and then refuses.
    pub async fn start(scripts: Vec<Vec<Act>>) -> Self {
        let (listener, at) = listen().await;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (tell, hung_up) = mpsc::channel(64);
        let seen = requests.clone();
        tokio::spawn(async move {
            for script in scripts {
                let Ok((mut stream, _)) = listener.accept().await else { return };
                let request = read_request(&mut stream).await;
                seen.lock().expect("no test panics with the lock").push(request);
                // The client may hang up at any time.
                let _ = play(&script, &mut stream, &tell).await;
            }
        });
        Self { at, requests, hung_up }
    }

    /// Does with each request what `choose` says; gets the request and how many came before it.
    pub async fn answering(choose: impl Fn(&Request, usize) -> Vec<Act> + Send + Sync + 'static) -> Self {
        let (listener, at) = listen().await;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (tell, hung_up) = mpsc::channel(64);
        let (seen, choose) = (requests.clone(), Arc::new(choose));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (seen, choose, tell) = (seen.clone(), choose.clone(), tell.clone());
                tokio::spawn(async move {
                    let request = read_request(&mut stream).await;
                    let script = {
                        let mut seen = seen.lock().expect("no test panics with the lock");
                        seen.push(request.clone());
                        choose(&request, seen.len() - 1)
                    };
                    let _ = play(&script, &mut stream, &tell).await;
                });
            }
        });
        Self { at, requests, hung_up }
    }

    /// An address with a secret in it, which must never be told.
    pub fn url(&self) -> String {
        format!("http://{}/stream?access_token=s3cret", self.at)
    }

    /// The address of a path: `/x?y=z`.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.at)
    }

    /// The heads of all requests, in lower case.
    pub fn requests(&self) -> Vec<String> {
        self.calls().into_iter().map(|request| request.head).collect()
    }

    /// What was asked, once it was asked `least` times; panics when that takes too long.
    // Each test program uses its part of this file.
    #[allow(dead_code)]
    pub async fn calls_after(&self, least: usize) -> Vec<Request> {
        let asked = async {
            while self.calls().len() < least {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let in_time = timeout(Duration::from_secs(20), asked).await;
        assert!(in_time.is_ok(), "asked {} times, not {least}, within 20 s", self.calls().len());
        self.calls()
    }

    pub fn calls(&self) -> Vec<Request> {
        self.requests.lock().expect("no test panics with the lock").clone()
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("the loopback has a free port");
    let at = listener.local_addr().expect("it is bound");
    (listener, at)
}

async fn read_request(stream: &mut TcpStream) -> Request {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).await.is_ok_and(|n| n == 1) {
        head.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    let line = text.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
    let head = text.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    let _ = stream.read_exact(&mut body).await;
    Request { line, head, body }
}

async fn play(script: &[Act], stream: &mut TcpStream, tell: &mpsc::Sender<()>) -> std::io::Result<()> {
    for act in script {
        match act {
            Act::Raw(bytes) => stream.write_all(bytes).await?,
            Act::Head(head) => {
                stream.write_all(format!("{head}transfer-encoding: chunked\r\n\r\n").as_bytes()).await?;
            }
            Act::Chunk(bytes) => chunk(stream, bytes).await?,
            Act::Crumbs(bytes) => {
                for byte in bytes {
                    chunk(stream, &[*byte]).await?;
                    stream.flush().await?;
                }
            }
            Act::Rest(millis) => tokio::time::sleep(Duration::from_millis(*millis)).await,
            Act::End => stream.write_all(b"0\r\n\r\n").await?,
            Act::Hold => {
                while stream.read(&mut [0; 64]).await? > 0 {}
                let _ = tell.send(()).await;
            }
            Act::Reset => return stream.set_zero_linger(),
        }
        stream.flush().await?;
    }
    stream.shutdown().await
}

async fn chunk(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    stream.write_all(format!("{:x}\r\n", bytes.len()).as_bytes()).await?;
    stream.write_all(bytes).await?;
    stream.write_all(b"\r\n").await
}
