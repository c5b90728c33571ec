//! Where an address lies: in the world, in this network, or on this machine.
//!
//! What the layout names may lie anywhere. What a server names (a redirect, the place to which it
//! has moved) must not lie further in than that server does: a page in the world that leads to the
//! loopback, to this network or to a cloud's metadata would have the wall read what only this
//! machine can read. Names are looked up for that, and what is connected to is what was looked up.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

use super::url;
use crate::feed::error::{FailureKind, FeedError};

/// How far in an address lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::feed) enum Reach {
    World = 0,
    /// Private networks and those of providers (RFC 1918, 4193, 6598).
    Network = 1,
    /// What is on the same cable, metadata of clouds, and what is no address of one machine.
    Link = 2,
    Machine = 3,
}

/// How many there are.
pub(in crate::feed) const REACHES: usize = 4;

impl Reach {
    pub fn of(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            IpAddr::V4(ip) => Self::of_v4(ip),
            IpAddr::V6(ip) => Self::of_v6(ip),
        }
    }

    fn of_v4(ip: Ipv4Addr) -> Self {
        match ip.octets() {
            [0 | 127, ..] => Self::Machine,
            [169, 254, ..] | [224..=255, ..] => Self::Link,
            [10, ..] | [172, 16..32, ..] | [192, 168, ..] | [100, 64..128, ..] | [192, 0, 0, _] => {
                Self::Network
            }
            // A cloud's own services.
            [168, 63, 129, 16] => Self::Link,
            _ => Self::World,
        }
    }

    fn of_v6(ip: Ipv6Addr) -> Self {
        let [a, b, c, d, e, f, g, h] = ip.segments();
        let v4 = |high: u16, low: u16| Self::of_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
        match (a, b) {
            (0, 0) if (c, d, e, f, g) == (0, 0, 0, 0, 0) && h < 2 => Self::Machine,
            // IPv4 in the clothes of IPv6: compatible, translated (RFC 6052, 8215), and 6to4.
            (0, 0) if (c, d, e, f) == (0, 0, 0, 0) => v4(g, h),
            (0, 0) if (c, d, e, f) == (0, 0, 0xffff, 0) => v4(g, h),
            (0x64, 0xff9b) => v4(g, h),
            (0x2002, _) => v4(b, c),
            (0xfe80..=0xfebf, _) | (0xff00.., _) => Self::Link,
            (0xfc00..=0xfdff, _) | (0xfec0..=0xfeff, _) => Self::Network,
            _ => Self::World,
        }
    }

    /// Whether a server that lies here may lead to there.
    pub fn may_lead_to(self, there: Self) -> bool {
        there == Self::World || there == self || (self, there) == (Self::Machine, Self::Network)
    }
}

/// What is not led to.
#[derive(Debug, thiserror::Error)]
#[error(
    "it redirects from outside to this machine or its network, which is not followed; if this is intended, put that URL in the layout"
)]
pub(in crate::feed) struct LeadsInside;

impl From<LeadsInside> for FeedError {
    fn from(inside: LeadsInside) -> Self {
        FeedError::of(FailureKind::Refused, inside.to_string())
    }
}

/// Whether a call failed for that.
pub(in crate::feed) fn leads_inside(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<LeadsInside>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The furthest in of what an address leads to, by looking up its name; `None` when that is not known.
pub(in crate::feed) async fn of_url(url: &Url) -> Option<Reach> {
    if let Some(reach) = of_literal(url) {
        return Some(reach);
    }
    let name = url::host(url).to_owned();
    let found = lookup_host((name, url.port_or_known_default()?)).await.ok()?;
    found.map(|addr| Reach::of(addr.ip())).max_by_key(|reach| *reach as u8)
}

/// The same of an address without a name.
pub(in crate::feed) fn of_literal(url: &Url) -> Option<Reach> {
    let host = url::host(url);
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok().map(Reach::of)
}

/// Fails when a server at `from` may not lead to `to`, as far as names can be looked up.
pub(in crate::feed) async fn check(from: Reach, to: &Url) -> Result<(), LeadsInside> {
    match of_url(to).await {
        Some(there) if !from.may_lead_to(there) => Err(LeadsInside),
        _ => Ok(()),
    }
}

/// Looks names up, and gives only addresses to which a server may lead.
#[derive(Debug)]
pub(in crate::feed) struct Outward(pub Reach);

impl Resolve for Outward {
    fn resolve(&self, name: Name) -> Resolving {
        let from = self.0;
        Box::pin(async move {
            let all: Vec<SocketAddr> = lookup_host((name.as_str(), 0)).await?.collect();
            let are_there = !all.is_empty();
            let outward: Vec<_> = all.into_iter().filter(|at| from.may_lead_to(Reach::of(at.ip()))).collect();
            if are_there && outward.is_empty() {
                return Err(LeadsInside.into());
            }
            Ok(Box::new(outward.into_iter()) as Addrs)
        })
    }
}

impl Outward {
    /// For a client.
    pub fn resolver(from: Reach) -> Arc<Self> {
        Arc::new(Self(from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(ip: &str) -> Reach {
        Reach::of(ip.parse().expect("an address"))
    }

    #[test]
    fn an_address_lies_where_it_leads_however_it_is_written() {
        let machine = [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "0.1.2.3",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ];
        let link = [
            "169.254.169.254",
            "169.254.0.1",
            "fe80::1",
            "224.0.0.1",
            "255.255.255.255",
            "ff02::1",
            "::ffff:169.254.169.254",
            "168.63.129.16",
            "64:ff9b::a9fe:a9fe",
        ];
        let network = [
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "100.127.9.9",
            "192.0.0.192",
            "fc00::1",
            "fd12:3456::1",
            "fd00:ec2::254",
            "fec0::1",
            "::ffff:10.0.0.1",
            "2002:a00:1::",
        ];
        let world = [
            "1.1.1.1",
            "172.32.0.1",
            "172.15.0.1",
            "100.128.0.1",
            "100.63.0.1",
            "11.0.0.1",
            "2606:4700::1111",
            "64:ff9b::101:101",
            "::ffff:1.1.1.1",
        ];
        for (ips, lies) in [
            (&machine[..], Reach::Machine),
            (&link, Reach::Link),
            (&network, Reach::Network),
            (&world, Reach::World),
        ] {
            for ip in ips {
                assert_eq!(reach(ip), lies, "{ip}");
            }
        }
    }

    #[test]
    fn nobody_leads_further_in_than_he_lies() {
        use Reach::{Link, Machine, Network, World};
        for from in [World, Network, Link, Machine] {
            assert!(from.may_lead_to(World) && from.may_lead_to(from));
        }
        assert!(Machine.may_lead_to(Network), "a service of this machine knows its network");
        for (from, to) in [
            (World, Network),
            (World, Link),
            (World, Machine),
            (Network, Machine),
            (Network, Link),
            (Machine, Link),
        ] {
            assert!(!from.may_lead_to(to), "{from:?} to {to:?}");
        }
    }

    #[tokio::test]
    async fn names_are_looked_up_and_numbers_are_read_as_browsers_do() {
        let of = async |url: &str| of_url(&Url::parse(url).expect("an address")).await;
        for url in [
            "http://localhost/",
            "http://2130706433/",
            "http://0x7f.1:81/",
            "http://127.1./",
            "http://[::1]:6379/",
            "http://[::ffff:7f00:1]/",
        ] {
            assert_eq!(of(url).await, Some(Reach::Machine), "{url}");
        }
        let outward = Outward(Reach::World).resolve("localhost".parse().expect("a name")).await;
        assert!(outward.err().is_some_and(|error| error.is::<LeadsInside>()));
        let same = Outward(Reach::Machine).resolve("localhost".parse().expect("a name")).await;
        assert!(same.is_ok_and(|mut all| all.next().is_some()));
    }
}
