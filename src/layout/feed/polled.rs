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
    /// Where the feed is.
    pub url: Option<String>,
    /// The same for several feeds that count as one, at most 64.
    pub urls: Vec<String>,
    /// How often each is asked; longer where its publisher asks for that. Left out: 5 minutes.
    pub every: Lasting,
    /// What its mentions are: `news`, `blog`, `forum` or `video`.
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
                "a news feed needs an address",
                "Write `url = \"https://…\"`, or `urls = [\"https://…\", \"https://…\"]`.",
            )),
            1..=MAX_URLS => {}
            many => faults.push(fault(
                "urls",
                format!("{many} addresses are more than the {MAX_URLS} that one feed has"),
                "Spread them over several `[feed.…]`.",
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
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// How often it is asked for what is new. Left out: 30 seconds.
    pub every: Lasting,
    /// What becomes a mention. Left out: stories, comments, jobs and polls.
    pub kinds: Vec<HackerKind>,
    /// Most items of the past that are fetched at the first start and after a gap; what lies
    /// before them is passed over. Left out: 500, which is about an hour.
    #[schemars(range(max = 10_000))]
    pub backfill: u32,
}

/// A kind of item of Hacker News.
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
                "nothing is to become a mention",
                "Leave `kinds` out for all of them.",
            ));
        }
        faults
    }
}

/// News of the world by the GDELT DOC API.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Gdelt {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// What to look for, in GDELT's own words: `"aurora phone" sourcelang:english`.
    pub query: String,
    /// How often it is asked. GDELT has news every 15 minutes, which is also what it is when left
    /// out.
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
                "GDELT has to be told what to look for",
                "Write for example `query = '\"aurora phone\"'`; words of one or two letters are refused.",
            ));
        }
        faults
    }
}

/// New posts and comments of Reddit.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Reddit {
    /// Where the service is. Left out: its own address.
    pub url: Option<String>,
    /// Where tokens are to be had. Left out: Reddit's own address.
    pub token_url: Option<String>,
    /// Who runs this wall: a Reddit user name, as Reddit demands of every program.
    pub contact: String,
    /// Name of the environment variable that holds the id of the app.
    pub client_id_env: Option<String>,
    /// File that holds the id of the app. Relative to the layout file.
    pub client_id_file: Option<PathBuf>,
    /// Name of the environment variable that holds the secret of the app.
    pub client_secret_env: Option<String>,
    /// File that holds the secret of the app. Relative to the layout file.
    pub client_secret_file: Option<PathBuf>,
    /// Subreddits to listen to, without `r/`.
    #[schemars(length(max = 100))]
    pub subreddits: Vec<String>,
    /// Words to search all of Reddit for (posts only), or the subreddits where there are some.
    pub search: Option<String>,
    /// Whether comments in the subreddits become mentions. Left out: yes.
    pub comments: bool,
    /// How often each listing is asked for. Left out: 15 seconds.
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
        let app = "Reddit gives an id and a secret to an app of the type `script` or `web app`.";
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
            (
                !named,
                "contact",
                "Reddit wants to know who runs this wall",
                "Write the name of a Reddit user.",
            ),
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
    let what = format!("`{url}` is not the address of a feed");
    (bare && !secret).then(|| fault(key, what, "Write it whole: `https://example.org/feed.xml`.")).or_else(
        || {
            let help = "A layout holds no secrets.";
            secret.then(|| fault(key, "the address carries a name and a password", help))
        },
    )
}

fn too_often(key: &'static str, every: Lasting, least_s: u64) -> Option<Fault> {
    (every < Lasting::from_secs(least_s)).then(|| {
        let what = "that is more often than the service may be asked";
        fault(key, what, format!("At least \"{least_s}s\"."))
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
