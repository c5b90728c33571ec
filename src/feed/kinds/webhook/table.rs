//! The table of a webhook.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::{fault, is_web, paths, two};
use crate::feed::transport::listen_address::Listen;
use crate::feed::transport::signature::Profile;
use crate::layout::feed::{Fault, FeedKind, Secret};
use crate::layout::value::Lasting;
use crate::layout::wall::FieldMap;

/// A service that calls us.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookTable {
    /// Address and port on which this wall is called, `127.0.0.1:8470` when left out. Several
    /// feeds may share one.
    pub listen: Listen,
    /// Path on which it is called, for example `/hooks/shop`.
    pub path: String,
    /// How a call proves that it is genuine: `github`, `x`, `stripe`, `websub` or `token`.
    pub profile: Option<Profile>,
    /// Name of the environment variable that holds the secret.
    pub secret_env: Option<String>,
    /// File that holds the secret. Relative to the layout file.
    pub secret_file: Option<PathBuf>,
    /// Name of the environment variable that holds the secret before this one, which is good as
    /// well while it is being exchanged.
    pub old_secret_env: Option<String>,
    /// File that holds the secret before this one. Relative to the layout file.
    pub old_secret_file: Option<PathBuf>,
    /// The header that holds the signature, where a service signs in one of these styles under a
    /// name of its own.
    pub header: Option<String>,
    /// The header that holds the id of a delivery. Left out: `X-GitHub-Delivery` where it is sent.
    pub delivery_header: Option<String>,
    /// JSONPath of the records in a body. Left out: the body is one, a list of them, or one a line.
    pub items: Option<String>,
    /// Where the parts of a mention stand in a foreign record, as JSONPath. Left out: the records
    /// are mentions already.
    pub map: Option<FieldMap>,
    /// The hub to subscribe at, for `websub`. Left out: somebody else subscribes.
    pub hub: Option<String>,
    /// The feed to subscribe to, for `websub`.
    pub topic: Option<String>,
    /// The address under which the hub reaches `path` from outside, for `websub`.
    pub public_url: Option<String>,
    /// For how long to subscribe at a time, for `websub`. Left out: a week.
    pub lease: Option<Lasting>,
}

impl WebhookTable {
    /// The secret, and the one before it.
    pub fn secrets(&self) -> [Option<Secret>; 2] {
        let old = Secret::of(&self.old_secret_env, &self.old_secret_file);
        [Secret::of(&self.secret_env, &self.secret_file), old]
    }

    fn subscription(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let given = [
            ("hub", &self.hub, "the address of the hub that the topic names in its `rel=\"hub\"` link"),
            ("topic", &self.topic, "the address of the feed, as its `rel=\"self\"` link has it"),
            ("public_url", &self.public_url, "the address under which the hub reaches this wall"),
        ];
        if self.profile != Some(Profile::Websub) {
            let stray = given.iter().filter(|(_, value, _)| value.is_some());
            faults.extend(stray.map(|(key, ..)| {
                fault(
                    key,
                    format!("`{key}` is for `profile = \"websub\"`"),
                    "Remove it, or change the profile.",
                )
            }));
            return faults;
        }
        let wanted = self.hub.is_some() || self.public_url.is_some();
        for (key, value, what) in given {
            match value {
                None if wanted => faults.push(fault(
                    key,
                    format!("to subscribe takes `{key}`"),
                    format!("It is {what}. Leave out `hub` and `public_url` when somebody else subscribes."),
                )),
                Some(url) if !is_web(url) => {
                    faults.push(fault(key, format!("`{url}` is not an address"), format!("It is {what}.")));
                }
                _ => {}
            }
        }
        faults
    }
}

impl FeedKind for WebhookTable {
    fn silence(&self) -> Duration {
        Duration::from_secs(3600)
    }

    fn map(&self) -> Option<&FieldMap> {
        self.map.as_ref()
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.secret_file.iter_mut().chain(&mut self.old_secret_file).collect()
    }

    fn door(&self) -> Option<(SocketAddr, &str)> {
        Some((self.listen.0, &self.path))
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !is_path(&self.path) {
            let what = match self.path.as_str() {
                "" => "a webhook takes a `path`".to_owned(),
                path => format!("`{path}` is not a path"),
            };
            faults.push(fault("path", what, "Write it with a leading slash: `path = \"/hooks/shop\"`."));
        }
        if self.profile.is_none() {
            let help = "Set `profile` to `github`, `x`, `stripe`, `websub` or `token`: it says how a call proves that it is genuine.";
            faults.push(fault("profile", "anybody could call this wall", help));
        }
        if self.secrets()[0].is_none() {
            let help = "Put the secret that the service signs with into an environment variable and name it with `secret_env`, or into a file and name it with `secret_file`.";
            faults.push(fault("secret_env", "there is no secret to know genuine calls by", help));
        }
        faults.extend(two("secret_file", "secret_env", &self.secret_env, &self.secret_file));
        faults.extend(two("old_secret_file", "old_secret_env", &self.old_secret_env, &self.old_secret_file));
        faults.extend(self.subscription());
        faults.extend(paths(&self.items, &self.map));
        faults
    }
}

/// A path of a URL that needs no escapes.
fn is_path(path: &str) -> bool {
    let fit = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    path.starts_with('/') && path.len() <= 512 && path.bytes().all(fit) && !path.contains("//")
}
