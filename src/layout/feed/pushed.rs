//! Sources that hand over by themselves, and plain numbers.

mod nats;
mod prometheus;
mod webhook;

use std::borrow::Cow;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _};

use super::Fault;
use crate::layout::wall::FieldMap;

pub use nats::Nats;
pub use prometheus::Prometheus;
pub use webhook::{Profile, Webhook};

/// The longest past that a wall shows.
const DAY: Duration = Duration::from_secs(86_400);

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

fn fault(key: &'static str, what: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { key, what: what.into(), help: help.into() }
}

/// A secret that has two places.
fn two(key: &'static str, other: &str, env: &Option<String>, file: &Option<PathBuf>) -> Option<Fault> {
    let both = env.is_some() && file.is_some();
    both.then(|| fault(key, "there are two secrets", format!("Keep `{other}` or `{key}`.")))
}

fn is_web(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or(url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with(['/', ':']) && !rest.contains(char::is_whitespace)
    })
}

/// JSONPaths that are none.
fn paths(items: &Option<String>, map: &Option<FieldMap>) -> Vec<Fault> {
    let mut all: Vec<(&'static str, &'static str, &str)> = Vec::new();
    all.extend(items.as_deref().map(|path| ("items", "items", path)));
    if let Some(map) = map {
        let parts = [
            ("text", &map.text),
            ("ts", &map.ts),
            ("url", &map.url),
            ("author", &map.author),
            ("handle", &map.handle),
            ("followers", &map.followers),
            ("lang", &map.lang),
            ("links", &map.links),
            ("lat", &map.lat),
            ("lon", &map.lon),
            ("place", &map.place),
            ("country", &map.country),
            ("location", &map.location),
            ("sentiment", &map.sentiment),
        ];
        all.push(("map", "id", &map.id));
        all.extend(parts.into_iter().filter_map(|(part, path)| Some(("map", part, path.as_deref()?))));
    }
    let help = "A JSONPath begins with `$`, like `$.user.name` or `$.entities[0].text`.";
    let wrong = |(key, part, path): (&'static str, &str, &str)| {
        let (_, why) = super::path::parse(path).err()?;
        Some(fault(key, format!("`{part} = \"{path}\"`: {why}"), help))
    };
    all.into_iter().filter_map(wrong).collect()
}
