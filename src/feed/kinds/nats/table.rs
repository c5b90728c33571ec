//! The table of a NATS JetStream feed.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::{DAY, fault, paths, two};
use crate::layout::feed::{Fault, FeedKind, Secret};
use crate::layout::value::Lasting;
use crate::layout::wall::FieldMap;

/// A NATS JetStream stream.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NatsTable {
    /// The servers of the cluster, `nats://host:4222` or `tls://host:4222`. No secrets here.
    pub servers: Vec<String>,
    /// Name of the stream.
    pub stream: String,
    /// Name of the durable consumer, created if missing. Each wall needs its own: two that share
    /// one get half of the messages each.
    pub consumer: String,
    /// The subjects to read, for example `mentions.>`. Default: the whole stream.
    pub subject: Option<String>,
    /// How far back a new consumer starts, at most `30d`.
    pub history: Lasting,
    /// User name; the token is the password.
    pub user: Option<String>,
    /// Name of the environment variable that holds the token.
    pub token_env: Option<String>,
    /// File that contains the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
    /// Credentials file (JWT and seed, `.creds`). Relative to the layout file.
    pub credentials: Option<PathBuf>,
    /// PEM certificate of the authority that signed the servers' certificates. Default: the
    /// system's authorities.
    pub ca_file: Option<PathBuf>,
    /// JSONPath of the records in a message. Default: the message is one record, a list, or one per
    /// line.
    pub items: Option<String>,
    /// Where to find the parts of a mention in a foreign record, as JSONPaths. Default: the records
    /// are canonical mentions.
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
                "List one or more servers of the cluster: `servers = [\"nats://bus.example.org:4222\"]`.";
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
            faults.push(fault("history", "that is more than 30 days", "The wall itself shows 24 hours."));
        }
        if self.user.is_some() && self.token().is_none() {
            let help =
                "Name the password's environment variable in `token_env`, or its file in `token_file`.";
            faults.push(fault("user", "the user needs a password", help));
        }
        if let (Some(_), Some(_)) = (&self.credentials, self.token()) {
            let help = "Keep `credentials`, or the token.";
            faults.push(fault("credentials", "a connection uses only one way to authenticate", help));
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
            "the URL contains a user name or password",
            "Put the user in `user`, and name the password's environment variable in `token_env`.",
        )),
        Some(rest) if !rest.is_empty() && !rest.contains(char::is_whitespace) => None,
        _ => Some(fault(
            "servers",
            format!("`{server}` is not a NATS server"),
            "Write `nats://host:4222`, or `tls://host:4222` for a secure connection.",
        )),
    }
}
