//! Asking what listens at an address of this machine.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::cli::journal_setup;
use crate::layout::remote::RemoteSpec;
use crate::remote::{self, Pinned};

/// How long it may take to connect, and to send each part of the answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// An answer.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Answer {
    /// Whether it is that of a wall's `/health`.
    pub fn is_of_a_wall(&self) -> bool {
        [200, 503].contains(&self.status) && ["display", "window"].iter().any(|word| self.body.contains(word))
    }
}

/// A wall that may run on this machine.
pub struct Door {
    addr: SocketAddr,
    pinned: Option<Pinned>,
}

impl Door {
    /// That of the wall with this `[remote]`.
    ///
    /// # Errors
    /// In words, when it encrypts and its certificate cannot be read.
    pub fn of(remote: Option<&RemoteSpec>) -> core::result::Result<Self, String> {
        let folder = journal_setup::state_folder().map(|folder| folder.join("fishbowl"));
        let pinned = remote.and_then(|remote| remote.tls.as_ref());
        let pinned = pinned.map(|tls| Pinned::to(tls, folder.as_deref())).transpose()?;
        let addr = remote.and_then(|remote| remote.listen).unwrap_or(remote::DEFAULT_ADDR);
        Ok(Self { addr, pinned })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Asks for a page, of `most` bytes at most.
    pub fn get(&self, path: &str, most: u64) -> Result<Answer> {
        let stream = TcpStream::connect_timeout(&near(self.addr), PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        match &self.pinned {
            Some(pinned) => exchange(pinned.encrypt(stream)?, path, most),
            None => exchange(stream, path, most),
        }
    }
}

/// Where on this machine something is reached that listens at all of its addresses: a wall says more to those who come
/// from here.
fn near(addr: SocketAddr) -> SocketAddr {
    match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, addr.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, addr.port()).into(),
        _ => addr,
    }
}

fn exchange(mut stream: impl Read + Write, path: &str, most: u64) -> Result<Answer> {
    // In one piece: some servers read once.
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    match stream.take(most).read_to_end(&mut bytes) {
        // Hung up without a word, as many do at the end of an encrypted answer.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof && !bytes.is_empty() => {}
        read => drop(read?),
    }
    let text = String::from_utf8_lossy(&bytes);
    let answer = text.split_once("\r\n\r\n").and_then(|(head, body)| {
        let status = head.split_whitespace().nth(1)?.parse().ok()?;
        Some(Answer { status, body: body.into() })
    });
    answer.ok_or_else(|| Error::other("the answer is not HTTP"))
}
