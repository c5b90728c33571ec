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

/// A service that calls this wall.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookTable {
    /// Address and port to listen on. Several feeds can share one. Default: `127.0.0.1:8470`.
    pub listen: Listen,
    /// Path that the service calls, for example `/hooks/shop`.
    pub path: String,
    /// How calls are authenticated: `github`, `x`, `stripe`, `websub` or `token`.
    pub profile: Option<Profile>,
    /// Name of the environment variable that contains the secret.
    pub secret_env: Option<String>,
    /// File that contains the secret. Relative to the layout file.
    pub secret_file: Option<PathBuf>,
    /// Name of the environment variable that contains the previous secret, which stays valid during
    /// a change.
    pub old_secret_env: Option<String>,
    /// File that contains the previous secret. Relative to the layout file.
    pub old_secret_file: Option<PathBuf>,
    /// Header with the signature, if a service uses one of these styles under a different name.
    pub header: Option<String>,
    /// Header with the id of a delivery. Default: `X-GitHub-Delivery` if it is sent.
    pub delivery_header: Option<String>,
    /// JSONPath of the records in a body. Default: the body is one record, a list, or one per line.
    pub items: Option<String>,
    /// Where to find the parts of a mention in a foreign record, as JSONPaths. Default: the records
    /// are canonical mentions.
    pub map: Option<FieldMap>,
    /// The hub to subscribe to, for `websub`. Default: none; the subscription is made elsewhere.
    pub hub: Option<String>,
    /// URL of the feed to subscribe to, for `websub`.
    pub topic: Option<String>,
    /// URL under which the hub reaches `path` from outside, for `websub`.
    pub public_url: Option<String>,
    /// How long each subscription lasts, for `websub`. Default: a week.
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
            ("hub", &self.hub, "the URL in the topic's `rel=\"hub\"` link"),
            ("topic", &self.topic, "the URL in the feed's `rel=\"self\"` link"),
            ("public_url", &self.public_url, "the URL under which the hub reaches this wall"),
        ];
        if self.profile != Some(Profile::Websub) {
            let stray = given.iter().filter(|(_, value, _)| value.is_some());
            faults.extend(stray.map(|(key, ..)| {
                fault(
                    key,
                    format!("`{key}` only works with `profile = \"websub\"`"),
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
                    format!("subscribing needs `{key}`"),
                    format!(
                        "It is {what}. Remove `hub` and `public_url` if the subscription is made elsewhere."
                    ),
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
                "" => "a webhook needs a `path`".to_owned(),
                path => format!("`{path}` is not a path"),
            };
            faults.push(fault("path", what, "It starts with a slash: `path = \"/hooks/shop\"`."));
        }
        if self.profile.is_none() {
            let help =
                "Set `profile` to `github`, `x`, `stripe`, `websub` or `token`: how calls are authenticated.";
            faults.push(fault("profile", "anyone could call this wall", help));
        }
        if self.secrets()[0].is_none() {
            let help = "Put the secret that the service signs with in an environment variable and name that \
                in `secret_env`, or in a file and name that in `secret_file`.";
            faults.push(fault("secret_env", "there is no secret to authenticate calls with", help));
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
