//! The table of a Reddit feed.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::{fault, too_often, web_address};
use crate::layout::feed::{Fault, FeedKind, Secret};
use crate::layout::value::Lasting;
use crate::mention::Network;

/// New posts and comments on Reddit.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RedditTable {
    /// URL of the service. Default: its own.
    pub url: Option<String>,
    /// URL that issues tokens. Default: Reddit's own.
    pub token_url: Option<String>,
    /// Who runs this wall: a Reddit user name, as Reddit requires of every client.
    pub contact: String,
    /// Name of the environment variable that contains the app's id.
    pub client_id_env: Option<String>,
    /// File that contains the app's id. Relative to the layout file.
    pub client_id_file: Option<PathBuf>,
    /// Name of the environment variable that contains the app's secret.
    pub client_secret_env: Option<String>,
    /// File that contains the app's secret. Relative to the layout file.
    pub client_secret_file: Option<PathBuf>,
    /// Subreddits to listen to, without `r/`.
    #[schemars(length(max = 100))]
    pub subreddits: Vec<String>,
    /// Words to search for (posts only), in the subreddits if any are listed, otherwise in all of
    /// Reddit.
    pub search: Option<String>,
    /// Whether comments in the subreddits become mentions. Default: `true`.
    pub comments: bool,
    /// Time between polls of each listing. Default: `15s`.
    pub every: Lasting,
}

impl Default for RedditTable {
    fn default() -> Self {
        Self {
            url: None,
            token_url: None,
            contact: String::new(),
            client_id_env: None,
            client_id_file: None,
            client_secret_env: None,
            client_secret_file: None,
            subreddits: Vec::new(),
            search: None,
            comments: true,
            every: Lasting::from_secs(15),
        }
    }
}

impl RedditTable {
    /// The id of the app.
    pub fn client_id(&self) -> Option<Secret> {
        Secret::of(&self.client_id_env, &self.client_id_file)
    }

    /// The secret of the app.
    pub fn client_secret(&self) -> Option<Secret> {
        Secret::of(&self.client_secret_env, &self.client_secret_file)
    }
}

impl FeedKind for RedditTable {
    fn silence(&self) -> Duration {
        (self.every.0 * 3).max(Duration::from_secs(300))
    }

    fn networks(&self) -> &'static [Network] {
        &[Network::Reddit]
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.client_id_file.iter_mut().chain(&mut self.client_secret_file).collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<_> = self.url.iter().filter_map(|url| web_address("url", url)).collect();
        faults.extend(self.token_url.iter().filter_map(|url| web_address("token_url", url)));
        faults.extend(too_often("every", self.every, 5));
        let wrong = |name: &&String| !is_subreddit(name);
        faults.extend(self.subreddits.iter().find(wrong).map(|name| {
            let help = "A subreddit's name has 2 to 21 letters, digits and `_`, without `r/`.";
            fault("subreddits", format!("`{name}` is not a subreddit"), help)
        }));
        faults.extend(self.missing());
        faults
    }
}

impl RedditTable {
    fn missing(&self) -> Vec<Fault> {
        let app = "Create an app of the type `script` or `web app` at Reddit to get an id and a secret.";
        let empty = self.subreddits.is_empty() && self.search.as_ref().is_none_or(|s| s.trim().is_empty());
        let name = self.contact.trim_start_matches("/u/").trim_start_matches("u/");
        let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
        [
            (
                empty,
                "subreddits",
                "there is nothing to listen to",
                "Name `subreddits`, or words to `search` for.",
            ),
            (!named, "contact", "Reddit requires a contact for this wall", "Write a Reddit user name."),
            (self.client_id().is_none(), "client_id_env", "the id of the app is missing", app),
            (self.client_secret().is_none(), "client_secret_env", "the secret of the app is missing", app),
        ]
        .into_iter()
        .filter(|(is_missing, ..)| *is_missing)
        .map(|(_, key, what, help)| fault(key, what, help))
        .collect()
    }
}

fn is_subreddit(name: &str) -> bool {
    (2..=21).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
