//! The table of a Mastodon feed.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::feed::kinds::faults::{fault, one_token, server_address};
use crate::layout::feed::{Fault, FeedKind};
use crate::mention::Network;

/// Most streams of one Mastodon feed; a cursor has room for so many.
pub const MAX_STREAMS: usize = 16;

/// Longest hashtag or id of a list, bytes.
const MAX_NAME: usize = 128;

/// A Mastodon server.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MastodonTable {
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

impl FeedKind for MastodonTable {
    fn silence(&self) -> Duration {
        // Server-sent events keep alive every 15 s, WebSockets every 30 s.
        match self.transport {
            Transport::Sse => Duration::from_secs(40),
            Transport::WebSocket => Duration::from_secs(75),
        }
    }

    fn networks(&self) -> &'static [Network] {
        &[Network::Mastodon]
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        match &self.url {
            None => faults.push(fault(
                "url",
                "the server is missing",
                "Every Mastodon server has its own timelines: `url = \"https://mastodon.example\"`.",
            )),
            Some(url) => faults.extend(server_address(url, &["http://", "https://"])),
        }
        faults.extend(one_token(
            &self.token_env,
            &self.token_file,
            "Mastodon (since 4.2) streams only to its own users. Create a token with the scope `read` under \
             Preferences → Development and name the environment variable that holds it: \
             `token_env = \"MASTODON_TOKEN\"`.",
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
