//! The names by which the mirror may be asked for.
//!
//! A page on the internet can have its own name lead to this machine after it was loaded (DNS
//! rebinding); a browser then takes the mirror for a part of that page. So the `Host` of every
//! request must be one that nobody else can have: the address that was called, a name of the
//! loopback where that was called, or a name that the operator gave.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, Uri, Version, header};

/// What a stranger's page is told; it does not repeat the name.
const UNKNOWN: &str =
    "this host name is not allowed; use the mirror's address, or start the wall with --mirror-host NAME\n";

/// A host as it stands in an address.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    Ip(IpAddr),
    /// In small letters, without a point at the end.
    Name(String),
}

/// Names and addresses that the operator gave, beside those that always hold.
#[derive(Clone, Debug, Default)]
pub struct Hosts(Arc<[Host]>);

impl Hosts {
    /// Reads names and addresses such as `wall.example.org` or `192.0.2.7`; fails in words.
    pub fn new(names: &[String]) -> Result<Self, String> {
        let read = |name: &String| {
            let bare = name.parse::<Ipv6Addr>().map(|ip| Host::Ip(ip.into())).ok();
            bare.or_else(|| host(name)).ok_or_else(|| {
                format!(
                    "--mirror-host {name}: not a host name; use a name or address such as \
                    wall.example.org, without http:// and path"
                )
            })
        };
        names.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Refuses a request that came to this machine's address `at` unless it asks for this mirror.
    pub fn check(
        &self,
        (version, uri, headers): (Version, &Uri, &HeaderMap),
        at: IpAddr,
    ) -> Result<(), (StatusCode, &'static str)> {
        let mut told = headers.get_all(header::HOST).iter();
        let named = match (told.next(), told.next()) {
            (Some(named), None) => named.to_str().ok().and_then(host),
            // No browser asks so, but what watches over machines does.
            (None, _) if version == Version::HTTP_10 && uri.path() == "/health" => return Ok(()),
            _ => None,
        };
        let named = named.ok_or((StatusCode::BAD_REQUEST, "the request must name exactly one host\n"))?;
        let whole = uri.authority().map(|authority| host(authority.as_str()));
        let allowed = self.allows(&named, at) && whole.is_none_or(|whole| whole == Some(named));
        if allowed { Ok(()) } else { Err((StatusCode::MISDIRECTED_REQUEST, UNKNOWN)) }
    }

    fn allows(&self, named: &Host, at: IpAddr) -> bool {
        const LOOPBACK: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        let always = match named {
            Host::Ip(ip) => *ip == at || (at.is_loopback() && LOOPBACK.contains(ip)),
            Host::Name(name) => at.is_loopback() && name == "localhost",
        };
        always || self.0.contains(named)
    }
}

/// Reads a host with or without a port; `None` for what is none.
fn host(text: &str) -> Option<Host> {
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let is_port = |port: &str| port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit());
    if !port.is_empty() && !port.strip_prefix(':').is_some_and(is_port) {
        return None;
    }
    if text.starts_with('[') {
        // The zone of a link-local address is this machine's own affair.
        let ip = name.split('%').next().and_then(|ip| ip.parse::<Ipv6Addr>().ok())?;
        return Some(Host::Ip(IpAddr::V6(ip).to_canonical()));
    }
    if let Ok(ip) = name.parse::<Ipv4Addr>() {
        return Some(Host::Ip(ip.into()));
    }
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let is_name = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    (!name.is_empty() && name.len() <= 253 && name.bytes().all(is_name)).then_some(Host::Name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(names: &[&str]) -> Hosts {
        Hosts::new(&names.iter().map(|name| name.to_string()).collect::<Vec<_>>()).expect("names")
    }

    fn status(hosts: &Hosts, told: &[&str], at: &str) -> u16 {
        let mut headers = HeaderMap::new();
        for host in told {
            let value = axum::http::HeaderValue::from_bytes(host.as_bytes()).expect("a value");
            headers.append(header::HOST, value);
        }
        let request = (Version::HTTP_11, &Uri::from_static("/wall.json"), &headers);
        let checked = hosts.check(request, at.parse().expect("an address"));
        checked.map_or_else(|(status, _)| status.as_u16(), |()| 200)
    }

    #[test]
    fn on_the_loopback_only_its_own_names_hold() {
        let none = hosts(&[]);
        for at in ["127.0.0.1", "::1"] {
            for host in [
                "localhost",
                "LocalHost:8460",
                "localhost.",
                "127.0.0.1",
                "127.0.0.1:19200",
                "[::1]",
                "[::1]:80",
            ] {
                assert_eq!(status(&none, &[host], at), 200, "{host} at {at}");
            }
            for host in [
                "evil.example",
                "evil.example:8460",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "0.0.0.0",
                "192.168.0.7",
                "wall",
                "127.1",
                "2130706433",
                "[::2]",
                "evil.localhost",
                "xlocalhost",
            ] {
                assert_eq!(status(&none, &[host], at), 421, "{host} at {at}");
            }
        }
        assert_eq!(status(&none, &["127.0.0.5:80"], "127.0.0.5"), 200);
    }

    #[test]
    fn elsewhere_the_address_that_was_called_and_the_names_that_were_given_hold() {
        let named = hosts(&["Wall.example.org", "198.51.100.9", "[2001:db8::1]", "2001:db8::2"]);
        for host in [
            "192.0.2.7",
            "192.0.2.7:8460",
            "wall.example.org",
            "WALL.example.org.:443",
            "198.51.100.9",
            "[2001:db8::1]:8",
            "[2001:db8::2]",
        ] {
            assert_eq!(status(&named, &[host], "192.0.2.7"), 200, "{host}");
        }
        for host in ["localhost", "127.0.0.1", "192.0.2.8", "example.org", "a.wall.example.org"] {
            assert_eq!(status(&named, &[host], "192.0.2.7"), 421, "{host}");
        }
        assert_eq!(status(&hosts(&[]), &["[fe80::1%25eth0]:8460"], "fe80::1"), 200);
        assert_eq!(status(&hosts(&[]), &["[::ffff:192.0.2.7]"], "192.0.2.7"), 200);
    }

    #[test]
    fn a_request_names_one_host() {
        let none = hosts(&[]);
        let wrong = [
            "",
            ":80",
            "a b",
            "localhost:8x",
            "localhost:123456",
            "[::1",
            "[::1]x",
            "user@localhost",
            "http://localhost",
            "löcalhost",
        ];
        for told in wrong {
            assert_eq!(status(&none, &[told], "127.0.0.1"), 400, "{told}");
        }
        assert_eq!(status(&none, &[], "127.0.0.1"), 400);
        assert_eq!(status(&none, &["localhost", "localhost"], "127.0.0.1"), 400);
        let at = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let old = |path| none.check((Version::HTTP_10, &path, &HeaderMap::new()), at).is_ok();
        assert!(old(Uri::from_static("/health")) && !old(Uri::from_static("/wall.json")));
        let headers = HeaderMap::from_iter([(header::HOST, "localhost".parse().expect("a value"))]);
        let whole = Uri::from_static("http://evil.example/wall.json");
        assert!(none.check((Version::HTTP_11, &whole, &headers), at).is_err());
    }

    #[test]
    fn a_name_is_no_address_of_a_page() {
        for wrong in ["http://wall.example.org", "wall.example.org/", "", "a b", "*"] {
            assert!(Hosts::new(&[wrong.to_string()]).is_err(), "{wrong}");
        }
    }
}
