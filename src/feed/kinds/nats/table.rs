//! The table of a NATS JetStream feed.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::{DAY, fault, paths, two};
use crate::layout::feed::{Fault, FeedKind, Secret};
use crate::layout::value::Lasting;
use crate::layout::wall::FieldMap;

/// A stream of NATS JetStream.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NatsTable {
    /// The servers of the cluster, `nats://host:4222` or `tls://host:4222`. No secrets in here.
    pub servers: Vec<String>,
    /// Name of the stream.
    pub stream: String,
    /// Name of the durable consumer, made when it is not there. Each wall has its own: two that
    /// share one get half of the messages each.
    pub consumer: String,
    /// The subjects to take, for example `mentions.>`. Left out: all of the stream.
    pub subject: Option<String>,
    /// How far back a new consumer begins, at most `30d`.
    pub history: Lasting,
    /// Name of the user whose password the token is.
    pub user: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that holds the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
    /// Credentials file (JWT and seed, `.creds`). Relative to the layout file.
    pub credentials: Option<PathBuf>,
    /// Certificate of the authority that signed the servers', PEM. Left out: the system's own.
    pub ca_file: Option<PathBuf>,
    /// JSONPath of the records in a message. Left out: a message is one, a list of them, or one a
    /// line.
    pub items: Option<String>,
    /// Where the parts of a mention stand in a foreign record, as JSONPath. Left out: the records
    /// are mentions already.
    pub map: Option<FieldMap>,
}

impl Default for NatsTable {
    fn default() -> Self {
        Self {
            servers: Vec::new(),
            stream: String::new(),
            consumer: String::new(),
            subject: None,
            history: Lasting(DAY),
            user: None,
            token_env: None,
            token_file: None,
            credentials: None,
            ca_file: None,
            items: None,
            map: None,
        }
    }
}

impl NatsTable {
    pub fn token(&self) -> Option<Secret> {
        Secret::of(&self.token_env, &self.token_file)
    }
}

impl FeedKind for NatsTable {
    fn silence(&self) -> Duration {
        Duration::from_secs(300)
    }

    fn map(&self) -> Option<&FieldMap> {
        self.map.as_ref()
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().chain(&mut self.credentials).chain(&mut self.ca_file).collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.servers.is_empty() {
            let help =
                "Name one or more servers of the cluster: `servers = [\"nats://bus.example.org:4222\"]`.";
            faults.push(fault("servers", "there is no server to connect to", help));
        }
        faults.extend(self.servers.iter().filter_map(|server| server_fault(server)));
        for (key, name) in [("stream", &self.stream), ("consumer", &self.consumer)] {
            if name.is_empty()
                || name.contains(['.', '*', '>', '/', '\\'])
                || name.contains(char::is_whitespace)
            {
                let what = if name.is_empty() {
                    format!("`{key}` is missing")
                } else {
                    format!("`{name}` is not a name")
                };
                let help = "Names in JetStream have no spaces, dots, slashes, `*` or `>`.";
                faults.push(fault(key, what, help));
            }
        }
        if self.history.0 > 30 * DAY {
            faults.push(fault("history", "that is more than 30 days", "The wall shows 24 hours at most."));
        }
        if self.user.is_some() && self.token().is_none() {
            let help =
                "Name the password's environment variable with `token_env`, or its file with `token_file`.";
            faults.push(fault("user", "a user has a password", help));
        }
        if let (Some(_), Some(_)) = (&self.credentials, self.token()) {
            let help = "Keep `credentials`, or the token.";
            faults.push(fault("credentials", "a connection has one proof of who it is", help));
        }
        faults.extend(two("token_file", "token_env", &self.token_env, &self.token_file));
        faults.extend(paths(&self.items, &self.map));
        faults
    }
}

fn server_fault(server: &str) -> Option<Fault> {
    let rest = server.strip_prefix("nats://").or(server.strip_prefix("tls://"));
    match rest {
        Some(rest) if rest.contains('@') => Some(fault(
            "servers",
            "the address carries a name or a password",
            "Name the user with `user`, and the password's environment variable with `token_env`.",
        )),
        Some(rest) if !rest.is_empty() && !rest.contains(char::is_whitespace) => None,
        _ => Some(fault(
            "servers",
            format!("`{server}` is not a server of NATS"),
            "Write it as `nats://host:4222`, or `tls://host:4222` for a secure one.",
        )),
    }
}
