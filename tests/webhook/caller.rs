//! A service that calls a wall, over plain sockets; and a journal that does as it is told.

use std::net::SocketAddr;
use std::time::Duration;

use fishbowl::clock::Clock;
use fishbowl::feed::{Feeds, Pace, QUEUE, spawn_with};
use fishbowl::layout::feed::Service;
use fishbowl::layout::feed::pushed::{Listen, Profile, Webhook};
use fishbowl::layout::wall::{Feed, FeedSpec};
use fishbowl::mention::source::{Batch, FeedState, Health};
use ring::hmac;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

/// No test waits longer for anything.
pub const LIMIT: Duration = Duration::from_secs(20);

/// What the journal does with batches that want a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disk {
    Keeps,
    Fails,
    /// Takes them and is not done yet.
    Works,
}

/// What came out of the feeds.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    pub uids: Vec<String>,
    pub states: Vec<Option<FeedState>>,
}

impl Heard {
    pub fn state(&self, feed: usize) -> Option<&FeedState> {
        self.states.get(feed)?.as_ref()
    }

    /// Why a feed is not live.
    pub fn why(&self, feed: usize) -> Option<String> {
        match &self.state(feed)?.health {
            Health::Down { why, .. } | Health::Refused { why, .. } => Some(why.to_string()),
            _ => None,
        }
    }
}

/// Running feeds and their journal.
pub struct Wall {
    pub feeds: Option<Feeds>,
    pub disk: watch::Sender<Disk>,
    heard: watch::Receiver<Heard>,
}

impl Wall {
    pub fn start(feeds: &[Feed]) -> Self {
        let (out, batches) = mpsc::channel(QUEUE);

        let pace = Pace { stretch: 0.01, ..Pace::default() };
        let feeds = spawn_with(feeds, &Default::default(), Clock::system(), out, &Handle::current(), &pace);
        let (disk, orders) = watch::channel(Disk::Keeps);
        let (tell, heard) = watch::channel(Heard::default());
        tokio::spawn(journal(batches, orders, tell));
        Self { feeds: Some(feeds), disk, heard }
    }

    /// Waits for something to be heard.
    pub async fn until(&mut self, enough: impl FnMut(&Heard) -> bool) -> Heard {
        let heard = timeout(LIMIT, self.heard.wait_for(enough)).await;
        if let Ok(heard) = heard {
            return heard.expect("the journal runs").clone();
        }
        drop(heard);
        panic!("not within {LIMIT:?}: {:#?}", self.heard.borrow())
    }

    /// Waits until feeds are called.
    pub async fn live(&mut self, feeds: usize) {
        let live = |heard: &Heard, feed| heard.state(feed).is_some_and(|s| s.health == Health::Live);
        self.until(|heard| (0..feeds).all(|feed| live(heard, feed))).await;
    }
}

async fn journal(
    mut batches: mpsc::Receiver<Batch>,
    mut disk: watch::Receiver<Disk>,
    tell: watch::Sender<Heard>,
) {
    while let Some(batch) = batches.recv().await {
        tell.send_modify(|heard| {
            heard.uids.extend(batch.mentions.iter().map(|m| m.uid.to_string()));
            heard.states.resize(heard.states.len().max(batch.feed + 1), None);
            heard.states[batch.feed] = Some(batch.state);
        });
        let Some(receipt) = batch.receipt else { continue };
        let order = *disk.wait_for(|order| *order != Disk::Works).await.expect("the test runs");
        if order == Disk::Keeps {
            let _ = receipt.send(());
        }
    }
}

/// An address of the loopback that nobody listens on.
pub fn free() -> SocketAddr {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    socket.local_addr().expect("it is bound")
}

/// A webhook whose secret stands in a file.
pub fn hook(name: &str, address: SocketAddr, profile: Profile, secret: &tempfile::NamedTempFile) -> Webhook {
    Webhook {
        listen: Listen(address),
        path: format!("/hooks/{name}"),
        profile: Some(profile),
        secret_file: Some(secret.path().into()),
        ..Webhook::default()
    }
}

pub fn feed(name: &str, hook: Webhook) -> Feed {
    Feed { name: name.into(), stale_after: LIMIT, spec: FeedSpec::Service(Service::Webhook(hook)) }
}

pub fn secret(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), text).expect("it is writable");
    file
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub fn mac(key: &str, signed: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), signed).as_ref().to_vec()
}

/// As GitHub signs.
pub fn signed(key: &str, body: &[u8]) -> String {
    format!("X-Hub-Signature-256: sha256={}\r\n", hex(&mac(key, body)))
}

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

pub async fn post(address: SocketAddr, path: &str, headers: &str, body: &[u8]) -> Answer {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: wall\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    call(address, &[format!("{head}{headers}\r\n").as_bytes(), body].concat()).await
}

pub async fn get(address: SocketAddr, path: &str) -> Answer {
    let request = format!("GET {path} HTTP/1.1\r\nhost: wall\r\nconnection: close\r\n\r\n");
    call(address, request.as_bytes()).await
}

pub async fn call(address: SocketAddr, request: &[u8]) -> Answer {
    let exchange = async {
        let mut stream = TcpStream::connect(address).await.expect("the wall listens");
        // The wall may answer and hang up before it has read everything.
        let _ = stream.write_all(request).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8(answer).expect("an answer is text")
    };
    let answer = timeout(LIMIT, exchange).await.expect("the wall answers");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Answer { status: status.unwrap_or(0), head: head.to_lowercase(), body: body.to_owned() }
}

/// One mention as canonical JSON.
pub fn mention(uid: &str) -> Vec<u8> {
    format!("{{\"uid\":\"{uid}\",\"text\":\"電池 {uid}\"}}").into_bytes()
}
