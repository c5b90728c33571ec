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
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::sleep;

use guest::{Guest, Watched};
pub use seats::{Limits, Phase, Seat, Seats};

/// After so long without a byte the system asks whether the other side is still there …
const KEEPALIVE: Duration = Duration::from_secs(30);
/// … and asks again so often.
const PROBE: Duration = Duration::from_secs(10);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Serves every connection that comes to `socket`, for ever, with a service that is made for it.
/// The connections end with this future.
pub async fn serve<S, B>(socket: TcpListener, seats: Arc<Seats>, service: impl Fn(&Arc<Seat>) -> S)
where
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
                let task = connections.spawn(attend(stream, seats.clone(), seat.clone(), service(&seat)));
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

async fn attend<S, B>(stream: TcpStream, seats: Arc<Seats>, seat: Arc<Seat>, service: S)
where
    S: Service<Request<Incoming>, Response = Response<B>> + Send + Sync + 'static,
    S::Error: Into<Failure> + Send,
    S::Future: Send,
    B: Body<Data = Bytes> + Unpin + Send + 'static,
    B::Error: Into<Failure>,
{
    let answering = (seats.clone(), seat.clone());
    let service = service_fn(move |request: Request<Incoming>| {
        let (seats, seat) = answering.clone();
        let is_whole = request.body().is_end_stream();
        seats.step(&seat, if is_whole { Phase::Answer } else { Phase::Body });
        let answer = service.call(request);
        async move { Ok::<_, S::Error>(answer.await?.map(|body| Watched::new(body, seats, seat))) }
    });
    let mut server = http1::Builder::new();
    server.max_buf_size(seats.limits().head_bytes).keep_alive(!seat.is_spare());
    let guest = Guest::new(stream, seats.clone(), seat.clone());
    tokio::select! {
        // A caller that breaks off is its own problem.
        _ = server.serve_connection(TokioIo::new(guest), service) => {}
        () = seats.overdue(&seat) => {}
    }
}

#[cfg(test)]
mod tests;
