//! Asking what listens at an address of this machine.

use std::io::{Error, Read as _, Result, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::remote;

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

/// Asks for a page, of `most` bytes at most.
pub fn get(addr: SocketAddr, path: &str, most: u64) -> Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&remote::openable(addr), PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    // In one piece: some servers read once.
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.take(most).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let answer = text.split_once("\r\n\r\n").and_then(|(head, body)| {
        let status = head.split_whitespace().nth(1)?.parse().ok()?;
        Some(Answer { status, body: body.into() })
    });
    answer.ok_or_else(|| Error::other("the answer is not HTTP"))
}
