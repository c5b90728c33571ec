//! Social networks that want a token: Mastodon and X.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::x_rules;
use super::{Fault, Table};
use crate::layout::value::Lasting;
use crate::layout::wall::Topic;

/// Most streams of one Mastodon feed; a cursor has room for so many.
pub const MAX_STREAMS: usize = 16;
/// Longest hashtag or id of a list, bytes.
const MAX_NAME: usize = 128;
/// Most minutes of backfill that X gives.
const MAX_BACKFILL: u8 = 5;

/// A Mastodon server.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mastodon {
    /// URL of the server, for example `https://mastodon.example`.
    pub url: Option<String>,
    /// Name of the environment variable that contains the token of a user of this server.
    pub token_env: Option<String>,
    /// File that contains the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
    /// `sse`, with one connection per stream, or `websocket`, with one for all.
    pub transport: Transport,
    /// Timelines to listen to. Default: `["public"]` if there are no hashtags or lists.
    pub streams: Vec<Timeline>,
    /// Hashtags to listen to, with or without `#`.
    pub hashtags: Vec<String>,
    /// Ids of the user's lists to listen to.
    pub lists: Vec<String>,
    /// `false` leaves out accounts that are marked as bots.
    pub bots: Option<bool>,
}

/// How a Mastodon server is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    #[default]
    Sse,
    #[serde(rename = "websocket")]
    WebSocket,
}

/// A built-in timeline of a Mastodon server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Timeline {
    /// All public posts that the server knows.
    Public,
    /// Public posts by its own users.
    Local,
    /// Public posts from other servers.
    Remote,
    /// The token user's home timeline, public posts only.
    User,
}

impl Table for Mastodon {
    fn silence(&self) -> Duration {
        // Server-sent events keep alive every 15 s, WebSockets every 30 s.
        match self.transport {
            Transport::Sse => Duration::from_secs(40),
            Transport::WebSocket => Duration::from_secs(75),
        }
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        match &self.url {
            None => faults.push(fault(
                "url",
                "the server is missing".into(),
                "Every Mastodon server has its own timelines: `url = \"https://mastodon.example\"`.",
            )),
            Some(url) => faults.extend(address(url, &["http://", "https://"])),
        }
        faults.extend(token(
            &self.token_env,
            &self.token_file,
            "Mastodon (since 4.2) streams only to its \
            own users. Create a token with the scope `read` under Preferences → Development and name the \
            environment variable that holds it: `token_env = \"MASTODON_TOKEN\"`.",
        ));
        let all = self.streams.len() + self.hashtags.len() + self.lists.len();
        if all > MAX_STREAMS {
            let what = format!("{all} streams exceed the limit of {MAX_STREAMS} per feed");
            let key = if self.hashtags.is_empty() { "streams" } else { "hashtags" };
            faults.push(fault(key, what, "Add a second feed for the same server."));
        }
        let tags = self.hashtags.iter().filter(|tag| !is_tag(tag));
        faults.extend(tags.map(|tag| {
            let help = "A hashtag is one word of letters, digits and `_`.";
            fault("hashtags", format!("`{tag}` is not a hashtag"), help)
        }));
        let lists = self.lists.iter().filter(|id| !is_id(id));
        faults.extend(lists.map(|id| {
            let help = "The id is in the list's URL: `…/lists/12` is \"12\".";
            fault("lists", format!("`{id}` is not the id of a list"), help)
        }));
        faults
    }
}

fn is_tag(tag: &str) -> bool {
    let tag = tag.strip_prefix('#').unwrap_or(tag);
    let fit = (1..=MAX_NAME).contains(&tag.len());
    // Marks belong to letters of many scripts.
    fit && !tag.chars().any(|c| c.is_whitespace() || c.is_control() || (c.is_ascii_punctuation() && c != '_'))
}

fn is_id(id: &str) -> bool {
    (1..=MAX_NAME).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// X, through its API v2.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct X {
    /// A URL other than X's own `https://api.x.com`, for a proxy.
    pub url: Option<String>,
    /// Name of the environment variable that contains the app's bearer token.
    pub token_env: Option<String>,
    /// File that contains the token. Relative to the layout file.
    pub token_file: Option<PathBuf>,
    /// `stream` receives posts as they are made (filtered stream); `recent` polls for them every
    /// `interval` (recent search).
    pub mode: XMode,
    /// Rules in X's own operators. Default: the layout's topics, translated.
    pub rules: Vec<String>,
    /// Added to every rule, in X's own operators: `-is:retweet lang:en`.
    pub narrow: Option<String>,
    /// `false` leaves the app's rules as they are and accepts whatever they bring.
    pub sync_rules: bool,
    /// Minutes that X repeats after a gap, 1 to 5, if the plan includes it (Enterprise). Default:
    /// none.
    #[schemars(range(min = 0, max = 5))]
    pub backfill_minutes: u8,
    /// Fetch what the stream missed during a gap through recent search.
    pub recover: bool,
    /// Time between polls in `recent` mode.
    pub interval: Lasting,
    /// Posts that may be read per day (UTC); each one costs money. The feed pauses when they are
    /// used up.
    #[schemars(range(min = 1))]
    pub max_posts_per_day: u64,
    /// The layout's topics by name and query, filled in when the layout is solved.
    #[serde(skip)]
    #[schemars(skip)]
    pub topics: Vec<(String, String)>,
}

/// How X is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum XMode {
    #[default]
    Stream,
    Recent,
}

impl Default for X {
    fn default() -> Self {
        Self {
            url: None,
            token_env: None,
            token_file: None,
            mode: XMode::Stream,
            rules: Vec::new(),
            narrow: None,
            sync_rules: true,
            backfill_minutes: 0,
            recover: true,
            interval: Lasting::from_secs(60),
            max_posts_per_day: 10_000,
            topics: Vec::new(),
        }
    }
}

impl X {
    /// What X is asked for: each a tag and a rule of at most `longest` characters.
    ///
    /// # Errors
    /// The topic that X cannot be asked for, and why.
    pub fn asked(&self, longest: usize) -> Result<Vec<(String, String)>, String> {
        let narrow = self.narrow.as_deref().unwrap_or_default();
        if !self.rules.is_empty() {
            return self.rules.iter().enumerate().map(|(i, rule)| own(i, rule, longest)).collect();
        }
        let mut asked = Vec::new();
        for (name, query) in &self.topics {
            let rules = x_rules::translate(query, narrow, longest);
            let rules = rules.map_err(|why| format!("topic `{name}` cannot be translated for X: {why}"))?;
            asked.extend(rules.into_iter().map(|rule| (name.clone(), rule)));
        }
        Ok(asked)
    }

    /// Longest rule or query of this mode, characters.
    pub fn longest(&self) -> usize {
        match self.mode {
            XMode::Stream => x_rules::MAX_RULE,
            XMode::Recent => x_rules::MAX_SEARCH,
        }
    }
}

fn own(i: usize, rule: &str, longest: usize) -> Result<(String, String), String> {
    let (rule, length) = (rule.trim(), rule.trim().chars().count());
    if length == 0 || length > longest {
        return Err(format!("rule {} has {length} characters; X allows 1 to {longest}", i + 1));
    }
    Ok((format!("rule {}", i + 1), rule.into()))
}

impl Table for X {
    fn silence(&self) -> Duration {
        match self.mode {
            XMode::Stream => Duration::from_secs(60),
            XMode::Recent => self.interval.0.saturating_mul(3),
        }
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }

    fn listen_to(&mut self, topics: &[Topic]) {
        self.topics = topics.iter().map(|topic| (topic.name.clone(), topic.query.clone())).collect();
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        faults.extend(self.url.iter().filter_map(|url| address(url, &["http://", "https://"])));
        faults.extend(token(
            &self.token_env,
            &self.token_file,
            "X requires the bearer token of an app \
            (console.x.com). Name the environment variable that holds it: `token_env = \"X_TOKEN\"`.",
        ));
        if self.backfill_minutes > MAX_BACKFILL {
            let what = format!("X repeats at most {MAX_BACKFILL} minutes");
            faults.push(fault("backfill_minutes", what, "For longer gaps, use `recover = true`."));
        }
        if self.interval < Lasting::from_secs(2) {
            let what = "X allows 450 searches in 15 minutes, one every 2 seconds".into();
            faults.push(fault("interval", what, "Use at least \"2s\"; \"60s\" is usual."));
        }
        let asks = self.mode == XMode::Recent || self.sync_rules;
        match self.asked(self.longest()) {
            Err(what) if asks => faults.push(fault(
                "rules",
                what,
                "Rephrase the topic, or write the rules \
                yourself in X's own operators: `rules = [\"aurora phone -is:retweet\"]`.",
            )),
            Ok(asked) if asks && asked.is_empty() => faults.push(fault(
                "rules",
                "there is no topic to ask X for".into(),
                "Add a `[topic.…]`, or `rules` in X's own operators.",
            )),
            Ok(asked) if asked.len() > x_rules::MAX_RULES => faults.push(fault(
                "rules",
                format!("these are {} rules; X allows {}", asked.len(), x_rules::MAX_RULES),
                "Combine some of them with OR.",
            )),
            _ => {}
        }
        faults
    }
}

fn fault(key: &'static str, what: String, help: &str) -> Fault {
    Fault { key, what, help: help.into() }
}

/// What is wrong with an address.
fn address(url: &str, schemes: &[&str]) -> Option<Fault> {
    let rest = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let bare = host.is_none_or(|host| host.is_empty() || host.starts_with(':'));
    if bare || url.contains(char::is_whitespace) || url.contains(['?', '#']) {
        let help = "Write just the server: `https://mastodon.example`.";
        return Some(fault("url", format!("`{url}` is not a server URL"), help));
    }
    host.filter(|host| host.contains('@')).map(|_| {
        let what = "the URL contains a user name and password".into();
        fault("url", what, "Put the token in an environment variable and name that in `token_env`.")
    })
}

/// A token must be named once.
fn token(env: &Option<String>, file: &Option<PathBuf>, help: &str) -> Option<Fault> {
    match (env, file) {
        (None, None) => Some(fault("token_env", "this feed has no token".into(), help)),
        (Some(_), Some(_)) => {
            Some(fault("token_file", "a feed has only one token".into(), "Keep `token_env` or `token_file`."))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(table: &impl Table) -> String {
        table
            .faults()
            .into_iter()
            .map(|fault| format!("{}: {}", fault.key, fault.what))
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn with_token() -> Mastodon {
        Mastodon {
            url: Some("https://mastodon.example".into()),
            token_env: Some("TOKEN".into()),
            ..Mastodon::default()
        }
    }

    #[test]
    fn a_mastodon_feed_needs_a_server_and_one_token() {
        assert_eq!(whats(&with_token()), "");
        assert_eq!(
            whats(&Mastodon::default()),
            "url: the server is missing\ntoken_env: this feed has no token"
        );
        let twice = Mastodon { token_file: Some("t".into()), ..with_token() };
        assert_eq!(whats(&twice), "token_file: a feed has only one token");
        let bare = Mastodon { url: Some("mastodon.example".into()), ..with_token() };
        assert_eq!(whats(&bare), "url: `mastodon.example` is not a server URL");
    }

    #[test]
    fn streams_that_cannot_be_are_told() {
        let hashtags = ["#ok", "電池", "two words", "a/b"].map(String::from).to_vec();
        let wrong = Mastodon { hashtags, lists: vec!["12".into(), "../me".into()], ..with_token() };
        assert_eq!(
            whats(&wrong),
            "hashtags: `two words` is not a hashtag\nhashtags: `a/b` is not a hashtag\nlists: `../me` is not the id of a list"
        );
        let many = Mastodon { hashtags: vec!["a".into(); 17], ..with_token() };
        assert_eq!(whats(&many), "hashtags: 17 streams exceed the limit of 16 per feed");
    }

    #[test]
    fn x_is_asked_for_the_topics_or_for_rules_of_its_own() {
        let x = X { token_env: Some("X".into()), ..X::default() };
        assert_eq!(whats(&x), "rules: there is no topic to ask X for");
        let topics = vec![("a".into(), "aurora NOT borealis".into()), ("b".into(), "auro*".into())];
        let translated = X { topics, ..x.clone() };
        assert_eq!(
            whats(&translated),
            "rules: topic `b` cannot be translated for X: X matches only whole words, not `auro*`"
        );
        let own = X { rules: vec!["from:acme".into()], ..translated };
        assert_eq!(own.asked(1_024), Ok(vec![("rule 1".into(), "from:acme".into())]));
        assert_eq!(whats(&own), "");
    }
}
