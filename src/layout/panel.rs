//! How the panel of a display is switched: `panel` in its table.

use std::fmt;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::layout::remote::TokenSource;

/// Where panels listen unless their address says otherwise.
pub const PJLINK_PORT: u16 = 4_352;
pub const MDC_PORT: u16 = 1_515;

/// How a panel is switched on and off.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PanelTable {
    /// `output` (by the compositor, through the cable), `pjlink` (projectors and many displays, over the network)
    /// or `mdc` (commercial displays by Samsung, over the network).
    pub kind: PanelKind,
    /// Host and port, for example `"10.0.0.5"`, `"left.local:4352"` or `"[fd00::5]:1515"`. Default port: 4352 for
    /// `pjlink`, 1515 for `mdc`.
    #[serde(default)]
    pub address: Option<String>,
    /// Environment variable that holds the password of a `pjlink` panel. Default: it has none.
    #[serde(default)]
    pub password_env: Option<String>,
    /// File that holds the password, relative to the layout file.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Environment variable that holds the PIN of an `mdc` panel whose `Secured Protocol` is on. Default: it is off.
    #[serde(default)]
    pub pin_env: Option<String>,
    /// File that holds the PIN, relative to the layout file.
    #[serde(default)]
    pub pin_file: Option<PathBuf>,
    /// Hardware address of a `pjlink` or `mdc` panel that leaves the network when it is off, for example
    /// `"00:16:6c:12:34:56"`: it is called by wake-on-LAN before it is switched on.
    #[serde(default)]
    pub mac: Option<String>,
    /// The number of an `mdc` panel, as its menu shows it. Default: 1.
    #[serde(default)]
    #[schemars(range(min = 0, max = 253))]
    pub id: Option<u8>,
}

/// What a panel understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PanelKind {
    Output,
    Pjlink,
    Mdc,
}

/// How a panel is switched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelSpec {
    /// The compositor turns the output off.
    Output,
    Pjlink {
        address: Address,
        password: Option<TokenSource>,
        mac: Option<Mac>,
    },
    Mdc {
        address: Address,
        id: u8,
        /// With one, the connection is encrypted.
        pin: Option<TokenSource>,
        mac: Option<Mac>,
    },
}

impl PanelSpec {
    /// Where its password or PIN is, if it has one.
    pub fn secret(&self) -> Option<&TokenSource> {
        match self {
            Self::Output => None,
            Self::Pjlink { password: secret, .. } | Self::Mdc { pin: secret, .. } => secret.as_ref(),
        }
    }

    /// Where it is called by wake-on-LAN, if it is.
    pub fn called(&self) -> Option<(Mac, &Address)> {
        match self {
            Self::Output => None,
            Self::Pjlink { mac, address, .. } | Self::Mdc { mac, address, .. } => Some(((*mac)?, address)),
        }
    }

    /// Whether both are one panel.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Pjlink { address, .. }, Self::Pjlink { address: other, .. }) => address == other,
            (Self::Mdc { address, id, .. }, Self::Mdc { address: other, id: number, .. }) => {
                (address, id) == (other, number)
            }
            _ => false,
        }
    }
}

/// The hardware address of a network card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mac(pub [u8; 6]);

impl Mac {
    /// Six pairs of hexadecimal digits with `:` or `-` between them.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split([':', '-']);
        let mut mac = [0; 6];
        for byte in &mut mac {
            let is_pair = |part: &&str| part.len() == 2 && part.bytes().all(|c| c.is_ascii_hexdigit());
            let part = parts.next().filter(is_pair)?;
            *byte = u8::from_str_radix(part, 16).ok()?;
        }
        parts.next().is_none().then_some(Self(mac))
    }
}

/// Where a panel listens: a name or an IP address, and a TCP port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub host: String,
    pub port: u16,
}

impl Address {
    /// `host`, `host:port`, `[IPv6]` or `[IPv6]:port`.
    pub fn parse(text: &str, usual: u16) -> Option<Self> {
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest.split_once(']')?;
                host.parse::<std::net::Ipv6Addr>().ok()?;
                (host, after)
            }
            None => text.split_at(text.find(':').unwrap_or(text.len())),
        };
        let is_part = |c: char| c.is_alphanumeric() || ".-_:".contains(c);
        let port = match port {
            "" => Some(usual),
            port => port.strip_prefix(':')?.parse().ok().filter(|port| *port != 0),
        };
        (!host.is_empty() && host.chars().all(is_part)).then_some(Self { host: host.into(), port: port? })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

impl PanelTable {
    /// `None` where it is wrong. Files are relative to `dir`.
    pub fn spec(&self, dir: &Path) -> Option<PanelSpec> {
        let address = |usual| Address::parse(self.address.as_deref()?, usual);
        let secret = |env: &Option<String>, file: &Option<PathBuf>| {
            let file = || file.as_ref().map(|file| TokenSource::File(dir.join(file)));
            env.clone().map(TokenSource::Env).or_else(file)
        };
        let mac = self.mac.as_deref().and_then(Mac::parse);
        Some(match self.kind {
            PanelKind::Output => PanelSpec::Output,
            PanelKind::Pjlink => {
                let password = secret(&self.password_env, &self.password_file);
                PanelSpec::Pjlink { address: address(PJLINK_PORT)?, password, mac }
            }
            PanelKind::Mdc => {
                let pin = secret(&self.pin_env, &self.pin_file);
                PanelSpec::Mdc { address: address(MDC_PORT)?, id: self.id.unwrap_or(1), pin, mac }
            }
        })
    }
}

impl PanelSpec {
    /// As the layout names its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Output => "output",
            Self::Pjlink { .. } => "pjlink",
            Self::Mdc { .. } => "mdc",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_perhaps_a_port() {
        let read = |text| Address::parse(text, 4_352).map(|address| address.to_string());
        let right = ["10.0.0.5", "left.local:99", "[fd00::5]", "[fd00::5]:1515"].map(read);
        let expected = ["10.0.0.5:4352", "left.local:99", "[fd00::5]:4352", "[fd00::5]:1515"];
        assert_eq!(right, expected.map(|text| Some(text.to_owned())));
        for wrong in ["", ":4352", "a:0", "a:70000", "a:b", "http://a", "a b", "fd00::5", "[fd00::5", "[a]:1"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_hardware_address_has_six_pairs_of_digits() {
        let mac = Some(Mac([0x00, 0x16, 0x6C, 0x12, 0x34, 0xFE]));
        for right in ["00:16:6c:12:34:fe", "00-16-6C-12-34-FE"] {
            assert_eq!(Mac::parse(right), mac);
        }
        for wrong in
            ["", "00:16:6c:12:34", "00:16:6c:12:34:fe:00", "0:16:6c:12:34:fe", "00:16:6c:12:34:+e", "é:"]
        {
            assert_eq!(Mac::parse(wrong), None, "{wrong}");
        }
    }
}
