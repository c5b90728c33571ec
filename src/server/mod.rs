//! HTTP/1.1 servers, by hyper: who may hold a connection, and for how long.
//!
//! The mirror and the feeds that are called are served by this one piece of code. A caller whose
//! request does not come, who rests between two requests, or who does not read its answer is hung
//! up on after a stated time; when all seats are taken, whoever has kept the wall waiting for
//! longest gives way. A few further seats are kept for callers on this machine, so that whoever
//! supervises the wall can always ask how it is.

mod guest;
mod seats;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;

use guest::{Guest, Watched};
pub use seats::{Limits, Phase, Seat, Seats};

/// After so long without a byte the system asks whether the other side is still there …
const KEEPALIVE: Duration = Duration::from_secs(30);
/// … and asks again so often.
const PROBE: Duration = Duration::from_secs(10);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Serves every connection that comes to `socket`, for ever, with a service that is made for it. With `tls`
/// they are encrypted; whoever is on this machine may also come without.
/// The connections end with this future.
pub async fn serve<S, B>(
    socket: TcpListener,
    tls: Option<TlsAcceptor>,
    seats: Arc<Seats>,
    service: impl Fn(&Arc<Seat>) -> S,
) where
    S: Service<Request<Incoming>, Response = Response<B>> + Send + Sync + 'static,
    S::Error: Into<Failure> + Send,
    S::Future: Send,
    B: Body<Data = Bytes> + Unpin + Send + 'static,
    B::Error: Into<Failure>,
{
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        match socket.accept().await {
            Ok((stream, peer)) => {
                let at = stream.local_addr().unwrap_or(peer);
                let Some(seat) = seats.admit(canonical(peer), canonical(at)) else {
                    turn_away(&stream);
                    continue;
                };
                prepare(&stream);
                let connection =
                    Connection { stream, tls: tls.clone(), seats: seats.clone(), seat: seat.clone() };
                let task = connections.spawn(connection.attend(service(&seat)));
                seats.take(seat, task);
                // It is heard before the next is let in, which might be in want of its seat.
                tokio::task::yield_now().await;
            }
            // Out of files, or the caller hung up again.
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}

/// An IPv4 address as such, also where it comes through a socket of IPv6.
fn canonical(addr: SocketAddr) -> SocketAddr {
    SocketAddr::new(addr.ip().to_canonical(), addr.port())
}

fn turn_away(stream: &TcpStream) {
    // Whoever does not get this finds the connection closed, which says the same.
    let _ = stream.try_write(
        b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    );
}

fn prepare(stream: &TcpStream) {
    // Answers are awaited. A stream that refuses either still works, only later or longer.
    let _ = stream.set_nodelay(true);
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE);
    #[cfg(any(target_os = "linux", target_os = "macos", target_os = "windows"))]
    let keepalive = keepalive.with_interval(PROBE);
    let _ = SockRef::from(stream).set_tcp_keepalive(&keepalive);
}

/// A connection that has its seat.
struct Connection {
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    seats: Arc<Seats>,
    seat: Arc<Seat>,
}

/// The first byte of a TLS connection: the record of a handshake (RFC 8446, 5.1).
const HANDSHAKE: u8 = 22;
/// What a browser is told that forgot the `s` of `https`.
const NEEDS_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: 41\r\n\
    connection: close\r\n\r\nthis address is encrypted: use https://\r\n";

impl Connection {
    async fn attend<S, B>(self, service: S)
    where
        S: Service<Request<Incoming>, Response = Response<B>> + Send + Sync + 'static,
        S::Error: Into<Failure> + Send,
        S::Future: Send,
        B: Body<Data = Bytes> + Unpin + Send + 'static,
        B::Error: Into<Failure>,
    {
        let (seats, seat) = (self.seats.clone(), self.seat.clone());
        tokio::select! {
            () = self.answer(service) => {}
            () = seats.overdue(&seat) => {}
        }
    }

    async fn answer<S, B>(self, service: S)
    where
        S: Service<Request<Incoming>, Response = Response<B>> + Send + Sync + 'static,
        S::Error: Into<Failure> + Send,
        S::Future: Send,
        B: Body<Data = Bytes> + Unpin + Send + 'static,
        B::Error: Into<Failure>,
    {
        let Self { stream, tls, seats, seat } = self;
        let mut first = [0];
        let is_hidden = tls.is_some() && stream.peek(&mut first).await.is_ok() && first[0] == HANDSHAKE;
        if tls.is_some() && !is_hidden && !(seat.peer.ip().is_loopback() && seat.at.ip().is_loopback()) {
            // Whoever does not get this finds the connection closed.
            let _ = stream.try_write(NEEDS_TLS);
            return;
        }
        let guest = Guest::new(stream, seats.clone(), seat.clone());
        match tls.filter(|_| is_hidden) {
            // Who does not get through the handshake is no caller.
            Some(tls) => {
                if let Ok(hidden) = tls.accept(guest).await {
                    speak(hidden, seats, seat, service).await;
                }
            }
            None => speak(guest, seats, seat, service).await,
        }
    }
}

async fn speak<T, S, B>(stream: T, seats: Arc<Seats>, seat: Arc<Seat>, service: S)
where
    T: AsyncRead + AsyncWrite + Unpin,
    S: Service<Request<Incoming>, Response = Response<B>> + Send + Sync + 'static,
    S::Error: Into<Failure> + Send,
    S::Future: Send,
    B: Body<Data = Bytes> + Unpin + Send + 'static,
    B::Error: Into<Failure>,
{
    let mut server = http1::Builder::new();
    server.max_buf_size(seats.limits().head_bytes).keep_alive(!seat.is_spare());
    let service = service_fn(move |request: Request<Incoming>| {
        let (seats, seat) = (seats.clone(), seat.clone());
        let is_whole = request.body().is_end_stream();
        seats.step(&seat, if is_whole { Phase::Answer } else { Phase::Body });
        let answer = service.call(request);
        async move { Ok::<_, S::Error>(answer.await?.map(|body| Watched::new(body, seats, seat))) }
    });
    // A caller that breaks off is its own problem.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

#[cfg(test)]
mod tests;
