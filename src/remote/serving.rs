//! Where the mirror is served, and to whom.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

use super::hosts::Hosts;
use super::mirror::Mirror;
use super::server::router;
use super::tls::Sealed;
use crate::server::{Limits, Seat, Seats};

/// The mirror's connections, and how long each may wait for what.
pub const LIMITS: Limits = Limits {
    seats: 64,
    spare: 8,
    head_bytes: 16 * 1024,
    head: Duration::from_secs(10),
    body: Duration::from_secs(10),
    answer: Duration::from_secs(20),
    sent: Duration::from_secs(30),
    idle: Duration::from_secs(60),
};

/// A mirror that is being served, until the program ends.
#[derive(Debug)]
pub struct Serving {
    /// With the real port where port 0 was asked for.
    pub addr: SocketAddr,
}

/// Serves `mirror` at `addr` for who asks by that address or one of the `hosts`, on a thread of its
/// own: whatever the feeds and the pulse are busy with, `/health` is answered. Fails, in words for
/// the operator, when the address cannot be had; the wall can go on without.
pub async fn serve(
    addr: SocketAddr,
    mirror: Mirror,
    hosts: Hosts,
    sealed: Option<Sealed>,
) -> io::Result<Serving> {
    let listener = TcpListener::bind(addr).await.map_err(|error| in_words(addr, &error))?;
    let addr = listener.local_addr()?;
    let router = router(mirror, hosts);
    let service =
        move |seat: &Arc<Seat>| TowerToHyperService::new(router.clone().layer(Extension(seat.clone())));
    let (listener, runtime) = (listener.into_std()?, Builder::new_current_thread().enable_all().build()?);
    let serving = async move {
        // It was one of tokio's before, so that it can be one again.
        let Ok(listener) = TcpListener::from_std(listener) else { return };
        let acceptor = sealed.map(|sealed| sealed.acceptor);
        crate::server::serve(listener, acceptor, Arc::new(Seats::new(LIMITS)), service).await;
    };
    std::thread::Builder::new().name("mirror-http".into()).spawn(move || runtime.block_on(serving))?;
    Ok(Serving { addr })
}

/// Where a browser finds what listens at `addr`: an address that stands for all of the machine's is
/// replaced by one that leads to it.
pub fn openable(addr: SocketAddr) -> SocketAddr {
    if !addr.ip().is_unspecified() {
        return addr;
    }
    // Nothing is sent: connecting only asks the system which of its addresses it would use.
    let used = |from: &str, to: &str| {
        let socket = std::net::UdpSocket::bind(from).and_then(|socket| socket.connect(to).map(|()| socket));
        socket.and_then(|socket| socket.local_addr()).ok().map(|addr| addr.ip())
    };
    let outward = used("0.0.0.0:0", "192.0.2.1:9").or_else(|| match addr {
        SocketAddr::V4(_) => None,
        SocketAddr::V6(_) => used("[::]:0", "[2001:db8::1]:9"),
    });
    SocketAddr::new(outward.unwrap_or(Ipv4Addr::LOCALHOST.into()), addr.port())
}

fn in_words(addr: SocketAddr, error: &io::Error) -> io::Error {
    let why = match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{addr} is in use by another program")
        }
        io::ErrorKind::AddrNotAvailable => format!("{addr} is not an address of this machine"),
        _ => format!("cannot listen on {addr}: {error}"),
    };
    io::Error::new(error.kind(), why)
}
