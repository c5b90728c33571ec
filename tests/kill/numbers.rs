//! A server of events that numbers what it sends and goes on after the last id that it is told.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// So many events before the one asked for are sent again, as services do that resume by time.
const OVERLAP: u64 = 500;
/// Bytes of the socket's own queue: so that what was sent is not far from what was read.
const QUEUE: libc::c_int = 64 * 1024;
/// Events that are written at once.
const AT_ONCE: u64 = 64;

/// The server; its threads end with the test.
pub struct Numbers {
    addr: SocketAddr,
    total: u64,
    sent: Arc<AtomicU64>,
    resumed: Arc<Mutex<Vec<u64>>>,
}

impl Numbers {
    /// Serves the numbers from 1 to `total` to whoever connects.
    pub fn start(total: u64) -> Self {
        Self::at(([127, 0, 0, 1], 0).into(), total)
    }

    /// The same at this address.
    pub fn at(addr: SocketAddr, total: u64) -> Self {
        let listener = TcpListener::bind(addr).expect("the address is free");
        let addr = listener.local_addr().expect("it is bound");
        let (sent, resumed) = (Arc::<AtomicU64>::default(), Arc::<Mutex<Vec<u64>>>::default());
        let (noted, ids) = (sent.clone(), resumed.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (noted, ids) = (noted.clone(), ids.clone());
                // The client may go at any time.
                std::thread::spawn(move || drop(serve(stream, total, &noted, &ids)));
            }
        });
        Self { addr, total, sent, resumed }
    }

    pub fn url(&self) -> String {
        format!("http://{}/numbers", self.addr)
    }

    /// The highest number that was sent.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// After which number each connection asked to go on.
    pub fn resumed(&self) -> Vec<u64> {
        self.resumed.lock().expect("no thread panics with it").clone()
    }

    /// How many there are of all, of the third and of the seventh.
    pub fn counts(&self) -> [u64; 3] {
        [self.total, self.total / 3, self.total / 7]
    }
}

fn serve(
    mut stream: TcpStream,
    total: u64,
    sent: &AtomicU64,
    resumed: &Mutex<Vec<u64>>,
) -> std::io::Result<()> {
    keep_queue_short(&stream);
    let after = asked(&mut stream)?;
    resumed.lock().expect("no thread panics with it").push(after);
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")?;
    let (mut next, mut text) = (after.saturating_sub(OVERLAP) + 1, String::new());
    while next <= total {
        text.clear();
        let end = (next + AT_ONCE).min(total + 1);
        (next..end).for_each(|n| event(n, &mut text));
        stream.write_all(text.as_bytes())?;
        sent.fetch_max(end - 1, Ordering::Relaxed);
        next = end;
    }
    loop {
        stream.write_all(b":\n\n")?;
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// The number in `Last-Event-ID`; 0 without one.
fn asked(stream: &mut TcpStream) -> std::io::Result<u64> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let id = head.lines().find_map(|line| line.strip_prefix("last-event-id:"));
    Ok(id.and_then(|id| id.trim().parse().ok()).unwrap_or(0))
}

/// As long as what people write, and judged by its source.
fn event(n: u64, out: &mut String) {
    let third = if n.is_multiple_of(3) { "third " } else { "" };
    let seventh = if n.is_multiple_of(7) { "seventh " } else { "" };
    let (author, score) = (n % 5_000, (n % 3) as i64 - 1);
    // Writing into a string cannot fail.
    let _ = write!(
        out,
        "id: {n}\ndata: {{\"uid\":\"n:{n}\",\"text\":\"{third}{seventh}number {n} said by somebody who has \
         something to say about it, at some length, as people do\",\"lang\":\"en\",\"author\":{{\"id\":\
         \"a{author}\",\"handle\":\"person{author}\"}},\"sentiment\":{score}}}\n\n"
    );
}

fn keep_queue_short(stream: &TcpStream) {
    use std::os::fd::AsRawFd as _;
    let size = QUEUE;
    // SAFETY: the socket is open, and the option is an int of the length that is told.
    unsafe {
        libc::setsockopt(
            stream.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_SNDBUF,
            (&raw const size).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        );
    }
}
