//! Wake-on-LAN (AMD, "Magic Packet Technology", 1995): a packet that a network card recognises although what it belongs
//! to is off.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::net::{UdpSocket, lookup_host};

use crate::layout::panel::{Address, Mac};

/// Where such packets are sent by custom; nobody listens there ("discard").
pub const PORT: u16 = 9;

/// Calls the panel with this hardware address: at its own address, and through all of the network in which that lies.
///
/// # Errors
/// When nothing could be sent.
pub async fn call(mac: Mac, address: &Address, port: u16) -> io::Result<()> {
    let packet = packet(mac);
    // Some names are known only while the panel is awake.
    let found = lookup_host((address.host.as_str(), port)).await.ok().and_then(|mut found| found.next());
    let socket = UdpSocket::bind((own(found).await, 0)).await?;
    let mut sent = Err(io::Error::other(format!("{} is not known", address.host)));
    if let Some(to) = found {
        sent = socket.send_to(&packet, to).await;
    }
    if found.is_none_or(|to| to.is_ipv4()) {
        socket.set_broadcast(true)?;
        sent = socket.send_to(&packet, (Ipv4Addr::BROADCAST, port)).await.or(sent);
    }
    sent.map(drop)
}

/// This machine's address in the network of `to`: what is broadcast from there goes into that network, also on a machine
/// with several.
async fn own(to: Option<SocketAddr>) -> IpAddr {
    let any = |to: &SocketAddr| match to {
        SocketAddr::V4(_) => IpAddr::from([0; 4]),
        SocketAddr::V6(_) => IpAddr::from([0; 16]),
    };
    let own = async |to: SocketAddr| {
        let socket = UdpSocket::bind((any(&to), 0)).await.ok()?;
        socket.connect(to).await.ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    match to {
        Some(to) => own(to).await.unwrap_or(any(&to)),
        None => IpAddr::from([0; 4]),
    }
}

/// Six bytes of ones, and the address sixteen times.
fn packet(Mac(mac): Mac) -> Vec<u8> {
    [vec![0xFF; 6], mac.repeat(16)].concat()
}
