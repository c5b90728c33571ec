//! The table of a Meltwater feed.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::fault;
use crate::feed::kinds::suites::faults::{address, token};
use crate::feed::transport::listen_address::Listen;
use crate::layout::feed::{Fault, FeedKind};
use crate::layout::value::Lasting;

/// A day has 50 searches.
const SHORTEST: Lasting = Lasting::from_secs(1_800);

/// Documents from Meltwater, pushed to this wall or found by a saved search.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MeltwaterTable {
    /// Address and port on which Meltwater calls this wall (`"127.0.0.1:8470"`). Default: none; the
    /// wall searches every half hour instead.
    pub listen: Option<Listen>,
    /// Path that it calls, followed by a slash and the secret. Default: `/meltwater`.
    pub path: Option<String>,
    /// Name of the environment variable that contains the secret end of the path.
    pub secret_env: Option<String>,
    /// File that contains the secret end of the path. Relative to the layout file.
    pub secret_file: Option<PathBuf>,
    /// URL under which Meltwater reaches `path` from outside, without the secret. With this and
    /// `search`, the wall registers its hook itself.
    pub public_url: Option<String>,
    /// Number of the saved search.
    pub search: Option<u64>,
    /// URL of the API. Default: `https://api.meltwater.com`.
    pub url: Option<String>,
    /// Name of the environment variable that contains the API token.
    pub token_env: Option<String>,
    /// File that contains the API token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
    /// Time between searches on a wall without `listen`, at least `"30m"`: an account has 50 searches
    /// per day.
    pub interval: Lasting,
    /// How far back to go in the first search, at most `"7d"`. Every document counts towards the
    /// monthly allowance.
    pub history: Lasting,
}

impl Default for MeltwaterTable {
    fn default() -> Self {
        Self {
            listen: None,
            path: None,
            secret_env: None,
            secret_file: None,
            public_url: None,
            search: None,
            url: None,
            token_env: None,
            token_file: None,
            interval: SHORTEST,
            history: Lasting::from_secs(86_400),
        }
    }
}

impl MeltwaterTable {
    /// The path on which it is called, without the secret.
    pub fn path(&self) -> &str {
        self.path.as_deref().unwrap_or("/meltwater")
    }

    /// Rest between two searches.
    pub fn rest(&self) -> Duration {
        self.interval.0
    }

    /// Whether what was missed can be searched for.
    pub fn can_search(&self) -> bool {
        self.search.is_some() && (self.token_env.is_some() || self.token_file.is_some())
    }

    fn door_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let secret = self.secret_env.is_some() || self.secret_file.is_some();
        if self.listen.is_some() && !secret {
            let help = "Put a long random word in an environment variable and name that in `secret_env`, or \
                in a file and name that in `secret_file`.";
            faults.push(fault("secret_env", "anyone could call this wall", help));
        }
        if self.secret_env.is_some() && self.secret_file.is_some() {
            faults.push(fault("secret_file", "there are two secrets", "Keep `secret_env` or `secret_file`."));
        }
        let path = self.path();
        if !path.starts_with('/')
            || path.len() < 2
            || path.contains(|c: char| !c.is_ascii_graphic() || "?#".contains(c))
        {
            let help = "It starts with a slash: `path = \"/meltwater\"`.";
            faults.push(fault("path", format!("`{path}` is not a path"), help));
        }
        if self.public_url.is_some() && self.listen.is_none() {
            faults.push(fault(
                "public_url",
                "`public_url` only works together with `listen`",
                "Set `listen`, or remove `public_url`.",
            ));
        }
        faults
    }

    fn search_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let needed = self.listen.is_none() || self.public_url.is_some();
        if needed && self.search.is_none() {
            let help = "`GET /v3/searches` lists the saved searches; or set `listen` to have Meltwater push.";
            faults.push(fault("search", "`search` is missing", help));
        }
        let named = self.token_env.is_some() || self.token_file.is_some();
        if needed || named || self.search.is_some() {
            faults.extend(token(&self.token_env, &self.token_file, "the API token"));
        }
        if self.interval < SHORTEST {
            faults.push(fault("interval", "Meltwater allows 50 searches a day", "Use \"30m\" or longer."));
        }
        if self.history > Lasting::from_secs(7 * 86_400) {
            let help = "The wall itself shows 24 hours.";
            faults.push(fault("history", "the first search can go back at most 7 days", help));
        }
        faults
    }
}

impl FeedKind for MeltwaterTable {
    fn silence(&self) -> Duration {
        match self.listen {
            Some(_) => Duration::from_secs(3_600),
            None => self.interval.0 * 3,
        }
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().chain(&mut self.secret_file).collect()
    }

    fn door(&self) -> Option<(SocketAddr, &str)> {
        Some((self.listen?.0, self.path()))
    }

    fn faults(&self) -> Vec<Fault> {
        let addresses = [address("url", &self.url), address("public_url", &self.public_url)];
        let mut faults = self.door_faults();
        faults.extend(addresses.into_iter().flatten());
        faults.extend(self.search_faults());
        faults
    }
}
