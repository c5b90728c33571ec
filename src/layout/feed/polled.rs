//! Sources that are asked again and again.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Fault, Secret, Table};
use crate::layout::value::Lasting;
use crate::mention::Network;

/// Most addresses of one news feed.
const MAX_URLS: usize = 64;

/// A news feed: RSS, Atom or JSON Feed.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rss {
    /// URL of the feed.
    pub url: Option<String>,
    /// Several URLs that count as one feed, at most 64.
    pub urls: Vec<String>,
    /// Time between polls; longer if the publisher asks for it. Default: `5m`.
    pub every: Lasting,
    /// What its mentions count as: `news`, `blog`, `forum` or `video`.
    pub network: Press,
}

/// What a news feed carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Press {
    #[default]
    News,
    Blog,
    Forum,
    Video,
}

impl Press {
    /// As mentions name it.
    pub fn network(self) -> Network {
        match self {
            Self::News => Network::News,
            Self::Blog => Network::Blog,
            Self::Forum => Network::Forum,
            Self::Video => Network::Video,
        }
    }
}

impl Default for Rss {
    fn default() -> Self {
        Self { url: None, urls: Vec::new(), every: Lasting::from_secs(300), network: Press::News }
    }
}

impl Rss {
    /// All of its addresses.
    pub fn addresses(&self) -> Vec<&str> {
        self.url.iter().chain(&self.urls).map(String::as_str).collect()
    }
}

impl Table for Rss {
    fn silence(&self) -> Duration {
        (self.every.0 * 3).max(Duration::from_secs(3_600))
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<_> = self.url.iter().filter_map(|url| address("url", url)).collect();
        faults.extend(self.urls.iter().find_map(|url| address("urls", url)));
        match self.addresses().len() {
            0 => faults.push(fault(
                "url",
                "a news feed needs a URL",
                "Write `url = \"https://…\"`, or `urls = [\"https://…\", \"https://…\"]`.",
            )),
            1..=MAX_URLS => {}
            many => faults.push(fault(
                "urls",
                format!("{many} URLs exceed the limit of {MAX_URLS} per feed"),
                "Split them over several `[feed.…]`.",
            )),
        }
        faults.extend(too_often("every", self.every, 60));
        faults
    }
}

/// Hacker News.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HackerNews {
    /// URL of the service. Default: its own.
    pub url: Option<String>,
    /// Time between polls. Default: `30s`.
    pub every: Lasting,
    /// What becomes a mention. Default: stories, comments, jobs and polls.
    pub kinds: Vec<HackerKind>,
    /// Maximum number of past items to fetch at the first start and after a gap; older ones are
    /// skipped. Default: 500, about an hour.
    #[schemars(range(max = 10_000))]
    pub backfill: u32,
}

/// A kind of Hacker News item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HackerKind {
    Story,
    Comment,
    Job,
    Poll,
}

impl Default for HackerNews {
    fn default() -> Self {
        use HackerKind::*;
        let kinds = vec![Story, Comment, Job, Poll];
        Self { url: None, every: Lasting::from_secs(30), kinds, backfill: 500 }
    }
}

impl Table for HackerNews {
    fn silence(&self) -> Duration {
        (self.every.0 * 3).max(Duration::from_secs(300))
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<_> = self.url.iter().filter_map(|url| address("url", url)).collect();
        faults.extend(too_often("every", self.every, 5));
        if self.kinds.is_empty() {
            faults.push(fault(
                "kinds",
                "no kind of item would become a mention",
                "Remove `kinds` for all of them.",
            ));
        }
        faults
    }
}

/// World news through the GDELT DOC API.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Gdelt {
    /// URL of the service. Default: its own.
    pub url: Option<String>,
    /// What to look for, in GDELT's query language: `"aurora phone" sourcelang:english`.
    pub query: String,
    /// Time between polls. Default: `15m`, as often as GDELT is updated.
    pub every: Lasting,
}

impl Default for Gdelt {
    fn default() -> Self {
        Self { url: None, query: String::new(), every: Lasting::from_secs(900) }
    }
}

impl Table for Gdelt {
    fn silence(&self) -> Duration {
        self.every.0 * 3
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<_> = self.url.iter().filter_map(|url| address("url", url)).collect();
        faults.extend(too_often("every", self.every, 60));
        if self.query.trim().len() < 3 {
            faults.push(fault(
                "query",
                "GDELT needs a query",
                "Write for example `query = '\"aurora phone\"'`; GDELT rejects words of one or two letters.",
            ));
        }
        faults
    }
}

/// New posts and comments on Reddit.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Reddit {
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

impl Default for Reddit {
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

impl Reddit {
    /// The id of the app.
    pub fn client_id(&self) -> Option<Secret> {
        Secret::of(&self.client_id_env, &self.client_id_file)
    }

    /// The secret of the app.
    pub fn client_secret(&self) -> Option<Secret> {
        Secret::of(&self.client_secret_env, &self.client_secret_file)
    }
}

impl Table for Reddit {
    fn silence(&self) -> Duration {
        (self.every.0 * 3).max(Duration::from_secs(300))
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.client_id_file.iter_mut().chain(&mut self.client_secret_file).collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<_> = self.url.iter().filter_map(|url| address("url", url)).collect();
        faults.extend(self.token_url.iter().filter_map(|url| address("token_url", url)));
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

impl Reddit {
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

fn fault(key: &'static str, what: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { key, what: what.into(), help: help.into() }
}

/// What is wrong with an address.
fn address(key: &'static str, url: &str) -> Option<Fault> {
    let lower = url.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or(lower.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let bare = host.is_empty() || host.starts_with(':') || url.contains(char::is_whitespace);
    let secret = host.contains('@');
    let what = format!("`{url}` is not a feed URL");
    (bare && !secret)
        .then(|| fault(key, what, "Write the full URL: `https://example.org/feed.xml`."))
        .or_else(|| {
            let help = "Secrets do not belong in a layout.";
            secret.then(|| fault(key, "the URL contains a user name and password", help))
        })
}

fn too_often(key: &'static str, every: Lasting, least_s: u64) -> Option<Fault> {
    (every < Lasting::from_secs(least_s)).then(|| {
        let what = "that is more often than the service allows";
        fault(key, what, format!("Use at least \"{least_s}s\"."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(table: &impl Table) -> Vec<&'static str> {
        table.faults().iter().map(|fault| fault.key).collect()
    }

    #[test]
    fn what_a_service_needs_is_asked_for() {
        assert_eq!(keys(&Rss::default()), ["url"]);
        assert_eq!(keys(&HackerNews::default()), [""; 0]);
        assert_eq!(keys(&Gdelt::default()), ["query"]);
        let missing = ["subreddits", "contact", "client_id_env", "client_secret_env"];
        assert_eq!(keys(&Reddit::default()), missing);
    }

    #[test]
    fn wrong_values_are_told_at_their_keys() {
        let urls = vec!["https://a.example/feed".to_owned(), "a.example".into()];
        assert_eq!(keys(&Rss { urls, every: Lasting::from_secs(5), ..Rss::default() }), ["urls", "every"]);
        let many = vec!["https://a.example/feed".to_owned(); 65];
        assert_eq!(keys(&Rss { urls: many, ..Rss::default() }), ["urls"]);
        let login = Rss { url: Some("https://ana:s3cret@a.example/".into()), ..Rss::default() };
        assert!(login.faults().iter().all(|fault| !fault.what.contains("s3cret")));
        assert_eq!(keys(&login), ["url"]);
        let whole = Reddit {
            contact: "u/acme_wall".into(),
            client_id_env: Some("ID".into()),
            client_secret_file: Some("secret".into()),
            subreddits: vec!["r/acme".into()],
            ..Reddit::default()
        };
        assert_eq!(keys(&whole), ["subreddits"]);
    }
}
