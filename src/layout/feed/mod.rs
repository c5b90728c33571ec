//! The tables of feeds that speak a service's own wire. One table is one structure: what the file
//! says, what the editor's schema shows, and what the adapter is given.

pub mod generic;
pub mod open;
pub mod path;
pub mod polled;
pub mod pushed;
pub mod social;
pub mod suites;
pub mod x_found;
pub mod x_rules;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::layout::wall::Topic;

/// What every table of a service can tell of itself.
pub trait Table: Clone + Debug + PartialEq + DeserializeOwned + JsonSchema {
    /// Silence after which its tiles say `stale`, unless the layout says otherwise; two to three
    /// times the longest silence that is usual for the service.
    fn silence(&self) -> Duration;

    /// Files that it names, which are relative to the layout file.
    fn files(&mut self) -> Vec<&mut PathBuf> {
        Vec::new()
    }

    /// How it is asked, where the layout says so; checked for secrets.
    fn asked(&self) -> Option<Asked<'_>> {
        None
    }

    /// Its JSONPaths, each with the keys that lead to it; checked as such.
    fn paths(&self) -> Vec<(Vec<&'static str>, &str)> {
        Vec::new()
    }

    /// Takes up what the wall listens for, where the service is asked for just that.
    fn listen_to(&mut self, _topics: &[Topic]) {}

    /// What is wrong beyond types, ranges, addresses and paths.
    fn faults(&self) -> Vec<Fault> {
        Vec::new()
    }

    /// The address and the path on which the service calls us.
    fn door(&self) -> Option<(SocketAddr, &str)> {
        None
    }
}

/// Where something is asked for, and with what.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'t> {
    pub url: &'t str,
    /// How the address may begin.
    pub schemes: &'static [&'static str],
    pub headers: &'t BTreeMap<String, String>,
    pub token_env: Option<&'t String>,
    pub token_file: Option<&'t PathBuf>,
    /// The header, or the parameter of the address, that takes the token.
    pub token_header: Option<&'t str>,
    pub token_parameter: Option<&'t str>,
}

/// Something wrong with a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key that it is about, or a missing one.
    pub key: &'static str,
    /// What is wrong, in one sentence without a full stop.
    pub what: String,
    /// What to do.
    pub help: String,
}

/// Where a secret is to be had; the layout never holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// Name of an environment variable.
    Env(String),
    File(PathBuf),
}

impl Secret {
    /// The secret that a pair of keys (`token_env`, `token_file`) names.
    pub fn of(env: &Option<String>, file: &Option<PathBuf>) -> Option<Self> {
        env.clone().map(Self::Env).or_else(|| file.clone().map(Self::File))
    }
}

/// Calls `$with!` with every service: its `kind` in a layout, its variant, its table.
macro_rules! services {
    ($with:ident) => {
        $with! {
            "ndjson" Ndjson generic::Ndjson,
            "sse" Sse generic::Sse,
            "bluesky" Bluesky open::Bluesky,
            "wikimedia" Wikimedia open::Wikimedia,
            "rss" Rss polled::Rss,
            "hackernews" HackerNews polled::HackerNews,
            "gdelt" Gdelt polled::Gdelt,
            "reddit" Reddit polled::Reddit,
            "mastodon" Mastodon social::Mastodon,
            "x" X social::X,
            "brandwatch" Brandwatch suites::Brandwatch,
            "talkwalker" Talkwalker suites::Talkwalker,
            "meltwater" Meltwater suites::Meltwater,
            "sprout" Sprout suites::Sprout,
            "json" Json generic::Json,
            "websocket" WebSocket generic::WebSocket,
            "webhook" Webhook pushed::Webhook,
            "nats" Nats pushed::Nats,
            "prometheus" Prometheus pushed::Prometheus
        }
    };
}
pub(in crate::layout) use services;

macro_rules! define {
    ($($kind:literal $variant:ident $module:ident::$table:ident),*) => {
        /// A feed that speaks a service's own wire.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Service {
            $($variant($module::$table)),*
        }

        impl Service {
            /// The words that stand behind `kind =` in a layout.
            pub const KINDS: &[&str] = &[$($kind),*];

            /// Its own `kind`.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $kind),*
                }
            }

            /// Silence after which its tiles say `stale`, unless the layout says otherwise.
            pub fn silence(&self) -> Duration {
                match self {
                    $(Self::$variant(table) => table.silence()),*
                }
            }

            /// How it is asked, where the layout says so.
            pub fn asked(&self) -> Option<Asked<'_>> {
                match self {
                    $(Self::$variant(table) => Table::asked(table)),*
                }
            }

            /// Its JSONPaths, each with the keys that lead to it.
            pub fn paths(&self) -> Vec<(Vec<&'static str>, &str)> {
                match self {
                    $(Self::$variant(table) => table.paths()),*
                }
            }

            /// What is wrong beyond types, ranges, addresses and paths.
            pub fn faults(&self) -> Vec<Fault> {
                match self {
                    $(Self::$variant(table) => table.faults()),*
                }
            }

            /// The address and the path on which the service calls us.
            pub fn door(&self) -> Option<(SocketAddr, &str)> {
                match self {
                    $(Self::$variant(table) => table.door()),*
                }
            }

            /// The same on a wall that listens for `topics`.
            pub fn listening_to(&self, topics: &[Topic]) -> Self {
                let mut service = self.clone();
                match &mut service {
                    $(Self::$variant(table) => table.listen_to(topics)),*
                }
                service
            }

            /// The same with the files that it names taken from `dir`.
            pub fn within(&self, dir: &Path) -> Self {
                let mut service = self.clone();
                let files = match &mut service {
                    $(Self::$variant(table) => table.files()),*
                };
                for file in files {
                    *file = dir.join(&*file);
                }
                service
            }
        }
    };
}
services!(define);
