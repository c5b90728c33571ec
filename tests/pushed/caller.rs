//! A service that calls a wall, over plain sockets.

use std::net::SocketAddr;

use fishbowl::feed::kinds::{Listen, Profile, WebhookTable};
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::Feed;
use ring::hmac;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::wall::{self, LIMIT};

/// An address of the loopback that nobody listens on.
pub fn free() -> SocketAddr {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    socket.local_addr().expect("it is bound")
}

/// A webhook whose secret stands in a file.
pub fn hook(
    name: &str,
    address: SocketAddr,
    profile: Profile,
    secret: &tempfile::NamedTempFile,
) -> WebhookTable {
    WebhookTable {
        listen: Listen(address),
        path: format!("/hooks/{name}"),
        profile: Some(profile),
        secret_file: Some(secret.path().into()),
        ..WebhookTable::default()
    }
}

pub fn feed(name: &str, hook: WebhookTable) -> Feed {
    wall::feed(name, FeedSpec::from(hook))
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
