//! An address to listen on, as a layout writes it.

use std::borrow::Cow;
use std::net::{Ipv4Addr, SocketAddr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _};

/// An address to listen on, written `"0.0.0.0:8470"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen(pub SocketAddr);

impl Default for Listen {
    fn default() -> Self {
        Self((Ipv4Addr::LOCALHOST, 8470).into())
    }
}

impl<'de> Deserialize<'de> for Listen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let address = text.parse().ok().filter(|address: &SocketAddr| address.port() != 0);
        address.map(Self).ok_or_else(|| {
            D::Error::custom(format!(
                "`{text}` is not an address to listen on\nWrite an IP address and a port: \
                \"127.0.0.1:8470\" for this machine only (behind a proxy on it), \"0.0.0.0:8470\" for everyone."
            ))
        })
    }
}

impl JsonSchema for Listen {
    fn schema_name() -> Cow<'static, str> {
        "Listen".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "An IP address and a port.",
            "examples": ["127.0.0.1:8470", "0.0.0.0:8470"],
        })
    }
}
